"""Bars that go on behind a legend: translucent ones let their rest shine through, others hide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, ByteImage, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.pixels.rectangles import Fills, Rectangle

# A legend's box reaches this far (px) beyond its text and samples; what it touches is not seen whole.
LEGEND_PX = 8.0
# A legend's edge is drawn at most so many times the height of its box beyond it, or this far (px).
EDGE_SHARE = 0.35
EDGE_PX = 12.0
# What a legend lets through of a bar (matplotlib 0.2, others up to half), and how far a pixel's colour may be
# from such a blend (levels).
LEAST_SHARE, MOST_SHARE = 0.08, 0.6
OFF_BLEND = 14.0
# Rows in which fewer of a bar's columns than this are no sample or letter tell nothing.
LEAST_SEEN = 0.2
# A bar has ended where so many rows in a row show none of it.
BARE_ROWS = 4
RIM_ROWS = 2
# An edge is as thick as this (rows), with what anti-aliasing adds.
THICKEST = 4
# Ends seen through a legend are told to this (px); one behind a legend that lets nothing through may lie
# anywhere behind it.
SEEN_SIGMA_PX = 0.5
# The middle share of a bar that is looked at: its rims blend with the ground.
MIDDLE_SHARE = 0.4
# Its edge differs from the ground by this many levels.
EDGE_LEVELS = 8.0
# A legend's title stands within so many of its heights above the names.
TITLE_HEIGHTS = 1.5
# Pieces of a bar on both sides of a legend's edge begin in one row to this, with so much of the edge between
# them (px).
SAME_END_PX, EDGE_BETWEEN_PX = 1.6, 4

# A bar that ends before a legend has so much ground (px) between its end and the legend's edge, which inks
# this share of the bar's width; ground leaves as much of it bare.
BARE_BEFORE_PX, INKED = 2, 0.9


def with_title(box: Box, texts: Sequence[Box]) -> Box:
    """A legend's box with the text that stands right above its names: its title."""
    for text in texts:
        height = text.bottom - text.top
        above = -height < box.top - text.bottom <= TITLE_HEIGHTS * height
        if above and text.left < box.right and box.left < text.right and text.top < box.top:
            box = box.union(text)
    return box


def join_beside(pieces: Sequence[Rectangle]) -> list[Rectangle]:
    """Join the pieces of bars that a legend's side cuts upright: one goes on below it, one ends at it.

    Parameters
    ----------
    pieces
        Rectangles that legends may hide parts of.
    """
    joined: list[Rectangle] = []
    for piece in sorted(pieces, key=lambda r: (r.fill, r.first)):
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.fill == piece.fill
            and 0 < piece.first - last.last <= EDGE_BETWEEN_PX
            and abs(piece.top - last.top) <= SAME_END_PX
            and abs(piece.bottom - last.bottom) > SAME_END_PX
        ):
            joined[-1] = replace(
                last,
                last=piece.last,
                bottom=max(last.bottom, piece.bottom),
                n_filled=last.n_filled + piece.n_filled,
            )
        else:
            joined.append(piece)
    return joined


def ends_before_edge(fills: Fills, r: Rectangle, box: Box) -> bool:
    """Whether ground lies between a rectangle's end and the drawn edge of a legend beyond it.

    ``box`` holds the legend's texts and samples; what runs under the legend meets its edge.
    """
    first, last = max(r.first, int(box.left)), min(r.last, int(box.right))
    if last - first < 1:
        return False
    columns = slice(first, last + 1)
    if box.top > r.bottom:
        rows = fills.ink[r.bottom + 1 : int(box.top), columns]
    else:
        rows = fills.ink[int(box.bottom) + 1 : r.top, columns][::-1]
    inked = rows.mean(axis=1) if len(rows) else np.zeros(0)
    # The first row may be a blend of the rectangle's own end.
    ground = inked[1 : 1 + BARE_BEFORE_PX]
    if len(ground) < BARE_BEFORE_PX or ground.max() > 1 - INKED:
        return False
    return bool(inked[1 + BARE_BEFORE_PX :].max(initial=0.0) >= INKED)


