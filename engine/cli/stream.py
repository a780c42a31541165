"""Many cases, one a line: read, decided and written in order, in memory that does not grow with their number."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from typing import BinaryIO

from engine.cli.answers import Answer, answer
from engine.cli.cases import Question, Source
from engine.cli.exit_codes import ExitCode
from engine.cli.progress import Progress
from engine.cli.terminal import write_bytes
from engine.facts.json_reader import MAX_BYTES

_CHUNK_LINES = 32
_CHUNK_BYTES = 1_000_000
_CHUNKS_A_WORKER = 2
"""How much is on its way to the workers at most, so that a fast reader does not fill the memory."""

_PIECE = 65_536

_Numbered = tuple[int, bytes]
"""A line with its number in the input, from 1."""


def decide_all(asked: Question, stream: BinaryIO, questions: bool, jobs: int) -> ExitCode:
    """Write the answer to every line of `stream` to standard output, in order. Empty lines are passed over.

    Returns `FACTS` if a line could not be read as a case, `FINE` otherwise.
    """
    code = ExitCode.FINE
    lines = _lines(stream)
    answers = _one_by_one(asked, lines, questions) if jobs == 1 else _in_parallel(asked, lines, questions, jobs)
    with closing(answers), Progress(stream) as progress:
        for found in answers:
            write_bytes(found.line)
            progress.answered()
            if not found.readable:
                code = ExitCode.FACTS
    return code


def _lines(stream: BinaryIO) -> Iterator[_Numbered]:
    """The lines that are not empty. Of one that is too long only the beginning is kept, which is still too long."""
    number = 0
    while raw := stream.readline(MAX_BYTES + 2):
        number += 1
        if len(raw) == MAX_BYTES + 2:
            _skip_rest(stream, raw)
        data = raw.rstrip(b"\r\n")
        if len(data) > MAX_BYTES or data.strip(b" \t"):
            yield number, data


def _skip_rest(stream: BinaryIO, last: bytes) -> None:
    while last and not last.endswith(b"\n"):
        last = stream.readline(_PIECE)


def _one_by_one(asked: Question, lines: Iterator[_Numbered], questions: bool) -> Generator[Answer, None, None]:
    for number, data in lines:
        yield _answer(asked, number, data, questions)


def _answer(asked: Question, number: int, data: bytes, questions: bool) -> Answer:
    try:
        return answer(asked, number, data, questions)
    except Exception as error:
        error.add_note(f"line {number}")  # a mistake of ours: the report says which case brings it out
        raise


# several processes ----------------------------------------------------------------------------------------------------

_worker: tuple[Question, bool] | None = None
"""What a worker process answers; set once when it starts."""


def _in_parallel(
    asked: Question, lines: Iterator[_Numbered], questions: bool, jobs: int
) -> Generator[Answer, None, None]:
    pool = ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(asked.source, questions))
    waiting: deque[Future[list[Answer]]] = deque()
    try:
        for chunk in _chunks(lines):
            waiting.append(pool.submit(_answer_chunk, chunk))
            if len(waiting) >= jobs * _CHUNKS_A_WORKER:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _chunks(lines: Iterator[_Numbered]) -> Iterator[list[_Numbered]]:
    chunk: list[_Numbered] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line[1])
        if len(chunk) == _CHUNK_LINES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _start_worker(source: Source, questions: bool) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the first one ends the others
    _worker = (source.load(), questions)


def _answer_chunk(chunk: list[_Numbered]) -> list[Answer]:
    assert _worker is not None
    asked, questions = _worker
    return [_answer(asked, number, data, questions) for number, data in chunk]
