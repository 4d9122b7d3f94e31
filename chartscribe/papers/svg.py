"""SVG drawings as pictures, rendered with nothing from outside the file: no fonts, files or entities."""

from __future__ import annotations

from importlib import resources
from typing import Any
from xml.etree import ElementTree

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


def render_svg(content: bytes, shown: str) -> bytes:
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
    return bytes(rendered)


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
