"""Every diagnostic code: how bad, what it means, what to do. The reference page is made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Code:
    """One kind of finding."""

    severity: Literal["error", "warning"]
    meaning: str
    mend: str


def _error(meaning: str, mend: str) -> Code:
    return Code("error", meaning, mend)


def _warning(meaning: str, mend: str) -> Code:
    return Code("warning", meaning, mend)


_FILES = {
    "file-unreadable": _error("The file cannot be read.", "Check its name and its permissions."),
    "file-not-text": _error("The file is not UTF-8 text.", "Save it as UTF-8."),
    "file-too-large": _error(
        "The file is larger than the engine reads.", "Split it, or check that it is the right file."
    ),
    "no-policy": _error("A folder holds no policy file.", "Name a folder with *.yaml policies."),
}

_YAML = {
    "yaml-syntax": _error("The text is not YAML.", "Mend the place shown; the usual slips are named in the help line."),
    "yaml-repeated-key": _error("A key stands twice in one mapping.", "Keep one of them."),
    "yaml-too-deep": _error("Nesting is deeper than the engine reads.", "Flatten it."),
    "yaml-alias": _error("Anchors and aliases are not part of a policy.", "Write it out, or use `define`."),
    "yaml-tag": _error("YAML tags are not part of a policy.", "Remove the tag; quote the value if it is text."),
    "yaml-many-documents": _error("A file holds one policy.", "Split it at the `---`."),
    "yaml-key-not-text": _error("A key is not plain text.", "Write it as one word, in quotes if need be."),
    "yaml-empty": _error("The file is empty.", "Begin with `policy:`, `title:` and `timezone:`."),
    "yaml-accident": _error(
        "YAML read something else than what was meant.", "Put the text in quotes, or on its own line in a block list."
    ),
}

_SCHEMA = {
    "schema-unknown-key": _error("The key is not part of the format.", "Use the key suggested, or remove it."),
    "schema-missing-key": _error("A key that is needed is missing.", "Add it."),
    "schema-wrong-kind": _error("The value is of another kind than the key takes.", "Write what the help line shows."),
    "schema-unknown-word": _error("The word is not one of those the key takes.", "Use one of those listed."),
    "schema-bad-form": _error("The value does not have the form that is needed.", "Write it like the example."),
    "schema-other-file": _error("The file is of another kind than the command takes.", "Name the file that is meant."),
    "schema-empty": _error("Something is empty that must hold at least one entry.", "Add one, or remove the key."),
}

_CONDITIONS = {
    "condition-syntax": _error("The text is not a condition of the language.", "Mend the words underlined."),
    "condition-too-deep": _error("A condition is nested too deeply.", "Name parts of it under `define`."),
    "condition-too-long": _error("A condition is too long.", "Name parts of it under `define`."),
    "condition-quotes": _error("Words in a condition stand in single quotes.", "Write 'word'."),
}

_NAMES = {
    "name-unknown": _error("Nothing has this name.", "Use the name suggested, or define it."),
    "name-twice": _error("Two things have the same name.", "Rename one of them."),
    "name-reserved": _error("The name is a word of the language.", "Choose another name."),
    "name-not-here": _error("The name exists, but not in this place.", "See the help line for where it can be used."),
    "cite-unknown": _error("A citation names no clause and no reading.", "Cite a clause or a reading of this policy."),
    "override-unknown": _error("`overrides` names no rule of this decision.", "Name a rule of the same decision."),
    "override-nothing": _error(
        "A rule overrides one that concludes none of its outputs.", "Conclude the same output, or drop the override."
    ),
    "cycle": _error(
        "Definitions, outputs or overrides go round in a circle.", "Break the circle at one of the places."
    ),
    "decision-name": _warning(
        "A decision's name is close to a standard question, but is not it.", "Use the standard name if that is meant."
    ),
}

_TYPES = {
    "type-mismatch": _error("Two kinds of value do not go together.", "See the help line for what goes together."),
    "type-not-condition": _error("A condition is needed, but this is a value.", "Compare it with something."),
    "type-unknown-word": _error("The word is not one that this fact or output can be.", "Use one of its words."),
    "type-currency": _error("Two currencies never add or compare.", "Keep to one currency."),
    "type-periods": _error("Elapsed time and calendar days never mix.", "Choose one of the two."),
    "type-division": _error(
        "A division says how it rounds and divides by what is never zero.", "Wrap it in `round(...)`."
    ),
    "type-rounding": _error(
        "An amount may have fractions of the smallest coin.", "Add `rounding:` to the policy, or use `round(...)`."
    ),
    "type-range": _error("A range of days is for deadlines only.", "Use it in an output of type `date range`."),
    "type-text": _error("Free text can only be compared for equality.", "Use a closed list of words."),
    "type-magnitude": _error("A value lies beyond the range that stays exact.", "Use a smaller value."),
    "postal-part": _error("No postal code has this part.", "Write capital letters or digits, without spaces."),
    "bad-value": _error("The value is not one of its type.", "Write it like the example."),
    "bad-zone": _error("No time zone has this name.", "Use an IANA name such as `Europe/Lisbon`."),
    "bad-currency": _error("No currency has this code.", "Use an ISO 4217 code such as `EUR`."),
    "market-fact": _error(
        "The fact under `markets.by` cannot say which market a case belongs to.",
        "Name `order.market`, or a one-of fact whose words are the markets.",
    ),
    "market-amount": _error(
        "An amount does not go with the currencies of the markets.",
        "Give it once for each currency, or `not stated`.",
    ),
    "bad-calendar": _error("The business calendar cannot be made.", "See the help line."),
    "calendar-missing": _error("Business days need a `calendar`.", "Add `calendar:` to the policy."),
    "window-zone": _error("A window's zone is neither an IANA name nor a fact that holds one.", "Name one of the two."),
    "table-overlap": _error("Two rows of a table fit the same case and say different things.", "Make them apart."),
    "requirement-nothing": _error(
        "A requirement blocks a word no rule concludes.", "Name the word of the yes under `for:`."
    ),
    "output-cost": _error("An output could take too long to decide.", "Use fewer rules that override one another."),
    "review-kind": _error(
        "A rule that concludes `review` says why a person must decide, and no other rule does.",
        "Add `review:` with its kind to the rule, or remove it.",
    ),
    "roll-up-missing": _error("An output of a `for_each` decision does not say how it rolls up.", "Add `roll_up:`."),
    "flow-unclear": _error(
        "An amount does not say enough about which way it goes: its flow, out of what it is paid, or who owes.",
        "Add `flow:`, `up_to:` or `below_zero:`, as the help line says.",
    ),
    "flow-uncited": _error(
        "A bonus or a charge rests on no clause.", "Cite the clause that promises or allows it in the rule."
    ),
    "amount-per-line": _error(
        "What exists once per order is concluded per line.", "Move it to an order-level decision."
    ),
}

_MISTAKES = {
    "deny-not-open": _warning("`not ... is open` is also true before the window begins.", "Write `... has passed`."),
    "deny-not-within": _warning(
        "`not ... within` is also true before the event.", "Write `... later than ... after ...`."
    ),
    "order-amount-per-line": _warning(
        "An amount that exists once per order is added up for every line.",
        "Conclude it in a decision without `for_each`.",
    ),
    "override-stale": _warning(
        "An overriding rule leaves another output of the overridden rule standing.",
        "Conclude that output in the overriding rule too.",
    ),
    "clause-uncited": _warning("A clause of kind `rule` or `judgement` has no home.", "Cite it where it is applied."),
    "unused": _warning("Something is defined and never used.", "Use it or remove it."),
    "output-empty": _warning(
        "No rule concludes an output.", "Conclude it, or say under `otherwise` what it is without a rule."
    ),
    "roll-up-nothing": _warning(
        "`roll_up` stands where a decision is asked only once.", "Remove it, or ask the decision `for_each` member."
    ),
    "word-unlisted": _warning(
        "A word is close to one that the facts list, but is not it.", "Use the listed word if that is meant."
    ),
    "rule-unreachable": _warning(
        "A rule can decide in no case: its conditions rule one another out, or other rules always stand before it.",
        "Change what was meant otherwise, or remove the rule.",
    ),
    "literal-condition": _warning("A condition is always the same.", "Remove it, or say what was meant."),
}

_SILENCES = {
    "silence-wrong": _warning(
        "A comment is meant to silence a warning, but names none, or gives no reason.",
        "Write `# policy-engine: allow <code> because <reason>`.",
    ),
    "silence-nothing": _warning(
        "A comment silences a warning that is not there.", "Remove the comment, or move it to the line of the warning."
    ),
}

_FACTS = {
    "facts-not-json": _error("The facts are not JSON.", "Send one JSON object."),
    "facts-repeated-key": _error("A key stands twice in one JSON object.", "Keep one of them."),
    "facts-too-deep": _error("The facts are nested deeper than the engine reads.", "Send the documented shape."),
    "facts-too-large": _error("The facts are larger than the engine reads.", "Send one case at a time."),
    "fact-unknown": _error("No fact has this name.", "Use the name suggested, or add it under `facts`."),
    "fact-wrong-kind": _error("The value is of another kind than the fact.", "Send what the help line shows."),
    "fact-unknown-word": _error("The word is not one that this fact can be.", "Send one of its words."),
    "fact-bad-date": _error("There is no such date.", "Send YYYY-MM-DD, a day that exists."),
    "fact-bad-instant": _error("An instant needs date, time and offset.", "Send e.g. 2026-03-06T09:00:00+01:00."),
    "fact-float": _error("The number has no exact decimal value here.", 'Send it as text, e.g. "12.50".'),
    "fact-range": _error("The value lies outside the range of the fact.", "Send a value inside the range."),
    "fact-too-early": _error("A value is given that this stage cannot know.", "Check `stage`, or leave the fact out."),
    "fact-against": _error("A value is given although another fact rules it out.", "Correct one of the two."),
    "fact-future": _error("An event lies after the moment the facts were true.", "Check the date, or `as_of`."),
    "fact-derived": _error("A fact is given that the engine works out from others.", "Leave it out."),
    "fact-postal-code": _error("A postal code is not one of its country.", "Send it as it is written there, whole."),
    "fact-postal-part": _error(
        "A part of a postal code is given that its code contradicts.", "Correct one of the two."
    ),
    "fact-join": _error("A line of the request does not fit the order.", "Use the ids of the order's lines."),
    "fact-currency": _error("The order's currency is not the policy's.", "Ask the policy of that market."),
    "fact-check": _error("A check of the policy says that the case is impossible.", "Correct the facts named."),
    "case-option": _error("The case says otherwise than an option.", "Leave out the option, or correct the case."),
    "preset-unknown": _error("No preset has this name.", "Use one of those listed."),
    "decision-unknown": _error(
        "Neither the policy nor the standard vocabulary has this question.", "Use one of those listed."
    ),
}

_VERSIONS = {
    "version-pick": _error(
        "Versions of a policy do not say how one of them is picked, or not alike.",
        "Add the same `effective: by:` to each.",
    ),
    "version-hole": _error("No version of the policy holds on some days.", "Let each begin where the one before ends."),
    "version-overlap": _error("Two versions of the policy hold on the same days.", "End one where the other begins."),
    "version-mixed": _error("A folder holds several policies where versions of one are needed.", "Name one file."),
}

_COVERAGE = {
    "coverage-rule": _warning("A rule decides in no worked case.", "Write a case in which it speaks."),
    "coverage-row": _warning("A row of a table gives its result in no worked case.", "Write a case that reads it."),
    "coverage-condition": _warning(
        "A part of a condition is not both true and false in the worked cases.", "Write a case for the other side."
    ),
    "coverage-unknown": _warning(
        "A part of a condition is unknown in no worked case.", "Write a case that leaves out the fact it reads."
    ),
    "coverage-mcdc": _warning(
        "No two worked cases show that a part of a condition decides alone.",
        "Write two cases that differ in this part, with the others so that they leave the outcome to it.",
    ),
    "coverage-below": _error(
        "The cases show less of the policy than `--fail-under` demands.", "Write the cases named."
    ),
    "mutation-below": _error(
        "The cases notice fewer changes than `--fail-under` demands.", "Write cases that notice what survived."
    ),
    "mutant-survived": _warning(
        "The policy could be changed here and every worked case would still pass.", "Write a case that would notice."
    ),
}

_CASES = {
    "case-policy": _error("The policy of a file of cases cannot be used.", "Mend the policy first."),
    "case-failed": _error(
        "A worked case came out otherwise than expected.", "Correct the policy, or what the case expects."
    ),
}

CODES: dict[str, Code] = {
    **_FILES,
    **_YAML,
    **_SCHEMA,
    **_CONDITIONS,
    **_NAMES,
    **_TYPES,
    **_MISTAKES,
    **_SILENCES,
    **_FACTS,
    **_VERSIONS,
    **_CASES,
    **_COVERAGE,
}
