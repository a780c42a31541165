"""Reading a file of cases: strict YAML, the schema of cases, shared facts under each case's own, the matrix unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from engine.base.diagnostics import Report
from engine.language.located import Mapping as YamlMapping
from engine.language.located import Node, Scalar, Sequence
from engine.read.load import plain
from engine.read.schema_check import check_schema
from engine.read.yaml_reader import read_yaml
from engine.testing.given import Given
from engine.testing.model import CaseFile, Expected, WorkedCase

MAX_MATRIX = 500
"""How many combinations a matrix may have."""

_PART = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)((?:\[[0-9]{1,4}\])*)")


def load_cases(data: bytes, name: str, report: Report) -> CaseFile | None:
    """Read the bytes of a file of cases (called `name` in messages); None after an error in `report`."""
    root = read_yaml(data, name, report)
    if root is None or not report.ok or not check_schema(root, report, "cases"):
        return None
    policy = root.get("policy")
    assert isinstance(policy, Scalar)
    shared = root.get("facts")
    cases: list[WorkedCase] = []
    for key, node in _entries(root, "cases"):
        if isinstance(node, YamlMapping):
            cases.extend(_cases(key, node, root, shared, report))
    if not report.ok:
        return None
    return CaseFile(name, policy.text, policy.span, tuple(cases))


def _entries(at: YamlMapping, key: str) -> Iterator[tuple[Scalar, Node]]:
    node = at.get(key)
    if isinstance(node, YamlMapping):
        yield from node


def _text(at: YamlMapping, key: str) -> str | None:
    node = at.get(key)
    return node.text if isinstance(node, Scalar) else None


def _cases(
    key: Scalar, node: YamlMapping, root: YamlMapping, shared: Node | None, report: Report
) -> Iterator[WorkedCase]:
    asked = node.get("ask") or root.get("ask")
    if not isinstance(asked, Scalar):
        report.add(
            "schema-missing-key",
            f"case `{key.text}` asks no question",
            key.span,
            help="add `ask: return`, here or once for the whole file",
        )
        return
    axes = [(k, v.items) for k, v in _entries(node, "matrix") if isinstance(v, Sequence)]
    size = 1
    for _, values in axes:
        size *= len(values)
    if size > MAX_MATRIX:
        report.add("output-cost", f"the matrix has {size} combinations; at most {MAX_MATRIX} are run", key.span)
        return
    for combination in product(*(values for _, values in axes)):
        document, given = _document(shared, node, list(zip((k for k, _ in axes), combination, strict=True)), report)
        label = ", ".join(_short(value) for value in combination)
        expect = node.get("expect")
        assert isinstance(expect, YamlMapping)
        yield WorkedCase(
            name=f"{key.text}[{label}]" if label else key.text,
            says=_text(node, "says"),
            ask=asked.text,
            document=document,
            readings={k.text: v.text for k, v in _entries(node, "readings") if isinstance(v, Scalar)},
            parameters={k.text: v for k, v in _entries(node, "parameters")},
            expected=_expected(expect),
            skip=_text(node, "skip"),
            span=key.span,
            expect_span=expect.span,
            ask_span=asked.span,
            reading_spans={k.text: (k.span, v.span) for k, v in _entries(node, "readings")},
            given=given,
        )


def _short(value: Node) -> str:
    return value.text if isinstance(value, Scalar) else "..."


def _expected(node: YamlMapping) -> Expected:
    lines = node.get("lines")
    members = lines.items if isinstance(lines, Sequence) else ()
    return Expected(
        version=node.get("version"),
        status=node.get("status"),
        verdict=node.get("verdict"),
        why=node.get("why"),
        outputs={k.text: v for k, v in _entries(node, "outputs")},
        lines=tuple({k.text: v for k, v in m} if isinstance(m, YamlMapping) else {} for m in members),
        rules=node.get("rules"),
        needs=node.get("needs"),
        ask_first=node.get("ask_first"),
        deadlines={k.text: v for k, v in _entries(node, "deadlines")},
        instead={k.text: v for k, v in _entries(node, "instead")},
        leaning={k.text: v for k, v in _entries(node, "leaning")},
        rests_on=node.get("rests_on"),
        problems=node.get("problems"),
        messages=node.get("messages"),
        keys={
            part: tuple(key for one in _mappings(node.get(part)) for key, _ in one)
            for part in ("outputs", "lines", "deadlines", "instead", "leaning")
        },
    )


def _mappings(node: Node | None) -> Iterator[YamlMapping]:
    """A mapping, or those in a list."""
    for one in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(one, YamlMapping):
            yield one


# facts ---------------------------------------------------------------------------------------------------------------


def _document(
    shared: Node | None, node: YamlMapping, chosen: list[tuple[Scalar, Node]], report: Report
) -> tuple[dict[str, Any], tuple[Given, ...]]:
    """The shared facts, with the case's own on top; and where each of them was written."""
    document: dict[str, Any] = {}
    common = shared if isinstance(shared, YamlMapping) else ()
    facts = (*common, *_entries(node, "facts"), *chosen)
    given = [_put(document, key, value, report) for key, value in facts]
    for name in ("as_of", "stage"):
        text = _text(node, name)
        if text is not None:
            document[name] = text
    return document, tuple(one for one in given if one is not None)


