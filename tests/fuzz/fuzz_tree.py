"""A policy as a tree that can be taken apart, put together in wrong ways, and written as YAML again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+/()<=* -]*\Z")


@dataclass(slots=True)
class Leaf:
    """A scalar: its text, and whether it stood in quotes."""

    text: str
    quoted: bool = False


class Map(list["list[Any]"]):
    """A mapping as a list of [key, value]; a key may stand twice."""

    def get(self, key: str) -> Tree | None:
        for name, value in self:
            if name.text == key:
                found: Tree = value
                return found
        return None


class Seq(list[Any]):
    """A sequence of nodes."""


Tree = Leaf | Map | Seq


@dataclass(slots=True)
class Spot:
    """A node with its place: `holder[index]` is a [key, value] of a mapping or an item of a sequence."""

    node: Tree
    holder: Map | Seq
    index: int
    key: str
    """The nearest key above; items of a sequence have that of the sequence."""

    def put(self, node: Tree) -> None:
        if isinstance(self.holder, Map):
            self.holder[self.index][1] = node
        else:
            self.holder[self.index] = node


def parse(data: bytes) -> Map | None:
    """The tree of a YAML text, or None if it is none or no mapping."""
    try:
        node = yaml.compose(data.decode("utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    made = _made(node) if node is not None else None
    return made if isinstance(made, Map) else None


def _made(node: yaml.Node) -> Tree:
    match node:
        case yaml.MappingNode():
            return Map([[_key(key), _made(value)] for key, value in node.value])
        case yaml.SequenceNode():
            return Seq(_made(item) for item in node.value)
    return Leaf(str(node.value), _is_quoted(node))


def _key(node: yaml.Node) -> Leaf:
    return Leaf(str(node.value), _is_quoted(node)) if isinstance(node, yaml.ScalarNode) else Leaf("key")


def _is_quoted(node: yaml.Node) -> bool:
    return getattr(node, "style", None) not in (None, "", ":")  # the two parsers tell plain ones apart differently


def clone(tree: Tree) -> Tree:
    """A copy that shares nothing."""
    if isinstance(tree, Leaf):
        return Leaf(tree.text, tree.quoted)
    if isinstance(tree, Map):
        return Map([[Leaf(key.text, key.quoted), clone(value)] for key, value in tree])
    return Seq(clone(item) for item in tree)


def spots(tree: Tree, key: str = "") -> Iterator[Spot]:
    """Every node below, in the order in which they are written."""
    if isinstance(tree, Map):
        for index, (name, value) in enumerate(tree):
            yield Spot(value, tree, index, name.text)
            yield from spots(value, name.text)
    elif isinstance(tree, Seq):
        for index, item in enumerate(tree):
            yield Spot(item, tree, index, key)
            yield from spots(item, key)


def reordered(rng: Random, tree: Tree, unordered: frozenset[str], key: str = "") -> Tree:
    """A copy in which the entries under the keys `unordered` stand in another order."""
    if isinstance(tree, Map):
        entries = [[Leaf(k.text, k.quoted), reordered(rng, value, unordered, k.text)] for k, value in tree]
        if key in unordered:
            rng.shuffle(entries)
        return Map(entries)
    return Seq(reordered(rng, item, unordered, key) for item in tree) if isinstance(tree, Seq) else clone(tree)


def write(tree: Tree) -> bytes:
    """The tree as YAML."""
    rows: list[str] = []
    _write(tree, 0, rows)
    return ("\n".join(rows) + "\n").encode("utf-8", errors="surrogatepass")


def _write(tree: Tree, indent: int, rows: list[str]) -> None:
    edge = "  " * indent
    if isinstance(tree, Leaf):
        rows.append(edge + _scalar(tree))
    elif isinstance(tree, Map):
        for key, value in tree:
            head = f"{edge}{_scalar(key)}:"
            if isinstance(value, Leaf):
                rows.append(f"{head} {_scalar(value)}")
            elif not value:
                rows.append(f"{head} {'{}' if isinstance(value, Map) else '[]'}")
            else:
                rows.append(head)
                _write(value, indent + 1, rows)
    else:
        for item in tree:
            if isinstance(item, Leaf):
                rows.append(f"{edge}- {_scalar(item)}")
            elif not item:
                rows.append(f"{edge}- {'{}' if isinstance(item, Map) else '[]'}")
            else:
                rows.append(f"{edge}-")
                _write(item, indent + 1, rows)
    if not rows:
        rows.append("{}")


def _scalar(leaf: Leaf) -> str:
    text = leaf.text
    if not leaf.quoted and _PLAIN.match(text) and not text.endswith(" "):
        return text
    if not leaf.quoted and text in ("", "~"):
        return text
    if all(" " <= char <= "~" or char in "éßΩ«»" for char in text):
        return "'" + text.replace("'", "''") + "'"
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x00": "\\0"}
    return '"' + "".join(named.get(char, char) for char in text) + '"'
