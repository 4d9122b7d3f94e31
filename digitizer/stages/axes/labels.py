"""Make rows of tick labels whole: part labels that run together, join rows, add further lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from digitizer.dates import is_date, names_year
from digitizer.evidence import Box, FloatArray, Mask, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.axes.even_words import part_even_words
from digitizer.stages.axes.packed import part_alike, part_decade, part_names, part_progression

# Words of two labels stand at two marks, each centred on its own to this share of the marks' distance
# (France Germany Poland under bars: 0.03); words of one label do so by chance alone.
CENTRED = 0.12
CENTRED_PX = 3.0
# Times of one label are printed in at most so many words (09-14 09; Apr 13, 2014).
MOST_WORDS = 3
# Vega moves the first label inwards, to begin this near its mark.
FLUSH_PX = 3.0
# So many other labels tell an even step, to this (px).
MIN_EVEN, EVEN_PX = 3, 1.5
# So many labels that begin beside their marks show that they do, to this many pixels (glyphs begin up to a
# pixel inside their boxes), and this near to them (heights of a label). Of a pale dashed grid the line at one
# of seven labels is not seen, and another one lies 2 px off: this share of all labels is enough.
MIN_BESIDE = 3
MOST_BESIDE = 0.8
LEAST_BESIDE = 0.6
BESIDE_PX = 1.5
BESIDE_SHARE = 0.75
# Further lines of a label follow it within so many text heights (years below days: uPlot 1.25) and are as
# high to this factor.
LINE_GAP = 0.9
YEAR_GAP = 1.4
LIKE_HEIGHT = 1.4
# Lines set flush begin at one place to this (text heights; LibreOffice: 0.09).
FLUSH_SHARE = 0.15
# A date at an axis' end (Matplotlib) is so near below the labels and to the frame's end (text heights).
MOMENT_GAP = 1.5
MOMENT_OFF = 0.6
# Rows of one axis that takes turns between two rows (lets-plot) have letters alike to this factor.
TURNS_HEIGHT = 1.3

# One tick mark, or that of a logarithmic axis with the next one below it.
_TICK_BEHIND = re.compile(r"(?:(?<=[\d%])|(?<=\d[kKMGTmµμn]))\s?[-–—_=]$")
_DIGIT = re.compile(r"\d")
_GLUED = re.compile(r"(\d{1,2}|\d{4})([A-Z][a-z]{2,8})")

# A line below one label alone is that label's second line where the label is so many of its heights from the
# middle of the row: titles stand there.
OFF_MIDDLE = 1.5


def split_labels(labels: Sequence[TextSpan], marks: FloatArray) -> list[TextSpan]:
    """Part level labels that were read as one where their words stand at places of their own.

    These are the marks or the middles between them, else the places that the other labels, or all their
    words, are evenly spaced on.
    """
    if len(labels) == 1:
        packed = part_progression(labels[0], marks)
        packed = packed if len(packed) > 1 else part_alike(labels[0], marks)
        packed = packed if len(packed) > 1 else _parted_times(labels[0])
        return packed if len(packed) > 1 else part_names(labels[0], marks)
    if len(marks) < 2 and (words := part_even_words(labels)):
        return words
    even, bands = _even_places(labels), _band_middles(labels, marks)
    out: list[TextSpan] = []
    for span in labels:
        parts = part_decade(span, marks)
        if len(parts) == 1:
            parts = part_progression(span, marks)
        if len(parts) == 1:
            parts = part_alike(span, marks)
        # Between two bands of alike names there is a mark: these belong together by chance alone.
        for places in (bands, marks, even) if not _has_mark(span, marks) else (bands,):
            if len(parts) == 1 and len(places) >= 2:
                parts = _parted(span, places)
        if len(parts) == 1 and len(marks) and not _has_mark(span, marks):
            times = _parted_times(span, least=2)
            at = np.array([part.box.center[0] for part in times])
            if np.max(np.min(np.abs(at[:, None] - marks[None]), axis=1)) <= CENTRED_PX:
                parts = times
        out += [name for part in parts for name in part_names(part, marks)]
    return out


def _has_mark(span: TextSpan, marks: FloatArray) -> bool:
    """Whether a label is centred on a mark, and on one alone: its words belong together."""
    if len(marks) < 2:
        return False
    off = float(np.min(np.abs(marks - span.box.center[0])))
    under = np.count_nonzero((marks > span.box.left) & (marks < span.box.right))
    return bool(off <= CENTRED_PX and under == 1)


def _parted_times(span: TextSpan, least: int = 3) -> list[TextSpan]:
    """Part a row that was read as one label into times or numbers of equally many words, evenly spaced."""
    words = _without_cut(_unglued(span.words))
    n = len(words)
    for size in range(1, MOST_WORDS + 1):
        if n % size or n // size < least:
            continue
        runs = [words[i : i + size] for i in range(0, n, size)]
        boxes = [run[0][1].union(run[-1][1]) for run in runs]
        steps = np.diff([box.center[0] for box in boxes])
        texts = [" ".join(word for word, _ in run) for run in runs]
        told = all(is_date(text) for text in texts) or (
            least > 2 and all(parse_number(text) is not None for text in texts)
        )
        if told and float(np.ptp(steps)) <= CENTRED * float(steps.mean()):
            return [
                replace(span, box=box, text=text, words=run if size > 1 else ())
                for run, box, text in zip(runs, boxes, texts, strict=True)
            ]
    return [span]


def _without_cut(words: tuple[tuple[str, Box], ...]) -> tuple[tuple[str, Box], ...]:
    """Dates of one form without a first or last one that the picture's edge cuts: its rest is at no place."""
    shapes = [_DIGIT.sub("0", word) for word, _ in words]
    if len(set(shapes[1:-1])) != 1 or not all(is_date(word) for word, _ in words[1:-1]):
        return words
    first, last = shapes[1][1:].endswith(shapes[0]), shapes[1][:-1].startswith(shapes[-1])
    return words[first : len(words) - last]


