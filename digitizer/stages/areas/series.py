"""Make series of filled areas: their edges as bands, and lines where an area's edge is its only line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.areas.band_edges import find_band_edges, path_at
from digitizer.stages.areas.find import Filled, IntArray, is_level

# Left-overs of a rim have the area's colour (largest channel) and are short (share of the area's width).
RIM_COLOR = 25
RIM_SHARE = 0.2
# A line runs along an edge, or two edges are one, within this (px) over this share of its columns.
ALONG_PX = 4.0
ALONG_SHARE = 0.6
OUTLINE_SHARE = 0.85
# ... and its ends may be further out (px) than the fill's.
END_PX = 4.0
# A seam of two fills is a blend of both (largest channel; translucent fills leave lighter or darker ones) and
# lies this near (px) to their edges over this share of its points.
SEAM_COLOR = 45.0
SEAM_PX = 2.0
SEAM_SHARE = 0.85
# The grid's lines show through translucent areas: this share of a line's points lies on them.
ON_GRID_SHARE = 0.75
# ... and spots where they cross stand at this share of all crossings.
LATTICE_SHARE = 0.75
# What is left of a rim jumps from edge to edge; a line in the band's own colour runs elsewhere.
ON_EDGES_SHARE = 0.6
# Edge of a fill by coverage, on drawn bands (px).
EDGE_SIGMA = 0.15


def to_bands(filled: Filled, lines: Sequence[Trace]) -> tuple[Trace, ...]:
    """The bands among the areas as traces in source pixels; ``y_low_px`` is the lower edge on the page.

    Where a band is so narrow that the line inside it hides it, its edges are the line.
    """
    traces = []
    for area in filled.areas:
        if area.is_span:
            continue
        x, low, high = find_band_edges(filled, area, lines)
        r, g, b = (round(float(v)) for v in area.color)
        traces.append(
            Trace(
                kind="band",
                color=(r, g, b),
                x_px=x,
                y_px=(low + high) / 2,
                sigma_px=np.full(x.size, EDGE_SIGMA),
                sampled_at="columns",
                line_style="none",
                line_width_px=float(np.median(low - high)),
                y_low_px=low,
                y_high_px=high,
            )
        )
    return tuple(traces)


def on_outlines(bands: Sequence[Trace], lines: Sequence[Trace]) -> tuple[Trace, ...]:
    """The bands with their value edge on the line that is drawn along it, which is known better."""
    return tuple(_on_outline(band, bands, lines) for band in bands)


def _on_outline(band: Trace, bands: Sequence[Trace], lines: Sequence[Trace]) -> Trace:
    edge = _value_edge(band, bands)
    if edge is None or band.y_low_px is None or band.y_high_px is None:
        return band
    for line in lines:
        if line.kind != "line" or _share_along(line.x_px, line.y_px, band.x_px, edge) < OUTLINE_SHARE:
            continue
        # The rim of the first and the last column is lighter: the area ends where its line does.
        ends = line.x_px[np.isfinite(line.y_px)][[0, -1]]
        added = ends[(ends < band.x_px[0]) & (ends > band.x_px[0] - END_PX)]
        x = np.concatenate([added, band.x_px, ends[(ends > band.x_px[-1]) & (ends < band.x_px[-1] + END_PX)]])
        along = path_at(line.x_px, line.y_px, x)
        exact = np.where(np.isfinite(along), along, np.interp(x, band.x_px, edge))
        is_upper = edge is band.y_high_px
        other = np.interp(x, band.x_px, band.y_low_px if is_upper else band.y_high_px)
        high, low = (exact, other) if is_upper else (other, exact)
        sigma = np.full(x.size, EDGE_SIGMA)
        return replace(band, x_px=x, sigma_px=sigma, y_high_px=high, y_low_px=low, y_px=(high + low) / 2)
    return band


def without_rims(lines: Sequence[Trace], bands: Sequence[Trace]) -> tuple[Trace, ...]:
    """The lines apart from what is left of rims: short pieces and edges in an area's colour."""
    return tuple(line for line in lines if not any(_is_rim(line, band) for band in bands))


def _is_rim(line: Trace, band: Trace) -> bool:
    alike = max(abs(a - b) for a, b in zip(line.color, band.color, strict=True)) <= RIM_COLOR
    if not alike or band.y_low_px is None or band.y_high_px is None:
        return False
    if float(np.ptp(line.x_px)) < RIM_SHARE * float(np.ptp(band.x_px)):
        return True
    seen = np.isfinite(line.y_px)
    away = _away(line.x_px[seen], line.y_px[seen], band.x_px, (band.y_low_px, band.y_high_px))
    return bool(np.mean(away <= SEAM_PX) >= ON_EDGES_SHARE)


def without_seams(lines: Sequence[Trace], filled: Filled) -> tuple[Trace, ...]:
    """The lines apart from those that run along edges of areas in a blend of the colours on both sides."""
    return tuple(line for line in lines if not (_is_mixed(line, filled) and _is_on_edges(line, filled)))


