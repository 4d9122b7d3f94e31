"""Slanted labels: find their common angle, turn their ink upright, and read it as level lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from digitizer.evidence import Box, Mask
from digitizer.stages.pixels.components import in_pieces
from digitizer.stages.text.boxes import Boxes, Indices, upright_boxes
from digitizer.stages.text.ink import FloatArray, Glyphs, Sheet, label_ink
from digitizer.stages.text.lines import components

# Glyphs of one slanted label are nearer than this share of their size, in x and in y.
NEAR = 0.22
# Labels are slanted by 20 to 75 degrees; short level or upright words measure up to 12.
LEAST_ANGLE_DEG, MOST_ANGLE_DEG = 18.0, 75.0
# Length over thickness of a label's ink from which its direction can be trusted.
ELONGATED = 2.4
# The same for labels of few glyphs: 0-3 of a 10^-3 whose 1 stands apart reaches 2.6.
LONE_ELONGATED = 3.2
# So many short labels in one row that share an angle are slanted (Mon, fp16: 1.6 to 3.2, half of them above
# 2.2), from that angle on: a power of ten rises by less. Their tops agree to this share of their height.
FEWEST_IN_ROW = 3
SHORT_ELONGATED, USUALLY_ELONGATED = 1.6, 2.2
LEAST_ROW_ANGLE_DEG = 24.0
SAME_TOP = 0.3
# Labels of one axis share their angle; single ones measure within 6 degrees of it.
SAME_ANGLE_DEG = 7.0
# Labels beside each other have a blank of more than this (px) between them.
BLANK_PX = 1
# Labels of one axis are as thick as each other to more than this share (letters with and without tails: 0.6).
THIN_SHARE = 0.5
# Share of neighbours on one baseline from which a cluster is level (slanted ones: below 0.2).
LEVEL_SHARE = 0.33
# An upright line of text is at most so many times as wide as its largest glyph is long (1.35 as ggplot2 and
# pandas set names; slanted ones 2.2 and more).
ONE_LINE = 1.5
# ... and at least so many times as high as wide: a letter of a slanted name of three has 0.8 to 1.3.
LEAST_UPRIGHT = 1.5
# Slanted labels that touch make one cluster of so many letters and more. Each rises (or falls) by more than
# the first share of a letter from one to the next, and where the next label begins the letters are back by
# more than the second.
FEWEST_IN_CHAIN = 6
LEAST_RISE, LEAST_DROP = 0.12, 0.6
# Letters of a chain are taller than this share of its tallest glyph; commas and dots are not.
LETTER_SHARE = 0.6
# More specks than this beside the panels are noise, and all their pairs would not fit into memory: a page of
# twenty panels has a thousand glyphs.
MOST_GLYPHS = 2500
# Small letters are turned at twice their size: turning at their own costs them their edges.
SMALL_PX = 26


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnedSheet:
    """Slanted ink turned upright, the angle it had (counter-clockwise), and the way back."""

    sheet: Sheet
    angle_deg: float
    to_source: FloatArray

    def source_box(self, box: Box) -> Box:
        """The upright box in the source picture around a box of the turned sheet."""
        corners = np.array([[x, y, 1.0] for x in (box.left, box.right) for y in (box.top, box.bottom)])
        x, y = self.to_source @ corners.T
        return Box(left=float(x.min()), top=float(y.min()), right=float(x.max()), bottom=float(y.max()))


def turn_slanted(sheet: Sheet, candidates: Mask) -> tuple[TurnedSheet | None, Mask]:
    """Collect slanted labels outside the frames and turn them upright.

    Parameters
    ----------
    sheet : Sheet
        The picture's ink.
    candidates : Mask
        Which of its glyphs may be text.

    Returns
    -------
    TurnedSheet or None
        None where nothing is slanted.
    Mask
        The glyphs that were taken.
    """
    taken = np.zeros(len(sheet.glyphs), bool)
    chosen = np.flatnonzero(candidates & (sheet.glyphs.panel < 0))
    if not 3 <= len(chosen) <= MOST_GLYPHS:
        return None, taken
    near = np.nonzero(_near(sheet.glyphs.take(chosen)))
    clusters = [chosen[c] for c in components(len(chosen), (near[0], near[1]))]
    clusters = [part for c in clusters for part in _cut_chain(c, sheet.glyphs)]
    clusters = [c for c in clusters if _is_block(c, sheet.glyphs) and not _is_level(c, sheet.glyphs)]
    clusters = [c for c in clusters if not _are_columns(c, sheet.glyphs)]
    measured = [_direction(sheet, c) for c in clusters]
    angle = _common_angle(measured, [len(c) for c in clusters])
    row: list[Indices] = []
    if angle is None:
        angle, row = _row_angle(measured, clusters, sheet.glyphs)
    if angle is None:
        return None, taken
    parted = [(_parts(sheet, c, m, angle), m) for c, m in zip(clusters, measured, strict=True)]
    # Only what was parted has another direction than before.
    measured = [m if len(parts) == 1 else _direction(sheet, part) for parts, m in parted for part in parts]
    clusters = [part for parts, _ in parted for part in parts]
    sure = [
        abs(own - angle) <= SAME_ANGLE_DEG and elongation >= ELONGATED and len(cluster) >= 3
        for cluster, (own, elongation) in zip(clusters, measured, strict=True)
    ]
    band = _band(row or [c for c, is_sure in zip(clusters, sure, strict=True) if is_sure], sheet.glyphs)
    for cluster, is_sure, (own, elongation) in zip(clusters, sure, measured, strict=True):
        # Short labels measure badly; they are taken where the long ones stand.
        top, bottom = _band([cluster], sheet.glyphs)
        beside = top <= band[1] and bottom >= band[0] and elongation >= 1.25
        taken[cluster] = is_sure or (beside and abs(own - angle) <= 3 * SAME_ANGLE_DEG)
    if not taken.any():
        return None, taken
    return _turn(sheet, taken, angle), taken


def _band(clusters: list[Indices], glyphs: Glyphs) -> tuple[int, int]:
    """The rows from the top of the highest to the bottom of the lowest cluster (empty: none)."""
    if not clusters:
        return 1, 0
    members = np.concatenate(clusters)
    return int(glyphs.top[members].min()), int(glyphs.bottom[members].max())


def _near(glyphs: Glyphs) -> Mask:
    """Which glyphs are close neighbours in any direction."""
    boxes: Boxes = upright_boxes(glyphs)
    size = np.maximum(boxes.width, boxes.height)
    scale = NEAR * np.maximum.outer(size, size)
    gap_x = np.maximum.outer(boxes.left, boxes.left) - np.minimum.outer(boxes.right, boxes.right) - 1
    gap_y = np.maximum.outer(boxes.top, boxes.top) - np.minimum.outer(boxes.bottom, boxes.bottom) - 1
    return np.asarray((gap_x <= scale) & (gap_y <= scale), bool)


def _cut_chain(cluster: Indices, glyphs: Glyphs) -> list[Indices]:
    """Part slanted labels that touch, where the letters step back to the height that labels begin at."""
    part = glyphs.take(cluster)
    letters = np.flatnonzero(part.height >= LETTER_SHARE * part.height.max())
    letters = letters[np.argsort(part.left[letters], kind="stable")]
    if len(letters) < FEWEST_IN_CHAIN:
        return [cluster]
    size = float(np.median(part.height[letters]))
    steps = np.diff((part.top[letters] + part.bottom[letters]) / 2) / size
    rise = float(np.median(steps))
    back = np.flatnonzero(-steps * np.sign(rise) > LEAST_DROP)
    # Of two lines that touch every other letter does.
    if abs(rise) < LEAST_RISE or not 1 <= back.size <= len(letters) / FEWEST_IN_ROW - 1:
        return [cluster]
    starts = part.left[letters[back + 1]]
    own = np.searchsorted(starts, part.left, side="right")
    return [cluster[own == k] for k in range(len(starts) + 1)]


def _is_block(cluster: Indices, glyphs: Glyphs) -> bool:
    """Whether a cluster is neither a level nor an upright line by its box."""
    part = glyphs.take(cluster)
    width = int(part.right.max() - part.left.min()) + 1
    height = int(part.bottom.max() - part.top.min()) + 1
    largest = int(np.maximum(part.width, part.height).max())
    return min(width, height) >= max(9, 0.24 * max(width, height)) and (len(part) >= 2 or largest >= 12)


def _is_level(cluster: Indices, glyphs: Glyphs) -> bool:
    """Whether neighbours stand on one baseline: 10 with its exponent rises, but is no slanted label."""
    part = glyphs.take(cluster[np.argsort(glyphs.left[cluster], kind="stable")])
    letters = part.take(part.height >= 0.8 * part.height.max())
    if len(letters) < 2:
        return False
    steps = np.abs(np.diff(letters.bottom))
    return bool((steps <= 0.1 * letters.height.max()).mean() >= LEVEL_SHARE)


def _are_columns(cluster: Indices, glyphs: Glyphs) -> bool:
    """Whether a cluster falls into upright lines, each in columns of its own: names close to each other."""
    left, right = glyphs.left[cluster], glyphs.right[cluster]
    order = np.argsort(left, kind="stable")
    begins = left[order][1:] > np.maximum.accumulate(right[order])[:-1]
    parts = np.split(cluster[order], np.flatnonzero(begins) + 1)
    return len(parts) > 1 and all(_is_upright(part, glyphs) for part in parts)


def _is_upright(part: Indices, glyphs: Glyphs) -> bool:
    """Whether glyphs make one line that reads upwards, of two letters or more."""
    width = int(glyphs.right[part].max() - glyphs.left[part].min()) + 1
    height = int(glyphs.bottom[part].max() - glyphs.top[part].min()) + 1
    return width <= ONE_LINE * _largest(part, glyphs) and height >= LEAST_UPRIGHT * width


def _largest(cluster: Indices, glyphs: Glyphs) -> int:
    """The longest side of a cluster's glyphs."""
    return int(np.maximum(glyphs.width[cluster], glyphs.height[cluster]).max())


