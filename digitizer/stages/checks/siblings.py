"""What the panels of one figure tell about each other's series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import LegendEntry, Trace

Color = tuple[int, int, int]

# Colours of one series agree to this Lab distance from panel to panel (JPEG included).
SAME_COLOR = 14.0
# A colour is a figure's own where more than this share of the other panels show it, and at least two do.
USUAL_SHARE = 0.6
FEWEST_SIBLINGS = 2
# A line is level that stays within half its stroke, and this (px).
LEVEL_PX = 1.0


def find_missing_colors(
    traces: Sequence[tuple[Trace, ...]], legends: Sequence[tuple[LegendEntry, ...]] = ()
) -> tuple[tuple[Color, ...], ...]:
    """For each panel the series colours that most other panels show and this one does not.

    Notes
    -----
    In a grid of panels drawn by one loop every panel holds the same series. Where one of them is not seen in
    one panel, another line covers it: nothing in that panel alone can tell. But where the others list it in
    legends of their own (one that serves all would be this panel's too), a lone series without a legend is
    all that there is: a covered one would be listed.
    """
    missing = [_missing_in(k, traces) for k in range(len(traces))]
    for k, legend in enumerate(legends):
        if not legend and len(traces[k]) == 1:
            missing[k] = tuple(c for c in missing[k] if not _listed_elsewhere(c, traces, legends))
    return tuple(missing)


def _listed_elsewhere(
    color: Color, traces: Sequence[tuple[Trace, ...]], legends: Sequence[tuple[LegendEntry, ...]]
) -> bool:
    """Whether every panel of several series that shows a colour lists it in its legend.

    A legend of as many entries as there are series lists all of them: samples of hairlines that lie between
    two rows are paler than the lines.
    """
    several = [k for k, panel in enumerate(traces) if len(panel) > 1 and _shows(panel, color)]
    listed = [[entry.color for entry in legends[k] if entry.color is not None] for k in several]
    whole = [len(legends[k]) >= len(traces[k]) for k in several]
    return bool(several) and all(w or _is_near(color, c) for w, c in zip(whole, listed, strict=True))


def with_covered(traces: Sequence[tuple[Trace, ...]]) -> tuple[tuple[Trace, ...], ...]:
    """Add lines that a level line of their panel covers wholly, as their siblings tell.

    Notes
    -----
    The average of a constant is that constant: where panels show a curve and its average and one of them a
    single level line, both lie on each other there. Such a line is inferred all along (``hidden`` 1).
    """
    out = []
    for k, panel in enumerate(traces):
        added = [_under_level(panel, color, traces) for color in _missing_in(k, traces)]
        out.append(panel + tuple(t for t in added if t is not None))
    return tuple(out)


def without_lent(
    legends: Sequence[tuple[LegendEntry, ...]], traces: Sequence[tuple[Trace, ...]]
) -> list[tuple[LegendEntry, ...]]:
    """Take the legend that one panel lends to all from panels of one series, where several show but one.

    It lists that panel's own series, of which others happen to share the first colour. A lone panel of one
    series may lack another that was not seen.
    """
    lent = [
        len(legend) > 1 and len(panel) == 1 and all(e.text.panel not in (None, k) for e in legend)
        for k, (legend, panel) in enumerate(zip(legends, traces, strict=True))
    ]
    if sum(lent) < FEWEST_SIBLINGS:
        return list(legends)
    return [() if of_other else legend for of_other, legend in zip(lent, legends, strict=True)]


def _under_level(panel: tuple[Trace, ...], color: Color, traces: Sequence[tuple[Trace, ...]]) -> Trace | None:
    """The line of a colour under the one level line of a panel that siblings show together with it."""
    if len(panel) != 1 or not _is_level(panel[0]):
        return None
    cover = panel[0]
    pairs = [p for p in traces if p is not panel and _shows(p, color) and _shows(p, cover.color)]
    theirs = [t for p in pairs for t in p if _is_near(color, [t.color])]
    if len(pairs) < FEWEST_SIBLINGS or any(t.kind != "line" or t.marker != "none" for t in theirs):
        return None
    sigma = np.hypot(cover.sigma_px, cover.line_width_px / 2)
    return replace(cover, color=color, sigma_px=sigma, support=1.0, hidden=1.0)


def _is_level(trace: Trace) -> bool:
    """Whether a bare line stays within half its stroke."""
    y = trace.y_px[np.isfinite(trace.y_px)]
    bare = trace.kind == "line" and trace.marker == "none" and y.size > 1
    return bare and float(np.ptp(y)) <= max(LEVEL_PX, trace.line_width_px / 2)


def _missing_in(k: int, traces: Sequence[tuple[Trace, ...]]) -> tuple[Color, ...]:
    others = [panel for i, panel in enumerate(traces) if i != k and panel]
    if len(others) < FEWEST_SIBLINGS or not traces[k]:
        return ()
    missing: list[Color] = []
    # A panel of bars is none of a loop that draws lines.
    kinds = {_is_bar(trace) for trace in traces[k]}
    for color in (trace.color for panel in others for trace in panel if _is_bar(trace) in kinds):
        if _shows(traces[k], color) or _is_near(color, missing):
            continue
        showing = [panel for panel in others if _shows(panel, color)]
        # Losses in one colour and accuracies in another: two kinds of panels that have nothing in common.
        akin = any(_shows(panel, trace.color) for panel in showing for trace in traces[k])
        if akin and len(showing) >= FEWEST_SIBLINGS and len(showing) > USUAL_SHARE * len(others):
            missing.append(color)
    return tuple(missing)


def _is_bar(trace: Trace) -> bool:
    return trace.kind == "bar"


def _shows(panel: tuple[Trace, ...], color: Color) -> bool:
    return _is_near(color, [trace.color for trace in panel])


def _is_near(color: Color, colors: Sequence[Color]) -> bool:
    if not colors:
        return False
    lab = to_lab(np.array([color, *colors], dtype=np.float64))
    return bool(np.linalg.norm(lab[1:] - lab[0], axis=1).min() < SAME_COLOR)
