"""Resolving heaps of alike markers: taken away one after the other, the clearest outline first."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.markers.parted import part_markers

# Share of a marker's ink that is there where one lies, whatever lies on it.
HELD = 0.8
# Share of its outline that a marker in a heap shows to no other, and share of its ink.
OUTLINE = 0.2
NEW = 0.15
# What is left inside a heap, without any outline, is filled with markers that bring this share of new ink,
# that many half patches (two pixels wider than markers) apart.
FILLING = 0.5
FILLING_STEP = 0.6
MAX_SYMBOLS = 4000
# A marker's outline and ink say nothing where less of them can be seen.
LEAST_VISIBLE = 0.3
# Rounds of moving markers to where their own ink is, and the longest way of one (px).
ROUNDS = 3
FARTHEST_PX = 0.7
# A neighbour's ink counts from this coverage on: there the marker's own outline is not seen.
COVERED = 0.08

Window = tuple[slice, slice]

# A marker takes so many times its picture's coverage with it: it may lie half a pixel off.
COVERS = 1.3
# Hollow markers hold less than this share of their peak in the middle, and show at least that peak.
HOLLOW = 0.5
LEAST_PEAK = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Where a template lies: its middle (crop coordinates), and the share of its outline that shows it."""

    x: FloatArray
    y: FloatArray
    outline: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Template:
    """A marker's picture, its gradients, and half its width (px)."""

    patch: FloatImage
    gx: FloatImage
    gy: FloatImage
    half: int

    def window(self, y: int, x: int) -> Window:
        """Where it lies in a padded image, its middle at (x, y) of the image without padding."""
        return slice(y, y + 2 * self.half + 1), slice(x, x + 2 * self.half + 1)


