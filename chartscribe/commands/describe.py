"""``chartscribe describe``: charts to words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from chartscribe import options
from chartscribe.console import Console
from chartscribe.files import figure_files, findings_json
from chartscribe.hint_options import hint_options, read_hint_options
from chartscribe.inputs import Input, ReadFigure, read_figure, read_figures
from chartscribe.rule_files import read_knowledge
from chartscribe.runner import STDOUT, run_to_folder, run_to_stdout

if TYPE_CHECKING:
    from digitizer.model import Figure
    from digitizer.ocr import OcrEngine
    from interpret.describe import Description
    from interpret.describe.arrange import Detail
    from interpret.knowledge.model import Knowledge


@click.command("describe", short_help="Describe charts in words, each claim with its evidence.")
@options.inputs
@options.output("the description")
@click.option(
    "--format",
    "text_format",
    type=click.Choice(["md", "json", "html"]),
    default="md",
    show_default=True,
    help="What -o - writes: the description as Markdown or HTML, or the findings behind it as JSON.",
)
@click.option(
    "--detail",
    type=click.Choice(["brief", "standard", "full"]),
    default="standard",
    show_default=True,
    help="How much is told; full holds every finding and tables of values.",
)
@click.option("--html", is_flag=True, help="Write NAME.html too: hovering a sentence shows its place.")
@click.option(
    "--annotated/--no-annotated",
    default=None,
    help="Draw NAME.annotated.png; by default where matplotlib is installed (chartscribe[plot]).",
)
@click.option(
    "--rules",
    "rule_files",
    multiple=True,
    metavar="FILE",
    help="Add a rule file of your own (see chartscribe rules); may be repeated.",
)
@options.figure
@hint_options
@options.common
@click.pass_context
def command(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    output: str,
    text_format: Literal["md", "json", "html"],
    detail: Detail,
    html: bool,
    annotated: bool | None,
    rule_files: tuple[str, ...],
    figure: int | None,
    ocr: OcrEngine,
    quiet: bool,
    debug: bool,
    **hinted: Any,
) -> None:
    """Describe charts in words: how they are built, what their data show, what it may mean.

    INPUT is a picture (PNG, JPEG, WebP, TIFF, GIF, BMP or SVG), a PDF document, a figure document
    that chartscribe digitize wrote, or - for one of them on standard input.

    Writes for each: NAME.md (the description), NAME.findings.json (its claims with their
    evidence) and NAME.annotated.png (the data redrawn, phases shaded, events marked); for a
    picture also what chartscribe digitize writes.
    Inputs of one name become NAME, NAME-2 and so on.

    \b
    Examples:
      chartscribe describe loss.png -o -
      chartscribe describe loss.png -o out --detail full --html
      chartscribe describe loss.png -o - --x-limits 0 70 --y-scale log
      chartscribe describe out/loss.json -o - --format json
    """
    console = Console(quiet=quiet, debug=debug)
    hints = read_hint_options(hinted)
    known = read_knowledge(rule_files)
    drawing = output != STDOUT and wants_drawing(annotated)

    def to_text(source: Input) -> tuple[Figure, str]:
        read, _ = read_figure(source, ocr=ocr, documents=True, hints=hints)
        description = describe_by(known, read)
        if text_format == "json":
            return read, findings_json(description)
        write = description.to_markdown if text_format == "md" else description.to_html
        return read, write(detail=detail)

    def to_files(source: Input) -> Iterator[tuple[ReadFigure, dict[str, bytes]]]:
        for read in read_figures(source, ocr=ocr, documents=True, hints=hints):
            description = describe_by(known, read.figure)
            files = {} if read.is_document else figure_files(read.figure, read.stem)
            files[f"{read.stem}.findings.json"] = findings_json(description).encode("utf-8")
            files[f"{read.stem}.md"] = description.to_markdown(detail=detail).encode("utf-8")
            files |= more_files(description, read.stem, detail, html=html, drawing=drawing)
            yield read, files

    if output == STDOUT:
        context.exit(run_to_stdout(inputs, console, to_text, figure=figure))
    context.exit(run_to_folder(inputs, Path(output), console, to_files, figure=figure))


def describe_by(knowledge: Knowledge | None, figure: Figure) -> Description:
    """Describe a figure by these rules; what is heavy is imported where it is needed."""
    from interpret.describe import describe_figure

    return describe_figure(figure, knowledge=knowledge)


def wants_drawing(annotated: bool | None) -> bool:
    """Whether to draw: as asked, else where matplotlib is installed.

    Raises
    ------
    click.UsageError
        Where it is asked for and matplotlib is missing.
    """
    from chartscribe.annotated import can_draw

    if annotated and not can_draw():
        raise click.UsageError("--annotated needs matplotlib; pip install 'chartscribe[plot]'")
    return can_draw() if annotated is None else annotated


def more_files(
    description: Description, stem: str, detail: Detail, *, html: bool, drawing: bool
) -> dict[str, bytes]:
    """The page and the picture beside the text."""
    files = {}
    if html:
        files[f"{stem}.html"] = description.to_html(detail=detail).encode("utf-8")
    if drawing:
        from chartscribe.annotated import draw_annotated

        picture = draw_annotated(description)
        if picture is not None:
            files[f"{stem}.annotated.png"] = picture
    return files
