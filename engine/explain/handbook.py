"""A policy as a page to read: the clauses of the published text, and beside each what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.explain.handbook_values import joined, one_line, parameter_value, promises, values
from engine.language import core as c
from engine.language import model as m


def handbook(policy: m.Policy, programs: Sequence[c.Program]) -> str:
    """The page, as Markdown that also reads well on a terminal; `programs` are those made of the policy."""
    return "\n".join(_lines(policy, programs)).rstrip() + "\n"


def _lines(policy: m.Policy, programs: Sequence[c.Program]) -> Iterator[str]:
    yield f"# {policy.title}"
    yield ""
    if policy.market_by is None:
        yield f"Policy `{policy.key}`, version {policy.version}; {'; '.join(_frame(programs[0]))}."
    else:
        yield f"Policy `{policy.key}`, version {policy.version}."
        yield from ("", "## Markets", "", f"`{policy.market_by.name}` says which of them a case belongs to.", "")
        for one in programs:
            yield f"- **{one.market}**: {'; '.join(_frame(one))}"
    homes = _homes(policy)
    for document in policy.documents:
        yield from ("", f"## {document.title}")
        section = None
        for clause in policy.clauses:
            if clause.document != document.id:
                continue
            if clause.section != section:
                section = clause.section
                yield from ("", f"### {section}", "")
            yield f"- **{clause.id}** ({clause.kind}) {clause.says}"
            for home in homes.get(clause.id, ()):
                yield f"  - {home}"
            if clause.kind == "information":
                yield "  - for information: nothing is decided by it"
    yield from _readings(policy)
    yield from _words(policy)
    yield from values(policy)
    yield from promises(policy)
    yield from _decisions(policy, programs[0])


def _frame(program: c.Program) -> Iterator[str]:
    yield f"times in {program.timezone}"
    charged = program.currency == "as charged"
    yield "amounts as the order was charged" if charged else f"amounts in {program.currency}"


def _homes(policy: m.Policy) -> dict[str, list[str]]:
    """What applies each clause, in words."""
    homes: dict[str, list[str]] = {}

    def add(cites: tuple[m.Cite, ...], home: str) -> None:
        for cite in cites:
            found = homes.setdefault(cite.name, [])
            if home not in found:
                found.append(home)

    for decision in policy.decisions:
        for rule in decision.rules:
            add(rule.cites, f"rule `{decision.id}.{rule.id}`: {_then(rule)}")
        for requirement in decision.requires:
            add(requirement.cites, f"needed for `{decision.id}`{_when(requirement)}: {requirement.ask}")
        for otherwise in decision.otherwise:
            add(otherwise.cites, f"`{decision.id}.{otherwise.output}` where no rule speaks")
        add(decision.not_offered or (), f"`{decision.id}` offers nothing else")
    for table in policy.tables:
        for row in table.rows:
            add(row.cites, f"row `{row.id}` of table `{table.id}`")
    for window in policy.windows:
        add(window.cites, f"window `{window.id}`: {one_line(window.lasts.text.text)} {window.side} "
            f"{one_line(window.anchor.text.text)}")  # fmt: skip
    for parameter in policy.parameters:
        add(parameter.cites, f"parameter `{parameter.id}`: {parameter_value(parameter)}")
    for define in policy.defines:
        add(define.cites, f"`{define.id}`: {one_line(define.body.text.text)}")
    for check in policy.checks:
        add(check.cites, f"check `{check.id}`: {joined(check.must)}")
    for guarantee in policy.guarantees:
        add(guarantee.cites, f"guarantee `{guarantee.id}`: {joined(guarantee.then)}")
    for reading in policy.readings:
        add(reading.about, f"reading `{reading.id}`: {reading.asks} {_chosen(reading)}")
    return homes


def _then(rule: m.Rule) -> str:
    concluded = ", ".join(f"{name} {_value(node)}" for name, node in rule.then)
    return f"{concluded} when {_conditions(rule)}" if rule.when or rule.unless else f"{concluded}, always"


def _when(requirement: m.Requirement) -> str:
    """When something must be in hand, and for which word of the headline if that is not `approve`."""
    when = f" when {joined(requirement.when)}" if requirement.when else ""
    return when + (f", for {requirement.blocks}" if requirement.blocks != "approve" else "")


def _value(node: object) -> str:
    text = getattr(node, "text", None)
    if text is not None:
        return one_line(str(text))
    items = getattr(node, "items", None)
    if items is not None:
        return "[" + ", ".join(_value(item) for item in items) + "]"
    return "set by " + str(getattr(getattr(node, "get", lambda _: None)("ask"), "text", "somebody else"))


def _conditions(rule: m.Rule) -> str:
    parts = [one_line(w.text.text) for w in rule.when]
    text = " and ".join(f"({p})" if " or " in p and len(parts) > 1 else p for p in parts) or "always"
    if rule.unless:
        text += ", unless " + " or ".join(one_line(u.text.text) for u in rule.unless)
    return text


def _chosen(reading: m.Reading) -> str:
    if reading.chosen is None:
        return "Left undecided."
    return f"Read as: {dict(reading.options)[reading.chosen]}"


def _readings(policy: m.Policy) -> Iterator[str]:
    if not policy.readings:
        return
    yield from ("", "## How the text is read")
    for reading in policy.readings:
        about = ", ".join(cite.name for cite in reading.about)
        yield from ("", f"### {reading.id}", "", f"{reading.asks} ({about})", "")
        for option, meaning in reading.options:
            mark = "**" if option == reading.chosen else ""
            yield f"- {mark}{option}{mark}: {meaning}"
        if reading.because:
            yield from ("", f"Because: {one_line(reading.because)}")


def _words(policy: m.Policy) -> Iterator[str]:
    if policy.defines:
        yield from ("", "## Words", "")
        for define in policy.defines:
            yield f"- **{define.id}**: {one_line(define.body.text.text)}"
    if policy.windows:
        yield from ("", "## Windows", "")
        for window in policy.windows:
            yield (
                f"- **{window.id}**: {one_line(window.lasts.text.text)} {window.side} "
                f"{one_line(window.anchor.text.text)}, for {one_line(window.act.text.text)}"
            )


def _over(rule: m.Rule, core: c.CoreRule) -> str:
    """What a rule comes before; groups with the rules they stand for."""
    if rule.overrides == "all":
        return "every other rule"
    by_name = [f"`{one.name}`" for one in rule.overrides if not one.group]
    groups = [f"group `{one.name}`" for one in rule.overrides if one.group]
    if groups:
        unfolded = [f"`{name}`" for name in core.overrides if f"`{name}`" not in by_name]
        by_name.append(f"{' and '.join(groups)} ({', '.join(unfolded)})")
    return ", ".join(by_name)


def _decisions(policy: m.Policy, program: c.Program) -> Iterator[str]:
    for decision in policy.decisions:
        yield from ("", f"## {decision.id}: {decision.asks}", "")
        for output in program.decisions[decision.id].outputs.values():
            yield f"- gives `{output.id}`" + (f", {output.label}" if output.label else "") + f" ({output.combine})"
        for requirement in decision.requires:
            yield f"- needs `{requirement.id}`{_when(requirement)}: {requirement.ask}"
            yield f"  - in hand when {one_line(requirement.met.text.text)}" + (
                f"; by {one_line(requirement.by.text.text)}" if requirement.by is not None else ""
            )
        yield ""
        core = {rule.id: rule for rule in program.decisions[decision.id].rules}
        for rule in decision.rules:
            cited = f" [{', '.join(cite.name for cite in rule.cites)}]" if rule.cites else ""
            yield f"- **{rule.id}**: {_then(rule)}{cited}"
            if rule.group is not None:
                yield f"  - of group `{rule.group.name}`"
            over = _over(rule, core[rule.id])
            if over:
                yield f"  - comes before {over}"
            if rule.note:
                yield f"  - note: {one_line(rule.note)}"
