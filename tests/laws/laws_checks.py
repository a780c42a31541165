"""The law as a comparison: what one case comes to, held against what a case that says more comes to."""

from dataclasses import dataclass

from engine.evaluate.decisions import Evaluation
from engine.language.outcome import OutputResult

FINAL = ("decided", "not_covered", "conflict", "not_applicable")
ASKED = ("fact", "evidence", "later", "external")


@dataclass(frozen=True)
class Place:
    """One result of a case: of a decision's output, for a member and an option, or rolled up."""

    decision: str
    output: str
    member: object
    option: str


def results(policy, document) -> dict[Place, OutputResult]:
    """Everything a case comes to."""
    evaluation = Evaluation(policy.program, policy.case(document))
    found = {}
    for name, decision in policy.program.decisions.items():
        members = evaluation.members(decision)
        for output in decision.outputs:
            found[Place(name, output, "all", "")] = evaluation.rolled(decision, output)
            for member in members if isinstance(members, list) else ():
                found[Place(name, output, member, "")] = evaluation.answer(decision, output, member)
                for option in decision.options:
                    found[Place(name, output, member, option)] = evaluation.one(decision, output, member, option)
    return found


def said(policy, document):
    """Everything a case comes to, without the notes, which tell rules in the order they stand."""
    return {
        place: (found.status, found.value, found.causes, sorted(found.kinds), found.conditional, found.by_cases)
        for place, found in results(policy, document).items()
    }


def problems(policy, document):
    """What cannot be right in a case, derived facts that contradict what is told included."""
    evaluation = Evaluation(policy.program, policy.case(document))
    return [*evaluation.case.errors, *evaluation.failed_checks, *evaluation.ruled_out]


def settled(result):
    """Whether more facts can make no other result of it."""
    if result.conditional:
        return False
    return result.status in FINAL or (result.status == "referred" and result.value is not None)


def shown(result):
    """What the law speaks of, in a result."""
    return result.status, result.value, result.conditional


def broken(policy, less, more):
    """The places where the law is broken between a case and one that says more; each with both results."""
    return differing(policy, results(policy, less), results(policy, more))


def differing(policy, before, after):
    """The same for what two cases come to."""
    found = []
    for place, result in before.items():
        then = after.get(place)
        if then is None or keeps(policy, place, result, then):
            continue
        found.append((place, shown(result), shown(then)))
    return found


def keeps(policy, place, before, after):
    """Whether the law holds between two results of one place."""
    moot = after.status == "not_applicable" and _hangs_on_its_headline(policy, place)
    if before.conditional:
        if before.status != "decided" or place.member == "all":
            return True
        return moot or (after.status, after.value) == ("decided", before.value)
    if settled(before):
        return moot or (after.status, after.value, after.conditional) == (before.status, before.value, False)
    if not any(cause.kind in ASKED for cause in before.causes) and before.status != "error":
        return moot or after.status == before.status
    return True


def _hangs_on_its_headline(policy, place):
    return policy.program.decisions[place.decision].outputs[place.output].only_when is not None


def new_causes(less, more):
    """Facts that an output of the fuller case waits for although that of the barer one did not."""
    return {c.name for c in more.causes if c.kind == "fact"} - {c.name for c in less.causes if c.kind == "fact"}


def named(result):
    """The places that a result waits for, as text; also the answers of people that it refers to."""
    return {cause.name for cause in result.causes if cause.kind in ASKED} | {cause.item for cause in result.causes}
