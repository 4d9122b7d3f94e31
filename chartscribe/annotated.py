"""The chart redrawn clean from its data, phases shaded and events marked: ``<stem>.annotated.png``."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

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
MARKED = ("dip", "peak", "level-shift", "trend-change", "knee", "start-behaviour", "replay")
MOST_MARKED = 6
MOST_SERIES_SHADED = 1
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
        for index, (panel, (row, column)) in enumerate(zip(figure.panels, places, strict=True)):
            axes = canvas.add_subplot(n_rows, n_columns, row * n_columns + column + 1)
            _draw_panel(axes, panel, [f for f in description.findings if f.panel == index])
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


def _draw_panel(axes: Axes, panel: Panel, findings: Sequence[Finding]) -> None:
    order = _texts(panel)
    second = axes.twinx() if any(series.axis == "y2" for series in panel.series) else None
    shaded = len(panel.series) <= MOST_SERIES_SHADED
    for index, series in enumerate(panel.series):
        target = second if series.axis == "y2" and second is not None else axes
        x = _numbers(series, order)
        _draw_series(target, series, x)
        mine = [f for f in findings if len(f.series) == 1 and f.series[0].series == index and f.asserts]
        if shaded:
            _shade(target, mine, order)
        _mark(target, mine, order, series.color)
    if order:
        step = max(1, len(order) // 8)
        axes.set_xticks(list(order.values())[::step], [text[:10] for text in list(order)[::step]])
    if panel.x_axis.scale == "log":
        axes.set_xscale("log")
    if panel.y_axis.scale == "log":
        axes.set_yscale("log")
    axes.set_xlabel(panel.x_axis.label or "")
    axes.set_ylabel(panel.y_axis.label or "")
    axes.set_title(panel.title or "")
    if len(panel.series) > 1 and any(series.name for series in panel.series):
        axes.legend(fontsize=7, framealpha=0.6)


def _texts(panel: Panel) -> dict[str, float]:
    """Dates and categories along x in their order."""
    texts = [str(x) for series in panel.series if series.x.dtype.kind in "US" for x in series.x]
    unique = list(dict.fromkeys(sorted(texts) if panel.x_axis.scale == "date" else texts))
    return {text: float(k) for k, text in enumerate(unique)}


def _numbers(series: Series, order: dict[str, float]) -> FloatArray:
    if series.x.dtype.kind in "US":
        return np.array([order[str(x)] for x in series.x])
    return series.x.astype(np.float64)


def _draw_series(axes: Axes, series: Series, x: FloatArray) -> None:
    look: dict[str, Any] = {"color": series.color, "label": series.name or "_"}
    if series.kind == "bar":
        axes.bar(x, series.y, width=0.6, alpha=0.7, **look)
    elif series.kind == "scatter":
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
        if finding.kind in ("phase", "plateau") and finding.x_range is not None:
            first, last = (_place(at, order) for at in finding.x_range)
            axes.axvspan(first, last, color=SHADES[finding.direction or "flat"], zorder=0, linewidth=0)


def _mark(axes: Axes, findings: Sequence[Finding], order: dict[str, float], color: str) -> None:
    """Events with a dot and a word, the most salient ones."""
    events = [f for f in findings if f.kind in MARKED and "x_at" in f.evidence]
    chosen = sorted(events, key=lambda f: -f.salience)[:MOST_MARKED]
    for finding in chosen:
        first = _place(finding.evidence["x_at"], order)
        value = next((finding.evidence[k] for k in ("at", "to") if k in finding.evidence), None)
        where = finding.evidence["x_at"]
        label = f"{_word(finding)} {where if isinstance(where, str) else f'{where:g}'}"
        if not isinstance(value, (int, float)):
            axes.axvline(first, color=EVENT_COLOR, linewidth=0.8, linestyle=":")
            axes.annotate(
                label, (first, 1.0), xycoords=("data", "axes fraction"), fontsize=7, color=EVENT_COLOR
            )
            continue
        axes.plot([first], [value], marker="o", markersize=9, fillstyle="none", color=EVENT_COLOR)
        up = finding.direction == "up"
        axes.annotate(
            f"{label}: {value:g}",
            (first, float(value)),
            xytext=(0, 14 if up else -18),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            color=EVENT_COLOR,
        )


def _word(finding: Finding) -> str:
    if finding.kind == "level-shift":
        return "jump" if finding.direction == "up" else "drop"
    return WORDS.get(finding.kind, finding.kind)


def _place(at: Position, order: dict[str, float]) -> float:
    """A position along x as a number; a shortened date is that of the first point that begins so."""
    if not isinstance(at, str):
        return float(at)
    if at in order:
        return order[at]
    return next((k for text, k in order.items() if text >= at), float(len(order) - 1))
