"""How long `policy-engine test` takes over all stores' cases, as a multiple of `policy-engine check` on their policies.

    python benchmarks/cases.py [--runs N]

The two commands take turns and the least times are compared: what else runs on the machine only ever adds to them. The
ratio of the times on the wall must not pass LIMIT; the exit code is 1 if it does. `test` uses all cores.
"""

from __future__ import annotations

import argparse
import sys

from start import seconds, wall

LIMIT = 3.0
CHECK = [sys.executable, "-m", "engine.cli", "check", "policies"]
TEST = [sys.executable, "-m", "engine.cli", "test", "tests/cases"]


def main() -> None:
    """Measure, print, and end with 1 if the ratio is too large."""
    parser = argparse.ArgumentParser(description="Worked cases against checking.")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    wall(CHECK), wall(TEST)  # the first runs write byte code
    times = [(wall(CHECK), wall(TEST), seconds(CHECK), seconds(TEST)) for _ in range(options.runs)]
    wall_check, wall_test, cpu_check, cpu_test = (min(column) for column in zip(*times, strict=True))
    print(f"policy-engine check policies: {wall_check * 1000:.0f} ms ({cpu_check * 1000:.0f} ms of processor)")
    print(f"policy-engine test tests/cases: {wall_test * 1000:.0f} ms ({cpu_test * 1000:.0f} ms of processor)")
    print(f"ratio {wall_test / wall_check:.2f} (processor {cpu_test / cpu_check:.2f}), limit {LIMIT}")
    sys.exit(wall_test / wall_check > LIMIT)


if __name__ == "__main__":
    main()
