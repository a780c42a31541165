"""Where reading a condition stopped, and what the finders of slips say about it."""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, what to write, and which characters to underline."""

    message: str
    help: str
    start: int
    end: int
    code: str = "condition-syntax"
    instead: str | None = None
    """What is right in the place of these characters, if there is no doubt about it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where reading stopped: the words taken, the one that could not be (None: no word at all), what could come."""

    text: str
    kind: str
    tokens: tuple[Token, ...]
    bad: Token | None
    at: int
    end: int
    expected: frozenset[str]

    @property
    def at_end(self) -> bool:
        """Whether the text ended too early."""
        return not self.text[self.at :].strip()

    @property
    def wants_value(self) -> bool:
        """Whether a value could come next."""
        return "NUMBER" in self.expected

    @property
    def starts_value(self) -> bool:
        """Whether the word that cannot be taken is one that a value begins with."""
        return self.bad is not None and self.bad.type in _STARTS

    @property
    def shown(self) -> str:
        """The word that could not be taken, fit for a message."""
        return clipped(self.text[self.at : self.end])

    @property
    def previous(self) -> str:
        """The last word taken."""
        return str(self.tokens[-1]) if self.tokens else ""

    def is_previous(self, *kinds: str) -> bool:
        """Whether the last word taken is of one of these terminals."""
        return bool(self.tokens) and self.tokens[-1].type in kinds

    def touches(self) -> bool:
        """Whether no space stands between the last word taken and where reading stopped."""
        return bool(self.tokens) and start_of(self.tokens[-1]) + len(self.tokens[-1]) == self.at

    def before(self, token: Token) -> Token | None:
        """The word before one that was taken."""
        index = self.tokens.index(token)
        for i, one in enumerate(self.tokens):
            if one is token:
                index = i
        return self.tokens[index - 1] if index else None

    def open_brackets(self) -> list[Token]:
        """The brackets that are open, the innermost last."""
        opened: list[Token] = []
        for token in self.tokens:
            if token.type in ("LPAR", "LSQB"):
                opened.append(token)
            elif token.type in ("RPAR", "RSQB"):
                opened.pop()
        return opened

    def here(self, message: str, help: str, code: str = "condition-syntax") -> Wrong:
        """A finding at the word that could not be taken."""
        return Wrong(message, help, self.at, self.end, code)

    def last(self, message: str, help: str) -> Wrong:
        """A finding at the last word that was taken."""
        start = start_of(self.tokens[-1]) if self.tokens else 0
        return Wrong(message, help, start, start + len(self.previous))


def clipped(words: str) -> str:
    """Words fit for one line of a message: no line ends, nothing that does not show, not too long."""
    line = " ".join(words.split())
    line = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in line) or "".join(
        f"U+{ord(c):04X}" for c in words
    )
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."


def start_of(token: Token) -> int:
    """Where a word begins."""
    return token.start_pos or 0


def in_cell(word: str) -> str:
    """How a word that needs quotes is written in a cell; YAML takes off the outer ones."""
    return f"write `'{clipped(word)}'`, and put the whole cell in double quotes for YAML"


_STARTS = frozenset(
    (
        *(
            "NAME",
            "NUMBER",
            "WORD",
            "PERCENT",
            "MONEY",
            "PERIOD",
            "PERIOD_RANGE",
            "DATE",
            "INSTANT",
            "CLOCK",
            "TRUE",
            "FALSE",
        ),
        *(
            "GROUPED",
            "SLASHED",
            "LPAR",
            "AGGREGATE",
            "COUNT",
            "SHARE_OF",
            "EXTREME",
            "BETWEEN",
            "ROUND",
            "SHARE",
            "DATE_OF",
        ),
        *("PART", "NEAR", "ANY", "ALL", "NOT", "IF"),
    )
)
