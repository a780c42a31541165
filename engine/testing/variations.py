"""A case with one fact set to another value, through the document, as an author would write it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import Evaluation, Settings
from engine.evaluate.judge import judge_in
from engine.evaluate.members import Extent
from engine.evaluate.trial import fact_at
from engine.facts.decode import decode
from engine.facts.postal import is_postal_part, postal_code, set_part
from engine.language import core as c
from engine.language.case import Case, Path, path_text
from engine.language.decision import Decision, Output
from engine.language.outcome import EMPTY, FALSE
from engine.language.types import Percent
from engine.language.values import Value
from engine.values.moments import instant_text
from engine.values.money import Money
from engine.values.numbers import decimal_text

Json = dict[str, Any]


_SPOKEN_OF = Extent(under_readings=False, also_cites=False)
"""What cases can speak of besides the answer."""


@dataclass(frozen=True)
class Start:
    """A case to vary: its name, the question, the facts document, and the readings and parameters it sets."""

    name: str
    ask: str
    document: Json
    settings: Settings
    made_up: bool = False
    """Whether nobody wrote it: what it touches is then not touched by a case."""

    def evaluation(self, program: c.Program) -> Evaluation:
        """The case as a program sees it."""
        return Evaluation(program, self.decoded(program), self.settings)

    def judged(self, program: c.Program) -> Evaluation:
        """As `evaluation`, with the question answered, so that one can look at what was evaluated for it."""
        evaluation = self.evaluation(program)
        judge_in(evaluation, self.ask, ask=False)
        return evaluation

    def decoded(self, program: c.Program) -> Case:
        """The facts, read by a program's vocabulary."""
        return decode(self.document, program.facts, currency=program.currency, timezone=program.timezone)

    def with_fact(self, program: c.Program, path: Path, value: Value) -> Start:
        """The case with a fact at a path of the decoded case set to another value."""
        document = copy.deepcopy(self.document)
        set_fact(document, path, data_of(program, path, value))
        return replace(self, document=document)

    def shifted(self, program: c.Program, by: timedelta) -> Start:
        """The case with every moment and date in it moved."""
        document = copy.deepcopy(self.document)
        case = self.decoded(program)
        for path, value in case.facts.items():
            if isinstance(value, datetime):
                set_fact(document, path, instant_text(value + by))
            elif isinstance(value, date):
                set_fact(document, path, (value + timedelta(days=by.days)).isoformat())
        document.pop("as_of", None)
        return replace(self, document=document)


