"""The law on a whole policy of a real shop: a realistic request, its facts taken away one by one and in pairs, and given back."""

from itertools import combinations
from pathlib import Path

import pytest
from laws_checks import differing, named, problems, results, settled
from laws_facts import names_of, paths, without
from laws_settings import SCALE

from engine import load_policy

POLICY = Path(__file__).resolve().parents[2] / "policies" / "kaolate.yaml"
PAIRS = 10 * SCALE


def request(**line):
    """Somebody asks to send back one of two things, a fortnight after they came."""
    bought = {
        "id": "1",
        "category": "apparel",
        "quantity": 2,
        "paid": "40.00",
        "paid_net": "37.00",
        "unit_price": "20.00",
        "returned_before": 0,
        "is_custom": False,
        "is_final_sale": False,
        "is_gift_card": False,
        "delivery": {"at": "2026-05-05T16:00:00-06:00", "status": "delivered"},
        "shipment": {"shipped_at": "2026-05-02T09:00:00-06:00"},
        "production": {"begun": True, "status": "done"},
    }
    asked = {
        "id": "1",
        "asked": 1,
        "reason_category": "defect",
        "remedy": "refund",
        "condition": {"unworn": True, "unwashed": True, "unspoiled": True, "original_packaging": True},
        **line,
    }
    return {
        "as_of": "2026-05-19T10:00:00-06:00",
        "order": {
            "placed_at": "2026-05-01T10:00:00-06:00",
            "currency": "USD",
            "channel": "web",
            "shipping_paid": "6.00",
            "total_paid": "46.00",
            "ship_to": {"country": "US", "timezone": "America/Denver"},
            "lines": [bought],
        },
        "request": {
            "at": "2026-05-19T10:00:00-06:00",
            "lines": [asked],
            "evidence": {"photos": True, "order_number": True},
        },
    }


REQUESTS = {
    "a fault": request(),
    "a wish": request(reason_category="change_of_mind"),
    "an exchange": request(
        remedy="exchange", reason_category="customer_mistake", exchange={"change": "size", "in_stock": True}
    ),
}


@pytest.fixture(scope="module")
def policy():
    return load_policy(POLICY)


@pytest.fixture(params=REQUESTS)
def document(request, policy):
    found = REQUESTS[request.param]
    assert problems(policy, found) == []
    return found


def test_facts_taken_away_one_by_one_and_given_back_turn_no_answer_into_another(policy, document):
    after = results(policy, document)
    for path in paths(document):
        less = without(document, [path])
        if not problems(policy, less):
            assert differing(policy, results(policy, less), after) == [], path


def test_facts_taken_away_in_pairs_and_given_back_one_at_a_time(policy, document):
    pairs = list(combinations(paths(document), 2))
    for pair in pairs[:: max(1, len(pairs) // PAIRS)]:
        less = without(document, pair)
        if problems(policy, less):
            continue
        before = results(policy, less)
        for between in (without(document, [path]) for path in pair):
            if not problems(policy, between):
                assert differing(policy, before, results(policy, between)) == [], pair


def test_what_is_not_asked_for_settles_no_question_of_an_almost_empty_request(policy, document):
    gone = [path for path in paths(document) if path[-1] not in ("id", "at", "asked")]
    bare = results(policy, without(document, gone))
    for path in gone:
        more = without(document, [other for other in gone if other != path])
        if problems(policy, more):
            continue
        for place, found in results(policy, more).items():
            before = bare[place]
            if settled(before) or before.conditional or names_of(document, path) & named(before):
                continue
            assert not settled(found) or found.status == "not_applicable", (place, path)
