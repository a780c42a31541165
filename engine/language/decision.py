"""The answer to a question: the typed result that services read and documents are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from engine.base.diagnostics import Diagnostic
from engine.language.model import Flow, ReviewKind
from engine.language.outcome import CauseKind, Held, Mixed, Status
from engine.language.types import Type
from engine.language.values import Value
from engine.values.money import Money

Verdict = Literal["approve", "deny", "answer", "review"]


@dataclass(frozen=True)
class Need:
    """One thing an unsettled output waits for.

    `kind` is fact, later, evidence, external, ruling, referred, silent, not_covered, conflict, error or not_applicable;
    `name` a fact's path, a requirement, a reading, ...; `item` the member of the request it is about; `ask` the question
    to put to `source` (customer, shop, carrier, bank, external), for facts and evidence.
    """

    kind: CauseKind
    name: str
    item: str | None = None
    ask: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class NetPart:
    """An amount that a net amount is made of, as the policy names it: a charge is taken off, any other is added.

    `value` is None while it is not known, and where several members are taken together.
    """

    output: str
    flow: Flow | None
    label: str | None = None
    value: Money | None = None


@dataclass(frozen=True)
class Output:
    """One output: its status, and its value if that is decided.

    `type` says how to read the value: one fifth of type `Percent` is 20%. `only_if`: worth something only if the headline
    turns out as one of these words, which is still open. `by_cases`: settled because every answer to the open questions
    leads to the same. `so_far`: what the settled members come to. `flow`: which way an amount goes; `held`: the rules
    came to an amount out of its bounds. `net_of`: the amounts that a net amount is made of.
    """

    name: str
    type: Type
    status: Status
    value: Value | Mixed | None
    label: str | None = None
    kinds: tuple[ReviewKind, ...] = ()
    needs: tuple[Need, ...] = ()
    only_if: tuple[str, ...] | None = None
    by_cases: bool = False
    so_far: Value | None = None
    flow: Flow | None = None
    held: Held | None = None
    net_of: tuple[NetPart, ...] = ()


@dataclass(frozen=True)
class Behind:
    """A rule of another decision, whose word a rule hands on."""

    decision: str
    rule: str
    code: str
    message: str | None
    cites: tuple[str, ...]
    also_cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleView:
    """What became of one rule: which outputs it speaks for, its message, and why it is here.

    `to` are the rules it yielded to; `needs` what blocks it; `assumes` the assumed facts it rests on. `leaning` is what a
    rule that hands over to a person leans to, `concludes` what it says, both by output and as far as known; `behind` are
    the rules of other decisions that it only hands on. `cites` is what the rule itself cites, `also_cites` what is cited
    besides by the definitions that hold, the windows, parameters and table rows that it looked at (step 14a).
    """

    rule: str
    code: str
    outputs: tuple[str, ...]
    message: str | None
    note: str | None
    cites: tuple[str, ...]
    to: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    assumes: tuple[str, ...] = ()
    leaning: Mapping[str, Value] = field(default_factory=dict)
    concludes: Mapping[str, Value] = field(default_factory=dict)
    behind: tuple[Behind, ...] = ()
    also_cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A window that a speaking rule reads: where it starts, how long it is, and how it stands.

    `side` says whether it runs after its anchor or before it. `elapsed` ones count hours, and `end` is their last moment;
    others count days, and `end` is the moment at which the last day is over. `day` is the day of the act, counted as the
    window counts ("day 34 of 30"). `cites` are the clauses and readings that the window itself rests on.
    """

    window: str
    label: str | None
    reports_as: str | None
    state: str | None
    lasts: str | None
    side: Literal["after", "before"]
    elapsed: bool
    anchor_fact: str
    anchor: date | datetime | None
    zone: str | None
    last_day: date | None
    end: datetime | None
    day: int | None
    cites: tuple[str, ...]


