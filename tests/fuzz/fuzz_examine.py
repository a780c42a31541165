"""What must hold for every input: no exception, no hang, and nothing said that cannot be shown.

- A check takes less than 2 seconds of processor time and 4 more for each megabyte of text; a decision less than 2
  seconds and a tenth of a second more for each member of a list. A timer of processor time interrupts what takes longer,
  so that a busy machine makes no difference.
- A policy is refused exactly if an error was found. Findings have a registered code, one line of message, and places
  inside the text they point at; they can be shown as text, with colour and without, and as JSON.
- A decision can be shown as text; its document is JSON, fits its schema, and is the same to the byte when it is made again
  from the same facts, or by the same policy in another order.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import FrameType
from xml.etree import ElementTree

from fuzz_facts import Facts
from fuzz_inputs import Input
from jsonschema import Draft202012Validator

from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Report
from engine.base.resources import schema
from engine.base.source import Span
from engine.check.program import check_programs
from engine.check.versions import check_versions
from engine.cli.diagnostics_github import github
from engine.cli.diagnostics_json import to_json
from engine.cli.diagnostics_sarif import sarif
from engine.cli.diagnostics_text import render, render_line
from engine.cli.junit import junit_of_cases
from engine.evaluate.judge import judge
from engine.explain.document import canonical, document, explanation_document
from engine.explain.text import render_decision, render_explanation
from engine.explain.tree import explain
from engine.facts.decode import decode
from engine.facts.json_reader import read_json
from engine.language.case import Case
from engine.language.core import Program
from engine.language.decision import Decision
from engine.policy import Policy
from engine.testing.files import FileResult, run_cases
from engine.testing.load import load_cases
from engine.testing.model import CaseResult
from engine.testing.text import failure_text, problems_text, summary
from engine.versions import PolicyVersions

SECONDS = 2.0
SECONDS_PER_MEGABYTE = 4.0
SECONDS_PER_MEMBER = 0.1
_PYTHON = ("NoneType", "<class ", " object at 0x", "Fraction(", "Decimal(", "datetime.", "Traceback", "frozenset(")
_MANY_DECISIONS = 6
"""Of a policy with more decisions so many are asked in one input, others in the next."""


_SCHEMA = Draft202012Validator(schema("decision"))

_checked: dict[bytes, Program | None] = {}
"""The seeds that were checked by this process."""

_markets: dict[Program, tuple[Program, ...]] = {}
"""The programs of all markets of a policy, by that of the first."""


class Broken(AssertionError):
    """Something that must hold for every input does not."""


class TooSlow(BaseException):
    """The time for a step is over. No `Exception`, so that nothing in the engine can take it for one of its own."""


@dataclass
class Examination:
    """One input under examination: what was found out, and what was being done when it ended."""

    input: Input
    patience: float = 1.0
    """By how much the allowed times are multiplied (for machines with other work, and tests under a tracer)."""
    doing: str = ""
    facts: Facts | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """The longest time that each kind of step took."""
    counts: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Examine the input. Raises what is wrong with it: `Broken`, `TooSlow`, or what escaped from the engine."""
        program = self.program(self.input.policy)
        for facts in self.input.facts:
            self.read(facts)
            if program is not None:
                self.decide_all(program, facts, Random(f"{self.input.rng_name}:first"))
        if self.input.worked:
            self.worked(self.input.worked, program)
        if program is None:
            return
        rng = Random(f"{self.input.rng_name}:decide")
        with self.step("make cases", 60.0):
            cases = self.input.more_facts(program)
        for facts in cases:
            self.decide_all(program, facts, rng)
            if program in _markets:
                self.in_markets(_markets[program], facts)
            if self.input.later:
                self.versions(program, facts)
            if self.input.twin:
                self.twins(program, facts)

    # policies --------------------------------------------------------------------------------------------------------

    def program(self, data: bytes) -> Program | None:
        """The checked policy; one that comes as it is again and again is checked once."""
        if self.input.kind not in ("cases", "worked cases"):
            return self.check(data)
        if data not in _checked:
            _checked[data] = self.check(data)
        return _checked[data]

    def check(self, data: bytes) -> Program | None:
        """Check a policy, and see that all that was found can be shown."""
        report = Report()
        with self.step("check", SECONDS + SECONDS_PER_MEGABYTE * len(data) / 1e6):
            programs = check_programs(data, "policy.yaml", report)
        program = programs[0] if programs else None
        if len(programs) > 1:
            _markets[programs[0]] = programs
        self.counts["policies right" if program is not None else "policies refused"] += 1
        if (program is None) == report.ok:
            raise Broken(f"the program is {program is not None}, and errors were found: {not report.ok}")
        with self.step("show findings", SECONDS):
            self.findings(report.sorted())
        return program

    def findings(self, found: list[Diagnostic]) -> None:
        """Whether everything that was found can be shown."""
        for one in found:
            self.counts[one.severity] += 1
            if one.code not in CODES:
                raise Broken(f"there is no code {one.code!r}")
            for said in (one.message, one.help or "-", one.where or "-", *(place.label for place in one.also)):
                if not said.strip():
                    raise Broken(f"something empty is said: {one!r}")
            if "\n" in one.message or any(word in one.message + (one.help or "") for word in _PYTHON):
                raise Broken(f"not a line for people: {one!r}")
            if one.span is None and not one.where:
                raise Broken(f"no place is named: {one!r}")
            for span in (one.span, *(place.span for place in one.also)):
                if span is not None:
                    _inside(span)
            if json.loads(json.dumps(to_json(one)))["code"] != one.code:
                raise Broken(f"not the same as JSON: {one!r}")
            if "\n" in render_line(one):
                raise Broken(f"more than a line: {render_line(one)!r}")
        if len(json.loads(sarif(found))["runs"][0]["results"]) != len(found):
            raise Broken("SARIF has other findings")
        if github(found).count("\n") != len(found):
            raise Broken("not one workflow command a line")
        for color in (False, True):
            _shown(render(found, color))

    # cases -----------------------------------------------------------------------------------------------------------

    def read(self, facts: Facts) -> object:
        """The document in a text; what is no text is a document already."""
        if not isinstance(facts, bytes):
            return facts
        self.facts = facts
        report = Report()
        with self.step("read a case", SECONDS + SECONDS_PER_MEGABYTE * len(facts) / 1e6):
            read = read_json(facts, "facts.json", report)
        with self.step("show findings", SECONDS):
            self.findings(report.sorted())
        self.counts["cases read" if report.ok else "cases refused"] += 1
        return read if report.ok else None

    def case(self, program: Program, document: object) -> Case:
        with self.step("decode", SECONDS):
            case = decode(document, program.facts, currency=program.currency, timezone=program.timezone)
        with self.step("show findings", SECONDS):
            self.findings([error.diagnostic for error in case.errors])
        return case

    def decide_all(self, program: Program, facts: Facts, rng: Random) -> None:
        """Every decision of a small policy, some of a large one, for one case."""
        self.facts = facts
        read = self.read(facts)
        case = self.case(program, read)
        names = list(program.decisions)
        for name in names if len(names) <= _MANY_DECISIONS else rng.sample(names, 3):
            self.decide(program, name, case, ask=rng.random() < 0.25)
            if rng.random() < 0.08:
                self.explained(program, name, case)
            if rng.random() < 0.06:
                again = self.case(program, read)
                with self.step(f"decide {name} again", 60.0):
                    one, two = (canonical(document(judge(program, name, c, False))) for c in (case, again))
                if one != two:
                    raise Broken("the same facts were decided twice, and not alike")
        if rng.random() < 0.05 and program.standard_decisions:
            self.decide(program, rng.choice(list(program.standard_decisions)), case, ask=True)

    def decide(self, program: Program, name: str, case: Case, ask: bool) -> None:
        with self.step(f"decide {name}", _time_for(case)):
            decision = judge(program, name, case, ask)
        self.counts[f"decisions {decision.status}"] += 1
        with self.step("show a decision", _time_for(case)):
            self.decision(decision, program)

    def decision(self, decision: Decision, program: Program) -> None:
        """Whether a decision can be shown."""
        made = canonical(document(decision))
        told = json.loads(made.decode("utf-8"))
        if told["status"] != decision.status:
            raise Broken("the document says another status")
        if len(made) % 23 == 0 and len(made) < 50_000:  # now and then: validation takes longer than deciding
            for fault in _SCHEMA.iter_errors(told):
                raise Broken(f"the document does not fit its schema: {fault.json_path}: {fault.message[:500]}")
            self.counts["documents validated"] += 1
        for color in (False, True):
            _shown(render_decision(decision, program, color))
        self.findings([problem.diagnostic for problem in decision.problems])

    def explained(self, program: Program, name: str, case: Case) -> None:
        with self.step(f"explain {name}", 2 * _time_for(case)):
            explanation = explain(program, case, name)
        with self.step("show an explanation", 2 * _time_for(case)):
            json.loads(canonical(explanation_document(explanation)).decode("utf-8"))
            for color in (False, True):
                _shown(render_explanation(explanation, color))
        self.counts["explanations"] += 1

    # what else is read ----------------------------------------------------------------------------------------------

    def worked(self, data: bytes, program: Program | None) -> None:
        """A file of worked cases: refused with a reason, or run; whatever comes of it can be shown."""
        report = Report()
        with self.step("read worked cases", SECONDS + SECONDS_PER_MEGABYTE * len(data) / 1e6):
            found = load_cases(data, "cases.yaml", report)
        if (found is None) == report.ok:
            raise Broken(f"cases were read: {found is not None}, and errors were found: {not report.ok}")
        results: tuple[CaseResult, ...] = ()
        if found is not None and program is not None:
            with self.step("run worked cases", SECONDS * (1 + len(found.cases))):
                results = run_cases((program,), found, report)
            self.counts.update(f"worked cases {one.outcome}" for one in results)
        self.findings(report.sorted())
        with self.step("show worked cases", SECONDS):
            file = FileResult("cases.yaml", "policy.yaml", results, tuple(report))
            ElementTree.fromstring(junit_of_cases([file]))
            for one in results:
                if one.outcome == "failed":
                    failure_text(one).encode("utf-8", errors="surrogatepass")
            problems_text(file)
            summary([file])

    def in_markets(self, programs: tuple[Program, ...], facts: Facts) -> None:
        """A policy with markets, for a case of each of them and for one of which nobody knows the market."""
        read = self.read(facts)
        if not isinstance(read, dict):
            return
        whole = Policy(programs)
        order = read["order"] if isinstance(read.get("order"), dict) else {}
        for market in (None, *(program.market for program in programs)):
            here = {**read, "order": {**order, "market": market}}
            for name in programs[0].decisions:
                with self.step(f"decide {name} in a market", len(programs) * _time_for(whole.case(here))):
                    decision = whole.decide(name, here, questions=False)
                self.counts[f"in markets {decision.status}"] += 1
                self.decision(decision, whole.program_of(decision))

    def versions(self, program: Program, facts: Facts) -> None:
        """Several versions of a policy, if they are all right and follow one another."""
        report = Report()
        programs = [("first.yaml", (program,))]
        for number, data in enumerate(self.input.later):
            with self.step("check", SECONDS + SECONDS_PER_MEGABYTE * len(data) / 1e6):
                other = check_programs(data, f"later-{number}.yaml", report)
            if not other:
                return
            programs.append((f"later-{number}.yaml", other))
        with self.step("check versions", SECONDS):
            ordered = check_versions(programs, report)
        self.findings(report.sorted())
        read = self.read(facts)
        if not report.ok or not isinstance(read, dict):
            return
        whole = PolicyVersions(ordered)
        for name in dict.fromkeys(name for one in ordered for name in one.decisions):
            with self.step(f"decide {name} by versions", len(programs) * _time_for(whole.case(read))):
                decision = whole.decide(name, read, questions=False)
            self.counts[f"by versions {decision.status}"] += 1
            self.decision(decision, whole.program_of(decision))

    def twins(self, program: Program, facts: Facts) -> None:
        """The same policy in another order says the same, to the byte."""
        twin = self.check(self.input.twin)
        if twin is None:
            raise Broken("a policy in another order is refused")
        read = self.read(facts)
        for name in program.decisions:
            told = []
            for one in (program, twin):
                case = self.case(one, read)
                with self.step(f"decide {name}", _time_for(case)):
                    told.append(canonical(document(judge(one, name, case, True))))
            if told[0] != told[1]:
                raise Broken(f"`{name}` is answered otherwise by the same policy in another order")
            self.counts["twins alike"] += 1

    # time ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def step(self, name: str, seconds: float) -> Iterator[None]:
        """Let a step take so many seconds of processor time; raises `TooSlow` after that."""
        self.doing = name
        kind = name.split()[0] if name.startswith(("decide", "explain")) else name
        start = time.process_time()
        with limited(seconds * self.patience, name):
            yield
        taken = time.process_time() - start
        self.seconds[kind] = max(taken, self.seconds.get(kind, 0.0))


@contextmanager
def limited(seconds: float, name: str) -> Iterator[None]:
    """Interrupt what takes more processor time than this, where the system has such timers."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(signum: int, frame: FrameType | None) -> None:
        raise TooSlow(f"`{name}` takes more than {seconds:.1f} s of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def _time_for(case: Case) -> float:
    return SECONDS + SECONDS_PER_MEMBER * sum(case.lengths.values())


def _inside(span: Span) -> None:
    if not 0 <= span.start <= span.end <= len(span.source.text):
        raise Broken(f"a place outside the text: {span.start} to {span.end} of {len(span.source.text)}")
    line, column = span.source.line_column(span.start)
    if line < 1 or column < 1:
        raise Broken(f"a place before the text: line {line}, column {column}")


def _shown(text: str) -> None:
    text.encode("utf-8")
    for char in text:
        if char != "\n" and char != "\x1b" and (char < " " or char == "\x7f"):
            raise Broken(f"a control character reaches the terminal: {char!r}")
