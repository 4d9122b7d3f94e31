"""The lines of a bundle: where columns leave much of a colour's ink, discs at even steps tell more of it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.medians import quantile
from digitizer.stages.pixels.true_runs import true_runs
from digitizer.stages.series.bundles.comb import Discs, find_discs
from digitizer.stages.series.bundles.pursue import find_paths
from digitizer.stages.series.bundles.settle import settle
from digitizer.stages.series.bundles.spans import find_spans, heights_of
from digitizer.stages.series.bundles.untangle import untangle
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON, IndexArray

# Lines one by one leave so much of the ink at least where a bundle is looked for, and a bundle leaves this
# share of that at most.
LEFT, LEAVES_LESS = 0.08, 0.6
# Many lines, taken out thinner than they are, leave no more than this of the ink between their discs (0.05 to
# 0.29 where they are right), and all no more than this beside them (0.00 to 0.03).
MOST_LEFT, MOST_BESIDE = 0.35, 0.12
# Lines are taken out by this share of their width, so that one close beside another still has ink of its own:
# of two to four lines none is found twice at 0.85, of 142 lines in five panels 133 are found at 0.7, 118 at
# 0.85; there may be seven too many of them, not one of a few.
TAKEN_WIDTH, CROWDED_WIDTH = 0.85, 0.7
FEW = 12
# The ink of a colour is looked at in so many columns first: most are one line or a few.
N_COLUMNS = 24
# Discs stand where they are found to this (px) by themselves; within a heap of several, anywhere in it.
DISC_SIGMA_PX = 0.4
# ... to this share of the heap's height beyond one disc's: ways at both sides tell more.
HEAP_SIGMA = 0.1
# Ink that belongs to a run; of the runs between discs this share is as thin as one line: others are steep, or
# several lines.
FAINT, THIN = 0.03, 0.25
# More lines than this are what fills an area, of which no number of lines tells.
FEWEST, MOST = 2, 64
# Drawings are laid to this part of a pixel.
SHIFT = 4
SUB = 1 << SHIFT
# More than this hides lines' ways.
MOST_HIDDEN = 0.02


def find_bundle(layer: Layer, found: Sequence[Trace]) -> list[Trace] | None:
    """The lines with discs that a colour's ink is; None where those that were found explain it as well.

    Parameters
    ----------
    layer : Layer
        The colour's ink. Colours that a legend lists have one line each.
    found : sequence of Trace
        What was found of it line by line.
    """
    if not _may_be(layer) or not found or not all(_is_plain(trace) for trace in found):
        return None
    alone = _left_by(layer, found)
    discs = layer.memory.ask(find_discs, layer.alpha) if alone >= LEFT else None
    if discs is None:
        return None
    bundle = _string(layer, discs, crowded=False) or _string(layer, discs, crowded=True)
    return bundle if bundle and _left_by(layer, bundle) <= min(MOST_BESIDE, LEAVES_LESS * alone) else None


def find_crowd(layer: Layer) -> list[Trace] | None:
    """The lines of a bundle so large that one by one they need not be looked for; None where none is seen.

    It leaves less of the ink than those that :func:`find_bundle` looks for beside others do at most.
    """
    if not _may_be(layer) or _lines_in(layer.alpha) < FEW / 2:
        return None
    discs = layer.memory.ask(find_discs, layer.alpha)
    if discs is None or _ink_between(layer.alpha, discs) < FEW * _width_between(layer.alpha, discs):
        return None
    crowd = _string(layer, discs, crowded=True)
    return crowd if crowd and _left_by(layer, crowd) <= LEAVES_LESS * LEFT else None


def _may_be(layer: Layer) -> bool:
    """Whether a colour's ink may be a bundle: no legend lists it, and hardly anything hides it."""
    return not layer.entries and bool(layer.blocked.mean() <= MOST_HIDDEN)


def _lines_in(alpha: FloatImage) -> float:
    """How many lines the ink of a usual column is, at least: of all runs a few are as thin as one line."""
    columns = np.flatnonzero((alpha > ON).any(axis=0))
    if not columns.size:
        return 0.0
    some = columns[np.linspace(0, columns.size - 1, N_COLUMNS).round().astype(int)]
    runs = [
        float(ink[a:b].sum()) for ink in alpha[:, some].T for a, b in zip(*true_runs(ink > ON), strict=True)
    ]
    usual = float(np.median(alpha[:, some].sum(axis=0)))
    return usual / max(1.0, quantile(runs, THIN))


