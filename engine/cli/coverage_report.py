"""Coverage as text, as JSON and as checks for CI; and what `--fail-under` demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from engine.base.diagnostics import Diagnostic
    from engine.cli.junit import Checks
    from engine.testing.coverage.counting import Coverage, Kind

KINDS = ("rules", "rows", "conditions", "unknown", "mcdc")
"""Those of `engine/testing/coverage`, named here so that --help need not load it; a test holds the two together."""

_SAID = {
    "rules": "rules that spoke",
    "rows": "table rows that spoke",
    "conditions": "parts of conditions, true and false",
    "unknown": "parts of conditions, unknown",
    "mcdc": "parts shown to decide alone (MC/DC)",
}


@dataclass(frozen=True)
class Wanted:
    """The kinds of missing things to list one by one, and the least share of each kind in per cent."""

    listed: set[str]
    least: Mapping[str, float]


def thresholds(said: tuple[str, ...]) -> dict[str, float]:
    """What `--fail-under` demands of each kind. Raises click's usage error for what is no kind or no share."""
    least: dict[str, float] = {}
    for one in said:
        kind, _, number = one.rpartition("=")
        if kind and kind not in KINDS:
            message = f"'{kind}' is no kind of coverage; they are {', '.join(KINDS)}."
            raise click.BadParameter(message, param_hint="'--fail-under'")
        value = percent(number)
        for each in [kind] if kind else [k for k in KINDS if k != "unknown"]:
            least[each] = value
    return least


def percent(number: str) -> float:
    """A share from 0 to 100; raises click's usage error for anything else."""
    try:
        value = float(number.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise click.BadParameter(f"'{number}' is no share from 0 to 100.", param_hint="'--fail-under'")
    return value


def below(coverage: Coverage, least: Mapping[str, float]) -> list[Kind]:
    """The kinds of which too little was shown."""
    return [kind for kind, count in coverage.counts.items() if count.percent < least.get(kind, 0)]


def coverage_text(coverage: Coverage, wanted: Wanted, color: bool) -> str:
    """Each missing thing underlined in the policy, then how much of each kind was shown."""
    from engine.cli.diagnostics_text import render
    from engine.testing.coverage.counting import CODE_OF

    text = render([*listed_of(coverage, wanted), *stale_of(coverage, wanted)], color)
    text += ("\n" if text else "") + _accepted(coverage, wanted) + f"coverage of {coverage.policy}\n"
    too_little = below(coverage, wanted.least)
    width = max(len(said) for said in _SAID.values())
    for kind, count in coverage.counts.items():
        shares = f"{shown_percent(count.percent):>7}  {count.shown} of {count.total}"
        quiet = sum(one.code == CODE_OF[kind] for one, _ in coverage.accepted)
        shares += f", {quiet} of the missing accepted" if quiet else ""
        wants = f", {wanted.least[kind]:g} % is demanded" if kind in too_little else ""
        text += f"  {_SAID[kind].ljust(width)}  {shares}{wants}\n"
    return text


def coverage_line(coverage: Coverage) -> str:
    """How much of each kind was shown, on one line; the kinds are called as `--fail-under` calls them."""
    counts = coverage.counts.items()
    shares = (f"{kind} {shown_percent(count.percent)} ({count.shown} of {count.total})" for kind, count in counts)
    return f"coverage of {coverage.policy}: {', '.join(shares)}"


def _accepted(coverage: Coverage, wanted: Wanted) -> str:
    """The gaps that the policy gives a reason for, two lines each."""
    quiet = accepted_of(coverage, wanted)
    if not quiet:
        return ""
    text = f"missing in the coverage of {coverage.policy}, and accepted\n"
    for one, reason in quiet:
        at = str(one.span).removeprefix(f"{coverage.policy}:")  # with its file where a folder of versions is covered
        text += f"  {at} {one.message}\n      {reason}\n"
    return text + "\n"


def shown_percent(value: float) -> str:
    """A share with one place, rounded down: 100.0 stands only where nothing is missing."""
    return f"{int(value * 10) / 10:.1f} %"


def listed_of(coverage: Coverage, wanted: Wanted) -> list[Diagnostic]:
    """The missing things that nobody has accepted, of the kinds that are to be listed one by one."""
    quiet, codes = {one for one, _ in coverage.accepted}, _codes(wanted)
    return [one for one in coverage.missing if one.code in codes and one not in quiet]


def stale_of(coverage: Coverage, wanted: Wanted) -> list[Diagnostic]:
    """The comments in the policy that accept nothing (any more), of the same kinds."""
    codes = _codes(wanted)
    return [told for code, told in coverage.stale if code in codes]


def accepted_of(coverage: Coverage, wanted: Wanted) -> list[tuple[Diagnostic, str]]:
    """The missing things that the policy gives a reason for, of the kinds that are to be listed one by one."""
    codes = _codes(wanted)
    return [(one, reason) for one, reason in coverage.accepted if one.code in codes]


def _codes(wanted: Wanted) -> set[str]:
    from engine.testing.coverage.counting import CODE_OF

    return {code for kind, code in CODE_OF.items() if kind in wanted.listed}


def too_low(coverage: Coverage, wanted: Wanted) -> list[Diagnostic]:
    """A finding for each kind of which less was shown than is demanded."""
    from engine.base.diagnostics import Diagnostic

    found = []
    for kind in below(coverage, wanted.least):
        shown = f"{_SAID[kind]}: {shown_percent(coverage.counts[kind].percent)}"
        message = f"{shown}, and {wanted.least[kind]:g} % is demanded"
        found.append(Diagnostic("coverage-below", message, None, where=coverage.policy))
    return found


def coverage_json(coverage: Coverage, wanted: Wanted) -> dict[str, Any]:
    """The coverage of one policy as plain data, with every missing thing of the kinds that are listed."""
    from engine.cli.diagnostics_json import to_json

    counts = {
        kind: {"shown": count.shown, "total": count.total, "percent": int(count.percent * 10) / 10}
        for kind, count in coverage.counts.items()
    }
    return {
        "policy": coverage.policy,
        "kinds": counts,
        "below": below(coverage, wanted.least),
        "missing": [to_json(one) for one in listed_of(coverage, wanted)],
        "accepted": [{**to_json(one), "because": reason} for one, reason in accepted_of(coverage, wanted)],
        "stale": [to_json(one) for one in stale_of(coverage, wanted)],
    }


def coverage_checks(coverage: Coverage, wanted: Wanted) -> Checks:
    """One check for each kind: failed if too little of it was shown, with what is missing."""
    from engine.cli.diagnostics_text import render_line
    from engine.cli.junit import Checks
    from engine.testing.coverage.counting import CODE_OF

    checks: list[tuple[str, str | None]] = []
    too_little = below(coverage, wanted.least)
    for kind, count in coverage.counts.items():
        why = None
        if kind in too_little:
            quiet = {one for one, _ in coverage.accepted}
            missing = [one for one in coverage.missing if one.code == CODE_OF[kind] and one not in quiet]
            lines = [render_line(one) for one in missing]
            why = f"{shown_percent(count.percent)} of {wanted.least[kind]:g} %\n" + "\n".join(lines)
        checks.append((kind, why))
    return Checks(f"coverage of {coverage.policy}", tuple(checks))