def _unglued(words: tuple[tuple[str, Box], ...]) -> tuple[tuple[str, Box], ...]:
    """Words with a day and the month behind it taken apart, where labels touch: May 02May 09."""
    out: list[tuple[str, Box]] = []
    for word, box in words:
        match = _GLUED.fullmatch(word)
        if match is None:
            out.append((word, box))
            continue
        cut = box.left + box.width * len(match[1]) / len(word)
        out += [(match[1], replace(box, right=cut)), (match[2], replace(box, left=cut))]
    return tuple(out)


def _band_middles(labels: Sequence[TextSpan], marks: FloatArray) -> FloatArray:
    """The middles between marks, where most labels stand at such: each names the band between two marks."""
    ordered = np.sort(marks)
    middles, wide = (ordered[1:] + ordered[:-1]) / 2, np.diff(ordered)
    if len(middles) < 2:
        return np.empty(0)
    at = np.array([s.box.center[0] for s in labels])
    near = np.argmin(np.abs(at[:, None] - middles[None]), axis=1)
    centred = np.abs(at - middles[near]) <= np.minimum(CENTRED * wide[near], CENTRED_PX)
    return middles if centred.sum() > len(labels) / 2 else np.empty(0)


def _even_places(labels: Sequence[TextSpan]) -> FloatArray:
    """Where labels would stand that are as far apart as those of single words are; none where uneven."""
    at = np.sort([s.box.center[0] for s in labels if len(s.words) < 2])
    if len(at) < 2:
        return np.empty(0)
    ends = min(s.box.left for s in labels), max(s.box.right for s in labels)
    least = float(np.min(np.diff(at)))
    if least < 4:
        return np.empty(0)
    # Middles are told to half a pixel: the nearest two do not tell the step to a dozen labels.
    count = np.r_[0.0, np.cumsum(np.round(np.diff(at) / least))]
    step, origin = np.polyfit(count, at, 1)
    if np.max(np.abs((at - origin) / step - count)) > CENTRED:
        return np.empty(0)
    first, last = np.ceil((ends[0] - origin) / step), np.floor((ends[1] - origin) / step)
    return np.asarray(origin + step * np.arange(first, last + 1))


def _parted(span: TextSpan, places: FloatArray) -> list[TextSpan]:
    if len(span.words) < 2 or span.angle_deg != 0.0:
        return [span]
    spacing = float(np.min(np.diff(np.sort(places))))
    owner = [int(np.argmin(np.abs(box.center[0] - places))) for _, box in span.words]
    runs = [[span.words[i] for i in run] for _, run in groupby(range(len(owner)), key=lambda i: owner[i])]
    if len(runs) < 2:
        return [span]
    parts: list[TextSpan] = []
    for run, (place, _) in zip(runs, groupby(owner), strict=True):
        box = run[0][1].union(run[-1][1])
        flush = not parts and abs(box.left - float(places.min())) <= FLUSH_PX
        if abs(box.center[0] - places[place]) > max(CENTRED_PX, CENTRED * spacing) and not flush:
            return [span]
        parts.append(replace(span, box=box, text=" ".join(w for w, _ in run), words=tuple(run)))
    return parts


