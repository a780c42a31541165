"""Runs the blocks of one page, in the order in which a reader would, in a folder of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner
from docs_blocks import EXAMPLES, ROOT, Block, Command, blocks, commands, fits
from docs_joining import joined, keys_below

from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.cli.diagnostics_text import render
from engine.cli.main import cli

_SHELL = re.compile(r"[|<>&;$`*]")
_ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
_TRYING = """\
tried:
  when: line.is_sample
  then: {{outcome: deny}}
  because: '{{{}}}.'
"""
"""A rule that reads every definition of a block, whatever its type."""


@dataclass
class Shown:
    """Something printed: what the page says, what it was, and which lines of the page (from, until, from 0) say it.

    `has_place`: there is a block for it; if not, it belongs in a new one at the lines named.
    """

    what: str
    expected: str
    printed: str
    lines: tuple[int, int]
    has_place: bool = True

    @property
    def fits(self) -> bool:
        """Whether the page tells the truth."""
        return fits(self.expected, self.printed)


class PageError(AssertionError):
    """A block of a page that does not do what it must."""


class Page:
    """One page, run block by block in `folder` (the README: in the project's own folder)."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._text = path.read_text(encoding="utf-8")
        self._at_root = path.parent == ROOT
        self._path = path
        self._folder = ROOT if self._at_root else folder
        self._folder_for_shim = folder
        self._names: dict[str, object] = {"__name__": "page"}
        self._restore: dict[Path, str] = {}
        self._code = 0
        if not self._at_root:
            shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)

    def run(self) -> Iterator[Shown]:
        """Run every block; gives what was printed. Raises PageError for a block that is wrong in itself."""
        found = list(blocks(self._text))
        for block, after in zip(found, [*found[1:], None], strict=False):
            with self._inside():
                yield from self._one(block, after)

    def _one(self, block: Block, after: Block | None) -> Iterator[Shown]:
        match block.language:
            case "yaml":
                self._yaml(block)
            case "json" | "ndjson":
                self._json(block)
            case "console":
                yield from self._console(block)
                self._mend()
            case "python":
                follows = (
                    after is not None and after.language == "text" and after.line == block.line + _height(block) + 3
                )
                yield self._python(block, after if follows else None)
            case "text":
                pass
            case _:
                raise self._error(block, f"nobody tests a block of `{block.language}`")

    def _yaml(self, block: Block) -> None:
        path = Path(next((block.asks[way] for way in ("file", "add", "wrong", "try") if way in block.asks), ""))
        if block.asks == {"of": "another_tool"}:
            return
        if "cases" in block.asks:
            Path(block.asks["cases"]).write_text(block.text, encoding="utf-8")
            return
        if not path.name or self._at_root:
            raise self._error(block, "which file is it? say file=, add=, wrong= or try=")
        if "file" in block.asks:
            text = block.text
        else:
            old = path.read_text(encoding="utf-8")
            text = joined(old, block.text, block.asks.get("at", ""))
            if "wrong" in block.asks:
                self._restore[path] = old
        if "try" in block.asks:
            text = joined(text, _TRYING.format("} {".join(keys_below(block.text, "define"))), "decisions.return.rules")
        else:
            path.write_text(text, encoding="utf-8")
        report = Report()
        program = check_policy(text.encode(), path.name, report)
        if "wrong" in block.asks:
            if not len(report):
                raise self._error(block, "nothing is wrong with it")
            return
        warned = {one.code for one in report}
        if program is None or warned != set(filter(None, block.asks.get("warns", "").split(","))):
            raise self._error(block, f"it does not check clean:\n{render(report, False)}")

    def _json(self, block: Block) -> None:
        try:
            for text in block.text.splitlines() if block.language == "ndjson" else [block.text]:
                json.loads(text)
        except ValueError as error:
            raise self._error(block, f"not JSON: {error}") from None
        if "file" in block.asks:
            Path(block.asks["file"]).write_text(block.text, encoding="utf-8")

    def _console(self, block: Block) -> Iterator[Shown]:
        for command in commands(block):
            printed = self._command(command)
            start = block.line - 1 + command.line + len(command.shown)
            yield Shown(
                f"$ {command.command}", "\n".join(command.expected), printed, (start, start + len(command.expected))
            )

    def _command(self, command: Command) -> str:
        if command.command == "echo $?":
            return f"{self._code}\n"
        if command.command.startswith("policy-engine ") and not _SHELL.search(command.command):
            result = CliRunner(env=_ENVIRONMENT).invoke(
                cli, shlex.split(command.command)[1:], prog_name="policy-engine"
            )
            self._code = result.exit_code
            return result.output
        shim = self._folder_for_shim / ".bin"
        shim.mkdir(exist_ok=True)
        program = shim / "policy-engine"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from engine.cli.main import main; main()" "$@"\n')
        program.chmod(0o755)
        path = f"{shim}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command.command], capture_output=True, env={**os.environ, **_ENVIRONMENT, "PATH": path}
        )
        self._code = done.returncode
        return (done.stdout + done.stderr).decode()

    def _python(self, block: Block, after: Block | None) -> Shown:
        printed = io.StringIO()
        code = compile("\n" * (block.line - 1) + block.text, str(self._path), "exec")
        with contextlib.redirect_stdout(printed):
            exec(code, self._names)
        start = after.line - 1 if after else block.line + _height(block)
        expected = after.text if after else ""
        return Shown(
            "python", expected, printed.getvalue(), (start, start + len(expected.splitlines())), after is not None
        )

    def _mend(self) -> None:
        for path, text in self._restore.items():
            path.write_text(text, encoding="utf-8")
        self._restore.clear()

    @contextlib.contextmanager
    def _inside(self) -> Iterator[None]:
        before = Path.cwd()
        os.chdir(self._folder)
        try:
            yield
        finally:
            os.chdir(before)

    def _error(self, block: Block, says: str) -> PageError:
        return PageError(f"{self._path.relative_to(ROOT)}, line {block.line}: {says}")


def _height(block: Block) -> int:
    return len(block.text.splitlines())
