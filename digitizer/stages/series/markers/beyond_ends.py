"""Whole markers beyond the last line of a grid whose ends are not drawn.

Where a grid of one direction alone is drawn, no stroke tells how far the plot area goes on beyond its last
line; data may lie up to a step farther (Observable Plot, whose axes end at the data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, Side, Trace
from digitizer.medians import median
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.pixels.rectangles import cover_boxes
from digitizer.stages.series.fits.shapes import coverage, outline_distance
from digitizer.stages.series.inks.distinct import project
from digitizer.stages.series.markers.over_sides import (
    FOREIGN,
    MISSING,
    OFF,
    ON,
    SIGMA_PX,
    SMALLEST_PX,
    is_of_even_markers,
)

# So many lines within show a grid's step, which the ends continue to this share of it.
FEWEST_LINES, UNEVEN = 2, 0.06
# A marker is as wide and high as the others to this (px), and has so many of them to be like.
SIZE_PX, FEWEST_LIKE = 1.5, 3
# Beside a dot of a legend its name begins within so many sizes; ink of so many levels counts.
NAME_REACH, INKED = 2.5, 30.0


def complete_beyond_ends(
    picture: Picture, frame: PanelFrame, traces: Sequence[Trace], legend: Sequence[LegendEntry]
) -> tuple[Trace, ...]:
    """Add markers of clouds that lie whole beyond a grid's last line, up to a step away.

    Parameters
    ----------
    picture, frame
        The source and the panel.
    traces
        Its series (source px).
    legend
        Its legend, whose samples are none of the data.
    """
    rooms = [room for side, step in open_ends(frame) if (room := _room(picture, frame.box, side, step))]
    if not rooms:
        return tuple(traces)
    samples = [e.swatch for e in legend if e.swatch is not None]
    out = []
    for trace in traces:
        if is_of_even_markers(trace):
            for room in rooms:
                trace = _complete(picture, frame, trace, room, samples)
        out.append(trace)
    return tuple(out)


def open_ends(frame: PanelFrame) -> list[tuple[Side, float]]:
    """The sides that are the last lines of a grid between sides that are not drawn, with the grid's step."""
    box, found = frame.box, list[tuple[Side, float]]()
    pairs: tuple[tuple[tuple[Side, Side], tuple[Side, Side], np.ndarray], ...] = (
        (("top", "bottom"), ("left", "right"), frame.grid_y),
        (("left", "right"), ("top", "bottom"), frame.grid_x),
    )
    for ends, across, lines in pairs:
        if len(lines) < FEWEST_LINES or frame.sides & set(across):
            continue
        step = median(np.diff(np.sort(lines)))
        for side in ends:
            away = float(np.abs(lines - getattr(box, side)).min())
            if abs(away - step) <= UNEVEN * step:
                found.append((side, step))
    return found


def _room(picture: Picture, box: Box, side: Side, step: float) -> Box | None:
    """What lies beyond a side, up to a step away; None where nothing does."""
    room = {
        "top": replace(box, top=box.top - step, bottom=box.top),
        "bottom": replace(box, top=box.bottom, bottom=box.bottom + step),
        "left": replace(box, left=box.left - step, right=box.left),
        "right": replace(box, left=box.right, right=box.right + step),
    }[side]
    room = Box(
        left=max(0.0, room.left),
        top=max(0.0, room.top),
        right=min(picture.width - 1.0, room.right),
        bottom=min(picture.height - 1.0, room.bottom),
    )
    return room if min(room.width, room.height) > SMALLEST_PX else None


def _complete(picture: Picture, frame: PanelFrame, trace: Trace, room: Box, samples: Sequence[Box]) -> Trace:
    size = trace.marker_size_px
    if len(trace.x_px) < FEWEST_LIKE:
        return trace
    margin = size / 2
    top, left = max(0, int(room.top - margin)), max(0, int(room.left - margin))
    bottom, right = int(room.bottom + margin) + 2, int(room.right + margin) + 2
    rgb = picture.rgb[top:bottom, left:right].astype(np.float32)
    ground = np.broadcast_to(np.asarray(frame.background, dtype=np.float32), rgb.shape)
    alpha, off = project(rgb, ground, np.asarray(trace.color, dtype=np.float64))
    alpha = np.where(off < OFF, np.clip(alpha, 0.0, 1.0), 0.0)
    inked = np.abs(rgb - ground).max(axis=2) > INKED
    taken = cover_boxes(alpha.shape, samples, left, top, 2.0)
    pieces, boxes = label_pieces(alpha > ON)
    added = []
    for number, (x, y, width, height, _) in enumerate(boxes.tolist()):
        like = max(abs(width - size), abs(height - size)) <= SIZE_PX
        if number == 0 or not like or taken[y : y + height, x : x + width].any():
            continue
        part = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
        own = alpha[part] * (np.isin(pieces[part], (0, number)))
        rows, columns = np.mgrid[part]
        at = float((own * columns).sum() / own.sum()), float((own * rows).sum() / own.sum())
        drawn = coverage(outline_distance(trace.marker, columns - at[0], rows - at[1], size / 2))
        missing, foreign = (np.maximum(sign * (drawn - own), 0.0).sum() / drawn.sum() for sign in (1.0, -1.0))
        beside = inked[y : y + height, x + width + 2 : x + width + round(NAME_REACH * size)]
        inside = room.left <= at[0] + left <= room.right and room.top <= at[1] + top <= room.bottom
        known = np.hypot(trace.x_px - at[0] - left, trace.y_px - at[1] - top).min() < size / 2
        if missing < MISSING and foreign < FOREIGN and inside and not beside.any() and not known:
            added.append((at[0] + left, at[1] + top))
    if not added:
        return trace
    x_px, y_px = (np.append(v, w) for v, w in zip((trace.x_px, trace.y_px), np.array(added).T, strict=True))
    sigma = np.append(trace.sigma_px, np.full(len(added), SIGMA_PX))
    return replace(trace, x_px=x_px, y_px=y_px, sigma_px=sigma)
