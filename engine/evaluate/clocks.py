"""Windows in a case (`docs/semantics.md`, step 4): not begun, open, passed, or not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, cast
from zoneinfo import ZoneInfo

from engine.evaluate.operations import failed
from engine.language import core as c
from engine.language.outcome import FALSE, TRUE, Cause, Env, Known, Result, Unknown, joined, unknown
from engine.values import windows
from engine.values.business import BusinessCalendar
from engine.values.moments import NotYet
from engine.values.periods import CalendarPeriod, Elapsed
from engine.values.windows import WindowEnd, WindowSpec, WindowState
from engine.values.zones import zone

if TYPE_CHECKING:
    from engine.evaluate.expressions import Expressions


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
            return unknown("later", self.expressions.name_of(use.anchor, env))
        value = None if reading.end is None else getattr(reading.end, part)
        if value is not None:
            return Known(value)
        if causes:
            return Unknown(causes)
        if reading.end is None:
            return reading.state if isinstance(reading.state, Unknown) else failed(f"the end of `{use.name}`")
        return unknown("fact", self.expressions.name_of(use.anchor, env))

    def _day(self, use: c.WindowUse, reading: Reading, env: Env) -> Result:
        causes = joined((reading.anchor, reading.act, reading.zone))
        if causes or reading.spec is None:
            return Unknown(causes or joined([self._lasts(use, env)]))
        values = (cast("Known", reading.anchor).value, cast("Known", reading.act).value)
        for value, expr in zip(values, (use.anchor, use.act), strict=True):
            if isinstance(value, NotYet):
                return unknown("later", self.expressions.name_of(expr, env))
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
            if spec is not None and isinstance(anchor, Known) and not isinstance(anchor.value, NotYet):
                end = windows.bounds(spec, cast("date", anchor.value), _zone(where), self.calendar)
        except (ValueError, KeyError) as error:
            state = failed(f"{use.name}: {error}")
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
        bare = [
            self.expressions.name_of(expr, env)
            for expr, value in ((use.anchor, start), (use.act, moment))
            if not isinstance(value, datetime)
        ]
        return Unknown(frozenset(Cause("fact", name) for name in bare))

    def _not_begun(
        self, use: c.WindowUse, spec: WindowSpec, start: NotYet, moment: object, where: Result, env: Env
    ) -> Result:
        """The anchor has not been seen: a clock that has not started, or that runs towards something still ahead."""
        as_of = self.expressions.facts.case.as_of
        n = start.by or as_of
        act = n if isinstance(moment, NotYet) else cast("date", moment)
        later = unknown("later", self.expressions.name_of(use.anchor, env))
        if use.side == "after":
            if start.by is None and not isinstance(moment, NotYet) and as_of is None:
                return Known(WindowState.NOT_BEGUN.value)
            if act is None or n is None:
                return Known(WindowState.NOT_BEGUN.value) if start.by is None else later
            reached = windows.compare(act, n, _zone(where) or zone("UTC"))
            return Known(WindowState.NOT_BEGUN.value) if reached is not None and reached <= 0 else later
        if act is None or n is None:
            return later
        found = self._judge(use, spec, n, act, where, env)
        return found if found == Known(WindowState.OPEN.value) else later

    def _unseen_act(
        self, use: c.WindowUse, spec: WindowSpec, start: date, moment: NotYet, where: Result, env: Env
    ) -> Result:
        """The act has not been seen: the window is judged at `as_of` (and at the moment somebody looked)."""
        as_of = self.expressions.facts.case.as_of
        if as_of is None:
            return unknown("fact", "request.at")
        now = self._judge(use, spec, start, as_of, where, env)
        if moment.by is None or moment.by >= as_of:
            return now
        seen = self._judge(use, spec, start, moment.by, where, env)
        return now if seen == now else unknown("later", self.expressions.name_of(use.act, env))


def _zone(where: Result) -> ZoneInfo | None:
    return zone(where.value) if isinstance(where, Known) and isinstance(where.value, str) else None
