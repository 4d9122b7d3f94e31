"""Markers that stand alone: scatter points, found by a template taken from the picture itself."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.ink import FloatImage
from digitizer.stages.series.markers import MarkerShape
from digitizer.stages.series.runs import ON, IndexArray
from digitizer.stages.series.shapes import FILLED, STROKED, coverage, marker_distance

# Markers are at least this large and at most this share of the panel.
SMALLEST_PX = 3
LARGEST_SHARE = 0.12
LARGEST_PX = 64
# Isolated markers that agree in size; fewer could be specks.
FEWEST = 3
# A marker is longer than wide by at most this: dashes are longer.
ELONGATION = 1.7
# Correlation and share of the template's ink that a marker in a crowd keeps, and share that must be new.
CORRELATION = 0.5
INK_SHARE = 0.8
NEW_SHARE = 0.3
MAX_SYMBOLS = 4000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Symbols:
    """Alike markers: centres (crop coordinates), their mean picture, and how many stood alone."""

    x: FloatArray
    y: FloatArray
    patch: FloatImage
    n_alone: int

    @property
    def extent(self) -> float:
        """Width and height of the ink, averaged (px)."""
        across, down = self.patch.max(axis=0), self.patch.max(axis=1)
        return float(across.sum() + down.sum()) / 2


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
    n, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > ON).astype(np.uint8), connectivity=8)
    mass = np.bincount(labels.ravel(), weights=alpha.ravel(), minlength=n).astype(np.float64)
    left, top, width, height = (stats[:, k].astype(np.float64) for k in range(4))
    return Parts(
        labels=np.asarray(labels, dtype=np.int32), left=left, top=top, width=width, height=height, mass=mass
    )


def find_symbols(alpha: FloatImage, parts: Parts) -> Symbols | None:
    """The commonest alike compact pieces of ink, and all places where the same shape fits.

    Notes
    -----
    Pieces alike in width, height and ink are a class; its mean picture is the template, which correlation
    then finds in heaps and on lines too: taken best first, each must bring ink that none before explains.
    """
    members = _commonest(parts, alpha.shape)
    if members.size < FEWEST:
        return None
    half = int(max(parts.width[members].max(), parts.height[members].max()) // 2 + 2)
    patch = _mean_patch(alpha, parts, members, half)
    x, y = _match(alpha, patch, half)
    if x.size < FEWEST:
        return None
    # The middle of the ink's box in the template: markers' extents are even or odd.
    middle_x, middle_y = _middle(patch.max(axis=0)) - half, _middle(patch.max(axis=1)) - half
    return Symbols(x=x + middle_x, y=y + middle_y, patch=patch, n_alone=int(members.size))


def _commonest(parts: Parts, shape: tuple[int, ...]) -> IndexArray:
    largest = min(LARGEST_PX, LARGEST_SHARE * max(shape))
    w, h, mass = parts.width, parts.height, parts.mass
    fit = (np.minimum(w, h) >= SMALLEST_PX) & (np.maximum(w, h) <= largest)
    fit &= np.maximum(w, h) <= ELONGATION * np.minimum(w, h) + 1
    fit[0] = False
    index = np.flatnonzero(fit)[:3000]
    if index.size < FEWEST:
        return index[:0]
    alike = np.abs(w[index][:, None] - w[index]) <= 1.5
    alike &= np.abs(h[index][:, None] - h[index]) <= 1.5
    alike &= np.abs(mass[index][:, None] - mass[index]) <= 0.2 * mass[index] + 1
    return np.asarray(index[alike[int(alike.sum(axis=1).argmax())]])


def _mean_patch(alpha: FloatImage, parts: Parts, members: IndexArray, half: int) -> FloatImage:
    padded = np.pad(alpha, half + 1)
    labels = np.pad(parts.labels, half + 1)
    total = np.zeros((2 * half + 1, 2 * half + 1))
    for i in members[:80]:
        cx = round(float(parts.left[i] + (parts.width[i] - 1) / 2))
        cy = round(float(parts.top[i] + (parts.height[i] - 1) / 2))
        window = (slice(cy + 1, cy + 2 * half + 2), slice(cx + 1, cx + 2 * half + 2))
        near = cv2.dilate((labels[window] == i).astype(np.uint8), np.ones((3, 3), np.uint8))
        total += padded[window] * near
    return np.asarray(total / min(members.size, 80), dtype=np.float32)


def _match(alpha: FloatImage, patch: FloatImage, half: int) -> tuple[FloatArray, FloatArray]:
    padded = np.pad(alpha, half)
    score = np.asarray(cv2.matchTemplate(padded, patch, cv2.TM_CCOEFF_NORMED), dtype=np.float32)
    ink = float(np.square(patch).sum())
    held = cv2.matchTemplate(np.minimum(padded, 1.0), patch, cv2.TM_CCORR) / max(ink, 1e-6)
    peak = cv2.dilate(score, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero((score >= peak) & (score > CORRELATION) & (held > INK_SHARE))
    order = np.argsort(-score[ys, xs])[: 3 * MAX_SYMBOLS]
    left = padded.copy()
    found: list[tuple[float, float]] = []
    for k in order:
        y, x = int(ys[k]), int(xs[k])
        window = (slice(y, y + 2 * half + 1), slice(x, x + 2 * half + 1))
        new = float((left[window] * patch).sum()) / max(ink, 1e-6)
        if new < NEW_SHARE:
            continue
        left[window] *= 1.0 - np.minimum(patch * 1.3, 1.0)
        found.append((x + _vertex(score[y], x), y + _vertex(score[:, x], y)))
        if len(found) >= MAX_SYMBOLS:
            break
    centers = np.asarray(sorted(found), dtype=np.float64).reshape(-1, 2)
    return centers[:, 0], centers[:, 1]


def _middle(profile: FloatImage) -> float:
    return float((profile * np.arange(profile.size)).sum() / max(float(profile.sum()), 1e-6))


def _vertex(values: FloatImage, i: int) -> float:
    """Offset of a parabola's top through three scores."""
    if i < 1 or i + 1 >= values.size:
        return 0.0
    a, b, c = float(values[i - 1]), float(values[i]), float(values[i + 1])
    bend = a - 2 * b + c
    return float(np.clip(0.5 * (a - c) / bend, -0.5, 0.5)) if bend < -1e-9 else 0.0


