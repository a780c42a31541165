"""The layout of a policy file: the conditions in it are tidied where they stand, and not one character elsewhere changes.

The text is edited by places, never dumped anew, so that comments, order, line breaks and everything else stay as they
are. Conditions over several lines are left to their authors, who broke them for a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.base.diagnostics import Report
from engine.base.edits import edited
from engine.base.source import Span
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.load import formulas, load_policy
from engine.read.schema_check import check_schema
from engine.read.tidy import tidy
from engine.read.yaml_accidents import is_flow
from engine.read.yaml_quoting import quoted
from engine.read.yaml_reader import read_yaml, resolve

_PLAIN = re.compile(r"[A-Za-z0-9_(](?:(?!: | #)[^\n])*(?<!:)")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")


class LayoutError(Exception):
    """The new text would not mean the same: a mistake of ours, and nothing may be written."""


def laid_out(data: bytes, name: str, report: Report) -> bytes | None:
    """The bytes of a policy file (called `name` in messages) with every condition tidied.

    None, with errors in `report`, if it is no policy or a condition cannot be read. The digest of what comes out is that
    of what went in, and what comes out is laid out already. Raises LayoutError rather than break that.
    """
    found = Report()
    before = _read(data, name, found)
    report.extend(one for one in found if one.severity == "error")
    if before is None:
        return None
    root, digest = before
    edits = list(_edits(root))
    written = edited(root.span.source.text, edits).encode("utf-8")
    after = _read(written, name, Report()) if edits else before
    if after is None or after[1] != digest:
        raise LayoutError(f"laying out `{name}` would change what it means; nothing was written")
    return written


def _read(data: bytes, name: str, report: Report) -> tuple[Mapping, str] | None:
    """The file and its digest, up to where the conditions are read; None if there is an error."""
    root = read_yaml(data, name, report)
    if root is None or not check_schema(root, report):
        return None
    policy = load_policy(root, report)
    return (root, policy.digest) if report.ok else None


def _edits(root: Mapping) -> Iterator[tuple[Span, str]]:
    inside = {id(node) for node in _in_flow(root)}
    for scalar, _ in formulas(root, Report()):
        raw = scalar.span.text
        if scalar.style in ("literal", "folded") or "\n" in raw:
            continue
        new = _written(tidy(scalar.text), scalar, id(scalar) in inside)
        if new != raw:
            yield scalar.span, new


def _in_flow(root: Node) -> Iterator[Node]:
    """Every node inside `{...}` or `[...]`."""
    pending: list[tuple[Node, bool]] = [(root, False)]
    while pending:
        node, inside = pending.pop()
        if inside:
            yield node
        match node:
            case Mapping():
                pending.extend((value, inside or is_flow(node)) for _, value in node)
            case Sequence():
                pending.extend((item, inside or node.flow) for item in node.items)


def _written(text: str, scalar: Scalar, in_flow: bool) -> str:
    """The text as a YAML scalar: plain where that is safe beyond doubt, otherwise in quotes, as it was if it can be."""
    if scalar.style == "plain" and text == scalar.text:
        return text
    plain = _PLAIN.fullmatch(text) and not (in_flow and _NOT_IN_FLOW.search(text))
    if plain and isinstance(resolve(text)[0], str) and not resolve(text)[1]:
        return text
    return quoted(text)
