"""The pages that are kept word for word. Run as a script, it writes them anew; read them before you commit them."""

import sys
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"

if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from explain_support import POLICY, TYPICAL  # noqa: E402

from engine.explain.text import render_decision, render_explanation  # noqa: E402
from engine.explain.tree import explain  # noqa: E402

DECISIONS = ("approved", "photos_missing", "undecided_reading", "money", "two_lines", "nothing_known", "bad_input")
EXPLANATIONS = ("denied_late", "contradiction", "label", "channel_unknown", "cancelled_late")


def _answer(name):
    question, document = TYPICAL[name]
    return render_decision(POLICY.decide(question, document), POLICY.program)


def _explanation(name):
    question, document = TYPICAL[name]
    return render_explanation(explain(POLICY.program, POLICY.case(document), question))


def pages():
    """Each page's name, with what makes it."""
    made = {f"answer_{name}": partial(_answer, name) for name in DECISIONS}
    return made | {f"explanation_{name}": partial(_explanation, name) for name in EXPLANATIONS}


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for name, page in pages().items():
        (SNAPSHOTS / f"{name}.txt").write_text(page(), encoding="utf-8")
        print(f"wrote {name}")
