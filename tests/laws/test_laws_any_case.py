"""A well-typed policy answers whatever it is asked: no case makes it raise, and every answer is one of those documented."""

from typing import get_args

from hypothesis import assume, given
from laws_choice import choices
from laws_facts import complete_case, get, paths, without
from laws_policies import loaded, random_policy
from laws_settings import tries

from engine.language.decision import Verdict
from engine.language.model import REVIEW_KINDS
from engine.language.outcome import Status

STRANGE = (
    None,
    True,
    0,
    -1,
    10**30,
    "",
    "no",
    "red",
    "12.345",
    "1e5",
    "2026-05-04",
    "2026-02-30",
    "2200-12-31",
    "1900-01-01T00:00:00+14:00",
    "2026-05-04T10:00:00Z",
    "2026-05-04T10:00:00",
    {"not_by": "2026-05-04T10:00:00Z"},
    {"not_by": "2190-05-04T10:00:00Z"},
    {"not_by": None},
    {},
    [],
    [1],
    ["x"],
    [{}],
    "Europe/Lisbon",
    "USD",
)
WORDS_OF_WHY = {
    "missing_facts",
    "external",
    "later",
    "silent",
    "not_spoken_of",
    "out_of_scope",
    "conflict",
    "invalid_input",
    "mixed",
    "not_applicable",
}


def twisted(choose, document):
    """The case with strange things in some places, whole branches among them."""
    found = document
    for path in choose.some(list(paths(document)), choose.of((2, 10, 30))):
        holder = get(found, path[:-1])
        if isinstance(holder, dict):
            holder[path[-1]] = choose.of(STRANGE)
    for key in ("order", "request", "outside", "as_of", "stage", "assume", "customer"):
        if choose.chance(4):
            found[key] = choose.of(STRANGE)
    return found


@given(choices)
@tries(40)
def test_every_answer_to_any_case_is_a_documented_one(choose):
    policy = loaded(random_policy(choose))
    assume(policy is not None)
    for _ in range(3):
        full = complete_case(choose)
        case = twisted(choose, without(full, choose.some(list(paths(full)), choose.of((0, 20, 60)))))
        for name in policy.decisions:
            answer = policy.decide(name, case, questions=choose.chance(30))
            assert answer.verdict in get_args(Verdict)
            for one in (answer, *answer.members, *(option for m in answer.members for option in m.instead)):
                assert one.status in get_args(Status)
                assert all(output.status in get_args(Status) for output in one.outputs.values())
                if one.verdict == "review":
                    assert set(one.why) <= {*WORDS_OF_WHY, *REVIEW_KINDS}, one.why
            assert (answer.status == "error") <= bool(answer.problems or answer.outputs[answer.headline].needs)
