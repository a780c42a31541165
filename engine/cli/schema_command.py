"""`policy-engine schema`: the JSON Schemas of what goes in and out, for editors and services."""

from __future__ import annotations

import click

from engine.cli.terminal import write

_SCHEMAS = {
    "policy": "a policy file (YAML)",
    "facts": "a case: the facts of one request (JSON)",
    "decision": "the answer to a question (JSON)",
    "cases": "a file of worked cases (YAML)",
    "check": "what `check --format json` prints (JSON)",
    "test": "what `test --format json` prints (JSON)",
    "compare": "what `compare --format json` prints (JSON)",
    "mutate": "what `mutate --format json` prints (JSON)",
}


@click.command("schema")
@click.argument("name", required=False, type=click.Choice(list(_SCHEMAS)))
def command(name: str | None) -> None:
    """Print the JSON Schema called NAME. Without NAME, list what there is."""
    if name is None:
        write("".join(f"{one:<10}{says}\n" for one, says in _SCHEMAS.items()))
        return
    from engine.base.resources import schema_text

    write(schema_text(name))