def _ink_between(alpha: FloatImage, discs: Discs) -> float:
    """The ink (px) of a usual column halfway between discs."""
    return float(np.median(alpha[:, _halfway(discs)].sum(axis=0)))


def _halfway(discs: Discs) -> IndexArray:
    """The columns halfway between discs."""
    return np.round((discs.x[1:] + discs.x[:-1]) / 2).astype(np.intp)


def _string(layer: Layer, discs: Discs, *, crowded: bool) -> list[Trace] | None:
    """The discs as a few lines, or as many; None where they are not so many."""
    fewest, most, taken = (FEW + 1, MOST, CROWDED_WIDTH) if crowded else (FEWEST, FEW, TAKEN_WIDTH)
    width = _width_between(layer.alpha, discs)
    heights = heights_of(layer.alpha)
    spans = find_spans(layer.alpha, discs, heights)
    paths, left = find_paths(layer.alpha, spans, heights, taken * width, most + 1)
    # Where steps are short, rims of discs are most of what is seen between them.
    if not fewest <= len(paths) <= most or (crowded and left > MOST_LEFT):
        return None
    settled = settle(layer.alpha, discs, untangle(paths), width)
    return [_as_trace(layer, discs, path, width) for path in settled]


def _is_plain(trace: Trace) -> bool:
    """Whether a trace may be what is told of a bundle line by line: zigzags and dots, too."""
    plain = trace.kind in ("line", "scatter") and trace.interpolation == "linear"
    return plain and trace.marker in ("none", "circle") and trace.y_low_px is None


def _width_between(alpha: FloatImage, discs: Discs) -> float:
    """The lines' width (px): what the thinner runs of ink measure halfway between discs."""
    masses = []
    for column in _halfway(discs):
        ink = alpha[:, column].astype(np.float64)
        runs = zip(*true_runs(ink > FAINT), strict=True)
        masses += [float(ink[a:b].sum()) for a, b in runs if ink[a:b].max() > ON]
    return max(1.0, quantile(masses, THIN)) if masses else 1.0


def _left_by(layer: Layer, traces: Sequence[Trace]) -> float:
    """The share of a colour's ink that lies beside all of some traces."""
    drawn = np.zeros(layer.alpha.shape, dtype=np.uint8)
    width = min(trace.line_width_px for trace in traces)
    for trace in traces:
        seen = np.isfinite(trace.y_px)
        x, y = trace.x_px[seen] - layer.ink.left, trace.y_px[seen] - layer.ink.top
        points = np.round(np.stack([x, y], axis=1) * SUB).astype(np.int32)
        cv2.polylines(drawn, [points], False, 1, max(1, round(width + 1)), cv2.LINE_8, SHIFT)
        if trace.marker != "none":
            for point in points:
                size = round((trace.marker_size_px / 2 + 0.5) * SUB)
                cv2.circle(drawn, tuple(int(v) for v in point), size, 1, -1, cv2.LINE_8, SHIFT)
    ink = np.where(layer.alpha > ON, layer.alpha, 0.0)
    return float(ink[drawn == 0].sum() / max(1.0, float(ink.sum())))


def _as_trace(layer: Layer, discs: Discs, path: FloatArray, width: float) -> Trace:
    """A bundle's line in source pixels."""
    heaps = np.array([_heap(layer.alpha, x, y) for x, y in zip(discs.x, path, strict=True)])
    return Trace(
        kind="line",
        color=layer.rgb,
        x_px=discs.x + layer.ink.left,
        y_px=path + layer.ink.top,
        sigma_px=np.maximum(DISC_SIGMA_PX, (heaps - 2 * discs.radius) * HEAP_SIGMA),
        sampled_at="markers",
        marker="circle",
        marker_size_px=2 * discs.radius,
        line_width_px=width,
    )


def _heap(alpha: FloatImage, x: float, y: float) -> float:
    """How high (px) the ink is at a disc's column that its middle lies in."""
    column = alpha[:, min(max(round(x), 0), alpha.shape[1] - 1)] > ON
    row = min(max(round(y), 0), column.size - 1)
    above, below = np.flatnonzero(~column[:row]), np.flatnonzero(~column[row:])
    return float((below[0] + row if below.size else column.size) - (above[-1] + 1 if above.size else 0))
