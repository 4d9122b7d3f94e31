"""Give points their error bars: the upright strokes that stand at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.error_bars.stem_shape import MARKER_PX, Stem
from digitizer.stages.error_bars.stems import FEWEST
from digitizer.stages.series.paths.joins import path_distance

# A point belongs to a stem this near (px); a series has stems at this share of its points.
NEAR_PX = 2.5
MOST_POINTS = 0.5
# A point seen by its stem alone is the middle of what interrupts it: marker or line of its colour (largest
# channel), to this (px).
SAME_COLOR = 60
STEM_SIGMA_PX = 0.7
# A bare line that runs straight between its stems, to this (px), has its points there.
STRAIGHT_PX = 2.0


def attach_stems(
    picture: Picture, traces: Sequence[Trace], stems: Sequence[Stem]
) -> tuple[Trace, ...] | None:
    """The traces with the error bars of their points; None where the stems belong to none of them.

    A stem that is interrupted by ink of the trace's colour where no point was seen has one there.
    """
    found = [_with_errors(picture, trace, stems) for trace in traces]
    if all(after is before for after, before in zip(found, traces, strict=True)):
        return None
    return tuple(found)


def _with_errors(picture: Picture, trace: Trace, stems: Sequence[Stem]) -> Trace:
    if trace.kind not in ("line", "scatter"):
        return trace
    pointed = trace if trace.sampled_at == "markers" else _at_stems(trace, stems)
    n_points = np.count_nonzero(np.isfinite(pointed.y_px))
    holders = [_holder(pointed, stem) for stem in stems]
    n_held = sum(holder is not None for holder in holders)
    if n_held < max(FEWEST, MOST_POINTS * n_points):
        return trace
    x, y, sigma = (list(column) for column in (pointed.x_px, pointed.y_px, pointed.sigma_px))
    low, high = [np.nan] * len(x), [np.nan] * len(x)
    for stem, holder in zip(stems, holders, strict=True):
        if holder is not None:
            low[holder], high[holder] = stem.bottom, stem.top
        elif trace.sampled_at == "markers" and _shows(picture, stem, trace.color):
            for column, value in zip((x, y, sigma, low, high), _point(stem), strict=True):
                column.append(value)
    order = np.argsort(x, kind="stable") if len(x) > pointed.x_px.size else np.arange(len(x))
    x_px, y_px, sigma_px, y_low, y_high = (np.array(c)[order] for c in (x, y, sigma, low, high))
    return replace(pointed, x_px=x_px, y_px=y_px, sigma_px=sigma_px, y_low_px=y_low, y_high_px=y_high)


def _point(stem: Stem) -> tuple[float, float, float, float, float]:
    return stem.x, stem.middle, STEM_SIGMA_PX, stem.bottom, stem.top


def _holder(trace: Trace, stem: Stem) -> int | None:
    """The point that a stem belongs to."""
    with np.errstate(invalid="ignore"):
        held = (
            (np.abs(trace.x_px - stem.x) <= NEAR_PX) & (trace.y_px >= stem.top) & (trace.y_px <= stem.bottom)
        )
    return int(np.argmax(held)) if held.any() else None


def _shows(picture: Picture, stem: Stem, color: tuple[int, int, int]) -> bool:
    """Whether a stem is interrupted by ink of a colour."""
    if not np.isfinite(stem.middle):
        return False
    seen = picture.rgb[round(stem.middle), round(stem.x)].astype(np.int64)
    return bool(np.abs(seen - np.array(color)).max() <= SAME_COLOR)


def _at_stems(trace: Trace, stems: Sequence[Stem]) -> Trace:
    """A bare line as the points at its stems, where it runs straight from one to the next."""
    seen = np.isfinite(trace.y_px)
    if np.count_nonzero(seen) < 2:
        return trace
    order = np.argsort(trace.x_px[seen], kind="stable")
    x, y, sigma = (column[seen][order] for column in (trace.x_px, trace.y_px, trace.sigma_px))
    at: FloatArray = np.sort(np.array([s.x for s in stems if x[0] - NEAR_PX <= s.x <= x[-1] + NEAR_PX]))
    height = np.interp(at, x, y)
    mine = np.array(
        [any(s.x == a and s.top <= h <= s.bottom for s in stems) for a, h in zip(at, height, strict=True)]
    )
    if np.count_nonzero(mine) < FEWEST:
        return trace
    at, height = at[mine], height[mine]
    spans = at[0] - x[0] <= 2 * NEAR_PX and x[-1] - at[-1] <= 2 * NEAR_PX
    # Columns through a marker tell its middle, and on steep lines a column beside is far off.
    free = np.abs(x[:, None] - at).min(axis=1) > MARKER_PX / 2
    if not spans or not free.any():
        return trace
    if float(np.quantile(path_distance(x[free], y[free], at, height), 0.95)) > STRAIGHT_PX:
        return trace
    return replace(trace, x_px=at, y_px=height, sigma_px=np.interp(at, x, sigma), sampled_at="vertices")
