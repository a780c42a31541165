"""Outputs that read outputs: the graph between them has no circle, and this is where a circle is named."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from engine.base.diagnostics import Place, Report
from engine.language import core as c
from engine.language.walk import below, output_parts

Key = tuple[str, str]

T = TypeVar("T", bound=Hashable)


def check_output_circles(decisions: Mapping[str, c.CoreDecision], report: Report) -> None:
    """Report every group of outputs that read one another in a circle, with each member's place."""
    graph: dict[Key, dict[Key, None]] = {}
    for decision in decisions.values():
        for output in decision.outputs.values():
            edges: dict[Key, None] = {}
            for expr in below(output_parts(decision, output)):
                if isinstance(expr, c.OutputRef):
                    edges.update(dict.fromkeys(_read(decisions, expr)))
            if output.only_when is not None:
                edges[decision.id, decision.headline] = None
            graph[decision.id, output.id] = edges
    for circle in circles(graph):
        spans = [decisions[d].outputs[o].span for d, o in circle]
        names = [f"{d}.{o}" for d, o in circle]
        report.add(
            "cycle",
            "outputs read each other in a circle: " + " -> ".join([*names, names[0]]),
            spans[0],
            help="an output cannot rest on itself; conclude one of them from facts",
            also=[Place(s, f"`{n}`") for s, n in zip(spans[1:], names[1:], strict=True)],
        )


def _read(decisions: Mapping[str, c.CoreDecision], ref: c.OutputRef) -> list[Key]:
    """What reading an output rests on: the output, and the headline it may hang on."""
    decision = decisions.get(ref.decision)
    if decision is None or ref.output not in decision.outputs:
        return []
    return [(ref.decision, ref.output)]


def circles(graph: Mapping[T, Mapping[T, None]]) -> list[list[T]]:
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
