"""Markers on a dashed or dotted line of their colour: drawn alone, then joined by the dashes between them."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.fits.shapes import FILLED, INCENTER, name_of
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.markers.find import Blobs, MarkerShape
from digitizer.stages.series.paths.threads import thread_markers

# Places with this in common (mean squared coverage error; drawn markers have 0.002 to 0.008, dashes taken for
# squares 0.09 and 0.12) are markers of the legend's shape.
MISFIT = 0.03
# Less than this share of markers drawn alone is without ink (drawn ones 0.01).
MISSING = 0.05
# Around a marker its rim is no ink of the dashes, either (px).
RIM_PX = 1.5


def mark_dashed(
    layer: Layer, found: list[tuple[Blobs, MarkerShape]], width: float
) -> tuple[Trace | None, float]:
    """The dashed line's markers, joined by its dashes, and the ink of both; None where there are none.

    Parameters
    ----------
    layer
        A colour that stands for one line.
    found
        Places that may be markers, and what shape they have in common.
    width
        The line's (px).
    """
    entry = layer.entries[0]
    if entry.line_style in ("solid", "none") or entry.marker == "none":
        return None, 0.0
    for blobs, shape in found:
        if shape.misfit > MISFIT or shape.kind not in FILLED or name_of(shape.kind) != entry.marker:
            continue
        fit = _draw_alone(layer, blobs, shape, width)
        if fit is None or fit.missing > MISSING:
            continue
        left = _without(layer.alpha, fit.centers, fit.pen.size + RIM_PX)
        trace = thread_markers([_to_trace(layer, fit)], left, layer.blocked, (layer.ink.left, layer.ink.top))
        if trace is not None:
            return trace, float(layer.alpha[~layer.blocked].sum())
    return None, 0.0


def _draw_alone(layer: Layer, blobs: Blobs, shape: MarkerShape, width: float) -> Fit | None:
    """The markers drawn to the ink without a line between them; None where two stand at one place along x."""
    off_x, off_y = INCENTER.get(shape.kind, (0.0, 0.0))
    order = np.argsort(blobs.x, kind="stable")
    x, y = (blobs.x - off_x * shape.size)[order], (blobs.y - off_y * shape.size)[order]
    if np.any(np.diff(x) < 1.0):
        return None
    pen = Pen(width=width, marker=shape.kind, size=shape.size)
    return refine_vertices(layer.alpha, layer.blocked, x, y, pen, joined=np.zeros(x.size - 1, dtype=bool))


def _without(alpha: FloatImage, centers: FloatArray, radius: float) -> FloatImage:
    """The coverage without discs around some middles."""
    left = np.ascontiguousarray(alpha.copy())
    for x, y in centers:
        cv2.circle(left, (round(float(x)), round(float(y))), int(np.ceil(radius)), 0.0, -1)
    return left


def _to_trace(layer: Layer, fit: Fit) -> Trace:
    return Trace(
        kind="scatter",
        color=layer.rgb,
        x_px=fit.centers[:, 0] + layer.ink.left,
        y_px=fit.centers[:, 1] + layer.ink.top,
        sigma_px=np.hypot(fit.sigma, 0.03),
        sampled_at="markers",
        marker=name_of(fit.pen.marker),
        line_width_px=fit.pen.width,
        marker_size_px=2 * fit.pen.size,
    )
