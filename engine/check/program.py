"""The one door from the bytes of a policy file to a checked `Program`: read, validate, load, resolve, check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import replace

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.base.suggest import did_you_mean
from engine.check import declarations, existence
from engine.check.asked import asked_facts
from engine.check.before_decisions import check_before_decisions
from engine.check.decisions import DecisionElaborator, output_types
from engine.check.expressions import Elaborator
from engine.check.frame import business_calendar, check_frame
from engine.check.markets import market_fact, per_market, tell_together
from engine.check.mistakes import find_mistakes
from engine.check.nesting import check_nesting
from engine.check.outputs import check_output_circles
from engine.check.places import Places
from engine.check.postal import as_read, check_postal_parts
from engine.check.reach import report_unreachable
from engine.check.representatives import representatives
from engine.check.scope import Scope, Symbols, check_citations, check_reserved, gather
from engine.check.tables import TableElaborator
from engine.language import core as c
from engine.language import model as m
from engine.language import surface
from engine.language.located import Mapping, Node, Scalar
from engine.language.types import Boolean, Date, Record
from engine.language.walk import output_parts, window_parts
from engine.read.condition import parse_condition
from engine.read.load import load_policy
from engine.read.schema_check import check_schema
from engine.read.silences import apply_silences
from engine.read.yaml_reader import read_yaml
from engine.values.business import BusinessCalendar
from engine.values.zones import TZDATA_VERSION
from engine.vocabulary.own_facts import FactSpecError, extend, fact_from_spec
from engine.vocabulary.shared import vocabulary


def check_policy(data: bytes, name: str, report: Report) -> c.Program | None:
    """As `check_programs`, for a policy without markets: its one program (else that of the first market), or None."""
    return next(iter(check_programs(data, name, report)), None)


def check_programs(data: bytes, name: str, report: Report) -> tuple[c.Program, ...]:
    """Check the bytes of a policy file (called `name` in messages). Everything found goes to `report`.

    Returns the program, of a policy with markets one for each of them, in written order; nothing if there was an error.
    Each stage starts only if the one before found none.
    """
    checked = check_written(data, name, report)
    return () if checked is None else checked[1]


def check_written(data: bytes, name: str, report: Report) -> tuple[m.Policy, tuple[c.Program, ...]] | None:
    """As `check_programs`, with the policy as its author wrote it beside its programs."""
    root = read_yaml(data, name, report)
    if root is None or not report.ok or not check_schema(root, report):
        return None
    policy = load_policy(root, report)
    check_reserved(policy, report)
    programs = build(policy, report, root) if report.ok else ()
    if not programs:
        return None
    apply_silences(root, report)
    return policy, programs


def build(policy: m.Policy, report: Report, root: Mapping | None = None, *, warn: bool = True) -> tuple[c.Program, ...]:
    """Resolve and type a loaded policy, in each of its markets if it has any; nothing after an error in `report`.

    `root` is its YAML, for messages that underline single keys. Without `warn` only errors are looked for.
    """
    if policy.market_by is None:
        per_market(policy, report)
        program = _program(policy, Places(root), report, warn) if report.ok else None
        return () if program is None else (program,)
    reports, programs, currencies = [], [], []
    for one in per_market(policy, report):
        own = Report()
        programs.append(_program(one, Places(root, one.market), own, warn))
        reports.append((str(one.market), own))
        currencies.append(one.currency)
    tell_together(reports, currencies, report)
    made = [program for program in programs if program is not None]
    pinned = tuple(dict.fromkeys(pair for program in made for pair in program.pinned))
    digest = _digest(policy, pinned)  # of the whole policy: the same in all markets
    return tuple(replace(program, pinned=pinned, digest=digest) for program in made) if report.ok else ()


def _program(policy: m.Policy, where: Places, report: Report, warn: bool) -> c.Program | None:
    check_frame(policy, where, report)
    calendar = business_calendar(policy, where, report)
    facts, failed = _facts(policy, where, report)
    facts = market_fact(policy, facts, report)
    symbols = gather(policy, facts, report, where)
    symbols.failed |= failed
    el, parse = Elaborator(symbols, report), _parser(report)
    tables = TableElaborator(el, parse)
    el.names.tables = tables
    output_types(el)
    parameters = declarations.parameters(el, parse)
    _citations(policy, symbols, report)
    making = DecisionElaborator(el, parse)
    decisions = {d.id: d for spec in policy.decisions if (d := making.decision(spec)) is not None}
    checks, guarantees = declarations.checks(el), declarations.guarantees(el)
    scope, in_force = _all(list(el.conditions(policy.applies_when, Scope())), policy), _in_force(el, policy)
    applies = _all([part for part in (scope, in_force) if part is not None], policy)
    only_when = existence.conditions(el)
    _check_unused_definitions(el, tables)
    if report.ok:
        check_output_circles(decisions, report)
        check_before_decisions(checks, only_when, applies, facts, report)
    if report.ok:
        promised = [expr for one in guarantees for expr in (one.whenever, one.then)]
        roots = [*_roots(decisions, checks, only_when, applies), *promised]
        check_nesting(decisions, only_when, roots, report)
        check_postal_parts(roots, symbols.parameter_values, report)
    if not report.ok:
        return None
    program = c.Program(
        key=policy.key,
        title=policy.title,
        version=policy.version,
        effective=policy.effective,
        digest=_digest(policy, _pinned(calendar)),
        currency=policy.currency,
        timezone=policy.timezone,
        calendar=calendar,
        documents=policy.documents,
        clauses={x.id: x for x in policy.clauses},
        readings={x.id: x for x in policy.readings},
        facts=as_read(facts, [*roots, *_told(decisions)]),
        stages=vocabulary().stages,
        applies_when=applies,
        scope=scope,
        in_force=in_force,
        picked_by=None if policy.effective_by is None else policy.effective_by.text.text,
        market=policy.market,
        market_by=None if policy.market_by is None else policy.market_by.name,
        only_when=only_when,
        checks=checks,
        parameters=parameters,
        windows=tuple(w.id for w in policy.windows),
        tables={t.id: tuple((row.id, row.span) for row in t.rows) for t in policy.tables},
        decisions=decisions,
        standard_decisions=vocabulary().decisions,
        guarantees=guarantees,
        representatives=representatives(_roots(decisions, checks, only_when, applies), parameters),
        pinned=_pinned(calendar),
    )
    if warn:
        find_mistakes(program, symbols, report)
        report_unreachable(program, report)
    return program


def _parser(report: Report) -> declarations.Parse:
    """Reads formulas that stand where their type was not known yet: conclusions, values of parameters, cells."""

    def parse(node: Node) -> m.Written | None:
        if not isinstance(node, Scalar):
            report.add("type-mismatch", "one value or formula is needed here", node.span, help="write it as text")
            return None
        parsed = parse_condition(node.embedded, report)
        return None if parsed is None else m.Written(node.embedded, parsed)

    return parse


def _in_force(el: Elaborator, policy: m.Policy) -> c.Expr | None:
    """Whether the case is of this market, and the moment that picks the version falls into the days of these terms."""
    parts = [part for part in (*_in_days(el, policy), _in_market(el, policy)) if part is not None]
    return _all(parts, policy)


def _in_market(el: Elaborator, policy: m.Policy) -> c.Expr | None:
    if policy.market_by is None or policy.market is None or not el.report.ok:
        return None
    span = policy.market_by.span
    fact = el.expr(surface.Name(tuple(policy.market_by.name.split(".")), span=span), Scope())
    if fact is None:
        return None
    this = c.Const(type=fact.type, span=span, value=policy.market)
    return c.Op(type=Boolean(), span=span, key="equal", args=(fact, this))


def _in_days(el: Elaborator, policy: m.Policy) -> list[c.Expr]:
    if policy.effective_by is None:
        return []
    moment = el.moment(policy.effective_by.node, Scope())
    if moment is None:
        return []
    day = c.Op(type=Date(), span=moment.span, key="date_of", args=(moment,))
    parts: list[c.Expr] = []
    for bound, first in zip(policy.effective, (True, False), strict=True):
        if bound is not None:
            edge = c.Const(type=Date(), span=moment.span, value=bound)
            args = (edge, day) if first else (day, edge)
            parts.append(c.Op(type=Boolean(), span=moment.span, key="less_equal" if first else "less", args=args))
    return parts


def _all(parts: list[c.Expr], policy: m.Policy) -> c.Expr | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return c.Logic(type=Boolean(), span=policy.span, op="and", parts=tuple(parts))


def _roots(
    decisions: Map[str, c.CoreDecision],
    checks: Iterable[c.CoreCheck],
    only_when: Iterable[c.OnlyWhen],
    applies: c.Expr | None,
) -> Iterator[c.Expr]:
    """Every expression that can bear on an answer."""
    for decision in decisions.values():
        for output in decision.outputs.values():
            yield from output_parts(decision, output)
        for requirement in decision.requires:
            yield from (requirement.when, requirement.met)
    yield from (check.must for check in checks)
    yield from (only.condition for only in only_when)
    if applies is not None:
        yield applies


def _told(decisions: dict[str, c.CoreDecision]) -> Iterator[c.Expr]:
    """Every expression that bears on no answer, but is told with one: in messages, and until when something is due."""
    for decision in decisions.values():
        for rule in decision.rules:
            if rule.because is not None:
                yield from (piece for piece in rule.because.pieces if not isinstance(piece, str))
        for requirement in decision.requires:
            if isinstance(requirement.by, c.WindowUse):
                yield from window_parts(requirement.by)
            elif requirement.by is not None:
                yield requirement.by


def _facts(policy: m.Policy, places: Places, report: Report) -> tuple[Record, set[str]]:
    """The shared vocabulary with the policy's own facts on top, and the names of those with a mistake."""
    root, failed = vocabulary().root, set()
    for own in sorted(policy.facts, key=lambda fact: fact.name):  # their order in the file means nothing
        if own.name.split(".")[0] == "reading":
            report.add(
                "name-reserved",
                f"`{own.name}` would be read as a reading",
                own.span,
                help="let the name begin with another word, such as `order` or `line`",
            )
        try:
            root = extend(root, {own.name: fact_from_spec(own.spec)})
        except FactSpecError as error:
            failed.add(own.name)
            place = places.value("facts", own.name, error.key) if error.key else None
            report.add("bad-value", str(error), place or own.span, help=error.help)
    try:
        root = extend(root, dict(asked_facts(policy, report)))
    except FactSpecError as error:
        report.add("bad-value", str(error), policy.span, help=error.help)
    return root, failed


