"""What the command says: progress, warnings and errors on standard error, results elsewhere."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

import click

from digitizer.errors import ChartscribeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where the command speaks; ``quiet`` keeps errors only, ``debug`` adds tracebacks."""

    quiet: bool = False
    debug: bool = False

    def say(self, line: str) -> None:
        """Tell progress or a warning."""
        if not self.quiet:
            click.echo(line, err=True)

    def report(self, error: BaseException, about: str | None = None) -> None:
        """Tell an error in one line, with its traceback where ``debug`` asks for it."""
        if self.debug:
            click.echo("".join(traceback.format_exception(error)).rstrip(), err=True)
        click.echo(f"error: {error_line(error, about)}", err=True)


def error_line(error: BaseException, about: str | None = None) -> str:
    """The one line that tells a person of this error."""
    if isinstance(error, ChartscribeError):
        return str(error)
    if isinstance(error, MemoryError):
        problem = "there is not enough memory for it; give a smaller picture"
    else:
        reason = " ".join(str(error).split())
        problem = (
            f"internal error ({type(error).__name__}: {reason}); run with --debug and report what it prints"
        )
    line = problem if about is None else f"{about}: {problem}"
    return "".join(character if character.isprintable() else "?" for character in line)


@contextlib.contextmanager
def results_only() -> Iterator[None]:
    """Keep standard output for the result: whatever a library prints goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        yield
