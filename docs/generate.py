"""Write the pages in `docs/reference` from what they describe, so that they cannot say something else.

Usage: python docs/generate.py            writes the pages
       python docs/generate.py --check    says which of them are stale, and writes nothing
"""

from __future__ import annotations

import sys
import textwrap
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import click  # noqa: E402
import yaml  # noqa: E402

from docs.postal_page import postal_page  # noqa: E402
from engine.base.codes import CODES  # noqa: E402
from engine.base.resources import schema  # noqa: E402
from engine.cli.exit_codes import MEANINGS  # noqa: E402
from engine.cli.main import cli  # noqa: E402
from engine.language.literal_forms import LITERALS  # noqa: E402
from engine.language.operators import OPERATORS, RESERVED, Level  # noqa: E402
from engine.read.schema_words import expected, inline  # noqa: E402
from engine.vocabulary.shared import vocabulary  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
WRONG = ROOT / "tests" / "wrong"
FINDINGS = ROOT / "docs" / "findings.yaml"

Json = dict[str, Any]

_MADE = "<!-- Written by `python docs/generate.py`. Change what it is made from, not this page. -->\n"


def _page(title: str, intro: str, *parts: str) -> str:
    return "\n".join([f"# {title}\n", _MADE, f"{_wrapped(intro)}\n", *(f"{part.rstrip()}\n" for part in parts)])


