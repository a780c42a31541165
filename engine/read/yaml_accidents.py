"""Accidents that are good YAML but not what was meant: commas and `#` that YAML takes for its own."""

from __future__ import annotations

import re

from engine.base.diagnostics import Fix, Report
from engine.base.source import SourceText, Span
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.yaml_quoting import extent, in_quotes, line_of, quoted, short

_COMMENT = re.compile(r"[ ]+(#[^\r\n]*)")
_COLON = re.compile(r"\s*:")
_OPEN_WORD = re.compile(r"(?<![A-Za-z0-9])'[^']*\Z")
_CLOSES_WORD = re.compile(r"#[^']*'(?![A-Za-z0-9])")
_SPACELESS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*):([^\s:/].*)\Z")

MOST_FINDINGS = 50
"""A file with more accidents than this is no policy; the first ones say enough."""


def find_accidents(root: Node, source: SourceText, report: Report) -> None:
    """Report everything below `root` that YAML read otherwise than it was surely meant (code `yaml-accident`)."""
    waiting: list[tuple[Node, str | None]] = [(root, None)]
    while waiting and len(report) < MOST_FINDINGS:
        node, key = waiting.pop()
        match node:
            case Scalar():
                _cut_by_comment(node, key, source, report)
            case Sequence():
                if node.flow:
                    _torn_list(node, source, report)
                waiting.extend((item, key) for item in node.items)
            case Mapping():
                if is_flow(node):
                    _torn_mapping(node, key, source, report)
                waiting.extend((value, name.text) for name, value in node)


def is_flow(node: Mapping) -> bool:
    """Whether a mapping was written as `{...}`."""
    return node.span.source.text.startswith("{", node.span.start)


def _cut_by_comment(node: Scalar, key: str | None, source: SourceText, report: Report) -> None:
    """`line.tag == 'no #1'` and `see order #5`: YAML ends the text before the ` #`."""
    if node.style != "plain" or not isinstance(node.value, str) or node.number:
        return
    match = _COMMENT.match(source.text, node.span.end)
    if match is None:
        return
    comment = match.group(1)
    in_word = _OPEN_WORD.search(node.text) and _CLOSES_WORD.match(comment)
    if not in_word and not re.match(r"#[0-9{]", comment):
        return
    start, end = match.span(1)
    whole = source.text[node.span.start : end].rstrip()
    report.add(
        "yaml-accident",
        "YAML takes everything from ` #` on for a comment, so the text ends before it",
        Span(source, start, start + len(comment.rstrip())),
        help=f"put the whole text in quotes: `{line_of(key, in_quotes(whole))}`"
        + ("" if in_word else "; if it is a comment, write a space after the `#`"),
        fix=_quotes(source, node.span.start, whole, safe=bool(in_word) and not re.search(r"'[^']*\s#", comment)),
    )


def _quotes(source: SourceText, start: int, whole: str, safe: bool = True) -> Fix:
    """Put the whole text that begins at `start` in quotes."""
    return Fix(Span(source, start, start + len(whole)), quoted(whole), "put the whole text in quotes", safe)


def _torn_mapping(node: Mapping, key: str | None, source: SourceText, report: Report) -> None:
    """`{when: greater of (a, b)}` has a key `b)` without a value: report the entry it was torn from."""
    entries = node.entries
    index = 0
    while index < len(entries) and len(report) < MOST_FINDINGS:
        first = index
        while index < len(entries) and _without_colon(*entries[index], source):
            index += 1
        if index > first:
            _torn_entries(node, key, first, index, source, report)
        index += 1


