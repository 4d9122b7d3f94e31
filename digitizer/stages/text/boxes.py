"""Boxes of glyphs as they are, and turned so that upward text reads to the right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.stages.text.ink import FloatArray, Glyphs

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boxes:
    """Boxes of glyphs in the frame in which their text reads from left to right."""

    left: FloatArray
    top: FloatArray
    right: FloatArray
    bottom: FloatArray

    @property
    def height(self) -> FloatArray:
        return self.bottom - self.top + 1

    @property
    def width(self) -> FloatArray:
        return self.right - self.left + 1


def upright_boxes(glyphs: Glyphs) -> Boxes:
    """The boxes as they are."""
    return Boxes(
        left=glyphs.left.astype(float),
        top=glyphs.top.astype(float),
        right=glyphs.right.astype(float),
        bottom=glyphs.bottom.astype(float),
    )


def turned_boxes(glyphs: Glyphs) -> Boxes:
    """The boxes after a quarter turn clockwise, which sets text upright that reads upwards."""
    return Boxes(
        left=-glyphs.bottom.astype(float),
        top=glyphs.left.astype(float),
        right=-glyphs.top.astype(float),
        bottom=glyphs.right.astype(float),
    )
