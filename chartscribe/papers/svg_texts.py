"""The texts of an SVG drawing by where they stand in its rendering."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digitizer.drawing import DrawnLine
    from digitizer.evidence import Box

# A drawing says where a text starts, ends or has its middle, and its baseline, and not how wide its letters
# are. Descenders, side bearings and other baselines move ink by less than this share of the font's size.
REACH = 0.6
# How a text is anchored, as the share of its length before its anchor.
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
# A direction is level or upright where its other part is below this.
STRAIGHT = 0.01
# Opacities of what does not show.
NO_OPACITY = ("0", "0.0", "0%")
# Texts are measured at this size (px).
FONT_SIZE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnText:
    """A text with its anchor in pixels of the rendering.

    ``along`` is the direction that it runs in, as a unit vector of level or upright direction; ``before``
    the share of its length before the anchor; ``size`` the font's size in pixels. ``hidden`` ones are kept by
    the drawing and do not show, as labels of ticks for which there was no room (Vega).
    """

    text: str
    x: float
    y: float
    along: tuple[float, float]
    before: float
    size: float
    hidden: bool = False

    def distance(self, box: Box) -> float:
        """How far the anchor is from where it would be, were this the text in the box; in font sizes."""
        right, down = self.along
        # The ends of the box that the text starts and ends at, and the side that its letters stand on.
        if right:
            first, last = (box.left, box.right) if right > 0 else (box.right, box.left)
            foot = box.bottom if right > 0 else box.top
            misses = self.x - (first + self.before * (last - first)), self.y - foot
        else:
            first, last = (box.top, box.bottom) if down > 0 else (box.bottom, box.top)
            foot = box.left if down > 0 else box.right
            misses = self.y - (first + self.before * (last - first)), self.x - foot
        return max(abs(miss) for miss in misses) / self.size


def find_texts(parsed: Any, x_scale: float, y_scale: float) -> Iterator[DrawnText]:
    """The texts of a parsed drawing that run level or upright; pixels are ``x_scale`` of its own a unit."""
    import svgelements

    for element in parsed.elements():
        if not isinstance(element, svgelements.Text) or not (element.text or "").strip():
            continue
        matrix = element.transform
        right, down = matrix.a * x_scale, matrix.b * y_scale
        length = math.hypot(right, down)
        if not length or min(abs(right), abs(down)) > STRAIGHT * length or element.anchor not in _BEFORE:
            continue
        x, y = matrix.point_in_matrix_space((element.x, element.y))
        is_level = abs(right) > abs(down)
        yield DrawnText(
            text=" ".join(element.text.split()),
            x=x * x_scale - 0.5,
            y=y * y_scale - 0.5,
            along=(math.copysign(1.0, right), 0.0) if is_level else (0.0, math.copysign(1.0, down)),
            before=_BEFORE[element.anchor],
            size=float(element.font_size) * length,
            hidden=element.values.get("opacity") in NO_OPACITY,
        )


def placed_lines(texts: Sequence[DrawnText], font_path: str) -> tuple[DrawnLine, ...]:
    """The level texts with the boxes of their ink, as the font that they are rendered in has it."""
    from PIL import ImageFont

    from digitizer.drawing import DrawnLine
    from digitizer.evidence import Box

    font = ImageFont.truetype(font_path, FONT_SIZE)
    lines = []
    for text in texts:
        if text.along != (1.0, 0.0) or not text.text:
            continue
        scale = text.size / FONT_SIZE
        left, top, right, bottom = (v * scale for v in font.getbbox(text.text, anchor="ls"))
        start = text.x - text.before * font.getlength(text.text) * scale
        box = Box(left=start + left, top=text.y + top, right=start + right, bottom=text.y + bottom)
        lines.append(DrawnLine(text=text.text, box=box))
    return tuple(lines)


def text_at(texts: Sequence[DrawnText]) -> Callable[[Box], str]:
    """What gives the text that would have its ink in a box, "" where there is none."""

    def find(box: Box) -> str:
        best = min(texts, key=lambda text: text.distance(box), default=None)
        return best.text if best is not None and best.distance(box) <= REACH else ""

    return find
