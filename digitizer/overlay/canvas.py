"""A sheet to draw on in source pixels, however much the sheet is enlarged."""

from __future__ import annotations

import functools
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from digitizer.evidence import ByteImage

Color = tuple[int, int, int]

# How much of the source's ink is kept: enough to compare with, too little to hide what is drawn over it.
INK_SHARE = 0.35
# A picture is enlarged until its longer side has this many pixels (three times at most), so that the
# read values fit between ticks; beyond the other limit it is shrunk.
READABLE_SIDE_PX = 1200
LARGEST_SIDE_PX = 3000
LARGEST_FACTOR = 3
# The size of texts on sheets up to the second number; on larger ones, which are looked at from further
# away, texts and lines grow with the sheet (a window 1,300 pixels wide then shows them 15 pixels high).
FONT_SIZE_PX = 13
FONT = Path(__file__).parent / "font" / "DejaVuSans-cut.ttf"
PLAIN_SIDE_PX = 1200

DOT_RADIUS = 1.2
TINT_SHARE = 0.3
# Below this median a picture counts as light on dark.
DARK_LEVEL = 110

# OpenCV takes fixed-point coordinates: four bits are a sixteenth of a pixel.
_SHIFT = 4


@dataclass(frozen=True, slots=True)
class _Text:
    at: tuple[float, float]
    text: str
    color: Color
    anchor: str
    fill: Color | None


