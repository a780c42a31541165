"""Cases at the limits of a policy that no case touches yet, with what the policy answers now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import NO_SETTINGS, Evaluation
from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import Path, parse_path
from engine.language.decision import Decision
from engine.language.types import Boolean, Date, Integer, MomentType, MoneyType, Words
from engine.language.values import Value
from engine.testing.conditions import Conditions, Place
from engine.testing.thresholds import Side, Threshold, Use, uses
from engine.testing.variations import Json, Start, data_of, decided, said, set_fact, variations
from engine.values.money import Money
from engine.values.postal_codes import CODE, COUNTRY, formats
from engine.values.zones import zone


@dataclass(frozen=True)
class Suggestion:
    """A case that touches a threshold. `decision` is the policy's present answer."""

    name: str
    says: str
    start: Start
    decision: Decision
    threshold: Threshold


class Boundaries:
    """Finds cases at the thresholds of one program, starting from cases that there are."""

    def __init__(self, program: c.Program, starts: Iterable[Start], others: Boundaries | None = None) -> None:
        """`others` are those of another market of the same policy: what is touched there is touched."""
        self.program = program
        self.conditions = Conditions(program)
        self.starts = [one for one in starts if one.ask in program.decisions]
        self.touched: set[tuple[Place, Side]] = set() if others is None else others.touched
        self.names: set[str] = set() if others is None else others.names
        self.wanted: dict[tuple[Place, Side], Threshold] = {}
        self._near: dict[Place, list[tuple[Start, Use]]] = {}

    def suggestions(self) -> Iterator[Suggestion]:
        """One case for each side of a threshold that no case touches, if one can be found."""
        self.look()
        for key in sorted(self.wanted, key=lambda one: (one[0], one[1])):
            if key not in self.touched:
                found = self._find(self.wanted[key], self.names)
                if found is not None:
                    self.names.add(found.name)
                    yield found

    def look(self) -> None:
        """Note what the cases touch, and what they could touch; once is enough."""
        starts, self.starts = self.starts, []
        for start in starts:
            for use in uses(start.judged(self.program), self.conditions):
                self._note(start, use)

    def _note(self, start: Start, use: Use) -> None:
        if not start.made_up:
            self.touched.update(use.touched())
        for threshold in use.thresholds():
            self.wanted.setdefault(threshold.key, threshold)
            near = self._near.setdefault(threshold.place, [])
            if not near or near[-1][0] is not start:
                near.append((start, use))

    def _find(self, threshold: Threshold, names: set[str]) -> Suggestion | None:
        for start, use in self._near[threshold.place][:_MAX_STARTS]:
            for words, one in self._tries(threshold, start, use):
                if not self._touches(one, threshold):
                    continue
                decision = decided(self.program, one)
                if decision is not None:
                    self._all_touched(one)
                    says = f"{_words(threshold)[1]} `{' '.join(threshold.span.text.split())}`: {words}"
                    return Suggestion(_free(_name(threshold), names), says, one, decision, threshold)
        return None

    def _tries(self, threshold: Threshold, start: Start, use: Use) -> Iterator[tuple[str, Start]]:
        for base in self._over_clock_changes(start, use) if threshold.side == "clock_change" else (start,):
            for path, value, one in variations(self.program, base, use.facts):
                yield said(path, data_of(self.program, path, value), one.document), one

    def _over_clock_changes(self, start: Start, use: Use) -> Iterator[Start]:
        """The case moved so that the clocks change shortly after each of its moments."""
        case = start.decoded(self.program)
        where = zone(self.program.timezone)
        for path in use.facts:
            moment = case.facts.get(path)
            if isinstance(moment, datetime):
                for change in clock_changes(moment, where):
                    yield start.shifted(self.program, change - timedelta(hours=1) - moment)

    def _touches(self, one: Start, threshold: Threshold) -> bool:
        found = uses(one.judged(self.program), self.conditions)
        return any(threshold.key in set(use.touched()) for use in found)

    def _all_touched(self, one: Start) -> None:
        for use in uses(one.judged(self.program), self.conditions):
            self.touched.update(use.touched())


