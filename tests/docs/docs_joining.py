"""Joining a piece of a policy into the whole by indentation, as a reader with an editor would do it."""

from __future__ import annotations

import re

_KEY = re.compile(r"(?P<key>'[^']*'|[^\s#'\"-][^:]*):(?P<rest>\s.*|)$")

Tree = dict[str, "Tree | list[str]"]
"""A block of YAML: for each key the keys under it, or its lines as they are. Comments and empty lines are left out."""


def joined(whole: str, piece: str, at: str = "") -> str:
    """The YAML `whole` with `piece` joined in at the dotted place `at`.

    A key that both have, with keys under it, is joined likewise; any other key of the piece replaces that of the whole
    or is added at the end of its block.
    """
    tree = _tree(whole.splitlines())
    target = tree
    for key in filter(None, at.split(".")):
        inner = target.setdefault(key, {})
        assert isinstance(inner, dict), f"`{key}` of `{at}` has no keys under it"
        target = inner
    _join(target, _tree(piece.splitlines()))
    return "\n".join(_lines(tree, 0)) + "\n"


def keys_below(piece: str, key: str) -> list[str]:
    """The keys that stand directly under a key at the left edge."""
    inner = _tree(piece.splitlines()).get(key, {})
    return list(inner) if isinstance(inner, dict) else []


def _join(whole: Tree, piece: Tree) -> None:
    for key, value in piece.items():
        old = whole.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _join(old, value)
        else:
            whole[key] = value


def _tree(lines: list[str]) -> Tree:
    tree: Tree = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        match = _KEY.match(line)
        assert match is not None, f"not a key at the beginning of a block: {line}"
        end = at + 1
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" ")):
            end += 1
        below = [one for one in lines[at + 1 : end] if one.strip()]
        if match["rest"].strip() or not below or below[0].lstrip().startswith("- "):
            tree[match["key"]] = [line, *below]
        else:
            indent = len(below[0]) - len(below[0].lstrip())
            tree[match["key"]] = _tree([one[indent:] for one in below])
        at = end
    return tree


def _lines(tree: Tree, depth: int) -> list[str]:
    found: list[str] = []
    for key, value in tree.items():
        pad = "  " * depth
        if isinstance(value, dict):
            found.append(f"{pad}{key}:")
            found.extend(_lines(value, depth + 1))
        else:
            found.extend(pad + line for line in value)
    return found
