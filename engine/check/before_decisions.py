"""What is settled before any decision: checks, whether a fact exists, and whom the policy speaks about.

These rest on facts alone. One that read an output would wait for itself, since outputs wait for all three
(`docs/semantics.md`, steps 2 and 16). Nor may facts hang on one another in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.check.outputs import circles
from engine.language import core as c
from engine.language.case import Path
from engine.language.joined import in_order, joined_names
from engine.language.types import Record
from engine.language.walk import below, with_places


def check_before_decisions(
    checks: Iterable[c.CoreCheck],
    only_when: Iterable[c.OnlyWhen],
    applies: c.Expr | None,
    facts: Record,
    report: Report,
) -> None:
    """Report conditions that read an output although they come before all outputs, and circles of `only_when`.

    `facts` are all facts of a case, the policy's own among them.
    """
    conditions = tuple(only_when)
    for check in checks:
        _no_outputs(check.must, "a check", report)
    for only in conditions:
        _no_outputs(only.condition, "`only_when`", report)
    if applies is not None:
        _no_outputs(applies, "`applies_when`", report)
    if report.ok:
        _no_circles(conditions, joined_names(facts), report)


def _no_outputs(root: c.Expr, what: str, report: Report) -> None:
    for expr in below([root]):
        if isinstance(expr, c.OutputRef):
            report.add(
                "name-not-here",
                f"{what} is settled before any decision, so it cannot read `{expr.decision}.{expr.output}`",
                expr.span,
                help="say it with facts",
                also=[] if _inside(expr.span, root.span) else [Place(root.span, "it is used here")],
            )


def _inside(part: Span, whole: Span) -> bool:
    return part.source is whole.source and whole.start <= part.start and part.end <= whole.end


def _no_circles(conditions: tuple[c.OnlyWhen, ...], of_order_lines: frozenset[str], report: Report) -> None:
    by_fact = {only.pattern: only for only in conditions}
    graph = {
        pattern: {read: None for path in _facts_read(only) if (read := in_order(path, of_order_lines)) in by_fact}
        for pattern, only in by_fact.items()
    }
    for found in circles(graph):
        first = min(range(len(found)), key=lambda i: by_fact[found[i]].condition.span.start)
        circle = found[first:] + found[:first]
        names = [_name(pattern) for pattern in circle]
        spans = [by_fact[pattern].condition.span for pattern in circle]
        report.add(
            "cycle",
            "each of these facts exists only if the next one does: "
            + " -> ".join(f"`{n}`" for n in [*names, names[0]]),
            spans[0],
            help="a fact cannot hang on itself; break the circle at one of these places",
            also=[Place(span, f"`{name}`") for span, name in zip(spans[1:], names[1:], strict=True)],
        )


def _facts_read(only: c.OnlyWhen) -> Iterator[Path]:
    """The facts that a condition reads, as patterns with "*" for the members of lists."""
    at: dict[str, Path] = {}
    if only.variable is not None:
        last = max(i for i, part in enumerate(only.pattern) if part == "*")
        at[only.variable] = only.pattern[: last + 1]
    for expr, places in with_places([only.condition], at):
        if isinstance(expr, c.FactRef):
            yield (*(places.get(expr.variable, ()) if expr.variable is not None else ()), *expr.fields)


def _name(pattern: Path) -> str:
    """A fact as a policy names it."""
    if pattern[:3] in (("request", "lines", "*"), ("order", "lines", "*")):
        pattern = ("line", *pattern[3:])
    return ".".join(str(part) for part in pattern if part != "*")
