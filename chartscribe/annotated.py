"""The chart redrawn clean from its data, phases shaded and events marked: ``<stem>.annotated.png``."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from chartscribe.event_labels import LabelPlaces

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from digitizer.model import Figure, FloatArray, Panel, Series
    from interpret.describe import Description
    from interpret.findings.model import Finding, Position

# Inches of one panel, and of the whole at most; pixels an inch.
PANEL_INCHES = 5.6, 3.6
MOST_INCHES = 22.0
DPI = 110
# Panels whose frames overlap by this share of the smaller one's height stand in one row.
SAME_ROW = 0.5
SHADES = {"up": "#d8f0dd", "down": "#fbdfdc", "flat": "#e6e9f2"}
EVENT_COLOR = "#b35900"
# Stretches that noise could make as well are not shaded.
SHADED_FROM = 0.66
# The bars of one category or step take this share of its width.
BARS_WIDTH = 0.8
MOST_DATES = 6
MARKED = ("dip", "peak", "level-shift", "trend-change", "knee", "start-behaviour", "replay")
MOST_MARKED = 6
DAY = 86400.0
WORDS = {"trend-change": "turn", "start-behaviour": "start", "replay": "restart"}
LINE_STYLES = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-.", "none": ""}
MARKERS = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "x",
    "plus": "+",
    "star": "*",
}


def can_draw() -> bool:
    """Whether matplotlib is there (it comes with ``pip install 'chartscribe[plot]'``)."""
    return importlib.util.find_spec("matplotlib") is not None


def draw_annotated(description: Description) -> bytes | None:
    """Draw the figure's data with what was found in them.

    Returns
    -------
    bytes, or None
        A PNG, the same for the same description; None where there is no panel to draw.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    figure = description.figure
    places = _places(figure)
    if not places:
        return None
    n_rows, n_columns = (max(place[k] for place in places) + 1 for k in (0, 1))
    width = min(PANEL_INCHES[0] * n_columns, MOST_INCHES)
    height = min(PANEL_INCHES[1] * n_rows, MOST_INCHES)
    with mpl.rc_context(mpl.rcParamsDefault), mpl.rc_context({"font.size": 9, "text.parse_math": False}):
        canvas = Canvas(figsize=(width, height), dpi=DPI, layout="constrained")
        FigureCanvasAgg(canvas)
        by_panel = [[f for f in description.findings if f.panel == k] for k in range(len(figure.panels))]
        drawn: list[tuple[Panel, dict[str, Axes]]] = []
        for index, (panel, (row, column)) in enumerate(zip(figure.panels, places, strict=True)):
            axes = canvas.add_subplot(n_rows, n_columns, row * n_columns + column + 1)
            drawn.append((panel, _draw_panel(axes, panel, by_panel[index])))
        # Labels keep clear of each other where the layout has put the panels.
        canvas.draw_without_rendering()
        for index, (panel, targets) in enumerate(drawn):
            _mark_panel(targets, panel, by_panel[index])
        target = BytesIO()
        canvas.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()


def _places(figure: Figure) -> list[tuple[int, int]]:
    """Row and column of each panel, as the picture has them."""
    rows: list[list[int]] = []
    for index in sorted(range(len(figure.panels)), key=lambda i: figure.panels[i].frame.top):
        frame = figure.panels[index].frame
        for row in rows:
            other = figure.panels[row[0]].frame
            shared = min(frame.bottom, other.bottom) - max(frame.top, other.top)
            if shared > SAME_ROW * min(frame.bottom - frame.top, other.bottom - other.top):
                row.append(index)
                break
        else:
            rows.append([index])
    places = {}
    for r, row in enumerate(rows):
        for c, index in enumerate(sorted(row, key=lambda i: figure.panels[i].frame.left)):
            places[index] = (r, c)
    return [places[index] for index in range(len(figure.panels))]


def _draw_panel(axes: Axes, panel: Panel, findings: Sequence[Finding]) -> dict[str, Axes]:
    """Draw the series and their phases; the axes by their names."""
    order = _categories(panel)
    targets = {"y": axes}
    if any(series.axis == "y2" for series in panel.series):
        targets["y2"] = axes.twinx()
    own = _not_smoothed(panel, findings)
    bars = [series for series in panel.series if series.kind == "bar"]
    for index, series in enumerate(panel.series):
        target = targets.get(series.axis, axes)
        x = _numbers(series, order)
        if series.kind == "bar":
            _draw_bars(target, series, x, next(k for k, bar in enumerate(bars) if bar is series), len(bars))
        else:
            _draw_series(target, series, x)
        if own == [index]:
            _shade(target, [f for f in findings if _is_of(f, index)], order)
    _dress(targets, panel, order)
    return targets