def stand_beside(
    labels: Sequence[TextSpan], marks: FloatArray, size: float, *, horizontal: bool
) -> FloatArray | None:
    """The marks of labels that all begin (or end) at one distance from theirs: Chartist prints them so.

    Parameters
    ----------
    labels : sequence of TextSpan
        Level labels of one axis, of which most stand at no mark with their middles.
    marks : ndarray, shape (n,)
        Where the marks are.
    size : float
        The labels' height (px).
    horizontal : bool
        Whether the axis is.

    Returns
    -------
    ndarray, shape (len(labels),), or None
        The place of each label's own mark, also of the few whose mark is hidden.
    """
    if min(len(labels), len(marks)) < MIN_BESIDE or name_bands(labels, marks, horizontal=horizontal):
        return None
    ends = ("left", "right") if horizontal else ("bottom", "top")
    for end in ends:
        edge = np.array([getattr(s.box, end) for s in labels])
        nearest = marks[np.argmin(np.abs(edge[:, None] - marks[None]), axis=1)]
        off = nearest - edge
        shift = float(np.median(off))
        beside = np.abs(off - shift) <= BESIDE_PX
        own = len(np.unique(nearest[beside])) == beside.sum()
        # Pale lines are not all seen: a label far from every mark says nothing against the others.
        seen = np.abs(off - shift) <= np.min(np.diff(np.sort(edge))) / 2
        enough = beside.sum() >= max(MIN_BESIDE, MOST_BESIDE * seen.sum(), LEAST_BESIDE * len(labels))
        if enough and own and abs(shift) <= BESIDE_SHARE * size:
            return np.where(beside, nearest, edge + shift)
    return None


def name_bands(labels: Sequence[TextSpan], marks: FloatArray, *, horizontal: bool) -> bool:
    """Whether each label stands in the middle of its own band between two marks (numbers beside bars)."""
    if len(marks) != len(labels) + 1:
        return False
    at, ends = np.sort([s.box.center[0 if horizontal else 1] for s in labels]), np.sort(marks)
    off = at - (ends[1:] + ends[:-1]) / 2
    return bool(np.all(np.abs(off) <= CENTRED * np.diff(ends) + 1.0))


def stand_flush(
    labels: Sequence[TextSpan], marks: FloatArray, px: FloatArray, matched: Mask
) -> tuple[FloatArray, Mask]:
    """Put the first and the last label at marks that they were moved inwards from, to stay in the picture.

    Vega sets their outer edges at the marks; of others (Recharts) the mark is the only one above them, and as
    many steps from the others' marks as these are from each other.
    """
    px, matched = px.copy(), matched.copy()
    for at, mark in ((int(np.argmin(px)), marks.min()), (int(np.argmax(px)), marks.max())):
        box = labels[at].box
        edge = box.left if mark == marks.min() else box.right
        if matched[at] or mark in px:
            continue
        if abs(edge - mark) <= FLUSH_PX or _is_moved(box, mark, marks, px[matched]):
            px[at], matched[at] = mark, True
    return px, matched


def _is_moved(box: Box, mark: float, marks: FloatArray, others: FloatArray) -> bool:
    """Whether the mark at an end is that of a label that reaches from it inwards more than outwards."""
    under = np.count_nonzero((marks > box.left) & (marks < box.right))
    if under != 1 or not box.left < mark < box.right or len(others) < MIN_EVEN:
        return False
    steps = np.diff(np.sort(others))
    step = float(np.median(steps))
    n = abs(mark - others[np.argmin(np.abs(others - mark))]) / step
    even = float(np.ptp(steps)) <= 2 * EVEN_PX and abs(n - round(n)) * step <= EVEN_PX
    inwards = np.sign(float(np.mean(others)) - mark)
    return bool(even and round(n) >= 1 and inwards * (box.center[0] - mark) > 0)


def without_dash(span: TextSpan) -> TextSpan:
    """A label without the tick marks that were read as a dash, or two, behind its number."""
    text = _TICK_BEHIND.sub("", span.text)
    return span if text == span.text else replace(span, text=text)


def join_turns(best: list[TextSpan], rows: Sequence[list[TextSpan]]) -> list[TextSpan]:
    """Add the row whose labels stand in the middle between those of the first row."""
    first = np.sort([s.box.center[0] for s in best])
    for row in rows:
        second = np.sort([s.box.center[0] for s in row])
        if row is best or len(best) + len(row) < 5 or abs(len(best) - len(row)) > 1:
            continue
        places = np.sort(np.concatenate([first, second]))
        steps = np.diff(places)
        takes_turns = np.isin(places[::2], first).all() or np.isin(places[::2], second).all()
        if takes_turns and np.ptp(steps) <= CENTRED * steps.mean() and _alike(best, row, TURNS_HEIGHT):
            return [*best, *row]
    return best


