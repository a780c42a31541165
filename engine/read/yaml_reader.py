"""Strict YAML: from the bytes of a policy to located nodes.

PyYAML's scanner gives events; composing them and giving plain scalars their meaning is done here, because PyYAML's own
composer lets a repeated key win, reads `NO` as false, `12:30` as 750 and `010` as 8, and follows aliases without end.
Plain scalars follow the core schema of YAML 1.2 (chapter 10.3), more narrowly: only `true`, `false`, `null` and `~`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from engine.base.diagnostics import Fix, Place, Report
from engine.base.source import Embedded, SourceText, Span
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.yaml_accidents import MOST_FINDINGS, find_accidents, not_a_mapping
from engine.read.yaml_hints import Problem, explain, explain_tag
from engine.read.yaml_places import offsets
from engine.read.yaml_quoting import short

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 60_000

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
"""Only its scanner and parser are used. The C one is about ten times faster. Both give the same events, save that the
pure one (for machines without libyaml) stops at a `?` in a text inside `{...}`, and the author is told to quote it."""

_BOM = "\ufeff"
_NOT_ALLOWED = re.compile("[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NULL = frozenset({"", "~", "null"})
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+\Z")
_MANY_DIGITS = 1_000
"""Beyond it a whole number keeps its text as value: Python refuses to convert more than a few thousand digits."""

_Style = Literal["plain", "single", "double", "literal", "folded"]
_STYLES: dict[str | None, _Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


def read_yaml(data: bytes, name: str, report: Report) -> Mapping | None:
    """Read one YAML document whose top level is a mapping.

    `data` is the file's content, `name` what people call the file. Everything wrong with it goes to `report`; the
    result is None exactly if an error was found. Never raises on any bytes.
    """
    found = Report()
    root: Node | None = None
    source = _decode(data, name, found)
    if source is not None:
        root = _Composer(source, found).compose()
        if root is not None and found.ok:
            find_accidents(root, source, found)
    if found.ok and root is not None and not isinstance(root, Mapping):
        not_a_mapping(root, found)
    report.extend(found)
    return root if found.ok and isinstance(root, Mapping) else None


# bytes to text --------------------------------------------------------------------------------------------------------


def _decode(data: bytes, name: str, report: Report) -> SourceText | None:
    if len(data) > MAX_BYTES:
        report.add(
            "file-too-large",
            f"the file has {len(data):,} bytes; a policy has at most {MAX_BYTES:,}",
            where=name,
            help="check that it is the right file",
        )
        return None
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]
    try:
        source = SourceText(name, data.decode("utf-8"))
        bad = 0 if wide else None
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8")
        after = data[problem.start : problem.start + 200].decode("utf-8", errors="replace")
        source, bad = SourceText(name, before + after), len(before)
    if bad is not None:
        message = "the file is UTF-16 text, not UTF-8" if wide else "this character is not UTF-8 text"
        help = "save the file with the encoding UTF-8"
        report.add("file-not-text", message, Span(source, bad, bad + 1), help=help)
        return None
    _check_characters(source, report)
    return source if report.ok else None


def _check_characters(source: SourceText, report: Report) -> None:
    """Refuse what cannot be seen: two readers would see two texts. Each kind is reported once, at its first place."""
    text = source.text
    if text.startswith(_BOM):
        report.add(
            "file-not-text",
            "the file begins with a byte order mark, an invisible character",
            Span(source, 0, 1),
            help="save it as `UTF-8`, not as `UTF-8 with BOM`",
            fix=Fix(Span(source, 0, 1), "", "remove the byte order mark", safe=True),
        )
        return
    tab = text.find("\t")
    if tab >= 0:
        end = tab + len(text[tab:]) - len(text[tab:].lstrip("\t"))
        lines = sum("\t" in line for line in text.split("\n"))
        others = f" ({lines} lines have one)" if lines > 1 else ""
        report.add(
            "yaml-syntax",
            f"there is a tab here{others}, and a policy is laid out with spaces",
            Span(source, tab, end),
            help="put spaces in its place; editors can do that for a whole file (`convert indentation to spaces`)",
        )
    seen: set[str] = set()
    for match in _NOT_ALLOWED.finditer(text):
        char, at = match.group(), match.start()
        if char in seen or (char == "\r" and text[at + 1 : at + 2] == "\n"):
            continue
        seen.add(char)
        line_end = char in "\r\x85\u2028\u2029"
        what = "an unusual line end" if line_end else "an invisible control character"
        report.add(
            "yaml-syntax",
            f"{what} (U+{ord(char):04X}) stands here",
            Span(source, at, at + 1),
            help="save the file with ordinary line ends" if line_end else "remove it, and type the words anew",
        )
        if len(seen) == 5:
            return


# events to nodes ------------------------------------------------------------------------------------------------------


@dataclass
class _Frame:
    """A mapping or sequence whose end has not been read yet."""

    start: int
    flow: bool
    is_mapping: bool
    end: int
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    keys: dict[str, Scalar] = field(default_factory=dict)


class _Stop(Exception):
    """Reading on makes no sense; the reason is in the report."""


class _Composer:
    """Builds nodes from events with a stack of its own, so that nesting cannot exhaust Python's."""

    def __init__(self, source: SourceText, report: Report) -> None:
        self.source = source
        self.report = report
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.last: Scalar | None = None
        self.last_key: Scalar | None = None
        self.odd_keys: list[Span] = []

    def compose(self) -> Node | None:
        """The root node, or None; then the reason is in the report."""
        try:
            for event in yaml.parse(self.source.text, Loader=_LOADER):
                self.take(event)
        except yaml.YAMLError as error:
            where = explain(self.problem(error), self.report)
            self.odd_keys = [key for key in self.odd_keys if not where.start <= key.start < where.end]
            return None
        except _Stop:
            return None
        finally:
            for span in self.odd_keys:
                self.report.add(
                    "yaml-key-not-text",
                    "a list or a mapping stands where a key must stand",
                    span,
                    help="a text that begins with `{` or `[` is put in quotes",
                )
        empty = self.root is None or (isinstance(self.root, Scalar) and self.root.value is None)
        if empty and self.report.ok:
            self.report.add(
                "yaml-empty",
                "the file holds no policy",
                Span(self.source, 0, 0),
                help="begin with `policy:`, `title:`, `version:`, `timezone:` and `currency:`, each on its own line",
            )
            return None
        return self.root

    def problem(self, error: yaml.YAMLError) -> Problem:
        mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        size = len(self.source.text)
        at = size if mark is None else min(mark.index, size)
        return Problem(
            source=self.source,
            what=str(getattr(error, "problem", None) or ""),
            at=at,
            context=str(getattr(error, "context", None) or ""),
            began=at if began is None else min(began.index, size),
            last=self.last,
            key=self.last_key,
        )

    def span(self, start: int, end: int) -> Span:
        size = len(self.source.text)
        return Span(self.source, min(start, size), max(min(start, size), min(end, size)))

    def take(self, event: yaml.Event) -> None:
        if len(self.report) >= MOST_FINDINGS:
            raise _Stop
        start, end = _index(event.start_mark), _index(event.end_mark)
        match event:
            case yaml.DocumentStartEvent():
                self.document(event, start, end)
            case yaml.AliasEvent():
                text = short("*" + (event.anchor or ""))
                self.report.add(
                    "yaml-alias",
                    f"`{text}` is a YAML alias, and a policy has none",
                    self.span(start, end),
                    help="write the value out; a text that begins with `*` is put in quotes",
                )
                self.place(self.scalar("", "plain", start, end))
            case yaml.ScalarEvent():
                self.properties(event.anchor, event.tag, start)
                self.place(self.scalar(event.value, _STYLES.get(event.style, "plain"), start, end))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.properties(event.anchor, event.tag, start)
                self.open(event, start, end)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.close(end)
            case _:
                pass

    def document(self, event: yaml.DocumentStartEvent, start: int, end: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.report.add(
                "yaml-many-documents",
                "a second document begins here, and a file holds one policy",
                self.span(start, end),
                help="remove the `---`, or put what follows into a file of its own",
            )
            raise _Stop
        if event.version is not None or event.tags:
            first = self.source.text.find("%")
            line_end = self.source.text.find("\n", first)
            self.report.add(
                "yaml-syntax",
                "lines that begin with `%` are not part of a policy",
                self.span(first, line_end if line_end >= 0 else len(self.source.text)),
                help="remove the line",
            )

    def properties(self, anchor: str | None, tag: str | None, start: int) -> None:
        if anchor is not None:
            at = max(start, self.source.text.find("&" + anchor, start))
            self.report.add(
                "yaml-alias",
                f"`&{short(anchor)}` is a YAML anchor, and a policy has none",
                self.span(at, at + len(anchor) + 1),
                help="remove it; a text that begins with `&` is put in quotes, and a condition says `and`",
            )
        if tag is not None:
            explain_tag(self.source, max(start, self.source.text.find("!", start)), self.report)

    def count(self, start: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.report.add(
                "file-too-large",
                f"the file has more than {MAX_NODES:,} keys and values",
                self.span(start, start),
                help="check that it is the right file",
            )
            raise _Stop

    def scalar(self, text: str, style: _Style, start: int, end: int) -> Scalar:
        self.count(start)
        if style in ("literal", "folded"):
            end = start + len(self.source.text[start:end].rstrip())
        span = self.span(start, end)
        value, number = resolve(text) if style == "plain" else (text, False)
        node = Scalar(value, text, style, span, Embedded(text, span, offsets(span, text, style)), number)
        if start < end:
            self.last = node
        return node

    def open(self, event: yaml.CollectionStartEvent, start: int, end: int) -> None:
        self.count(start)
        if len(self.stack) >= MAX_DEPTH:
            self.report.add(
                "yaml-too-deep",
                f"the text is nested more than {MAX_DEPTH} levels deep",
                self.span(start, max(end, start + 1)),
                help="a policy needs about eight; check the indentation and the brackets",
            )
            raise _Stop
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Frame(start, bool(event.flow_style), is_mapping, end))

    def close(self, end: int) -> None:
        frame = self.stack.pop()
        span = self.span(frame.start, end if frame.flow else frame.end)
        if frame.is_mapping:
            self.place(Mapping(tuple(frame.entries), span))
        else:
            self.place(Sequence(tuple(frame.items), span, frame.flow))

    def place(self, node: Node) -> None:
        """Put a finished node where it belongs: as key, as value, as list item, or as the root."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        frame.end = max(frame.end, node.span.end)
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = self.key(node, frame)
        else:
            frame.entries.append((frame.key, node))
            frame.key = None

    def key(self, node: Node, frame: _Frame) -> Scalar:
        """The node as a key. A number is taken as written (clause `2.10` stays `2.10`); null and true are refused."""
        if not isinstance(node, Scalar):
            self.odd_keys.append(node.span)
            return Scalar("", "", "plain", node.span, Embedded("", node.span, None))
        self.last_key = node
        if node.text == "<<" and node.style == "plain":
            self.report.add(
                "yaml-alias",
                "`<<` merges mappings in YAML, and a policy does not",
                node.span,
                help="write the keys out",
            )
        elif not node.text or node.value is None or isinstance(node.value, bool):
            shown = f"`{short(node.text)}` is" if node.text else "there is"
            kind = "" if node.text else "no word before the `:`, so this is "
            self.report.add(
                "yaml-key-not-text",
                f"{shown} {kind}not a word that can be a key",
                node.span,
                help=f'in quotes it is one: `"{node.text}"`' if node.text else "write the key before the `:`",
            )
        elif node.text in frame.keys:
            self.report.add(
                "yaml-repeated-key",
                f"`{short(node.text)}` stands twice in the same place",
                node.span,
                help="keep one of the two, or give one of them another name",
                also=[Place(frame.keys[node.text].span, "it stands here first")],
            )
        frame.keys.setdefault(node.text, node)
        return node


def _index(mark: Any) -> int:
    """A mark's offset in characters: both scanners count them so, whatever the encoding."""
    return int(mark.index)


def resolve(text: str) -> tuple[str | int | bool | None, bool]:
    """The value of a plain scalar, and whether it is a number whose value stays text.

    `010` is text here, not ten and not eight: which of the two an author meant is not ours to guess.
    """
    if text in _NULL:
        return None, False
    if text in ("true", "false"):
        return text == "true", False
    if len(text) <= _MANY_DIGITS and _INTEGER.match(text):
        return int(text, 0) if text.startswith("0") else int(text), False
    if _NUMBER.match(text) and not _LEADING_ZERO.match(text):
        return text, True
    return text, False
