"""Counts what a stream of decisions came to: `policy-engine decide ... --ndjson | python examples/count_statuses.py`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable


def count(lines: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each status occurs, and each verdict with its reasons."""
    statuses: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for line in lines:
        decision = json.loads(line)
        statuses[decision["status"]] += 1
        verdicts[" ".join([decision["verdict"], *decision["why"]])] += 1
    return statuses, verdicts


def table(title: str, counts: Counter[str]) -> str:
    """The counts as lines, the most frequent first."""
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return "\n".join([title, *(f"{number:>8,}  {name}" for name, number in rows)]) + "\n"


def main() -> None:
    """Read decisions from standard input and print the two tables."""
    statuses, verdicts = count(sys.stdin)
    sys.stdout.write(f"{statuses.total():,} decisions\n\n{table('status', statuses)}\n{table('verdict', verdicts)}")


if __name__ == "__main__":
    main()
