"""How much work a case can be at most, worked out before it is begun: lists in one another multiply.

A `for_each` over a thousand lines, with two list expressions inside it, would mean a thousand million members. Such a
case is an error at once, so that no request keeps a service busy for hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from engine.base.diagnostics import Diagnostic
from engine.evaluate.variables import variables
from engine.language import core as c
from engine.language.case import Case, CaseError, Path
from engine.language.joined import in_order, joined_names
from engine.language.walk import list_of, output_parts, with_places

MAX_STEPS = 5_000_000
"""The most parts of expressions that are evaluated for the questions of a policy together, each once for each member on
which it hangs."""

_FEW_MEMBERS = 40
"""With so few members in all the lists together, no policy comes near the limit."""

_Work = tuple[tuple[tuple[Path, ...], int], ...]
_kept: WeakKeyDictionary[c.Program, _Work] = WeakKeyDictionary()


def within_reach(program: c.Program, case: Case) -> Case:
    """The case, or, if it would be too much work, one that is wrong as a whole and says so."""
    if sum(case.lengths.values()) <= _FEW_MEMBERS or steps(program, case) <= MAX_STEPS:
        return case
    diagnostic = Diagnostic(
        "facts-too-large",
        "the lists of the case are too long for what this policy does with them",
        help="ask about fewer lines at a time",
        where="the case",
    )
    return replace(case, facts={}, lengths={}, errors=(*case.errors, CaseError((), diagnostic)))


def steps(program: c.Program, case: Case) -> int:
    """How many parts of expressions are evaluated at most if every question is asked about the case."""
    work = _kept.get(program)
    if work is None:
        work = _kept[program] = tuple(_counted(program).items())
    longest: dict[Path, int] = {}
    for path, length in case.lengths.items():
        pattern = tuple("*" if isinstance(part, int) else part for part in path)
        longest[pattern] = max(length, longest.get(pattern, 0))
    total = 0
    for lists, count in work:
        for path in lists:
            count *= longest.get(path, 0)
        total += count
    return total


def _counted(program: c.Program) -> dict[tuple[Path, ...], int]:
    """How many parts of expressions are worked out for the members of which lists: those whose variables they name."""
    found: dict[tuple[Path, ...], int] = {}
    names = variables(program)
    theirs = joined_names(program.facts)
    for roots, places, times in _places(program):
        for expr, around in with_places(roots, places):
            hangs_on = names.get(id(expr), tuple(around))
            lists = [path[:-1] for name, path in around.items() if name in hangs_on]
            if isinstance(expr, c.Over):
                lists.append(list_of(expr, around))  # even one without a body goes through its list
            key = tuple(sorted((in_order(path, theirs) for path in lists), key=str))
            found[key] = found.get(key, 0) + times
    return found


def _places(program: c.Program) -> Iterator[tuple[Iterable[c.Expr], Mapping[str, Path], int]]:
    """All expressions, with the variable around them and how many times they are evaluated for each member."""
    for one in program.decisions.values():
        around = {} if one.variable is None else {one.variable: (*one.list_path, "*")}
        roots = [expr for output in one.outputs.values() for expr in output_parts(one, output)]
        yield roots, around, max(1, len(one.options))
    for check in program.checks:
        yield [check.must], ({} if check.variable is None else {check.variable: (*check.list_path, "*")}), 1
    for only in program.only_when:
        stars = [i for i, part in enumerate(only.pattern) if part == "*"]
        inside = only.variable is not None and bool(stars)
        yield [only.condition], ({str(only.variable): only.pattern[: stars[-1] + 1]} if inside else {}), 1