def _dress(targets: dict[str, Axes], panel: Panel, order: dict[str, float]) -> None:
    """Titles, labels, scales, ticks of categories and dates, and one legend."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    axes = targets["y"]
    lying = _lies(panel)
    if order:
        step = max(1, len(order) // 8)
        places, names = list(order.values())[::step], list(order)[::step]
        (axes.set_yticks if lying else axes.set_xticks)(places, names)
        ticks = panel.y_axis.ticks
        if lying and len(ticks) > 1 and ticks[0].pixel < ticks[-1].pixel:
            axes.invert_yaxis()
    elif panel.x_axis.scale == "date":
        locator = AutoDateLocator(minticks=3, maxticks=MOST_DATES)  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    if panel.x_axis.scale == "log":
        axes.set_xscale("log")
    if panel.y_axis.scale == "log":
        axes.set_yscale("log")
    axes.set_xlabel(panel.x_axis.label or "")
    axes.set_ylabel(panel.y_axis.label or "")
    if "y2" in targets and panel.y2_axis is not None:
        targets["y2"].set_ylabel(panel.y2_axis.label or "")
    axes.set_title(panel.title or "")
    if len(panel.series) > 1 and any(series.name for series in panel.series):
        shown = [target.get_legend_handles_labels() for target in targets.values()]
        lines = [line for found, _ in shown for line in found]
        axes.legend(lines, [name for _, found in shown for name in found], fontsize=7, framealpha=0.6)


def _mark_panel(targets: dict[str, Axes], panel: Panel, findings: Sequence[Finding]) -> None:
    """The events of all series that are no smoothed ones, the most salient first."""
    order, places = _categories(panel), LabelPlaces(targets["y"])
    own = _not_smoothed(panel, findings)
    events = [f for f in findings if any(_is_of(f, k) for k in own)]
    events = [f for f in events if f.kind in MARKED and "x_at" in f.evidence]
    for finding in sorted(events, key=lambda f: -f.salience)[:MOST_MARKED]:
        series = panel.series[finding.series[0].series]
        _mark(targets.get(series.axis, targets["y"]), finding, order, places)


def _is_of(finding: Finding, index: int) -> bool:
    return len(finding.series) == 1 and finding.series[0].series == index and finding.asserts


def _not_smoothed(panel: Panel, findings: Sequence[Finding]) -> list[int]:
    """Series that are no smoothed ones: of these nothing is told."""
    told = {f.series[0].series for f in findings if len(f.series) == 1 and f.level == 3}
    return [k for k in range(len(panel.series)) if k in told or len(panel.series) == 1]


def _lies(panel: Panel) -> bool:
    return any(series.orientation == "horizontal" for series in panel.series)


def _categories(panel: Panel) -> dict[str, float]:
    """Categories in their order; dates are numbers of days."""
    if panel.x_axis.scale == "date":
        return {}
    texts = [str(x) for series in panel.series if series.x.dtype.kind in "US" for x in series.x]
    return {text: float(k) for k, text in enumerate(dict.fromkeys(texts))}


def _numbers(series: Series, order: dict[str, float]) -> FloatArray:
    if series.x.dtype.kind in "US":
        return np.array([_place(str(x), order) for x in series.x])
    return series.x.astype(np.float64)


def _draw_bars(axes: Axes, series: Series, x: FloatArray, index: int, n_bars: int) -> None:
    """The bars of one series beside those of the others."""
    gaps = np.diff(np.unique(x))
    width = BARS_WIDTH * (float(np.min(gaps)) if len(gaps) else 1.0) / n_bars
    places = x + (index - (n_bars - 1) / 2) * width
    look: dict[str, Any] = {"color": series.color, "label": series.name or "_", "alpha": 0.8}
    if series.orientation == "horizontal":
        axes.barh(places, series.y, height=width, **look)
    else:
        axes.bar(places, series.y, width=width, **look)


def _draw_series(axes: Axes, series: Series, x: FloatArray) -> None:
    look: dict[str, Any] = {"color": series.color, "label": series.name or "_"}
    if series.kind == "scatter":
        axes.plot(x, series.y, linestyle="", marker=MARKERS.get(series.marker, "o"), markersize=3.5, **look)
    elif series.kind == "band" and series.y_low is not None and series.y_high is not None:
        axes.fill_between(x, series.y_low, series.y_high, alpha=0.3, **look)
    else:
        style = LINE_STYLES.get(series.line_style, "-")
        marker = MARKERS.get(series.marker, "") if series.sampled_at == "markers" else ""
        axes.plot(x, series.y, linestyle=style, marker=marker, markersize=3, linewidth=1.2, **look)


def _shade(axes: Axes, findings: Sequence[Finding], order: dict[str, float]) -> None:
    """Phases and plateaus as coloured stretches."""
    for finding in findings:
        sure = finding.confidence >= SHADED_FROM
        if finding.kind in ("phase", "plateau") and finding.x_range is not None and sure:
            first, last = (_place(at, order) for at in finding.x_range)
            axes.axvspan(first, last, color=SHADES[finding.direction or "flat"], zorder=0, linewidth=0)


def _mark(axes: Axes, finding: Finding, order: dict[str, float], places: LabelPlaces) -> None:
    """A ring around an event, or a line through it, and a word where there is room for it."""
    where = finding.evidence["x_at"]
    x = _place(where, order)
    value = next((finding.evidence[k] for k in ("at", "to") if k in finding.evidence), None)
    label = f"{_word(finding)} {where.replace('T', ' ') if isinstance(where, str) else f'{where:g}'}"
    if isinstance(value, (int, float)):
        axes.plot([x], [value], marker="o", markersize=9, fillstyle="none", color=EVENT_COLOR)
        places.write(axes, f"{label}: {value:g}", x, float(value), up=finding.direction == "up")
    else:
        axes.axvline(x, color=EVENT_COLOR, linewidth=0.8, linestyle=":")
        places.write(axes, label, x, axes.get_ylim()[1], up=False)


def _word(finding: Finding) -> str:
    if finding.kind == "level-shift":
        return "jump" if finding.direction == "up" else "drop"
    return WORDS.get(finding.kind, finding.kind)


def _place(at: Position, order: dict[str, float]) -> float:
    """A position along x as a number: a category's place, a date's days since 1970."""
    if not isinstance(at, str):
        return float(at)
    if at in order:
        return order[at]
    return float(np.datetime64(at.rstrip("Z"), "s").astype(np.int64)) / DAY