def join_further_lines(labels: list[TextSpan], rows: Sequence[list[TextSpan]]) -> list[TextSpan]:
    """Join to level labels the lines that are printed below them: a date below its hours.

    One line below one label alone is an axis' title, unless it tells the year of a time or stands off the
    middle.
    """
    bottom = max(s.box.bottom for s in labels)
    height = float(np.median([s.box.height for s in labels]))
    for row in rows:
        if any(s in labels for s in row) or min(s.box.top for s in row) < bottom - 0.3 * height:
            continue
        like = _as_high(row, height)
        pairs = [(label, s) for s in row if (label := _above(s, labels, like=like)) is not None]
        dated = all(is_date(label.text) and is_date(s.text) for label, s in pairs)
        dated &= len(pairs) >= 2 or any(names_year(s.text) for _, s in pairs)
        wrapped = len(pairs) == len(row) and (len(pairs) >= 2 or _is_wrapped(*pairs[0], labels))
        if not pairs or not (dated or wrapped):
            continue
        if not dated and any(parse_number(label.text) is not None for label, _ in pairs):
            continue
        # C3 breaks words where they no longer fit: no second line is a lone small letter else.
        gap = "" if any(len(s.text) == 1 and s.text.islower() for _, s in pairs) else " "
        joined = {
            id(label): replace(label, text=f"{label.text}{gap}{s.text}", box=label.box.union(s.box), words=())
            for label, s in pairs
        }
        return [joined.get(id(label), label) for label in labels]
    return labels


def _is_wrapped(label: TextSpan, below: TextSpan, labels: Sequence[TextSpan]) -> bool:
    """Whether a text below a label of words is its second line.

    A title is centred on the row, and lines are wrapped to keep off what the next label has below it, where
    the makers of charts print their names.
    """
    middles = np.sort([s.box.center[0] for s in labels])
    away = abs(label.box.center[0] - 0.5 * (middles[0] + middles[-1]))
    fits = len(middles) < 2 or below.box.width <= float(np.diff(middles).min())
    return bool(fits and away > OFF_MIDDLE * label.box.height and not any(is_date(s.text) for s in labels))


def row_over_years(best: list[TextSpan], rows: Sequence[list[TextSpan]]) -> list[TextSpan]:
    """The row of months that a row of years stands under, label by label; else the row itself."""
    if not all(names_year(s.text) for s in best):
        return best
    for row in rows:
        heads = [h for s in best if row is not best and (h := _above(s, row)) is not None]
        if len(row) == len(best) == len(heads) and all(is_date(h.text) for h in heads):
            return row
    return best


def find_moment(labels: Sequence[TextSpan], spans: Sequence[TextSpan], box: Box) -> TextSpan | None:
    """The date with a year that stands below the labels and ends where the axis ends.

    Matplotlib prints there what its concise labels leave out: 2021-May below days.
    """
    bottom = max((s.box.bottom for s in labels), default=np.inf)
    for span in spans:
        b = span.box
        below = span.panel is None and -0.3 * b.height <= b.top - bottom <= MOMENT_GAP * b.height
        if below and abs(b.right - box.right) <= MOMENT_OFF * b.height and names_year(span.text):
            return span
    return None


def _as_high(row: Sequence[TextSpan], height: float) -> bool:
    """Whether the highest of several texts is as high as labels: others lack letters that rise (on, no)."""
    highest = max(s.box.height for s in row)
    return len(row) > 1 and max(highest, height) <= LIKE_HEIGHT * min(highest, height)


def _above(line: TextSpan, labels: Sequence[TextSpan], *, like: bool = False) -> TextSpan | None:
    """The label that a line stands right below and is centred on, or begins with (LibreOffice).

    It is as high as the label, unless it is told to be of ``like`` letters.
    """
    for label in labels:
        a, b = label.box, line.box
        year = is_date(label.text) and names_year(line.text)
        near = -0.3 * b.height <= b.top - a.bottom <= (YEAR_GAP if year else LINE_GAP) * b.height
        # Packed years were parted as if all digits were as wide.
        centred = abs(a.center[0] - b.center[0]) <= max(2.0, (0.5 if year else 0.25) * b.height)
        # Words, or a year below a month (Vega-Lite): a title may begin where a number does.
        centred |= abs(a.left - b.left) <= FLUSH_SHARE * b.height and (len(label.words) > 1 or year)
        if (
            near
            and centred
            and label.angle_deg == line.angle_deg == 0.0
            and (like or _alike([label], [line], LIKE_HEIGHT))
        ):
            return label
    return None


def _alike(a: Sequence[TextSpan], b: Sequence[TextSpan], factor: float) -> bool:
    one, other = (float(np.median([s.box.height for s in part])) for part in (a, b))
    return max(one, other) <= factor * min(one, other)