def name_symbol(patch: FloatImage, listed: str | None = None) -> MarkerShape:
    """Which shape, filled, hollow or of strokes, a mean patch shows."""
    half = patch.shape[0] // 2
    total = max(float(patch.sum()), 1e-6)
    yy, xx = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    cx, cy = float((patch * xx).sum()) / total, float((patch * yy).sum()) / total
    extent = float(patch.max(axis=0).sum() + patch.max(axis=1).sum()) / 4
    best: MarkerShape | None = None
    for kind in (*FILLED, *STROKED, "star"):
        # Triangles hang off their centroid; their anchor is the middle of their box.
        dx, dy = (xx, yy) if kind.startswith("triangle") else (xx - cx, yy - cy)
        pens = (1.0, 1.6, 2.4) if kind in STROKED else (0.0, 1.0, 1.6, 2.4)
        for size in extent * np.array([0.8, 0.9, 1.0, 1.08]):
            for pen in pens:
                distance = marker_distance(kind, dx, dy, float(size), pen or 1.0)[0]
                if pen and kind not in STROKED:
                    distance = np.abs(distance + pen / 2) - pen / 2
                model = coverage(distance)
                scale = float((model * patch).sum()) / max(float(np.square(model).sum()), 1e-6)
                misfit = float(np.square(patch - scale * model).sum()) / max(
                    float(np.square(patch).sum()), 1e-6
                )
                misfit *= 0.6 if kind == listed else 1.0
                if best is None or misfit < best.misfit:
                    best = MarkerShape(kind=kind, size=float(size), misfit=misfit)
    assert best is not None
    return best
