"""Tell texts inside a panel from markers that were read as letters and digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.series.markers.rims import fill_insides
from digitizer.stages.series.paths.runs import ON

# Markers in a row are read as so many letters at most (00, 11), as more where they are read turned (.m 88).
FEW_LETTERS = 3
# Ink differs from the ground by so much (largest channel); of a text that is markers this share lies between
# the ground and the markers' colour, to so much (RGB units); grey letters say nothing: labels are grey, too.
INK = 40
OWN_SHARE = 0.9
OFF_COLOR = 45.0
LEAST_HUE = 60
# Texts of more letters were written. So many pieces of one size, apart from all texts, are markers; they
# differ by so much in height and width (px), by this share in ink, and fill this share of their boxes (digits
# less than discs).
MOST_LETTERS = 6
FEWEST_MARKERS = 5
OFF_SIZE_PX = 1.0
OFF_AREA = 0.2
FILLED = 0.6
# Strokes of letters are as thick as smaller markers (px).
SMALLEST_PX, LARGEST_PX = 6, 40
# Of markers so much of their ink is reached by a marker that stays within it; of letters next to nothing is.
REACHED = 0.9


def are_markers(picture: Picture, frame: PanelFrame, span: TextSpan, legend: Sequence[LegendEntry]) -> bool:
    """Whether a text inside a panel is a few markers in a row: it has the colour of a listed cloud."""
    n_letters = sum(c.isalnum() for c in span.text)
    if span.panel is None or (n_letters > FEW_LETTERS and span.angle_deg == 0.0):
        return False
    if any(e.text is span for e in legend):
        return False
    step = _crop(picture, span.box).reshape(-1, 3).astype(np.float64) - np.asarray(frame.background)
    step = step[np.abs(step).max(axis=1) > INK]
    for entry in legend:
        if entry.marker == "none" or entry.line_style != "none" or entry.color is None or not len(step):
            continue
        color = np.asarray(entry.color, dtype=np.float64)
        way = color - np.asarray(frame.background)
        share = np.clip(step @ way / max(float(way @ way), 1.0), 0.0, 1.0)
        off = np.linalg.norm(step - share[:, None] * way, axis=1)
        if np.ptp(color) >= LEAST_HUE and np.mean(off < OFF_COLOR) >= OWN_SHARE:
            return True
    return False


def find_marker_texts(
    picture: Picture, frame: PanelFrame, spans: Sequence[TextSpan], legend: Sequence[LegendEntry]
) -> list[TextSpan]:
    """The texts inside a panel that are markers: those of the colour of a listed cloud, and its likes.

    Notes
    -----
    Where no legend lists the cloud, its markers that stand apart from all texts tell their size and colour: a
    text is markers where it is of that colour and a marker reaches all of its ink from within.
    """
    found = [s for s in spans if are_markers(picture, frame, s, legend)]
    listed = {id(e.text) for e in legend}
    rest = [s for s in spans if s not in found and id(s) not in listed and _may_be(s)]
    ink = see_ink(picture, frame, ()) if rest else None
    if ink is None:
        return found
    on = _inked(ink)
    marker = _usual_marker(ink, on, [s.box for s in spans])
    return found if marker is None else found + [s for s in rest if marker.makes(ink, on, s.box)]


def _may_be(span: TextSpan) -> bool:
    return span.panel is not None and sum(c.isalnum() for c in span.text) <= MOST_LETTERS


def _crop(picture: Picture, box: Box) -> NDArray[np.uint8]:
    rows = slice(max(0, int(box.top)), int(box.bottom) + 2)
    return picture.rgb[rows, max(0, int(box.left)) : int(box.right) + 2]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Marker:
    """A marker that a panel repeats: the mask of its core, and its mean colour."""

    core: ByteImage
    color: FloatArray

    def makes(self, ink: Ink, on: ByteImage, box: Box) -> bool:
        """Whether all ink in a box is of this colour and reached by the core from within."""
        _, labels = cv2.connectedComponents(on, connectivity=8)
        top, left = max(0, round(box.top) - ink.top), max(0, round(box.left) - ink.left)
        part = labels[top : round(box.bottom) - ink.top + 1, left : round(box.right) - ink.left + 1]
        inside = np.isin(labels, np.unique(part[part > 0]))
        if not inside.any() or np.linalg.norm(ink.rgb[inside].mean(axis=0) - self.color) > OFF_COLOR:
            return False
        reached = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_OPEN, self.core) > 0
        return float(reached.sum()) >= REACHED * float(inside.sum())


def _inked(ink: Ink) -> ByteImage:
    """Where a panel has ink, hollow markers with their insides."""
    on = ink.stands_out(INK)
    whole = fill_insides(on.astype(np.float32))
    return np.asarray(on if whole is None else whole > ON, dtype=np.uint8)


def _usual_marker(ink: Ink, on: ByteImage, texts: Sequence[Box]) -> _Marker | None:
    """The marker that a panel repeats most, apart from its texts; None where none is."""
    n, labels, stats, middles = cv2.connectedComponentsWithStats(on, connectivity=8)
    _, _, width, height, area = stats.T.astype(np.float64)
    x, y = middles.T[0] + ink.left, middles.T[1] + ink.top
    apart = np.ones(n, dtype=bool)
    for box in texts:
        apart &= (x < box.left) | (x > box.right) | (y < box.top) | (y > box.bottom)
    even = np.abs(width - height) <= OFF_SIZE_PX
    fits = (height >= SMALLEST_PX) & (height <= LARGEST_PX) & (area >= FILLED * width * height)
    which = np.flatnonzero(apart & even & fits & (np.arange(n) > 0))
    alike = [
        (np.abs(width[which] - width[k]) <= OFF_SIZE_PX) & (np.abs(area[which] / area[k] - 1) <= OFF_AREA)
        for k in which
    ]
    counts = [int(np.count_nonzero(a)) for a in alike]
    if max(counts, default=0) < FEWEST_MARKERS:
        return None
    k = int(which[int(np.argmax(counts))])
    whole = labels == k
    rows, columns = np.nonzero(whole)
    shape = whole[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].astype(np.uint8)
    core = np.asarray(cv2.erode(np.pad(shape, 1), np.ones((3, 3), np.uint8))[2:-2, 2:-2], dtype=np.uint8)
    return _Marker(core=core, color=ink.rgb[whole].mean(axis=0).astype(np.float64))
