"""What to call things for people: statuses, verdicts, facts, windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

from engine.explain.writing import Style, joined
from engine.language.core import Program
from engine.language.decision import Awaited, Deadline, Need, Output
from engine.language.outcome import Mixed, Status
from engine.language.types import Type
from engine.language.values import Value
from engine.language.wording import say
from engine.values.money import Money
from engine.values.zones import is_zone, zone

_VALUES = {"approve": "approved", "deny": "denied", "review": "for a person to decide"}
_KINDS = {
    "discretion": "at the shop's discretion",
    "contradiction": "the text contradicts itself",
    "silent": "the text does not say",
    "vague": "the text is vague",
    "external_terms": "other terms apply",
}
_WHY_OPEN = {
    "missing_facts": "more must be known",
    "external": "somebody outside must tell",
    "later": "it is too early to say",
}
_NOT_COVERED = {
    "not_spoken_of": "the policy does not speak of this",
    "out_of_scope": "the policy does not apply to this order",
}
_SOURCES = {
    "customer": "ask the customer",
    "shop": "the shop knows",
    "carrier": "ask the carrier",
    "bank": "ask the bank",
    "external": "ask outside",
}


_MAX_NAMES = 4
_MAX_NAME = 48


def result_words(
    status: Status, value: Value | Mixed | None, kind: Type | None, why: tuple[str, ...], zone: ZoneInfo | None
) -> str:
    """How a headline stands, in words: `denied`, `more must be known`, `a person decides: the text is vague`.

    An instant is told on the clock of `zone`, the policy's own, as every other output is.
    """
    match status:
        case "decided":
            if isinstance(value, str):
                return _VALUES.get(value, value.replace("_", " "))
            return (
                "not the same for all"
                if isinstance(value, Mixed)
                else ("" if value is None else say(value, kind, zone))
            )
        case "needs_facts":
            return next((_WHY_OPEN[one] for one in why if one in _WHY_OPEN), "more must be known")
        case "referred":
            kinds = joined([_KINDS.get(one, one) for one in why])
            return f"a person decides ({kinds})" if kinds else "a person decides"
        case "not_covered":
            return next((_NOT_COVERED[one] for one in why if one in _NOT_COVERED), "the policy does not say")
        case "conflict":
            return "a person decides (rules that must agree do not)"
        case "error":
            return "cannot be decided: the facts cannot be right"
        case "not_applicable":
            return "does not apply"


def under_reading(result: str) -> str:
    """What a headline is under an option of a reading: its value, or how it stands if it has none."""
    if result in get_args(Status):
        return result_words(cast("Status", result), None, None, (), None)
    return _VALUES.get(result, result.replace("_", " "))


def value_words(value: Value | Mixed, kind: Type | None, zone: ZoneInfo | None = None) -> str:
    """A value of an output in words; the usual words of a decision as what they come to."""
    if isinstance(value, Mixed):
        parts = [f"{value_words(one, kind, zone)} (line {_numbers(numbers)})" for one, numbers in value.members]
        return "; ".join(parts)
    return _VALUES.get(value, say(value, kind, zone)) if isinstance(value, str) else say(value, kind, zone)


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(str(number + 1) for number in numbers)


def style_of(status: Status, value: object) -> Style:
    """Green for a yes, red for a no or an error, yellow for what is open; bold for any other answer."""
    if status == "decided":
        return "good" if value == "approve" else ("bad" if value == "deny" else "bold")
    return "bad" if status == "error" else "open"


def output_words(output: Output, program: Program) -> str:
    """An output's value, or why it has none."""
    condition = ""
    if output.only_if is not None:
        condition = f", if {joined([_VALUES.get(word, word.replace('_', ' ')) for word in output.only_if], 'or')}"
    where = zone(program.timezone) if is_zone(program.timezone) else None
    if output.status == "decided" and output.value is not None:
        if output.net_of and isinstance(output.value, Money) and output.value.amount < 0:
            owed = Money(-output.value.amount, output.value.currency)
            return f"{say(owed, output.type)}, owed by the customer{condition}"
        return value_words(output.value, output.type, where) + condition + _held(output)
    so_far = "" if output.so_far is None else f"; {say(output.so_far, output.type, where)} so far"
    return f"{open_words(output, program)}{condition}{so_far}"


def net_words(output: Output) -> str | None:
    """The sum behind a net amount: `130.00 EUR goods - 9.00 EUR fee`; None if a part of it is not known."""
    found = ""
    for one in output.net_of if output.status == "decided" else ():
        if one.value is None:
            return None
        less = (one.flow == "charge") != (one.value.amount < 0)
        size = Money(abs(one.value.amount), one.value.currency)
        sign = ("-" if less else "+") if found else ("-" if less else "")
        name = one.label or one.output.rpartition(".")[2].replace("_", " ")
        found += f" {sign} {say(size, output.type)} {name}"
    return found.strip() or None


def _held(output: Output) -> str:
    if output.held is None:
        return ""
    return ", which is the most it can be" if output.held == "at_most" else ", as it is never below zero"


