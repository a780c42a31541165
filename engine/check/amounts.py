"""Which amounts are surely whole smallest coins, so that only the others need to be rounded where they are concluded."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language import core as c
from engine.language.types import CHARGED, Integer, MoneyType
from engine.values.money import Money, is_currency, minor_unit


def whole(expr: c.Expr, parameters: Mapping[str, object]) -> bool:
    """Whether an amount is a multiple of its currency's smallest coin in every case.

    `parameters` holds the fixed values of parameters by name; one without a value has no fraction either.
    """
    if not isinstance(expr.type, MoneyType):
        return True
    match expr:
        case c.Const(value=Money(amount=amount, currency=currency)):
            if currency == CHARGED or not is_currency(currency):  # a policy's own bad currency is reported at its key
                return amount == 0 or currency != CHARGED
            return amount % minor_unit(currency) == 0
        case c.FactRef() | c.Asked() | c.OutputRef():
            return True  # decoded amounts and concluded outputs are held to the smallest coin themselves
        case c.ParameterRef(name=name):
            value = parameters.get(name)
            return not isinstance(value, c.Const) or whole(value, parameters)
        case c.TableRead(output=output):
            results = (rule.then[output.id] for rule in output.rules)
            return all(isinstance(value, c.NotStated) or whole(value, parameters) for value in results)
        case c.Named(body=body) | c.Derived(formula=body):
            return whole(body, parameters)
        case c.If(then=a, otherwise=b):
            return whole(a, parameters) and whole(b, parameters)
        case c.Over(body=body):
            return body is not None and whole(body, parameters)
        case c.Op(key="share" | "share_of"):
            return True
        case c.Op(key="round", args=(_, step)):
            return whole(step, parameters)
        case c.Op(key="add" | "subtract" | "negate" | "greater" | "lesser", args=args):
            return all(whole(a, parameters) for a in args)
        case c.Op(key="multiply", args=(a, b)):
            if isinstance(a.type, Integer):
                return whole(b, parameters)
            return isinstance(b.type, Integer) and whole(a, parameters)
    return False
