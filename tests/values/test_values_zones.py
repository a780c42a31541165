from datetime import UTC, date, datetime, timedelta

import pytest

from engine.values.zones import (
    FIRST_DAY,
    LAST_DAY,
    TZDATA_VERSION,
    OutOfRange,
    day_bounds,
    day_span,
    distinct_zones,
    is_zone,
    local_date,
    probing_order,
    same_in_every_zone,
    zone,
    zone_help,
    zone_names,
)

MICROSECOND = timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_names_come_from_the_package() -> None:
    assert TZDATA_VERSION[:4].isdigit()
    assert len(zone_names()) > 500 and {"UTC", "Europe/Berlin", "US/Pacific"} <= set(zone_names())
    assert zone("Asia/Tokyo") is zone("Asia/Tokyo")
    assert str(zone("Asia/Tokyo")) == "Asia/Tokyo"


@pytest.mark.parametrize(
    "name", ["", "../zones", "/etc/localtime", "Europe", "europe/berlin", "Europe/Berlin/", "zones"]
)
def test_no_other_name_is_a_zone(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(KeyError):
        zone(name)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Lisbon", "`Europe/Lisbon`"),
        ("lisbon", "`Europe/Lisbon`"),
        ("LISBON", "`Europe/Lisbon`"),
        ("Lisboa", "`Europe/Lisbon`"),
        ("New York", "`America/New_York`"),
        ("new-york", "`America/New_York`"),
        ("Portugal/Lisbon", "`Europe/Lisbon`"),
        ("europe/berlin", "`Europe/Berlin`"),
        ("America/Dever", "`America/Denver`"),
        ("Louisville", "`America/Kentucky/Louisville` or `America/Louisville`"),
    ],
)
def test_a_town_is_found_in_its_continent(written: str, meant: str) -> None:
    assert zone_help(written) == f"did you mean {meant}?"


@pytest.mark.parametrize("name", ["", "/", "GMT+1", "+01:00", "UTC-5", "xyzzy", "a" * 5000])
def test_what_is_like_no_zone_is_not_guessed(name: str) -> None:
    """An offset least of all: `Etc/GMT+1` lies an hour west of Greenwich, not east."""
    assert zone_help(name) is None


def test_distinct_zones_stand_for_all() -> None:
    keys = [z.key for z in distinct_zones()]
    assert 300 < len(keys) < len(zone_names())
    assert sorted(z.key for z in probing_order()) == sorted(keys)
    first, second = probing_order()[:2]
    noon = utc("2024-06-01T12:00")
    assert first.utcoffset(noon) == timedelta(hours=-12) and second.utcoffset(noon) == timedelta(hours=14)
    for name in zone_names():
        z, instants = zone(name), [utc(f"{y}-{m:02}-10T05:30") for y in (1935, 1985, 2025) for m in (1, 7)]
        assert any(
            [i.astimezone(z).utcoffset() for i in instants] == [i.astimezone(d).utcoffset() for i in instants]
            for d in distinct_zones()
        )


def test_same_in_every_zone() -> None:
    instant = utc("2026-05-01T12:30")
    assert same_in_every_zone(lambda z: local_date(instant, z).year) == 2026
    assert same_in_every_zone(lambda z: local_date(instant, z)) is None
    assert same_in_every_zone(lambda z: None) is None


def test_local_dates() -> None:
    instant = utc("2026-05-01T23:30")
    assert local_date(instant, zone("America/Denver")) == date(2026, 5, 1)
    assert local_date(instant, zone("Pacific/Kiritimati")) == date(2026, 5, 2)
    with pytest.raises(ValueError):
        local_date(datetime(2026, 5, 1), zone("UTC"))


def test_the_days_covered() -> None:
    with pytest.raises(OutOfRange):
        local_date(utc("1900-01-01T00:00"), zone("America/New_York"))
    with pytest.raises(OutOfRange):
        day_bounds(LAST_DAY + timedelta(days=1), zone("UTC"))
    assert day_bounds(LAST_DAY, zone("UTC"))[1] == utc("2201-01-01T00:00")
    assert day_bounds(FIRST_DAY, zone("UTC"))[0] == utc("1900-01-01T00:00")


@pytest.mark.parametrize(
    ("name", "day", "first", "following"),
    [
        ("America/Los_Angeles", "2025-11-02", "2025-11-02T07:00", "2025-11-03T08:00"),  # 25 hours
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00", "2026-03-09T07:00"),  # 23 hours
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00"),  # midnight skipped
        ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", "2018-02-18T03:00"),  # 23:00 lived twice
        ("America/Havana", "2025-11-02", "2025-11-02T04:00", "2025-11-03T05:00"),  # midnight lived twice
        ("America/Toronto", "1919-03-30", "1919-03-30T05:00", "1919-03-31T04:30"),  # 23:30 to 00:30
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30", "1919-04-01T04:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", "2011-12-30T10:00"),  # never was
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", "2011-12-31T10:00"),
    ],
)
def test_the_bounds_of_a_day(name: str, day: str, first: str, following: str) -> None:
    assert day_bounds(date.fromisoformat(day), zone(name)) == (utc(first), utc(following))


def test_a_day_that_comes_back() -> None:
    # Clocks in St. John's went back at 00:01, so 30 October was back for 59 minutes.
    z, day = zone("America/St_Johns"), date(2004, 10, 30)
    assert day_bounds(day, z) == (utc("2004-10-30T02:30"), utc("2004-10-31T02:30"))
    assert day_span(day, z) == (utc("2004-10-30T02:30"), utc("2004-10-31T03:30") - MICROSECOND)
    assert local_date(utc("2004-10-31T02:30:30"), z) == date(2004, 10, 31)
    assert local_date(utc("2004-10-31T02:31"), z) == day


def test_a_midnight_lived_twice_does_not_bring_the_day_back() -> None:
    z = zone("America/Havana")
    assert day_span(date(2025, 11, 1), z) == (utc("2025-11-01T04:00"), utc("2025-11-02T04:00") - MICROSECOND)


def test_the_span_of_a_skipped_day_is_the_skip() -> None:
    assert day_span(date(2011, 12, 30), zone("Pacific/Apia")) == (
        utc("2011-12-30T10:00"),
        utc("2011-12-30T10:00"),
    )


def test_bounds_and_spans_in_every_zone() -> None:
    days = [
        date(1949, 3, 31),
        date(1987, 10, 25),
        date(2011, 12, 30),
        date(2024, 2, 29),
        date(2026, 3, 29),
        date(2090, 10, 31),
    ]
    for z in distinct_zones():
        for day in days:
            first, following = day_bounds(day, z)
            assert local_date(first - MICROSECOND, z) < day <= local_date(first, z)
            assert local_date(following - MICROSECOND, z) <= day < local_date(following, z)
            if first != following:
                span = day_span(day, z)
                assert span[0] == first and local_date(span[0], z) == local_date(span[1], z) == day
                assert local_date(span[1] + MICROSECOND, z) > day
