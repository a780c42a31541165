"""One shop in three markets, and the same policy written out for each of them alone."""

from __future__ import annotations

import re

MARKETS = {
    "north": ("SEK", "Europe/Stockholm", "SE"),
    "home": ("EUR", "Europe/Lisbon", "PT"),
    "south": ("EUR", "Pacific/Auckland", "NZ"),
}
_CALENDAR = "{{weekend: [saturday, sunday], holidays: {}, from: 2020-01-01, until: 2030-01-01}}"
_FRAME = """
policy: alder
title: Alder in three markets
version: '{version}'
rounding: half up
"""
_BODY = """
sources:
  terms: {title: Terms, sections: {One: {al-70: {kind: rule, says: A label costs something.}}}}
parameters:
  label_fee: {type: money, value: {SEK: 55.00, EUR: 4.80}, cites: [al-70]}
  free_from: {type: money, value: {SEK: 600, EUR: 60.00}}
  voucher:
    type: money
    by: order.placed_at
    values:
      - value: {SEK: 50, EUR: 5.00}
      - {from: 2026-03-02, value: {SEK: 60, EUR: 6.00}}
tables:
  post:
    looks_at: {worth: order.lines_total, gift: order.is_gift}
    gives: {price: money}
    rows:
      low: {worth: {SEK: under 500.00 SEK, EUR: under 50.00 EUR}, gift: false, price: {SEK: 39.00, EUR: 3.90}}
      high: {worth: {SEK: 500.00 SEK .., EUR: 50.00 EUR ..}, gift: false, price: 0}
      gift: {worth: any, gift: true, price: {SEK: not stated, EUR: 10% of order.lines_total}}
windows:
  time_to_ask: {lasts: 10 business days, after: order.placed_at, act: request.at}
decisions:
  label:
    asks: What does the label cost?
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest}
      fee: {type: money}
      gift: {type: money}
      post: {type: money}
      day: {type: date}
    rules:
      in_time: {when: time_to_ask is open, then: {outcome: approve}, because: 'Until {time_to_ask.last_day}.'}
      late:
        when: time_to_ask has passed
        unless: order.market == 'home'
        then: {outcome: deny}
        because: 'The fee would have been {label_fee}.'
      bulk: {when: order.is_bulk, then: {outcome: deny}}
      fee: {unless: order.lines_total >= free_from, then: {fee: label_fee}, cites: [al-70]}
      free: {when: order.lines_total >= free_from, then: {fee: 0}}
      rest: {then: {gift: voucher, post: post.price, day: date(order.placed_at)}}
  goods:
    asks: What comes back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
      fee: {type: money, roll_up: sum}
    rules:
      dear: {when: line.paid >= label_fee, then: {outcome: approve, fee: label_fee}}
      cheap: {when: line.paid < label_fee, then: {outcome: deny, fee: 0}}
"""
_PER_CURRENCY = re.compile(r"\{SEK: ([^,}]+), EUR: ([^}]+)\}")


def together(version: str = "1", effective: str = "", body: str = _BODY) -> str:
    """The policy with its markets; what the market `home` does not say stands at the top."""
    lines = ["markets:", "  by: order.market"]
    for name, (currency, zone, country) in MARKETS.items():
        own = f"timezone: {zone}, " if name != "home" else ""
        lines.append(f"  {name}: {{currency: {currency}, {own}calendar: {_CALENDAR.format(country)}}}")
    home = f"timezone: {MARKETS['home'][1]}\n{effective}\n"
    return _FRAME.format(version=version) + home + "\n".join(lines) + body


def alone(market: str, version: str = "1", effective: str = "", body: str = _BODY) -> str:
    """The policy written out for one market."""
    currency, zone, country = MARKETS[market]

    def there(match: re.Match[str]) -> str:
        said = match[1 if currency == "SEK" else 2].strip()
        return f"{said} {currency}" if re.fullmatch(r"[0-9.]+", said) else said

    frame = f"currency: {currency}\ntimezone: {zone}\ncalendar: {_CALENDAR.format(country)}\n{effective}\n"
    return _FRAME.format(version=version) + frame + _PER_CURRENCY.sub(there, body)
