"""Draw the markers of clouds again at their own size: slivers beside them are markers that were missed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitizer.evidence import ByteImage, Mask, Trace
from digitizer.stages.checks.second_reading import see_color
from digitizer.stages.series.fits.shapes import POLYGONS, outline_distance
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import FloatImage, Ink

# Ink this far (px) beyond a marker's outline is its rim; where JPEG smears it, so far.
RIM_PX = 1.0
SMEARED_PX = 2.0
FAR_PX = 1000.0
# A sliver holds this share of a marker's ink at least: eight of nine drawn panels of clouds that lack markers
# show some, one of twelve that are right does (with twice as much seven, and none).
SLIVER = 0.06
# A pixel is of a colour that covers this share of it.
OWN = 0.35
# Clouds of more markers are not drawn again: it takes longer than it tells (a tenth of a second).
MOST_MARKERS = 1500


def count_slivers(
    ink: Ink, traces: Sequence[Trace], drawn: Sequence[ByteImage], stems: ByteImage
) -> tuple[float, ...]:
    """For each trace how many pieces of its colour lie beside its markers, as a share of these.

    Parameters
    ----------
    ink
        The panel's ink.
    traces
        All traces; 0 is told of those that are no clouds.
    drawn
        Where each is drawn, with a margin, shape of the ink; of clouds their markers alone are left out.
    stems
        Where the error bars of all of them are drawn, with a margin: these are no markers' slivers.

    Notes
    -----
    A marker that lies under others shows a sliver. What the redrawing with its margins explains hides it;
    here each marker is drawn at its own size.
    """
    rim = RIM_PX if ink.noise < CLEAN else SMEARED_PX
    are_clouds = [t.kind == "scatter" and 0 < t.x_px.size <= MOST_MARKERS for t in traces]
    covers = [
        _away(ink, t) <= rim if is_cloud else d > 0
        for t, d, is_cloud in zip(traces, drawn, are_clouds, strict=True)
    ]
    bare = ~(np.any([stems > 0, *covers], axis=0) | ink.hidden)
    return tuple(
        _slivers(ink, t, bare) if is_cloud else 0.0 for t, is_cloud in zip(traces, are_clouds, strict=True)
    )


def _slivers(ink: Ink, trace: Trace, beside: Mask) -> float:
    left = np.where(beside, see_color(ink, trace, beside.astype(np.uint8)), np.float32(0.0))
    n, labels = cv2.connectedComponents((left > OWN).astype(np.uint8), connectivity=8)
    mass = np.bincount(labels.ravel(), weights=left.ravel(), minlength=n)[1:]
    area = np.pi / 4 * max(trace.marker_size_px, 1.0) ** 2
    return float(np.count_nonzero(mass >= SLIVER * area)) / trace.x_px.size


def _away(ink: Ink, trace: Trace) -> FloatImage:
    """How far (px) each pixel is from the nearest marker's outline; far where none is near."""
    away = np.full(ink.strength.shape, FAR_PX, dtype=np.float32)
    kind = trace.marker if trace.marker in POLYGONS else "circle"
    size = max(trace.marker_size_px / 2, 1.0)
    reach = int(np.ceil(1.5 * size + SMEARED_PX)) + 1
    seen = np.isfinite(trace.x_px + trace.y_px)
    for x, y in zip(trace.x_px[seen] - ink.left, trace.y_px[seen] - ink.top, strict=True):
        top, left = max(0, round(y) - reach), max(0, round(x) - reach)
        part = away[top : max(0, round(y) + reach + 1), left : max(0, round(x) + reach + 1)]
        rows, columns = np.indices(part.shape)
        part[...] = np.minimum(part, outline_distance(kind, columns + left - x, rows + top - y, size))
    return away
