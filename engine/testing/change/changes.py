"""What the change from one text of a policy to another comes to: which rules read differently, and which answers differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.base.diagnostics import Diagnostic
from engine.base.source import Span
from engine.evaluate.decisions import Evaluation
from engine.evaluate.judge import judge_in
from engine.evaluate.members import WHOLE
from engine.evaluate.versions import picked
from engine.language import core as c
from engine.language.case import parse_path
from engine.language.decision import Decision
from engine.language.prints import Prints
from engine.language.walk import below, output_parts
from engine.language.wording import plain
from engine.testing.change.made_up import Showing, Subject, at_limits, known_to, left_out
from engine.testing.compare import show_output
from engine.testing.files import Programs, find_files, run_file
from engine.testing.model import WorkedCase
from engine.testing.mutation.fingerprint import PartName, parts, prints_of_parts, readings_of
from engine.testing.run import spoken
from engine.testing.variations import Start

How = Literal["added", "removed", "changed"]


_MOST_ASKED_TOO = 12
"""From how many cases a question that hangs on a changed one is asked."""
_ASIDE = ("deadlines", "instead", "messages", "needs")


@dataclass(frozen=True)
class ChangedPart:
    """A part that means something else now: `name` as `decision.rule`, `aspects` what of it. `shown`: whether one of the
    answers that differ comes from it (None where that cannot be told)."""

    kind: str
    name: str
    how: How
    aspects: tuple[str, ...]
    shown: bool | None


@dataclass(frozen=True)
class ChangedAnswer:
    """A case that is answered differently: what differs, before and after. `span` is None for a case made up here."""

    case: str
    says: str | None
    ask: str
    span: Span | None
    differences: tuple[tuple[str, str, str], ...]
    left_out: str | None = None
    """The fact that was taken away, for a case made up in that way."""

    @property
    def aside(self) -> bool:
        """Whether only what stands beside the answer differs: a deadline, a message, another option, what is asked."""
        return all(re.sub(r"^lines\[\d+\]\.", "", what).partition(".")[0] in _ASIDE for what, _, _ in self.differences)


@dataclass(frozen=True)
class Changes:
    """Everything that was found. With `diagnostics`, nothing was looked at: a file of cases has errors."""

    parts: tuple[ChangedPart, ...]
    answers: tuple[ChangedAnswer, ...]
    looked_at: int
    """The cases that were answered by both, those made up here left out."""
    hanging: tuple[str, ...] = ()
    """The questions that read an answer of one in which a part differs."""
    diagnostics: tuple[Diagnostic, ...] = ()


Markets = Sequence[c.Program]
"""The programs of one text of a policy: one, or one for each of its markets."""


def changes(before: Markets, after: Markets, policies: Collection[Path], cases: Iterable[Path]) -> Changes:
    """Compare two texts of a policy. `cases` are files of cases, or folders of them; those about one of the files
    `policies` count.

    Besides the cases there are, some are made up: at the limits of both texts, with a fact left out that only the new one
    asks for, and for rules whose change no other case shows. Each market is compared with the same one before. The days on
    which each text holds do not count: every case is answered by both. Never raises for what the files of cases say.
    """
    written: list[Subject] = []
    programs = Programs()
    keys = {program.key for program in (*before, *after)}
    for file in find_files(cases):
        errors = _read(file, programs, {path.resolve() for path in policies}, keys, written)
        if errors:
            return Changes((), (), 0, diagnostics=errors)
    parts_found: list[ChangedPart] = []
    hanging: dict[str, None] = {}
    answers: dict[object, ChangedAnswer] = {}
    was, now = ({program.market: picked(program) for program in text} for text in (before, after))
    for market in dict.fromkeys([*now, *was]):
        old, new = was.get(market), now.get(market)
        if old is None or new is None:
            how: How = "added" if old is None else "removed"
            parts_found.append(ChangedPart("market", market or "none", how, (), None))
            continue
        found, answered, further = _in_one_market(old, new, written)
        parts_found.extend(found)
        hanging.update(dict.fromkeys(further))
        answers.update({(one.case, one.ask, one.span, one.differences): one for one in answered})
    return Changes(_together(parts_found), tuple(answers.values()), len(written), tuple(hanging))


def _in_one_market(
    old: c.Program, new: c.Program, written: list[Subject]
) -> tuple[Iterable[ChangedPart], Iterable[ChangedAnswer], list[str]]:
    written = [one for one in written if _of_market(new, one.start)]
    starts = [one.start for one in written]
    answers = _Answers(old, new)
    for one in (*written, *at_limits(old, new, starts)):
        answers.take(one)
    changed = _changed(old, new)
    for one in left_out(old, new, [part for which in changed.values() for part in which], starts):
        answers.take(one, only_main=True)
    showing = Showing(old, new, starts)
    for (kind, name), parts_of_it in changed.items():
        if kind == "rule" and name not in answers.behind:
            subject = showing.show(parts_of_it)
            if subject is not None:
                answers.take(subject)
    further = _hanging(old, new, {name.partition(".")[0] for (kind, name) in changed if kind in _OF_A_DECISION})
    for ask in further:
        answers.ask_too(ask)
    return _parts(changed, old, new, answers.behind), answers.found, further


_OF_A_DECISION = ("rule", "output", "requirement", "decision")


def _hanging(old: c.Program, new: c.Program, changed: set[str]) -> list[str]:
    """The questions that read one of these, or one that does, in the order of the new policy."""
    reads: dict[str, set[str]] = {}
    for program in (old, new):
        for decision in program.decisions.values():
            exprs = [expr for output in decision.outputs.values() for expr in output_parts(decision, output)]
            read = {expr.decision for expr in below(exprs) if isinstance(expr, c.OutputRef)}
            reads.setdefault(decision.id, set()).update(read)
    found: set[str] = set()
    while more := {name for name, read in reads.items() if name not in found and read & (found | changed)}:
        found |= more
    return [name for name in reads if name in found - changed]


def _of_market(program: c.Program, start: Start) -> bool:
    """Whether a case surely is one of a program's market: others are answered by another one, or ask for it."""
    by = program.market_by
    return by is None or known_to(program, start).decoded(program).facts.get(parse_path(by)) == program.market


