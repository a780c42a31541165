"""Comparing an answer with what a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import get_args

from engine.language.decision import Deadline, Decision, Output
from engine.language.located import Mapping as YamlMapping
from engine.language.located import Node, Scalar, Sequence
from engine.language.outcome import Mixed, Status
from engine.language.values import DateSpan, TenderShare, Value
from engine.language.wording import plain
from engine.read.load import words_of
from engine.testing.given import written_at
from engine.testing.model import Difference, WorkedCase
from engine.values.moments import parse_date, parse_instant
from engine.values.money import Money
from engine.values.numbers import parse_decimal

_STATUSES = set(get_args(Status))


class Comparison:
    """One case against its answer."""

    def __init__(self, case: WorkedCase, decision: Decision) -> None:
        self.case = case
        self.decision = decision

    def differences(self) -> Iterator[Difference]:
        """Everything that came out otherwise."""
        expected, decision = self.case.expected, self.decision
        yield from _word("version", expected.version, decision.version)
        yield from _word("status", expected.status, decision.status)
        yield from _word("verdict", expected.verdict, decision.verdict)
        yield from _set("why", expected.why, decision.why)
        yield from self._outputs("", expected.outputs, decision.outputs)
        yield from self._lines()
        said = [r.rule for m in decision.members for r in m.reasons if decision.headline in r.outputs]
        yield from _set("rules", expected.rules, tuple(dict.fromkeys(said)))
        yield from _set("needs", expected.needs, tuple(n.name for n in decision.may_need))
        yield from _word("ask_first", expected.ask_first, decision.ask_first)
        yield from self._deadlines()
        yield from self._instead()
        yield from self._leaning()
        missing = [r for r in words_of(expected.rests_on) if r not in decision.rests_on]
        if missing and expected.rests_on is not None:
            yield _difference("rests_on", ", ".join(missing), ", ".join(decision.rests_on), expected.rests_on)
        yield from self._problems()
        text = " ".join(decision.messages)
        for words in words_of(expected.messages):
            if words not in text and expected.messages is not None:
                yield _difference("messages", words, text or "no message", expected.messages)

    def _problems(self) -> Iterator[Difference]:
        """Inputs that cannot be right. A case that does not expect any fails over one, so that no typo passes."""
        expected, found = self.case.expected, self.decision.problems
        if expected.problems is not None:
            yield from _set("problems", expected.problems, tuple(p.path for p in found))
        elif self.has_wrong_facts:
            places = [written_at(self.case.given, p.path) for p in found]
            said = [f"{p.path}: {p.diagnostic.message}" for p in found]
            shown = [f"{one} ({at})" if at else one for one, at in zip(said, places, strict=True)]
            helps = dict.fromkeys(p.diagnostic.help for p in found if p.diagnostic.help)
            span = next((at for at in places if at), self.case.expect_span)
            yield Difference("problems", "none", "; ".join(shown), span, "; ".join(helps) or None)

    @property
    def has_wrong_facts(self) -> bool:
        """Whether there are inputs that cannot be right and the case expects none: everything else follows from that."""
        found = self.case.expected.problems is None and bool(self.decision.problems)
        return found and not self._expects_an_error()

    def _expects_an_error(self) -> bool:
        expected = self.case.expected
        status = expected.status.text if isinstance(expected.status, Scalar) else None
        nodes = [*expected.outputs.values(), *(n for line in expected.lines for n in line.values())]
        errors = any(isinstance(n, Scalar) and n.text == "error" for n in nodes)
        return status == "error" or errors or "invalid_input" in words_of(expected.why)

    def _outputs(self, where: str, nodes: Mapping[str, Node], outputs: Mapping[str, Output]) -> Iterator[Difference]:
        for name, node in nodes.items():
            output = outputs.get(name)
            if output is None or not fits(node, output):
                shown = "nothing (there is no answer)" if output is None else show_output(output)
                yield _difference(f"{where}{name}", show(node), shown, node)

    def _lines(self) -> Iterator[Difference]:
        lines = self.case.expected.lines
        if lines and len(lines) != len(self.decision.members):
            yield Difference(
                "lines", f"{len(lines)} lines", f"{len(self.decision.members)} lines", self.case.expect_span
            )
            return
        for i, (nodes, member) in enumerate(zip(lines, self.decision.members, strict=False)):
            yield from self._outputs(f"lines[{i}].", nodes, member.outputs)

    def _deadlines(self) -> Iterator[Difference]:
        found: dict[str, Deadline] = {}
        for member in self.decision.members:
            for deadline in member.deadlines:
                found.setdefault(deadline.window, deadline)
        for name, node in self.case.expected.deadlines.items():
            actual = found.get(name)
            parts = dict(_parts(node)) if isinstance(node, YamlMapping) else {"last_day": node}
            for key, value in parts.items():
                is_value = None if actual is None else getattr(actual, key, None)
                if not _value_fits(value, is_value):
                    shown = "no such deadline" if actual is None else str(plain(is_value))
                    yield _difference(f"deadlines.{name}.{key}", show(value), shown, value)

    def _instead(self) -> Iterator[Difference]:
        for name, node in self.case.expected.instead.items():
            for member in self.decision.members:
                option = next((o for o in member.instead if o.option == name), None)
                if option is None:
                    yield _difference(f"instead.{name}", show(node), "not among the other options", node)
                elif isinstance(node, YamlMapping):
                    yield from self._outputs(f"instead.{name}.", dict(_parts(node)), option.outputs)
                elif show(node) != option.verdict:
                    yield _difference(f"instead.{name}", show(node), option.verdict, node)

    def _leaning(self) -> Iterator[Difference]:
        """What the rules that hand over to a person lean to: all of those that say something must say this."""
        for name, node in self.case.expected.leaning.items():
            found = [r.leaning[name] for m in self.decision.members for r in m.reasons if name in r.leaning]
            fits_all = all(_value_fits(node, value) for value in found) if found else _value_fits(node, None)
            if not fits_all:
                shown = ", ".join(dict.fromkeys(show_value(value) for value in found)) or "nothing"
                yield _difference(f"leaning.{name}", show(node), shown, node)


def _parts(node: YamlMapping) -> Iterator[tuple[str, Node]]:
    return ((key.text, value) for key, value in node)


def _difference(what: str, expected: str, actual: str, node: Node) -> Difference:
    return Difference(what, expected, actual, node.span)


def _word(what: str, node: Node | None, actual: str | None) -> Iterator[Difference]:
    if isinstance(node, Scalar) and node.text != actual:
        yield _difference(what, node.text, actual or "nothing", node)


def _set(what: str, node: Node | None, actual: tuple[str, ...]) -> Iterator[Difference]:
    if node is not None and set(words_of(node)) != set(actual):
        yield _difference(what, ", ".join(words_of(node)) or "nothing", ", ".join(actual) or "nothing", node)


def show(node: Node) -> str:
    """An expected value as it was written, on one line."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return "[" + ", ".join(show(item) for item in node.items) + "]"
        case YamlMapping():
            return "{" + ", ".join(f"{key.text}: {show(value)}" for key, value in node) + "}"