def _direction(sheet: Sheet, cluster: Indices) -> tuple[float, float]:
    """Angle of a cluster's ink (degrees, counter-clockwise) and its length over its thickness."""
    part = sheet.glyphs.take(cluster)
    rows = slice(int(part.top.min()), int(part.bottom.max()) + 1)
    columns = slice(int(part.left.min()), int(part.right.max()) + 1)
    y, x = np.nonzero(in_pieces(sheet.labels[rows, columns], part.label))
    values, vectors = np.linalg.eigh(np.cov(np.stack([x, -y]).astype(float)))
    angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
    angle = (angle + 90.0) % 180.0 - 90.0
    return angle, float(np.sqrt(max(values[1], 1e-9) / max(values[0], 1e-9)))


def _parts(sheet: Sheet, cluster: Indices, measured: tuple[float, float], angle_deg: float) -> list[Indices]:
    """The labels of the usual angle that a cluster of another direction holds: neighbours that come too near.

    Along the angle there is a blank between them. A cluster of one label is given back as it is.
    """
    if len(cluster) < 2 or (abs(measured[0] - angle_deg) <= SAME_ANGLE_DEG and measured[1] >= ELONGATED):
        return [cluster]
    across = np.array([-np.sin(np.radians(angle_deg)), np.cos(np.radians(angle_deg))])
    part = sheet.glyphs.take(cluster)
    rows = slice(int(part.top.min()), int(part.bottom.max()) + 1)
    columns = slice(int(part.left.min()), int(part.right.max()) + 1)
    label = sheet.labels[rows, columns]
    y, x = np.nonzero(in_pieces(label, part.label))
    away = across @ np.stack([x, -y])
    cuts = _cuts(np.unique(np.round(away).astype(int)))
    strip = np.searchsorted(cuts, away)
    owner = label[y, x]
    first = np.array([int(np.median(strip[owner == k])) for k in part.label])
    return [cluster[first == k] for k in np.unique(first)]


