"""Decisions, outputs, rules, requirements: bound, typed, overrides resolved."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass

from engine.base.suggest import did_you_mean
from engine.check.amounts import whole
from engine.check.conclusions import Conclusions
from engine.check.declarations import Parse, type_of
from engine.check.expressions import Elaborator
from engine.check.overrides import override_map, rule_overrides
from engine.check.scope import Bound, OptionBound, Scope, list_at
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.located import Node as YamlNode
from engine.language.types import Boolean, ListOf, MoneyType, Record, TenderSplit, Text, Type, Words, describe
from engine.values.numbers import Rounding

MAX_OVERRIDING = 10
"""How many overriding rules of one output may be blocked together: the interpreter considers each of them both ways."""


def output_types(el: Elaborator) -> None:
    """Record the types of all outputs, before any expression reads one."""
    for decision in el.symbols.policy.decisions:
        for output in decision.outputs:
            kind = type_of(output.type, el.symbols.currency, el.report)
            if kind is not None:
                el.symbols.output_types[decision.id, output.id] = kind


@dataclass
class _Parts:
    """What the outputs of a decision are made from."""

    scope: Scope
    rules: tuple[c.CoreRule, ...]
    over: Map[str, Map[str, tuple[c.CoreRule, ...]]]


class DecisionElaborator:
    """Makes core decisions."""

    def __init__(self, el: Elaborator, parse: Parse) -> None:
        self.el = el
        self.report = el.report
        self.conclusions = Conclusions(el, parse)

    def decision(self, spec: m.Decision) -> c.CoreDecision | None:
        """One decision, or None if it is too wrong to go on (its mistakes are reported)."""
        scope = self._scope(spec)
        if scope is None or not spec.outputs:
            return None
        types = {o.id: self.el.symbols.output_types.get((spec.id, o.id)) for o in spec.outputs}
        rules = tuple(self._rule(spec, rule, types, scope, i) for i, rule in enumerate(spec.rules))
        overriding = rule_overrides(spec, self.report)
        rules = tuple(_with_overrides(r, overriding.get(r.id, ())) for r in rules)
        parts = _Parts(scope, rules, override_map(spec, rules, self.report))
        outputs = {}
        for output in spec.outputs:
            kind = types[output.id]
            if kind is not None:
                outputs[output.id] = self._output(spec, output, kind, parts)
        headline = spec.outputs[0].id
        if headline not in outputs:
            return None
        asked = None
        if spec.every is not None and spec.asked is not None:
            asked = self.el.expr(spec.asked.node, scope)
            if asked is not None and not isinstance(asked.type, Words | Text):
                self.report.add(
                    "type-mismatch", f"`asked` must be a word, but this is {describe(asked.type)}", spec.asked.node.span
                )
        return c.CoreDecision(
            id=spec.id,
            asks=spec.asks,
            variable=spec.each[0] if spec.each else None,
            list_path=spec.each[1] if spec.each else (),
            option_variable=spec.every[0] if spec.every else None,
            options=spec.every[1] if spec.every else (),
            asked=asked,
            not_offered=None if spec.not_offered is None else tuple(x.name for x in spec.not_offered),
            outputs=outputs,
            headline=headline,
            requires=self._requires(spec, outputs[headline], scope),
            rules=rules,
            span=spec.span,
        )

    def _scope(self, spec: m.Decision) -> Scope | None:
        scope = Scope(each=spec.each)
        if spec.each is not None and spec.each_span is not None:
            variable, path = spec.each
            kind = list_at(self.el.symbols.facts, path)
            if kind is None or not isinstance(kind.element, Record):
                self.report.add(
                    "name-unknown",
                    f"`{'.'.join(path)}` is not a list of records",
                    spec.each_span,
                    help="`for_each` goes over a list of the facts, such as `line in request.lines`",
                )
                return None
            scope = scope.bind(variable, Bound(path, kind.element, kind.element))
        if spec.every is not None:
            variable, words = spec.every
            if variable in scope.variables:
                self.report.add("name-twice", f"`{variable}` already means something here", spec.span)
                return None
            scope = scope.bind(variable, OptionBound(words))
        return scope

    # outputs ---------------------------------------------------------------------------------------------------------

    def _output(self, spec: m.Decision, output: m.Output, kind: Type, parts: _Parts) -> c.CoreOutput:
        rules = tuple(r for r in parts.rules if output.id in r.then)
        over = parts.over.get(output.id, {})
        overriding = {r.id for rules_over in over.values() for r in rules_over}
        if len(overriding) > MAX_OVERRIDING:
            self.report.add(
                "output-cost",
                f"{len(overriding)} rules override others in output `{output.id}`; more than {MAX_OVERRIDING} "
                "could be undecided together",
                output.span,
                help="split the decision, or use `strictest` instead of overriding",
            )
        self._check_combine(output, kind)
        if spec.each is not None and output.roll_up is None and not isinstance(kind, TenderSplit):
            self.report.add(
                "roll-up-missing",
                f"output `{output.id}` does not say what the whole is when the lines differ",
                output.span,
                help="add `roll_up: each` (one value for all, or mixed), or sum, any, all, min, max, earliest, latest",
            )
        split_of = None
        if output.of is not None:
            split_of = self.el.want(output.of.node, MoneyType(self.el.symbols.currency), parts.scope)
        return c.CoreOutput(
            id=output.id,
            type=kind,
            combine=output.combine,
            roll_up=output.roll_up,
            only_when=self._only_when(spec, output),
            label=output.label,
            words=kind.words if isinstance(kind, Words) else (),
            rules=rules,
            over=over,
            otherwise=self._otherwise(spec, output, kind, parts.scope),
            split_of=split_of,
            split_order=output.in_order,
            rounding=self._rounding(output, kind, rules),
            span=output.span,
        )

    def _check_combine(self, output: m.Output, kind: Type) -> None:
        fits = True
        match output.combine:
            case "strictest":
                fits = isinstance(kind, Words)
            case "all":
                fits = isinstance(kind, ListOf)
            case "sum" | "min" | "max":
                fits = describe(kind).startswith(("an amount", "a number", "a whole", "a percent", "elapsed"))
            case "earliest" | "latest":
                fits = describe(kind) in ("a date", "a moment")
            case "unique" | "first":
                fits = True
        if isinstance(kind, ListOf) and output.combine != "all":
            fits = False
        if not fits:
            self.report.add(
                "type-mismatch",
                f"`combine: {output.combine}` does not go with {describe(kind)}",
                output.span,
                help="`strictest` goes with words, `all` with lists, `sum`, `min`, `max` with numbers and amounts, "
                "`earliest`, `latest` with dates; `unique` and `first` with any but lists",
            )

    def _only_when(self, spec: m.Decision, output: m.Output) -> tuple[str, ...] | None:
        if output.only_when is None:
            return None
        headline = self.el.symbols.output_types.get((spec.id, spec.outputs[0].id))
        if output is spec.outputs[0]:
            self.report.add("name-not-here", "the first output is the headline and cannot hang on itself", output.span)
            return None
        for word in output.only_when:
            if isinstance(headline, Words) and word not in headline.words:
                self.report.add(
                    "type-unknown-word",
                    f"`{word}` is not a word of `{spec.outputs[0].id}`",
                    output.span,
                    help=did_you_mean(word, headline.words),
                )
        return output.only_when

    def _otherwise(self, spec: m.Decision, output: m.Output, kind: Type, scope: Scope) -> c.CoreOtherwise | None:
        for one in spec.otherwise:
            if one.output == output.id and one.value is not None:
                value = self.conclusions.value(one.value, kind, scope)
                if isinstance(value, c.NotStated):
                    self.report.add(
                        "bad-value", "`otherwise` cannot be `not stated`", one.span, help="write `not_covered`"
                    )
                elif value is not None:
                    return c.CoreOtherwise(value, tuple(x.name for x in one.cites))
        return None

    def _rounding(self, output: m.Output, kind: Type, rules: tuple[c.CoreRule, ...]) -> Rounding | None:
        if not isinstance(kind, MoneyType):
            return None
        policy = self.el.symbols.policy.rounding
        if policy is not None:
            return Rounding(policy)
        for rule in rules:
            value = rule.then[output.id]
            if not isinstance(value, c.NotStated) and not whole(value):
                self.report.add(
                    "type-rounding",
                    f"`{output.id}` may come out with fractions of the smallest coin",
                    value.span,
                    help="add `rounding: half up` to the policy, or write `round(..., to 0.01 USD, half up)` here",
                )
        return None

    # rules -----------------------------------------------------------------------------------------------------------

    def _rule(
        self, spec: m.Decision, rule: m.Rule, types: Map[str, Type | None], scope: Scope, order: int
    ) -> c.CoreRule:
        then = self._then(spec, rule, rule.then, types, scope)
        if any(isinstance(v, c.Const) and v.value == "review" for v in then.values()) and rule.review is None:
            self.report.add(
                "schema-missing-key",
                f"rule `{rule.id}` concludes `review` but does not say why a person must decide",
                rule.span,
                help="add `review:` with discretion, contradiction, silent, vague or external_terms",
            )
        because = None
        if rule.because is not None:
            because = self._template(rule.because, scope)
        return c.CoreRule(
            id=rule.id,
            when=self.el.conditions(rule.when, scope),
            unless=self.el.conditions(rule.unless, scope),
            then=then,
            review=rule.review,
            leaning=self._then(spec, rule, rule.leaning, types, scope),
            because=because,
            note=rule.note,
            code=rule.code,
            cites=tuple(x.name for x in rule.cites),
            overrides=(),
            order=order,
            span=rule.span,
        )

    def _then(
        self,
        spec: m.Decision,
        rule: m.Rule,
        then: tuple[tuple[str, YamlNode], ...],
        types: Map[str, Type | None],
        scope: Scope,
    ) -> dict[str, c.Conclusion]:
        found: dict[str, c.Conclusion] = {}
        for name, node in then:
            if name not in types:
                self.report.add(
                    "name-unknown",
                    f"decision `{spec.id}` has no output `{name}`",
                    node.span,
                    help=did_you_mean(name, types) or "add it under `outputs`",
                )
                continue
            kind = types[name]
            if isinstance(kind, TenderSplit):
                self.report.add("name-not-here", f"`{name}` is worked out from `of`, no rule concludes it", node.span)
                continue
            place = ("answers", spec.id, rule.id, name)
            variable = spec.each[0] if spec.each else None
            value = None if kind is None else self.conclusions.value(node, kind, scope, place, variable)
            if value is not None:
                found[name] = value
        return found

    def _template(self, template: s.Template, scope: Scope) -> c.CoreTemplate | None:
        pieces: list[str | c.Expr] = []
        for piece in template.pieces:
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            expr = self.el.expr(piece, scope)
            if expr is None:
                return None
            pieces.append(expr)
        return c.CoreTemplate(tuple(pieces))

    # requirements ----------------------------------------------------------------------------------------------------

    def _requires(self, spec: m.Decision, headline: c.CoreOutput, scope: Scope) -> tuple[c.CoreRequirement, ...]:
        found = []
        for one in spec.requires:
            when = self.el.every(one.when, scope, one.span)
            met = self.el.want(one.met.node, Boolean(), scope)
            if one.blocks not in headline.words:
                self.report.add(
                    "requirement-nothing",
                    f"requirement `{one.id}` blocks `{one.blocks}`, which `{headline.id}` never is",
                    one.span,
                    help=did_you_mean(one.blocks, headline.words) or "name the word of the yes under `for:`",
                )
            by = self._by(one.by, scope)
            if met is not None:
                found.append(
                    c.CoreRequirement(
                        one.id, when, met, one.ask, by, one.blocks, tuple(x.name for x in one.cites), one.span
                    )
                )
        return tuple(found)

    def _by(self, by: m.Written | None, scope: Scope) -> c.WindowUse | c.Expr | None:
        if by is None:
            return None
        if isinstance(by.node, s.Name) and by.node.text in self.el.symbols.windows:
            return self.el.names.window(by.node, scope)
        return self.el.moment(by.node, scope)


def _with_overrides(rule: c.CoreRule, overrides: tuple[str, ...]) -> c.CoreRule:
    if not overrides:
        return rule
    values = {name: getattr(rule, name) for name in rule.__dataclass_fields__}
    return c.CoreRule(**{**values, "overrides": overrides})
