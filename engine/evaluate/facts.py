"""Reading facts: given, not yet, or unknown (`docs/semantics.md`, step 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import EARLIER, Case, Path, path_text
from engine.language.joined import ORDER_LINES, PROMOTION_LINE, joined_names, line_of_promotion
from engine.language.outcome import (
    EMPTY,
    FALSE,
    TRUE,
    Cause,
    CauseKind,
    Causes,
    Known,
    Result,
    Unknown,
    joined,
    unknown,
)
from engine.language.types import FactType, MomentType
from engine.language.values import Value
from engine.values.moments import NotYet
from engine.values.postal_codes import formats, postal_parts

if TYPE_CHECKING:
    from engine.evaluate.expressions import Expressions

CURRENCY_PATH: Path = ("order", "currency")


class Facts:
    """The facts of a case, with some of them set to other values for a trial (`overlay`)."""

    def __init__(self, program: c.Program, case: Case, overlay: Mapping[Path, Value]) -> None:
        self.program = program
        self.case = case
        self.overlay = overlay
        self._wrong = {error.path: error for error in case.errors}
        self._stages = {stage: i for i, stage in enumerate(program.stages)}
        self._only_when = {only.pattern: only for only in program.only_when}
        self._conditional = {pattern[-1] for pattern in self._only_when}
        self._all_wrong = () in self._wrong
        self.further_back = case.complete_since
        self._of_order_line: frozenset[str] | None = None
        self._by_id: dict[Value, Path] | None = None

    def given(self, path: Path) -> bool:
        """Whether a value stands under a path (a preset counts)."""
        return path in self.case.facts or path in self.overlay

    def wrong(self, path: Path) -> bool:
        """Whether the input at a path, or above it, cannot be right."""
        return bool(self._wrong) and (self._all_wrong or any(path[: i + 1] in self._wrong for i in range(len(path))))

    def length(self, path: Path) -> int | None:
        """How many members a list has; None if it was not given."""
        return self.case.lengths.get(path)

    def read(self, path: Path, fact: FactType, expressions: Expressions) -> Result:
        """A fact: given -> known; ruled out or not to be known at this stage -> not yet; else unknown.

        What may still rule it out is among the causes: that can settle what the fact itself is asked for.
        """
        if self._wrong and self.wrong(path):
            return unknown("error", path_text(path))
        if self.further_back and EARLIER in path:
            return Unknown(frozenset((self.not_listed(path),)))
        if self._of_an_order_line(path):
            return Unknown(self.not_joined(path[:PROMOTION_LINE]))
        exists = self._exists(path, expressions)
        if exists == FALSE:
            return unknown("error", path_text(path)) if self._claimed(path) else self._not_yet(path, fact)
        given = self.overlay.get(path, self.case.facts.get(path))
        if fact.parts_of and (given is None or path in self.case.worked_out) and path not in self.overlay:
            return self._part(path, fact, given)
        if isinstance(given, NotYet) and self.too_early(fact):
            return self._not_yet(path, fact)
        if given is not None:
            return Known(given)
        if self.too_early(fact):
            return self._not_yet(path, fact)
        if path in self.case.awaiting_currency:
            return Unknown(joined((self.no_currency(), exists)))
        missing = unknown("external" if fact.source == "external" else "fact", path_text(path))
        return Unknown(joined((missing, exists)))

    def _part(self, path: Path, fact: FactType, worked_out: Value | None) -> Result:
        """A part of a postal code that nobody gave: worked out from the code and its country.

        What is missing is whichever of the two is; the part itself only if no code of that country can be split.
        """
        places = [(*path[:-2], name) for name in fact.parts_of]
        if worked_out is not None and not any(place in self.overlay for place in places):
            return Known(worked_out)
        values = [self.overlay.get(place, self.case.facts.get(place)) for place in places]
        if isinstance(values[0], str) and values[0] not in formats():
            return unknown("fact", path_text(path))
        missing = [place for place, value in zip(places, values, strict=True) if value is None]
        if missing:
            return Unknown(frozenset(Cause("error" if self.wrong(one) else "fact", path_text(one)) for one in missing))
        try:
            parts = postal_parts(*map(str, values))
            assert parts is not None
        except ValueError:  # only in a trial of another code or country: otherwise it was told when the case was read
            return unknown("error", path_text(places[-1]))
        return Known(parts.named(str(path[-1])))

    def _exists(self, path: Path, expressions: Expressions) -> Result:
        """The fact's `only_when`; true if it has none."""
        if path[-1] not in self._conditional:
            return TRUE
        pattern = tuple("*" if isinstance(part, int) else part for part in path)
        only = self._only_when.get(pattern)
        if only is None:
            return TRUE
        env = EMPTY
        if only.variable is not None:
            last = max(i for i, part in enumerate(path) if isinstance(part, int))
            env = EMPTY.bind(only.variable, path[: last + 1])
        return expressions.value(only.condition, env)

    def _claimed(self, path: Path) -> bool:
        """Whether somebody gave a value (not a preset, not "not yet") that a trial does not replace."""
        given = self.case.facts.get(path)
        return (
            given is not None
            and not isinstance(given, NotYet)
            and path not in self.case.assumed
            and path not in self.overlay
        )

    def ruled_out(self, expressions: Expressions) -> list[Path]:
        """The facts that were given although their `only_when` is definitely false."""
        if not self._only_when:
            return []
        return [p for p in self.case.facts if self._claimed(p) and self._exists(p, expressions) == FALSE]

    def missing(self, path: Path) -> Causes:
        """Why a list that was not given is not there: nobody said, or nobody can know it yet."""
        if EARLIER in path:
            return frozenset((self.not_listed(path),))
        if self._of_an_order_line(path):
            return self.not_joined(path[:PROMOTION_LINE])
        fact = fact_at(self.program, path)
        return frozenset((Cause("later" if fact is not None and self.too_early(fact) else "fact", path_text(path)),))

    # lines of promotions ---------------------------------------------------------------------------------------------

    def place(self, base: Path, fields: tuple[str, ...]) -> Path:
        """Where a fact of a member stands. What a promotion's line has from its order line stands there, and only there.

        While it is not known which order line that is, the place is one at which nothing is ever given.
        """
        path = (*base, *fields)
        line = self.order_line(base) if self._of_an_order_line(path) and len(base) == PROMOTION_LINE else None
        return path if line is None else (*line, *fields)

    def order_line(self, base: Path) -> Path | None:
        """The order line that a promotion's line is, by its `id`; None if that is not known."""
        named = self._id(base)
        if named is None or self.wrong(base):
            return None
        if self._by_id is None:
            self._by_id = {}
            for number in range(self.length(ORDER_LINES) or 0):
                line = (*ORDER_LINES, number)
                known = self._id(line)
                if known is not None:
                    self._by_id.setdefault(known, line)
        return self._by_id.get(named)

    def member(self, of: Path, base: Path) -> Path | Unknown:
        """The member of the list `of` that a bound member is: itself, or the order line that a promotion's line is."""
        if of != ORDER_LINES or not line_of_promotion(base):
            return base
        line = self.order_line(base)
        return Unknown(self.not_joined(base)) if line is None else line

    def not_joined(self, base: Path) -> Causes:
        """Why it is not known which order line a promotion's line is: its own `id` is missing, or one of theirs."""
        if self.wrong(base) or self._id(base) is None:
            return frozenset((self._no_id(base),))
        count = self.length(ORDER_LINES)
        if self.wrong(ORDER_LINES) or count is None:
            kind: CauseKind = "error" if self.wrong(ORDER_LINES) else "fact"
            return frozenset((Cause(kind, path_text(ORDER_LINES)),))
        lines = [(*ORDER_LINES, number) for number in range(count)]
        nameless = frozenset(self._no_id(line) for line in lines if self._id(line) is None)
        return nameless or frozenset((Cause("error", path_text((*base, "id"))),))

    def _of_an_order_line(self, path: Path) -> bool:
        """Whether a path is that of a fact which a promotion's line has from its order line."""
        if len(path) <= PROMOTION_LINE or not line_of_promotion(path):
            return False
        if self._of_order_line is None:
            self._of_order_line = joined_names(self.program.facts)
        return path[PROMOTION_LINE] in self._of_order_line

    def _id(self, line: Path) -> Value | None:
        path = (*line, "id")
        return self.overlay.get(path, self.case.facts.get(path))

    def _no_id(self, line: Path) -> Cause:
        path = (*line, "id")
        return Cause("error" if self.wrong(path) else "fact", path_text(path))

    def not_listed(self, path: Path) -> Cause:
        """Why nothing is known of members that lie further back than their list goes."""
        return Cause("fact", path_text((*path[: path.index(EARLIER)], "complete_since")))

    def too_early(self, fact: FactType) -> bool:
        """Whether the case's stage lies before the one from which the fact can be known."""
        if fact.known_from is None:
            return False
        return self._stages.get(fact.known_from, 0) > self._stages.get(self.case.stage, 0)

    def _not_yet(self, path: Path, fact: FactType) -> Result:
        """NOT-YET is an answer for an event; any other fact is simply not to be had before its time.

        What is said of the event says more only if somebody looked after `as_of`.
        """
        if not isinstance(fact.type, MomentType) or fact.planned:
            return unknown("later", path_text(path))
        said, as_of = self.case.facts.get(path), self.case.as_of
        looked = said.by if isinstance(said, NotYet) else None
        return Known(NotYet(looked if looked is not None and as_of is not None and looked > as_of else None))

    def currency(self) -> str | None:
        """The currency the order was charged in, if it is known."""
        value = self.overlay.get(CURRENCY_PATH, self.case.facts.get(CURRENCY_PATH))
        return value if isinstance(value, str) else None

    def no_currency(self) -> Result:
        """Why an amount is not known while the currency is not: nobody said it, or what was said cannot be right."""
        return unknown("error" if self.wrong(CURRENCY_PATH) else "fact", path_text(CURRENCY_PATH))
