"""``chartscribe check``: a text about a chart against the chart's data."""

from __future__ import annotations

import json
from typing import Literal

import click

from chartscribe.console import Console
from chartscribe.inputs import name_inputs, read_figure
from chartscribe.outputs import write_stdout
from chartscribe.rule_files import read_text
from digitizer.errors import ChartscribeError

AGREES, FAILS, UNREADABLE = 0, 1, 2


@click.command("check", short_help="Check a text about a chart against the chart's data.")
@click.argument("text", metavar="TEXT")
@click.option(
    "--data",
    required=True,
    metavar="FIGURE",
    help="The chart: a figure document that chartscribe digitize wrote, or a picture.",
)
@click.option(
    "--format", "text_format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@click.pass_context
def command(
    context: click.Context, text: str, data: str, text_format: Literal["text", "json"], debug: bool
) -> None:
    """Check a text about a chart, whoever wrote it, against the chart's data.

    TEXT is Markdown or plain text. Each sentence is read into claims (values at places, moves
    from one value to another, extremes, trends, plateaus, dips, jumps, shares, correlations,
    crossings) and each claim is recomputed from the data: it holds, it fails, or it cannot be judged.

    \b
    Examples:
      chartscribe check loss.md --data loss.json
      chartscribe check answer.txt --data loss.json --format json

    \b
    Exit status: 0 nothing fails, 1 something fails, 2 an input cannot be read
    """
    from interpret.check import check_text

    try:
        words = read_text(text)
        figure, _ = read_figure(name_inputs([data])[0], ocr="ppocr", documents=True)
    except ChartscribeError as error:
        Console(debug=debug).report(error)
        context.exit(UNREADABLE)
    report = check_text(words, figure)
    if text_format == "json":
        write_stdout(json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    else:
        write_stdout(report.to_text())
    context.exit(AGREES if report.agrees else FAILS)
