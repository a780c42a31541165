from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.moments import NotYet, instant_text, parse_date, parse_instant, span_of
from engine.values.zones import zone


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2026-05-01T23:30:00Z", "2026-05-01T23:30:00Z"),
        ("2026-05-01T23:30Z", "2026-05-01T23:30:00Z"),
        ("2026-05-01T23:30:15.5+02:00", "2026-05-01T21:30:15.500000Z"),
        ("2026-05-01T23:30:00-00:00", "2026-05-01T23:30:00Z"),
        ("2026-12-31T20:00:00-08:00", "2027-01-01T04:00:00Z"),
        ("2026-05-01T00:15:00+05:45", "2026-04-30T18:30:00Z"),
    ],
)
def test_instants(text: str, canonical: str) -> None:
    instant = parse_instant(text)
    assert instant is not None and instant.tzinfo is UTC
    assert instant_text(instant) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01T23:30:00",
        "2026-05-01 23:30:00Z",
        "2026-05-01t23:30:00z",
        "2026-05-01T23:30:60Z",
        "2026-05-01T24:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-05-01T23:30:00.1234567Z",
        "2026-05-01T23:30:00,5Z",
        "2026-05-01T23:30.5Z",
        "2026-05-01T23:30:00+0200",
        "2026-05-01T23:30:00+24:00",
        "2026-05-01T23:30:00+02:60",
        "2026-05-01T23Z",
        "20260501T233000Z",
        "2026-05-01",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-02:00",
        "1899-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "٢٠٢٦-05-01T23:30:00Z",
        "2026-05-01T23:30:00Z\n",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    assert parse_instant(text) is None


def test_dates() -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)
    for text in (
        "2023-02-29",
        "2024-2-29",
        "20240229",
        "1899-12-31",
        "2201-01-01",
        "2024-02-29Z",
        "2024-02-29\n",
    ):
        assert parse_date(text) is None


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)), st.integers(-1439, 1439))
def test_instants_read_back(wall: datetime, offset: int) -> None:
    instant = wall.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert parse_instant(instant_text(instant)) == instant
    assert parse_instant(instant.isoformat()) == instant


def test_a_time_without_offset_is_no_moment() -> None:
    with pytest.raises(ValueError):
        instant_text(datetime(2026, 5, 1))


def test_spans() -> None:
    z = zone("Europe/Berlin")
    instant = datetime(2026, 5, 1, tzinfo=UTC)
    assert span_of(instant, z) == (instant, instant)
    first, last = span_of(date(2026, 10, 25), z)
    assert instant_text(first) == "2026-10-24T22:00:00Z"
    assert instant_text(last) == "2026-10-25T22:59:59.999999Z"
    assert NotYet() == NotYet(None) != NotYet(instant)
