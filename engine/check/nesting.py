"""How deep evaluation goes: a definition leads to a definition, an output to an output, and a table lies between.

Whatever walks a policy calls itself once for each level, and Python lets it do so about a thousand times. A policy that
goes too deep is refused here, so that no case can bring a deep one down later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.language import core as c
from engine.language.case import Path
from engine.language.walk import children, output_parts

MAX_LEVELS = 120
"""The most levels; one condition has at most half as many."""

_NAMED, _OVER, _WINDOW, _FACT, _TABLE, _OUTPUT = 2, 2, 2, 2, 4, 5
"""What passing through each costs, in levels: about as many calls as so many operators."""


def check_nesting(
    decisions: Mapping[str, c.CoreDecision], only_when: Iterable[c.OnlyWhen], roots: Iterable[c.Expr], report: Report
) -> None:
    """Report each expression below `roots` at which the limit is passed."""
    measure = _Measure(decisions, only_when)
    for expr in roots:
        measure.levels(expr)
    for expr in measure.too_deep:
        too_deep(expr.span, report)


def too_deep(span: Span, report: Report) -> None:
    """Report a place at which the limit is passed."""
    report.add(
        "condition-too-deep",
        f"with all that it leads through, this goes more than {MAX_LEVELS} levels deep",
        span,
        help="shorten the chain of definitions, tables and outputs that read one another",
    )


class _Measure:
    def __init__(self, decisions: Mapping[str, c.CoreDecision], only_when: Iterable[c.OnlyWhen]) -> None:
        self.decisions = decisions
        self.exists: dict[Path, list[c.Expr]] = {}
        for only in only_when:
            self.exists.setdefault(_inner(only.pattern), []).append(only.condition)
        self.known: dict[int, int] = {}
        self.begun: set[int] = set()
        self.too_deep: list[c.Expr] = []
        """The expressions that are too deep although none of their parts is."""

    def levels(self, root: c.Expr) -> int:
        """How deep an expression goes (parts first, without recursion)."""
        pending = [root]
        while pending:
            expr = pending[-1]
            if id(expr) in self.known:
                pending.pop()
                continue
            parts = self.parts(expr)
            missing = [part for part in parts if id(part) not in self.known and id(part) not in self.begun]
            self.begun.add(id(expr))
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            below = max((self.known.get(id(part), 0) for part in parts), default=0)
            self.known[id(expr)] = below + _cost(expr)
            if below <= MAX_LEVELS < self.known[id(expr)]:
                self.too_deep.append(expr)
        return self.known[id(root)]

    def parts(self, expr: c.Expr) -> tuple[c.Expr, ...]:
        """What an expression leads to: a fact to the conditions it may hang on, an output to all it rests on."""
        if isinstance(expr, c.FactRef):
            return tuple(self.exists.get(expr.fields, ()))
        if not isinstance(expr, c.OutputRef):
            return children(expr)
        decision = self.decisions.get(expr.decision)
        output = decision.outputs.get(expr.output) if decision is not None else None
        if decision is None or output is None:
            return ()
        found = list(output_parts(decision, output))
        if output.only_when is not None:
            found.extend(output_parts(decision, decision.outputs[decision.headline]))
        return tuple(found)


def _inner(pattern: Path) -> Path:
    """A pattern as conditions read it: in full, or from the member of a list on."""
    stars = [i for i, part in enumerate(pattern) if part == "*"]
    return pattern[stars[-1] + 1 :] if stars else pattern


def _cost(expr: c.Expr) -> int:
    match expr:
        case c.Named():
            return _NAMED
        case c.Over():
            return _OVER
        case c.WindowTest() | c.WindowPart():
            return _WINDOW
        case c.FactRef():
            return _FACT
        case c.TableRead():
            return _TABLE
        case c.OutputRef():
            return _OUTPUT
    return 1
