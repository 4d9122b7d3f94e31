"""Cut a picture where lines run across all of it: charts put side by side, each with a border of its own.

Labels and titles lie between a chart and the picture's edge, so no line of a chart reaches from edge to edge.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture, Side
from digitizer.stages.strokes.strokes import Stroke

# A line that ends so near (working pixels) at the picture's edges runs across it.
EDGE_PX = 4.0
# A chart with its labels is this large (working pixels); strips that lines cut off are headings.
MIN_CELL_PX = 100.0
# The line itself and the blur beside it belong to neither cell (working pixels).
LINE_PX = 2.5


def cut_cells(
    horizontal: list[Stroke], vertical: list[Stroke], shape: tuple[int, ...]
) -> list[tuple[float, float, float, float]]:
    """Cut along lines across the whole picture, those of one direction: cells are cut again by themselves.

    Parameters
    ----------
    horizontal, vertical : list of Stroke
        Long straight strokes.
    shape : tuple of int
        Height and width of the working picture.

    Returns
    -------
    list of (left, top, right, bottom)
        In working pixels, from the first pixel to behind the last; empty where no line divides the picture.
    """
    height, width = float(shape[0]), float(shape[1])
    rows = _between(_dividers(vertical, height, width), width)
    if rows:
        return [(start, 0.0, end, height) for start, end in rows]
    return [(0.0, start, width, end) for start, end in _between(_dividers(horizontal, width, height), height)]


def crop(picture: Picture, cell: tuple[float, float, float, float], scale: float) -> tuple[Picture, int, int]:
    """Cut one cell (working pixels, ``scale`` source pixels each) out; also its first column and row."""
    left, top, right, bottom = (round(value * scale) for value in cell)
    return replace(picture, rgb=picture.rgb[top:bottom, left:right].copy()), left, top


def shift_frame(frame: PanelFrame, dx: float, dy: float) -> PanelFrame:
    """Carry a frame from its cell into the picture (px)."""
    box = frame.box
    return replace(
        frame,
        box=Box(left=box.left + dx, top=box.top + dy, right=box.right + dx, bottom=box.bottom + dy),
        grid_x=frame.grid_x + dx,
        grid_y=frame.grid_y + dy,
        x_line=None if frame.x_line is None else frame.x_line + dy,
        y_line=None if frame.y_line is None else frame.y_line + dx,
        perched=None if frame.perched is None else _moved(frame.perched, dx),
    )


def _moved(column: tuple[Side, float, float], dx: float) -> tuple[Side, float, float]:
    side, left, right = column
    return side, left + dx, right + dx


def _dividers(strokes: list[Stroke], length: float, across: float) -> list[float]:
    """Where lines run from edge to edge of a picture of this ``length`` (px), not along its edges."""
    return sorted(
        s.at
        for s in strokes
        if s.sign == 0
        and s.start <= EDGE_PX
        and s.end >= length - 1 - EDGE_PX
        and EDGE_PX < s.at < across - 1 - EDGE_PX
    )


def _between(dividers: list[float], across: float) -> list[tuple[float, float]]:
    """The stretches between dividers, empty where there are none or one stretch is too small for a chart."""
    if not dividers:
        return []
    starts = np.array([0.0, *(at + LINE_PX for at in dividers)])
    ends = np.array([*(at - LINE_PX for at in dividers), across])
    wide = ends - starts >= MIN_CELL_PX
    # The lines of one border are dividers with next to nothing between them.
    real = wide | (ends - starts > EDGE_PX)
    return list(zip(starts[wide].tolist(), ends[wide].tolist(), strict=True)) if wide[real].all() else []


def reading_order(frames: list[PanelFrame]) -> list[PanelFrame]:
    """Order panels row by row, left to right; panels that overlap vertically by half share a row."""
    rows: list[list[PanelFrame]] = []
    for frame in sorted(frames, key=lambda f: f.box.top):
        for row in rows:
            first = row[0].box
            shared = min(first.bottom, frame.box.bottom) - max(first.top, frame.box.top)
            if shared > 0.5 * min(first.height, frame.box.height):
                row.append(frame)
                break
        else:
            rows.append([frame])
    return [frame for row in rows for frame in sorted(row, key=lambda f: f.box.left)]
