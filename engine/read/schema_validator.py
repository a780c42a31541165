"""The schemas as validators, and where in a file their errors stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from engine.base.resources import schema
from engine.base.source import Span
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.schema_words import article
from engine.read.yaml_accidents import is_flow
from engine.read.yaml_quoting import short

_MOST_ERRORS = 200
_SOME_NUMBER = Decimal("0.5")
"""Stands for every number with a point: the schema asks for their kind, never for their size."""


@cache
def whole_schema(name: str) -> dict[str, Any]:
    """The schema `name` (`policy`, `cases`) with its `$ref`s replaced by what they name. Read only: it is shared.

    Keys beside a `$ref` win over those of its target, as annotations do. Looking references up while validating took
    most of the time.
    """
    whole = schema(name)

    def put(node: Any) -> Any:
        if isinstance(node, list):
            return [put(item) for item in node]
        if not isinstance(node, dict):
            return node
        own = {key: put(value) for key, value in node.items() if key not in ("$ref", "$defs")}
        target = node.get("$ref")
        if target is None:
            return own
        return {**put(whole["$defs"][target.removeprefix("#/$defs/")]), **own}

    put_in_place: dict[str, Any] = put(whole)
    return put_in_place


@cache
def _validator(name: str) -> Any:
    """Built once, when the first file of its kind is read."""
    strict = {
        "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
        "number": lambda _, value: isinstance(value, int | Decimal) and not isinstance(value, bool),
    }
    checker = Draft202012Validator.TYPE_CHECKER.redefine_many(strict)
    extend: Any = validators.extend
    made = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=checker)
    return made(whole_schema(name))


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """Like jsonschema's, but `$` is the very end and not also the place before a last line end."""
    if isinstance(instance, str) and not fits(pattern, instance):
        yield ValidationError("does not match")


def fits(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of the schema."""
    return _compiled(pattern).search(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$\Z", r"\\Z", pattern))


def _plain_data(node: Node) -> Any:
    """The node as plain data for the validator: dicts, lists, text, whole numbers, decimals, booleans, None."""
    match node:
        case Scalar():
            return _SOME_NUMBER if node.number else node.value
        case Sequence():
            return [_plain_data(item) for item in node.items]
        case Mapping():
            return {key.text: _plain_data(value) for key, value in node}


@dataclass(frozen=True)
class Fault:
    """One thing that the schema finds wrong, without the validator's English.

    `keyword` is the schema's word that is broken, `wanted` what stands behind it, `part` the schema it stands in,
    `given` the data it was held against, `inside` the keyword around it (`then`, `propertyNames`), if there is one.
    """

    keyword: str
    wanted: Any
    part: dict[str, Any]
    given: Any
    inside: str


@dataclass(frozen=True)
class Place:
    """Where an error stands: the node, its part of the schema, the nearest key above, whether it is a list's entry."""

    node: Node
    schema: dict[str, Any]
    key: Scalar | None
    item: bool
    around: Mapping | None
    """The mapping in which `key` stands."""
    known: Collection[str]
    """The keys that the format has in that mapping."""
    above: tuple[Mapping, ...] = ()
    """The mappings around the node, the whole policy first."""

    @property
    def name(self) -> str | None:
        """The key to write the value behind; None for a list's entry and for the whole policy."""
        return None if self.item or self.key is None else self.key.text

    @property
    def takes(self) -> str:
        """The beginning of a message on what belongs here."""
        return f"{self.what} must be" if self.item else f"{self.what} takes"

    @property
    def before_unknown(self) -> bool:
        """Whether the next key in the same mapping is none of the format: then it was probably meant to be indented."""
        names = [key.text for key, _ in self.around.entries] if self.around is not None else []
        at = names.index(self.key.text) + 1 if self.key is not None and self.key.text in names else len(names)
        return at < len(names) and names[at] not in self.known

    @property
    def what(self) -> str:
        """The value in words, as the beginning of a message."""
        if self.key is None:
            return "the policy"
        return f"an entry of `{short(self.key.text)}`" if self.item else f"`{short(self.key.text)}`"

    @property
    def whose(self) -> str:
        """The owner of keys in words: the policy, `calendar`, rule `too_late`."""
        title = str(self.schema.get("title", "")).lower()
        if self.key is None or self.item or not title or title == self.key.text.replace("_", " "):
            return self.what
        return f"{title} {self.what}"

    @property
    def title(self) -> str:
        """What such an entry is called: a rule, a window."""
        return article(str(self.schema.get("title", "entry")))

    @property
    def span(self) -> Span:
        """The place to underline: a value that stands on one line, otherwise its key."""
        span = self.node.span
        return span if isinstance(self.node, Scalar) and span.text and "\n" not in span.text else self.owner

    @property
    def owner(self) -> Span:
        """The key that the value belongs to; for a list's entry or the whole policy its first line."""
        span = self.node.span
        if self.key is not None and (not self.item or span.end == span.start):
            return self.key.span
        if isinstance(self.node, Mapping) and self.node.entries and not is_flow(self.node):
            return self.node.entries[0][0].span
        line_end = span.source.text.find("\n", span.start, span.end)
        return Span(span.source, span.start, line_end if line_end >= 0 else span.end)


def faults_by_place(root: Mapping, name: str) -> Iterator[tuple[Place, list[Fault]]]:
    """What the schema `name` finds wrong with a file, grouped by place."""
    errors = islice(_validator(name).iter_errors(_plain_data(root)), _MOST_ERRORS)
    groups: defaultdict[tuple[str | int, ...], list[Fault]] = defaultdict(list)
    for error in errors:
        groups[tuple(error.absolute_path)].append(_fault(error))
    for path, here in groups.items():
        node: Node = root
        part = whole_schema(name)
        key: Scalar | None = None
        item = False
        around: Mapping | None = None
        known: Collection[str] = ()
        above: tuple[Mapping, ...] = ()
        for step in path:
            if isinstance(node, Sequence) and isinstance(step, int):
                node, part, item = node.items[step], part["items"], True
            elif isinstance(node, Mapping):
                around, known = node, part.get("properties", ())
                above = (*above, node)
                key, node = next(entry for entry in node if entry[0].text == step)
                part, item = part.get("properties", {}).get(step) or part["additionalProperties"], False
        yield Place(node, part, key, item, around, known, above), here


def _fault(error: Any) -> Fault:
    around = [str(step) for step in error.relative_schema_path]
    return Fault(
        str(error.validator), error.validator_value, error.schema, error.instance, around[-2] if len(around) > 1 else ""
    )
