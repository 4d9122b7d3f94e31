"""Thin bars on top of stacks: two or three rows in exactly the colour of others, as no edge's blend has."""

from __future__ import annotations

import numpy as np

from digitizer.stages.bars.edges import Plot
from digitizer.stages.bars.stack import THIN, WIDTH_PX, WIDTH_SHARE, Stack, ends_of, lies_on
from digitizer.stages.pixels.rectangles import Rectangle, find_rectangles

# Rows in a bar's own colour are within this of it (levels, median over their columns); blends of two colours
# that pass for a third one, and what JPEG makes of edges, are farther off.
EXACT = 3
LEAST_ROWS = 2
# It begins this near (px) to where the bar below ends.
SEAM_PX = 1.0


def with_thin(plot: Plot, stack: Stack) -> Stack:
    """A stack with the thin bars on top of others that are too low to be told from edges by their height."""
    if len(set(stack.bases)) < 2:
        return stack
    width = float(np.median([r.width for r in stack.rectangles]))
    taken = list(zip(stack.rectangles, stack.bases, stack.edges, strict=True))
    for k in sorted({r.fill for r in stack.rectangles}):
        for r in find_rectangles(plot.fills, k):
            if r.height > THIN or abs(r.width - width) > max(WIDTH_PX, WIDTH_SHARE * width):
                continue
            base, edge = ends_of(r, stack.baseline)
            below = [o for o, _, end in taken if lies_on(r, o) and abs(base - end) <= SEAM_PX]
            alike = [o for o, _, _ in taken if lies_on(r, o) and o.fill == k]
            if below and not alike and _is_exact(plot, r):
                taken.append((r, base, edge))
    taken.sort(key=lambda p: (p[0].center, p[1]))
    rectangles, bases, edges = zip(*taken, strict=True)
    return Stack(baseline=stack.baseline, rectangles=rectangles, bases=bases, edges=edges)


def _is_exact(plot: Plot, r: Rectangle) -> bool:
    """Whether rows of a rectangle have exactly its fill's colour."""
    rows = np.median(plot.rgb[r.top : r.bottom + 1, r.first : r.last + 1], axis=1)
    off = np.abs(rows - plot.fills.colors[r.fill]).max(axis=1)
    return int((off <= EXACT).sum()) >= LEAST_ROWS
