"""Deciding by cases: every answer to the open questions leads to the same value (`docs/semantics.md`, step 9).

All of it happens in evaluations that leave step 9 out, so that a fact more never unsettles what was settled so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.evaluate.facts import Facts
from engine.evaluate.trial import Trial, closed_answers, fact_path
from engine.language import core as c
from engine.language.case import Path, path_text
from engine.language.outcome import FALSE, TRUE, Causes, Env, Known, Result, joined
from engine.language.values import Value

MAX_CASE_FACTS = 4
MAX_COMBINATIONS = 256
MAX_BUDGET = 4096
"""At most four facts with closed lists, 256 combinations, and 4,096 together with the ways of step 6."""

Question = Path | str
"""A missing fact by its path, or an undecided reading by its name."""

Answers = Mapping[Question, tuple[Value, ...]]


@dataclass(frozen=True)
class _Place:
    """The output that is to be settled."""

    decision: c.CoreDecision | None
    output: c.CoreOutput
    env: Env


class ByCases:
    """Tries the answers to the questions that leave an output open."""

    def __init__(self, facts: Facts, trial: Trial) -> None:
        self.facts = facts
        self.program = facts.program
        self.trial = trial

    def value(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> Value | None:
        """The value that every combination of answers leads to, if there is one and the budget allows trying."""
        if self.trial.plain_outputs is None:
            return None
        ways, worlds = self.trial.plain_outputs().ways(decision, output, env)
        if len(ways.results) == 1 and isinstance(ways.results[0], Known):
            return ways.results[0].value
        answers = self._closed(ways.causes)
        size = 1
        for values in answers.values():
            size *= len(values)
        if not answers or len(answers) > MAX_CASE_FACTS or size > MAX_COMBINATIONS:
            return None
        if size * 2 ** len(worlds.keys) > MAX_BUDGET:
            return None
        return self._ask(_Place(decision, output, env), answers, {}, tuple(answers))

    def _closed(self, causes: Causes) -> dict[Question, tuple[Value, ...]]:
        """The missing facts and undecided readings whose answers are a closed list, with these."""
        found: dict[Question, tuple[Value, ...]] = {}
        for cause in sorted(causes):
            if cause.kind == "ruling" and cause.name in self.program.readings:
                found[cause.name] = tuple(option for option, _ in self.program.readings[cause.name].options)
            if cause.kind == "fact":
                path = fact_path(cause.name)
                answers = closed_answers(self.program, path)
                if answers and not self.facts.given(path):
                    found[path] = answers
        return found

    def _ask(
        self, place: _Place, answers: Answers, chosen: Mapping[Question, Value], open_ones: tuple[Question, ...]
    ) -> Value | None:
        """The value that every answer to the first open question leads to, if there is one."""
        if not open_ones:
            return None
        settled: Value | None = None
        for answer in answers[open_ones[0]]:
            value = self._settled(place, answers, {**chosen, open_ones[0]: answer})
            if value is None or (settled is not None and value != settled):
                return None
            settled = value
        return settled

    def _settled(self, place: _Place, answers: Answers, chosen: Mapping[Question, Value]) -> Value | None:
        """The value that the answers chosen lead to, whatever the others are.

        What some answers settle, no further answer changes, and an answer that nothing waits for any more need not be
        tried: so most of the combinations are never looked at.
        """
        facts = {question: value for question, value in chosen.items() if not isinstance(question, str)}
        readings = {question: str(value) for question, value in chosen.items() if isinstance(question, str)}
        trial = self.trial.tried(facts, readings)
        applies: Result = TRUE if place.decision is None else trial.applies()
        if applies == FALSE:
            return None
        ways, _ = trial.ways(place.decision, place.output, place.env)
        result = ways.results[0]
        if applies == TRUE and len(ways.results) == 1 and isinstance(result, Known):
            # the kind of a review is settled by the rules that say so, and those may differ
            return None if result.value == "review" and "review" in place.output.words else result.value
        names = {cause.name for cause in ways.causes | joined((applies,))}
        still = tuple(q for q in answers if q not in chosen and (q if isinstance(q, str) else path_text(q)) in names)
        return self._ask(place, answers, chosen, still)
