"""Glyphs into words and words into lines, by gaps relative to the height of the letters."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from digitizer.medians import median
from digitizer.stages.pixels.linked import lowest_linked
from digitizer.stages.text.boxes import Boxes, Indices, turned_boxes, upright_boxes
from digitizer.stages.text.ink import FloatArray, Glyphs, usual_height
from digitizer.stages.text.letters import SMALL, is_stack, n_letters, tall_of

Pairs = tuple[Indices, Indices]

# Gaps as shares of the letters' height. Within words of DejaVu, Arial, Helvetica, Times and
# Computer Modern they stay below 0.3 (minus to digit 0.29); between words they are 0.38 to 0.9
# (after a full stop); tick labels side by side keep 1.0 and more unless packed by hand.
WORD_GAP = 0.31
LINE_GAP = 0.95
# Tick labels packed closer than LINE_GAP still have equally spaced centres (words of a title
# vary by 0.2 and more).
EQUAL_SPACING = 0.04
LEAST_TICK_GAP = 0.62
# Letters are at most so many times the usual height of the figure's letters: titles in level text,
# axis labels in turned text (where a whole word of touching letters would count as one tall letter).
TALLEST_LEVEL, TALLEST_TURNED = 5.0, 2.4
# Colours of one line differ by less (see Glyphs.tint); JPEG adds up to 0.2 to thin strokes.
SAME_TINT = 0.28
# A letter that stands alone in a line is no taller than its words, by this factor (brackets: 1.3).
TALLER = 1.7
# A letter that encloses others (@, ©) is no longer than high (or the other way round) by this factor.
LONGEST_LETTER = 2.0
# How far an underscore may lie below its neighbours' baseline, in heights (0.2 in DejaVu, rounded).
UNDERSCORE = 0.36
# It is as long as this share of them at least (0.6 in DejaVu); the dot of an i in the row below is 0.2.
SHORTEST_UNDERSCORE = 0.4
# More glyphs than this in one picture: the rest is not text (a dense scatter).
MOST_GLYPHS = 4000
# The dots of a grid are no larger than this share of a letter's height.
DOT_SHARE = 0.3
# More loose glyphs than this are dots of a grid or a scatter, not of letters.
MOST_LOOSE = 600

# A line with a raised word is 1.5 times as high as its words.
HIGHEST_ROW = 1.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """Glyphs of one line, in reading order; ``upright`` is False where it reads upwards."""

    members: Indices
    upright: bool = True


def few_enough(kept: Indices, glyphs: Glyphs) -> Indices:
    """Which of too many glyphs are looked at: those inside frames go, the dots of grids first."""
    if len(kept) > MOST_GLYPHS:
        dot = np.maximum(glyphs.width, glyphs.height)[kept] <= DOT_SHARE * usual_height(glyphs)
        kept = kept[~dot | (glyphs.panel[kept] < 0)]
    return kept if len(kept) <= MOST_GLYPHS else kept[glyphs.panel[kept] < 0][:MOST_GLYPHS]


def group_lines(glyphs: Glyphs) -> list[Line]:
    """Group glyphs into lines that read to the right or upwards; each glyph is in one line."""
    if len(glyphs) == 0:
        return []
    flat, turned = upright_boxes(glyphs), turned_boxes(glyphs)
    words, is_upright = _claim_words(glyphs, flat, turned)
    lines: list[Line] = []
    for upright, boxes in ((False, turned), (True, flat)):
        chosen = [word for word, value in zip(words, is_upright, strict=True) if value == upright]
        for members in _join_words(chosen, boxes, glyphs):
            lines.append(Line(members=members, upright=upright))
    return [_in_order(line, flat if line.upright else turned) for line in _adopt_marks(lines, glyphs)]


def _in_order(line: Line, boxes: Boxes) -> Line:
    return Line(
        members=line.members[np.argsort(boxes.left[line.members], kind="stable")], upright=line.upright
    )


def _adopt_marks(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Give loose small glyphs (dots of i and ä, quotes, degree signs) to the line around them."""
    flat, turned = upright_boxes(glyphs), turned_boxes(glyphs)
    spans = np.array([_extent(line, flat if line.upright else turned) for line in lines])
    tall = spans[:, 3] - spans[:, 1] + 1
    stands = np.array([line.upright for line in lines])
    # What encloses others and is no letter's shape is the box around a legend of one row.
    sides = spans[:, 2] - spans[:, 0] + 1
    boxed = np.array([len(line.members) == 1 for line in lines])
    boxed &= np.maximum(sides, tall) > LONGEST_LETTER * np.minimum(sides, tall)
    alone = [i for i, line in enumerate(lines) if len(line.members) <= 2]
    if len(alone) > MOST_LOOSE:
        alone = [i for i in alone if glyphs.panel[lines[i].members[0]] < 0][:MOST_LOOSE]
    adopted: dict[int, list[int]] = {}
    for i in alone:
        members = lines[i].members
        best, best_height = -1, 0.0
        for upright, boxes in ((True, flat), (False, turned)):
            left, top, right, bottom = _extent(Line(members=members), boxes)
            x, y = (left + right) / 2, (top + bottom) / 2
            height = bottom - top + 1
            hosts = stands == upright
            hosts &= (x >= spans[:, 0] - 0.1 * tall) & (x <= spans[:, 2] + 0.1 * tall)
            hosts &= (y >= spans[:, 1] - 0.35 * tall) & (y <= spans[:, 3] + 0.25 * tall)
            hosts &= (height <= SMALL * tall) & (right - left + 1 <= 1.2 * tall)
            hosts[i] = False
            hosts &= ~(
                boxed
                & (left > spans[:, 0])
                & (right < spans[:, 2])
                & (top > spans[:, 1])
                & (bottom < spans[:, 3])
            )
            for host in np.flatnonzero(hosts):
                if (
                    glyphs.panel[lines[host].members[0]] == glyphs.panel[members[0]]
                    and tall[host] > best_height
                ):
                    best, best_height = int(host), float(tall[host])
        if best >= 0:
            adopted.setdefault(best, []).append(i)
    gone = {i for group in adopted.values() for i in group}
    return [
        Line(
            members=np.concatenate([line.members, *(lines[j].members for j in adopted.get(i, ()))]),
            upright=line.upright,
        )
        for i, line in enumerate(lines)
        if i not in gone
    ]


