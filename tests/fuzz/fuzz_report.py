"""What a run says: progress while it lasts, a summary at the end, and a folder with every input that failed."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from fuzz_inputs import Input
from fuzz_pool import Failure, Outcome

_MOST_OF_A_KIND = 3
"""So many inputs are kept of failures that look alike."""


class Summary:
    """Adds up the outcomes of a run."""

    def __init__(self, seed: int, count: int, folder: Path) -> None:
        self.seed = seed
        self.count = count
        self.folder = folder
        self.start = time.monotonic()
        self.done = 0
        self.kinds: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.slowest: list[tuple[float, str, Outcome]] = []

    def take(self, outcome: Outcome, made: Input | None) -> None:
        """Add an outcome; `made` is its input, needed only if it failed."""
        self.done += 1
        self.kinds[outcome.kind] += 1
        self.counts.update(outcome.counts)
        for step, seconds in outcome.seconds.items():
            if len(self.slowest) < 10 or seconds > self.slowest[-1][0]:
                self.slowest.append((seconds, step, outcome))
        self.slowest.sort(key=lambda one: -one[0])
        del self.slowest[10:]
        if outcome.failure is not None:
            self.failures[outcome.failure.signature] += 1
            if self.failures[outcome.failure.signature] <= _MOST_OF_A_KIND:
                path = keep(self.folder, self.seed, outcome, outcome.failure, made)
                say(f"FAILED: {outcome.failure.signature}, while doing `{outcome.failure.doing}`: {path}")

    @property
    def rate(self) -> float:
        """Inputs a second so far."""
        return self.done / max(time.monotonic() - self.start, 0.001)

    def text(self) -> str:
        """The summary; its last line says it all."""
        rows = ["", "inputs     " + _listed(self.kinds), "policies   " + _listed(_of(self.counts, "policies ")),
                "cases      " + _listed(_of(self.counts, "cases ")),
                "decisions  " + _listed(_of(self.counts, "decisions ")), "slowest"]  # fmt: skip
        for seconds, step, one in self.slowest:
            rows.append(f"  {seconds:6.2f} s  {step:<20} input {one.number} ({one.kind}, {one.origin})")
        for signature, times in self.failures.most_common():
            rows.append(f"  {times} times: {signature}")
        minutes, seconds_ = divmod(round(time.monotonic() - self.start), 60)
        failed = sum(self.failures.values())
        rows.append(
            f"{self.done:,} inputs with seed {self.seed} in {minutes} min {seconds_} s ({self.rate:.0f} a second): "
            + (f"{failed:,} failed, in {len(self.failures)} ways" if failed else "none failed")
        )
        return "\n".join(rows)


def _of(counts: Counter[str], start: str) -> Counter[str]:
    return Counter({name.removeprefix(start): n for name, n in counts.items() if name.startswith(start)})


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {times:,}" for name, times in counts.most_common()) or "none"


def keep(folder: Path, seed: int, outcome: Outcome, failure: Failure, made: Input | None) -> Path:
    """Write a failing input to files: what happened, the policy, and the case, if there was one."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{seed}-{outcome.number}"
    policy, facts = folder / f"{name}.yaml", folder / f"{name}.json"
    again = f"python tests/fuzz/run.py --seed {seed} --only {outcome.number}"
    rows = [f"input {outcome.number} of seed {seed}: {outcome.kind}, from {outcome.origin}", f"again: {again}"]
    if made is not None:
        policy.write_bytes(made.policy)
        rows.append(f"policy: {policy}")
        others = {
            **{f"{name}-later-{n}.yaml": data for n, data in enumerate(made.later)},
            f"{name}-cases.yaml": made.worked,
        }
        for other, data in others.items():
            if data:
                (folder / other).write_bytes(data)
                rows.append(f"beside it: {folder / other}")
    if failure.facts is not None:
        facts.write_bytes(_as_json(failure.facts))
        rows.append(f"facts: {facts}")
    rows += [f"while doing: {failure.doing}", "", failure.text]
    told = folder / f"{name}.txt"
    told.write_text("\n".join(rows), encoding="utf-8", errors="backslashreplace")
    return told


def _as_json(facts: Any) -> bytes:
    """The facts as JSON if they are; what only Python can hold is written as Python."""
    if isinstance(facts, bytes):
        return facts
    try:
        return json.dumps(facts, indent=1).encode()
    except (TypeError, ValueError, RecursionError):
        return repr(facts).encode("utf-8", errors="backslashreplace")


class Progress:
    """A line that is written anew on a terminal, and a line a minute elsewhere."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.last = time.monotonic()

    def show(self, summary: Summary) -> None:
        """Say how far the run has come, if it is time to."""
        now = time.monotonic()
        if now - self.last < (0.2 if self.terminal else 60.0):
            return
        self.last = now
        failed = sum(summary.failures.values())
        line = f"{summary.done:,} of {summary.count:,} inputs, {summary.rate:.0f} a second, {failed} failed"
        sys.stderr.write(f"\r{line}\x1b[K" if self.terminal else line + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line behind."""
        if self.terminal:
            sys.stderr.write("\r\x1b[K")


def say(text: str) -> None:
    """A line for whoever runs it."""
    sys.stdout.write(text.encode("utf-8", errors="backslashreplace").decode("utf-8") + "\n")
    sys.stdout.flush()
