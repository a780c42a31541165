"""Policies with several versions: the one that held at the moment the policy names speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.check.versions import check_versions
from engine.evaluate.judge import UnknownDecision, judge
from engine.evaluate.versions import answering, beside_others, speaking
from engine.language import core as c
from engine.language.case import Case
from engine.language.decision import Decision
from engine.policy import Policy, PolicyError


class PolicyVersions:
    """The versions of one policy. Immutable, and safe to share between threads.

    The facts that are known leave one version, several, or none. Several are all asked, and must agree.
    """

    def __init__(self, programs: tuple[c.Program, ...], diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        programs = beside_others(tuple(_with_questions(program, programs) for program in programs))
        self.versions = tuple(Policy(program) for program in programs)
        self.diagnostics = diagnostics

    @property
    def key(self) -> str:
        """The key of the policy."""
        return self.versions[0].key

    @property
    def program(self) -> c.Program:
        """The newest version's program."""
        return self.versions[-1].program

    def program_of(self, decision: Decision) -> c.Program:
        """The program of the version that gave a decision (of several that agree, the newest)."""
        return next((p.program for p in reversed(self.versions) if p.digest == decision.digest), self.program)

    def speaking(self, facts: Mapping[str, object] | Case) -> Policy:
        """The version that holds for a case; the newest of those that may, or of all, if that is not known."""
        return self.versions[speaking([p.program for p in self.versions], self._cases(facts))]

    def _cases(self, facts: Mapping[str, object] | Case) -> list[Case]:
        return [facts if isinstance(facts, Case) else policy.case(facts) for policy in self.versions]

    def case(self, facts: Mapping[str, object]) -> Case:
        """Decode facts by the vocabulary of the version that holds for them."""
        return self.speaking(facts).case(facts)

    def decide(self, decision: str, facts: Mapping[str, object] | Case, *, questions: bool = True) -> Decision:
        """Answer by the version that held at the moment the policy names (`effective.by`).

        If that moment is not known, every version it leaves possible is asked: if all agree, that is the answer, and
        `version` names them; otherwise the moment is what is missing. No version for a case: out of scope. Raises
        `UnknownDecision` if no version and no standard vocabulary has the question.
        """
        cases = self._cases(facts)

        def decided(number: int, program: c.Program) -> Decision:
            return judge(program, decision, cases[number], questions)

        programs = [policy.program for policy in self.versions]
        found = answering(programs, cases, decision, decided)
        if not found:
            return self._any(decision).decide(decision, facts, questions=questions)
        number = [program.digest for program in programs].index(found[-1].digest)
        answer = decided(number, found[-1])
        return answer if len(found) == 1 else replace(answer, version=" or ".join(p.version for p in found))

    def _any(self, decision: str) -> Policy:
        """The newest version that has the question; whatever it says is that the case is out of its scope."""
        for policy in reversed(self.versions):
            if decision in policy.program.decisions:
                return policy
        if decision not in self.versions[-1].program.standard_decisions:
            raise UnknownDecision(decision, tuple(self.versions[-1].program.decisions))
        return self.versions[-1]


def _with_questions(program: c.Program, versions: tuple[c.Program, ...]) -> c.Program:
    """A version that knows what others are asked: it does not speak about it, as about a standard question it lacks."""
    questions = {one.id: one.asks for version in versions for one in version.decisions.values()}
    return replace(program, standard_decisions={**questions, **program.standard_decisions})


def load_versions(folder: str | Path) -> PolicyVersions:
    """Load the versions of a policy from the *.yaml and *.yml files of a folder.

    Raises `PolicyError` with every diagnostic if a file has an error, if the folder holds none or several policies, or
    if versions leave a hole or overlap; OSError if a file cannot be read.
    """
    report = Report()
    programs = []
    files = sorted(p for p in Path(folder).iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
    for file in files:
        program = check_policy(file.read_bytes(), str(file), report)
        if program is not None:
            programs.append((str(file), program))
    if not files:
        report.add("no-policy", "the folder has no `*.yaml` and no `*.yml` file", where=str(folder))
    keys = sorted({program.key for _, program in programs})
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
