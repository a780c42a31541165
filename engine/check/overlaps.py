"""Rows of a table that surely fit the same case: found where their cells are written with fixed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from engine.base.diagnostics import Place, Report
from engine.check.constants import rank
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.types import Integer, Type


@dataclass(frozen=True)
class _Stretch:
    """What a range lets in, by rank; None is open."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool
    high_in: bool

    def meets(self, other: _Stretch) -> bool:
        """Whether a value can lie in both."""
        low, low_in = max((x for x in (self._lower(), other._lower()) if x), key=_from_below, default=(None, True))
        high, high_in = min((x for x in (self._upper(), other._upper()) if x), key=_from_above, default=(None, True))
        if low is None or high is None:
            return True
        return low < high or (low == high and low_in and high_in)

    def _lower(self) -> tuple[Fraction, bool] | None:
        return None if self.low is None else (self.low, self.low_in)

    def _upper(self) -> tuple[Fraction, bool] | None:
        return None if self.high is None else (self.high, self.high_in)


def _from_below(end: tuple[Fraction, bool]) -> tuple[Fraction, bool]:
    return end[0], not end[1]


def _from_above(end: tuple[Fraction, bool]) -> tuple[Fraction, bool]:
    return end[0], end[1]


def report_overlaps(
    table: m.Table, rules: tuple[c.CoreRule, ...], columns: Mapping[str, c.Expr], report: Report
) -> None:
    """Report rows that surely fit the same case and give different fixed values. `rules` stand parallel to the rows."""
    for i, (row, rule) in enumerate(zip(table.rows, rules, strict=True)):
        for other, earlier in zip(table.rows[:i], rules[:i], strict=True):
            name = _disagree(rule, earlier)
            if name is not None and _meet(row, other, columns):
                report.add(
                    "table-overlap",
                    f"rows `{other.id}` and `{row.id}` fit the same case and give different `{name}`",
                    row.span,
                    help="make a cell of one of them narrower, so that no case fits both",
                    also=[Place(other.span, "the other row")],
                )


def _disagree(rule: c.CoreRule, other: c.CoreRule) -> str | None:
    for name, value in rule.then.items():
        before = other.then.get(name)
        if isinstance(value, c.Const) and isinstance(before, c.Const) and value.value != before.value:
            return name
    return None


def _meet(row: m.Row, other: m.Row, columns: Mapping[str, c.Expr]) -> bool:
    theirs = {cell.column: cell for cell in other.inputs}
    return all(
        cell.column in theirs and _cells_meet(cell, theirs[cell.column], columns[cell.column].type)
        for cell in row.inputs
    )


def _cells_meet(a: m.InputCell, b: m.InputCell, kind: Type) -> bool:
    """Whether two cells of one column surely let a common value in."""
    kinds = {part.kind for part in a.cells + b.cells}
    if "any" in kinds:
        return True
    if "other" in kinds:
        return kinds == {"other"}
    ours = [p for part in a.cells for p in (*part.values, part.range) if p is not None]
    return any(_pieces_meet(p, q, kind) for p in ours for part in b.cells for q in (*part.values, part.range) if q)


def _pieces_meet(a: s.Node, b: s.Node, kind: Type) -> bool:
    if a == b:
        return True
    first, second = _stretch(a, kind), _stretch(b, kind)
    return first is not None and second is not None and first.meets(second)


def _stretch(node: s.Node, kind: Type) -> _Stretch | None:
    """A value or range as a stretch of ranks; None if its ends are not fixed, or have no order."""
    if not isinstance(node, s.Range):
        size = _rank(node, kind)
        return None if size is None else _Stretch(size, size, True, True)
    low, high = _rank(node.low, kind), _rank(node.high, kind)
    if (node.low is not None and low is None) or (node.high is not None and high is None):
        return None
    low_in, high_in = node.low_in, node.high_in
    if isinstance(kind, Integer):  # between 10 and 11 there is nothing
        low = low if low is None else Fraction(ceil(low) if low_in else floor(low) + 1)
        high = high if high is None else Fraction(floor(high) if high_in else ceil(high) - 1)
        low_in = high_in = True
    return _Stretch(low, high, low_in, high_in)


def _rank(node: s.Node | None, kind: Type) -> Fraction | None:
    return rank(node.value, kind) if isinstance(node, s.Literal) else None
