"""The panel that a grid of panels lacks: where its row and its column cross, with their grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.strokes.proposals import shared_part

# Panels of one row, and of one column, have sides that agree to this (px), and grid lines too.
SAME_PX = 3.0
# So many of a row's grid lines are seen in the cell as well, and so many panels make a grid.
FEWEST_LINES, FEWEST_PANELS = 3, 3


def with_missing_cells(picture: Picture, frames: Sequence[PanelFrame]) -> list[PanelFrame]:
    """The frames, and those of empty cells of their grid in which their row's grid lines go on.

    Parameters
    ----------
    picture
        The source.
    frames
        The panels found (source px).
    """
    if len(frames) < FEWEST_PANELS:
        return list(frames)
    out = list(frames)
    for row in frames:
        for column in frames:
            if not _is_aligned(column, frames, row) or len(row.grid_y) < FEWEST_LINES:
                continue
            cell = Box(left=column.box.left, right=column.box.right, top=row.box.top, bottom=row.box.bottom)
            if any(shared_part(cell, frame.box) > 0 for frame in out):
                continue
            found = measure_frame(picture, cell)
            if found is not None and _agree(found.grid_y, row.grid_y):
                out.append(found)
    return out


def _is_aligned(column: PanelFrame, frames: Sequence[PanelFrame], row: PanelFrame) -> bool:
    """Whether another panel of the row stands as wide as the column's, which is as high as the row's."""
    wide = abs(column.box.width - row.box.width) <= SAME_PX
    level = any(f is not row and _is_level(f, row) for f in frames)
    return column is not row and wide and level and not _is_level(column, row)


def _is_level(one: PanelFrame, other: PanelFrame) -> bool:
    return max(abs(one.box.top - other.box.top), abs(one.box.bottom - other.box.bottom)) <= SAME_PX


def _agree(lines: FloatArray, known: FloatArray) -> bool:
    """Whether a cell shows all grid lines of its row, and hardly others."""
    if len(lines) < FEWEST_LINES or len(known) < FEWEST_LINES:
        return False
    off = np.abs(known[:, None] - lines).min(axis=1)
    return bool((off <= SAME_PX).all() and len(lines) <= len(known) + 1)
