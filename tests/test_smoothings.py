"""A line that is another one smoothed is known as well as that one says, and no other line is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.status.smoothings import with_known_smoothings
from tests.evidences import line

HEIGHT = 200.0
EPOCHS = np.linspace(60.0, 440.0, 100)
RNG = np.random.default_rng(3)
RAW = 60 + 120 * np.exp(-np.arange(100) / 20) + RNG.normal(0, 6, 100)


def averaged(y: FloatArray, width: float) -> FloatArray:
    """A weighted mean around each value, said by its sum, with what is beyond the ends turned back."""
    n = len(y)
    at = np.arange(-n, 2 * n)
    beyond = np.concatenate([y[::-1], y, y[::-1]])
    weights = np.exp(-((at - np.arange(n)[:, None]) ** 2) / (2 * width**2))
    return np.asarray(weights @ beyond / weights.sum(axis=1))


def dotted(y: FloatArray) -> Trace:
    """A line read by columns at every other epoch, unsure by 5 px."""
    x = EPOCHS[2:98:2]
    return line(x, y[2:98:2], sampled_at="columns", line_style="dotted", sigma_px=np.full(x.size, 5.0))


def known(smooth: Trace, raw: Trace | None = None, on_y2: tuple[bool, bool] = (False, False)) -> FloatArray:
    raw = line(EPOCHS, RAW, sampled_at="markers", marker="circle") if raw is None else raw
    return with_known_smoothings((raw, smooth), on_y2, HEIGHT)[1].sigma_px


@pytest.mark.parametrize("width", [2.0, 3.0, 7.0])
def test_a_smoothed_line_is_known_by_the_raw_one(width: float) -> None:
    assert np.all(known(dotted(averaged(RAW, width))) < 0.6)


def test_points_that_lie_beside_are_known_no_better_than_that() -> None:
    smooth = averaged(RAW, 3.0)
    smooth[20] += 4.0
    sigma = known(dotted(smooth))
    assert sigma[9] == pytest.approx(4.0, abs=0.3)
    assert np.median(sigma) < 0.5


@pytest.mark.parametrize(
    ("y", "on_y2"),
    [
        (averaged(RAW, 3.0) + 3.0, (False, False)),  # beside it
        (averaged(RAW[::-1], 3.0), (False, False)),  # of another line
        (averaged(RAW, 3.0), (False, True)),  # on another axis
    ],
)
def test_other_lines_stay_as_unsure_as_they_were_read(y: FloatArray, on_y2: tuple[bool, bool]) -> None:
    assert np.all(known(dotted(y), on_y2=on_y2) == 5.0)


def test_only_even_points_that_are_all_seen_tell() -> None:
    smooth = dotted(averaged(RAW, 3.0))
    whole = line(EPOCHS, RAW, sampled_at="markers", marker="circle")
    gap = replace(whole, y_px=np.where(np.arange(100) == 40, np.nan, RAW))
    uneven = replace(whole, x_px=60 + 380 * np.sort(RNG.random(100)))
    few = line(EPOCHS[::5], RAW[::5], sampled_at="markers", marker="circle")
    for raw in (gap, uneven, few, replace(whole, sampled_at="columns")):
        assert np.all(known(smooth, raw) == 5.0)
