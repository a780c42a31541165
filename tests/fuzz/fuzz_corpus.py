"""The seeds: policies and cases that the fuzzer changes. Kept in the order of their names, so that a seed number means
the same input on every machine with the same files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent / "corpus"
SMALL = 8_000
"""Policies up to so many bytes are cheap to check; larger ones are taken less often."""


@dataclass(frozen=True)
class Seed:
    """One file of the corpus, under its path in the project."""

    name: str
    data: bytes

    @property
    def small(self) -> bool:
        return len(self.data) <= SMALL


def _read(*patterns: str) -> tuple[Seed, ...]:
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()})
    return tuple(Seed(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in paths)


@cache
def right_policies() -> tuple[Seed, ...]:
    """Policies that are meant to pass the check."""
    return _read("policies/*.yaml", "tests/right/**/*.yaml", "tests/fuzz/corpus/policies/*.yaml")


@cache
def policies() -> tuple[Seed, ...]:
    """All policies, those with a mistake in them too."""
    return (*right_policies(), *_read("tests/wrong/**/*.yaml", "tests/fuzz/regressions/*.yaml"))


@cache
def cases() -> tuple[Seed, ...]:
    """Documents of facts, as JSON text."""
    return _read("examples/**/*.json", "tests/fuzz/corpus/facts/*.json", "tests/fuzz/regressions/*.json")


@cache
def worked_cases() -> tuple[Seed, ...]:
    """Files of worked cases."""
    return _read("tests/cases/*.yaml", "tests/fuzz/corpus/cases/*.yaml")


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """The documents of facts that are cases and mostly right, as Python data. Copy before changing."""
    from engine.vocabulary.shared import vocabulary

    known = {"as_of", "stage", "assume", *(name for name, _ in vocabulary().root.fields)}
    found = []
    for seed in cases():
        try:
            document = json.loads(seed.data)
        except ValueError:
            continue
        if isinstance(document, dict) and document.keys() <= known:
            found.append(document)
    return tuple(found)


@cache
def written_conditions() -> tuple[str, ...]:
    """Every example of the operator table, and the wrong conditions that other tests keep."""
    from engine.language.literal_forms import LITERALS
    from engine.language.operators import OPERATORS

    found = [entry.example for entry in (*OPERATORS, *LITERALS)]
    for seed in _read("tests/corpus/conditions/*.txt"):
        lines = seed.data.decode("utf-8").splitlines()
        found.extend(line.replace("«", "").replace("»", "") for line in lines if line and line[0] not in "# ")
    return tuple(found)
