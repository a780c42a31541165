"""Outputs that read outputs: the graph between them has no circle, and this is where a circle is named."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.language import core as c
from engine.language.walk import below, output_parts

T = TypeVar("T", bound=Hashable)
Key = tuple[str, str]
Edges = dict[Key, dict[Key, Span]]
"""For each output, the outputs it rests on, each with the place where it is read."""


def check_output_circles(decisions: Mapping[str, c.CoreDecision], report: Report) -> None:
    """Report every group of outputs that read one another in a circle, with the places where they do."""
    graph: Edges = {}
    for decision in decisions.values():
        for output in decision.outputs.values():
            edges: dict[Key, Span] = {}
            for expr in below(output_parts(decision, output)):
                if isinstance(expr, c.OutputRef):
                    edges.setdefault((expr.decision, expr.output), expr.span)
            if output.only_when is not None:
                edges.setdefault((decision.id, decision.headline), output.span)
            graph[decision.id, output.id] = edges
    for circle in circles(graph):
        _report(circle, graph, report)


def _report(circle: list[Key], graph: Edges, report: Report) -> None:
    names = [".".join(key) for key in circle]
    read = [graph[key][other] for key, other in zip(circle, [*circle[1:], circle[0]], strict=True)]
    if len(circle) == 1:
        message = f"output `{names[0]}` rests on itself"
    else:
        message = "these outputs rest on one another: " + " -> ".join(f"`{n}`" for n in [*names, names[0]])
    report.add(
        "cycle",
        message,
        read[0],
        help="conclude one of them from facts alone"
        if len(circle) > 1
        else "conclude it from facts, or from other outputs",
        also=[
            Place(span, f"here `{names[i]}` reads `{names[(i + 1) % len(names)]}`")
            for i, span in enumerate(read)
            if i > 0
        ],
    )


def circles(graph: Mapping[T, Mapping[T, object]]) -> list[list[T]]:
    """One circle for each knot of the graph (depth first, without recursion)."""
    found: list[list[T]] = []
    done: set[T] = set()
    for start in graph:
        if start in done:
            continue
        path: list[T] = [start]
        stack = [iter(graph[start])]
        while stack:
            step = next((k for k in stack[-1] if k in graph and k not in done), None)
            if step is None:
                stack.pop()
                done.add(path.pop())
            elif step in path:
                found.append(path[path.index(step) :])
                done.update(path)
                break
            else:
                path.append(step)
                stack.append(iter(graph[step]))
    return found
