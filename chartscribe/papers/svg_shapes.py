"""The paths of an SVG drawing, in pixels of its rendering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from chartscribe.papers.paths import CURVE_STEPS, on_white
from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray, Mask


def find_shapes(parsed: Any, unit: tuple[float, float]) -> Iterator[DrawnPath]:
    """The connected parts of all shapes that show; ``unit`` holds the pixels of one unit along x and y."""
    import svgelements

    for element in parsed.elements():
        if not isinstance(element, svgelements.Shape):
            continue
        opacity = _share(element.values.get("opacity"))
        stroke, fill = (_color(color, opacity) for color in (element.stroke, element.fill))
        if stroke is None and fill is None:
            continue
        width, dashes = float(element.stroke_width or 0.0), _lengths(element.values.get("stroke-dasharray"))
        origin = element.transform.e * unit[0] - 0.5, element.transform.f * unit[1] - 0.5
        for part in abs(svgelements.Path(element)).as_subpaths():
            points, named, closed = _follow(part)
            if len(points) > 1:
                yield DrawnPath(
                    x=points[:, 0] * unit[0] - 0.5,
                    y=points[:, 1] * unit[1] - 0.5,
                    is_vertex=named,
                    stroke=stroke,
                    fill=fill,
                    closed=closed,
                    origin=origin,
                    unit=unit,
                    width=width,
                    dashes=dashes,
                )


def _follow(part: Any) -> tuple[FloatArray, Mask, bool]:
    """The points of a connected part, which of them the drawing names, and whether it closes."""
    import svgelements

    points: list[tuple[float, float]] = []
    named: list[bool] = []
    closed = False
    for segment in part:
        if isinstance(segment, svgelements.Close):
            closed = True
        elif not isinstance(segment, svgelements.Move | svgelements.Line):
            for step in range(1, CURVE_STEPS):
                at = segment.point(step / CURVE_STEPS)
                points.append((at.x, at.y))
                named.append(False)
        if segment.end is not None:
            points.append((segment.end.x, segment.end.y))
            named.append(True)
    return np.array(points, dtype=float).reshape(-1, 2), np.array(named, dtype=bool), closed


def _color(color: Any, opacity: float) -> tuple[int, int, int] | None:
    if color is None or color.value is None:
        return None
    return on_white(color.red, color.green, color.blue, round(color.alpha * opacity))


def _lengths(text: Any) -> tuple[float, ...]:
    """The lengths of dashes and gaps; none where they are told in no units of the drawing."""
    try:
        return tuple(float(part.removesuffix("px")) for part in str(text or "").replace(",", " ").split())
    except ValueError:
        return ()


def _share(text: Any) -> float:
    """An opacity as a number; 1 where it is none."""
    try:
        return min(max(float(text), 0.0), 1.0)
    except (TypeError, ValueError):
        return 1.0