class Canvas:
    """The paled source, enlarged by ``factor``; all coordinates given to it are source pixels.

    Widths, radii and offsets are in units of the sheet: ``unit`` of its pixels each.

    Parameters
    ----------
    rgb : array of shape (height, width, 3)
        The source picture, uint8.
    """

    def __init__(self, rgb: ByteImage) -> None:
        height, width = rgb.shape[:2]
        self.factor = choose_factor(width, height)
        size = max(round(width * self.factor), 1), max(round(height * self.factor), 1)
        way = cv2.INTER_CUBIC if self.factor >= 1 else cv2.INTER_AREA
        self.unit = choose_unit(*size)
        sheet = cv2.resize(_on_light(rgb), size, interpolation=way)
        pale = np.rint(255 - (255 - np.arange(256)) * INK_SHARE).astype(np.uint8)
        self._pixels: NDArray[np.uint8] = np.asarray(cv2.LUT(sheet, pale), dtype=np.uint8)
        self._texts: list[_Text] = []

    def map(self, x: float, y: float) -> tuple[float, float]:
        """From source pixels to the sheet's: centres move, so that edges stay edges."""
        return (x + 0.5) * self.factor - 0.5, (y + 0.5) * self.factor - 0.5

    def polyline(self, x: NDArray[np.float64], y: NDArray[np.float64], color: Color, width: int = 1) -> None:
        """Draw a line through points; NaN breaks it."""
        known = np.isfinite(x) & np.isfinite(y)
        thickness = max(round(width * self.unit), 1)
        for run in np.split(np.arange(len(x)), np.flatnonzero(~known)):
            run = run[known[run]]
            if len(run) > 1:
                points = np.stack(self._fixed(x[run], y[run]), axis=1)
                cv2.polylines(self._pixels, [points], False, color, thickness, cv2.LINE_AA, _SHIFT)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], color: Color, width: int = 1
    ) -> None:
        """Draw one straight line."""
        self.polyline(np.array([start[0], end[0]]), np.array([start[1], end[1]]), color, width)

    def rings(self, x: NDArray[np.float64], y: NDArray[np.float64], color: Color, radius: float) -> None:
        """Draw a ring with a dot in its middle around each point."""
        ring, dot = (round(size * self.unit * 2**_SHIFT) for size in (radius, DOT_RADIUS))
        thickness = max(round(self.unit), 1)
        known = np.isfinite(x) & np.isfinite(y)
        for center_x, center_y in zip(*self._fixed(x[known], y[known]), strict=True):
            center = int(center_x), int(center_y)
            cv2.circle(self._pixels, center, ring, color, thickness, cv2.LINE_AA, _SHIFT)
            cv2.circle(self._pixels, center, dot, color, -1, cv2.LINE_AA, _SHIFT)

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, color: Color, width: int = 1
    ) -> None:
        """Draw a rectangle through the given pixel centres."""
        corners_x = np.array([left, right, right, left, left])
        corners_y = np.array([top, top, bottom, bottom, top])
        self.polyline(corners_x, corners_y, color, width)

    def tint(self, left: float, top: float, right: float, bottom: float, color: Color) -> None:
        """Colour a rectangle of whole pixels through and through, what is below still showing."""
        x0, y0 = (max(round(value + 0.5), 0) for value in self.map(left - 0.5, top - 0.5))
        x1, y1 = (max(round(value + 0.5), 0) for value in self.map(right + 0.5, bottom + 0.5))
        part = self._pixels[y0:y1, x0:x1]
        part[:] = np.rint(part * (1 - TINT_SHARE) + np.array(color) * TINT_SHARE).astype(np.uint8)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        color: Color,
        *,
        anchor: str = "la",
        offset: tuple[float, float] = (0, 0),
        fill: Color | None = None,
    ) -> None:
        """Write text at a source pixel, moved by ``offset`` units; ``fill`` makes it a badge.

        ``anchor`` is Pillow's: l, m, r for left, middle, right, then a, m, d for top, middle, bottom.
        """
        x, y = self.map(*at)
        moved = x + offset[0] * self.unit, y + offset[1] * self.unit
        self._texts.append(_Text(moved, printable(text), color, anchor, fill))

    def lay_texts(self) -> None:
        """Put the texts so far on the sheet, so that what is drawn from now on lies over them."""
        self._pixels = np.array(self.finish())
        self._texts.clear()

    def finish(self) -> Image.Image:
        """Return the sheet, the texts over everything else."""
        image = Image.fromarray(self._pixels)
        draw = ImageDraw.Draw(image)
        for one in self._texts:
            _write(draw, one, image.size, self.unit)
        return image

    def _fixed(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Sequence[NDArray[np.int32]]:
        scale = 2**_SHIFT
        return [np.rint(((values + 0.5) * self.factor - 0.5) * scale).astype(np.int32) for values in (x, y)]


def choose_factor(width: int, height: int) -> float:
    """How much a picture of this size is enlarged (or shrunk) to be checked with the eye."""
    side = max(width, height)
    if side > LARGEST_SIDE_PX:
        return LARGEST_SIDE_PX / side
    return next((n for n in range(1, LARGEST_FACTOR) if side * n >= READABLE_SIDE_PX), LARGEST_FACTOR)


def choose_unit(width: int, height: int) -> float:
    """How large texts and lines are on a sheet of this size: 1 on all but large ones."""
    return max(max(width, height) / PLAIN_SIDE_PX, 1.0)


@functools.lru_cache(maxsize=8)
def load_font(unit: float) -> ImageFont.FreeTypeFont:
    """The font that lies beside this module: the overlay looks the same on every machine."""
    return ImageFont.truetype(io.BytesIO(FONT.read_bytes()), round(FONT_SIZE_PX * unit))


def printable(text: str) -> str:
    """The text in characters that the font has; what it lacks becomes a replacement character."""
    return "".join(
        character if _has(character) else "\ufffd" for character in unicodedata.normalize("NFC", text)
    )


@functools.lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    """Whether the font can show a character."""
    font = load_font(1.0)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


def _on_light(rgb: ByteImage) -> ByteImage:
    """A picture that is light on dark with its lightness turned round, every hue as it was."""
    if np.median(rgb[::4, ::4]) >= DARK_LEVEL:
        return rgb
    extremes = rgb.max(axis=2, keepdims=True).astype(np.int16) + rgb.min(axis=2, keepdims=True)
    turned: ByteImage = (rgb + (255 - extremes)).astype(np.uint8)
    return turned


def _write(draw: ImageDraw.ImageDraw, one: _Text, size: tuple[int, int], unit: float) -> None:
    """Write one text, moved inside the sheet where it would leave it."""
    font = load_font(unit)
    left, top, right, bottom = draw.textbbox(one.at, one.text, font=font, anchor=one.anchor)
    pad = 4 * unit if one.fill else 1
    shift_x = max(pad - left, 0) or min(size[0] - pad - right, 0)
    shift_y = max(pad - top, 0) or min(size[1] - pad - bottom, 0)
    if one.fill:
        box = (left + shift_x - pad, top + shift_y - pad, right + shift_x + pad, bottom + shift_y + pad)
        draw.rounded_rectangle(box, radius=pad, fill=one.fill)
    draw.text(
        (one.at[0] + shift_x, one.at[1] + shift_y), one.text, fill=one.color, font=font, anchor=one.anchor
    )
