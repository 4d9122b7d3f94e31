"""``chartscribe digitize``: pictures to numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chartscribe import options
from chartscribe.console import Console
from chartscribe.files import figure_files
from chartscribe.hint_options import hint_options, read_hint_options
from chartscribe.inputs import Input, ReadFigure, read_figure, read_figures
from chartscribe.runner import STDOUT, run_to_folder, run_to_stdout

if TYPE_CHECKING:
    from digitizer.model import Figure
    from digitizer.ocr import OcrEngine


@click.command("digitize", short_help="Read pictures of charts into numbers.")
@options.inputs
@options.output("the figure document (JSON)")
@options.figure
@hint_options
@click.option(
    "--write-hints", is_flag=True, help="Also write NAME.hints.toml, the calibration found, to correct it."
)
@options.common
@click.pass_context
def command(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    output: str,
    write_hints: bool,
    figure: int | None,
    ocr: OcrEngine,
    quiet: bool,
    debug: bool,
    **hinted: Any,
) -> None:
    """Read pictures of charts into numbers with their uncertainty.

    INPUT is a picture (PNG, JPEG, WebP, TIFF, GIF, BMP or SVG), a PDF document, or - for one on
    standard input. The figures of a document become NAME.page-003-figure-1 and so on.

    Writes for each: NAME.json (the figure document), NAME.csv (all points) and
    NAME.overlay.png (what was read, drawn over the picture: look at it to check).
    Inputs of one name become NAME, NAME-2 and so on.

    What you know of the figures can be told by options or in a file; it adds to what the
    picture says or overrules it, and is refused where it cannot be.

    \b
    Examples:
      chartscribe digitize loss.png -o out
      chartscribe digitize runs/*.png -o out
      chartscribe digitize loss.png -o - | jq '.panels[0].series[0].y'
      chartscribe digitize paper.pdf#page=3 -o out --figure 2
      chartscribe digitize loss.png -o out --x-limits 0 70 --y-scale log
      chartscribe digitize loss.png -o out --write-hints
      chartscribe digitize runs/*.png -o out --hints out/loss.hints.toml
    """
    console = Console(quiet=quiet, debug=debug)
    if write_hints and output == STDOUT:
        raise click.UsageError("--write-hints writes a file; give a folder with -o")
    hints = read_hint_options(hinted)

    def to_text(source: Input) -> tuple[Figure, str]:
        read, _ = read_figure(source, ocr=ocr, documents=False, hints=hints)
        return read, read.to_json()

    def to_files(source: Input) -> Iterator[tuple[ReadFigure, dict[str, bytes]]]:
        for read in read_figures(source, ocr=ocr, documents=False, hints=hints):
            more = {f"{read.stem}.hints.toml": hints_toml(read.figure)} if write_hints else {}
            yield read, more | figure_files(read.figure, read.stem)

    if output == STDOUT:
        context.exit(run_to_stdout(inputs, console, to_text, figure=figure))
    context.exit(run_to_folder(inputs, Path(output), console, to_files, figure=figure))


def hints_toml(figure: Figure) -> bytes:
    """The calibration of a figure as a hints file."""
    from digitizer.hints_file import write_hints

    return write_hints(figure).encode("utf-8")
