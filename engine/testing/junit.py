"""Results of cases as JUnit XML, the form that CI systems read."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from engine.testing.files import FileResult
from engine.testing.model import CaseResult
from engine.testing.text import failure_text, problems_text

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: list[FileResult]) -> str:
    """One suite for each file of cases; a file that cannot be run is a suite with one error."""
    suites = [_suite(file) for file in results]
    cases = [one for file in results for one in file.results]
    failures = sum(one.outcome == "failed" for one in cases)
    errors = sum(_broken(file) for file in results)
    skipped = sum(one.outcome == "skipped" for one in cases)
    head = f'tests="{len(cases) + errors}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {head}>\n{"".join(suites)}</testsuites>\n'


def _broken(file: FileResult) -> bool:
    return any(d.severity == "error" for d in file.diagnostics)


def _suite(file: FileResult) -> str:
    failures = sum(one.outcome == "failed" for one in file.results)
    skipped = sum(one.outcome == "skipped" for one in file.results)
    broken = _broken(file)
    text = f'  <testsuite name={_attribute(file.name)} tests="{len(file.results) + broken}" '
    text += f'failures="{failures}" errors="{int(broken)}" skipped="{skipped}">\n'
    if broken:
        text += f'    <testcase name="cases" classname={_attribute(file.name)}>\n'
        text += f'      <error message="the cases cannot be run">{_text(problems_text(file))}</error>\n'
        text += "    </testcase>\n"
    return text + "".join(_case(file, one) for one in file.results) + "  </testsuite>\n"


def _case(file: FileResult, one: CaseResult) -> str:
    head = f"    <testcase name={_attribute(one.case.name)} classname={_attribute(file.name)}"
    if one.outcome == "passed":
        return head + "/>\n"
    if one.outcome == "skipped":
        return head + f"><skipped message={_attribute(one.case.skip or '')}/></testcase>\n"
    first = one.differences[0]
    said = _attribute(f"{first.what}: expected {first.expected}, got {first.actual}")
    return head + f">\n      <failure message={said}>{_text(failure_text(one))}</failure>\n    </testcase>\n"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("?", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("?", text), {"\n": "&#10;"})