def follow_behind(picture: Picture, frame: PanelFrame, trace: Trace, legends: Sequence[Box]) -> Trace:
    """Carry bars that end at a legend's edge on behind it; where nothing is seen, widen their deviation.

    Parameters
    ----------
    picture, frame
        The source and the panel.
    trace
        Bars that stand (source px); those that lie are left as they are.
    legends
        Boxes of texts and samples of the legends inside the frame (source px), without their edges.
    """
    if trace.orientation == "horizontal" or not legends or trace.base_px is None:
        return trace
    y, sigma = trace.y_px.copy(), trace.sigma_px.copy()
    untold = np.zeros(y.size, dtype=bool)
    half = max(1.0, MIDDLE_SHARE * trace.line_width_px)
    for i, (x, base) in enumerate(zip(trace.x_px, trace.base_px, strict=True)):
        for box in legends:
            room = EDGE_PX + EDGE_SHARE * (box.bottom - box.top)
            if not (box.left - room <= x <= box.right + room and box.bottom <= y[i] <= box.bottom + room):
                continue
            if base <= y[i]:
                continue
            columns = picture.rgb[:, max(0, round(x - half)) : round(x + half) + 1].astype(np.float64)
            end = _end_behind(columns, float(y[i]), frame, np.array(trace.color, dtype=np.float64))
            if end is not None:
                y[i], sigma[i], untold[i] = end[0], max(end[1], float(sigma[i])), end[1] > SEEN_SIGMA_PX
            elif y[i] - box.bottom <= LEGEND_PX or _is_edge(picture.rgb, float(y[i]), box, frame):
                sigma[i] = max(float(sigma[i]), float(y[i]) - max(frame.box.top, box.top - room))
                untold[i] = True
    return replace(trace, y_px=y, sigma_px=sigma, hidden=max(trace.hidden, float(np.mean(untold))))


def _end_behind(
    columns: FloatArray, end: float, frame: PanelFrame, color: FloatArray
) -> tuple[float, float] | None:
    """The row at which what shines through a legend ends, and how sure (px); None where nothing does.

    Samples and letters hide ends: the bar may go on behind them.
    """
    ground = np.array(frame.background, dtype=np.float64)
    step = color - ground
    top = int(np.ceil(frame.box.top + frame.line_width / 2 + 1))
    rows = np.arange(round(end) - THICKEST, top - 1, -1)
    if rows.size < 2 * THICKEST:
        return None
    share = _shares(columns[rows], ground, step)
    first = share[:THICKEST][np.isfinite(share[:THICKEST])]
    level = float(np.median(first)) if first.size >= 2 else 0.0
    if not LEAST_SHARE <= level <= MOST_SHARE:
        return None
    seen = np.flatnonzero(np.isfinite(share))
    bare = share[seen] < level / 2
    if bare.size < BARE_ROWS:
        return None
    lasting = np.lib.stride_tricks.sliding_window_view(bare, BARE_ROWS).all(axis=1)
    if not lasting.any():
        return None
    k = int(np.argmax(lasting))
    stop, last = int(seen[k]), int(seen[k - 1])
    before = float(np.median(share[seen[max(0, k - 3) : k]]))
    if stop - last > 1:
        return float(rows[last] + rows[stop]) / 2, max(SEEN_SIGMA_PX, (stop - last) / 2)
    return float(rows[stop]) + 0.5 - float(np.clip(share[stop] / before, 0.0, 1.0)), SEEN_SIGMA_PX


def _shares(pixels: FloatArray, ground: FloatArray, step: FloatArray) -> FloatArray:
    """How much of a bar's colour each row holds, NaN where samples and letters cover it."""
    share = (pixels - ground) @ step / max(float(step @ step), 1.0)
    off = np.abs(pixels - ground - share[..., None] * step).max(axis=-1)
    clear = off <= OFF_BLEND
    # A sample of the bar's own colour stands out from what shines through; a bar beyond the legend is whole.
    clear &= (share <= MOST_SHARE) | (np.mean(share > MOST_SHARE, axis=1) > 1 - LEAST_SEEN / 2)[:, None]
    enough = clear.mean(axis=1) >= LEAST_SEEN
    # Samples have white edges.
    near = np.convolve(~enough, np.ones(2 * RIM_ROWS + 1), "same") > 0
    told = [
        float(np.median(row[seen])) if seen.any() else 0.0 for row, seen in zip(share, clear, strict=True)
    ]
    return np.where(near, np.nan, told)


def _is_edge(rgb: ByteImage, end: float, box: Box, frame: PanelFrame) -> bool:
    """Whether a legend's edge runs along the end of a bar."""
    rows = slice(max(0, round(end) - THICKEST), round(end) + 2)
    part = rgb[rows, max(0, round(box.left)) : round(box.right) + 1].astype(np.float64)
    off = np.abs(part - np.array(frame.background)).max(axis=2)
    return bool(np.any(np.mean(off > EDGE_LEVELS, axis=1) > 1 - LEAST_SEEN))
