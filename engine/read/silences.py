"""Comments that silence a warning: `# policy-engine: allow unused because the spring terms will need it`.

Such a comment speaks of its own line; alone on a line, of the next line that is not a comment. It names one code and a
reason: what nobody gave a reason for, nobody can judge later. Errors cannot be silenced, and neither can what is found
about the comments themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Fix, Report
from engine.base.source import ScalarText, SourceText, Span
from engine.base.suggest import nearest
from engine.language.located import Mapping, Node, Scalar, Sequence

_MEANT = re.compile(
    r"#[ ]*policy-engine[ ]*(?:(?P<colon>:)|[ ](?=(?:allow|ignore|disable|silence)\b))[ ]*(?P<said>[^\r\n]*)",
    re.IGNORECASE,
)
_FORM = re.compile(r"allow[ ]+([A-Za-z0-9_-]+)(?:[ ]+because\b[ ]*:?[ ]*(.*))?\Z")
_EXAMPLE = "`# policy-engine: allow unused because the spring terms will need it`"
_ABOUT_SILENCES = ("silence-wrong", "silence-nothing")
_OF_OTHERS = ("mutant-survived", "coverage-condition", "coverage-mcdc")
"""Warnings that another command gives than `check`: what silences them is for that command to look at."""


@dataclass(frozen=True)
class Silence:
    """A comment that silences warnings of a code on a line (from 1), with its reason and its place."""

    code: str
    line: int
    reason: str
    span: Span


def apply_silences(root: Mapping, report: Report) -> None:
    """Take the warnings about `root` that a comment of its file silences out of `report` (they stay in its `silenced`).

    Only for a file without errors: others have not been looked through for warnings. A comment that is not of the form
    is reported as `silence-wrong`, one that silences nothing as `silence-nothing`; neither can be silenced itself.
    """
    source = root.span.source
    if "policy-engine" not in source.text.lower():
        return
    silences = [one for one in _silences(root, source, report) if one.code not in _OF_OTHERS]
    speaks_of = Lines(root).speaks_of
    warnings = [one for one in report if one.span is not None]
    for silence in silences:
        quiet = [one for one in warnings if one.code == silence.code and one.span and speaks_of(silence, one.span)]
        warnings = [one for one in warnings if one not in quiet]
        for one in quiet:
            report.silence(one, silence.reason)
        if not quiet:
            report.extend([silences_nothing(silence)])


def silences_of(root: Mapping, code: str) -> tuple[Silence, ...]:
    """The comments in the file of `root` that silence a code; what is wrong with others is told by `apply_silences`."""
    return tuple(one for one in _silences(root, root.span.source, Report()) if one.code == code)


def silences_nothing(silence: Silence) -> Diagnostic:
    """That a comment has nothing to silence (any more)."""
    return Diagnostic(
        "silence-nothing",
        f"there is no warning `{silence.code}` on line {silence.line} that this could silence",
        silence.span,
        help="remove the comment; one that stands alone on a line speaks of the line below",
        fix=Fix(_whole(silence.span), "", "remove the comment", safe=True),
    )


def _whole(comment: Span) -> Span:
    """A comment with the spaces before it; one alone on its line with the whole line."""
    text = comment.source.text
    row = text.rfind("\n", 0, comment.start) + 1
    before = text[row : comment.start].rstrip(" ")
    if before:
        return Span(comment.source, row + len(before), comment.end)
    end = text.find("\n", comment.end)
    return Span(comment.source, row, end + 1 if end >= 0 else len(text))


class Lines:
    """Which lines of a file a comment speaks of: its own, and with it a text of several lines that begins there, such as a
    condition after `>-`, since no comment can stand inside of it."""

    def __init__(self, root: Mapping) -> None:
        self._source = root.span.source
        self._texts = [(one.start, one.end, one.line) for one in _scalars(root)]
        self._starts = [start for start, _, _ in self._texts]

    def speaks_of(self, silence: Silence, span: Span) -> bool:
        """Whether a comment of this file speaks of a place."""
        if isinstance(span.source, ScalarText):
            span = span.source.outer
        if span.source.name != self._source.name:
            return False
        at = bisect_right(self._starts, span.start) - 1
        begins = self._texts[at][2] if at >= 0 and span.start < self._texts[at][1] else span.line
        return silence.line in (span.line, begins)


def _scalars(root: Node) -> list[Span]:
    """The places of all texts and other single values, in order."""
    found: list[Span] = []
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        match node:
            case Scalar(span=span):
                found.append(span)
            case Sequence(items=items):
                pending.extend(items)
            case Mapping(entries=entries):
                pending.extend(part for entry in entries for part in entry)
    return sorted(found, key=lambda span: span.start)


def _silences(root: Mapping, source: SourceText, report: Report) -> Iterator[Silence]:
    texts = sorted(_texts(root))
    starts = [start for start, _ in texts]
    below = _lines_below(source)

    def in_text(at: int) -> bool:
        before = bisect_right(starts, at) - 1
        return before >= 0 and at < texts[before][1]

    for match in _MEANT.finditer(source.text):
        row = source.text.rfind("\n", 0, match.start()) + 1
        signs = (row + at for at, char in enumerate(source.text[row : match.start() + 1]) if char == "#")
        comment = next((at for at in signs if not in_text(at)), None)
        if comment != match.start():
            continue  # the words of a text, or of a longer comment
        silence = _read(match, source, report)
        if silence is not None:
            line = silence.line if source.text[row:comment].strip() else below[silence.line]
            yield replace(silence, line=line)


def _lines_below(source: SourceText) -> list[int]:
    """For each line (the first entry stands for none) the next one below that holds more than a comment, or itself."""
    rows = source.text.split("\n")
    found = list(range(len(rows) + 1))
    following = None
    for number in range(len(rows), 0, -1):
        found[number] = following or number
        if rows[number - 1].strip() and not rows[number - 1].lstrip().startswith("#"):
            following = number
    return found


def _texts(root: Node) -> Iterator[tuple[int, int]]:
    """Where each text of the file begins and ends: a `#` inside is no comment."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        match node:
            case Scalar(span=span, style=style):
                head = span.source.text.find("\n", span.start) if style in ("literal", "folded") else span.start
                yield (head if head >= 0 else span.end), span.end
            case Sequence(items=items):
                pending.extend(items)
            case Mapping(entries=entries):
                pending.extend(part for entry in entries for part in entry)


