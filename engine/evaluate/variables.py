"""Which variables an expression hangs on: what is worked out once serves every member of which it does not speak.

Without this, a sum over the order's lines that stands in the rules for each line of a request would be worked out anew
for each of them, and a sum within a sum with the cube of their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from engine.language import core as c
from engine.language.walk import children, output_parts, rule_parts

Names = tuple[str, ...]

_KEPT: WeakKeyDictionary[c.Program, Mapping[int, Names]] = WeakKeyDictionary()


def variables(program: c.Program) -> Mapping[int, Names]:
    """For each expression of a program, by its identity, the variables it hangs on, in alphabetical order.

    Worked out once for a program, which keeps its expressions alive; so the identities cannot pass to others.
    """
    found = _KEPT.get(program)
    if found is None:
        names: dict[int, frozenset[str]] = {}
        for root in _roots(program):
            _collect(root, names)
        found = _KEPT[program] = {key: tuple(sorted(free)) for key, free in names.items()}
    return found


def _roots(program: c.Program) -> Iterable[c.Expr]:
    for decision in program.decisions.values():
        yield from rule_parts(decision.rules)
        for output in decision.outputs.values():
            yield from output_parts(decision, output)
        for requirement in decision.requires:
            yield from (requirement.when, requirement.met)
    yield from (check.must for check in program.checks)
    yield from (only.condition for only in program.only_when)
    if program.applies_when is not None:
        yield program.applies_when


def _collect(expr: c.Expr, names: dict[int, frozenset[str]]) -> frozenset[str]:
    found = names.get(id(expr))
    if found is None:
        below = frozenset[str]().union(*(_collect(part, names) for part in children(expr)))
        found = names[id(expr)] = _own(expr) | (below - _bound(expr))
    return found


def _own(expr: c.Expr) -> frozenset[str]:
    """The variables that an expression names itself."""
    match expr:
        case (
            c.FactRef(variable=str(variable))
            | c.OptionRef(variable=variable)
            | (c.ElementRef(variable=variable) | c.Position(variable=variable))
        ):
            return frozenset((variable,))
        case c.Over(list_variable=str(variable)):
            return frozenset((variable,))
        case c.OutputRef(item=item, option=option):
            option_variable = (option[1:],) if option.startswith("*") else ()
            return frozenset((*option_variable, *(() if item is None else (item,))))
    return frozenset()


def _bound(expr: c.Expr) -> frozenset[str]:
    return frozenset((expr.variable,)) if isinstance(expr, c.Over) else frozenset()
