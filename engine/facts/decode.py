"""From a document to a case: every fact read by its type, every bad one named with its path, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from threading import Lock

from engine.base.diagnostics import Diagnostic
from engine.facts.digest import digest
from engine.facts.draft import Draft, GivenUp
from engine.facts.join import REQUEST_LINES, join, more_than_bought
from engine.facts.postal import addresses, work_out
from engine.facts.presets import Filling, fill, fillings
from engine.facts.problems import BadFact, named, shown, wrong_kind
from engine.facts.readers import FieldReader, field_readers
from engine.facts.scalars import Bounds, Context, decimal_reader, read_date, read_instant, read_text, suggestion
from engine.language.case import Case, Path, path_text
from engine.language.types import CHARGED, Record
from engine.language.values import Scalar, Value
from engine.values.moments import NotYet
from engine.values.money import Money, currencies, is_currency
from engine.values.zones import is_zone, zone
from engine.vocabulary.shared import Vocabulary
from engine.vocabulary.shared import vocabulary as shared_vocabulary

MAX_MEMBERS = 2_000
"""The most members that all lists of a case may have together."""

MAX_EXPECTATIONS = 100

_DEFAULT_STAGE = "request"
_CONTROL = frozenset(("$schema", "as_of", "stage", "assume"))
_EARLIEST_OFFSET = timedelta(hours=14)  # no zone is further ahead: a day begins nowhere before this
_MIDNIGHT = time(tzinfo=UTC)
_CURRENCY: Path = ("order", "currency")
_EMPTY = '""'
"""How an empty key is shown in a path."""
_expected_number = decimal_reader(Bounds())


def decode(
    document: object,
    program_facts: Record,
    *,
    currency: str,
    timezone: str,
    vocabulary: Vocabulary | None = None,
) -> Case:
    """Read a document (a JSON object, or a mapping of Python values) as a case of a policy. Never raises for content.

    `program_facts` are the fact types, shared and the policy's own; `currency` is the policy's (an ISO code, or
    `CHARGED`, which takes the order's); `timezone` is the policy's zone, in which messages tell instants.

    Besides text, whole numbers, `Decimal`, booleans, None, lists and mappings a document may hold aware datetimes and
    dates. Each bad fact becomes a `CaseError` at its path and has no value. What leaves nothing certain (the
    document's form, its size, `as_of`, `stage`, `assume`) has the path (), and its diagnostic says where. A problem of
    an order line, and one of `order.currency`, also stands, with the same diagnostic, at the request lines and amounts
    that rest on it.
    Raises ValueError if `currency` or `timezone` are none, which no checked policy has.
    """
    if not (currency == CHARGED or is_currency(currency)) or not is_zone(timezone):
        raise ValueError(f"a policy cannot have the currency {currency!r} and the zone {timezone!r}")
    shared = vocabulary or shared_vocabulary()
    draft = Draft()
    if not isinstance(document, Mapping):
        help = "send one record of facts, a JSON object"
        draft.bad_case("the case", BadFact("fact-wrong-kind", f"{named(document)} is not a case", help))
        document = {}
    return _Decoder(draft, document, shared, _plan(program_facts, shared), currency, timezone).case()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is prepared once for a program and then used for every case."""

    facts: Record
    shared: Vocabulary
    fields: dict[str, FieldReader]
    presets: dict[str, tuple[Filling, ...]]
    addresses: tuple[Path, ...]


_PLANS_KEPT = 64
_plans_lock = Lock()
_plans: dict[tuple[int, int], _Plan] = {}


def _plan(facts: Record, shared: Vocabulary) -> _Plan:
    """The plan for a program's facts, which are told by identity: comparing whole vocabularies would take longer."""
    key = (id(facts), id(shared))
    kept = _plans.get(key)  # it holds both, so neither identity can pass to something else
    if kept is None:
        fields = field_readers(facts, shared.stages)
        presets = {name: fillings(one, fields) for name, one in shared.presets.items()}
        kept = _Plan(facts, shared, fields, presets, addresses(facts))
        with _plans_lock:
            if len(_plans) >= _PLANS_KEPT:
                del _plans[next(iter(_plans))]
            _plans[key] = kept
    return kept


@dataclass(slots=True)
class _Decoder:
    draft: Draft
    document: Mapping[object, object]
    shared: Vocabulary
    plan: _Plan
    policy_currency: str
    timezone: str
    stage: str = _DEFAULT_STAGE
    stage_number: int = 0
    as_of: datetime | None = None
    context: Context = field(default_factory=lambda: Context(""))
    currency_problem: Diagnostic | None = None
    members_left: int = MAX_MEMBERS
    expects: list[tuple[str, Value]] = field(default_factory=list)

    def case(self) -> Case:
        """The whole way, in the order in which each step needs the ones before."""
        draft, presets, filled = self.draft, list[str](), set[Path]()
        stage_given = self.document.get("stage") is not None
        given_up, parts = False, dict[Path, Value]()
        try:
            self.read_stage()
            presets = self.read_presets()
            self.read_as_of()
            self.read_currency()
            self.record(self.document, self.plan.fields, ())
            named_lines = join(draft)
            for name in presets:
                fill(draft, self.plan.presets[name], self.stage_number, named_lines, filled, self.context.currency)
            parts = work_out(draft, self.plan.addresses)
        except GivenUp:
            given_up = True
            filled.clear()
            self.expects.clear()
        more_than_bought(draft)
        errors = draft.errors()
        expects = tuple(sorted(self.expects, key=lambda one: one[0]))
        circumstances: list[tuple[str, Value | None]] = [("as_of", self.as_of), ("stage", self.stage)]
        circumstances.append(("stage_given", stage_given))
        circumstances += [(f"since {path_text(path)}", day) for path, day in draft.since.items()]
        code = digest(draft.facts, draft.lengths, circumstances, filled, expects, () if given_up else errors)
        draft.facts.update(parts)  # after the digest: they say nothing that the codes do not say
        waiting = frozenset(p for p, v in draft.facts.items() if isinstance(v, Money) and not v.currency)
        for path in waiting:
            del draft.facts[path]
        return Case(
            facts=draft.facts,
            lengths=draft.lengths,
            as_of=self.as_of,
            stage=self.stage,
            digest=code,
            assumed=frozenset(filled),
            stage_assumed=not stage_given,
            presets=tuple(presets),
            errors=errors,
            expects=expects,
            complete_since=draft.since,
            awaiting_currency=waiting,
            worked_out=frozenset(parts),
        )

    # what the case says of itself

    def read_stage(self) -> None:
        raw = self.document.get("stage")
        stages = self.shared.stages
        if isinstance(raw, str) and raw in stages:
            self.stage = raw
        elif raw is not None:
            help = suggestion(raw if isinstance(raw, str) else "", stages) or ""
            unknown = BadFact("fact-unknown-word", f"{named(raw)} is not a stage", help)
            self.draft.bad_case("stage", unknown if isinstance(raw, str) else wrong_kind(raw, "a stage", help))
        self.stage_number = stages.index(self.stage)

    def read_presets(self) -> list[str]:
        raw = self.document.get("assume")
        if raw is None:
            return []
        known = tuple(self.shared.presets)
        example = f"write `[{known[0]}]`" if known else None
        if not isinstance(raw, list | tuple):
            self.draft.bad_case("assume", wrong_kind(raw, "a list of presets", example or ""))
            return []
        names: list[str] = []
        for number, name in enumerate(raw):
            if isinstance(name, str) and name in self.shared.presets:
                if name not in names:
                    names.append(name)
                continue
            help = (suggestion(name, known) if isinstance(name, str) else None) or example
            problem = BadFact("preset-unknown", f"no preset has the name {named(name)}", help)
            self.draft.bad_case(f"assume[{number}]", problem)
        return names

    def read_as_of(self) -> None:
        raw = self.document.get("as_of")
        if raw is not None:
            try:
                self.as_of = read_instant(raw)
            except BadFact as problem:
                self.draft.bad_case("as_of", problem)
            return
        request = self.document.get("request")
        at = request.get("at") if isinstance(request, Mapping) else None
        if isinstance(at, str | datetime):
            with suppress(BadFact):  # said when `request.at` itself is read; a bare date is fine, and leaves this open
                self.as_of = read_instant(at)

    def read_currency(self) -> None:
        """Settle the currency of all amounts before the first is read."""
        order = self.document.get("order")
        raw = order.get("currency") if isinstance(order, Mapping) else None
        policy = None if self.policy_currency == CHARGED else self.policy_currency
        if raw is None:
            self.context = Context(policy or "")
            return
        try:
            code = read_text(raw, self.context)
            if not is_currency(code):
                help = suggestion(code, currencies()) or "write an ISO 4217 code such as `EUR`"
                raise BadFact("bad-currency", f"no currency has the code {named(code)}", help)
            if policy not in (None, code):
                message = f"the order was charged in `{code}`, but the policy speaks of `{policy}`"
                raise BadFact(
                    "fact-currency", message, "correct the currency, or ask the policy of the market that has it"
                )
            self.context = Context(code)
        except BadFact as problem:
            self.draft.bad(_CURRENCY, problem)
            self.currency_problem = self.draft.problems[_CURRENCY]

    # the facts

    def record(self, raw: Mapping[object, object], fields: Mapping[str, FieldReader], path: Path) -> None:
        """Read the facts of one record."""
        for key, value in raw.items():
            reader = fields.get(key)  # type: ignore[call-overload]  # a key of another kind is simply not found
            if reader is None:
                self.unknown(key, value, fields, path)
            elif value is not None:
                here = (*path, key)
                if reader.kind == "value":
                    self.value(value, reader, here)  # type: ignore[arg-type]
                elif reader.kind != "record":
                    self.members(value, reader, here)  # type: ignore[arg-type]
                elif isinstance(value, Mapping):
                    self.record(value, reader.fields, here)  # type: ignore[arg-type]
                else:
                    self.draft.bad(here, wrong_kind(value, "a record", "write {...}"))  # type: ignore[arg-type]

    def unknown(self, key: object, value: object, fields: Mapping[str, FieldReader], path: Path) -> None:
        """Deal with a key that is not a fact: the case's own keys, or a name nobody knows."""
        if not path and key in _CONTROL:
            return
        if path == ("request",) and key == "expects":
            self.read_expects(value)
            return
        help = suggestion(key, tuple(fields)) if isinstance(key, str) else None
        problem = BadFact(
            "fact-unknown",
            ("no fact has an empty name" if key == "" else f"no fact has the name {named(key)}")
            + (f" in `{path[-1]}`" if path and isinstance(path[-1], str) else ""),
            help or "use a name of the vocabulary; what only this store knows is added under `facts` in its policy",
        )
        self.draft.bad((*path, shown(key) or _EMPTY), problem)

    def value(self, raw: object, reader: FieldReader, path: Path) -> None:
        """Read one plain fact and see whether it can be known yet."""
        try:
            value = reader.read(raw, self.context)
            if not isinstance(value, NotYet):
                if reader.known_from > self.stage_number:
                    raise self.too_early(raw, reader)
                if reader.moment and self.as_of is not None and _lies_after(value, self.as_of):
                    raise self.too_late(raw)
        except BadFact as problem:
            if path != _CURRENCY or self.currency_problem is None:
                self.draft.bad(path, problem)
            return
        if reader.money and self.currency_problem is not None:
            self.draft.blame(path, self.currency_problem)
        elif self.currency_problem is None or path != _CURRENCY:
            self.draft.facts[path] = value

    def members(self, raw: object, reader: FieldReader, path: Path) -> None:
        """Read a list, of records or of plain values."""
        inside = any(isinstance(part, int) for part in path)  # what is joined with another line is told in full
        if isinstance(raw, Mapping) and reader.dated_by is not None and not inside:
            raw = self.partial(raw, path)
            if raw is None:
                return
        if not isinstance(raw, list | tuple):
            self.draft.bad(path, wrong_kind(raw, "a list", "write [...]"))
            return
        if reader.known_from > self.stage_number:
            self.draft.bad(path, self.too_early(raw, reader))
            return
        self.members_left -= len(raw)
        if self.members_left < 0:
            message = f"the lists of the case have more than {MAX_MEMBERS:,} members together"
            self.draft.give_up(message, "send what the request is about")
        if not raw and path == REQUEST_LINES:
            self.draft.bad(path, BadFact("fact-wrong-kind", "the request has no lines", "name at least one line"))
            return
        self.draft.lengths[path] = len(raw)
        for number, member in enumerate(raw):
            here = (*path, number)
            if reader.kind == "values":
                if member is None:
                    self.draft.bad(here, wrong_kind(None, "a member of a list", "leave it out"))
                else:
                    self.value(member, reader, here)
            elif isinstance(member, Mapping):
                self.record(member, reader.fields, here)
            else:
                self.draft.bad(here, wrong_kind(member, "a record", "write {...}"))

    def partial(self, raw: Mapping[object, object], path: Path) -> object:
        """The members of a list that goes back to a day only: `{"complete_since": ..., "members": [...]}`.

        Gives None after a report: a list of which it is not known how far back it goes says nothing.
        """
        form = 'write {"complete_since": "2026-01-01", "members": [...]}'
        unknown = [key for key in raw if key not in ("complete_since", "members")]
        if unknown or raw.get("complete_since") is None:
            message = (
                f"`{shown(unknown[0])}` says nothing here" if unknown else "nothing says how far back the list goes"
            )
            self.draft.bad(path, BadFact("fact-wrong-kind", message, form))
            return None
        try:
            self.draft.since[path] = read_date(raw["complete_since"], self.context)
        except BadFact as problem:
            self.draft.bad(path, problem)
            return None
        members = raw.get("members")
        if members is None:
            self.draft.bad(path, BadFact("fact-wrong-kind", "the list has no members", form))
        return members

    def too_early(self, raw: object, reader: FieldReader) -> BadFact:
        stage = self.shared.stages[reader.known_from]
        return BadFact(
            "fact-too-early",
            f"{named(raw)} is given, but this is known from the stage `{stage}` on",
            f"the stage of the case is `{self.stage}`: correct it, or leave the fact out",
        )

    def too_late(self, raw: object) -> BadFact:
        assert self.as_of is not None
        local = self.as_of.astimezone(zone(self.timezone)).isoformat(sep=" ")
        return BadFact(
            "fact-future",
            f"{named(raw)} lies after the moment at which the facts were true",
            f"that is {local}, in {self.timezone}: check the date, or `as_of`",
        )

    def read_expects(self, raw: object) -> None:
        """Take over what the customer demands: text, numbers and booleans by the name of an output."""
        path: Path = ("request", "expects")
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            self.draft.bad(path, wrong_kind(raw, "a record of demands", 'write e.g. {"paid_by": "store"}'))
            return
        if len(raw) > MAX_EXPECTATIONS:
            problem = f"there are more than {MAX_EXPECTATIONS} demands"
            self.draft.bad(path, BadFact("facts-too-large", problem, "name outputs of the policy"))
            return
        for name, value in raw.items():
            if value is None:
                continue
            try:
                key = read_text(name, self.context)
                self.expects.append((key, self.expected(value)))
            except BadFact as problem:
                self.draft.bad((*path, shown(name) or _EMPTY), problem)

    def expected(self, raw: object) -> bool | int | Fraction | str:
        if isinstance(raw, str):
            return read_text(raw, self.context)
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, int | Decimal):
            number = _expected_number(raw, self.context)
            assert isinstance(number, Fraction)
            return int(number) if isinstance(raw, int) else number
        raise wrong_kind(raw, "text, a number, true or false", "write the value of one output")


def _lies_after(value: Scalar, as_of: datetime) -> bool:
    """Whether an event surely lies after `as_of`; a bare date only if that day has not begun in any zone."""
    if isinstance(value, datetime):
        return value > as_of
    return isinstance(value, date) and datetime.combine(value, _MIDNIGHT) - _EARLIEST_OFFSET > as_of
