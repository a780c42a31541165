"""Worker processes that examine inputs, and a parent that notices when one dies or stops answering.

The parent hands out numbers, a worker makes the inputs from them. A worker that is killed by what it examines, or hangs
where no timer of its own reaches, is therefore known by its number, and the input can be made again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from fuzz_examine import Examination
from fuzz_inputs import Input, make, whole_corpus

BATCH = 40
SILENCE = 300.0
"""A worker that says nothing for so many seconds hangs."""
_MEMORY = 3_000_000_000
"""No input may make a worker take more bytes than this."""


@dataclass
class Failure:
    """What went wrong with an input, in words, and by what it is told from other failures."""

    text: str
    signature: str
    doing: str = ""
    facts: Any = None


TRIES = 3


@dataclass
class Outcome:
    """What came of one input."""

    number: int
    kind: str
    origin: str
    seconds: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None


def input_of(seed: int, number: int) -> Input:
    """The input of a number; the seeds as they are have numbers below zero."""
    return make(seed, number) if number >= 0 else whole_corpus()[-1 - number]


def examine(one: Input, patience: float) -> Outcome:
    """Examine an input; whatever goes wrong becomes part of the outcome.

    What takes too long is tried twice more: a machine with other work counts time that the engine never had.
    """
    for _ in range(TRIES):
        outcome = _examined(one, patience)
        if outcome.failure is None or not outcome.failure.signature.startswith("TooSlow"):
            break
    return outcome


def _examined(one: Input, patience: float) -> Outcome:
    examination = Examination(one, patience)
    failure = None
    try:
        examination.run()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        failure = Failure(_told(error), _signature(error), examination.doing, examination.facts)
    return Outcome(one.number, one.kind, one.origin, examination.seconds, examination.counts, failure)


def _told(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error, limit=-40))
    return text if len(text) < 20_000 else text[:8_000] + "\n...\n" + text[-8_000:]


def _signature(error: BaseException) -> str:
    """Two failures of one signature are most likely one mistake: the same error at the same place of the engine."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f"{os.sep}engine{os.sep}" in f.filename] or list(frames)
    place = f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""
    if type(error).__name__ == "TooSlow":  # the line at which the time ran out is a matter of chance
        place = str(error)
    return f"{type(error).__name__} {place}"


# the worker -----------------------------------------------------------------------------------------------------------


def work(pipe: Connection, seed: int, patience: float) -> None:
    """Examine what the parent asks for until it says None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the parent ends the others
    _limit_memory()
    while (numbers := pipe.recv()) is not None:
        for number in numbers:
            outcome = _one(seed, number, patience)
            try:
                pipe.send(outcome)
            except Exception:  # facts that cannot be sent to another process
                assert outcome.failure is not None
                outcome.failure.facts = repr(outcome.failure.facts)[:100_000]
                pipe.send(outcome)


def _one(seed: int, number: int, patience: float) -> Outcome:
    try:
        return examine(input_of(seed, number), patience)
    except Exception as error:  # a mistake of the fuzzer itself
        failure = Failure(_told(error), _signature(error), "make the input")
        return Outcome(number, "none", "the fuzzer", failure=failure)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


# the parent -----------------------------------------------------------------------------------------------------------


class _Worker:
    def __init__(self, seed: int, patience: float) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(theirs, seed, patience), daemon=True)
        self.process.start()
        theirs.close()
        self.left: list[int] = []
        self.heard = time.monotonic()

    def give(self, numbers: list[int]) -> None:
        self.left = numbers
        self.heard = time.monotonic()
        self.pipe.send(numbers)

    def hear(self) -> Outcome | None:
        """What the worker says next, None if it is dead."""
        try:
            outcome: Outcome = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.heard = time.monotonic()
        self.left.remove(outcome.number)
        return outcome

    def end(self) -> None:
        self.pipe.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def examine_all(seed: int, numbers: range, jobs: int, patience: float = 1.0) -> Iterator[Outcome]:
    """The outcome of every input, in the order in which they are done."""
    waiting = iter(numbers)
    left: list[int] = []
    workers: list[_Worker] = []

    def batch() -> list[int]:
        taken = left[:BATCH]
        del left[:BATCH]
        while len(taken) < BATCH and (number := next(waiting, None)) is not None:
            taken.append(number)
        return taken

    def start(replace: Callable[[_Worker], None]) -> None:
        numbers_ = batch()
        if numbers_:
            worker = _Worker(seed, patience)
            replace(worker)
            worker.give(numbers_)

    try:
        for _ in range(jobs):
            start(workers.append)
        while workers:
            ready = wait([worker.pipe for worker in workers], timeout=5.0)
            for worker in list(workers):
                silent = time.monotonic() - worker.heard > SILENCE
                outcome = worker.hear() if worker.pipe in ready else None
                if outcome is not None:
                    yield outcome
                elif worker.pipe in ready or silent:
                    yield _lost(worker, silent)
                    left.extend(worker.left[1:])
                    workers.remove(worker)
                    start(workers.append)
                    continue
                if not worker.left:
                    more = batch()
                    if more:
                        worker.give(more)
                    else:
                        worker.pipe.send(None)
                        worker.process.join()
                        workers.remove(worker)
    finally:
        for worker in workers:
            worker.end()


def _lost(worker: _Worker, silent: bool) -> Outcome:
    worker.process.kill()
    worker.end()
    code = worker.process.exitcode
    said = f"no answer for {SILENCE:.0f} s, not even to the timer" if silent else f"the process died (exit code {code})"
    number = worker.left[0] if worker.left else 0
    return Outcome(number, "unknown", "unknown", failure=Failure(said, said, "unknown"))