def _cuts(inked: Indices) -> FloatArray:
    """Where the blanks between labels lie, of the sorted places across them that hold ink.

    The dots of an i have a blank below them, too: what is far thinner than a label goes with its neighbour.
    """
    at = np.flatnonzero(np.diff(inked) > BLANK_PX)
    runs = [(int(run[0]), int(run[-1])) for run in np.split(inked, at + 1)]
    while len(runs) > 1:
        sizes = [last - first + 1 for first, last in runs]
        k = int(np.argmin(sizes))
        if sizes[k] >= THIN_SHARE * max(sizes):
            break
        near = min(
            (i for i in (k - 1, k) if 0 <= i < len(runs) - 1), key=lambda i: runs[i + 1][0] - runs[i][1]
        )
        runs[near : near + 2] = [(runs[near][0], runs[near + 1][1])]
    return np.array([(a[1] + b[0]) / 2 for a, b in pairwise(runs)])


def _common_angle(measured: list[tuple[float, float]], sizes: list[int]) -> float | None:
    """The angle that at least two long labels share, or one very long label has."""
    usable = [
        (angle, elongation, size)
        for (angle, elongation), size in zip(measured, sizes, strict=True)
        if (size >= 4 or elongation >= LONE_ELONGATED)
        and elongation >= ELONGATED
        and LEAST_ANGLE_DEG <= abs(angle) <= MOST_ANGLE_DEG
    ]
    best: list[tuple[float, float, int]] = []
    for angle, _, _ in usable:
        group = [u for u in usable if abs(u[0] - angle) <= SAME_ANGLE_DEG]
        if len(group) > len(best):
            best = group
    if not best or (len(best) == 1 and (best[0][1] < 4 or best[0][2] < 6)):
        return None
    return _usual_angle([(u[0], u[1]) for u in best])


