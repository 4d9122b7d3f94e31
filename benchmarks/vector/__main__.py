"""Measure how exactly charts in PDF documents and SVG drawings are read: ``python -m benchmarks.vector``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import chartscribe
from benchmarks.referee import ROOT
from benchmarks.tables import markdown_table, percent
from benchmarks.vector.charts import Chart, make_charts
from benchmarks.vector.draw import draw_matplotlib, draw_plotnine, draw_vega
from benchmarks.vector.measure import Marks, measure
from benchmarks.vector.office import draw_office
from benchmarks.vector.pgfplots import draw_pgfplots
from benchmarks.vector.plotly import draw_plotly
from benchmarks.vector.programs import draw_ggplot2, draw_gnuplot, draw_r
from digitizer.model import Figure

TABLE = ROOT / "benchmarks" / "vector.md"
# What is asked for: errors below this share of the range.
GOAL = 1e-4
PROGRAMS: dict[str, Callable[[Chart, Path], bool]] = {
    "matplotlib": draw_matplotlib,
    "plotnine": draw_plotnine,
    "vega": draw_vega,
    "R": draw_r,
    "ggplot2": draw_ggplot2,
    "gnuplot": draw_gnuplot,
    "pgfplots": draw_pgfplots,
    "Plotly": draw_plotly,
    "LibreOffice": draw_office,
}


def read(path: Path) -> Figure | None:
    """The figure of a file; None where there is none."""
    if path.suffix == ".svg":
        return chartscribe.digitize(path)
    figures = chartscribe.digitize_paper(path)
    return figures[0] if figures else None


def row(name: str, marks: Marks) -> list[str]:
    """A line of the table."""
    n_ok = sum(status == "ok" for status in marks.statuses)
    return [
        name,
        str(len(marks.errors)),
        percent(marks.found),
        str(marks.n_surplus),
        percent(marks.within(GOAL)),
        f"{marks.median:.5%}",
        f"{marks.largest:.4%}",
        f"{n_ok} of {len(marks.statuses)}",
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vector", description=__doc__)
    parser.add_argument("--only", default="", help="charts and formats whose name holds this")
    parser.add_argument("--keep", type=Path, help="folder for the drawings, their documents and overlays")
    parser.add_argument("--write", action="store_true", help="write these rows into benchmarks/vector.md")
    args = parser.parse_args()
    rows: list[list[str]] = []
    for program, draw in PROGRAMS.items():
        for ending in ("pdf", "svg"):
            for chart in make_charts():
                name = f"{program} {ending}, {chart.name}"
                if args.only in name:
                    marks = _try(chart, draw, ending, args.keep)
                    if marks is not None:
                        rows.append(row(name, marks))
                        print("| " + " | ".join(rows[-1]) + " |", flush=True)
    if args.write:
        TABLE.write_text(_page(_renewed(rows) if args.only else rows), encoding="utf-8")


def _renewed(rows: list[list[str]]) -> list[list[str]]:
    """The rows of the table as it is, those that were measured now in their places."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    kept = {cells[0]: cells for line in lines for cells in [[c.strip() for c in line.strip("| ").split("|")]]}
    return list((kept | {cells[0]: cells for cells in rows}).values())


def _try(chart: Chart, draw: Callable[[Chart, Path], bool], ending: str, keep: Path | None) -> Marks | None:
    with tempfile.TemporaryDirectory() as folder:
        stem = f"{draw.__name__}-{chart.name.replace(' ', '-')}-{ending}"
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
        path = (keep or Path(folder)) / f"{stem}.{ending}"
        if not draw(chart, path):
            return None
        figure = read(path)
        if keep is not None and figure is not None:
            path.with_suffix(".json").write_text(figure.to_json(), encoding="utf-8")
            figure.overlay().save(path.with_suffix(".png"))
        return measure(chart, figure)


def _page(rows: list[list[str]]) -> str:
    head = [
        "chart",
        "points",
        "found",
        "too many",
        "within 0.01 %",
        "median error",
        "largest error",
        "says ok",
    ]
    shares = [float(cells[4].rstrip("%")) for cells in rows]
    return (
        "# How exactly PDF documents and SVG drawings are read\n\n"
        "`python -m benchmarks.vector --write` draws the charts and writes this page. Errors are in shares\n"
        "of the range of the data, the larger one of x and y (and of both edges of bands and error bars); a\n"
        "drawn point without one that was read within 1 % counts as not found. Plotly leaves out vertices\n"
        "that lines and bands hardly bend at, and bends between the dashes of its PDF documents, which are\n"
        "filled shapes; LibreOffice rounds to hundredths of a millimetre.\n\n"
        f"On average {np.mean(shares):.1f} % of a chart's points are read to 0.01 % of the range.\n\n"
        + markdown_table(head, rows)
    )


if __name__ == "__main__":
    main()
