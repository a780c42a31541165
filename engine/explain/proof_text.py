"""The explanation of one member as text: proof trees with branches and marks, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.explain import words
from engine.explain.alternatives import Alternative
from engine.explain.counterfactual import Counterfactual
from engine.explain.proof import Proof, RuleProof, State
from engine.explain.tree import MemberExplanation
from engine.explain.writing import Page, Style, clean, joined, wrapped
from engine.language.core import Program
from engine.language.decision import Decision, Member, RuleView
from engine.language.wording import say
from engine.values.zones import zone

_MARKS: dict[State, str] = {"true": "✓", "false": "✗", "unknown": "?", "known": "·"}
_STYLES: dict[State, Style | None] = {"true": "good", "false": "bad", "unknown": "open", "known": None}
_ROLES = {
    "reason": "applies",
    "outweighed": "applies, but is outweighed",
    "yielded": "applies, but gives way to",
    "blocked": "cannot be settled yet",
}
_LEAVES = ("fact", "reading", "parameter", "option", "word", "as_of")
_MAX_SILENT = 12
_MAX_SEEN = 2
_MAX_HANGING = 4
_SHORT = 72
"""A conjunction with more words than this is told by its kind; its parts stand below it."""
_INDENT = 2


class ProofText:
    """Writes explanations of the members of one decision on a page."""

    def __init__(self, page: Page, decision: Decision, program: Program) -> None:
        self.page = page
        self.decision = decision
        self.program = program
        core = program.decisions.get(decision.decision)
        self.variable = None if core is None else core.variable

    def scope(self, scope: Proof) -> None:
        """Why the policy does not apply to the order, or why that is not known."""
        self.page.blank()
        self.page.line("Whether the policy applies to this order", style="bold")
        self._tree([scope], "  ", None)

    def member(self, one: MemberExplanation, member: Member) -> None:
        """How the answer for one member was found, and what would change it."""
        page = self.page
        if one.rules:
            page.blank()
            page.line("How it was found   (✓ true   ✗ false   ? not known)", indent=_INDENT, style="bold")
            idle = {rule.rule for rule in one.rules if rule.role == "blocked" and member.status == "decided"}
            for rule in one.rules:
                if rule.rule not in idle:
                    self._rule(rule, member)
            self._idle([rule for rule in member.blocked if rule.rule in idle], member)
        if one.silent:
            page.blank()
            page.line("Rules that do not apply", indent=_INDENT, style="bold")
            self._silent(one.silent)
        changes = [*self._lateness(member), *self._changes(one)]
        if one.searched and member.verdict == "deny" and not one.counterfactuals:
            changes.append("no single fact was found that would turn the answer")
        changes += self._alternatives(one.alternatives)
        if changes:
            page.blank()
            page.line("What would change it", indent=_INDENT, style="bold")
            for text in changes:
                page.line(text, indent=_INDENT + 2, hanging=2)

    # rules -----------------------------------------------------------------------------------------------------------

    def _rule(self, rule: RuleProof, member: Member) -> None:
        role = _ROLES[rule.role or "reason"] + (f" {joined(list(rule.to))}" if rule.to else "")
        concluded = [
            f"{one.output.replace('_', ' ')} {one.said}" if one.said is not None else f"{one.output} open"
            for one in rule.concludes
        ]
        place = f"{rule.where.file}:{rule.where.line}"
        self.page.line(f"{rule.rule} {role}: {', '.join(concluded)}   [{place}]", indent=_INDENT + 2, hanging=2)
        branches: list[tuple[str, Proof]] = [("", part) for part in rule.when]
        branches += [("unless: ", part) for part in rule.unless]
        for one in rule.requires:
            if one.when.state != "false":
                branches.append((f"in hand, {one.requirement}: ", one.met))
        branches += [(f"{one.output}: ", one.proof) for one in rule.concludes if one.proof is not None]
        pad = " " * (_INDENT + 2)
        for number, (label, part) in enumerate(branches):
            self._branch(part, pad, number == len(branches) - 1, label, member)

    def _idle(self, rules: Sequence[RuleView], member: Member) -> None:
        """Rules that are not settled where the answer is: what they hang on, without their conditions."""
        if not rules:
            return
        self.page.blank()
        self.page.line("Rules that are not settled, and need not be", indent=_INDENT, style="bold")
        for rule in rules[:_MAX_SILENT]:
            names = [self._named(name, member.item) for name in dict.fromkeys(need.name for need in rule.needs)]
            more = " and more" if len(names) > _MAX_HANGING else ""
            self.page.line(f"{rule.rule} hangs on {', '.join(names[:_MAX_HANGING])}{more}", _INDENT + 2, hanging=2)
        if len(rules) > _MAX_SILENT:
            self.page.line(f"… and {len(rules) - _MAX_SILENT} more", indent=_INDENT + 2)

    def _silent(self, rules: Sequence[RuleProof]) -> None:
        """Those that come nearest to applying first: they differ in the fewest conditions."""
        order = sorted(rules, key=lambda rule: len(rule.failing))
        for rule in order[:_MAX_SILENT]:
            parts = [f"{_MARKS[part.state]} {part.text}{_seen(part)}" for part in rule.failing[:3]]
            said = next((one.said for one in rule.concludes if one.output == self.decision.headline), None)
            concluded = f" ({said})" if said is not None else ""
            self.page.line(f"{rule.rule}{concluded}: {'; '.join(parts)}", indent=_INDENT + 2, hanging=2)
        if len(order) > _MAX_SILENT:
            self.page.line(f"… and {len(order) - _MAX_SILENT} more", indent=_INDENT + 2)

    # trees -----------------------------------------------------------------------------------------------------------

    def _tree(self, parts: Sequence[Proof], pad: str, member: Member | None) -> None:
        for number, part in enumerate(parts):
            self._branch(part, pad, number == len(parts) - 1, "", member)

    def _branch(self, part: Proof, pad: str, last: bool, label: str, member: Member | None) -> None:
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        mark = "" if part.kind == "cut" else f"{_MARKS[part.state]} "
        parts, text = self._told(part, member)
        first, *rest = wrapped(label + text, len(pad) + len(branch) + len(mark))
        page = self.page
        page.lines.append(pad + page.paint(branch, "dim") + page.paint(mark, _STYLES[part.state]) + first.lstrip())
        stem = ("│ " if parts else "  ") if mark else ""
        for line in rest:
            page.lines.append(pad + page.paint(below + stem, "dim") + line.lstrip())
        self._tree(parts, pad + below, member)

    def _told(self, part: Proof, member: Member | None) -> tuple[tuple[Proof, ...], str]:
        """What to write for a part, and the parts that stand below it. A lone fact is told beside its test."""
        match part.kind:
            case "cut":
                return (), part.note or "…"
            case "all" | "any":
                return part.parts, part.text if len(part.text) <= _SHORT else f"{part.kind} of these"
            case "fact":
                return (), _fact(part)
            case "window" | "window_part":
                return part.parts, self._window(part, member)
            case "row":
                return tuple(
                    replace(one, text=f"cell {one.text}") for one in part.parts
                ), f"row {part.text}{_value(part)}"
            case "parameter" if part.parts:
                by = f", by {_fact(part.parts[0])}" if part.parts[0].kind == "fact" else ""
                return (), f"{part.text}{_value(part)}{by}"
            case "member":
                return part.parts, f"{part.note}, {part.text}" + (f": {part.said}" if part.said else "")
        note = f" — {part.note}" if part.note and part.kind != "parameter" else ""
        if len(part.parts) == 1 and part.parts[0].kind in _LEAVES:
            beside = f" — {_beside(part.parts[0])}"
            return (), f"{part.text}{_value(part)}{beside}{note if part.kind == 'operator' else ''}"
        return part.parts, f"{part.text}{_value(part)}{note}"

    def _window(self, part: Proof, member: Member | None) -> str:
        value = _value(part)
        if part.window is None or part.note is not None:
            return f"{part.text}{value}" + (f" — {part.note}" if part.note else "")
        return f"{part.text}{value} — {words.state_words(part.window, self.program)}"

    # changes ---------------------------------------------------------------------------------------------------------

    def _lateness(self, member: Member) -> Iterator[str]:
        """How late (or early) it is by the windows of a decided answer that is no yes."""
        if member.status != "decided" or member.verdict == "approve":
            return
        for one in member.deadlines:
            name = words.window_name(one)
            if one.state == "passed" and one.day is not None and one.last_day is not None:
                yield f"{name}: this is day {one.day} of {one.lasts}; {say(one.last_day)} was the last day"
            elif one.state == "passed" and one.end is not None:
                yield f"{name}: the {one.lasts} ended on {words.end_words(one, self.program)}"

    def _changes(self, one: MemberExplanation) -> Iterator[str]:
        where = zone(self.program.timezone)
        for found in one.counterfactuals:
            fact = self._named(found.fact, one.item)
            told = [value for value in (found.to, *found.also) if value != found.any_other]
            others = [] if found.any_other is None else ["any other word"]
            values = joined([*(say(value, found.type, where) for value in told), *others], "or")
            now = say(found.now, found.type, where) + (", which is assumed" if found.assumed else "")
            yield f"{self._outcome(found)} if {fact} were {values} instead of {now}"

    def _named(self, fact: str, item: str | None) -> str:
        """A fact of this member by the name that the policy's author uses for it: `line.delivery.at`."""
        if item is None or self.variable is None:
            return fact
        return fact.replace(f"{item}.", f"{self.variable}.")

    def _outcome(self, found: Counterfactual) -> str:
        said = words.value_words(found.value, found.output_type, zone(self.program.timezone))
        if isinstance(found.value, str) and said != found.value:
            return f"would be {said}"
        return f"{found.output.replace('_', ' ')} would be {said}"

    def _alternatives(self, found: Sequence[Alternative]) -> Iterator[str]:
        for one in found:
            until = ""
            if one.until is not None:
                until = f" until {words.moment_words(one.until, one.zone, self.program)}"
            yield f"{one.option.replace('_', ' ')} would be approved instead{until}"


