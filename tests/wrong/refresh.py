"""Rewrite the expected text of wrong policies and print it, so that somebody reads it.

Usage: python tests/wrong/refresh.py FOLDER/MISTAKE [...]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

_POLICIES: Any = importlib.import_module("test_wrong_policies")


def main(names: list[str]) -> int:
    """Refresh the cases named; gives the exit code."""
    known = {short: case for case in _POLICIES.CASES for short in (case, case.partition("/")[2])}
    unknown = [name for name in names if name.removesuffix(".yaml") not in known]
    if not names or unknown:
        print(f"no such wrong policy: {', '.join(unknown)}" if unknown else __doc__, file=sys.stderr)
        return 2
    for name in names:
        case = known[name.removesuffix(".yaml")]
        text = _POLICIES.rendered(case)
        (HERE / f"{case}.expected").write_text(text, encoding="utf-8")
        print(f"--- {case}\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
