"""Tables unfolded into rules: a table is a small decision whose rows must agree where they overlap."""

from __future__ import annotations

from engine.base.diagnostics import Place
from engine.base.suggest import did_you_mean
from engine.check import operations
from engine.check.asked import asked, is_asked
from engine.check.declarations import Parse, type_of
from engine.check.expressions import Elaborator
from engine.check.scope import Scope
from engine.check.typing import coerce, comparable
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.located import Mapping, Scalar
from engine.language.types import Boolean, Type


class TableElaborator:
    """Binds a table's columns where it is read; the rows become rules with the combine `unique`."""

    def __init__(self, el: Elaborator, parse: Parse) -> None:
        self.el = el
        self.parse = parse
        self._made: dict[tuple[object, ...], dict[str, c.CoreOutput] | None] = {}
        self._open: list[str] = []

    def read(self, node: s.Name, scope: Scope) -> c.Expr | None:
        """`table.output` as an expression."""
        table = self.el.symbols.tables[node.parts[0]]
        if table.id in self._open:
            self.el.report.add(
                "cycle", f"table `{table.id}` reads itself", node.span, help="a table does not look at tables"
            )
            return None
        key = (table.id, scope.key, scope.depth)
        if key not in self._made:
            self._open.append(table.id)
            self._made[key] = self._outputs(table, scope)
            self._open.pop()
        outputs = self._made[key]
        if outputs is None:
            return None
        output = outputs.get(node.parts[1])
        if output is None or len(node.parts) > 2:
            self.el.report.add(
                "name-unknown",
                f"table `{table.id}` gives no `{'.'.join(node.parts[1:])}`",
                node.span,
                help=did_you_mean(node.parts[1], outputs),
            )
            return None
        return c.TableRead(type=output.type, span=node.span, table=table.id, output=output)

    def _outputs(self, table: m.Table, scope: Scope) -> dict[str, c.CoreOutput] | None:
        columns: dict[str, c.Expr] = {}
        for name, written in table.columns:
            expr = self.el.expr(written.node, scope)
            if expr is None:
                return None
            columns[name] = expr
        types: dict[str, Type] = {}
        for name, node in table.gives:
            kind = type_of(node, self.el.symbols.currency, self.el.report)
            if kind is None:
                return None
            types[name] = kind
        rules = [self._row(table, row, columns, types, scope) for row in table.rows]
        made = tuple(r for r in rules if r is not None)
        if len(made) == len(rules):
            self._overlaps(table, made)
        return {
            name: c.CoreOutput(
                id=name,
                type=kind,
                combine="unique",
                roll_up=None,
                only_when=None,
                label=table.label,
                words=(),
                rules=tuple(r for r in made if name in r.then),
                over={},
                otherwise=None,
                split_of=None,
                split_order=(),
                rounding=None,
                span=table.span,
            )
            for name, kind in types.items()
        }

    def _row(
        self, table: m.Table, row: m.Row, columns: dict[str, c.Expr], types: dict[str, Type], scope: Scope
    ) -> c.CoreRule | None:
        when = []
        for cell in row.inputs:
            if any(part.kind == "other" for part in cell.cells):
                test = self._any_other(table, row, cell, columns[cell.column], scope)
            else:
                test = self._cell(cell, columns[cell.column], scope)
            if test is None:
                return None
            if not isinstance(test, c.Const):
                when.append(test)
        then: dict[str, c.Conclusion] = {}
        for name, node in row.results:
            if isinstance(node, Scalar) and node.text == "not stated":
                then[name] = c.NotStated(node.span)
                continue
            if isinstance(node, Mapping) and is_asked(node):
                place = ("answers", table.id, row.id, name)
                value = asked(self.el, self.parse, node, types[name], scope, place, None)
            else:
                written = self.parse(node)
                value = None if written is None else self.el.want(written.node, types[name], scope)
            if value is None:
                return None
            then[name] = value
        return c.CoreRule(
            id=row.id,
            when=tuple(when),
            unless=(),
            then=then,
            review=None,
            leaning={},
            because=None,
            note=None,
            code=row.id,
            cites=tuple(x.name for x in row.cites),
            overrides=(),
            order=table.rows.index(row),
            span=row.span,
        )

    def _any_other(self, table: m.Table, row: m.Row, cell: m.InputCell, column: c.Expr, scope: Scope) -> c.Expr | None:
        """The test of `any other`: none of the values and ranges that the other rows name in this column."""
        tests: list[c.Expr] = []
        for other in table.rows:
            for theirs in other.inputs:
                named = theirs.column == cell.column and all(p.kind in ("values", "range") for p in theirs.cells)
                if other is not row and named:
                    test = self._cell(theirs, column, scope)
                    if test is None:
                        return None
                    tests.append(test)
        if not tests:
            self.el.report.add(
                "bad-value",
                f"`any other` in column `{cell.column}` has nothing to be other than",
                cell.span,
                help="write `any`, or name values in the other rows",
            )
            return None
        return c.Not(
            type=Boolean(),
            span=cell.span,
            operand=c.Logic(type=Boolean(), span=cell.span, op="or", parts=tuple(tests)),
        )

    def _cell(self, cell: m.InputCell, column: c.Expr, scope: Scope) -> c.Expr | None:
        """The test a cell makes of its column; a constant `true` for `any`."""
        tests: list[c.Expr] = []
        values: list[c.Expr] = []
        for part in cell.cells:
            if part.kind == "any":
                return c.Const(type=Boolean(), span=cell.span, value=True)
            if part.kind == "range" and part.range is not None:
                test = operations.in_range(self.el, column, part.range, scope, part.range)
                if test is None:
                    return None
                tests.append(test)
            for value in part.values:
                expr = self.el.expr(value, scope)
                fitted = None if expr is None else coerce(expr, column.type, self.el.report)
                if fitted is None or not comparable(fitted.type):
                    return None
                values.append(fitted)
        if values:
            tests.append(c.Op(type=Boolean(), span=cell.span, key="in_values", args=(column, *values)))
        if not tests:
            return None
        if len(tests) == 1:
            return tests[0]
        return c.Logic(type=Boolean(), span=cell.span, op="or", parts=tuple(tests))

    def _overlaps(self, table: m.Table, rules: tuple[c.CoreRule, ...]) -> None:
        """Report rows that surely fit the same case and give different fixed values."""
        for i, (row, rule) in enumerate(zip(table.rows, rules, strict=True)):
            for other, earlier in zip(table.rows[:i], rules[:i], strict=True):
                theirs = {cell.column: cell for cell in other.inputs}
                if not all(cell.column in theirs and _same_cell(cell, theirs[cell.column]) for cell in row.inputs):
                    continue
                for name, value in rule.then.items():
                    before = earlier.then.get(name)
                    if isinstance(value, c.Const) and isinstance(before, c.Const) and value.value != before.value:
                        self.el.report.add(
                            "table-overlap",
                            f"rows `{other.id}` and `{row.id}` fit the same case and give different `{name}`",
                            row.span,
                            help="make one of their cells narrower",
                            also=[Place(other.span, "the other row")],
                        )
                        break


def _same_cell(a: m.InputCell, b: m.InputCell) -> bool:
    """Whether two cells of one column surely let a common value in: one is `any`, or they share a value."""
    if any(x.kind == "any" for x in a.cells + b.cells):
        return True
    if any(x.kind == "other" for x in a.cells + b.cells):
        return all(x.kind == "other" for x in a.cells + b.cells)
    ours = [v for x in a.cells for v in x.values] + [x.range for x in a.cells if x.range]
    theirs = [v for x in b.cells for v in x.values] + [x.range for x in b.cells if x.range]
    return any(v in theirs for v in ours)
