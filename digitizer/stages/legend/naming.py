"""Bind legend entries to traces by colour, line style and marker together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import tell_blend, to_lab
from digitizer.evidence import FloatArray, LegendEntry, Picture, TextSpan, Trace
from digitizer.stages.legend.legend_order import settle_by_order
from digitizer.stages.legend.twins import ink_color
from digitizer.stages.pixels.assignment import assign_least
from digitizer.stages.series.fitted import find_fits

# Colours of one series agree to about this Lab distance (JPEG quality 75: 8; alpha-blended samples: 15).
COLOR_SCALE = 18.0
# A name at a line's end begins within so many text heights of it, and stands so near to its height.
DIRECT_GAP = 3.0
REACH = 0.8
# In the line's own colour it may have been moved from others that end there.
OWN_COLOR_REACH = 2.5
DIRECT_COLOR = 30.0
# Costs of pairs that cannot be.
FAR = 1e3
# So many named lines are no chance.
LEAST_NAMED = 2
# A paler sample of a line's hue is half as far from it as their colours say. It lies beside the way from
# ground to line by no more than this share (RGB), and along it by no less than that.
PALER = 0.5
OFF_HUE, PALEST = 0.15, 0.3
BLACK = (0, 0, 0)
# So is a sample from what lets the ground through (Plottable's markers, ApexCharts' lines): that is exactly
# (RGB units: 0.6) on the way to it, and coloured by so many levels, as any grey is on the way to black.
EXACT_BLEND, COLOURED = 2.0, 40
# Beyond this cost entry and trace are not of one series.
MAX_COST = 2.2
MAX_BAND_COST = 1.0
# A line is an area's edge where it runs along that to this (px) over this share of it.
EDGE_PX, EDGE_SHARE = 1.5, 0.9
# What is left of fewer legend entries is a remark as often as a name.
FEWEST_LISTED = 3


def bind_names(
    traces: Sequence[Trace],
    legend: Sequence[LegendEntry],
    background: tuple[int, int, int] = (255, 255, 255),
) -> tuple[str | None, ...]:
    """Give each trace the text of the legend entry that looks like it, or None.

    Samples of hairlines are paler than their lines where these pile up: ``background`` (RGB) tells how.
    """
    if not traces or not legend:
        return (None,) * len(traces)
    cost = np.array([[_cost(trace, entry, background) for entry in legend] for trace in traces])
    names: list[str | None] = [None] * len(traces)
    fits = _unlisted_fits(traces, len(legend))
    lines = [i for i, trace in enumerate(traces) if trace.kind != "band" and i not in fits]
    bands = [i for i, trace in enumerate(traces) if trace.kind == "band"]
    taken: set[int] = set()
    by_looks = _assign(cost, lines, range(len(legend)), MAX_COST)
    for i, j in settle_by_order(traces, cost, by_looks):
        names[i] = legend[j].text.text
        taken.add(j)
    # A band goes by an entry that no line has; the fill below an outline by that of the outline.
    free = [j for j in range(len(legend)) if j not in taken]
    for i, j in _assign(cost, bands, free, MAX_BAND_COST):
        names[i] = legend[j].text.text
    for i in bands:
        outline = next((k for k in lines if traces[k].color == traces[i].color), None)
        if names[i] is None and outline is not None:
            names[i] = names[outline]
        # A legend that shows the fill lists the line along its edge with it.
        edge = next(
            (k for k in lines if names[k] is None and _is_edge(traces[k], traces[i], background)), None
        )
        if names[i] is not None and edge is not None:
            names[edge] = names[i]
    for i, cloud in fits.items():
        names[i] = names[cloud]
    return tuple(names)


def _is_edge(line: Trace, band: Trace, background: tuple[int, int, int]) -> bool:
    """Whether a line runs along the upper or lower edge of an area in a paler shade of its colour."""
    seen = np.isfinite(line.y_px)
    share, off = tell_blend(band.color, line.color, background)
    pale = 0.0 < share <= 1.0 and off < OFF_HUE * float(np.linalg.norm(np.subtract(band.color, background)))
    if line.kind != "line" or np.count_nonzero(seen) < 2 or not pale:
        return False
    along = np.interp(band.x_px, line.x_px[seen], line.y_px[seen])
    edges = [edge for edge in (band.y_high_px, band.y_low_px) if edge is not None]
    return any(float(np.mean(np.abs(along - edge) <= EDGE_PX)) >= EDGE_SHARE for edge in edges)


def _unlisted_fits(traces: Sequence[Trace], n_entries: int) -> dict[int, int]:
    """Fits in the colour of their clouds, and these, where the legend lists no more than the other series."""
    fits = {k: c for k, c in find_fits(traces).items() if traces[k].color == traces[c].color}
    n_others = sum(trace.kind != "band" for trace in traces) - len(fits)
    return fits if n_entries <= n_others else {}


def _assign(
    cost: FloatArray, rows: Sequence[int], columns: Sequence[int], most: float
) -> list[tuple[int, int]]:
    """Pairs of traces and entries of the least cost together, none dearer than ``most``."""
    if not rows or not columns:
        return []
    pairs = [(rows[i], columns[j]) for i, j in assign_least(cost[np.ix_(rows, columns)])]
    return [(i, j) for i, j in pairs if cost[i, j] <= most]


def name_the_last(names: Sequence[str | None], legend: Sequence[LegendEntry]) -> tuple[str | None, ...]:
    """Give the only series that looks like no sample the only entry that is left of as many.

    The document names it so; that the sample looks otherwise stays a doubt.
    """
    free = [entry.text.text for entry in legend if entry.text.text not in names]
    if len(names) != len(legend) or len(legend) < FEWEST_LISTED or names.count(None) != 1 or len(free) != 1:
        return tuple(names)
    return tuple(free[0] if name is None else name for name in names)


def n_listed(traces: Sequence[Trace], names: Sequence[str | None]) -> int:
    """How many of the traces a legend should list: all but the bands around lines and below outlines."""
    lines = [name for trace, name in zip(traces, names, strict=True) if trace.kind != "band"]
    bands = [name for trace, name in zip(traces, names, strict=True) if trace.kind == "band"]
    return len(lines) + sum(name is not None and name not in lines for name in bands)


def name_directly(
    picture: Picture, traces: Sequence[Trace], spans: Sequence[TextSpan]
) -> tuple[str | None, ...]:
    """Give lines the texts that are printed at their ends, nearest pairs first.

    Parameters
    ----------
    picture : Picture
        The source; a text in the colour of its line may stand farther from it.
    traces : sequence of Trace
        The series of a panel without a legend.
    spans : sequence of TextSpan
        Level texts inside the panel or right of it that serve as nothing else.
    """
    names: list[str | None] = [None] * len(traces)
    if not traces or not spans:
        return tuple(names)
    cost = np.array([[_distance(picture, t, s) for s in spans] for t in traces])
    for i, j in assign_least(np.where(np.isfinite(cost), cost, FAR)):
        if cost[i, j] < FAR:
            names[i] = spans[j].text
    # One text at one of several lines is a remark more often than a name.
    told = sum(name is not None for name in names)
    return tuple(names) if told == len(names) or told >= LEAST_NAMED else (None,) * len(names)


def _distance(picture: Picture, trace: Trace, span: TextSpan) -> float:
    """How far a text stands from a line's last point, in text heights; infinite where it is no name of it."""
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    if trace.kind != "line" or not seen.size or span.angle_deg or not any(c.isalpha() for c in span.text):
        return np.inf
    last = seen[np.argmax(trace.x_px[seen])]
    b = span.box
    away_y = abs(b.center[1] - float(trace.y_px[last])) / b.height
    away_x = (b.left - float(trace.x_px[last])) / b.height
    color = to_lab(np.array([ink_color(picture, span), trace.color], dtype=np.float64))
    alike = float(np.linalg.norm(color[0] - color[1])) <= DIRECT_COLOR
    if away_y > (OWN_COLOR_REACH if alike else REACH) or not -0.7 <= away_x <= DIRECT_GAP:
        return np.inf
    return float(away_y + 0.2 * max(away_x, 0.0) + (0.0 if alike else 1.0))


