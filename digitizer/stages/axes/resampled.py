"""Pictures that were resampled: their ticks stand on the pixels of the picture that was drawn.

Renderers put ticks on whole pixels. Where a picture is made larger or smaller afterwards, all ticks of all
its panels stand on one lattice, whose step is the ratio of two whole widths (of two heights along y). A dozen
ticks tell which: those of resampled real figures, by 0.75 to 1.5 and under JPEG, stand within 0.1 px of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Picture
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# How well a tick's place is measured (px), and how many are measured badly.
MEASURED_PX = 0.07
ASTRAY = 0.08
# By what pictures are reduced and enlarged.
SMALLEST, LARGEST = 0.45, 3.0
# Strokes of odd width have their middles on whole pixels, of even width between two.
PHASES = (0.0, 0.5)
# The likelihood is that of the lattice against places anywhere, and against all other ratios; logarithms. Of
# 112 resampled copies of real figures 51 have as much, all by the right ratio; with 16 and 4 three of 56 are
# wrong. So many places along either direction are needed.
LEAST, SURE = 18.0, 6.0
FEWEST = 3
# Ratios nearer than this are one: they differ by less than a pixel of most pictures.
SAME = 0.0025
# The sides that carry axes along x.
LEVEL = ("top", "bottom")
# Ticks that are as evenly spaced (px) tell but their first and their last place: rounded ones are uneven by a
# whole step of the lattice.
EVEN_PX = 0.35
# Marks nearer than this are one; those within this many deviations of the lattice are put on it.
SAME_PX = 0.5
BESIDE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """By what a picture was resampled along an axis, and whether its ticks stand on or between pixels."""

    ratio: float
    phase: float

    def nearest(self, px: FloatArray) -> FloatArray:
        """The place on the lattice nearest to each place (px)."""
        drawn = (px + 0.5) / self.ratio - 0.5 - self.phase
        return np.asarray((np.round(drawn) + self.phase + 0.5) * self.ratio - 0.5)


def put_on_lattice(axes: Sequence[PanelAxes], picture: Picture) -> tuple[PanelAxes, ...]:
    """Put the ticks of a resampled picture where they were drawn, and tell by what it was resampled."""
    found = find_lattices(axes, picture.width, picture.height)
    if found is None:
        return tuple(axes)

    def put(axis: AxisEvidence) -> AxisEvidence:
        lattice = found[0] if axis.side in LEVEL else found[1]
        near = lattice.nearest(axis.label_px)
        on = (axis.label_sigma_px <= MARK_SIGMA_PX) & (np.abs(near - axis.label_px) < BESIDE * MEASURED_PX)
        return replace(axis, label_px=np.where(on, near, axis.label_px), grain=1.0, enlarged=lattice.ratio)

    return tuple(a.changed(put) for a in axes)


def find_lattices(axes: Sequence[PanelAxes], width: int, height: int) -> tuple[Lattice, Lattice] | None:
    """The lattices that the ticks along x and along y stand on, where the picture was resampled; else None.

    Parameters
    ----------
    axes
        The axes of all panels of the picture (px).
    width, height
        The picture's size (px).
    """
    known = [axis for panel in axes for axis in panel.every]
    if any(a.grain > 1 or a.drawn or a.enlarged != 1.0 for a in known):
        return None
    x, y = (_places(axes, [a for a in known if (a.side in LEVEL) is level], level) for level in (True, False))
    if min(x.size, y.size) < FEWEST:
        return None
    widths = np.arange(int(np.ceil(width / LARGEST)), int(width / SMALLEST) + 1)
    heights = np.arange(int(np.ceil(height / LARGEST)) - 1, int(height / SMALLEST) + 2)
    of_x, phase_x = _likelihood(x, width / widths)
    of_y, phase_y = _likelihood(y, height / heights)
    # Heights are rounded one way or the other.
    near = np.round(height * widths / width).astype(int)[:, None] + np.arange(-1, 2) - heights[0]
    near = np.clip(near, 0, heights.size - 1)
    both = of_x + of_y[near].max(axis=1)
    best = int(np.argmax(both))
    others = both[np.abs(widths / widths[best] - 1) > SAME]
    if both[best] < LEAST or abs(widths[best] / width - 1) < SAME:
        return None
    if np.logaddexp.reduce(others - both[best]) > -SURE:
        return None
    row = int(near[best][np.argmax(of_y[near[best]])])
    return (
        Lattice(ratio=width / int(widths[best]), phase=float(phase_x[best])),
        Lattice(ratio=height / int(heights[row]), phase=float(phase_y[row])),
    )


def _places(axes: Sequence[PanelAxes], known: Sequence[AxisEvidence], level: bool) -> FloatArray:
    """Where ticks and drawn sides stand, each place once, and of evenly spaced ticks the outer two."""
    every = [np.sort(a.label_px[a.label_sigma_px <= MARK_SIGMA_PX]) for a in known]
    told = [px[[0, -1]] if px.size > 2 and np.ptp(np.diff(px)) < EVEN_PX else px for px in every]
    ends = ("left", "right") if level else ("top", "bottom")
    sides = [getattr(a.frame.box, end) for a in axes for end in ends if end in a.frame.sides]
    px = np.sort(np.concatenate([*told, np.array(sides, dtype=np.float64)]))
    return np.asarray(px[np.r_[np.ones(min(px.size, 1), dtype=bool), np.diff(px) > SAME_PX]])


def _likelihood(px: FloatArray, ratios: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How much likelier places are on lattices of some ratios than anywhere (log), and the likelier phase."""
    told = []
    for phase in PHASES:
        drawn = (px[None, :] + 0.5) / ratios[:, None] - 0.5 - phase
        off = (drawn - np.round(drawn)) * ratios[:, None]
        peak = ratios[:, None] / (MEASURED_PX * np.sqrt(2 * np.pi))
        dense = peak * np.exp(-0.5 * np.square(off / MEASURED_PX))
        told.append(np.log(ASTRAY + (1 - ASTRAY) * dense).sum(axis=1))
    both = np.array(told)
    return np.asarray(both.max(axis=0)), np.asarray(PHASES)[both.argmax(axis=0)]
