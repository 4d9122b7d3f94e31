"""Find the lines of a grid that areas cover: faint, but where the evenly spaced others say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray

# Lines of a grid stand at even places to this many pixels, and no nearer to each other than that many.
OFF_PLACE_PX = 1.0
MIN_STEP_PX = 8.0
# A line differs from what is on both of its sides (levels), which are alike to so much: under an area of half
# opacity the faintest grids differ by 4, JPEG ripple by 2.
MIN_CONTRAST = 2.5
SIDES_ALIKE = 8
# It does so in this share of most stretches of its length (dotted: 0.4), and more than what is beside it.
MIN_SHARE = 0.3
BESIDE_FACTOR = 2.0
# The stretches, and the share of them that may show less: series cover a line in places.
N_STRETCHES = 16
COVERED = 0.35


def complete_grid(inner: ByteImage, known: FloatArray, start: int, width: float) -> FloatArray:
    """The places of a grid's lines with those that are only seen against what they cross.

    Parameters
    ----------
    inner : ndarray, shape (along the lines, across them, 3)
        The panel's inside.
    known
        Places of lines that were found (px of the picture).
    start
        The place of the first column of ``inner``.
    width
        The width of drawn lines (px).
    """
    places, n_across = known - start, inner.shape[1]
    reach = int(np.ceil(width)) + 1
    margin = 3 * reach + 1
    rungs = rungs_of(places, 0.0, n_across - 1.0)
    within = rungs[(rungs > margin) & (rungs < n_across - 1 - margin)]
    missing = [rung for rung in within if not _is_near(places, rung)]
    if not missing:
        return known
    rows = inner.astype(np.int16)
    found = [at for rung in missing if (at := _line_near(rows, rung, reach)) is not None]
    return np.sort(np.append(known, [at + start for at in found if not _is_near(places, at)]))


def rungs_of(known: FloatArray, low: float, high: float) -> FloatArray:
    """The even places from ``low`` to ``high`` on which most of a grid's lines stand; none where none do."""
    step = _step(known)
    if step is None:
        return np.empty(0)
    origin = float(known[0])
    return origin + step * np.arange(np.ceil((low - origin) / step), np.floor((high - origin) / step) + 1)


def _is_near(places: FloatArray, at: float) -> bool:
    return bool(np.min(np.abs(places - at)) < MIN_STEP_PX / 2)


def _step(known: FloatArray) -> float | None:
    """The distance of neighbouring lines on which most lines stand that start at the first one."""
    if len(known) < 2:
        return None
    best: tuple[float, float] | None = None
    for step in np.diff(known):
        if step < MIN_STEP_PX:
            continue
        place = (known - known[0]) / step
        on = np.abs(place - np.round(place)) * step <= OFF_PLACE_PX
        # By chance a line stands on a narrow ladder more easily.
        score = float(np.count_nonzero(on)) * (1.0 - 2 * OFF_PLACE_PX / float(step))
        if best is None or score > best[0]:
            n_steps = float(np.round(place[on][-1]))
            best = score, float(known[on][-1] - known[0]) / max(n_steps, 1.0)
    return None if best is None or best[1] < MIN_STEP_PX else best[1]


def _line_near(inner: NDArray[np.int16], rung: float, reach: int) -> float | None:
    """The middle of a line near a place (columns of ``inner``); None where there is none."""
    middle = round(rung)
    columns = np.arange(middle - 2 * reach, middle + 2 * reach + 1)
    one, other = inner[:, columns - reach], inner[:, columns + reach]
    alike = np.abs(one - other).max(axis=2) <= SIDES_ALIKE
    offset = inner[:, columns].astype(np.float64) - (one.astype(np.float64) + other) / 2
    strongest = np.take_along_axis(offset, np.abs(offset).argmax(axis=2)[..., None], axis=2)[..., 0]
    strongest = np.where(alike, strongest, 0.0)
    shares = np.maximum(_share(strongest >= MIN_CONTRAST), _share(strongest <= -MIN_CONTRAST))
    center = 2 * reach
    near = slice(center - 2, center + 3)
    k = center - 2 + int(np.argmax(shares[near]))
    beside = np.delete(shares, np.arange(max(0, k - reach), k + reach + 1))
    if shares[k] < MIN_SHARE or shares[k] < BESIDE_FACTOR * float(beside.max(initial=0.0)):
        return None
    weight = np.abs(strongest[:, k - 1 : k + 2]).mean(axis=0)
    return float(columns[k] + (weight[2] - weight[0]) / weight.sum())


def _share(ink: NDArray[np.bool_]) -> FloatArray:
    """Share of each column that shows ink, in most stretches of it."""
    shares = np.stack([part.mean(axis=0) for part in np.array_split(ink, N_STRETCHES) if len(part)])
    return np.asarray(np.quantile(shares, COVERED, axis=0), dtype=np.float64)
