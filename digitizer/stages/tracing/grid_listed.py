"""Level and upright lines in a colour that the legend names are series, though they run from side to side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import ByteImage, FloatArray, LegendEntry, Mask, PanelFrame, Picture

# A line has a legend's colour where pixels are this near to it (largest channel) ...
SAME = 24.0
# ... over this share of the panel (dashes cover 0.6 of theirs, dots 0.35) ...
COVERED = 0.25
# ... in more than this share of so many parts of its length: a curve that levels off along a grid line covers
# up to 0.4 of it, in one piece ...
SPREAD, N_PARTS = 0.6, 16
# ... and the other lines of the grid nearly nowhere: else the grid has that colour, or shines through.
ON_GRID = 0.05
# Pixels beside a line's middle that are looked at: lines of two pixels lie between two rows.
REACH = 1


def without_listed_lines(picture: Picture, frame: PanelFrame, legend: Sequence[LegendEntry]) -> PanelFrame:
    """A panel without those of its grid lines that are drawn as a legend's entry is: baselines, thresholds.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area and grid.
    legend
        The panel's legend entries.
    """
    colors = [np.asarray(e.color, dtype=np.float64) for e in legend if e.color is not None]
    if not colors:
        return frame
    box = frame.box
    part = picture.rgb[
        max(0, round(box.top)) : round(box.bottom) + 1, max(0, round(box.left)) : round(box.right) + 1
    ]
    level = _listed(part, np.asarray(frame.grid_y) - max(0, round(box.top)), colors)
    upright = _listed(part.transpose(1, 0, 2), np.asarray(frame.grid_x) - max(0, round(box.left)), colors)
    if not level.any() and not upright.any():
        return frame
    rows, columns = np.asarray(frame.grid_y), np.asarray(frame.grid_x)
    return replace(
        frame,
        grid_y=rows[~level],
        grid_x=columns[~upright],
        listed_y=tuple(rows[level].tolist()),
        listed_x=tuple(columns[upright].tolist()),
    )


def _listed(part: ByteImage, places: FloatArray, colors: Sequence[FloatArray]) -> Mask:
    """Which of some rows are drawn in one of some colours that the other rows have not."""
    found = np.zeros(len(places), dtype=bool)
    if len(places) < 3:
        return found
    for color in colors:
        shares = np.array([_share(part, float(at), color) for at in places])
        bare = shares <= ON_GRID
        # All but a line or two of the grid are of another colour.
        if bare.mean() >= 0.5:
            found |= shares >= COVERED
    return found


def _share(part: ByteImage, at: float, color: FloatArray) -> float:
    """Share of a row that has a colour all along it: of those beside a place, where most has."""
    rows = part[max(0, round(at) - REACH) : round(at) + REACH + 1].astype(np.float64)
    if not rows.size:
        return 0.0
    alike = np.abs(rows - color).max(axis=2) <= SAME
    share = alike.mean(axis=1)
    best = int(share.argmax())
    spread = np.mean([part.any() for part in np.array_split(alike[best], N_PARTS)])
    return float(share[best]) if spread > SPREAD or share[best] <= ON_GRID else ON_GRID
