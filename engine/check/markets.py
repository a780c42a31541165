"""Markets: a policy with several becomes one policy for each, with its currency, zone, calendar and amounts put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engine.base.diagnostics import Diagnostic, Report
from engine.base.source import Embedded, Span
from engine.base.suggest import did_you_mean, nearest
from engine.check.asked import is_asked
from engine.language import model as m
from engine.language.located import Mapping, Node, Scalar
from engine.language.types import CHARGED, FactType, ListOf, Record, Text, Type, Words, describe
from engine.vocabulary.own_facts import extend

MARKET_FACT = "order.market"
"""The shared fact whose words are the names of the policy's markets. It is text where a policy has none."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CODE = re.compile(r"[A-Z]{3}")
_SILENT = "not stated"


def per_market(policy: m.Policy, report: Report) -> tuple[m.Policy, ...]:
    """The policy as it is in each of its markets, in written order; of one without markets that policy itself.

    What is missing or too much for a market goes to `report`.
    """
    _check_amounts(policy, report)
    if policy.market_by is None:
        return (policy,)
    for market in policy.markets:
        lacking = [key for key in ("currency", "timezone") if not getattr(market, key) and not getattr(policy, key)]
        for key in lacking:
            report.add(
                "schema-missing-key",
                f"market `{market.name}` has no `{key}`, and neither has the policy",
                market.span,
                help=f"add `{key}:` to the market, or to the policy if it is the same in all markets",
            )
    return tuple(_in_market(policy, market) for market in policy.markets) if report.ok else ()


def _in_market(policy: m.Policy, market: m.Market) -> m.Policy:
    own_currency, own_zone = market.currency is not None, market.timezone is not None
    currency = market.currency or policy.currency
    return replace(
        policy,
        market=market.name,
        currency=currency,
        currency_span=market.currency_span if own_currency else policy.currency_span,
        timezone=market.timezone or policy.timezone,
        timezone_span=market.timezone_span if own_zone else policy.timezone_span,
        calendar=market.calendar or policy.calendar,
        parameters=tuple(_parameter(one, currency) for one in policy.parameters),
        tables=tuple(replace(one, rows=tuple(_row(row, currency) for row in one.rows)) for one in policy.tables),
    )


# amounts -------------------------------------------------------------------------------------------------------------


def _parameter(parameter: m.Parameter, currency: str) -> m.Parameter:
    value = None if parameter.value is None else _amount(parameter.value, currency)
    if value is parameter.value and not parameter.dated:
        return parameter
    silent = _is_silent(value, parameter.value)
    dated = [(start, node, None if node is None else _amount(node, currency)) for start, node in parameter.dated]
    return replace(
        parameter,
        value=None if silent else value,
        not_stated=silent or any(_is_silent(there, node) for _, node, there in dated),
        dated=tuple((start, None if _is_silent(there, node) else there) for start, node, there in dated),
    )


def _is_silent(there: Node | None, written: Node | None) -> bool:
    """Whether an amount per currency says for this one that the text names none."""
    return isinstance(written, Mapping) and isinstance(there, Scalar) and there.text == _SILENT


def _row(row: m.Row, currency: str) -> m.Row:
    inputs = tuple(_input(cell, currency) for cell in row.inputs)
    return replace(row, inputs=inputs, results=tuple((name, _amount(node, currency)) for name, node in row.results))


def _input(cell: m.InputCell, currency: str) -> m.InputCell:
    for code, cells in cell.per_currency:
        if code.name == currency:
            return replace(cell, cells=cells, per_currency=())
    return cell


def _amount(node: Node, currency: str) -> Node:
    """What an amount per currency says for one of them; another value as it is."""
    there = node.get(currency) if isinstance(node, Mapping) and not is_asked(node) else None
    if there is None:
        return node
    return amount_there(there, currency) if isinstance(there, Scalar) else there


def amount_there(there: Scalar, currency: str) -> Scalar:
    """What stands for one currency, with that currency behind it if it is a plain number."""
    if not _NUMBER.fullmatch(there.text):
        return there
    text, offsets = f"{there.text} {currency}", there.embedded.offsets
    if offsets is not None:  # the currency stands in the key: what is wrong with the amount is shown at its number
        offsets = (*offsets[:-1], *[offsets[-2]] * (len(currency) + 1), offsets[-1])
    embedded = Embedded(text, there.embedded.scalar, offsets)
    return Scalar(text, text, there.style, there.span, embedded)


def _amounts(policy: m.Policy, report: Report) -> Iterator[tuple[str, Span, Sequence[m.Cite]]]:
    """Every amount per currency: whose it is, its place, and the currencies it names with their places.

    One that stands beside `ask` goes to `report`.
    """
    for parameter in policy.parameters:
        for node in (parameter.value, *(node for _, node in parameter.dated)):
            if isinstance(node, Mapping):
                yield f"`{parameter.id}`", node.span, _codes(node)
    for table in policy.tables:
        for row in table.rows:
            whose = f"row `{row.id}` of table `{table.id}`"
            for _, node in row.results:
                if isinstance(node, Mapping) and is_asked(node) and _codes(node):
                    message = f"{whose} asks somebody else for what it has an amount per currency for"
                    report.add("market-amount", message, node.span, help="keep `ask`, or the amounts")
                elif isinstance(node, Mapping) and not is_asked(node):
                    yield whose, node.span, _codes(node)
            for cell in row.inputs:
                if cell.per_currency:
                    yield whose, cell.span, [code for code, _ in cell.per_currency]


