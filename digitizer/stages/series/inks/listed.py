"""The full colours of a legend's entries, whose thin samples anti-aliasing pales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry
from digitizer.stages.pixels.blends import share_along
from digitizer.stages.series.inks.ink import Ink

# A thin line's sample in the legend has at least this share of its colour (0.75 on white at 1 px) and differs
# in hue by less than this (RGB units); paired palettes (tab20) pale their second colour to 0.4.
FADED = 0.7
FADED_OFF = 6.0
# Drawn lines are fuller than their sample by this factor at least. Of the full colour so many pixels are seen
# to this share, and so many times those of the sample's; no other entry's colour is near it (RGB units).
FULLER = 1.08
SAME_SHARE = 0.03
FEWEST_FULL = 30
MORE_FULL = 1.5
OTHERS = 30.0
# Tick marks reach into the panel by less than this share of its smaller side (0.021 in paper styles).
TICKS_SHARE = 0.03


def with_full_colors(
    legend: tuple[LegendEntry, ...], background: tuple[int, int, int]
) -> tuple[LegendEntry, ...]:
    """The legend with the colours of thin samples as strong as those of thick ones of the same hue.

    Anti-aliasing and JPEG pale the sample of a thin line beside that of a marker of the same colour.
    """
    full = []
    for entry in legend:
        color = entry.color
        for other in legend:
            if color is None or other.color is None or other.color == color:
                continue
            share, off = share_along(color, other.color, background)
            if FADED < share < 1.0 and np.linalg.norm(off) < FADED_OFF:
                color = other.color
        full.append(replace(entry, color=color))
    return tuple(full)


def as_drawn(legend: tuple[LegendEntry, ...], ink: Ink) -> tuple[LegendEntry, ...]:
    """The legend with the colours of bare lines as full as the panel shows them.

    A sample of two pixels that lies across three rows has three quarters of its colour, the line in the panel
    all of it here and there.
    """
    ground = ink.usual_ground.astype(np.float64)
    lines = [e for e in legend if e.color is not None and e.line_style != "none" and e.marker == "none"]
    if not lines:
        return legend
    # Tick marks that point inwards are fuller than a dark line, and no line's.
    beside = max(1, round(TICKS_SHARE * min(ink.height, ink.width)))
    inside = (slice(beside, -beside), slice(beside, -beside))
    off = (ink.rgb[inside][ink.strength[inside] > ink.floor] - ground).astype(np.float64)
    return tuple(_as_drawn(e, legend, off, ground) if e in lines else e for e in legend)


def _as_drawn(
    entry: LegendEntry, legend: tuple[LegendEntry, ...], off: FloatArray, ground: FloatArray
) -> LegendEntry:
    own = np.asarray(entry.color, dtype=np.float64) - ground
    length = max(float(own @ own), 1.0)
    share = off @ own / length
    mine = share[(np.linalg.norm(off - share[:, None] * own, axis=1) < FADED_OFF) & (share <= 1 / FADED)]
    if mine.size < FEWEST_FULL:
        return entry
    counts, edges = np.histogram(mine[mine >= FULLER], bins=np.arange(FULLER, 1 / FADED + 0.02, 0.01))
    full = float(edges[int(np.argmax(counts))]) + 0.005
    n_full = int((np.abs(mine - full) <= SAME_SHARE).sum())
    n_pale = int((np.abs(mine - 1.0) <= SAME_SHARE).sum())
    if n_full < max(FEWEST_FULL, MORE_FULL * n_pale):
        return entry
    color = ground + full * own
    others = [e for e in legend if e.color is not None and e.color != entry.color]
    if any(float(np.linalg.norm(np.asarray(e.color) - color)) < OTHERS for e in others):
        return entry
    red, green, blue = (round(float(v)) for v in np.clip(color, 0, 255))
    return replace(entry, color=(red, green, blue))
