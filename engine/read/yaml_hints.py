"""What is wrong where a text is not YAML, in words for an author; recognised from the place and the line around it.

PyYAML says where its parser stopped, in the parser's terms. What an author did is mostly one of a few slips, and each
of them leaves its own trace: which token came last, and what stands at the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.base.diagnostics import Fix, Place, Report
from engine.base.source import SourceText, Span
from engine.language.located import Scalar
from engine.read.yaml_quoting import extent, in_quotes, kind_of, line_of, quoted, short

_ROW = re.compile(
    r"(?P<indent>\s*)(?P<dash>(?:-\s+)*)(?:(?P<key>[A-Za-z0-9_][^:'\"{}\[\],#]*?|\"[^\"]*\"|'[^']*')\s*:(?=\s|\Z)\s*)?(?P<value>.*)"
)
_SPACELESS = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_]*):(?P<value>[^\s:/].*)")
_OPENERS = {"[": "]", "{": "}"}


@dataclass(frozen=True)
class Problem:
    """Where the parser stopped (`at`), what it was in the middle of (`context`, from `began` on), what it read last."""

    source: SourceText
    what: str
    at: int
    context: str
    began: int
    last: Scalar | None
    key: Scalar | None

    @property
    def char(self) -> str:
        """The character at the place; empty at the end of the text."""
        return self.source.text[self.at : self.at + 1]

    @property
    def line(self) -> int:
        """The number of the line with the place."""
        return self.source.line_column(self.at)[0]

    @property
    def row(self) -> str:
        """The text of that line."""
        return self.source.line(self.line)

    @property
    def row_start(self) -> int:
        """Where that line begins."""
        return self.at - self.source.line_column(self.at)[1] + 1

    @property
    def first_on_row(self) -> bool:
        """Whether only spaces stand before the place."""
        return not self.source.text[self.row_start : self.at].strip()

    @property
    def name(self) -> str | None:
        """The key whose value was being read."""
        return self.key.text if self.key is not None else None

    def rewritten(self, key: str | None, value: str) -> str:
        """The line as it should be written; a list item keeps its `- `."""
        row = _ROW.match(self.row)
        return (
            f"- {line_of(None, value)}"
            if row is not None and row["dash"] and row["key"] is None
            else line_of(key, value)
        )

    def to_row_end(self, start: int) -> Span:
        """From `start` to the end of its line, without spaces and comment there."""
        text = self.source.text
        line_end = text.find("\n", start)
        raw = re.sub(r"\s+#.*\Z", "", text[start : line_end if line_end >= 0 else len(text)])
        return self.span(start, start + len(raw.rstrip()))

    def ends_row(self, span: Span) -> bool:
        """Whether nothing, not even a comment, follows a place on its line, and no line below carries its text on."""
        text = self.source.text
        rest = re.match(r"[ ]*(?:\r?\n|\Z)(?:[ ]*\r?\n)*([ ]*)", text[span.end :])
        return rest is not None and len(rest[1]) <= len(self.row) - len(self.row.lstrip())

    def quotes(self, span: Span, text: str | None = None) -> Fix:
        """Put the text of a place, or another in its stead, in quotes; safe if the place reaches to the end of its line."""
        said = quoted(span.text if text is None else text)
        return Fix(span, said, "put the whole text in quotes", self.ends_row(span))

    def span(self, start: int, end: int) -> Span:
        """A stretch of the text; at least one character if there is one."""
        size = len(self.source.text)
        start = min(start, size)
        return Span(self.source, start, min(max(end, start + 1), size))


@dataclass(frozen=True)
class Hint:
    """What to tell the author."""

    span: Span
    message: str
    help: str
    also: tuple[Place, ...] = ()
    fix: Fix | None = None


def explain(problem: Problem, report: Report) -> Span:
    """Report why the text is not YAML (code `yaml-syntax`) and how to mend it; gives the place that was reported."""
    for recognise in _RECOGNISERS:
        hint = recognise(problem)
        if hint is not None:
            break
    else:
        hint = Hint(
            problem.span(problem.at, problem.at + 1) if problem.char.strip() else problem.to_row_end(problem.row_start),
            "the text cannot be read as YAML from here on",
            "compare this line and the one before it with an example; quotes around a text often help",
        )
    report.add("yaml-syntax", hint.message, hint.span, help=hint.help, also=hint.also, fix=hint.fix)
    return hint.span


def explain_tag(source: SourceText, at: int, report: Report) -> None:
    """Report a YAML tag, which is mostly a `!` that was meant as `not`."""
    match = re.compile(r"!\S*").match(source.text, at)
    word = match.group() if match else "!"
    inner = word[1:].rstrip(",}]")
    means_not = re.fullmatch(r"[a-z_][A-Za-z0-9_.]*", inner) is not None
    report.add(
        "yaml-tag",
        f"`{short(word)}` is a YAML tag, and a policy has none",
        Span(source, min(at, len(source.text)), min(at + len(word), len(source.text))),
        help=f"if you mean `not`, write `not {short(inner)}`"
        if means_not
        else "a text that begins with `!` is put in quotes",
    )


# recognisers: each answers one kind of slip, or None ------------------------------------------------------------------


def _unclosed_quote(p: Problem) -> Hint | None:
    """A quote that the rest of the file, or a quote lines below, closed."""
    quoted_last = p.last is not None and p.last.style in ("single", "double") and "\n" in p.last.span.text
    if "quoted scalar" in p.context and ("end of stream" in p.what or "document indicator" in p.what):
        start = p.began
    elif quoted_last and p.last is not None and not p.source.text[p.last.span.end : p.at].strip():
        start = p.last.span.start
    else:
        return None
    mark = p.source.text[start]
    return Hint(
        p.to_row_end(start),
        f"the quote `{mark}` that opens here is not closed on its line",
        f"close it with `{mark}`; a text that holds a `{mark}` itself stands between "
        + ("double quotes" if mark == "'" else "single quotes"),
    )


def _escape(p: Problem) -> Hint | None:
    if "escape" not in p.what and "hexdecimal" not in p.what and "escape" not in p.context:
        return None
    at = p.source.text.rfind("\\", p.began, p.at + 1)
    at = at if at >= 0 else p.at
    return Hint(
        p.span(at, at + 2),
        "inside double quotes a `\\` begins a special character, and this is none",
        "write the text in single quotes, or the `\\` twice",
    )


def _quote_at_the_beginning(p: Problem) -> Hint | None:
    """`when: 'a' == line.x`, `because: 'The shop's fault'`: something follows the closing quote."""
    last = p.last
    if last is None or last.style not in ("single", "double") or "\n" in last.span.text:
        return None
    if p.source.text[last.span.end : p.at].strip(" ") or p.at >= len(p.source.text) or p.char in "\n,:#":
        return None
    in_flow = "flow" in p.context
    start = last.span.start
    whole = p.span(start, extent(p.source.text, start)) if in_flow else p.to_row_end(start)
    name = p.name
    if last.style == "single" and p.at == last.span.end and p.char.isalpha():
        inner = whole.text[1:].removesuffix("'")
        return Hint(
            p.span(last.span.end - 1, last.span.end),
            "this apostrophe ends the text, because the text began with the same sign",
            f"put the text in double quotes: `{p.rewritten(name, in_quotes(inner))}`",
            fix=p.quotes(whole, inner),
        )
    if kind_of(name) == "text":
        inner = whole.text.replace(last.span.text[0], "") if last.style == "double" else whole.text
        return Hint(
            whole,
            "the text goes on after its closing quote",
            f"put the whole text in one pair of quotes: `{p.rewritten(name, in_quotes(inner))}`",
        )
    written = whole.text
    if last.style == "double":
        written = "'" + last.text + "'" + written[len(last.span.text) :]
    return Hint(
        whole,
        "the condition begins with a quoted word, and YAML takes the quotes for its own",
        f"put the whole condition in double quotes: `{p.rewritten(name, in_quotes(written))}`",
        fix=None if in_flow else p.quotes(whole, written),
    )


def _bracket_at_the_beginning(p: Problem) -> Hint | None:
    """`because: {fee} is due`, `when: ['a', 'b'] ...`: something follows the closing bracket."""
    before = p.source.text[p.row_start : p.at].rstrip()
    if not before.endswith(("}", "]")) or not p.char.strip() or p.char in "}],:":
        return None
    row = _ROW.match(p.row)
    if row is None or row["value"][:1] not in _OPENERS:
        return None
    opener = row["value"][0]
    start = p.row_start + row.start("value")
    whole = p.to_row_end(start)
    name = row["key"] or p.name
    what = "a mapping" if opener == "{" else "a list"
    return Hint(
        whole,
        f"the text begins with `{opener}`, which YAML takes for the beginning of {what}",
        f"put the whole text in quotes: `{p.rewritten(name, in_quotes(whole.text))}`",
    )


def _flow(p: Problem) -> Hint | None:
    """A text inside `{...}` or `[...]` that YAML breaks off, or brackets that do not close."""
    if "flow" not in p.context:
        return None
    last = p.last
    opener = p.source.text[p.began : p.began + 1]
    plain = last is not None and last.style == "plain" and not p.source.text[last.span.end : p.at].strip(" ")
    if last is not None and plain and "\n" not in last.span.text and p.char and p.char in "[{:?":
        start = last.span.start
        end = extent(p.source.text, start)
        if p.char == ":" and not re.search(r":[ ]", p.source.text[start : max(end, p.at + 2)]):
            return None
        whole = p.span(start, len(p.source.text[:end].rstrip()))
        sign = p.char if p.char != ":" else ": "
        return Hint(
            whole,
            f"inside `{opener}...{_OPENERS.get(opener, '')}` YAML breaks a text off at `{sign}`",
            f"put the whole text in quotes: `{line_of(_owner(p, last), in_quotes(whole.text))}`",
        )
    if opener in _OPENERS and p.char and p.char in "}]" and "\n" not in p.source.text[p.began : p.at]:
        return Hint(
            p.span(p.at, p.at + 1),
            f"`{p.char}` closes here what `{opener}` opened",
            f"brackets come in pairs: close `{opener}` with `{_OPENERS[opener]}` first",
            (Place(p.span(p.began, p.began + 1), "it opens here"),),
        )
    if opener in _OPENERS and (not p.char or "\n" in p.source.text[p.began : p.at]):
        return Hint(
            p.span(p.began, p.began + 1),
            f"the bracket `{opener}` that opens here is not closed",
            f"close it with `{_OPENERS[opener]}`, on the same line if it fits",
        )
    return None


def _owner(p: Problem, value: Scalar) -> str | None:
    """The key of the value read last; None if the value is a list item or the key itself."""
    if p.key is None or p.key is value:
        return None
    between = p.source.text[p.key.span.end : value.span.start]
    return p.key.text if re.fullmatch(r"\s*:\s*", between) else None


def _nothing_after_colon(p: Problem) -> Hint | None:
    """`{outcome: deny, fee:}`: libyaml wants a space there."""
    if "unexpected ':'" not in p.what:
        return None
    whole = p.span(p.began, p.at + 1)
    return Hint(
        whole,
        f"no value stands after `{short(whole.text)}`",
        "write a space and the value behind it; a text that ends in `:` is put in quotes",
    )


def _list_on_key_line(p: Problem) -> Hint | None:
    if "sequence entries are not allowed" not in p.what:
        return None
    row = _ROW.match(p.row)
    name = short(row["key"]) if row is not None and row["key"] else "the key"
    return Hint(
        p.to_row_end(p.at),
        "a list cannot begin on the line of its key",
        f"write `{name}:` alone, and below it each item on its own line, as `- ...`",
    )


def _first_character(p: Problem) -> Hint | None:
    """`%`, `@`, a backtick, `*`, `&`, `!`, `>`, `|`, `]`, `}` or `,` at the beginning of a text."""
    in_block_scalar = "block scalar" in p.context
    starts = (
        "cannot start any token" in p.what
        or in_block_scalar
        or any(word in p.context for word in ("alias", "anchor", "tag", "block node"))
        or "tag handle" in p.what
        or "directive" in p.context
    )
    if not starts:
        return None
    at = p.began if p.source.text[p.began : p.began + 1] in tuple("*&!|>%") else p.at
    sign = p.source.text[at : at + 1]
    if not sign.strip() or (sign.isalnum()):
        return None
    whole = p.to_row_end(at)
    help = f"put the whole text in quotes: `{p.rewritten(p.name, in_quotes(whole.text))}`"
    if sign in "><=":
        help = (
            "a comparison names what it compares first: `line.paid > 5.00 USD`; a text that begins so is put in quotes"
        )
    elif sign == "!":
        help = f"if you mean `not`, write `not {short(whole.text[1:])}`; a text that begins with `!` is put in quotes"
    elif sign == "%":
        help = "a percentage has its number before the sign: `20%`; a text that begins with `%` is put in quotes"
    return Hint(whole, f"a text cannot begin with `{sign}`, which has a meaning of its own in YAML", help)


def _colon_in_text(p: Problem) -> Hint | None:
    """`because: Note: late`; also `a: b` with keys below it, and a key above that lacks its space or its `:`."""
    if "mapping values are not allowed" not in p.what:
        return None
    last = p.last
    if last is not None and last.style == "plain" and "\n" in last.span.text:
        return _joined_lines(p, last)
    row = _ROW.match(p.row)
    if row is None or row["key"] is None:
        return None
    start = p.row_start + row.start("value")
    whole = p.to_row_end(start)
    if whole.text[:1] in ("'", '"'):
        return Hint(whole, "a second `:` follows on this line", "write each key on a line of its own")
    return Hint(
        whole,
        "this text holds `: `, and YAML takes the word before it for another key",
        f"put the whole text in quotes: `{line_of(row['key'], in_quotes(whole.text))}`",
        fix=p.quotes(whole),
    )


def _joined_lines(p: Problem, last: Scalar) -> Hint | None:
    """The value read last goes on over several lines and ends in what was meant as a key."""
    first = last.span.start
    line = last.span.line
    row = p.source.line(line)
    whole = p.to_row_end(first)
    spaceless = _SPACELESS.fullmatch(whole.text)
    if spaceless:
        return _no_space(whole, spaceless)
    owner = _ROW.match(row)
    if owner is not None and owner["key"] and owner.start("value") == last.span.column - 1:
        if kind_of(owner["key"]) == "text":
            return Hint(
                p.to_row_end(p.row_start + len(p.row) - len(p.row.lstrip())),
                f"the text of `{short(owner['key'])}` holds `: `, and YAML takes the words before it for another key",
                "put the whole text in quotes: one at its beginning and one at its end",
            )
        return Hint(
            whole,
            f"`{short(owner['key'])}` has a value on its own line, so no keys can stand below it",
            f"remove the value, or begin the next line in the same column as `{short(owner['key'])}`",
        )
    return Hint(whole, f"a `:` is missing after `{short(whole.text)}`", f"write `{short(whole.text)}:`")


def _no_space(whole: Span, parts: re.Match[str]) -> Hint:
    key, value = parts["key"], parts["value"]
    at = whole.start + parts.end("key") + 1
    fix = Fix(Span(whole.source, at, at), " ", "put a space after the colon", safe=True)
    return Hint(whole, f"a space is missing after `{short(key)}:`", f"write `{line_of(key, value)}`", fix=fix)


def _key_without_colon(p: Problem) -> Hint | None:
    if "could not find expected ':'" not in p.what:
        return None
    whole = p.to_row_end(p.began)
    spaceless = _SPACELESS.fullmatch(whole.text)
    if spaceless:
        return _no_space(whole, spaceless)
    if " " in whole.text.strip():
        return Hint(
            whole,
            "this line has no `:`, and does not belong to the text above it either",
            "a line that continues a text is indented further than the text's key; a key ends in `:`",
        )
    return Hint(whole, f"a `:` is missing after `{short(whole.text)}`", f"write `{short(whole.text)}:`")


def _indentation(p: Problem) -> Hint | None:
    if "parsing a block" not in p.context or not p.first_on_row:
        return None
    row = p.to_row_end(p.at)
    if p.last is not None and p.last.style == "plain":
        comment = re.fullmatch(r"[ ]+(#[^\n]*)\n\s*", p.source.text[p.last.span.end : p.at])
        if comment and p.char not in "-" and ": " not in row.text and not row.text.endswith(":"):
            start = p.last.span.end + comment.start(1)
            return Hint(
                p.to_row_end(start) if comment.group(1).strip("# ") else row,
                "YAML takes everything from ` #` on for a comment, in the middle of this text",
                "put the whole text in quotes: one at its beginning and one at its end",
            )
    if "block collection" in p.context or p.source.text[p.began : p.began + 2] == "- ":
        return Hint(
            row,
            "a key stands among the items of a list",
            "begin the line with `- ` if it is an item; otherwise begin it in the column of the list's key",
        )
    if p.char == "-" and p.row[p.at - p.row_start + 1 :][:1] in ("", " "):
        return Hint(
            row,
            "a list item stands among keys",
            "a list stands below its key; check that the line is indented like the other items",
        )
    return Hint(
        row,
        f"this line begins in column {p.source.line_column(p.at)[1]}, where no block above it begins",
        "the keys of one block begin in the same column; count the spaces at the beginning of the lines above",
    )


def _left_of_the_first_line(p: Problem) -> Hint | None:
    if "document start" not in p.what:
        return None
    return Hint(
        p.to_row_end(p.at),
        "this line begins further to the left than the first line of the file",
        "the keys of a policy all begin in the first column, `policy:` like the others",
    )


_RECOGNISERS: tuple[Callable[[Problem], Hint | None], ...] = (
    _unclosed_quote,
    _escape,
    _quote_at_the_beginning,
    _bracket_at_the_beginning,
    _flow,
    _nothing_after_colon,
    _list_on_key_line,
    _first_character,
    _colon_in_text,
    _key_without_colon,
    _indentation,
    _left_of_the_first_line,
)