def without_grid(lines: Sequence[Trace], filled: Filled, rows: FloatArray) -> tuple[Trace, ...]:
    """The lines apart from what shows of the grid through areas, in a shade of their colours.

    That is level lines of it, at the places ``rows`` (source px), and darker spots where its lines cross.
    """
    return tuple(
        line
        for line in lines
        if not ((_is_on_rows(line, rows) or _is_lattice(line)) and _is_mixed(line, filled, shade=True))
    )


def _is_lattice(cloud: Trace) -> bool:
    """Whether points stand wherever some rows and columns cross, in two of each at least."""
    if cloud.kind != "scatter":
        return False
    row, column = (_places(at) for at in (cloud.y_px, cloud.x_px))
    n_rows, n_columns = row.max() + 1, column.max() + 1
    crossings = np.unique(row * n_columns + column).size
    return bool(min(n_rows, n_columns) >= 2 and crossings >= LATTICE_SHARE * n_rows * n_columns)


def _places(at: FloatArray) -> IntArray:
    """The number of the place along an axis that each point stands at."""
    order = np.argsort(at)
    numbers = np.empty(at.size, dtype=np.intp)
    numbers[order] = np.concatenate([[0], np.cumsum(np.diff(at[order]) > SEAM_PX)])
    return numbers


def _is_on_rows(line: Trace, rows: FloatArray) -> bool:
    y = line.y_px[np.isfinite(line.y_px)]
    if not len(rows) or line.sampled_at == "markers":
        return False
    return bool(np.mean(np.abs(y[:, None] - rows).min(axis=1) <= SEAM_PX) >= ON_GRID_SHARE)


def _is_mixed(line: Trace, filled: Filled, *, shade: bool = False) -> bool:
    """Whether a line's colour lies between two of the ground and the areas, or is a ``shade`` of such."""
    colors = [filled.ground, *(area.color for area in filled.areas)]
    for k, one in enumerate(colors):
        for other in colors[k + 1 :]:
            step = other - one
            share = float(np.clip((np.asarray(line.color) - one) @ step / max(float(step @ step), 1.0), 0, 1))
            off = np.asarray(line.color) - one - share * step
            if float(np.abs(off - (off.mean() if shade else 0.0)).max()) <= SEAM_COLOR:
                return True
    return False


def _is_on_edges(line: Trace, filled: Filled) -> bool:
    """Whether most of a line's points lie on edges of areas, to the width of a rim."""
    seen = np.isfinite(line.y_px)
    x, y = line.x_px[seen] - filled.left, line.y_px[seen] - filled.top
    aways = [_away(x, y, a.columns, (a.top[a.columns], a.bottom[a.columns])) for a in filled.areas]
    away = np.min(aways, axis=0)
    return bool(np.mean(away <= SEAM_PX) >= SEAM_SHARE)


def _away(
    x: FloatArray, y: FloatArray, columns: FloatArray | IntArray, edges: tuple[FloatArray, ...]
) -> FloatArray:
    """How far points are from the nearest of some edges (px, across the edge)."""
    away = np.full(x.size, np.inf)
    for edge in edges:
        at = np.interp(x, columns, edge, left=np.nan, right=np.nan)
        steep = np.abs(np.interp(x, columns, np.gradient(edge)))
        away = np.fmin(away, np.abs(at - y) / np.hypot(1.0, steep))
    return away


def outlines(bands: Sequence[Trace], lines: Sequence[Trace]) -> tuple[Trace, ...]:
    """The value edges of areas that stand on a baseline or on each other, where no line runs along them."""
    found = []
    for band in bands:
        edge = _value_edge(band, bands)
        if edge is None or any(_runs_along(line, band.x_px, edge) for line in lines):
            continue
        found.append(
            Trace(
                kind="line",
                color=band.color,
                x_px=band.x_px,
                y_px=edge,
                sigma_px=band.sigma_px,
                sampled_at="columns",
            )
        )
    return tuple(found)


def _value_edge(band: Trace, bands: Sequence[Trace]) -> FloatArray | None:
    """The edge that shows an area's values; None for a band around a line."""
    high, low = band.y_high_px, band.y_low_px
    if high is None or low is None:
        return None
    if is_level(low):
        return high
    if is_level(high):
        return low
    stands = any(
        other is not band
        and other.y_high_px is not None
        and _share_along(other.x_px, other.y_high_px, band.x_px, low) >= ALONG_SHARE
        for other in bands
    )
    return high if stands else None


def _runs_along(line: Trace, x: FloatArray, edge: FloatArray) -> bool:
    return line.kind == "line" and _share_along(line.x_px, line.y_px, x, edge) >= ALONG_SHARE


def _share_along(x: FloatArray, y: FloatArray, at: FloatArray, edge: FloatArray) -> float:
    """Share of an edge's columns near which a path runs."""
    with np.errstate(invalid="ignore"):
        along = path_at(x, y, at)
        away = np.abs(along - edge) / np.hypot(1.0, np.gradient(along, at))
        return float(np.mean(away <= ALONG_PX))
