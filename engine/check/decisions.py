"""Decisions, rules, requirements: bound, typed, overrides resolved."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import fields as dataclass_fields

from engine.base.source import Span
from engine.base.suggest import nearest
from engine.check.conclusions import REVIEW, Conclusions, may_be
from engine.check.declarations import Parse, type_of
from engine.check.definitions import named_so
from engine.check.expressions import Elaborator
from engine.check.groups import groups_of
from engine.check.output_specs import OutputElaborator, Parts, list_record
from engine.check.overrides import override_map, rule_overrides
from engine.check.places import word_in
from engine.check.scope import Bound, OptionBound, Scope, list_at
from engine.check.suggestions import listed, name_help, word_help
from engine.check.typing import brief, shown
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.joined import PROMOTIONS
from engine.language.types import Boolean, Date, MomentType, Record, TenderSplit, Text, Type, Words

LISTS = ("request.lines", "order.lines", "order.parcels", "order.tenders", "order.promotions", "customer.orders")
"""Lists of the shared vocabulary that a question is most likely asked for each member of, for suggestions."""

Types = Map[str, Type | None]


def output_types(el: Elaborator) -> None:
    """Record the types of all outputs, before any expression reads one."""
    for decision in el.symbols.policy.decisions:
        for output in decision.outputs:
            kind = type_of(output.type, el.symbols.currency, el.report)
            if kind is not None:
                el.symbols.output_types[decision.id, output.id] = kind


class DecisionElaborator:
    """Makes core decisions."""

    def __init__(self, el: Elaborator, parse: Parse) -> None:
        self.el = el
        self.report = el.report
        self.conclusions = Conclusions(el, parse)

    def decision(self, spec: m.Decision) -> c.CoreDecision | None:
        """One decision, or None if it is too wrong to go on (its mistakes are reported)."""
        around = self._members(spec)
        scope = None if around is None else self._options(spec, around)
        if around is None or scope is None or not spec.outputs:
            return None
        types = {o.id: self.el.symbols.output_types.get((spec.id, o.id)) for o in spec.outputs}
        rules = tuple(self._rule(spec, rule, types, scope, i) for i, rule in enumerate(spec.rules))
        overriding = rule_overrides(spec, groups_of(spec, rules, self.el.symbols.tables), self.report)
        rules = tuple(_with_overrides(r, overriding.get(r.id, ())) for r in rules)
        parts = Parts(scope, rules, override_map(spec, rules, self.report))
        making = OutputElaborator(self.el, self.conclusions, spec)
        outputs = {o.id: making.output(o, kind, parts) for o in spec.outputs if (kind := types[o.id]) is not None}
        self._otherwise_names(spec)
        headline = spec.outputs[0].id
        if headline not in outputs:
            return None
        self._not_offered(spec, outputs[headline])
        return c.CoreDecision(
            id=spec.id,
            asks=spec.asks,
            variable=spec.each[0] if spec.each else None,
            list_path=spec.each[1] if spec.each else (),
            option_variable=spec.every[0] if spec.every else None,
            options=spec.every[1] if spec.every else (),
            asked=self._asked(spec, around),
            not_offered=None if spec.not_offered is None else tuple(x.name for x in spec.not_offered),
            outputs=outputs,
            headline=headline,
            requires=self._requires(spec, outputs[headline], scope),
            rules=rules,
            span=spec.span,
        )

    def _place(self, spec: m.Decision, *keys: str) -> Span:
        return self.el.symbols.places.value("decisions", spec.id, *keys) or spec.span

    # members and options ---------------------------------------------------------------------------------------------

    def _members(self, spec: m.Decision) -> Scope | None:
        """The scope with the variable of `for_each`."""
        scope = Scope(each=spec.each)
        if spec.each is None or spec.each_span is None:
            return scope
        variable, path = spec.each
        kind = list_at(self.el.symbols.facts, path)
        wrong = list_record(self.el.symbols.facts, path)
        if wrong is not None or kind is None or not isinstance(kind.element, Record):
            near = nearest(".".join(path), LISTS)
            self.report.add(
                "name-unknown",
                wrong or "this is not a list",
                word_in(spec.each_span, ".".join(path)),
                help="ask it for each `line in order.lines`, or for each `promo in order.promotions` and look through "
                "`promo.lines` there"
                if path == (*PROMOTIONS, "lines")
                else f"did you mean `{variable} in {near}`?"
                if near is not None
                else "`for_each` goes over a list of records, such as `line in request.lines`",
            )
            return None
        if not named_so(variable, path) and self._taken(variable, scope, spec.each_span):
            return None
        return scope.bind(variable, Bound(path, kind.element, kind.element))

    def _options(self, spec: m.Decision, scope: Scope) -> Scope | None:
        """The scope with the variable of `for_every` too."""
        if spec.every is None:
            return scope
        variable, words = spec.every
        place = self._place(spec, "for_every")
        if self._taken(variable, scope, place):
            return None
        for i, word in enumerate(words):
            if word in words[:i]:
                self.report.add(
                    "name-twice", f"the option `{word}` stands twice", word_in(place, word), help="keep one of them"
                )
        return scope.bind(variable, OptionBound(words))

    def _taken(self, variable: str, scope: Scope, place: Span) -> bool:
        meaning = self.el.names.meaning(variable, scope)
        if meaning is not None:
            self.report.add(
                "name-twice",
                f"`{variable}` cannot be used here: it is already {meaning}",
                word_in(place, variable),
                help="choose another name",
            )
        return meaning is not None

    def _asked(self, spec: m.Decision, scope: Scope) -> c.Expr | None:
        """The word that says which option was asked for; it is looked up before any option is worked out."""
        if spec.every is None or spec.asked is None:
            return None
        node = spec.asked.node
        if isinstance(node, s.Name) and node.parts == spec.every[:1]:
            self.report.add(
                "name-not-here",
                f"`{node.text}` is each option in turn; `asked` says which of them was asked for",
                node.span,
                help="name the fact that says so, such as `line.remedy`",
            )
            return None
        asked = self.el.expr(node, scope)
        if asked is None:
            return None
        if not isinstance(asked.type, Words | Text):
            self.report.add(
                "type-mismatch",
                f"`asked` says which option is wanted, but `{shown(asked)}` is {brief(asked.type)}",
                spec.asked.node.span,
                help="name a fact that holds a word, such as `line.remedy`",
            )
            return None
        if isinstance(asked.type, Words):
            for option in spec.every[1]:
                self._option(spec, option, asked, asked.type)
        return asked

    def _option(self, spec: m.Decision, option: str, asked: c.Expr, kind: Words) -> None:
        if option in kind.words:
            return
        place = word_in(self._place(spec, "for_every"), option)
        if kind.closed:
            message = f"nobody can ask for `{option}`: `{shown(asked)}` is never that"
            self.report.add("type-unknown-word", message, place, help=word_help(option, kind.words))
            return
        near = nearest(option, kind.words)
        if near is not None and near not in (spec.every or ("", ()))[1]:
            self.report.add(
                "word-unlisted",
                f"`{option}` is not a word that `{shown(asked)}` lists",
                place,
                help=f"did you mean `{near}`? Words of your own are listed under `facts`",
            )

    def _not_offered(self, spec: m.Decision, headline: c.CoreOutput) -> None:
        if spec.not_offered is not None and "deny" not in headline.words:
            self.report.add(
                "type-unknown-word",
                f"`not_offered` refuses every other option, but `{headline.id}` is never `deny`",
                self.el.symbols.places.key("decisions", spec.id, "not_offered") or spec.span,
                help=f"add `deny` to the words of `{headline.id}`, or remove `not_offered`",
            )

    def _otherwise_names(self, spec: m.Decision) -> None:
        known = [o.id for o in spec.outputs]
        for one in spec.otherwise:
            if one.output not in known:
                self._no_output(spec, one.output, one.span, known)

    def _no_output(self, spec: m.Decision, name: str, place: Span, known: list[str]) -> None:
        shown_names = listed(known)
        self.report.add(
            "name-unknown",
            f"decision `{spec.id}` has no output `{name}`",
            place,
            help=name_help(name, known) or f"it has {shown_names}" if shown_names else "add it under `outputs`",
        )

    # rules -----------------------------------------------------------------------------------------------------------

    def _rule(self, spec: m.Decision, rule: m.Rule, types: Types, scope: Scope, order: int) -> c.CoreRule:
        then = self._then(spec, rule, "then", types, scope)
        leaning = self._then(spec, rule, "leaning", types, scope)
        self._review(spec, rule, then, leaning)
        return c.CoreRule(
            id=rule.id,
            when=self.el.conditions(rule.when, scope),
            unless=self.el.conditions(rule.unless, scope),
            then=then,
            review=rule.review,
            leaning=leaning,
            because=None if rule.because is None else self._template(rule.because, scope),
            note=rule.note,
            code=rule.code,
            cites=tuple(x.name for x in rule.cites),
            overrides=(),
            order=order,
            span=rule.span,
        )

    def _then(self, spec: m.Decision, rule: m.Rule, key: str, types: Types, scope: Scope) -> dict[str, c.Conclusion]:
        found: dict[str, c.Conclusion] = {}
        net = {one.id for one in spec.outputs if one.net_of}
        for name, node in rule.then if key == "then" else rule.leaning:
            place = self.el.symbols.places.key("decisions", spec.id, "rules", rule.id, key, name) or node.span
            if name not in types:
                self._no_output(spec, name, place, list(types))
                continue
            kind = types[name]
            if isinstance(kind, TenderSplit) or name in net:
                source = "of" if isinstance(kind, TenderSplit) else "net_of"
                self.report.add(
                    "name-not-here",
                    f"`{name}` is worked out from its `{source}`; no rule concludes it",
                    place,
                    help=f"remove `{name}` here, and conclude the amount that `{source}` names",
                )
                continue
            comes_back = ("answers", spec.id, rule.id, name)
            variable = spec.each[0] if spec.each else None
            value = None if kind is None else self.conclusions.value(node, kind, scope, comes_back, variable)
            if value is not None:
                found[name] = value
        return found

    def _review(
        self, spec: m.Decision, rule: m.Rule, then: Map[str, c.Conclusion], leaning: Map[str, c.Conclusion]
    ) -> None:
        """A rule that concludes `review` says of what kind it is, and no other rule does."""
        place = self.el.symbols.places.key
        concludes = [n for n, v in then.items() if _is_word(v) and may_be(v, REVIEW)]
        if concludes and rule.review is None:
            self.report.add(
                "review-kind",
                f"rule `{rule.id}` concludes `review` but does not say why a person must decide",
                place("decisions", spec.id, "rules", rule.id, "then", concludes[0]) or rule.span,
                help="add `review:` to the rule, with `discretion`, `contradiction`, `silent`, `vague` or `external_terms`",
            )
        if concludes or len(then) < len(rule.then):
            return
        keys = (
            ("review", rule.review is not None, "says why a person must decide"),
            ("leaning", bool(rule.leaning), "says what a person may lean to"),
        )
        for key, given, says in keys:
            if given:
                self.report.add(
                    "review-kind",
                    f"`{key}` {says}, but rule `{rule.id}` does not conclude `review`",
                    place("decisions", spec.id, "rules", rule.id, key) or rule.span,
                    help=f"remove `{key}`, or conclude the word `review`",
                )

    def _template(self, template: s.Template, scope: Scope) -> c.CoreTemplate | None:
        pieces = [p if isinstance(p, str) else self.el.expr(p, scope) for p in template.pieces]
        good = tuple(p for p in pieces if p is not None)
        return c.CoreTemplate(good) if len(good) == len(pieces) else None

    # requirements ----------------------------------------------------------------------------------------------------

    def _requires(self, spec: m.Decision, headline: c.CoreOutput, scope: Scope) -> tuple[c.CoreRequirement, ...]:
        found = []
        for one in spec.requires:
            when = self.el.every(one.when, scope, one.span)
            met = self.el.want(one.met.node, Boolean(), scope)
            self._blocks(spec, one, headline)
            by = self._by(one.by, scope)
            if met is not None:
                cites = tuple(x.name for x in one.cites)
                found.append(c.CoreRequirement(one.id, when, met, one.ask, by, one.blocks, cites, one.span))
        return tuple(found)

    def _blocks(self, spec: m.Decision, one: m.Requirement, headline: c.CoreOutput) -> None:
        place = self.el.symbols.places.value("decisions", spec.id, "requires", one.id, "for") or one.span
        if one.blocks not in headline.words:
            self.report.add(
                "requirement-nothing",
                f"requirement `{one.id}` holds back `{one.blocks}`, but `{headline.id}` is never that",
                place,
                help="name the word of the yes under `for:`, such as " + _yes(headline.words)
                if headline.words
                else "a requirement goes with a first output that is a list of words",
            )
        elif self._no_yes(spec, one.blocks, headline):
            self.report.add(
                "requirement-nothing",
                f"requirement `{one.id}` holds back `{one.blocks}`, but no rule concludes that",
                place,
                help="conclude it in a rule, or name another word under `for:`",
            )

    def _no_yes(self, spec: m.Decision, word: str, headline: c.CoreOutput) -> bool:
        """Whether no rule can conclude a word; False while a conclusion is still to be mended."""
        written = sum(name == headline.id for rule in spec.rules for name, _ in rule.then)
        concluded = [rule.then[headline.id] for rule in headline.rules]
        return written == len(concluded) and not any(may_be(value, word) for value in concluded)

    def _by(self, by: m.Written | None, scope: Scope) -> c.WindowUse | c.Expr | None:
        if by is None:
            return None
        if isinstance(by.node, s.Name) and len(by.node.parts) == 1:
            name = by.node.text
            if name in self.el.symbols.windows or self.el.names.meaning(name, scope) is None:
                return self.el.names.definitions.window(by.node, scope)
        day = self.el.expr(by.node, scope)
        if day is None or isinstance(day.type, Date | MomentType):
            return day
        self.report.add(
            "type-mismatch",
            f"`by` names a window or a day, but `{shown(day)}` is {brief(day.type)}",
            by.node.span,
            help="name a window, or write a day such as `request.at + 5 days`",
        )
        return None


def _is_word(value: c.Conclusion) -> bool:
    return not isinstance(value, c.NotStated) and isinstance(value.type, Words)


def _yes(words: tuple[str, ...]) -> str:
    near = nearest("approve", words)
    return f"`{near or words[-1]}`"


def _with_overrides(rule: c.CoreRule, overrides: tuple[str, ...]) -> c.CoreRule:
    if not overrides:
        return rule
    values = {field.name: getattr(rule, field.name) for field in dataclass_fields(rule)}
    return c.CoreRule(**{**values, "overrides": overrides})
