"""Making the safe fixes of a policy file: each is looked at again before it counts."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.diagnostics import Diagnostic, Fix, Report
from engine.base.edits import edited
from engine.check.program import check_policy

_ROUNDS = 20
"""A fix can bring out the next finding, which has a fix of its own; no file needs more rounds than this."""


def fixed(data: bytes, name: str) -> tuple[bytes, list[Diagnostic]]:
    """The bytes of a policy file (called `name` in messages) with every safe fix made, and the findings that this mended.

    A fix is kept only if its finding is gone afterwards and the file can still be read as YAML at that place. Where two
    fixes speak of the same words the first counts; the other one gets its turn in the next round, if it is still due.
    """
    made: list[Diagnostic] = []
    refused: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        due = [one for one in _apart(_check(data, name)) if (one.code, one.message) not in refused]
        if not due:
            break
        kept = due if _mends(data, due, name) else []
        for one in due if not kept else ():
            if _mends(data, [*kept, one], name):
                kept.append(one)
            else:
                refused.add((one.code, one.message))
        data = _with(data, kept)
        made.extend(kept)
    return data, made


def _check(data: bytes, name: str) -> list[Diagnostic]:
    report = Report()
    check_policy(data, name, report)
    return report.sorted()


def _apart(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings with a safe fix, in order of place, without those whose fix overlaps with one before."""
    apart: list[Diagnostic] = []
    for one in sorted((one for one in found if one.fix is not None and one.fix.safe), key=_start):
        if not apart or _start(one) >= _fix(apart[-1]).span.end:
            apart.append(one)
    return apart


def _fix(one: Diagnostic) -> Fix:
    assert one.fix is not None
    return one.fix


def _start(one: Diagnostic) -> int:
    return _fix(one).span.start


def _with(data: bytes, kept: Iterable[Diagnostic]) -> bytes:
    return edited(data.decode("utf-8"), [(_fix(one).span, _fix(one).text) for one in kept]).encode("utf-8")


def _mends(data: bytes, due: list[Diagnostic], name: str) -> bool:
    """Whether the findings are gone once their fixes are made, and no YAML is broken in their places."""
    after = [one for one in _check(_with(data, due), name) if one.span is not None]
    moved = 0
    for one in due:
        fix = _fix(one)
        start = fix.span.start + moved
        end = start + len(fix.text)
        moved += len(fix.text) - (fix.span.end - fix.span.start)
        for other in after:
            here = other.span is not None and other.span.start <= end and start <= other.span.end
            broken = other.code.startswith("yaml-") and not one.code.startswith("yaml-")
            if here and (broken or (other.code, other.message) == (one.code, one.message)):
                return False
    return True
