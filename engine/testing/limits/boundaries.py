"""Cases at the limits of a policy that no case touches yet, with what the policy answers now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import NO_SETTINGS, Evaluation
from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import Path, parse_path
from engine.language.decision import Decision
from engine.language.types import Boolean, Date, Integer, MomentType, MoneyType, Words
from engine.language.values import Value
from engine.testing.coverage.conditions import Conditions
from engine.testing.limits.of_case import Use, use_of, uses
from engine.testing.limits.of_policy import Goal, Key, Limit, Side, limits
from engine.testing.limits.reaching import Reaching, aimed
from engine.testing.variations import Json, Start, data_of, decided, said, set_fact, variations
from engine.values.money import Money
from engine.values.postal_codes import CODE, COUNTRY, formats
from engine.values.zones import zone


@dataclass(frozen=True)
class Suggestion:
    """A case that touches one side of a limit. `decision` is the policy's present answer."""

    name: str
    says: str
    start: Start
    decision: Decision
    key: Key


@dataclass(frozen=True)
class _Tried:
    """A case on one side of a limit: what was changed for it, in words."""

    side: Side
    whose: str
    words: str
    start: Start
    decision: Decision


class Boundaries:
    """Finds cases at the limits of one program, starting from cases that there are.

    After `suggestions`, `not_reached` says which limits are left that no case touches, and why.
    """

    def __init__(self, program: c.Program, starts: Iterable[Start], others: Boundaries | None = None) -> None:
        """`others` are those of another market of the same policy: what is touched there is touched."""
        self.program = program
        self.conditions = Conditions(program)
        self.starts = [one for one in starts if one.ask in program.decisions]
        self.reaching = Reaching(program)
        self.touched: set[Key] = set() if others is None else others.touched
        self.names: set[str] = set() if others is None else others.names
        self._near: dict[object, list[tuple[Start, Use]]] = {}

    def suggestions(self) -> Iterator[Suggestion]:
        """One case for each side of a limit that no case touches, if one can be found.

        Lengths of windows come first: a case in a length that no other case has is a start for the limits around it.
        """
        self.look()
        found: list[tuple[Limit, _Tried]] = []
        for limit in sorted(limits(self.program), key=lambda one: not one.goals):
            open_ones = [side for side in limit.sides if limit.key(side) not in self.touched]
            for tried in self._find(limit, open_ones) if open_ones else ():
                found.append((limit, tried))
                self._note(tried.start, real=True, first=bool(limit.goals))
        for limit, tried in sorted(found, key=lambda one: one[0].key(one[1].side)):
            name = _free(_name(limit, tried), self.names)
            self.names.add(name)
            says = f"{_words(limit, tried.side)[1]} {limit.named}: {tried.words}"
            yield Suggestion(name, says, tried.start, tried.decision, limit.key(tried.side))

    def look(self) -> None:
        """Note what the cases touch, and what they come to; once is enough."""
        starts, self.starts = self.starts, []
        for start in starts:
            self._note(start, real=not start.made_up)

    def not_reached(self) -> dict[Key, str]:
        """The limits with a side that no case touches, suggested ones among them: what to call them, and why."""
        return {limit.key("at"): text for limit in limits(self.program) for text in self._missing(limit)}

    def _note(self, start: Start, real: bool, first: bool = False) -> None:
        """Take note of the limits that a case comes to (`first`: to be tried first); of those it touches, if it is one to
        be kept."""
        for use in uses(start.judged(self.program), self.conditions):
            if real:
                self.touched.update(use.touched())
            place, _, branch = use.key("at")
            for key in {(place, branch), (place, None)}:
                near = self._near.setdefault(key, [])
                if not any(start is known for known, _ in (near[:1] if first else near[-1:])):
                    near.insert(0 if first else len(near), (start, use))

    def _starts(self, limit: Limit) -> Iterator[tuple[str, Start, Use]]:
        """Cases that come to a limit, with what was changed for it: those there are, then those made to come to it."""
        place, _, branch = limit.key("at")
        near = self._near.get((place, branch), [])
        yield from (("", start, use) for start, use in near[:_MAX_STARTS])
        if near or not limit.goals:
            return
        for start, use in self._near.get((place, None), [])[:_MAX_MADE]:
            for words, made in self.reaching.make(start, limit.goals, use.env):
                for one in uses(made.judged(self.program), self.conditions):
                    if one.key("at") == limit.key("at"):
                        yield f"{words}, ", made, one
                        break

    def _find(self, limit: Limit, open_ones: list[Side]) -> Iterator[_Tried]:
        """A case for each open side. The two sides are best where they differ in their answer, from the same start."""
        for pair in _PAIRS:
            wanted = [side for side in pair if side in open_ones]
            best: dict[Side, _Tried] = {}
            for words, start, use in self._starts(limit) if wanted else ():
                sides = [side for side in pair if side in limit.sides]
                tried = {side: list(islice(self._try(limit, words, start, use, side), _MAX_TRIED)) for side in sides}
                got = {side: ones[0] for side, ones in tried.items() if ones}
                telling = next((ones for ones in product(*tried.values()) if _differ(ones)), None)
                if telling is not None:
                    best |= {one.side: one for one in telling}
                    break
                best = got | best
            yield from (best[side] for side in wanted if side in best)

    def _try(self, limit: Limit, words: str, start: Start, use: Use, side: Side) -> Iterator[_Tried]:
        """The changes of a case that touch this side of a limit and leave the facts right."""
        for made, one in self._tries(start, use, side):
            again = use_of(one.evaluation(self.program), use.name, use.expr, use.env)
            if again is None or limit.key(side) not in set(again.touched()):
                continue
            decision = decided(self.program, one)
            if decision is not None and self._touches(one, limit.key(side)):
                yield _Tried(side, use.name, words + made, one, decision)

    def _tries(self, start: Start, use: Use, side: Side) -> Iterator[tuple[str, Start]]:
        for base in self._over_clock_changes(start, use) if side == "clock_change" else (start,):
            now = use_of(base.evaluation(self.program), use.name, use.expr, use.env) or use
            yield from aimed(self.program, base, now, side)
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

    def _touches(self, one: Start, key: Key) -> bool:
        found = uses(one.judged(self.program), self.conditions)
        return any(key in set(use.touched()) for use in found)

    # what is left ----------------------------------------------------------------------------------------------------

    def _missing(self, limit: Limit) -> Iterator[str]:
        """What to say of the sides of a limit that are not touched in the end."""
        sides = [side for side in limit.sides if limit.key(side) not in self.touched]
        if not sides:
            return
        place, _, branch = limit.key("at")
        named = limit.named
        if len(sides) < len(limit.sides):
            named += f" ({', '.join(_NAMES[_words(limit, side)[0]] for side in sides)})"
        if self._near.get((place, branch)):
            yield f"{named}: no case was found that touches it"
        elif limit.goals and self._near.get((place, None)):
            yield f"{named}: {self._unmet(limit.goals, self._near[place, None])}"
        else:
            yield f"{named}: no case comes to it"

    def _unmet(self, goals: tuple[Goal, ...], near: list[tuple[Start, Use]]) -> str:
        """The first of the conditions of a length that is what it should be in no case."""
        for condition, truth in goals:
            if not any(self.reaching.meets(start, condition, truth, use.env) for start, use in near):
                text = " ".join(condition.span.text.split())
                return f"no case makes `{text}` {'true' if truth else 'false'}"
        return "no case meets all its conditions at once"


