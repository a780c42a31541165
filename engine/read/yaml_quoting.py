"""Help in writing a text so that YAML leaves it alone."""

from __future__ import annotations

TEXT_KEYS = frozenset({"asks", "ask", "because", "label", "note", "says", "title", "url", "version"})
"""Keys that hold words for people. What other keys hold is a condition, a formula or a name."""

_LONGEST = 90
_LONGEST_WORDS = 60
_FARTHEST = 2_000


def kind_of(key: str | None) -> str:
    """What a key holds, in a word: `text` or `condition`."""
    return "text" if key in TEXT_KEYS else "condition"


def short(text: str) -> str:
    """An author's words as a message shows them: on one line and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_WORDS else text[: _LONGEST_WORDS - 3] + "..."


def in_quotes(text: str) -> str:
    """The text as a quoted YAML scalar on one line: in double quotes unless it holds some itself."""
    text = " ".join(text.split())
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """The text, which stands on one line, as a quoted YAML scalar that holds exactly its characters."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def line_of(key: str | None, value: str) -> str:
    """`key: value` as the author would write it; cut where it would be too long for a help line."""
    whole = value if key is None else f"{key}: {value}"
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 4].rstrip() + " ..." + value[-1]


def extent(text: str, start: int) -> int:
    """Where a condition that begins at `start` inside `{...}` or `[...]` was meant to end.

    That is the first comma or closing bracket that stands outside of the condition's own brackets and quoted words,
    and at the latest the end of the line.
    """
    depth = 0
    quoted = False
    last = min(len(text), start + _FARTHEST)
    for at in range(start, last):
        char = text[at]
        if char == "\n":
            return at
        if char == "'":
            apostrophe = not quoted and at > start and text[at - 1].isalnum()
            quoted = quoted if apostrophe else not quoted
        elif quoted:
            continue
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                return at
            depth -= 1
        elif char == "," and depth == 0:
            return at
    return last
