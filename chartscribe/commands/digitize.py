"""``chartscribe digitize``: pictures to numbers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chartscribe import options
from chartscribe.console import Console
from chartscribe.hint_options import hint_options, read_hint_options
from chartscribe.inputs import Input, read_figure
from chartscribe.runner import STDOUT, run_to_folder, run_to_stdout

if TYPE_CHECKING:
    from chartscribe.api import OcrEngine
    from digitizer.model import Figure


@click.command("digitize", short_help="Read pictures of charts into numbers.")
@options.inputs
@options.output("the figure document (JSON)")
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
    ocr: OcrEngine,
    quiet: bool,
    debug: bool,
    **hinted: Any,
) -> None:
    """Read pictures of charts into numbers with their uncertainty.

    INPUT is a picture (PNG, JPEG, WebP, TIFF, GIF or BMP), or - for one on standard input.

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
      chartscribe digitize loss.png -o out --x-limits 0 70 --y-scale log
      chartscribe digitize loss.png -o out --write-hints
      chartscribe digitize runs/*.png -o out --hints out/loss.hints.toml
    """
    console = Console(quiet=quiet, debug=debug)
    if write_hints and output == STDOUT:
        raise click.UsageError("--write-hints writes a file; give a folder with -o")
    hints = read_hint_options(hinted)

    def to_text(source: Input) -> tuple[Figure, str]:
        figure, _ = read_figure(source, ocr=ocr, documents=False, hints=hints)
        return figure, figure.to_json()

    def to_files(source: Input) -> tuple[Figure, dict[str, bytes]]:
        figure, _ = read_figure(source, ocr=ocr, documents=False, hints=hints)
        more = {f"{source.stem}.hints.toml": hints_toml(figure)} if write_hints else {}
        return figure, more | figure_files(figure, source.stem)

    if output == STDOUT:
        context.exit(run_to_stdout(inputs, console, to_text))
    context.exit(run_to_folder(inputs, Path(output), console, to_files))


def hints_toml(figure: Figure) -> bytes:
    """The calibration of a figure as a hints file."""
    from digitizer.hints_file import write_hints

    return write_hints(figure).encode("utf-8")


def figure_files(figure: Figure, stem: str) -> dict[str, bytes]:
    """The files of a digitized picture; the document comes last, so that it vouches for the others."""
    overlay = io.BytesIO()
    figure.overlay().save(overlay, format="PNG")
    return {
        f"{stem}.overlay.png": overlay.getvalue(),
        f"{stem}.csv": figure.to_csv().encode("utf-8"),
        f"{stem}.json": figure.to_json().encode("utf-8"),
    }