def _put(document: dict[str, Any], key: Scalar, value: Node, report: Report) -> Given | None:
    """Set a fact by its dotted name; `line.x` is the only line of the request, and its order line where it says x.

    Gives where it was put; None, with an error in `report`, if there is no such place.
    """
    steps = _steps(key.text)
    if steps is None:
        report.add(
            "bad-value",
            f"`{key.text}` is not the name of a fact",
            key.span,
            help="write e.g. `order.placed_at` or `request.lines[0].remedy`",
        )
        return None
    data = plain(value)
    if steps[0] != "line":
        _set(document, steps, data, key, report)
        return Given(tuple(steps), key, value)
    request_lines = _lines(document, "request")
    if len(request_lines) != 1:
        report.add(
            "bad-value",
            f"`{key.text}` is not clear: the request has {len(request_lines)} lines",
            key.span,
            help="write `request.lines[0]...`, and give the request's lines before it",
        )
        return None
    same = [i for i, one in enumerate(_lines(document, "order")) if _same_id(one, request_lines[0])]
    places: list[list[str | int]] = [["order", "lines", i, *steps[1:]] for i in same]
    place = next((one for one in places if _has(document, one)), ["request", "lines", 0, *steps[1:]])
    _set(document, place, data, key, report)
    return Given(tuple(place), key, value)


def _lines(document: dict[str, Any], name: str) -> list[Any]:
    """The lines of the order or of the request as far as they are written down; decoding says what is wrong with them."""
    record = document.get(name)
    lines = record.get("lines") if isinstance(record, dict) else None
    return lines if isinstance(lines, list) else []


def _same_id(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict) and one.get("id") == other.get("id") is not None


def _has(document: Any, steps: list[str | int]) -> bool:
    step: Any
    for step in steps:
        known = range(len(document)) if isinstance(document, list) else document
        if not isinstance(document, list | dict) or step not in known:
            return False
        document = document[step]
    return True


def _steps(text: str) -> list[str | int] | None:
    steps: list[str | int] = []
    for part in text.split("."):
        match = _PART.fullmatch(part)
        if match is None:
            return None
        steps.append(match[1])
        steps.extend(int(n) for n in re.findall(r"\d+", match[2]))
    return steps


def _set(document: dict[str, Any], steps: list[str | int], data: Any, key: Scalar, report: Report) -> None:
    here: Any = document  # a mapping or a list, whichever the step before led to
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int):
            if not isinstance(here, list) or step > len(here):
                report.add(
                    "bad-value", f"`{key.text}`: there is no member {step}", key.span, help="members count from 0"
                )
                return
            if step == len(here):
                here.append({})
        elif not isinstance(here, dict):
            report.add("bad-value", f"`{key.text}` goes through a value that has no parts", key.span)
            return
        if following is None:
            before = here[step] if isinstance(step, int) else here.get(step)
            _assign(here, step, _merged(before, data))
            return
        if isinstance(step, str) and here.get(step) is None:
            here[step] = [] if isinstance(following, int) else {}
        here = here[step]


def _assign(container: Any, step: str | int, value: Any) -> None:
    container[step] = value


def _merged(before: Any, data: Any) -> Any:
    """Mappings are merged; everything else replaces what was there (so does `{not_by: ...}`)."""
    whole = not isinstance(before, Mapping) or not isinstance(data, Mapping)
    if whole or "not_by" in before or "not_by" in data:
        return _copied(data)
    merged = dict(before)
    for key, value in data.items():
        merged[key] = _merged(before.get(key), value)
    return merged


def _copied(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _copied(value) for key, value in data.items()}
    return [_copied(item) for item in data] if isinstance(data, list) else data
