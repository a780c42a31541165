"""The facts a policy adds to the shared vocabulary: how their types are written, and how they are merged in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.base.suggest import did_you_mean
from engine.language.joined import joined_names, line_of_promotion, rejoin
from engine.language.types import (
    Date,
    FactType,
    ListOf,
    MomentType,
    Record,
    Text,
    Type,
    Words,
    describe,
)
from engine.vocabulary.shared import MEMBER, PLAIN_TYPES, SOURCES, vocabulary

KEYS = ("type", "from", "known_from", "only_when", "min", "max", "ask", "label", "dated_by", "planned")
"""The keys of a fact that a policy declares."""

_TAKEN = (("as_of",), ("stage",), ("assume",), ("request", "expects"))
_MAX_WORDS = 2_000
_PROMOTION_FACT = 3  # order, promotions, lines: what follows is a fact of a promotion's line
_MAX_NESTING = 6
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WRITE_TYPE = (
    "write e.g. `money`, a list of words, `{open: [a, b]}`, `{ordered: [a, b]}` or `{list_of: {price: money}}`"
)


class FactSpecError(ValueError):
    """A declaration of a fact that cannot be taken.

    `str()` is the message, fit for a diagnostic; `help` says what would be right; `key` is the key of the declaration
    that is wrong (`type`, `min`, ...), or "" for the name of the fact itself.
    """

    def __init__(self, message: str, help: str | None = None, key: str = "type") -> None:
        """`message` starts in lower case and fits on one line."""
        super().__init__(message)
        self.help = help
        self.key = key


def type_from_spec(raw: object) -> Type:
    """The type that a declaration's `type` stands for. Raises FactSpecError if it is none.

    `raw` is plain YAML data: the name of a plain type, a list of words (closed), `{open: [...]}`, `{ordered: [...]}`,
    or `{list_of: ...}` with a mapping of fields (a list of records) or one type (a list of plain values).
    """
    return _type(raw, 0)


def fact_from_spec(spec: Mapping[str, object]) -> FactType:
    """The fact type of a declaration in plain YAML data, with the keys `KEYS`. Raises FactSpecError."""
    return _fact(spec, 0)


def extend(root: Record, own: Mapping[str, FactType]) -> Record:
    """The record `root` with a policy's own facts, given under dotted names, merged in.

    `line.x` adds to the lines of the order and of the request, and so to those of promotions, `parcel.x` to the case's
    parcel and the order's parcels, `tender.x`, `discount.x`, ... likewise. A fact that exists already may get further
    words (a closed list on a shared open one replaces it), text may be narrowed to words, and what a declaration says
    besides the type wins; any other change of type is refused.

    Raises FactSpecError, whose `key` is "" if the name is at fault.
    """
    theirs = joined_names(root)
    for name, fact in own.items():
        parts = _parts(name)
        for place in _places(parts):
            _refuse_joined(place, theirs, name)
            root = _put(root, place, fact, name, 0)
    return rejoin(root)


def _refuse_joined(place: tuple[str, ...], theirs: frozenset[str], name: str) -> None:
    """See that a fact of a promotion's line is not one that it has from its order line. Raises FactSpecError."""
    if len(place) > _PROMOTION_FACT and line_of_promotion((*place[:2], MEMBER, place[2], MEMBER, *place[3:])):
        rest = ".".join(place[_PROMOTION_FACT:])
        if place[_PROMOTION_FACT] in theirs:
            raise FactSpecError(
                f"`{name}` is a fact of the order line that belongs to the promotion", f"declare `line.{rest}`", ""
            )


def _type(raw: object, depth: int) -> Type:
    if depth > _MAX_NESTING:
        raise FactSpecError("the type is nested too deeply", "give parts of it names of their own")
    if isinstance(raw, str):
        plain = PLAIN_TYPES.get(raw)
        if plain is None:
            raise FactSpecError(f"`{raw}` is not a type", did_you_mean(raw, PLAIN_TYPES) or _WRITE_TYPE)
        return plain
    if isinstance(raw, Sequence) and not isinstance(raw, bytes | bytearray):
        return Words(_words(raw))
    if isinstance(raw, Mapping) and len(raw) == 1:
        [(kind, inner)] = raw.items()
        if kind == "open":
            return Words(_words(inner), closed=False)
        if kind == "ordered":
            return Words(_words(inner), ordered=True)
        if kind == "list_of":
            return ListOf(_element(inner, depth + 1))
        raise FactSpecError(f"`{kind}` is not a kind of type", did_you_mean(str(kind), ("open", "ordered", "list_of")))
    if isinstance(raw, Mapping):
        raise FactSpecError("a type has one key: `open`, `ordered` or `list_of`", _WRITE_TYPE)
    raise FactSpecError(f"`{_plain(raw)}` is not a type", _WRITE_TYPE)


