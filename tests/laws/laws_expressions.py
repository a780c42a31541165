"""Random well-typed conditions and formulas, as text."""

from dataclasses import dataclass, field, replace

from laws_facts import DAYS, INSTANTS

COMPARE = ("==", "!=", "<", "<=", ">", ">=")
PATTERNS = ("Monday", "day 31", "4 May", "29 February", "business day", "last day of the month")
SEASONS = ("1 May .. 4 May", "4 May .. 31 January", "29 February .. 3 May")
CLOCKS = ("00:00", "06:00", "18:00 Pacific/Kiritimati", "23:59:59 Etc/GMT+12")
POSTAL = (
    "order.ship_to.postal.area == 'QX'",
    "order.ship_to.postal.area in ['QX', '211']",
    "order.ship_to.postal.prefix3 != 'QX2'",
    "order.ship_to.country == 'GB'",
)
WORDS = {"tone": ("red", "green", "blue"), "level": ("low", "mid", "high"), "brand": ("acme", "bolt")}


@dataclass(frozen=True)
class Read:
    """An output that may be read here: how it is written, and its type (words as a tuple)."""

    text: str
    kind: object


@dataclass(frozen=True)
class Around:
    """What an expression may speak of: variables for lines and parts, the policy's names, outputs of other decisions."""

    lines: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    promoted: tuple[str, ...] = ()
    """Variables for promotions, and for their lines, which are among `lines` too."""
    lists_around: int = 0
    names: dict = field(default_factory=dict)
    """Defines and parameters by kind."""
    flat_names: dict = field(default_factory=dict)
    """Those that hold no list expression, so that they can stand inside one."""
    windows: tuple[str, ...] = ()
    calendar_windows: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    reads: tuple[Read, ...] = ()
    reads_in_list: tuple[Read, ...] = ()
    """Outputs that can be read for a member of `request.lines`; `{x}` stands for the variable."""


