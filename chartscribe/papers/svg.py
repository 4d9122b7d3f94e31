"""SVG drawings as pictures, rendered with nothing from outside the file: no fonts, files or entities.

Their strokes say exactly where what the picture shows has been drawn.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import numpy as np

from chartscribe.papers.paths import MOST_VERTICES, Polyline
from chartscribe.papers.sharpen import Grid
from chartscribe.papers.svg_texts import DrawnText, find_texts
from digitizer.errors import InputError
from digitizer.model import FloatArray

# Twice its own size, so that its smallest texts can be read; but no narrower than drawings of PDF documents
# are rendered, and no larger than what takes long to read.
SCALE, LEAST_WIDTH_PX, MOST_WIDTH_PX = 2.0, 1200, 3000
# A drawing this many times as high as wide is no chart, and its rendering would not end.
MOST_HEIGHTS = 8.0

_FAMILIES = ("font", "serif", "sans_serif", "cursive", "fantasy", "monospace")
_FAMILY = "DejaVu Sans"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_REMEDY = "save the chart as PNG and give that"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A rendered drawing: its PNG file, its strokes and texts in pixels, and where its units are in these."""

    png: bytes
    strokes: tuple[Polyline, ...]
    texts: tuple[DrawnText, ...]
    x_grid: Grid
    y_grid: Grid


def render_svg(content: bytes, shown: str) -> Drawing:
    """Render an SVG drawing into a PNG picture of twice its size, at least 1,200 pixels wide, on white.

    The same on every machine: texts are set in a font of our own, whatever the drawing asks for. What the
    drawing refers to outside itself is left out.

    Parameters
    ----------
    content : bytes
        The SVG file.
    shown : str
        What errors call it.

    Raises
    ------
    InputError
        Where it is no drawing that can be rendered.
    """
    import resvg_py

    root = _without_references(content, shown)
    drawing = ElementTree.tostring(root, encoding="unicode")
    families: Any = {f"{name}_family": _FAMILY for name in _FAMILIES}
    font = resources.files("digitizer.overlay") / "font" / "DejaVuSans-cut.ttf"
    with resources.as_file(font) as path:
        try:
            rendered = resvg_py.svg_to_bytes(
                svg_string=drawing,
                width=_rendered_width(root, shown),
                dpi=96.0,
                background="#ffffff",
                skip_system_fonts=True,
                font_files=[str(path)],
                **families,
            )
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise InputError(
                shown, f"is an SVG drawing that cannot be rendered ({reason})", _REMEDY
            ) from error
    return _with_strokes(bytes(rendered), drawing)


def _with_strokes(png: bytes, drawing: str) -> Drawing:
    """The drawing with strokes and texts; without where it is not understood: the picture tells enough."""
    import svgelements

    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    x_grid, y_grid = Grid(scale=1.0, offset=0.5), Grid(scale=1.0, offset=0.5)
    strokes: list[Polyline] = []
    texts: tuple[DrawnText, ...] = ()
    # Elements that use each other in circles, units that do not exist: the library raises what it likes.
    with contextlib.suppress(Exception):
        parsed = svgelements.SVG.parse(io.StringIO(drawing))
        x_grid = Grid(scale=width / float(parsed.width), offset=0.5)
        y_grid = Grid(scale=height / float(parsed.height), offset=0.5)
        texts = tuple(find_texts(parsed, x_grid.scale, y_grid.scale))
        n_vertices = 0
        for vertices, color in _polylines(parsed):
            n_vertices += len(vertices)
            if n_vertices > MOST_VERTICES:
                strokes.clear()
                break
            x, y = vertices.T
            strokes.append(Polyline(x=x * x_grid.scale - 0.5, y=y * y_grid.scale - 0.5, color=color))
    return Drawing(png=png, strokes=tuple(strokes), texts=texts, x_grid=x_grid, y_grid=y_grid)


def _polylines(parsed: Any) -> Iterator[tuple[FloatArray, tuple[int, int, int]]]:
    """The stroked parts without curves, in pixels of the drawing's own size, with their colours."""
    import svgelements

    for element in parsed.elements():
        if not isinstance(element, svgelements.Shape) or element.stroke.value is None:
            continue
        color = (element.stroke.red, element.stroke.green, element.stroke.blue)
        for part in svgelements.Path(element).as_subpaths():
            segments = list(part)
            kinds = (svgelements.Move, svgelements.Line, svgelements.Close)
            if len(segments) > 1 and all(isinstance(segment, kinds) for segment in segments):
                ends = [segment.end for segment in segments if segment.end is not None]
                yield np.array([(end.x, end.y) for end in ends], dtype=float), color


def _without_references(content: bytes, shown: str) -> ElementTree.Element:
    """The drawing without what it refers to outside itself."""
    if b"<!ENTITY" in content:
        raise InputError(shown, "is an SVG drawing with entities, which are not followed", _REMEDY)
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(shown, f"is a damaged SVG drawing ({error})", "get the file again") from error
    for element in root.iter():
        for name in _HREFS:
            target = element.get(name)
            if target is not None and not target.strip().startswith(("#", "data:")):
                del element.attrib[name]
    return root


def _rendered_width(root: ElementTree.Element, shown: str) -> int:
    """How wide to render the drawing; one that is far higher than wide is refused."""
    width, height = (_number(root.get(name)) for name in ("width", "height"))
    if width is None or height is None:
        box = [_number(part) for part in (root.get("viewBox") or "").replace(",", " ").split()]
        width, height = box[2:4] if len(box) == 4 else (None, None)
    if width and height and height > MOST_HEIGHTS * width:
        raise InputError(shown, f"is {height / width:.0f} times as high as wide", "cut out the chart")
    return int(min(max(SCALE * (width or 0.0), LEAST_WIDTH_PX), MOST_WIDTH_PX))


def _number(text: str | None) -> float | None:
    """The number at the beginning of a length; None where it is relative, or none."""
    if text is None or text.strip().endswith("%"):
        return None
    try:
        return float(text.strip().rstrip("abcdefghijklmnopqrstuvwxyz"))
    except ValueError:
        return None
