"""What the shell offers when somebody presses Tab: files, the questions of the policy named, stages and presets.

Whatever goes wrong here offers nothing: a half-written policy must not spill messages into a command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of files, which the shell itself knows best."""
    return [CompletionItem(incomplete, type="file")]


def questions(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The decisions of the policy that stands before, each with its wording; those of any policy if it has none."""
    from engine.vocabulary.shared import vocabulary

    own = dict(_decisions(Path(str(ctx.params.get("policy") or ""))))
    return _beginning(incomplete, own.items() if own else [(name, None) for name in vocabulary().decisions])


def stages(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """How far a matter can have come."""
    from engine.vocabulary.shared import vocabulary

    return _beginning(incomplete, [(name, None) for name in vocabulary().stages])


def presets(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What can be taken as given."""
    from engine.vocabulary.shared import vocabulary

    return _beginning(incomplete, [(name, None) for name in vocabulary().presets])


def _beginning(incomplete: str, words: Iterable[tuple[str, str | None]]) -> list[CompletionItem]:
    return [CompletionItem(word, help=says) for word, says in words if word.startswith(incomplete)]


def _decisions(path: Path) -> Iterable[tuple[str, str | None]]:
    """Names and wordings of the decisions in a policy file, or in those of a folder; a wrong file has none."""
    from engine.base.diagnostics import Report
    from engine.cli.files import MOST_POLICY_BYTES
    from engine.language.located import Mapping, Scalar
    from engine.read.yaml_reader import read_yaml

    try:
        inside = sorted(path.glob("*.y*ml")) if path.is_dir() else [path]
        texts = [file.read_bytes() for file in islice(inside, 50) if file.stat().st_size < MOST_POLICY_BYTES]
    except (OSError, ValueError):
        return
    for data in texts:
        root = read_yaml(data, str(path), Report())
        found = None if root is None else root.get("decisions")
        for name, decision in found if isinstance(found, Mapping) else ():
            asks = decision.get("asks") if isinstance(decision, Mapping) else None
            yield name.text, asks.text if isinstance(asks, Scalar) else None
