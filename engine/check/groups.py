"""Groups of rules: which rules of a decision belong to each, and what is wrong with the groups a policy names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.base.diagnostics import Report
from engine.base.suggest import nearest
from engine.check.suggestions import listed, name_help
from engine.language import core as c
from engine.language import model as m
from engine.language.walk import below


def groups_of(
    spec: m.Decision, rules: Iterable[c.CoreRule], tables: Mapping[str, m.Table]
) -> dict[str, tuple[str, ...]]:
    """The groups of a decision by name, each with its rules in written order.

    A rule belongs to the group it names, and to the group of every table that something it concludes is worked out
    from, however deep in its formula the table is read.
    """
    found: dict[str, tuple[str, ...]] = {}
    for written, rule in zip(spec.rules, rules, strict=True):
        names = [] if written.group is None else [written.group.name]
        formulas = [value for value in rule.then.values() if not isinstance(value, c.NotStated)]
        for expr in below(formulas):
            table = tables.get(expr.table) if isinstance(expr, c.TableRead) else None
            if table is not None and table.group is not None:
                names.append(table.group.name)
        for name in sorted(set(names)):
            found[name] = (*found.get(name, ()), rule.id)
    return found


def group_members(
    spec: m.Decision, rule: m.Rule, named: m.Overridden, groups: Mapping[str, tuple[str, ...]], report: Report
) -> tuple[str, ...]:
    """The rules that `overrides: [group ...]` of a rule means; none after a report."""
    if rule.group is not None and rule.group.name == named.name:
        report.add(
            "override-nothing",
            f"rule `{rule.id}` overrides its own group `{named.name}`",
            named.span,
            help="name the rules that give way to it, or take it out of the group",
        )
        return ()
    members = tuple(name for name in groups.get(named.name, ()) if name != rule.id)
    if not members:
        report.add(
            "override-unknown",
            f"decision `{spec.id}` has no rule of group `{named.name}`",
            named.span,
            help=_help(spec, named.name, groups),
        )
    return members


def _help(spec: m.Decision, name: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    near = name_help(name, groups, before="group ")
    if near is not None:
        return near
    if any(rule.id == name for rule in spec.rules):
        return f"write `{name}` without `group`: it is the name of a rule"
    known = listed(groups)
    return f"its groups are {known}" if known else f"add `group: {name}` to the rules that give way"


def unused_groups(policy: m.Policy, report: Report) -> None:
    """Warn of groups that no rule overrides: a group with a slip in its name keeps its rules out of the right one."""
    used = {
        one.name
        for decision in policy.decisions
        for rule in decision.rules
        if rule.overrides != "all"
        for one in rule.overrides
        if one.group
    }
    seen: set[str] = set()
    for group in _written(policy):
        if group.name in used or group.name in seen:
            continue
        seen.add(group.name)
        near = nearest(group.name, used)
        report.add(
            "unused",
            f"no rule overrides group `{group.name}`",
            group.span,
            help=f"did you mean `{near}`?" if near else f"override it with `[group {group.name}]`, or remove it",
        )


def _written(policy: m.Policy) -> Iterator[m.Cite]:
    """Every `group:` of a policy."""
    for decision in policy.decisions:
        for rule in decision.rules:
            if rule.group is not None:
                yield rule.group
    for table in policy.tables:
        if table.group is not None:
            yield table.group