def data_of(program: c.Program, path: Path, value: Value) -> Any:
    """A value as a case document writes it."""
    match value:
        case Money(currency=currency):
            return str(value).removesuffix(f" {currency}")
        case bool() | int() | str():
            return value
        case Fraction():
            fact = fact_at(program, path)
            if fact is not None and isinstance(fact.type, Percent):
                return decimal_text(value * 100) + "%"
            return decimal_text(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
    raise ValueError("a fact has no value of this kind")


def set_fact(document: Json, path: Path, data: Any) -> None:
    """Put data at a path; a fact of a line of the request goes where the order's line with its `id` holds it.

    Another part of a postal code is put as another code. Raises ValueError if its country has none like that.
    """
    if is_postal_part(path):
        address = dict(_at(document, path[:-2]) or {})
        set_part(address, str(path[-1]), data)
        path, data = path[:-2], address
    for place in (_in_order(document, path), path):
        if place is not None:
            here: Any = document
            for step, following in pairwise(place):
                if isinstance(step, str) and here.get(step) is None:
                    here[step] = [] if isinstance(following, int) else {}
                while isinstance(step, int) and len(here) <= step:
                    here.append({})
                here = here[step]
            here[place[-1]] = data
            return


def standing(document: Json, path: Path) -> Path:
    """Where a document says a fact: its own place, but a part of a postal code that is not given stands in the code."""
    return postal_code(path) if is_postal_part(path) and _at(document, path) is None else path


def _in_order(document: Json, path: Path) -> Path | None:
    """The place of a requested line's fact in the order, if it stands there and not with the request."""
    if path[:2] != ("request", "lines") or len(path) < 4 or _at(document, path) is not None:
        return None
    identity = _at(document, (*path[:3], "id"))
    lines = _at(document, ("order", "lines"))
    for i, line in enumerate(lines if isinstance(lines, list) else []):
        if isinstance(line, dict) and line.get("id") == identity is not None:
            place: Path = ("order", "lines", i, *path[3:])
            if _at(document, place) is not None:
                return place
    return None


def _at(document: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and step < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
        if document is None:
            return None
    return document


def variations(program: c.Program, start: Start, paths: tuple[Path, ...]) -> Iterator[tuple[Path, Value, Start]]:
    """The case with one of these facts set to each value that can make a difference: around each bound it is compared
    with, and every word of a closed list."""
    evaluation = start.evaluation(program)
    answers = Answers(evaluation, program.decisions[start.ask])
    for path in paths:
        now = evaluation.case.facts.get(path)
        for value in answers.for_fact(path):
            if value != now:
                try:
                    yield path, value, start.with_fact(program, path, value)
                except ValueError:
                    continue


def without(start: Start, path: Path, data: Any = None) -> Start:
    """The case with a fact taken away, or with `data` that is no value in its place. What says how far a delivery has come
    goes with its moment: it would say otherwise."""
    document = copy.deepcopy(start.document)
    set_fact(document, path, data)
    if path[-2:] == ("delivery", "at"):
        set_fact(document, (*path[:-1], "status"), None)
    return replace(start, document=document)


def doubled(start: Start, path: Path) -> Start | None:
    """The case with a second member like the first of a list that has one; None if the list has none, or several.

    A second line of the request is a second line of the order as well.
    """
    document = copy.deepcopy(start.document)
    members = _at(document, path)
    if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
        return None
    identity = members[0].get("id")
    members.append(_another(members[0]))
    if path == ("request", "lines"):
        lines = _at(document, ("order", "lines"))
        for one in [*lines] if isinstance(lines, list) else []:
            if isinstance(one, dict) and identity is not None and one.get("id") == identity:
                lines.append(_another(one))
    return replace(start, document=document)


def _another(member: Json) -> Json:
    new = copy.deepcopy(member)
    if "id" in new:
        new["id"] = f"{new['id']}-2"
    return new


def with_other_readings(program: c.Program, start: Start, names: tuple[str, ...]) -> Iterator[tuple[str, Start]]:
    """The case with one of these readings set to each of its other options, and how to say so."""
    for name in names:
        reading = program.readings[name]
        chosen = start.settings.readings.get(name, reading.chosen)
        for option, _ in reading.options:
            if option != chosen:
                settings = replace(start.settings, readings={**start.settings.readings, name: option})
                yield f"`readings: {{{name}: {option}}}`", replace(start, settings=settings)


def decided(program: c.Program, start: Start) -> Decision | None:
    """The answer to a case; None if its facts cannot all be right, or are those of another market."""
    evaluation = start.evaluation(program)
    if not of_its_market(program, evaluation):
        return None
    decision = judge_in(evaluation, start.ask, ask=False, extent=_SPOKEN_OF)
    return None if decision.problems or decision.status == "error" else decision


def of_its_market(program: c.Program, evaluation: Evaluation) -> bool:
    """Whether a case may be one of the market that a program stands for; any case is, of a program without one."""
    if program.market is None or program.in_force is None:
        return True
    return evaluation.expressions.value(program.in_force, EMPTY) != FALSE


def expectations(one: Decision, other: Decision) -> Iterator[str]:
    """What a case can expect that tells two answers apart, by the names that cases use, the plainest first."""
    mine, theirs = _expected(one), _expected(other)
    yield from (key for key, value in mine.items() if value != theirs[key])
    if set(one.rests_on) - set(other.rests_on):
        yield "rests_on"
    if any(message not in other.messages for message in one.messages):
        yield "messages"


def _expected(decision: Decision) -> Mapping[str, object]:
    """An answer as far as cases can speak of it, by the keys that they do so with."""

    def outputs(found: Mapping[str, Output]) -> object:
        return {name: (one.status, one.value, one.so_far) for name, one in found.items()}

    members = decision.members
    return {
        "verdict": decision.verdict,
        "outputs": outputs(decision.outputs),
        "lines": [outputs(one.outputs) for one in members],
        "why": set(decision.why),
        "rules": {r.rule for one in members for r in one.reasons if decision.headline in r.outputs},
        "needs": {need.name for need in decision.may_need},
        "status": decision.status,
        "instead": [{o.option: (o.verdict, outputs(o.outputs)) for o in one.instead} for one in members],
        "leaning": [r.leaning for one in members for r in one.reasons if r.leaning],
        "deadlines": {d.window: d for one in reversed(members) for d in reversed(one.deadlines)},
    }


def said(path: Path, data: Any, document: Json) -> str:
    """A changed fact in words, as an author would write it in a case; `document` is the case with the change made."""
    if standing(document, path) != path:
        path = standing(document, path)
        data = _at(document, path)
    shown = {True: "true", False: "false"}[data] if isinstance(data, bool) else data
    return f"`{place_name(path)}: {shown}`"


def place_name(path: Path) -> str:
    """A place as a case names it."""
    return "line." + path_text(path[3:]) if path[:3] == ("request", "lines", 0) and len(path) > 3 else path_text(path)
