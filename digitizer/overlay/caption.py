"""The strip below the picture: for each panel its status, texts, scales, series and warnings in words."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from PIL import Image, ImageDraw

from digitizer.model import Axis, Figure, Notice, Panel, Series
from digitizer.overlay.canvas import Color, load_font, printable
from digitizer.overlay.colors import (
    CHROME,
    FAINT,
    STATUS_COLORS,
    TEXT,
    TROUBLE,
    WHITE,
    contrasting_colors,
    parse_color,
)
from digitizer.overlay.panel import letter

LINE_HEIGHT = 19
COLUMN_WIDTH = 560
MARGIN = 10

KEY = (
    "Two squares: the colour that was read, and the colour it has above."
    " Orange: what is in doubt, with its letter, and ink that no series explains."
)
# Characters of this mean width fit a line.
CHARACTER_WIDTH = 6.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    color: Color = TEXT
    badge: Color | None = None
    label: str = ""
    swatches: tuple[Color, ...] = ()
    indent: int = 0


def draw_caption(figure: Figure, width: int, unit: float = 1.0) -> Image.Image:
    """Draw the strip, ``width`` pixels wide, as high as it needs to be, its texts ``unit`` times as large."""
    has_block = bool(figure.warnings or not figure.panels)
    n_columns = max(min(int(width / unit) // COLUMN_WIDTH, has_block + len(figure.panels)), 1)
    n_characters = int((width / unit / n_columns - 2 * MARGIN - 24) / CHARACTER_WIDTH)
    blocks = [_figure_block(figure, n_characters)] if has_block else []
    for number, panel in enumerate(figure.panels, start=1):
        blocks.append(_panel_block(number, panel, n_characters))
    rows = [blocks[start : start + n_columns] for start in range(0, len(blocks), n_columns)]
    if figure.panels:
        rows.append(
            [[_Line(text=line, color=FAINT) for line in wrap(KEY, int(width / unit / CHARACTER_WIDTH))]]
        )
    heights = [max(map(len, row)) * LINE_HEIGHT + MARGIN for row in rows]
    strip = Image.new("RGB", (width, round((sum(heights) + MARGIN) * unit)), "white")
    draw = ImageDraw.Draw(strip)
    draw.line((0, 0, width, 0), fill=FAINT)
    top = MARGIN
    for row, height in zip(rows, heights, strict=True):
        column_width = width / unit / len(row)
        for column, block in enumerate(row):
            for index, line in enumerate(block):
                at = column * column_width + MARGIN, top + index * LINE_HEIGHT
                _draw_line(draw, line, at, column_width - 2 * MARGIN, unit)
        top += height
    return strip


def _draw_line(
    draw: ImageDraw.ImageDraw, line: _Line, at: tuple[float, float], width: float, unit: float
) -> None:
    """Draw one line at ``at``, cut off beyond ``width``; both are in units."""
    font = load_font(unit)
    x, y = at[0] * unit, at[1] * unit
    end = x + width * unit
    x += line.indent * unit
    if line.badge:
        box = (x, y - unit, x + draw.textlength(line.label, font=font) + 8 * unit, y + 16 * unit)
        draw.rounded_rectangle(box, radius=3 * unit, fill=line.badge)
        draw.text((x + 4 * unit, y), line.label, fill=WHITE, font=font)
        x = box[2] + 8 * unit
    for swatch in line.swatches:
        draw.rectangle((x, y + 2 * unit, x + 12 * unit, y + 12 * unit), fill=swatch, outline=FAINT)
        x += 16 * unit
    draw.text((x, y), _fit(draw, printable(line.text), end - x, unit), fill=line.color, font=font)


def _fit(draw: ImageDraw.ImageDraw, text: str, width: float, unit: float) -> str:
    """The text, its end cut off where it is too long for the column."""
    font = load_font(unit)
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "...", font=font) > width:
        text = text[: -max(len(text) // 20, 1)]
    return text + "..."


def _figure_block(figure: Figure, n_characters: int) -> list[_Line]:
    lines = [_Line(text=figure.title or figure.source.name)]
    return lines + _warnings(figure.warnings, n_characters)


def _panel_block(number: int, panel: Panel, n_characters: int) -> list[_Line]:
    title = f'"{panel.title}"' if panel.title is not None else "no title"
    lines = [_Line(text=title, label=f"{number} {panel.status}", badge=STATUS_COLORS[panel.status])]
    for name, axis in (("x", panel.x_axis), ("y", panel.y_axis), ("y2", panel.y2_axis)):
        if axis is not None:
            lines.append(_Line(text=_axis_words(name, axis), color=CHROME))
    colors = contrasting_colors([series.color for series in panel.series])
    for series, color in zip(panel.series, colors, strict=True):
        lines.append(_Line(text=_series_words(series), swatches=(parse_color(series.color), color)))
    if not panel.series:
        lines.append(_Line(text="no series", color=TROUBLE))
    return lines + _warnings(panel.warnings, n_characters)


def _axis_words(name: str, axis: Axis) -> str:
    words = [f'{name}: "{axis.label}"' if axis.label is not None else f"{name}: no label"]
    words.append(axis.scale)
    if axis.limits is not None:
        words.append(" to ".join(_limits(axis.limits)) + (f" {axis.unit}" if axis.unit else ""))
    words.append(f"{len(axis.ticks)} ticks")
    if axis.residual_px is not None:
        words.append(f"off by {axis.residual_px:.2f} px")
    return ", ".join(words)


def _limits(limits: tuple[float, float] | tuple[str, str]) -> list[str]:
    numbers = [limit for limit in limits if not isinstance(limit, str)]
    if not numbers:
        return [str(limit) for limit in limits]
    # What is nothing beside the span is the rounding error of a zero.
    span = abs(numbers[1] - numbers[0])
    return ["0" if abs(number) < 1e-9 * span else f"{number:.5g}" for number in numbers]


def _series_words(series: Series) -> str:
    name = f'"{series.name}"' if series.name is not None else "no name"
    words = [series.color_name]
    words.append(f"{series.line_style} {series.kind}" if series.kind == "line" else series.kind)
    if series.marker != "none":
        words.append(series.marker)
    if series.axis == "y2":
        words.append("right axis")
    known = series.y_sigma[np.isfinite(series.y_sigma)]
    sigma = f", ±{np.median(known):.2g}" if len(known) else ""
    return f"{name}: {', '.join(words)}, {len(series.x)} points ({series.sampled_at}){sigma}"


def _warnings(notices: tuple[Notice, ...], n_characters: int) -> list[_Line]:
    """The warnings in full, each behind its letter."""
    lines = []
    for index, notice in enumerate(notices):
        first, *more = wrap(f"{notice.message} ({notice.code})", max(n_characters, 20))
        lines.append(_Line(text=first, color=TROUBLE, badge=TROUBLE, label=letter(index)))
        lines += [_Line(text=line, color=TROUBLE, indent=24) for line in more]
    return lines