def _together(found: Iterable[ChangedPart]) -> tuple[ChangedPart, ...]:
    """The parts that differ in any market, each once: shown if it is in one of them."""
    parts: dict[tuple[str, str], ChangedPart] = {}
    for one in found:
        other = parts.setdefault((one.kind, one.name), one)
        aspects = tuple(dict.fromkeys((*other.aspects, *one.aspects)))
        parts[one.kind, one.name] = replace(other, aspects=aspects, shown=other.shown or one.shown)
    return tuple(parts.values())


def _read(
    file: Path, programs: Programs, policies: Collection[Path], keys: Collection[str], written: list[Subject]
) -> tuple[Diagnostic, ...]:
    """Take in the cases of a file that is about one of the policies, or about another text with the key of one; gives what
    keeps the file from being read."""
    own: list[Subject] = []

    def watch(case: WorkedCase, evaluation: Evaluation) -> None:
        own.append(Subject(Start(case.name, case.ask, dict(case.document), evaluation.settings), case.says, case.span))

    result = run_file(file, programs, watch=watch)
    errors = tuple(one for one in result.diagnostics if one.severity == "error")
    if result.policy is None:
        return errors
    same_key = any(program.key in keys for program in result.programs)
    if not same_key and (file.parent / result.policy).resolve() not in policies:
        return ()
    written.extend(own)
    return errors


# answers -------------------------------------------------------------------------------------------------------------


class _Answers:
    """The answers that differ, and the rules behind them."""

    def __init__(self, old: c.Program, new: c.Program) -> None:
        self._old, self._new = old, new
        self.found: list[ChangedAnswer] = []
        self.behind: set[str] = set()
        self._turned: list[Subject] = []
        self._seen: set[str] = set()

    def take(self, one: Subject, only_main: bool = False) -> None:
        """Answer a case by both and keep it if the answers differ; with `only_main` not over a date or a message alone."""
        what = repr((one.start.ask, one.start.document, one.start.settings))
        if one.span is None and what in self._seen:  # made up, and the same as another
            return
        self._seen.add(what)
        (was, spoke), (now, speaks) = _answered(self._old, one.start), _answered(self._new, one.start)
        keys = list(dict.fromkeys([*was, *now]))
        different = [(k, was.get(k, "nothing"), now.get(k, "nothing")) for k in keys if was.get(k) != now.get(k)]
        if not different:
            return
        answer = ChangedAnswer(one.start.name, one.says, one.start.ask, one.span, tuple(different), one.left_out)
        if only_main and answer.aside:
            return
        self.found.append(answer)
        self.behind |= spoke | speaks
        if not answer.aside and one.left_out is None:
            self._turned.append(one)

    def ask_too(self, ask: str) -> None:
        """Ask a further question of the cases whose answer differs, until it is answered differently as well."""
        if any(one.ask == ask and not one.aside for one in self.found):
            return
        before = len(self.found)
        for one in self._turned[:_MOST_ASKED_TOO]:
            says = f"case `{one.start.name}`, asked `{ask}`" + (f" ({one.says})" if one.says else "")
            self.take(Subject(replace(one.start, ask=ask), says, None), only_main=True)
            if len(self.found) > before:
                return


