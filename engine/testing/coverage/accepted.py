"""Gaps in the coverage that the policy gives a reason for: `# policy-engine: allow coverage-mcdc because ...`.

Not every gap can be closed: a part that only guards another, because the other's fact is there only then, decides
nothing by itself in any case. Such a gap counts like every other; it is only told apart, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.base.diagnostics import Diagnostic, Report
from engine.base.source import SourceText
from engine.language import core as c
from engine.read.silences import Lines, Silence, silences_nothing, silences_of
from engine.read.yaml_reader import read_yaml

ACCEPTABLE = ("coverage-condition", "coverage-mcdc")
"""The codes of gaps that a comment can accept: about parts of conditions, which may hang on one another."""

Accepted = tuple[tuple[Diagnostic, str], ...]


def accepted(
    programs: Iterable[c.Program], missing: Iterable[Diagnostic]
) -> tuple[Accepted, tuple[tuple[str, Diagnostic], ...]]:
    """The gaps in the policy files of `programs` that a comment there accepts, each with its reason.

    Besides, the comments that accept nothing, as findings, each after the code that it names.
    """
    gaps = [one for one in missing if one.code in ACCEPTABLE]
    found: dict[Diagnostic, str] = {}
    stale: list[tuple[str, Diagnostic]] = []
    for lines, silence in _silences(programs):
        own = [one for one in gaps if one.code == silence.code and one.span and lines.speaks_of(silence, one.span)]
        for one in own:
            found.setdefault(one, silence.reason)
        if not own:
            stale.append((silence.code, silences_nothing(silence)))
    return tuple((one, found[one]) for one in gaps if one in found), tuple(stale)


def _silences(programs: Iterable[c.Program]) -> Iterator[tuple[Lines, Silence]]:
    """The comments about coverage in each file, with what tells the lines of that file."""
    sources: dict[str, SourceText] = {}
    for program in programs:
        for decision in program.decisions.values():
            sources.setdefault(decision.span.source.name, decision.span.source)
    for source in sources.values():
        if "policy-engine" not in source.text.lower():
            continue
        root = read_yaml(source.text.encode("utf-8"), source.name, Report())
        assert root is not None  # it was checked before
        lines = Lines(root)
        for code in ACCEPTABLE:
            yield from ((lines, one) for one in silences_of(root, code))
