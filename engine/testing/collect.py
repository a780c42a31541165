"""Files of cases as pytest sees them: one test for each case. Imported by the plugin when there is such a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.testing.files import Programs, run_file
from engine.testing.model import CaseResult
from engine.testing.text import failure_text, problems_text

_PROGRAMS = pytest.StashKey[Programs]()


class CasesFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each case; one that fails for a file that cannot be run."""
        programs = self.config.stash.setdefault(_PROGRAMS, Programs())
        result = run_file(self.path, programs)
        if any(d.severity == "error" for d in result.diagnostics):
            yield BrokenFile.from_parent(self, name="cases", text=problems_text(result))
        for one in result.results:
            yield CaseItem.from_parent(self, name=one.case.name, result=one)


class _CaseFailed(Exception):
    """A case came out otherwise than expected."""


class CaseItem(pytest.Item):
    """One worked case."""

    def __init__(self, *, result: CaseResult, **rest: Any) -> None:
        super().__init__(**rest)
        self.result = result

    def runtest(self) -> None:
        """Tell what was found when the file was collected."""
        if self.result.outcome == "skipped":
            pytest.skip(self.result.case.skip or "skipped")
        if self.result.outcome == "failed":
            raise _CaseFailed(failure_text(self.result))

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """The difference itself, without a traceback."""
        if isinstance(excinfo.value, _CaseFailed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self.result.case.span.line - 1, f"case: {self.name}"


class BrokenFile(pytest.Item):
    """A file of cases that cannot be run."""

    def __init__(self, *, text: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.text = text

    def runtest(self) -> None:
        """Fail with the diagnostics."""
        raise _CaseFailed(self.text)

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """The diagnostics, without a traceback."""
        return str(excinfo.value)
