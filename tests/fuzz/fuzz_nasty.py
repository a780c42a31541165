"""Inputs built to hurt: bombs, bottomless nesting, endless keys, broken encodings, absurd numbers. Made by code, so that
the repository holds no megabytes of brackets."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from engine.language.operators import OPERATORS

HEAD = "policy: nasty\ntitle: T\nversion: '1'\ncurrency: USD\ntimezone: America/Denver\n"


def policy(when: str = "true", then: str = "approve", more: str = "", rules: str = "") -> bytes:
    """A small policy around one condition, which stands in a block scalar so that it may hold any printable sign."""
    rows = "\n".join(f"            {row}" for row in when.split("\n")) or "            true"
    text = f"""{HEAD}{more}decisions:
  return:
    asks: May it come back?
    outputs: {{outcome: {{type: [deny, review, approve], combine: strictest}}}}
    rules:
      one:
        when:
          - |-
{rows}
        then: {{outcome: {then}}}
{rules}    otherwise: not_covered
"""
    return text.encode("utf-8", errors="surrogatepass")


def _rules(count: int, body: Callable[[int], str]) -> str:
    return "".join(f"      r{n}:\n{body(n)}" for n in range(count))


def _rule(when: str, then: str, more: str = "") -> str:
    return f'        when: "{when}"\n        then: {{outcome: {then}}}\n{more}'


def _defines(count: int, body: Callable[[int], str]) -> str:
    return "define:\n" + "".join(f"  d{n}: {body(n)}\n" for n in range(count))


def _bomb() -> bytes:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(rows).encode()


def _chain(count: int, link: Callable[[int, str], str], first: str) -> str:
    """`count` decisions, each of which reads the one before."""
    rows = []
    for n in range(count):
        when = first if n == 0 else link(n - 1, "o")
        rows.append(f"  d{n}:\n    asks: May it?\n    outputs: {{o: {{type: [a, b]}}}}\n    rules:\n")
        rows.append(f'      r: {{when: "{when}", then: {{o: a}}}}\n    otherwise: not_covered\n')
    return HEAD + "decisions:\n" + "".join(rows)


def _windows(count: int) -> str:
    rows = (f"  w{n}: {{lasts: 1 day, after: {f'w{n - 1}.last_day' if n else 'request.at'}, act: as_of}}\n"
            for n in range(count))  # fmt: skip
    return "windows:\n" + "".join(rows)


def _tables(count: int) -> str:
    rows = (f"  t{n}: {{looks_at: {{a: {f't{n - 1}.b' if n else 'order.item_count'}}}, gives: {{b: integer}}, "
            f"rows: {{r: {{a: 1, b: 1}}, s: {{a: any other, b: 2}}}}}}\n" for n in range(count))  # fmt: skip
    return "tables:\n" + "".join(rows)


def _existing(count: int, last: str) -> str:
    """Facts each of which exists only if the next one does."""
    rows = [f"  order.f{n}: {{type: boolean, only_when: order.f{n + 1}}}\n" for n in range(count)]
    return "facts:\n" + "".join(rows) + f"  order.f{count}: {{type: boolean{last}}}\n"


@cache
def yaml_texts() -> dict[str, bytes]:
    """Texts that are read as policies; each is either refused or decided, quickly."""
    wide = "".join(f"key_{n}: {{a: [1, 2], b: c}}\n" for n in range(12_000))
    doubling = _defines(25, lambda n: "order.total_paid" if n == 0 else f"d{n - 1} + d{n - 1}")
    circle = _defines(40, lambda n: f"d{(n + 1) % 40} and order.is_gift")
    chain = _defines(300, lambda n: "order.is_gift" if n == 0 else f"not d{n - 1}")
    blocked = _rules(9, lambda n: _rule(f"order.total_paid > {n}.00 USD", "deny", "        overrides: [one]\n"))
    many = _rules(600, lambda n: _rule(f"order.total_paid > {n}.00 USD", "deny"))
    mutual = _rules(8, lambda n: _rule("order.is_gift", "deny", f"        overrides: [r{(n + 1) % 8}]\n"))
    everybody = _rules(30, lambda n: _rule(f"order.total_paid > {n}.00 USD", "deny", "        overrides: all\n"))
    words = "facts:\n  order.hue: {type: [" + ", ".join(f"w{n}" for n in range(1_900)) + "]}\n"
    flags = "facts:\n" + "".join(f"  order.f{n}: {{type: boolean}}\n" for n in range(40))
    lists = "any a in order.lines has any b in order.lines has any c in order.lines has a.paid > b.paid + c.paid"
    readings = "sources: {p: {title: T, sections: {All: {c-1: {kind: rule, says: S.}}}}}\nreadings:\n" + "".join(
        f"  r{n}: {{asks: Which?, options: {{a: A., b: B., c: C.}}, chosen: undecided, refer_as: vague, about: [c-1]}}\n"
        for n in range(30)
    )
    table = "tables:\n  t:\n    looks_at: {a: order.total_paid}\n    gives: {b: money}\n    rows:\n" + "".join(
        f"      r{n}: {{a: over {n}.00 USD to {n + 1}.00 USD, b: {n}.00 USD}}\n" for n in range(400)
    )
    return {
        "empty": b"",
        "bom": b"\xef\xbb\xbf" + policy(),
        "utf-16": policy().decode().encode("utf-16"),
        "utf-16 without a mark": policy().decode().encode("utf-16-le"),
        "latin-1": policy("line.title == '\u00e9'").decode().encode("latin-1"),
        "half a character": policy("order.name == '\ud800'"),
        "cut in a character": policy("order.name == '\u20ac'")[:-1].replace(b"\x82", b""),
        "nothing but zeros": b"\x00" * 5_000,
        "nothing but line ends": b"\n" * 900_000,
        "carriage returns": policy().replace(b"\n", b"\r"),
        "too large": b"#" * 1_000_001,
        "one long comment": b"# " + b"x" * 990_000,
        "one long scalar": b"policy: " + b"x" * 990_000,
        "one long key": b"x" * 900_000 + b": 1",
        "one long quoted key": b'"' + b"x" * 900_000 + b'": 1',
        "many keys": wide.encode(),
        "one key many times": b"policy: a\n" * 60_000,
        "many flow lists": b"[" * 500_000,
        "many flow maps": b"{a: " * 200_000,
        "closed flow lists": b"a: " + b"[" * 30_000 + b"]" * 30_000,
        "deep block": b"\n".join(b" " * n + b"a:" for n in range(900)),
        "deep list": b"- " * 300_000,
        "bomb of aliases": _bomb(),
        "alias of itself": b"policy: &a [*a]\n",
        "merge of itself": b"a: &a\n  <<: *a\n",
        "python tags": b"policy: !!python/object/apply:os.system ['true']\n",
        "many documents": b"---\na: 1\n" * 50_000,
        "many directives": b"%YAML 1.2\n" * 1_000 + b"---\na: 1\n",
        "many tags": b"%TAG ! tag:x,2000:\n---\n" + b"- !a !b c\n" * 1_000,
        "many quotes": b"policy: " + b"'" * 500_000,
        "many double quotes": b'policy: "' + b'\\"' * 300_000,
        "escapes": b'policy: "' + b"\\U0010FFFF" * 50_000 + b'"',
        "bad escape": b'policy: "\\ud800\\udc00"\n',
        "huge number": b"policy: " + b"9" * 200_000,
        "huge exponent": b"version: 1e" + b"9" * 5_000,
        "huge hexadecimal": b"policy: 0x" + b"f" * 100_000,
        "many question marks": b"? " * 100_000,
        "many colons": b": " * 100_000,
        "many stars": b"*" * 100_000,
        "invisible": policy("order.is_gift\u200b and \u202eorder.is_gift"),
        "doubling definitions": policy("d24 > 1.00 USD", more=doubling),
        "circle of definitions": policy("d0", more=circle),
        "chain of definitions": policy("d299", more=chain),
        **{
            f"chain of definitions backwards {n}": policy(
                "d0", more=_defines(n, lambda m, n=n: "order.is_gift" if m == n - 1 else f"not d{m + 1}")
            )
            for n in (30, 300)
        },
        "nine blocked exceptions": policy("order.is_gift", rules=blocked),
        "six hundred rules": policy("order.is_gift", rules=many),
        "circle of overrides": policy("order.is_gift", rules=mutual),
        "all override all": policy("order.is_gift", rules=everybody),
        "nearly two thousand words": policy("order.hue == 'w7' or order.hue in ['w1', 'w1899']", more=words),
        "forty unknown flags": policy(" and ".join(f"(order.f{n} or not order.f{n})" for n in range(40)), more=flags),
        "three lists in one another": policy(lists),
        "two lists in one another": policy(lists.replace("any c in order.lines has ", "").replace(" + c.paid", "")),
        **{
            f"chain of decisions {n}": _chain(n, lambda m, o: f"d{m}.{o} == 'a'", "order.is_gift").encode()
            for n in (12, 20, 200)
        },
        **{f"chain of windows {n}": policy(f"w{n - 1} has passed", more=_windows(n)) for n in (20, 35, 300)},
        **{f"chain of tables {n}": policy(f"t{n - 1}.b > 1", more=_tables(n)) for n in (10, 15, 300)},
        **{f"chain of facts {n}": policy("order.f0", more=_existing(n, "")) for n in (1, 30, 300)},
        **{f"circle of facts {n}": policy("order.f0", more=_existing(n, ", only_when: order.f0")) for n in (0, 1, 30)},
        "a fact hangs on a decision": policy("order.f0", more=_existing(0, ", only_when: return.outcome == 'deny'")),
        "a fact hangs on its own window": policy(
            "order.f0",
            more=_existing(0, ", only_when: w0 is open").replace("boolean", "moment")
            + _windows(1).replace("request.at", "order.f0"),
        ),
        "a check reads a decision": policy(
            "order.is_gift", more="checks:\n  a: {must: return.outcome == 'deny', says: It cannot be.}\n"
        ),
        "whom it speaks about hangs on a decision": policy(
            "order.is_gift", more="applies_when: return.outcome == 'deny'\n"
        ),
        "thirty open readings": policy(" and ".join(f"reading.r{n} == 'a'" for n in range(30)), more=readings),
        "four hundred rows": policy("t.b > 5.00 USD", more=table),
        **{f"brackets {n}": policy("(" * n + "order.is_gift" + ")" * n) for n in (50, 59, 60, 61, 500, 1900)},
        **{f"nots {n}": policy("not " * n + "order.is_gift") for n in (59, 61, 900)},
        **{f"minus {n}": policy("-" * n + "1 > 0") for n in (59, 61, 3000)},
        **{f"ands {n}": policy(" and ".join(["order.is_gift"] * n)) for n in (100, 220, 400)},
        **{f"sums {n}": policy("1" + " + 1" * n + " > 3") for n in (60, 990)},
        **{f"ifs {n}": policy("if order.is_gift then " * n + "true" + " else false" * n) for n in (50, 110)},
        **{f"ifs in the condition {n}": policy("if " * n + "true" + " then true else false" * n) for n in (50, 150)},
        "power of 24 digits": policy(" * ".join(["999999999999999999999999"] * 50) + " > 1"),
        "division by near nothing": policy("round(1 / 0.000000000000000000000001, to 1, up) > 1"),
        "far away days": policy("request.at + 999999999999 days > 9999-12-31"),
        "far away months": policy("request.at + 99999999 months > 2026-01-01"),
        "far away hours": policy("request.at + 99999999999999999999999 hours > request.at"),
        "words without end": policy("order.name in [" + ", ".join(f"'w{n}'" for n in range(500)) + "]"),
        **{f"example {entry.key}": policy(entry.example) for entry in OPERATORS},
    }


@cache
def json_texts() -> dict[str, bytes]:
    """Texts that are read as cases."""
    lines = b",".join(b'{"id":"%d","paid":"1.00","quantity":1}' % n for n in range(900))
    asked = b",".join(b'{"id":"%d","asked":1}' % n for n in range(900))
    return {
        "empty": b"",
        "null": b"null",
        "a number": b"1",
        "bom": b'\xef\xbb\xbf{"order":{}}',
        "utf-16": '{"order":{}}'.encode("utf-16"),
        "bad utf-8": b'{"order":{"name":"\xff"}}',
        "half a character": b'{"order":{"name":"\\ud800"}}',
        "a zero in a key": b'{"or\\u0000der":1}',
        "not a number": b'{"order":{"total_paid":NaN,"item_count":Infinity,"weight_kg":-Infinity}}',
        "endless number": b'{"order":{"total_paid":' + b"9" * 400_000 + b"}}",
        "endless fraction": b'{"order":{"total_paid":0.' + b"3" * 400_000 + b"}}",
        "endless exponent": b'{"order":{"total_paid":1e' + b"9" * 1_000 + b"}}",
        "exponent": b'{"order":{"total_paid":1E+63,"item_count":1e3,"weight_kg":1e-63}}',
        "minus nothing": b'{"order":{"total_paid":-0.0,"item_count":-0}}',
        "deep lists": b"[" * 400_000,
        "closed deep lists": b"[" * 400_000 + b"]" * 400_000,
        "deep records": b'{"order":' * 100_000,
        "deep members": b'{"order":{"lines":[' * 20 + b"]}}" * 20,
        "one key many times": b"{" + b",".join([b'"order":{}'] * 100_000) + b"}",
        "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(200_000)) + b"}",
        "many unknown facts": b'{"order":{' + b",".join(b'"totl_paid%d":1' % n for n in range(20_000)) + b"}}",
        "a long key": b'{"' + b"k" * 1_000_000 + b'":1}',
        "a long text": b'{"order":{"name":"' + b"x" * 1_000_000 + b'"}}',
        "too large": b" " * 5_000_001,
        "spaces": b" " * 4_999_000 + b"{}",
        "many lines": b'{"order":{"currency":"USD","lines":[' + lines + b']},"request":{"at":"2026-05-01T00:00:00Z",'
        b'"lines":[' + asked + b"]}}",
        "too many lines": b'{"order":{"lines":[' + b",".join([b"{}"] * 5_000) + b"]}}",
        "lines that are nothing": b'{"request":{"lines":[null,1,"a",[],{}]}}',
        "an empty key": b'{"":1,"order":{"":{"":2}},"request":{"expects":{"":1}}}',
        "an empty key twice": b'{"":1,"":2}',
        "odd keys": b'{"order":{"[":1,"]":2,".":3,"a.b":4,"[0]":5,"lines[0]":6,"\\n":7,"`":8}}',
        "no lines": b'{"request":{"lines":[]}}',
        "many demands": b'{"request":{"expects":{' + b",".join(b'"o%d":1' % n for n in range(5_000)) + b"}}}",
        "many presets": b'{"assume":[' + b",".join([b'"nothing_unusual"'] * 50_000) + b"]}",
        "one line many times": b'{"order":{"lines":[' + b",".join([b'{"id":"1"}'] * 900) + b"]}}",
    }
