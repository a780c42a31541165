"""Several versions of one policy: each holds on its days, no day is without one, none has two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from engine.base.diagnostics import Report
from engine.language import core as c


def check_versions(files: Sequence[tuple[str, Sequence[c.Program]]], report: Report) -> tuple[c.Program, ...]:
    """The programs of a policy's versions in order of time, those of one version's markets together.

    `files` are the names of the versions' files with the programs made of them; holes, overlaps and versions that are
    not picked alike go to `report`.
    """
    programs = [(name, found[0]) for name, found in files]  # the markets of a version hold on the same days
    for name, program in programs:
        if program.picked_by is None:
            report.add(
                "version-pick",
                f"version `{program.version}` of `{program.key}` does not say by which moment it is picked",
                where=name,
                help="add `effective: {from: ..., until: ..., by: order.placed_at}`",
            )
        elif program.picked_by != programs[0][1].picked_by:
            report.add(
                "version-pick",
                f"version `{program.version}` is picked by `{program.picked_by}`, "
                f"another one by `{programs[0][1].picked_by}`",
                where=name,
                help="all versions of a policy are picked by the same moment",
            )
    ordered = sorted(programs, key=lambda pair: pair[1].effective[0] or date.min)
    for (_, earlier), (name, later) in pairwise(ordered):
        until, start = earlier.effective[1], later.effective[0]
        if start is None or until is None or start < until:
            report.add(
                "version-overlap",
                f"versions `{earlier.version}` and `{later.version}` of `{later.key}` hold on the same days",
                where=name,
                help=f"version `{earlier.version}` ends with `until: {start or 'a day'}`, where the next one begins",
            )
        elif start > until:
            report.add(
                "version-hole",
                f"no version of `{later.key}` holds from {until} on, until `{later.version}` begins on {start}",
                where=name,
                help=f"let version `{later.version}` begin on {until}, or the one before end on {start}",
            )
    of_version = {id(found[0]): found for _, found in files}
    return tuple(program for _, first in ordered for program in of_version[id(first)])
