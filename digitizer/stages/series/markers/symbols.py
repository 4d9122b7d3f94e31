"""Markers that stand alone: scatter points, found by a template taken from the picture itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, LegendEntry, Mask, Picture
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.fits.shapes import (
    FILLED,
    INCENTER,
    STROKED,
    THICK,
    coverage,
    name_of,
    outline_distance,
)
from digitizer.stages.series.inks.distinct import project
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.markers.crowds import resolve
from digitizer.stages.series.markers.find import MarkerShape
from digitizer.stages.series.paths.runs import ON, IndexArray

# Markers are at least this large and at most this share of the panel.
SMALLEST_PX = 3
LARGEST_SHARE = 0.12
LARGEST_PX = 64
# Isolated markers that agree in size; fewer could be specks.
FEWEST = 3
# Sizes tried, in half extents of the ink; where none fits, finer ones: a hollow triangle's strokes are thin
# and its tips fade.
COARSE_SIZES = (0.8, 0.9, 1.0, 1.08)
FINE_SIZES = (0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15)
FINE_SHIFTS = (-0.15, 0.0, 0.15)
POOR = 0.06
# The mean picture of markers drawn with a pen of one pixel covers no pixel by more than this (rings: 0.65).
FAINT_PEN = 0.85
# A marker is longer than wide by at most this: dashes are longer.
ELONGATION = 1.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """A marker's picture (odd square, coverage), and how many were seen that stand alone."""

    patch: FloatImage
    n_alone: int

    @property
    def extent(self) -> float:
        """Width and height of the ink, averaged (px)."""
        across, down = self.patch.max(axis=0), self.patch.max(axis=1)
        return float(across.sum() + down.sum()) / 2

    @property
    def middle(self) -> tuple[float, float]:
        """Where the middle of the ink's box lies (px from the picture's): extents are even or odd."""
        half = self.patch.shape[0] // 2
        return _middle(self.patch.max(axis=0)) - half, _middle(self.patch.max(axis=1)) - half


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Symbols:
    """Alike markers: centres (crop coordinates), the share of each one's outline that is seen, their
    picture and where their middle lies in it (px from the picture's)."""

    x: FloatArray
    y: FloatArray
    outline: FloatArray
    patch: FloatImage
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Connected pieces of ink: bounding boxes and ink, by label (from 1)."""

    labels: NDArray[np.int32]
    left: FloatArray
    top: FloatArray
    width: FloatArray
    height: FloatArray
    mass: FloatArray


def find_parts(alpha: FloatImage) -> Parts:
    """Connected components of the ink."""
    labels, stats = label_pieces(alpha > ON)
    at = np.flatnonzero(labels > 0)
    mass = np.bincount(labels.ravel()[at], weights=alpha.ravel()[at], minlength=len(stats)).astype(np.float64)
    left, top, width, height = (stats[:, k].astype(np.float64) for k in range(4))
    return Parts(labels=labels, left=left, top=top, width=width, height=height, mass=mass)


def find_sample(alpha: FloatImage, parts: Parts) -> Sample | None:
    """The mean picture of the commonest alike compact pieces of ink: alike in width, height and ink."""
    members = _commonest(parts, alpha.shape)
    return None if members.size < FEWEST else _sample_of(alpha, parts, members)


def find_fullest(alpha: FloatImage, parts: Parts, kinds: int) -> Sample | None:
    """Of the commonest alike pieces the ones with most ink, where there are several ``kinds`` of one colour.

    Thin symbols fit into full ones: looked for first, each disc would be several of them.
    """
    samples = []
    for _ in range(kinds):
        members = _commonest(parts, alpha.shape)
        if members.size < FEWEST:
            break
        samples.append(_sample_of(alpha, parts, members))
        left = parts.width.copy()
        left[members] = 0.0
        parts = replace(parts, width=left)
    return max(samples, key=lambda sample: float(sample.patch.sum()), default=None)


def picture_parts(alpha: FloatImage, parts: Parts, members: IndexArray) -> tuple[Sample, FloatArray]:
    """The mean picture of some pieces of ink, and the middles of their boxes (x and y, crop coordinates)."""
    sample = _sample_of(alpha, parts, members)
    off = sample.middle
    middles = []
    for i in members:
        box = (
            slice(max(0, int(parts.top[i]) - 1), int(parts.top[i] + parts.height[i]) + 1),
            slice(max(0, int(parts.left[i]) - 1), int(parts.left[i] + parts.width[i]) + 1),
        )
        own = np.where((parts.labels[box] == i) | (parts.labels[box] == 0), alpha[box], 0.0)
        mass = max(float(own.sum()), 1e-6)
        x = float(own.sum(axis=0) @ np.arange(own.shape[1])) / mass + box[1].start + off[0]
        middles.append((x, float(own.sum(axis=1) @ np.arange(own.shape[0])) / mass + box[0].start + off[1]))
    return sample, np.array(middles)


def _sample_of(alpha: FloatImage, parts: Parts, members: IndexArray) -> Sample:
    half = int(max(parts.width[members].max(), parts.height[members].max()) // 2 + 2)
    return Sample(patch=_mean_patch(alpha, parts, members, half), n_alone=int(members.size))


def legend_sample(picture: Picture, entry: LegendEntry) -> Sample | None:
    """A legend's marker as it is drawn there; None where a line runs through it or none is drawn."""
    if entry.swatch is None or entry.color is None or entry.line_style != "none" or entry.marker == "none":
        return None
    box = entry.swatch
    half = int(max(box.width, box.height) // 2 + 2)
    cx, cy = (round(v) for v in box.center)
    top, left = cy - half - 1, cx - half - 1
    side = 2 * half + 3
    if top < 0 or left < 0 or top + side > picture.height or left + side > picture.width:
        return None
    window = picture.rgb[top : top + side, left : left + side].astype(np.float32)
    rim = np.concatenate([window[0], window[-1], window[:, 0], window[:, -1]])
    ground = np.broadcast_to(np.median(rim, axis=0), window.shape).astype(np.float32)
    cover, residual = project(window, ground, np.asarray(entry.color, dtype=np.float64))
    patch = np.where((residual < 40.0) & (cover > 0.05), np.clip(cover, 0.0, 1.0), 0.0).astype(np.float32)
    # What lies beside the sample, its text's first letter or the legend's border, is no part of it.
    reach = np.abs(np.arange(side) - half - 1)
    patch[(reach[:, None] > box.height / 2 + 1) | (reach > box.width / 2 + 1)] = 0.0
    mass = float(patch.sum())
    if mass < SMALLEST_PX**2 / 2:
        return None
    at = np.arange(side)
    middle = float((patch.sum(axis=0) * at).sum()) / mass, float((patch.sum(axis=1) * at).sum()) / mass
    span = 2 * half + 1
    return Sample(patch=np.asarray(cv2.getRectSubPix(patch, (span, span), middle)), n_alone=0)


def find_symbols(alpha: FloatImage, blocked: Mask, sample: Sample) -> Symbols | None:
    """All places where a sample lies, in heaps too."""
    places = resolve(alpha, blocked, sample.patch)
    if places.x.size < FEWEST:
        return None
    middle = sample.middle
    return Symbols(
        x=places.x + middle[0],
        y=places.y + middle[1],
        outline=places.outline,
        patch=sample.patch,
        middle=middle,
    )


def compact_parts(parts: Parts, shape: tuple[int, ...], smallest: float = SMALLEST_PX) -> IndexArray:
    """The pieces of ink that may be markers by their width and height, in a crop of some shape."""
    largest = min(LARGEST_PX, LARGEST_SHARE * max(shape))
    low, high = np.minimum(parts.width, parts.height), np.maximum(parts.width, parts.height)
    fit = (low >= smallest) & (high <= largest) & (high <= ELONGATION * low + 1)
    fit[0] = False
    return np.flatnonzero(fit)


def _commonest(parts: Parts, shape: tuple[int, ...]) -> IndexArray:
    w, h, mass = parts.width, parts.height, parts.mass
    index = compact_parts(parts, shape)[:3000]
    if index.size < FEWEST:
        return index[:0]
    alike = np.abs(w[index][:, None] - w[index]) <= 1.5
    alike &= np.abs(h[index][:, None] - h[index]) <= 1.5
    alike &= np.abs(mass[index][:, None] - mass[index]) <= 0.2 * mass[index] + 1
    return np.asarray(index[alike[int(alike.sum(axis=1).argmax())]])


def _mean_patch(alpha: FloatImage, parts: Parts, members: IndexArray, half: int) -> FloatImage:
    """The members' mean picture, each moved so that the middle of its ink is in the middle."""
    padded = np.pad(alpha, half + 1)
    labels = np.pad(parts.labels, half + 1)
    side = 2 * half + 1
    grid = np.arange(-half, half + 1, dtype=np.float32)
    total = np.zeros((side, side))
    for i in members[:80]:
        cx = round(float(parts.left[i] + (parts.width[i] - 1) / 2))
        cy = round(float(parts.top[i] + (parts.height[i] - 1) / 2))
        window = (slice(cy + 1, cy + side + 1), slice(cx + 1, cx + side + 1))
        near = cv2.dilate((labels[window] == i).astype(np.uint8), np.ones((3, 3), np.uint8))
        one = (padded[window] * near).astype(np.float32)
        mass = max(float(one.sum()), 1e-6)
        middle = (
            half + float((one.sum(0) * grid).sum()) / mass,
            half + float((one.sum(1) * grid).sum()) / mass,
        )
        total += cv2.getRectSubPix(one, (side, side), middle)
    return np.asarray(total / min(members.size, 80), dtype=np.float32)


def _middle(profile: FloatImage) -> float:
    return float((profile * np.arange(profile.size)).sum() / max(float(profile.sum()), 1e-6))


def name_symbol(patch: FloatImage, listed: str | None = None) -> MarkerShape:
    """Which shape, filled, hollow or of strokes, a mean patch shows; the legend's wins a near tie."""
    best = _best_shape(patch, COARSE_SIZES, (0.0,), listed)
    if best.misfit < POOR:
        return best
    best = min(best, _best_shape(patch, FINE_SIZES, FINE_SHIFTS, listed), key=lambda shape: shape.misfit)
    peak = float(patch.max())
    if best.misfit < POOR or not 0.0 < peak < FAINT_PEN:
        return best
    # Outlines as thin as a pixel cover none of them fully: the ink's extent is larger than their sums tell.
    larger = tuple(size / peak for size in FINE_SIZES)
    return min(best, _best_shape(patch, larger, FINE_SHIFTS, listed), key=lambda shape: shape.misfit)


def _best_shape(
    patch: FloatImage, sizes: tuple[float, ...], shifts: tuple[float, ...], listed: str | None
) -> MarkerShape:
    """The best fit among all shapes at sizes and shifts along a triangle's axis (in half extents)."""
    half = patch.shape[0] // 2
    total = max(float(patch.sum()), 1e-6)
    yy, xx = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    middle = float((patch * xx).sum()) / total, float((patch * yy).sum()) / total
    extent = float(patch.max(axis=0).sum() + patch.max(axis=1).sum()) / 4
    box = _middle(patch.max(axis=0)) - half, _middle(patch.max(axis=1)) - half
    energy = max(float(np.square(patch).sum()), 1e-6)
    found: list[MarkerShape] = []
    for kind in (*FILLED, *THICK, *STROKED, "star"):
        # Triangles hang off their centroid; their anchor is the middle of their box.
        at = box if kind in INCENTER else middle
        axis = INCENTER.get(kind, (0.0, 0.0))
        pens = (1.0, 1.6, 2.4) if kind in STROKED else (0.0,) if kind in THICK else (0.0, 1.0, 1.6, 2.4)
        for shift in shifts if kind in INCENTER else (0.0,):
            dx = xx - at[0] - shift * extent * np.sign(axis[0])
            dy = yy - at[1] - shift * extent * np.sign(axis[1])
            for size in extent * np.array(sizes):
                solid = outline_distance(kind, dx, dy, float(size), 1.0)
                for pen in pens:
                    if kind in STROKED:
                        distance = outline_distance(kind, dx, dy, float(size), pen)
                    else:
                        distance = np.abs(solid + pen / 2) - pen / 2 if pen else solid
                    model = coverage(distance)
                    scale = float((model * patch).sum()) / max(float(np.square(model).sum()), 1e-6)
                    misfit = float(np.square(patch - scale * model).sum()) / energy
                    misfit *= 0.6 if name_of(kind) == listed else 1.0
                    found.append(MarkerShape(kind=kind, size=float(size), misfit=misfit))
    return min(found, key=lambda shape: shape.misfit)
