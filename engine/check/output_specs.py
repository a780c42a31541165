"""One output of a decision: how rules go together, how members roll up, what it hangs on, how it is rounded."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.base.source import Span
from engine.base.suggest import nearest
from engine.check.amounts import whole
from engine.check.conclusions import REVIEW, Conclusions, may_be
from engine.check.fits import combine_fits, combines_of, roll_up_fits, roll_ups_of
from engine.check.flows import FlowElaborator
from engine.check.places import word_in
from engine.check.scope import Scope
from engine.check.suggestions import word_help
from engine.check.typing import brief
from engine.language import core as c
from engine.language import model as m
from engine.language.types import CHARGED, ListOf, MoneyType, Record, TenderSplit, Type, Words
from engine.values.money import ANY_OTHER, Money, minor_unit
from engine.values.numbers import Rounding, decimal_text
from engine.vocabulary.shared import lookup

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator

MAX_OVERRIDING = 10
"""How many overriding rules of one output may be blocked together: the interpreter considers each of them both ways."""

_RESERVED = {
    "not stated": "what a rule says where the text leaves an output open",
    "not_covered": "what an output is where no rule speaks",
    "mixed": "what the whole is where the members differ",
}
"""Words with a meaning of their own, which no output can have as its value."""


@dataclass(frozen=True)
class Parts:
    """What the outputs of a decision are made from."""

    scope: Scope
    rules: tuple[c.CoreRule, ...]
    over: Map[str, Map[str, tuple[c.CoreRule, ...]]]


class OutputElaborator:
    """Makes the outputs of one decision."""

    def __init__(self, el: Elaborator, conclusions: Conclusions, spec: m.Decision) -> None:
        self.el = el
        self.report = el.report
        self.conclusions = conclusions
        self.spec = spec

    def place(self, output: m.Output, key: str) -> Span:
        """Where a key's value of an output stands; the output's name if it is not written."""
        return self.el.symbols.places.value("decisions", self.spec.id, "outputs", output.id, key) or output.span

    def output(self, output: m.Output, kind: Type, parts: Parts) -> c.CoreOutput:
        """One output with its rules; what is wrong with it is reported."""
        rules = tuple(r for r in parts.rules if output.id in r.then)
        over = parts.over.get(output.id, {})
        self._cost(output, over)
        self._words(output, kind)
        self._combine(output, kind)
        self._roll_up(output, kind)
        flow, up_to, net = self._flows(output, kind, rules, parts.scope)
        return c.CoreOutput(
            id=output.id,
            type=kind,
            combine=output.combine,
            roll_up=output.roll_up,
            only_when=self._only_when(output),
            label=output.label,
            words=kind.words if isinstance(kind, Words) else (),
            rules=rules,
            over=over,
            otherwise=self._otherwise(output, kind, parts.scope),
            split_of=self._split_of(output, parts.scope),
            split_order=output.in_order,
            rounding=self._rounding(output, kind, rules),
            span=output.span,
            flow=flow,
            up_to=up_to,
            net=net,
        )

    def _flows(
        self, output: m.Output, kind: Type, rules: tuple[c.CoreRule, ...], scope: Scope
    ) -> tuple[m.Flow | None, c.Expr | None, c.Net | None]:
        """Which way an amount goes, its bound, and what it is the net of."""
        flows = FlowElaborator(self.el, self.spec)
        if (output.flow is None and not output.net_of) or not flows.fits(output, kind):
            return None, None, None
        assert isinstance(kind, MoneyType)
        if output.net_of:
            return None, None, flows.net(output, kind, scope)
        flows.cited(output, rules)
        return output.flow, flows.up_to(output, kind, scope), None

    def _combine(self, output: m.Output, kind: Type) -> None:
        if combine_fits(output.combine, kind):
            return
        written = self.el.symbols.places.value("decisions", self.spec.id, "outputs", output.id, "combine")
        if written is None:
            self.report.add(
                "type-mismatch",
                f"output `{output.id}` is a list, but does not say that the lists of several rules go together",
                output.span,
                help="add `combine: all`",
            )
            return
        self.report.add(
            "type-mismatch",
            f"`combine: {output.combine}` does not go with {brief(kind)}",
            written,
            help=f"what goes with it is {combines_of(kind)}" if combines_of(kind) else "leave `combine` out",
        )

    def _cost(self, output: m.Output, over: Map[str, tuple[c.CoreRule, ...]]) -> None:
        overriding = {r.id for rules in over.values() for r in rules}
        if len(overriding) > MAX_OVERRIDING:
            self.report.add(
                "output-cost",
                f"{len(overriding)} rules override others in output `{output.id}`; more than {MAX_OVERRIDING} "
                "could be undecided together",
                output.span,
                help="split the decision, or use `strictest` instead of overriding",
            )

    def _words(self, output: m.Output, kind: Type) -> None:
        words = kind.element if isinstance(kind, ListOf) else kind
        for word in words.words if isinstance(words, Words) else ():
            if word in _RESERVED:
                self.report.add(
                    "name-reserved",
                    f"`{word}` cannot be a word of an output: it is {_RESERVED[word]}",
                    word_in(self.place(output, "type"), word),
                    help="choose another word",
                )

    def _roll_up(self, output: m.Output, kind: Type) -> None:
        each = self.spec.each
        if each is None:
            if output.roll_up is not None:
                self.report.add(
                    "roll-up-nothing",
                    f"there is nothing to roll up: decision `{self.spec.id}` is asked once",
                    self.place(output, "roll_up"),
                    help="remove `roll_up`, or ask the decision `for_each: line in request.lines`",
                )
            return
        members = ".".join(each[1])
        if isinstance(kind, TenderSplit):
            self.report.add(
                "amount-per-line",
                f"the ways of paying exist once per order, but `{output.id}` is worked out for every `{each[0]}`",
                output.span,
                help="move it to a decision without `for_each`, where `of` reads the sum",
            )
        elif output.roll_up is None:
            self.report.add(
                "roll-up-missing",
                f"output `{output.id}` does not say what the whole is where the members of `{members}` differ",
                output.span,
                help=f"add `roll_up:` with {roll_ups_of(kind)} (`each` is the common value, or mixed)",
            )
        elif not roll_up_fits(output.roll_up, kind):
            self.report.add(
                "type-mismatch",
                f"`roll_up: {output.roll_up}` does not go with {brief(kind)}",
                self.place(output, "roll_up"),
                help=f"what goes with it is {roll_ups_of(kind)}",
            )

    def _only_when(self, output: m.Output) -> tuple[str, ...] | None:
        if output.only_when is None:
            return None
        headline = self.spec.outputs[0]
        kind = self.el.symbols.output_types.get((self.spec.id, headline.id))
        place = self.place(output, "only_when")
        if output is headline:
            self.report.add(
                "name-not-here",
                f"`{output.id}` is the first output, the decision's headline: it cannot hang on itself",
                place,
                help="remove `only_when` here; it is for the outputs after the first",
            )
            return None
        if kind is not None and not isinstance(kind, Words):
            self.report.add(
                "type-mismatch",
                f"`only_when` names words of the first output, but `{headline.id}` is {brief(kind)}",
                place,
                help="remove `only_when`, or let the first output be a list of words",
            )
        words = kind.words if isinstance(kind, Words) else output.only_when
        for word in output.only_when:
            if word not in words:
                self.report.add(
                    "type-unknown-word",
                    f"`{headline.id}` is never `{word}`",
                    word_in(place, word),
                    help=word_help(word, words),
                )
        return output.only_when

    def _otherwise(self, output: m.Output, kind: Type, scope: Scope) -> c.CoreOtherwise | None:
        for one in self.spec.otherwise:
            if one.output != output.id or one.value is None:
                continue
            value = self.conclusions.value(one.value, kind, scope)
            if isinstance(value, c.NotStated):
                self.report.add(
                    "bad-value",
                    "`otherwise` cannot be `not stated`",
                    one.value.span,
                    help="write `not_covered`, which is what an output is where no rule speaks",
                )
            elif value is not None and isinstance(kind, Words) and REVIEW in kind.words and may_be(value, REVIEW):
                self.report.add(
                    "review-kind",
                    "`otherwise` cannot be `review`: nobody could say why a person must decide",
                    one.value.span,
                    help="write `not_covered`, or a rule that concludes `review` with `review:` and its kind",
                )
            elif value is not None:
                self._whole(output, kind, value)
                return c.CoreOtherwise(value, tuple(x.name for x in one.cites))
        return None

    # amounts ---------------------------------------------------------------------------------------------------------

    def _rounding(self, output: m.Output, kind: Type, rules: tuple[c.CoreRule, ...]) -> Rounding | None:
        policy = self.el.symbols.policy.rounding
        if isinstance(kind, MoneyType) and policy is not None:
            return Rounding(policy)
        for rule in rules:
            value = rule.then[output.id]
            if not isinstance(value, c.NotStated):
                self._whole(output, kind, value)
        return None

    def _whole(self, output: m.Output, kind: Type, value: c.Expr) -> None:
        """Report an amount that may not be whole coins, in a policy that does not say how it rounds."""
        symbols = self.el.symbols
        if not isinstance(kind, MoneyType) or symbols.policy.rounding is not None:
            return
        if whole(value, symbols.parameter_values):
            return
        here = ""
        if kind.currency != CHARGED:
            here = (
                f", or write `round(..., to {decimal_text(minor_unit(kind.currency))} {kind.currency}, half up)` here"
            )
        self.report.add(
            "type-rounding",
            f"`{output.id}` may come out with fractions of the smallest coin",
            value.span,
            help=f"add `rounding: half up` to the policy{here}",
        )

    def _split_of(self, output: m.Output, scope: Scope) -> c.Expr | None:
        if output.of is None:
            return None
        amount = self.el.want(output.of.node, MoneyType(self.el.symbols.currency), scope)
        if amount is not None and not whole(amount, self.el.symbols.parameter_values):
            self.report.add(
                "type-rounding",
                f"`{output.id}` lays out an amount that may have fractions of the smallest coin",
                output.of.node.span,
                help="conclude the amount as an output, which is rounded, and lay that out: `of: payout.total`",
            )
        fact = lookup(self.el.symbols.facts, ("order", "tenders", "kind"))
        kinds = fact.type.words if fact is not None and isinstance(fact.type, Words) else ()
        place = self.place(output, "in_order")
        for i, word in enumerate(output.in_order):
            if word in output.in_order[:i]:
                self.report.add(
                    "name-twice",
                    f"`{word}` stands twice in `in_order`",
                    word_in(place, word),
                    help="keep one of them",
                )
            near = None if word in kinds or word == ANY_OTHER else nearest(word, [*kinds, ANY_OTHER])
            if near is not None:
                self.report.add(
                    "word-unlisted",
                    f"`{word}` is no way of paying that the facts list",
                    word_in(place, word),
                    help=f"did you mean `{near}`? Ways of your own are listed under `facts`, as `tender.kind`",
                )
        return amount if amount is None else self._not_owed(amount)

    def _not_owed(self, amount: c.Expr) -> c.Expr:
        """What is laid out: nothing where the customer owes."""
        if not isinstance(amount, c.OutputRef):
            return amount
        outputs = self.el.symbols.decisions[amount.decision].outputs
        spec = next(one for one in outputs if one.id == amount.output)
        if spec.below_zero != "customer_owes" or not isinstance(amount.type, MoneyType):
            return amount
        zero = c.Const(type=amount.type, span=amount.span, value=Money(Fraction(0), amount.type.currency))
        return c.Op(type=amount.type, span=amount.span, key="greater", args=(zero, amount))


def list_record(facts: Record, path: tuple[str, ...]) -> str | None:
    """Why a path is not a list of records that a question can be asked for each member of; None if it is one."""
    kind: Type = facts
    for i, name in enumerate(path):
        here = ".".join(path[:i])
        if isinstance(kind, ListOf):
            return f"`{here}` is a list already: a question goes over one list"
        fact = kind.get(name) if isinstance(kind, Record) else None
        if fact is None:
            return f"`{here}` has no fact `{name}`" if here else f"nothing is called `{name}`"
        kind = fact.type
    if not isinstance(kind, ListOf):
        return f"`{'.'.join(path)}` is {brief(kind)}, not a list"
    return None if isinstance(kind.element, Record) else f"the members of `{'.'.join(path)}` are not records"