def _cost(trace: Trace, entry: LegendEntry, background: tuple[int, int, int]) -> float:
    if entry.color is None:
        return MAX_COST
    colors = to_lab(np.array([trace.color, entry.color], dtype=np.float64))
    cost = float(np.linalg.norm(colors[0] - colors[1])) / COLOR_SCALE
    # Small patches are edged in black as bars are (R), and darker for it.
    base = background if trace.kind == "line" else BLACK
    darker = trace.kind in ("line", "bar") and _is_paler(entry.color, trace.color, base)
    if darker or _lets_through(trace.color, entry.color, background):
        cost *= PALER
    if (trace.marker == "none") != (entry.marker == "none"):
        cost += 0.5
    elif trace.marker != entry.marker:
        cost += 0.3
    if (trace.line_style == "none") != (entry.line_style == "none"):
        cost += 0.5
    elif trace.line_style != entry.line_style:
        cost += 0.3
    return cost


def _is_paler(color: tuple[int, int, int], full: tuple[int, int, int], ground: tuple[int, int, int]) -> bool:
    """Whether a colour lies between the ground (or what is mixed with it) and a full colour."""
    share, off = tell_blend(color, full, ground)
    return PALEST < share < 1.0 and off < OFF_HUE * float(np.linalg.norm(np.subtract(color, ground)))


def _lets_through(
    color: tuple[int, int, int], full: tuple[int, int, int], ground: tuple[int, int, int]
) -> bool:
    """Whether a colour is a full one of some opacity on the ground."""
    share, off = tell_blend(color, full, ground)
    return PALEST < share < 1.0 and off <= EXACT_BLEND and max(color) - min(color) >= COLOURED