def _extent(line: Line, boxes: Boxes) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a line in its own frame."""
    m = line.members
    return boxes.left[m].min(), boxes.top[m].min(), boxes.right[m].max(), boxes.bottom[m].max()


def link_neighbours(boxes: Boxes, glyphs: Glyphs, reach: float, tallest: float = np.inf) -> Pairs:
    """Which pairs of boxes stand side by side on one line, closer than ``reach`` heights.

    Boxes higher than ``tallest`` are linked to none.
    """
    i, j = _candidate_pairs(boxes, glyphs, tallest)
    height = boxes.height
    low, high = np.minimum(height[i], height[j]), np.maximum(height[i], height[j])
    gap = np.maximum(boxes.left[i], boxes.left[j]) - np.minimum(boxes.right[i], boxes.right[j]) - 1
    shared = np.minimum(boxes.bottom[i], boxes.bottom[j]) - np.maximum(boxes.top[i], boxes.top[j]) + 1
    # A point or a sign is measured by the letter beside it, two letters by their mean.
    small = low < SMALL * high
    scale = np.where(small, high, (low + high) / 2)
    # A flat sign may lie below the baseline (underscore); others must overlap their neighbour.
    flat = boxes.width >= 1.5 * height
    long = np.where(height[i] < height[j], boxes.width[i], boxes.width[j]) >= SHORTEST_UNDERSCORE * high
    # A mark above two rows' gap (a tick inside a panel) would join the rows if it could stand above as well.
    below = np.where(height[i] < height[j], boxes.top[i] - boxes.top[j], boxes.top[j] - boxes.top[i]) > 0
    lower_is_flat = np.where(height[i] < height[j], flat[i], flat[j]) & (low <= 0.3 * high) & long & below
    overlap = np.where(small, np.where(lower_is_flat, -UNDERSCORE * high, 0.25 * low), 0.45 * low)
    linked = (gap <= reach * scale + 0.5) & (shared >= overlap) & (gap > -1.2 * high)
    linked &= (np.abs(glyphs.tint[i] - glyphs.tint[j]) <= SAME_TINT).all(axis=1)
    return i[linked], j[linked]


def _candidate_pairs(boxes: Boxes, glyphs: Glyphs, tallest: float) -> Pairs:
    """Each pair of boxes once that is of one panel and one kind of ink and shares rows, or nearly so.

    All pairs of a dense figure's thousands of glyphs would take hundreds of megabytes.
    """
    usable = np.flatnonzero(boxes.height <= tallest)
    if len(usable) == 0:
        return usable, usable
    top, bottom = boxes.top[usable], boxes.bottom[usable]
    slack = UNDERSCORE * float(boxes.height[usable].max()) + 1
    # Each panel and kind of ink has a stretch of rows of its own, out of reach of the others.
    group = 2 * (glyphs.panel[usable] + 1) + glyphs.coloured[usable]
    offset = group * (float(np.ptp(np.concatenate([top, bottom]))) + 2 * slack)
    order = np.argsort(top + offset, kind="stable")
    start, end = (top + offset)[order], (bottom + offset)[order] + slack
    n_after = np.searchsorted(start, end, side="right") - np.arange(1, len(order) + 1)
    first = np.repeat(np.arange(len(order)), n_after)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(n_after) - n_after, n_after)
    return usable[order[first]], usable[order[second]]


def components(n_nodes: int, pairs: Pairs) -> list[Indices]:
    """The groups of nodes that are connected by pairs, each in ascending order."""
    root = lowest_linked(n_nodes, *pairs)
    order = np.argsort(root, kind="stable")
    ends = [0, *(np.flatnonzero(np.diff(root[order])) + 1), n_nodes]
    return [order[start:end] for start, end in itertools.pairwise(ends)]


def _connected(members: Indices, pairs: Pairs) -> list[Indices]:
    """What is left of a word, where what linked its parts belongs to another.

    Letters that touch along an upward axis label are one glyph as tall as the distance of the labels
    beside it, and would join these.
    """
    first, second = pairs
    within = np.isin(first, members) & np.isin(second, members)
    # Members are in ascending order, as `components` gives them.
    inner = (np.searchsorted(members, first[within]), np.searchsorted(members, second[within]))
    return [members[group] for group in components(len(members), inner)]


def _claim_words(glyphs: Glyphs, flat: Boxes, turned: Boxes) -> tuple[list[Indices], list[bool]]:
    """Words in both directions; the longer word claims its glyphs, upright first among equals."""
    letters = (glyphs.panel < 0) & (np.minimum(flat.height, flat.width) >= 3) & (flat.height >= 5)
    typical = float(np.median(flat.height[letters])) if letters.any() else 10.0
    candidates: list[tuple[float, int, Indices]] = []
    links: list[Pairs] = []
    for upright, boxes in ((True, flat), (False, turned)):
        tallest = (TALLEST_LEVEL if upright else TALLEST_TURNED) * typical
        pairs = link_neighbours(boxes, glyphs, WORD_GAP, tallest)
        links.append(pairs)
        tight = components(len(glyphs), pairs)
        sizes = np.array(
            [
                0.4 if is_stack(word, boxes, glyphs) else n_letters(word, boxes, upright, typical)
                for word in tight
            ]
        )
        scores = _line_sizes(tight, sizes, boxes, glyphs, tallest)
        candidates += [(score, 0 if upright else 1, w) for score, w in zip(scores, tight, strict=True)]
    candidates.sort(key=lambda item: (-item[0], item[1], int(item[2][0])))
    free = np.ones(len(glyphs), bool)
    words: list[Indices] = []
    uprights: list[bool] = []
    for _, turned_flag, word in candidates:
        left = word[free[word]]
        if len(left) == 0 or (turned_flag and len(left) < max(2, 0.6 * len(word)) and len(word) > 1):
            continue
        free[left] = False
        parts = [left] if len(left) == len(word) else _connected(left, links[turned_flag])
        words += parts
        uprights += [turned_flag == 0] * len(parts)
    return words, uprights


def _line_sizes(
    words: list[Indices], sizes: FloatArray, boxes: Boxes, glyphs: Glyphs, tallest: float
) -> list[float]:
    """How many letters the line of each word holds; only words of several letters make a line.

    Single letters that stand above each other (in lists, in columns of ticks) make none, but the
    lone V of an upward "Voltage, V (V)" belongs to its line.
    """
    scores = sizes.astype(float)
    several = sizes >= 2
    outline, owners = _outline(words, boxes, glyphs)
    linked = link_neighbours(outline, owners, LINE_GAP, tallest)
    for chain in components(len(words), linked):
        total = float(sizes[chain][several[chain]].sum())
        if len(chain) < 2 or sizes[chain].max() < 3:
            continue
        height = outline.bottom[chain].max() - outline.top[chain].min() + 1
        outside = owners.panel[chain[0]] < 0
        if outside and height > HIGHEST_ROW * tall_of(outline.height[chain]):
            continue
        # Letters of an upward word that touch are one tall glyph, and join the tick labels beside it.
        tall = chain[several[chain]]
        lone = ~several[chain] & (outline.height[chain] <= TALLER * outline.height[tall].max())
        raised = np.where(lone, np.maximum(scores[chain], 0.7 * total), scores[chain])
        scores[chain] = np.where(several[chain], total, raised)
    return [float(score) for score in scores]


def _outline(words: list[Indices], boxes: Boxes, glyphs: Glyphs) -> tuple[Boxes, Glyphs]:
    """The boxes of words, and for each the glyph that lends it its colour and panel."""
    members = np.concatenate(words)
    starts = np.cumsum([0, *(len(word) for word in words[:-1])])
    ends = Boxes(
        left=np.minimum.reduceat(boxes.left[members], starts),
        top=np.minimum.reduceat(boxes.top[members], starts),
        right=np.maximum.reduceat(boxes.right[members], starts),
        bottom=np.maximum.reduceat(boxes.bottom[members], starts),
    )
    return ends, glyphs.take(np.array([w[np.argmax(glyphs.area[w])] for w in words], np.intp))


def _join_words(words: list[Indices], boxes: Boxes, glyphs: Glyphs) -> list[Indices]:
    """Join words into lines; rows of equally spaced words (tick labels) stay apart."""
    if len(words) <= 1:
        return words
    ends, owners = _outline(words, boxes, glyphs)
    joined: list[Indices] = []
    for chain in components(len(words), link_neighbours(ends, owners, LINE_GAP)):
        order = chain[np.argsort(ends.left[chain], kind="stable")]
        if len(order) > 1 and _equally_spaced(order, ends):
            joined.extend(words[i] for i in order)
        else:
            joined.append(np.concatenate([words[i] for i in order]))
    return joined


def _equally_spaced(order: Indices, ends: Boxes) -> bool:
    """Whether four or more words have equally spaced centres and no small gap."""
    if len(order) < 4:
        return False
    centers = (ends.left[order] + ends.right[order]) / 2
    steps = np.diff(centers)
    gaps = ends.left[order][1:] - ends.right[order][:-1] - 1
    height = median(ends.height[order])
    return bool(steps.std() <= EQUAL_SPACING * steps.mean() and gaps.min() >= LEAST_TICK_GAP * height)