def _section(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", _wrapped(intro), *parts])


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 119, break_long_words=False, break_on_hyphens=False)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _code(text: str) -> str:
    """Text as code on one line, also where it has backticks in it."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _resolved(node: Json, defs: Json) -> Json:
    """The keys of a part of a schema together with those of what it refers to; its own win."""
    reference = node.get("$ref")
    return {**_resolved(defs[reference.removeprefix("#/$defs/")], defs), **node} if reference else node


# keys of a policy -------------------------------------------------------------------------------------------------------


def keys() -> str:
    """Every key of a policy, from its schema."""
    document = schema("policy")
    intro = (
        "All keys that a policy can have, what each takes, and an example. A key that is not here is an error, with "
        "the right one suggested. Which words conditions are made of stands in [operators](operators.md). In the "
        "headings `<name>` stands for a name you choose."
    )
    return _page("Keys of a policy", intro, *_keys_below("", document, document["$defs"], set()))


def _keys_below(path: str, node: Json, defs: Json, shown: set[int]) -> Iterator[str]:
    """A section for the object at a path, and for every object with keys of its own below it, each once."""
    part = _resolved(node, defs)
    if "properties" in part and id(part["properties"]) not in shown:
        shown.add(id(part["properties"]))
        yield _keys_of(path, part, defs)
        for key, inner in part["properties"].items():
            yield from _keys_below(f"{path}.{key}" if path else key, inner, defs, shown)
    for key, mark in (("additionalProperties", ".<name>"), ("items", "[]")):
        if isinstance(part.get(key), dict):
            yield from _keys_below(path + mark, part[key], defs, shown)


def _keys_of(path: str, node: Json, defs: Json) -> str:
    needed = set(node.get("required", ()))
    rows = []
    for key, raw in node["properties"].items():
        part = _resolved(raw, defs)
        says = ("**Needed.** " if key in needed else "") + str(part.get("description", ""))
        rows.append([_code(key), says, _takes(part), _example(key, part)])
    head = f"## {_code(path)}\n\n{node.get('description', '')}" if path else "## At the top of the file"
    return f"{head}\n\n" + _table(["key", "what it is for", "what it takes", "example"], rows)


def _takes(part: Json) -> str:
    if "enum" in part and "x-form" not in part:
        return "one of " + ", ".join(_code(word) for word in part["enum"])
    if part.get("type") == "object" and "properties" not in part:
        return "entries by name"
    members = part.get("items", {}).get("x-form")
    if part.get("type") == "array" and members:
        return f"a list, each {members}"
    return expected(part)


def _example(key: str, part: Json) -> str:
    examples = part.get("examples") or part.get("enum") or []
    if not examples or (isinstance(examples[0], dict) and len(inline(examples[0])) > 70):
        return ""
    quoted = "in quotes" in part.get("x-form", "")
    return _code(f"{key}: '{examples[0]}'" if quoted else f"{key}: {inline(examples[0])}")


# facts ------------------------------------------------------------------------------------------------------------------


def facts() -> str:
    """Every shared fact, stage, preset and standard question."""
    document = schema("facts")
    intro = (
        "The facts that all policies share, under the names that conditions and cases use. A policy adds its own "
        "under `facts:`. Nothing here has a default: what nobody says is unknown. What is worked out from other facts "
        "can be left out of a case. How a case is put together is told in [Decide from a "
        "service](../how-to/decide-from-a-service.md)."
    )
    about_stages = (
        "How far the matter has come, in this order. A fact that is known from a later stage is *not yet*, and nobody "
        "is asked for it. A case that gives no `stage` is taken to be at `request`, and the answer says so."
    )
    stages = _section("Stages", about_stages, ", ".join(_code(stage) for stage in vocabulary().stages))
    sections = [_facts_of(name, where, node, document["$defs"]) for name, where, node in _records(document)]
    return _page("Facts", intro, stages, _presets(), _questions(), *sections)


def _presets() -> str:
    intro = (
        "What a caller may take for granted with `assume: [name]`. A fact that is given wins, and every answer lists "
        "what was assumed."
    )
    parts = []
    for name, entries in vocabulary().presets.items():
        rows = [
            [_code(".".join(str(part) for part in path).replace(".*", "[]")), _code(inline(value))]
            for path, value in entries
        ]
        parts.append(f"`{name}`:\n\n" + _table(["fact", "is taken to be"], rows))
    return _section("Presets", intro, *parts)


def _questions() -> str:
    rows = [[_code(name), says] for name, says in vocabulary().decisions.items()]
    intro = (
        "The names that decisions have in every policy. A policy that does not speak about one answers `not_covered`, "
        "and it may have further questions under names of its own."
    )
    return _section("Standard questions", intro, _table(["decision", "what it answers"], rows))


def _records(document: Json) -> Iterator[tuple[str, list[str], Json]]:
    """Every kind of record with its name and the places where it stands, in the order in which they are met."""
    defs: Json = document["$defs"]
    found: dict[str, tuple[list[str], Json]] = {}
    waiting: deque[tuple[str, Json]] = deque(document["properties"].items())
    while waiting:
        place, raw = waiting.popleft()
        part = _resolved(raw, defs)
        many = "items" in part
        if many:
            raw, part = part["items"], _resolved(part["items"], defs)
        if "properties" not in part or raw.get("x-control") or "x-type" in part:
            continue
        kind = raw.get("$ref", place).removeprefix("#/$defs/")
        shown = place + ("[]" if many else "")
        known = kind in found
        found.setdefault(kind, ([], part))[0].append(shown)
        if not known:
            waiting.extend((f"{shown}.{key}", inner) for key, inner in part["properties"].items())
    for kind, (places, part) in found.items():
        yield kind, places, part


def _facts_of(kind: str, places: list[str], node: Json, defs: Json) -> str:
    rows = []
    for name, raw in node["properties"].items():
        if raw.get("x-control"):
            continue
        part = _resolved(raw, defs)
        stage, only = part.get("x-known-from"), part.get("x-only-when")
        told = "worked out from the others" if "x-derived" in part else part.get("x-source", "")
        notes = told + (f", from `{stage}`" if stage else "") + (f", only when `{only}`" if only else "")
        asks = "" if "x-derived" in part else part.get("x-ask", "")
        rows.append([_code(name), part.get("description", ""), _kind(raw, defs), notes, asks])
    where = f"{node.get('description', '')} Stands at {', '.join(_code(place) for place in places)}."
    if "allOf" in node:
        where += " It has all facts of [a line](#line) as well."
    if "x-joins" in node:
        where += f" It has all facts of [a {_title(node['x-joins']).lower()}](#{node['x-joins']})."
    return f"## {_title(kind)}\n\n{where}\n\n" + _table(
        ["fact", "what it is", "kind", "who can tell", "question"], rows
    )


def _title(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _kind(raw: Json, defs: Json) -> str:
    part = _resolved(raw, defs)
    if "items" in part:
        return f"list of {_kind(part['items'], defs)}"
    if "x-type" not in part:
        title = _title(raw["$ref"].removeprefix("#/$defs/"))
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    named = str(part["x-type"])
    if named not in ("words", "ordered"):
        return named
    listed = part.get("enum") or part.get("x-words") or []
    words = [str(word) for word in listed if word is not None]
    if len(words) > 60:
        return "one of the codes of ISO 3166-1"
    if not words:
        return "a word of the shop's own"
    shown = ", ".join(_code(word) for word in words)
    if named == "ordered":
        return f"one of, in this order: {shown}"
    return f"one of {shown}" + ("" if "enum" in part else ", or another word")


# conditions -------------------------------------------------------------------------------------------------------------


def operators() -> str:
    """Every construct of a condition, from the operator table."""
    intro = (
        "Everything that conditions and formulas are made of. A, B, C, D stand for values or conditions, N for a name "
        "you choose for each member of the list L, W for a window, Q for a decision and O for one of its outputs. How "
        "to use them is told in [The condition language](../language.md)."
    )
    groups = dict.fromkeys(one.group for one in OPERATORS)
    parts = [
        f"## {group.capitalize()}\n\n" + "\n\n".join(_operator(one) for one in OPERATORS if one.group == group)
        for group in groups
    ]
    literals = [[_code(one.spelling), one.meaning, _code(one.example)] for one in LITERALS]
    values = "## Values, names, lists and ranges\n\n" + _table(["written", "means", "example"], literals)
    levels = [
        [str(number), ", ".join(dict.fromkeys(_code(one.spelling) for one in OPERATORS if one.precedence == level))]
        for number, level in enumerate(sorted(Level, reverse=True), start=1)
    ]
    order = "## What holds together first\n\nThe first line holds its parts together most tightly. Brackets change that.\n\n"
    reserved = "## Words that are no names\n\nAfter a dot they can still be used.\n\n" + ", ".join(
        _code(word) for word in sorted(RESERVED)
    )
    return _page("Operators", intro, *parts, values, order + _table(["", "constructs"], levels), reserved)


def _operator(one: Any) -> str:
    lines = [
        f"### {_code(one.form)}\n",
        f"{one.doc}\n",
        f"- takes {one.takes}; gives {one.gives}",
        f"- {one.unknown}",
        f"- {_code(one.example)}",
    ]
    if one.greedy:
        lines.append("- reaches to the closing bracket or the end: what follows it needs brackets round it")
    return "\n".join(lines)


# findings, exit codes, commands -----------------------------------------------------------------------------------------


def diagnostics() -> str:
    """Every diagnostic code, with an example where `tests/wrong` has one."""
    examples, findings = _example_messages(), yaml.safe_load(FINDINGS.read_text(encoding="utf-8"))
    parts = []
    for code, about in CODES.items():
        shown = f"\n\n```text\n{examples[code]}\n```" if code in examples else ""
        shown += _wrong_and_right(findings[code]) if code in findings else ""
        parts.append(f"## {code}\n\n**{about.severity.capitalize()}.** {about.meaning} {about.mend}{shown}")
    intro = (
        "Everything that `check` can find in a policy and that `decide` can find in a case. Each finding has a code, "
        "the place, and a `help` line that says what would be right. Errors keep a policy from being used; warnings "
        "do not."
    )
    return _page("Diagnostics", intro, *parts)


def _wrong_and_right(example: Json) -> str:
    """The example of a code in `docs/findings.yaml`: both texts, one below the other."""
    ((kind, texts),) = example.items()
    before = "when: " if kind == "when" else "$ " if kind == "shell" else ""
    return "".join(f"\n\n{word.capitalize()}:\n\n```text\n{before}{texts[word]}\n```" for word in ("wrong", "right"))


def _example_messages() -> dict[str, str]:
    """The first finding of each code among the expected texts, without the count below."""
    found: dict[str, str] = {}
    for path in sorted(WRONG.glob("*/*.expected")):
        text = path.read_text(encoding="utf-8").strip()
        code = text.partition("[")[2].partition("]")[0]
        found.setdefault(code, text.split("\n\n")[0])
    return found


def exit_codes() -> str:
    """What the command line's exit codes mean."""
    intro = "What `policy-engine` ends with. Scripts may rely on these: a number never gets another meaning."
    rows = [[str(int(code)), meaning] for code, meaning in MEANINGS.items()]
    further = (
        "With `--ndjson` a line that cannot be read is answered with an error document and the stream goes on. An "
        "impossible case is answered likewise and does not change the code: each line carries its own `status`."
    )
    return _page("Exit codes", intro, _table(["code", "means"], rows), _wrapped(further))


