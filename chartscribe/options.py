"""The arguments and options that several subcommands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

OCR_ENGINES = ("ppocr", "tesseract")

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
