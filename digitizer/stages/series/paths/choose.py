"""How many lines a colour draws: the fewest that explain its ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Mask
from digitizer.stages.series.paths.links import NEW_LINE
from digitizer.stages.series.paths.runs import Runs, join_runs_of
from digitizer.stages.series.paths.track import track_path
from digitizer.stages.series.paths.weave import Line, weave_lines

# A line must explain as much ink as a stroke over this share of the panel's width, or it is not worth one.
WORTH_SHARE = 0.15

# Several lines must leave the whole at this share of what one line does: dense noise is explained by neither.
CLEARLY = 0.7
# One woven line that explains this many times the ink of what one line makes by jumping is the one.
FULLER = 1.5
# A gap this wide (columns) is closed by a further line that fills this share of it.
WIDE_GAP = 8
FILLS = 0.5
# How steep a line is at a run is told by so many on either side.
CLIMB_RUNS = 3
# A level stroke fills this many widths of a column, at most (markers are not to count for lines).
OWN_PART = 1.6


def find_single(runs: Runs, width: float) -> Line | None:
    """The best single line through a colour's runs; it may jump as it likes where it must."""
    chosen = track_path(runs, np.ones(runs.count, dtype=bool), width)
    return Line(runs=runs.take(chosen), own=int(chosen.size), cost=0.0, used=chosen) if chosen.size else None


def find_lines(runs: Runs, single: Line, own: Mask, blocked: Mask, width: float, expected: int) -> list[Line]:
    """Choose between one line and several, the one with most columns first.

    Parameters
    ----------
    runs
        All runs of the colour's coverage.
    single
        The best single line through them.
    own, blocked
        Pixels with its ink, and pixels where other ink or text may hide it.
    width
        The stroke's width (px).
    expected
        How many lines the legend lists in this colour.

    Notes
    -----
    Each hypothesis pays for its lines, for doubtful links in them and for the ink that it leaves. One line
    alone may jump as it likes where it must: dense noise under a smoothed curve is cut into teeth.
    """
    unit = NEW_LINE / (WORTH_SHARE * own.shape[1])
    total = float(runs.mass.sum()) / width
    price = NEW_LINE + unit * (total - _explained(single.runs, width))
    if expected <= 1 and price <= 2 * NEW_LINE:
        return [single]
    woven = weave_lines(runs, own, blocked, width)
    kept: list[Line] = []
    left, paid = total, 0.0
    for line in woven:
        ink = _explained(line.runs, width)
        if unit * ink > NEW_LINE + line.cost or (len(kept) < expected and unit * ink > 0.5 * NEW_LINE):
            kept.append(line)
            left -= ink
            paid += NEW_LINE + line.cost
    # Stretches that lines share are counted for each: together they explain no more than there is.
    if not kept or (expected <= 1 and paid + unit * max(left, 0.0) >= CLEARLY * price):
        # The dots of a steep line follow each other by links that each are in doubt.
        fuller = [w for w in woven[:1] if _explained(w.runs, width) > FULLER * _explained(single.runs, width)]
        return [_complete(fuller[0], woven[1:], width)] if fuller else [single]
    lines = close_by_pieces(kept, expected, width)
    if expected == 1 and len(lines) == 1:
        rest = [line for line in woven if all(line is not k for k in kept)]
        lines = [_complete(lines[0], rest, width)]
    return lines


def _complete(line: Line, rest: list[Line], width: float) -> Line:
    """The one line of a colour with what others hold of it: the dashes of steep swings fall into two rows.

    These take turns, and each link between them is in doubt; but only one line is there.
    """
    for extra in rest:
        line = _closed(line, extra, width) or line
        column = line.runs.column
        for end, beyond in ((0, extra.runs.column < column[0]), (-1, extra.runs.column > column[-1])):
            inside = np.flatnonzero(beyond)
            if inside.size < WIDE_GAP:
                continue
            part = extra.runs.take(inside)
            if _meet(line.runs, end, part, -1 - end, width):
                line = _with_part(line, part, extra)
    return line


def close_by_pieces(kept: list[Line], expected: int, width: float) -> list[Line]:
    """The lines that the legend lists, their gaps closed by those beyond that run through them."""
    lines, more = kept[:expected], kept[expected:]
    left = []
    for extra in more:
        for k, line in enumerate(lines):
            whole = _closed(line, extra, width)
            if whole is not None:
                lines[k] = whole
                break
        else:
            left.append(extra)
    return lines + left


def _closed(line: Line, extra: Line, width: float) -> Line | None:
    """A line with the runs of another one in its widest gap, where they lead from end to end."""
    column = line.runs.column
    at = int(np.argmax(np.diff(column))) if column.size > 1 else 0
    if column.size < 2 or column[at + 1] - column[at] < WIDE_GAP:
        return None
    inside = np.flatnonzero((extra.runs.column > column[at]) & (extra.runs.column < column[at + 1]))
    if inside.size < FILLS * (column[at + 1] - column[at] - 1):
        return None
    part = extra.runs.take(inside)
    if not (_meet(line.runs, at, part, 0, width) and _meet(line.runs, at + 1, part, -1, width)):
        return None
    return _with_part(line, part, extra)


def _with_part(line: Line, part: Runs, extra: Line) -> Line:
    """A line with a part of another one, whose runs are used by it from now on."""
    runs = join_runs_of(line.runs, part)
    return replace(line, runs=runs, own=line.own + part.count, used=np.r_[line.used, extra.used])


def _meet(line: Runs, here: int, part: Runs, there: int, width: float) -> bool:
    """Whether the run ``here`` of a line and the run ``there`` of a part may follow each other."""
    apart = max(part.top[there] - line.bottom[here], line.top[here] - part.bottom[there], 0.0)
    skipped = abs(int(part.column[there]) - int(line.column[here]))
    return bool(apart <= width * (1 + skipped) + skipped * max(_climb(line, here), _climb(part, there)))


def _climb(runs: Runs, at: int) -> float:
    """How far (px a column) runs climb around one of them: by no more than that are dashes apart there."""
    at %= runs.count
    near = slice(max(0, at - CLIMB_RUNS), at + CLIMB_RUNS + 1)
    steps = np.abs(np.diff(runs.center[near])) / np.diff(runs.column[near])
    return float(np.median(steps)) if steps.size else 0.0


def _explained(line: Runs, width: float) -> float:
    """Length of ink (stroke widths) that a line explains: of a run that others share only its own part.

    A stroke fills a column as far as its edges move there; a crowd's edges stay where they are.
    """
    length = line.mass / width
    if line.count < 3:
        return float(np.minimum(length, OWN_PART).sum())
    moved = np.maximum.reduce([np.abs(np.diff(v)) for v in (line.top, line.bottom, line.center)]) / width
    reach = np.maximum(np.r_[moved, 0.0], np.r_[0.0, moved])
    return float(np.minimum(length, OWN_PART + reach).sum())
