"""Trials: what is taken over from before a trial is what the trial would have come to, and deciding by cases tries enough."""

from itertools import product
from math import prod

from hypothesis import assume, given
from laws_checks import problems, settled
from laws_choice import choices
from laws_facts import complete_case, paths, tidy, without
from laws_policies import loaded, random_closed_policy, random_policy
from laws_settings import tries

from engine.evaluate.by_cases import MAX_CASE_FACTS, MAX_COMBINATIONS
from engine.evaluate.decisions import Evaluation, Settings
from engine.evaluate.trial import closed_answers, fact_path


def opened(choose, text):
    """A policy's program and a partial case of it."""
    policy = loaded(text)
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
    program, case = opened(choose, random_policy(choose))
    evaluation = Evaluation(program, case)
    for path, answers in list(questions(program, evaluation).items())[:4]:
        for answer in answers:
            plain = evaluation.with_facts({path: answer})
            if plain.ruled_out == evaluation.ruled_out:  # an answer that another fact contradicts is no answer
                assert rolled(evaluation.trying({path: answer})) == rolled(plain)


@given(choices)
@tries(30)
def test_deciding_by_cases_is_trying_every_combination_of_answers(choose):
    program, case = opened(choose, random_closed_policy(choose))
    evaluation, plain = Evaluation(program, case), Evaluation(program, case, simple=True)
    members = evaluation.members(program.decisions["ask_0"])
    plain_decisions = [decision for decision in program.decisions.values() if not decision.options]
    for decision, output, member in product(plain_decisions, ("outcome", "its_money"), members):
        open_one = plain.answer(decision, output, member)
        asked = answers(program, evaluation, open_one.causes)
        if (
            settled(open_one)
            or not asked
            or len(asked) > MAX_CASE_FACTS
            or prod(map(len, asked.values())) > MAX_COMBINATIONS
        ):
            continue
        ways = [
            Evaluation(program, case, setting(dict(zip(asked, way, strict=True))), simple=True)
            for way in product(*asked.values())
        ]
        found = {(r.status, r.value) for r in (way.answer(decision, output, member) for way in ways)}
        alike = len(found) == 1 and next(iter(found))[0] == "decided"
        result = evaluation.answer(decision, output, member)
        if result.by_cases or not settled(result):  # otherwise it reads an output that was decided by cases itself
            assert result.by_cases == alike, (decision.id, output, member, found)
        assert not alike or result.value == next(iter(found))[1]


def answers(program, evaluation, causes):
    """The open questions among some causes that have a closed list of answers: facts by path, readings by name."""
    facts = {fact_path(c.name): closed_answers(program, fact_path(c.name)) for c in causes if c.kind == "fact"}
    found = {path: words for path, words in facts.items() if words and not evaluation.facts.given(path)}
    readings = {
        c.name: program.readings[c.name].options for c in causes if c.kind == "ruling" and c.name in program.readings
    }
    return found | {name: tuple(word for word, _ in options) for name, options in readings.items()}


def setting(way):
    """A way of answering questions, as a trial's settings."""
    facts = {question: answer for question, answer in way.items() if not isinstance(question, str)}
    return Settings(facts, {question: answer for question, answer in way.items() if isinstance(question, str)}, {})
