"""Finding markers on a coverage map: whether there are any, of which shape and size, and where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.pixels.ink_box import ink_box
from digitizer.stages.pixels.linked import lowest_linked
from digitizer.stages.series.fits.shapes import (
    FILLED,
    INRADIUS,
    STARS,
    STROKED,
    THICK,
    TRIANGLE_INRADIUS,
    marker_patch,
    name_of,
)
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.columns import Path, thinnest_width
from digitizer.stages.series.paths.runs import IndexArray

# Distances are measured on a map enlarged this much: whole-pixel distances cannot tell 2.5 from 3.
ZOOM = 3
# A marker is thicker than its line by this factor and this many pixels; the inner sides of bends are not.
THICKER = 1.3
THICKER_PX = 0.55
# The arms of thick crosses are this much thinner than their middles (0.71 of it in those of "P" with
# an outline), and as near to these as so many radii of the middle.
ARM_SHARE = 0.8
ARM_REACH = 1.7
# Flat middles ("X" has one, and so have small jagged discs) are found more than once, so near (radii of the
# middle) to each other.
SAME_REACH = 0.75
# Markers of one series agree in size to this share (Agg's snapping changes it by up to half a pixel).
SIZE_SPREAD = 0.2
FEWEST = 3
# Mean squared coverage error of the stacked patch against the shape, per pixel of the shape. Drawn markers
# reach 0.012, 0.04 in JPEG shrunk to 0.6, 0.06 hollow or crowded; bends of noisy lines start at 0.02, so
# that what passes is drawn again and compared.
MISFIT = 0.08
# Where the legend shows a marker less is asked, where it shows none more.
MISFIT_LISTED = 0.2
MISFIT_UNLISTED = 0.04
# Half sizes of crosses and pluses looked for (px): 4 pt at 70 dpi to 8 pt at 200 dpi.
ARM_REACHES = np.array([2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0])
DIAGONAL = ((-1, -1), (1, -1), (-1, 1), (1, 1))
UPRIGHT = ((0, -1), (0, 1), (-1, 0), (1, 0))
# Coverage from which a pixel is a marker's tip or middle.
TIP = 0.45
# A filled shape that fits as well as this has no rival among crosses and stars.
CERTAIN = 0.01
# Shapes that are drawn and compared, at most.
RIVALS = 4
# Steps of doubled rows make a line's bends this much thicker.
JAGGED = 1.35
# A shape that fits as well as this (mean squared coverage error) needs no rival.
GOOD_MISFIT = 0.015
# Coverage at both rims of a stacked patch from which a row is one of a level line.
LEVEL = 0.5
# Where a line runs at one slope through nearly all markers, this share of the ink beyond so many of their
# inscribed radii lies on it (within its half width and a pixel), and of that this share on either side
# (0.27 for twelve diamonds on a line that bends by up to 20 degrees).
STRAIGHT, BEYOND, BOTH_SIDES = 0.9, 1.3, 0.2
# A patch whose pixels are blank or full but for this much was drawn without anti-aliasing (GD): so are the
# shapes that it is held against, whose rims would differ by half a pixel all around (0.083 of a disc of 7).
WHOLE_PIXELS = 0.1
# How much the legend's marker is favoured: a weight on its misfit.
PREFERENCE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerShape:
    """A marker's kind, half extent (px), and how well it fits the picture (mean squared coverage error)."""

    kind: str
    size: float
    misfit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blobs:
    """Places where the ink is thick: centres and inscribed radii (px, crop coordinates)."""

    x: FloatArray
    y: FloatArray
    radius: FloatArray


def find_blobs(alpha: FloatImage) -> Blobs:
    """Local maxima of the distance to the ink's edge."""
    rows, columns = ink_box(alpha > 0.3, 2)
    part, top, left = alpha[rows, columns], rows.start, columns.start
    zoom = ZOOM if part.size < 600_000 else 1
    big = cv2.resize(part, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    inside = np.pad((big > 0.5).astype(np.uint8), zoom)
    far = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5), dtype=np.float32)
    py, px = _maxima(far, 0.6 * zoom, zoom)
    if not py.size:
        return Blobs(x=np.zeros(0), y=np.zeros(0), radius=np.zeros(0))
    label = _hang_together(py, px)
    count = np.bincount(label)
    x, y = np.bincount(label, weights=px) / count, np.bincount(label, weights=py) / count
    radius = np.zeros(count.size)
    np.maximum.at(radius, label, far[py + zoom, px + zoom])
    return Blobs(
        x=(x + 0.5) / zoom - 0.5 + left, y=(y + 0.5) / zoom - 0.5 + top, radius=(radius - 0.5) / zoom
    )


