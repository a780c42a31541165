"""The page about postal codes, from `schema/postal_codes.json`."""

from __future__ import annotations

from collections.abc import Callable

from engine.base.resources import postal_codes


def postal_page(page: Callable[..., str], table: Callable[[list[str], list[list[str]]], str]) -> str:
    """The page; `page` and `table` are how `docs/generate.py` writes one."""
    document = postal_codes()
    rows = []
    for country, told in document["countries"].items():
        shown = [
            f"`{one['code']}`: `{one['area']}`, `{one['district']}`, `{one['prefix3']}`" for one in told["examples"]
        ]
        rows.append([f"`{country}`", told["name"], told["written"], told["area"], told["district"], "<br>".join(shown)])
    notes = [
        f"- Area and district: {document['how_to_choose']}",
        f"- `prefix3`: {document['prefix3_is']}",
        f"- `patterns` (in the file, by country): {document['patterns_are']}",
    ]
    heads = ["country", "name", "a code is", "area", "district", "examples: area, district, prefix3"]
    return page("Postal codes", document["description"], "\n".join(notes), table(heads, rows))