def open_words(output: Output, program: Program) -> str:
    """Why an output has no value, with the names of what is missing."""
    found = list(dict.fromkeys(_short(need.name) for need in output.needs))
    names = ", ".join(found[:_MAX_NAMES]) + (" and more" if len(found) > _MAX_NAMES else "")
    match output.status:
        case "needs_facts":
            return f"open, it hangs on {names}" if names else "open"
        case "referred":
            return f"a person decides ({joined([_KINDS[kind] for kind in output.kinds])})"
        case "not_covered":
            about = "; ".join(silences(output, program))
            return f"the policy does not say ({about})" if about else "the policy does not say"
        case "conflict":
            return "rules that must agree do not"
        case "error":
            return f"cannot be worked out ({names})" if names else "cannot be worked out"
        case _:
            return "does not apply"


def silences(output: Output, program: Program) -> Iterator[str]:
    """Where the text says nothing: the table none of whose rows fits, the rule that leaves it open, what no rule settles."""
    for need in dict.fromkeys(output.needs):
        place, _, name = need.name.partition(".")
        if need.kind == "silent":
            parameter = program.parameters.get(need.name)
            if parameter is not None and parameter.not_stated:
                yield f"no amount is stated for {parameter.label or need.name} in this market"
            else:
                yield f"{_stated_by(need.name, program)} leaves it open"
        elif need.kind == "conflict" and place in program.tables:
            yield f"rows of table {place} that must agree do not"
        elif need.kind == "not_covered" and place in program.tables:
            yield f"no row of table {place} fits"
        elif need.kind == "not_covered" and name and need.item != "option":
            yield f"no rule of {place} says anything about {name.replace('_', ' ')}"


def _stated_by(name: str, program: Program) -> str:
    """A rule or a table's row, by its name: a rule of the same name comes first."""
    if any(rule.id == name for decision in program.decisions.values() for rule in decision.rules):
        return f"rule {name}"
    table = next((table for table, rows in program.tables.items() if name in dict(rows)), None)
    return f"rule {name}" if table is None else f"row {name} of table {table}"


def _short(name: str) -> str:
    """A fact's path as it is; a formula, where that is what is waited for, not longer than a line takes."""
    return name if len(name) <= _MAX_NAME or " " not in name else name[: _MAX_NAME - 1].rstrip() + "…"


def deadline_words(one: Deadline, program: Program) -> str:
    """A window on one line: how it stands, its last day, and where it runs from."""
    anchor = "" if one.anchor is None else f" ({moment_words(one.anchor, one.zone, program)})"
    length = f"It is {one.lasts}" if one.lasts is not None else "How long it lasts is not known; it counts"
    return f"{window_name(one)}: {state_words(one, program)}. {length} {one.side} {one.anchor_fact}{anchor}."


def window_name(one: Deadline) -> str:
    """A window's label, or its name as words."""
    return one.label or one.window.replace("_", " ")


def state_words(one: Deadline, program: Program) -> str:
    """How a window stands: `over, the last day was 8 May 2026 in America/Chicago; this is day 34`."""
    end = end_words(one, program)
    past = "was" if one.state == "passed" else "is"
    day = "" if one.day is None or one.state in (None, "not begun") else f"; this is day {one.day}"
    kind = "end" if one.elapsed else "last day"
    limit = f", the {kind} {past} {end}" if end else ""
    state = {"open": "open", "passed": "over", "not begun": "not begun", None: "not known whether open or over"}
    return f"{state[one.state]}{limit}{day}"


def end_words(one: Deadline, program: Program) -> str:
    """When a window ends: its last moment where hours are counted, else its last day and the zone of that day."""
    if one.elapsed:
        return "" if one.end is None else moment_words(one.end, one.zone, program)
    if one.last_day is None:
        return ""
    return say(one.last_day) + (f" in {one.zone}" if one.zone is not None else "")


def need_words(one: Need) -> str:
    """A question, with who can answer it and the fact it is about."""
    source = _SOURCES.get(one.source or "", "")
    if one.ask is None:
        return f"What is {one.name}?" + (f" ({source})" if source else "")
    return f"{one.ask} ({', '.join(part for part in (source, one.name) if part)})"


def awaited_words(one: Awaited, output: Output, program: Program) -> str:
    """A value that somebody else sets: `repair fee: the workshop sets it, from 22.00 EUR to 100.00 EUR. Why it must.`"""
    place = zone(program.timezone)
    least, most = (None if b is None else say(b, one.type, place) for b in (one.at_least, one.at_most))
    bounds = {
        (True, True): f", from {least} to {most}",
        (True, False): f", at least {least}",
        (False, True): f", at most {most}",
        (False, False): f", one of {joined([word.replace('_', ' ') for word in one.one_of])}" if one.one_of else "",
    }[least is not None, most is not None]
    who = "somebody outside tells it" if one.who == "outside" else f"the {one.who.replace('_', ' ')} sets it"
    return f"{output.label or one.output.replace('_', ' ')}: {who}{bounds}. {one.why or ''}".rstrip()


def moment_words(value: date | datetime, where: str | None, program: Program) -> str:
    """A day, or an instant on the clock of a zone."""
    return say(value, None, zone(where or program.timezone))


def place_words(item: str | None, identity: str | None) -> str:
    """A member of the request: `Line 1 (id 466)`."""
    if item is None:
        return "The whole order"
    name, _, number = item.rpartition("[")
    word = name.rpartition(".")[2].removesuffix("s").replace("_", " ").capitalize()
    shown = f"{word} {int(number.removesuffix(']')) + 1}"
    return f"{shown} (id {identity})" if identity is not None else shown
