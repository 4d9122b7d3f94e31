"""What the drawing says that a picture was rendered from (PDF, SVG): further evidence, in its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from digitizer.evidence import Box, FloatArray, Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPath:
    """A connected part of a path of the drawing that the picture was rendered from, in pixels.

    ``x`` and ``y`` are its course, curves in short straight steps; ``is_vertex`` tells the points that the
    drawing names. ``stroke`` and ``fill`` are its colours on white, None where it has none. ``origin`` is
    where the origin of the coordinates lies that it is told in: forms that repeat are told around theirs.
    ``unit`` holds the pixels of one unit of the drawing along x and y.
    """

    x: FloatArray
    y: FloatArray
    is_vertex: Mask
    stroke: tuple[int, int, int] | None
    fill: tuple[int, int, int] | None
    closed: bool = False
    origin: tuple[float, float] | None = None
    unit: tuple[float, float] = (1.0, 1.0)

    @property
    def box(self) -> Box:
        """What it spans, without the width of its stroke."""
        return Box(
            left=float(self.x.min()),
            top=float(self.y.min()),
            right=float(self.x.max()),
            bottom=float(self.y.max()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line of text of a drawing with the box of its ink in pixels; ``upright`` ones stand on end."""

    text: str
    box: Box
    upright: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """What a drawing says: its paths, its lines of text where it tells their places, those that it only
    anchors (``placed``, their boxes by our own font), and their anchors (shape (n, 2), px)."""

    paths: tuple[DrawnPath, ...] = ()
    lines: tuple[DrawnLine, ...] = ()
    placed: tuple[DrawnLine, ...] = ()
    anchors: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
