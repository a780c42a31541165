"""How long the laws are tried: a fixed, short run by default; `LAWS=50 pytest tests/laws` tries 50 times as many
examples, each time others."""

import os

from hypothesis import HealthCheck, Phase, settings

SCALE = int(os.environ.get("LAWS", "1"))
LONG = SCALE > 1


def tries(examples):
    """Settings for a law that is tried on so many examples in a short run."""
    return settings(
        max_examples=examples * SCALE,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[phase for phase in Phase if LONG or phase is not Phase.shrink],  # a smaller example can take minutes
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
