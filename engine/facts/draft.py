"""A case while it is being decoded: what has been read so far, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn

from engine.base.diagnostics import Diagnostic
from engine.facts.problems import BadFact
from engine.language.case import CaseError, Path, path_text
from engine.language.values import Value

MAX_PROBLEMS = 200
"""After so many bad facts the whole case counts as wrong: nobody reads further, and looking for suggestions costs."""


class GivenUp(Exception):
    """The case is too large, or too wrong, to be read any further; `Draft.whole` says why."""


@dataclass(slots=True)
class Draft:
    """Values and lengths by path, and the problems found; a path with a problem has no value."""

    facts: dict[Path, Value] = field(default_factory=dict)
    lengths: dict[Path, int] = field(default_factory=dict)
    problems: dict[Path, Diagnostic] = field(default_factory=dict)
    whole: list[Diagnostic] = field(default_factory=list)
    """What is wrong with the case as a whole."""
    found: int = 0
    since: dict[Path, date] = field(default_factory=dict)
    """Lists that are complete only from a day on."""

    def bad(self, path: Path, problem: BadFact) -> None:
        """Record a problem at `path` and take its value away. Raises GivenUp past the limit."""
        diagnostic = Diagnostic(problem.code, problem.message, help=problem.help, where=path_text(path))
        self.blame(path, diagnostic)
        self.count()

    def bad_case(self, where: str, problem: BadFact) -> None:
        """Record a problem that leaves nothing of the case certain; `where` is the key that is wrong."""
        self.whole.append(Diagnostic(problem.code, problem.message, help=problem.help, where=where))
        self.count()

    def blame(self, path: Path, diagnostic: Diagnostic) -> None:
        """Record that `path` has no value because of a problem, which may stand elsewhere."""
        self.problems.setdefault(path, diagnostic)
        self.facts.pop(path, None)

    def count(self) -> None:
        """Count one more problem."""
        self.found += 1
        if self.found > MAX_PROBLEMS:
            self.give_up(f"more than {MAX_PROBLEMS} facts cannot be right", "mend those listed and send the case again")

    def give_up(self, message: str, help: str) -> NoReturn:
        """Take everything that was read away and raise GivenUp. What was read by now hangs on the order of keys."""
        self.facts.clear()
        self.lengths.clear()
        self.since.clear()
        self.whole.append(Diagnostic("facts-too-large", message, help=help, where="the case"))
        raise GivenUp

    def blocked(self, path: Path) -> bool:
        """Whether `path`, or something that holds it, has a problem."""
        return bool(self.problems) and any(path[:end] in self.problems for end in range(1, len(path) + 1))

    def errors(self) -> tuple[CaseError, ...]:
        """All problems, those of the whole case first, then in the order of their paths as text."""
        whole = [CaseError((), one) for one in sorted(self.whole, key=lambda d: (d.where or "", d.code, d.message))]
        parts = [CaseError(path, self.problems[path]) for path in sorted(self.problems, key=path_text)]
        return (*whole, *parts)
