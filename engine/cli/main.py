"""The command `policy-engine`. Each command's module is imported when it is called, so that the others cost nothing."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from engine.cli.exit_codes import MEANINGS, ExitCode
from engine.cli.start import starting
from engine.cli.terminal import complain, hush

_COMMANDS = {
    "check": "Check policy files, or folders of them.",
    "fmt": "Lay out the conditions of policy files.",
    "decide": "Answer a question about one case, or about many with --ndjson.",
    "explain": "Show how an answer comes about, condition by condition.",
    "test": "Run worked cases against their policies.",
    "compare": "Show what a change to a policy comes to: which rules and which answers differ.",
    "mutate": "Change a policy in one place at a time, and see whether its cases notice.",
    "cases": "Suggest cases at the limits of a policy.",
    "ask": "Put the open questions of a case one after the other, until it is decided.",
    "show": "Show a policy as a page to read: the clauses and what became of them.",
    "schema": "Print the JSON Schema of what goes in or comes out.",
}
"""Name of each command and its line in --help; its code is `command` in the module `<name>_command`."""


class _Commands(click.Group):
    """The group of commands: loads a command when it is named, and has the last word on whatever goes wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"engine.cli.{cmd_name}_command").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = (
            ctx.resilient_parsing or args[:1] == [] or args[0] in _COMMANDS
        )  # a shell that completes gets no message
        if not known and not args[0].startswith("-"):
            from engine.base.suggest import did_you_mean

            hint = did_you_mean(args[0], _COMMANDS) or f"the commands are {', '.join(_COMMANDS)}"
            stop = "" if hint.endswith("?") else "."
            raise click.UsageError(f"There is no command '{args[0]}'; {hint}{stop}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in MEANINGS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it ends with becomes one of the exit codes, and never a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            hush()
            ctx.exit(ExitCode.INTERRUPTED)
        except BrokenPipeError:
            hush()
            ctx.exit(ExitCode.BROKEN_PIPE)
        except OSError as error:
            hush()
            complain(f"policy-engine: reading or writing broke off: {(error.strerror or str(error)).lower()}\n")
            ctx.exit(ExitCode.OUTPUT)
        except Exception as error:
            complain(_internal(error))
            ctx.exit(ExitCode.INTERNAL)


def _internal(error: Exception) -> str:
    """What is shown of a mistake of ours: what, where in the engine, and that the user's files are not to blame."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    said = " ".join(str(error).split())
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    return (
        f"policy-engine: internal error{notes}: {type(error).__name__}: {said[:300]}{place}\n"
        "This is a mistake in policy-engine, not in your files. Please report it together with these two lines.\n"
    )


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("store-policy-engine")
    except PackageNotFoundError:  # run from a folder of sources that nobody installed
        number = "(not installed)"
    click.echo(f"policy-engine {number}")
    ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def cli() -> None:
    """Decide store requests from a policy file, with reasons."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line (`args`, or those of the process) and end the process with one of `ExitCode`."""
    if sys.stdout is None:  # closed before the start: nobody can be told anything
        sys.exit(ExitCode.BROKEN_PIPE)
    starting()
    cli.main(args=args, prog_name="policy-engine")


if __name__ == "__main__":
    main()
