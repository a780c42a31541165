"""What the reports of `check` and `test` must look like, for the tests: closed shapes, so that a slip is seen.

The official schema of SARIF is used as well where it lies beside the project (`../shared/schemas`); it is not ours to
hand on. Of JUnit there is no standard, only what readers take: the table is what Jenkins' `junit-10.xsd` allows
(jenkinsci/xunit-plugin), the strictest of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema

from engine.base.resources import schema

OFFICIAL_SARIF = Path(__file__).resolve().parents[3] / "shared" / "schemas" / "sarif-schema-2.1.0.json"


def _closed(required: str, optional: str = "", /, **parts: Any) -> dict[str, Any]:
    needed = required.split()
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed,
        "properties": {key: parts.get(key, {}) for key in [*needed, *optional.split()]},
    }


_TEXT = _closed("text", "markdown", text={"type": "string", "minLength": 1})
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_FROM_1 = {"type": "integer", "minimum": 1}
_FILE = _closed("uri", uri={"type": "string", "pattern": r"^(?:file://)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"})
_REGION = _closed(
    "startLine startColumn endLine endColumn",
    startLine=_FROM_1,
    startColumn=_FROM_1,
    endLine=_FROM_1,
    endColumn=_FROM_1,
)
_PHYSICAL = _closed("artifactLocation", "region", artifactLocation=_FILE, region=_REGION)
_CHANGE = _closed(
    "artifactLocation replacements",
    artifactLocation=_FILE,
    replacements={
        "type": "array",
        "minItems": 1,
        "items": _closed("deletedRegion", "insertedContent", deletedRegion=_REGION, insertedContent=_TEXT),
    },
)
_RESULT = _closed(
    "ruleId ruleIndex level message",
    "locations relatedLocations suppressions fixes",
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_TEXT,
    locations={"type": "array", "maxItems": 1, "items": _closed("physicalLocation", physicalLocation=_PHYSICAL)},
    relatedLocations={
        "type": "array",
        "items": _closed("id physicalLocation message", physicalLocation=_PHYSICAL, message=_TEXT, id=_FROM_1),
    },
    suppressions={"type": "array", "items": _closed("kind justification", kind={"const": "inSource"})},
    fixes={
        "type": "array",
        "items": _closed(
            "description artifactChanges", description=_TEXT, artifactChanges={"type": "array", "items": _CHANGE}
        ),
    },
)
_RULE = _closed(
    "id shortDescription help defaultConfiguration",
    shortDescription=_TEXT,
    help=_TEXT,
    defaultConfiguration=_closed("level", level=_LEVEL),
)
SARIF = _closed(
    "$schema version runs",
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": _closed(
            "tool columnKind invocations results",
            tool=_closed(
                "driver",
                driver=_closed("name rules", "version", rules={"type": "array", "uniqueItems": True, "items": _RULE}),
            ),
            columnKind={"const": "unicodeCodePoints"},
            invocations={"type": "array", "items": _closed("executionSuccessful")},
            results={"type": "array", "items": _RESULT},
        ),
    },
)
"""SARIF 2.1.0 as far as it is used here; every object closed, every key that readers rely on needed."""

JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"tests", "failures", "errors"}, {"name", "time"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"skipped", "time", "timestamp", "hostname", "id", "package", "file", "log", "url", "group"},
        {"testcase", "properties", "system-out", "system-err", "testsuite"},
    ),
    "testcase": ({"name"}, {"classname", "time", "group"}, {"failure", "error", "skipped", "system-out", "system-err"}),
    "failure": (set(), {"message", "type"}, set()),
    "error": (set(), {"message", "type"}, set()),
    "skipped": (set(), {"message", "type"}, set()),
    "system-out": (set(), set(), set()),
}
"""Each element: the attributes it needs, those it may have, and the elements that may stand in it."""


def sarif_of(text: str) -> dict[str, Any]:
    """The run in a SARIF log, after looking at its shape and that each result names its rule."""
    log: dict[str, Any] = json.loads(text)
    jsonschema.validate(log, SARIF, cls=jsonschema.Draft202012Validator)
    if OFFICIAL_SARIF.is_file():
        official = json.loads(OFFICIAL_SARIF.read_text("utf-8"))
        jsonschema.validators.validator_for(official)(official).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    return run  # type: ignore[no-any-return]


def junit_of(text: str) -> ElementTree.Element:
    """The outermost element of a JUnit document, after looking at its shape and that its numbers are right."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        needed, may, inside = JUNIT[element.tag]
        assert needed <= set(element.keys()) <= needed | may, element.tag
        assert {child.tag for child in element} <= inside, element.tag
    for element in (root, *root.iter("testsuite")):
        tests = list(element.iter("testcase"))
        assert element.get("tests") == str(len(tests))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element.tag == "testsuite" or count != "skipped":
                assert element.get(count) == str(sum(one.find(tag) is not None for one in tests))
    return root


def json_of(text: str, name: str) -> Any:
    """A JSON report, after looking at its shape: `check` or `test`."""
    document = json.loads(text)
    jsonschema.validate(document, schema(name), cls=jsonschema.Draft202012Validator)
    return document


def unescaped(text: str) -> str:
    """What GitHub's runner makes of a property or a message of a workflow command."""
    for sign, written in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(written, sign)
    return text


def commands_of(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The workflow commands in an output, read as GitHub's runner reads them: every line is one."""
    found = []
    for line in text.split("\n")[:-1]:
        assert line.startswith("::"), line
        head, _, data = line[2:].partition("::")
        name, _, listed = head.partition(" ")
        properties = dict(pair.split("=", 1) for pair in listed.split(","))
        found.append((name, {key: unescaped(value) for key, value in properties.items()}, unescaped(data)))
    assert text == "" or text.endswith("\n")
    return found
