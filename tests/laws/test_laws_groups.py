"""A group is nothing but the rules it stands for."""

import yaml
from hypothesis import assume, given
from laws_checks import said
from laws_choice import choices
from laws_facts import complete_case, paths, tidy, without
from laws_policies import as_text, loaded, random_policy
from laws_settings import tries


def unfolded(document):
    """The same policy without groups: the rules of a group are named one by one."""
    for decision in document["decisions"].values():
        rules = decision["rules"]
        members = [name for name, rule in rules.items() if rule.pop("group", None)]
        for rule in rules.values():
            over = rule.get("overrides", ())
            if "group terms" in over:
                shared = [name for name in members if set(rules[name]["then"]) & set(rule["then"])]
                rule["overrides"] = list(dict.fromkeys([*(o for o in over if o != "group terms"), *shared]))
    return document


@given(choices)
@tries(15)
def test_a_group_comes_to_what_its_rules_named_one_by_one_come_to(choose):
    text = random_policy(choose)
    assume("group terms" in text)
    policy, plain = loaded(text), loaded(as_text(unfolded(yaml.safe_load(text))))
    assume(policy is not None)
    assert plain is not None, loaded.refused
    full = tidy(policy, complete_case(choose))
    assume(full is not None)
    for facts in (full, without(full, choose.some(list(paths(full)), 25))):
        assert said(policy, facts) == said(plain, facts)