def _codes(node: Mapping) -> list[m.Cite]:
    return [m.Cite(key.text, key.span) for key, _ in node if _CODE.fullmatch(key.text)]


def _check_amounts(policy: m.Policy, report: Report) -> None:
    """Report amounts per currency without markets, for a currency that no market has, and for too few of them."""
    currencies: dict[str, str] = {}
    for one in policy.markets:
        currencies.setdefault(one.currency or policy.currency, one.name)
    for whose, span, codes in _amounts(policy, report):
        if policy.market_by is None:
            report.add(
                "market-amount",
                f"{whose} has an amount per currency, and the policy has no markets",
                span,
                help="write one amount with its currency, such as `7.00 USD`, or name the markets under `markets`",
            )
            continue
        named = {code.name: code.span for code in codes}
        for currency, market in currencies.items():
            if currency and currency not in named:
                _missing(whose, currency, market, span, report)
        for code, place in named.items():
            if code not in currencies:
                report.add(
                    "market-amount",
                    f"no market has the currency `{code}`",
                    place,
                    help=did_you_mean(code, [one for one in currencies if one != CHARGED])
                    or "remove the amount, or correct the currency",
                )


def _missing(whose: str, currency: str, market: str, span: Span, report: Report) -> None:
    if currency == CHARGED:
        message = f"{whose} has an amount per currency, and market `{market}` has none of its own"
        help = "give the market a `currency`: what an order is charged in is not known beforehand"
    else:
        message = f"{whose} has no amount in {currency}, the currency of market `{market}`"
        help = f"add `{currency}: ...`, or `{currency}: not stated` if the text names no amount there"
    report.add("market-amount", message, span, help=help)


# the fact that says which market -------------------------------------------------------------------------------------


def market_fact(policy: m.Policy, root: Record, report: Report) -> Record:
    """The facts of a policy with the markets' names as the words of the fact that picks one; mistakes go to `report`."""
    by = policy.market_by
    if by is None:
        return root
    names = tuple(market.name for market in policy.markets)
    found = _fact(root, by.name.split("."))
    if found is not None and by.name == MARKET_FACT and isinstance(found.type, Text):
        return extend(root, {MARKET_FACT: FactType(Words(names), source=found.source)})
    wrong = _why_not(by.name, None if found is None else found.type, names)
    if wrong is not None:
        near = nearest(by.name, [MARKET_FACT]) if found is None else None
        help = (
            f"did you mean `{near}`?"
            if near is not None
            else f"name `{MARKET_FACT}`, or a one-of fact of the policy whose words are the names of the markets"
        )
        report.add("market-fact", wrong, by.span, help=help)
    return root


def _why_not(name: str, kind: Type | None, names: Sequence[str]) -> str | None:
    if kind is None:
        return f"`{name}` is no fact of the order or the request"
    if not isinstance(kind, Words) or not kind.closed:
        return f"the market cannot be told from `{name}`: it is {describe(kind)}, not one of some words"
    without = [word for word in kind.words if word not in names]
    beyond = [one for one in names if one not in kind.words]
    if without:
        return f"`{name}` can be {_listed(without)}, for which there is no market"
    return f"`{name}` cannot be {_listed(beyond)}, which is the name of a market" if beyond else None


def _listed(words: Iterable[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _fact(root: Record, parts: Sequence[str]) -> FactType | None:
    """A fact of the case itself, not of a member of a list."""
    record: Type = root
    found = None
    for part in parts:
        found = record.get(part) if isinstance(record, Record) else None
        if found is None:
            return None
        record = found.type
    return None if isinstance(record, Record | ListOf) else found


# what was found in them ----------------------------------------------------------------------------------------------


def tell_together(found: Sequence[tuple[str, Report]], currencies: Sequence[str], report: Report) -> None:
    """Put what was found in each market into one report: what all of them give once, anything else with its markets.

    `currencies` are those of the markets in the same order.
    """
    groups: dict[tuple[str, Span | None, str | None], dict[str, list[Diagnostic]]] = {}
    for (market, own), currency in zip(found, currencies, strict=True):
        for one in (_in_any_currency(one, currency, currencies) for one in own):
            groups.setdefault((one.code, one.span, one.where), {}).setdefault(market, []).append(one)
    for markets in groups.values():
        first, *_ = markets.values()
        if len(markets) == len(found) and len({len(told) for told in markets.values()}) == 1:
            report.extend(first)
            continue
        said: dict[Diagnostic, list[str]] = {}
        for market, told in markets.items():
            for one in told:
                said.setdefault(one, []).append(market)
        for one, names in said.items():
            several = "market" if len(names) == 1 else "markets"
            where = " and ".join(f"`{name}`" for name in names)
            report.extend([replace(one, message=f"{one.message} ({several} {where})")])


def _in_any_currency(one: Diagnostic, currency: str, currencies: Sequence[str]) -> Diagnostic:
    """A finding whose help would write an amount in the currency of one market where the markets have several: such an
    amount is refused in the other markets, so the help speaks of a parameter instead."""
    others = [code for code in dict.fromkeys(currencies) if code != currency]
    names_it = one.help is not None and re.search(rf"`-?[0-9.]+ {currency}`", one.help)
    if one.code != "type-mismatch" or not others or not names_it or CHARGED in currencies:
        return one
    pairs = ", ".join(f"{code}: ..." for code in dict.fromkeys(currencies))
    return replace(one, help=f"give an amount for each currency, in a parameter: `value: {{{pairs}}}`")
