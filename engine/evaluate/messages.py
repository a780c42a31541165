"""Messages of rules: values filled in for people; a sentence with a hole is left out."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from engine.evaluate.expressions import Expressions
from engine.language import core as c
from engine.language.outcome import Env, Known
from engine.language.wording import say
from engine.values.moments import NotYet
from engine.values.zones import zone

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_HOLE = "\0"


def message(template: c.CoreTemplate, expressions: Expressions, env: Env) -> str | None:
    """The text of a message in this case, or None if every sentence has a hole."""
    text = ""
    for piece in template.pieces:
        text += piece if isinstance(piece, str) else _filled(piece, expressions, env)
    sentences = [s for s in _SENTENCE_END.split(text.strip()) if _HOLE not in s]
    return " ".join(sentences) or None


def _filled(expr: c.Expr, expressions: Expressions, env: Env) -> str:
    found = expressions.value(expr, env)
    if not isinstance(found, Known) or isinstance(found.value, NotYet):
        return _HOLE
    text = say(found.value, expr.type, _zone_of(expr, expressions, env))
    return text.replace(_HOLE, "")


def _zone_of(expr: c.Expr, expressions: Expressions, env: Env) -> ZoneInfo:
    """The zone in which an instant is told: the window's own, otherwise the policy's."""
    if isinstance(expr, c.WindowPart):
        where = expressions.clocks.read(expr.window, env).zone
        if isinstance(where, Known) and isinstance(where.value, str):
            return zone(where.value)
    return expressions.arithmetic.zone
