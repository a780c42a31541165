"""The same policy and the same case give the same decision on every machine: whatever its zone, locale and hash seed."""

import os
import subprocess
import sys

import pytest
from laws_choice import seeded
from laws_facts import complete_case, paths, without
from laws_policies import loaded, random_policy

SEEDS = (3, 14, 21)
PLACES = [
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "3", "TZ": "America/Denver", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
]


def told():
    """Everything that some random policies decide about some partial cases, as text."""
    found = []
    for seed in SEEDS:
        choose = seeded(seed)
        policy = loaded(random_policy(choose))
        if policy is None:
            continue
        full = complete_case(choose)
        case = without(full, choose.some(list(paths(full)), 30))
        found += [repr(policy.decide(name, case)) for name in policy.decisions]
        found.append(policy.digest)
    return "\n".join(found)


@pytest.fixture(scope="module")
def here():
    text = told()
    assert text.count("Decision(") >= 6
    return text


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["TZ"])
def test_a_decision_is_the_same_everywhere(place, here):
    env = {**os.environ, **place, "PYTHONPATH": os.pathsep.join([p for p in sys.path if p])}
    code = "import sys; from test_laws_same_everywhere import told; sys.stdout.buffer.write(told().encode())"
    other = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    assert other.returncode == 0, other.stderr.decode()
    assert other.stdout.decode() == here
