"""What the tests of the command line share: a small policy, a case for it, and ways to run the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from click.testing import CliRunner, Result

from engine.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
SHOP = str(Path(__file__).parent / "shop.yaml")


def run(*args: str, stdin: bytes | None = None, env: dict[str, str] | None = None) -> Result:
    """Run the command in this process. An exception that it does not handle is raised here, too."""
    return CliRunner().invoke(cli, list(args), input=stdin, env=env, catch_exceptions=False)


@contextmanager
def start(*args: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process of its own, with pipes; `options` are those of `Popen`. It never outlives a minute."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    command = [sys.executable, "-m", "engine.cli", *args]
    with subprocess.Popen(command, env=env, start_new_session=True, **{**pipes, **options}) as process:
        watch = Timer(60, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()


def case(delivered: str = "2026-03-02", asked: str = "2026-03-10T12:00:00+00:00", **more: Any) -> dict[str, Any]:
    """A case that the shop's policy approves."""
    line = {"id": "1", "quantity": 1, "paid": "12.50", "is_gift_card": False}
    line["delivery"] = {"status": "delivered", "at": delivered}
    order = {"placed_at": "2026-03-01T09:00:00+00:00", "currency": "EUR", "lines": [line]}
    return {"order": order, "request": {"at": asked, "lines": [{"id": "1", "asked": 1}]}, **more}


def lines(*cases: object) -> bytes:
    """Cases as a stream: each on a line of its own; text stands as it is."""
    return b"".join((one if isinstance(one, str) else json.dumps(one)).encode() + b"\n" for one in cases)


def documents(output: str | bytes) -> list[dict[str, Any]]:
    """The documents in a stream of answers."""
    return [json.loads(line) for line in output.splitlines()]
