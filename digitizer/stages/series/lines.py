"""Tracing the lines of one stroke colour: one path after the other, with markers, vertices or columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Mask, Trace
from digitizer.stages.series.beads.heights import string_best
from digitizer.stages.series.beads.places import find_outline, is_chain, place_beads
from digitizer.stages.series.curved import fit_curved
from digitizer.stages.series.dashed_markers import mark_dashed
from digitizer.stages.series.fits.refine import Fit
from digitizer.stages.series.fits.shapes import are_thicker, name_of
from digitizer.stages.series.fits.stairs import find_stairs
from digitizer.stages.series.fits.vertices import are_bends, by_vertices
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.leaving import with_way_out
from digitizer.stages.series.marker_fit import ROUGH, ROUGH_ON_STEPS, fit_markers, name_again
from digitizer.stages.series.markers.find import (
    RIVALS,
    Blobs,
    MarkerShape,
    are_markers,
    recognise,
)
from digitizer.stages.series.markers.places import is_straight_between
from digitizer.stages.series.markers.rims import fill_insides, is_of_rims
from digitizer.stages.series.paths.choose import find_lines, find_single
from digitizer.stages.series.paths.cliffs import stand_cliffs
from digitizer.stages.series.paths.columns import (
    Path,
    follow_columns,
    split_gaps,
    stroke_width,
    wide_gaps,
)
from digitizer.stages.series.paths.dashes import SOLID, DashPattern, are_apart, by_strokes, read_dashes
from digitizer.stages.series.paths.dots import by_dots, find_dots
from digitizer.stages.series.paths.runs import ON, Runs, find_runs, guess_width
from digitizer.stages.series.paths.sharpen import sharpen_columns
from digitizer.stages.series.solid import part_solid

# A line has ink in at least this share of the panel's columns.
SHORTEST = 0.04
# A further line of the same colour has at least this share of the first one's columns to itself ...
NEW_SHARE = 0.25
# ... or this where the legend lists it (the steep part of a curve that runs hidden elsewhere) ...
LISTED_SHARE = 0.1
# ... and this share where the legend lists no more of it: what is left is mostly pieces of dashed lines ...
UNLISTED_SHARE = 0.6
# ... and in a third of the columns it spans, unless the legend says that there is one more.
DENSITY = 0.35
MAX_LINES = 8
# The coverage error at a redrawn series' edges at which no other shape is tried.
SURE_ROUGH = 0.12
# Share of a redrawn series without ink, and the coverage error at its edges: true markers have 0.06 and 0.16
# at most (JPEG, crowds), bends taken for markers 0.08 to 0.7 and 0.2 to 0.5. The legend's word allows more,
# and so do markers so alike that nothing else could be (mean squared coverage error; bends start at 0.02):
# where rows were doubled to enlarge the picture, drawings of the right markers have 0.13 and 0.21.
MISSING = 0.09
MISSING_KNOWN = 0.14
ROUGH_KNOWN = 0.33
SURE_MISFIT = 0.012
# ... and where each stands on an even step this (0.014 to 0.016 in reduced pictures, bends 0.02 and more).
SURE_ON_STEPS = 0.017
# The share without ink is that of strokes at least this wide (px): right drawings of markers on hairlines of
# 0.8 px, which are whole pixels, have up to 0.19.
HAIRLINE_PX = 1.2
# Discs of a line that the legend lists as broken and without markers are its dots where what joins them is
# narrower than this share of one: a small sample's dots are as long as dashes. Lines under markers have 0.25.
DOTS_JOINED = 0.15
# Share of the path's own ink that the redrawn series must cover.
COVERED = 0.85
# Markers with their line are all of a colour's ink where they cover more than this share: anti-aliased edges
# are covered in part.
WHOLE = 0.95
# Stretches without ink wider than this (px, and stroke widths) are gaps where no dash pattern explains them.
GAP_PX = 12.0
GAP_WIDTHS = 4.0
# A solid sample is that of no pattern that has so many periods in its width.
PERIODS = 2.5


def trace_lines(layer: Layer) -> list[Trace]:
    """Trace the lines in a layer, longest first."""
    chain = _trace_chain(layer, touching=True)
    if chain is not None:
        return [chain]
    parted = part_solid(layer)
    if parted is not None:
        return [_read_columns(parted.solid, parted.runs), *trace_lines(parted.others)]
    expected = max(1, sum(e.marker == "none" or e.line_style != "none" for e in layer.entries))
    whole = _with_insides(layer) if expected == 1 else None
    hollow = None if whole is None else _trace_hollow(whole)
    if hollow is not None:
        return [hollow]
    if whole is not None and any(e.marker != "none" for e in layer.entries):
        layer = whole  # A path through open rings keeps to one side of them.
    runs = _find_runs(layer)
    if runs.count < 3:
        return []
    guess = guess_width(runs, layer.alpha)
    single = find_single(runs, guess)
    if single is None:
        return []
    # One line with markers that leaves no ink needs no rival: to weave several takes longer than all else.
    alone = _read_first(layer, single.runs) if expected == 1 else None
    if alone is not None and alone.marked is not None and alone.covered > WHOLE * layer.own_ink:
        return [alone.marked]
    lines = find_lines(runs, single, layer.alpha > ON, layer.blocked, guess, expected)
    traces: list[Trace] = []
    first_size = 0
    for line in lines[:MAX_LINES]:
        span = float(np.ptp(line.runs.column)) + 1
        listed, more = (LISTED_SHARE, UNLISTED_SHARE) if layer.entries else (NEW_SHARE, NEW_SHARE)
        share = listed if len(traces) < expected else more
        enough = max(4.0, SHORTEST * layer.ink.width, share * first_size)
        if line.own < enough or (len(traces) >= expected and line.own < DENSITY * span):
            continue
        if traces and is_of_rims(line.runs, traces[0], layer.ink.left, layer.ink.top):
            continue
        first_size = first_size or line.own
        if traces:
            trace, marked = _read_columns(layer, line.runs), False
        else:
            first = alone if alone is not None and line is single else _read_first(layer, line.runs)
            trace, marked = _name_first(layer, first)
        traces.append(trace)
        if len(traces) >= expected and marked:
            break
    return traces


def _find_runs(layer: Layer) -> Runs:
    # Translucent strokes have another colour on grid lines: what these part is one run.
    return find_runs(layer.alpha, layer.blocked, (layer.blocked & ~layer.ink.hidden) | layer.ink.on_grid)


def _with_insides(layer: Layer) -> Layer | None:
    """The layer with the insides of hollow markers as ink; None where it shows none."""
    filled = fill_insides(layer.alpha)
    return None if filled is None else replace(layer, alpha=filled)


def _trace_hollow(whole: Layer) -> Trace | None:
    """The one line of a colour whose markers are drawn as outlines alone; None where it has none."""
    runs = _find_runs(whole)
    single = find_single(runs, guess_width(runs, whole.alpha)) if runs.count >= 3 else None
    return None if single is None else _with_markers(whole, _read_path(whole, single.runs)[0], hollow=True)[0]


def _trace_chain(layer: Layer, *, touching: bool) -> Trace | None:
    """The one line of a colour as discs on steps, where the legend shows a disc on it.

    Discs that touch nearly all along are looked for first; others where they were not found one by one.
    """
    if layer.sample is None or len(layer.entries) != 1:
        return None
    outline = find_outline(layer.alpha, layer.blocked)
    if outline is None or (touching and not is_chain(outline, layer.sample.radius)):
        return None
    every = place_beads(outline, layer.sample.radius, layer.ink.ruler)
    noise = layer.ink.noise
    beads = layer.memory.ask(string_best, layer.alpha, layer.blocked, outline, every, layer.sample, noise)
    if beads is None or not (beads.is_right or (touching and beads.is_near)):
        return None
    if is_straight_between(beads.x, beads.y):
        return None
    return Trace(
        kind="line",
        color=layer.rgb,
        x_px=beads.x + layer.ink.left,
        y_px=beads.y + layer.ink.top,
        sigma_px=beads.sigma,
        sampled_at="markers",
        marker="circle",
        line_width_px=layer.sample.width,
        marker_size_px=2 * layer.sample.radius,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _First:
    """The first line of a colour: its path, and with its markers, where it has some, the ink they cover."""

    path: Path
    pattern: DashPattern
    marked: Trace | None
    covered: float


def _read_first(layer: Layer, runs: Runs) -> _First:
    path, pattern = _read_path(layer, runs)
    marked, covered = _with_markers(layer, path)
    return _First(path=path, pattern=pattern, marked=marked, covered=covered)


def _name_first(layer: Layer, first: _First) -> tuple[Trace, bool]:
    """The first line of a colour with markers or bare; tells whether it has markers."""
    marked = first.marked if first.marked is not None else _trace_chain(layer, touching=False)
    if marked is not None:
        return marked, True
    return _by_columns(layer, first.path, first.pattern), False


def _read_path(layer: Layer, runs: Runs) -> tuple[Path, DashPattern]:
    every = np.arange(runs.count)
    width = stroke_width(runs, every)
    path = follow_columns(runs, every, width)
    pattern = read_dashes(path, width, _excused(layer, path))
    return (replace(path, width=pattern.width) if pattern.width else path), pattern


def _read_columns(layer: Layer, runs: Runs) -> Trace:
    return _by_columns(layer, *_read_path(layer, runs))


def _excused(layer: Layer, path: Path) -> Mask:
    """For each step along a path, whether what hides the stroke lies where it has no ink."""
    n = path.x.size
    excused = np.zeros(max(n - 1, 0), dtype=bool)
    height, width = layer.blocked.shape
    # Dashes of steep lines part without anything that hides them.
    dashed = any(e.line_style not in ("solid", "none") for e in layer.entries)
    for i in np.flatnonzero((np.diff(path.x) > 1) | (are_apart(path) & (not dashed))):
        level = path.x[i + 1] - path.x[i] > 1
        count = int(path.x[i + 1] - path.x[i] if level else abs(path.y[i + 1] - path.y[i]))
        share = np.arange(1, count) / max(count, 1)
        rows, columns = (
            np.clip(np.round(v[i] + (v[i + 1] - v[i]) * share).astype(int), 0, size - 1)
            for v, size in ((path.y, height), (path.x, width))
        )
        # On steep stretches the columns' own ink reaches into what lies between their middles.
        bare = np.ones(rows.size, dtype=bool) if level else layer.alpha[rows, columns] <= ON
        excused[i] = bare.any() and layer.blocked[rows, columns][bare].mean() > 0.5
    return excused


def _by_columns(layer: Layer, path: Path, pattern: DashPattern) -> Trace:
    listed = layer.entries[0].line_style if len(layer.entries) == 1 else None
    if listed in ("dashed", "dotted") and pattern.style != "dotted":
        # A small sample's dots are as long as dashes.
        pattern = find_dots(layer.alpha) or pattern
    if pattern.style != "solid" and _shows_no_gap(layer, pattern):
        pattern = SOLID
    widest = max(GAP_PX + GAP_WIDTHS * path.width, 3.0 * pattern.gap)
    if pattern.style == "solid" and listed not in (None, "solid", "none"):
        pattern = replace(pattern, style=listed)
        widest *= 2
    if pattern.gap > 0:
        dots = by_dots(layer.alpha, path, pattern) if pattern.style == "dotted" else None
        path = by_strokes(path) if dots is None else dots
        widest += pattern.period if pattern.width else path.width
    gaps = wide_gaps(path, widest, _excused(layer, path))
    stairs = find_stairs(path, gaps) if pattern.style == "solid" else None
    points = stairs
    if pattern.style == "solid" and stairs is None:
        points = by_vertices(
            layer.alpha, layer.blocked, path, gaps, layer.shared, layer.memory, layer.ink.ruler
        )
    if points is None:
        path = stand_cliffs(layer.alpha, sharpen_columns(layer.alpha, path))
    x, y, sigma = (
        split_gaps(path.x, path.y, path.sigma, gaps) if points is None else (points.x, points.y, points.sigma)
    )
    return Trace(
        kind="line",
        color=layer.rgb,
        x_px=x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=sigma,
        sampled_at="columns" if points is None else "vertices",
        interpolation="linear" if stairs is None else "step-after",
        line_style=pattern.style,
        line_width_px=path.width if points is None else points.width,
    )


def _shows_no_gap(layer: Layer, pattern: DashPattern) -> bool:
    """Whether the legend's sample is solid over so many periods of a pattern that there is none.

    Other lines that cross one cut it to pieces.
    """
    if len(layer.entries) != 1 or layer.entries[0].line_style != "solid":
        return False
    sample = layer.entries[0].swatch
    return sample is not None and sample.width >= PERIODS * pattern.period > 0


def _with_markers(layer: Layer, path: Path, *, hollow: bool = False) -> tuple[Trace | None, float]:
    """The path's markers, refined with the lines that join them, and their ink; None where there are none.

    Bends of a bare line enclose no ground: ``hollow`` ones are surely markers.
    """
    listed = layer.entries[0].marker.replace("_", "-") if len(layer.entries) == 1 else None
    if listed == "none" and layer.entries[0].line_style == "dotted":
        return None, 0.0  # Its dots are as alike as discs.
    best: Fit | None = None
    sure = hollow or listed not in (None, "none")
    links, least, known, rough = np.zeros(0, dtype=bool), np.inf, sure, ROUGH
    gaps = wide_gaps(path, GAP_PX + GAP_WIDTHS * path.width, _excused(layer, path))
    found = recognise(layer.alpha, path, listed)
    for blobs, shape in found[:RIVALS]:
        fit = fit_markers(layer, path, blobs, shape, gaps) if are_markers(shape, listed) else None
        # What markers have in common tells their shape where their drawings are alike.
        if fit is not None and fit[0].rms + shape.misfit < least:
            (best, links, rough), least = fit, fit[0].rms + shape.misfit
            alike = SURE_ON_STEPS if rough == ROUGH_ON_STEPS else SURE_MISFIT
            known = sure or (listed is None and shape.misfit < alike)
        if best is not None and best.rms < SURE_ROUGH:
            break
    if best is not None and listed == "none" and _are_dots(layer.entries[0], best):
        return None, 0.0
    if best is not None and listed is None:
        best = name_again(layer, best, links, [shape for _, shape in found])
    if best is None or not _agrees(layer, best, path, known, rough):
        dashed = mark_dashed(layer, found, path.width) if sure and not hollow else (None, 0.0)
        if dashed[0] is not None:
            return dashed
        return _with_curve(layer, path, found, listed, None if sure else gaps)
    if listed is None and not hollow and are_bends(layer.alpha, layer.blocked, path, gaps, best):
        return None, 0.0
    return with_way_out(_marked_trace(layer, best, links), layer, best, path), best.covered


def _with_curve(
    layer: Layer,
    path: Path,
    found: list[tuple[Blobs, MarkerShape]],
    listed: str | None,
    gaps: FloatArray | None,
) -> tuple[Trace | None, float]:
    """Markers that a smooth curve joins, with their ink; None where it does not.

    Where they may be the bends of a bare line ``gaps`` are the stretches in which that is missing.
    """
    line = fit_curved(layer.ink, layer.alpha, layer.blocked, path, found, listed)
    if line is None or not _agrees(layer, line.fit, path, True):
        return None, 0.0
    # A straight link is a cubic as well.
    drawn = replace(line.fit, x=line.course[:, 0], y=line.course[:, 1])
    if gaps is not None and are_bends(layer.alpha, layer.blocked, path, gaps, drawn):
        return None, 0.0
    offset = np.array([layer.ink.left, layer.ink.top])
    trace = _marked_trace(layer, line.fit, np.ones(line.fit.x.size - 1, dtype=bool))
    return replace(trace, course_px=line.course + offset), line.fit.covered


def _are_dots(entry: LegendEntry, fit: Fit) -> bool:
    """Whether nothing joins what was fitted as markers, where the legend's sample is a broken line."""
    return entry.line_style not in ("solid", "none") and fit.pen.width < DOTS_JOINED * 2 * fit.pen.size


