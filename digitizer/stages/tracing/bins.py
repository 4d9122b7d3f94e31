"""Put bars that touch on the even bins they stand for, the missed and empty ones among them: histograms."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from digitizer.evidence import FloatArray, Mask, Picture, Trace
from digitizer.stages.areas.histogram import EDGE_SIGMA_PX, do_touch
from digitizer.stages.axes.line_fit import ON_PIXEL, SHARP_BIAS
from digitizer.stages.series.paths.runs import IndexArray
from digitizer.stages.series.paths.steps import Steps, find_steps

# Bars whose flat fills are this near (px) touch, by less than this share of their step: between them lie
# their edges, in the ground's colour or another one, and a soft column on each side.
EDGES_PX, EDGES_SHARE = 3.6, 0.35
# Renderers put the sides of bars on whole pixels: a middle is off its bin by at most this (px).
OFF_BIN_PX = 1.0
# ... but for those that lines cut, of which there are fewer than the rest of this share.
MOST_WHOLE = 0.7
# A pixel this near (RGB) to the bars' colour is of a bar: JPEG moves flat fills by a quarter of it.
SAME_COLOR = 40.0
# A bar stands on the base beyond so many rows of the axis' stroke ...
STROKE_ROWS = 3
# ... and ends alike (px) in this share of its columns; its outline is no more rows than this.
SAME_END_PX, ENDS_ALIKE = 1.0, 0.6
OUTLINE_ROWS = 3
# Strokes between bars are seen over so many rows and columns, and are snapped where so many of so many lie
# in the middle of a pixel.
LEAST_ROWS, FEWEST_STROKES, MOST_ON_PIXEL = 4, 4, 0.75
# ... between these shares of the lower bar's height.
INNER = (0.3, 0.8)
# What is painted over leaves so many rows of another colour in a bar.
CUT_ROWS = 5


def settle_bins(picture: Picture, bars: tuple[Trace, ...], *, bare: bool = False) -> tuple[Trace, ...]:
    """Move the bars of a histogram to the middles of their bins, with those that were missed and empty ones.

    Where a bin without a bar has ink of their colour that tells no height, nothing is moved; in a ``bare``
    picture, of which lines over the bars were taken out, that bin alone is left out.

    Notes
    -----
    A bin of a few pixels whose sides were drawn on whole ones is off by a tenth of its width; all of them
    together tell their step to a hundredth. Between bins that are filled one that is empty counts nothing.
    """
    if len(bars) != 1 or bars[0].orientation != "vertical" or bars[0].y_low_px is not None:
        return bars
    trace = bars[0]
    steps = find_steps(trace.x_px) if trace.base_px is not None else None
    if steps is None or trace.base_px is None or not _do_touch(trace, steps):
        return bars
    k = np.asarray(steps.nearest(trace.x_px)).astype(int)
    # Bars that are cut stand off their bins: they are measured again.
    whole = np.abs(trace.x_px - steps.position(k)) <= OFF_BIN_PX
    if np.unique(k).size < k.size or whole.mean() < MOST_WHOLE:
        return bars
    found, unread = _missed(picture, trace, steps, k[whole])
    if unread and not bare:
        return bars
    return (_on_bins(trace, k, whole, found, unread, steps),)


def _do_touch(trace: Trace, steps: Steps) -> bool:
    """Whether bars stand side by side, but for their edges."""
    most = min(EDGES_PX, EDGES_SHARE * steps.period)
    return abs(steps.period - trace.line_width_px) <= most and do_touch([trace], EDGES_PX)


def _foot(trace: Trace) -> tuple[float, int]:
    """The row that bars stand on, and whether they rise (-1) or hang (1) from it."""
    base = float(np.median(trace.base_px)) if trace.base_px is not None else float(trace.y_px.max())
    return base, -1 if float(np.median(trace.y_px)) <= base else 1


def _has_color(part: FloatArray, trace: Trace) -> Mask:
    """Where pixels are of the bars' colour."""
    off = np.linalg.norm(part - np.asarray(trace.color, dtype=np.float64), axis=2)
    return np.asarray(off < SAME_COLOR)


def _missed(picture: Picture, trace: Trace, steps: Steps, k: IndexArray) -> tuple[dict[int, float], set[int]]:
    """The ends (px) of bars at bins where none was found, by their bin, and the bins whose ink tells none."""
    found: dict[int, float] = {}
    unread: set[int] = set()
    for at in np.setdiff1d(np.arange(k.min(), k.max() + 1), k).tolist():
        place = float(steps.position(np.array([at]))[0])
        end = _end(picture, trace, place)
        if end is not None:
            found[at] = end
        elif _is_inked(picture, trace, place):
            unread.add(at)
    for at, way in ((int(k.min()) - 1, -1), (int(k.max()) + 1, 1)):
        while (end := _end(picture, trace, float(steps.position(np.array([at]))[0]))) is not None:
            found[at] = end
            at += way
    return found, unread


def _columns(picture: Picture, trace: Trace, at: float) -> FloatArray:
    """The inner columns of a bin with all their rows, outwards from the base (rows, columns, 3)."""
    base, outward = _foot(trace)
    half = max(1.0, trace.line_width_px / 2 - 2.0)
    columns = np.arange(round(at - half), round(at + half) + 1)
    columns = columns[(columns >= 0) & (columns < picture.width)]
    rows = np.arange(round(base), -1 if outward < 0 else picture.height, outward)
    return picture.rgb[np.ix_(rows, columns)].astype(np.float64)


