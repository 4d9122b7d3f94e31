"""Read the figures of a PDF document one by one; ``read_paper`` is the recipe."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chartscribe.papers.dashes import join_dashes
from chartscribe.papers.open import is_damaged, open_pdf
from chartscribe.papers.paths import find_paths
from chartscribe.papers.regions import Box, find_regions, has_drawings
from chartscribe.papers.texts import (
    Line,
    caption_of,
    find_captions,
    labels_of,
    prose_of,
    read_lines,
    texts_of,
)
from digitizer.drawing import Drawing, DrawnLine, DrawnPath
from digitizer.errors import InputError
from digitizer.evidence import Box as PixelBox
from digitizer.model import Figure, Frame, Source
from digitizer.notices import make_notice
from digitizer.units import Units, in_units

if TYPE_CHECKING:
    from PIL import Image

    from digitizer.hints import Hints
    from digitizer.ocr import OcrEngine
    from digitizer.stages.text.printed import Printed

# A drawing is rendered this wide: as wide as a good screenshot, so that labels of 6 points have 20 pixels.
RENDERED_WIDTH_PX = 1200
LEAST_SCALE, MOST_SCALE = 2.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which figures of a document are asked for, counted from 1; None for all."""

    page: int | None = None
    figure: int | None = None


def read_paper(
    content: bytes,
    *,
    name: str,
    ocr: OcrEngine = "ppocr",
    hints: Hints | None = None,
    choice: Choice = Choice(),
) -> Iterator[Figure]:
    """Yield the figures of a PDF document with charts in them, page by page.

    Parameters
    ----------
    content : bytes
        The document.
    name : str
        What the figure documents call it.
    ocr, hints
        As for :func:`chartscribe.digitize`.
    choice : Choice
        Which page, and which figure of a page.

    Yields
    ------
    Figure
        Its ``source`` has the page, the figure's number on it, its place in points and its caption. An
        embedded picture is read in its own pixels, a drawing from a rendering of its part of the page.

    Raises
    ------
    InputError
        Where the document cannot be opened, or has no such page.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    repaired = (make_notice("document-repaired"),) if is_damaged(content) else ()
    read = functools.partial(_digitize, name=name, ocr=ocr, hints=hints)
    with open_pdf(content, name) as document:
        n_pages = len(document)
        if choice.page is not None and not 1 <= choice.page <= n_pages:
            raise InputError(name, f"has no page {choice.page}", f"give one of 1 to {n_pages}")
        for number in [choice.page] if choice.page is not None else range(1, n_pages + 1):
            page = document[number - 1]
            try:
                for count, figure in enumerate(_read_page(page, number, read), start=1):
                    if choice.figure in (None, count):
                        source = replace(figure.source, sha256=sha256, figure=count)
                        yield replace(figure, source=source, warnings=repaired + figure.warnings)
                    if count == choice.figure:
                        break
            finally:
                page.close()


def figure_name(figure: Figure) -> str:
    """What tells a figure from the others of its document: ``page-003-figure-1``."""
    return f"page-{figure.source.page or 0:03d}-figure-{figure.source.figure}"


def blank_figure(content: bytes, name: str) -> Figure:
    """The figure of a document in which there is none."""
    with open_pdf(content, name) as document:
        width, height = document[0].get_size()
    source = Source(
        name=name, sha256=hashlib.sha256(content).hexdigest(), width=round(width), height=round(height)
    )
    return Figure(source=source, warnings=(make_notice("no-panels"),))


def _read_page(page: Any, number: int, read: Callable[..., Figure | None]) -> Iterator[Figure]:
    """Yield what charts a page has, with their places and captions."""
    if not has_drawings(page):
        return
    lines = read_lines(page)
    captions = find_captions(lines)
    regions = find_regions(
        page,
        labels_of(lines, captions),
        prose_of(lines, captions),
        key=functools.partial(caption_of, captions=captions),
    )
    for region in regions:
        if region.image is not None:
            figure = read(_embedded(region.image, is_plain=region.is_plain))
        else:
            rendering = _render(page, region.box)
            with texts_of(page) as text_at:
                figure = read(
                    rendering.picture,
                    printed=lambda box: text_at(rendering.on_page(box)),  # noqa: B023
                    drawn=Drawing(
                        paths=tuple(map(rendering.in_pixels, join_dashes(find_paths(page, region.box)))),
                        lines=tuple(map(rendering.line, (line for line in lines if line.plain))),
                    ),
                )
            if figure is not None:
                figure = in_units(figure, rendering.units(page.get_size()))
        if figure is not None:
            caption = caption_of(region.box, captions)
            source = replace(figure.source, page=number, box=_frame(region.box), caption=caption)
            yield replace(figure, source=source)


def _digitize(
    picture: Image.Image,
    *,
    name: str,
    ocr: OcrEngine,
    hints: Hints | None,
    printed: Printed | None = None,
    drawn: Drawing | None = None,
) -> Figure | None:
    """Read a picture; None where it is no chart: a photograph, a logo, a diagram."""
    from digitizer.hints import NO_HINTS
    from digitizer.pipeline import digitize

    try:
        figure = digitize(
            picture,
            name=name,
            recogniser=ocr,
            hints=hints or NO_HINTS,
            printed=printed,
            drawn=drawn or Drawing(),
        )
    except InputError:
        return None  # too small, or of a kind of pixels that is not read
    return figure if figure.panels else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rendering:
    """A part of a page as pixels: a point (x, y) of the page is at (x * across - left, y * down - top)."""

    picture: Image.Image
    across: float
    down: float
    left: float
    top: float

    def in_pixels(self, path: DrawnPath) -> DrawnPath:
        """A path of the page in pixels, the centre of the first one at (0, 0)."""
        origin = path.origin
        if origin is not None:
            origin = origin[0] * self.across - self.left, origin[1] * self.down - self.top
        return replace(
            path,
            x=path.x * self.across - self.left,
            y=path.y * self.down - self.top,
            origin=origin,
            unit=(self.across, self.down),
        )

    def units(self, whole: tuple[float, float]) -> Units:
        """How its pixels lie on a page of this size (points)."""
        return Units(
            across=self.across,
            down=self.down,
            left=self.left,
            top=self.top,
            whole=(round(whole[0]), round(whole[1])),
            rendered=self.picture.size,
        )

    def line(self, line: Line) -> DrawnLine:
        """A line of text of the page in pixels."""
        box = PixelBox(
            left=line.box.left * self.across - self.left,
            top=line.box.top * self.down - self.top,
            right=line.box.right * self.across - self.left,
            bottom=line.box.bottom * self.down - self.top,
        )
        return DrawnLine(text=line.text, box=box, upright=line.upright)

    def on_page(self, box: PixelBox) -> Box:
        """A box of pixels in points of the page."""
        return Box(
            left=(box.left + self.left) / self.across,
            top=(box.top + self.top) / self.down,
            right=(box.right + self.left) / self.across,
            bottom=(box.bottom + self.top) / self.down,
        )


def _render(page: Any, box: Box) -> _Rendering:
    width, height = page.get_size()
    scale = min(max(RENDERED_WIDTH_PX / box.width, LEAST_SCALE), MOST_SCALE)
    crop = (box.left, height - box.bottom, width - box.right, box.top)
    # As pypdfium2 does it: the page is drawn on whole pixels, and whole pixels are cut off.
    return _Rendering(
        picture=page.render(scale=scale, crop=crop).to_pil().convert("RGB"),
        across=math.ceil(width * scale) / width,
        down=math.ceil(height * scale) / height,
        left=math.ceil(box.left * scale) + 0.5,
        top=math.ceil(box.top * scale) + 0.5,
    )


def _embedded(image: Any, *, is_plain: bool) -> Image.Image:
    """An embedded picture's own pixels; rendered where it is masked or turned, which may cost a pixel."""
    return _on_white(image.get_bitmap(render=not is_plain, scale_to_original=True).to_pil())


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if "A" not in image.getbands():
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _frame(box: Box) -> Frame:
    return Frame(left=box.left, top=box.top, right=box.right, bottom=box.bottom)
