"""What the policy defines itself: its words (`define`) and its windows, bound where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from engine.base.diagnostics import Place
from engine.base.source import Embedded, SourceText, Span
from engine.check.nesting import MAX_LEVELS, too_deep
from engine.check.places import part_of
from engine.check.scope import Bound, Scope
from engine.check.suggestions import listed, name_help
from engine.check.timing import check_period
from engine.check.typing import brief
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import Boolean, Date, ElapsedType, Integer, MomentType, Record, Type, Zone
from engine.read.condition import parse_condition
from engine.values.zones import is_zone, zone_help
from engine.vocabulary.shared import vocabulary

if TYPE_CHECKING:
    from engine.check.names import NameResolver

Key = tuple[object, ...]
"""A definition together with what its meaning hangs on: the variables around it."""

WINDOW_PARTS = ("last_day", "end", "day")


class Definitions:
    """Elaborates defines and windows once for each set of variables they are used under."""

    def __init__(self, names: NameResolver) -> None:
        self.names = names
        self.symbols = names.symbols
        self.report = names.report
        self._defines: dict[Key, c.Expr | None] = {}
        self._windows: dict[Key, c.WindowUse | None] = {}
        self._depths: dict[Key, int] = {}
        self._derived: dict[tuple[str, str | None], c.Expr | None] = {}
        self._open: list[tuple[str, Span, Span]] = []

    @property
    def using(self) -> tuple[str, Span] | None:
        """The outermost definition that is being worked out, and where it is used."""
        return (self._open[0][0], self._open[0][2]) if self._open else None

    @contextmanager
    def opened(self, name: str, span: Span, used: Span, key: Key) -> Iterator[bool]:
        """Hold the definition `name` open while it is worked out; False, after a report, if it rests on itself.

        How deep it goes is kept under `key`, for when it is used again (`fits`).
        """
        open_names = [one for one, _, _ in self._open]
        if name in open_names:
            self._circle([(n, s) for n, s, _ in self._open[open_names.index(name) :]])
            yield False
            return
        el = self.names.el
        self._open.append((name, span, used))
        before, el.inside_where = el.inside_where, None
        deepest, el.deepest = el.deepest, el.level
        yield True
        self._depths[key] = el.deepest - el.level
        el.deepest = max(deepest, el.deepest)
        el.inside_where = before
        self._open.pop()

    def fits(self, key: Key, used: Span) -> bool:
        """Whether a definition that is worked out already may be used here, however deep here is; reports it if not."""
        el = self.names.el
        deep = el.level + self._depths.get(key, 0)
        el.deepest = max(el.deepest, deep)
        if deep > MAX_LEVELS:
            too_deep(used, self.report)
        return deep <= MAX_LEVELS

    def _circle(self, circle: list[tuple[str, Span]]) -> None:
        first = min(range(len(circle)), key=lambda i: circle[i][1].start)
        circle = circle[first:] + circle[:first]
        path = " -> ".join(f"`{name}`" for name, _ in [*circle, circle[0]])
        what = f"`{circle[0][0]}` rests on itself" if len(circle) == 1 else f"these rest on one another: {path}"
        self.report.add(
            "cycle",
            what,
            circle[0][1],
            help="say one of them without the others" if len(circle) > 1 else "say it without its own name",
            also=[Place(span, f"`{name}`") for name, span in circle[1:]],
        )

    # where a definition can be used ----------------------------------------------------------------------------------

    def usable(self, name: str, used: Span, scope: Scope) -> bool:
        """Whether everything stands here that a definition speaks of (`line`); reports it at the use if not."""
        for head, place in self.names.mentions.of_name(name).items():
            if head in scope.variables or head not in vocabulary().places or self.symbols.facts.get(head) is not None:
                continue
            self.report.add(
                "name-not-here",
                f"`{name}` speaks of a `{head}`, but none is meant here",
                used,
                help=self.where_bound(head, scope),
                also=[Place(place, f"here it speaks of `{head}`")],
            )
            return False
        return True

    def where_bound(self, head: str, scope: Scope) -> str:
        """How to make a word such as `line` stand for something."""
        path = list_of(head)
        if path is None:
            return "name a fact of the case"
        same = [n for n, b in scope.variables.items() if isinstance(b, Bound) and b.list_path == path]
        if same:
            return f"here a member of `{'.'.join(path)}` is called `{same[0]}`"
        source = f"{head} in {'.'.join(path)}"
        return f"ask the question `for_each: {source}`, or write `any {source} has ...`"

    # defines ---------------------------------------------------------------------------------------------------------

    def define(self, node: s.Name, scope: Scope) -> c.Expr | None:
        """A define by its name."""
        name = node.parts[0]
        define = self.symbols.defines[name]
        if not self.usable(name, node.span, scope):
            return None
        key = ("define", name, scope.key, self.names.el.rounding > 0)
        if key not in self._defines:
            with self.opened(name, define.span, node.span, key) as good:
                self._defines[key] = self.names.el.expr(define.body.node, scope) if good else None
        elif self._defines[key] is not None and not self.fits(key, node.span):
            return None
        body = self._defines[key]
        if body is None:
            return None
        return c.Named(type=body.type, span=node.span, name=name, body=body, cites=tuple(x.name for x in define.cites))

    # parameters that change over time, facts that are worked out -------------------------------------------------------

    def dated(self, node: s.Name, kind: Type, scope: Scope) -> c.Expr | None:
        """A parameter whose value changes over time: the last value whose first day has come on the picking date."""
        name = node.parts[0]
        by, values = self.symbols.dated[name]
        if not self.usable(name, node.span, scope):
            return None
        picking = by.node if by is not None else s.Name(("request", "at"), span=node.span)
        with self.opened(name, node.span, node.span, ("dated", name)) as good:
            moment = self.names.el.moment(picking, scope) if good else None
        if moment is None or not values:
            return None
        day = c.Op(type=Date(), span=moment.span, key="date_of", args=(moment,))
        chosen: c.Expr = values[0][1]
        for start, value in values[1:]:
            assert start is not None  # loading has seen to the order
            first = c.Const(type=Date(), span=value.span, value=start)
            begun = c.Op(type=Boolean(), span=value.span, key="less_equal", args=(first, day))
            chosen = c.If(type=kind, span=node.span, condition=begun, then=value, otherwise=chosen)
        spec = next(one for one in self.symbols.policy.parameters if one.id == name)
        return c.Named(type=kind, span=node.span, name=name, body=chosen, cites=tuple(x.name for x in spec.cites))

    def derived(self, node: s.Name, told: c.FactRef, record: Record) -> c.Expr | None:
        """A fact that the vocabulary works out by a formula (`x-derived` in schema/facts.schema.json)."""
        assert told.fact.derived is not None
        text = told.fact.derived.format(line=told.variable or "line")
        key = (text, told.variable)
        if key not in self._derived:
            parsed = parse_condition(shared_text(text), self.report)
            scope = Scope(shared=True)
            if told.variable is not None:
                scope = scope.bind(told.variable, Bound((), record, record))
            self._derived[key] = None if parsed is None else self.names.el.want(parsed, told.type, scope)
        formula = self._derived[key]
        if formula is None:
            return None
        given = told if told.fact.ask is not None else None
        return c.Derived(type=told.type, span=node.span, name=node.text, given=given, formula=formula)

    # windows ---------------------------------------------------------------------------------------------------------

    def window(self, node: s.Name, scope: Scope) -> c.WindowUse | None:
        """A window by its name, with its formulas bound in this scope."""
        name = node.text
        spec = self.symbols.windows.get(name)
        if spec is None:
            self._no_window(node, scope)
            return None
        self.symbols.used.add(f"window:{name}")
        if not self.usable(name, node.span, scope):
            return None
        key = ("window", name, scope.key)
        if key not in self._windows:
            with self.opened(name, spec.span, node.span, key) as good:
                self._windows[key] = self._bind_window(name, scope) if good else None
        elif self._windows[key] is not None and not self.fits(key, node.span):
            return None
        return self._windows[key]

    def _no_window(self, node: s.Name, scope: Scope) -> None:
        name = node.text
        near = name_help(name, self.symbols.windows)
        what = self.names.meaning(name, scope) if len(node.parts) == 1 else None
        known = listed(self.symbols.windows)
        if name in self.symbols.defines:
            near = near or f"write `{name}` or `not {name}`, or declare it under `windows`"
        self.report.add(
            "name-unknown",
            f"`{name}` is {what}, not a window" if what else f"there is no window `{name}`",
            node.span,
            help=near or (f"there is {known}" if known else "windows are declared under `windows`"),
        )

    def _bind_window(self, name: str, scope: Scope) -> c.WindowUse | None:
        spec, el = self.symbols.windows[name], self.names.el
        rounding, el.rounding = el.rounding, 0
        lasts = el.expr(spec.lasts.node, scope)
        anchor, act = el.moment(spec.anchor.node, scope), el.moment(spec.act.node, scope)
        el.rounding = rounding
        zone, zone_fact, good = self._zone(spec.zone, spec.zone_span or spec.span, scope)
        if lasts is None or anchor is None or act is None or not good:
            return None
        if not check_period(el, lasts, (anchor, act)):
            return None
        if spec.anchor_day == 1 and isinstance(lasts.type, ElapsedType):
            self.report.add(
                "type-periods",
                f"window `{name}` counts hours, so the event is no day 1 of it",
                self.symbols.places.value("windows", name, "anchor_is") or spec.span,
                help="remove `anchor_is`, or let the window last a number of days",
            )
            return None
        return c.WindowUse(
            name=name,
            lasts=lasts,
            side=spec.side,
            anchor=anchor,
            act=act,
            zone=zone,
            zone_fact=zone_fact,
            inclusive=spec.inclusive,
            anchor_day=spec.anchor_day,
            reports_as=spec.reports_as,
            label=spec.label,
            cites=tuple(x.name for x in spec.cites),
            span=spec.span,
        )

    def _zone(self, text: str | None, span: Span, scope: Scope) -> tuple[str | None, c.Expr | None, bool]:
        if text is None:
            return self.symbols.policy.timezone, None, True
        if is_zone(text):
            return text, None, True
        parts = tuple(text.split("."))
        if len(parts) > 1 and all(p.isidentifier() for p in parts):
            fact = self.names.resolve(s.Name(parts, span=span), scope)
            if fact is None:
                return None, None, False
            if isinstance(fact.type, Zone):
                return None, fact, True
            message = f"`{text}` is {brief(fact.type)}, not a time zone"
        else:
            message = f"`{text}` is neither a time zone nor a fact that holds one"
        self.report.add(
            "window-zone",
            message,
            span,
            help=zone_help(text)
            or "write an IANA name such as `America/Denver`, or a fact such as `order.ship_to.timezone`",
        )
        return None, None, False

    def window_part(self, node: s.Name, scope: Scope) -> c.Expr | None:
        """`w.last_day`, `w.end`, `w.day`."""
        use = self.window(s.Name(node.parts[:1], span=node.span), scope)
        if use is None:
            return None
        part = node.parts[1]
        if part not in WINDOW_PARTS or len(node.parts) > 2:
            self.report.add(
                "name-unknown",
                f"window `{use.name}` has no `.{'.'.join(node.parts[1:])}`",
                part_of(node.span, node.parts, 1),
                help=name_help(part, WINDOW_PARTS, f"{use.name}.") or "it has `.last_day`, `.end` and `.day`",
            )
            return None
        if part == "day" and isinstance(use.lasts.type, ElapsedType):
            self.report.add(
                "type-periods",
                f"window `{use.name}` counts hours, so there is no number of a day",
                part_of(node.span, node.parts, 1),
                help=f"use `{use.name}.end`",
            )
            return None
        kinds: dict[str, tuple[Literal["last_day", "end", "day"], Type]] = {
            "last_day": ("last_day", Date()),
            "end": ("end", MomentType()),
            "day": ("day", Integer()),
        }
        chosen, kind = kinds[part]
        return c.WindowPart(type=kind, span=node.span, window=use, part=chosen)


def shared_text(text: str) -> Embedded:
    """A formula of the shared vocabulary as a text with places of its own."""
    source = SourceText("facts.schema.json", text)
    return Embedded(text, Span(source, 0, len(text)), tuple(range(len(text) + 1)))


def named_so(variable: str, path: tuple[str, ...]) -> bool:
    """Whether a variable is what the shared vocabulary calls a member of this list: `parcel in order.parcels`."""
    return path in vocabulary().places.get(variable, ())


def list_of(member: str) -> tuple[str, ...] | None:
    """The list whose members the shared vocabulary calls by a name: `line` is a line of the request."""
    if member == "line":
        return ("request", "lines")
    places = vocabulary().places.get(member, ())
    return next((path for path in places if len(path) == 2), None)
