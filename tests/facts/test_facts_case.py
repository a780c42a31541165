"""What a case says of itself: its time, its stage, its currency, its demands, its digest, its bounds."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from facts_support import PROGRAM, case_of, facts, told

from engine.facts.decode import MAX_MEMBERS, decode
from engine.facts.draft import MAX_PROBLEMS
from engine.language.case import path_text
from engine.language.types import CHARGED
from engine.values.money import Money
from engine.values.zones import distinct_zones

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("document", "shown"),
    [(5, "`5`"), ("x", "`x`"), ([], "a list"), (None, "`null`"), (True, "`true`"), (0.5, "`0.5`"), ([{}], "a list")],
)
def test_a_document_that_is_no_record_is_one_error_of_the_whole_case(document, shown):
    case = case_of(document)
    help = "send one record of facts, a JSON object"
    assert told(case) == [("", "fact-wrong-kind", f"{shown} is not a case", help, "the case")]
    assert case.facts == {} and case.lengths == {}


# time


def test_the_facts_are_true_when_the_request_is_made_unless_told_otherwise():
    at = "2026-03-20T12:00:00Z"
    assert case_of({"request": {"at": at}}).as_of == NOON
    assert case_of({"request": {"at": NOON}}).as_of == NOON
    assert case_of({"as_of": "2026-03-20T13:00:00+01:00", "request": {"at": "2026-03-19"}}).as_of == NOON
    assert case_of({"as_of": NOON}).as_of == NOON
    assert case_of({"request": {"at": "2026-03-20"}}).as_of is None
    assert case_of({"request": {"at": {"not_by": at}}}).as_of is None
    assert case_of({}).as_of is None


@pytest.mark.parametrize(
    ("as_of", "code", "message"),
    [
        ("2026-03-20", "fact-bad-instant", "`2026-03-20` is a date, but an instant is needed"),
        ("2026-03-20T12:00:00", "fact-bad-instant", "`2026-03-20T12:00:00` has no offset"),
        (date(2026, 3, 20), "fact-bad-instant", "`2026-03-20` is a date, but an instant is needed"),
        (1774000000, "fact-wrong-kind", "`1774000000` is not an instant"),
        ({"not_by": "2026-03-20T12:00:00Z"}, "fact-wrong-kind", "a record is not an instant"),
    ],
)
def test_as_of_must_be_an_instant(as_of, code, message):
    [(path, found, text, help, where)] = told(case_of({"as_of": as_of, "order": {"is_gift": True}}))
    assert (path, found, text, where) == ("", code, message, "as_of")
    assert help and help.startswith("write e.g. 2026-03-06T09:00:00+01:00")


def test_an_event_after_the_facts_were_true_is_an_error():
    document = {"as_of": "2026-03-20T12:00:00Z", "order": {"placed_at": "2026-03-20T12:00:01Z", "paid_at": NOON}}
    case = case_of(document)
    assert told(case) == [
        (
            "order.placed_at",
            "fact-future",
            "`2026-03-20T12:00:01Z` lies after the moment at which the facts were true",
            "that is 2026-03-20 06:00:00-06:00, in America/Denver: check the date, or `as_of`",
            "order.placed_at",
        )
    ]
    assert facts(case) == {"order.paid_at": NOON}
    late = case_of({"as_of": "2026-03-20T12:00:00Z", "request": {"at": "2026-03-20T13:00:00Z"}})
    assert [(path, code) for path, code, *_ in told(late)] == [("request.at", "fact-future")]


def test_a_bare_date_is_in_the_future_only_if_it_is_so_everywhere():
    def wrong(as_of, day):
        return [code for _, code, *_ in told(case_of({"as_of": as_of, "order": {"placed_at": day}}))]

    assert wrong("2026-03-20T10:00:00Z", "2026-03-21") == []  # it has just begun in Kiritimati
    assert wrong("2026-03-20T09:59:59Z", "2026-03-21") == ["fact-future"]
    assert wrong("2026-03-20T23:59:59Z", "2026-03-22") == ["fact-future"]
    assert wrong("2026-03-20T12:00:00Z", "2026-03-20") == []
    for zone in distinct_zones():  # no zone of the pinned data is further ahead than that
        for year in range(1900, 2038):
            offset = datetime(year, 7, 1, tzinfo=zone).utcoffset()
            assert offset is not None and offset.total_seconds() <= 14 * 3600, zone


def test_what_is_not_an_event_may_lie_ahead_and_so_may_a_later_look():
    case = case_of(
        {
            "as_of": "2026-03-20T12:00:00Z",
            "order": {"promised_on": "2027-01-01", "cancelled_at": {"not_by": "2026-04-01T00:00:00Z"}},
        }
    )
    assert case.errors == () and len(case.facts) == 2


# stage


def test_the_stage_is_the_request_unless_given():
    case = case_of({})
    assert (case.stage, case.stage_assumed) == ("request", True)
    case = case_of({"stage": "sent"})
    assert (case.stage, case.stage_assumed) == ("sent", False)


def test_a_stage_that_does_not_exist_makes_the_whole_case_wrong():
    stages = "it can be `before_buying`, `request`, `sent`, `received`, `inspected`, `concluded`"
    assert told(case_of({"stage": "recieved"})) == [
        ("", "fact-unknown-word", "`recieved` is not a stage", "did you mean `received`?", "stage")
    ]
    assert told(case_of({"stage": 2})) == [("", "fact-wrong-kind", "`2` is not a stage", stages, "stage")]


def test_a_value_that_the_stage_cannot_know_is_an_error_and_not_yet_is_not():
    line = {"received_at": "2026-03-26", "inspection": {"fault_found": True}, "inspected_at": None}
    case = case_of({"stage": "received", "request": {"lines": [line]}})
    where = "request.lines[0].inspection.fault_found"
    assert told(case) == [
        (
            where,
            "fact-too-early",
            "`true` is given, but this is known from the stage `inspected` on",
            "the stage of the case is `received`: correct it, or leave the fact out",
            where,
        )
    ]
    assert "request.lines[0].received_at" in facts(case)
    early = {"received_at": {"not_by": "2026-03-20T09:00:00Z"}}
    assert case_of({"stage": "request", "request": {"lines": [early]}}).errors == ()
    assert case_of({"stage": "inspected", "request": {"lines": [line]}}).errors == ()


# currency


def test_amounts_are_in_the_policys_currency_or_in_the_orders():
    amount = {"total_paid": "5.00"}
    for currency, order in [
        ("USD", amount),
        ("USD", {"currency": "USD", **amount}),
        (CHARGED, {"currency": "USD", **amount}),
    ]:
        case = case_of({"order": order}, currency)
        assert case.errors == () and facts(case)["order.total_paid"] == Money(Fraction(5), "USD")
        assert case.awaiting_currency == frozenset()


def test_amounts_wait_until_somebody_tells_the_currency():
    document = {"order": {"lines": [{"id": "a", "paid": "5.00"}]}, "request": {"lines": [{"id": "a"}]}}
    case = case_of(document, CHARGED)
    assert case.errors == () and "order.lines[0].paid" not in facts(case)
    assert {path_text(path) for path in case.awaiting_currency} == {"order.lines[0].paid", "request.lines[0].paid"}
    other = case_of({**document, "order": {"lines": [{"id": "a", "paid": "6.00"}]}}, CHARGED)
    assert case.digest != other.digest
    assert [code for _, code, *_ in told(case_of({"order": {"total_paid": "x"}}, CHARGED))] == ["fact-wrong-kind"]
    both = {"order": {"lines": [{"id": "a", "paid": "5.00"}]}, "request": {"lines": [{"id": "a", "paid": "6.00"}]}}
    [(path, _, message, *_)] = told(case_of(both, CHARGED))
    assert (path, message) == ("request.lines[0].paid", "`6` differs from the order's line, which has `5`")


def test_another_currency_than_the_policys_leaves_no_amount_standing():
    document = {
        "order": {"currency": "EUR", "total_paid": "5.00", "is_gift": True, "lines": [{"id": "a", "paid": "3.00"}]},
        "request": {"lines": [{"id": "a"}]},
    }
    case = case_of(document)
    found = (
        "fact-currency",
        "the order was charged in `EUR`, but the policy speaks of `USD`",
        "correct the currency, or ask the policy of the market that has it",
    )
    assert told(case) == [
        (path, *found, "order.currency")
        for path in ("order.currency", "order.lines[0].paid", "order.total_paid", "request.lines[0].paid")
    ]
    assert facts(case) == {"order.is_gift": True, "order.lines[0].id": "a", "request.lines[0].id": "a"}


@pytest.mark.parametrize("policy", ["USD", CHARGED])
@pytest.mark.parametrize(
    ("raw", "code", "message", "help"),
    [
        ("usd", "bad-currency", "no currency has the code `usd`", "did you mean `USD`?"),
        ("EURO", "bad-currency", "no currency has the code `EURO`", "write an ISO 4217 code such as `EUR`"),
        (840, "fact-wrong-kind", "`840` is not text", 'put it in quotes: "840"'),
    ],
)
def test_a_currency_that_does_not_exist_leaves_no_amount_standing(policy, raw, code, message, help):
    case = case_of({"order": {"currency": raw, "total_paid": "5.00", "shipping_paid": "x"}}, policy)
    amount = "`x` is not an amount"
    assert [(path, found, text) for path, found, text, *_ in told(case)] == [
        ("order.currency", code, message),
        ("order.shipping_paid", "fact-wrong-kind", amount),
        ("order.total_paid", code, message),
    ]
    assert told(case)[0][3] == help
    assert case.facts == {}


def test_a_policy_without_currency_or_zone_is_a_mistake_of_the_caller():
    for currency, timezone in [("EURO", "UTC"), ("USD", "Nowhere/Town"), ("", "UTC")]:
        with pytest.raises(ValueError):
            decode({}, PROGRAM, currency=currency, timezone=timezone)


# demands


def test_demands_are_kept_as_they_were_sent_in_the_order_of_their_names():
    wanted = {"paid_by": "store", "amount": "12.50", "days": 3, "label": True, "rest": None}
    case = case_of({"request": {"expects": wanted}})
    assert case.errors == () and case.facts == {}
    assert case.expects == (("amount", "12.50"), ("days", 3), ("label", True), ("paid_by", "store"))
    assert case_of({"request": {"expects": None}}).expects == ()


def test_demands_of_another_kind_are_errors():
    case = case_of({"request": {"expects": {"fee": 0.5, "lines": [], 5: "x"}}})
    assert [(path, code) for path, code, *_ in told(case)] == [
        ("request.expects.5", "fact-wrong-kind"),
        ("request.expects.fee", "fact-float"),
        ("request.expects.lines", "fact-wrong-kind"),
    ]
    [(path, code, *_)] = told(case_of({"request": {"expects": "paid_by"}}))
    assert (path, code) == ("request.expects", "fact-wrong-kind")
    many = {f"output_{number}": 1 for number in range(101)}
    assert [code for _, code, *_ in told(case_of({"request": {"expects": many}}))] == ["facts-too-large"]


# digest


def test_the_digest_does_not_depend_on_spelling():
    one = {"as_of": "2026-03-20T12:00:00Z", "order": {"total_paid": "1.50", "weight_kg": "2.0", "is_gift": None}}
    two = {"order": {"weight_kg": 2, "total_paid": "1.5"}, "as_of": "2026-03-20T13:00:00+01:00", "$schema": "x"}
    assert case_of(one).digest == case_of(two).digest
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", case_of(one).digest)


def test_the_digest_depends_on_everything_a_decision_can():
    base = {"as_of": "2026-03-20T12:00:00Z", "order": {"name": "x", "lines": [{"id": "a"}]}}
    others = [
        {**base, "as_of": "2026-03-20T12:00:01Z"},
        {**base, "stage": "request"},
        {**base, "stage": "sent"},
        {**base, "assume": ["nothing_unusual"]},
        {**base, "request": {"expects": {"paid_by": "store"}}},
        {**base, "order": {"name": "y", "lines": [{"id": "a"}]}},
        {**base, "order": {"name": "x", "lines": [{"id": "a"}, {}]}},
        {**base, "order": {"name": "x", "lines": []}},
        {**base, "order": {"name": "x"}},
        {**base, "order": {"name": 5, "lines": [{"id": "a"}]}},
        {**base, "order": {"name": 6, "lines": [{"id": "a"}]}},
        {**base, "order": {"name": "x\nforder.id=1:y", "lines": [{"id": "a"}]}},
    ]
    digests = {case_of(document).digest for document in [base, *others]}
    assert len(digests) == len(others) + 1
    flags = ["is_gift", "is_bulk", "special_terms_agreed"]
    given = case_of({**base, "order": {**base["order"], **dict.fromkeys(flags, False)}})
    assert given.digest != case_of({**base, "assume": ["nothing_unusual"]}).digest


# bounds


def test_all_lists_together_have_a_limit():
    half = [{"id": str(number)} for number in range(MAX_MEMBERS // 2)]
    assert case_of({"order": {"lines": half}, "customer": {"orders": half}}).errors == ()
    case = case_of({"order": {"lines": half, "tags": ["x"]}, "customer": {"orders": half}})
    assert told(case) == [
        (
            "",
            "facts-too-large",
            "the lists of the case have more than 2,000 members together",
            "send what the request is about",
            "the case",
        )
    ]
    assert case.facts == {} and case.lengths == {} and case.assumed == frozenset()


def test_so_many_bad_facts_make_the_whole_case_wrong_and_reading_stops():
    bad = {f"order_{number}": {} for number in range(10_000)}
    case = case_of({"order": {"is_gift": True}, **bad})
    assert told(case)[0] == (
        "",
        "facts-too-large",
        "more than 200 facts cannot be right",
        "mend those listed and send the case again",
        "the case",
    )
    assert len(case.errors) == MAX_PROBLEMS + 2 and case.facts == {}
    backwards = case_of({**dict(reversed(bad.items())), "order": {"is_gift": True}})
    assert backwards.digest == case.digest
