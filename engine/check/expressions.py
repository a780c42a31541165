"""From written conditions and formulas to the typed core: every name bound, every part typed, before anything runs."""

from __future__ import annotations

from typing import assert_never

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.check import calendar_forms, membership, operations, output_reads, spread, timing
from engine.check.constants import positive, too_large
from engine.check.definitions import named_so
from engine.check.names import NameResolver
from engine.check.nesting import MAX_LEVELS, too_deep
from engine.check.places import word_before
from engine.check.scope import Bound, Scope, Symbols
from engine.check.typing import brief, coerce, mismatch, shown, unify
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    Decimal,
    ElapsedType,
    Integer,
    MomentType,
    MoneyType,
    Percent,
    Record,
    Type,
)
from engine.values.numbers import Rounding

MAX_LIST_DEPTH = 2
"""How deep list expressions nest: a list test inside a list test already costs the square of the list."""


class Elaborator:
    """Turns surface nodes into core nodes. Reports what does not fit and then returns None, so that one mistake is
    one message. Definitions, windows and tables are elaborated once for each set of variables they are used under.
    """

    def __init__(self, symbols: Symbols, report: Report) -> None:
        self.symbols = symbols
        self.report = report
        self.names = NameResolver(symbols, report, self)
        self.rounding = 0
        """How many `round(...)` are around: a division inside one says how it rounds."""
        self.level = self.deepest = 0
        self.inside_where: Span | None = None
        """The list expression whose `where` is being typed (`count line in order.lines where ...`)."""

    def condition(self, written: m.Written, scope: Scope) -> c.Expr | None:
        """A condition: true, false or unknown."""
        return self.want(written.node, Boolean(), scope)

    def conditions(self, written: tuple[m.Written, ...], scope: Scope) -> tuple[c.Expr, ...]:
        """Several conditions; those with a mistake are left out after the report."""
        found = (self.condition(w, scope) for w in written)
        return tuple(x for x in found if x is not None)

    def every(self, written: tuple[m.Written, ...], scope: Scope, span: Span) -> c.Expr:
        """All of several conditions as one expression; none is true."""
        parts = self.conditions(written, scope)
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return c.Const(type=Boolean(), span=span, value=True)
        return c.Logic(type=Boolean(), span=span, op="and", parts=parts)

    def want(self, node: s.Node, kind: Type, scope: Scope) -> c.Expr | None:
        """An expression of a given type."""
        expr = self.expr(node, scope, kind)
        return None if expr is None else coerce(expr, kind, self.report)

    def expr(self, node: s.Node, scope: Scope, hint: Type | None = None) -> c.Expr | None:
        """An expression of whatever type it has. `hint` is what it is wanted for, to type literals in branches."""
        if self.level == MAX_LEVELS:  # definitions may lead on and on before one is finished and can be measured
            too_deep(node.span, self.report)
            return None
        self.level += 1
        self.deepest = max(self.deepest, self.level)
        found = self._expr(node, scope, hint)
        self.level -= 1
        return found

    def _of_another_market(self, literal: c.Const) -> bool:
        """Report an amount that has the currency of another market than the one the policy stands for."""
        currency = self.symbols.currency
        if self.symbols.policy.market is None or currency == CHARGED or not isinstance(literal.type, MoneyType):
            return False
        if literal.type.currency == currency:
            return False
        self.report.add(
            "market-amount",
            f"`{literal.span.text}` is an amount of one currency, and the amounts of this market are in {currency}",
            literal.span,
            help="give an amount for each currency, in a parameter: "
            f"`value: {{{literal.type.currency}: ..., {currency}: ...}}`",
        )
        return True

    def _expr(self, node: s.Node, scope: Scope, hint: Type | None) -> c.Expr | None:
        match node:
            case s.Literal():
                literal = c.Const(type=node.type, span=node.span, value=node.value)
                wrong = (
                    too_large(literal, self.report)
                    or timing.needs_calendar(self, literal)
                    or self._of_another_market(literal)
                )
                return None if wrong else literal
            case s.Name():
                return self.names.resolve(node, scope)
            case s.OutputRead():
                return output_reads.output_read(self.names, node, scope)
            case s.Not():
                operand = self.want(node.operand, Boolean(), scope)
                return None if operand is None else c.Not(type=Boolean(), span=node.span, operand=operand)
            case s.Negative():
                return operations.negate(self, node, scope)
            case s.Logic():
                parts = [self.want(part, Boolean(), scope) for part in node.parts]
                known = tuple(p for p in parts if p is not None)
                if len(known) < len(parts):
                    return None
                return c.Logic(type=Boolean(), span=node.span, op=node.op, parts=known)
            case s.Binary():
                return operations.binary(self, node, scope)
            case s.Member():
                return membership.member(self, node, scope)
            case s.Conditional():
                return self.conditional(node, scope, hint)
            case s.Quantifier():
                return self.quantifier(node, scope)
            case s.Aggregate():
                return self.aggregate(node, scope)
            case s.Happened():
                return self.happened(node, scope)
            case s.WindowTest():
                return self.window_test(node, scope)
            case s.Timing():
                return timing.timing(self, node, scope)
            case s.Round():
                return self.round(node, scope)
            case s.Share():
                return operations.share(self, node, scope)
            case s.ShareOf():
                return spread.share_of(self, node, scope)
            case s.Extreme():
                return operations.extreme(self, node, scope)
            case s.Between():
                return timing.between(self, node, scope)
            case s.DateOf():
                operand = self.moment(node.operand, scope)
                if operand is None:
                    return None
                return c.Op(type=Date(), span=node.span, key="date_of", args=(operand,))
            case s.PartOf():
                return calendar_forms.part_of(self, node, scope)
            case s.AtTime():
                return calendar_forms.at_time(self, node, scope)
            case s.NearDay():
                return calendar_forms.near_day(self, node, scope)
            case s.FallsIn():
                return calendar_forms.falls_in(self, node, scope)
            case s.Range() | s.WordList():
                self.report.add(
                    "type-mismatch",
                    "a list or a range stands only after `in`",
                    node.span,
                    help="write `x in ['a', 'b']` or `x in 3 .. 10`",
                )
                return None
        assert_never(node)

    def moment(self, node: s.Node, scope: Scope) -> c.Expr | None:
        """An expression that is a moment or a date."""
        expr = self.expr(node, scope)
        if expr is None or isinstance(expr.type, MomentType | Date):
            return expr
        mismatch(expr, MomentType(), self.report)
        return None

    def conditional(self, node: s.Conditional, scope: Scope, hint: Type | None) -> c.Expr | None:
        condition = self.want(node.condition, Boolean(), scope)
        if hint is not None:
            then, otherwise = self.want(node.then, hint, scope), self.want(node.otherwise, hint, scope)
            if condition is None or then is None or otherwise is None:
                return None
            kind = then.type if then.type == otherwise.type else hint
            return c.If(type=kind, span=node.span, condition=condition, then=then, otherwise=otherwise)
        a, b = self.expr(node.then, scope), self.expr(node.otherwise, scope)
        if condition is None or a is None or b is None:
            return None
        same = unify(a, b, self.report, node.span, "one value of an `if`, the other being")
        if same is None:
            return None
        return c.If(type=same[2], span=node.span, condition=condition, then=same[0], otherwise=same[1])

    def member_scope(
        self, variable: str, source: s.Name, scope: Scope, span: Span
    ) -> tuple[Scope, str | None, tuple[str, ...], Bound] | None:
        """The scope inside a list expression, with where the list is."""
        if scope.depth >= MAX_LIST_DEPTH:
            self.report.add(
                "condition-too-deep",
                f"list expressions nest deeper than {MAX_LIST_DEPTH}",
                span,
                help="conclude the inner part as an output of its own decision, and read that output here",
            )
            return None
        if self._taken(variable, source, scope, span):
            return None
        found = self.names.list_type(source, scope)
        if found is None:
            return None
        list_variable, fields, absolute, kind = found
        record = kind.element if isinstance(kind.element, Record) else None
        bound = Bound(absolute, record, kind.element)
        return scope.bind(variable, bound, deeper=1), list_variable, fields, bound

    def _taken(self, variable: str, source: s.Name, scope: Scope, span: Span) -> bool:
        """Report a variable whose name means something already."""
        meaning = self.names.meaning(variable, scope)
        if meaning is None or (variable not in scope.variables and named_so(variable, source.parts)):
            return False
        using = self.names.using
        self.report.add(
            "name-twice",
            f"`{variable}` cannot stand for each member of `{source.text}`: it is already {meaning}"
            + (f" where `{using[0]}` is used" if using and variable in scope.variables else ""),
            word_before(span, source.span, variable),
            help=f"choose another name here, such as `other in {source.text}`",
            also=[Place(using[1], f"`{using[0]}` is used here")] if using and variable in scope.variables else (),
        )
        return True

    def _where(self, node: s.Quantifier | s.Aggregate, inner: Scope) -> c.Expr | None:
        if node.where is None:
            return None
        before, self.inside_where = self.inside_where, node.span if isinstance(node, s.Aggregate) else None
        found = self.want(node.where, Boolean(), inner)
        self.inside_where = before
        return found

    def quantifier(self, node: s.Quantifier, scope: Scope) -> c.Expr | None:
        inner = self.member_scope(node.variable, node.source, scope, node.span)
        if inner is None:
            return None
        where = self._where(node, inner[0])
        body = self.want(node.has, Boolean(), inner[0])
        if body is None or (where is None and node.where is not None):
            return None
        return c.Over(
            type=Boolean(),
            span=node.span,
            kind=node.kind,
            variable=node.variable,
            list_variable=inner[1],
            list_fields=inner[2],
            words=inner[3].record is None,
            where=where,
            body=body,
        )

    def aggregate(self, node: s.Aggregate, scope: Scope) -> c.Expr | None:
        inner = self.member_scope(node.variable, node.source, scope, node.span)
        if inner is None:
            return None
        where = self._where(node, inner[0])
        body = None if node.body is None else self.expr(node.body, inner[0])
        if (where is None and node.where is not None) or (body is None and node.body is not None):
            return None
        kind: Type = Integer()
        if body is not None:
            kind = body.type
            fits = (Integer, Decimal, Percent, MoneyType, ElapsedType)
            if node.kind != "sum":
                fits = (*fits, Date, MomentType)  # type: ignore[assignment]
            if not isinstance(kind, fits):
                self.report.add(
                    "type-mismatch",
                    f"`{node.kind} of` needs numbers, amounts or times, but `{shown(body)}` is {brief(kind)}",
                    body.span,
                    help=f"to count members write `count {node.variable} in {node.source.text} where ...`",
                )
                return None
        return c.Over(
            type=kind,
            span=node.span,
            kind=node.kind,
            variable=node.variable,
            list_variable=inner[1],
            list_fields=inner[2],
            words=inner[3].record is None,
            where=where,
            body=body,
        )

    def happened(self, node: s.Happened, scope: Scope) -> c.Expr | None:
        event = self.expr(node.event, scope)
        if event is None:
            return None
        if not isinstance(event.type, MomentType) or not _is_event(event):
            kind = "planned" if _is_fact(event) else "worked out"
            what = f"a moment that is {kind}" if isinstance(event.type, MomentType) else brief(event.type)
            compared = isinstance(event.type, Date | MomentType) and not isinstance(event, c.AsOf)
            self.report.add(
                "type-mismatch",
                f"only an event can have happened, but `{shown(event)}` is {what}",
                node.event.span,
                help=f"compare it: `as_of >= {shown(event)}`"
                if compared
                else "name a fact that is a moment, such as `line.delivery.at has happened`",
            )
            return None
        test = c.Happened(type=Boolean(), span=node.span, event=event)
        return c.Not(type=Boolean(), span=node.span, operand=test) if node.negated else test

    def window_test(self, node: s.WindowTest, scope: Scope) -> c.Expr | None:
        use = self.names.definitions.window(node.window, scope)
        if use is None:
            return None
        test = c.WindowTest(type=Boolean(), span=node.span, window=use, state=node.state)
        return c.Not(type=Boolean(), span=node.span, operand=test) if node.negated else test

    def round(self, node: s.Round, scope: Scope) -> c.Expr | None:
        self.rounding += 1
        operand = self.expr(node.operand, scope)
        self.rounding -= 1
        step = self.expr(node.step, scope)
        if operand is None or step is None:
            return None
        if not isinstance(operand.type, Integer | Decimal | Percent | MoneyType):
            mismatch(operand, Decimal(), self.report)
            return None
        kind = Decimal() if isinstance(operand.type, Integer) else operand.type
        fitted = (
            step if isinstance(kind, Decimal) and isinstance(step.type, Integer) else coerce(step, kind, self.report)
        )
        if fitted is None:
            return None
        if not isinstance(fitted, c.Const) or not positive(fitted):
            self.report.add(
                "bad-value",
                "the step of a rounding is a fixed value above zero",
                node.step.span,
                help=f"write it out, such as `to {_step(kind)}`",
            )
            return None
        whole = isinstance(kind, Decimal) and isinstance(fitted.type, Integer)
        return c.Op(
            type=Integer() if whole else kind,
            span=node.span,
            key="round",
            args=(operand, fitted),
            detail=Rounding(node.mode),
        )


def _step(kind: Type) -> str:
    match kind:
        case MoneyType(currency=currency):
            return f"0.01 {currency}"
        case Percent():
            return "1%"
        case _:
            return "0.01"


def _is_event(expr: c.Expr) -> bool:
    """Whether it is a fact that happens, by its own name or by a define that is just another name for it."""
    while isinstance(expr, c.Named):
        expr = expr.body
    return isinstance(expr, c.FactRef) and not expr.fact.planned


def _is_fact(expr: c.Expr) -> bool:
    while isinstance(expr, c.Named):
        expr = expr.body
    return isinstance(expr, c.FactRef)
