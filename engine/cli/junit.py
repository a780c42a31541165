"""Findings and results of cases as JUnit XML, the form that CI systems read.

Only elements and attributes of the schema that Jenkins validates with (`junit-10.xsd`) are written: the strictest in
use. It knows no `skipped` on the outermost element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

from engine.base.diagnostics import Diagnostic
from engine.cli.diagnostics_text import render_line

if TYPE_CHECKING:
    from engine.testing.files import FileResult
    from engine.testing.model import CaseResult

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Outcome = Literal["failure", "error", "skipped", "system-out"]


@dataclass(frozen=True)
class _Test:
    """One test: its name, and for what did not simply pass the outcome, a line about it, its kind and the whole text."""

    name: str
    outcome: _Outcome | None = None
    message: str | None = None
    kind: str | None = None
    text: str = ""


def junit_of_checks(files: Iterable[tuple[str, list[Diagnostic]]], fails: Callable[[Diagnostic], bool]) -> str:
    """One suite for each file that was checked, one test for each finding in it; a file without any passes one test.

    A finding that does not fail the run passes its test, which carries the words as output.
    """
    suites = []
    for name, found in files:
        tests = [_finding(one, fails(one)) for one in found]
        suites.append((name, tests or [_Test("check")]))
    return _document(suites)


def _finding(one: Diagnostic, fails: bool) -> _Test:
    line = "" if one.span is None else f" (line {one.span.line})"
    text = render_line(one) + (f"\nhelp: {one.help}" if one.help else "")
    if not fails:
        return _Test(f"{one.code}{line}", "system-out", text=text)
    return _Test(f"{one.code}{line}", "failure", one.message, one.severity, text)


@dataclass(frozen=True)
class Checks:
    """Further checks, a suite of their own: what each is called, and why it failed (None if it did not).

    `kind` is the type of its failures.
    """

    name: str
    checks: tuple[tuple[str, str | None], ...]
    kind: str = "coverage"


def junit_of_cases(results: Iterable[FileResult], further: Iterable[Checks] = ()) -> str:
    """One suite for each file of cases; a file that cannot be run is a suite with one error. `further` come after."""
    from engine.testing.text import problems_text

    suites = []
    for file in results:
        tests = [_case(one) for one in file.results]
        if any(d.severity == "error" for d in file.diagnostics):
            tests.insert(0, _Test("cases", "error", "the cases cannot be run", "error", problems_text(file)))
        suites.append((file.name, tests))
    suites += [(one.name, [_check(name, why, one.kind) for name, why in one.checks]) for one in further]
    return _document(suites)


def _check(name: str, why: str | None, kind: str) -> _Test:
    if why is None:
        return _Test(name)
    return _Test(name, "failure", why.partition("\n")[0], kind, why)


def _case(one: CaseResult) -> _Test:
    from engine.testing.text import failure_text

    if one.outcome == "passed":
        return _Test(one.case.name)
    if one.outcome == "skipped":
        return _Test(one.case.name, "skipped", one.case.skip or "")
    first = one.differences[0]
    said = f"{first.what}: expected {first.expected}, got {first.actual}"
    return _Test(one.case.name, "failure", said, "case-failed", failure_text(one))


# XML -----------------------------------------------------------------------------------------------------------------


def _document(suites: list[tuple[str, list[_Test]]]) -> str:
    tests = [one for _, inside in suites for one in inside]
    body = "".join(
        f"  <testsuite name={_attribute(name)} {_counts(inside)}"
        f' skipped="{_many(inside, "skipped")}">\n{"".join(_test(name, one) for one in inside)}  </testsuite>\n'
        for name, inside in suites
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {_counts(tests)}>\n{body}</testsuites>\n'


def _counts(tests: list[_Test]) -> str:
    return f'tests="{len(tests)}" failures="{_many(tests, "failure")}" errors="{_many(tests, "error")}"'


def _many(tests: list[_Test], outcome: _Outcome) -> int:
    return sum(one.outcome == outcome for one in tests)


def _test(suite: str, one: _Test) -> str:
    head = f"    <testcase name={_attribute(one.name)} classname={_attribute(suite)}"
    if one.outcome is None:
        return head + "/>\n"
    kind = "" if one.kind is None else f" type={_attribute(one.kind)}"
    message = "" if one.message is None else f" message={_attribute(one.message)}"
    return f"{head}>\n      <{one.outcome}{kind}{message}>{_text(one.text)}</{one.outcome}>\n    </testcase>\n"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("?", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("?", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
