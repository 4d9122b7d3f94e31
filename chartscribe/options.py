"""The arguments and options that several subcommands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from chartscribe.batch.state import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

OCR_ENGINES = ("ppocr", "tesseract")
# A chart of 64 megapixels, the largest that is read, was measured to take 22 seconds and 1.2 GiB.
TIMEOUT_SECONDS = 300.0
MEMORY_MIB = 4096

inputs = click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)


figure = click.option(
    "--figure",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of a PDF document, the N-th figure of each page alone; PAPER.pdf#page=3 chooses a page.",
)


def output(what: str) -> Callable[[Command], Command]:
    """The option ``-o``; ``what`` says what goes to standard output."""
    return click.option(
        "-o",
        "--output",
        metavar="DIR|-",
        required=True,
        help=f"The folder to write into (made where it is missing); - writes {what} on standard output.",
    )


def folder_of_figures(command: Command) -> Command:
    """The argument FOLDER, the option ``-o``, and which figures are read within what limits."""
    for option in (
        click.option(
            "--memory",
            "memory_mib",
            type=click.IntRange(min=512),
            default=MEMORY_MIB,
            show_default=True,
            metavar="MIB",
            help="What one figure may need.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=TIMEOUT_SECONDS,
            show_default=True,
            metavar="SECONDS",
            help="What one figure may take.",
        ),
        click.option(
            "--dask",
            metavar="ADDRESS",
            help="Read on a Dask cluster: its scheduler's address, or a scheduler file.",
        ),
        click.option(
            "-j", "--jobs", type=click.IntRange(min=1), help="Figures at once.  [default: one a core]"
        ),
        click.option("--exclude", multiple=True, metavar="PATTERN", help="Pass these over; may be repeated."),
        click.option(
            "--include", multiple=True, metavar="PATTERN", help="Take these files only; may be repeated."
        ),
        click.option(
            "-o",
            "--output",
            metavar="DIR",
            required=True,
            type=click.Path(path_type=Path),
            help="The folder to write into (made where it is missing).",
        ),
        click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def settings_of(*, jobs: int | None, dask: str | None, **others: Any) -> Settings:
    """What :func:`folder_of_figures` and ``--ocr`` say of a run; ``others`` are settings by their names."""
    from chartscribe.batch.state import Settings

    if dask is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine, and --dask reads on others; give one of them")
    return Settings(jobs=jobs or n_cores(), dask=dask, **others)


def n_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def common(command: Command) -> Command:
    """The options ``--ocr``, ``--quiet`` and ``--debug``."""
    for option in (
        click.option("--debug", is_flag=True, help="Show where an error comes from."),
        click.option("-q", "--quiet", is_flag=True, help="Say errors only."),
        click.option(
            "--ocr",
            type=click.Choice(OCR_ENGINES),
            default="ppocr",
            show_default=True,
            help="What reads the labels; tesseract must be installed beside chartscribe.",
        ),
    ):
        command = option(command)
    return command
