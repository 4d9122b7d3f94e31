"""Through pixels: charts drawn by matplotlib, digitized, described, checked against the true data."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np

from benchmarks.interpretation.build import Plot, make_figure
from benchmarks.interpretation.event_cases import Case, event_case
from benchmarks.interpretation.measure import Result, check_description
from benchmarks.interpretation.scoring import EventScore, Tally, score_events
from chartscribe.api import digitize
from digitizer.model import Figure
from interpret.describe import describe_figure

STYLES = ("default", "ggplot", "bmh")
MARKERS = ("o", "s", "^")
MOST_POINTS = 150


def measure_pixels(result: Result, seed: int, n: int) -> None:
    """Draw, digitize, describe; only panels that say ok are held to what they say."""
    score = EventScore()
    for k in range(n):
        rng = np.random.default_rng([seed, 8, k])
        case = event_case(rng)
        while any(len(line.y) > MOST_POINTS for plot in case.plots for line in plot.lines):
            case = event_case(rng)
        figure = digitize(draw_case(case, rng), name=f"case_{k}.png")
        found = len(figure.panels) == len(case.plots) and all(len(p.series) == 1 for p in figure.panels)
        sure = found and all(p.status == "ok" for p in figure.panels)
        result.add("pixels: panels and series found", found)
        result.add("pixels: panels found and ok", sure)
        if not found:
            continue
        described = describe_figure(figure)
        own = Result()
        check_description(own, described, with_truth(figure, case), f"pixels {k}")
        for name in ("sentences right", "documents without an error"):
            total = result.tallies.setdefault(f"pixels{'' if sure else ', in doubt'}: {name}", Tally())
            total.good += own.tallies[name].good
            total.n += own.tallies[name].n
        result.notes += [f"pixels: {note}" for note in own.notes]
        if sure:
            score_events(score, case, described.findings)
    total = result.tallies.setdefault("pixels: recall, 6 and more sigma", Tally())
    for (_, size), tally in score.recall.items():
        if size >= 6:
            total.good += tally.good
            total.n += tally.n


def with_truth(figure: Figure, case: Case) -> Figure:
    """The figure as it was read, under its own names, with the true points in place of the read ones."""
    true = make_figure(*case.plots)
    panels = []
    for panel, other in zip(figure.panels, true.panels, strict=True):
        (read,), (series,) = panel.series, other.series
        named = replace(series, name=read.name, color=read.color, color_name=read.color_name)
        panels.append(replace(panel, series=(named,)))
    return replace(figure, panels=tuple(panels))


def draw_case(case: Case, rng: np.random.Generator) -> bytes:
    """The chart as matplotlib draws it in one of its styles, as PNG."""
    import matplotlib as mpl
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    n = len(case.plots)
    with style.context(STYLES[int(rng.integers(len(STYLES)))]), mpl.rc_context({"font.size": 10}):
        canvas = Canvas(figsize=(6.2 * n, 4.4), dpi=100, layout="constrained")
        FigureCanvasAgg(canvas)
        for index, plot in enumerate(case.plots):
            axes = canvas.add_subplot(1, n, index + 1)
            _draw_plot(axes, plot, MARKERS[int(rng.integers(len(MARKERS)))])
        target = BytesIO()
        canvas.savefig(target, format="png")
    return target.getvalue()


def _draw_plot(axes: object, plot: Plot, marker: str) -> None:
    for line in plot.lines:
        x = np.arange(len(line.y)) if line.x is None else line.x
        axes.plot(x, line.y, marker=marker, markersize=4, linewidth=1.2)  # type: ignore[attr-defined]
    axes.set_xlabel(plot.x_label)  # type: ignore[attr-defined]
    axes.set_ylabel(plot.y_label)  # type: ignore[attr-defined]
