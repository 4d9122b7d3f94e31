"""A coverage map as vertical runs of ink, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import quantile
from digitizer.stages.pixels.ink_box import ink_box
from digitizer.stages.series.inks.ink import FloatImage

IndexArray = NDArray[np.intp]

# Ink starts where a stroke covers this much of a pixel; half a hairline between two rows is above it.
ON = 0.28
# Beside a run so many pixels are looked at.
AROUND = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """Vertical runs of ink, sorted by column, then row; sub-pixel edges in crop coordinates.

    ``cut_top`` and ``cut_bottom`` tell that another stroke or hidden ground touches the run there, so
    that its edge is not its own. ``unsure`` is a deviation (px) beside what the edges tell: of guessed runs.
    """

    column: NDArray[np.intp]
    top: FloatArray
    bottom: FloatArray
    center: FloatArray
    mass: FloatArray
    cut_top: Mask
    cut_bottom: Mask
    unsure: FloatArray

    @property
    def count(self) -> int:
        return int(self.column.size)

    def take(self, index: NDArray[np.intp]) -> Runs:
        """Some of the runs, in the order of ``index``."""
        return Runs(
            column=self.column[index],
            top=self.top[index],
            bottom=self.bottom[index],
            center=self.center[index],
            mass=self.mass[index],
            cut_top=self.cut_top[index],
            cut_bottom=self.cut_bottom[index],
            unsure=self.unsure[index],
        )


def join_runs_of(one: Runs, other: Runs) -> Runs:
    """The runs of two maps as one, by column."""
    order = np.argsort(np.r_[one.column, other.column], kind="stable")
    column, top, bottom, center, mass, cut_top, cut_bottom, unsure = (
        np.concatenate([getattr(one, f), getattr(other, f)])[order]
        for f in ("column", "top", "bottom", "center", "mass", "cut_top", "cut_bottom", "unsure")
    )
    return Runs(
        column=column, top=top, bottom=bottom, center=center, mass=mass,
        cut_top=cut_top, cut_bottom=cut_bottom, unsure=unsure,
    )  # fmt: skip


def find_runs(alpha: FloatImage, blocked: Mask, bridge: Mask | None = None) -> Runs:
    """Find each column's runs of coverage, with edges measured by the coverage beside them.

    Parameters
    ----------
    alpha
        Coverage (height, width).
    blocked
        Pixels where the stroke may be hidden: other strokes, text.
    bridge
        Pixels of strokes drawn on top: runs that they part are one run.
    """
    rows, columns = ink_box(alpha > 0, AROUND)
    width, height = columns.stop - columns.start, rows.stop - rows.start
    columns_first = np.ascontiguousarray(alpha[rows, columns].T)
    column, start, stop = _spans(columns_first > ON, None if bridge is None else bridge[rows, columns].T)
    total = np.zeros((width, height + 1))
    np.cumsum(columns_first, axis=1, out=total[:, 1:])
    moment = np.zeros((width, height + 1))
    at = np.arange(rows.start, rows.stop, dtype=np.float32)
    np.cumsum(columns_first * at, axis=1, dtype=np.float64, out=moment[:, 1:])
    same = column[1:] == column[:-1]
    low = np.maximum(start - AROUND, np.where(np.r_[False, same], np.r_[0, stop[:-1]], 0))
    high = np.minimum(stop + AROUND, np.where(np.r_[same, False], np.r_[start[1:], height], height))
    mass = total[column, high] - total[column, low]
    centroid = (moment[column, high] - moment[column, low]) / np.maximum(mass, 1e-6)
    # Long runs are full but for two rows at each end.
    is_long = stop - start >= 4
    inner_low, inner_high = np.minimum(start + 2, height), np.maximum(stop - 2, 0)
    first, last = start + rows.start, stop + rows.start
    top = np.where(
        is_long, first + 1.5 - (total[column, inner_low] - total[column, low]), centroid - mass / 2
    )
    bottom = np.where(
        is_long, last - 2.5 + (total[column, high] - total[column, inner_high]), centroid + mass / 2
    )
    beside = np.zeros((width, height + 4), dtype=bool)
    beside[:, 2:-2] = blocked[rows, columns].T
    return Runs(
        column=column + columns.start,
        top=top,
        bottom=bottom,
        center=np.where(is_long, (top + bottom) / 2, centroid),
        mass=np.where(is_long, np.maximum(mass, bottom - top), mass),
        cut_top=beside[column, start + 1] | beside[column, start],
        cut_bottom=beside[column, stop + 2] | beside[column, stop + 3],
        unsure=np.zeros(column.size),
    )


def guess_width(runs: Runs, alpha: FloatImage) -> float:
    """A stroke's width (px) before any path is known: runs down and across, whichever are the shorter."""
    alpha = alpha[ink_box(alpha > 0, AROUND)]
    row, start, stop = _spans(alpha > ON, None)
    total = np.zeros((alpha.shape[0], alpha.shape[1] + 1))
    np.cumsum(alpha, axis=1, dtype=np.float64, out=total[:, 1:])
    across = total[row, np.minimum(stop + 1, alpha.shape[1])] - total[row, np.maximum(start - 1, 0)]
    return float(max(1.0, min(quantile(runs.mass, 0.2), quantile(across, 0.2))))


def _spans(on: Mask, bridge: Mask | None) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Column, first row and row past the last of each run; runs parted by bridged pixels alone are joined."""
    width, height = on.shape
    edged = np.zeros((width, height + 2), dtype=bool)
    edged[:, 1:-1] = on
    # Columns begin and end without ink: by turns it begins and ends.
    flips = np.flatnonzero(edged[:, 1:] != edged[:, :-1])
    column, start = np.divmod(flips[::2], height + 1)
    stop = flips[1::2] % (height + 1)
    if bridge is None or column.size < 2:
        return column, start, stop
    bridged = np.zeros((width, height + 1), dtype=np.int32)
    np.cumsum(bridge, axis=1, out=bridged[:, 1:])
    gap = start[1:] - stop[:-1]
    inside = bridged[column[:-1], np.maximum(start[1:], stop[:-1])] - bridged[column[:-1], stop[:-1]]
    # Anti-aliased rims between two strokes belong to neither: two pixels of them are let pass.
    join = (column[1:] == column[:-1]) & (inside > 0) & (inside >= gap - 2)
    return column[np.r_[True, ~join]], start[np.r_[True, ~join]], stop[np.r_[~join, True]]
