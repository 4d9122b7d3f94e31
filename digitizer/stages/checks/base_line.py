"""See the line that bars stand on between them: over it they hide a part of its stroke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.values.bar_values import bar_places

# Bars that run into the frame's side begin there (px).
AT_SIDE_PX = 0.05
# The stroke is looked for so far (px) on both sides of it, in so many columns at least that are this far (px)
# from all bars.
REACH, FEWEST, CLEAR_PX = 5, 6, 2.0
# It differs from the ground on both sides by this (levels), its rim by this share of that.
CONTRAST, RIM = 30.0, 0.1
# A side is off the middle of its stroke by no more than this (px): half of what bars hide of two rows is 0.5.
MOST_OFF_PX = 1.0
# A shaded ground differs from the paper beyond it by this (levels; seaborn's by 13 and 21).
SHADED = 8.0


def with_seen_base(picture: Picture, frame: PanelFrame, traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """Bars that begin at the frame's side, put on the middle of its stroke as it is seen between them.

    Where bars are drawn over the upper of the two rows of an axis' line, along most of the side only the
    lower one is seen, and that is where the side was found.
    """
    bars = [t for t in traces if t.kind == "bar" and t.base_px is not None and t.base_px.size]
    out = []
    for trace in traces:
        if trace.base_px is not None and any(trace is bar for bar in bars):
            lying = trace.orientation == "horizontal"
            sides = (frame.box.left, frame.box.right) if lying else (frame.box.bottom, frame.box.top)
            base = trace.base_px.copy()
            for side in sides:
                at_side = np.abs(base - side) <= AT_SIDE_PX
                if at_side.any() and (middle := _middle(picture, frame, bars, side, lying=lying)) is not None:
                    base[at_side] = middle
            trace = replace(trace, base_px=base)
        out.append(trace)
    return tuple(out)


def _middle(
    picture: Picture, frame: PanelFrame, bars: Sequence[Trace], side: float, *, lying: bool
) -> float | None:
    """The middle of the stroke along a side (px); None where none is seen, or none near to the side."""
    rows = round(side) + np.arange(-REACH, REACH + 1)
    profile = _profile(picture, frame, bars, rows, lying=lying)
    if profile is None:
        return None
    strength = _away_from_both(profile)
    peak = int(strength.argmax())
    if strength[peak] < CONTRAST:
        return None
    faint = strength < RIM * strength[peak]
    first = int(np.flatnonzero(faint[:peak]).max(initial=-1)) + 1
    last = peak + int(np.flatnonzero(faint[peak:]).min(initial=len(rows) - peak))
    weight = strength[first:last]
    middle = float((weight * rows[first:last]).sum() / weight.sum())
    return middle if abs(middle - side) <= MOST_OFF_PX else None


def may_be_covered(picture: Picture, frame: PanelFrame, traces: Sequence[Trace], *, lying: bool) -> bool:
    """Whether bars begin where a shaded ground ends in paper: a line in its colour may cover where they do.

    seaborn draws such sides over its bars, of which a pixel or two are lost.
    """
    bars = [t for t in traces if t.kind == "bar" and t.base_px is not None and t.base_px.size]
    level = "horizontal" if lying else "vertical"
    bases = [t.base_px for t in bars if t.orientation == level and t.base_px is not None]
    if not bases:
        return False
    base, box = float(np.median(np.concatenate(bases))), frame.box
    side = min((box.left, box.right) if lying else (box.top, box.bottom), key=lambda at: abs(at - base))
    if abs(side - base) > MOST_OFF_PX:
        return False
    rows = round(side) + np.arange(-REACH, REACH + 1)
    profile = _profile(picture, frame, bars, rows, lying=lying)
    if profile is None or _away_from_both(profile).max() >= CONTRAST:
        return False
    return bool(np.abs(profile[0] - profile[-1]).max() >= SHADED)


def _profile(
    picture: Picture, frame: PanelFrame, bars: Sequence[Trace], rows: NDArray[np.intp], *, lying: bool
) -> FloatArray | None:
    """The colours across a side between the bars; None at the picture's edge, and between too few columns."""
    rgb = picture.rgb.transpose(1, 0, 2) if lying else picture.rgb
    columns = _clear_columns(frame, bars, lying=lying)
    if rows[0] < 0 or rows[-1] >= len(rgb) or columns.size < FEWEST:
        return None
    return np.asarray(np.median(rgb[np.ix_(rows, columns)], axis=1), dtype=np.float64)


def _away_from_both(profile: FloatArray) -> FloatArray:
    """How far (levels) each colour across a side is from the nearer of what lies before and beyond it."""
    off = [np.abs(profile - ground).max(axis=1) for ground in (profile[0], profile[-1])]
    return np.asarray(np.minimum(*off))


def _clear_columns(frame: PanelFrame, bars: Sequence[Trace], *, lying: bool) -> NDArray[np.intp]:
    """Pixels along a side between all bars."""
    ends = (frame.box.top, frame.box.bottom) if lying else (frame.box.left, frame.box.right)
    columns: NDArray[np.intp] = np.arange(int(np.ceil(ends[0] + CLEAR_PX)), int(ends[1] - CLEAR_PX) + 1)
    for trace in bars:
        reach = trace.line_width_px / 2 + CLEAR_PX
        columns = columns[(np.abs(columns[:, None] - bar_places(trace)[None]) > reach).all(axis=1)]
    return columns
