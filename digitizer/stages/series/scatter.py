"""Markers without a line: one trace a kind of marker."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Picture, Trace
from digitizer.stages.series.fits.shapes import FILLED, name_of
from digitizer.stages.series.inks.distinct import CLEAN, project
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.markers.parted import INK, part_markers
from digitizer.stages.series.markers.stacks import count_layers, measure_opacity
from digitizer.stages.series.markers.symbols import (
    Sample,
    Symbols,
    find_fullest,
    find_parts,
    find_symbols,
    legend_sample,
    name_symbol,
)
from digitizer.stages.series.paths.steps import has_one_a_step

# Kinds of markers of one colour, at most.
MAX_KINDS = 3
# Markers that explain less than this share of a layer's ink are no series of their own: dots of a line.
LEAST_SHARE = 0.1
# In heaps few stand alone: this many are enough where all that look like them explain this share of the ink.
MANY = 10
HEAPED_SHARE = 0.6
# Those hold this share of the ink: 0.05 where hollow markers lie thick as hay, 0.009 of bits of noisy lines.
LEAST_ALONE = 0.03
# Nothing but heaps of full markers is made up of clear shapes (bits of noisy lines: 0.03 at 4 px) this large
# (px) to this share.
FULL_MISFIT = 0.03
FULL_EXTENT = 5.0
FULL_SHARE = 0.9
# Half of them show this share of their outline; shapes fitted into dense noise show none (0.62 to 0).
OUTLINED = 0.4
# A piece that shows this share of its outline stands alone; dashes show half of a dot's.
ALONE = 0.8
# Each dash lies halfway between its two nearest, on a line. Of strewn markers a fifth does.
CHAINED = 0.4
# Specks: what a marker's mean picture may differ from the best shape; more where pieces that are all alike
# hold this share of the ink: dots in rings, letters.
MISFIT = 0.2
MISFIT_ALIKE = 0.35
ALIKE_SHARE = 0.6
# Dots of a dotted line follow each other at 2 to 4 of their sizes, evenly; markers do so by chance.
DOT_SPACING = 4.5
DOT_SPREAD = 0.2
# Dots are as wide as a line, at most three times the frame's; markers are wider (keras_35: 7 to 1).
DOT_WIDTHS = 3.2
# A marker's centre by correlation: Agg's snapping (sd 0.3 px, and up to 0.5 px of bias) dominates.
SNAPPED_SIGMA = 0.45
CROWD_SIGMA = 0.7
# Markers that show less than this of their outline stand in a crowd; those that show less than that lie in a
# heap which may hide others.
CLEAR = 0.7
HEAPED = 0.35
# Markers this share of their size apart are seen as one, mostly; and how many markers are counted at most.
NEAR = 0.3
MOST_COUNTED = 4000
# A marker that fills a heap is placed to this share of its size.
GUESSED_SIGMA = 0.5
# Thin outlines are larger than their faint ink by more than this; others as large as their shape to 0.15.
LARGER = 1.2
# A marker's ink ends where its mean picture falls below this.
RIM = 0.05
# The middle of a full marker has this share of its strongest ink; strokes of hollow ones cross too often.
FULL_MIDDLE = 0.75
# What markers leave of a heap is at most this many times as long as a marker; lines in a cloud are longer.
REMNANT = 2.5


def trace_scatter(layer: Layer, picture: Picture) -> tuple[list[Trace], FloatImage]:
    """Find markers that stand alone; returns their traces and the coverage that is left."""
    if layer.entries and all(e.marker == "none" and e.line_style != "none" for e in layer.entries):
        return [], layer.alpha
    alpha = layer.alpha
    traces: list[Trace] = []
    listed = [e for e in layer.entries if e.marker != "none"]
    for number in range(MAX_KINDS):
        sample = find_fullest(alpha, find_parts(alpha), max(1, len(listed) - number))
        found = None if sample is None else _find_kind(layer, alpha, sample, listed)
        if found is None and number == 0 and len(listed) == 1:
            sample = legend_sample(picture, listed[0])
            found = None if sample is None else _find_kind(layer, alpha, sample, listed)
        if found is None:
            break
        traces.append(found[0])
        alpha = found[1]
    if traces and not any(e.line_style != "none" for e in layer.entries):
        alpha = _without_remnants(alpha, max(t.marker_size_px for t in traces))
    return traces, alpha


def _find_kind(
    layer: Layer, alpha: FloatImage, sample: Sample, listed: list[LegendEntry]
) -> tuple[Trace, FloatImage] | None:
    """The markers that look like a sample and the coverage without them; None where they are no markers."""
    total = max(float(layer.alpha.sum()), 1e-6)
    shape = name_symbol(sample.patch, listed[0].marker if len(listed) == 1 else None)
    share = sample.n_alone * float(sample.patch.sum()) / total
    full = shape.misfit < FULL_MISFIT and shape.kind in FILLED and sample.extent > FULL_EXTENT
    most = MISFIT if share < ALIKE_SHARE else MISFIT_ALIKE
    if shape.misfit > most or (share < LEAST_ALONE and not full and sample.n_alone):
        return None
    dotted = len(listed) == 1 and listed[0].line_style == "dotted" and sample.n_alone > 0
    if dotted and name_of(shape.kind) != listed[0].marker.replace("_", "-"):
        return None  # The dots of a line with markers of another shape.
    symbols = layer.memory.ask(find_symbols, alpha, layer.blocked, sample)
    if symbols is None or _are_dashes(symbols, sample.extent, layer.ink.frame_line):
        return None
    if shape.misfit > MISFIT and _in_chains(symbols) > CHAINED:
        return None  # dashes of a line are all alike too
    rest = _erased(alpha, symbols)
    explained = 1.0 - float(rest.sum()) / total
    if share < LEAST_SHARE and not _are_heaped(symbols, sample, explained, full):
        return None
    extent = 2 * shape.size if 2 * shape.size > LARGER * sample.extent else sample.extent
    return _to_trace(layer, symbols, extent, shape.kind), rest


def _are_heaped(symbols: Symbols, sample: Sample, explained: float, full: bool) -> bool:
    """Whether markers of which few stand alone are markers all the same."""
    if not sample.n_alone:
        return explained > LEAST_SHARE and float(np.median(symbols.outline)) > OUTLINED
    if full and explained > FULL_SHARE:
        return True
    return (
        sample.n_alone >= MANY
        and explained > HEAPED_SHARE
        and float(np.median(symbols.outline)) > OUTLINED
        and _in_chains(symbols) < CHAINED
    )


def tell_hidden(traces: list[Trace]) -> list[Trace]:
    """Say of each cloud how many markers may lie unseen right under others, of any colour.

    As many pairs stand closer than ``NEAR`` as in a ring of that area around it, where both can be seen.
    Clouds that have a marker on each of even steps lack none.
    """
    clouds = [t for t in traces if t.kind == "scatter"]
    n = sum(t.x_px.size for t in clouds)
    if not 1 < n <= MOST_COUNTED:
        return traces
    x, y = (np.concatenate([getattr(t, name) for t in clouds]) for name in ("x_px", "y_px"))
    size = float(np.median([t.marker_size_px for t in clouds]))
    apart = np.hypot(x[:, None] - x, y[:, None] - y) / size
    beside = np.count_nonzero((apart > NEAR) & (apart < 2 * NEAR)) / 2
    share = float(beside / 3 / n)
    return [
        replace(t, hidden=max(t.hidden, share)) if t.kind == "scatter" and not has_one_a_step(t.x_px) else t
        for t in traces
    ]


def _are_dashes(symbols: Symbols, extent: float, frame_line: float) -> bool:
    """Whether the pieces are the dots or dashes of a line: evenly spaced along a path, close together."""
    alone = symbols.outline > ALONE
    order = np.argsort(symbols.x[alone])
    x, y = symbols.x[alone][order], symbols.y[alone][order]
    if x.size < 8 or extent > DOT_WIDTHS * max(frame_line, 1.0) + 0.5:
        return False
    step = np.hypot(np.diff(x), np.diff(y))
    usual = float(np.median(step))
    even = float(np.median(np.abs(step - usual))) < DOT_SPREAD * usual
    return even and usual < DOT_SPACING * extent


def _in_chains(symbols: Symbols) -> float:
    """Share of the pieces that lie between their two nearest neighbours, straight and about halfway."""
    x, y = symbols.x[:MOST_COUNTED], symbols.y[:MOST_COUNTED]
    if x.size < 3:
        return 0.0
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    near = np.argpartition(apart, 2, axis=1)[:, :3]
    order = np.take_along_axis(near, np.argsort(np.take_along_axis(apart, near, axis=1), axis=1), axis=1)
    one, other = order[:, 1], order[:, 2]
    cross = (x[one] - x) * (x[other] - x) + (y[one] - y) * (y[other] - y)
    lengths = np.take_along_axis(apart, order, axis=1)[:, 1:]
    straight = cross < -0.8 * lengths[:, 0] * lengths[:, 1]
    return float(np.mean(straight & (lengths[:, 1] < 1.6 * lengths[:, 0])))


def _to_trace(layer: Layer, symbols: Symbols, extent: float, kind: str) -> Trace:
    if layer.ink.noise < CLEAN:
        strength = project(layer.ink.rgb, layer.ink.ground, layer.stroke.color)[0]
        symbols = _parted(np.where(layer.alpha > 0, strength, np.float32(0.0)), layer, symbols)
        layers = count_layers(np.where(layer.alpha > 0, strength, np.float32(0.0)), symbols)
        symbols = replace(
            symbols,
            x=np.repeat(symbols.x, layers),
            y=np.repeat(symbols.y, layers),
            outline=np.repeat(symbols.outline, layers),
        )
    sigma = np.where(symbols.outline < CLEAR, CROWD_SIGMA, SNAPPED_SIGMA)
    sigma = np.where(symbols.outline > 0, sigma, max(CROWD_SIGMA, GUESSED_SIGMA * extent))
    cloud = as_cloud(layer, symbols.x, symbols.y, sigma, name_of(kind), extent)
    return replace(cloud, hidden=float(np.mean(symbols.outline < HEAPED)))


def as_cloud(
    layer: Layer, x: FloatArray, y: FloatArray, sigma: FloatArray, marker: str, extent: float
) -> Trace:
    """A cloud of markers at some places (crop coordinates), in source pixels."""
    return Trace(
        kind="scatter",
        color=layer.rgb,
        x_px=x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=sigma,
        sampled_at="markers",
        marker=marker,
        line_style="none",
        line_width_px=1.0,
        marker_size_px=extent,
    )


def _parted(strength: FloatImage, layer: Layer, symbols: Symbols) -> Symbols:
    """Part heaps of translucent markers by how dark they are where two lie on each other."""
    half = symbols.patch.shape[0] // 2
    is_full = float(symbols.patch[half, half]) > FULL_MIDDLE * float(symbols.patch.max())
    opacity = measure_opacity(strength, symbols) if is_full else None
    if opacity is None:
        return symbols
    seen = np.pad((~layer.blocked).astype(np.float32), half)
    dark = np.pad(np.clip(opacity * strength, 0.0, 1.0).astype(np.float32), half) * seen
    rows = np.column_stack([symbols.y - symbols.middle[1], symbols.x - symbols.middle[0], symbols.outline])
    patch = np.asarray(opacity * symbols.patch, dtype=np.float32)
    found = part_markers(dark, seen, patch, rows, opacity * INK)
    return replace(
        symbols,
        x=found[:, 1] + symbols.middle[0],
        y=found[:, 0] + symbols.middle[1],
        outline=found[:, 2],
    )


def _erased(alpha: FloatImage, symbols: Symbols) -> FloatImage:
    """The coverage without the found markers and their rims."""
    alpha = alpha.copy()
    half = symbols.patch.shape[0] // 2 + 1
    height, width = alpha.shape
    covers = np.pad((symbols.patch > RIM).astype(np.uint8), 1)
    covers = np.asarray(cv2.dilate(covers, np.ones((3, 3), np.uint8)), dtype=bool)
    columns = np.round(symbols.x - symbols.middle[0]).astype(int)
    rows = np.round(symbols.y - symbols.middle[1]).astype(int)
    for cx, cy in zip(columns, rows, strict=True):
        y0, y1 = max(0, cy - half), min(height, cy + half + 1)
        x0, x1 = max(0, cx - half), min(width, cx + half + 1)
        part = covers[y0 - cy + half : y1 - cy + half, x0 - cx + half : x1 - cx + half]
        alpha[y0:y1, x0:x1][part] = 0.0
    return alpha


def _without_remnants(alpha: FloatImage, extent: float) -> FloatImage:
    """Nothing where all that a cloud's markers left is too short to be a line's."""
    parts = find_parts(alpha)
    longest = max(parts.width[1:].max(initial=0.0), parts.height[1:].max(initial=0.0))
    return np.zeros_like(alpha) if longest < REMNANT * extent else alpha
