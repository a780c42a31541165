"""What a dotted name means: a variable's field, a define, a parameter, a window's part, a table, a fact, an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.base.diagnostics import Place, Report
from engine.base.source import Embedded, SourceText, Span
from engine.base.suggest import did_you_mean
from engine.check.operations import check_period
from engine.check.scope import Bound, OptionBound, Scope, Symbols, field_of
from engine.check.typing import mismatch
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import (
    Boolean,
    Date,
    ElapsedType,
    FactType,
    Integer,
    ListOf,
    MomentType,
    Record,
    Text,
    Type,
    Words,
    Zone,
    describe,
)
from engine.read.condition import parse_condition
from engine.values.zones import is_zone

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator
    from engine.check.tables import TableElaborator

WINDOW_PARTS = ("last_day", "end", "day")


class NameResolver:
    """Resolves names in a scope; memoises definitions and windows for each set of variables they are used under."""

    def __init__(self, symbols: Symbols, report: Report, elaborator: Elaborator) -> None:
        self.symbols = symbols
        self.report = report
        self.el = elaborator
        self.tables: TableElaborator | None = None
        self._defines: dict[tuple[object, ...], c.Expr | None] = {}
        self._windows: dict[tuple[object, ...], c.WindowUse | None] = {}
        self._open: list[tuple[str, Span]] = []

    # names in general ------------------------------------------------------------------------------------------------

    def resolve(self, node: s.Name, scope: Scope, lists: bool = False) -> c.Expr | None:
        """The expression a name stands for. `lists`: whether a list of words may stand here."""
        head = node.parts[0]
        variable = scope.variables.get(head)
        if isinstance(variable, OptionBound):
            return self._option(node, variable)
        if isinstance(variable, Bound):
            return self._of_variable(node, variable, lists)
        if len(node.parts) == 1:
            return self._single(node, scope, lists)
        if head == "reading":
            return self._reading(node)
        if head in self.symbols.windows:
            return self._window_part(node, scope)
        if head in self.symbols.tables and self.tables is not None:
            self.symbols.used.add(f"table:{head}")
            return self.tables.read(node, scope)
        decision = self.symbols.decisions.get(head)
        if decision is not None and any(o.id == node.parts[1] for o in decision.outputs):
            return self._output(node.span, head, node.parts[1:], scope, None, None)
        if self.symbols.facts.get(head) is not None:
            return self._fact(node, self.symbols.facts, None, node.parts, lists)
        if decision is not None:
            return self._output(node.span, head, node.parts[1:], scope, None, None)
        self._unknown(node, scope)
        return None

    def _single(self, node: s.Name, scope: Scope, lists: bool) -> c.Expr | None:
        name = node.parts[0]
        if name in self.symbols.defines:
            self.symbols.used.add(f"define:{name}")
            return self._define(node, scope)
        if name in self.symbols.parameters:
            self.symbols.used.add(f"parameter:{name}")
            kind = self.symbols.parameters[name]
            if isinstance(kind, ListOf) and not lists:
                self.report.add(
                    "type-mismatch",
                    f"`{name}` is a list",
                    node.span,
                    help=f"write `x in {name}` to look something up in it",
                )
                return None
            if name in self.symbols.dated:
                return self._dated(node, kind, scope)
            return c.ParameterRef(type=kind, span=node.span, name=name)
        if name == "as_of":
            return c.AsOf(type=MomentType(), span=node.span)
        if name in self.symbols.windows:
            self.report.add(
                "type-not-condition",
                f"`{name}` is a window",
                node.span,
                help=f"write `{name} is open`, `{name} has passed` or `{name}.last_day`",
            )
            return None
        if name in self.symbols.decisions:
            first = self.symbols.decisions[name].outputs[:1]
            self.report.add(
                "type-not-condition",
                f"`{name}` is a decision",
                node.span,
                help=f"read one of its outputs, such as `{name}.{first[0].id if first else 'outcome'}`",
            )
            return None
        self._unknown(node, scope)
        return None

    def _unknown(self, node: s.Name, scope: Scope) -> None:
        head = node.parts[0]
        if head == "line" and "line" not in scope.variables:
            self.report.add(
                "name-not-here",
                "`line` stands for nothing here",
                node.span,
                help="add `for_each: line in request.lines` to the decision, or use a list expression such as "
                "`any line in request.lines has ...`",
            )
            return
        known = [*self.symbols.names(), *scope.variables]
        hint = did_you_mean(head, known)
        if len(node.parts) == 1 and hint is None:
            hint = f"a word is written in quotes: `'{head}'`; other names are defined under `define` or `facts`"
        self.report.add("name-unknown", f"nothing is called `{node.text}`", node.span, help=hint)

    def _option(self, node: s.Name, bound: OptionBound) -> c.Expr | None:
        if len(node.parts) > 1:
            self.report.add("name-unknown", f"`{node.parts[0]}` is a word and has no parts", node.span)
            return None
        return c.OptionRef(type=Words(bound.words), span=node.span, variable=node.parts[0])

    def _of_variable(self, node: s.Name, bound: Bound, lists: bool) -> c.Expr | None:
        if bound.record is None:
            if len(node.parts) > 1:
                self.report.add("name-unknown", f"`{node.parts[0]}` is a word and has no parts", node.span)
                return None
            return c.ElementRef(type=bound.element, span=node.span, variable=node.parts[0])
        if len(node.parts) == 1:
            self.report.add(
                "type-mismatch",
                f"`{node.text}` is a whole record",
                node.span,
                help=f"name one of its facts, such as `{node.text}.{bound.record.fields[0][0]}`",
            )
            return None
        return self._fact(node, bound.record, node.parts[0], node.parts[1:], lists)

    def _fact(
        self, node: s.Name, record: Record, variable: str | None, fields: tuple[str, ...], lists: bool
    ) -> c.Expr | None:
        fact = self._walk(node, record, fields)
        if fact is None:
            return None
        if isinstance(fact.type, Record):
            self.report.add(
                "type-mismatch",
                f"`{node.text}` is a whole record",
                node.span,
                help=f"name one of its facts, such as `{node.text}.{fact.type.fields[0][0]}`",
            )
            return None
        if isinstance(fact.type, ListOf) and not (lists and isinstance(fact.type.element, Text | Words)):
            self.report.add(
                "type-mismatch",
                f"`{node.text}` is a list",
                node.span,
                help=f"write `any x in {node.text} has ...`, `count x in {node.text}` or `sum of ... for x in {node.text}`",
            )
            return None
        told = c.FactRef(type=fact.type, span=node.span, variable=variable, fields=fields, fact=fact)
        if fact.derived is not None:
            return self._derived(node, told, record)
        return told

    def _dated(self, node: s.Name, kind: Type, scope: Scope) -> c.Expr | None:
        """A parameter whose value changes over time: the last value whose first day has come on the picking date."""
        name = node.parts[0]
        by, values = self.symbols.dated[name]
        picking = by.node if by is not None else s.Name(("request", "at"), span=node.span)
        moment = self.el.moment(picking, scope)
        if moment is None or not values:
            return None
        day = c.Op(type=Date(), span=moment.span, key="date_of", args=(moment,))
        chosen: c.Expr = values[0][1]
        for start, value in values[1:]:
            assert start is not None  # loading has seen to the order
            first = c.Const(type=Date(), span=value.span, value=start)
            begun = c.Op(type=Boolean(), span=value.span, key="less_equal", args=(first, day))
            chosen = c.If(type=kind, span=node.span, condition=begun, then=value, otherwise=chosen)
        return c.Named(type=kind, span=node.span, name=name, body=chosen)

    def _derived(self, node: s.Name, told: c.FactRef, record: Record) -> c.Expr | None:
        """A fact that the vocabulary works out by a formula (`x-derived` in schema/facts.schema.json)."""
        assert told.fact.derived is not None
        text = told.fact.derived.format(line=told.variable or "line")
        source = SourceText("facts.schema.json", text)
        embedded = Embedded(text, Span(source, 0, len(text)), tuple(range(len(text) + 1)))
        parsed = parse_condition(embedded, self.report)
        scope = Scope()
        if told.variable is not None:
            scope = scope.bind(told.variable, Bound((), record, record))
        formula = None if parsed is None else self.el.want(parsed, told.type, scope)
        if formula is None:
            return None
        given = told if told.fact.ask is not None else None
        return c.Derived(type=told.type, span=node.span, name=node.text, given=given, formula=formula)

    def _walk(self, node: s.Name, record: Record, fields: tuple[str, ...]) -> FactType | None:
        here: Record = record
        skipped = len(node.parts) - len(fields)
        for i, name in enumerate(fields):
            fact = field_of(here, name, self.symbols.currency)
            if fact is None:
                so_far = ".".join(node.parts[: skipped + i])
                self.report.add(
                    "name-unknown",
                    f"`{so_far}` has no fact `{name}`" if so_far else f"nothing is called `{name}`",
                    node.span,
                    help=did_you_mean(name, [n for n, _ in here.fields]) or "a fact of your own is added under `facts`",
                )
                return None
            if i == len(fields) - 1:
                return fact
            if isinstance(fact.type, ListOf):
                path = ".".join(node.parts[: skipped + i + 1])
                self.report.add(
                    "type-mismatch",
                    f"`{path}` is a list, so `.{fields[i + 1]}` could mean any of its members",
                    node.span,
                    help=f"write `any x in {path} has x.{fields[i + 1]} ...`, or ask the question `for_each` member",
                )
                return None
            if not isinstance(fact.type, Record):
                self.report.add("name-unknown", f"`{name}` is {describe(fact.type)} and has no parts", node.span)
                return None
            here = fact.type
        return None

    def list_type(
        self, source: s.Name, scope: Scope
    ) -> tuple[str | None, tuple[str, ...], tuple[str, ...], ListOf] | None:
        """A list named in a list expression: its variable, fields, absolute path and type; None after a report."""
        head = source.parts[0]
        bound = scope.variables.get(head)
        if isinstance(bound, Bound) and bound.record is not None and len(source.parts) > 1:
            fact = self._walk(source, bound.record, source.parts[1:])
            found = (head, source.parts[1:], (*bound.list_path, "*", *source.parts[1:]))
        elif self.symbols.facts.get(head) is not None and len(source.parts) > 1:
            fact = self._walk(source, self.symbols.facts, source.parts)
            found = (None, source.parts, source.parts)  # type: ignore[assignment]
        else:
            self._unknown(source, scope)
            return None
        if fact is None:
            return None
        if not isinstance(fact.type, ListOf):
            self.report.add(
                "type-mismatch",
                f"`{source.text}` is {describe(fact.type)}, not a list",
                source.span,
                help="list expressions look through lists such as `request.lines` or `order.lines`",
            )
            return None
        return (*found, fact.type)

    # defines, readings, windows --------------------------------------------------------------------------------------

    def _define(self, node: s.Name, scope: Scope) -> c.Expr | None:
        name = node.parts[0]
        define = self.symbols.defines[name]
        key = (name, scope.key, scope.depth)
        if key not in self._defines:
            if not self._enter(f"define:{name}", name, define.span, node.span):
                return None
            self._defines[key] = self.el.expr(define.body.node, scope)
            self._open.pop()
        body = self._defines[key]
        return None if body is None else c.Named(type=body.type, span=node.span, name=name, body=body)

    def _enter(self, key: str, name: str, span: Span, used: Span) -> bool:
        """Begin a definition; a circle is reported with every member."""
        keys = [k for k, _ in self._open]
        if key in keys:
            circle = self._open[keys.index(key) :]
            names = " -> ".join([k.partition(":")[2] for k, _ in circle] + [name])
            self.report.add(
                "cycle",
                f"`{name}` is defined by itself: {names}",
                circle[0][1],
                help="break the circle at one of these places",
                also=[Place(s, f"`{k.partition(':')[2]}`") for k, s in circle[1:]],
            )
            return False
        self._open.append((key, span))
        return True

    def _reading(self, node: s.Name) -> c.Expr | None:
        name = node.parts[1]
        reading = self.symbols.readings.get(name)
        if reading is None or len(node.parts) > 2:
            self.report.add(
                "name-unknown",
                f"there is no reading `{name}`",
                node.span,
                help=did_you_mean(name, self.symbols.readings),
            )
            return None
        self.symbols.used.add(f"reading:{name}")
        return c.ReadingRef(type=Words(tuple(o for o, _ in reading.options)), span=node.span, name=name)

    def window(self, node: s.Name, scope: Scope) -> c.WindowUse | None:
        """A window by its name, with its formulas bound in this scope."""
        name = node.text
        spec = self.symbols.windows.get(name)
        if spec is None:
            self.report.add(
                "name-unknown",
                f"there is no window `{name}`",
                node.span,
                help=did_you_mean(name, self.symbols.windows) or "windows are defined under `windows`",
            )
            return None
        self.symbols.used.add(f"window:{name}")
        key = (name, scope.key, scope.depth)
        if key not in self._windows:
            if not self._enter(f"window:{name}", name, spec.span, node.span):
                return None
            self._windows[key] = self._bind_window(name, scope)
            self._open.pop()
        return self._windows[key]

    def _bind_window(self, name: str, scope: Scope) -> c.WindowUse | None:
        spec = self.symbols.windows[name]
        lasts = self.el.expr(spec.lasts.node, scope)
        anchor, act = self.el.moment(spec.anchor.node, scope), self.el.moment(spec.act.node, scope)
        zone, zone_fact, good = self._zone(spec.zone, spec.zone_span or spec.span, scope)
        if lasts is None or anchor is None or act is None or not good:
            return None
        if not check_period(self.el, lasts, (anchor, act)):
            return None
        return c.WindowUse(
            name=name,
            lasts=lasts,
            side=spec.side,
            anchor=anchor,
            act=act,
            zone=zone,
            zone_fact=zone_fact,
            inclusive=spec.inclusive,
            anchor_day=spec.anchor_day,
            reports_as=spec.reports_as,
            label=spec.label,
            cites=tuple(x.name for x in spec.cites),
            span=spec.span,
        )

    def _zone(self, text: str | None, span: Span, scope: Scope) -> tuple[str | None, c.Expr | None, bool]:
        if text is None:
            return self.symbols.policy.timezone, None, True
        if is_zone(text):
            return text, None, True
        parts = tuple(text.split("."))
        if len(parts) > 1 and all(p.isidentifier() for p in parts):
            fact = self.resolve(s.Name(parts, span=span), scope)
            if fact is None:
                return None, None, False
            if not isinstance(fact.type, Zone):
                mismatch(fact, Zone(), self.report)
                return None, None, False
            return None, fact, True
        self.report.add(
            "window-zone",
            f"`{text}` is neither a time zone nor a fact",
            span,
            help="write an IANA name such as `America/Denver`, or a fact such as `order.ship_to.timezone`",
        )
        return None, None, False

    def _window_part(self, node: s.Name, scope: Scope) -> c.Expr | None:
        use = self.window(s.Name(node.parts[:1], span=node.span), scope)
        if use is None:
            return None
        part = node.parts[1]
        if part not in WINDOW_PARTS or len(node.parts) > 2:
            self.report.add(
                "name-unknown",
                f"a window has no `{'.'.join(node.parts[1:])}`",
                node.span,
                help="it has `.last_day`, `.end` and `.day`",
            )
            return None
        chosen: Literal["last_day", "end", "day"] = "day"
        kind: Type = Integer()
        if part == "day" and isinstance(use.lasts.type, ElapsedType):
            self.report.add(
                "type-periods",
                f"`{use.name}` counts time that passes, so it has no day number",
                node.span,
                help="use `.end`",
            )
            return None
        if part == "last_day":
            chosen, kind = "last_day", Date()
        elif part == "end":
            chosen, kind = "end", MomentType()
        return c.WindowPart(type=kind, span=node.span, window=use, part=chosen)

    # outputs of decisions --------------------------------------------------------------------------------------------

    def output_read(self, node: s.OutputRead, scope: Scope) -> c.Expr | None:
        """`return(line, refund).outcome`."""
        decision = self.symbols.decisions.get(node.decision)
        if decision is None:
            self.report.add(
                "name-unknown",
                f"this policy has no decision `{node.decision}`",
                node.span,
                help=did_you_mean(node.decision, self.symbols.decisions),
            )
            return None
        item = option = None
        options = decision.every[1] if decision.every else ()
        for argument in node.arguments:
            bound = scope.variables.get(argument)
            if isinstance(bound, Bound):
                if decision.each is None or bound.list_path != decision.each[1]:
                    self.report.add(
                        "name-not-here",
                        f"`{node.decision}` is not asked for each `{argument}`",
                        node.span,
                        help="the list expression and the decision's `for_each` must go over the same list",
                    )
                    return None
                item = argument
            elif argument in options:
                option = argument
            else:
                self.report.add(
                    "name-unknown",
                    f"`{argument}` is neither a variable here nor an option of `{node.decision}`",
                    node.span,
                    help=did_you_mean(argument, [*options, *scope.variables]),
                )
                return None
        return self._output(node.span, node.decision, node.output, scope, item, option)

    def _output(
        self, span: Span, name: str, output: tuple[str, ...], scope: Scope, item: str | None, option: str | None
    ) -> c.Expr | None:
        decision = self.symbols.decisions[name]
        kind = self.symbols.output_types.get((name, output[0]))
        if kind is None or len(output) > 1:
            known = [o.id for o in decision.outputs]
            if output[0] not in known or len(output) > 1:
                self.report.add(
                    "name-unknown",
                    f"decision `{name}` has no output `{'.'.join(output)}`",
                    span,
                    help=did_you_mean(output[0], known),
                )
            return None
        if decision.each is not None and item is None:
            item = self._same_item(decision.each[1], scope)
            if item is None:
                spec = next(o for o in decision.outputs if o.id == output[0])
                if (spec.roll_up or "each") == "each" and isinstance(kind, Words):
                    kind = Words((*kind.words, "mixed"), kind.closed)
        if decision.every is None:
            option = ""
        elif option is None:
            option = ""
            for variable, bound in scope.variables.items():
                if isinstance(bound, OptionBound) and bound.words == decision.every[1]:
                    option = "*" + variable
        return c.OutputRef(type=kind, span=span, decision=name, output=output[0], item=item, option=option)

    def _same_item(self, path: tuple[str, ...], scope: Scope) -> str | None:
        """The variable of the reader's own `for_each`, if it goes over the same list."""
        if scope.each is None or scope.each[1] != path:
            return None
        variable = scope.each[0]
        return variable if variable in scope.variables else None
