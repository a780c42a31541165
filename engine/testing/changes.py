"""What the change from one text of a policy to another comes to: which rules read differently, and which answers differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.base.diagnostics import Diagnostic
from engine.base.source import Span
from engine.evaluate.decisions import Evaluation, Settings
from engine.evaluate.judge import judge_in
from engine.evaluate.members import WHOLE
from engine.evaluate.versions import picked
from engine.language import core as c
from engine.language.decision import Decision
from engine.language.prints import Prints
from engine.language.wording import plain
from engine.testing.boundaries import Boundaries, invented
from engine.testing.compare import show_output
from engine.testing.files import Programs, find_files, run_file
from engine.testing.fingerprint import PartName, parts, prints_of_parts
from engine.testing.model import WorkedCase
from engine.testing.run import spoken
from engine.testing.variations import Start

How = Literal["added", "removed", "changed"]


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
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class _Written:
    """A case to answer by both policies, and where it is written, if it is."""

    start: Start
    says: str | None
    span: Span | None


def changes(before: c.Program, after: c.Program, policies: Collection[Path], cases: Iterable[Path]) -> Changes:
    """Compare two texts of a policy. `cases` are files of cases, or folders of them; those about one of the files
    `policies` count.

    Besides the cases there are, such as touch the limits of both are made up. The days on which each text holds do not
    count: every case is answered by both. Never raises for what the files of cases say.
    """
    old, new = picked(before), picked(after)
    written: list[_Written] = []
    programs = Programs()
    for file in find_files(cases):
        errors = _read(file, programs, {path.resolve() for path in policies}, written)
        if errors:
            return Changes((), (), 0, errors)
    answers, shown = [], set[str]()
    for one in (*written, *_made_up(old, new, [one.start for one in written])):
        found = _compared(old, new, one)
        if found is not None:
            answers.append(found[0])
            shown |= found[1]
    return Changes(tuple(_parts(old, new, shown)), tuple(answers), len(written))


def _read(
    file: Path, programs: Programs, policies: Collection[Path], written: list[_Written]
) -> tuple[Diagnostic, ...]:
    """Take in the cases of a file that is about one of the policies; gives what keeps the file from being read."""
    own: list[_Written] = []

    def watch(case: WorkedCase, evaluation: Evaluation) -> None:
        start = Start(case.name, case.ask, dict(case.document), evaluation.settings)
        own.append(_Written(start, case.says, case.span))

    result = run_file(file, programs, watch=watch)
    errors = tuple(one for one in result.diagnostics if one.severity == "error")
    if result.policy is None:
        return errors
    if (file.parent / result.policy).resolve() not in policies:
        return ()
    written.extend(own)
    return errors


def _made_up(old: c.Program, new: c.Program, starts: list[Start]) -> Iterator[_Written]:
    """Cases at the limits of both policies that none of the cases touches."""
    asked = {one.ask for one in starts}
    for program in (new, old):
        own = [replace(one, settings=_settings(program, one)) for one in starts]
        plain_ones = [one for one in invented(program) if one.ask not in asked]
        for found in Boundaries(program, [*own, *plain_ones]).suggestions():
            yield _Written(replace(found.start, name=found.name), found.says, None)


def _settings(program: c.Program, start: Start) -> Settings:
    """The readings and parameters that a case sets, as far as a program has them."""
    has = {name: {option for option, _ in reading.options} for name, reading in program.readings.items()}
    readings = {n: o for n, o in start.settings.readings.items() if n in has and (o is None or o in has[n])}
    parameters = {n: v for n, v in start.settings.parameters.items() if n in program.parameters}
    return replace(start.settings, readings=readings, parameters=parameters)


# answers -------------------------------------------------------------------------------------------------------------


def _compared(old: c.Program, new: c.Program, one: _Written) -> tuple[ChangedAnswer, set[str]] | None:
    """How a case is answered differently, and the rules that make the difference; None if it is answered alike."""
    (was, spoke), (now, speaks) = _answered(old, one.start), _answered(new, one.start)
    keys = list(dict.fromkeys([*was, *now]))
    different = [
        (key, was.get(key, "nothing"), now.get(key, "nothing")) for key in keys if was.get(key) != now.get(key)
    ]
    if not different:
        return None
    return ChangedAnswer(one.start.name, one.says, one.start.ask, one.span, tuple(different)), spoke | speaks


def _answered(program: c.Program, start: Start) -> tuple[dict[str, str], set[str]]:
    """The answer of a program to a case, part by part in words, and the rules that spoke."""
    if start.ask not in program.decisions:
        return {"status": "there is no such question"}, set()
    evaluation = replace(start, settings=_settings(program, start)).evaluation(program)
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


def _parts(old: c.Program, new: c.Program, shown: set[str]) -> Iterator[ChangedPart]:
    """The parts that differ, in the order of the new policy. `shown` are the rules behind answers that differ."""
    numbers: dict[str, int] = {}
    was, now = (_prints(program, numbers) for program in (old, new))
    aspects: dict[tuple[str, str], list[str]] = {}
    for part in [*now, *(part for part in was if part not in now)]:
        if was.get(part) != now.get(part) and part[0] != "applies":
            found = aspects.setdefault(_whose(part), [])
            if part[0] in _ASPECTS:
                found.append(_ASPECTS[part[0]])
    there = ({_whose(part) for part in was}, {_whose(part) for part in now})
    for (kind, name), what in aspects.items():
        how: How = "changed"
        if (kind, name) not in there[0]:
            how = "added"
        elif (kind, name) not in there[1]:
            how = "removed"
        known = (name in shown) if kind == "rule" else None
        yield ChangedPart(kind, name, how, tuple(dict.fromkeys(what)) if how == "changed" else (), known)


def _prints(program: c.Program, numbers: dict[str, int]) -> Mapping[PartName, str]:
    return prints_of_parts(parts(program), Prints(program.parameters, numbers))


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
