"""From validated YAML to a `Policy` as written: every condition parsed, every part with its place.

The schema has already vouched for the shape, so this module only reads; what it reports is the text of conditions and
messages, and the accidents that a schema cannot see.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, TypeVar, cast

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.language import model as m
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.surface import Cell
from engine.language.surface import Node as Surface
from engine.read.condition import parse_cell, parse_condition, parse_template
from engine.read.digest import digest
from engine.values.moments import parse_date


def load_policy(root: Mapping, report: Report) -> m.Policy:
    """Read a schema-valid policy. Conditions that do not parse are reported and left out."""
    return _Loader(report).policy(root)


def formulas(root: Mapping, report: Report) -> list[tuple[Scalar, Surface]]:
    """Every condition and formula of a schema-valid policy that stands in a scalar of its own, with what it says."""
    loader = _Loader(report)
    loader.policy(root)
    return loader.formulas_read


def plain(node: Node | None) -> Any:
    """The plain data of a node: dicts, lists, text, whole numbers, booleans, None; other numbers as their text."""
    match node:
        case None:
            return None
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node}


def words_of(node: Node | None) -> tuple[str, ...]:
    """The texts of a list of scalars, or of one scalar."""
    match node:
        case None:
            return ()
        case Scalar():
            return (node.text,)
        case Sequence():
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
        case Mapping():
            return ()


T = TypeVar("T")


class _Loader:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.formulas_read: list[tuple[Scalar, Surface]] = []

    # small readers ---------------------------------------------------------------------------------------------------

    def text(self, at: Mapping, key: str) -> str | None:
        node = at.get(key)
        return node.text if isinstance(node, Scalar) and node.value is not None else None

    def need(self, at: Mapping, key: str) -> str:
        return self.text(at, key) or ""

    def map(self, at: Mapping, key: str) -> Mapping:
        node = at.get(key)
        return node if isinstance(node, Mapping) else Mapping((), at.span)

    def day(self, at: Mapping, key: str) -> date | None:
        text = self.text(at, key)
        if text is None:
            return None
        day = parse_date(text)
        node = at.get(key)
        if day is None and node is not None:
            self.report.add(
                "bad-value", f"`{text}` is not a date", node.span, help="write a day that exists, as YYYY-MM-DD"
            )
        return day

    def formula(self, node: Node | None) -> m.Written | None:
        if not isinstance(node, Scalar):
            return None
        parsed = parse_condition(node.embedded, self.report)
        if parsed is None:
            return None
        self.formulas_read.append((node, parsed))
        return m.Written(node.embedded, parsed)

    def formulas(self, node: Node | None) -> tuple[m.Written, ...]:
        items = node.items if isinstance(node, Sequence) else (() if node is None else (node,))
        return tuple(w for w in (self.formula(item) for item in items) if w is not None)

    def cites(self, at: Mapping, key: str = "cites") -> tuple[m.Cite, ...]:
        node = at.get(key)
        items = node.items if isinstance(node, Sequence) else (() if node is None else (node,))
        return tuple(m.Cite(item.text, item.span) for item in items if isinstance(item, Scalar))

    def members(self, at: Mapping, key: str, read: Callable[[Scalar, Mapping], T | None]) -> tuple[T, ...]:
        found = []
        for name, node in self.map(at, key):
            if isinstance(node, Mapping):
                one = read(name, node)
                if one is not None:
                    found.append(one)
        return tuple(found)

    # the policy ------------------------------------------------------------------------------------------------------

    def policy(self, root: Mapping) -> m.Policy:
        effective = self.map(root, "effective")
        documents, clauses = self.sources(self.map(root, "sources"))
        return m.Policy(
            key=self.need(root, "policy"),
            title=self.need(root, "title"),
            version=self.need(root, "version"),
            effective=(self.day(effective, "from"), self.day(effective, "until")),
            effective_by=self.formula(effective.get("by")),
            applies_when=self.formulas(root.get("applies_when")),
            currency=self.need(root, "currency"),
            currency_span=_span(root, "currency"),
            timezone=self.need(root, "timezone"),
            timezone_span=_span(root, "timezone"),
            calendar=self.calendar(root),
            markets=self.members(root, "markets", self.market),
            market_by=next(iter(self.cites(self.map(root, "markets"), "by")), None),
            rounding=self.text(root, "rounding"),
            documents=documents,
            clauses=clauses,
            readings=self.members(root, "readings", self.reading),
            facts=self.members(root, "facts", self.own_fact),
            checks=self.members(root, "checks", self.check),
            parameters=self.members(root, "parameters", self.parameter),
            defines=self.defines(root),
            windows=self.members(root, "windows", self.window),
            tables=self.members(root, "tables", self.table),
            decisions=self.members(root, "decisions", self.decision),
            guarantees=self.members(root, "guarantees", self.guarantee),
            span=root.span,
            digest=digest(root, self.formulas_read),
        )

    def calendar(self, root: Mapping) -> m.CalendarSpec | None:
        node = root.get("calendar")
        if not isinstance(node, Mapping):
            return None
        holidays = node.get("holidays")
        country, region = self.text(node, "holidays"), None
        if isinstance(holidays, Mapping):
            country, region = self.text(holidays, "country"), self.text(holidays, "region")
        first, until = self.day(node, "from"), self.day(node, "until")
        if first is None or until is None:
            return None
        if until <= first:
            self.report.add(
                "bad-calendar",
                f"the calendar ends on {until}, before it begins",
                _span(node, "until"),
                help="`from` is the first day covered, `until` the first day that is not",
            )
            return None
        return m.CalendarSpec(
            weekend=words_of(node.get("weekend")),
            country=None if country in (None, "none") else country,
            region=region,
            first=first,
            last=date.fromordinal(until.toordinal() - 1),
            span=node.span,
        )

    def market(self, name: Scalar, at: Mapping) -> m.Market:
        return m.Market(
            name=name.text,
            currency=self.text(at, "currency"),
            currency_span=_span(at, "currency"),
            timezone=self.text(at, "timezone"),
            timezone_span=_span(at, "timezone"),
            calendar=self.calendar(at),
            span=name.span,
        )

    def sources(self, node: Mapping) -> tuple[tuple[m.Document, ...], tuple[m.Clause, ...]]:
        documents, clauses = [], []
        for name, document in node:
            if not isinstance(document, Mapping):
                continue
            documents.append(
                m.Document(
                    name.text, self.need(document, "title"), self.text(document, "url"), self.day(document, "read_on")
                )
            )
            for section, rows in self.map(document, "sections"):
                for key, clause in rows if isinstance(rows, Mapping) else ():
                    if isinstance(clause, Mapping):
                        kind = cast("m.ClauseKind", self.need(clause, "kind"))
                        says = self.need(clause, "says")
                        clauses.append(m.Clause(key.text, kind, says, name.text, section.text, key.span))
        return tuple(documents), tuple(clauses)

    def reading(self, name: Scalar, at: Mapping) -> m.Reading:
        chosen = self.text(at, "chosen")
        options = tuple((k.text, v.text) for k, v in self.map(at, "options") if isinstance(v, Scalar))
        if chosen is not None and chosen != "undecided" and chosen not in dict(options):
            self.report.add(
                "type-unknown-word",
                f"`{chosen}` is not an option of reading `{name.text}`",
                _span(at, "chosen"),
                help="choose " + ", ".join(f"`{o}`" for o, _ in options) + " or `undecided`",
            )
        return m.Reading(
            id=name.text,
            asks=self.need(at, "asks"),
            options=options,
            chosen=None if chosen == "undecided" else chosen,
            because=self.text(at, "because"),
            about=self.cites(at, "about"),
            refer_as=_kind(self.text(at, "refer_as")),
            span=name.span,
        )

    def own_fact(self, name: Scalar, at: Mapping) -> m.OwnFact:
        spec = {key: value for key, value in plain(at).items() if key != "only_when"}
        return m.OwnFact(name.text, spec, self.formula(at.get("only_when")), name.span)

    def check(self, name: Scalar, at: Mapping) -> m.Check:
        return m.Check(name.text, self.formulas(at.get("must")), self.need(at, "says"), self.cites(at), name.span)

    def parameter(self, name: Scalar, at: Mapping) -> m.Parameter | None:
        kind = at.get("type")
        if kind is None:
            return None
        unset = at.get("unset")
        refer_as = because = None
        if isinstance(unset, Mapping):
            refer_as, because = _kind(self.text(unset, "refer_as")), self.text(unset, "because")
        return m.Parameter(
            id=name.text,
            type=kind,
            value=at.get("value"),
            refer_as=refer_as,
            because=because,
            cites=self.cites(at),
            label=self.text(at, "label"),
            span=name.span,
            by=self.formula(at.get("by")),
            dated=self.dated(at.get("values")),
        )

    def dated(self, node: Node | None) -> tuple[tuple[date | None, Node], ...]:
        """The values of a dated parameter; each but the first begins later than the one before."""
        found: list[tuple[date | None, Node]] = []
        for entry in node.items if isinstance(node, Sequence) else ():
            value = entry.get("value") if isinstance(entry, Mapping) else None
            if not isinstance(entry, Mapping) or value is None:
                continue
            start = self.day(entry, "from")
            before = found[-1][0] if found else None
            if (start is None) != (not found) or (start is not None and before is not None and start <= before):
                self.report.add(
                    "bad-value",
                    "the values of a parameter stand in order of time",
                    entry.span,
                    help="the first has no `from`; each of the others begins later than the one before",
                )
            found.append((start, value))
        return tuple(found)

    def defines(self, root: Mapping) -> tuple[m.Define, ...]:
        found = []
        for name, node in self.map(root, "define"):
            body = self.formula(node.get("is") if isinstance(node, Mapping) else node)
            if body is None:
                continue
            says: str | None = None
            cites: tuple[m.Cite, ...] = ()
            if isinstance(node, Mapping):
                says, cites = self.text(node, "says"), self.cites(node)
            found.append(m.Define(name.text, body, says, cites, name.span))
        return tuple(found)

    def window(self, name: Scalar, at: Mapping) -> m.Window | None:
        side: Literal["after", "before"] = "after" if at.get("after") is not None else "before"
        lasts, anchor, act = self.formula(at.get("lasts")), self.formula(at.get(side)), self.formula(at.get("act"))
        if lasts is None or anchor is None or act is None:
            return None
        zone = at.get("zone")
        return m.Window(
            id=name.text,
            lasts=lasts,
            side=side,
            anchor=anchor,
            act=act,
            zone=self.text(at, "zone"),
            zone_span=None if zone is None else zone.span,
            inclusive=self.text(at, "ends") != "exclusive",
            anchor_day=1 if self.text(at, "anchor_is") == "day_1" else 0,
            reports_as=self.text(at, "reports_as"),
            label=self.text(at, "label"),
            cites=self.cites(at),
            span=name.span,
        )

    def table(self, name: Scalar, at: Mapping) -> m.Table:
        columns = []
        for column, node in self.map(at, "looks_at"):
            written = self.formula(node)
            if written is not None:
                columns.append((column.text, written))
        gives = tuple((key.text, node) for key, node in self.map(at, "gives"))
        known = {key.text for key, _ in self.map(at, "looks_at")}
        rows = self.members(at, "rows", lambda key, row: self.row(key, row, known, {g for g, _ in gives}))
        group = next(iter(self.cites(at, "group")), None)
        return m.Table(name.text, tuple(columns), gives, rows, self.text(at, "label"), name.span, group)

    def cells(self, node: Node) -> tuple[Cell, ...]:
        scalars = node.items if isinstance(node, Sequence) else (node,)
        cells = [parse_cell(s.embedded, self.report) for s in scalars if isinstance(s, Scalar)]
        return tuple(c for c in cells if c is not None)

    def row(self, name: Scalar, at: Mapping, columns: set[str], gives: set[str]) -> m.Row:
        inputs, results = [], []
        for key, node in at:
            if key.text in columns:
                per_currency: tuple[tuple[m.Cite, tuple[Cell, ...]], ...] = ()
                if isinstance(node, Mapping):
                    per_currency = tuple((m.Cite(code.text, code.span), self.cells(cell)) for code, cell in node)
                inputs.append(m.InputCell(key.text, self.cells(node), node.span, per_currency))
            elif key.text in gives:
                results.append((key.text, node))
            elif key.text != "cites":
                self.report.add(
                    "schema-unknown-key",
                    f"row `{name.text}` has a column `{key.text}` that the table does not have",
                    key.span,
                    help="columns are named under `looks_at` and `gives`: "
                    + ", ".join(f"`{c}`" for c in sorted(columns | gives)),
                )
        for missing in sorted((columns | gives) - {key.text for key, _ in at}):
            self.report.add(
                "schema-missing-key",
                f"row `{name.text}` says nothing for column `{missing}`",
                name.span,
                help="write `any` if the column does not matter" if missing in columns else "write what the row gives",
            )
        return m.Row(name.text, tuple(inputs), tuple(results), self.cites(at), name.span)

    # decisions -------------------------------------------------------------------------------------------------------

    def decision(self, name: Scalar, at: Mapping) -> m.Decision:
        each_node = at.get("for_each")
        not_offered = at.get("not_offered")
        outputs = self.members(at, "outputs", self.output)
        return m.Decision(
            id=name.text,
            asks=self.need(at, "asks"),
            each=self.for_each(each_node),
            each_span=None if each_node is None else each_node.span,
            every=self.for_every(at.get("for_every")),
            asked=self.formula(at.get("asked")),
            not_offered=self.cites(not_offered) if isinstance(not_offered, Mapping) else None,
            outputs=outputs,
            requires=self.members(at, "requires", self.requirement),
            rules=self.members(at, "rules", self.rule),
            otherwise=self.otherwise(at, outputs),
            span=name.span,
        )

    def for_each(self, node: Node | None) -> tuple[str, tuple[str, ...]] | None:
        if not isinstance(node, Scalar):
            return None
        variable, _, path = node.text.partition(" in ")
        return variable.strip(), tuple(path.strip().split("."))

    def for_every(self, node: Node | None) -> tuple[str, tuple[str, ...]] | None:
        if not isinstance(node, Scalar):
            return None
        variable, _, words = node.text.partition(" in ")
        return variable.strip(), tuple(w.strip() for w in words.strip().strip("[]").split(","))

    def output(self, name: Scalar, at: Mapping) -> m.Output | None:
        kind = at.get("type")
        if kind is None:
            return None
        only_when = at.get("only_when")
        return m.Output(
            id=name.text,
            type=kind,
            combine=cast("m.Combine", self.text(at, "combine") or "unique"),
            roll_up=cast("m.RollUp | None", self.text(at, "roll_up")),
            only_when=None if only_when is None else words_of(only_when),
            label=self.text(at, "label"),
            of=self.formula(at.get("of")),
            in_order=words_of(at.get("in_order")),
            span=name.span,
            flow=cast("m.Flow | None", self.text(at, "flow")),
            up_to=self.formula(at.get("up_to")),
            net_of=self.formulas(at.get("net_of")),
            below_zero=cast("m.BelowZero | None", self.text(at, "below_zero")),
        )

    def requirement(self, name: Scalar, at: Mapping) -> m.Requirement | None:
        met = self.formula(at.get("met"))
        if met is None:
            return None
        return m.Requirement(
            id=name.text,
            when=self.formulas(at.get("when")),
            met=met,
            ask=self.need(at, "ask"),
            by=self.formula(at.get("by")),
            blocks=self.text(at, "for") or "approve",
            cites=self.cites(at),
            span=name.span,
        )

    def rule(self, name: Scalar, at: Mapping) -> m.Rule:
        because = at.get("because")
        overrides = at.get("overrides")
        return m.Rule(
            id=name.text,
            when=self.formulas(at.get("when")),
            unless=self.formulas(at.get("unless")),
            then=tuple((key.text, node) for key, node in self.map(at, "then")),
            review=_kind(self.text(at, "review")),
            leaning=tuple((key.text, node) for key, node in self.map(at, "leaning")),
            because=parse_template(because.embedded, self.report) if isinstance(because, Scalar) else None,
            note=self.text(at, "note"),
            code=self.text(at, "code") or name.text,
            cites=self.cites(at),
            overrides="all"
            if isinstance(overrides, Scalar) and overrides.text == "all"
            else tuple(_overridden(cite) for cite in self.cites(at, "overrides")),
            span=name.span,
            group=next(iter(self.cites(at, "group")), None),
        )

    def otherwise(self, at: Mapping, outputs: tuple[m.Output, ...]) -> tuple[m.Otherwise, ...]:
        node = at.get("otherwise")
        if isinstance(node, Scalar):  # `otherwise: not_covered` speaks for every output
            return tuple(m.Otherwise(o.id, None, (), node.span) for o in outputs)
        found = []
        for key, value in node if isinstance(node, Mapping) else ():
            if isinstance(value, Mapping):
                found.append(m.Otherwise(key.text, value.get("value"), self.cites(value), key.span))
            elif isinstance(value, Scalar) and value.text == "not_covered":
                found.append(m.Otherwise(key.text, None, (), key.span))
            else:
                found.append(m.Otherwise(key.text, value, (), key.span))
        return tuple(found)

    def guarantee(self, name: Scalar, at: Mapping) -> m.Guarantee:
        return m.Guarantee(
            id=name.text,
            whenever=self.formulas(at.get("whenever")),
            then=self.formulas(at.get("then")),
            says=self.text(at, "says"),
            cites=self.cites(at),
            span=name.span,
        )


def _span(at: Mapping, key: str) -> Span:
    node = at.get(key)
    return at.span if node is None else node.span


def _overridden(written: m.Cite) -> m.Overridden:
    first, _, group = written.name.partition(" ")
    return m.Overridden(group.strip() or first, written.span, group=bool(group))


def _kind(text: str | None) -> m.ReviewKind | None:
    return next((kind for kind in m.REVIEW_KINDS if kind == text), None)
