"""The shape of a policy: one mistake, one diagnostic, at the right words, in words an author knows."""

from __future__ import annotations

import pytest

from engine.base.diagnostics import Diagnostic, Report
from engine.read.schema_check import check_schema
from engine.read.yaml_reader import read_yaml

POLICY = """\
policy: alder
title: Alder returns
version: '2026-01'
effective: {from: 2026-01-01, until: 2027-01-01}
applies_when: order.channel == 'web'
currency: as charged
timezone: America/Denver
calendar:
  weekend: [saturday, sunday]
  holidays: US
  from: 2015-01-01
  until: 2036-01-01
rounding: half up
sources:
  returns_page:
    title: Return and refund policy
    url: https://example.com/returns
    read_on: 2026-01-05
    sections:
      1 Eligibility:
        al-03: {kind: rule, says: Goods with a fault of manufacture may come back.}
        2.10: {kind: information, says: The shop is open on weekdays.}
readings:
  last_moment:
    asks: Is the very last moment still in time?
    options: {inclusive: The end itself is in., exclusive: The end itself is out.}
    chosen: inclusive
    because: None of the texts says otherwise.
    about: [al-55]
    refer_as: silent
facts:
  line.engraving.text: {type: text, from: customer, known_from: request, only_when: line.is_custom, ask: What?, label: words}
  line.parts: {type: {list_of: {kind: [a, b], price: money}}, min: 0, max: 5}
  order.way: {type: {open: [web, shop]}}
checks:
  delivered_after_shipped:
    must: [line.shipment.shipped_at <= line.delivery.at]
    says: A parcel cannot arrive before it was sent.
    cites: []
parameters:
  fee: {type: money USD, value: 7.00 USD, cites: [al-46, 2.10], label: fee}
  season_end: {type: date, unset: {refer_as: vague, because: The text names no date.}, cites: [al-46]}
  worn_kinds: {type: {list_of: text}, value: [swimwear, hosiery]}
  share: {type: decimal, value: 0.5}
define:
  shop_at_fault: line.reason_category in ['defect', 'transit_damage']
  always: true
  is_big: {is: order.total_paid > limit, cites: [al-01], says: It is big.}
windows:
  time_to_ask:
    lasts: 30 days
    after: line.delivery.at
    act: request.at
    zone: order.ship_to.timezone
    ends: inclusive
    anchor_is: day_0
    reports_as: request_by
    label: time to ask for a return
    cites: [al-09, last_moment]
  time_to_cancel: {lasts: 5 days, before: booking.on, act: request.at}
tables:
  reship_fee:
    looks_at: {domestic: is_domestic, items: line.quantity}
    gives: {per_item: money USD}
    rows:
      at_home: {domestic: true, items: [1, 2], per_item: 7.00 USD, cites: [al-46]}
      abroad: {domestic: any, items: over 10 to 20, per_item: 12}
    label: fees
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    for_every: remedy in [refund, store_credit, exchange]
    asked: line.remedy
    not_offered: {cites: [al-35]}
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each, label: answer}
      fee: {type: money, combine: sum, roll_up: sum, only_when: [approve]}
      level: {type: {ordered: [low, high]}}
      duties: {type: {list_of: [label, photos]}, combine: all}
      split: {type: tender split, of: payout.total, in_order: [gift_card, any other], only_when: [approve]}
    requires:
      photos: {when: shop_at_fault, met: evidence.photos, ask: Send photos., by: time_to_ask, for: approve, cites: [al-16]}
    rules:
      too_late:
        when: time_to_ask has passed
        unless: [a, b]
        then: {outcome: deny, fee: 0, duties: [label], level: not stated}
        review: contradiction
        leaning: {outcome: deny}
        because: The last day to ask was {time_to_ask.last_day}.
        note: For staff.
        code: RETURN_WINDOW_EXPIRED
        cites: [al-11]
        overrides: [other_rule]
      other_rule: {then: {outcome: approve}, overrides: all}
    otherwise: {outcome: not_covered, fee: {value: 0, cites: [al-46]}}
  refund:
    asks: What is paid back?
    outputs: {goods: {type: money}}
    otherwise: not_covered
guarantees:
  never_refused: {whenever: [a, b], then: b, says: c, cites: [al-46]}
  always_true: {then: b}
"""


def findings(text: str) -> list[Diagnostic]:
    report = Report()
    root = read_yaml(text.encode(), "policy.yaml", report)
    assert root is not None, [one.message for one in report]
    right = check_schema(root, report)
    assert right == report.ok
    return report.sorted()


def after(old: str, new: str) -> list[Diagnostic]:
    assert POLICY.count(old) == 1, old
    return findings(POLICY.replace(old, new))


def the_one(old: str, new: str) -> Diagnostic:
    found = after(old, new)
    assert len(found) == 1, [one.message for one in found]
    return found[0]


def test_the_whole_format_is_accepted() -> None:
    assert [one.message for one in findings(POLICY)] == []