def _element(raw: object, depth: int) -> Type:
    if not isinstance(raw, Mapping):
        element = _type(raw, depth)
        if isinstance(element, ListOf):
            raise FactSpecError("a list holds records or plain values, not lists", "write `{list_of: {items: ...}}`")
        return element
    if not raw:
        raise FactSpecError("a list of records needs at least one field", "write e.g. `{list_of: {price: money}}`")
    fields = []
    for name, spec in raw.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise FactSpecError(
                f"`{_plain(name)}` cannot be the name of a field", "use letters, digits and underscores"
            )
        if isinstance(spec, Mapping) and "type" in spec:
            fields.append((name, _fact(spec, depth)))
        else:
            fields.append((name, FactType(_type(spec, depth), own=True)))
    return Record(tuple(fields))


def _words(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes | bytearray):
        raise FactSpecError("a list of words is needed", "write e.g. `[small, medium, large]`")
    if not raw:
        raise FactSpecError("the list of words is empty", "name at least one word")
    if len(raw) > _MAX_WORDS:
        raise FactSpecError(f"the list has more than {_MAX_WORDS:,} words", "use `text`")
    for word in raw:
        if not isinstance(word, str) or not word.strip():
            raise FactSpecError(f"`{_plain(word)}` is not a word", f"put it in quotes: '{_plain(word)}'")
    words = tuple(raw)
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise FactSpecError(f"the word `{word}` stands twice in the list", "keep one of them")
        seen.add(word)
    return words


def _fact(spec: Mapping[str, object], depth: int) -> FactType:
    for key in spec:
        if key not in KEYS:
            raise FactSpecError(f"a fact has no key `{_plain(key)}`", did_you_mean(str(key), KEYS), str(key))
    if "type" not in spec:
        raise FactSpecError("the fact has no type", _WRITE_TYPE)
    minimum, maximum = _bound(spec, "min"), _bound(spec, "max")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise FactSpecError(f"`min` is {minimum}, more than `max`, {maximum}", "exchange the two", "min")
    return FactType(
        type=_type(spec["type"], depth),
        source=_choice(spec, "from", SOURCES) or "shop",
        known_from=_choice(spec, "known_from", vocabulary().stages),
        only_when=_text(spec, "only_when"),
        minimum=minimum,
        maximum=maximum,
        ask=_text(spec, "ask"),
        label=_text(spec, "label"),
        dated_by=_dated_by(spec, _type(spec["type"], depth)),
        planned=_planned(spec, _type(spec["type"], depth)),
        own=True,
    )


def _dated_by(spec: Mapping[str, object], kind: Type) -> str | None:
    """The fact of a list's records that says how far back each of them lies."""
    name = _text(spec, "dated_by")
    if name is None:
        return None
    record = kind.element if isinstance(kind, ListOf) else None
    if not isinstance(record, Record):
        raise FactSpecError("`dated_by` is for a list of records", "remove it", "dated_by")
    fact = record.get(name)
    if fact is None or not isinstance(fact.type, Date | MomentType):
        fits = [field for field, one in record.fields if isinstance(one.type, Date | MomentType)]
        help = did_you_mean(name, fits) or "give the records a fact of type `moment` or `date`"
        raise FactSpecError(f"`{name}` is no moment or date of these records", help, "dated_by")
    return name


def _planned(spec: Mapping[str, object], kind: Type) -> bool:
    """Whether a moment is fixed beforehand."""
    value = spec.get("planned", False)
    if not isinstance(value, bool):
        raise FactSpecError(
            f"`planned` must be true or false, not `{_plain(value)}`", "write `planned: true`", "planned"
        )
    if value and not isinstance(kind, MomentType):
        help = "remove it: a date may lie ahead as it is" if isinstance(kind, Date) else "remove it"
        raise FactSpecError("`planned` is for a fact of type `moment`", help, "planned")
    return value


def _bound(spec: Mapping[str, object], key: str) -> int | None:
    value = spec.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise FactSpecError(f"`{key}` must be a whole number, not `{_plain(value)}`", f"write e.g. `{key}: 0`", key)


def _choice(spec: Mapping[str, object], key: str, choices: Sequence[str]) -> str | None:
    value = spec.get(key)
    if value is None or value in choices:
        return value  # type: ignore[return-value]  # one of the choices is text
    listed = did_you_mean(str(value), choices) or "it can be " + ", ".join(f"`{one}`" for one in choices)
    raise FactSpecError(f"`{key}` cannot be `{_plain(value)}`", listed, key)


def _text(spec: Mapping[str, object], key: str) -> str | None:
    value = spec.get(key)
    if value is None or isinstance(value, str):
        return value
    raise FactSpecError(f"`{key}` must be text, not `{_plain(value)}`", "put it in quotes", key)


