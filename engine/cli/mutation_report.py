"""What became of the changes of a mutation run, in every form that is printed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.base.diagnostics import Diagnostic
from engine.cli.coverage_report import shown_percent
from engine.cli.terminal import wants_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.testing.mutation.policies import Mutant
    from engine.testing.mutation.running import Verdict


@dataclass(frozen=True)
class Survivor:
    """A change that no case noticed, as a finding, and what would notice it if that was found.

    `accepted` is why it may survive, as a comment in the policy says; such a change counts like every other.
    """

    mutant: Mutant
    told: Diagnostic
    would: str | None
    accepted: str | None


@dataclass
class Score:
    """What became of the changes to one policy; `least` is the share in per cent that must be noticed."""

    policy: str
    least: float
    noticed: Counter[str] = field(default_factory=Counter)
    survived: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    survivors: list[Survivor] = field(default_factory=list)
    stale: list[Diagnostic] = field(default_factory=list)
    """Comments in the policy that accept what does not survive."""

    def count(self, mutant: Mutant, verdict: Verdict, accepted: str | None) -> None:
        """Take in what became of one change, and why it may survive if its author said so."""
        if verdict.fate == "noticed":
            self.noticed[mutant.kind] += 1
        elif verdict.fate == "survived":
            self.survived[mutant.kind] += 1
            self.survivors.append(Survivor(mutant, _told(mutant, verdict), verdict.would, accepted))
        else:
            self.apart[verdict.fate] += 1

    @property
    def open(self) -> list[Diagnostic]:
        """The survivors that nobody has accepted, and what accepts nothing."""
        return [one.told for one in self.survivors if one.accepted is None] + self.stale

    @property
    def accepted(self) -> list[tuple[Diagnostic, str]]:
        """The survivors that the policy gives a reason for."""
        return [(one.told, one.accepted) for one in self.survivors if one.accepted is not None]

    @property
    def counted(self) -> int:
        """The changes that a case could notice."""
        return self.noticed.total() + self.survived.total()

    @property
    def percent(self) -> float:
        """The share of them that was noticed; all, if there are none."""
        return 100.0 * self.noticed.total() / self.counted if self.counted else 100.0

    @property
    def below(self) -> bool:
        """Whether fewer were noticed than is demanded."""
        return self.percent < self.least

    @property
    def kinds(self) -> dict[str, tuple[int, int]]:
        """For each kind of change, how many were noticed, of how many."""
        names = sorted({*self.noticed, *self.survived})
        return {kind: (self.noticed[kind], self.noticed[kind] + self.survived[kind]) for kind in names}


_UNNOTICED = ", and no case notices"


def _told(mutant: Mutant, verdict: Verdict) -> Diagnostic:
    message = f"{mutant.whose}: {mutant.says}{_UNNOTICED}"
    if verdict.reached == 0:
        return Diagnostic("mutant-survived", message, mutant.span, "no case comes to this place: write one that does")
    if verdict.would is not None:
        return Diagnostic("mutant-survived", message, mutant.span, f"this would notice: {verdict.would}")
    ran = "1 case comes" if verdict.reached == 1 else f"{verdict.reached} cases come"
    help = f"{ran} to this place; write one whose answer hangs on it"
    return Diagnostic("mutant-survived", message, mutant.span, help)


def _text(scores: list[Score]) -> str:
    from engine.cli.diagnostics_text import render

    text = ""
    for score in scores:
        said = render(score.open, wants_color(sys.stdout))
        text += said + ("\n" if said else "") + _accepted(score) + f"changes to {score.policy} that the cases notice\n"
        for kind, (noticed, counted) in score.kinds.items():
            text += _row(kind, noticed, counted)
        wanted = f", {score.least:g} % is demanded" if score.below else ""
        text += _row("all", score.noticed.total(), score.counted).rstrip("\n") + wanted + "\n"
        if score.accepted:
            text += f"  {len(score.accepted)} of the {score.survived.total()} that survive are accepted\n"
        for fate, why in (("equivalent", "change nothing"), ("unchecked", "do not check")):
            if score.apart[fate]:
                text += f"  not counted: {score.apart[fate]} that {why}\n"
        text += "\n" if score is not scores[-1] else ""
    return text


def _accepted(score: Score) -> str:
    """The survivors with a reason, two lines each."""
    if not score.accepted:
        return ""
    from engine.cli.diagnostics_json import place

    text = f"changes to {score.policy} that may survive\n"
    for told, reason in score.accepted:
        at = {} if told.span is None else place(told.span)
        text += f"  {at.get('line')}:{at.get('column')} {told.message.removesuffix(_UNNOTICED)}\n      {reason}\n"
    return text + "\n"


def _row(kind: str, noticed: int, total: int) -> str:
    share = shown_percent(100.0 * noticed / total if total else 100.0)
    return f"  {kind.ljust(13)}{share:>8}  {noticed} of {total}\n"


def _json(scores: list[Score]) -> str:
    return (
        json.dumps({"diagnostics": [], "policies": [_data(one) for one in scores]}, ensure_ascii=False, indent=2) + "\n"
    )


def _data(score: Score) -> dict[str, Any]:
    from engine.cli.diagnostics_json import to_json

    return {
        "policy": score.policy,
        "percent": int(score.percent * 10) / 10,
        "below": score.below,
        "noticed": score.noticed.total(),
        "counted": score.counted,
        "accepted": len(score.accepted),
        "equivalent": score.apart["equivalent"],
        "unchecked": score.apart["unchecked"],
        "kinds": {kind: {"noticed": noticed, "counted": counted} for kind, (noticed, counted) in score.kinds.items()},
        "survivors": [
            {
                "kind": one.mutant.kind,
                "whose": one.mutant.whose,
                "change": one.mutant.says,
                "would_notice": one.would,
                "accepted": one.accepted,
                **to_json(one.told),
            }
            for one in score.survivors
        ],
        "stale": [to_json(one) for one in score.stale],
    }


def _findings(scores: list[Score]) -> list[Diagnostic]:
    """The survivors that nobody accepted, and for each policy with too many of them that this is so."""
    found = [one for score in scores for one in score.open]
    return found + [_below(score) for score in scores if score.below]


def _below(score: Score) -> Diagnostic:
    share = f"{shown_percent(score.percent)} of the changes, and {score.least:g} % is demanded"
    return Diagnostic("mutation-below", f"the cases notice {share}", None, where=score.policy)


def _sarif(scores: list[Score]) -> str:
    from engine.cli.diagnostics_sarif import sarif

    return sarif(_findings(scores), [one for score in scores for one in score.accepted])


def _github(scores: list[Score]) -> str:
    from engine.cli.diagnostics_github import github, notice

    return github(_findings(scores)) + notice("changes that the cases notice", [_line(score) for score in scores])


def _line(score: Score) -> str:
    """The score of a policy, on one line."""
    line = f"{score.policy}: {shown_percent(score.percent)} ({score.noticed.total()} of {score.counted})"
    if score.accepted:
        line += f", {len(score.accepted)} of the {score.survived.total()} that survive are accepted"
    return line


def _junit(scores: list[Score]) -> str:
    from engine.cli.diagnostics_text import render_line
    from engine.cli.junit import Checks, junit_of_cases

    def of(score: Score) -> Checks:
        why = None
        if score.below:
            lines = [render_line(one) for one in score.open]
            why = "\n".join([_below(score).message, *lines])
        return Checks(f"changes to {score.policy}", (("noticed", why),), "mutation")

    return junit_of_cases((), [of(score) for score in scores])


REPORTS: dict[str, Callable[[list[Score]], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
}
"""What is printed, by the value of `--format`."""