def _end(picture: Picture, trace: Trace, at: float) -> float | None:
    """Where (px) the fill that stands on the base in a bin ends; None where its columns tell none."""
    part = _columns(picture, trace, at)
    if part.shape[0] <= STROKE_ROWS or not part.shape[1]:
        return None
    mine = _has_color(part, trace)
    rows = np.arange(mine.shape[0])[:, None]
    ends = np.where(mine, rows + 1, 0).max(axis=0)
    # What a line cuts goes on beyond it, and what stands apart is no part of the bar.
    held = np.where(mine, rows, -1)
    widest = np.diff(np.maximum.accumulate(held, axis=0), axis=0).max(axis=0)
    stood = mine[: STROKE_ROWS + 1].any(axis=0) & (widest <= CUT_ROWS)
    if stood.mean() < ENDS_ALIKE:
        return None
    usual = float(np.median(ends[stood]))
    alike = stood & (np.abs(ends - usual) <= SAME_END_PX)
    if alike.mean() < ENDS_ALIKE or usual < 1:
        return None
    base, outward = _foot(trace)
    return round(base) + outward * (usual - 0.5 + _beyond(part[:, alike], int(usual), trace))


def _beyond(part: FloatArray, end: int, trace: Trace) -> float:
    """How far (px) a bar reaches beyond its last row of fill: to its outline's middle, or what is covered."""
    color = np.asarray(trace.color, dtype=np.float64)
    profile = np.median(part[end : end + OUTLINE_ROWS + 2], axis=1)
    if len(profile) < OUTLINE_ROWS + 2:
        return 0.0
    ground, step = profile[-1], color - profile[-1]
    share = np.clip((profile - ground) @ step / max(float(step @ step), 1.0), 0.0, 1.0)
    stroke = np.linalg.norm(profile - ground - share[:, None] * step, axis=1)
    weight = np.where(stroke > SAME_COLOR, stroke, 0.0)
    if weight.any():
        return float((weight * (np.arange(len(weight)) + 0.5)).sum() / weight.sum())
    return float(share[0])


def _is_inked(picture: Picture, trace: Trace, at: float) -> bool:
    """Whether a bin shows the bars' colour between the base and the highest of them."""
    highest = round(float(np.abs(trace.y_px - _foot(trace)[0]).max()))
    return bool(_has_color(_columns(picture, trace, at)[: highest + 1], trace).any())


def _on_bins(
    trace: Trace, k: IndexArray, whole: Mask, found: dict[int, float], unread: set[int], steps: Steps
) -> Trace:
    first, last = min([k[whole].min(), *found]), max([k[whole].max(), *found])
    every = np.arange(first, last + 1)
    base = np.full(every.size, _foot(trace)[0])
    y, sigma = base.copy(), np.full(every.size, EDGE_SIGMA_PX)
    y[k[whole] - first], sigma[k[whole] - first] = trace.y_px[whole], trace.sigma_px[whole]
    for place, end in found.items():
        y[place - first] = end
    kept = ~np.isin(every, list(unread))
    return replace(
        trace, x_px=steps.position(every[kept]), y_px=y[kept], sigma_px=sigma[kept], base_px=base[kept]
    )


def set_back_bins(picture: Picture, trace: Trace) -> Trace:
    """The bars of a histogram whose strokes are snapped to whole pixels set back to where they belong.

    Renderers differ as they do for ticks (:data:`digitizer.stages.axes.line_fit.SHARP_BIAS`). Bars whose
    strokes lie to the right of the middles between them have been set back: ``bars/seams.py``.
    """
    if trace.kind != "bar" or trace.orientation != "vertical" or trace.base_px is None:
        return trace
    steps = find_steps(trace.x_px)
    if steps is None or not _do_touch(trace, steps):
        return trace
    strokes, between = _strokes(picture, trace, trace.base_px, steps.period)
    off = strokes - np.round(strokes)
    if off.size < FEWEST_STROKES or np.mean(np.abs(off) < ON_PIXEL) < MOST_ON_PIXEL:
        return trace
    bias = SHARP_BIAS["x"][0]
    return trace if np.mean(strokes - between) > bias / 2 else replace(trace, x_px=trace.x_px - bias)


def _strokes(
    picture: Picture, trace: Trace, base: FloatArray, period: float
) -> tuple[FloatArray, FloatArray]:
    """The middles (px) of what lies between neighbours that both are high enough, and those between these."""
    color, found, between = np.asarray(trace.color, dtype=np.float64), [], []
    height = np.abs(trace.y_px - base)
    for a, b in pairwise(np.argsort(trace.x_px).tolist()):
        lower = a if height[a] < height[b] else b
        rows = sorted(
            round(float(base[lower] + share * (trace.y_px[lower] - base[lower]))) for share in INNER
        )
        first, last = round(float(trace.x_px[a])), round(float(trace.x_px[b]))
        if rows[1] - rows[0] < LEAST_ROWS or not LEAST_ROWS <= last - first < 1.5 * period:
            continue
        part = picture.rgb[rows[0] : rows[1] + 1, first : last + 1].astype(np.float64)
        away = np.linalg.norm(np.median(part, axis=0) - color, axis=1)
        weight = np.where(away > SAME_COLOR / 4, away, 0.0)
        if weight.any():
            found.append(first + float((weight * np.arange(weight.size)).sum() / weight.sum()))
            between.append(float(trace.x_px[a] + trace.x_px[b]) / 2)
    return np.asarray(found, dtype=np.float64), np.asarray(between, dtype=np.float64)