def _agrees(layer: Layer, fit: Fit, path: Path, known: bool, rough: float = ROUGH) -> bool:
    """Whether the markers, drawn again with their line, are the ink that is there.

    Bends, dots and crossings taken for markers leave a polyline that cuts corners and markers without ink.
    Less is asked where the markers are ``known``, by the legend or by how alike they are.
    """
    if not are_thicker(fit.pen.marker, fit.pen.size, fit.pen.width):
        return False
    rows = np.clip(np.round(path.y).astype(int), 0, layer.blocked.shape[0] - 1)
    open_ = ~layer.blocked[rows, path.x.astype(int)]
    held = float((path.bottom - path.top)[open_].sum())
    # Of hairlines drawn without anti-aliasing the share is larger.
    thin = max(1.0, HAIRLINE_PX / fit.pen.width) if known else 1.0
    return (
        fit.missing < thin * (MISSING_KNOWN if known else MISSING)
        and fit.rms < (ROUGH_KNOWN if known else rough)
        and fit.covered > (1 - thin * (1 - COVERED)) * held
    )


def _marked_trace(layer: Layer, fit: Fit, links: Mask) -> Trace:
    gaps = np.stack([fit.x[:-1], fit.x[1:]], axis=1)[~links]
    x, y, sigma = split_gaps(fit.x, fit.y, np.hypot(fit.sigma, 0.03), gaps)
    return Trace(
        kind="line",
        color=layer.rgb,
        x_px=x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=sigma,
        sampled_at="markers",
        marker=name_of(fit.pen.marker),
        line_width_px=fit.pen.width,
        marker_size_px=2 * fit.pen.size,
    )
