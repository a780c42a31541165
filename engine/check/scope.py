"""What names mean where: the policy's own names, the facts, and the variables bound around an expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.base.suggest import did_you_mean
from engine.check.places import Places
from engine.language import core as c
from engine.language import model as m
from engine.language.operators import RESERVED
from engine.language.types import FactType, ListOf, MoneyType, Record, Type


@dataclass(frozen=True)
class Bound:
    """A variable that stands for a member of a list of records, or for a word of a list of words (`record` None)."""

    list_path: tuple[str, ...]
    record: Record | None
    element: Type


@dataclass(frozen=True)
class OptionBound:
    """The variable of `for_every`: one of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """The variables around an expression, and the `for_each` it belongs to (for reading the same member's outputs)."""

    variables: Mapping[str, Bound | OptionBound] = field(default_factory=dict)
    each: tuple[str, tuple[str, ...]] | None = None
    depth: int = 0
    """How many list expressions are around."""
    shared: bool = False
    """Whether this is a formula of the shared vocabulary: nothing that a policy names is visible."""

    def bind(self, name: str, bound: Bound | OptionBound, deeper: int = 0) -> Scope:
        """The scope with one more variable."""
        return replace(self, variables={**self.variables, name: bound}, depth=self.depth + deeper)

    @property
    def key(self) -> tuple[object, ...]:
        """Two scopes with the same key give a definition the same meaning."""
        bound = tuple(sorted((n, b.list_path if isinstance(b, Bound) else b.words) for n, b in self.variables.items()))
        return (bound, self.each, self.depth, self.shared)


@dataclass
class Symbols:
    """Everything a policy names."""

    policy: m.Policy
    facts: Record
    currency: str
    places: Places = field(default_factory=Places)
    parameters: dict[str, Type] = field(default_factory=dict)
    parameter_values: dict[str, object] = field(default_factory=dict)
    dated: dict[str, tuple[m.Written | None, tuple[tuple[date | None, c.Expr], ...]]] = field(default_factory=dict)
    """Dated parameters: what picks the value, and the values with their first days."""
    readings: dict[str, m.Reading] = field(default_factory=dict)
    defines: dict[str, m.Define] = field(default_factory=dict)
    windows: dict[str, m.Window] = field(default_factory=dict)
    tables: dict[str, m.Table] = field(default_factory=dict)
    decisions: dict[str, m.Decision] = field(default_factory=dict)
    output_types: dict[tuple[str, str], Type] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    """Facts and parameters whose declaration has a mistake: what uses them is not reported once more."""
    used: set[str] = field(default_factory=set)
    """Names of defines, windows, tables, parameters (`kind:name`) that something refers to."""

    def names(self) -> Iterable[str]:
        """Every name that can begin an expression, for suggestions."""
        yield from self.defines
        yield from self.windows
        yield from self.tables
        yield from self.parameters
        yield from self.decisions
        yield from (name for name, _ in self.facts.fields)
        yield from ("reading", "as_of")

    def kind_of(self, name: str) -> str | None:
        """What a name of this policy, or of every policy, is called: `a define`, `a window`, ...; None if it is none."""
        named: tuple[tuple[str, Mapping[str, object]], ...] = (
            ("a define", self.defines),
            ("a parameter", self.parameters),
            ("a window", self.windows),
            ("a table", self.tables),
            ("a decision", self.decisions),
        )
        for kind, members in named:
            if name in members:
                return f"{kind} of this policy"
        if self.facts.get(name) is not None:
            return "a part of every case"
        return "a word of the language" if name in ("reading", "as_of") else None


OWN_NAMES = frozenset(("reading", "as_of", "line"))
"""Names with a meaning of their own in every policy."""


_ALONE = "in a condition the word alone means something else"


