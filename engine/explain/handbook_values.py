"""The pages of a policy's handbook about what it sets: parameters, tables, checks, guarantees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import model as m
from engine.language.located import Mapping, Node, Scalar, Sequence


def values(policy: m.Policy) -> Iterator[str]:
    """The parameters with their values, and the tables with their cells."""
    if policy.parameters:
        yield from ("", "## Parameters", "")
        for parameter in policy.parameters:
            label = f", {parameter.label}" if parameter.label else ""
            yield f"- **{parameter.id}**{label}: {parameter_value(parameter)}{cited(parameter.cites)}"
    for table in policy.tables:
        yield from ("", f"## Table {table.id}" + (f": {table.label}" if table.label else ""), "")
        yield from _table(table)


def promises(policy: m.Policy) -> Iterator[str]:
    """The relations without which a case is impossible, and what holds for every case."""
    if policy.checks:
        yield from ("", "## Checks", "", "A case in which one of them is false is an error.", "")
        for check in policy.checks:
            yield f"- **{check.id}**: {joined(check.must)}. {one_line(check.says)}{cited(check.cites)}"
    if policy.guarantees:
        yield from ("", "## Guarantees", "", "They hold for every case; the worked cases are held against them.", "")
        for one in policy.guarantees:
            whenever = f"whenever {joined(one.whenever)}: " if one.whenever else "always: "
            says = f" {one_line(one.says)}" if one.says else ""
            yield f"- **{one.id}**: {whenever}{joined(one.then)}.{says}{cited(one.cites)}"


def parameter_value(parameter: m.Parameter) -> str:
    """What a parameter is: its value, its values in order of time, or why it has none."""
    if parameter.value is not None:
        return node_text(parameter.value)
    if parameter.dated:
        by = one_line(parameter.by.text.text) if parameter.by is not None else "request.at"
        parts = [
            node_text(node) if start is None else f"{node_text(node)} from {start} on"
            for start, node in parameter.dated
            if node is not None
        ]
        return f"by {by}: {'; '.join(parts)}"
    because = f": {one_line(parameter.because)}" if parameter.because else ""
    return f"not set, {(parameter.refer_as or 'vague').replace('_', ' ')}{because}"


def _table(table: m.Table) -> Iterator[str]:
    columns = [name for name, _ in table.columns]
    given = [name for name, _ in table.gives]
    for name, looked_at in table.columns:
        yield f"- `{name}` is {one_line(looked_at.text.text)}"
    yield ""
    yield _row(["row", *columns, *given, "from"])
    yield _row(["---"] * (len(columns) + len(given) + 2))
    for row in table.rows:
        cells = {cell.column: one_line(cell.span.text).strip("'\"") for cell in row.inputs}
        results = {name: node_text(node) for name, node in row.results}
        found = [cells.get(name, "any") for name in columns] + [results.get(name, "") for name in given]
        yield _row([row.id, *found, ", ".join(cite.name for cite in row.cites)])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def node_text(node: Node) -> str:
    """A written value on one line: `12.00 USD`, `[a, b]`, `ask: workshop`."""
    match node:
        case Scalar():
            return one_line(node.text)
        case Sequence():
            return "[" + ", ".join(node_text(item) for item in node.items) + "]"
        case Mapping():
            return ", ".join(f"{key.text}: {node_text(value)}" for key, value in node)


def joined(parts: Iterable[m.Written]) -> str:
    """Conditions that must all hold, on one line."""
    texts = [one_line(part.text.text) for part in parts]
    return " and ".join(f"({text})" if " or " in text and len(texts) > 1 else text for text in texts)


def one_line(text: str) -> str:
    """The text without its line ends."""
    return " ".join(text.split())


def cited(cites: Iterable[m.Cite]) -> str:
    """The clauses something stands on, in brackets; nothing if there are none."""
    names = ", ".join(cite.name for cite in cites)
    return f" [{names}]" if names else ""
