"""Where `schema/` is: the one module that knows, so that an editable install, a wheel and any folder work alike."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any


def schema_text(name: str) -> str:
    """The text of `schema/<name>.schema.json`. Raises FileNotFoundError if there is no such schema."""
    return _text(f"{name}.schema.json")


def _text(file: str) -> str:
    packaged = resources.files("engine").joinpath("_schema", file)  # a built wheel carries the folder under this name
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[2] / "schema" / file).read_text(encoding="utf-8")


@cache
def schema(name: str) -> dict[str, Any]:
    """The parsed schema `name` (`policy`, `facts`, `decision`). Treat it as read-only: it is shared."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


@cache
def postal_codes() -> dict[str, Any]:
    """The parsed table of postal codes by country, `schema/postal_codes.json`. Treat it as read-only: it is shared."""
    loaded: dict[str, Any] = json.loads(_text("postal_codes.json"))
    return loaded