def _hang_together(rows: IndexArray, columns: IndexArray) -> IndexArray:
    """The number of each pixel's piece; pixels come row by row, and hang together at corners, too.

    They are few in a large picture, of which labelling every pixel takes longer than all the rest.
    """
    width = int(columns.max()) + 2
    at = rows * width + columns
    pairs = []
    for step in (1, width - 1, width, width + 1):
        next_ = np.minimum(np.searchsorted(at, at + step), at.size - 1)
        there = np.flatnonzero(at[next_] == at + step)
        pairs.append((there, next_[there]))
    one, other = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    return np.asarray(np.unique(lowest_linked(at.size, one, other), return_inverse=True)[1])


def _maxima(far: FloatImage, least: float, reach: int) -> tuple[IndexArray, IndexArray]:
    """Rows and columns of pixels above ``least`` that none within ``reach`` exceeds, neighbours asked first.

    The image has a blank margin of ``reach``; what is returned leaves it out.
    """
    flat, width = far.ravel(), far.shape[1]
    at = np.flatnonzero(flat > least)
    steps = np.arange(-reach, reach + 1)
    around = [(abs(dx) + abs(dy), dy * width + dx) for dy in steps.tolist() for dx in steps.tolist()]
    for _, step in sorted(around)[1:]:
        at = at[flat[at] >= flat[at + step] - 1e-3]
    rows, columns = np.divmod(at, width)
    return rows - reach, columns - reach


def thick_blobs(blobs: Blobs, line_half_width: float) -> Blobs | None:
    """The blobs that are markers by their size: clearly thicker than the line, and alike."""
    thick = blobs.radius > max(THICKER * line_half_width, line_half_width + THICKER_PX)
    if thick.sum() < FEWEST:
        return None
    thick[thick] = _middles(blobs.x[thick], blobs.y[thick], blobs.radius[thick], SAME_REACH)
    radius = blobs.radius[thick]
    if radius.size < FEWEST:
        return None
    # Markers are the commonest thick things; bends and crossings vary in size.
    counts = np.array([(np.abs(radius - r) < SIZE_SPREAD * r).sum() for r in radius])
    modal = radius[counts.argmax()]
    common = median(radius[np.abs(radius - modal) < SIZE_SPREAD * modal])
    alike = thick & (np.abs(blobs.radius - common) < SIZE_SPREAD * common + 0.2)
    if alike.sum() < max(FEWEST, 0.5 * thick.sum()):
        return None
    return Blobs(x=blobs.x[alike], y=blobs.y[alike], radius=blobs.radius[alike])


def _with_arms(
    alpha: FloatImage, blobs: Blobs, width: float, listed: str | None
) -> list[tuple[Blobs, MarkerShape]]:
    """Places and shapes of thick crosses, whose arms are blobs, too."""
    ink = blobs.radius > THICKER * width / 2
    ink[ink] = _middles(blobs.x[ink], blobs.y[ink], blobs.radius[ink], SAME_REACH, ARM_REACH)
    middles = thick_blobs(Blobs(x=blobs.x[ink], y=blobs.y[ink], radius=blobs.radius[ink]), width / 2)
    if middles is None:
        return []
    inner = float(np.median(middles.radius))
    stack = stack_patches(alpha, middles, int(np.ceil(1.6 * inner / INRADIUS["thick-plus"])) + 2)
    shapes = classify(stack, inner, width, listed, THICK)
    return [(middles, shape) for shape in shapes[:1] if shape.kind in THICK]


def _middles(
    x: FloatArray, y: FloatArray, radius: FloatArray, same_reach: float, arm_reach: float = 0.0
) -> Mask:
    """Which places are middles of markers: none of their thinner arms, and one of several of a marker."""
    reach = max(same_reach, arm_reach) * radius.max(initial=0.0)
    rank = np.empty(radius.size)
    rank[np.argsort(-radius, kind="stable")] = np.arange(radius.size)
    order = np.argsort(x, kind="stable")
    x, y, radius, rank = x[order], y[order], radius[order], rank[order]
    kept = np.ones(x.size, dtype=bool)
    # Noise has thousands of places: each is held against those beside it alone.
    for step in range(1, x.size):
        first = np.flatnonzero(x[step:] - x[:-step] < reach)
        if not first.size:
            break
        for one, other in ((first, first + step), (first + step, first)):
            off = np.square(x[one] - x[other]) + np.square(y[one] - y[other])
            arm = (off < np.square(arm_reach * radius[other])) & (radius[one] < ARM_SHARE * radius[other])
            same = (off < np.square(same_reach * radius[other])) & (rank[one] > rank[other])
            kept[one[arm | same]] = False
    middles = np.empty_like(kept)
    middles[order] = kept
    return middles


