"""Which lines of glyphs are worth reading: text, not ticks, swatches, markers or curves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from digitizer.evidence import Mask
from digitizer.stages.text.boxes import Boxes, turned_boxes, upright_boxes
from digitizer.stages.text.column_on_end import stand_in_column
from digitizer.stages.text.cut_strokes import go_on_across
from digitizer.stages.text.ink import LEAST_HEIGHT_PX, FloatArray, Glyphs, Sheet, usual_height
from digitizer.stages.text.ink_samples import (
    LONG_SAMPLE,
    SOLID,
    SQUARE_GAP,
    SQUARE_SIDES,
    has_arms,
    is_hollow_square,
    is_marked_stroke,
    is_patch,
    is_sample,
    is_solid_square,
    sample_beside,
)
from digitizer.stages.text.lines import Line, few_enough, group_lines
from digitizer.stages.text.lone_strokes import strokes_in_row
from digitizer.stages.text.stood import stand_with_row

# A glyph repeated this often in one panel, alone or among its likes, is a marker.
MARKER_COUNT = 5
# Letters inside a frame are at most this many times the usual height outside.
LARGEST_INSIDE = 1.9
# Strokes longer than so many letters that fill less than this of their box are none; letters that touch fill
# a quarter of theirs.
LONG_STROKE = 2.5
SPARSE = 0.12
# The longest lines of text are this many times their height (120 letters).
LONGEST = 80
# Axis lines are longer than so many letters, and than so many times the length of their ticks.
AXIS_LETTERS, AXIS_WIDTHS = 6.0, 10.0
# A strip so long is no row of letters that touch if it is narrower than this share of one (the border of a
# card in its shadow: 0.38; small letters 0.7).
STRIP_SHARE = 0.5
# Letters that touch: a whole word of a 6 px legend is one component, longer ones are strokes.
MOST_TOUCHING = 7
# How far the bottoms of letters may lie from their baseline, in heights.
BASELINE_SLACK = 0.12
# So many short names with samples make a legend by themselves.
LEAST_ENTRIES = 3
# A dash of text is 1.4 times as long as capitals are high, matplotlib's samples 2.7 times.
LONG_DASH = 1.9
LONG_END = 1.6  # ... at a name's end (a line that Plotly's first bar cuts, beside its nought: 1.8).
# Samples of one legend stand above each other to this.
SAMPLE_SLACK_PX = 1.5
# A legend's boxes are at least this high beside the usual letter (0.5 and more; a minus has 0.15).
PATCH_SHARE = 0.4
# A dash-dotted sample with a marker falls into at most so many parts.
MOST_SAMPLE_PARTS = 6
# Between a legend's sample and its name, in heights; a minus stands within 0.3 of its digit.
SWATCH_GAP = 0.42
# So many glyphs of one size are the dots or dashes of a line, also where a few have met something.
MANY_ALIKE = 12
# No sign stands so far from its number; the last dash of a sample does.
FAR_GAP = 0.62
MOST_DIGITS = 5  # of a name whose digits are all alike
# Glyphs alike in size that share less of their ink are no markers in a row but digits (0.2 to 0.53 as drawn;
# dots and dashes 0.8 and more).
SAME_SHAPE = 0.56
# The pieces of a hollow marker on a pale line differ in tint from the name after them by this (0.13 in JPEG).
OTHER_TINT = 0.1


def choose_lines(sheet: Sheet, candidates: Mask) -> list[Line]:
    """The lines to read among the candidates, outside the frames and inside them."""
    glyphs = sheet.glyphs
    kept = few_enough(np.flatnonzero(candidates), glyphs)
    least = PATCH_SHARE * usual_height(glyphs)
    kept = kept[[not is_patch(sheet, int(i), least) for i in kept]]
    part = glyphs.take(kept)
    grouped = stand_in_column(stand_with_row(group_lines(part), part), part)
    lines = [Line(members=kept[line.members], upright=line.upright) for line in grouped]
    lines = [part for line in lines for part in split_at_samples(_without_box(line, glyphs), glyphs)]
    lines = [_without_specks(_without_swatch(line, sheet), glyphs) for line in lines]
    lines = _with_exponents(lines, glyphs)
    chosen = [line for line in lines if _is_text(line, sheet)]
    chosen += strokes_in_row(lines, chosen, glyphs)
    inside = [line for line in chosen if glyphs.panel[line.members[0]] >= 0]
    return [line for line in chosen if glyphs.panel[line.members[0]] < 0] + _choose_inside(inside, sheet)


def may_be_glyph(glyphs: Glyphs) -> Mask:
    """Leave out long thin strokes (axis lines, ticks, swatches)."""
    width, height = glyphs.width, glyphs.height
    low, high = np.minimum(width, height), np.maximum(width, height)
    typical = usual_height(glyphs)
    thin = max(3.0, 0.3 * typical)
    longest = 2.5 * max(typical, 6.0)
    stroke = (low <= thin) & ((high > longest) | go_on_across(glyphs, thin, longest))
    # An axis line apart from its panel, with its ticks: they make it wider, and hardly heavier.
    ticked = (height > AXIS_LETTERS * typical) & (height > AXIS_WIDTHS * width)
    stroke |= ticked & (glyphs.area <= thin * height)
    stroke |= (low <= STRIP_SHARE * typical) & (high > AXIS_LETTERS * typical)
    # Inside a frame, what is larger than letters in both directions is a piece of a curve.
    curve = (low > LARGEST_INSIDE * typical) | (high > 10 * typical)
    # So is a thin stroke around an empty corner: what is seen of a legend's border beside bars.
    curve |= (high > LONG_STROKE * typical) & (glyphs.area < SPARSE * width * height)
    curve &= glyphs.panel >= 0
    return np.asarray(~stroke & ~curve, bool)


def _without_box(line: Line, glyphs: Glyphs) -> Line:
    """Drop the box that is drawn around a line: the frame of a legend of one row."""
    part = glyphs.take(line.members)
    if len(part) < 4:
        return line
    widest = int(np.argmax(part.width if line.upright else part.height))
    inside = (part.left >= part.left[widest]) & (part.right <= part.right[widest])
    inside &= (part.top >= part.top[widest]) & (part.bottom <= part.bottom[widest])
    return Line(members=np.delete(line.members, widest), upright=line.upright) if inside.all() else line


def split_at_samples(line: Line, glyphs: Glyphs) -> list[Line]:
    """Part the names of a legend in one row at squares and at dashes that are longer than any of text."""
    part = glyphs.take(line.members)
    boxes = upright_boxes(part) if line.upright else turned_boxes(part)
    height = float(boxes.height.max())
    gaps = boxes.left[1:] - np.maximum.accumulate(boxes.right)[:-1] - 1
    flat = (boxes.height <= 0.3 * height) & (boxes.width >= LONG_DASH * height)
    square = (boxes.height >= 0.5 * height) & (boxes.width >= SQUARE_SIDES * boxes.height)
    square &= part.area >= SOLID * boxes.width * boxes.height
    wide = np.where(square, SQUARE_GAP, SWATCH_GAP) * height
    inner = [
        k for k in range(1, len(part) - 1) if (flat[k] or square[k]) and min(gaps[k - 1], gaps[k]) >= wide[k]
    ]
    ends = [-1, *inner, len(part)]
    runs = [line.members[a + 1 : b] for a, b in pairwise(ends)]
    # Samples beside each other have no name between them.
    return [Line(members=run, upright=line.upright) for run in runs if run.size]


def _without_swatch(line: Line, sheet: Sheet) -> Line:
    """Drop a legend's sample in the text's own colour: what stands before the first letter, a gap away."""
    part = sheet.glyphs.take(line.members)
    if len(part) < 2:
        return line
    boxes = upright_boxes(part) if line.upright else turned_boxes(part)
    reach = np.maximum.accumulate(boxes.right)
    keep, odd = _end_of_tinted(part, boxes, reach), 0
    for k in range(1, min(len(part), MOST_SAMPLE_PARTS + 1)):
        height = float(boxes.height[k:].max())
        if boxes.height[k - 1] >= 0.35 * height and not is_sample(sheet, int(line.members[k - 1])):
            odd += 1
        # A marker and the dash that runs into it have no simple shape; a dash before it gives it away.
        if odd > int(boxes.height[0] < 0.3 * height and boxes.width[0] >= 1.5 * boxes.height[0]):
            break
        # A minus, or a minus and a narrow 1, is shorter than any sample of a line.
        long = float(reach[k - 1] - boxes.left[0] + 1)
        filled = k == 1 and boxes.height[0] >= 0.35 * height
        gap = float(boxes.left[k] - reach[k - 1] - 1)
        enough = filled or long >= (1.8 if odd else 1.2) * height or (not odd and gap >= FAR_GAP * height)
        stroke = k == 1 and long >= LONG_SAMPLE * height and has_arms(sheet, int(line.members[0]), height)
        stroke |= k == 1 and long >= 1.2 * height and is_marked_stroke(sheet, int(line.members[0]))
        box = is_solid_square(part, height) or is_hollow_square(sheet, int(line.members[0]), height)
        square = k == 1 and box and gap >= SQUARE_GAP * height
        if (enough and gap >= SWATCH_GAP * height) or (stroke and gap >= 1) or square:
            keep = k
    return Line(members=line.members[keep:], upright=line.upright) if keep else line


def _end_of_tinted(part: Glyphs, boxes: Boxes, reach: FloatArray) -> int:
    """How many glyphs at a line's beginning have a tint that the others, a gap away, have not; 0 for none."""
    for k in range(2, len(part) - 1):
        height = float(boxes.height[k:].max())
        if boxes.left[k] - reach[k - 1] - 1 < FAR_GAP * height:
            continue
        usual = np.median(part.tint[k:], axis=0)
        off = np.abs(part.tint - usual).max(axis=1)
        if off[:k].min() >= OTHER_TINT and off[k:].max() < OTHER_TINT:
            return k
    return 0


