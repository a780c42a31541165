"""Rows of a table that surely fit the same case: found where their cells are written with fixed values.

A table of several hundred rows has a hundred thousand pairs of rows, so every value is first turned into a small number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from engine.base.diagnostics import Place, Report
from engine.check.constants import rank
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.types import Integer, Type

Stretch = tuple[int, int]
"""What a range lets in: from and to, both in, where the value of place i is 2 * i and odd numbers lie between values."""


@dataclass(frozen=True)
class _Cell:
    """What a cell lets in: everything, what no other row names, stretches, or values that have no order."""

    any: bool
    other: bool
    stretches: tuple[Stretch, ...]
    values: frozenset[object]

    def meets(self, other: _Cell) -> bool:
        """Whether both surely let a common value in."""
        if self.any or other.any:
            return True
        if self.other or other.other:
            return self.other and other.other
        if self.values & other.values:
            return True
        return any(max(a, x) <= min(b, y) for a, b in self.stretches for x, y in other.stretches)


def report_overlaps(
    table: m.Table, rules: tuple[c.CoreRule, ...], columns: Mapping[str, c.Expr], report: Report
) -> None:
    """Report rows that surely fit the same case and give different fixed values. `rules` stand parallel to the rows."""
    cells: list[dict[str, _Cell]] = [{} for _ in table.rows]
    for name, column in columns.items():
        written = [next((cell for cell in row.inputs if cell.column == name), None) for row in table.rows]
        for at, cell in enumerate(_cells(written, column.type)):
            if cell is not None:
                cells[at][name] = cell
    results = _results(rules)
    for i, row in enumerate(table.rows):
        for j, other in enumerate(table.rows[:i]):
            output = _disagree(results[i], results[j])
            if output is not None and _meet(cells[i], cells[j]):
                report.add(
                    "table-overlap",
                    f"rows `{other.id}` and `{row.id}` fit the same case and give different `{output}`",
                    row.span,
                    help="make a cell of one of them narrower, so that no case fits both",
                    also=[Place(other.span, "the other row")],
                )


def _results(rules: Iterable[c.CoreRule]) -> list[dict[str, int]]:
    """The fixed results of each row, equal ones with the same number."""
    numbers: dict[object, int] = {}
    return [
        {
            name: numbers.setdefault((type(value.value), value.value), len(numbers))
            for name, value in rule.then.items()
            if isinstance(value, c.Const)
        }
        for rule in rules
    ]


def _disagree(ours: Mapping[str, int], theirs: Mapping[str, int]) -> str | None:
    return next((name for name, value in ours.items() if theirs.get(name, value) != value), None)


def _meet(ours: Mapping[str, _Cell], theirs: Mapping[str, _Cell]) -> bool:
    return ours.keys() == theirs.keys() and all(cell.meets(theirs[name]) for name, cell in ours.items())


# one column ----------------------------------------------------------------------------------------------------------


def _cells(written: list[m.InputCell | None], kind: Type) -> Iterator[_Cell | None]:
    ends = {end for cell in written if cell is not None for piece in _pieces(cell) for end in _ends(piece, kind)}
    places = {end: 2 * i for i, end in enumerate(sorted(ends))}
    for cell in written:
        if cell is None:
            yield None
            continue
        stretches: list[Stretch] = []
        values: set[object] = set()
        for piece in _pieces(cell):
            stretch = _stretch(piece, kind, places)
            if stretch is None:
                values.add((type(piece.value), piece.value) if isinstance(piece, s.Literal) else piece)
            else:
                stretches.append(stretch)
        kinds = {part.kind for part in cell.cells}
        yield _Cell("any" in kinds, "other" in kinds, tuple(stretches), frozenset(values))


def _pieces(cell: m.InputCell) -> Iterator[s.Node]:
    for part in cell.cells:
        yield from part.values
        if part.range is not None:
            yield part.range


def _rank(node: s.Node | None, kind: Type) -> Fraction | None:
    return rank(node.value, kind) if isinstance(node, s.Literal) else None


def _bounds(piece: s.Node, kind: Type) -> tuple[Fraction | None, Fraction | None, bool, bool] | None:
    """The ends of a value or range and whether they are in; None if they are not fixed, or have no order."""
    if not isinstance(piece, s.Range):
        size = _rank(piece, kind)
        return None if size is None else (size, size, True, True)
    low, high = _rank(piece.low, kind), _rank(piece.high, kind)
    if (piece.low is not None and low is None) or (piece.high is not None and high is None):
        return None
    if not isinstance(kind, Integer):
        return low, high, piece.low_in, piece.high_in
    # between 10 and 11 there is no whole number
    first = low if low is None else Fraction(ceil(low) if piece.low_in else floor(low) + 1)
    last = high if high is None else Fraction(floor(high) if piece.high_in else ceil(high) - 1)
    return first, last, True, True


def _ends(piece: s.Node, kind: Type) -> Iterator[Fraction]:
    bounds = _bounds(piece, kind)
    if bounds is not None:
        yield from (end for end in bounds[:2] if end is not None)


def _stretch(piece: s.Node, kind: Type, places: Mapping[Fraction, int]) -> Stretch | None:
    bounds = _bounds(piece, kind)
    if bounds is None:
        return None
    low, high, low_in, high_in = bounds
    first = -1 if low is None else places[low] + (not low_in)
    last = 2 * len(places) if high is None else places[high] - (not high_in)
    return first, last
