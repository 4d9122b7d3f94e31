"""Markers of a line where the panel's other lines have theirs: most of them lie under those.

Where lines run close together the markers drawn first show as crescents, of which no shape is told. The
legend says that the line has markers, the other lines say where along x and how large they are. Small discs
on the legend's samples are missed: there it is the ink around most of these places that says so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Mask, Trace
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON

# Lines with fewer markers tell no places.
FEWEST = 4
# Half extents of markers of one size in points, in those of a disc (Matplotlib draws them so).
EXTENT = {"circle": 1.0, "square": 1.0, "diamond": 1.41, "triangle": 1.03}
# A disc has ink all around, so far from its middle (half extents); so many of these places are looked at.
RING, AROUND = 0.75, 16
# A marker is seen where this share of its ring is not hidden, and two are, at least; those seen have ink
# along this share of what is seen of their rings.
SEEN, FEWEST_SEEN, INKED = 0.25, 2, 0.9
# Right drawings have less than this share without ink, and less than this coverage error at their edges
# (two real ones of lines that part slowly have 0.01 and 0.01, and 0.06 and 0.09).
MISSING, ROUGH = 0.04, 0.19
# ... and cover this share of the colour's own ink.
COVERED = 0.95
# A crescent draws the line's course towards it: heights are looked for this far (half extents) up and down,
# of so many markers at most, since each look draws all of them; none where so much of the first drawing has
# no ink, which no looking mends.
LOOK, MOST_LOOKED, HOPELESS = 0.7, 24, 0.3
# Where the legend shows no marker, most rings around a line's course have ink along this share: a bare line
# is a quarter of a ring, a disc nearly all of it, where columns tell its middle to a pixel or two.
MOSTLY = 0.6


def share_marks(layers: list[Layer], found: list[list[Trace]]) -> list[list[Trace]]:
    """What was found of each layer, bare lines with the markers that the legend says they have."""
    marked = [t for traces in found for t in traces if t.kind == "line" and t.sampled_at == "markers"]
    donors = [t for t in marked if t.x_px.size >= FEWEST and t.marker in EXTENT]
    if not donors:
        return found
    donor = max(donors, key=lambda t: t.x_px.size)
    out = []
    for layer, traces in zip(layers, found, strict=True):
        lacking = len(traces) == 1 and len(layer.entries) == 1 and _lacks_markers(traces[0], layer.entries[0])
        better = _mark(layer, traces[0], donor) if lacking else None
        out.append(traces if better is None else [better])
    return out


def _lacks_markers(trace: Trace, entry: LegendEntry) -> bool:
    listed = (entry.marker == "none" or entry.marker in EXTENT) and entry.line_style != "none"
    return listed and trace.kind == "line" and trace.marker == "none"


def _mark(layer: Layer, trace: Trace, donor: Trace) -> Trace | None:
    """The line with markers where the donor has them; None where these are not the ink that is seen."""
    is_solid = layer.entries[0].line_style == "solid"
    listed = layer.entries[0].marker in EXTENT
    kind = layer.entries[0].marker if listed else donor.marker
    size = donor.marker_size_px / 2 / EXTENT[donor.marker] * EXTENT[kind]
    known = np.isfinite(trace.y_px)
    line_x, line_y = trace.x_px[known] - layer.ink.left, trace.y_px[known] - layer.ink.top
    x = donor.x_px[np.isfinite(donor.y_px)] - layer.ink.left
    x = x[(x > line_x[0] - size) & (x < line_x[-1] + size)]
    if x.size < FEWEST or np.any(np.diff(x) <= 0):
        return None
    if not listed:
        rings = _ring_shares(layer, np.stack([x, np.interp(x, line_x, line_y)], axis=1), size)
        if not rings.size or np.median(rings) < MOSTLY:
            return None
    pen = Pen(width=trace.line_width_px, marker=kind, size=size)
    # Dashes are no part of a drawing whose lines have no gaps.
    links = np.full(x.size - 1, is_solid)
    fit = _draw(layer, x, np.interp(x, line_x, line_y), pen, links)
    if fit.missing > MISSING or not _are_discs(layer, fit.centers, fit.pen.size):
        return None
    if is_solid and (fit.rms > ROUGH or fit.covered < COVERED * layer.own_ink):
        return None
    # Without lines between them nothing ties vertices to their markers.
    x, y = (fit.x, fit.y) if is_solid else fit.centers.T
    return replace(
        trace,
        x_px=x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=fit.sigma,
        sampled_at="markers",
        marker=kind,
        line_width_px=fit.pen.width,
        marker_size_px=2 * fit.pen.size,
    )


def _draw(layer: Layer, x: FloatArray, y: FloatArray, pen: Pen, links: Mask) -> Fit:
    """The best of the drawings that begin at the line's course or beside it, marker by marker."""
    best = refine_vertices(layer.alpha, layer.blocked, x, y, pen, joined=links)
    if x.size > MOST_LOOKED or best.missing > HOPELESS:
        return best
    for k in range(x.size):
        for side in (-1, 1):
            other = best.y.copy()
            other[k] += side * LOOK * pen.size
            fit = refine_vertices(layer.alpha, layer.blocked, best.x, other, best.pen, joined=links)
            best = min(best, fit, key=lambda drawn: drawn.surplus)
    return best


def _are_discs(layer: Layer, centers: FloatArray, size: float) -> bool:
    """Whether there is ink around each middle, off the line too, where it can be seen."""
    shares = _ring_shares(layer, centers, size)
    return bool(shares.size and np.all(shares >= INKED))


def _ring_shares(layer: Layer, centers: FloatArray, size: float) -> FloatArray:
    """The share with ink of each ring around a middle, as far as it is seen; none where few rings are."""
    turn = np.arange(AROUND) * 2 * np.pi / AROUND
    height, width = layer.alpha.shape
    columns = np.round(centers[:, :1] + RING * size * np.cos(turn)).astype(int)
    rows = np.round(centers[:, 1:] + RING * size * np.sin(turn)).astype(int)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    columns, rows = np.clip(columns, 0, width - 1), np.clip(rows, 0, height - 1)
    inked = layer.alpha[rows, columns] > ON
    open_ = inside & (~layer.blocked[rows, columns] | inked)
    seen = open_.mean(axis=1) >= SEEN
    if np.count_nonzero(seen) < FEWEST_SEEN:
        return np.zeros(0)
    return np.asarray((inked & open_).sum(axis=1)[seen] / open_.sum(axis=1)[seen])
