"""How far vertices that nothing shows may be from where they were put: as far as seen ones would be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.medians import quantile

# So many seen stretches of one length tell how far a line strays from its chord.
FEWEST_STRETCHES = 8
# Errors' deviations are told by their 68 % quantile.
QUANTILE = 0.68


def widen_unseen(y: FloatArray, sigma: FloatArray, unseen: NDArray[np.bool_]) -> FloatArray:
    """Deviations with those of unseen vertices as large as the same guess is off elsewhere on the line.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Heights of a line's vertices by rising x; unseen ones lie on the chord between seen ones, or at the
        height of the last seen one.
    sigma : ndarray, shape (n,)
        Their deviations.
    unseen : ndarray of bool, shape (n,)
        Vertices that no ink shows, as under the texts of a legend.
    """
    at = np.flatnonzero(unseen)
    if not at.size or at.size == y.size:
        return sigma
    out = sigma.copy()
    for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
        n = run.size
        open_end = run[0] == 0 or run[-1] == y.size - 1
        # Stretches of as many vertices with the seen ones around them.
        length = n + 1 if open_end else n + 2
        if y.size < length:
            continue
        free = np.convolve(unseen, np.ones(length), "valid") == 0
        if np.count_nonzero(free) < FEWEST_STRETCHES:
            continue
        stretch = np.lib.stride_tricks.sliding_window_view(y, length)[free]
        if open_end:
            off = np.abs(stretch[:, 1:] - stretch[:, :1])
        else:
            share = np.arange(1, n + 1) / (n + 1)
            chord = stretch[:, :1] * (1 - share) + stretch[:, -1:] * share
            off = np.abs(stretch[:, 1:-1] - chord)
        out[run] = np.maximum(out[run], quantile(off, QUANTILE))
    return out
