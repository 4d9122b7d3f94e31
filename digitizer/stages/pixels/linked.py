"""Which of some things hang together by pairs of them that do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def lowest_linked(n: int, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.intp]:
    """The lowest index that each of some things hangs together with, through any number of pairs: shape (n,).

    ``first`` and ``second`` are the indices of each pair.
    """
    # Each points at the lowest index it can reach so far, until all of a group point at its lowest.
    root = np.arange(n)
    while (root[first] != root[second]).any():
        np.minimum.at(root, root[first], root[second])
        np.minimum.at(root, root[second], root[first])
        root = root[root]
    return root
