"""Policies with several versions: the one that held at the moment the policy names speaks."""

from __future__ import annotations

from pathlib import Path

from engine.base.diagnostics import Report
from engine.check.program import check_programs
from engine.check.versions import check_versions
from engine.policy import Policy, PolicyError


class PolicyVersions(Policy):
    """The versions of one policy. Immutable, and safe to share between threads.

    The version that held at the moment the policy names (`effective.by`) answers. The facts that are known leave one
    version, several, or none. Several are all asked, and must agree; then `version` names them.
    """


def load_versions(folder: str | Path) -> PolicyVersions:
    """Load the versions of a policy from the *.yaml and *.yml files of a folder.

    Raises `PolicyError` with every diagnostic if a file has an error, if the folder holds none or several policies, or
    if versions leave a hole or overlap; OSError if a file cannot be read.
    """
    report = Report()
    programs = []
    files = sorted(p for p in Path(folder).iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
    for file in files:
        found = check_programs(file.read_bytes(), str(file), report)
        if found:
            programs.append((str(file), found))
    if not files:
        report.add("no-policy", "the folder has no `*.yaml` and no `*.yml` file", where=str(folder))
    keys = sorted({found[0].key for _, found in programs})
    if len(keys) > 1:
        report.add(
            "version-mixed",
            f"the folder holds several policies: {', '.join(f'`{key}`' for key in keys)}",
            where=str(folder),
            help="name one file, or a folder with the versions of one policy",
        )
    versions = check_versions(programs, report) if report.ok else ()
    if not report.ok:
        raise PolicyError(report.sorted())
    return PolicyVersions(versions, tuple(report.sorted()))