def _answered(program: c.Program, start: Start) -> tuple[dict[str, str], set[str]]:
    """The answer of a program to a case, part by part in words, and the rules that spoke."""
    if start.ask not in program.decisions:
        return {"status": "there is no such question"}, set()
    evaluation = known_to(program, start).evaluation(program)
    decision = judge_in(evaluation, start.ask, False, WHOLE)
    return dict(_told(decision)), set(spoken(program, evaluation))


def _told(decision: Decision) -> Iterator[tuple[str, str]]:
    yield "status", decision.status
    yield "verdict", decision.verdict
    if decision.why and decision.status != "decided":
        yield "why", ", ".join(decision.why)
    for name, output in decision.outputs.items():
        said = name == decision.headline and (output.status != "decided" or show_output(output) == decision.verdict)
        if not said:
            yield name, show_output(output)
    several = len(decision.members) > 1
    for i, member in enumerate(decision.members):
        where = f"lines[{i}]." if several else ""
        if several:
            for name, output in member.outputs.items():
                yield where + name, show_output(output)
        rules = [r.rule for r in member.reasons if decision.headline in r.outputs]
        yield where + "rules", ", ".join(rules) or "nothing"
        for deadline in member.deadlines:
            last = deadline.end if deadline.last_day is None else deadline.last_day
            if last is not None:
                yield f"{where}deadlines.{deadline.window}", str(plain(last))
        for option in member.instead:
            yield f"{where}instead.{option.option}", option.verdict
    if decision.may_need:
        yield "needs", ", ".join(one.name for one in decision.may_need)
    if decision.messages:
        yield "messages", " ".join(decision.messages)


# parts ---------------------------------------------------------------------------------------------------------------

_ASPECTS = {
    "rule": "when it applies",
    "then": "what it concludes",
    "because": "its message",
    "over": "what it overrides",
    "combine": "how conclusions are combined",
    "roll_up": "how lines are put together",
    "only_when_output": "when it is asked",
    "otherwise": "what it is without a rule",
    "split": "how it is split",
    "up_to": "how much it can be",
    "net": "what it is made of",
    "requirement": "what it asks",
    "by": "until when",
}
_KINDS = {
    **dict.fromkeys(("rule", "then", "because", "over"), "rule"),
    **dict.fromkeys(("combine", "roll_up", "only_when_output", "otherwise", "split", "up_to", "net"), "output"),
    **dict.fromkeys(("requirement", "by"), "requirement"),
}


def _changed(old: c.Program, new: c.Program) -> dict[tuple[str, str], list[PartName]]:
    """What differs, by whose it is, in the order of the new policy."""
    numbers: dict[str, int] = {}
    was, now = (_prints(program, numbers) for program in (old, new))
    found: dict[tuple[str, str], list[PartName]] = {}
    for part in [*now, *(part for part in was if part not in now)]:
        if was.get(part) != now.get(part) and part[0] != "applies":
            whose = _whose(part)
            if part[0] in (*_ASPECTS, "decision") and (part[1] in old.decisions) != (part[1] in new.decisions):
                whose = ("decision", part[1])
            found.setdefault(whose, []).append(part)
    return found


def _parts(
    changed: Mapping[tuple[str, str], list[PartName]], old: c.Program, new: c.Program, behind: set[str]
) -> Iterator[ChangedPart]:
    """The parts that differ. `behind` are the rules behind answers that differ."""
    there = [{_whose(part) for part in parts(program)} for program in (old, new)]
    for (kind, name), which in changed.items():
        how: How = "changed"
        if (kind, name) not in there[0]:
            how = "added"
        elif (kind, name) not in there[1]:
            how = "removed"
        aspects = dict.fromkeys(_ASPECTS[part[0]] for part in which if part[0] in _ASPECTS)
        shown = (name in behind) if kind == "rule" else None
        yield ChangedPart(kind, name, how, tuple(aspects) if how == "changed" else (), shown)


def _prints(program: c.Program, numbers: dict[str, int]) -> Mapping[PartName, str]:
    """The print of each part, with what is chosen for the readings that it looks at."""
    found = parts(program)
    prints = prints_of_parts(found, Prints(program.parameters, numbers))
    for name, part in found.items():
        chosen = [(one, program.readings[one].chosen) for one in sorted(readings_of(part.exprs))]
        prints[name] += f"{chosen}" if chosen else ""
    return prints


def _whose(name: PartName) -> tuple[str, str]:
    """What an author calls a part: the kind of thing, and its name."""
    kind = _KINDS.get(name[0], name[0])
    if name[0] == "over":
        return kind, f"{name[1]}.{name[4]}"
    if name[0] in ("scope", "applies"):
        return "applies_when", ""
    if name[0] == "only_when":
        return "only_when", ""
    return kind, ".".join(name[1:3])