def _differ(ones: tuple[_Tried, ...]) -> bool:
    """Whether cases on the two sides of a limit differ in their answer, which shows that it is there."""
    return len({_seen(one.decision) for one in ones}) > 1


def _seen(decision: Decision) -> object:
    """What one can see of an answer: its verdict, why, and the values of its outputs."""
    outputs = tuple((name, one.status, one.value) for name, one in decision.outputs.items())
    members = tuple(
        tuple((name, one.status, one.value) for name, one in member.outputs.items()) for member in decision.members
    )
    return repr((decision.status, decision.verdict, decision.why, outputs, members))


_PAIRS: tuple[tuple[Side, ...], ...] = (
    ("at", "below", "above"), ("first", "before_first"), ("last", "after_last"), ("clock_change",)
)  # fmt: skip
"""The sides that belong together: an answer that differs between them shows where the limit is."""

_MAX_TRIED = 2
"""How many changes of a case are compared for each side."""

_MAX_STARTS = 12
"""From how many cases a limit is tried."""

_MAX_MADE = 3
"""From how many cases others are made that come to a length of a window which no case has."""


_NAMES = {
    "clock_change": "across a change of the clocks",
    "first_day": "its first day",
    "last_day": "its last day",
    "day_before": "the day before",
    "day_after": "the day after",
    "last_moment": "its end",
    "just_after": "just after",
    "at_the_limit": "the limit itself",
    "beside_it": "a step beside it",
}
"""What to call a side of a limit that nothing touches."""


def _words(limit: Limit, side: Side) -> tuple[str, str]:
    """What to call a side of a limit: in a case's name, and in what it says."""
    match side:
        case "clock_change":
            return "clock_change", "Across a change of the clocks, the last moment of"
        case "first" | "last":
            return f"{side}_day", f"The {side} day of"
        case "before_first":
            return "day_before", "The day before"
        case "after_last":
            return "day_after", "The day after"
    if limit.clock == "days":
        return ("last_day", "The last day of") if side == "at" else ("day_after", "The day after")
    if limit.clock == "time":
        return ("last_moment", "The end of") if side == "at" else ("just_after", "Just after")
    return ("at_the_limit", "At the limit of") if side == "at" else ("beside_it", "A step beside the limit of")


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


def _name(limit: Limit, tried: _Tried) -> str:
    words = tried.whose.replace("`", "").split()[-1].replace(".", "_")
    if limit.branch is not None:
        words += "_" + "_".join(limit.branch.text.split())
    plain = "".join(char for char in words.lower() if char.isascii() and (char.isalnum() or char == "_"))
    return f"{plain.lstrip('_0123456789') or 'limit'}_{_words(limit, tried.side)[0]}"


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
