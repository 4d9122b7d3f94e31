"""Tell the samples that show a marker several times at differing heights, as old Matplotlib has of clouds."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray

# A pixel that is covered so far is ink.
INK = 0.4
# So many markers, this large (px) at least, as wide as high and alike to this (px).
FEWEST, MOST = 2, 4
SMALLEST_PX = 4
UNLIKE_PX = 1
# Dashes and dots of a line stand at one height; markers differ by this (px; as drawn 0.19 of a letter: 1.5).
APART_PX = 0.75

Blob = tuple[slice, slice]


def find_scattered(coverage: FloatArray) -> list[Blob]:
    """The markers (rows, columns) of a sample that shows a cloud; none where it is of another kind.

    ``coverage`` holds the sample's ink in [0, 1] (rows, columns).
    """
    columns = np.flatnonzero(coverage.max(axis=0, initial=0.0) > INK)
    if not columns.size:
        return []
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    if not FEWEST <= len(runs) <= MOST:
        return []
    blobs = []
    for run in runs:
        rows = np.flatnonzero(coverage[:, run].max(axis=1) > INK)
        blobs.append((slice(int(rows[0]), int(rows[-1]) + 1), slice(int(run[0]), int(run[-1]) + 1)))
    sizes = np.array([[part.stop - part.start for part in blob] for blob in blobs])
    middles = [(rows.start + rows.stop) / 2 for rows, _ in blobs]
    alike = np.ptp(sizes) <= UNLIKE_PX and sizes.min() >= SMALLEST_PX
    return blobs if alike and np.ptp(middles) >= APART_PX else []
