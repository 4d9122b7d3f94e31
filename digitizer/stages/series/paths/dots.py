"""Dotted lines: one point a dot, wherever on the line it lies."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.dashes import (
    EVEN,
    FEWEST,
    MANY,
    MIDDLE_SIGMA,
    SHORT,
    DashPattern,
    measure_strokes,
    middle_sigma,
)
from digitizer.stages.series.paths.runs import ON

# Dots hold this share of their usual ink: less is a cut one, more are two that touch.
LEAST_INK = 0.7
MOST_INK = 1.4
# Where no whole dot is within this share of a period, what the path holds stands in; its middle is off by so
# much of a dot's width.
STANDS_IN = 0.75
OFF = 0.25
# Fewer dots than this share of the path's strokes: the ink does not part into dots.
LEAST_SHARE = 0.8
# Dots are no longer than so many roots of their ink (squares 1, soft ones 1.3; dashes of two widths 1.4).
ROUND = 1.35
# More pieces than this are no dots of a line, and their distances fill the memory.
MOST_DOTS = 1500
# Two dots of a steep line share a column: the path holds one, the other lies a period and a bit away.
AWAY = 1.3


def find_dots(alpha: FloatImage) -> DashPattern | None:
    """The pattern of ink that parts into dots at even distances; None where it does not.

    Columns do not tell it where a line begins so steeply that many of them hold several dots.
    """
    x, y, ink, length = _whole_dots(alpha)
    if not MANY <= x.size <= MOST_DOTS:
        return None
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(away, np.inf)
    nearest = away.min(axis=1)
    period, width = float(np.median(nearest)), float(np.sqrt(np.median(ink)))
    if period <= width or float(np.median(np.abs(nearest - period))) > EVEN * period:
        return None
    if float(np.median(length)) > ROUND * width:
        return None
    return DashPattern(style="dotted", period=period, gap=period - width, width=width)


def by_dots(alpha: FloatImage, path: Path, pattern: DashPattern) -> Path | None:
    """A dotted line by the centroids of its dots, and its outer ends half a dot further out.

    Parameters
    ----------
    alpha
        Coverage by the stroke (height, width).
    path
        The line by columns, in the same crop.
    pattern
        Its pattern, with the width of its dots.

    Returns
    -------
    Path or None
        One point a dot by rising x; None where there are too few whole ones.

    Notes
    -----
    Columns of steep stretches hold more than one dot, and a path by columns one of them; as pieces of ink all
    are there.
    """
    x, y, *_ = _whole_dots(alpha)
    column = np.clip(np.searchsorted(path.x, x), 0, path.x.size - 1)
    reach = AWAY * pattern.period
    near = (x >= path.x[0] - reach) & (x <= path.x[-1] + reach)
    near &= (y >= path.top[column] - reach) & (y <= path.bottom[column] + reach)
    x, y = x[near], y[near]
    strokes = measure_strokes(path)
    if x.size < max(FEWEST, LEAST_SHARE * strokes.x.size):
        return None
    away = np.hypot(strokes.x[:, None] - x, strokes.y[:, None] - y).min(axis=1)
    cut = (away > STANDS_IN * pattern.period) & (strokes.length < SHORT * pattern.width)
    off = np.r_[np.full(x.size, MIDDLE_SIGMA), np.full(np.count_nonzero(cut), OFF * pattern.width)]
    x, y = np.r_[x, strokes.x[cut]], np.r_[y, strokes.y[cut]]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    sigma = middle_sigma(x, y, off[order])
    step = np.array([[x[0] - x[1], y[0] - y[1]], [x[-1] - x[-2], y[-1] - y[-2]]])
    out = step / np.linalg.norm(step, axis=1, keepdims=True) * pattern.width / 2
    x, y = (np.r_[v[0] + out[0, k], v, v[-1] + out[1, k]] for k, v in enumerate((x, y)))
    half = pattern.width / 2
    return Path(
        x=x, y=y, sigma=np.r_[sigma[0], sigma, sigma[-1]], top=y - half, bottom=y + half, width=pattern.width
    )


def _whole_dots(alpha: FloatImage) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Centroids of the pieces of ink that hold as much as most do, by rising x, their ink and lengths."""
    n, labels = cv2.connectedComponents((alpha > ON).astype(np.uint8), connectivity=4)
    # The pale rim of a dot is its ink, too.
    rim = cv2.dilate(labels.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.intp)
    rows, columns = np.nonzero(rim)
    piece, weight = rim[rows, columns], alpha[rows, columns].astype(np.float64)
    ink = np.bincount(piece, weight, n)
    x, y = (np.bincount(piece, weight * v, n) / np.maximum(ink, 1e-9) for v in (columns, rows))
    off_x, off_y = columns - x[piece], rows - y[piece]
    xx, yy, xy = (np.bincount(piece, weight * v, n) for v in (off_x**2, off_y**2, off_x * off_y))
    longest = (xx + yy + np.hypot(xx - yy, 2 * xy)) / 2 / np.maximum(ink, 1e-9)
    ink, x, y, length = ink[1:], x[1:], y[1:], np.sqrt(12.0 * longest[1:])
    # By ink, not by count: specks are many and hold none.
    order = np.argsort(ink)
    usual = (
        float(np.interp(0.5, np.cumsum(ink[order]) / max(float(ink.sum()), 1e-9), ink[order]))
        if n > 1
        else 0.0
    )
    whole = np.flatnonzero((ink >= LEAST_INK * usual) & (ink <= MOST_INK * usual))
    whole = whole[np.argsort(x[whole], kind="stable")]
    return x[whole], y[whole], np.asarray(ink[whole], dtype=np.float64), length[whole]
