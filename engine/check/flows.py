"""Amounts that go to the customer or come from them: refunds, bonuses, charges, and what they come to together."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.base.source import Span
from engine.check import output_reads
from engine.check.amounts import whole
from engine.check.definitions import shared_text
from engine.check.scope import Scope
from engine.check.suggestions import listed, name_help
from engine.check.typing import brief, coerce, shown
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.types import MoneyType, Type
from engine.read.condition import parse_condition
from engine.values.money import Money

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

_LINES = (("request", "lines"), ("order", "lines"))
_LEFT_OF_LINE = "{line}.paid - share({line}.paid, {line}.returned_before, {line}.quantity, 0)"
_LEFT_OF_ORDER = "order.total_paid - order.total_refunded"
"""Out of what a refund is paid unless `up_to` says otherwise: what has not been paid back of the line, or the order."""


class FlowElaborator:
    """The money side of the outputs of one decision."""

    def __init__(self, el: Elaborator, spec: m.Decision) -> None:
        self.el = el
        self.report = el.report
        self.spec = spec

    def place(self, output: m.Output, key: str) -> Span:
        """Where a key of an output has its value."""
        return self.el.symbols.places.value("decisions", self.spec.id, "outputs", output.id, key) or output.span

    def fits(self, output: m.Output, kind: Type) -> bool:
        """Whether what an output says of money goes with its type and its other keys; reports it if not."""
        said = "flow" if output.flow is not None else "net_of"
        if not isinstance(kind, MoneyType):
            self.report.add(
                "type-mismatch",
                f"`{said}` is for amounts, but `{output.id}` is {brief(kind)}",
                self.place(output, said),
                help="write `type: money`, or remove it",
            )
            return False
        if output.up_to is not None and output.flow != "refund":
            self.report.add(
                "flow-unclear",
                f"`up_to` is out of what a refund is paid, but `{output.id}` is a {output.flow}",
                self.place(output, "up_to"),
                help="remove it, and write the bound into the amount: `lesser of (...)`",
            )
            return False
        return not output.net_of or self._alone(output)

    def _alone(self, output: m.Output) -> bool:
        """Whether a net amount says nothing of rules, which do not conclude it."""
        key = self.el.symbols.places.key
        for name in ("flow", "combine"):
            place = key("decisions", self.spec.id, "outputs", output.id, name)
            if place is not None:
                self.report.add(
                    "flow-unclear",
                    f"`{output.id}` is worked out from other amounts, so `{name}` says nothing",
                    place,
                    help="remove it",
                )
                return False
        for one in self.spec.otherwise:
            if one.output == output.id and one.value is not None:
                self.report.add(
                    "name-not-here",
                    f"`{output.id}` is worked out from other amounts; it has no `otherwise` of its own",
                    one.span,
                    help="say it of the amounts that it is the net of",
                )
                return False
        return True

    # refunds, bonuses, charges ---------------------------------------------------------------------------------------

    def up_to(self, output: m.Output, kind: MoneyType, scope: Scope) -> c.Expr | None:
        """The bound of a refund."""
        if output.flow != "refund":
            return None
        if output.up_to is not None:
            bound = self.el.want(output.up_to.node, kind, scope)
            self._whole(output, bound)
            return bound
        text = self._left()
        parsed = None if text is None else parse_condition(shared_text(text), self.report)
        if parsed is None or kind.currency != self.el.symbols.currency:
            self.report.add(
                "flow-unclear",
                f"nothing says out of what `{output.id}` is paid back, so nothing says how much it can be at most",
                self.place(output, "flow"),
                help="add `up_to:` with an amount, such as `order.shipping_paid - order.shipping_refunded`",
            )
            return None
        return self.el.want(parsed, kind, Scope(variables=scope.variables, each=scope.each, shared=True))

    def _left(self) -> str | None:
        if self.spec.each is None:
            return _LEFT_OF_ORDER
        variable, path = self.spec.each
        return _LEFT_OF_LINE.format(line=variable) if path in _LINES else None

    def _whole(self, output: m.Output, bound: c.Expr | None) -> None:
        symbols = self.el.symbols
        if bound is not None and symbols.policy.rounding is None and not whole(bound, symbols.parameter_values):
            self.report.add(
                "type-rounding",
                f"the bound of `{output.id}` may have fractions of the smallest coin",
                bound.span,
                help="add `rounding: half up` to the policy",
            )

    def cited(self, output: m.Output, rules: Iterable[c.CoreRule]) -> None:
        """Report rules that take or give money beside what was paid, and cite no clause for it."""
        if output.flow not in ("bonus", "charge"):
            return
        clauses = {clause.id for clause in self.el.symbols.policy.clauses}
        for rule in rules:
            value = rule.then[output.id]
            nothing = isinstance(value, c.Const) and isinstance(value.value, Money) and value.value.amount == 0
            if nothing or isinstance(value, c.NotStated) or clauses & set(rule.cites):
                continue
            self.report.add(
                "flow-uncited",
                f"rule `{rule.id}` concludes the {output.flow} `{output.id}`, but cites no clause",
                self.el.symbols.places.key("decisions", self.spec.id, "rules", rule.id, "then", output.id) or rule.span,
                help="add `cites:` with the clause that "
                + ("promises it" if output.flow == "bonus" else "lets the shop ask for it"),
            )

    # what they come to together --------------------------------------------------------------------------------------

    def net(self, output: m.Output, kind: MoneyType, scope: Scope) -> c.Net | None:
        """Refunds and bonuses less charges, as one formula; None after a report."""
        amount: c.Expr | None = None
        parts: list[tuple[str, m.Flow | None]] = []
        below = False
        for written in output.net_of:
            found = self._part(written, kind, scope)
            if found is None:
                return None
            expr, spec = found
            parts.append((written.text.text.strip(), spec.flow))
            below = below or spec.flow == "charge" or spec.below_zero == "customer_owes"
            amount = self._with(amount, expr, spec.flow == "charge", kind)
        if amount is None or not self._said_below_zero(output, below):
            return None
        if output.below_zero == "nothing":
            zero = c.Const(type=kind, span=output.span, value=Money(Fraction(0), kind.currency))
            amount = c.Op(type=kind, span=output.span, key="greater", args=(zero, amount))
        return c.Net(tuple(parts), amount, output.below_zero)

    def _with(self, sum_: c.Expr | None, part: c.Expr, less: bool, kind: MoneyType) -> c.Expr:
        if sum_ is None:
            return c.Op(type=kind, span=part.span, key="negate", args=(part,)) if less else part
        return c.Op(type=kind, span=part.span, key="subtract" if less else "add", args=(sum_, part))

    def _part(self, written: m.Written, kind: MoneyType, scope: Scope) -> tuple[c.Expr, m.Output] | None:
        """An amount that a net amount is made of: an output of this decision by its name alone, or of another."""
        node, names = written.node, self.el.names
        own = [one.id for one in self.spec.outputs]
        expr: c.Expr | None
        if isinstance(node, s.Name) and len(node.parts) == 1:
            if node.text not in own:
                self.report.add(
                    "name-unknown",
                    f"decision `{self.spec.id}` has no output `{node.text}`",
                    node.span,
                    help=name_help(node.text, own) or f"it has {listed(own)}; write others as `decision.output`",
                )
                return None
            expr = output_reads.output(names, node.span, self.spec.id, node.parts, scope)
        else:
            expr = self.el.expr(node, scope)
        if expr is None:
            return None
        if not isinstance(expr, c.OutputRef):
            self.report.add(
                "type-mismatch",
                f"`{shown(expr)}` is no output of a decision",
                node.span,
                help="name amounts that decisions conclude; conclude this one in a rule first",
            )
            return None
        spec = next(o for o in self.el.symbols.decisions[expr.decision].outputs if o.id == expr.output)
        if spec.flow is None and not spec.net_of:
            self.report.add(
                "flow-unclear",
                f"`{written.text.text.strip()}` does not say which way it goes",
                node.span,
                help=f"add `flow: refund`, `flow: bonus` or `flow: charge` to output `{spec.id}`",
            )
            return None
        if spec.flow is not None and not isinstance(expr.type, MoneyType):
            return None  # that is reported where its flow stands
        fitted = coerce(expr, kind, self.report)
        return None if fitted is None else (fitted, spec)

    def _said_below_zero(self, output: m.Output, below: bool) -> bool:
        """Whether a net amount says what less than nothing means, exactly if it can come to that."""
        if below and output.below_zero is None:
            self.report.add(
                "flow-unclear",
                f"charges can pass what goes back, and `{output.id}` does not say what it is then",
                output.span,
                help="add `below_zero: customer_owes`, or `below_zero: nothing` if nobody owes anything",
            )
            return False
        if not below and output.below_zero is not None:
            self.report.add(
                "flow-unclear",
                f"nothing is taken off, so `{output.id}` is never below zero",
                self.place(output, "below_zero"),
                help="remove `below_zero`, or add the charge that it is about to `net_of`",
            )
            return False
        return True
