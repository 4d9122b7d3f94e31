"""Makes the README's picture: a chart, its overlay and its description, side by side.

Run from the checkout: ``python docs/images/make_hero.py``.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw

import chartscribe
from digitizer.overlay.canvas import load_font, printable

ROOT = Path(__file__).parents[2]
CHART = ROOT / "fixtures" / "drawn" / "reference" / "chart.png"
COLUMN_PX = 900
TEXT_PX = 760
GAP_PX = 24
LINE_PX = 19
CHARACTERS = 98


def main() -> None:
    """Write ``hero.png`` beside this script."""
    figure = chartscribe.digitize(CHART)
    pictures = [fit(Image.open(CHART).convert("RGB")), fit(figure.overlay())]
    height = sum(picture.height for picture in pictures) + 3 * GAP_PX
    page = Image.new("RGB", (COLUMN_PX + TEXT_PX + 3 * GAP_PX, height), (238, 240, 243))
    top = GAP_PX
    for picture in pictures:
        page.paste(picture, (GAP_PX, top))
        top += picture.height + GAP_PX
    text = draw_text(chartscribe.describe(figure).to_markdown(), height - 2 * GAP_PX)
    page.paste(text, (COLUMN_PX + 2 * GAP_PX, GAP_PX))
    page.save(Path(__file__).with_name("hero.png"), optimize=True)


def fit(picture: Image.Image) -> Image.Image:
    """The picture at the column's width."""
    return picture.resize(
        (COLUMN_PX, round(picture.height * COLUMN_PX / picture.width)), Image.Resampling.LANCZOS
    )


def draw_text(markdown: str, height: int) -> Image.Image:
    """The description as a page of text, cut off where the page ends."""
    sheet = Image.new("RGB", (TEXT_PX, height), "white")
    draw = ImageDraw.Draw(sheet)
    top = GAP_PX // 2
    for paragraph in re.sub(r" *<!--.*?-->", "", markdown).splitlines():
        heading = paragraph.startswith("#")
        plain = printable(paragraph.lstrip("# ").replace("**", ""))
        if heading:
            top += LINE_PX // 2
        for line in textwrap.wrap(
            plain, CHARACTERS, subsequent_indent="  " if plain.startswith("- ") else ""
        ):
            if top + LINE_PX > height - LINE_PX:
                draw.text((GAP_PX, top), "…", fill=(90, 90, 90), font=load_font(1.0))
                return sheet
            draw.text(
                (GAP_PX, top), line, fill=(0, 70, 140) if heading else (40, 40, 40), font=load_font(1.0)
            )
            top += LINE_PX
        top += 4 if plain else 0
    return sheet


if __name__ == "__main__":
    main()
