"""The order in which a policy or a case is written means nothing, except where `combine: first` asks for it."""

import yaml
from hypothesis import assume, given
from laws_checks import said
from laws_choice import choices
from laws_facts import complete_case, paths, tidy, without
from laws_policies import as_text, loaded, random_policy
from laws_settings import tries


def reordered(choose, thing, keep_first=False):
    """The same mapping, keys in another order, all the way down; outputs keep their headline first, lists their order."""
    if not isinstance(thing, dict):
        return thing
    keys = list(thing)
    first, rest = (keys[:1], keys[1:]) if keep_first else ([], keys)
    ordered = [*first, *choose.shuffled(rest)]
    return {key: reordered(choose, thing[key], key == "outputs") for key in ordered}


@given(choices)
@tries(20)
def test_rules_outputs_and_keys_may_stand_in_any_order(choose):
    text = random_policy(choose).replace("combine: first", "combine: unique")
    document = yaml.safe_load(text)
    policy, other = loaded(text), loaded(as_text(reordered(choose, document)))
    assume(policy is not None)
    assert other is not None
    assert list(policy.decisions) != [] and set(policy.decisions) == set(other.decisions)
    full = tidy(policy, complete_case(choose))
    assume(full is not None)
    for case in (full, without(full, choose.some(list(paths(full)), 20))):
        assert said(policy, case) == said(other, case)


@given(choices)
@tries(15)
def test_facts_may_be_told_in_any_order(choose):
    policy = loaded(random_policy(choose))
    assume(policy is not None)
    document = complete_case(choose)
    case = without(document, choose.some(list(paths(document)), 20))
    other = reordered(choose, case)
    lines = choose.shuffled(range(len(case["request"]["lines"])))
    assert said(policy, case) == said(policy, other)
    for name in policy.decisions:
        one, two = policy.decide(name, case, questions=False), policy.decide(name, other, questions=False)
        assert (one.verdict, one.why, one.may_need, one.facts_digest) == (
            two.verdict,
            two.why,
            two.may_need,
            two.facts_digest,
        )
        assert len(one.members) in (0, 1, len(lines), len(document["order"]["promotions"]))
