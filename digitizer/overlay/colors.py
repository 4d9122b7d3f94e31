"""The overlay's colours: what was read stands out from what was drawn, and trouble from both."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Status
from digitizer.overlay.canvas import Color

CHROME: Color = (0, 110, 125)
TROUBLE: Color = (255, 72, 0)
WHITE: Color = (255, 255, 255)
TEXT: Color = (40, 40, 40)
FAINT: Color = (140, 140, 140)
STATUS_COLORS: dict[Status, Color] = {
    "ok": (26, 127, 55),
    "suspect": (184, 98, 0),
    "unreadable": (207, 34, 46),
}

# Dark or saturated enough to be seen on a paled source, and none of them near CHROME or TROUBLE.
_PALETTE: tuple[Color, ...] = (
    (0, 70, 235),
    (215, 0, 110),
    (0, 130, 40),
    (120, 25, 205),
    (110, 65, 10),
    (25, 25, 25),
    (165, 0, 20),
    (0, 60, 110),
    (200, 0, 220),
    (95, 85, 0),
)


def contrasting_colors(drawn: Sequence[str]) -> list[Color]:
    """For each drawn colour (``#rrggbb``) a palette colour far from it, all different while they last."""
    left: list[Color] = []
    chosen = []
    for text in drawn:
        left = left or list(_PALETTE)
        source = parse_color(text)
        best = max(left, key=lambda color: _distance(color, source))
        left.remove(best)
        chosen.append(best)
    return chosen


def parse_color(text: str) -> Color:
    """From ``#rrggbb`` to numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _distance(one: Color, other: Color) -> float:
    # Paling takes the depth out of the drawn colour: only differences between its channels remain,
    # so hues are compared rather than brightness.
    mean_one, mean_other = sum(one) / 3, sum(other) / 3
    return sum(((a - mean_one) - (b - mean_other)) ** 2 for a, b in zip(one, other, strict=True))
