"""Tell marker shapes by comparing a blob with drawn templates of its own size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from digitizer.evidence import FloatArray, Mask

# Each template is drawn at this many samples a pixel, then averaged: anti-aliased like the blob.
SUPERSAMPLING = 5
# Outlines of hollow markers as shares of their size (matplotlib: 1 of 6 points, Vega: 1.5 of 7).
OUTLINES = (0.07, 0.17)
# The box of a blob ends with whole pixels, the shape within it a little earlier.
SCALES = (1.0, 0.9)
# Correlation forgives a wrong amount of ink; this weighs the difference in fill against it.
FILL_WEIGHT = 0.8
# Arms of plus and cross as a share of their size, drawn as strokes and as filled marks.
ARMS = (0.14, 0.3)
# Below this many pixels a shape cannot be told from a dot.
MIN_SIZE = 4


def classify_shape(coverage: FloatArray) -> tuple[str, bool, float]:
    """Name the marker whose tight coverage map (rows, columns; values in [0, 1]) is given.

    Returns
    -------
    tuple of (str, bool, float)
        Shape, whether it is filled, and the correlation with its template in [-1, 1].
    """
    height, width = coverage.shape
    if min(height, width) < MIN_SIZE:
        return "circle", True, 0.0
    size = min(max(height, width), 40)
    scaled = _resample(coverage, size)
    flat = scaled.ravel() - scaled.mean()
    norm = float(np.linalg.norm(flat))
    if norm < 1e-9:
        return "square", True, 1.0
    best = ("circle", True, -1.0)
    fill = float(scaled.sum()) / size**2
    for name, filled, template, template_fill in _templates(size):
        score = float(np.dot(flat, template) / norm) - FILL_WEIGHT * abs(fill - template_fill)
        if score > best[2]:
            best = (name, filled, score)
    # A full square has no contrast of its own against its box: its fill tells.
    if best[2] < 0.6 and float(coverage.mean()) > 0.9:
        return "square", True, float(coverage.mean())
    return best


def _resample(coverage: FloatArray, size: int) -> FloatArray:
    """Carry a map to size x size by nearest neighbour, with a margin of one empty pixel."""
    rows = np.minimum((np.arange(size) + 0.5) * coverage.shape[0] / size, coverage.shape[0] - 1).astype(int)
    columns = np.minimum((np.arange(size) + 0.5) * coverage.shape[1] / size, coverage.shape[1] - 1).astype(
        int
    )
    return np.pad(coverage[np.ix_(rows, columns)], 1)


@lru_cache(maxsize=64)
def _templates(size: int) -> tuple[tuple[str, bool, FloatArray, float], ...]:
    axis = (np.arange(size * SUPERSAMPLING) + 0.5) / (size * SUPERSAMPLING) * 2 - 1
    x, y = np.meshgrid(axis, axis)
    out = []
    shapes = [shape for scale in SCALES for shape in _shapes(x / scale, y / scale)]
    for name, filled, mask in shapes:
        small = mask.reshape(size, SUPERSAMPLING, size, SUPERSAMPLING).mean(axis=(1, 3))
        padded = np.pad(small, 1).ravel()
        padded = padded - padded.mean()
        out.append((name, filled, padded / np.linalg.norm(padded), float(small.mean())))
    return tuple(out)


def _shapes(x: FloatArray, y: FloatArray) -> list[tuple[str, bool, Mask]]:
    """All shapes inside the square from -1 to 1 (y down), filled and hollow."""
    distance = {
        "circle": np.hypot(x, y),
        "square": np.maximum(np.abs(x), np.abs(y)),
        "diamond": np.abs(x) + np.abs(y),
        "triangle": np.maximum(np.abs(x) * 2 - y, y + 0.0) * 1.0,
        "triangle_down": np.maximum(np.abs(x) * 2 + y, -y),
        "triangle_left": np.maximum(np.abs(y) * 2 - x, x),
        "triangle_right": np.maximum(np.abs(y) * 2 + x, -x),
    }
    out: list[tuple[str, bool, Mask]] = []
    for name, d in distance.items():
        out.append((name, True, d <= 1.0))
        for outline in OUTLINES:
            inner = 1.0 - 2 * outline * (1.6 if name.startswith("triangle") else 1.0)
            out.append((name, False, (d <= 1.0) & (d > inner)))
    for arm in ARMS:
        out.append(("plus", True, (np.abs(x) <= arm) | (np.abs(y) <= arm)))
        diagonal = (np.abs(x - y) <= arm * 1.5) | (np.abs(x + y) <= arm * 1.5)
        out.append(("cross", True, diagonal))
    angle = np.arctan2(x, -y)
    turn = np.mod(angle, 2 * np.pi / 5) - np.pi / 5
    inner_radius = 0.382
    # A five-pointed star: straight edges between outer and inner corners.
    edge = (
        inner_radius
        * np.sin(np.pi / 5)
        / (
            np.sin(np.pi / 5 - np.abs(np.abs(turn) - np.pi / 5)) * inner_radius
            + np.sin(np.abs(np.abs(turn) - np.pi / 5))
        )
    )
    out.append(("star", True, np.hypot(x, y) <= edge))
    return out
