"""The conditions of a policy and their parts, as coverage counts them: found once, by where they stand in the file.

A *condition* is a rule's `when` and `unless` taken together, the body of a `define`, the `when` or `met` of a requirement,
the policy's `applies_when`, and every test inside of a formula (`if ...`, `where ...`, `has ...`). Its *parts* are what
`and`, `or`, `not` and `if` join. A name under `define` is one part where it is used; its own text is a condition again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.base.source import ScalarText, Span
from engine.language import core as c
from engine.language.types import Boolean
from engine.language.walk import children, window_parts

Place = tuple[str, int, int, int]
Key = tuple[Place, str, int]
Truth = bool | None
"""None is unknown."""


def place_of(span: Span) -> Place:
    """What tells places apart: the file, where the scalar begins, and the stretch inside of it."""
    outer = span.source.outer if isinstance(span.source, ScalarText) else span
    return (outer.source.name, outer.start, span.start, span.end)


@dataclass(frozen=True)
class Joined:
    """How parts are joined. `parts` are joints again, or the numbers of parts of the condition."""

    how: Literal["and", "or", "not", "if"]
    parts: tuple[Joint, ...]


Joint = Joined | int | bool


def settle(joint: Joint, values: tuple[Truth, ...] | list[Truth]) -> Truth:
    """What a condition comes to if its parts come to these values, by strong Kleene logic."""
    if isinstance(joint, bool):
        return joint
    if isinstance(joint, int):
        return values[joint]
    found = [settle(part, values) for part in joint.parts]
    match joint.how:
        case "not":
            return None if found[0] is None else not found[0]
        case "if":
            chosen = found[1] if found[0] else found[2]
            return chosen if found[0] is not None or found[1] is found[2] else None
        case "and":
            return False if False in found else (None if None in found else True)
        case "or":
            return True if True in found else (None if None in found else False)


@dataclass
class Part:
    """One part of a condition, and what cases have shown of it.

    `seen`: the values it had. `decided_as`: the pairs (its value, the whole's) in which turning this part round, and
    nothing else, would have turned the whole round. `varies`: whether it can be unknown at all.
    """

    span: Span
    varies: bool
    seen: set[Truth] = field(default_factory=set)
    decided_as: set[tuple[bool, bool]] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The part as written, on one line."""
        return " ".join(self.span.text.split())

    @property
    def decides(self) -> bool:
        """Whether a pair of evaluations shows that it decides alone (MC/DC)."""
        return any((not value, not whole) in self.decided_as for value, whole in self.decided_as)


@dataclass
class Condition:
    """One condition. `whose` says in words where it belongs."""

    whose: str
    span: Span
    joint: Joint
    parts: tuple[Part, ...]
    seen: set[tuple[Truth, ...]] = field(default_factory=set)

    def saw(self, values: tuple[Truth, ...]) -> None:
        """Take note of one evaluation."""
        if values in self.seen:
            return
        self.seen.add(values)
        whole = settle(self.joint, values)
        changed = list(values)
        for i, (part, value) in enumerate(zip(self.parts, values, strict=True)):
            part.seen.add(value)
            if value is None or whole is None:
                continue
            changed[i] = not value
            if settle(self.joint, changed) is (not whole):
                part.decided_as.add((value, whole))
            changed[i] = value


@dataclass(frozen=True, eq=False)
class Site:
    """A condition as it stands in the typed core; `exprs` are its parts, `inner` what stands inside of them."""

    condition: Condition
    exprs: tuple[c.Expr, ...]
    inner: tuple[Visit, ...]


@dataclass(frozen=True, eq=False)
class Loop:
    """What is evaluated for each member of a list."""

    over: c.Over
    inner: tuple[Visit, ...]


@dataclass(frozen=True, eq=False)
class Branch:
    """A formula's `if`: only the branch that was taken counts."""

    condition: c.Expr
    site: tuple[Visit, ...]
    then: tuple[Visit, ...]
    otherwise: tuple[Visit, ...]


Visit = Site | Loop | Branch


class Conditions:
    """All conditions of a program, each place once (`known`), and how to walk them in a case.

    What a policy's markets have in common is one condition: `known` then holds those of the markets before.
    """

    def __init__(self, program: c.Program, known: dict[Key, Condition] | None = None) -> None:
        self.program = program
        self.known: dict[Key, Condition] = {} if known is None else known
        self._plans: dict[tuple[int, str], tuple[Visit, ...]] = {}
        self.scope = () if program.scope is None else self._site(program.scope, "`applies_when`")
        self.rules = {id(r): self._rule(d, r) for d in program.decisions.values() for r in d.rules}
        self.requirements = {d.id: tuple(self._requirements(d)) for d in program.decisions.values()}
        self.others = {id(o): tuple(self._other(d, o)) for d in program.decisions.values() for o in d.outputs.values()}

    def _rule(self, decision: c.CoreDecision, rule: c.CoreRule) -> tuple[Visit, ...]:
        whose = f"rule `{decision.id}.{rule.id}`"
        joints = [*rule.when, *(c.Not(type=Boolean(), span=rule.span, operand=u) for u in rule.unless)]
        found: tuple[Visit, ...] = ()
        if joints:
            found = self._site(c.Logic(type=Boolean(), span=rule.span, op="and", parts=tuple(joints)), whose)
        for value in rule.then.values():
            if not isinstance(value, c.NotStated):
                found += self._plan(value, whose)
        return found

    def _requirements(self, decision: c.CoreDecision) -> Iterator[Visit]:
        for one in decision.requires:
            whose = f"requirement `{decision.id}.{one.id}`"
            yield from self._site(one.when, whose)
            yield from self._site(one.met, whose)

    def _other(self, decision: c.CoreDecision, output: c.CoreOutput) -> Iterator[Visit]:
        whose = f"output `{decision.id}.{output.id}`"
        values = (output.otherwise.value if output.otherwise else None, output.split_of, output.up_to)
        for value in (*values, output.net.amount if output.net else None):
            if value is not None:
                yield from self._plan(value, whose)

    # finding ---------------------------------------------------------------------------------------------------------

    def _site(self, expr: c.Expr, whose: str, members: str = "") -> tuple[Visit, ...]:
        """A condition. One that is always the same (`true`) has no parts and is none.

        `members` tells what a list expression asks of each member from the list expression itself.
        """
        exprs: list[c.Expr] = []
        numbers: dict[str, int] = {}
        joint = self._joint(expr, exprs, numbers)
        if not exprs:
            return ()
        key = (place_of(expr.span), members, len(exprs))
        condition = self.known.get(key)
        if condition is None:
            parts = tuple(Part(one.span, self._varies(one)) for one in exprs)
            condition = self.known[key] = Condition(whose, expr.span, joint, parts)
        elif self.program.market is not None:  # in another market an amount may not be stated
            for part, one in zip(condition.parts, exprs, strict=True):
                part.varies = part.varies or self._varies(one)
        inner = tuple(visit for one in exprs for visit in self._plan(one, whose))
        return (Site(condition, tuple(exprs), inner),)

    def _joint(self, expr: c.Expr, exprs: list[c.Expr], numbers: dict[str, int]) -> Joint:
        def below(*parts: c.Expr) -> tuple[Joint, ...]:
            return tuple(self._joint(part, exprs, numbers) for part in parts)

        match expr:
            case c.Const(value=bool(value)):
                return value
            case c.Logic(op=op, parts=parts) if _written_apart(expr):
                return Joined(op, below(*parts))
            case c.Not(operand=operand) if _written_apart(expr):
                return Joined("not", below(operand))
            case c.If(condition=condition, then=then, otherwise=otherwise):
                return Joined("if", below(condition, then, otherwise))
        text = " ".join(expr.span.text.split())  # a part that is written twice is one part
        if text not in numbers:
            numbers[text] = len(exprs)
            exprs.append(expr)
        return numbers[text]

    def _varies(self, expr: c.Expr) -> bool:
        """Whether a part can be unknown: it reads more than fixed values, set parameters and the option asked for."""
        pending = [expr]
        while pending:
            one = pending.pop()
            match one:
                case c.Const() | c.OptionRef() | c.ElementRef():
                    continue
                case c.ParameterRef(name=name) if self.program.parameters[name].value is not None:
                    continue
                case c.Op() | c.Not() | c.Logic() | c.If() | c.Named():
                    pending.extend(children(one))
                case _:
                    return True
        return False

    def _plan(self, expr: c.Expr, whose: str) -> tuple[Visit, ...]:
        key = (id(expr), whose)
        if key not in self._plans:
            self._plans[key] = tuple(self._visits(expr, whose))
        return self._plans[key]

    def _visits(self, expr: c.Expr, whose: str) -> Iterable[Visit]:
        match expr:
            case c.Derived():
                return ()  # the vocabulary's own formula
            case c.Named(name=name, body=body):
                if name in self.program.parameters:
                    return ()  # the dated values of a parameter
                inside = f"`{name}`"
                return self._site(body, inside) if isinstance(body.type, Boolean) else self._plan(body, inside)
            case c.Logic() if _written_apart(expr):
                return self._site(expr, whose)
            case c.Not() if _written_apart(expr):
                return self._site(expr, whose)
            case c.If(condition=condition, then=then, otherwise=otherwise):
                if isinstance(expr.type, Boolean):
                    return self._site(expr, whose)
                site = self._site(condition, whose)
                return (Branch(condition, site, self._plan(then, whose), self._plan(otherwise, whose)),)
            case c.Over():
                return (Loop(expr, tuple(self._members(expr, whose))),)
            case c.WindowTest(window=window) | c.WindowPart(window=window):
                inside = f"window `{window.name}`"
                return [v for part in window_parts(window) for v in self._plan(part, inside)]
            case c.TableRead(table=table, columns=columns, output=output):
                # the cells are no parts of conditions, since rows count by themselves: only what they look at and give
                given = [row.then[output.id] for row in output.rules]
                parts = (*columns, *(value for value in given if not isinstance(value, c.NotStated)))
                return [v for part in parts for v in self._plan(part, f"table `{table}`")]
        return [v for part in children(expr) for v in self._plan(part, whose)]

    def _members(self, over: c.Over, whose: str) -> Iterator[Visit]:
        """`any x where w has p` is `w and p` for each member, `all` is `not w or p`; elsewhere `where` stands alone."""
        if over.kind not in ("any", "all"):
            yield from () if over.where is None else self._site(over.where, whose)
            yield from () if over.body is None else self._plan(over.body, whose)
            return
        assert over.body is not None
        if over.where is None:
            yield from self._site(over.body, whose, over.kind)
            return
        where: c.Expr = over.where
        if over.kind == "all":
            where = c.Not(type=Boolean(), span=over.span, operand=where)
        op: Literal["and", "or"] = "and" if over.kind == "any" else "or"
        both = c.Logic(type=Boolean(), span=over.span, op=op, parts=(where, over.body))
        yield from self._site(both, whose, over.kind)


def _written_apart(expr: c.Logic | c.Not) -> bool:
    """Whether its author wrote the parts.

    A range, or a comparison shared out over `later of (...)`, is one part; so are `not in` and `has not happened`, which
    are true where what they are made of is false.
    """
    return any(part.span != expr.span for part in children(expr))
