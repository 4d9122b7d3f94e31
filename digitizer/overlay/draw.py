"""The overlay from a figure: the sheet with its panels, and the caption below."""

from __future__ import annotations

import numpy as np
from PIL import Image

from digitizer.evidence import ByteImage
from digitizer.model import Figure
from digitizer.overlay.canvas import LARGEST_SIDE_PX, Canvas
from digitizer.overlay.caption import draw_caption
from digitizer.overlay.colors import FAINT
from digitizer.overlay.panel import draw_notices, draw_readings, draw_scales
from digitizer.units import in_pixels


def draw_overlay(figure: Figure) -> Image.Image:
    """Draw what was read over the paled source picture, and say it in words below.

    Parameters
    ----------
    figure : Figure
        Where it has no pixel evidence (it was read from a document) the sheet stays white.

    Returns
    -------
    PIL.Image.Image
        RGB. The source is enlarged two or three times where it is small and shrunk where it is
        huge; a source pixel (x, y) lies at ((x + 0.5) f - 0.5, (y + 0.5) f - 0.5).
    """
    figure = in_pixels(figure)
    evidence = figure.extraction.panels if figure.extraction is not None else ()
    canvas = Canvas(_paper(figure))
    _draw_ignored(canvas, figure)
    for index, panel in enumerate(figure.panels):
        draw_scales(canvas, panel, evidence[index] if index < len(evidence) else None)
    canvas.lay_texts()
    for index, panel in enumerate(figure.panels):
        draw_readings(canvas, index + 1, panel)
    draw_notices(canvas, figure.warnings)
    sheet = canvas.finish()
    caption = draw_caption(figure, sheet.width, canvas.unit)
    whole = Image.new("RGB", (sheet.width, sheet.height + caption.height), "white")
    whole.paste(sheet, (0, 0))
    whole.paste(caption, (0, sheet.height))
    return whole


def _draw_ignored(canvas: Canvas, figure: Figure) -> None:
    """Cross out the regions that a hint said not to look at."""
    regions = figure.extraction.hints.ignore_regions if figure.extraction is not None else ()
    for region in regions:
        left, top, right, bottom = region.to_pixels(figure.source.width, figure.source.height)
        canvas.rectangle(left, top, right, bottom, FAINT)
        canvas.line((left, top), (right, bottom), FAINT)
        canvas.text((left, top), "ignored", FAINT, anchor="la", offset=(4, 4))


def _paper(figure: Figure) -> ByteImage:
    if figure.extraction is not None:
        return figure.extraction.picture.rgb
    # A document may claim any size: a blank sheet need not be larger than a drawn one.
    height, width = figure.source.height, figure.source.width
    if max(height, width) > LARGEST_SIDE_PX * 10:
        raise ValueError(f"a picture of {width} x {height} pixels is too large to draw")
    return np.full((height, width, 3), 255, dtype=np.uint8)
