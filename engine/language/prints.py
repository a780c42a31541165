"""What an expression comes down to, without its place: two that come down to the same are equal in every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.base.source import Span
from engine.language import core as c
from engine.language.types import FactType
from engine.language.walk import window_parts


class Prints:
    """Makes prints of expressions: equal prints, equal meaning. Each node is looked at once.

    `parameters` are those of the program that the expressions come from. `numbers` are shared by the programs that are
    to be compared: a number stands for each thing seen so far.
    """

    def __init__(self, parameters: Mapping[str, c.CoreParameter], numbers: dict[str, int]) -> None:
        self._parameters = parameters
        self._numbers = numbers
        self._known: dict[int, int] = {}

    def of(self, expr: c.Expr) -> int:
        """The print of an expression. A name means what it stands for."""
        found = self._known.get(id(expr))
        if found is None:
            if isinstance(expr, c.Named):
                found = self.of(expr.body)
            else:
                found = self._numbers.setdefault(self._text(expr), len(self._numbers))
            self._known[id(expr)] = found
        return found

    def of_window(self, window: c.WindowUse) -> str:
        """The print of a window: equal prints, equal states in every case."""
        own = (window.name, window.side, window.zone, window.inclusive, window.anchor_day)
        return f"window {own} {[self.of(x) for x in window_parts(window)]}"

    def _text(self, expr: c.Expr) -> str:
        match expr:
            case c.ParameterRef(name=name):
                return f"parameter {name} {self._parameters[name].value!r}"
            case c.FactRef(variable=variable, fields=path):
                return f"fact {variable} {path}"
            case c.TableRead(table=table, output=output, columns=columns):
                rows = [
                    (
                        [self.of(w) for w in row.when],
                        [self._any(v) for k, v in row.then.items() if k == output.id],
                    )
                    for row in output.rules
                ]
                return f"table {table} {output.id} {rows} {[self.of(x) for x in columns]}"
        inside = [self._any(getattr(expr, one.name)) for one in fields(expr) if one.name not in ("span", "type")]
        return f"{type(expr).__name__}({', '.join(inside)})"

    def _any(self, value: Any) -> str:
        if isinstance(value, c.Expr):
            return str(self.of(value))
        if isinstance(value, tuple):
            return f"({', '.join(self._any(v) for v in value)})"
        if isinstance(value, c.WindowUse):
            return self.of_window(value)
        if isinstance(value, c.NotStated):
            return "not stated"
        if isinstance(value, Span | FactType):
            return ""
        if is_dataclass(value) or not isinstance(value, Mapping):
            return repr(value)
        return f"{ {k: self._any(v) for k, v in value.items()} }"
