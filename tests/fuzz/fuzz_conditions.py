"""Conditions and formulas made at random: most of them have a type, so that many of them reach the evaluator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from fuzz_corpus import written_conditions
from fuzz_literals import (
    CLOCKS,
    CURRENCIES,
    DATES,
    ELAPSED,
    EXOTIC,
    INSTANTS,
    LISTS,
    NUMBERS,
    PATTERNS,
    PERIODS,
    PLAIN_DATES,
    PLAIN_ELAPSED,
    PLAIN_INSTANTS,
    PLAIN_NUMBERS,
    PLAIN_PERIODS,
    YEAR_DAYS,
)

from engine.language import types as t
from engine.vocabulary.shared import vocabulary

KINDS = ("boolean", "word", "number", "money", "percent", "date", "moment", "elapsed", "period", "text")


@dataclass
class Names:
    """What conditions can speak of, by kind; `words` are the words of a fact with a list of its own."""

    by_kind: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    windows: list[str] = field(default_factory=list)
    anything: list[str] = field(default_factory=list)
    """Names whose kind is not known: definitions, cells of tables, outputs of decisions."""
    readings: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def without_lines(self) -> Names:
        """What can be spoken of where no line is meant."""
        made = self.copy()
        made.by_kind = {k: [n for n in names if not n.startswith("line.")] for k, names in made.by_kind.items()}
        made.words = {name: words for name, words in made.words.items() if not name.startswith("line.")}
        return made

    def copy(self) -> Names:
        kinds = {kind: list(names) for kind, names in self.by_kind.items()}
        return Names(kinds, dict(self.words), list(self.windows), list(self.anything), list(self.readings))


@cache
def _shared() -> Names:
    names = Names()
    root = vocabulary().root
    _collect(root, "", names)
    lines = root.get("request")
    assert lines is not None and isinstance(lines.type, t.Record)
    line = lines.type.get("lines")
    assert line is not None and isinstance(line.type, t.ListOf) and isinstance(line.type.element, t.Record)
    for _ in range(2):  # lines are what most terms are about
        _collect(line.type.element, "line.", names)
    return names


def shared_names() -> Names:
    """The names that every policy has."""
    return _shared().copy()


def kind_of(type_: t.Type) -> str | None:
    """The kind of a type, None for those no plain value has."""
    match type_:
        case t.Boolean():
            return "boolean"
        case t.Words():
            return "word"
        case t.Text() | t.Zone():
            return "text"
        case t.Integer() | t.Decimal():
            return "number"
        case t.MoneyType():
            return "money"
        case t.Percent():
            return "percent"
        case t.Date():
            return "date"
        case t.MomentType():
            return "moment"
    return None


def _collect(record: t.Record, before: str, names: Names) -> None:
    for name, fact in record.fields:
        if isinstance(fact.type, t.Record):
            _collect(fact.type, f"{before}{name}.", names)
            continue
        kind = kind_of(fact.type)
        if kind is not None:
            names.by_kind[kind].append(before + name)
            if isinstance(fact.type, t.Words):
                names.words[before + name] = fact.type.words


class Conditions:
    """Makes expressions of a kind.

    One in `wrong` parts is of another kind than is wanted. Where `wrong` is 0 the literals are ordinary ones, in the
    currency given, so that most of what is made passes the check.
    """

    def __init__(self, rng: Random, names: Names, wrong: float = 0.03, currency: str = "USD") -> None:
        self.rng = rng
        self.names = names
        self.wrong = wrong
        self.currency = currency
        self.tame = wrong == 0
        self.bound = 0
        self.inside = ""
        self.makers: dict[str, Sequence[Callable[[int], str]]] = {
            "boolean": (
                *(self._flag, self._flag, self._compare, self._compare, self._words, self._words, self._range),
                *(self._happened, self._window, self._window, self._timing, self._quantified, self._reading),
                *(self._season, self._weekday),
                *(self._logic, self._logic, self._logic, self._not, self._choice("boolean"), self._anything),
            ),
            "word": (self._word, self._word, self._choice("word")),
            "text": (self._name("text"), self._literal("text"), self._choice("text")),
            "number": (
                *self._sums("number"),
                self._days,
                self._count,
                self._divided,
                self._round("number"),
                self._part_of,
            ),
            "money": (*self._sums("money"), self._part, self._share, self._spread, self._round("money"), self._times),
            "percent": (*self._sums("percent"), self._percents),
            "date": (*self._days_of("date"), self._date_of, self._near),
            "moment": (*self._days_of("moment"), self._name("moment"), self._anything, self._timed),
            "elapsed": (*self._sums("elapsed"), self._elapsed),
            "period": (self._literal("period"), self._literal("period"), self._choice("period")),
        }

    def make(self, kind: str, depth: int = 3) -> str:
        """An expression of a kind, `depth` operators deep at most."""
        if self.rng.random() < self.wrong:
            kind = self.rng.choice(KINDS)
        if depth <= 0:
            return self._leaf(kind)
        return self.rng.choice(self.makers[kind])(depth - 1)

    def any_text(self) -> str:
        """A condition that need not mean anything: a heap of words, or an example with a part put in or taken out."""
        examples = written_conditions()
        if self.rng.random() < 0.4:
            pieces = " ".join(self.rng.choice(examples) for _ in range(3)).split()
            return " ".join(self.rng.choice(pieces) for _ in range(self.rng.choice((1, 2, 4, 8, 20))))
        text = self.rng.choice(examples)
        at = self.rng.randrange(len(text) + 1)
        put = self.rng.choice(
            (self.make("boolean", 1), self.rng.choice(examples), "(", ")", "'", "not", "\n", "é", "{")
        )
        return text[:at] + put + text[at + self.rng.choice((0, 0, 1, 5)) :]

    def leaf(self, kind: str) -> str:
        """A literal or a name."""
        return self._leaf(kind)

    # leaves ----------------------------------------------------------------------------------------------------------

    def _leaf(self, kind: str) -> str:
        if self.names.anything and self.rng.random() < (0.01 if self.tame else 0.05):
            return self.rng.choice(self.names.anything)
        named = self.names.by_kind[kind]
        if named and self.rng.random() < 0.7:
            return self.rng.choice(named)
        return self._literal(kind)(0)

    def _literal(self, kind: str) -> Callable[[int], str]:
        return lambda _: self._plain(kind) if self.tame else self._odd(kind)

    def _plain(self, kind: str) -> str:
        """A value of a kind that is fine anywhere."""
        rng = self.rng
        match kind:
            case "boolean":
                return rng.choice(("true", "false"))
            case "word" | "text":
                return f"'{rng.choice(('a', 'CO', 'US', 'swimwear'))}'"
            case "money":
                amount = f"{rng.choice((0, 1, 5, 20, 750))}"
                return "0" if len(self.currency) != 3 else f"{amount} {self.currency}"
            case "percent":
                return rng.choice(("0%", "15%", "100%"))
            case "number":
                return rng.choice(PLAIN_NUMBERS)
            case "date":
                return rng.choice(PLAIN_DATES)
            case "moment":
                return rng.choice(PLAIN_INSTANTS)
            case "elapsed":
                return rng.choice(PLAIN_ELAPSED)
        return rng.choice(PLAIN_PERIODS)

    def _odd(self, kind: str) -> str:
        """A value of a kind, at its edges or past them."""
        rng = self.rng
        match kind:
            case "word" | "text":
                known = rng.choice(list(self.names.words.values()) or [EXOTIC])
                return f"'{rng.choice(known or EXOTIC)}'" if rng.random() < 0.9 else f"'{rng.choice(EXOTIC)}'"
            case "number":
                return rng.choice(NUMBERS)
            case "money":
                amount = f"{rng.choice((0, 1, 5, 20, 750, 99999999999))}.{rng.randrange(100):02}"
                return f"{amount} {rng.choice(CURRENCIES)}" if rng.random() < 0.9 else "0"
            case "percent":
                return rng.choice(("0%", "15%", "20 %", "100%", "33.333%", "1000000%"))
            case "date":
                return rng.choice(DATES)
            case "moment":
                return rng.choice(INSTANTS) if rng.random() < 0.7 else rng.choice(DATES)
            case "elapsed":
                return rng.choice(ELAPSED)
            case "period":
                return rng.choice(PERIODS)
        return self._plain(kind)

    def _name(self, kind: str) -> Callable[[int], str]:
        return lambda _: self.rng.choice(self.names.by_kind[kind]) if self.names.by_kind[kind] else "as_of"

    def _anything(self, _: int) -> str:
        return self.rng.choice(self.names.anything) if self.names.anything else "as_of"

    def _flag(self, _: int) -> str:
        return self._leaf("boolean")

    def _word(self, _: int) -> str:
        return self.rng.choice(list(self.names.words) or ["line.category"])

    # conditions ------------------------------------------------------------------------------------------------------

    def _logic(self, depth: int) -> str:
        parts = [self.make("boolean", depth) for _ in range(self.rng.choice((2, 2, 2, 3, 4)))]
        joined = f" {self.rng.choice(('and', 'or'))} ".join(f"({p})" if " " in p else p for p in parts)
        return joined

    def _not(self, depth: int) -> str:
        return f"not ({self.make('boolean', depth)})"

    def _compare(self, depth: int) -> str:
        kind = self.rng.choice(("number", "money", "percent", "date", "moment", "elapsed"))
        sign = self.rng.choice(("<", "<=", ">", ">=", "==", "!="))
        return f"{self._atom(kind, depth)} {sign} {self._atom(kind, depth)}"

    def _words(self, _: int) -> str:
        name = self._word(0)
        words = self.names.words.get(name) or EXOTIC
        picked = [f"'{self.rng.choice(words)}'" for _ in range(self.rng.choice((1, 2, 3)))]
        if self.rng.random() < 0.5:
            signs = ("==", "!=") if self.tame else ("==", "!=", "<", ">=")
            return f"{name} {self.rng.choice(signs)} {picked[0]}"
        return f"{name} {self.rng.choice(('in', 'not in'))} [{', '.join(picked)}]"

    def _range(self, depth: int) -> str:
        kind = self.rng.choice(("number", "money", "date", "percent", "moment"))
        a, b = sorted((self._literal(kind)(0), self._literal(kind)(0)))
        form = self.rng.choice(("{a} .. {b}", "{a} ..", ".. {b}", "over {a} to {b}", "{a} to under {b}", "over {a}"))
        return f"{self._atom(kind, depth)} in {form.format(a=a, b=b)}"

    def _happened(self, depth: int) -> str:
        event = self.rng.choice(self.names.by_kind["moment"] or ["request.at"])
        return f"{event} {self.rng.choice(('has happened', 'has not happened'))}"

    def _window(self, _: int) -> str:
        if self.tame and not self.names.windows:
            return self._happened(0)
        state = self.rng.choice(("is open", "is not open", "has passed", "has not passed", "has begun"))
        return f"{self.rng.choice(self.names.windows or ['time_to_ask'])} {state}"

    def _timing(self, depth: int) -> str:
        how, side = self.rng.choice((("within", "after"), ("within", "before"), ("later than", "after"),
                                     ("at least", "after"), ("at least", "before")))  # fmt: skip
        length = self._leaf("period" if self.tame else self.rng.choice(("period", "period", "elapsed")))
        return f"{self._atom('moment', 0)} {how} {length} {side} {self._atom('moment', 0)}"

    def _reading(self, _: int) -> str:
        if not self.names.readings:
            return self._leaf("boolean")
        name, options = self.rng.choice(self.names.readings)
        return f"reading.{name} {self.rng.choice(('==', '!='))} '{self.rng.choice(options or ('x',))}'"

    # lists -----------------------------------------------------------------------------------------------------------

    def _list(self, kind: str, depth: int) -> tuple[str, str, str]:
        """A variable, its list, and an expression of a kind about a member."""
        self.bound += 1
        places = {one: fields[kind] for one, fields in LISTS.items() if kind in fields}
        where = self.rng.choice(list(places) or ["order.lines"])
        variable = f"x{self.bound}" if self.tame else self.rng.choice(("line", f"x{self.bound}", "tender", "parcel"))
        if not self.tame and self.rng.random() < 0.2:
            where = self.rng.choice(
                ("order.tags", "order.lines", "order.promotions", "customer.orders", "request.lines")
            )
        body = f"{variable}.{self.rng.choice(places.get(where) or ('id',))}"
        if depth > 1 and kind == "boolean" and self.rng.random() < 0.3:
            body = f"{body} and {self._quantified(0)}"
        self.inside = where
        return variable, where, body

    def _where(self, variable: str) -> str:
        if self.rng.random() < 0.5:
            return ""
        flags = (
            LISTS.get(self.inside, {}).get("boolean", ()) if self.tame else ("is_custom", "usable", "asked", "tracked")
        )
        return f" where {variable}.{self.rng.choice(flags)}" if flags else ""

    def _quantified(self, depth: int) -> str:
        variable, where, body = self._list("boolean", depth)
        return f"{self.rng.choice(('any', 'all'))} {variable} in {where}{self._where(variable)} has {body}"

    def _count(self, _: int) -> str:
        variable, where, _body = self._list("boolean", 0)
        return f"(count {variable} in {where}{self._where(variable)})"

    def _folded(self, kind: str) -> Callable[[int], str]:
        def made(depth: int) -> str:
            variable, where, body = self._list(kind, depth)
            fold = self.rng.choice(("min", "max") if kind in ("date", "moment") else ("sum", "sum", "min", "max"))
            return f"({fold} of {body} for {variable} in {where}{self._where(variable)})"

        return made

    # amounts ---------------------------------------------------------------------------------------------------------

    def _atom(self, kind: str, depth: int) -> str:
        made = self.make(kind, depth)
        return f"({made})" if " " in made else made

    def _sums(self, kind: str) -> tuple[Callable[[int], str], ...]:
        def added(depth: int) -> str:
            return f"{self._atom(kind, depth)} {self.rng.choice('+-')} {self._atom(kind, depth)}"

        def extreme(depth: int) -> str:
            word = self.rng.choice(("greater", "lesser"))
            return f"{word} of ({self.make(kind, depth)}, {self.make(kind, depth)})"

        def negative(depth: int) -> str:
            return f"-{self._atom(kind, depth)}"

        leaf: Callable[[int], str] = lambda _: self._leaf(kind)  # noqa: E731
        folds = (self._folded(kind),) if any(kind in fields for fields in LISTS.values()) else ()
        return (leaf, leaf, added, extreme, self._choice(kind), *folds, negative)

    def _times(self, depth: int) -> str:
        return f"{self._atom('money', depth)} * {self._atom('number', depth)}"

    def _part(self, depth: int) -> str:
        return f"{self._leaf('percent')} of {self._atom('money', depth)}"

    def _percents(self, depth: int) -> str:
        return f"{self._atom('percent', depth)} * {self._atom('number', depth)}"

    def _divided(self, depth: int) -> str:
        by = self.rng.choice(("3", "7", "0.5") if self.tame else ("3", "0", "7", "0.0001", self._leaf("number")))
        return f"round({self._atom('number', depth)} / {by}, to 1, half up)"

    def _round(self, kind: str) -> Callable[[int], str]:
        steps = {
            "money": ("0.01 USD", "1 USD", "0 USD", "0.000001 USD", "0.05 EUR"),
            "number": ("1", "0.1", "0", "100"),
        }
        how = ("half up", "half even", "up", "down")
        return lambda d: f"round({self.make(kind, d)}, to {self.rng.choice(steps[kind])}, {self.rng.choice(how)})"

    def _spread(self, depth: int) -> str:
        return f"(share of {self.make('money', depth)} for line among order.lines by {self._leaf('money')})"

    def _share(self, depth: int) -> str:
        return f"share({self.make('money', depth)}, {', '.join(self._leaf('number') for _ in range(3))})"

    def _choice(self, kind: str) -> Callable[[int], str]:
        def made(depth: int) -> str:
            test = self.make("boolean", depth)
            return f"(if {test} then {self.make(kind, depth)} else {self.make(kind, depth)})"

        return made

    # days ------------------------------------------------------------------------------------------------------------

    def _days(self, depth: int) -> str:
        unit = self.rng.choice(("days", "months") if self.tame else ("days", "business days", "months"))
        return f"({unit} from {self._atom('moment', 0)} to {self._atom('moment', 0)})"

    def _elapsed(self, depth: int) -> str:
        one, two = (self.rng.choice(self.names.by_kind["moment"] or ["request.at"]) for _ in range(2))
        return f"(elapsed from {one} to {two})"

    def _date_of(self, depth: int) -> str:
        return f"date({self.make('moment', depth)})"

    def _day(self, depth: int) -> str:
        return self._atom(self.rng.choice(("date", "moment")), depth)

    def _part_of(self, depth: int) -> str:
        return f"{self.rng.choice(('day of month', 'month', 'year'))} of {self._day(depth)}"

    def _weekday(self, depth: int) -> str:
        if self.rng.random() < 0.3:
            clock = self.rng.choice(("08:30", "00:00") if self.tame else CLOCKS)
            return f"time of {self._atom('moment', depth)} {self.rng.choice(('<', '>='))} {clock}"
        return f"weekday of {self._day(depth)} == '{self.rng.choice(('Monday', 'Sunday'))}'"

    def _season(self, depth: int) -> str:
        ends = ("1 January", "10 November", "31 December") if self.tame else YEAR_DAYS
        return f"{self._day(depth)} falls in {self.rng.choice(ends)} .. {self.rng.choice(ends)}"

    def _near(self, depth: int) -> str:
        pattern = self.rng.choice(("Friday", "day 8", "last day of the month") if self.tame else PATTERNS)
        side = self.rng.choice(("first {} on or after", "last {} on or before"))
        return f"{side.format(pattern)} {self._atom('moment', depth)}"

    def _timed(self, depth: int) -> str:
        where = self.rng.choice(("", " Europe/Lisbon") if self.tame else ("", " Europe/Lisbon", " UTC", " Mars/Base"))
        forms = (
            "start of {}",
            "end of {}",
            f"{{}} at {self.rng.choice(('02:30', '18:00') if self.tame else CLOCKS)}{where}",
        )
        return self.rng.choice(forms).format(self._day(depth))

    def _days_of(self, kind: str) -> tuple[Callable[[int], str], ...]:
        def moved(depth: int) -> str:
            length = self._leaf("period" if self.tame or kind == "date" or self.rng.random() < 0.6 else "elapsed")
            return f"{self._atom(kind, depth)} {self.rng.choice('+-')} {length}"

        def extreme(depth: int) -> str:
            word = self.rng.choice(("later", "earlier"))
            return f"{word} of ({self.make(kind, depth)}, {self.make(kind, depth)})"

        leaf: Callable[[int], str] = lambda _: self._leaf(kind)  # noqa: E731
        return (leaf, leaf, moved, extreme, self._choice(kind), self._folded(kind))
