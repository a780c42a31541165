"""The Python door: `load_policy` and `Policy.decide`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.evaluate.judge import UnknownDecision, judge
from engine.facts.decode import decode
from engine.language.case import Case
from engine.language.core import Program
from engine.language.decision import Decision


class PolicyError(ValueError):
    """A policy cannot be used. `diagnostics` says what is wrong, where, and what would be right."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        errors = [d for d in self.diagnostics if d.severity == "error"]
        first = errors[0] if errors else None
        where = f"{first.span}: " if first is not None and first.span is not None else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{where}{first.message if first else 'the policy cannot be used'}{more}")


class Policy:
    """A checked policy, ready to decide. Immutable, and safe to share between threads.

    `diagnostics` are the warnings that checking gave. `program` is the typed core, for tools.
    """

    def __init__(self, program: Program, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        self.program = program
        self.diagnostics = diagnostics

    @property
    def key(self) -> str:
        """The policy's key."""
        return self.program.key

    @property
    def version(self) -> str:
        """The policy's version label."""
        return self.program.version

    @property
    def digest(self) -> str:
        """What the policy means, as a SHA-256: changes with its meaning and with the data it rests on, not with layout."""
        return self.program.digest

    @property
    def decisions(self) -> Mapping[str, str]:
        """The questions this policy answers, each with its wording."""
        return {name: decision.asks for name, decision in self.program.decisions.items()}

    def program_of(self, decision: Decision) -> Program:
        """The program that gave a decision: this policy's (a folder of versions has several)."""
        return self.program

    def speaking(self, facts: Mapping[str, object] | Case) -> Policy:
        """The version that holds for a case: this one (a folder of versions has several)."""
        return self

    def case(self, facts: Mapping[str, object]) -> Case:
        """Decode facts once, to ask several questions about them. Never raises for what the facts say."""
        return decode(facts, self.program.facts, currency=self.program.currency, timezone=self.program.timezone)

    def decide(self, decision: str, facts: Mapping[str, object] | Case, *, questions: bool = True) -> Decision:
        """Answer a question about a case.

        `decision` is a question of the policy or of the standard vocabulary (`not_covered` if the policy does not speak
        about it). `facts` is a case document as in `schema/facts.schema.json`, as plain Python data: amounts as text,
        `Decimal` or whole numbers, instants as text with an offset or aware datetimes; or what `case` gave. Facts that
        cannot be right end in the status `error` with `problems`, never in an exception. `questions` off leaves out
        `leads_to`, which costs an evaluation for each answer that is tried.

        Raises `UnknownDecision` if neither the policy nor the standard vocabulary has the question.
        """
        case = facts if isinstance(facts, Case) else self.case(facts)
        return judge(self.program, decision, case, questions)


def load_policy(source: str | Path | bytes, name: str | None = None) -> Policy:
    """Load a policy from a file's path, or from the bytes of one (called `name` in messages).

    Raises `PolicyError` with every diagnostic if the policy has an error, OSError if the file cannot be read.
    """
    report = Report()
    if isinstance(source, bytes):
        data, shown = source, name or "policy.yaml"
    else:
        data, shown = Path(source).read_bytes(), name or str(source)
    program = check_policy(data, shown, report)
    if program is None:
        raise PolicyError(report.sorted())
    return Policy(program, tuple(report.sorted()))


__all__ = ["Policy", "PolicyError", "UnknownDecision", "load_policy"]