def show_output(output: Output) -> str:
    """An output as it came out: its value, or its status and what it waits for."""
    if output.status == "decided" and output.value is not None:
        return show_value(output.value)
    needs = ", ".join(dict.fromkeys(n.name for n in output.needs))
    return f"{output.status} ({needs})" if needs else output.status


def show_value(value: Value | Mixed) -> str:
    """A value as an author would write it in a case."""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, TenderShare):
        return f"{value.kind} {value.amount}"
    if isinstance(value, tuple):
        return "[" + ", ".join(show_value(part) for part in value) + "]"
    data = plain(value)
    return str(data)


def fits(node: Node, output: Output) -> bool:
    """Whether an output is as expected: a value, a status, or {status, value, so_far}."""
    if isinstance(node, YamlMapping) and node.get("status") is not None:
        status, value, so_far = node.get("status"), node.get("value"), node.get("so_far")
        good = isinstance(status, Scalar) and status.text == output.status
        good = good and (value is None or _value_fits(value, output.value))
        return good and (so_far is None or _value_fits(so_far, output.so_far))
    if output.status != "decided":
        word = node.text if isinstance(node, Scalar) else None
        return word == output.status or (word == "review" and output.status == "referred")
    return _value_fits(node, output.value)


def _value_fits(node: Node, value: Value | Mixed | None) -> bool:
    text = node.text if isinstance(node, Scalar) else None
    match value:
        case None:
            return text in ("nothing", "null", "")
        case bool():
            return text == ("true" if value else "false")
        case int() | Fraction():
            return text is not None and _number(text) == Fraction(value)
        case Money(amount=amount, currency=currency):
            number, _, code = (text or "").partition(" ")
            return parse_decimal(number) == amount and code in ("", currency)
        case datetime():
            return text is not None and parse_instant(text) == value
        case date():
            return text is not None and parse_date(text) == value
        case DateSpan(first=first, last=last):
            start, _, end = (text or "").partition(" to ")
            return parse_date(start) == first and parse_date(end or start) == last
        case Mixed():
            return text == "mixed"
        case tuple():
            return _tuple_fits(node, value)
        case TenderShare():
            return text == f"{value.kind} {value.amount}"
    return text == str(value)


def _number(text: str) -> Fraction | None:
    if text.endswith("%"):
        part = parse_decimal(text[:-1].strip())
        return None if part is None else part / 100
    return parse_decimal(text)


def _tuple_fits(node: Node, value: tuple[Value, ...]) -> bool:
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Scalar) and node.text in ("[]", "nothing"):
        items = ()
    if len(items) != len(value):
        return False
    if all(isinstance(v, str) for v in value):
        return {i.text for i in items if isinstance(i, Scalar)} == set(value)
    return all(_value_fits(i, v) for i, v in zip(items, value, strict=True))