def _torn_entries(node: Mapping, key: str | None, first: int, after: int, source: SourceText, report: Report) -> None:
    """Entries `first` to `after` (out) have neither `:` nor value."""
    name = node.entries[first][0]
    spaceless = _SPACELESS.match(name.text)
    torn = node.entries[first - 1] if first > 0 else None
    if spaceless and name.style == "plain":
        _missing_space(name, spaceless, report)
    elif torn is not None and isinstance(torn[1], Scalar) and torn[1].style == "plain" and torn[1].text:
        start = torn[1].span.start
        end = max(extent(source.text, start), node.entries[after - 1][0].span.end)
        whole = source.text[start:end].rstrip()
        report.add(
            "yaml-accident",
            f"inside `{{...}}` the text of `{short(torn[0].text)}` ends at its first comma",
            Span(source, start, start + len(whole)),
            help=f"put the whole text in quotes: `{line_of(torn[0].text, in_quotes(whole))}`",
            fix=_quotes(source, start, whole),
        )
    else:
        _braces_as_text(node, key, name, source, report)


def _without_colon(name: Scalar, value: Node, source: SourceText) -> bool:
    if not isinstance(value, Scalar) or value.text or value.style != "plain":
        return False
    return _COLON.match(source.text, name.span.end) is None


def _missing_space(name: Scalar, parts: re.Match[str], report: Report) -> None:
    report.add(
        "yaml-accident",
        f"a space is missing after `{short(parts.group(1))}:`",
        name.span,
        help=f"write `{line_of(parts.group(1), parts.group(2))}`",
        fix=Fix(name.span, f"{parts.group(1)}: {parts.group(2)}", "put a space after the colon", safe=True),
    )


def _braces_as_text(node: Mapping, key: str | None, name: Scalar, source: SourceText, report: Report) -> None:
    if key is not None and len(node.entries) == 1:
        row = source.line(node.span.line)
        rest = row[node.span.column - 1 :].rstrip()
        report.add(
            "yaml-accident",
            f"the text of `{short(key)}` begins with `{{`, which YAML takes for the beginning of a mapping",
            node.span,
            help=f"put the whole text in quotes: `{line_of(key, in_quotes(rest))}`",
        )
        return
    report.add(
        "yaml-accident",
        f"`{short(name.text)}` stands inside `{{...}}` without a `:` and a value",
        name.span,
        help=f"write `{short(name.text)}: ...`; if it belongs to the text before it, put that whole text in quotes",
    )


def _torn_list(node: Sequence, source: SourceText, report: Report) -> None:
    """`[greater of (a, b) > 3]` is two items for YAML: found by a bracket or quote that the first leaves open."""
    texts = [item.text if isinstance(item, Scalar) and item.style == "plain" else "" for item in node.items]
    last_end = max((index for index, text in enumerate(texts) if re.search(r"[)']", text)), default=0)
    for text, item in zip(texts[:last_end], node.items, strict=False):
        if text.count("(") > text.count(")") or _OPEN_WORD.search(re.sub(r"'[^']*'", "", text)):
            start = item.span.start
            whole = source.text[start : extent(source.text, start)].rstrip()
            written = line_of(None, in_quotes(whole))
            report.add(
                "yaml-accident",
                "inside `[...]` this text ends at its first comma",
                Span(source, start, start + len(whole)),
                help=f"put the whole text in quotes: `{written}`, or give each item a line of its own",
                fix=_quotes(source, start, whole),
            )
            return


def not_a_mapping(root: Node, report: Report) -> None:
    """The top level is a list or a single text: say what a policy begins with."""
    help = "begin with `policy:`, `title:`, `version:`, `timezone:` and `currency:`, each on its own line"
    span = root.span
    if isinstance(root, Scalar):
        match = re.match(r"([a-z_]+):(\S.*)", root.text)
        if match:
            report.add("yaml-accident", f"a space is missing after `{short(match.group(1))}:`", span, help=help)
            return
    what = "a list" if isinstance(root, Sequence) else "a single text"
    first_line = span.source.text.find("\n", span.start, span.end)
    shown = Span(span.source, span.start, first_line if first_line >= 0 else span.end)
    report.add("schema-wrong-kind", f"the file holds {what}, and a policy is keys with values", shown, help=help)
