"""Tell names beside points from legends: their samples are the data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture

# Pixels whose channels are all within so many levels of a colour have it.
SAME_LEVELS = 40
# A sample's rim reaches so far (px) beyond its box.
RIM_PX = 2
# A colour that shows less than this share of its sample's pixels elsewhere in the panel draws nothing there.
SHOWN_SHARE = 0.2


def without_point_labels(
    picture: Picture, frames: Sequence[PanelFrame], entries: Sequence[LegendEntry]
) -> list[LegendEntry]:
    """Leave out names of points, each beside its own.

    Parameters
    ----------
    picture, frames
        The source and its panels.
    entries
        All names that have a sample beside them.

    Notes
    -----
    What a legend lists is drawn somewhere else, and in one look once. No legend has a sample within a panel
    and its name outside: that is what a side leaves of a name across it.
    """
    points: set[int] = set()
    for frame in frames:
        inner = [e for e in entries if e.swatch is not None and frame.box.contains(*e.swatch.center)]
        within = [e for e in inner if frame.box.contains(*e.text.box.center)]
        points.update(id(e) for e in inner if all(e is not other for other in within))
        marked = [e for e in within if e.marker != "none" and e.line_style == "none" and e.color is not None]
        if len(marked) == len(within) and all(
            _is_listed_twice(e, marked) or _shows_nowhere_else(picture, frame, e) for e in marked
        ):
            points.update(id(e) for e in marked)
    return [e for e in entries if id(e) not in points]


def serves(picture: Picture, frame: PanelFrame, legend: Sequence[LegendEntry]) -> bool:
    """Whether a panel draws half of the colours that a legend inside another one lists, or more.

    A histogram beside lines shares the first of their colours with them, and no series.
    """
    listed = [e for e in legend if e.swatch is not None and e.color is not None]
    counts = [(_count(picture, frame.box, e), _count(picture, e.swatch, e)) for e in listed if e.swatch]
    shown = sum(here >= SHOWN_SHARE * own for here, own in counts)
    return 2 * shown >= len(counts)


def _is_listed_twice(entry: LegendEntry, others: Sequence[LegendEntry]) -> bool:
    color = np.asarray(entry.color, dtype=np.int16)
    alike = [c for c in others if c is not entry and c.marker == entry.marker]
    return any(np.abs(color - np.asarray(c.color, dtype=np.int16)).max() <= SAME_LEVELS for c in alike)


def _shows_nowhere_else(picture: Picture, frame: PanelFrame, entry: LegendEntry) -> bool:
    sample = entry.swatch
    if sample is None:
        return False
    own = _count(picture, sample, entry)
    return _count(picture, frame.box, entry) - own < SHOWN_SHARE * own


def _count(picture: Picture, box: Box, entry: LegendEntry) -> int:
    """How many pixels in and around a box have an entry's colour."""
    top, left = max(0, int(box.top) - RIM_PX), max(0, int(box.left) - RIM_PX)
    part = picture.rgb[top : int(box.bottom) + RIM_PX + 1, left : int(box.right) + RIM_PX + 1]
    off = np.abs(part.astype(np.int16) - np.asarray(entry.color, dtype=np.int16)).max(axis=2)
    return int(np.count_nonzero(off <= SAME_LEVELS))
