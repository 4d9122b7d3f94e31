"""All lines of one stroke colour at once: strands of runs, linked to few smooth lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.paths.chains import (
    EndRow,
    Ends,
    Joints,
    Strand,
    find_ends,
    join_runs,
    make_strand,
    split_chains,
)
from digitizer.stages.series.paths.links import Ground, Links, bend_through, weigh_links
from digitizer.stages.series.paths.runs import IndexArray, Runs

# Links are taken at once where they save this much more than any other link of their two ends.
CLEAR = 4.0
MAX_ROUNDS = 5
# That pieces which follow each other in x are one line is worth so much more in the end.
ONE_LINE_BONUS = 8.0
# A doubtful link speaks against a line by no more than this.
MOST_COUNTED = 4.0
# More strands than this are dots of a crowd, not lines: the longest are kept.
MAX_STRANDS = 900
# A stretch that two lines share is no longer than this where their slopes still tell which is which (px).
SHORT_SHARED = 40
# Hidden stretches up to this long (px) are bridged by points.
BRIDGE_PX = 60.0
# A run this much longer than one stroke's is shared.
SHARED_EXTENT = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One line as runs of its own, at most one a column; ``own`` of them are seen, the rest are bridged.

    ``cost`` is what its links cost, in the units of ``links.NEW_LINE``; ``used`` are the runs of the map that
    it takes for itself.
    """

    runs: Runs
    own: int
    cost: float
    used: IndexArray


def weave_lines(runs: Runs, own: Mask, blocked: Mask, width: float) -> list[Line]:
    """Follow every line of a coverage map, the one with the most columns first.

    Parameters
    ----------
    runs
        All runs of the map.
    own
        Pixels with the colour's ink.
    blocked
        Pixels where other ink or text may hide it.
    width
        The stroke's width (px).

    Notes
    -----
    Runs that are each other's only neighbours form chains; chains are linked to lines by an assignment of
    right ends to left ends that saves most against one line more a chain: a link pays for the bend it makes,
    for blank ground it passes and for a change of width. Where lines cross, the chain both share is left
    out of the assignment and links pass over it, so that slopes decide. Clear links are taken first:
    longer strands know their course better.
    """
    joints = join_runs(runs)
    strands = _make_strands(runs, joints, width)
    ground = Ground(
        own=cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0,
        open=~blocked,
        single=_single(runs, strands, own.shape, width),
    )
    known: tuple[dict[Strand, EndRow], dict[Strand, EndRow]] = ({}, {})

    def weigh(bonus: float) -> Links:
        tails = find_ends(runs, strands, right=True, width=width, known=known[0])
        heads = find_ends(runs, strands, right=False, width=width, known=known[1])
        return weigh_links(tails, heads, ground, width, bonus)

    for _ in range(MAX_ROUNDS):
        links = weigh(0.0)
        clear = _clear(links)
        if not clear.size:
            break
        strands = _joined(runs, strands, links, clear)
    # What is left of a line broken by others or by missing data follows in x; two lines of a colour do not.
    for bonus in (0.0, ONE_LINE_BONUS):
        links = weigh(bonus)
        best = _assign(links, len(strands))
        strands = _joined(runs, strands, links, best)
    lines = [_fill(runs, strand, blocked, width) for strand in strands]
    lines.sort(key=lambda line: -line.own)
    return lines


def _make_strands(runs: Runs, joints: Joints, width: float) -> list[Strand]:
    strands = []
    for chain in split_chains(joints):
        crossing = joints.n_left[chain[0]] > 1 and joints.n_right[chain[-1]] > 1
        if crossing and runs.column[chain[-1]] - runs.column[chain[0]] < SHORT_SHARED + 4 * width:
            continue
        strands += [make_strand(runs, chain, width)] * (2 if crossing else 1)
    if len(strands) > MAX_STRANDS:
        mass = np.array([runs.mass[s.index].sum() for s in strands])
        strands = [strands[i] for i in np.sort(np.argsort(-mass)[:MAX_STRANDS])]
    return strands


