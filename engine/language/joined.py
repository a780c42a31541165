"""Lines of promotions: each is an order line, which it names by `id`, with what it says about the offer added.

Only the promotion's own facts of a line (`role`, `discount`) stand with the promotion. All others are those of the order
line and stand there alone: they are given there, asked for there, and read from there.
"""

from __future__ import annotations

from dataclasses import replace

from engine.language.case import Path
from engine.language.types import FactType, ListOf, Record

ORDER_LINES: Path = ("order", "lines")
PROMOTIONS: Path = ("order", "promotions")
_MEMBER = "*"
_OF_PROMOTION = (*PROMOTIONS, _MEMBER, "lines")
PROMOTION_LINE = 5
"""How long the path of a promotion's line is: order, promotions, 0, lines, 0."""


def line_of_promotion(path: Path) -> bool:
    """Whether a path, or a pattern, stands for a promotion's line or for something within one."""
    return len(path) >= PROMOTION_LINE and path[:2] == PROMOTIONS and path[3] == "lines"


def is_promotion_lines(pattern: Path) -> bool:
    """Whether a pattern is that of the lines of promotions."""
    return pattern == _OF_PROMOTION


def joined_names(root: Record) -> frozenset[str]:
    """The facts of a promotion's line that are those of its order line."""
    record = _element(root, *PROMOTIONS, "lines")
    return frozenset(name for name, fact in record.fields if fact.joined) if record is not None else frozenset()


def in_order(pattern: Path, names: frozenset[str]) -> Path:
    """The pattern of a fact, where one that a promotion's line has from its order line (`names`) is told as that."""
    if line_of_promotion(pattern) and len(pattern) > PROMOTION_LINE and pattern[PROMOTION_LINE] in names:
        return (*ORDER_LINES, _MEMBER, *pattern[PROMOTION_LINE:])
    return pattern


def rejoin(root: Record) -> Record:
    """All facts of a case, with those that the lines of promotions have from their order lines brought up to date.

    What a promotion says of its line itself goes first, so an order line's fact of the same name is not seen there.
    """
    lines, members = _element(root, *ORDER_LINES), _element(root, *PROMOTIONS, "lines")
    if lines is None or members is None:
        return root
    own = [(name, fact) for name, fact in members.fields if not fact.joined]
    names = {name for name, _ in own}
    theirs = [(name, replace(fact, joined=True)) for name, fact in lines.fields if name not in names]
    return _with(root, (*PROMOTIONS, "lines"), Record((*own, *theirs)))


def _element(root: Record, *path: object) -> Record | None:
    """The record of the members of a list, which may stand in the members of another."""
    here: Record | None = root
    for name in path:
        fact = None if here is None else here.get(str(name))
        inner = None if fact is None else fact.type
        inner = inner.element if isinstance(inner, ListOf) else inner
        here = inner if isinstance(inner, Record) else None
    return here


def _with(record: Record, path: tuple[object, ...], element: Record) -> Record:
    """The record with other members in the list at a path."""

    def changed(fact: FactType) -> FactType:
        many = isinstance(fact.type, ListOf)
        inner = fact.type.element if isinstance(fact.type, ListOf) else fact.type
        assert isinstance(inner, Record)
        new = element if len(path) == 1 else _with(inner, path[1:], element)
        return replace(fact, type=ListOf(new) if many else new)

    return Record(tuple((name, changed(fact) if name == path[0] else fact) for name, fact in record.fields))
