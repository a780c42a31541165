"""Give the engine inputs that nobody would write, and see that it stays on its feet. See docs/fuzzing.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine of these sources, installed or not

from fuzz_inputs import whole_corpus
from fuzz_pool import Outcome, examine, examine_all, input_of
from fuzz_report import Progress, Summary, say

_FOLDER = Path(tempfile.gettempdir()) / "policy-engine-fuzz"


def main() -> int:
    """Run the fuzzer; 0 if every input was taken well, 1 if one was not, 130 after Ctrl-C."""
    options = _options()
    if options.only is not None:
        numbers, total = range(options.only, options.only + 1), 1
    else:
        start = -len(whole_corpus()) if options.start == 0 else options.start
        numbers, total = range(start, options.start + options.count), options.start + options.count - start
    summary, progress, code = Summary(options.seed, total, options.failures), Progress(), 0
    try:
        for outcome in _outcomes(options, numbers):
            summary.take(outcome, input_of(options.seed, outcome.number) if outcome.failure else None)
            progress.show(summary)
    except KeyboardInterrupt:
        code = 130
    progress.end()
    say(summary.text())
    return code or (1 if summary.failures else 0)


def _outcomes(options: argparse.Namespace, numbers: range) -> Iterator[Outcome]:
    if len(numbers) == 1:
        yield examine(input_of(options.seed, numbers[0]), options.patience)
    else:
        yield from examine_all(options.seed, numbers, options.jobs, options.patience)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many inputs are made (10000)")
    parser.add_argument("--start", type=int, default=0, help="the number of the first one; 0 takes in the corpus (0)")
    cores = os.cpu_count() or 1
    parser.add_argument("--jobs", type=int, default=cores, help=f"in how many processes (the cores: {cores})")
    parser.add_argument("--seed", type=int, default=1, help="what the inputs are drawn from (1)")
    parser.add_argument("--only", type=int, help="examine the input of this number alone")
    parser.add_argument("--patience", type=float, default=1.0, help="multiplies the times allowed (1)")
    parser.add_argument("--failures", type=Path, default=_FOLDER, help=f"folder for inputs that fail ({_FOLDER})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
