"""The straight strokes of a drawing in a PDF document: polylines with their exact places and colours."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chartscribe.papers.regions import PATH, Box, walk_page
from digitizer.model import FloatArray

# A map has more; no chart that can be read does.
MOST_VERTICES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Polyline:
    """A stroke without curves: its vertices in points from the page's top left, its colour from 0 to 255."""

    x: FloatArray
    y: FloatArray
    color: tuple[int, int, int]


def find_polylines(page: Any, box: Box) -> list[Polyline]:
    """The strokes that touch this part of a page; none where there are too many to be a chart's."""
    found: list[Polyline] = []
    n_vertices = 0
    height = page.get_height()
    for item, place, matrix in walk_page(page, height):
        if item.type != PATH or place.right < box.left or place.left > box.right:
            continue
        if place.bottom < box.top or place.top > box.bottom:
            continue
        color = _stroke_color(item)
        if color is None:
            continue
        for vertices in _subpaths(item):
            n_vertices += len(vertices)
            if n_vertices > MOST_VERTICES:
                return []
            total = item.get_matrix().multiply(matrix)
            x = total.a * vertices[:, 0] + total.c * vertices[:, 1] + total.e
            y = total.b * vertices[:, 0] + total.d * vertices[:, 1] + total.f
            found.append(Polyline(x=x, y=height - y, color=color))
    return found


def _stroke_color(item: Any) -> tuple[int, int, int] | None:
    """The colour that the path is stroked with; None where it is filled alone."""
    from pypdfium2 import raw

    mode, stroked = ctypes.c_int(), raw.FPDF_BOOL()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroked) or not stroked.value:
        return None
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetStrokeColor(item, *parts):
        return None
    red, green, blue, _ = (part.value for part in parts)
    return red, green, blue


def _subpaths(item: Any) -> Iterator[FloatArray]:
    """The vertices of each part without curves, in the path's own coordinates."""
    from pypdfium2 import raw

    vertices: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(vertices) > 1 and not curved:
                yield np.array(vertices)
            vertices, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        vertices.append((x.value, y.value))
    if len(vertices) > 1 and not curved:
        yield np.array(vertices)
