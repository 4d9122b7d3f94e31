"""A picture of a comparison: for each series what was logged, what was read, and the difference."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from chartscribe.compare.fit import logged_line
from chartscribe.compare.verdict import Pair
from digitizer.model import FloatArray

WIDTH_PX, HEIGHT_PX, STRIP_PX = 460, 220, 60
MARGIN_PX, TITLE_PX, GAP_PX = 14, 22, 10
COLUMNS = 2
# Twice the size, then reduced: smooth lines without an engine of their own.
ENLARGED = 2
LOGGED, DRAWN, OFF = "#1f77b4", "#e8590c", "#c92a2a"
COLORS = {"agrees": "#2b8a3e", "differs": "#c92a2a", "other": "#862e9c"}
# Differences below this share of the axis are not blown up.
LEAST_STRIP = 0.01


def draw_picture(pairs: Sequence[Pair]) -> Image.Image:
    """Draw the pairs below each other, two a row; blue is logged, orange is read, below is the difference."""
    width, height = WIDTH_PX + 2 * MARGIN_PX, HEIGHT_PX + STRIP_PX + TITLE_PX + GAP_PX + 2 * MARGIN_PX
    n_columns = min(COLUMNS, max(len(pairs), 1))
    n_rows = max(-(-len(pairs) // n_columns), 1)
    image = Image.new("RGB", (n_columns * width, n_rows * height), "white")
    for number, pair in enumerate(pairs):
        image.paste(draw_pair(pair), ((number % n_columns) * width, (number // n_columns) * height))
    return image


def draw_pair(pair: Pair) -> Image.Image:
    """Draw one pair."""
    width, height = WIDTH_PX + 2 * MARGIN_PX, HEIGHT_PX + STRIP_PX + TITLE_PX + GAP_PX + 2 * MARGIN_PX
    large = Image.new("RGB", (width * ENLARGED, height * ENLARGED), "white")
    draw = ImageDraw.Draw(large)
    view, fit = pair.match.view, pair.match.fit
    font = ImageFont.load_default(12 * ENLARGED)
    title = f"{view.name or view.shown}: {fit.source.y_column} - {pair.verdict}"
    draw.text((MARGIN_PX * ENLARGED, 6 * ENLARGED), title, fill=COLORS[pair.verdict], font=font)
    top = (MARGIN_PX + TITLE_PX) * ENLARGED
    box = (MARGIN_PX * ENLARGED, top, (MARGIN_PX + WIDTH_PX) * ENLARGED, top + HEIGHT_PX * ENLARGED)
    draw.rectangle(box, outline="#adb5bd")
    v, u = logged_line(view, fit)
    good = np.isfinite(v) & np.isfinite(u) & (v > -0.5) & (v < 1.5)
    line = _places(box, v[good], np.clip(u[good], -0.02, 1.02))
    if len(line) > 1:
        draw.line(line, fill=LOGGED, width=2 * ENLARGED)
    _dots(draw, _places(box, view.v, view.u), DRAWN, radius=1.2 * ENLARGED)
    strip_top = box[3] + GAP_PX * ENLARGED
    strip = (box[0], strip_top, box[2], strip_top + STRIP_PX * ENLARGED)
    draw.rectangle(strip, outline="#adb5bd")
    found = fit.residuals
    if len(found.off):
        most = max(float(np.abs(found.off).max()), LEAST_STRIP)
        zero = (strip[1] + strip[3]) / 2
        draw.line([(strip[0], zero), (strip[2], zero)], fill="#ced4da")
        _dots(
            draw, _places(strip, view.v[found.at], 0.5 + 0.45 * found.off / most), OFF, radius=1.5 * ENLARGED
        )
        small = ImageFont.load_default(10 * ENLARGED)
        told = f"read minus logged, up to {most:.1%} of the axis"
        draw.text((strip[0] + 4, strip[1] + 2), told, fill="#868e96", font=small)
    return large.resize((width, height), Image.Resampling.LANCZOS)


def to_png(image: Image.Image) -> bytes:
    """The picture's file."""
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


def _places(box: tuple[int, int, int, int], v: FloatArray, u: FloatArray) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    return list(zip(left + v * (right - left), bottom - u * (bottom - top), strict=True))


def _dots(
    draw: ImageDraw.ImageDraw, places: Sequence[tuple[float, float]], color: str, *, radius: float
) -> None:
    for x, y in places:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)
