"""Mutation: a policy is changed in one place at a time, and the worked cases are to notice.

A change that no case notices *survives*: nothing says that the policy must not read like that. What does not check is
no change, and one that leaves the program the same is *equivalent*; neither is counted.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal

from engine.base.diagnostics import Report
from engine.check.program import build, check_written
from engine.evaluate.decisions import Evaluation
from engine.evaluate.versions import picked
from engine.language import core as c
from engine.language.prints import Prints
from engine.read.silences import Lines, Silence, silences_of
from engine.read.yaml_reader import read_yaml
from engine.testing.files import FileResult, Programs, run_file
from engine.testing.model import WorkedCase
from engine.testing.mutation.fingerprint import PartName, parts, prints_of_parts
from engine.testing.mutation.hunt import Hunt
from engine.testing.mutation.noticing import Look, Side, Trace, trace
from engine.testing.mutation.policies import Mutant, mutants
from engine.testing.run import run_case

Fate = Literal["noticed", "survived", "equivalent", "unchecked"]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant. `by` is the case that noticed; `tried` how many cases were run for it, and `reached` how
    many came to the changed place at all (counted for survivors). `would` is a case that would
    notice, in words."""

    number: int
    fate: Fate
    by: str | None = None
    tried: int = 0
    reached: int = 0
    would: str | None = None


@dataclass(frozen=True)
class _Change:
    """What a mutant changes in a program: its parts that differ, and a look at what they come to in a case."""

    program: c.Program
    look: Look
    parts: list[PartName]


@dataclass
class Subject:
    """One file of a policy to be changed, with the traces of the cases that ran against it.

    `versions` are the programs of the whole policy, and `numbers` says which of them this file is: one, or one for each
    of its markets. `silences` are the comments that say why a change on their `lines` may survive.
    """

    name: str
    versions: tuple[c.Program, ...]
    numbers: range
    mutants: tuple[Mutant, ...]
    silences: tuple[Silence, ...]
    lines: Lines
    traces: list[Trace] = field(default_factory=list)

    def __post_init__(self) -> None:
        programs = [self.versions[number] for number in self.numbers]
        self._numbers: dict[str, int] = {}
        self._before = [_side(program, self._numbers) for program in programs]
        self._prints = [prints_of_parts(side.parts, side.prints) for side in self._before]
        self._names = {(d.id, r.id): str(r.span.start) for d in programs[0].decisions.values() for r in d.rules}

    def accepts(self, mutant: Mutant) -> Silence | None:
        """The comment of the policy's author that says why a change may survive."""
        return next((one for one in self.silences if self.lines.speaks_of(one, mutant.span)), None)

    def try_mutant(self, number: int) -> Verdict:
        """Check a mutant and run the cases that may notice it, likely ones first, until one does."""
        programs = build(self.mutants[number].policy, Report(), warn=False)
        if len(programs) != len(self.numbers):
            return Verdict(number, "unchecked")
        changes = {
            id(side.program.decisions): change
            for side, prints, program in zip(self._before, self._prints, programs, strict=True)
            if (change := self._change(side, prints, program)) is not None
        }
        if not changes:
            return Verdict(number, "equivalent")
        versions = (*self.versions[: self.numbers.start], *programs, *self.versions[self.numbers.stop :])
        tried = 0
        for one in self._likely(changes):
            change = changes.get(one.decisions)
            if one.undetermined or (change is not None and change.look.may_notice(one, change.parts)):
                tried += 1
                report = Report()
                result = run_case(versions, one.case, report)
                if result is None or result.outcome == "failed":
                    return Verdict(number, "noticed", one.case.name, tried)
        there = [(one, changes[one.decisions]) for one in self._likely(changes) if one.decisions in changes]
        reached = [(one, change) for one, change in there if change.look.reached(one, change.parts)]
        would = None
        for change in changes.values():
            both = (change.look.sides[0].program, change.program)
            before, now = (picked(one) if len(self.versions) > 1 else one for one in both)
            own = [one for one, its in reached if its is change]
            would = would or Hunt((before, now), change.look, change.parts).run(own)
        return Verdict(number, "survived", tried=tried, reached=len(reached), would=would)

    def _change(self, before: Side, prints: Mapping[PartName, object], program: c.Program) -> _Change | None:
        """What differs in one of the programs; None if nothing does."""
        after = _side(program, self._numbers)
        now = prints_of_parts(after.parts, after.prints)
        changed = [name for name in {**prints, **now} if prints.get(name) != now.get(name)]
        return _Change(program, Look(before, after), changed) if changed else None

    def _likely(self, changes: Mapping[int, _Change]) -> list[Trace]:
        """The cases, those in which a changed rule spoke first."""
        parts = [name for change in changes.values() for name in change.parts]
        rules = {self._names.get((name[1], name[2])) for name in parts if name[0] in ("rule", "then")}
        return sorted(self.traces, key=lambda one: not (rules & one.spoke))


