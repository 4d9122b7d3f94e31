"""Labels that are a lone stroke, an I in a row of letters: solid as ticks are, told by what stands beside.

So is a lone ring: an O or a nought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, Mask, TextSpan
from digitizer.stages.text.ink import FloatArray, Glyphs
from digitizer.stages.text.lines import Line

# A capital I is at least so many times as high as it is wide (3.5 in Arial, bold 3).
STROKE_SHAPE = 2.2
# Its stroke is at least two pixels wide but in small print, up to so high (Vega's 10 px letters: 9 px).
HAIRLINE_PX = 12
# So many labels beside it stand at even steps, to this share of a step, and it at another of these.
LEAST_MATES = 3
OFF_STEP = 0.12
# It is as high as they are, and begins where they do, to this.
SAME_PX = 1.0
# Labels of a column are flush at their right ends (or centred, by less) to this share of their height.
FLUSH = 0.4
# What a lone stroke is read as, and how sure one is that was named by the letters beside it.
STROKE_TWINS = ("1", "l", "I", "|")
RING = "0"
# Letters on end below an axis begin at one height to this (px).
HANGS_PX = 2.0
NAMED = 0.9


def strokes_in_row(lines: list[Line], chosen: list[Line], glyphs: Glyphs) -> list[Line]:
    """The lone strokes among the other lines that stand in a row or column of labels as one of them.

    Parameters
    ----------
    lines : list of Line
        Every line of glyphs.
    chosen : list of Line
        Those that are text.
    glyphs : Glyphs
        What their members index.
    """
    taken = {int(line.members[0]) for line in chosen}
    strokes = [
        line
        for line in lines
        if int(line.members[0]) not in taken and (_is_stroke(line, glyphs) or _is_lone_dash(line, glyphs))
    ]
    level = [line for line in chosen if line.upright and glyphs.panel[line.members[0]] < 0]
    if not strokes or len(level) < LEAST_MATES:
        return []
    boxes = np.array([_box(line, glyphs) for line in level])
    # An I on end is read as it stands: laid it would be a dash.
    return [
        Line(members=line.members, upright=not _is_laid(*_box(line, glyphs)))
        for line in strokes
        if _stands_with(np.array(_box(line, glyphs)), boxes)
    ]


def name_strokes(spans: list[TextSpan]) -> list[TextSpan]:
    """Take a lone stroke for an I, and a nought for an O, where labels in its row or column are capitals."""
    lone = [span for span in spans if len(span.text) == 1 and span.panel is None]
    letters = [span for span in lone if span.angle_deg == 0.0]
    mates = [other for other in letters if other.text not in STROKE_TWINS]
    out = []
    for span in spans:
        with_it: list[TextSpan] = []
        laid = _is_laid(*_sides(span.box))
        stands = span in letters and span.box.height >= STROKE_SHAPE * span.box.width
        if span in lone and span.text in STROKE_TWINS and (laid or stands):
            with_it = _mates_of(span, mates, _mates_on_end if laid else _mates)
        ring = span in letters and span.text == RING
        if ring:
            with_it = _mates_of(span, [mate for mate in mates if mate.text != RING], _mates)
        capitals = len(with_it) >= LEAST_MATES and all(mate.text.isupper() for mate in with_it)
        if capitals and ring:
            span = replace(span, text="O", alternative=None)
        elif capitals:
            sure, box = max(span.confidence, NAMED), span.box
            if laid:
                # Two pixels high it would belong to no row.
                rows = np.median([(mate.box.top, mate.box.bottom) for mate in with_it], axis=0)
                box = replace(box, top=float(rows[0]), bottom=float(rows[1]))
            span = replace(span, text="I", confidence=sure, alternative=None, angle_deg=0.0, box=box)
        out.append(span)
    return out


def _mates_of(
    span: TextSpan, others: list[TextSpan], tell: Callable[[FloatArray, FloatArray], Sequence[Mask]]
) -> list[TextSpan]:
    """Those of ``others`` that stand with a stroke by what ``tell`` says."""
    boxes = np.array([_sides(other.box) for other in others]).reshape(-1, 4)
    return [others[i] for mask in tell(np.array(_sides(span.box)), boxes) for i in np.flatnonzero(mask)]


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _is_stroke(line: Line, glyphs: Glyphs) -> bool:
    one = line.members[0]
    width, height = glyphs.width[one], glyphs.height[one]
    tall = bool(height >= STROKE_SHAPE * width and (width >= 2 or height <= HAIRLINE_PX))
    return len(line.members) == 1 and bool(glyphs.panel[one] < 0) and tall


def _is_lone_dash(line: Line, glyphs: Glyphs) -> bool:
    lone = len(line.members) == 1 and bool(glyphs.panel[line.members[0]] < 0)
    return lone and _is_laid(*_box(line, glyphs))


def _is_laid(left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a box is that of an I on end."""
    return right - left + 1 >= STROKE_SHAPE * (bottom - top + 1)


def _box(line: Line, glyphs: Glyphs) -> tuple[float, float, float, float]:
    m = line.members
    return (
        float(glyphs.left[m].min()),
        float(glyphs.top[m].min()),
        float(glyphs.right[m].max()),
        float(glyphs.bottom[m].max()),
    )


def _stands_with(stroke: FloatArray, boxes: FloatArray) -> bool:
    """Whether a stroke is as high as labels of a row or column and stands at one of their even steps."""
    middles, own = (boxes[:, :2] + boxes[:, 2:]) / 2, (stroke[:2] + stroke[2:]) / 2
    if _is_laid(*stroke):
        return _is_even(middles[_mates_on_end(stroke, boxes)[0], 0], own[0])
    return any(_is_even(middles[mates, k], own[k]) for k, mates in enumerate(_mates(stroke, boxes)))


def _mates(stroke: FloatArray, boxes: FloatArray) -> tuple[Mask, Mask]:
    """Which boxes are as high as a stroke and stand in its row, and which in its column."""
    row = np.abs(boxes[:, [1, 3]] - stroke[[1, 3]]).max(axis=1) <= SAME_PX
    height = stroke[3] - stroke[1] + 1
    column = np.abs(boxes[:, 3] - boxes[:, 1] + 1 - height) <= SAME_PX
    column &= np.abs(boxes[:, 2] - stroke[2]) <= FLUSH * height
    return np.asarray(row), np.asarray(column)


def _mates_on_end(stroke: FloatArray, boxes: FloatArray) -> tuple[Mask]:
    """Which boxes are as wide as a stroke that lies and hang beside it: letters on end below an axis."""
    wide, own = boxes[:, 2] - boxes[:, 0], stroke[2] - stroke[0]
    return (np.asarray((np.abs(wide - own) <= SAME_PX) & (np.abs(boxes[:, 1] - stroke[1]) <= HANGS_PX)),)


def _is_even(places: FloatArray, own: float) -> bool:
    """Whether several places stand at even steps, and another one at one more of these."""
    if len(places) < LEAST_MATES:
        return False
    steps = np.diff(np.sort(places))
    step = float(np.median(steps))
    off = np.abs(np.append(steps, places - own) / max(step, 1.0))
    away = np.round(off)
    return bool((np.abs(off - away) <= OFF_STEP * np.maximum(away, 1)).all() and away.min() >= 1)
