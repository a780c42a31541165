"""The pytest plugin: files of cases are collected like any test file.

pytest loads it in every run where the package is installed, so it imports nothing of the engine until there is a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def pytest_collect_file(file_path: Path, parent: Any) -> Any:
    """Collect YAML files that hold cases: `policy:` and `cases:` at the beginning of a line."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    from engine.testing.files import holds_cases

    if not holds_cases(file_path):
        return None
    from engine.testing.collect import CasesFile

    return CasesFile.from_parent(parent, path=file_path)
