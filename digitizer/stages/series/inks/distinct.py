"""Which colours found in a panel are strokes of their own: no rims, blends or stacks of others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.inks.ink import Ink

Points = NDArray[np.float32]

# In pictures with less noise than this, full strokes have one exact colour ...
CLEAN = 0.5
# ... in this share of their pixels at least: 0.34 to 1 on the real set, rims and hairlines 0.3 and less.
SHARP = 0.3
# The share of a colour that lies beside a stroke where it is its rim, on that of another.
DOUBLE_RIM = 0.95
# A listed hairline's colour lies so far (shares) on the way from the ground to its full one, off it by no
# more than this (RGB units; 0.7 in clean pictures), and so much of it beside that (dense noise: 0.22 to 0.6).
THINNEST, FULLEST = 0.2, 0.95
OFF_WAY = 3.0
BESIDE_FULL = 0.15
# Colours that differ by less than this share of their strength, and in hue by less than ``OFF_WAY``, are one:
# hairlines show several (blues of 2 and 15 beside 255), and nobody tells series by so little.
SHADE = 0.08
# A rim's colour lies this close to the segment from ground to stroke, as a share of its strength.
RIM = 0.15

# Where two strokes only cross, their stack has this share of the pixels of either at most (ApexCharts: 0.03).
CROSSING = 0.15
# A stack that fits its parts to so many levels may be far from both within, where nearly all of its pieces
# begin or end at them.
EXACT, ALL_PIECES = 3.0, 0.9
# Layers of one colour, which heap up, depart from the ground in one direction (cosine 0.99 and more).
ONE_HUE = 0.98

# A line's sample between two rows covers each by this share at least (a line of one pixel: a half), ...
PALEST = 0.4
# ... and is the line's own colour from this share on; this part of its ink is beside full ink of the line.
FULL = 0.9
BESIDE = 0.15
# Pixels of a thin stroke that kept their chroma lie beside those that lost it (shares of 0.87 and more).
BESIDE_WASHED = 0.5
# Most of the line has that colour: its ridge has so many times the pixels of its pale stretches at least.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    color: FloatArray
    members: Mask
    grown: Mask
    n: int
    delta: FloatArray
    sharpness: float
    legend: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """Pixels where one translucent stroke lies on another: indices into the kept colours."""

    members: Mask
    over: int
    under: int


def project(points: Points, ground: Points, color: FloatArray) -> tuple[Points, Points]:
    """Coverage of ``color`` over ``ground`` that explains each point best, and the distance left."""
    step = color.astype(np.float32) - ground
    length = np.maximum(_dot(step, step), 1.0)
    delta = points - ground
    alpha = np.asarray(_dot(delta, step) / length, dtype=np.float32)
    left = delta - np.clip(alpha, 0.0, 1.0)[..., None] * step
    return alpha, np.asarray(np.sqrt(_dot(left, left)), dtype=np.float32)


def _dot(one: Points, other: Points) -> Points:
    """Sums of products over the channels; ``sum`` takes several times as long over so short an axis."""
    return np.asarray(one[..., 0] * other[..., 0] + one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2])


def distinct(ink: Ink, found: list[Candidate]) -> tuple[list[Candidate], list[Stack]]:
    """The colours that are strokes of their own, and where translucent ones lie on each other."""
    ground = ink.usual_ground
    kept: list[Candidate] = []
    clean = ink.noise < CLEAN
    if clean:
        found = _with_full_hairlines(ink, _with_full_colors(found, ground), ground)
        found = [_unlisted_crossing(c, found, ground) for c in found]

    def rank(c: Candidate) -> tuple[bool, bool, float]:
        blurred = clean and c.sharpness < SHARP
        return c.legend is None, blurred, -c.n * float(np.linalg.norm(c.color - ground))

    for candidate in sorted(found, key=rank):
        if candidate.legend is None:
            pale = next((k for k, c in enumerate(kept) if _is_pale_sample(ink, c, candidate, ground)), None)
            if pale is not None:
                kept[pale] = replace(_merge(candidate, kept[pale]), legend=kept[pale].legend)
                continue
            body = next((k for k, c in enumerate(kept) if _is_rim(ink, candidate, c, ground)), None)
            if body is not None:
                kept[body] = _merge(kept[body], candidate)
                continue
            if _is_blend(candidate, kept) or _is_double_rim(candidate, kept, ground):
                continue
        kept.append(candidate)
    if not clean:
        return kept, []
    # A stack is stronger than its parts, whichever was found first.
    single = [c for c in kept if c.legend is not None or _stacked(c, kept, ground) is None]
    stacks = [s for c in kept if c not in single and (s := _stacked(c, single, ground)) is not None]
    return single, stacks


def _with_full_colors(found: list[Candidate], ground: Points) -> list[Candidate]:
    """Take listed hairlines, and their full colour where noise piles them up, for one stroke.

    A sample half a pixel wide is pale, and so is a lone stretch of its line; where several of its strokes run
    through a pixel that has the full colour, which no sample shows.
    """
    found = list(found)
    for listed in [c for c in found if c.legend is not None and c.sharpness < SHARP]:
        fuller = [c for c in found if c.legend is None and _is_hairline_of(listed, c, ground)]
        if fuller:
            full = max(fuller, key=lambda c: float(np.linalg.norm(c.color - ground)))
            found = [c for c in found if c is not full and c is not listed]
            found.append(replace(_merge(full, listed), legend=listed.legend))
    return found


def _with_full_hairlines(ink: Ink, found: list[Candidate], ground: Points) -> list[Candidate]:
    """Take the pale stretches of unlisted hairlines for the stroke that is fuller beside them.

    Where a line of one pixel runs between two rows it may show one pale tone more often than any of its full
    stretches', which were taken for stacks of it: holes that made the line a dotted one.
    """
    merged = list(found)
    for pale in [c for c in found if c.legend is None and c.sharpness >= SHARP]:
        blurred = [c for c in merged if c.legend is None and c.sharpness < SHARP]
        fuller = [c for c in blurred if _is_paler(ink, pale, c, ground)]
        if fuller:
            full = max(fuller, key=lambda c: c.n)
            merged = [c for c in merged if c is not full and c is not pale] + [_merge(full, pale)]
    return merged


def _is_hairline_of(pale: Candidate, full: Candidate, ground: Points) -> bool:
    """Whether a pale colour, which has no one tone, is another one seen through strokes too thin for it."""
    share, left = project(pale.color[None].astype(np.float32), ground[None], full.color)
    if not THINNEST < share[0] < FULLEST or left[0] > OFF_WAY or full.sharpness < SHARP:
        return False
    return _n_both(pale, full) > BESIDE_FULL * pale.n


def _stacked(candidate: Candidate, kept: list[Candidate], ground: Points) -> Stack | None:
    """Which two translucent strokes, one on the other, make a colour; None where none do.

    A stroke of opacity a over another one shows the other's departure from the ground times (1 - a) beside
    its own: the sum of one departure and a share of the other.
    """
    seen = candidate.color - ground
    for i, over in enumerate(kept):
        rest = seen - (over.color - ground)
        if np.linalg.norm(over.color - ground) > 0.97 * np.linalg.norm(seen):
            continue
        for j, under in enumerate(kept):
            step = under.color - ground
            share = float(rest @ step) / max(float(step @ step), 1.0)
            left = float(np.linalg.norm(rest - share * step))
            if not 0.08 < share < 1.05 or left > 0.12 * float(np.linalg.norm(seen)) + 3:
                continue
            # A pale stroke over a bold one makes it weaker where it runs over it, and nowhere else.
            if np.linalg.norm(step) > 0.97 * np.linalg.norm(seen) and (
                i == j or under is candidate or _n_both(candidate, under) < 0.9 * candidate.n
            ):
                continue
            # In a thick heap the middle is far from where either stroke lies alone.
            n_near = np.count_nonzero(candidate.members & (over.grown | under.grown))
            # Lines that cross at a small angle run together for longer than that.
            run_along = (
                left <= EXACT
                and not _are_one_hue(over.color - ground, step)
                and _borders_on(candidate, over, ALL_PIECES)
            )
            if (n_near > 0.3 * candidate.n or run_along) and (i == j or _borders_on(candidate, under)):
                return Stack(members=candidate.members, over=i, under=j)
    return None


def _unlisted_crossing(candidate: Candidate, found: list[Candidate], ground: Points) -> Candidate:
    """A listed colour as one that is not, where it is but that of a few pixels of crossings.

    ApexCharts draws lines paler than its legend: where one crosses another, it is as strong as its sample.
    """
    if candidate.legend is None or (stack := _stacked(candidate, found, ground)) is None:
        return candidate
    if candidate.n > CROSSING * min(found[stack.over].n, found[stack.under].n):
        return candidate
    return replace(candidate, legend=None)


def _borders_on(candidate: Candidate, other: Candidate, share: float = 0.5) -> bool:
    """Whether more than a share of a colour's pieces touch another one: all do where that shines through.

    The dark insides of red markers may be like red over blue, far from all blue.
    """
    _, pieces = cv2.connectedComponents(candidate.grown.astype(np.uint8), connectivity=8)
    touched = np.zeros(int(pieces.max()) + 1, dtype=bool)
    touched[pieces[candidate.grown & other.grown]] = True
    return bool(np.mean(touched[pieces[candidate.members]]) > share)


def _are_one_hue(one: FloatArray, other: FloatArray) -> bool:
    return float(one @ other) > ONE_HUE * float(np.linalg.norm(one) * np.linalg.norm(other))


def _n_both(candidate: Candidate, other: Candidate) -> int:
    """How many of a colour's pixels lie beside another's."""
    return int(np.count_nonzero(candidate.members & other.grown))


def _merge(body: Candidate, rim: Candidate) -> Candidate:
    return replace(body, members=body.members | rim.members, grown=body.grown | rim.grown)


def _is_rim(ink: Ink, candidate: Candidate, other: Candidate, ground: Points) -> bool:
    """Whether a colour is another one seen paler at its edge, or a hairline's between two rows."""
    # What it adds to its own ground: a translucent stroke on grid lines is the same stroke.
    point = (ground + candidate.delta)[None].astype(np.float32)
    alpha, residual = project(point, ground[None], other.color)
    strength = float(np.linalg.norm(candidate.delta))
    if (
        strength < 0.9 * float(np.linalg.norm(candidate.color - ground))
        and residual[0] < 10
        and alpha[0] > 0.8
    ):
        return True
    off = float(np.linalg.norm(candidate.delta - alpha[0] * (other.color - ground)))
    if ink.noise < CLEAN and abs(alpha[0] - 1.0) < SHADE and off < OFF_WAY:
        return True
    if ink.noise > 1.0 and _is_washed_out(candidate.color, other.color, ground):
        return True
    # Of thin strokes more pixels may have lost their chroma than have kept it.
    beside = _n_both(candidate, other) > BESIDE_WASHED * candidate.n
    if ink.noise > 1.0 and beside and _is_washed_out(other.color, candidate.color, ground):
        return True
    if residual[0] > RIM * strength + 4 + 2 * ink.noise or alpha[0] > 1.25:
        return False
    if ink.noise < CLEAN and candidate.sharpness < SHARP and alpha[0] < 1.0:
        return True
    touching = _n_both(candidate, other) / max(1, candidate.n)
    if touching > 0.7:
        return True
    return alpha[0] < 1.0 and _same_mass(ink, other, candidate.members)


