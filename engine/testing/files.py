"""Files of cases: found in folders, run against their policy, results gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_programs
from engine.check.versions import check_versions
from engine.language import core as c
from engine.testing.load import load_cases
from engine.testing.model import CaseFile, CaseResult
from engine.testing.run import Watch, run_case


@dataclass(frozen=True)
class FileResult:
    """What became of a file of cases. `diagnostics` say why cases could not be run; errors among them fail the file."""

    name: str
    policy: str | None
    results: tuple[CaseResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    programs: tuple[c.Program, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a case failed, or could not be run."""
        return any(r.outcome == "failed" for r in self.results) or any(d.severity == "error" for d in self.diagnostics)


class Programs:
    """Policies, each checked once however many files of cases are about it."""

    def __init__(self) -> None:
        self._checked: dict[Path, tuple[tuple[c.Program, ...], tuple[Diagnostic, ...]]] = {}

    def load(self, path: Path, shown: str) -> tuple[tuple[c.Program, ...], tuple[Diagnostic, ...]]:
        """The programs of a policy file, or of a folder with its versions in order of time; none after an error."""
        key = path.resolve()
        if key not in self._checked:
            report = Report()
            programs = self._versions(path, shown, report) if path.is_dir() else self._one(path, shown, report)
            self._checked[key] = (programs if report.ok else (), tuple(d for d in report if d.severity == "error"))
        return self._checked[key]

    def _one(self, path: Path, shown: str, report: Report) -> tuple[c.Program, ...]:
        try:
            return check_programs(path.read_bytes(), shown, report)
        except OSError as error:
            report.add("file-unreadable", f"cannot read the policy `{shown}`: {error.strerror}", where=shown)
            return ()

    def _versions(self, path: Path, shown: str, report: Report) -> tuple[c.Program, ...]:
        files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
        if not files:
            report.add("no-policy", "the folder has no `*.yaml` and no `*.yml` file", where=shown)
        names = [f"{shown}/{file.name}" for file in files]
        named = [(name, self._one(file, name, report)) for name, file in zip(names, files, strict=True)]
        return check_versions(named, report) if report.ok else ()


def run_file(
    path: Path,
    programs: Programs,
    only: Callable[[str], bool] = lambda _: True,
    whole: bool = False,
    watch: Watch | None = None,
) -> FileResult:
    """Run the cases of a file whose names `only` lets through (`whole` and `watch` as for `run_case`).

    Never raises for what the files say.
    """
    report = Report()
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        report.add("file-unreadable", f"cannot read `{name}`: {error.strerror}", where=name)
        return FileResult(name, None, (), tuple(report))
    cases = load_cases(data, name, report)
    if cases is None:
        return FileResult(name, None, (), tuple(report))
    versions, found = programs.load(path.parent / cases.policy, _beside(path, cases.policy))
    if not versions:
        report.extend(found)
        report.add(
            "case-policy",
            f"the policy `{cases.policy}` cannot be used",
            cases.policy_span,
            help="mend the policy first",
        )
        return FileResult(name, cases.policy, (), tuple(report))
    results = run_cases(versions, cases, report, only, whole, watch)
    return FileResult(name, cases.policy, results, tuple(report), versions)


def picks(pattern: str | None) -> Callable[[str], bool]:
    """Whether a case's name fits a pattern such as `late_*`; the names of a matrix also without their values."""
    return lambda name: pattern is None or fnmatchcase(name, pattern) or fnmatchcase(name.partition("[")[0], pattern)


def run_cases(
    versions: tuple[c.Program, ...],
    cases: CaseFile,
    report: Report,
    only: Callable[[str], bool] = lambda _: True,
    whole: bool = False,
    watch: Watch | None = None,
) -> tuple[CaseResult, ...]:
    """Run cases against a program (or the versions of one); those with unknown names are reported instead."""
    results = (run_case(versions, case, report, whole, watch) for case in cases.cases if only(case.name))
    return tuple(r for r in results if r is not None)


def _beside(path: Path, policy: str) -> str:
    """A policy named relative to a file of cases, as people would write it from where they stand."""
    joined = path.parent / policy
    parts: list[str] = []
    for part in joined.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return Path(*parts).as_posix() if parts else policy


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and in folders every YAML file that holds cases (a top-level `cases:`), in order of name."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*.y*ml")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.suffix in (".yaml", ".yml") and not hidden and holds_cases(file):
                    found[file] = None
        else:
            found[path] = None
    return list(found)


def holds_cases(path: Path) -> bool:
    """Whether a file looks like a file of cases: `policy:` and `cases:` at the beginning of a line."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.startswith("cases:") for line in lines) and any(line.startswith("policy:") for line in lines)
