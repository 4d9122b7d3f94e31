"""Labels that are a lone stroke, an I in a row of letters: solid as ticks are, told by what stands beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, Mask, TextSpan
from digitizer.stages.text.ink import FloatArray, Glyphs
from digitizer.stages.text.lines import Line

# A capital I is at least so many times as high as it is wide (3.5 in Arial, bold 3).
STROKE_SHAPE = 2.2
# So many labels beside it stand at even steps, to this share of a step, and it at another of these.
LEAST_MATES = 3
OFF_STEP = 0.12
# It is as high as they are, and begins where they do, to this.
SAME_PX = 1.0
# Labels of a column are flush at their right ends (or centred, by less) to this share of their height.
FLUSH = 0.4
# What a lone stroke is read as, and how sure one is that was named by the letters beside it.
STROKE_TWINS = ("1", "l", "I", "|")
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
    strokes = [line for line in lines if int(line.members[0]) not in taken and _is_stroke(line, glyphs)]
    level = [line for line in chosen if line.upright and glyphs.panel[line.members[0]] < 0]
    if not strokes or len(level) < LEAST_MATES:
        return []
    boxes = np.array([_box(line, glyphs) for line in level])
    return [
        Line(members=line.members) for line in strokes if _stands_with(np.array(_box(line, glyphs)), boxes)
    ]


def name_strokes(spans: list[TextSpan]) -> list[TextSpan]:
    """Take a lone stroke for an I where the labels that stand with it in a row or column are capitals."""
    letters = [span for span in spans if len(span.text) == 1 and span.angle_deg == 0.0 and span.panel is None]
    out = []
    for span in spans:
        stroke = span in letters and span.text in STROKE_TWINS
        if stroke and span.box.height >= STROKE_SHAPE * span.box.width:
            mates = [other for other in letters if other.text not in STROKE_TWINS]
            boxes = np.array([_sides(mate.box) for mate in mates]).reshape(-1, 4)
            with_it = [mates[i] for k in _mates(np.array(_sides(span.box)), boxes) for i in np.flatnonzero(k)]
            if len(with_it) >= LEAST_MATES and all(mate.text.isupper() for mate in with_it):
                span = replace(span, text="I", confidence=max(span.confidence, NAMED), alternative=None)
        out.append(span)
    return out


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _is_stroke(line: Line, glyphs: Glyphs) -> bool:
    one = line.members[0]
    tall = bool(glyphs.height[one] >= STROKE_SHAPE * glyphs.width[one] and glyphs.width[one] >= 2)
    return len(line.members) == 1 and bool(glyphs.panel[one] < 0) and tall


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
    return any(_is_even(middles[mates, k], own[k]) for k, mates in enumerate(_mates(stroke, boxes)))


def _mates(stroke: FloatArray, boxes: FloatArray) -> tuple[Mask, Mask]:
    """Which boxes are as high as a stroke and stand in its row, and which in its column."""
    row = np.abs(boxes[:, [1, 3]] - stroke[[1, 3]]).max(axis=1) <= SAME_PX
    height = stroke[3] - stroke[1] + 1
    column = np.abs(boxes[:, 3] - boxes[:, 1] + 1 - height) <= SAME_PX
    column &= np.abs(boxes[:, 2] - stroke[2]) <= FLUSH * height
    return np.asarray(row), np.asarray(column)


def _is_even(places: FloatArray, own: float) -> bool:
    """Whether several places stand at even steps, and another one at one more of these."""
    if len(places) < LEAST_MATES:
        return False
    steps = np.diff(np.sort(places))
    step = float(np.median(steps))
    off = np.abs(np.append(steps, places - own) / max(step, 1.0))
    away = np.round(off)
    return bool((np.abs(off - away) <= OFF_STEP * np.maximum(away, 1)).all() and away.min() >= 1)