def _is_pale_sample(ink: Ink, listed: Candidate, full: Candidate, ground: Points) -> bool:
    """Whether a legend shows a thin line paler than most of it is: its sample lies between two rows.

    A paler line of its own, and a band around a line, hold less ink across than the full one.
    """
    return listed.legend is not None and _is_paler(ink, listed, full, ground)


def _is_paler(ink: Ink, pale: Candidate, full: Candidate, ground: Points) -> bool:
    """Whether a colour is that of another one's stroke, of as much ink across, where it lies between rows."""
    strength = float(np.linalg.norm(pale.color - ground))
    point = pale.color[None].astype(np.float32)
    alpha, residual = project(point, ground[None].astype(np.float32), full.color)
    return bool(
        PALEST < alpha[0] < FULL
        and residual[0] <= RIM * strength + 4
        and full.n >= MOSTLY * pale.n
        and _n_both(pale, full) > BESIDE * pale.n
        and _same_mass(ink, full, pale.members)
    )


def _is_washed_out(color: FloatArray, full: FloatArray, ground: Points) -> bool:
    """Whether a colour is another one as JPEG shows it in thin strokes: as strong, of its hue, but paler.

    Chroma is stored at half the resolution of brightness: thin red lines keep half of their redness.
    """
    one, other = color - color.mean(), full - full.mean()
    strength = np.linalg.norm(color - ground) / max(float(np.linalg.norm(full - ground)), 1.0)
    share = np.linalg.norm(one) / max(float(np.linalg.norm(other)), 1.0)
    agree = float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1.0)
    return bool(0.6 < strength < 1.25 and 0.3 < share < 1.25 and agree > 0.94)


