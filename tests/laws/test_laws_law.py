"""The law, on random policies: what is settled stays settled when more is known (`docs/semantics.md`, "The law")."""

import pytest
from hypothesis import assume, given
from laws_checks import broken, named, new_causes, problems, results, settled
from laws_choice import choices
from laws_facts import complete_case, earlier_answers, names_of, paths, tidy, without
from laws_policies import loaded, random_closed_policy, random_expressions, random_policy
from laws_settings import tries

CASES = 2
"""How many cases each random policy is asked about."""


def policy_of(choose, text):
    policy = loaded(text)
    assume(policy is not None)
    return policy


def cases(choose, policy):
    """Complete cases, each with a part of what is told in it."""
    for _ in range(CASES):
        full = tidy(policy, complete_case(choose))
        if full is not None:
            places = list(paths(full))
            yield full, choose.some(places, choose.of((5, 15, 40)))


def hold(policy, less, more):
    """The law between two cases, if nothing is wrong with the barer one."""
    if not problems(policy, less) and not problems(policy, more):
        assert broken(policy, less, more) == []


@given(choices)
@tries(45)
def test_what_is_settled_stays_so_when_more_is_told(choose):
    policy = policy_of(choose, random_policy(choose))
    for full, gone in cases(choose, policy):
        less = without(full, gone)
        hold(policy, less, full)
        between = without(full, choose.some(gone, 50))
        hold(policy, less, between)
        hold(policy, between, full)


@given(choices)
@tries(25)
def test_what_is_decided_by_cases_stays_so_when_more_is_told(choose):
    policy = policy_of(choose, random_closed_policy(choose))
    for full, gone in cases(choose, policy):
        between = without(full, choose.some(gone, 50))
        hold(policy, without(full, gone), between)
        hold(policy, between, full)


@given(choices)
@tries(20)
def test_what_is_settled_stays_so_when_events_are_seen_later(choose):
    policy = policy_of(choose, random_policy(choose))
    for full, gone in cases(choose, policy):
        hold(policy, earlier_answers(choose, without(full, gone)), full)


@given(choices)
@tries(20)
def test_a_formula_that_is_known_stays_what_it_is(choose):
    policy = policy_of(choose, random_expressions(choose, 25))
    for full, gone in cases(choose, policy):
        hold(policy, earlier_answers(choose, without(full, gone)), full)


@pytest.mark.parametrize("make", [random_policy, random_closed_policy])
@given(choose=choices)
@tries(20)
def test_a_fact_that_is_not_waited_for_settles_nothing(make, choose):
    policy = policy_of(choose, make(choose))
    for full, gone in cases(choose, policy):
        less = without(full, gone)
        if problems(policy, less):
            continue
        before = results(policy, less)
        for place in choose.shuffled([place for place in gone if place[-1] != "id"])[:6]:
            more = without(full, [other for other in gone if other != place])
            if problems(policy, more):
                continue
            after = results(policy, more)
            for at, result in before.items():
                if settled(result) or result.conditional or names_of(full, place) & named(result):
                    continue
                assert not settled(after[at]) or after[at].status == "not_applicable", (at, place)
                assert not new_causes(result, after[at]), (at, place)


@given(choices)
@tries(15)
def test_what_is_wrong_with_a_case_is_wrong_with_a_fuller_one(choose):
    policy = policy_of(choose, random_policy(choose))
    full = complete_case(choose)
    less = without(full, choose.some(list(paths(full)), 30))
    wrong = {str(problem) for problem in problems(policy, less)}
    assert wrong <= {str(problem) for problem in problems(policy, full)}
