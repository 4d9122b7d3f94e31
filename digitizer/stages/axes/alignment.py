"""What grid the ticks of a panel were put on: pixels, larger ones, or none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.medians import median

# Ticks that were drawn where they belong are this even (px, rms beyond the fit; 0.01 to 0.12 on let's-plot,
# ggplot2 and plotly); rounding to whole pixels leaves 0.29, times what the picture was rescaled by.
EVEN_PX = 0.13
FEWEST = 4
# Places whose fractions of a pixel are spread this much (one less their resultant length) are on no pixel
# grid; alike ones (whole pixels apart) say nothing.
SPREAD = 0.3
ALIKE = 0.05
# Device pixels a pixel of the renderer, where it is drawn at more than one; so many ticks of both axes, all
# this near (px) the middle of such a pixel, are no chance (none of 250 panels drawn
# otherwise) where those of the other panels are there too: of ten panels with six ticks one was by chance.
# Strokes at one and a half lie between pixels and are measured worse (0.06 px, 0.18 at a frame's corner: all
# but one of 32 such Vega charts are told, whose axes stood half a pixel off, and none of 390 other figures).
COARSE = (2.0, 3.0, 1.5)
FEWEST_COARSE = 6
ON_GRID_PX = 0.15
BETWEEN_PX = 0.2
# At most this share of them stands elsewhere (a grid line and the minor tick beside it taken for one mark):
# four of 50 Vega charts at two and three were not told for one tick in twenty, of 660 others none.
STRAYS = 0.1
# Ticks at exactly even steps tell but their first place and their step: six of them 57 px apart
# lie on pixels of three as often as any two numbers do (MUI). All that is told is this seldom chance.
MOST_BY_CHANCE = 1 / 16
NO_TICKS = np.zeros(0)


def find_grains(panels: Sequence[tuple[FloatArray, FloatArray]], sharp: Sequence[bool] = ()) -> list[float]:
    """The grain of each panel of a figure (see :func:`find_grain`).

    Parameters
    ----------
    panels
        Where labels stand at marks along the x and the y axis of each panel (source px).
    sharp
        Whether the marks of each are strokes of one pixel: no renderer draws finer than its own pixels.

    Notes
    -----
    One program draws all panels: where ticks of one that has enough of them were rounded, those of another
    stand evenly by chance (4 of 150 axes of rescaled pictures, off by half a pixel for that).
    """
    every = list(panels)
    grains = []
    for k, (x_px, y_px) in enumerate(every):
        others = [px for panel in every[:k] + every[k + 1 :] for px in panel]
        coarse = not (sharp and sharp[k])
        grains.append(find_grain(x_px, y_px, np.concatenate([NO_TICKS, *others]), coarse=coarse))
    rounded = any(
        grain == 1.0 and min(px.size for px in panel) >= FEWEST
        for grain, panel in zip(grains, every, strict=True)
    )
    return [1.0 if grain == 0.0 and rounded else grain for grain in grains]


def find_grain(
    x_px: FloatArray, y_px: FloatArray, others: FloatArray = NO_TICKS, *, coarse: bool = True
) -> float:
    """The pixels (px of the source) to multiples of which the ticks of two axes were put; 0 for none.

    Parameters
    ----------
    x_px, y_px
        Where labels stand at marks along each axis (source px).
    others
        Those of the figure's other panels: none is drawn on larger pixels than they are.
    coarse
        Whether larger pixels than the picture's are possible.
    """
    if coarse and x_px.size + y_px.size >= FEWEST_COARSE:
        every = np.concatenate([x_px, y_px, others])
        for grain in COARSE:
            place = (every + 0.5) / grain - 0.5
            told = _n_told(x_px) + _n_told(y_px)
            n_off = int(np.count_nonzero(np.abs(place - np.round(place)) * grain >= _reach(grain)))
            # As logarithms: a figure of 25 panels has 200 marks, half of which may be off.
            chance = n_off * np.log(every.size) + (told - n_off) * np.log(_chance(grain))
            if n_off <= STRAYS * every.size and chance <= np.log(MOST_BY_CHANCE):
                return grain
    return 0.0 if are_unsnapped(x_px, y_px) else 1.0


def _reach(grain: float) -> float:
    """How near (px) the middle of a pixel of ``grain`` its ticks are measured."""
    return ON_GRID_PX if grain.is_integer() else BETWEEN_PX


def _chance(grain: float) -> float:
    """How often a place that has nothing to do with such a middle is as near one."""
    return 1 / grain if grain.is_integer() else 2 * BETWEEN_PX / grain


def _n_told(px: FloatArray) -> int:
    """How many numbers the places of an axis' ticks amount to: evenly spaced ones to two."""
    steps = np.diff(np.sort(px))
    even = steps.size > 1 and float(np.ptp(steps)) < ON_GRID_PX
    return 2 if even else int(px.size)


def are_unsnapped(x_px: FloatArray, y_px: FloatArray) -> bool:
    """Whether the ticks of both axes stand evenly, and at all fractions of a pixel.

    Parameters
    ----------
    x_px, y_px
        Where labels stand at marks along each axis (source px).

    Notes
    -----
    A picture that was rescaled shows snapped ticks at fractions of a pixel too, and evenly where they were
    whole pixels apart; that both axes are is no chance.
    """
    spreads = [_spread(np.sort(px)) for px in (x_px, y_px)]
    told = [s for s in spreads if s is not None and (s < ALIKE or s > SPREAD)]
    return len(told) == 2 and max(told) > SPREAD


def _spread(px: FloatArray) -> float | None:
    """How far the fractions of a pixel of evenly spaced ticks are spread; None where they are not even."""
    if px.size < FEWEST or _unevenness(px) > EVEN_PX:
        return None
    return float(1.0 - np.abs(np.exp(2j * np.pi * px).mean()))


def _unevenness(px: FloatArray) -> float:
    """Deviation (px) of places from even steps, some of which may be missing."""
    steps = np.diff(px)
    number = np.round((px - px[0]) / max(median(steps), 1.0))
    if np.any(np.diff(number) < 1):
        return np.inf
    miss = px - np.polyval(np.polyfit(number, px, 1), number)
    return float(np.sqrt(np.square(miss).sum() / (px.size - 2)))
