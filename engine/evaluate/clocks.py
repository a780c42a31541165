"""Windows in a case (`docs/semantics.md`, step 4): not begun, open, passed, or not known."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast
from zoneinfo import ZoneInfo

from engine.evaluate.operations import failed
from engine.language import core as c
from engine.language.outcome import FALSE, TRUE, Env, Known, Result, Unknown, joined, unknown
from engine.values import windows
from engine.values.business import BusinessCalendar
from engine.values.moments import NotYet
from engine.values.periods import CalendarPeriod, Elapsed
from engine.values.windows import WindowEnd, WindowSpec, WindowState
from engine.values.zones import local_date, same_in_every_zone, zone

if TYPE_CHECKING:
    from engine.evaluate.expressions import Expressions


_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Reading:
    """A window as it stands in a case: for conditions, deadlines and explanations."""

    state: Result
    spec: WindowSpec | None
    anchor: Result
    act: Result
    zone: Result
    end: WindowEnd | None


class Clocks:
    """Judges windows in one case."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self._memo: dict[tuple[int, object], Reading] = {}

    def read(self, use: c.WindowUse, env: Env) -> Reading:
        """The whole of a window: its state, its parts and its end."""
        key = (id(use), env.key)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._read(use, env)
        return found

    def test(self, use: c.WindowUse, state: Literal["open", "passed", "begun"], env: Env) -> Result:
        """`is open`, `has passed`, `has begun`."""
        found = self.read(use, env).state
        if isinstance(found, Unknown):
            return found
        if state == "begun":
            return FALSE if found.value == WindowState.NOT_BEGUN.value else TRUE
        return TRUE if found.value == state else FALSE

    def part(self, use: c.WindowUse, part: Literal["last_day", "end", "day"], env: Env) -> Result:
        """`.last_day`, `.end`, `.day`."""
        reading = self.read(use, env)
        if part == "day":
            return self._day(use, reading, env)
        causes = joined((reading.anchor, self._lasts(use, env), reading.zone))
        if isinstance(reading.anchor, Known) and isinstance(reading.anchor.value, NotYet):
            return Unknown(self.expressions.not_yet(use.anchor, env))
        value = None if reading.end is None else getattr(reading.end, part)
        if value is not None:
            return Known(value)
        if causes:
            return Unknown(causes)
        if reading.end is None:
            return failed(f"the end of `{use.name}`")
        return Unknown(self.expressions.inexact(use.anchor, env))

    def _day(self, use: c.WindowUse, reading: Reading, env: Env) -> Result:
        causes = joined((reading.anchor, reading.act, reading.zone))
        if causes or reading.spec is None:
            return Unknown(causes or joined([self._lasts(use, env)]))
        values = (cast("Known", reading.anchor).value, cast("Known", reading.act).value)
        for value, expr in zip(values, (use.anchor, use.act), strict=True):
            if isinstance(value, NotYet):
                return Unknown(self.expressions.not_yet(expr, env))
        anchor, act = (cast("date", v) for v in values)
        name = str(cast("Known", reading.zone).value)
        try:
            return Known(windows.day_number(reading.spec, anchor, act, zone(name), self.calendar))
        except (ValueError, KeyError) as error:
            return failed(str(error))

    @property
    def calendar(self) -> BusinessCalendar | None:
        """The policy's business calendar."""
        return self.expressions.program.calendar

    def _lasts(self, use: c.WindowUse, env: Env) -> Result:
        return self.expressions.value(use.lasts, env)

    def _read(self, use: c.WindowUse, env: Env) -> Reading:
        value = self.expressions.value
        anchor, act, lasts = value(use.anchor, env), value(use.act, env), value(use.lasts, env)
        where: Result = Known(use.zone) if use.zone_fact is None and use.zone else TRUE
        if use.zone_fact is not None:
            where = value(use.zone_fact, env)
        spec = end = None
        if isinstance(lasts, Known):
            period = cast("Elapsed | CalendarPeriod", lasts.value)
            spec = WindowSpec(period, use.side, use.inclusive, use.anchor_day)
        try:
            state = self._state(use, spec, (anchor, act, lasts, where), env)
            if isinstance(lasts, Unknown):
                state = self._whatever_its_length(use, state, (anchor, act, lasts, where), env)
        except (ValueError, KeyError) as error:
            state = failed(f"{use.name}: {error}")
        if spec is not None and isinstance(anchor, Known) and not isinstance(anchor.value, NotYet):
            with suppress(ValueError, KeyError):  # an end beyond the days covered is no end, and no other state either
                end = windows.bounds(spec, cast("date", anchor.value), _zone(where), self.calendar)
        return Reading(state, spec, anchor, act, where, end)

    def _state(
        self, use: c.WindowUse, spec: WindowSpec | None, parts: tuple[Result, Result, Result, Result], env: Env
    ) -> Result:
        anchor, act, lasts, where = parts
        causes = joined((anchor, act, lasts))
        if causes or spec is None:
            return Unknown(causes)
        start, moment = cast("Known", anchor).value, cast("Known", act).value
        if isinstance(start, NotYet):
            return self._not_begun(use, spec, start, moment, where, env)
        if isinstance(moment, NotYet):
            return self._unseen_act(use, spec, cast("date", start), moment, where, env)
        return self._judge(use, spec, cast("date", start), cast("date", moment), where, env)

    def _whatever_its_length(
        self, use: c.WindowUse, state: Result, parts: tuple[Result, Result, Result, Result], env: Env
    ) -> Result:
        """The state under every length that an `if` leaves open, if it is the same under all of them; else `state`."""
        lengths = self._lengths(use.lasts, env)
        if lengths is None:
            return state
        anchor, act, _, where = parts
        specs = [WindowSpec(length, use.side, use.inclusive, use.anchor_day) for length in lengths]
        found = [self._state(use, spec, (anchor, act, TRUE, where), env) for spec in specs]
        return found[0] if isinstance(found[0], Known) and all(one == found[0] for one in found) else state

    def _lengths(self, expr: c.Expr, env: Env) -> list[Elapsed | CalendarPeriod] | None:
        """The lengths that a window can still have, or None if they cannot be told."""
        found = self.expressions.value(expr, env)
        if isinstance(found, Known):
            return [cast("Elapsed | CalendarPeriod", found.value)]
        if isinstance(expr, c.Named):
            return self._lengths(expr.body, env)
        if not isinstance(expr, c.If):
            return None
        condition = self.expressions.value(expr.condition, env)
        if isinstance(condition, Known):
            return self._lengths(expr.then if condition.value else expr.otherwise, env)
        then, otherwise = self._lengths(expr.then, env), self._lengths(expr.otherwise, env)
        return None if then is None or otherwise is None else [*then, *otherwise]

    def _judge(self, use: c.WindowUse, spec: WindowSpec, start: date, moment: date, where: Result, env: Env) -> Result:
        known_zone = _zone(where)
        if known_zone is None:
            found = windows.state_in_any_zone(spec, start, moment, self.calendar)
            if found is None:
                return where if isinstance(where, Unknown) else unknown("fact", "zone")
            return Known(found.value)
        found = windows.state(spec, start, moment, known_zone, self.calendar)
        if found is not None:
            return Known(found.value)
        sides = ((use.anchor, start), (use.act, moment))
        bare = [self.expressions.inexact(expr, env) for expr, value in sides if not isinstance(value, datetime)]
        return Unknown(frozenset().union(*bare))

    def _not_begun(
        self, use: c.WindowUse, spec: WindowSpec, start: NotYet, moment: object, where: Result, env: Env
    ) -> Result:
        """The anchor has not been seen: a clock that has not started, or that runs towards something still ahead.

        An act that has not been seen either is judged at `as_of`. What holds for the earliest moment that the anchor can
        still be, holds for every later one: a window after it has not begun then, a window before it is open longer.
        """
        as_of = self.expressions.facts.case.as_of
        later = self.expressions.not_yet(use.anchor, env)
        if as_of is None:
            return Unknown(later)
        n = start.by or as_of
        act = as_of if isinstance(moment, NotYet) else cast("date", moment)
        if use.side == "before":
            wanted, found = WindowState.OPEN, self._judge(use, spec, n, act, where, env)
        elif n < as_of:
            wanted, found = WindowState.NOT_BEGUN, self._judge(use, spec, n + _MICROSECOND, act, where, env)
        else:
            wanted, found = WindowState.NOT_BEGUN, self._not_begun_by(act, n, where)
        return found if found == Known(wanted.value) else Unknown(later | joined((found,)))

    def _not_begun_by(self, act: date, n: datetime, where: Result) -> Result:
        """A clock that had not started at n has not at an act that n has come to: for a bare date, to some part of it."""
        known_zone = _zone(where)
        if isinstance(act, datetime):
            reached: bool | None = act <= n
        elif known_zone is not None:
            reached = act <= local_date(n, known_zone)
        else:
            reached = same_in_every_zone(lambda each: act <= local_date(n, each))
        if reached is None:
            return where
        return Known(WindowState.NOT_BEGUN.value) if reached else Unknown(frozenset())

    def _unseen_act(
        self, use: c.WindowUse, spec: WindowSpec, start: date, moment: NotYet, where: Result, env: Env
    ) -> Result:
        """The act has not been seen: the window is judged at `as_of` (and at the moment somebody looked)."""
        as_of = self.expressions.facts.case.as_of
        if as_of is None:
            return Unknown(self.expressions.not_yet(use.act, env))
        now = self._judge(use, spec, start, as_of, where, env)
        if moment.by is None or moment.by >= as_of:
            return now
        seen = self._judge(use, spec, start, moment.by, where, env)
        return now if seen == now else Unknown(self.expressions.not_yet(use.act, env) | joined((now, seen)))


def _zone(where: Result) -> ZoneInfo | None:
    return zone(where.value) if isinstance(where, Known) and isinstance(where.value, str) else None
