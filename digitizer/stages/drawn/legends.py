"""Put legends onto the samples that they were drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray, LegendEntry, TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes, claimed_spans
from digitizer.stages.drawn.listed import find_listed

# Each side of a sample is this near (px) to where it was seen.
REACH_PX = 4.0
# A legend of its own has so many entries, and level texts (degrees).
FEWEST, LEVEL_DEG = 2, 20.0


def take_drawn_legends(
    legends: Sequence[tuple[LegendEntry, ...]],
    drawn: Sequence[DrawnPath],
    axes: Sequence[PanelAxes] = (),
    spans: Sequence[TextSpan] = (),
) -> tuple[tuple[LegendEntry, ...], ...]:
    """Give panels the entries that the samples of the drawing make, and filled samples their fill.

    Parameters
    ----------
    legends : sequence of tuple of LegendEntry
        The legends of the panels as the picture shows them: curves that cross them, dashes, and dark outlines
        hide samples there.
    drawn : sequence of DrawnPath
        The paths of the drawing, in pixels of the picture.
    axes : sequence of PanelAxes
        The panels.
    spans : sequence of TextSpan
        All texts.
    """
    if not drawn:
        return tuple(legends)
    filled = [path for path in drawn if path.fill is not None]
    sides = np.array([(p.box.left, p.box.top, p.box.right, p.box.bottom) for p in filled]).reshape(-1, 4)
    taken = [tuple(_filled(entry, filled, sides) for entry in legend) for legend in legends]
    claimed = claimed_spans(axes, spans)
    free = [s for s in spans if id(s) not in claimed and abs(s.angle_deg) <= LEVEL_DEG and s.text.strip()]
    for index, (panel, legend) in enumerate(zip(axes, taken, strict=False)):
        texts = [text for text in free if _may_list(text, index, axes, legend)]
        taken[index] = _listed(legend, find_listed(texts, drawn, panel.frame.box))
    return tuple(taken)


def _may_list(text: TextSpan, index: int, axes: Sequence[PanelAxes], legend: Sequence[LegendEntry]) -> bool:
    """Whether a text may be of a panel's legend: inside it, or beside all, where there are no others."""
    inside = [panel.frame.box.contains(*text.box.center) for panel in axes]
    listed = any(entry.text is text for entry in legend)
    return inside[index] or listed or (not any(inside) and (len(axes) == 1 or bool(legend)))


def _listed(seen: tuple[LegendEntry, ...], told: tuple[LegendEntry, ...]) -> tuple[LegendEntry, ...]:
    """The entries that the drawing tells where they are all that were seen and more; else those seen."""
    by_text = {id(entry.text): entry for entry in told}
    known = [entry for entry in seen if entry.swatch is not None]
    if len(told) >= max(FEWEST, len(known)) and all(id(entry.text) in by_text for entry in known):
        return told
    return tuple(by_text.get(id(entry.text), entry) for entry in seen)


def _filled(entry: LegendEntry, filled: Sequence[DrawnPath], sides: FloatArray) -> LegendEntry:
    box = entry.swatch
    if box is None or entry.marker != "square" or not filled:
        return entry
    off = np.abs(sides - [box.left, box.top, box.right, box.bottom]).max(axis=1)
    own = np.flatnonzero(off <= REACH_PX)
    return replace(entry, color=filled[own[-1]].fill) if own.size else entry
