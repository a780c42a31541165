"""Put what commands really print into the pages, where the two differ; then read the difference.

Usage: python tests/docs/refresh.py [PAGE ...]        such as docs/tutorial.md; without a page, all of them
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

_BLOCKS: Any = importlib.import_module("docs_blocks")
_RUNNING: Any = importlib.import_module("docs_running")


def main(names: list[str]) -> int:
    """Refresh the pages named; gives the exit code."""
    for path in [Path(name).resolve() for name in names] or _BLOCKS.pages():
        lines = path.read_text(encoding="utf-8").split("\n")
        with tempfile.TemporaryDirectory() as folder:
            try:
                shown = [one for one in _RUNNING.Page(path, Path(folder)).run() if not one.fits]
            except _RUNNING.PageError as error:
                print(error, file=sys.stderr)
                return 1
        for one in reversed(shown):
            start, end = one.lines
            printed = [_kept(line.rstrip(), one.expected) for line in one.printed.rstrip().splitlines()]
            lines[start:end] = printed if one.has_place else ["", "```text", *printed, "```"]
            print(f"{path.name}:{start + 1}: {one.what}")
        path.write_text("\n".join(lines), encoding="utf-8")
    return 0


def _kept(line: str, expected: str) -> str:
    """The line as the page had it, if that has a stand-in for something and still fits."""
    stands_in = (old for old in expected.splitlines() if _BLOCKS.ANYTHING in old.strip()[1:])
    return next((old for old in stands_in if _BLOCKS.fits(old, line)), line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
