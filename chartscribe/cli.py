"""The command ``chartscribe``: subcommands, exit statuses, errors in one line."""

from __future__ import annotations

import importlib
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType

import click

from chartscribe import __version__
from chartscribe.console import Console

DONE, WRONG_USAGE, INTERRUPTED, TERMINATED = 0, 2, 130, 143

# Each subcommand's module holds it under the name ``command``.
COMMANDS = {
    "digitize": "chartscribe.commands.digitize",
    "describe": "chartscribe.commands.describe",
    "batch": "chartscribe.commands.batch",
    "watch": "chartscribe.commands.watch",
    "rules": "chartscribe.commands.rules",
    "compare": "chartscribe.commands.compare",
    "check": "chartscribe.commands.check",
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="chartscribe", message="%(prog)s %(version)s")
@click.pass_context
def chartscribe(context: click.Context) -> None:
    """Read pictures of charts into numbers with their uncertainty, and describe them in words.

    Everything is computed on this machine: no network, no language model, the same answer
    every time. Where it is unsure it says so.

    \b
    Examples:
      chartscribe describe loss.png -o -
      chartscribe digitize loss.png -o out
      chartscribe batch runs -o out
      chartscribe watch runs -o out
      chartscribe compare loss.png --log run.csv

    \b
    Exit status:
      0  done
      1  some of several inputs failed, or a comparison does not agree
      2  wrong usage, or the only input could not be read
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(WRONG_USAGE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit status."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status; no exception leaves but SystemExit."""
    debug = "--debug" in arguments
    if not debug:
        # What libraries warn of is for developers; what concerns the reading is in the document.
        warnings.simplefilter("ignore")
    try:
        status = chartscribe.main(args=list(arguments), prog_name="chartscribe", standalone_mode=False)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "chartscribe"
        message = " ".join(error.format_message().split()).rstrip(".")
        click.echo(f"error: {path}: {message}; see {path} --help", err=True)
        return WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        Console(debug=debug).report(error)
        return WRONG_USAGE
    return status if isinstance(status, int) else DONE


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    # As an exception, so that half-written files are cleared away.
    raise SystemExit(TERMINATED)
