"""Diagnostics as workflow commands: GitHub shows each beside the line of the pull request that it is about.

Figures are a notice without a place: it stands on the page of the run.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.diagnostics import Diagnostic
from engine.cli.diagnostics_json import place
from engine.cli.diagnostics_text import visible


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a line: `::error file=...,line=...::message`. Empty if there is nothing to say.

    An author's words cannot end the command or begin another: what has a meaning in commands is escaped as GitHub's
    own toolkit does, and other characters that steer are shown as such.
    """
    return "".join(_command(one) for one in diagnostics)


def notice(title: str, lines: Iterable[str]) -> str:
    """One command that tells figures: `::notice title=...::...`, escaped in the same way."""
    return f"::notice title={_property(visible(title))}::{_data(chr(10).join(visible(line) for line in lines))}\n"


def _command(one: Diagnostic) -> str:
    at = place(one.span)
    properties: dict[str, object] = {}
    if at["file"] is not None:
        properties |= {"file": at["file"], "line": at["line"], "endLine": at["end_line"]}
        if at["line"] == at["end_line"]:  # GitHub refuses columns of a stretch over several lines
            properties |= {"col": at["column"], "endColumn": at["end_column"]}
    elif one.where is not None:
        properties["file"] = one.where
    properties["title"] = one.code
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    text = visible(one.message) + (f"\nhelp: {visible(one.help)}" if one.help else "")
    return f"::{one.severity} {said}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