MISTAKES = [
    # an unknown key
    ("title: Alder", "titel: Alder", "schema-unknown-key", "titel", "did you mean `title`?"),
    ("        note: For", "        lasts: For", "schema-unknown-key", "lasts", "`lasts` belongs in a window"),
    ("        note: For", "        region: For", "schema-unknown-key", "region", "`region` belongs in `holidays`"),
    ("        note: For", "        xyz: For", "schema-unknown-key", "xyz", "a rule has the keys `when`, `unless`"),
    ("        when: time_to_ask", "        if: time_to_ask", "schema-unknown-key", "if", "did you mean `when`?"),
    ("holidays: US", "holidays: {land: US, country: US}", "schema-unknown-key", "land", "`country` and `region`"),
    ("    lasts: 30 days\n", "    lasts: 30 days\n    before: a\n", "schema-unknown-key", "after", "keep one of the two"),
    ("value: 7.00 USD", "value: 7, unset: {refer_as: vague}", "schema-unknown-key", "value", "keep one of the two"),
    ("level: {type: {ordered: [low, high]}", "level: {of: a, type: money", "schema-unknown-key", "of", "tender split"),
    # a missing key
    ("timezone: America/Denver\n", "", "schema-missing-key", "policy", "`timezone: America/Denver`"),
    ("{outcome: deny}\n        because", "{}\n        because", "schema-empty", "leaning", "add an entry"),
    ("    lasts: 30 days\n", "", "schema-missing-key", "time_to_ask", "`lasts: 30 days`"),
    ("    after: line.delivery.at\n", "", "schema-missing-key", "time_to_ask", "`after: line.delivery.at`"),
    ("value: 7.00 USD, ", "", "schema-missing-key", "fee", "`value: 7.00 USD`"),
    ("    asked: line.remedy\n", "", "schema-missing-key", "return", "`asked: line.remedy`"),
    ("is: order.total_paid > limit, ", "", "schema-missing-key", "is_big", "`is: order.total_paid > limit`"),
    ("of: payout.total, ", "", "schema-missing-key", "split", "`of: payout.total`"),
    ("fee: {value: 0, cites: [al-46]}", "fee: {value: 0}", "schema-missing-key", "fee", "`cites: [al-11, last_moment]`"),
    ("  weekend: [saturday, sunday]\n", "", "schema-missing-key", "calendar", "`weekend: [saturday, sunday]`"),
    # another kind
    ("version: '2026-01'", "version: 1.10", "schema-wrong-kind", "1.10", '`version: "1.10"`'),
    ("title: Alder returns", "title: 42", "schema-wrong-kind", "42", '`title: "42"`'),
    ("cites: [al-11]", "cites: al-11", "schema-wrong-kind", "al-11", "`cites: [al-11]`"),
    ("cites: [al-11]", "cites: [[al-11]]", "schema-wrong-kind", "[al-11]", "`al-11`"),
    ("type: [deny, review, approve]", "type: [deny, 5]", "schema-wrong-kind", "5", '`"5"`'),
    ("lasts: 30 days", "lasts: 30", "schema-wrong-kind", "30", "`lasts: 30 days`"),
    ("when: time_to_ask has passed", "when: 5", "schema-wrong-kind", "5", "`when: time_to_ask has passed`"),
    ("max: 5", "max: many", "schema-wrong-kind", "many", "`max: 100`"),
    ("max: 5", "max: 5.0", "schema-wrong-kind", "5.0", "`max: 100`"),
    ("note: For staff.", "note:\n          Note: this", "schema-wrong-kind", "note", '`note: "Note: this"`'),
    ("unless: [a, b]", "unless:\n          - Not: this", "schema-wrong-kind", "Not", '`- "Not: this"`'),
    ("leaning: {outcome: deny}", "leaning:\n          outcome:deny", "schema-wrong-kind", "outcome:deny", "`outcome: deny`"),
    ("      photos: {when", "      - photos: {when", "schema-wrong-kind", "requires", "remove the `- `"),
    ("not_offered: {cites: [al-35]}", "not_offered: true", "schema-wrong-kind", "true", "`cites`"),
    # an unknown word
    ("combine: strictest", "combine: strictist", "schema-unknown-word", "strictist", "did you mean `strictest`?"),
    ("combine: strictest", "combine: xyz", "schema-unknown-word", "xyz", "`unique`, `strictest`, `all`"),
    ("weekend: [saturday", "weekend: [satuday", "schema-unknown-word", "satuday", "did you mean `saturday`?"),
    ("fee: {type: money USD", "fee: {type: monney usd", "schema-unknown-word", "monney usd", "`money USD`"),
    ("price: money}", "price: amount}", "schema-unknown-word", "amount", "`money`"),
    ("goods: {type: money}", "goods: {type: dat}", "schema-unknown-word", "dat", "did you mean `date`?"),
    ("rounding: half up", "rounding: half-up", "schema-unknown-word", "half-up", "did you mean `half up`?"),
    # a bad form
    ("from: 2026-01-01", "from: 1 Jan 2026", "schema-bad-form", "1 Jan 2026", "`from: 2026-01-01`"),
    ("      too_late:", "      too-late:", "schema-bad-form", "too-late", "write `too_late`"),
    ("policy: alder", "policy: Alder Shop", "schema-bad-form", "Alder Shop", "`policy: alder`"),
    ("currency: as charged", "currency: dollars", "schema-bad-form", "dollars", "`currency: USD`"),
    ("line in request.lines", "lines", "schema-bad-form", "lines", "`for_each: line in request.lines`"),
    ("overrides: [other_rule]", "overrides: other_rule", "schema-bad-form", "other_rule", "`overrides: [other_rule]`"),
    ("cites: [al-11]", "cites: [al 11]", "schema-bad-form", "al 11", "`al-11`"),
    ("{open: [web, shop]}", "{open: [web], ordered: [b]}", "schema-bad-form", "type", "keep one of them"),
    ("  line.parts:", "  parts:", "schema-bad-form", "parts", None),
    ("    otherwise: not_covered", "    otherwise: deny", "schema-bad-form", "deny", "`otherwise: not_covered`"),
    ("holidays: US", "holidays: usa", "schema-bad-form", "usa", "`holidays: US`"),
    ('policy: alder', 'policy: "alder\\n"', "schema-bad-form", '"alder\\n"', "`policy: alder`"),
    # nothing
    ("note: For staff.", "note:", "schema-empty", "note", "`note: If the 24 hours"),
    ("unless: [a, b]", "unless: []", "schema-empty", "unless", "remove the key"),
    ("unless: [a, b]", "unless: [a, ~]", "schema-empty", "~", "write a condition"),
    ("code: RETURN_WINDOW_EXPIRED", "code: ''", "schema-empty", "''", "code"),
    ("value: [swimwear, hosiery]", "value: ", "schema-empty", "value", "`value: 7.00 USD`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "words", "advice"), MISTAKES)
def test_one_mistake_is_one_diagnostic(old: str, new: str, code: str, words: str, advice: str | None) -> None:
    found = the_one(old, new)
    assert found.span is not None
    assert (found.code, found.span.text) == (code, words)
    assert found.help is None if advice is None else advice in (found.help or "")


def test_several_missing_keys_of_one_place_are_told_together() -> None:
    found = the_one("title: Alder returns\nversion: '2026-01'\n", "")
    assert found.message == "the policy has no `title` and no `version`"


def test_a_misspelled_key_is_not_also_a_missing_one() -> None:
    assert the_one("    act: request.at\n    zone", "    acts: request.at\n    zone").code == "schema-unknown-key"


def test_lines_that_are_not_indented_are_told_once() -> None:
    text = "    rules:\n    too_late: {then: {outcome: deny}}\n    other: {then: {outcome: deny}}\n"
    start = POLICY.index("    rules:")
    end = POLICY.index("    otherwise: {")
    found = findings(POLICY[:start] + text + POLICY[end:])
    assert [(one.code, one.span and one.span.text) for one in found] == [("schema-empty", "rules")]
    assert "indent the lines" in (found[0].help or "")


@pytest.mark.parametrize(
    ("new", "whole"),
    [
        ("says: Goods come back, with one exception: swimwear}", "Goods come back, with one exception: swimwear"),
        ("says: Goods come back, but: rarely}", "Goods come back, but: rarely"),
    ],
)
def test_a_text_torn_by_comma_and_colon_is_an_accident(new: str, whole: str) -> None:
    found = the_one("says: Goods with a fault of manufacture may come back.}", new)
    assert found.span is not None
    assert (found.code, found.span.text) == ("yaml-accident", whole)
    assert found.help == f'put the whole text in quotes: `says: "{whole}"`'


def test_an_undecided_reading_says_why_a_person_decides() -> None:
    found = the_one(
        "    chosen: inclusive\n    because: None of the texts says otherwise.\n    about: [al-55]\n    refer_as: silent\n",
        "    chosen: undecided\n    about: [al-55]\n",
    )
    assert found.message == "reading `last_moment` has no `refer_as`, which it needs where `chosen` is `undecided`"


def test_mistakes_in_different_places_are_all_told() -> None:
    text = (
        POLICY.replace("title: Alder", "titel: Alder")
        .replace("combine: sum", "combine: total")
        .replace("      too_late:", "      Too:")
    )
    assert [one.code for one in findings(text)] == ["schema-unknown-key", "schema-unknown-word", "schema-bad-form"]


def test_an_empty_policy_is_told_what_it_needs() -> None:
    [found] = findings("{}")
    assert found.message == (
        "the policy has no `policy` and no `title` and no `version` and no `decisions` and no `timezone` and no `currency`"
    )


def test_a_file_full_of_nonsense_ends() -> None:
    text = "".join(f"key_{n}: 1\n" for n in range(5_000))
    assert 0 < len(findings(text)) < 150


def test_a_long_policy_is_held_against_the_schema_as_a_whole() -> None:
    start, end = POLICY.index("      too_late:"), POLICY.index("      other_rule:")
    rule = POLICY[start:end]
    text = POLICY[:start] + "".join(rule.replace("too_late", f"rule_{n}") for n in range(140)) + POLICY[end:]
    assert text.count("\n") > 1_500
    report = Report()
    root = read_yaml(text.encode(), "policy.yaml", report)
    assert root is not None
    assert check_schema(root, report)
    assert not list(report)
