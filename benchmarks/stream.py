"""How many cases a second `policy-engine decide --ndjson` answers, and that its memory does not grow with their number.

    python benchmarks/stream.py [--cases N] [--question QUESTION] [--jobs N]

The cases are the examples for the question, over and over with other order ids. They are decided once N times and once
10 N times; the ratio of the two peaks of memory is printed and must stay below LIMIT (exit code 1 otherwise).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

LIMIT = 1.3
ROOT = Path(__file__).resolve().parents[1]
POLICY = ROOT / "policies" / "kaolate.yaml"
EXAMPLES = {
    "cancellation": ("cancellation",),
    "return": ("defective_in_time", "late", "final_sale", "mixed_lines", "missing_facts"),
}
RUN = "import resource, sys; from engine.cli.main import main\ntry: main()\nfinally: print('peak', {peak}, file=sys.stderr)"
PEAK = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"


def write_cases(file: Path, question: str, number: int) -> None:
    """Write so many cases, one a line."""
    cases = [
        json.loads((ROOT / "examples/requests" / f"{name}.json").read_text("utf-8")) for name in EXAMPLES[question]
    ]
    with file.open("w", encoding="utf-8") as out:
        for at in range(number):
            case = cases[at % len(cases)]
            case["order"]["id"] = str(at)
            out.write(json.dumps(case) + "\n")


def decide(file: Path, question: str, jobs: int) -> tuple[float, int]:
    """The seconds that deciding all lines takes, and the peak of memory (of the first process) in kilobytes."""
    options = ["--ndjson", "--no-questions", "--jobs", str(jobs)]
    command = [sys.executable, "-c", RUN.format(peak=PEAK), "decide", str(POLICY), question, str(file), *options]
    began = perf_counter()
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return perf_counter() - began, int(done.stderr.split()[-1])


def main() -> None:
    """Measure, print, and end with 1 if memory grows."""
    parser = argparse.ArgumentParser(description="Speed and memory of streams.")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--question", choices=list(EXAMPLES), default="return")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for number in (options.cases, options.cases * 10):
            file = Path(folder) / f"{number}.ndjson"
            write_cases(file, options.question, number)
            seconds, peak = decide(file, options.question, options.jobs)
            peaks.append(peak)
            print(f"{number:>7,} cases: {number / seconds:,.0f} a second, {seconds:.1f} s, peak {peak / 1024:.0f} MB")
    ratio = peaks[1] / peaks[0]
    print(f"peak of memory for ten times the cases: {ratio:.2f} times, limit {LIMIT}")
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
