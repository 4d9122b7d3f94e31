"""What the panels of one figure tell about each other's series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import Trace

Color = tuple[int, int, int]

# Colours of one series agree to this Lab distance from panel to panel (JPEG included).
SAME_COLOR = 14.0
# A colour is a figure's own where more than this share of the other panels show it, and at least two do.
USUAL_SHARE = 0.6
FEWEST_SIBLINGS = 2


def find_missing_colors(traces: Sequence[tuple[Trace, ...]]) -> tuple[tuple[Color, ...], ...]:
    """For each panel the series colours that most other panels show and this one does not.

    Notes
    -----
    In a grid of panels drawn by one loop every panel holds the same series. Where one of them is not seen in
    one panel, another line covers it: nothing in that panel alone can tell.
    """
    return tuple(_missing_in(k, traces) for k in range(len(traces)))


def _missing_in(k: int, traces: Sequence[tuple[Trace, ...]]) -> tuple[Color, ...]:
    others = [panel for i, panel in enumerate(traces) if i != k and panel]
    if len(others) < FEWEST_SIBLINGS or not traces[k]:
        return ()
    missing: list[Color] = []
    for color in (trace.color for panel in others for trace in panel):
        if _shows(traces[k], color) or _is_near(color, missing):
            continue
        n_showing = sum(_shows(panel, color) for panel in others)
        if n_showing >= FEWEST_SIBLINGS and n_showing > USUAL_SHARE * len(others):
            missing.append(color)
    return tuple(missing)


def _shows(panel: tuple[Trace, ...], color: Color) -> bool:
    return _is_near(color, [trace.color for trace in panel])


def _is_near(color: Color, colors: Sequence[Color]) -> bool:
    if not colors:
        return False
    lab = to_lab(np.array([color, *colors], dtype=np.float64))
    return bool(np.linalg.norm(lab[1:] - lab[0], axis=1).min() < SAME_COLOR)