def find_stroked(alpha: FloatImage, pen: float) -> tuple[Blobs, float] | None:
    """Crosses and pluses: places with ink at the tips of four arms; returns them and the arms' reach (px).

    A line passes two opposite tips at most, so that all four tell a marker from its line. Of the sizes that
    show nearly all places, the largest is the marker's.
    """
    # Only ink can be a marker's middle; what lies outside is blank.
    rim = round(float(ARM_REACHES[-1])) + 1
    padded = np.pad(alpha, rim)
    thick = np.pad(cv2.dilate(alpha, np.ones((3, 3), np.uint8)), rim)
    rows, columns = np.divmod(np.flatnonzero(padded > TIP), padded.shape[1])
    found: list[tuple[int, float, Blobs]] = []
    for diagonal in (True, False):
        for reach in ARM_REACHES[max(3.0, 2.0 * pen) <= ARM_REACHES]:
            step = round(reach * 0.72) if diagonal else round(reach)
            arms = DIAGONAL if diagonal else UPRIGHT
            tips = np.minimum.reduce([thick[rows + dy * step, columns + dx * step] for dx, dy in arms]) > TIP
            if not diagonal:
                # A filled marker has ink between all of a plus's arms, a line between two at most.
                inside = max(1, round(0.6 * reach))
                between = [padded[rows + dy * inside, columns + dx * inside] for dx, dy in DIAGONAL]
                tips &= np.minimum.reduce(between) <= 0.5
            if tips.sum() < FEWEST:
                continue
            x, y = _centers(rows[tips] - rim, columns[tips] - rim)
            if x.size >= FEWEST:
                found.append((x.size, float(reach), Blobs(x=x, y=y, radius=np.full(x.size, pen))))
    if not found:
        return None
    most = max(n for n, _, _ in found)
    _, reach, blobs = max((f for f in found if f[0] >= 0.8 * most), key=lambda f: f[1])
    return blobs, reach


def _centers(rows: IndexArray, columns: IndexArray) -> tuple[FloatArray, FloatArray]:
    """The middles of pixels that touch each other, in the order of the whole picture."""
    # Components are numbered by squares of two by two pixels.
    top, left = int(rows.min()) & ~1, int(columns.min()) & ~1
    image = np.zeros((int(rows.max()) - top + 1, int(columns.max()) - left + 1), dtype=np.uint8)
    image[rows - top, columns - left] = 1
    n, labels = cv2.connectedComponents(image, connectivity=8)
    label = labels[rows - top, columns - left]
    count = np.bincount(label, minlength=n)[1:]
    x, y = (np.bincount(label, weights=at, minlength=n)[1:] / count for at in (columns, rows))
    return x, y


def are_markers(shape: MarkerShape, listed: str | None) -> bool:
    """Whether thick places that look like ``shape`` are markers; ``listed`` is the legend's marker."""
    if listed is None:
        return shape.misfit < MISFIT
    return shape.misfit < (MISFIT_UNLISTED if listed == "none" else MISFIT_LISTED)


def stack_patches(alpha: FloatImage, blobs: Blobs, radius: int, quantile: float = 0.15) -> FloatImage:
    """What all blobs have in common: a low quantile, pixel by pixel, of the patches around them.

    Notes
    -----
    Each patch holds the whole marker and, by chance, parts of its line and neighbours; what is there in
    nearly every patch is the marker alone.
    """
    padded = np.pad(alpha, radius + 1)
    chosen = np.linspace(0, blobs.x.size - 1, min(blobs.x.size, 120)).astype(int)
    x = np.round(blobs.x[chosen]).astype(int) + 1
    y = np.round(blobs.y[chosen]).astype(int) + 1
    window = np.arange(2 * radius + 1)
    patches = padded[(y[:, None] + window)[:, :, None], (x[:, None] + window)[:, None, :]]
    return np.asarray(np.quantile(patches, quantile, axis=0), dtype=np.float32)