def _same_mass(ink: Ink, full: Candidate, pale: Mask) -> bool:
    """Whether a pale stroke holds as much ink across as the full one: a hairline between two rows."""
    step = full.color - ink.usual_ground
    share = ink.strength / np.float32(np.linalg.norm(step))
    down = cv2.blur(share, (1, 7))
    across = cv2.blur(share, (7, 1))
    mass = np.minimum(down, across)
    return float(np.median(mass[pale])) > 0.75 * float(np.median(mass[full.members]))


def _is_blend(candidate: Candidate, kept: list[Candidate]) -> bool:
    """Whether a colour lies between two kept ones and only where both are near."""
    point = candidate.color[None].astype(np.float32)
    for j, one in enumerate(kept):
        for other in kept[:j]:
            share, left = project(point, one.color[None].astype(np.float32), other.color)
            if not (0 < share[0] < 1 and left[0] < 30):
                continue
            if np.count_nonzero(candidate.members & one.grown & other.grown) > 0.5 * candidate.n:
                return True
    return False


def _is_double_rim(candidate: Candidate, kept: list[Candidate], ground: Points) -> bool:
    """Whether a colour is the rim of one stroke on the rim of another that runs under it, wholly hidden."""
    seen = (candidate.color - ground).astype(np.float64)
    for over in kept:
        if _n_both(candidate, over) < DOUBLE_RIM * candidate.n:
            continue
        for under in kept:
            if under is over:
                continue
            parts = np.stack([over.color - ground, under.color - ground], axis=1).astype(np.float64)
            share = np.linalg.lstsq(parts, seen, rcond=None)[0]
            left = float(np.linalg.norm(seen - parts @ share))
            if left < RIM * float(np.linalg.norm(seen)) and share.min() > 0 and share.sum() < 1:
                return True
    return False
