"""SVG drawings as pictures, rendered with nothing from outside the file: no fonts, files or entities.

Their strokes say exactly where what the picture shows has been drawn.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import numpy as np

from chartscribe.papers.paths import MOST_VERTICES
from chartscribe.papers.svg_shapes import find_shapes
from chartscribe.papers.svg_texts import DrawnText, find_texts, placed_lines
from digitizer.drawing import Drawing, DrawnPath
from digitizer.errors import InputError

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
class Rendered:
    """A rendered drawing: its PNG file, its paths and texts in pixels, and its size in its own units."""

    png: bytes
    drawn: Drawing
    texts: tuple[DrawnText, ...]
    size: tuple[float, float]


def render_svg(content: bytes, shown: str) -> Rendered:
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
        return _with_paths(bytes(rendered), drawing, str(path))


def _with_paths(png: bytes, drawing: str, font: str) -> Rendered:
    """The drawing with paths and texts; without where it is not understood: the picture tells enough."""
    import svgelements

    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    size = (float(width), float(height))
    paths: list[DrawnPath] = []
    texts: tuple[DrawnText, ...] = ()
    # Elements that use each other in circles, units that do not exist: the library raises what it likes.
    with contextlib.suppress(Exception):
        parsed = svgelements.SVG.parse(io.StringIO(drawing), reify=False)
        size = (float(parsed.width), float(parsed.height))
        unit = (width / size[0], height / size[1])
        texts = tuple(find_texts(parsed, *unit))
        view = parsed.viewbox
        if view is not None and view.width and view.height:
            size = (float(view.width), float(view.height))
        n_vertices = 0
        for path in find_shapes(parsed, unit):
            n_vertices += len(path.x)
            if n_vertices > MOST_VERTICES:
                paths.clear()
                break
            paths.append(path)
    anchors = np.array([(text.x, text.y) for text in texts]).reshape(-1, 2)
    shown = tuple(text for text in texts if not text.hidden)
    hidden = placed_lines([text for text in texts if text.hidden], font)
    drawn = Drawing(paths=tuple(paths), anchors=anchors, placed=placed_lines(shown, font), hidden=hidden)
    return Rendered(png=png, drawn=drawn, texts=shown, size=size)


def _without_references(content: bytes, shown: str) -> ElementTree.Element:
    """The drawing without what it refers to outside itself, every path with a course."""
    if b"<!ENTITY" in content:
        raise InputError(shown, "is an SVG drawing with entities, which are not followed", _REMEDY)
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(shown, f"is a damaged SVG drawing ({error})", "get the file again") from error
    for element in root.iter():
        # A path without a course (plotly) draws nothing, and the library that follows paths stops at it.
        if element.tag.rpartition("}")[2] == "path" and "d" not in element.attrib:
            element.set("d", "")
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