@dataclass(frozen=True)
class RequirementView:
    """Something that must be in hand before a yes: `open` ones are asked for; of `overdue` ones the last day is over."""

    requirement: str
    state: Literal["met", "open", "overdue", "not_needed"]
    ask: str
    last_day: date | None
    cites: tuple[str, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Awaited:
    """A value that somebody else sets: `who` is a role in the shop, or `outside`; `answer` is the path it comes back under.

    `one_of` are the words it can be. A bound is None if there is none, or none is known yet.
    """

    answer: str
    output: str
    who: str
    why: str | None
    type: Type
    one_of: tuple[str, ...]
    at_least: Value | None
    at_most: Value | None


@dataclass(frozen=True)
class Option:
    """Another option than the one asked for, and what it would come to."""

    option: str
    status: Status
    verdict: Verdict
    why: tuple[str, ...]
    outputs: Mapping[str, Output]
    reasons: tuple[RuleView, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True)
class Member:
    """The answer for one member of the request (or for the whole order, where `item` is None)."""

    item: str | None
    id: str | None
    asked: str | None
    status: Status
    verdict: Verdict
    why: tuple[str, ...]
    outputs: Mapping[str, Output]
    reasons: tuple[RuleView, ...]
    outweighed: tuple[RuleView, ...]
    yielded: tuple[RuleView, ...]
    blocked: tuple[RuleView, ...]
    requirements: tuple[RequirementView, ...]
    deadlines: tuple[Deadline, ...]
    instead: tuple[Option, ...]
    under_readings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For what an undecided reading leaves open: the headline under each of its options."""
    awaits: tuple[Awaited, ...] = ()


@dataclass(frozen=True)
class LeadsTo:
    """Where an answer to a question leads: the headline's value, or what is then still needed.

    `type` is that of the fact asked for. `any_other`: it stands for every answer that is not among those that were tried,
    since the policy does not tell those apart.
    """

    answer: Value
    type: Type
    status: Status
    value: Value | Mixed | None
    needs: tuple[str, ...]
    any_other: bool = False


@dataclass(frozen=True)
class Expectation:
    """Whether an answer that the customer demands is granted."""

    output: str
    expected: Value
    result: Literal["granted", "refused", "partly", "open"]


@dataclass(frozen=True)
class Problem:
    """An input that cannot be right, at the smallest place that is wrong."""

    path: str
    diagnostic: Diagnostic


@dataclass(frozen=True)
class Decision:
    """The whole answer to one question about one case. Plain data, safe to share between threads.

    `status` and `verdict` are the headline's (`docs/semantics.md`, step 14); `outputs` are rolled up over `members`.
    `market` is the one it was decided for; None if the policy has no markets, or it is not known which.
    """

    policy: str
    version: str
    market: str | None
    digest: str
    pinned: tuple[tuple[str, str], ...]
    decision: str
    asks: str
    headline: str | None
    as_of: datetime | None
    stage: str
    facts_digest: str
    status: Status
    verdict: Verdict
    why: tuple[str, ...]
    partial: bool
    outputs: Mapping[str, Output]
    members: tuple[Member, ...]
    may_need: tuple[Need, ...]
    ask_first: str | None
    leads_to: Mapping[str, tuple[LeadsTo, ...]]
    not_tried: Mapping[str, int]
    """For facts in `leads_to` with more answers that may lead elsewhere than are tried: how many were not."""
    assumed: tuple[str, ...]
    presets: tuple[str, ...]
    stage_assumed: bool
    rests_on: tuple[str, ...]
    expects: tuple[Expectation, ...]
    problems: tuple[Problem, ...]

    @property
    def value(self) -> Value | Mixed | None:
        """The headline's value, if it is decided."""
        return None if self.headline is None else self.outputs[self.headline].value

    @property
    def messages(self) -> tuple[str, ...]:
        """What to tell the customer, each message once: those of the rules that have their say in a settled headline."""
        found = (r.message for m in self.members for r in m.reasons if r.message and self.tells(m, r))
        return tuple(dict.fromkeys(found))

    def tells(self, member: Member, rule: RuleView) -> bool:
        """Whether the message of a rule among a member's reasons may be told.

        While the headline is open, a rule that speaks may still be outweighed; and one that is overridden in the headline
        may go on to speak about another output. Either message would promise too much.
        """
        headline = self.headline or ""
        output = member.outputs[headline]
        if output.status != "decided" and output.value != "review":
            return False
        others = (*member.outweighed, *member.yielded, *member.blocked)
        lost = any(other.rule == rule.rule and headline in other.outputs for other in others)
        return not lost and any(name == headline or member.outputs[name].only_if is None for name in rule.outputs)
