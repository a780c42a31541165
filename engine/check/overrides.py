"""Overrides: by name, per output, direct only; `all` is every other rule but those that override it by name.

A group is unfolded here into its rules, so that nothing after this knows of groups.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.diagnostics import Place, Report
from engine.check.groups import group_members
from engine.check.suggestions import listed, name_help
from engine.language import core as c
from engine.language import model as m

Groups = Mapping[str, tuple[str, ...]]
"""The groups of a decision, each with its rules in written order."""


def rule_overrides(spec: m.Decision, groups: Groups, report: Report) -> dict[str, tuple[str, ...]]:
    """For each rule the rules it overrides, `all` and groups spelled out; unknown names and circles are reported."""
    ids = [rule.id for rule in spec.rules]
    named: dict[str, tuple[str, ...]] = {}
    for rule in spec.rules:
        if rule.overrides != "all":
            named[rule.id] = _named(spec, rule, rule.overrides, groups, report)
    full = dict(named)
    for rule in spec.rules:
        if rule.overrides == "all":
            full[rule.id] = tuple(i for i in ids if i != rule.id and rule.id not in named.get(i, ()))
    if not _two_of_all(spec, named, report):
        _circles(spec, full, report)
    return full


def _named(
    spec: m.Decision, rule: m.Rule, cites: tuple[m.Overridden, ...], groups: Groups, report: Report
) -> tuple[str, ...]:
    good: list[str] = []
    ids = [one.id for one in spec.rules]
    others = [i for i in ids if i != rule.id]
    for cite in cites:
        if cite.group:
            members = group_members(spec, rule, cite, groups, report)
            good += [name for name in members if name not in good]
        elif cite.name == rule.id:
            report.add(
                "override-nothing",
                f"rule `{rule.id}` overrides itself",
                cite.span,
                help="name the rule that gives way, or remove it",
            )
        elif cite.name not in ids:
            known = listed(others)
            report.add(
                "override-unknown",
                f"decision `{spec.id}` has no rule `{cite.name}`",
                cite.span,
                help=_group_meant(cite.name, groups)
                or name_help(cite.name, others)
                or (f"its other rules are {known}" if known else None),
            )
        elif cite.name not in good:
            good.append(cite.name)
    return tuple(good)


def _group_meant(name: str, groups: Groups) -> str | None:
    return f"write `group {name}` for every rule of that group" if name in groups else None


def _two_of_all(spec: m.Decision, named: Mapping[str, tuple[str, ...]], report: Report) -> bool:
    """Report two rules that each override all others, neither naming which of them gives way."""
    rules = [rule for rule in spec.rules if rule.overrides == "all"]
    if len(rules) < 2:
        return False
    first, second = rules[:2]
    report.add(
        "cycle",
        f"rules `{first.id}` and `{second.id}` each override all others, so also one another",
        second.span,
        help="let one of them name the rules that give way to it",
        also=[Place(first.span, "the other one")],
    )
    return True


def _circles(spec: m.Decision, full: Mapping[str, tuple[str, ...]], report: Report) -> None:
    done: set[str] = set()
    for start in full:
        path: list[str] = []
        stack = [(start, iter(full[start]))]
        if start in done:
            continue
        path.append(start)
        while stack:
            name, rest = stack[-1]
            for other in rest:
                if other in path:
                    _circle(spec, path[path.index(other) :], report)
                    return
                if other not in done:
                    path.append(other)
                    stack.append((other, iter(full.get(other, ()))))
                    break
            else:
                stack.pop()
                path.pop()
                done.add(name)


def _circle(spec: m.Decision, circle: list[str], report: Report) -> None:
    spans = {rule.id: rule.span for rule in spec.rules}
    first = min(range(len(circle)), key=lambda i: spans[circle[i]].start)
    circle = circle[first:] + circle[:first]
    report.add(
        "cycle",
        "rules override each other in a circle: " + " -> ".join(f"`{i}`" for i in [*circle, circle[0]]),
        spans[circle[0]],
        help="decide which of them gives way to which, and remove the other `overrides`",
        also=[Place(spans[i], f"`{i}`") for i in circle[1:]],
    )


def override_map(
    spec: m.Decision, rules: tuple[c.CoreRule, ...], report: Report
) -> dict[str, dict[str, tuple[c.CoreRule, ...]]]:
    """Per output and overridden rule, the rules that override it there: those that conclude that output too."""
    by_id = {rule.id: rule for rule in rules}
    found: dict[str, dict[str, tuple[c.CoreRule, ...]]] = {}
    written = {rule.id: rule for rule in spec.rules}
    for rule in rules:
        shares, by_name = False, _by_name(written[rule.id])
        for name in rule.overrides:
            other = by_id[name]
            shared = [o for o in rule.then if o in other.then]
            shares = shares or bool(shared)
            known = _complete(written[rule.id], rule) and _complete(written[name], other)
            if not shared and known and name in by_name:
                _nothing_shared(rule, other, by_name[name], report)
            for output in shared:
                over = found.setdefault(output, {})
                over[name] = (*over.get(name, ()), rule)
        known = all(_complete(written[name], by_id[name]) for name in (rule.id, *rule.overrides))
        if not shares and known and not by_name and (written[rule.id].overrides == "all" or rule.overrides):
            whom = "all rules, but no other rule" if written[rule.id].overrides == "all" else "a group, but none of it"
            report.add(
                "override-nothing",
                f"rule `{rule.id}` overrides {whom} concludes what it does",
                rule.span,
                help="remove `overrides`, or conclude in it the outputs that it should settle",
            )
    return found


def _by_name(rule: m.Rule) -> Mapping[str, m.Overridden]:
    """The rules that a rule names one by one: those must have an output in common with it."""
    return {} if rule.overrides == "all" else {one.name: one for one in rule.overrides if not one.group}


def _complete(written: m.Rule, rule: c.CoreRule) -> bool:
    """Whether everything the rule concludes was understood; if not, that is what the author has to mend first."""
    return len(rule.then) == len(written.then)


def _nothing_shared(rule: c.CoreRule, other: c.CoreRule, named: m.Overridden, report: Report) -> None:
    outputs = " or ".join(f"`{o}`" for o in other.then)
    report.add(
        "override-nothing",
        f"rule `{rule.id}` overrides `{other.id}`, but concludes none of its outputs",
        named.span,
        help=f"conclude {outputs} in `{rule.id}`, or add `unless` to `{other.id}`",
        also=[Place(other.span, "the rule it names")],
    )