def _plain(raw: object) -> str:
    """A YAML value in the words its author wrote, as far as that can be told."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if raw is None:
        return "null"
    if isinstance(raw, Mapping):
        return "{...}"
    return str(raw)[:60] if isinstance(raw, str | int) else "[...]"


def _parts(name: str) -> tuple[str, ...]:
    parts = tuple(name.split("."))
    for part in parts:
        if not _NAME.fullmatch(part):
            raise FactSpecError(
                f"`{name}` cannot be the name of a fact",
                "use words of letters, digits and underscores, joined by dots",
                "",
            )
    if parts in _TAKEN:
        raise FactSpecError(f"`{name}` has a meaning of its own in every case", "choose another name", "")
    return parts


def _places(parts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Where a fact with this name goes: one path, or one for each place of the record that it begins with."""
    places = vocabulary().places
    if parts[0] in places and len(parts) == 1:
        raise FactSpecError(f"`{parts[0]}` is a record, not a fact", f"name the fact, e.g. `{parts[0]}.note`", "")
    if parts[0] in places:
        return tuple((*place, *parts[1:]) for place in places[parts[0]])
    if parts[:2] == ("order", "lines") and len(parts) > 2:
        # the lines of the request have all facts of the order's
        return tuple((*place, *parts[2:]) for place in places["line"])
    return (parts,)


def _put(record: Record, path: tuple[str, ...], fact: FactType, name: str, at: int) -> Record:
    """The record with the fact under `path[at:]`; `name` is the declared name, for messages."""
    part = path[at]
    existing = record.get(part)
    if at == len(path) - 1:
        merged = fact if existing is None else _merge(existing, fact, name)
    elif existing is None:
        merged = FactType(_put(Record(()), path, fact, name, at + 1), own=True)
    elif isinstance(existing.type, Record):
        merged = replace(existing, type=_put(existing.type, path, fact, name, at + 1))
    elif isinstance(existing.type, ListOf) and isinstance(existing.type.element, Record):
        merged = replace(existing, type=ListOf(_put(existing.type.element, path, fact, name, at + 1)))
    else:
        whole = ".".join(path[: at + 1])
        raise FactSpecError(f"`{whole}` is {describe(existing.type)}; it has no parts", f"rename `{name}`", "")
    if existing is None:
        return Record((*record.fields, (part, merged)))
    return Record(tuple((key, merged if key == part else old) for key, old in record.fields))


def _merge(shared: FactType, own: FactType, name: str) -> FactType:
    return FactType(
        type=_merge_types(shared.type, own.type, name),
        source=own.source if own.source != "shop" else shared.source,
        known_from=own.known_from or shared.known_from,
        only_when=own.only_when or shared.only_when,
        minimum=shared.minimum if own.minimum is None else own.minimum,
        maximum=shared.maximum if own.maximum is None else own.maximum,
        ask=own.ask or shared.ask,
        label=own.label or shared.label,
        dated_by=own.dated_by or shared.dated_by,
        planned=_merge_planned(shared, own, name),
        own=shared.own,
    )


def _merge_planned(shared: FactType, own: FactType, name: str) -> bool:
    if own.planned and not shared.planned:
        raise FactSpecError(
            f"`{name}` is an event in the shared vocabulary", "give the planned moment a name of its own", "planned"
        )
    return shared.planned


def _merge_types(shared: Type, own: Type, name: str) -> Type:
    if shared == own:
        return shared
    if isinstance(shared, Text) and isinstance(own, Words):
        return own
    if isinstance(shared, Words) and isinstance(own, Words):
        return _merge_words(shared, own, name)
    if isinstance(shared, ListOf) and isinstance(own, ListOf):
        if isinstance(shared.element, Record) and isinstance(own.element, Record):
            element = shared.element
            for field, fact in own.element.fields:
                element = _put(element, (field,), fact, f"{name}.{field}", 0)
            return ListOf(element)
        return ListOf(_merge_types(shared.element, own.element, name))
    raise FactSpecError(
        f"`{name}` is {describe(shared)} in the shared vocabulary", "keep that type, or choose another name"
    )


def _merge_words(shared: Words, own: Words, name: str) -> Words:
    if shared.ordered or own.ordered:
        missing = [word for word in shared.words if word not in own.words]
        kept = tuple(word for word in own.words if word in shared.words)
        if not own.ordered or missing or (shared.ordered and kept != shared.words):
            listed = ", ".join(f"`{word}`" for word in shared.words)
            raise FactSpecError(
                f"`{name}` has shared words, which must all stay, in their order",
                f"write `{{ordered: [...]}}` with {listed} and your own words between them",
            )
        return own
    if own.closed and not shared.closed:
        return own
    added = tuple(word for word in own.words if word not in shared.words)
    return Words(shared.words + added, closed=shared.closed and own.closed)
