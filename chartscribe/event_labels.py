"""Where the words beside marked events go: inside the panel, and none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOR = "#b35900"
FONT_POINTS = 7.5
# A letter's usual width and a line's height, in sizes of the font.
LETTER = 0.56
LINE = 1.25
# How far from its event a label may stand, in points: near it first.
DISTANCES = (9.0, 20.0, 31.0, 42.0)


class LabelPlaces:
    """Finds room for the labels of one panel, whose layout must be settled."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._taken: list[tuple[float, float, float, float]] = []

    def write(self, axes: Axes, text: str, x: float, y: float, *, up: bool) -> bool:
        """Write a label over (``up``) or under a point, or the other way; False where there is no room."""
        dpi = float(axes.figure.dpi)
        unit = dpi / 72
        width, height = LETTER * FONT_POINTS * len(text) * unit, LINE * FONT_POINTS * unit
        across, along = (float(value) for value in axes.transData.transform((x, y)))
        frame = self._axes.bbox
        low, high = float(frame.x0) + width / 2, float(frame.x1) - width / 2
        middle = min(max(across, low), high) if low < high else across
        for distance in DISTANCES:
            for sign in (1, -1) if up else (-1, 1):
                centre = along + sign * (distance * unit + height / 2)
                box = middle - width / 2, centre - height / 2, middle + width / 2, centre + height / 2
                inside = frame.y0 <= box[1] and box[3] <= frame.y1
                if inside and not any(_overlap(box, other) for other in self._taken):
                    self._taken.append(box)
                    offset = (middle - across) / unit, (centre - along) / unit
                    axes.annotate(
                        text,
                        (x, y),
                        xytext=offset,
                        textcoords="offset points",
                        ha="center",
                        va="center",
                        fontsize=FONT_POINTS,
                        color=COLOR,
                        # What is settled stays so.
                        in_layout=False,
                    )
                    return True
        return False


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
