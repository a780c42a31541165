"""Every example in the README and in the pages of `docs` does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_blocks import ROOT, fits, pages
from docs_joining import joined
from docs_running import Page

PAGES = [path.relative_to(ROOT).as_posix() for path in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    wrong = [
        f"{page}, line {shown.lines[0] + 1}: {shown.what}\n--- the page says\n{shown.expected}\n--- printed\n{shown.printed}"
        for shown in Page(ROOT / page, tmp_path).run()
        if not shown.fits
    ]
    assert not wrong, "\n\n".join([*wrong, f"run: python tests/docs/refresh.py {page}"])


def test_three_dots_stand_for_anything() -> None:
    assert fits("digest …\n…\nend", "digest 12ab  \nmore\n\nend\n\n")
    assert fits("…\nend", "end")
    assert not fits("digest …\nend", "digest 12ab\nmore\nend")
    assert not fits("one", "one\ntwo")


def test_a_piece_goes_where_its_keys_say() -> None:
    whole = "a: 1\nrules:\n  late:\n    when: x\n    then: {y: deny}\n"
    assert joined(whole, "late:\n  when: z\nnew: {when: w}\n", "rules") == (
        "a: 1\nrules:\n  late:\n    when: z\n    then: {y: deny}\n  new: {when: w}\n"
    )
    assert joined(whole, "a: 2\nb:\n  - c\n  - d\n") == whole.replace("a: 1", "a: 2") + "b:\n  - c\n  - d\n"
