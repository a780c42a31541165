"""Files of cases, several at a time: they have nothing to do with one another, so each can have a process of its own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from engine.testing.files import FileResult, Programs, picks, run_file
from engine.testing.model import CaseResult, Expected


def run_files(files: Sequence[Path], pattern: str | None = None, jobs: int = 0) -> list[FileResult]:
    """Run the cases of files whose names fit a pattern, in `jobs` processes (0: as many as there are cores).

    The results come in the order of the files, whoever ran them. They hold no programs, nor what the cases were made of.
    One process does it all where processes cannot be split off cheaply: starting anew costs more than most suites.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(files))
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        programs = Programs()
        return [run_file(file, programs, picks(pattern)) for file in files]
    largest_first = sorted(files, key=_size, reverse=True)
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        running = {file: pool.submit(_run, file, pattern) for file in largest_first}
        return [running[file].result() for file in files]


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # `run_file` says that it cannot be read


def _run(file: Path, pattern: str | None) -> FileResult:
    found = run_file(file, Programs(), picks(pattern))
    return replace(found, programs=(), results=tuple(map(_light, found.results)))


def _light(result: CaseResult) -> CaseResult:
    """A result without the case's facts and expectations: nobody reads them any more, and they are long to send."""
    return replace(result, case=replace(result.case, document={}, given=(), expected=Expected(), parameters={}))
