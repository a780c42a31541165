"""The frame of a policy: its currency, its zone, its calendar, the days on which it holds."""

from __future__ import annotations

from engine.base.diagnostics import Report
from engine.base.suggest import nearest
from engine.check.places import Places
from engine.check.suggestions import name_help
from engine.language import model as m
from engine.language.types import CHARGED
from engine.values.business import BusinessCalendar, UnknownCalendar, holiday_calendar
from engine.values.money import currencies, is_currency
from engine.values.zones import is_zone, zone_help

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_YEARS = 100


def check_frame(policy: m.Policy, places: Places, report: Report) -> None:
    """Report a currency, a zone, a span of days, or an option of a reading that there is not."""
    if policy.currency != CHARGED and not is_currency(policy.currency):
        report.add(
            "bad-currency",
            f"there is no currency `{policy.currency}`",
            policy.currency_span,
            help=name_help(policy.currency, currencies())
            or "write an ISO 4217 code such as `EUR`, or `as charged` for whatever the order was charged in",
        )
    if not is_zone(policy.timezone):
        report.add(
            "bad-zone",
            f"there is no time zone `{policy.timezone}`",
            policy.timezone_span,
            help=zone_help(policy.timezone) or "write an IANA name such as `America/Denver`",
        )
    first, until = policy.effective
    if first is not None and until is not None and until <= first:
        report.add(
            "bad-value",
            f"these terms would hold on no day: they end on {until}, and begin on {first}",
            places.value("effective", "until") or policy.span,
            help="`from` is the first day on which they hold, `until` the first day on which they hold no more",
        )
    for reading in policy.readings:
        if any(option == "undecided" for option, _ in reading.options):
            report.add(
                "name-reserved",
                f"reading `{reading.id}` cannot have an option `undecided`: that is what it is while none is chosen",
                places.key("readings", reading.id, "options", "undecided") or reading.span,
                help="leave it out, and write `chosen: undecided`",
            )


def business_calendar(policy: m.Policy, places: Places, report: Report) -> BusinessCalendar | None:
    """The policy's calendar, or None if it has none or it cannot be made."""
    spec = policy.calendar
    if spec is None:
        return None
    weekend = [_DAYS.index(day) for day in spec.weekend if day in _DAYS]
    if len(set(weekend)) == 7:
        place = places.value("calendar", "weekend") or spec.span
        report.add("bad-calendar", "every day of the week is a weekend", place, help="leave a working day")
        return None
    if spec.last.year - spec.first.year > _MOST_YEARS:
        report.add(
            "bad-calendar",
            f"the calendar covers more than {_MOST_YEARS} years",
            places.value("calendar", "until") or spec.span,
            help="cover the years for which the holidays are certain",
        )
        return None
    try:
        return holiday_calendar(spec.country or None, spec.region, weekend, spec.first, spec.last)
    except UnknownCalendar as error:
        region = places.value("calendar", "holidays", "region") if spec.region else None
        report.add(
            "bad-calendar",
            str(error),
            region or places.value("calendar", "holidays") or spec.span,
            help=_known(spec.region or spec.country or "", error.known),
        )
    except ValueError as error:
        help = "let `from` and `until` stay within the years that are covered"
        report.add("bad-calendar", str(error), places.value("calendar", "until") or spec.span, help=help)
    return None


def _known(word: str, known: list[str]) -> str:
    near = nearest(word, [k for k in known if len(k) > 3 or k.casefold() == word.casefold()])
    if near is not None:
        return f"did you mean `{near}`?"
    if 0 < len(known) <= 60:
        return "there is " + ", ".join(known)
    return "write an ISO country code such as `US`, or `none`"