class Expressions:
    """Writes expressions; `depth` bounds how far they nest."""

    def __init__(self, choose):
        self.choose = choose
        self._variables = 0

    def write(self, kind, around, depth):
        ways = self._ways(kind, around, depth)
        return self.choose.of(ways)()

    def _ways(self, kind, around, depth):
        if isinstance(kind, tuple):
            return self._word_ways(kind, around, depth)
        ways = [lambda: self._plain(kind, around)] * 3
        ways += [lambda t=t: t for t in around.names.get(kind, ())]
        ways += [lambda r=r: r.text for r in around.reads if r.kind == kind]
        if depth <= 0:
            return ways
        deeper = getattr(self, f"_{kind}_ways", None)
        if deeper is not None:
            ways += deeper(around, depth - 1)
        if kind != "moment":
            ways.append(lambda: self._if(kind, around, depth - 1))
        return ways

    # plain ---------------------------------------------------------------------------------------------------------

    def _holder(self, around):
        return self.choose.of(("order", *around.lines, *around.lines))

    def _plain(self, kind, around):
        holder, of = self._holder(around), self.choose.of
        part = of(around.parts) if around.parts and self.choose.chance(60) else None
        line = holder != "order"
        if kind == "bool":
            if part:
                return f"{part}.whole"
            if around.promoted and self.choose.chance(30):
                return f"({of(around.promoted)}.role {of(('==', '!='))} 'rewarded')"
            shared = ("flag_a", "flag_b", "flag_c", "is_final_sale") if line else ("flag_a", "flag_b")
            derived = ("request.whole_order",) if around.lists_around == 0 else ()
            if self.choose.chance(6):
                return of(POSTAL)
            return of((*(f"{holder}.{name}" for name in shared for _ in range(3)), *derived))
        if kind == "int":
            if part:
                return f"{part}.grams"
            return of(
                (
                    f"{holder}.pieces",
                    f"{holder}.pieces",
                    str(self.choose.below(4)) if self.choose.chance(80) else "order.ship_to.postal.district",
                    *((f"{holder}.weight",) if line else ()),
                )
            )
        if kind == "dec":
            return of((f"{holder}.volume" if line else f"{holder}.pieces", "1.5", "2"))
        if kind == "money":
            if around.promoted and self.choose.chance(20):
                return f"{of(around.promoted)}.discount"
            if around.offers and self.choose.chance(30):
                return f"{of(around.offers)}.{of(('discount_total', 'threshold', 'taken_back_before'))}"
            outside = (f"{holder}.paid" if line else "order.total_paid", "outside.price")
            derived = ("order.kept_total",) if around.lists_around == 0 else ()
            return of((f"{holder}.cost", f"{holder}.cost", *outside, *derived))
        if kind == "percent":
            return of((f"{holder}.rate" if line else "20%", "50%"))
        if kind == "date":
            return of((f"{holder}.due_on", of(DAYS)))
        if kind == "moment":
            return self._moment(around)
        return {"elapsed": "36 hours", "period": of(("3 days", "1 month", "2 business days"))}[kind]

    def _moment(self, around):
        holder = self._holder(around)
        return f"{holder}.begins_at" if holder != "order" and self.choose.chance(20) else self._event(around)

    def _event(self, around):
        holder, of = self._holder(around), self.choose.of
        if around.parts and self.choose.chance(40):
            return f"{of(around.parts)}.found_at"
        own = ("seen_at", "mended_at", "checked_at") if holder != "order" else ("seen_at", "placed_at")
        return of((f"{holder}.{of(own)}", f"{holder}.{of(own)}", "request.at"))

    def _if(self, kind, around, depth):
        c, a, b = (self.write(k, around, depth) for k in ("bool", kind, kind))
        return f"(if {c} then {a} else {b})"

    # conditions ------------------------------------------------------------------------------------------------------

    def _bool_ways(self, around, depth):
        ways = [
            lambda: f"not ({self.write('bool', around, depth)})",
            lambda: self._joined("and", around, depth),
            lambda: self._joined("or", around, depth),
            lambda: self._compared(around, depth),
            lambda: self._compared(around, depth),
            lambda: self._word_test(around, depth),
            lambda: self._word_test(around, depth),
            lambda: f"{self._event(around)} has {self.choose.of(('', 'not '))}happened",
            lambda: self._timing(around, depth),
            lambda: (
                f"({self.write('int', around, depth)}) in {self.choose.of(('1 .. 2', '2..', '..1', 'over 0 to 2'))}"
            ),
            lambda: f"({self._day(around, depth)}) falls in {self.choose.of(SEASONS)}",
            lambda: f"weekday of ({self._day(around, depth)}) {self.choose.of(('==', '!='))} 'Monday'",
            lambda: f"time of ({self.write('moment', around, depth)}) {self.choose.of(COMPARE)} 06:00",
            lambda: f"reading.{self.choose.of(('settled', 'open'))} == '{self.choose.of(('a', 'b'))}'",
        ]
        if around.windows:
            ways += [lambda: self._window(around)] * 3
        if around.lists_around < 2:
            ways += [lambda: self._quantified(around, depth)] * (10 if around.offers else 2)
        return ways

    def _day(self, around, depth):
        """A date or a moment, for what takes both."""
        return self.write(self.choose.of(("date", "moment")), around, depth)

    def _joined(self, word, around, depth):
        return "(" + f" {word} ".join(self.write("bool", around, depth) for _ in range(self.choose.between(2, 3))) + ")"

    def _compared(self, around, depth):
        kind = self.choose.of(("int", "dec", "money", "date", "moment", "moment"))
        a, b = (f"({self.write(kind, around, depth)})" for _ in range(2))
        if kind == "moment" and self.choose.chance(30):
            b = f"({self.write('date', around, depth)})"
        return f"{a} {self.choose.of(COMPARE)} {b}"

    def _word_test(self, around, depth):
        holder, of = self._holder(around), self.choose.of
        name = of(tuple(WORDS))
        fact, words = f"{holder}.{name}", WORDS[name]
        if around.names.get("list of words") and name == "brand" and self.choose.chance(30):
            return f"{fact} in {of(around.names['list of words'])}"
        if holder != "order" and self.choose.chance(20):
            return of((f"{holder}.said == 'yes'", f"{holder}.said in {holder}.labels", f"{fact} == {holder}.said"))
        if name == "level" and self.choose.chance(50):
            return f"{fact} {of(COMPARE)} '{of(words)}'"
        reads = [r for r in around.reads if isinstance(r.kind, tuple)]
        if reads and self.choose.chance(50):
            read = of(reads)
            return f"{read.text} {of(('==', '!='))} '{of(read.kind)}'"
        if self.choose.chance(40):
            return f"{fact} {of(('in', 'not in'))} ['{of(words)}', '{of(words)}']"
        return f"{fact} {of(('==', '!='))} '{of(words)}'"

    def _timing(self, around, depth):
        x, y = self._moment(around), self._moment(around)
        if self.choose.chance(30):
            y = f"({self.write('moment', around, depth - 1)})"
        kinds = (
            "within {} after",
            "within {} before",
            "later than {} after",
            "at least {} after",
            "at least {} before",
        )
        period = self.choose.of(("1 day", "3 days", "1 month", "2 business days", "0 days", "36 hours", "0 hours"))
        if around.names.get("period") and self.choose.chance(20):
            period = self.choose.of(around.names["period"])
        return f"{self.choose.of(('', 'not '))}({x} {self.choose.of(kinds).format(period)} {y})"

    def _window(self, around):
        state = self.choose.of(("is open", "is not open", "has passed", "has not passed", "has begun", "has not begun"))
        return f"{self.choose.of(around.windows)} {state}"

    # lists -----------------------------------------------------------------------------------------------------------

    def _member(self, around):
        """A variable over a list, the list, and what can be spoken of inside."""
        self._variables += 1
        name = f"m{self._variables}"
        around = replace(around, names=around.flat_names)
        if around.offers and self.choose.chance(80):
            inner = replace(around, lines=(*around.lines, name, name), promoted=(*around.promoted, name))
            return name, f"{self.choose.of(around.offers)}.lines", replace(inner, lists_around=around.lists_around + 1)
        if around.lists_around == 0 and self.choose.chance(15):
            offers = (*around.offers, name)
            return name, "order.promotions", replace(around, offers=offers, lists_around=1)
        if around.lines and self.choose.chance(40):
            inner = replace(around, parts=(*around.parts, name), lists_around=around.lists_around + 1)
            return name, f"{self.choose.of(around.lines)}.parts", inner
        source = self.choose.of(("request.lines", "order.lines"))
        inner = replace(around, lines=(*around.lines, name, name), lists_around=around.lists_around + 1)
        if source == "request.lines":
            more = tuple(Read(r.text.replace("{x}", name), r.kind) for r in around.reads_in_list)
            inner = replace(inner, reads=(*inner.reads, *more))
        return name, source, inner

    def _quantified(self, around, depth):
        if around.lines and self.choose.chance(15):
            return f"({self.choose.of(('any', 'all'))} w in {self.choose.of(around.lines)}.labels has w == 'x')"
        name, source, inner = self._member(around)
        where = f" where ({self.write('bool', inner, depth)})" if self.choose.chance(40) else ""
        return f"({self.choose.of(('any', 'all'))} {name} in {source}{where} has ({self.write('bool', inner, depth)}))"

    def _folded(self, kind, word, around, depth):
        name, source, inner = self._member(around)
        where = f" where ({self.write('bool', inner, depth)})" if self.choose.chance(50) else ""
        return f"({word} of ({self.write(kind, inner, depth)}) for {name} in {source}{where})"

    def _counted(self, around, depth):
        name, source, inner = self._member(around)
        where = f" where ({self.write('bool', inner, depth)})" if self.choose.chance(70) else ""
        return f"(count {name} in {source}{where})"

    # values ----------------------------------------------------------------------------------------------------------

    def _two(self, text, kind, around, depth):
        return text.format(self.write(kind, around, depth), self.write(kind, around, depth))

    def _int_ways(self, around, depth):
        ways = [
            lambda: self._two(self.choose.of(("({} + {})", "({} - {})", "({} * {})")), "int", around, depth),
            lambda: self._two(self.choose.of(("greater of ({}, {})", "lesser of ({}, {})")), "int", around, depth),
            lambda: self._two(
                self.choose.of(("(days from {} to {})", "(months from {} to {})", "(business days from {} to {})")),
                self.choose.of(("date", "moment")),
                around,
                depth,
            ),
        ]
        ways.append(lambda: f"{self.choose.of(('day of month', 'month', 'year'))} of ({self._day(around, depth)})")
        if around.lists_around < 2:
            ways += [lambda: self._counted(around, depth)] * 2
            ways.append(lambda: self._folded("int", self.choose.of(("sum", "min", "max")), around, depth))
        ways += [lambda: f"{self.choose.of(around.calendar_windows)}.day"] if around.calendar_windows else []
        return ways

    def _dec_ways(self, around, depth):
        return [
            lambda: self._two(self.choose.of(("({} + {})", "({} - {})", "({} * {})")), "dec", around, depth),
            lambda: f"round({self.write('dec', around, depth)} / 3, to 0.5, half up)",
        ]

    def _money_ways(self, around, depth):
        ways = [
            lambda: (
                self._two(self.choose.of(("({} + {})", "({} - {})")), "money", around, depth)
                if self.choose.chance(70)
                else f"({self.write('int', around, depth)} * {self._amount(around)})"
            ),
            lambda: f"({self.write('percent', around, depth)} of {self._amount(around)})",
            lambda: self._two(self.choose.of(("greater of ({}, {})", "lesser of ({}, {})")), "money", around, depth),
        ]
        if around.lines and around.lists_around < 2:
            line = self.choose.of(around.lines)
            ways.append(lambda: f"share({line}.paid, {line}.asked, {line}.quantity, 0)")
            weight = self.choose.of((f"{line}.paid", f"{line}.quantity", f"(if {line}.flag_a then 1 else 0)"))
            promoted = (f"{offer}.lines" for offer in around.offers)
            source = self.choose.of(("request.lines", "order.lines", *promoted))
            ways.append(lambda: f"(share of {self._amount(around)} for {line} among {source} by {weight})")
        if around.lists_around < 2:
            ways.append(lambda: self._folded("money", self.choose.of(("sum", "max")), around, depth))
        ways += [lambda t=t: f"{t}.fee" for t in around.tables]
        return ways

    def _amount(self, around):
        return f"{self._holder(around)}.cost"

    def _percent_ways(self, around, depth):
        return [
            lambda: self._two("({} + {})", "percent", around, depth),
            lambda: f"({self.write('percent', around, depth)} * {self.write('int', around, depth)})",
            lambda: self._two("lesser of ({}, {})", "percent", around, depth),
        ]

    def _date_ways(self, around, depth):
        ways = [
            lambda: f"date({self.write('moment', around, depth)})",
            lambda: (
                f"({self._event(around) if self.choose.chance(50) else self.write('date', around, depth)} + "
                f"{self.choose.of(('1 day', '1 month', '2 business days'))})"
            ),
            lambda: self._two(self.choose.of(("later of ({}, {})", "earlier of ({}, {})")), "date", around, depth),
            lambda: f"(first {self.choose.of(PATTERNS)} on or after {self._day(around, depth)})",
            lambda: f"(last {self.choose.of(PATTERNS)} on or before {self._day(around, depth)})",
        ]
        ways += [lambda: f"{self.choose.of(around.windows)}.last_day"] if around.windows else []
        return ways

    def _moment_ways(self, around, depth):
        ways = [
            lambda: f"({self.write('moment', around, depth)} + {self.choose.of(('24 hours', '90 minutes'))})",
            lambda: self._two(self.choose.of(("later of ({}, {})", "earlier of ({}, {})")), "moment", around, depth),
            lambda: f"(if {self.write('bool', around, depth)} then {self._event(around)} else {self._event(around)})",
            lambda: f"({self.choose.of(INSTANTS)})",
            lambda: "as_of",
            lambda: f"({self._day(around, depth)} at {self.choose.of(CLOCKS)})",
            lambda: f"({self.choose.of(('start', 'end'))} of ({self._day(around, depth)}))",
        ]
        ways += [lambda: f"{self.choose.of(around.windows)}.end"] if around.windows else []
        return ways

    def _word_ways(self, words, around, depth):
        ways = [lambda: f"'{self.choose.of(words)}'"] * 2
        ways += [lambda r=r: r.text for r in around.reads if isinstance(r.kind, tuple) and set(r.kind) <= set(words)]
        if depth > 0:
            ways.append(
                lambda: (
                    f"(if {self.write('bool', around, depth - 1)} then {self.write(words, around, depth - 1)} "
                    f"else {self.write(words, around, depth - 1)})"
                )
            )
        return ways
