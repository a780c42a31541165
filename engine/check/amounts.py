"""Which amounts are surely whole smallest coins, so that only the others need to be rounded where they are concluded."""

from __future__ import annotations

from engine.language import core as c
from engine.language.types import CHARGED, Integer, MoneyType
from engine.values.money import Money, minor_unit


def whole(expr: c.Expr) -> bool:
    """Whether an amount is a multiple of its currency's smallest coin in every case."""
    if not isinstance(expr.type, MoneyType):
        return True
    match expr:
        case c.Const(value=Money(amount=amount, currency=currency)):
            if currency == CHARGED:
                return amount == 0
            return amount % minor_unit(currency) == 0
        case c.FactRef() | c.Asked() | c.TableRead() | c.OutputRef() | c.ParameterRef():
            return True  # decoded amounts, concluded outputs and parameters are held to the smallest coin themselves
        case c.Named(body=body) | c.Derived(formula=body):
            return whole(body)
        case c.If(then=a, otherwise=b):
            return whole(a) and whole(b)
        case c.Over(body=body):
            return body is not None and whole(body)
        case c.Op(key="share"):
            return True
        case c.Op(key="round", args=(_, step)):
            return whole(step)
        case c.Op(key="add" | "subtract" | "negate" | "greater" | "lesser", args=args):
            return all(whole(a) for a in args)
        case c.Op(key="multiply", args=(a, b)):
            if isinstance(a.type, Integer):
                return whole(b)
            return isinstance(b.type, Integer) and whole(a)
    return False
