"""Erase the tick marks that stick out of a side like teeth, also where a label touches their ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import ByteImage, FloatArray, Mask
from digitizer.stages.pixels.true_runs import true_runs

# Tick marks are not longer than this, or 2 % of the axis where that is more. So many that stand apart from
# any letter and are of one length may be so many times as long (visx's, of 8 px, enlarged twice).
LONGEST_TICK_PX = 14
FEWEST_LONG, LONG = 3, 2
# Ticks begin within so many pixels of the side (ggplot2 leaves a gap); those that do not touch it are
# not shorter than this (a stray pixel may be the point of a label).
TICK_START_PX = 2
LEAST_TICK_PX = 2
# Letters of a word are closer than this.
LETTER_GAP_PX = 5


def erase_teeth(band: ByteImage, widest: int, before: Mask | None = None, *, least: int) -> None:
    """Erase narrow runs that start in the band's first rows, as far down as they stay narrow.

    A run that starts at the side is a tick: the row ``before`` the band, where it is given, has ink there.
    One that starts a pixel or two away may be the leg of a letter, or the foot of a 2 or a small 0 beside a
    side that is not drawn: it must be longer than wide and stand alone, and others must have its length.
    Ink is what has ``least`` contrast.
    """
    if band.shape[0] < TICK_START_PX + 2 or band.shape[1] == 0:
        return
    usual = max(LONGEST_TICK_PX, round(0.02 * band.shape[1]))
    ink = band[: LONG * usual] >= least
    root = np.asarray(ink[: TICK_START_PX + 1].any(axis=0))
    starts, ends = true_runs(root)
    room = np.concatenate([[np.inf], starts[1:] - ends[:-1], [np.inf]])
    teeth: list[tuple[int, int, int, int, bool, bool]] = []
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end - start > widest:
            continue
        low, high = max(0, start - 1), min(band.shape[1], end + 1)
        first = int(np.argmax(ink[:, start:end].any(axis=1)))
        apart = first > 0 or (before is not None and not before[start:end].any())
        # One column more on each side tells a tooth that ends from one that runs into a glyph.
        wide = ink[first:, max(0, low - 1) : high + 1].sum(axis=1)
        narrow = (wide > 0) & (wide <= end - start + 1)
        length = len(narrow) if narrow.all() else int(np.argmin(narrow))
        if (LEAST_TICK_PX if apart else 1) <= length < len(narrow):
            alone = bool(wide[length] == 0) and min(room[i], room[i + 1]) > length + 2
            alone &= not apart or length > end - start
            # A J is narrow, too, and the letters beside it begin further down.
            wider = ink[first : first + length, max(0, low - LETTER_GAP_PX) : high + LETTER_GAP_PX]
            alone &= bool((wider.sum(axis=1) <= wide[:length]).all())
            teeth.append((low, high, first, length, alone, apart))
    lengths = np.array([length for *_, length, alone, _ in teeth if alone])
    teeth = [t for t in teeth if t[2] + t[3] < usual or _is_long(t, lengths)]
    longest = _longest_tick(teeth, min(band.shape[0], usual))
    for low, high, first, length, alone, apart in teeth:
        if not apart or (alone and int((np.abs(lengths - length) <= 1).sum()) >= 2):
            end = first + length + 1 if alone else first + min(length, longest)
            band[first:end, low:high] = 0


def _is_long(tooth: tuple[int, int, int, int, bool, bool], lengths: FloatArray) -> bool:
    """Whether a run longer than ticks are is one all the same: it stands alone at the side, as others do."""
    *_, length, alone, apart = tooth
    return alone and not apart and int((np.abs(lengths - length) <= 1).sum()) >= FEWEST_LONG


def _longest_tick(teeth: Sequence[tuple[int, int, int, int, bool, bool]], most: int) -> int:
    """How long a tick at the side is at most that runs into a label: others have its length, or end before.

    The upright of a 5 goes on right below a tick that touches it.
    """
    attached = np.array([length for *_, length, _, apart in teeth if not apart])
    alike = np.sum(np.abs(attached[:, None] - attached[None, :]) <= 1, axis=1) if attached.size else attached
    borne = attached[alike >= 2]
    if not borne.size:
        return most
    return int(max(borne.max(), *(length for *_, length, alone, _ in teeth if alone), 0))
