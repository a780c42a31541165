"""The clauses of each store's text: all of them stand in its policy, and every one that decides something is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_written
from engine.language import core as c
from engine.language import model as m

ROOT = Path(__file__).parents[2]
INVENTORY = ROOT.parent / "shared" / "sources" / "clauses.md"
PREFIXES = {"kaolate": "kao", "killstar": "kil", "ktr": "ktr"}
SCHEMA = "# yaml-language-server: $schema=../schema/policy.schema.json"
COLUMNS = ("id", "Section", "Paraphrase", "Kind", "Bears on", "Computable", "Facts needed")
KINDS = {"yes": "rule", "human": "judgement", "info": "information"}


@dataclass(frozen=True)
class Checked:
    """A policy as written and as checked, with everything the checks found."""

    store: str
    text: str
    written: m.Policy
    program: c.Program
    found: tuple[Diagnostic, ...]


@pytest.fixture(scope="module", params=sorted(PREFIXES))
def checked(request: pytest.FixtureRequest) -> Checked:
    path = ROOT / "policies" / f"{request.param}.yaml"
    report = Report()
    both = check_written(path.read_bytes(), path.name, report)
    assert both is not None, list(report)
    return Checked(request.param, path.read_text(encoding="utf-8"), *both, tuple(report))


def cites(policy: m.Policy) -> Iterator[str]:
    """What is cited by anything that decides something. A guarantee is a promise about the rules, so it is left out."""
    citing: list[tuple[m.Cite, ...]] = [
        *(one.cites for one in policy.checks),
        *(one.cites for one in policy.parameters),
        *(one.cites for one in policy.defines),
        *(one.cites for one in policy.windows),
        *(row.cites for table in policy.tables for row in table.rows),
        *(reading.about for reading in policy.readings),
    ]
    for decision in policy.decisions:
        citing += [one.cites for one in decision.requires]
        citing += [one.cites for one in decision.rules]
        citing += [one.cites for one in decision.otherwise]
    for cited in citing:
        yield from (cite.name for cite in cited)


def inventory() -> dict[str, dict[str, str]]:
    """The kinds of the clauses by store's prefix and clause id, as the column Computable has them."""
    found: dict[str, dict[str, str]] = {prefix: {} for prefix in PREFIXES.values()}
    for line in INVENTORY.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| *((kao|kil|ktr)-\d+) *\|", line)
        if row is None:
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        assert len(cells) == len(COLUMNS), line
        word = re.match(r"\w+", cells[COLUMNS.index("Computable")])
        assert word is not None and word[0] in KINDS, line
        assert row[1] not in found[row[2]], f"{row[1]} stands there twice"
        found[row[2]][row[1]] = KINDS[word[0]]
    return found


def test_the_first_line_tells_editors_the_schema(checked: Checked) -> None:
    assert checked.text.splitlines()[0] == SCHEMA


def test_the_checks_find_nothing(checked: Checked) -> None:
    assert checked.found == ()


def test_every_clause_that_decides_something_is_cited(checked: Checked) -> None:
    deciding = {clause.id for clause in checked.written.clauses if clause.kind in ("rule", "judgement")}
    assert sorted(deciding - set(cites(checked.written))) == []


@pytest.mark.skipif(not INVENTORY.exists(), reason="the inventory of clauses is not part of this folder")
def test_the_clauses_are_those_of_the_inventory(checked: Checked) -> None:
    expected = inventory()[PREFIXES[checked.store]]
    assert expected
    assert {clause.id: clause.kind for clause in checked.written.clauses} == expected
