"""Give legend entries the colours of the boxes that their samples were drawn as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray, LegendEntry

# Each side of a sample is this near (px) to where it was seen.
REACH_PX = 4.0


def take_drawn_legends(
    legends: Sequence[tuple[LegendEntry, ...]], drawn: Sequence[DrawnPath]
) -> tuple[tuple[LegendEntry, ...], ...]:
    """Give filled samples their fill: a dark outline may be all that the picture shows of a small one.

    Parameters
    ----------
    legends : sequence of tuple of LegendEntry
        The legends of the panels as the picture shows them.
    drawn : sequence of DrawnPath
        The paths of the drawing, in pixels of the picture.
    """
    filled = [path for path in drawn if path.fill is not None]
    if not filled:
        return tuple(legends)
    sides = np.array([(p.box.left, p.box.top, p.box.right, p.box.bottom) for p in filled])
    return tuple(tuple(_filled(entry, filled, sides) for entry in legend) for legend in legends)


def _filled(entry: LegendEntry, filled: Sequence[DrawnPath], sides: FloatArray) -> LegendEntry:
    box = entry.swatch
    if box is None or entry.marker != "square":
        return entry
    off = np.abs(sides - [box.left, box.top, box.right, box.bottom]).max(axis=1)
    own = np.flatnonzero(off <= REACH_PX)
    return replace(entry, color=filled[own[-1]].fill) if own.size else entry
