"""Which lines of glyphs are worth reading: text, not ticks, swatches, markers or curves."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Mask
from digitizer.stages._ink import Glyphs, Sheet
from digitizer.stages._lines import MOST_GLYPHS, Line, group_lines, turned_boxes, upright_boxes

# Text is at least this high in a legible picture (capitals of 5 px fonts).
LEAST_HEIGHT_PX = 4
# A glyph repeated this often in one panel, alone or among its likes, is a marker.
MARKER_COUNT = 5
# Between a legend's sample and its name, in heights; a minus stands within 0.3 of its digit.
SWATCH_GAP = 0.42


def choose_lines(sheet: Sheet) -> list[Line]:
    """The lines to read, outside the frames and inside them."""
    glyphs = sheet.glyphs
    kept = np.flatnonzero(_may_be_glyph(glyphs))
    part = glyphs.take(kept)
    if len(part) > MOST_GLYPHS:
        outside = part.panel < 0
        kept = kept[outside]
        part = glyphs.take(kept)
    lines = [Line(members=kept[line.members], upright=line.upright) for line in group_lines(part)]
    lines = [_without_swatch(line, glyphs) for line in lines]
    chosen = [line for line in lines if _is_text(line, glyphs)]
    inside = [line for line in chosen if glyphs.panel[line.members[0]] >= 0]
    outside_lines = [line for line in chosen if glyphs.panel[line.members[0]] < 0]
    return outside_lines + _choose_inside(inside, glyphs)


def _may_be_glyph(glyphs: Glyphs) -> Mask:
    """Leave out long thin strokes (axis lines, ticks, swatches) and specks inside frames."""
    width, height = glyphs.width, glyphs.height
    low, high = np.minimum(width, height), np.maximum(width, height)
    letters = (low >= 3) & (height >= LEAST_HEIGHT_PX) & (glyphs.panel < 0)
    typical = float(np.median(high[letters])) if letters.any() else 10.0
    stroke = (low <= max(3.0, 0.3 * typical)) & (high > 2.5 * max(typical, 6.0))
    return np.asarray(~stroke, bool)


def _without_swatch(line: Line, glyphs: Glyphs) -> Line:
    """Drop dashes and dots in the line's own colour that stand before its first letter, a gap away."""
    part = glyphs.take(line.members)
    boxes = upright_boxes(part) if line.upright else turned_boxes(part)
    bodies = boxes.height >= 0.5 * boxes.height.max()
    first = int(np.argmax(bodies))
    if first == 0:
        return line
    gap = boxes.left[first] - boxes.right[:first].max() - 1
    return Line(members=line.members[first:], upright=line.upright) if gap >= SWATCH_GAP * boxes.height.max() else line


def _is_text(line: Line, glyphs: Glyphs) -> bool:
    """Whether a line has a letter's height and is no single swatch."""
    part = glyphs.take(line.members)
    width = int(part.right.max() - part.left.min()) + 1
    height = int(part.bottom.max() - part.top.min()) + 1
    thick = height if line.upright else width
    if thick < LEAST_HEIGHT_PX:
        return False
    if len(part) == 1:
        solid = part.area[0] >= 0.9 * width * height
        return not (solid and (width > 0.55 * height)) and min(width, height) >= 2
    return True


def _choose_inside(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Inside frames: rows of differing glyphs, and single glyphs that continue a legend's column."""
    rows = [line for line in lines if _n_bodies(line, glyphs) >= 2 and not _all_alike(line, glyphs)]
    singles = [line for line in lines if _n_bodies(line, glyphs) == 1]
    common = _repeated(singles, glyphs)
    singles = [
        line
        for line in singles
        if not common[int(line.members[0])] and any(_continues(line, row, glyphs) for row in rows)
    ]
    return rows + singles


def _n_bodies(line: Line, glyphs: Glyphs) -> int:
    """Letters of full height in a line; touching letters count by their length."""
    part = glyphs.take(line.members)
    thick = part.height if line.upright else part.width
    long = part.width if line.upright else part.height
    tallest = thick.max()
    return int(np.where(thick >= 0.5 * tallest, np.clip(long / (0.9 * tallest), 1, 12).astype(int), 0).sum())


def _all_alike(line: Line, glyphs: Glyphs) -> bool:
    """Whether a line repeats one shape, as markers and dashes do."""
    part = glyphs.take(line.members)
    if len(part) < 2:
        return False
    same_size = np.ptp(part.width) <= 2 and np.ptp(part.height) <= 2
    return bool(same_size and np.ptp(part.area) <= 0.2 * part.area.mean() + 2 and len(part) >= 3)


def _repeated(lines: list[Line], glyphs: Glyphs) -> dict[int, bool]:
    """Which single glyphs look like several others of their panel."""
    members = np.array([int(line.members[0]) for line in lines], np.intp)
    part = glyphs.take(members)
    alike = np.abs(np.subtract.outer(part.width, part.width)) <= 1
    alike &= np.abs(np.subtract.outer(part.height, part.height)) <= 1
    alike &= np.equal.outer(part.panel, part.panel)
    alike &= (
        np.abs(np.subtract.outer(part.area, part.area)) <= 0.2 * part.area.mean() + 1 if len(part) else True
    )
    counts = alike.sum(axis=1) if len(part) else np.zeros(0)
    return {int(m): bool(n >= MARKER_COUNT) for m, n in zip(members, counts, strict=True)}


def _continues(line: Line, row: Line, glyphs: Glyphs) -> bool:
    """Whether a single glyph stands in the column of a row of text, a line away."""
    a, b = glyphs.take(line.members), glyphs.take(row.members)
    height = float(b.bottom.max() - b.top.min()) + 1
    if a.panel[0] != b.panel[0] or not row.upright:
        return False
    aligned = abs(float(a.left.min() - b.left.min())) <= 0.4 * height
    away = min(abs(float(a.top.min() - b.bottom.max())), abs(float(b.top.min() - a.bottom.max())))
    similar = 0.5 * height <= float(a.height.max()) <= 1.3 * height
    return bool(aligned and away <= 1.6 * height and similar)
