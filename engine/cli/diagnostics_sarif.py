"""Diagnostics as SARIF 2.1.0, the form in which code scanning takes findings in.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the sections named below are those of the standard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Fix
from engine.base.source import Span
from engine.cli.diagnostics_json import place
from engine.cli.files import STDIN

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Json = dict[str, Any]


def sarif(diagnostics: Iterable[Diagnostic], silenced: Iterable[tuple[Diagnostic, str]] = ()) -> str:
    """A whole SARIF log with one run. Columns count characters; files below the current folder are named from it.

    `silenced` are warnings that their author took out, with the reason: results with a suppression (§3.27.23).
    """
    found, quiet = list(diagnostics), list(silenced)
    codes = sorted({one.code for one in (*found, *(one for one, _ in quiet))})
    results = [_result(one, codes.index(one.code)) for one in found]
    for one, reason in quiet:
        suppression = {"kind": "inSource", "justification": _plain(reason)}
        results.append({**_result(one, codes.index(one.code)), "suppressions": [suppression]})
    run: Json = {
        "tool": {"driver": _driver(codes)},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _driver(codes: list[str]) -> Json:
    driver: Json = {"name": "policy-engine", "rules": [_rule(code) for code in codes]}
    with suppress(PackageNotFoundError):  # run from a folder of sources that nobody installed
        driver["version"] = version("store-policy-engine")
    return driver


def _rule(code: str) -> Json:
    about = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": _message(about.meaning)},
        "help": {"text": _message(about.mend)},
        "defaultConfiguration": {"level": about.severity},
    }


def _result(one: Diagnostic, index: int) -> Json:
    result: Json = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": _message(one.message + (f"\nhelp: {one.help}" if one.help else ""))},
    }
    location = _location(one)
    if location is not None:
        result["locations"] = [location]
    if one.also:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(also.span), "message": {"text": _message(also.label)}}
            for number, also in enumerate(one.also, 1)
        ]
    if one.fix is not None:
        result["fixes"] = [_fix(one.fix)]
    return result


def _fix(fix: Fix) -> Json:
    """What an editor offers (§3.55); whether it is safe stands in the words, for the standard has no word for it."""
    physical = _physical(fix.span)
    replacement: Json = {"deletedRegion": physical["region"]}
    if fix.text:
        replacement["insertedContent"] = {"text": _plain(fix.text)}
    change = {"artifactLocation": physical["artifactLocation"], "replacements": [replacement]}
    return {"description": {"text": _message(fix.says)}, "artifactChanges": [change]}


def _location(one: Diagnostic) -> Json | None:
    if one.span is not None:
        return {"physicalLocation": _physical(one.span)}
    return None if one.where is None else {"physicalLocation": {"artifactLocation": {"uri": uri(one.where)}}}


def _physical(span: Span) -> Json:
    at = place(span)
    region = {
        "startLine": at["line"],
        "startColumn": at["column"],
        "endLine": at["end_line"],
        "endColumn": at["end_column"],
    }
    return {"artifactLocation": {"uri": uri(str(at["file"]))}, "region": region}


def uri(name: str) -> str:
    """A file's name as a URI reference: relative to the current folder for what lies below it (§3.4.3)."""
    if name == STDIN:
        return "stdin"
    path = Path(name)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return "file://" + _quoted(path.as_posix())
    return _quoted(path.as_posix())


def _quoted(path: str) -> str:
    """Every byte of the path that has a meaning in URIs, or none at all, as `%XX`."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))  # the bytes that the system has
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "replace"))


def _message(text: str) -> str:
    """Text as a SARIF message: braces are doubled (§3.11.5), and no words of an author make a link (§3.11.6)."""
    return _plain(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _plain(text: str) -> str:
    """Text without what is no character at all, such as half of one."""
    return text.encode("utf-8", "replace").decode("utf-8")
