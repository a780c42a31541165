"""Trials: what is taken over from before a trial is what the trial would have come to, and deciding by cases tries enough."""

from itertools import product

from hypothesis import assume, given
from laws_checks import problems, settled
from laws_choice import choices
from laws_facts import complete_case, paths, tidy, without
from laws_policies import loaded, random_policy
from laws_settings import tries

from engine.evaluate.by_cases import MAX_CASE_FACTS
from engine.evaluate.decisions import Evaluation
from engine.evaluate.trial import closed_answers, fact_path


def opened(choose):
    """A random policy and an evaluation of a partial case of it."""
    policy = loaded(random_policy(choose))
    assume(policy is not None)
    full = tidy(policy, complete_case(choose))
    assume(full is not None)
    case = without(full, choose.some(list(paths(full)), choose.of((10, 25, 50))))
    assume(not problems(policy, case))
    return policy.program, policy.case(case)


def rolled(evaluation):
    """Every output of every decision, rolled up: status, value, causes."""
    return {
        (decision.id, output): (found.status, found.value, found.causes, found.conditional)
        for decision in evaluation.program.decisions.values()
        for output in decision.outputs
        for found in [evaluation.rolled(decision, output)]
    }


def questions(program, evaluation):
    """The missing facts that have a closed list of answers, with these."""
    names = {cause.name for *_, causes, _ in rolled(evaluation).values() for cause in causes if cause.kind == "fact"}
    found = {fact_path(name): closed_answers(program, fact_path(name)) for name in sorted(names)}
    return {path: answers for path, answers in found.items() if answers and not evaluation.facts.given(path)}


@given(choices)
@tries(25)
def test_a_trial_that_takes_over_what_it_can_comes_to_the_same_as_one_from_scratch(choose):
    program, case = opened(choose)
    evaluation = Evaluation(program, case)
    for path, answers in list(questions(program, evaluation).items())[:4]:
        for answer in answers:
            assert rolled(evaluation.trying({path: answer})) == rolled(evaluation.with_facts({path: answer}))


@given(choices)
@tries(25)
def test_what_is_settled_by_cases_is_what_every_combination_of_answers_leads_to(choose):
    program, case = opened(choose)
    evaluation = Evaluation(program, case)
    members = evaluation.members(next(iter(program.decisions.values())))
    assume(isinstance(members, list))
    asked = dict(list(questions(program, evaluation).items())[:MAX_CASE_FACTS])
    for way in product(*asked.values()):
        trial = evaluation.with_facts(dict(zip(asked, way, strict=True)), simple=True)
        for decision in program.decisions.values():
            for output in decision.outputs:
                for member in members if decision.variable is not None else [None]:
                    found = evaluation.answer(decision, output, member)
                    if found.by_cases and settled(found):
                        then = trial.answer(decision, output, member)
                        # not in every trial: what is asked here need not be all that this output was asked about
                        assert not settled(then) or then.value == found.value
