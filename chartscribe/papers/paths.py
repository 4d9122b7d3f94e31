"""The paths of a drawing in a PDF document, with their exact places and colours."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np

from chartscribe.papers.regions import PATH, Box, walk_page
from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray, Mask

# A map has more; no chart that can be read does.
MOST_VERTICES = 200_000
# A curve is followed in so many straight steps.
CURVE_STEPS = 12


def find_paths(page: Any, box: Box) -> list[DrawnPath]:
    """The paths that touch this part of a page, in points from its top left; none where they are too many."""
    found: list[DrawnPath] = []
    n_vertices = 0
    height = page.get_height()
    for item, place, matrix in walk_page(page, height):
        if item.type != PATH or place.right < box.left or place.left > box.right:
            continue
        if place.bottom < box.top or place.top > box.bottom:
            continue
        stroke, fill = _colors(item)
        if stroke is None and fill is None:
            continue
        total = item.get_matrix().multiply(matrix)
        width, dashes = _dashes(item)
        for points, named, closed in _subpaths(item):
            n_vertices += len(points)
            if n_vertices > MOST_VERTICES:
                return []
            found.append(
                DrawnPath(
                    x=total.a * points[:, 0] + total.c * points[:, 1] + total.e,
                    y=height - (total.b * points[:, 0] + total.d * points[:, 1] + total.f),
                    is_vertex=named,
                    stroke=stroke,
                    fill=fill,
                    closed=closed,
                    origin=(total.e, height - total.f),
                    width=width,
                    dashes=dashes,
                )
            )
    return found


def on_white(red: int, green: int, blue: int, alpha: int) -> tuple[int, int, int] | None:
    """How a colour looks on white paper, all parts from 0 to 255; None where nothing shows."""
    if not alpha:
        return None
    mixed = [round(255 + (part - 255) * alpha / 255) for part in (red, green, blue)]
    return mixed[0], mixed[1], mixed[2]


def follow_curve(ends: FloatArray) -> FloatArray:
    """The points of a cubic curve after its first one, shape (CURVE_STEPS, 2); ``ends`` has shape (4, 2)."""
    t = np.arange(1, CURVE_STEPS + 1)[:, None] / CURVE_STEPS
    first, second, third, last = ends
    return np.asarray(
        (1 - t) ** 3 * first + 3 * (1 - t) ** 2 * t * second + 3 * (1 - t) * t**2 * third + t**3 * last
    )


def _colors(item: Any) -> tuple[tuple[int, int, int] | None, tuple[int, int, int] | None]:
    """The colours that a path is stroked and filled with."""
    from pypdfium2 import raw

    mode, stroked = ctypes.c_int(), raw.FPDF_BOOL()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroked):
        return None, None
    parts = [ctypes.c_uint() for _ in range(4)]
    stroke = fill = None
    if stroked.value and raw.FPDFPageObj_GetStrokeColor(item, *parts):
        stroke = on_white(*(part.value for part in parts))
    if mode.value and raw.FPDFPageObj_GetFillColor(item, *parts):
        fill = on_white(*(part.value for part in parts))
    return stroke, fill


def _dashes(item: Any) -> tuple[float, tuple[float, ...]]:
    """The width of a path's stroke and the lengths of its dashes and gaps, in the path's own units."""
    from pypdfium2 import raw

    width = ctypes.c_float()
    if not raw.FPDFPageObj_GetStrokeWidth(item, width):
        return 1.0, ()
    n_dashes = raw.FPDFPageObj_GetDashCount(item)
    lengths = (ctypes.c_float * max(n_dashes, 0))()
    if n_dashes <= 0 or not raw.FPDFPageObj_GetDashArray(item, lengths, n_dashes):
        return width.value, ()
    return width.value, tuple(lengths)


def _subpaths(item: Any) -> Iterator[tuple[FloatArray, Mask, bool]]:
    """The points of each connected part in the path's own units, which of them it names, if it closes."""
    from pypdfium2 import raw

    points: list[tuple[float, float]] = []
    named: list[bool] = []
    handles: list[tuple[float, float]] = []
    closed = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield np.array(points), np.array(named), closed
            points, named, closed = [], [], False
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            handles.append((x.value, y.value))
            if len(handles) < 3:
                continue
            if points:
                steps = follow_curve(np.array([points[-1], *handles]))
                points.extend(map(tuple, steps[:-1].tolist()))
                named.extend([False] * (len(steps) - 1))
            handles = []
        points.append((x.value, y.value))
        named.append(True)
        closed = closed or bool(raw.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield np.array(points), np.array(named), closed