def commands() -> str:
    """What every command takes."""
    top = click.Context(cli, info_name="policy-engine")
    parts = []
    for name in cli.list_commands(top):
        command = cli.get_command(top, name)
        assert command is not None
        usage = " ".join(["policy-engine", name, *command.collect_usage_pieces(click.Context(command, info_name=name))])
        rows = [_option(one) for one in command.params if isinstance(one, click.Option)]
        says = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n")).replace("*", "\\*")
        table = _table(["option", "what it does"], rows) if rows else ""
        parts.append(f"## {name}\n\n```text\n{usage}\n```\n\n{says}\n\n{table}")
    intro = (
        "What `policy-engine` can do; each command says the same with `--help`. `-` or nothing in place of FACTS is "
        "standard input. What a command ends with stands in [exit codes](exit-codes.md)."
    )
    return _page("Commands", intro, *parts)


def _option(option: click.Option) -> list[str]:
    written = ", ".join(option.opts)
    if isinstance(option.type, click.Choice):
        written += " " + "|".join(str(word) for word in option.type.choices)
    elif not option.is_flag:
        written += f" {option.metavar or ('FILE' if isinstance(option.type, click.Path) else 'NUMBER')}"
    says = option.help or "How to print it."
    return [_code(written), says + (f" `{option.default}` if left out." if option.show_default else "")]


