"""Entries of a legend that name an upright line drawn for orientation: the best epoch, a threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.pixels.rectangles import away_from
from digitizer.stages.series.inks.ink import inside_of

# Pixels this near (largest channel) to an entry's colour are of it; a trace this near goes by its name.
SAME_COLOR = 40.0
# A dashed line inks this share of its column's rows at least, in each of so many parts of the height ...
LEAST_INKED, PARTS = 0.25, 4
# ... is no wider than this (px, share of the width), and holds this share of all ink of its colour: rims of
# letters and of other strokes may have it, too.
WIDEST_PX, WIDEST_SHARE = 4, 0.012
HELD = 0.6
# It reaches both sides of the panel to this share of the height, a gap between dashes: series end before.
REACH_SHARE, REACH_PX = 0.025, 4
# Samples and names in the legend reach this far (px) beyond their boxes.
BESIDE_PX = 3.0


def without_upright_rules(
    picture: Picture,
    frames: Sequence[PanelFrame],
    legends: Sequence[tuple[LegendEntry, ...]],
    traces: Sequence[tuple[Trace, ...]],
) -> list[tuple[LegendEntry, ...]]:
    """Legends without the entries of upright lines from side to side: these have no values to read."""
    out = []
    for frame, legend, panel in zip(frames, legends, traces, strict=True):
        bare = [_is_bare(entry) and not any(_are_alike(entry, t) for t in panel) for entry in legend]
        rules = [
            is_bare and _stands_upright(picture, frame, entry, legend)
            for is_bare, entry in zip(bare, legend, strict=True)
        ]
        out.append(tuple(e for e, is_rule in zip(legend, rules, strict=True) if not is_rule))
    return out


def _is_bare(entry: LegendEntry) -> bool:
    """Whether an entry shows a line without markers."""
    drawn = entry.swatch is not None and entry.color is not None
    return drawn and entry.line_style != "none" and entry.marker == "none"


def _are_alike(entry: LegendEntry, trace: Trace) -> bool:
    return bool(np.abs(np.subtract(entry.color or (0, 0, 0), trace.color)).max() < SAME_COLOR)


def _stands_upright(
    picture: Picture, frame: PanelFrame, entry: LegendEntry, legend: Sequence[LegendEntry]
) -> bool:
    """Whether the ink of an entry's colour is an upright stroke along the whole height of the panel."""
    mine = _ink(picture, frame, np.asarray(entry.color, dtype=np.float64), legend)
    if min(mine.shape) < PARTS:
        return False
    parts = np.array([part.mean(axis=0) for part in np.array_split(mine, PARTS)])
    column = int(parts.sum(axis=0).argmax())
    if parts[:, column].min() < LEAST_INKED:
        return False
    reach = max(REACH_PX, round(REACH_SHARE * len(mine)))
    if not (mine[:reach, column].any() and mine[-reach:, column].any()):
        return False
    half = max(WIDEST_PX, round(WIDEST_SHARE * mine.shape[1])) // 2
    return bool(mine[:, max(0, column - half) : column + half + 1].sum() > HELD * mine.sum())


def _ink(picture: Picture, frame: PanelFrame, color: FloatArray, legend: Sequence[LegendEntry]) -> Mask:
    """Where a panel has a colour, but for its legend (rows, columns)."""
    left, top, right, bottom = inside_of(picture, frame)
    mine = (
        away_from(np.ascontiguousarray(picture.rgb[top : bottom + 1, left : right + 1]), color) < SAME_COLOR
    )
    for box in (b for entry in legend for b in (entry.swatch, entry.text.box) if b is not None):
        rows, columns = (
            slice(max(0, round(low - BESIDE_PX) - start), max(0, round(high + BESIDE_PX) - start + 1))
            for low, high, start in ((box.top, box.bottom, top), (box.left, box.right, left))
        )
        mine[rows, columns] = False
    return np.asarray(mine)
