"""What the drawing says that a picture was rendered from (PDF, SVG): further evidence, in its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from digitizer.evidence import Box, FloatArray, Mask

# A dash no longer than this many widths of its stroke is a dot (matplotlib 1, R 1, pgfplots 1; their shortest
# dashes 2.5), and of dashes of two lengths the shorter ones are dots below this share of the longer.
DOT_WIDTHS, DOT_SHARE = 2.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPath:
    """A connected part of a path of the drawing that the picture was rendered from, in pixels.

    ``x`` and ``y`` are its course, curves in short straight steps; ``is_vertex`` tells the points that the
    drawing names. ``stroke`` and ``fill`` are its colours on white, None where it has none. ``origin`` is
    where the origin of the coordinates lies that it is told in: forms that repeat are told around theirs.
    ``unit`` holds the pixels of one unit of the drawing along x and y. ``width`` is that of its stroke,
    ``dashes`` are the lengths of its dashes and gaps in turn, in the path's own units.
    """

    x: FloatArray
    y: FloatArray
    is_vertex: Mask
    stroke: tuple[int, int, int] | None
    fill: tuple[int, int, int] | None
    closed: bool = False
    origin: tuple[float, float] | None = None
    unit: tuple[float, float] = (1.0, 1.0)
    width: float = 1.0
    dashes: tuple[float, ...] = ()

    @property
    def line_style(self) -> str:
        """How its stroke is dashed, by the names that series have."""
        inked = self.dashes[::2] if len(self.dashes) % 2 == 0 else self.dashes
        if not any(self.dashes):
            return "solid"
        if max(inked) <= DOT_WIDTHS * self.width:
            return "dotted"
        return "dashdot" if min(inked) < DOT_SHARE * max(inked) else "dashed"

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
    anchors (``placed``, their boxes by our own font), those that do not show (``hidden``), and the anchors
    of all (shape (n, 2), px)."""

    paths: tuple[DrawnPath, ...] = ()
    lines: tuple[DrawnLine, ...] = ()
    placed: tuple[DrawnLine, ...] = ()
    hidden: tuple[DrawnLine, ...] = ()
    anchors: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
