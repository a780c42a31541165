"""How long `policy-engine check` takes from a cold start, as a multiple of importing the libraries it cannot do without.

    python benchmarks/start.py [POLICY] [--runs N]

A ratio says more than seconds: machines differ and are shared, so the two commands take turns and the medians are
compared. The ratio must not pass LIMIT; the exit code is 1 if it does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

LIMIT = 5.0
ROOT = Path(__file__).resolve().parents[1]
BASE = [sys.executable, "-c", "import yaml, jsonschema, lark, click"]


def seconds(command: list[str]) -> float:
    """The processor time that a command takes, which other programs on the machine disturb least."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def wall(command: list[str]) -> float:
    """The time on the wall."""
    began = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return perf_counter() - began


def main() -> None:
    """Measure, print, and end with 1 if the ratio is too large."""
    parser = argparse.ArgumentParser(description="Start-up of the command line.")
    parser.add_argument("policy", nargs="?", default="policies/kaolate.yaml")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    check = [sys.executable, "-m", "engine.cli", "check", options.policy]
    wall(check), wall(BASE)  # the first runs write byte code
    times = [(seconds(check), seconds(BASE), wall(check), wall(BASE)) for _ in range(options.runs)]
    cpu_check, cpu_base, wall_check, wall_base = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = wall_check / wall_base
    print(f"policy-engine check {options.policy}: {wall_check * 1000:.0f} ms ({cpu_check * 1000:.0f} ms of processor)")
    print(f"import yaml, jsonschema, lark, click: {wall_base * 1000:.0f} ms ({cpu_base * 1000:.0f} ms of processor)")
    print(f"ratio {ratio:.2f} (processor {cpu_check / cpu_base:.2f}), limit {LIMIT}")
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
