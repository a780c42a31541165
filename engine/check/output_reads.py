"""Reading what decisions conclude: `return.outcome`, `return(line).goods`, `return(exchange).outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.base.diagnostics import Place
from engine.base.source import Span
from engine.check.places import part_of, word_in
from engine.check.scope import Bound, OptionBound, Scope
from engine.check.suggestions import listed, name_help
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.joined import ORDER_LINES, is_promotion_lines
from engine.language.types import Words

if TYPE_CHECKING:
    from engine.check.names import NameResolver


def output_read(names: NameResolver, node: s.OutputRead, scope: Scope) -> c.Expr | None:
    """`return(line, refund).outcome`: of a member, of an option, or of both."""
    decision = names.symbols.decisions.get(node.decision)
    if decision is None:
        known = listed(names.symbols.decisions)
        names.report.add(
            "name-unknown",
            f"this policy has no decision `{node.decision}`",
            word_in(node.span, node.decision),
            help=name_help(node.decision, names.symbols.decisions)
            or (f"it has {known}" if known else "decisions are declared under `decisions`"),
        )
        return None
    item = option = None
    for argument in node.arguments:
        bound = scope.variables.get(argument)
        if isinstance(bound, Bound) and item is None:
            if not _same_list(names, node, decision, argument, bound):
                return None
            item = argument
        elif isinstance(bound, OptionBound) and option is None:
            if not _offers(names, node.span, decision, argument, bound):
                return None
            option = "*" + argument
        elif bound is None and decision.every is not None and argument in decision.every[1] and option is None:
            option = argument
        else:
            _not_an_argument(names, node, decision, argument, scope)
            return None
    return output(names, node.span, node.decision, node.output, scope, item, option)


def _same_list(names: NameResolver, node: s.OutputRead, decision: m.Decision, argument: str, bound: Bound) -> bool:
    promoted = is_promotion_lines(bound.list_path)
    if decision.each is not None and (
        bound.list_path == decision.each[1] or (promoted and decision.each[1] == ORDER_LINES)
    ):
        return True  # a promotion's line is the order line that it names
    ours = ".".join(p for p in bound.list_path if p != "*")
    if decision.each is None:
        message = f"decision `{decision.id}` is asked once, not for each `{argument}`"
        help = f"write `{decision.id}.{'.'.join(node.output)}`"
    else:
        theirs = ".".join(decision.each[1])
        message = (
            f"decision `{decision.id}` is asked for each member of `{theirs}`, but `{argument}` is one of `{ours}`"
        )
        help = f"go over the same list: `for {argument} in {theirs}`"
        if promoted and decision.each[1] == ("request", "lines"):
            head = f"{decision.each[0]} in {theirs} where {decision.each[0]}.id == {argument}.id"
            read = f"{node.decision}({decision.each[0]}).{'.'.join(node.output)}"
            help = f"the request may have no line of it, or two: write `any {head} has {read} ...`"
    names.report.add("name-not-here", message, node.span, help=help, also=[Place(decision.span, "the decision")])
    return False


def _offers(names: NameResolver, span: Span, decision: m.Decision, variable: str, bound: OptionBound) -> bool:
    """Whether every option that a variable stands for is one of the decision's."""
    options = decision.every[1] if decision.every else ()
    missing = next((word for word in bound.words if word not in options), None)
    if missing is None:
        return True
    names.report.add(
        "type-unknown-word",
        f"`{variable}` can be `{missing}`, which is no option of decision `{decision.id}`",
        span,
        help=f"name the option that is meant, such as `{decision.id}({options[0]})`"
        if options
        else f"decision `{decision.id}` has no options: leave `{variable}` out",
        also=[Place(decision.span, "the decision")],
    )
    return False


def _not_an_argument(
    names: NameResolver, node: s.OutputRead, decision: m.Decision, argument: str, scope: Scope
) -> None:
    options = decision.every[1] if decision.every else ()
    known = [*options, *(v for v, b in scope.variables.items() if isinstance(b, Bound))]
    if argument in known:
        message, help = f"`{argument}` is one argument too many", "name one member and one option at most"
    elif not known:
        message = f"`{argument}` stands for nothing here, and decision `{decision.id}` has no options"
        help = f"write `{decision.id}.{'.'.join(node.output)}`"
    else:
        message = f"`{argument}` is neither a variable here nor an option of decision `{decision.id}`"
        help = name_help(argument, known) or f"it can be {listed(known)}"
    names.report.add("name-unknown", message, word_in(node.span, argument), help=help)


def output(
    names: NameResolver,
    span: Span,
    name: str,
    path: tuple[str, ...],
    scope: Scope,
    item: str | None = None,
    option: str | None = None,
) -> c.Expr | None:
    """An output of another decision: of the same member and option, or of those that are named."""
    decision = names.symbols.decisions[name]
    spec = next((o for o in decision.outputs if o.id == path[0]), None)
    if spec is None or len(path) > 1:
        known = [o.id for o in decision.outputs]
        names.report.add(
            "name-unknown",
            f"decision `{name}` has no output `{'.'.join(path)}`",
            part_of(span, (name, *path), 1),
            help=name_help(path[0], known, f"{name}.") or f"it has {listed(known) or f'{len(known)} others'}",
        )
        return None
    kind = names.symbols.output_types.get((name, path[0]))
    if kind is None:
        return None  # its type is wrong, and was reported there
    if decision.each is not None and item is None:
        item = _own_member(decision.each[1], scope)
        if item is None and (spec.roll_up or "each") == "each" and isinstance(kind, Words):
            kind = Words((*kind.words, "mixed"), kind.closed)
    if decision.every is None:
        option = ""
    elif option is None:
        option = _own_option(names, span, decision, scope)
        if option is None:
            return None
    return c.OutputRef(type=kind, span=span, decision=name, output=path[0], item=item, option=option)


def _own_member(path: tuple[str, ...], scope: Scope) -> str | None:
    """The variable of the reader's own `for_each`, if it goes over the same list."""
    if scope.each is None or scope.each[1] != path:
        return None
    variable = scope.each[0]
    return variable if variable in scope.variables else None


def _own_option(names: NameResolver, span: Span, decision: m.Decision, scope: Scope) -> str | None:
    """The option the reader is working out, if the other decision has it too; otherwise the one that was asked for."""
    assert decision.every is not None
    for variable, bound in scope.variables.items():
        if isinstance(bound, OptionBound) and set(bound.words) & set(decision.every[1]):
            return "*" + variable if _offers(names, span, decision, variable, bound) else None
    return ""
