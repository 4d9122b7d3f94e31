"""Bars with their values or names printed at them and no axis for these: the texts make the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitizer.evidence import AxisEvidence, Box, FloatArray, Mask, PanelFrame, Picture, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.bars.find import likeliest_stack
from digitizer.stages.bars.stack import Stack
from digitizer.stages.frames.measure import frame_within

if TYPE_CHECKING:
    from digitizer.stages.axes.panel_axes import PanelAxes

# A number stands this near to the end of its bar at most (heights of it: matplotlib 0.4, ggplot2 0.5).
NEAR_END = 1.6
# Fewer bars than this with numbers calibrate nothing.
FEWEST = 3
# So many of the bars have one: of seven, one may be unread.
VALUED_SHARE = 0.8
# All numbers but this share lie on one line with the ends of their bars, within this (px) and half a unit of
# their last digit; the bars' base stands at zero within the same.
OFF_SHARE = 0.15
OFF_PX = 1.5
# The ends of bars are snapped to whole pixels: the standard deviation of a uniform pixel, as is that of a
# value rounded to its last digit, in units of it.
UNIFORM_SIGMA = 0.29
# Values as far apart as this (px) say what a pixel is worth.
LEAST_REACH_PX = 12.0
# A name within or above a lying bar begins this near (heights of it) to the base: Datawrapper 0, others 0.6.
NEAR_BASE = 1.2
# All stand alike to their bars, to this (heights of a name: letters hang below its line).
NAMES_ALIKE = 0.6
# Glyphs of one number are nearer to each other than this (heights).
GLYPH_GAP = 0.8
# Ink of a bar's number is at most this high (share of the picture), as nothing else of a chart's texts.
TALLEST_NUMBER = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """One bar in source pixels: ``first`` to ``last`` across, from ``base`` to ``end`` along its value."""

    first: float
    last: float
    base: float
    end: float

    def near_end(self, box: Box, *, lying: bool) -> bool:
        """Whether a text stands at this bar's end, beyond it or within, or in its middle."""
        low, high = (box.left, box.right) if lying else (box.top, box.bottom)
        center = box.center[1] if lying else box.center[0]
        if not self.first <= center <= self.last:
            return False
        outward = 1.0 if self.end >= self.base else -1.0
        ends = sorted((outward * (low - self.end), outward * (high - self.end)))
        size = box.height
        within = outward * (np.mean([low, high]) - self.base) > 0 and ends[1] <= 1.0
        return bool(within or -0.5 * size <= ends[0] <= NEAR_END * size)


def frame_bare_bars(picture: Picture, ink: FloatArray, scale: float) -> PanelFrame | None:
    """Find the one panel of a picture in which nothing is drawn but bars and the ink of numbers at them.

    Parameters
    ----------
    picture : Picture
        The source.
    ink : ndarray, shape (n, 4)
        Boxes of what may be glyphs (left, top, right, bottom), in pixels of the reduced picture.
    scale : float
        Source pixels a pixel of the reduced picture.

    Returns
    -------
    PanelFrame or None
        The rectangle from the bars' base to the numbers beyond the longest bar; None where there are too few
        bars or most of them have no ink at their ends.
    """
    whole = Box(left=0, top=0, right=picture.width - 1, bottom=picture.height - 1)
    found = _find(picture, frame_within(picture.rgb, whole))
    if found is None:
        return None
    bars, lying = found
    boxes = [Box(left=a, top=b, right=c, bottom=d) for a, b, c, d in (ink * scale).tolist()]
    boxes = [b for b in boxes if b.height <= TALLEST_NUMBER * picture.height]
    at = [[b for b in boxes if bar.near_end(b, lying=lying)] for bar in bars]
    if np.mean([bool(b) for b in at]) < VALUED_SHARE:
        return None
    numbers = [_whole(b, boxes) for of_bar in at for b in of_bar]
    return frame_within(picture.rgb, _box_around(bars, numbers, lying=lying))


def _whole(glyph: Box, boxes: Sequence[Box]) -> Box:
    """The glyph with those that follow it on its line."""
    line = [
        b for b in boxes if b.top <= glyph.center[1] <= b.bottom or glyph.top <= b.center[1] <= glyph.bottom
    ]
    for b in sorted(line, key=lambda b: b.left):
        if glyph.left <= b.left <= glyph.right + GLYPH_GAP * glyph.height:
            glyph = glyph.union(b)
    return glyph


def _box_around(bars: Sequence[_Bar], numbers: Sequence[Box], *, lying: bool) -> Box:
    """The rectangle that holds the bars, half a gap beside the outer ones, and the numbers at their ends."""
    firsts, lasts = sorted(b.first for b in bars), sorted(b.last for b in bars)
    gaps = [after - before for before, after in zip(lasts, firsts[1:], strict=False)]
    beside = max(2.0, 0.5 * float(np.median(gaps)))
    across = firsts[0] - beside, lasts[-1] + beside
    ends = [b.base for b in bars] + [b.end for b in bars]
    reach = [(n.left, n.right) if lying else (n.top, n.bottom) for n in numbers]
    base = bars[0].base
    low, high = min(*ends, *(r[0] for r in reach)), max(*ends, *(r[1] for r in reach))
    # The base is a side where all bars lie on one side of it.
    low = low if low == base or min(ends) < base else base
    high = high if max(ends) > base else base
    low, high = low - (2.0 if low < base else 0.0), high + (2.0 if high > base else 0.0)
    if lying:
        return Box(left=low, top=across[0], right=high, bottom=across[1])
    return Box(left=across[0], top=low, right=across[1], bottom=high)