# the decision document --------------------------------------------------------------------------------------------------


def decision() -> str:
    """The JSON document of a decision, from its schema."""
    document = schema("decision")
    defs: Json = document["$defs"]
    parts = list(_document_below("", document, defs))
    for node in defs.values():
        if "properties" in node:
            parts.append(_document_keys(str(node["title"]), node, defs))
        elif "oneOf" in node:
            parts.append(f"## {node['title']}\n\n{node['description']}")
    intro = (
        "What `decide --format json` prints and a service reads: one JSON object for each decision, the same to the "
        "byte for the same case. The schema is `policy-engine schema decision`."
    )
    return _page("The decision document", intro, *parts)


def _document_below(path: str, node: Json, defs: Json) -> Iterator[str]:
    """A section for an object written out at a path, and for those below it; what has a name of its own comes later."""
    if "items" in node:
        yield from _document_below(f"{path}[]", node["items"], defs)
    if isinstance(node.get("additionalProperties"), dict):
        yield from _document_below(f"{path}.<name>", node["additionalProperties"], defs)
    if "properties" in node:
        yield _document_keys(_code(path) if path else "The document", node, defs)
        for key, inner in node["properties"].items():
            yield from _document_below(f"{path}.{key}" if path else key, inner, defs)


def _document_keys(title: str, node: Json, defs: Json) -> str:
    rows = [
        [_code(key), str(_resolved(raw, defs).get("description", "")), _json_kind(raw, defs)]
        for key, raw in node["properties"].items()
    ]
    says = f"{node['description']}\n\n" if node.get("description") else ""
    others = [_linked(_resolved(part, defs)) for part in node.get("allOf", ())]
    also = f"All keys of {' and '.join(others)}, and:\n\n" if others else ""
    return f"## {title}\n\n{says}{also}" + _table(["key", "what it is", "kind"], rows)


def _linked(named: Json) -> str:
    title = str(named["title"]).lower()
    return f"[{title}](#{title.replace(' ', '-')})"


def _json_kind(raw: Json, defs: Json) -> str:
    part = _resolved(raw, defs)
    if "$ref" in raw and ("properties" in part or "oneOf" in part):
        return _linked(defs[raw["$ref"].removeprefix("#/$defs/")])
    if "enum" in part:
        return ", ".join(_code("null" if word is None else str(word)) for word in part["enum"])
    if "const" in part:
        return _code(str(part["const"]))
    if "items" in part:
        return f"list of {_json_kind(part['items'], defs)}"
    if isinstance(part.get("additionalProperties"), dict):
        return f"map of {_json_kind(part['additionalProperties'], defs)}"
    if "oneOf" in part:
        return " or ".join(dict.fromkeys(_json_kind(one, defs) for one in part["oneOf"]))
    kinds = part.get("type", "anything")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)


PAGES: dict[str, Callable[[], str]] = {
    "keys.md": keys,
    "facts.md": facts,
    "postal-codes.md": lambda: postal_page(_page, _table),
    "operators.md": operators,
    "diagnostics.md": diagnostics,
    "exit-codes.md": exit_codes,
    "commands.md": commands,
    "decision.md": decision,
}
"""Name of each page, and what writes it."""


def stale() -> list[str]:
    """The pages that do not say what they would say if they were written now."""
    return [
        name
        for name, write in PAGES.items()
        if not (REFERENCE / name).is_file() or (REFERENCE / name).read_text(encoding="utf-8") != write()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name the stale ones; gives the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    found = stale()
    if arguments:
        print("".join(f"docs/reference/{name} is stale: run python docs/generate.py\n" for name in found), end="")
        return 1 if found else 0
    REFERENCE.mkdir(exist_ok=True)
    for name in found:
        (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
