"""What the tests of the facts share."""

from engine.facts.decode import decode
from engine.language.case import parse_path, path_text
from engine.vocabulary.own_facts import extend, fact_from_spec
from engine.vocabulary.shared import vocabulary

PROGRAM = extend(
    vocabulary().root,
    {
        "order.studio_note": fact_from_spec({"type": "text"}),
        "line.engraving.text": fact_from_spec({"type": "text"}),
        "line.engraving.depth_mm": fact_from_spec({"type": "decimal", "min": 1, "max": 5}),
        "workshop.opens": fact_from_spec({"type": {"ordered": ["early", "late"]}}),
        "workshop.discount": fact_from_spec({"type": "percent", "max": 50}),
    },
)


def case_of(document, currency="USD", timezone="America/Denver"):
    """The case that a document makes in a policy with a few facts of its own."""
    return decode(document, PROGRAM, currency=currency, timezone=timezone)


def told(case):
    """What a case found wrong: path, code, message, help, and where the diagnostic says it is."""
    return [
        (path_text(e.path), e.diagnostic.code, e.diagnostic.message, e.diagnostic.help, e.diagnostic.where)
        for e in case.errors
    ]


def facts(case):
    """The facts of a case under their paths as text."""
    return {path_text(path): value for path, value in case.facts.items()}


def with_fact(path, value):
    """A document with one fact; a number in the path stands for a list of one member."""
    document = value
    for part in reversed(parse_path(path)):
        document = [document] if isinstance(part, int) else {part: document}
    return document