def _without_specks(line: Line, glyphs: Glyphs) -> Line:
    """Drop the rest of a tick mark, a speck a gap away from the last letter."""
    part = glyphs.take(line.members)
    if len(part) < 2:
        return line
    boxes = upright_boxes(part) if line.upright else turned_boxes(part)
    height = float(boxes.height.max())
    # A tick is flat, however long: no text ends in a dash that stands a gap away.
    long = boxes.width >= LONG_END * height
    specks = boxes.height <= np.where(long | (boxes.width <= 0.3 * height), 0.3, 0.22) * height
    n_kept = int(len(specks) - np.argmin(specks[::-1]))
    if n_kept in (0, len(part)):
        return line
    gap = boxes.left[n_kept] - boxes.right[:n_kept].max() - 1
    # Nor does any end in a longer dash than the longest: an axis line that begins beside its nought.
    apart = gap >= SWATCH_GAP * height or long[n_kept:].any()
    return Line(members=line.members[:n_kept], upright=line.upright) if apart else line


def _with_exponents(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Join raised numbers to their bases where they stand too high to count as neighbours.

    A legend's square in a colour near to grey is no base (dimple sets its names a third above), and no
    coloured marker that a name stands above of is one.
    """
    level = [i for i, line in enumerate(lines) if line.upright]
    spans = np.array([_outer(lines[i], glyphs) for i in level]).reshape(-1, 4)
    tall = np.array([float(glyphs.height[lines[i].members].max()) for i in level])
    panels = np.array([int(glyphs.panel[lines[i].members[0]]) for i in level])
    squares = np.array([_is_lone_square(lines[i], glyphs) for i in level], dtype=bool)
    coloured = np.array([bool(glyphs.coloured[lines[i].members[0]]) for i in level])
    joined: dict[int, int] = {}
    for k, i in enumerate(level):
        if len(lines[i].members) > 4:
            continue
        left, top, _, bottom = spans[k]
        ahead = left - spans[:, 2]
        fits = (ahead >= -0.15 * tall) & (ahead <= 0.5 * tall) & (panels == panels[k])
        fits &= (tall[k] >= 0.45 * tall) & (tall[k] <= 0.86 * tall)
        fits &= (bottom >= spans[:, 1] - 0.35 * tall) & (bottom <= spans[:, 1] + 0.7 * tall)
        fits &= (top <= spans[:, 1]) & ~squares & (coloured == coloured[k])
        fits[k] = False
        if fits.sum() == 1:
            joined[i] = level[int(np.argmax(fits))]
    result: list[Line] = []
    for i, line in enumerate(lines):
        if i in joined:
            continue
        raised = [lines[j].members for j, base in joined.items() if base == i]
        result.append(Line(members=np.concatenate([line.members, *raised]), upright=line.upright))
    return result


def _is_lone_square(line: Line, glyphs: Glyphs) -> bool:
    part = glyphs.take(line.members)
    return len(part) == 1 and is_solid_square(part, float(part.height[0]))


def _outer(line: Line, glyphs: Glyphs) -> tuple[int, int, int, int]:
    m = line.members
    return (
        int(glyphs.left[m].min()),
        int(glyphs.top[m].min()),
        int(glyphs.right[m].max()),
        int(glyphs.bottom[m].max()),
    )


def _is_text(line: Line, sheet: Sheet) -> bool:
    """Whether a line has a letter's height and is no single swatch."""
    part = sheet.glyphs.take(line.members)
    width = int(part.right.max() - part.left.min()) + 1
    height = int(part.bottom.max() - part.top.min()) + 1
    thick = height if line.upright else width
    long = width if line.upright else height
    if thick < LEAST_HEIGHT_PX or long > LONGEST * thick:
        return False
    if len(part) == 1:
        solid = part.area[0] >= (0.9 if part.panel[0] < 0 else 0.78) * width * height
        # Solid boxes are swatches, solid bars ticks; a lone letter l or I is rarer than either.
        # Nor is a stroke with a marker on it text: a hollow one reads 101.
        return not solid and min(width, height) >= 2 and not is_marked_stroke(sheet, int(line.members[0]))
    return True


def _choose_inside(lines: list[Line], sheet: Sheet) -> list[Line]:
    """Inside frames: rows of differing glyphs, and shorter lines that stand in a legend's column."""
    glyphs = sheet.glyphs
    common = _repeated(lines, glyphs)
    rows = [line for line in lines if _is_row(line, sheet, common)]
    chosen = {id(line) for line in rows}
    short = [
        line
        for line in lines
        if id(line) not in chosen
        and line.upright
        and _n_bodies(line, glyphs) <= 2
        and not common[int(line.members[0])]
    ]
    # Years and the like (2022, p99) repeat one shape as markers in a row do; a sample before them tells.
    digits = [line for line in lines if line.upright and _may_be_digits(line, sheet, common)]
    named = [*(line for line in rows if line.upright), *short, *digits]
    columns: list[Line] = []
    for after in (False, True):
        found = [(line, at) for line in named if (at := sample_beside(line, sheet, after=after)) is not None]
        for line, (place, length) in found:
            if id(line) in chosen or line in columns:
                continue
            alike = [other for other, (there, _) in found if abs(place - there) <= SAMPLE_SLACK_PX]
            # Two long strokes of one length above each other are samples of lines.
            twins = [n for other, (_, n) in found if other in alike and abs(n - length) <= 1]
            fewest = 2 if length and len(twins) == len(alike) else LEAST_ENTRIES
            # Of a cloud of markers two may stand before two that touch, three hardly ever.
            if len(alike) >= fewest and any(
                _continues(line, other, glyphs, flush_right=after) for other in alike
            ):
                columns.append(line)
    chosen |= {id(line) for line in columns}
    singles = [
        line
        for line in short
        if id(line) not in chosen and any(_continues(line, row, glyphs) for row in rows + columns)
    ]
    return rows + columns + singles


def _is_row(line: Line, sheet: Sheet, common: dict[int, bool]) -> bool:
    """Whether letters of one size stand on one baseline, which curves and markers do not."""
    n_bodies = _n_bodies(line, sheet.glyphs)
    if n_bodies < (2 if line.upright else 4) or _all_alike(line, sheet, common):
        return False
    part = sheet.glyphs.take(line.members)
    boxes = upright_boxes(part) if line.upright else turned_boxes(part)
    if len(part) == 1:
        return bool(boxes.width[0] <= MOST_TOUCHING * boxes.height[0])
    bodies = boxes.height >= 0.5 * boxes.height.max()
    bottoms = boxes.bottom[bodies]
    slack = max(1.0, BASELINE_SLACK * float(boxes.height.max()))
    on_line = max(int((np.abs(bottoms - bottom) <= slack).sum()) for bottom in bottoms)
    return on_line >= 0.5 * len(bottoms) and bool(bodies.mean() >= 0.4)


def _may_be_digits(line: Line, sheet: Sheet, common: dict[int, bool]) -> bool:
    """Whether a short line repeats one shape, which stands nowhere alone."""
    few = len(line.members) <= MOST_DIGITS and not any(common[int(member)] for member in line.members)
    return few and _all_alike(line, sheet, common)


def _n_bodies(line: Line, glyphs: Glyphs) -> int:
    """Letters of full height in a line; touching letters count by their length."""
    part = glyphs.take(line.members)
    thick = part.height if line.upright else part.width
    long = part.width if line.upright else part.height
    tallest = thick.max()
    return int(np.where(thick >= 0.5 * tallest, np.clip(long / (0.9 * tallest), 1, 12).astype(int), 0).sum())


def _all_alike(line: Line, sheet: Sheet, common: dict[int, bool]) -> bool:
    """Whether a line repeats one shape, as markers and dashes do."""
    part = sheet.glyphs.take(line.members)
    if len(part) < 2:
        return False
    if all(common[int(member)] for member in line.members):
        return True
    if len(part) >= MANY_ALIKE:
        usual = np.abs(part.area - np.median(part.area)) <= 0.2 * np.median(part.area) + 1
        for size in (part.width, part.height):
            usual &= np.abs(size - np.median(size)) <= 1
        if usual.mean() >= 0.8:
            return True
    same_size = np.ptp(part.width) <= 2 and np.ptp(part.height) <= 2
    if not same_size or np.ptp(part.area) > 0.2 * part.area.mean() + 2 or len(part) < 3:
        return False
    return _least_alike(line, sheet) >= SAME_SHAPE


def _least_alike(line: Line, sheet: Sheet) -> float:
    """How much of their ink the first glyph of a line and the one least like it share (2022: the 0)."""
    part = sheet.glyphs.take(line.members)
    width, height = int(part.width.min()), int(part.height.min())
    shapes = []
    for k, label in enumerate(part.label):
        top, left = int(part.top[k]), int(part.left[k])
        rows = top + (np.arange(height) + 0.5) * part.height[k] / height
        columns = left + (np.arange(width) + 0.5) * part.width[k] / width
        shapes.append(sheet.labels[np.ix_(rows.astype(int), columns.astype(int))] == label)
    first = shapes[0]
    return min(float((first & s).sum() / max(1, (first | s).sum())) for s in shapes[1:])


def _repeated(lines: list[Line], glyphs: Glyphs) -> dict[int, bool]:
    """Which glyphs look like several glyphs that stand alone in their panel, as markers do."""
    alone = glyphs.take(np.array([int(line.members[0]) for line in lines if len(line.members) == 1], np.intp))
    counts: dict[int, bool] = {}
    for line in lines:
        part = glyphs.take(line.members)
        alike = np.abs(np.subtract.outer(part.width, alone.width)) <= 1
        alike &= np.abs(np.subtract.outer(part.height, alone.height)) <= 1
        alike &= np.equal.outer(part.panel, alone.panel)
        alike &= np.abs(np.subtract.outer(part.area, alone.area)) <= 0.2 * part.area[:, None] + 1
        for member, count in zip(line.members, alike.sum(axis=1), strict=True):
            counts[int(member)] = bool(count >= MARKER_COUNT)
    return counts


def _continues(line: Line, row: Line, glyphs: Glyphs, *, flush_right: bool = False) -> bool:
    """Whether a single glyph stands in the column of a row of text, a line away (flush right: gnuplot)."""
    a, b = glyphs.take(line.members), glyphs.take(row.members)
    height = float(b.bottom.max() - b.top.min()) + 1
    if a.panel[0] != b.panel[0] or not row.upright:
        return False
    ends = (a.right.max(), b.right.max()) if flush_right else (a.left.min(), b.left.min())
    aligned = abs(float(ends[0] - ends[1])) <= 0.4 * height
    away = min(abs(float(a.top.min() - b.bottom.max())), abs(float(b.top.min() - a.bottom.max())))
    similar = 0.5 * height <= float(a.height.max()) <= 1.3 * height
    return bool(aligned and away <= 1.6 * height and similar)
