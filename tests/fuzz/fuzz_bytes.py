"""Changes that know nothing of what the bytes mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

YAML_PIECES = (
    *"'\"[]{}:,#!|>%@`*&?-~\\ \n\t\r\x00",
    *(": ", " #", "- ", "\n  ", "\n", "---\n", "...\n", "<<: ", "null", "true", "1.10", "é", "😀", "\ufeff", "\u2028"),
    *(
        "''",
        "{{",
        "}}",
        "? ",
        "!!python/object:os.system ",
        "&a ",
        "*a",
        "0x10",
        "0o7",
        "1e999",
        ".inf",
        ".nan",
        "12:30",
    ),
    *(
        "\u202e",
        "\x85",
        "\x7f",
        "\x1b[31m",
        "=",
        "|2\n",
        ">-\n",
        "\\ud800",
        '"\\x00"',
        "\u00a0",
        "\U0001d518",
        "ﬁ",
        "İ",
        "ß",
    ),
)
JSON_PIECES = (
    *'{}[]":,\\ \n\t\x00',
    *(
        "null",
        "true",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999999999",
        "-0",
        "0.1",
        "1E400",
        "00",
        '"\\ud800"',
        "\\u0000",
    ),
    *("9" * 30, "9" * 5000, '{"a":1,"a":2}', "[[", "]]", "é", "\ufeff", '""', "//", "'", "1.0", "0.30000000000000004"),
    *('"2026-02-30"', '"2026-03-08T02:30:00-07:00"', '"9999-12-31T23:59:59.999999-14:00"', '{"not_by":1}'),
)
_BAD_UTF8 = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80")


def arbitrary(rng: Random) -> bytes:
    """Bytes of any kind, up to a few hundred."""
    size = rng.choice((0, 1, 2, 3, 5, 8, 20, 60, 200, 600))
    if rng.random() < 0.5:
        return rng.randbytes(size)
    return bytes(rng.choice(b" \n\t:-[]{}'\"#&*!|>%@,?abcxyz0129._\x00\xff\xc3\xa9") for _ in range(size))


def heap(rng: Random, pieces: Sequence[str]) -> bytes:
    """Signs and words of a format in no order."""
    words = (*pieces, "a", "key: ", "policy", "b\n", '"order"', '"lines"', "1")
    text = "".join(rng.choice(words) for _ in range(rng.choice((1, 3, 8, 20, 60, 200))))
    return text.encode("utf-8", errors="surrogatepass")


def mutated(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    """`data` with one to several changes: bytes, runs of bytes, lines, pieces of the format, parts of another seed."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 9))):
        change = rng.choice(_CHANGES)
        data = change(rng, data, others, pieces)
    return data


def _flip(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _put(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    at = rng.randrange(len(data) + 1)
    if rng.random() < 0.15:
        return data[:at] + rng.choice(_BAD_UTF8) + data[at:]
    return data[:at] + rng.choice(pieces).encode("utf-8", errors="surrogatepass") + data[at:]


def _cut(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 1, 2, 4, 10, 40, 300)) :]


def _end(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _copy(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    start, at = rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)
    part = data[start : start + rng.choice((1, 5, 20, 100, 500))]
    return data[:at] + part * rng.choice((1, 1, 1, 2, 20)) + data[at:]


def _lines(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    rows = data.split(b"\n")
    at, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    match rng.randrange(6):
        case 0:
            del rows[at]
        case 1:
            rows.insert(at, rows[other])
        case 2:
            rows[at], rows[other] = rows[other], rows[at]
        case 3:
            rows[at] = b" " * rng.choice((1, 2, 3, 4, 10)) + rows[at]
        case 4:
            rows[at] = rows[at].lstrip()
        case _:
            rows[at] = rows[at].replace(b"'", b"", 1) if b"'" in rows[at] else rows[at] + b" '"
    return b"\n".join(rows)


def _splice(rng: Random, data: bytes, others: Sequence[bytes], pieces: Sequence[str]) -> bytes:
    other = rng.choice(others)
    start, at = rng.randrange(len(other) + 1), rng.randrange(len(data) + 1)
    return data[:at] + other[start : start + rng.choice((3, 20, 100, 1000))] + data[at:]


_CHANGES: tuple[Callable[[Random, bytes, Sequence[bytes], Sequence[str]], bytes], ...] = (
    *(_flip, _put, _put, _put, _cut, _cut, _end, _copy, _lines, _lines, _lines, _splice),
)