def _value(part: Proof) -> str:
    return f" = {part.said}" if part.said is not None else ""


def _fact(part: Proof) -> str:
    """A fact with its value: `line.is_custom: no (assumed)`."""
    told = {"missing": "nobody has said", "not_yet": "not yet", "wrong": "cannot be right"}.get(part.origin or "")
    if part.said is not None:
        beside = {"assumed": "assumed", "worked_out": part.note}.get(part.origin or "")
        told = part.said + (f" ({beside})" if beside else "")
    return f"{part.text}: {told or 'not known'}"


def _beside(part: Proof) -> str:
    """A lone fact, reading or parameter beside the test that reads it."""
    if part.kind == "fact":
        return "it is " + _fact(part).removeprefix(f"{part.text}: ") if part.said is not None else _fact(part)
    if part.kind in ("option", "word"):
        return f"it is {part.said}"
    meaning = f": {part.note}" if part.note else ""
    return f"{part.text} is {part.said}{meaning}" if part.said is not None else f"{part.text} is open{meaning}"


def _seen(part: Proof) -> str:
    """The facts below a part that decided it, a few of them; how a window stands."""
    if part.window is not None and part.window.state is not None:
        return f" — it is {'over' if part.window.state == 'passed' else part.window.state}"
    if part.kind == "fact":
        return " — assumed" if part.origin == "assumed" else ""
    facts = [below for below in part if below.kind == "fact"]
    told = list(dict.fromkeys(clean(_fact(one)) for one in facts))
    if not told or len(told) > _MAX_SEEN:
        return ""
    return f" — {joined(told)}"
