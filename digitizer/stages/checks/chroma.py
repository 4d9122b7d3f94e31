"""The colours of lines and markers as they were drawn, where JPEG has paled them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Mask, PanelFrame, Picture, Trace
from digitizer.stages.checks.redraw import draw_trace
from digitizer.stages.series.inks.ink import FloatImage, Ink, see_ink

# Brightness of red, green and blue in JPEG.
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
# How decoders spread chroma again, from one square of two pixels to the squares beside it.
SPREAD = np.array([0.125, 0.75, 0.125], dtype=np.float32)
# Colours nearer to grey than this (RGB units) have no hue to lose; those as bright as their ground to this
# (levels) do not tell how much of a square they cover.
LEAST_CHROMA, LEAST_CONTRAST = 25.0, 40.0
# A square counts where its colour covers this share of it, and its chroma is off the colour's own by no more
# than this share and so many levels; the quarter that is covered best is taken, if it has so many squares.
LEAST_COVER, OFF_HUE, OFF_LEVELS = 0.3, 0.35, 6.0
FEWEST = 20
# Of 142 drawn series under JPEG those whose word was wrong had lost a fifth and more (1.22 to 1.46); those
# that had lost nothing come to 1.19 at most. Nothing loses more than half.
LEAST_GAIN, MOST_GAIN = 1.2, 2.0


def with_full_chroma(picture: Picture, frame: PanelFrame, traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """Traces with the chroma that JPEG took from their lines and markers.

    Notes
    -----
    JPEG stores colour at half the resolution of brightness, so that small markers and thin lines share theirs
    with the ground beside them: crimson looks brown, and blue navy. Brightness tells how much of each square
    of two pixels is covered, and so how much of the chroma should be there.
    """
    small = [t.kind in ("line", "scatter") for t in traces]
    ink = see_ink(picture, frame, ()) if any(small) else None
    if ink is None:
        return tuple(traces)
    drawn = [draw_trace(t, ink) > 0 for t in traces]
    out = []
    for k, trace in enumerate(traces):
        if small[k]:
            others = [mask for i, mask in enumerate(drawn) if i != k]
            trace = _restore(ink, trace, drawn[k] & ~np.any(others, axis=0) if others else drawn[k])
        out.append(trace)
    return tuple(out)


def _restore(ink: Ink, trace: Trace, own: Mask) -> Trace:
    """A trace with its full chroma; ``own`` is where it alone is drawn."""
    ground: FloatImage = ink.usual_ground.astype(np.float32)
    step = np.asarray(trace.color, dtype=np.float32) - ground
    contrast = float(step @ LUMA)
    chroma = step - contrast
    length = float(np.linalg.norm(chroma))
    if length < LEAST_CHROMA or abs(contrast) < LEAST_CONTRAST:
        return trace
    offset = ink.rgb - ink.ground
    luma = np.asarray(offset @ LUMA, dtype=np.float32)
    cover = cv2.sepFilter2D(_squares(ink, luma) / contrast, -1, SPREAD, SPREAD)
    seen = _squares(ink, offset - luma[..., None])
    along = seen @ (chroma / length)
    beside = np.linalg.norm(seen - along[..., None] * (chroma / length), axis=-1)
    alike = beside < OFF_HUE * np.abs(along) + OFF_LEVELS
    counted = alike & (cover > LEAST_COVER) & (_squares(ink, own.astype(np.float32)) > 0.99)
    if counted.sum() < 4 * FEWEST:
        return trace
    best = counted & (cover >= np.quantile(cover[counted], 0.75))
    gain = float(along[best].sum() / cover[best].sum()) / length
    if not LEAST_GAIN <= gain <= MOST_GAIN:
        return trace
    red, green, blue = np.clip(np.round(ground + contrast + gain * chroma), 0, 255).astype(int).tolist()
    return replace(trace, color=(red, green, blue))


def _squares(ink: Ink, image: FloatImage) -> FloatImage:
    """Means of the squares of two pixels that JPEG keeps one colour of, as they lie in the source."""
    inner = image[ink.top % 2 :, ink.left % 2 :]
    height, width = (n - n % 2 for n in inner.shape[:2])
    parts: NDArray[np.float32] = inner[:height, :width].reshape(
        height // 2, 2, width // 2, 2, *inner.shape[2:]
    )
    return np.asarray(parts.mean(axis=(1, 3)), dtype=np.float32)
