"""Part markers that were taken for one: heaps are drawn again, with one more where that fits better."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage

# Coverage from which ink belongs to a heap.
INK = 0.3
# Heaps of more markers than this, or wider than so many templates, are not drawn again: their middles are
# seen of none, and each round takes as long as they are large (of 16 markers a tenth of a second).
MOST_MARKERS = 16
MOST_TEMPLATES = 8
# One more marker takes this share of what the heap differs from its drawing by, at least, this share of its
# own ink, and so many times what a marker that stands alone differs by. Of 3,352 markers in 25 drawn
# charts 185 are missed and 118 too many (220 and 116 where 0.35 of a heap, 0.08 of a marker were asked for,
# of heaps of 8 at most): of four that a heap lacks none takes a third of what it differs by.
TAKEN = 0.1
LEAST_GAIN = 0.02
OVER_ALONE = 2.0
# Two markers nearer than this (px, and half templates) are one.
NEAREST_PX = 0.7
NEAREST = 0.1
# Rounds of moving all markers of a heap, and the farthest one moves in a round (px).
ROUNDS = 8
FARTHEST_PX = 1.0
DAMPING = 0.02
# What a marker that was parted from another one shows of its outline: it stands in a crowd.
PARTED_OUTLINE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heap:
    """Ink of a window, what of it counts, the template with its gradients, and the window's corner (x, y)."""

    ink: FloatImage
    weight: FloatImage
    patch: FloatImage
    gx: FloatImage
    gy: FloatImage
    corner: FloatArray

    def draw(self, image: FloatImage, at: FloatArray) -> FloatArray:
        """A template's image with its corner at each of the places (n, 2): (n, rows, columns)."""
        height, width = self.ink.shape
        moves = (np.array([[1.0, 0.0, x], [0.0, 1.0, y]]) for x, y in at)
        return np.array([cv2.warpAffine(image, move, (width, height)) for move in moves], dtype=np.float64)

    def residual(self, at: FloatArray) -> FloatArray:
        """What of the ink that counts the union of the markers leaves or has too much."""
        bare = np.prod(1.0 - self.draw(self.patch, at), axis=0)
        return np.asarray(self.weight * (self.ink - 1.0 + bare))

    def misfit(self, at: FloatArray) -> float:
        """The sum of squares of what the markers leave."""
        return float(np.square(self.residual(at)).sum())

    def fit(self, at: FloatArray) -> tuple[FloatArray, float]:
        """Move all markers to where they draw the ink best; their places and the sum of squares left."""
        best, least = at, self.misfit(at)
        damp = DAMPING * float(np.square(self.gx).sum())
        for _ in range(ROUNDS):
            single = 1.0 - self.draw(self.patch, at)
            others = np.array([np.prod(np.delete(single, k, axis=0), axis=0) for k in range(len(at))])
            slopes = [-others * self.draw(g, at) * self.weight for g in (self.gx, self.gy)]
            jacobian = np.stack(slopes, axis=1).reshape(2 * len(at), -1)
            normal = jacobian @ jacobian.T + damp * np.eye(2 * len(at))
            step = np.linalg.solve(normal, jacobian @ self.residual(at).ravel())
            at = at + np.clip(step.reshape(-1, 2), -FARTHEST_PX, FARTHEST_PX)
            left = self.misfit(at)
            if left < least:
                best, least = at, left
        return best, least

    def part(self, at: FloatArray, least: float) -> FloatArray:
        """Add markers one by one, each where most ink is left, while one takes enough of what is left."""
        fitted, before = (at, 0.0) if self.misfit(at) < least else self.fit(at)
        reach = max(NEAREST_PX, NEAREST * (self.patch.shape[0] // 2))
        while before > least and len(fitted) < MOST_MARKERS:
            side = self.patch.shape[0]
            left = np.pad(self.residual(fitted).astype(np.float32), side)
            score = cv2.matchTemplate(left, self.patch, cv2.TM_CCORR)
            y, x = np.unravel_index(int(score.argmax()), score.shape)
            trial, after = self.fit(np.vstack([fitted, [[float(x) - side, float(y) - side]]]))
            apart = np.hypot(*(trial[:, None] - trial[None]).transpose(2, 0, 1)) + 1e3 * np.eye(len(trial))
            if before - after < max(least, TAKEN * before) or apart.min() < reach:
                break
            at, fitted, before = trial, trial, after
        return at


def part_markers(
    padded: FloatImage, seen: FloatImage, patch: FloatImage, found: FloatArray, least_ink: float = INK
) -> FloatArray:
    """Add markers where a heap of few is drawn better with one more.

    Parameters
    ----------
    padded, seen
        Coverage with half a template of margin, shape (height, width), and 1 where it says something.
    patch
        The template (odd square).
    found
        Rows (y, x, outline) of the markers found, in pixels of the coverage without margin.
    least_ink
        Coverage from which ink belongs to a heap.

    Returns
    -------
    ndarray
        The same rows, moved where their heap was parted, with the new ones at the end.

    Notes
    -----
    A heap is drawn as the union of its markers, 1 - prod(1 - marker), which least squares place all together.
    """
    if not len(found):
        return found
    labels, boxes, owner = _label(padded, patch, found, least_ink)
    gy, gx = (np.asarray(g, dtype=np.float32) for g in np.gradient(patch))
    heaps: list[tuple[_Heap, NDArray[np.intp], FloatArray]] = []
    for label in np.unique(owner[owner > 0]):
        group = np.flatnonzero(owner == label)
        left, top, wide, tall = boxes[label][:4]
        if group.size > MOST_MARKERS or max(wide, tall) > MOST_TEMPLATES * patch.shape[0]:
            continue
        part = np.s_[max(0, top - 1) : top + tall + 1, max(0, left - 1) : left + wide + 1]
        near = cv2.dilate((labels[part] == label).astype(np.uint8), np.ones((3, 3), np.uint8))
        corner = np.array([max(0, left - 1), max(0, top - 1)], dtype=np.float64)
        heap = _Heap(ink=padded[part], weight=seen[part] * near, patch=patch, gx=gx, gy=gy, corner=corner)
        heaps.append((heap, group, found[group][:, 1::-1] - corner))
    alone = [heap.misfit(at) for heap, group, at in heaps if group.size == 1]
    usual = float(np.median(alone)) if alone else 0.0
    least = max(LEAST_GAIN * float(np.square(patch).sum()), OVER_ALONE * usual)
    whole, more = found.copy(), [np.zeros((0, 3))]
    for heap, group, start in heaps:
        at = heap.part(start, least)
        if len(at) > group.size:
            places = (at + heap.corner)[:, ::-1]
            whole[group, :2] = places[: group.size]
            new = places[group.size :]
            more.append(np.column_stack([new, np.full(len(new), PARTED_OUTLINE)]))
    return np.concatenate([whole, *more])


def _label(
    padded: FloatImage, patch: FloatImage, found: FloatArray, least_ink: float
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Labels of connected ink, their boxes (left, top, width, height), and the label of each marker."""
    mask = (padded > least_ink).astype(np.uint8)
    side, body = patch.shape[0], (patch > least_ink).astype(np.uint8)
    rows = np.clip(np.round(found[:, 0]).astype(int), 0, padded.shape[0] - side)
    columns = np.clip(np.round(found[:, 1]).astype(int), 0, padded.shape[1] - side)
    for y, x in zip(rows, columns, strict=True):
        window = mask[y : y + side, x : x + side]
        np.maximum(window, body, out=window)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    top, left = np.unravel_index(int(patch.argmax()), patch.shape)
    return (
        np.asarray(labels, np.int32),
        np.asarray(boxes, np.int32),
        np.asarray(labels[rows + top, columns + left], np.intp),
    )
