"""The digest of a policy as written: what the file means, not how it is laid out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.surface import Node as Surface
from engine.read.format import format_node


def digest(root: Mapping, formulas: Iterable[tuple[Scalar, Surface]]) -> str:
    """SHA-256 of what the file means: its data, whatever the order of keys, save where written order counts (`first`).

    A condition counts as what it says: spaces and idle brackets in it change nothing, and `12 months` is `1 year`.
    """
    text = json.dumps(contents(root, formulas), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def contents(root: Mapping, formulas: Iterable[tuple[Scalar, Surface]]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What the digest is made of: the data, and the rules of those decisions in which their order counts."""
    said = {id(scalar): format_node(node) for scalar, node in formulas}
    data: dict[str, Any] = _data(root, said)
    ordered = {
        name: list(decision.get("rules", ()))
        for name, decision in data["decisions"].items()
        if any(output.get("combine") == "first" for output in decision["outputs"].values())
    }
    return data, ordered


def _data(node: Node, said: dict[int, str]) -> Any:
    match node:
        case Scalar():
            return said.get(id(node), node.value)
        case Sequence():
            return [_data(item, said) for item in node.items]
        case Mapping():
            return {key.text: _data(value, said) for key, value in node}