def resolve(alpha: FloatImage, blocked: Mask, patch: FloatImage) -> Places:
    """Find every place where a template lies, in heaps too.

    Parameters
    ----------
    alpha
        Coverage (height, width), in [0, 1].
    blocked
        Pixels that say nothing.
    patch
        The template (odd square), its marker in the middle.

    Notes
    -----
    A greedy pursuit in two rounds. The first goes by outlines: the correlation of the ink's gradient with the
    template's is the share of a marker's outline that can be seen; the clearest marker is taken first, and
    takes its outline and ink with it. The second fills the ink left inside, which no outline parts.
    """
    across, down = _gradient(patch)
    template = _Template(patch=patch, gx=across, gy=down, half=patch.shape[0] // 2)
    half = template.half
    strength = np.asarray(np.square(across) + np.square(down), dtype=np.float32)
    seen = np.pad((~blocked).astype(np.float32), half)
    padded = np.pad(alpha, half) * seen
    clear = np.asarray(cv2.erode(seen, np.ones((3, 3), np.uint8)), dtype=np.float32)
    gx, gy = (g * clear for g in _gradient(padded))
    visible = np.maximum(_correlate(clear, strength), LEAST_VISIBLE * float(strength.sum()))
    energy = np.asarray(np.square(patch), dtype=np.float32)
    ink = np.maximum(_correlate(seen, energy), LEAST_VISIBLE * float(energy.sum()))
    held = _correlate(padded, patch) / ink > HELD
    # Of a ring drawn with a pen of one pixel the mean picture is paler than each of its members.
    peak = float(patch.max()) if patch[half, half] < HOLLOW * float(patch.max()) else 1.0
    covers = COVERS / max(peak, LEAST_PEAK)
    score = np.where(held, (_correlate(gx, template.gx) + _correlate(gy, template.gy)) / visible, 0.0)
    left = padded.copy()

    def outline(y: int, x: int) -> float:
        at = template.window(y, x)
        if float((left[at] * patch).sum()) < NEW * ink[y, x]:
            return 0.0
        return float((gx[at] * template.gx + gy[at] * template.gy).sum() / visible[y, x])

    def take(y: int, x: int) -> None:
        at = template.window(y, x)
        left[at] *= 1.0 - np.minimum(covers * patch, 1.0)
        own = gx[at] * template.gx + gy[at] * template.gy > 0
        rest = np.where(own, 1.0 - np.minimum(2.0 * np.sqrt(strength / strength.max()), 1.0), 1.0)
        gx[at] *= rest
        gy[at] *= rest

    found = _pursue(score, outline, take, OUTLINE)
    shown = part_markers(padded, seen, patch, _refine(padded, seen, template, found))
    left = padded * (1.0 - np.minimum(covers * _draw(padded.shape, template, shown), 1.0))

    filled = _fill(np.where(held, _correlate(left, patch) / ink, 0.0), half)
    every = np.concatenate([shown, filled])
    return Places(x=every[:, 1], y=every[:, 0], outline=every[:, 2])


def _gradient(image: FloatImage) -> tuple[FloatImage, FloatImage]:
    kernel = np.array([[-0.5, 0.0, 0.5]], dtype=np.float32)
    across = cv2.filter2D(image, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
    down = cv2.filter2D(image, cv2.CV_32F, kernel.T, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def _correlate(padded: FloatImage, patch: FloatImage) -> FloatImage:
    return np.asarray(cv2.matchTemplate(padded, patch, cv2.TM_CCORR), dtype=np.float32)


def _pursue(
    score: FloatImage,
    rescore: Callable[[int, int], float],
    take: Callable[[int, int], None],
    least: float,
) -> FloatArray:
    """Take the best local maxima one by one, each scored again when its turn comes: rows (y, x, score)."""
    peak = cv2.dilate(score, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero((score >= peak) & (score > least))
    queue = [(-float(score[y, x]), int(y), int(x)) for y, x in zip(ys, xs, strict=True)]
    heapq.heapify(queue)
    found: list[tuple[float, float, float]] = []
    while queue and len(found) < MAX_SYMBOLS:
        promised, y, x = heapq.heappop(queue)
        now = rescore(y, x)
        if now < least:
            continue
        if queue and now < -queue[0][0] - 1e-3 and now < -promised - 1e-3:
            heapq.heappush(queue, (-now, y, x))
            continue
        take(y, x)
        found.append((float(y), float(x), now))
    return np.asarray(found, dtype=np.float64).reshape(-1, 3)


def _fill(share: FloatImage, half: int) -> FloatArray:
    """Places (y, x, 0) where markers bring ``share`` of new ink: the fullest first, others half a marker off.

    A heap without holes holds at least so many: of markers strewn by chance at twice the density that
    covers all once, one pixel in seven still shows the ground.
    """
    apart = max(1, round(FILLING_STEP * half))
    rows, columns = np.nonzero(share > FILLING)
    order = np.argsort(-share[rows, columns], kind="stable")
    taken = np.zeros(share.shape, dtype=bool)
    found: list[tuple[float, float, float]] = []
    for y, x in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if not taken[y, x]:
            taken[max(0, y - apart) : y + apart + 1, max(0, x - apart) : x + apart + 1] = True
            found.append((float(y), float(x), 0.0))
    return np.asarray(found[:MAX_SYMBOLS], dtype=np.float64).reshape(-1, 3)


def _draw(shape: tuple[int, ...], template: _Template, found: FloatArray) -> FloatImage:
    """The union of all found markers, each at its nearest pixel."""
    image = np.zeros(shape, dtype=np.float32)
    height, width = shape[0] - 2 * template.half, shape[1] - 2 * template.half
    for y, x, _ in np.round(found).astype(int):
        at = template.window(int(np.clip(y, 0, height - 1)), int(np.clip(x, 0, width - 1)))
        np.maximum(image[at], template.patch, out=image[at])
    return image


def _refine(padded: FloatImage, seen: FloatImage, template: _Template, found: FloatArray) -> FloatArray:
    """Move each marker to where its own ink is, by least squares on the pixels that no other covers."""
    if not len(found):
        return found
    half, span = template.half, 2 * template.half + 1
    rows, columns = found[:, 0].astype(int), found[:, 1].astype(int)
    window = np.arange(span)
    at = (rows[:, None] + window)[:, :, None], (columns[:, None] + window)[:, None, :]
    count = np.zeros(padded.shape, dtype=np.float32)
    covers = (template.patch > COVERED).astype(np.float32)
    for y, x in zip(rows, columns, strict=True):
        count[template.window(y, x)] += covers
    own = np.where(count[at] - covers < 0.5, seen[at], 0.0)
    ink = padded[at]
    moved = np.zeros((len(found), 2))
    grid = np.arange(-half, half + 1, dtype=np.float64)
    for _ in range(ROUNDS):
        patch, gx, gy = (_shifted(g, grid, moved) for g in (template.patch, template.gx, template.gy))
        residual = (ink - patch) * own
        a, b, c = (own * gx * gx).sum((1, 2)), (own * gx * gy).sum((1, 2)), (own * gy * gy).sum((1, 2))
        # A marker of which little is seen stays where its outline put it.
        damp = 0.05 * float(np.square(template.gx).sum())
        a, c = a + damp, c + damp
        rx, ry = -(residual * gx).sum((1, 2)), -(residual * gy).sum((1, 2))
        det = np.maximum(a * c - b * b, 1e-9)
        step = np.stack([(c * rx - b * ry) / det, (a * ry - b * rx) / det], axis=1)
        moved = np.clip(moved + np.clip(step, -0.5, 0.5), -FARTHEST_PX, FARTHEST_PX)
    result = found.copy()
    result[:, 1] += moved[:, 0]
    result[:, 0] += moved[:, 1]
    return result


def _shifted(image: FloatImage, grid: FloatArray, moved: FloatArray) -> FloatArray:
    """The image moved by each of (n, 2) offsets (x, y), bilinearly: (n, rows, columns)."""
    padded = np.pad(np.asarray(image, dtype=np.float64), 1)
    out = np.zeros((len(moved), *image.shape))
    whole = np.floor(moved).astype(int)
    share = moved - whole
    n = image.shape[0]
    index = np.arange(n)
    for dy in (0, 1):
        for dx in (0, 1):
            weight = np.where(dx, share[:, 0], 1 - share[:, 0]) * np.where(dy, share[:, 1], 1 - share[:, 1])
            r = index[None, :] + 1 - (whole[:, 1] + dy)[:, None]
            c = index[None, :] + 1 - (whole[:, 0] + dx)[:, None]
            r, c = np.clip(r, 0, n + 1), np.clip(c, 0, n + 1)
            out += weight[:, None, None] * padded[r[:, :, None], c[:, None, :]]
    return out
