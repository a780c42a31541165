"""Markets, on random policies: in a market as if written for it alone; without one nothing that it could change."""

import yaml
from hypothesis import assume, given
from laws_choice import choices
from laws_facts import complete_case, paths, tidy, without
from laws_policies import loaded, random_closed_policy, random_policy
from laws_settings import tries

from engine.explain.document import document

FRAMES = {
    "near": {"timezone": "Pacific/Kiritimati"},
    "far": {"timezone": "America/Denver", "calendar": None},
}
HOLIDAYS = {"weekend": ["sunday"], "holidays": "PT", "from": "2026-01-01", "until": "2027-01-01"}
SETTLED = ("decided", "not_covered", "conflict")


def both(choose, text):
    """The policy with two markets, and written out for each of them."""
    whole = yaml.safe_load(text)
    own = {name: {**frame, **({"calendar": HOLIDAYS} if "calendar" in frame else {})} for name, frame in FRAMES.items()}
    together = loaded(yaml.safe_dump({**whole, "markets": {"by": "order.market", **own}}, sort_keys=False))
    alone = {name: loaded(yaml.safe_dump({**whole, **frame}, sort_keys=False)) for name, frame in own.items()}
    assume(together is not None)
    assert all(policy is not None for policy in alone.values())
    return together, alone


def case_of(choose, alone):
    full = tidy(alone["near"], complete_case(choose))
    assume(full is not None)
    return without(full, choose.some(list(paths(full)), choose.of((0, 5, 20))))


def told(case, market):
    order = {key: value for key, value in (case.get("order") or {}).items() if key != "market"}
    return {**case, "order": order if market is None else {**order, "market": market}}


def shown(decision):
    return {key: value for key, value in document(decision).items() if key != "policy"}


@given(choices)
@tries(25)
def test_in_a_market_a_policy_answers_as_if_written_for_it_alone(choose):
    together, alone = both(choose, random_policy(choose))
    case = case_of(choose, alone)
    for market, policy in alone.items():
        here = told(case, market)
        for question in policy.decisions:
            expected = shown(policy.decide(question, here, questions=False))
            assert shown(together.decide(question, here, questions=False)) == expected


@given(choices)
@tries(25)
def test_what_is_settled_without_the_market_stays_so_in_each(choose):
    together, alone = both(choose, choose.of((random_policy, random_closed_policy))(choose))
    case = case_of(choose, alone)
    for question in together.decisions:
        before = together.decide(question, told(case, None), questions=False)
        for market in FRAMES:
            after = together.decide(question, told(case, market), questions=False)
            if after.problems:
                continue
            pairs = [(before.outputs, after.outputs)]
            pairs += [(a.outputs, b.outputs) for a, b in zip(before.members, after.members, strict=False)]
            for less, more in pairs:
                for name, output in less.items():
                    if output.status in SETTLED and more[name].status != "not_applicable":
                        assert (more[name].status, more[name].value) == (output.status, output.value), (market, name)
