"""The shape of a policy: JSON Schema's findings, told as our diagnostics at the right key.

`schema/policy.schema.json` is the one description of the format; editors complete from it and this module checks with
it. Annotations of our own stand in it: `x-form` and `x-name` say in words what a value or a name looks like, `x-help`
what to do where two keys exclude each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

from engine.base.diagnostics import Fix, Report
from engine.base.source import Span
from engine.base.suggest import nearest
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.schema_validator import Fault, Place, faults_by_place, fits, whole_schema
from engine.read.schema_words import example_lines, expected, given, inline, known_places, listed, meant
from engine.read.yaml_accidents import is_flow
from engine.read.yaml_quoting import extent, in_quotes, kind_of, line_of, quoted, short

_MOST_FINDINGS = 100
"""A file with more mistakes than this is no policy; the first ones say enough."""


def check_schema(root: Mapping, report: Report, name: str = "policy") -> bool:
    """Check the shape of a policy, or of a file of another schema, such as `cases`; everything wrong goes to `report`.

    Gives whether nothing was wrong.
    """
    if _of_another_kind(root, name, report):
        return False
    found = Report()
    for place, faults in faults_by_place(root, name):
        if len(found) < _MOST_FINDINGS:
            _tell(place, faults, found)
    report.extend(found)
    return found.ok


_KINDS = {
    "policy": (
        "decisions",
        "a policy",
        "`policy-engine check` looks at policies; worked cases stand in a file of their own",
    ),
    "cases": (
        "cases",
        "a file of worked cases",
        "`policy-engine test` runs worked cases; name the policy they are about",
    ),
}
"""For each kind of file that is read: the key that no other kind has, what it is called, and what it is for."""


def _of_another_kind(root: Mapping, name: str, report: Report) -> bool:
    """Whether a file is surely one of another kind; then that is all there is to say."""
    own, wanted, _ = _KINDS[name]
    for mark, what, help in _KINDS.values():
        key = root.key(mark)
        if key is not None and root.key(own) is None:
            report.add("schema-other-file", f"this is {what}, not {wanted}", key.span, help=help)
            return True
    return False


def _tell(place: Place, faults: list[Fault], report: Report) -> None:
    """One mistake, one diagnostic: a value of a wrong kind is not also of a wrong form."""
    wrong_kind = next((f for f in faults if f.keyword == "type"), None)
    if wrong_kind is not None:
        _wrong_kind(place, wrong_kind, report)
        return
    unknown: list[str] = []
    if any(fault.keyword == "additionalProperties" for fault in faults):
        unknown.extend(_unknown_keys(place, report))
    _missing(place, [f for f in faults if f.keyword in ("required", "dependentRequired")], unknown, report)
    told = False
    for fault in faults:
        if fault.inside == "propertyNames":
            _bad_name(place, fault, report)
        elif fault.keyword not in ("additionalProperties", "required", "dependentRequired") and not told:
            told = True
            _wrong_value(place, fault, report)


def _wrong_value(place: Place, fault: Fault, report: Report) -> None:
    for keywords, tell in _TELLERS:
        if fault.keyword in keywords:
            tell(place, fault, report)
            return
    _bad_form(place, fault, report)


def _unknown_keys(place: Place, report: Report) -> Iterator[str]:
    """Report every key that the format does not have here; gives the words that were probably meant."""
    if not isinstance(place.node, Mapping):
        return
    known = list(place.schema.get("properties", ()))
    before: tuple[Scalar, Node] | None = None
    beside_nothing = False
    concluded = _beside_then(place)
    if concluded:
        yield "then"
        _not_under_then(concluded, place.node.get("then"), report)
    for key, value in place.node:
        if (key, value) in concluded:
            continue
        if key.text in known:
            # what follows a key without a value was meant to stand below it, and is reported there
            beside_nothing = isinstance(value, Scalar) and value.value is None
        elif not beside_nothing and len(report) < _MOST_FINDINGS:
            instead = nearest(key.text, known) or meant(key.text, known)
            if not _torn(place.node, before, key, value, instead, report):
                yield instead or ""
                report.add(
                    "schema-unknown-key",
                    f"`{short(key.text)}` is not a key of {place.title}",
                    key.span,
                    help=_instead(key.text, instead, known, place.title, place.schema),
                )
        before = (key, value)


def _beside_then(place: Place) -> list[tuple[Scalar, Node]]:
    """What a rule says about outputs of its decision without a `then` around it."""
    decision = place.above[-2] if place.schema.get("title") == "Rule" and len(place.above) > 1 else None
    outputs = None if decision is None else decision.get("outputs")
    if not isinstance(place.node, Mapping) or not isinstance(outputs, Mapping):
        return []
    keys = place.schema.get("properties", ())
    return [(key, value) for key, value in place.node if key.text not in keys and outputs.get(key.text) is not None]


def _not_under_then(concluded: list[tuple[Scalar, Node]], then: Node | None, report: Report) -> None:
    first = concluded[0][0]
    concluded = [*(then if isinstance(then, Mapping) else ()), *concluded]
    parts = [f"{k.text}: {inline(v.text, flow=True) if isinstance(v, Scalar) else '...'}" for k, v in concluded]
    written = line_of("then", "{" + ", ".join(parts) + "}")
    report.add(
        "schema-unknown-key",
        f"`{short(first.text)}` is an output, and a rule concludes its outputs under `then`",
        first.span,
        help=f"write `{written}`",
    )


def _instead(key: str, instead: str | None, known: list[str], title: str, part: dict[str, Any]) -> str:
    """What to do about a key that is none of `known`: the parts of what it stands in come first as its right place."""
    if instead is not None:
        return f"did you mean `{instead}`?"
    elsewhere = [where for where in known_places(part).get(key, ()) if where != title]
    elsewhere = elsewhere or [where for where in _places().get(key, ()) if where != title]
    if elsewhere:
        return f"`{key}` belongs in {listed(elsewhere, 'or')}; check the indentation"
    return f"{title} has the keys {listed([f'`{k}`' for k in known], 'and')}"


@cache
def _places() -> dict[str, tuple[str, ...]]:
    return known_places(whole_schema("policy"))


def _torn(
    node: Mapping, before: tuple[Scalar, Node] | None, key: Scalar, value: Node, instead: str | None, report: Report
) -> bool:
    """`{says: Goods come back, but: not always}`: a comma and a colon of a text made this key."""
    if before is None or key.style != "plain" or not is_flow(node):
        return False
    name, text = before
    in_words = kind_of(name.text) == "text" and instead is None and key.text not in _places()
    if not isinstance(text, Scalar) or text.style != "plain" or not (" " in key.text or in_words):
        return False
    start, whole_text = text.span.start, text.span.source.text
    end = extent(whole_text, value.span.start)
    written = whole_text[start:end].rstrip()
    report.add(
        "yaml-accident",
        f"inside `{{...}}` the text of `{short(name.text)}` ends at its first comma",
        Span(text.span.source, start, start + len(written)),
        help=f"put the whole text in quotes: `{line_of(name.text, in_quotes(written))}`",
    )
    return True


def _missing(place: Place, faults: list[Fault], meant_by: Collection[str], report: Report) -> None:
    """Keys that are needed always, or because of what another key says, or for want of their alternative."""
    reasons: dict[str, list[str]] = {}
    seen = set(meant_by)
    for fault in faults:
        for name, reason in _needed(place, fault):
            if name not in fault.given and name not in seen:
                seen.add(name)
                reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        examples = [example_lines(name, place.schema["properties"][name]) for name in names]
        lacks = "no " + " and no ".join(f"`{name}`" for name in names)
        if reason.startswith(" nor"):
            lacks = f"neither `{names[0]}`"
        help = f"add {'it' if len(names) == 1 else 'them'}, for example {listed(examples, 'and')}"
        report.add("schema-missing-key", f"{place.whose} has {lacks}{reason}", place.owner, help=help)


def _needed(place: Place, fault: Fault) -> Iterator[tuple[str, str]]:
    """The keys a fault asks for, each with the reason as it stands at the end of the message."""
    if fault.keyword == "dependentRequired":
        for other, names in fault.wanted.items():
            if other in fault.given:
                yield from ((name, f", which it needs beside `{other}`") for name in names)
        return
    condition = place.schema.get("if", {})
    reason = ""
    if fault.inside == "else" and place.key is not None:
        reason = f" nor `{condition['required'][0]}`"
    elif fault.inside == "then":
        [(key, rule)] = condition["properties"].items()
        reason = f", which it needs where `{key}` is `{rule['const']}`"
    yield from ((name, reason) for name in fault.wanted)


def _bad_name(place: Place, fault: Fault, report: Report) -> None:
    """A key that the author chose, of a form that names do not have."""
    name = str(fault.given)
    key = place.node.key(name) if isinstance(place.node, Mapping) else None
    form = str(fault.part.get("x-name", "a name"))
    mended = re.sub(r"[^a-z0-9_.]+", "_", name.lower()).strip("_")
    can = mended != name and fits(str(fault.part.get("pattern", "")), mended)
    report.add(
        "schema-bad-form",
        f"`{short(name)}` is not {form}",
        key.span if key is not None else place.owner,
        help=f"write `{short(mended)}`" if can else None,
    )


def _wrong_kind(place: Place, fault: Fault, report: Report) -> None:
    """Text where a list is needed, keys where text is needed, nothing at all."""
    node, form = place.node, expected(fault.part)
    taken = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
    if isinstance(node, Scalar) and node.value is None:
        example = "" if taken == ["object"] else example_lines(place.name, fault.part)
        help = f"write {form}" + (f", for example {example}" if example else "")
        if place.before_unknown:
            help = "indent the lines that belong to it: they begin further to the right than the key"
        report.add("schema-empty", f"{place.what} is empty", place.owner, help=help)
        return
    message = f"{place.takes} {form}, and this is {given(node)}"
    report.add("schema-wrong-kind", message, place.span, help=_other_kind(place, taken), fix=_fix(place, taken))


def _other_kind(place: Place, taken: list[str]) -> str | None:
    """How to get from what was written to what is needed."""
    node, name = place.node, place.name
    if isinstance(node, Scalar):
        spaceless = re.match(r"([A-Za-z_][A-Za-z0-9_]*):(\S.*)\Z", node.text)
        if "object" in taken and spaceless and node.style == "plain":
            return f"a space is missing after `{short(spaceless[1])}:`; write `{line_of(spaceless[1], spaceless[2])}`"
        if isinstance(node.value, str) and not node.number and "array" in taken:
            return f"write `{line_of(name, f'[{inline(node.text, flow=True)}]')}`"
        words = place.schema.get("x-form") in (None, "a word") or kind_of(name) == "text"
        if "string" in taken and words:
            same = "; as numbers, 1.10 and 1.1 would be the same" if node.number else ""
            return f"put it in quotes: `{line_of(name, in_quotes(node.text))}`{same}"
    if isinstance(node, Sequence) and "object" in taken:
        return "remove the `- ` at the beginning of the lines"
    if isinstance(node, Mapping) and not is_flow(node) and len(node.entries) == 1 and "string" in taken:
        first, value = node.entries[0]
        if isinstance(value, Scalar):
            written = line_of(name, in_quotes(f"{first.text}: {value.text}"))
            return f"if the `:` belongs to the text, put it in quotes: `{written if name else '- ' + written}`"
    if taken == ["object"] and "properties" in place.schema:
        keys = place.schema.get("required") or list(place.schema["properties"])[:3]
        return f"its keys stand on the lines below it, indented: {listed([f'`{key}`' for key in keys], 'and')}"
    example = example_lines(name, place.schema)
    return f"for example {example}" if example else None


def _fix(place: Place, taken: list[str]) -> Fix | None:
    """Quotes round what must be text, brackets round the only item of a list: where nothing else can be meant."""
    node = place.node
    if not isinstance(node, Scalar) or node.style in ("literal", "folded") or "\n" in node.span.text:
        return None
    if isinstance(node.value, str) and not node.number and taken == ["array"]:
        item = node.span.text if node.style != "plain" else inline(node.text, flow=True)
        return Fix(node.span, f"[{item}]", "make it a list of one", safe=True)
    words = place.schema.get("x-form") in (None, "a word") or kind_of(place.name) == "text"
    if taken == ["string"] and words and node.style == "plain" and (node.number or isinstance(node.value, int)):
        return Fix(node.span, quoted(node.text), "put it in quotes", safe=not isinstance(node.value, bool))
    return None


def _unknown_word(place: Place, fault: Fault, report: Report) -> None:
    words = fault.wanted if fault.keyword == "enum" else fault.wanted[0]["enum"]
    word = str(fault.given)
    kind, _, currency = word.partition(" ")
    near = nearest(word, words)
    if near is None and fault.keyword == "anyOf" and nearest(kind, words) == "money":
        near = f"money {currency.upper()}"
    help = f"did you mean `{near}`?" if near else f"it can be {listed([f'`{w}`' for w in words], 'or')}"
    report.add("schema-unknown-word", f"{place.what} cannot be `{short(word)}`", place.span, help=help)


def _empty(place: Place, fault: Fault, report: Report) -> None:
    help, span = "add an entry, or remove the key", place.owner
    if isinstance(place.node, Scalar):
        example = example_lines(place.name, fault.part)
        help, span = f"write {expected(fault.part)}" + (f", for example {example}" if example else ""), place.span
    report.add("schema-empty", f"{place.what} is empty", span, help=help)


def _not_here(place: Place, fault: Fault, report: Report) -> None:
    owner = place.key.span if place.key is not None else place.owner
    report.add("schema-unknown-key", f"{place.what} {fault.part['x-form']}", owner, help=fault.part["x-help"])


def _bad_form(place: Place, fault: Fault, report: Report) -> None:
    if fault.keyword == "maxProperties" or not isinstance(place.node, Scalar):
        keys = listed([f"`{k}`" for k in place.schema.get("properties", ())], "or")
        report.add("schema-bad-form", f"{place.takes} one of {keys}, not several", place.owner, help="keep one of them")
        return
    text = place.node.text
    kinds = fault.part.get("type", ())
    item_form = fault.part.get("items", {}).get("pattern", "")
    examples = example_lines(place.name, fault.part, most=2)
    help = fault.part.get("x-help") or (f"for example {examples}" if examples else None)
    if "array" in kinds and fits(item_form, text):
        help = f"write `{line_of(place.name, f'[{inline(text, flow=True)}]')}`"
    message = f"{place.takes} {expected(fault.part)}, not `{short(text)}`"
    report.add("schema-bad-form", message, place.span, help=help)


_TELLERS: tuple[tuple[frozenset[str], Callable[[Place, Fault, Report], None]], ...] = (
    (frozenset({"enum", "anyOf"}), _unknown_word),
    (frozenset({"minLength", "minItems", "minProperties"}), _empty),
    (frozenset({"not"}), _not_here),
)
