"""Tables unfolded into rules: a table is a small decision whose rows must agree where they overlap."""

from __future__ import annotations

from engine.check import membership
from engine.check.conclusions import Conclusions
from engine.check.declarations import Parse, type_of
from engine.check.expressions import Elaborator
from engine.check.overlaps import report_overlaps
from engine.check.places import part_of
from engine.check.scope import Scope
from engine.check.suggestions import listed, name_help
from engine.check.typing import brief, coerce, comparable
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.types import Boolean, Text, Type, Words, Zone


class TableElaborator:
    """Binds a table's columns where it is read; the rows become rules with the combine `unique`."""

    def __init__(self, el: Elaborator, parse: Parse) -> None:
        self.el = el
        self.conclusions = Conclusions(el, parse)
        self._made: dict[tuple[object, ...], dict[str, c.CoreOutput] | None] = {}
        self._looked_at: dict[int, tuple[c.Expr, ...]] = {}  # by the identity of an output: what its table looks at

    def read(self, node: s.Name, scope: Scope) -> c.Expr | None:
        """`table.output` as an expression."""
        table = self.el.symbols.tables[node.parts[0]]
        outputs = self.outputs(table, scope, node)
        if outputs is None:
            return None
        output = outputs.get(node.parts[1])
        if output is None or len(node.parts) > 2:
            self.el.report.add(
                "name-unknown",
                f"table `{table.id}` gives no `{'.'.join(node.parts[1:])}`",
                part_of(node.span, node.parts, 1),
                help=name_help(node.parts[1], outputs, f"{table.id}.") or f"it gives {listed(outputs) or 'others'}",
            )
            return None
        looked_at = self._looked_at[id(output)]
        return c.TableRead(type=output.type, span=node.span, table=table.id, output=output, columns=looked_at)

    def outputs(self, table: m.Table, scope: Scope, used: s.Name) -> dict[str, c.CoreOutput] | None:
        """The results of a table in a scope, by name; None after a report."""
        definitions = self.el.names.definitions
        if not definitions.usable(table.id, used.span, scope):
            return None
        key = ("table", table.id, scope.key)
        if key not in self._made:
            rounding, self.el.rounding = self.el.rounding, 0
            with definitions.opened(table.id, table.span, used.span, key) as good:
                self._made[key] = self._outputs(table, scope) if good else None
            self.el.rounding = rounding
        elif self._made[key] is not None and not definitions.fits(key, used.span):
            return None
        return self._made[key]

    def _outputs(self, table: m.Table, scope: Scope) -> dict[str, c.CoreOutput] | None:
        columns = self._columns(table, scope)
        types: dict[str, Type] = {}
        for name, node in table.gives:
            kind = type_of(node, self.el.symbols.currency, self.el.report)
            if kind is not None:
                types[name] = kind
        if columns is None or len(types) < len(table.gives):
            return None
        rules = [self._row(table, i, columns, types, scope) for i in range(len(table.rows))]
        made = tuple(r for r in rules if r is not None)
        if len(made) < len(rules):
            return None
        report_overlaps(table, made, columns, self.el.report)
        outputs = {name: _output(table, name, kind, made) for name, kind in types.items()}
        self._looked_at.update((id(output), tuple(columns.values())) for output in outputs.values())
        return outputs

    def _columns(self, table: m.Table, scope: Scope) -> dict[str, c.Expr] | None:
        columns: dict[str, c.Expr] = {}
        results = {name for name, _ in table.gives}
        place = self.el.symbols.places.key
        for name, written in table.columns:
            if name in results or name == "cites":
                self.el.report.add(
                    "name-twice",
                    f"column `{name}` of table `{table.id}` is also "
                    + ("a result" if name in results else "the key for a row's clauses"),
                    place("tables", table.id, "looks_at", name) or table.span,
                    help="give the column another name",
                )
                continue
            expr = self.el.expr(written.node, scope)
            if expr is not None and not comparable(expr.type):
                self.el.report.add(
                    "type-mismatch",
                    f"a table cannot look at {brief(expr.type)}",
                    written.node.span,
                    help="look at a word, a number, an amount, a date or a condition",
                )
            elif expr is not None:
                columns[name] = expr
        return columns if len(columns) == len(table.columns) else None

    def _row(
        self, table: m.Table, number: int, columns: dict[str, c.Expr], types: dict[str, Type], scope: Scope
    ) -> c.CoreRule | None:
        row = table.rows[number]
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
            value = self.conclusions.value(node, types[name], scope, ("answers", table.id, row.id, name))
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
            order=number,
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
        if self._bare_words(cell, column.type):
            return None
        for part in cell.cells:
            if part.kind == "any":
                return c.Const(type=Boolean(), span=cell.span, value=True)
            if part.kind == "range" and part.range is not None:
                test = membership.in_range(self.el, column, part.range, scope, part.range)
                if test is None:
                    return None
                tests.append(test)
            for value in part.values:
                expr = self.el.expr(value, scope)
                fitted = None if expr is None else coerce(expr, column.type, self.el.report)
                if fitted is None:
                    return None
                values.append(fitted)
        if values:
            tests.append(c.Op(type=Boolean(), span=cell.span, key="in_values", args=(column, *values)))
        if not tests:
            return None
        if len(tests) == 1:
            return tests[0]
        return c.Logic(type=Boolean(), span=cell.span, op="or", parts=tuple(tests))

    def _bare_words(self, cell: m.InputCell, kind: Type) -> bool:
        """Report a word in a cell of a column that holds no words: it stands for itself there, and for nothing else."""
        if isinstance(kind, Words | Text | Zone):
            return False
        for part in cell.cells:
            ends = () if part.range is None else (part.range.low, part.range.high)
            for value in (*part.values, *ends):
                if isinstance(value, s.Literal) and isinstance(value.value, str):
                    named = self.el.names.meaning(value.value, Scope())
                    self.el.report.add(
                        "type-mismatch",
                        f"`{value.value}` is a word here, but column `{cell.column}` looks at {brief(kind)}",
                        value.span,
                        help=f"a cell holds fixed values: compare with `{value.value}` under `looks_at`"
                        if named
                        else f"write {'`true`, `false`' if isinstance(kind, Boolean) else 'a value, a range'} or `any`",
                    )
                    return True
        return False


def _output(table: m.Table, name: str, kind: Type, rules: tuple[c.CoreRule, ...]) -> c.CoreOutput:
    return c.CoreOutput(
        id=name,
        type=kind,
        combine="unique",
        roll_up=None,
        only_when=None,
        label=table.label,
        words=(),
        rules=tuple(r for r in rules if name in r.then),
        over={},
        otherwise=None,
        split_of=None,
        split_order=(),
        rounding=None,
        span=table.span,
    )