def _single(runs: Runs, strands: list[Strand], shape: tuple[int, ...], width: float) -> Mask:
    """Pixels of the runs that are no thicker than one stroke."""
    index = np.concatenate([s.index for s in strands]) if strands else np.zeros(0, dtype=np.intp)
    index = index[runs.bottom[index] - runs.top[index] <= SHARED_EXTENT * width + 1]
    single = np.zeros(shape, dtype=bool)
    if not index.size:
        return single
    column = runs.column[index]
    first = np.clip(np.rint(runs.top[index]), 0, shape[0]).astype(int)
    after = np.clip(np.rint(runs.bottom[index]) + 1, 0, shape[0]).astype(int)
    # Only where there are runs: the panel is several times as large.
    top, left = int(min(first.min(), after.min())), int(column.min())
    size = int(max(first.max(), after.max())) - top + 1, int(column.max()) - left + 1
    edge = np.zeros(size, dtype=np.int32)
    np.add.at(edge, (first - top, column - left), 1)
    np.add.at(edge, (after - top, column - left), -1)
    window = single[top : top + len(edge), left : left + edge.shape[1]]
    np.greater(np.cumsum(edge, axis=0)[: len(window)], 0, out=window)
    return single


def _clear(links: Links) -> IndexArray:
    """Links that save clearly more than all others at both of their ends."""
    if not links.gain.size:
        return np.zeros(0, dtype=np.intp)
    ahead = np.full(links.gain.size, np.inf)
    for side in (links.tail, links.head):
        order = np.lexsort((-links.gain, side))
        gain, group = links.gain[order], side[order]
        first = np.r_[True, np.diff(group) > 0]
        after = np.r_[gain[1:], 0.0]
        alone = np.r_[first[1:], True]
        lead = np.where(first, gain - np.where(alone, 0.0, after), -1.0)
        ahead[order] = np.minimum(ahead[order], lead)
    return np.flatnonzero(ahead >= CLEAR)


def _assign(links: Links, n: int) -> IndexArray:
    """The links that together save most, at most one at each end."""
    if not links.gain.size:
        return np.zeros(0, dtype=np.intp)
    saved = np.zeros((n, n))
    which = np.full((n, n), -1, dtype=np.intp)
    saved[links.tail, links.head] = links.gain
    which[links.tail, links.head] = np.arange(links.gain.size)
    # Importing the optimiser takes as long as reading a chart; few charts have lines to weave.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-saved)
    chosen = which[rows, columns]
    return np.asarray(chosen[chosen >= 0])


def _joined(runs: Runs, strands: list[Strand], links: Links, taken: IndexArray) -> list[Strand]:
    """Strands after links are taken, from left to right."""
    follow = dict(zip(links.tail[taken].tolist(), links.head[taken].tolist(), strict=True))
    price = dict(zip(links.tail[taken].tolist(), links.cost[taken].tolist(), strict=True))
    starts = sorted(set(range(len(strands))) - set(follow.values()))
    out = []
    for start in starts:
        parts, at = [start], start
        while at in follow:
            at = follow[at]
            parts.append(at)
        cost = sum(min(price[p], MOST_COUNTED) for p in parts[:-1])
        out.append(strands[start] if len(parts) == 1 else _merge(runs, [strands[p] for p in parts], cost))
    return out


def _merge(runs: Runs, parts: list[Strand], cost: float) -> Strand:
    """Strands that follow each other as one; ``cost`` is what the links between them cost."""
    gaps = list(parts[0].gaps)
    for one, other in pairwise(parts):
        e, s = one.tail, other.head
        up = max(s[2] - e[3], e[2] - s[3], 0.0)
        aside = max(float(runs.column[other.index].min() - runs.column[one.index].max()) - 1, 0.0)
        blank = float(np.hypot(aside, up))
        gaps += [blank] if blank > 0.5 else []
        gaps += other.gaps
    return Strand(
        index=np.concatenate([p.index for p in parts]),
        head=parts[0].head,
        tail=parts[-1].tail,
        length=sum(p.length for p in parts),
        gaps=tuple(gaps),
        cost=cost + sum(p.cost for p in parts),
    )


