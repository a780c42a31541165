"""A decision, and an explanation, for people on a terminal.

Lines are at most 100 columns, save where a single word is longer. Instants are told on the clock of the policy, or of
the window they belong to, and the clock is named.
"""

from __future__ import annotations

from engine.explain.answer_text import AnswerText
from engine.explain.proof_text import ProofText
from engine.explain.tree import Explanation
from engine.explain.writing import Page
from engine.language.core import Program
from engine.language.decision import Decision


def render_decision(decision: Decision, program: Program, color: bool = False) -> str:
    """The answer: the verdict, why, what it comes to, what is still needed, what else could be had, what it rests on.

    `program` is the one that decided. `color` adds ANSI escapes.
    """
    page = Page(color)
    answer = AnswerText(page, decision, program)
    answer.head()
    answer.problems()
    for member in decision.members:
        answer.member(member)
    answer.together()
    answer.questions()
    answer.rests()
    return page.text()


def render_explanation(explanation: Explanation, color: bool = False) -> str:
    """The answer and, for each member, how it was found: the conditions of its rules, and what would change it."""
    page = Page(color)
    decision, program = explanation.decision, explanation.program
    answer, proofs = AnswerText(page, decision, program), ProofText(page, decision, program)
    answer.head()
    answer.problems()
    if explanation.scope is not None:
        proofs.scope(explanation.scope)
    explained = {one.item: one for one in explanation.members}
    for member in decision.members:
        answer.member(member)
        if member.item in explained:
            proofs.member(explained[member.item], member)
    hidden = len(decision.members) - len(explained)
    if explained and hidden > 0:
        page.blank()
        page.line(f"… how the other {hidden} were found is not shown")
    answer.together()
    answer.questions()
    answer.rests()
    return page.text()