def check_reserved(policy: m.Policy, report: Report) -> None:
    """Report names that are words of the condition language.

    This comes before anything else is made of a policy: conditions that use such a name do not even parse, and what is
    said of them would not lead to the name.
    """
    groups: tuple[tuple[str, Iterable[m.Define | m.Window | m.Table | m.Parameter | m.Decision | m.Output]], ...] = (
        ("define", policy.defines),
        ("window", policy.windows),
        ("table", policy.tables),
        ("parameter", policy.parameters),
        ("decision", policy.decisions),
        ("output", [output for decision in policy.decisions for output in decision.outputs]),
    )
    for kind, members in groups:
        for one in members:
            if one.id in RESERVED:
                report.add(
                    "name-reserved",
                    f"`{one.id}` is a word of the condition language",
                    one.span,
                    help=f"give the {kind} another name: "
                    + (_ALONE if kind == "output" else "no condition could speak of this one"),
                )


def gather(policy: m.Policy, facts: Record, report: Report, places: Places | None = None) -> Symbols:
    """Collect the policy's names; two things of one name, and names that mean something already, are reported."""
    symbols = Symbols(policy, facts, policy.currency, places or Places())
    seen: dict[str, tuple[str, Span]] = {}
    groups: tuple[tuple[str, Iterable[m.Define | m.Window | m.Table | m.Parameter | m.Decision]], ...] = (
        ("define", policy.defines),
        ("window", policy.windows),
        ("table", policy.tables),
        ("parameter", policy.parameters),
        ("decision", policy.decisions),
    )
    of_facts = {name for name, _ in facts.fields} | OWN_NAMES
    for kind, members in groups:
        for one in members:
            if one.id in seen:
                other, span = seen[one.id]
                report.add(
                    "name-twice",
                    f"`{one.id}` is the name of a {kind} and of a {other}",
                    one.span,
                    help=f"give the {kind} another name: conditions could not tell the two apart",
                    also=[Place(span, f"the {other}")],
                )
            seen.setdefault(one.id, (kind, one.span))
            if one.id in of_facts and kind != "decision":
                report.add(
                    "name-reserved",
                    f"`{one.id}` already has a meaning in every condition",
                    one.span,
                    help=f"give the {kind} another name, such as `{one.id}_{kind}`",
                )
    symbols.readings = {r.id: r for r in policy.readings}
    symbols.defines = {d.id: d for d in policy.defines}
    symbols.windows = {w.id: w for w in policy.windows}
    symbols.tables = {t.id: t for t in policy.tables}
    symbols.decisions = {d.id: d for d in policy.decisions}
    return symbols


def field_of(record: Record, name: str, currency: str) -> FactType | None:
    """A field's fact type, with amounts in the policy's currency."""
    fact = record.get(name)
    if fact is not None and isinstance(fact.type, MoneyType):
        return FactType(
            type=MoneyType(currency),
            source=fact.source,
            known_from=fact.known_from,
            only_when=fact.only_when,
            minimum=fact.minimum,
            maximum=fact.maximum,
            ask=fact.ask,
            label=fact.label,
            derived=fact.derived,
            own=fact.own,
        )
    return fact


def list_at(record: Record, path: tuple[str, ...]) -> ListOf | None:
    """The list type at a path of a record, or None if there is no list there."""
    kind: Type = record
    for name in path:
        if not isinstance(kind, Record):
            return None
        fact = kind.get(name)
        if fact is None:
            return None
        kind = fact.type
    return kind if isinstance(kind, ListOf) else None


def check_citations(policy: m.Policy, cites: Iterable[m.Cite], symbols: Symbols, report: Report) -> tuple[str, ...]:
    """The names cited, each a clause or a reading; others are reported."""
    clauses = {c.id for c in policy.clauses}
    known = clauses | set(symbols.readings)
    for cite in cites:
        if cite.name in known:
            symbols.cited.add(cite.name)
        else:
            report.add(
                "cite-unknown",
                f"`{cite.name}` is neither a clause nor a reading of this policy",
                cite.span,
                help=did_you_mean(cite.name, known) or "clauses stand under `sources`, readings under `readings`",
            )
    return tuple(c.name for c in cites)
