"""Give points their error bars: the upright strokes that stand at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.error_bars.stem_shape import MARKER_PX, Stem
from digitizer.stages.error_bars.stems import FEWEST, PAIR
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
# Discs are so many times as wide as their line at least.
WIDER = 1.6
# Columns within this share of the way to the next stem tell nothing of the line; a straight piece shows in so
# many others.
CLEAR_SHARE = 0.25
FEWEST_COLUMNS = 4
# What lacks between two columns (px) is the gap of a dash, or where a stem was taken out.
HOLE_PX = 1.5


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
    if n_held < max(FEWEST, MOST_POINTS * n_points) and not _holds_pair(pointed, n_held, int(n_points)):
        return trace
    x, y, sigma = (list(column) for column in (pointed.x_px, pointed.y_px, pointed.sigma_px))
    low, high = [np.nan] * len(x), [np.nan] * len(x)
    for stem, holder in zip(stems, holders, strict=True):
        if holder is not None:
            low[holder], high[holder] = stem.bottom, stem.top
        elif trace.sampled_at == "markers" and _shows(picture, stem, trace.color):
            for column, value in zip((x, y, sigma, low, high), _point(stem), strict=True):
                column.append(value)
    if n_held == PAIR and pointed.marker == "none":
        pointed = _with_discs(picture, pointed, stems)
    order = np.argsort(x, kind="stable") if len(x) > pointed.x_px.size else np.arange(len(x))
    x_px, y_px, sigma_px, y_low, y_high = (np.array(c)[order] for c in (x, y, sigma, low, high))
    return replace(pointed, x_px=x_px, y_px=y_px, sigma_px=sigma_px, y_low_px=y_low, y_high_px=y_high)


def _holds_pair(trace: Trace, n_held: int, n_points: int) -> bool:
    """Whether two stems are those of a line of two points, or of three of which one hides its own."""
    most = FEWEST if trace.sampled_at == "markers" else PAIR
    return trace.kind == "line" and trace.sampled_at != "columns" and n_held == PAIR and n_points <= most


def _with_discs(picture: Picture, trace: Trace, stems: Sequence[Stem]) -> Trace:
    """A line of two points with the markers that interrupt both of its stems: two are too few to be seen."""
    widths = []
    for stem in stems:
        row = picture.rgb[round(stem.middle)].astype(np.int64)
        off = np.flatnonzero(np.abs(row - np.array(trace.color)).max(axis=1) > SAME_COLOR)
        k = int(np.searchsorted(off, round(stem.x)))
        widths.append(float(off[k] - off[k - 1] - 1) if 0 < k < off.size else 0.0)
    wide = min(widths) > WIDER * trace.line_width_px
    return (
        replace(trace, sampled_at="markers", marker="circle", marker_size_px=min(widths)) if wide else trace
    )


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
    """A bare line as the points at the panel's stems, where it runs straight from one to the next.

    Series have their points at the same x as a rule: where a line's own stem was not told, hidden or crossed
    by others, one of another series stands.
    """
    seen = np.isfinite(trace.y_px)
    if np.count_nonzero(seen) < 2:
        return trace
    order = np.argsort(trace.x_px[seen], kind="stable")
    x, y, sigma = (column[seen][order] for column in (trace.x_px, trace.y_px, trace.sigma_px))
    # Bits of the outermost stems and of their caps are left as if they were its ends.
    # ... and so does the half of a disc that stands at the end of a line of two points.
    beside = NEAR_PX if len(stems) >= FEWEST else MARKER_PX / 2
    reach = NEAR_PX + max(float(np.median([_half_width(s) for s in stems])), beside)
    at = _places([s for s in stems if x[0] - reach <= s.x <= x[-1] + reach])
    fewest = min(FEWEST, len(stems))
    if at.size < fewest or at[0] - x[0] > reach or x[-1] - at[-1] > reach:
        return trace
    held = [
        any(abs(s.x - a) <= NEAR_PX and s.top <= h <= s.bottom for s in stems)
        for a, h in zip(at, np.interp(at, x, y), strict=True)
    ]
    if sum(held) < max(fewest, MOST_POINTS * at.size):
        return trace
    # Columns through a marker tell its middle, and on steep lines a column beside is far off.
    clear = min(MARKER_PX / 2, CLEAR_SHARE * float(np.diff(at).min()))
    holes = (x[1:] + x[:-1])[np.diff(x) > HOLE_PX] / 2
    is_whole = not (holes.size and (np.abs(holes[:, None] - at).min(axis=1) > clear).any())
    if trace.sampled_at == "vertices":
        columns = np.arange(np.ceil(x[0]), x[-1])
        x, y, sigma = columns, np.interp(columns, x, y), np.interp(columns, x, sigma)
        is_whole = False
    free = np.abs(x[:, None] - at).min(axis=1) > clear
    if not free.any():
        return trace
    fitted = _bend_at(x[free], y[free], at)
    height = np.interp(at, x, y) if fitted is None else fitted
    if float(np.quantile(path_distance(x[free], y[free], at, height), 0.95)) > STRAIGHT_PX:
        return trace
    return replace(
        trace,
        x_px=at,
        y_px=height,
        sigma_px=np.interp(at, x[free], sigma[free]),
        sampled_at="vertices",
        line_style="solid" if is_whole else trace.line_style,
    )


def _places(stems: Sequence[Stem]) -> FloatArray:
    """Where stems stand: those of several series at one place count once, and one alone without caps as wide
    as the others' for nothing."""
    order = sorted(stems, key=lambda s: s.x)
    steps = np.diff([s.x for s in order])
    parts = np.split(np.arange(len(order)), np.flatnonzero(steps > NEAR_PX) + 1) if order else []
    usual = float(np.median([part.size for part in parts])) if parts else 0.0
    widths = np.array([_half_width(s) for s in order])
    wide = widths >= MOST_POINTS * float(np.median(widths)) if order else widths > 0
    return np.array([
        float(np.median([order[k].x for k in part]))
        for part in parts
        if part.size >= MOST_POINTS * usual or wide[part].any()
    ])  # fmt: skip


def _half_width(stem: Stem) -> float:
    """How far the caps of a stem reach to a side."""
    return max(box.width for box in stem.boxes) / 2


def _bend_at(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray | None:
    """The heights at which straight pieces through columns meet; None where some piece shows too little."""
    shares = np.stack([np.interp(x, at, unit) for unit in np.eye(at.size)], axis=1)
    for _ in range(2):
        between = np.histogram(x, at)[0]
        if x.size < 2 * at.size or between.min() < FEWEST_COLUMNS:
            return None
        height = np.asarray(np.linalg.lstsq(shares, y, rcond=None)[0])
        # Bits of stems and caps that others crossed are no line.
        near = np.abs(shares @ height - y) <= STRAIGHT_PX
        x, y, shares = x[near], y[near], shares[near]
    return height