def _find(picture: Picture, frame: PanelFrame) -> tuple[list[_Bar], bool] | None:
    """The bars of a panel that stand side by side on one base, in source pixels, and whether they lie."""
    found = likeliest_stack(picture, frame)
    if found is None:
        return None
    plot, stack = found
    if len(stack.rectangles) < FEWEST or not _stand_apart(stack):
        return None
    across, along = plot.origin
    bars = [
        _Bar(first=r.first + across, last=r.last + across, base=base + along, end=end + along)
        for r, base, end in zip(stack.rectangles, stack.bases, stack.edges, strict=True)
    ]
    return bars, plot.turned


def _stand_apart(stack: Stack) -> bool:
    """Whether no bar stands on another: of stacked ones a number tells a part, or the sum."""
    return all(abs(base - stack.baseline) <= OFF_PX for base in stack.bases)


def take_labels_at_bars(picture: Picture, axes: PanelAxes, spans: Sequence[TextSpan]) -> PanelAxes:
    """Give a panel of bars the axes that texts at its bars make: values at their ends, names at their bases.

    Parameters
    ----------
    picture : Picture
        The source.
    axes : PanelAxes
        The axes that labels beside the sides made.
    spans : sequence of TextSpan
        All texts of the figure.

    Returns
    -------
    PanelAxes
        As given where both axes have labels, where there are no bars, or where their numbers contradict each
        other or the zero at the bars' base.
    """
    if axes.x is not None and axes.y is not None:
        return axes
    found = _find(picture, axes.frame)
    if found is None:
        return axes
    bars, lying = found
    taken = {id(s) for s in axes.spans}
    free = [s for s in spans if id(s) not in taken and abs(s.angle_deg) < 1.0]
    if lying and axes.y is None:
        axes = replace(axes, y=_names(bars, [s for s in free if parse_number(s.text) is None]))
    if (axes.x if lying else axes.y) is not None:
        return axes
    values = _values(bars, [s for s in free if _is_value(s)], lying=lying)
    return replace(axes, x=values) if lying else replace(axes, y=values)


def _names(bars: Sequence[_Bar], free: Sequence[TextSpan]) -> AxisEvidence | None:
    """The axis of names that stand at the bases of lying bars, within them or above; None where one lacks."""
    labels: list[TextSpan] = []
    ordered = sorted(bars, key=lambda bar: bar.first)
    above = [ordered[0].first - (ordered[1].first - ordered[0].last), *(bar.last for bar in ordered[:-1])]
    for bar, before in zip(ordered, above, strict=True):
        outward = 1.0 if bar.end >= bar.base else -1.0
        near = [
            s
            for s in free
            if before < s.box.center[1] <= bar.last
            and abs((s.box.left if outward > 0 else s.box.right) - bar.base) <= NEAR_BASE * s.box.height
        ]
        if not near:
            return None
        # A title may stand above the name of the first.
        labels.append(max(near, key=lambda s: s.box.center[1]))
    centers = np.array([(bar.first + bar.last) / 2 for bar in ordered])
    off = np.array([s.box.center[1] for s in labels]) - centers
    if np.ptp(off) > NAMES_ALIKE * float(np.median([s.box.height for s in labels])):
        return None
    sigma = np.full(len(ordered), UNIFORM_SIGMA)
    return AxisEvidence(
        side="left",
        marks=np.zeros(0),
        labels=tuple(labels),
        label_px=centers,
        label_sigma_px=sigma,
        grain=0.0,
    )


def _values(bars: Sequence[_Bar], free: Sequence[TextSpan], *, lying: bool) -> AxisEvidence | None:
    """The axis of the numbers at the ends of bars; None where too few have one, or they do not agree."""
    pairs = [
        (bar, near[0])
        for bar in bars
        if len(near := [s for s in free if bar.near_end(s.box, lying=lying)]) == 1
    ]
    if len(pairs) < max(FEWEST, VALUED_SHARE * len(bars)):
        return None
    return _axis(pairs, lying=lying)


def _is_value(span: TextSpan) -> bool:
    number = parse_number(span.text)
    return number is not None and not number.guessed


def _axis(pairs: Sequence[tuple[_Bar, TextSpan]], *, lying: bool) -> AxisEvidence | None:
    """The axis on which the numbers stand at the ends of their bars; None where they do not agree."""
    numbers = [parse_number(span.text) for _, span in pairs]
    values = np.array([n.value for n in numbers if n is not None])
    unit = np.array([n.multiplier * 10.0**-n.n_decimals for n in numbers if n is not None])
    ends = np.array([bar.end for bar, _ in pairs])
    bases = np.array([bar.base for bar, _ in pairs])
    lengths = ends - bases
    if np.ptp(lengths) < LEAST_REACH_PX or not np.any(values):
        return None
    slope = float(np.median(lengths[values != 0] / values[values != 0]))
    allowed = OFF_PX + 0.5 * abs(slope) * unit
    good = np.abs(lengths - slope * values) <= allowed
    if slope == 0 or np.mean(~good) > OFF_SHARE or good.sum() < FEWEST or np.ptp(values[good]) == 0:
        return None
    keep = _first_of_each(values, good)
    sigma = np.hypot(UNIFORM_SIGMA, UNIFORM_SIGMA * abs(slope) * unit)
    order = np.array(sorted(np.flatnonzero(keep), key=lambda k: ends[k]))
    return AxisEvidence(
        side="bottom" if lying else "left",
        marks=np.zeros(0),
        labels=tuple(pairs[k][1] for k in order),
        label_px=ends[order],
        label_sigma_px=sigma[order],
        grain=0.0,
        at_bars=True,
    )


def _first_of_each(values: FloatArray, good: Mask) -> Mask:
    """The first bar of each value, and all that contradict: these are told as misread."""
    keep = ~good
    for k in np.flatnonzero(good):
        keep[k] = not np.any(values[:k][keep[:k] & good[:k]] == values[k])
    return keep
