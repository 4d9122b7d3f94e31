"""Find legend entries: a text with a drawn sample of its series to the left of it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitizer.evidence import Box, ByteImage, LegendEntry, Picture, TextSpan
from digitizer.stages.axes import PanelAxes
from digitizer.stages.swatch import describe_swatch

# The sample lies within this many text heights left of its text (Plotly's 40 px of 12 px text are most).
REACH_HEIGHTS = 5.5
# Sample and text are at most so many text heights apart.
MAX_GAP_HEIGHTS = 2.6
# A sample's colour differs from its ground by this many levels.
MIN_CONTRAST = 28
# Entries of one legend follow each other within so many text heights, downwards and sideways.
MAX_ROW_HEIGHTS = 4.0
MAX_COLUMN_HEIGHTS = 14.0
# matplotlib's legends let a fifth of what is behind them through.
SHINE_THROUGH = 0.3
# Texts whose left edges agree to this share of their height stand in one column of a legend.
ALIGNMENT = 0.6


def find_legends(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan]
) -> tuple[tuple[LegendEntry, ...], ...]:
    """Find the legend of each panel; a legend outside all frames serves all panels without their own.

    Returns
    -------
    tuple of tuple of LegendEntry
        One tuple a panel, in reading order of the entries.
    """
    ticks = {id(s) for a in axes for s in a.spans}
    found: list[LegendEntry] = []
    for span in spans:
        if id(span) in ticks or abs(span.angle_deg) > 20 or not span.text.strip():
            continue
        candidate = _candidate(picture, span)
        if candidate is not None:
            found.append(candidate)
    inside = [_largest(_groups([c for c in found if c.text.panel == k])) for k in range(len(axes))]
    outside = _groups([c for c in found if c.text.panel is None])
    shared: tuple[LegendEntry, ...] = ()
    if len(outside) > 1 and len(axes) > 1:
        for group in outside:
            nearest = _nearest_panel(group, axes)
            if not inside[nearest]:
                inside[nearest] = group
    elif outside:
        shared = _largest(outside)
    elif sum(bool(legend) for legend in inside) == 1 and len(axes) > 1:
        # One legend drawn inside one of several panels serves them all.
        shared = next(legend for legend in inside if legend)
    return tuple(legend if legend else shared for legend in inside)


def _largest(groups: Sequence[tuple[LegendEntry, ...]]) -> tuple[LegendEntry, ...]:
    return max(groups, key=len, default=())


def _nearest_panel(group: tuple[LegendEntry, ...], axes: Sequence[PanelAxes]) -> int:
    """The panel whose frame is nearest to a legend's middle."""
    x = float(np.mean([e.text.box.center[0] for e in group]))
    y = float(np.mean([e.text.box.center[1] for e in group]))
    boxes = [a.frame.box for a in axes]
    away = [max(b.left - x, 0.0, x - b.right) + max(b.top - y, 0.0, y - b.bottom) for b in boxes]
    return int(np.argmin(away))


def _candidate(picture: Picture, span: TextSpan) -> LegendEntry | None:
    """The sample to the left of a text, if there is one that ends where the window ends."""
    b = span.box
    height = b.height
    left = int(max(0, np.floor(b.left - REACH_HEIGHTS * height)))
    right = int(np.ceil(b.left)) - 1
    top = int(max(0, np.floor(b.center[1] - 0.95 * height)))
    bottom = int(min(picture.height - 1, np.ceil(b.center[1] + 0.95 * height)))
    if right - left < 4 or bottom - top < 3:
        return None
    window = picture.rgb[top : bottom + 1, left : right + 1].astype(np.int16)
    flat = window.reshape(-1, 3)
    codes = (flat >> 3) @ np.array([1, 32, 1024])
    ground = np.median(flat[codes == np.bincount(codes).argmax()], axis=0)
    contrast = np.abs(window - ground).max(axis=2)
    # Through a translucent legend series shine paler than its samples.
    least = max(MIN_CONTRAST, SHINE_THROUGH * float(np.quantile(contrast, 0.99)))
    mask = (contrast >= least).astype(np.uint8)
    box = _sample(mask, b.left - left, height)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    swatch = describe_swatch(window[y0 : y1 + 1, x0 : x1 + 1], ground)
    if swatch is None:
        return None
    return LegendEntry(
        text=span,
        swatch=Box(left=left + x0, top=top + y0, right=left + x1, bottom=top + y1),
        color=swatch.color,
        line_style=swatch.line_style,
        marker=swatch.marker,
    )


def _sample(mask: ByteImage, text_left: float, height: float) -> tuple[int, int, int, int] | None:
    """The box of the sample within the window: parts in one row that do not leave the window."""
    n, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    rows = mask.shape[0]
    parts = []
    for k in range(1, n):
        x, y, w, h, area = (int(v) for v in stats[k])
        if area < 2 or y == 0 or y + h == rows or x == 0:
            continue
        middle = y + (h - 1) / 2
        if abs(middle - (rows - 1) / 2) > 0.32 * height + 1.5:
            continue
        parts.append((x, y, x + w - 1, y + h - 1))
    if not parts:
        return None
    # Dashes belong together, a speck of the text's first letter or a neighbour does not.
    groups: list[list[tuple[int, int, int, int]]] = []
    for part in sorted(parts):
        if groups and part[0] - max(p[2] for p in groups[-1]) <= 0.75 * height:
            groups[-1].append(part)
        else:
            groups.append([part])
    boxes = [
        (min(p[0] for p in g), min(p[1] for p in g), max(p[2] for p in g), max(p[3] for p in g))
        for g in groups
    ]
    near = [b for b in boxes if text_left - b[2] <= MAX_GAP_HEIGHTS * height and b[2] - b[0] >= 0.3 * height]
    return max(near, key=lambda b: b[2] - b[0], default=None)


def _groups(candidates: list[LegendEntry]) -> list[tuple[LegendEntry, ...]]:
    """Group candidates that stand in a common column or row, near each other, with samples alike."""
    groups: list[tuple[LegendEntry, ...]] = []
    left = list(candidates)
    while left:
        group = [left.pop(0)]
        for member in group:  # grows while it is walked: what stands with any member belongs
            near = [c for c in left if _together(member, c)]
            group += near
            left = [c for c in left if c not in near]
        group.sort(key=lambda c: (round(c.text.box.top / 4), c.text.box.left))
        groups.append(tuple(group))
    return groups


def _together(a: LegendEntry, b: LegendEntry) -> bool:
    """Whether two entries have samples alike: same distance to the text and same column or row."""
    ta, tb = a.text.box, b.text.box
    height = max(4.0, min(ta.height, tb.height))
    if a.swatch is None or b.swatch is None:
        return False
    gap_a, gap_b = ta.left - a.swatch.center[0], tb.left - b.swatch.center[0]
    if abs(gap_a - gap_b) > ALIGNMENT * height + 2:
        return False
    apart_y = abs(ta.center[1] - tb.center[1])
    apart_x = max(ta.left, tb.left) - min(ta.right, tb.right)
    same_column = abs(ta.left - tb.left) <= ALIGNMENT * height and apart_y <= MAX_ROW_HEIGHTS * height
    same_row = apart_y <= 0.5 * height and apart_x <= MAX_COLUMN_HEIGHTS * height
    return same_column or same_row
