"""From the bytes of one case to its decision, for `decide` and `explain`: what both do before they show anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from engine.base.diagnostics import Diagnostic, Report
from engine.base.suggest import did_you_mean
from engine.cli.diagnostics_text import render
from engine.cli.exit_codes import ExitCode
from engine.cli.files import MOST_POLICY_BYTES, read_file
from engine.cli.start import started
from engine.cli.terminal import complain, wants_color
from engine.facts.json_reader import read_json
from engine.facts.problems import BadFact
from engine.facts.scalars import read_instant
from engine.language.case import Case
from engine.language.core import Program
from engine.policy import Policy, PolicyError, load_policy
from engine.versions import load_versions
from engine.vocabulary.shared import vocabulary


@dataclass(frozen=True)
class CaseOptions:
    """What the command line says about every case: put into a case that is silent about it."""

    assume: tuple[str, ...] = ()
    as_of: str | None = None
    stage: str | None = None

    def check(self) -> None:
        """Raise click's usage error for an option that no case could hold."""
        known = vocabulary()
        for name in self.assume:
            if name not in known.presets:
                raise click.BadParameter(_unknown("preset", name, known.presets), param_hint="'--assume'")
        if self.stage is not None and self.stage not in known.stages:
            raise click.BadParameter(_unknown("stage", self.stage, known.stages), param_hint="'--stage'")
        if self.as_of is not None:
            try:
                read_instant(self.as_of)
            except BadFact as bad:
                raise click.BadParameter(f"{bad.message}; {bad.help}.", param_hint="'--as-of'") from None

    def put_into(self, document: object, name: str, report: Report) -> object:
        """The document with the options in it. A case that says something else itself is an error in `report`."""
        if not isinstance(document, dict):
            return document
        wanted = {"assume": list(self.assume) or None, "as_of": self.as_of, "stage": self.stage}
        filled = dict(document)
        for key, value in wanted.items():
            given = document.get(key)
            if value is None or given == value:
                continue
            if given is None:
                filled[key] = value
                continue
            option = f"--{key.replace('_', '-')}"
            message = f"the case has its own `{key}`, which is not that of `{option}`"
            report.add("case-option", message, help=f"leave out `{option}`, or correct the case", where=name)
        return filled


@dataclass(frozen=True)
class Source:
    """All that a `Question` is made from, for another process: the policy's bytes and name, the question, the options."""

    data: bytes
    file: str
    question: str
    options: CaseOptions

    def load(self) -> Question:
        """The question, ready to be asked. Raises PolicyError if the policy has an error."""
        if Path(self.file).is_dir():
            return Question(load_versions(self.file), self.question, self.options, self)
        return Question(load_policy(self.data, self.file), self.question, self.options, self)


@dataclass(frozen=True)
class Question:
    """A checked policy (or its versions), a question that it knows, and what the command line says about every case."""

    policy: Policy
    name: str
    options: CaseOptions
    source: Source

    def read_case(self, data: bytes, name: str, report: Report) -> Case | None:
        """The case in the bytes of a document called `name`; None, with errors in `report`, if there is none in them."""
        document = read_json(data, name, report)
        if report.ok:
            document = self.options.put_into(document, name, report)
        return self.policy.case(document) if report.ok else None  # type: ignore[arg-type]  # decode takes any document


def open_question(policy_file: str, name: str, options: CaseOptions) -> Question:
    """Load the policy and find the question in it, or end the command with the code for what is wrong."""
    options.check()
    report = Report()
    folder = Path(policy_file).is_dir()
    data = b"" if folder else read_file(policy_file, MOST_POLICY_BYTES, report)
    if data is None:
        end(ExitCode.POLICY, _turned_round(policy_file, name) or report)
    try:
        question = Source(data, policy_file, name, options).load()
    except PolicyError as error:
        end(ExitCode.POLICY, error.diagnostics)
    _check_question(question.policy.program, name)
    started()
    return question


def end(code: ExitCode, diagnostics: Iterable[Diagnostic]) -> NoReturn:
    """Show what is wrong on standard error and end the command."""
    complain(render(diagnostics, wants_color(sys.stderr)))
    raise click.exceptions.Exit(code)


def _turned_round(policy_file: str, name: str) -> Report | None:
    """What to say where the policy stands in the place of the question; None if it does not."""
    if not name.endswith((".yaml", ".yml")) or os.path.exists(policy_file):
        return None
    report = Report()
    help = f"the policy comes first, then the question: `{name} {policy_file}`"
    report.add("file-unreadable", "there is no such file", help=help, where=policy_file)
    return report


def _check_question(program: Program, name: str) -> None:
    if name in program.decisions or name in program.standard_decisions:
        return
    known = dict.fromkeys((*program.decisions, *program.standard_decisions))
    answered = f"this policy answers {', '.join(f'`{one}`' for one in program.decisions)}"
    if os.path.exists(name) or name.endswith((".json", ".ndjson")):
        answered = f"the question comes before the facts: `{next(iter(program.decisions), 'return')} {name}`"
    report = Report()
    report.add("decision-unknown", f"there is no question `{name}`", help=did_you_mean(name, known) or answered)
    end(ExitCode.QUESTION, report)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    words = list(known)
    hint = did_you_mean(name, words) or f"it can be {', '.join(words)}"
    return f"there is no {what} '{name}'; {hint}" + ("" if hint.endswith("?") else ".")