def _fill(runs: Runs, strand: Strand, blocked: Mask, width: float) -> Line:
    """A strand as a line: one run a column, short stretches under other strokes bridged."""
    line = _one_a_column(runs, strand.index)
    own = int(line.column.size)
    gaps = np.flatnonzero(np.diff(line.column) > 1)
    if not gaps.size:
        return Line(runs=line, own=own, cost=strand.cost, used=strand.index)
    every = np.arange(own)
    ends = [
        find_ends(line, [make_strand(line, every[: g + 1], width)], right=True, width=width) for g in gaps
    ]
    starts = [
        find_ends(line, [make_strand(line, every[g + 1 :], width)], right=False, width=width) for g in gaps
    ]
    extra = []
    for g, end, start in zip(gaps, ends, starts, strict=True):
        columns = np.arange(line.column[g] + 1, line.column[g + 1])
        if columns.size <= BRIDGE_PX:
            extra += _bridge(runs, columns, end, start, blocked, width)
    if not extra:
        return Line(runs=line, own=own, cost=strand.cost, used=strand.index)
    more = np.array(extra, dtype=np.float64)
    merged = {
        name: np.r_[getattr(line, name).astype(np.float64), more[:, k]] for k, name in enumerate(_FIELDS)
    }
    order = np.argsort(merged["column"], kind="stable")
    return Line(
        runs=_make_runs({name: values[order] for name, values in merged.items()}),
        own=own,
        cost=strand.cost,
        used=strand.index,
    )


_FIELDS = ("column", "top", "bottom", "center", "mass", "cut_top", "cut_bottom", "unsure")


def _make_runs(values: dict[str, FloatArray]) -> Runs:
    return Runs(
        column=values["column"].astype(np.intp),
        top=values["top"],
        bottom=values["bottom"],
        center=values["center"],
        mass=values["mass"],
        cut_top=values["cut_top"] > 0,
        cut_bottom=values["cut_bottom"] > 0,
        unsure=values["unsure"],
    )


def _one_a_column(runs: Runs, index: IndexArray) -> Runs:
    """The runs of one line; those that stand on each other in a column are one."""
    index = np.sort(index)
    column = runs.column[index]
    first = np.flatnonzero(np.r_[True, np.diff(column) > 0])
    if first.size == index.size:
        return runs.take(index)
    top = np.minimum.reduceat(runs.top[index], first)
    bottom = np.maximum.reduceat(runs.bottom[index], first)
    mass = np.add.reduceat(runs.mass[index], first)
    return Runs(
        column=column[first],
        top=top,
        bottom=bottom,
        center=(top + bottom) / 2,
        mass=mass,
        cut_top=np.logical_or.reduceat(runs.cut_top[index], first),
        cut_bottom=np.logical_or.reduceat(runs.cut_bottom[index], first),
        unsure=np.maximum.reduceat(runs.unsure[index], first),
    )


def _bridge(
    runs: Runs, columns: IndexArray, end: Ends, start: Ends, blocked: Mask, width: float
) -> list[tuple[float, ...]]:
    """Runs for the columns between two ends: shared ones cut to the line's part, hidden ones guessed."""
    share = np.linspace(0.0, 1.0, 4 * columns.size + 9)
    px, py = bend_through(
        share,
        (end.x, end.y, end.dx, end.dy, end.spread),
        (start.x, start.y, -start.dx, -start.dy, start.spread),
    )
    order = np.argsort(px)
    height = np.interp(columns, px[order], py[order])
    extent = width * np.hypot(1.0, np.gradient(height) if height.size > 1 else np.zeros(1))
    first = np.searchsorted(runs.column, columns)
    last = np.searchsorted(runs.column, columns, side="right")
    out: list[tuple[float, ...]] = []
    for column, y, long, a, b in zip(columns, height, extent, first, last, strict=True):
        near = [r for r in range(a, b) if runs.top[r] - 1.5 <= y <= runs.bottom[r] + 1.5]
        if near:
            out.append(_part(runs, near[0], float(column), float(y), float(long)))
        elif blocked[int(np.clip(round(y), 0, blocked.shape[0] - 1)), column]:
            away = min(column - columns[0], columns[-1] - column) + 1
            unsure = 0.3 + 0.05 * away
            out.append((column, y - long / 2, y + long / 2, y, long, 1, 1, unsure))
    return out


def _part(runs: Runs, r: int, column: float, y: float, long: float) -> tuple[float, ...]:
    """The part of a shared run that one line takes: its own edge where it is at the top or bottom."""
    top, bottom = float(runs.top[r]), float(runs.bottom[r])
    if bottom - top <= SHARED_EXTENT * long + 1:
        return (
            column, top, bottom, float(runs.center[r]), float(runs.mass[r]),
            float(runs.cut_top[r]), float(runs.cut_bottom[r]), float(runs.unsure[r]),
        )  # fmt: skip
    y = float(np.clip(y, top + long / 2, bottom - long / 2))
    return (column, y - long / 2, y + long / 2, y, long, 1, 1, 0.3)
