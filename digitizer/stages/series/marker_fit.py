"""Drawing a line's markers to the ink: on the step grid that they stand on, where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.pixels.nearest import distance_to_nearest
from digitizer.stages.series.fits.gaps import inked, joined, outside
from digitizer.stages.series.fits.misplaced import look_again
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.fits.shapes import INCENTER, are_thicker, outline_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.markers.find import GOOD_MISFIT, Blobs, MarkerShape
from digitizer.stages.series.markers.loose_ends import with_loose_ends
from digitizer.stages.series.markers.places import (
    Places,
    every_other,
    place_again,
    place_freely,
    place_markers,
    place_on_shared,
    place_on_sides,
)
from digitizer.stages.series.markers.square_steps import steps_of_squares
from digitizer.stages.series.paths.columns import Path, width_between
from digitizer.stages.series.paths.joins import path_distance

# The coverage error at the edges of a redrawn series: true markers have 0.16 at most (JPEG, crowds), bends
# taken for markers 0.2 to 0.5.
ROUGH = 0.19
# ... markers of reference renderings that were reduced by areas 0.193 and 0.197, each seen on its step.
ROUGH_ON_STEPS = 0.22
# So many of the places on a step grid have a blob within this share of a step where each has its marker.
SEEN_ON_STEPS, SEEN_SHARE = 0.9, 0.25
# Markers with gaps beside more than this share of them are not joined by a line.
MOST_GAPS = 0.34
# A drawing rougher than this has not settled in its rounds where more of them leave less than this share of
# the roughness: two markers in three that others cover stood 3 px off after six rounds (0.25), and 0.04 is
# left after eighteen. So many times as many rounds, at most. Drawings that stay rougher are of something else
# (markers that a curve joins, 0.2), and more rounds bend them to it.
UNSETTLED, LESS_ROUGH = 0.1, 0.8
MORE_ROUNDS = 4
# Markers at the wrong height hide that their neighbours are: so many rounds of looking again, at most.
LOOKS = 4
# ... while each explains at least this share of a marker (square of its half extent) more.
GAIN = 0.3
# Markers stand on the steps of a first fit without them where the drawing is no rougher than this times: it
# has two thirds of the roughness where bits of the line between had been taken for markers.
STEPS_ROUGHER = 1.05
# Some markers stand off the steps of the others where each drawn where it is seen is smoother than this times
# (0.16 of it where two of nine do; bits of a line between its markers make it rougher), unless those seen are
# more than this times as many as steps: crowds.
FREELY, MOST_SEEN = 0.6, 1.3
# The first and the last one stand where they are seen, beside their steps, where that leaves less than this
# share of the roughness: 0.40 to 0.94 of it for nine drawn series whose last step was cut short.
LOOSE = 0.95
# Of markers on the right steps more than this share are seen one by one.
MOST_FOUND = 0.6
# Small markers look alike where they are stacked, half a pixel off each. Up to this half extent (px) those of
# the same area are drawn at their places, too: of 21 drawn series with 2 to 4 px each differs least from the
# ink in its own shape; the stack had told eight of them wrong.
SMALL_PX = 5.0
ALIKE = {"circle": 1.0, "square": 0.886, "diamond": 1.25, "plus": 1.05, "cross": 0.75}
# ... unless the stack fits every other shape so many times worse (3.1 and more for 17 of 18 right
# ones looked at, 1.6 and less for four wrong ones). So many of them are drawn, in the middle of the line.
TOLD_APART = 3.0
MOST_ASKED = 20
# Places that differ from a grid by less than this (px) are one.
ON_GRID_PX = 0.01
# What is drawn covers a blob where so much of its inscribed radius lies within, seen in so many directions.
# Of 24 blobs between the markers of seven drawn figures all do at .8, and none at 1; a marker off its step by
# more than a fifth of its radius sticks out.
INSCRIBED, N_AROUND = 0.8, 24
# A marker is seen where its middle is found this near (px).
SEEN_PX = 1.0


# Markers drawn with their line, and which are joined to the next.
Drawn = tuple[Fit, Mask]

# A rival that is so many times rougher at first comes to rest no smoother (0.25 to 0.04 at most).
HOPELESS = 4.0


def fit_markers(
    layer: Layer, path: Path, blobs: Blobs, shape: MarkerShape, gaps: FloatArray
) -> tuple[Fit, Mask, float] | None:
    """Markers with their line drawn to the ink, which are joined to the next, and how rough they may be."""
    off_x, off_y = INCENTER.get(shape.kind, (0.0, 0.0))
    anchored = replace(blobs, x=blobs.x - off_x * shape.size, y=blobs.y - off_y * shape.size)
    sides = steps_of_squares(layer.alpha, shape.size, layer.ink.ruler) if shape.kind == "square" else None
    places = place_markers(layer.ink, anchored, path, shape, sides)
    fit = _fit_places(layer, path, anchored, shape, gaps, places)
    if fit is not None and places[2] is None:
        again = place_again(layer.ink, (fit[0].x, fit[0].y), path, shape)
        on_steps = None if again is None else _fit_places(layer, path, anchored, shape, gaps, again)
        if again is not None and on_steps is not None and on_steps[0].rms < STEPS_ROUGHER * fit[0].rms:
            fit, places = on_steps, again
    if places[2] is None and (on_shared := _fit_shared(layer, path, anchored, shape, gaps, fit)) is not None:
        fit, places = on_shared
    again = None if sides is None else place_on_sides(layer.ink, anchored, path, shape, sides, places)
    if again is not None:
        on_steps = _fit_places(layer, path, anchored, shape, gaps, again)
        if on_steps is not None and (fit is None or on_steps[0].rms < fit[0].rms):
            fit, places = on_steps, again
    if places[2] is not None and _stand_off(blobs, anchored, places, fit):
        # Batch sizes stand on even steps but for the first few: a comb that most are on draws none of these.
        most = np.inf if fit is None else HOPELESS * fit[0].rms
        freely = _fit_places(layer, path, anchored, shape, gaps, place_freely(anchored), most)
        if freely is not None and (fit is None or freely[0].rms < FREELY * fit[0].rms):
            fit, places = freely, place_freely(anchored)
    if fit is None:
        return None
    loose = with_loose_ends(places, anchored)
    ends = None if loose is None else _fit_places(layer, path, anchored, shape, gaps, loose)
    if loose is not None and ends is not None and ends[0].rms < LOOSE * fit[0].rms:
        fit, places = ends, loose
    rough = ROUGH_ON_STEPS if _are_seen(fit[0], anchored, places) else ROUGH
    if anchored.x.size > MOST_FOUND * fit[0].x.size and (fit[0].rms < rough or shape.misfit > GOOD_MISFIT):
        return *fit, rough
    # Middles of markers that touch stand half-way between them, too, and favour half of the true step.
    for fewer in every_other(places):
        other = _fit_places(layer, path, anchored, shape, gaps, fewer, HOPELESS * fit[0].rms)
        if other is not None and other[0].rms < fit[0].rms:
            fit, rough = other, ROUGH
    return *fit, rough


def _fit_shared(
    layer: Layer, path: Path, anchored: Blobs, shape: MarkerShape, gaps: FloatArray, freely: Drawn | None
) -> tuple[Drawn, Places] | None:
    """Markers on the steps of other lines, which those that are seen stand on; None where they are rougher.

    Of a few markers another line's hides one, and what is left are no even steps.
    """
    least, best = np.inf if freely is None else STEPS_ROUGHER * freely[0].rms, None
    for places in place_on_shared(layer.ink, anchored, path, shape, layer.shared):
        fit = _fit_places(layer, path, anchored, shape, gaps, places)
        if fit is not None and fit[0].rms < least:
            least, best = fit[0].rms, (fit, places)
    return best


def _stand_off(blobs: Blobs, anchored: Blobs, places: Places, drawn: Drawn | None) -> bool:
    """Whether some of the markers seen stand on none of the places of a grid, and they are no crowd.

    What those ``drawn`` at these places and their line cover between them is no other marker.
    """
    x = places[0]
    if x.size < 2 or anchored.x.size > MOST_SEEN * x.size:
        return False
    off = distance_to_nearest(anchored.x, x) > max(SEEN_PX, SEEN_SHARE * median(np.diff(x)))
    return bool(off.any()) and (drawn is None or not _covers(drawn[0], blobs, off))


def _covers(fit: Fit, blobs: Blobs, which: Mask) -> bool:
    """Whether markers and line, as they are drawn, cover some blobs: their inscribed circles."""
    angle = np.arange(N_AROUND) * (2 * np.pi / N_AROUND)
    radius = INSCRIBED * blobs.radius[which][:, None]
    x = (blobs.x[which][:, None] + radius * np.cos(angle)).ravel()
    y = (blobs.y[which][:, None] + radius * np.sin(angle)).ravel()
    pen, centers = fit.pen, fit.centers
    offsets = x[:, None] - centers[:, 0], y[:, None] - centers[:, 1]
    covered = (outline_distance(pen.marker, *offsets, pen.size, pen.width) < 0.0).any(axis=1)
    breaks = np.flatnonzero(~fit.links) + 1
    line = (np.insert(v, breaks, np.nan) for v in (fit.x, fit.y))
    return bool((covered | (path_distance(x, y, *line) < pen.width / 2)).all())


def _are_seen(fit: Fit, blobs: Blobs, places: Places) -> bool:
    """Whether markers stand on a step grid and nearly each is seen."""
    if places[2] is None:
        return False
    step = median(np.diff(fit.x))
    return float(np.mean(_away(fit.x, blobs) < max(SEEN_PX, SEEN_SHARE * step))) >= SEEN_ON_STEPS


def _away(x: FloatArray, blobs: Blobs) -> FloatArray:
    """How far along x (px) the nearest blob is from each place."""
    return np.asarray(np.abs(x[:, None] - blobs.x[None, :]).min(axis=1))


def _fit_places(
    layer: Layer,
    path: Path,
    anchored: Blobs,
    shape: MarkerShape,
    gaps: FloatArray,
    places: Places,
    most: float = np.inf,
) -> Drawn | None:
    """Markers drawn at some places; None where they are none, or rougher than ``most`` at first.

    What is no thicker than the line is none.
    """
    x, y, steps = places
    found = _away(x, anchored) < SEEN_PX
    seen = outside(x, gaps) | found
    x, y, steps = x[seen], y[seen], None if steps is None else steps[seen]
    if x.size < 3:
        return None
    links = joined(x, gaps) | inked(layer.alpha, x, y)
    if np.count_nonzero(~links) > MOST_GAPS * x.size:
        return None
    pen = Pen(width=width_between(path, x, shape.size), marker=shape.kind, size=shape.size)
    fit = layer.memory.ask(_draw, layer.alpha, layer.blocked, (x, y), pen, steps, links, most)
    return None if fit is None else (fit, links)


def _draw(
    alpha: FloatImage,
    blocked: Mask,
    places: tuple[FloatArray, FloatArray],
    pen: Pen,
    steps: FloatArray | None,
    links: Mask,
    most: float,
) -> Fit | None:
    """Markers drawn with their line, from their ``places``, until nothing gets better (None as there)."""
    fit = refine_vertices(alpha, blocked, *places, pen, steps=steps, joined=links, hopeless=most)
    if fit.rms > most or not are_thicker(fit.pen.marker, fit.pen.size, fit.pen.width):
        return None
    fit = _settle(alpha, blocked, fit, steps)
    for _ in range(LOOKS):
        better = look_again(alpha, blocked, fit, links)
        if better is None:
            break
        again = refine_vertices(alpha, blocked, fit.x, better, fit.pen, steps=steps, joined=links)
        gain, fit = fit.surplus - again.surplus, min(fit, again, key=lambda drawn: drawn.surplus)
        if gain < GAIN * pen.size**2:
            break
    return fit


def _settle(alpha: FloatImage, blocked: Mask, fit: Fit, steps: FloatArray | None) -> Fit:
    """The fit after as many rounds as it takes to come to rest; as it is where it never draws the ink."""
    settled = fit
    for _ in range(MORE_ROUNDS):
        if settled.rms < UNSETTLED:
            return settled
        before, pen = settled.rms, settled.pen
        settled = refine_vertices(alpha, blocked, settled.x, settled.y, pen, steps=steps, joined=fit.links)
        if settled.rms > LESS_ROUGH * before:
            break
    return settled if settled.rms < UNSETTLED else fit


def name_again(layer: Layer, fit: Fit, links: Mask, shapes: Sequence[MarkerShape]) -> Fit:
    """The fit in the shape that draws small markers best; ``shapes`` are what their stack may be."""
    pen = fit.pen
    best = min((s.misfit for s in shapes if s.kind == pen.marker), default=np.inf)
    told = all(s.misfit > TOLD_APART * best for s in shapes if s.kind != pen.marker)
    if told or pen.marker not in ALIKE or pen.size > SMALL_PX:
        return fit
    columns, mine = _some_of(fit)
    x, y = fit.x[mine] - columns.start, fit.y[mine]
    on_grid = float(np.ptp(np.diff(fit.x))) < ON_GRID_PX
    radius = pen.size / ALIKE[pen.marker]

    def draw(part: slice, x: FloatArray, y: FloatArray, kind: str, links: Mask) -> Fit:
        steps = np.arange(x.size, dtype=np.float64) if on_grid else None
        other = replace(pen, marker=kind, size=ALIKE[kind] * radius)
        alpha, blocked = layer.alpha[:, part], layer.blocked[:, part]
        return refine_vertices(alpha, blocked, x, y, other, steps=steps, joined=links)

    rough = {kind: draw(columns, x, y, kind, links[mine.start : mine.stop - 1]).rms for kind in ALIKE}
    kind = min(rough, key=lambda one: (rough[one], one != pen.marker))
    if kind == pen.marker:
        return fit
    return min(fit, draw(slice(None), fit.x, fit.y, kind, links), key=lambda one: one.rms)


def _some_of(fit: Fit) -> tuple[slice, slice]:
    """Columns from one of a line's markers to another, and which these are: few tell the shape of all."""
    first = max(0, (fit.x.size - MOST_ASKED) // 2)
    mine = slice(first, min(first + MOST_ASKED, fit.x.size))
    ends = fit.x[mine][[0, -1]]
    return slice(max(0, int(ends[0])), int(ends[1]) + 2), mine
