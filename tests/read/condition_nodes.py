"""Random surface nodes of every kind the parser can make, tricky names included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from engine.base.source import SourceText, Span
from engine.language import surface as s
from engine.language import types as t
from engine.language.operators import is_name
from engine.values.day_patterns import MonthDay, Season, Weekday, YearDay
from engine.values.money import Money
from engine.values.periods import CalendarPeriod, Elapsed, PeriodRange

PLACE: dict[str, Any] = {"span": Span(SourceText("generated", ""), 0, 0)}

# Names that are half of a longer word of the language, and common ones.
TRICKY = [
    *("a", "b", "line", "sum", "min", "max", "greater", "lesser", "later", "earlier", "happened", "passed", "begun"),
    *("open", "is", "at", "least", "than", "business", "days", "months", "elapsed", "from", "half", "up", "down"),
    *("even", "refund", "USD", "day", "hours", "weekday", "month", "year", "time", "start", "end", "first", "last"),
    *("on", "falls", "Friday", "Europe"),
]
PARTS = [*TRICKY, "to", "of", "not", "over", "date", "count"]

names = st.one_of(
    st.sampled_from(TRICKY).map(lambda n: (n,)),
    st.tuples(st.sampled_from(PARTS), st.sampled_from(PARTS)),
).map(lambda parts: s.Name(parts, **PLACE))
words = st.one_of(st.sampled_from(TRICKY), st.from_regex(r"[a-z]{1,4}", fullmatch=True)).filter(is_name)
counts = st.integers(0, 999)
units = st.sampled_from(["days", "months", "business days"])

DAY_PARTS: tuple[s.DayPart, ...] = ("weekday", "day of month", "month", "year", "time", "start", "end")
clocks = st.times().map(lambda clock: clock.replace(microsecond=0))
year_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: YearDay(day.month, day.day))
patterns: st.SearchStrategy[Any] = st.one_of(
    year_days,
    st.integers(0, 6).map(Weekday),
    st.integers(1, 31).map(MonthDay),
    st.sampled_from(["business day", "last day of the month"]),
)


def literal(kind: t.Type, value: Any) -> s.Literal:
    return s.Literal(kind, value, **PLACE)


def _periods(pair: tuple[int, int], unit: Any) -> s.Literal:
    low, high = sorted(pair)
    return literal(t.PeriodRangeType(), PeriodRange(CalendarPeriod(low, unit), CalendarPeriod(high, unit)))


def _money(minor: int, code: str, finer: int) -> s.Literal:
    return literal(t.MoneyType(code), Money(Fraction(minor, 100 * finer), code))


literals: st.SearchStrategy[s.Literal] = st.one_of(
    st.booleans().map(lambda v: literal(t.Boolean(), v)),
    st.text("ab' {}é\"", max_size=5).map(lambda v: literal(t.Text(), v)),
    counts.map(lambda v: literal(t.Integer(), v)),
    st.integers(0, 10**6).map(lambda v: literal(t.Decimal(), Fraction(v, 1000))),
    st.integers(0, 10**5).map(lambda v: literal(t.Percent(), Fraction(v, 1000))),
    st.builds(_money, st.integers(0, 10**9), st.sampled_from(["USD", "JPY", "KWD"]), st.sampled_from([1, 2, 10])),
    counts.map(lambda v: literal(t.ElapsedType(), Elapsed(v * 60))),
    st.builds(lambda n, u: literal(t.PeriodType(), CalendarPeriod(n, u)), counts, units),
    st.builds(_periods, st.tuples(counts, counts), units),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(lambda v: literal(t.Date(), v)),
    st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.just(UTC)).map(
        lambda v: literal(t.MomentType(), v)
    ),
    clocks.map(lambda v: literal(t.TimeOfDay(), v)),
)

reads = st.builds(
    lambda d, a, o: s.OutputRead(d, tuple(a), tuple(o), **PLACE),
    words,
    st.lists(words, min_size=1, max_size=2),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=2),
)


def _ranges(node: st.SearchStrategy[s.Node]) -> st.SearchStrategy[s.Range]:
    return st.one_of(
        st.builds(lambda a, b, x, y: s.Range(a, b, x, y, **PLACE), node, node, st.booleans(), st.booleans()),
        st.builds(lambda a, x: s.Range(a, None, x, True, **PLACE), node, st.booleans()),
        st.builds(lambda b, y: s.Range(None, b, True, y, **PLACE), node, st.booleans()),
    )


def _composed(node: st.SearchStrategy[s.Node]) -> st.SearchStrategy[s.Node]:
    """One more level over `node`."""
    maybe = st.one_of(st.none(), node)
    several = st.lists(node, min_size=2, max_size=3).map(tuple)
    lists = st.lists(node, min_size=1, max_size=3).map(lambda items: s.WordList(tuple(items), **PLACE))
    binary = st.sampled_from(["+", "-", "*", "/", "of", "==", "!=", "<", "<=", ">", ">="])
    timing = st.sampled_from(["within after", "within before", "later than after", "at least after", "at least before"])
    flag = st.booleans()
    return st.one_of(
        st.builds(lambda o, a: s.Logic(o, a, **PLACE), st.sampled_from(["and", "or"]), several),
        st.builds(lambda o, a, b: s.Binary(o, a, b, **PLACE), binary, node, node),
        st.builds(lambda a: s.Not(a, **PLACE), node),
        st.builds(lambda a: s.Negative(a, **PLACE), node),
        st.builds(lambda a, b, c: s.Conditional(a, b, c, **PLACE), node, node, node),
        st.builds(lambda a, c, n: s.Member(a, c, n, **PLACE), node, st.one_of(lists, _ranges(node), names), flag),
        st.builds(lambda a, n: s.Happened(a, n, **PLACE), node, flag),
        st.builds(
            lambda w, k, n: s.WindowTest(w, k, n, **PLACE), names, st.sampled_from(["open", "passed", "begun"]), flag
        ),
        st.builds(lambda k, a, b, c: s.Timing(k, a, b, c, **PLACE), timing, node, node, node),
        st.builds(
            lambda k, v, path, w, h: s.Quantifier(k, v, path, w, h, **PLACE),
            st.sampled_from(["any", "all"]), words, names, maybe, node,
        ),
        st.builds(lambda v, path, w: s.Aggregate("count", v, path, None, w, **PLACE), words, names, maybe),
        st.builds(
            lambda k, v, path, b, w: s.Aggregate(k, v, path, b, w, **PLACE),
            st.sampled_from(["sum", "min", "max"]), words, names, node, maybe,
        ),
        st.builds(
            lambda a, b, m: s.Round(a, b, m, **PLACE),
            node, node, st.sampled_from(["half up", "half even", "up", "down"]),
        ),
        st.builds(lambda a, b, c, d: s.Share(a, b, c, d, **PLACE), node, node, node, node),
        st.builds(lambda a, v, path, w: s.ShareOf(a, v, path, w, **PLACE), node, words, names, node),
        st.builds(
            lambda k, a: s.Extreme(k, a, **PLACE),
            st.sampled_from(["greater", "lesser", "later", "earlier"]), several,
        ),
        st.builds(
            lambda k, a, b: s.Between(k, a, b, **PLACE),
            st.sampled_from(["days", "business days", "months", "elapsed"]), node, node,
        ),
        st.builds(lambda a: s.DateOf(a, **PLACE), node),
        st.builds(lambda p, a: s.PartOf(p, a, **PLACE), st.sampled_from(DAY_PARTS), node),
        st.builds(
            lambda a, c, z: s.AtTime(a, c, z, **PLACE),
            node, clocks, st.sampled_from([None, "UTC", "Europe/Lisbon", "Etc/GMT+12", "America/Indiana/Knox"]),
        ),
        st.builds(lambda k, p, a: s.NearDay(k, p, a, **PLACE), st.sampled_from(["first", "last"]), patterns, node),
        st.builds(lambda a, x, y: s.FallsIn(a, Season(x, y), **PLACE), node, year_days, year_days),
    )  # fmt: skip


# The shortest forms that reach to the end: what follows one must not be taken into it.
_open_ranges = st.sampled_from(
    [
        s.Range(s.Name(("low",), **PLACE), None, False, True, **PLACE),
        s.Range(s.Name(("low",), **PLACE), None, True, True, **PLACE),
        s.Range(None, s.Name(("high",), **PLACE), True, False, **PLACE),
    ]
)
_bodies = st.one_of(names, st.builds(lambda a, r: s.Member(a, r, **PLACE), names, _open_ranges))
greedy = st.one_of(
    st.builds(lambda v, path, w: s.Aggregate("count", v, path, None, w, **PLACE), words, names, _bodies),
    st.builds(lambda v, path, h: s.Quantifier("any", v, path, None, h, **PLACE), words, names, _bodies),
    st.builds(lambda a, b, c: s.Conditional(a, b, c, **PLACE), names, names, _bodies),
    st.builds(lambda a, v, path, w: s.ShareOf(a, v, path, w, **PLACE), names, words, names, _bodies),
)


def nodes(depth: int = 4) -> st.SearchStrategy[s.Node]:
    """Nodes up to `depth` levels above their leaves."""
    strategy: st.SearchStrategy[s.Node] = st.one_of(names, literals, reads, greedy)
    for _ in range(depth):
        strategy = st.one_of(names, literals, greedy, _composed(strategy))
    return strategy


X, Y = s.Name(("x",), **PLACE), s.Name(("y",), **PLACE)
Shape = Callable[[s.Node], s.Node]


def shapes() -> list[Shape]:
    """Every construct with a hole in each of its places in turn."""
    binary: list[s.BinaryOp] = ["+", "-", "*", "of", "==", "<"]
    timings: list[s.TimingKind] = ["within after", "at least before"]
    found: list[Shape] = []
    for op in binary:
        found += [lambda n, op=op: s.Binary(op, n, X, **PLACE), lambda n, op=op: s.Binary(op, X, n, **PLACE)]
    for kind in timings:
        found += [
            lambda n, kind=kind: s.Timing(kind, n, X, Y, **PLACE),
            lambda n, kind=kind: s.Timing(kind, X, n, Y, **PLACE),
            lambda n, kind=kind: s.Timing(kind, X, Y, n, **PLACE),
        ]
    for low_in, high_in in ((True, True), (True, False), (False, True), (False, False)):
        flags: dict[str, Any] = {"low_in": low_in, "high_in": high_in, **PLACE}
        found += [
            lambda n, flags=flags: s.Member(X, s.Range(n, Y, **flags), **PLACE),
            lambda n, flags=flags: s.Member(X, s.Range(Y, n, **flags), **PLACE),
        ]
    found += [
        lambda n: s.Member(X, s.Range(n, None, **PLACE), **PLACE),
        lambda n: s.Member(X, s.Range(n, None, False, **PLACE), **PLACE),
        lambda n: s.Member(X, s.Range(None, n, **PLACE), **PLACE),
        lambda n: s.Member(X, s.Range(None, n, True, False, **PLACE), **PLACE),
        lambda n: s.Member(X, s.WordList((n, Y), **PLACE), **PLACE),
        lambda n: s.Member(n, Y, True, **PLACE),
        lambda n: s.Logic("and", (n, X, Y), **PLACE),
        lambda n: s.Logic("and", (X, n, Y), **PLACE),
        lambda n: s.Logic("and", (X, n), **PLACE),
        lambda n: s.Logic("or", (n, X), **PLACE),
        lambda n: s.Logic("or", (X, n), **PLACE),
        lambda n: s.Not(n, **PLACE),
        lambda n: s.Negative(n, **PLACE),
        lambda n: s.Happened(n, **PLACE),
        lambda n: s.Conditional(n, X, Y, **PLACE),
        lambda n: s.Conditional(X, n, Y, **PLACE),
        lambda n: s.Conditional(X, Y, n, **PLACE),
        lambda n: s.Quantifier("all", "v", X, n, Y, **PLACE),
        lambda n: s.Quantifier("any", "v", X, None, n, **PLACE),
        lambda n: s.Aggregate("sum", "v", X, n, Y, **PLACE),
        lambda n: s.Aggregate("min", "v", X, n, None, **PLACE),
        lambda n: s.Aggregate("count", "v", X, None, n, **PLACE),
        lambda n: s.ShareOf(n, "v", X, Y, **PLACE),
        lambda n: s.ShareOf(Y, "v", X, n, **PLACE),
        lambda n: s.Between("days", n, X, **PLACE),
        lambda n: s.Between("elapsed", X, n, **PLACE),
        lambda n: s.Round(n, X, "up", **PLACE),
        lambda n: s.Round(X, n, "half even", **PLACE),
        lambda n: s.Share(X, n, X, X, **PLACE),
        lambda n: s.Extreme("later", (n, X), **PLACE),
        lambda n: s.DateOf(n, **PLACE),
        *(lambda n, part=part: s.PartOf(part, n, **PLACE) for part in ("day of month", "end")),
        lambda n: s.AtTime(n, time(18), **PLACE),
        lambda n: s.AtTime(n, time(8, 30), "Europe/Lisbon", **PLACE),
        lambda n: s.NearDay("first", Weekday(4), n, **PLACE),
        lambda n: s.NearDay("last", "last day of the month", n, **PLACE),
        lambda n: s.FallsIn(n, Season(YearDay(11, 10), YearDay(1, 6)), **PLACE),
    ]
    return found


def nested() -> Iterator[s.Node]:
    """Every construct within every other, in every place, with the forms innermost that reach to the end."""
    over = s.Member(X, s.Range(Y, None, False, **PLACE), **PLACE)
    innermost: list[s.Node] = [
        X,
        s.Aggregate("count", "v", X, None, over, **PLACE),
        s.Quantifier("any", "v", X, None, Y, **PLACE),
    ]
    for outer in shapes():
        for middle in shapes():
            for node in innermost:
                yield outer(middle(node))
