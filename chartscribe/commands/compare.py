"""``chartscribe compare``: what was drawn against what was logged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from chartscribe import options
from chartscribe.console import Console, results_only
from chartscribe.inputs import name_inputs, read_figure
from chartscribe.outputs import write_files, write_stdout

if TYPE_CHECKING:
    from chartscribe.compare.report import Comparison
    from digitizer.ocr import OcrEngine

AGREES, DIFFERS = 0, 1

_PERCENT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*%")


@click.command("compare", short_help="Compare a chart with the log it was drawn from, or with another chart.")
@click.argument("inputs", metavar="INPUT [OTHER]", nargs=-1, required=True)
@click.option(
    "--log",
    "logs",
    multiple=True,
    metavar="LOG",
    help="CSV, TSV, JSON, JSON Lines, Parquet, TensorBoard, text of key: value pairs, or a folder of these; "
    "may be repeated (several runs).",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="SERIES=COLUMN",
    help="Which column a series was drawn from; may be repeated.",
)
@click.option(
    "--tolerance",
    metavar="P%",
    help="How far a point may be off, in share of the y axis.  [default: what the reading allows]",
)
@click.option("--allow-unmatched", is_flag=True, help="Let series be that the log does not hold.")
@click.option(
    "--format",
    "text_format",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="The form of the report on standard output.",
)
@click.option("--picture", metavar="FILE.png", help="Also draw logged, read and difference for each series.")
@options.common
@click.pass_context
def command(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    logs: tuple[str, ...],
    mapped: tuple[str, ...],
    tolerance: str | None,
    allow_unmatched: bool,
    text_format: Literal["text", "json", "html"],
    picture: str | None,
    ocr: OcrEngine,
    quiet: bool,
    debug: bool,
) -> None:
    """Compare what a chart shows with what was logged, or with another chart.

    Finds out which series is which column by names and data together, and recognises other
    units, smoothing, means of several runs and rows left out. INPUT and OTHER are pictures or
    figure documents. The report goes to standard output.

    Exit status: 0 where all series agree, 1 where one does not or has no column, 2 where
    something could not be read.

    \b
    Examples:
      chartscribe compare loss.png --log run.csv
      chartscribe compare reward.png --log run1.csv --log run2.csv --tolerance 1%
      chartscribe compare loss.png --log runs --map "Train Reward=reward" --format json
      chartscribe compare ours.png theirs.png --picture difference.png
    """
    if len(inputs) > 2 or (len(inputs) == 2) == bool(logs):
        raise click.UsageError("give one INPUT with --log LOG, or two inputs")
    mapping = dict(_parse_map(text) for text in mapped)
    share = None if tolerance is None else _parse_percent(tolerance)
    with results_only():
        comparison = _compare(inputs, logs, mapping, share, allow_unmatched, ocr)
        report = _report(comparison, text_format)
        if picture is not None:
            from chartscribe.compare.picture import draw_picture, to_png

            path = Path(picture)
            write_files(path.parent, {path.name: to_png(draw_picture(comparison.pairs))})
    write_stdout(report)
    if text_format != "text":
        Console(quiet=quiet, debug=debug).say(comparison.summary())
    context.exit(AGREES if comparison.agrees else DIFFERS)


def _compare(
    inputs: tuple[str, ...],
    logs: tuple[str, ...],
    mapping: dict[str, str],
    tolerance: float | None,
    allow_unmatched: bool,
    ocr: OcrEngine,
) -> Comparison:
    from chartscribe.compare.logs import read_logs
    from chartscribe.compare.report import compare, tables_of_figure

    # Logs are quick to read and figures are not: what is wrong with them is told first.
    tables = read_logs(logs)
    figures = [read_figure(source, ocr=ocr, documents=True)[0] for source in name_inputs(inputs)]
    if len(figures) == 2:
        tables = tables_of_figure(figures[1], inputs[1])
    return compare(
        figures[0],
        tables,
        name=inputs[0],
        logs=logs or inputs[1:],
        mapping=mapping,
        tolerance=tolerance,
        allow_unmatched=allow_unmatched,
    )


def _report(comparison: Comparison, text_format: str) -> str:
    if text_format == "json":
        return json.dumps(comparison.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    if text_format == "html":
        from chartscribe.compare.page import to_html

        return to_html(comparison)
    return comparison.to_text()


def _parse_map(text: str) -> tuple[str, str]:
    series, equals, column = text.rpartition("=")
    if not equals or not series.strip() or not column.strip():
        raise click.BadParameter(f"{text!r} is no pair; give SERIES=COLUMN", param_hint="--map")
    return series.strip(), column.strip()


def _parse_percent(text: str) -> float:
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(
            f"{text!r} is no share; give a percentage such as 1%", param_hint="--tolerance"
        )
    return float(match[1]) / 100