def _citations(policy: m.Policy, symbols: Symbols, report: Report) -> None:
    for cites in _all_cites(policy):
        check_citations(policy, cites, symbols, report)
    clauses = {x.id for x in policy.clauses}
    for reading in policy.readings:
        for cite in reading.about:
            if cite.name not in clauses:
                report.add(
                    "cite-unknown",
                    f"`{cite.name}` is not a clause of this policy",
                    cite.span,
                    help=did_you_mean(cite.name, clauses) or "clauses stand under `sources`",
                )
            symbols.cited.add(cite.name)
    seen: dict[str, m.Clause] = {}
    for clause in policy.clauses:
        other = symbols.readings.get(clause.id) or seen.get(clause.id)
        if other is not None:
            report.add(
                "name-twice",
                f"`{clause.id}` names two clauses, or a clause and a reading",
                clause.span,
                help="rename one of them: citations could not tell the two apart",
                also=[Place(other.span, "the other one")],
            )
        seen[clause.id] = clause


def _all_cites(policy: m.Policy) -> Iterator[tuple[m.Cite, ...]]:
    for group in (policy.checks, policy.parameters, policy.defines, policy.windows, policy.guarantees):
        for one in group:
            yield one.cites
    for table in policy.tables:
        for row in table.rows:
            yield row.cites
    for decision in policy.decisions:
        yield decision.not_offered or ()
        for requirement in decision.requires:
            yield requirement.cites
        for rule in decision.rules:
            yield rule.cites
        for otherwise in decision.otherwise:
            yield otherwise.cites