def classify(
    stack: FloatImage,
    inner: float,
    pen: float,
    preferred: str | None = None,
    wanted: Collection[str] = (),
) -> list[MarkerShape]:
    """Rank the shapes, each at its best size, by how well they explain a stacked patch.

    Parameters
    ----------
    stack
        Square patch of coverage, the marker's inscribed circle in its middle.
    inner
        The inscribed radius measured by distance (px).
    pen
        The line's width, which crosses and pluses are drawn with (px).
    preferred
        The legend's marker, which wins unless another fits clearly better.
    wanted
        Kinds of which one must be the best for the ranks to be of use: others than filled ones are tried for
        as long as one is.
    """
    radius = stack.shape[0] // 2
    # Where the line is level at nearly all places it is part of what they have in common.
    level = (stack[:, :1] > LEVEL) & (stack[:, -1:] > LEVEL)
    slanted = np.zeros(stack.shape, dtype=bool) if level.any() else _slanted_line(stack, inner, pen)
    bare = np.where(level | slanted, np.float32(0.0), stack)
    rows = np.where(slanted, np.float32(0.0), stack)
    jagged = bool(np.all(np.minimum(stack, 1 - stack) < WHOLE_PIXELS))
    half = float(bare.max(axis=0).sum() + rows.max(axis=1).sum()) / 4
    best: dict[str, MarkerShape] = {}
    for kind in (*FILLED, *THICK, *STROKED, *STARS):
        least = min(best.values(), key=lambda shape: shape.misfit, default=None)
        if kind not in FILLED and least is not None:
            useless = wanted and kind not in wanted and least.kind not in wanted
            if useless or least.misfit < CERTAIN:
                break
        if kind in STROKED:
            sizes = half * np.array([0.75, 0.85, 0.95, 1.05])
        else:
            guess = inner / INRADIUS.get(kind, TRIANGLE_INRADIUS)
            sizes = guess + np.linspace(-1.0, 1.2, 33 if jagged else 9) * max(0.8, 0.14 * guess)
        pens = (0.7 * pen, pen, 1.4 * pen) if kind in STROKED else (pen,)
        sizes = sizes[sizes >= 0.8]
        for width in pens if sizes.size else ():
            patches = marker_patch(kind, sizes[:, None, None], radius=radius, pen=width)
            if jagged:
                patches = np.concatenate([patches, patches >= 0.5])
            off = np.where((level | slanted) & (patches <= 0), np.float32(0.0), np.square(patches - stack))
            misfits = off.sum(axis=(1, 2)) / np.maximum(patches.sum(axis=(1, 2)), 1.0)
            k = int(np.argmin(misfits))
            misfit = float(misfits[k]) * (PREFERENCE if name_of(kind) == preferred else 1.0)
            if kind not in best or misfit < best[kind].misfit:
                best[kind] = MarkerShape(kind=kind, size=float(sizes[k % sizes.size]), misfit=misfit)
    return sorted(best.values(), key=lambda shape: shape.misfit)


def _slanted_line(stack: FloatImage, inner: float, pen: float) -> Mask:
    """Where a stacked patch shows, beside its marker, the line that has one slope at nearly all of them.

    Values that fall or rise evenly are no rarer than level ones.
    """
    radius = stack.shape[0] // 2
    dy, dx = (at.astype(np.float64) - radius for at in np.indices(stack.shape))
    beyond = np.hypot(dx, dy) > BEYOND * inner
    ink = np.where(beyond, stack, np.float32(0.0)).astype(np.float64)
    nowhere = np.zeros(stack.shape, dtype=bool)
    if ink.sum() < pen:
        return nowhere
    angle = 0.5 * np.arctan2(2 * (ink * dx * dy).sum(), (ink * (np.square(dx) - np.square(dy))).sum())
    along, across = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    on_line = np.abs(across) <= pen / 2 + 1
    share = ink[on_line].sum() / ink.sum()
    ahead = ink[on_line & (along > 0)].sum() / max(ink[on_line].sum(), 1e-9)
    straight = share > STRAIGHT and BOTH_SIDES <= ahead <= 1 - BOTH_SIDES
    return on_line & beyond if straight else nowhere


def recognise(alpha: FloatImage, path: Path, listed: str | None) -> list[tuple[Blobs, MarkerShape]]:
    """Where markers may be and of what shape: thick ones by distance, others by their arms."""
    found: list[tuple[Blobs, MarkerShape]] = []
    crosses: list[tuple[Blobs, MarkerShape]] | None = None
    blobs = find_blobs(alpha)
    # Where markers touch all along, the line is only seen where the ink is thinnest; where rows were doubled
    # to enlarge the picture, bends of thick lines are thicker than these.
    # Steep lines seem thinner by columns than they are: their own bends would be the commonest thick places.
    usual = 2 * median(blobs.radius) if blobs.radius.size else np.inf
    for width in (path.width, thinnest_width(path), JAGGED * path.width, usual):
        thick = thick_blobs(blobs, width / 2)
        if thick is None or any(np.array_equal(thick.x, places.x) for places, _ in found):
            continue
        inner = median(thick.radius)
        stack = stack_patches(alpha, thick, int(np.ceil(1.6 * inner)) + 2)
        found += [(thick, shape) for shape in classify(stack, inner, path.width, listed)[:RIVALS]]
        if crosses is None:
            crosses = _with_arms(alpha, blobs, path.width, listed)
            found += crosses
        found.sort(key=lambda item: item[1].misfit)
        if found[0][1].misfit < GOOD_MISFIT:
            return found
    armed = find_stroked(alpha, path.width)
    if armed is not None:
        stack = stack_patches(alpha, armed[0], int(np.ceil(armed[1])) + 2)
        shapes = classify(stack, path.width / 2, path.width, listed)
        found += [(armed[0], shape) for shape in shapes if shape.kind in STROKED]
    return sorted(found, key=lambda item: item[1].misfit)
