"""The one JSON document of a decision (`schema/decision.schema.json`), and its canonical bytes.

Every key is always there: what does not apply is null, an empty list or an empty map, never left out, so that a client
reads one shape. Lists that have no order of their own stand in the order of their names; nothing depends on the order in
which facts or rules were written. There are no binary floats: amounts and decimals are text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.explain.proof import Proof, proof_data, rule_data, where_data
from engine.language.decision import (
    Awaited,
    Deadline,
    Decision,
    Expectation,
    LeadsTo,
    Member,
    Need,
    Option,
    Output,
    Problem,
    RequirementView,
    RuleView,
)
from engine.language.types import Type
from engine.language.wording import plain, type_word

if TYPE_CHECKING:
    from engine.explain.counterfactual import Counterfactual
    from engine.explain.tree import Explanation, MemberExplanation

FORMAT = 1
"""The number of the document's layout. It grows when a key changes its meaning or goes away."""

Json = dict[str, Any]


def document(decision: Decision) -> Json:
    """A decision as plain data for JSON: text, whole numbers, booleans, None, lists and maps.

    What the case is judged by stands first (policy, moment, stage, digest of the facts), then the answer (`status`,
    `verdict`, `why`, `outputs` over all members), then `members` one by one, then what is open and what would settle it.
    Instants are in UTC; `deadlines` name the zone whose calendar they were counted in.
    """
    types = {name: output.type for name, output in decision.outputs.items()}
    headline = None if decision.headline is None else types[decision.headline]
    return {
        "format": FORMAT,
        "policy": {
            "key": decision.policy,
            "version": decision.version,
            "market": decision.market,
            "digest": decision.digest,
            "data": dict(decision.pinned),
        },
        "decision": decision.decision,
        "asks": decision.asks,
        "headline": decision.headline,
        "as_of": _moment(decision.as_of),
        "stage": decision.stage,
        "facts_digest": decision.facts_digest,
        "status": decision.status,
        "verdict": decision.verdict,
        "why": list(decision.why),
        "partial": decision.partial,
        "outputs": _outputs(decision.outputs),
        "members": [_member(member) for member in decision.members],
        "open": _open(decision),
        "may_need": _needs(decision.may_need),
        "ask_first": decision.ask_first,
        "leads_to": {name: [_leads_to(one, headline) for one in tried] for name, tried in decision.leads_to.items()},
        "not_tried": dict(decision.not_tried),
        "deadlines": _calendar(decision.members),
        "messages": list(decision.messages),
        "assumed": sorted((*decision.assumed, *(("stage",) if decision.stage_assumed else ()))),
        "presets": sorted(decision.presets),
        "rests_on": sorted(decision.rests_on),
        "expects": [_expectation(one, types) for one in decision.expects],
        "problems": [_problem(one) for one in decision.problems],
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """A document's bytes, the same for the same content wherever and whenever they are made (as in RFC 8785).

    UTF-8 without spaces; keys in the order of their UTF-16 code units. Raises TypeError for a binary float, and for
    anything else that is not JSON: neither has one sure spelling.
    """
    text = json.dumps(_ordered(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{value!r} has no one spelling in JSON")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


# members ---------------------------------------------------------------------------------------------------------------


def _member(member: Member) -> Json:
    types = {name: output.type for name, output in member.outputs.items()}
    return {
        "item": member.item,
        "id": member.id,
        "asked": member.asked,
        "status": member.status,
        "verdict": member.verdict,
        "why": list(member.why),
        "outputs": _outputs(member.outputs),
        "reasons": _rules(member.reasons, types),
        "outweighed": _rules(member.outweighed, types),
        "yielded": _rules(member.yielded, types),
        "blocked": _rules(member.blocked, types),
        "requirements": [_requirement(one) for one in sorted(member.requirements, key=lambda r: r.requirement)],
        "deadlines": [_deadline(one) for one in member.deadlines],
        "instead": [_option(one) for one in member.instead],
        "under_readings": {name: dict(options) for name, options in member.under_readings.items()},
        "awaits": [_awaited(one) for one in member.awaits],
    }


def _awaited(one: Awaited) -> Json:
    return {
        "answer": one.answer,
        "output": one.output,
        "who": one.who,
        "why": one.why,
        "one_of": list(one.one_of),
        "at_least": plain(one.at_least, one.type),
        "at_most": plain(one.at_most, one.type),
    }


def _option(option: Option) -> Json:
    types = {name: output.type for name, output in option.outputs.items()}
    return {
        "option": option.option,
        "status": option.status,
        "verdict": option.verdict,
        "why": list(option.why),
        "outputs": _outputs(option.outputs),
        "reasons": _rules(option.reasons, types),
        "deadlines": [_deadline(one) for one in option.deadlines],
    }


def _outputs(outputs: Mapping[str, Output]) -> Json:
    return {name: _output(output) for name, output in outputs.items()}


def _output(output: Output) -> Json:
    return {
        "type": type_word(output.type),
        "label": output.label,
        "status": output.status,
        "value": plain(output.value, output.type),
        "only_if": list(output.only_if or ()),
        "by_cases": output.by_cases,
        "so_far": plain(output.so_far, output.type),
        "kinds": list(output.kinds),
        "flow": output.flow,
        "held": output.held,
        "net_of": [
            {"output": one.output, "flow": one.flow, "label": one.label, "value": plain(one.value, output.type)}
            for one in output.net_of
        ],
    }


def _rules(rules: Iterable[RuleView], types: Mapping[str, Type]) -> list[Json]:
    return [
        {
            "rule": rule.rule,
            "code": rule.code,
            "outputs": sorted(rule.outputs),
            "message": rule.message,
            "note": rule.note,
            "cites": list(rule.cites),
            "also_cites": list(rule.also_cites),
            "to": sorted(rule.to),
            "needs": _needs(rule.needs),
            "assumes": list(rule.assumes),
            "leaning": {name: plain(value, types.get(name)) for name, value in rule.leaning.items()},
            "concludes": {name: plain(value, types.get(name)) for name, value in rule.concludes.items()},
            "behind": [
                {
                    "decision": one.decision,
                    "rule": one.rule,
                    "code": one.code,
                    "message": one.message,
                    "cites": list(one.cites),
                    "also_cites": list(one.also_cites),
                }
                for one in rule.behind
            ],
        }
        for rule in rules
    ]


def _requirement(one: RequirementView) -> Json:
    return {
        "requirement": one.requirement,
        "state": one.state,
        "ask": one.ask,
        "last_day": _moment(one.last_day),
        "cites": list(one.cites),
        "needs": _needs(one.needs),
    }


def _deadline(one: Deadline) -> Json:
    return {
        "window": one.window,
        "label": one.label,
        "reports_as": one.reports_as,
        "state": None if one.state is None else one.state.replace(" ", "_"),
        "lasts": one.lasts,
        "side": one.side,
        "elapsed": one.elapsed,
        "anchor_fact": one.anchor_fact,
        "anchor": _moment(one.anchor),
        "zone": one.zone,
        "last_day": _moment(one.last_day),
        "end": _moment(one.end),
        "day": one.day,
        "cites": list(one.cites),
    }


# the whole request -----------------------------------------------------------------------------------------------------


def _open(decision: Decision) -> list[Json]:
    """Everything that is not settled, output by output: of each member, or of the whole where no member is open."""
    found = [
        _open_output(output, member.item)
        for member in decision.members
        for output in member.outputs.values()
        if _is_open(output)
    ]
    known = {one["output"] for one in found}
    found += [_open_output(o, None) for n, o in decision.outputs.items() if _is_open(o) and n not in known]
    return sorted(found, key=lambda one: (one["output"] != decision.headline, one["output"]))


def _is_open(output: Output) -> bool:
    return output.status not in ("decided", "not_applicable")


def _open_output(output: Output, item: str | None) -> Json:
    return {"output": output.name, "item": item, "status": output.status, "needs": _needs(output.needs)}


def _calendar(members: Iterable[Member]) -> list[Json]:
    """The windows of all members, each once, with the members whose it is."""
    found: dict[Deadline, list[str]] = {}
    for member in members:
        for one in member.deadlines:
            found.setdefault(one, []).extend([] if member.item is None else [member.item])
    return [{**_deadline(one), "items": items} for one, items in sorted(found.items(), key=lambda d: d[0].window)]


def _needs(needs: Iterable[Need]) -> list[Json]:
    return [
        {"kind": one.kind, "name": one.name, "item": one.item, "ask": one.ask, "source": one.source} for one in needs
    ]


def _leads_to(one: LeadsTo, headline: Type | None) -> Json:
    return {
        "answer": plain(one.answer, one.type),
        "status": one.status,
        "value": plain(one.value, headline),
        "needs": list(one.needs),
        "any_other": one.any_other,
    }


def _expectation(one: Expectation, types: Mapping[str, Type]) -> Json:
    return {"output": one.output, "expected": plain(one.expected), "result": one.result}


def _problem(one: Problem) -> Json:
    found = one.diagnostic
    return {"path": one.path, "code": found.code, "message": found.message, "help": found.help}


def _moment(value: date | datetime | None) -> str | None:
    text: str | None = plain(value)
    return text


# explanations ----------------------------------------------------------------------------------------------------------


def explanation_document(explanation: Explanation) -> Json:
    """An explanation as plain data for JSON: the decision's own document, and the proofs beside it."""
    return {
        "decision": document(explanation.decision),
        "scope": None if explanation.scope is None else proof_data(explanation.scope),
        "members": [_member_data(one) for one in explanation.members],
    }


def _member_data(one: MemberExplanation) -> Json:
    return {
        "item": one.item,
        "id": one.id,
        "rules": [rule_data(rule) for rule in one.rules],
        "silent": [{"rule": rule.rule, "because": [_failing(part) for part in rule.failing]} for rule in one.silent],
        "counterfactuals": [_counterfactual(found) for found in one.counterfactuals],
        "alternatives": [
            {"option": found.option, "until": plain(found.until), "window": found.window, "zone": found.zone}
            for found in one.alternatives
        ],
    }


def _failing(part: Proof) -> Json:
    return {"text": part.text, "state": part.state, "where": where_data(part.where)}


def _counterfactual(found: Counterfactual) -> Json:
    return {
        "fact": found.fact,
        "now": plain(found.now, found.type),
        "to": plain(found.to, found.type),
        "also": [plain(value, found.type) for value in found.also],
        "any_other": plain(found.any_other, found.type),
        "assumed": found.assumed,
        "output": found.output,
        "value": plain(found.value, found.output_type),
    }