_MAX_STARTS = 4
"""From how many cases a threshold is tried."""


def _words(threshold: Threshold) -> tuple[str, str]:
    """What to call a side of a limit: in a case's name, and in what it says."""
    if threshold.side == "clock_change":
        return "clock_change", "Across a change of the clocks, the last moment of"
    if threshold.clock == "days":
        return ("last_day", "The last day of") if threshold.side == "at" else ("day_after", "The day after")
    if threshold.clock == "time":
        return ("last_moment", "The end of") if threshold.side == "at" else ("just_after", "Just after")
    return (
        ("at_the_limit", "At the limit of") if threshold.side == "at" else ("beside_it", "A step beside the limit of")
    )


def clock_changes(moment: datetime, where: ZoneInfo) -> Iterator[datetime]:
    """The next two hours at which the clocks of a zone have changed, after a moment."""
    found = 0
    hour = moment.replace(minute=0, second=0, microsecond=0)
    before = hour.astimezone(where).utcoffset()
    for day in range(1, 400):
        later = hour + timedelta(days=day)
        now = later.astimezone(where).utcoffset()
        if now != before:
            edge = next(
                later - timedelta(hours=24 - n)
                for n in range(1, 25)
                if (later - timedelta(hours=24 - n)).astimezone(where).utcoffset() == now
            )
            yield edge
            found += 1
            before = now
            if found == 2:
                return


def _name(threshold: Threshold) -> str:
    words = threshold.name.replace("`", "").split()[-1].replace(".", "_").lower()
    plain = "".join(char for char in words if char.isascii() and (char.isalnum() or char == "_")).lstrip("_0123456789")
    return f"{plain or 'limit'}_{_words(threshold)[0]}"


def _free(name: str, names: set[str]) -> str:
    found, number = name, 1
    while found in names:
        number += 1
        found = f"{name}_{number}"
    return found


# without cases to start from -----------------------------------------------------------------------------------------

_MAX_QUESTIONS = 80


def invented(program: c.Program) -> Iterator[Start]:
    """A plain case for each question of a policy, made by answering what it asks: no, one, some day in spring."""
    for name in program.decisions:
        start = Start("a plain case", name, _plain_request(program), NO_SETTINGS, made_up=True)
        for _ in range(_MAX_QUESTIONS):
            evaluation = start.evaluation(program)
            decision = decided(program, start)
            needs = [] if decision is None else [n.name for n in decision.may_need if n.kind == "fact"]
            answered = False
            for need in needs:
                path = parse_path(need)
                value = _answer(program, path, evaluation, name)
                if value is not None and path not in evaluation.case.facts:
                    start = start.with_fact(program, path, value)
                    answered = True
                    break
            if not answered:
                break
        yield start


def _plain_request(program: c.Program) -> Json:
    document: Json = {"assume": ["nothing_unusual"]}
    currency = program.currency if len(program.currency) == 3 else "EUR"
    set_fact(document, ("order", "currency"), currency)
    if program.market_by is not None:
        set_fact(document, parse_path(program.market_by), program.market)
    set_fact(document, ("order", "lines", 0, "id"), "1")
    set_fact(document, ("request", "lines", 0, "id"), "1")
    set_fact(document, ("request", "at"), "2026-03-20T12:00:00Z")
    return document


def _answer(program: c.Program, path: Path, evaluation: Evaluation, question: str) -> Value | None:
    fact = fact_at(program, path)
    if path[-1] == CODE:
        form = formats().get(str(evaluation.case.facts.get((*path[:-1], COUNTRY))))
        return None if form is None else form.examples[0]
    if path[-1] == COUNTRY:
        return next(iter(Answers(evaluation, program.decisions[question]).for_fact(path)), None)
    match None if fact is None else fact.type:
        case Boolean():
            return False
        case Words(words=words) if words:
            return words[0]
        case Integer():
            return 1
        case MoneyType():
            return Money(37, program.currency)  # type: ignore[arg-type]
        case MomentType():
            return datetime.fromisoformat("2026-03-10T12:00:00+00:00")
        case Date():
            return date(2026, 3, 10)
    return None