def _row_angle(
    measured: list[tuple[float, float]], clusters: list[Indices], glyphs: Glyphs
) -> tuple[float | None, list[Indices]]:
    """The angle that several short labels of one row share, and those labels; None where there are none."""
    bands = np.array([_band([c], glyphs) for c in clusters]).reshape(-1, 2)
    best: list[int] = []
    for k, (angle, elongation) in enumerate(measured):
        if elongation < SHORT_ELONGATED or not LEAST_ROW_ANGLE_DEG <= abs(angle) <= MOST_ANGLE_DEG:
            continue
        slack = max(2.0, SAME_TOP * float(bands[k, 1] - bands[k, 0]))
        group = [
            i
            for i, (own, length) in enumerate(measured)
            if abs(own - angle) <= SAME_ANGLE_DEG
            and length >= SHORT_ELONGATED
            and abs(int(bands[i, 0]) - int(bands[k, 0])) <= slack
        ]
        best = group if len(group) > len(best) else best
    if len(best) < FEWEST_IN_ROW or np.median([measured[i][1] for i in best]) < USUALLY_ELONGATED:
        return None, []
    return _usual_angle([measured[i] for i in best]), [clusters[i] for i in best]


def _usual_angle(measured: list[tuple[float, float]]) -> float:
    """The mean of measured angles, long labels first, or the usual angle near it."""
    angle = float(np.average([m[0] for m in measured], weights=[m[1] for m in measured]))
    # Nobody slants labels by 44 degrees; the usual angles read more sharply when met exactly.
    for usual in (30.0, 45.0, 60.0):
        if abs(abs(angle) - usual) <= 3.0:
            return usual if angle > 0 else -usual
    return angle


def _turn(sheet: Sheet, taken: Mask, angle_deg: float) -> TurnedSheet:
    """Turn the ink of the taken glyphs clockwise by the angle, about the middle of its box."""
    part = sheet.glyphs.take(taken)
    pad = 3
    left, top = max(0, int(part.left.min()) - pad), max(0, int(part.top.min()) - pad)
    right, bottom = int(part.right.max()) + pad, int(part.bottom.max()) + pad
    contrast = sheet.contrast[top : bottom + 1, left : right + 1].copy()
    own = in_pieces(sheet.labels[top : bottom + 1, left : right + 1], part.label)
    contrast[~cv2.dilate(own.view(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)] = 0
    scale = 2.0 if float(np.median(np.maximum(part.width, part.height))) < SMALL_PX else 1.0
    height, width = contrast.shape
    radians = np.radians(angle_deg)
    c, s = scale * np.cos(radians), scale * np.sin(radians)
    new_width = int(np.ceil(abs(c) * width + abs(s) * height)) + 4
    new_height = int(np.ceil(abs(s) * width + abs(c) * height)) + 4
    # Clockwise on the screen (y down): a line that rises to the right comes to lie level.
    linear = np.array([[c, -s], [s, c]])
    shift = np.array([new_width / 2, new_height / 2]) - linear @ np.array([width / 2, height / 2])
    forward = np.column_stack([linear, shift])
    turned = cv2.warpAffine(contrast, forward, (new_width, new_height), flags=cv2.INTER_CUBIC)
    back = cv2.invertAffineTransform(forward).astype(np.float64)
    back[:, 2] += (left, top)
    return TurnedSheet(
        sheet=label_ink(None, np.asarray(turned, np.uint8), None, ()),
        angle_deg=angle_deg % 360.0,
        to_source=back,
    )