def _read(match: re.Match[str], source: SourceText, report: Report) -> Silence | None:
    end = match.start() + len(match.group().rstrip())
    span = Span(source, match.start(), end)
    form = _FORM.fullmatch(match["said"].rstrip())
    if form is None or match["colon"] is None:
        report.add("silence-wrong", "this comment silences nothing", span, help=f"write {_EXAMPLE}")
        return None
    code, reason = form.group(1), (form.group(2) or "").strip()
    named = Span(source, match.start("said") + form.start(1), match.start("said") + form.end(1))
    if code not in CODES:
        can = [one for one, about in CODES.items() if about.severity == "warning" and one not in _ABOUT_SILENCES]
        near = nearest(code, can)
        help = f"did you mean `{near}`?" if near else f"a code stands in brackets in its warning, as in {_EXAMPLE}"
        report.add("silence-wrong", f"there is no warning with the code `{code}`", named, help=help)
    elif CODES[code].severity == "error" or code in _ABOUT_SILENCES:
        what = "an error" if CODES[code].severity == "error" else "about such comments"
        report.add("silence-wrong", f"`{code}` is {what} and cannot be silenced", named, help="mend it instead")
    elif not re.search(r"\w", reason):
        help = f"write why it is right here: {_EXAMPLE}"
        report.add("silence-wrong", f"no reason is given for silencing `{code}`", span, help=help)
    else:
        return Silence(code, span.line, reason, span)
    return None