def _side(program: c.Program, numbers: dict[str, int]) -> Side:
    return Side(program, Prints(program.parameters, numbers), parts(program))


@dataclass(frozen=True)
class Workshop:
    """Everything that is needed to try mutants: the files of cases as they ran, and the policies' files."""

    results: tuple[FileResult, ...]
    subjects: tuple[Subject, ...]

    def all(self) -> Iterator[tuple[int, int]]:
        """Every mutant, as the number of its subject and its own number."""
        for i, subject in enumerate(self.subjects):
            for number in range(len(subject.mutants)):
                yield i, number


def open_workshop(files: list[Path], kinds: frozenset[str] = frozenset()) -> Workshop:
    """Run files of cases against their policies, and make the mutants of those (of all kinds, or of `kinds`).

    Cases of one policy are put together, whichever file they stand in. Where a case fails, or a file cannot be run, there
    is nothing to measure by: then there are no subjects, and `results` says what is wrong.
    """
    programs = Programs()
    traces: list[Trace] = []

    def watch(case: WorkedCase, evaluation: Evaluation) -> None:
        traces.append(trace(case, evaluation))

    results = tuple(run_file(file, programs, watch=watch) for file in files)
    if any(result.failed for result in results):
        return Workshop(results, ())
    policies = {id(result.programs): result.programs for result in results if result.programs}
    subjects = []
    for versions in policies.values():
        for numbers in _files(versions):
            subjects.append(_subject(versions, numbers, traces, kinds))
    return Workshop(results, tuple(subjects))


def _files(versions: tuple[c.Program, ...]) -> Iterator[range]:
    """Which programs come from one file: those of the markets of a version."""
    start = 0
    for _, group in groupby(versions, lambda program: program.digest):
        stop = start + len(list(group))
        yield range(start, stop)
        start = stop


def _subject(versions: tuple[c.Program, ...], numbers: range, traces: list[Trace], kinds: frozenset[str]) -> Subject:
    source = next(iter(versions[numbers.start].decisions.values())).span.source
    data = source.text.encode("utf-8")
    written, root = check_written(data, source.name, Report()), read_yaml(data, source.name, Report())
    assert written is not None and root is not None  # it was checked before
    found = tuple(one for one in mutants(written[0]) if not kinds or one.kind in kinds)
    decisions = {id(versions[number].decisions) for number in numbers}
    own = [one for one in traces if one.decisions in decisions]
    return Subject(source.name, versions, numbers, found, silences_of(root, "mutant-survived"), Lines(root), own)


# several at a time ---------------------------------------------------------------------------------------------------

_CHUNK = 6
"""How many mutants a process is given at a time: few enough that none is idle at the end."""

_shared: Workshop | None = None
"""What the processes work on: they are split off after it was made, so that it need not be sent."""


def try_all(workshop: Workshop, jobs: int = 0) -> Iterator[tuple[int, Verdict]]:
    """Try every mutant in `jobs` processes (0: as many as there are cores); subject and verdict, in order.

    One process does it all where processes cannot be split off.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for subject, number in workshop.all():
            yield subject, workshop.subjects[subject].try_mutant(number)
        return
    global _shared
    _shared = workshop
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), initializer=_start)
    try:
        everything = list(workshop.all())
        chunks = [everything[i : i + _CHUNK] for i in range(0, len(everything), _CHUNK)]
        for future in [pool.submit(_try_chunk, chunk) for chunk in chunks]:
            yield from future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _shared = None


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the first one ends the others


def _try_chunk(chunk: list[tuple[int, int]]) -> list[tuple[int, Verdict]]:
    assert _shared is not None
    return [(subject, _shared.subjects[subject].try_mutant(number)) for subject, number in chunk]
