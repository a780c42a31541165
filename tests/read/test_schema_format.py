"""The schema of policies itself: valid, closed, and good enough for an editor to teach the format from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from engine.base.resources import schema
from engine.language.model import REVIEW_KINDS
from engine.vocabulary.shared import PLAIN_TYPES, SOURCES, vocabulary

SCHEMA = schema("policy")
_VALIDATOR = Draft202012Validator(SCHEMA)


def parts(part: Any = SCHEMA, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema with its path."""
    if not isinstance(part, dict):
        return
    yield path, part
    for name in ("properties", "$defs"):
        for key, inner in part.get(name, {}).items():
            yield from parts(inner, f"{path}/{key}")
    for name in ("additionalProperties", "items", "then", "else", "propertyNames"):
        yield from parts(part.get(name), f"{path}/{name}")


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    target = part.get("$ref")
    return part if target is None else {**SCHEMA["$defs"][target.removeprefix("#/$defs/")], **part}


def keys() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of the format."""
    for path, part in parts():
        for key, inner in part.get("properties", {}).items():
            if not path.endswith(("then", "else")):
                yield f"{path}/{key}", resolved(inner)


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_has_a_description_and_an_example() -> None:
    assert [path for path, part in keys() if not part.get("description") or not part.get("examples")] == []


def test_descriptions_are_sentences_and_short() -> None:
    for path, part in parts():
        description = part.get("description")
        if description is not None:
            assert re.fullmatch(r"[A-Z`].*[.]", description), path
            assert len(description) < 240, path


def test_every_example_is_valid_where_it_stands() -> None:
    for path, part in parts():
        for example in part.get("examples", ()):
            wrapped = _VALIDATOR.evolve(schema={**part, "$defs": SCHEMA["$defs"]})
            assert [error.message for error in wrapped.iter_errors(example)] == [], f"{path}: {json.dumps(example)}"


def test_nothing_is_open_by_accident() -> None:
    for path, part in parts():
        if "properties" in part and not path.endswith(("/then", "/else")):
            assert "additionalProperties" in part, path
            named_by_authors = (
                "rows/additionalProperties",
                "rows/additionalProperties/additionalProperties",
                "/markets",
            )
            assert part["additionalProperties"] is False or path.endswith(named_by_authors), path


def test_every_pattern_is_anchored_and_explained() -> None:
    for path, part in parts():
        if "pattern" in part:
            assert part["pattern"].startswith("^") and part["pattern"].endswith("$"), path
            assert part.get("x-form") or part.get("x-name"), path


def test_what_is_needed_exists() -> None:
    for path, part in parts():
        if "properties" in part:
            assert set(part.get("required", ())) <= set(part["properties"]), path
    assert SCHEMA["required"] == ["policy", "title", "version", "decisions"]
    assert SCHEMA["else"]["required"] == ["timezone", "currency"]  # with `markets` each of those may say them


def test_words_are_those_of_the_engine() -> None:
    defs = SCHEMA["$defs"]
    assert tuple(defs["review_kind"]["enum"]) == REVIEW_KINDS
    assert set(defs["fact_kind"]["enum"]) == set(PLAIN_TYPES)
    assert set(defs["fact"]["properties"]["from"]["enum"]) == set(SOURCES)
    assert tuple(defs["fact"]["properties"]["known_from"]["enum"]) == tuple(vocabulary().stages)
