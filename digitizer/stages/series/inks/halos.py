"""Tell the ringing that compression and sharp resampling leave beside strokes from pale series."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.series.inks.ink import Ink
from digitizer.stages.series.inks.palette import Stroke

# JPEG rings within its blocks of 8 pixels, Lanczos within 3 pixels of the source.
REACH_PX = 8
# Ringing has at most this share of the contrast of the stroke that it comes from, and what noise adds.
MAX_CONTRAST = 0.2
# It overshoots: its offset from the ground points elsewhere than the stroke's. Pale raw curves under
# their smoothed ones have the same hue (cosine 0.99).
MAX_COSINE = 0.9
# Ringing is never found far from strokes; of a pale series some always is.
MIN_BESIDE = 0.8
# Of whatever hue, what departs from the ground by less than this many deviations of its noise and lies beside
# strokes alone is ringing.
NOISY_CONTRAST = 9.0
ALWAYS_BESIDE = 0.98


def leave_out_halos(strokes: tuple[Stroke, ...], ink: Ink) -> tuple[Stroke, ...]:
    """Drop colours that are the ringing of other strokes; those that the legend names stay."""
    if len(strokes) < 2:
        return strokes
    ground = np.median(ink.ground.reshape(-1, 3)[:: max(1, ink.ground.size // 30000)], axis=0)
    offsets = [np.asarray(s.color, dtype=np.float64) - ground for s in strokes]
    return tuple(
        stroke
        for stroke, offset in zip(strokes, offsets, strict=True)
        if stroke.legend is not None or not _is_halo(stroke, offset, strokes, offsets, ink.noise)
    )


def _is_halo(
    stroke: Stroke,
    offset: FloatArray,
    strokes: tuple[Stroke, ...],
    offsets: list[FloatArray],
    noise: float,
) -> bool:
    contrast = float(np.linalg.norm(offset))
    near, same = (np.zeros(stroke.members.shape, dtype=np.uint8) for _ in range(2))
    for other, theirs in zip(strokes, offsets, strict=True):
        strength = float(np.linalg.norm(theirs))
        if other is stroke or contrast > MAX_CONTRAST * strength + 3 * noise:
            continue
        if float(np.dot(offset, theirs)) < MAX_COSINE * contrast * strength:
            near |= (other.alpha > 0.4).astype(np.uint8)
        elif contrast < NOISY_CONTRAST * noise:
            same |= (other.alpha > 0.4).astype(np.uint8)
    if not stroke.members.any():
        return False
    return _beside(near, stroke) >= MIN_BESIDE or _beside(near | same, stroke) >= ALWAYS_BESIDE


def _beside(near: ByteImage, stroke: Stroke) -> float:
    """Share of a stroke's pixels that ringing of what is ``near`` reaches."""
    if not near.any():
        return 0.0
    reached = cv2.dilate(near, np.ones((2 * REACH_PX + 1, 2 * REACH_PX + 1), np.uint8)) > 0
    return float(np.mean(reached[stroke.members]))
