"""Overrides: by name, per output, direct only; `all` is every other rule but those that override it by name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.diagnostics import Place, Report
from engine.base.suggest import did_you_mean
from engine.language import core as c
from engine.language import model as m


def rule_overrides(spec: m.Decision, report: Report) -> dict[str, tuple[str, ...]]:
    """For each rule the rules it overrides, `all` spelled out; unknown names and circles are reported."""
    ids = [rule.id for rule in spec.rules]
    named: dict[str, tuple[str, ...]] = {}
    for rule in spec.rules:
        if rule.overrides == "all":
            continue
        good = []
        for cite in rule.overrides:
            if cite.name == rule.id:
                report.add("override-nothing", f"rule `{rule.id}` overrides itself", cite.span)
            elif cite.name in ids:
                good.append(cite.name)
            else:
                report.add(
                    "override-unknown",
                    f"decision `{spec.id}` has no rule `{cite.name}`",
                    cite.span,
                    help=did_you_mean(cite.name, [i for i in ids if i != rule.id]),
                )
        named[rule.id] = tuple(good)
    full = dict(named)
    for rule in spec.rules:
        if rule.overrides == "all":
            full[rule.id] = tuple(i for i in ids if i != rule.id and rule.id not in named.get(i, ()))
    _circles(spec, full, report)
    return full


def _circles(spec: m.Decision, full: Mapping[str, tuple[str, ...]], report: Report) -> None:
    spans = {rule.id: rule.span for rule in spec.rules}
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
                    circle = path[path.index(other) :]
                    report.add(
                        "cycle",
                        "rules override each other in a circle: " + " -> ".join([*circle, other]),
                        spans[circle[0]],
                        help="decide which of them wins; `overrides: all` can stand in one rule only",
                        also=[Place(spans[i], f"`{i}`") for i in circle[1:]],
                    )
                    return
                if other not in done:
                    path.append(other)
                    stack.append((other, iter(full.get(other, ()))))
                    break
            else:
                stack.pop()
                path.pop()
                done.add(name)


def override_map(
    spec: m.Decision, rules: tuple[c.CoreRule, ...], report: Report
) -> dict[str, dict[str, tuple[c.CoreRule, ...]]]:
    """Per output and overridden rule, the rules that override it there: those that conclude that output too."""
    by_id = {rule.id: rule for rule in rules}
    found: dict[str, dict[str, tuple[c.CoreRule, ...]]] = {}
    written = {rule.id: rule for rule in spec.rules}
    for rule in rules:
        for name in rule.overrides:
            other = by_id.get(name)
            if other is None:
                continue
            shared = [o for o in rule.then if o in other.then]
            if not shared and written[rule.id].overrides != "all":
                report.add(
                    "override-nothing",
                    f"rule `{rule.id}` overrides `{name}`, but concludes none of its outputs",
                    rule.span,
                    help="conclude "
                    + ", ".join(f"`{o}`" for o in other.then)
                    + f" in `{rule.id}`, or use `unless` in `{name}`",
                    also=[Place(other.span, "the rule it names")],
                )
            for output in shared:
                over = found.setdefault(output, {})
                over[name] = (*over.get(name, ()), rule)
    return found