def _check_unused_definitions(el: Elaborator, tables: TableElaborator) -> None:
    """Definitions that nothing uses are still typed, so that a mistake in them is found before they are used."""
    symbols, names = el.symbols, el.names
    for define in symbols.policy.defines:
        if f"define:{define.id}" not in symbols.used:
            scope = declarations.every_member(el, names.mentions.of_name(define.id))
            names.definitions.define(_name(define.id, define.span), scope)
    for window in symbols.policy.windows:
        if f"window:{window.id}" not in symbols.used:
            scope = declarations.every_member(el, names.mentions.of_name(window.id))
            names.definitions.window(_name(window.id, window.span), scope)
            symbols.used.discard(f"window:{window.id}")
    for table in symbols.policy.tables:
        if f"table:{table.id}" not in symbols.used:
            scope = declarations.every_member(el, names.mentions.of_name(table.id))
            tables.outputs(table, scope, _name(table.id, table.span))


def _name(text: str, span: Span) -> surface.Name:
    return surface.Name((text,), span=span)


def _pinned(calendar: BusinessCalendar | None) -> tuple[tuple[str, str], ...]:
    pinned = [("zones", TZDATA_VERSION)]
    if calendar is not None:
        pinned.append(("holidays", calendar.version))
    return tuple(pinned)


def _digest(policy: m.Policy, pinned: Iterable[tuple[str, str]]) -> str:
    """What the policy means: its YAML data and the versions of the data it rests on."""
    parts = [policy.digest, *(f"{name}={version}" for name, version in pinned)]
    return "sha256:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
