"""The fenced blocks of a page, and what the words after the language ask for.

    ```yaml file=shop.yaml            a whole policy: written to the page's folder, and must check clean
    ```yaml add=shop.yaml             joined into that file (`at=decisions.return`: at this place), and must check clean
    ```yaml wrong=shop.yaml           joined likewise, only until the next console block, which shows what is said of it
    ```yaml try=shop.yaml             joined only to see that it checks clean, every definition in it used by a rule
    ```yaml of=another_tool           not a policy
    ```yaml cases=shop_cases.yaml     worked cases: written to the page's folder
    ```json file=case.json            written to the page's folder; so is `ndjson`
    ```console                        lines that begin with `$ ` are run, what stands below them is what they print
    ```python                         run; a `text` block right after it is what it prints
    ```yaml warns=unused ...          the warnings that the policy has at this point

In what is printed, `…` stands for anything: within a line for any words, alone on a line for any lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
"""Files that every page finds in its folder."""

ANYTHING = "…"


@dataclass
class Block:
    """One fenced block. `line` is that of its first line of text, from 1; `asks` are the words after the language."""

    language: str
    asks: dict[str, str]
    text: str
    line: int


@dataclass
class Command:
    """A command of a console block, and what the page says it prints. `line` counts from the block's first line, 0."""

    command: str
    expected: list[str]
    line: int
    shown: list[str] = field(default_factory=list)


def pages() -> list[Path]:
    """Every page that people wrote. The pages in `docs/reference` are made by a program and tested elsewhere."""
    reference = ROOT / "docs" / "reference"
    found = [path for path in (ROOT / "docs").rglob("*.md") if reference not in path.parents]
    return [ROOT / "README.md", *sorted(found)]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page's text."""
    inside: Block | None = None
    kept: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if inside is None and line.startswith("```"):
            language, _, rest = line[3:].partition(" ")
            inside = Block(language, _asks(rest, number), "", number + 1)
            kept = []
        elif inside is not None and line == "```":
            inside.text = "".join(f"{one}\n" for one in kept)
            yield inside
            inside = None
        elif inside is not None:
            kept.append(line)
    assert inside is None, f"the block that begins on line {inside.line - 1 if inside else 0} does not end"


def _asks(text: str, line: int) -> dict[str, str]:
    words = [word.partition("=") for word in text.split()]
    assert all(equals for _, equals, _ in words), f"line {line}: every word after the language is name=value"
    return {name: value for name, _, value in words}


def commands(block: Block) -> list[Command]:
    """The commands of a console block; one that ends with a backslash goes on in the next line."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines()):
        if line.startswith("$ "):
            found.append(Command(line[2:], [], number, [line]))
        elif found and not found[-1].expected and found[-1].command.endswith("\\"):
            found[-1].command = found[-1].command[:-1].rstrip() + " " + line.strip()
            found[-1].shown.append(line)
        else:
            assert found, f"line {block.line}: a console block begins with `$ ` and a command"
            found[-1].expected.append(line)
    return found


def fits(expected: str, printed: str) -> bool:
    """Whether what was printed is what a page shows, with `…` for anything and without regard to spaces at line ends."""
    pattern = ""
    for line in _trimmed(expected):
        if line.strip() == ANYTHING:
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split(ANYTHING)) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _trimmed(printed))) is not None


def _trimmed(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines
