"""The table of postal codes, and how a code splits by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.resources import postal_codes, schema
from engine.values.postal_codes import (
    PARTS,
    countries_of,
    countries_with,
    evened,
    formats,
    is_part,
    postal_parts,
    with_part,
)

TABLE = postal_codes()["countries"]
EXAMPLES = [(country, one) for country, told in TABLE.items() for one in told["examples"]]
SPACES = st.sampled_from(["", " ", "-", "\u2013", "\u00a0", "\u200b", "  ", "\t"])


def test_the_table_speaks_of_countries_that_a_case_can_name_and_explains_itself():
    assert set(TABLE) <= set(schema("facts")["$defs"]["country"]["enum"])
    assert list(TABLE) == sorted(TABLE)
    for country, told in TABLE.items():
        assert set(told) == {"name", "written", "area", "district", "patterns", "examples"}, country
        assert told["name"] and told["written"] and told["area"] and told["district"], country
        assert told["examples"], country


@pytest.mark.parametrize("country", TABLE)
def test_a_pattern_is_anchored_names_its_groups_and_repeats_nothing_without_end(country):
    for pattern in TABLE[country]["patterns"]:
        assert pattern.startswith("^") and pattern.endswith("$")
        assert set(re.compile(pattern).groupindex) == {"area", "district"}
        assert not re.search(r"[*+]|,\}", pattern)


@pytest.mark.parametrize(("country", "one"), EXAMPLES, ids=lambda one: one if isinstance(one, str) else one["code"])
def test_an_example_has_the_parts_that_the_table_says(country, one):
    parts = postal_parts(country, one["code"])
    assert parts is not None
    assert {name: parts.named(name) for name in PARTS} == {name: one[name] for name in PARTS}
    assert is_part(parts.area, "area") and is_part(parts.prefix3, "prefix3")


@given(one=st.sampled_from(EXAMPLES), data=st.data())
def test_spaces_dashes_and_small_letters_make_no_difference(one, data):
    country, told = one
    chars = [char.lower() if data.draw(st.booleans()) else char for char in evened(told["code"])]
    written = "".join(data.draw(SPACES) + char for char in chars)
    if len(written) <= 40:
        assert postal_parts(country, written) == postal_parts(country, told["code"])


def test_full_width_characters_are_plain_ones():
    assert postal_parts("JP", "１００－０００１") == postal_parts("JP", "100-0001")  # noqa: RUF001


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("GB", "QX4"),  # with the sector alone behind it, nobody could tell QX1 4 from QX14
        ("GB", "QX1 4"),
        ("GB", "80302"),
        ("GB", "SW1A 1AA and more"),
        ("US", "8030"),
        ("US", "80302-12"),
        ("CA", "K1A"),
        ("CA", "D1A 0B1"),
        ("DE", "1011"),
        ("NL", "1012"),
        ("PT", "1000"),
        ("IE", "D6 XN28"),
        ("FR", ""),
        ("FR", "7500\u0665"),  # a digit of another script
        ("FR", "75001\x1b"),
        ("FR", "75001" + " " * 40),
        ("TR", "ı4110"),  # noqa: RUF001
    ],
)
def test_a_code_that_is_not_one_of_its_country_is_told_with_what_is(country, code):
    with pytest.raises(ValueError, match=re.escape(f"in {country} it is ") + ".*, such as `"):
        postal_parts(country, code)


def test_a_country_that_is_not_in_the_table_has_no_parts():
    assert postal_parts("AE", "anything") is None


@given(st.text(max_size=50), st.sampled_from(sorted(TABLE)))
def test_any_text_has_parts_or_none(text, country):
    try:
        parts = postal_parts(country, text)
    except ValueError:
        return
    assert parts is not None and evened(text).find(parts.prefix3) >= 0 and parts.district >= 0


@given(one=st.sampled_from(EXAMPLES), name=st.sampled_from(PARTS), value=st.integers(0, 99))
def test_a_code_with_another_part_has_that_part_or_there_is_none(one, name, value):
    country, told = one
    wanted = value if name == "district" else told[name]
    try:
        made = with_part(country, told["code"], name, wanted)
    except ValueError:
        assert name == "district"
        return
    parts = postal_parts(country, made)
    assert parts is not None and parts.named(name) == wanted


@pytest.mark.parametrize(
    ("country", "code", "name", "value", "made"),
    [
        ("GB", "DT3 4AB", "area", "IV", "IV3 4AB"),
        ("GB", "dt3 4ab", "district", 14, "dt14 4ab"),
        ("GB", None, "area", "QX", "QX1A 1AA"),
        ("SE", "114 55", "district", 5, "114 05"),
        ("US", "80302", "area", "995", "99502"),
        ("CA", "K1A 0B1", "prefix3", "M5V", "M5V 0B1"),
    ],
)
def test_the_rest_of_a_code_stays_as_it_was(country, code, name, value, made):
    assert with_part(country, code, name, value) == made


@pytest.mark.parametrize(
    ("country", "code", "name", "value"),
    [
        ("AE", None, "area", "QX"),
        ("GB", "80302", "area", "QX"),
        ("GB", "DT3 4AB", "area", "something else"),
        ("GB", "DT3 4AB", "district", 100),
        ("US", "80302", "area", "99"),
        ("DE", "10115", "district", 1000),
    ],
)
def test_a_part_that_no_code_of_the_country_has_is_refused(country, code, name, value):
    with pytest.raises(ValueError, match=r"postal code|in [A-Z]{2} it is"):
        with_part(country, code, name, value)


def test_the_formats_are_those_of_the_table():
    assert set(formats()) == set(TABLE)
    assert formats()["GB"].examples[0] == "SW1A 1AA"


@given(st.sampled_from(EXAMPLES))
def test_the_countries_of_a_code_are_those_that_split_it(one):
    country, told = one
    assert country in set(countries_of(told["code"]))
    assert country in set(countries_with(told["area"]))
    assert all(postal_parts(other, told["code"]) is not None for other in countries_of(told["code"]))


def test_nothing_is_a_code_of_every_country():
    assert list(countries_of("K1A 0B1")) == ["CA"]
    assert list(countries_of("not a code")) == []
    assert list(countries_with("something else")) == []
