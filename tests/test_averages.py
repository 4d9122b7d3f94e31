"""The pale line under a bold average is what the axis is called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Trace
from digitizer.stages.series.averages import find_raw, without_raw

WHITE = (255, 255, 255)
PALE_BLUE, ORANGE, BLUE = (165, 201, 225), (255, 127, 14), (31, 119, 180)


def line(color: tuple[int, int, int], sigma: float, last: float = 200.0) -> Trace:
    x = np.linspace(0.0, last, 60)
    return Trace(kind="line", color=color, x_px=x, y_px=x, sigma_px=np.full(60, sigma), sampled_at="columns")


def test_the_pale_rough_line_of_two_is_the_raw_one() -> None:
    assert find_raw((line(ORANGE, 0.1), line(PALE_BLUE, 3.0)), WHITE) == 1
    assert find_raw((line(PALE_BLUE, 3.0), line(ORANGE, 0.1)), WHITE) == 0


def test_lines_of_like_strength_or_of_other_spans_are_no_pair() -> None:
    assert find_raw((line(ORANGE, 0.1), line(BLUE, 3.0)), WHITE) is None
    assert find_raw((line(ORANGE, 0.1), line(PALE_BLUE, 3.0, last=90.0)), WHITE) is None
    assert find_raw((line(ORANGE, 0.1),), WHITE) is None


def noisy(color: tuple[int, int, int], lift: float = 0.0) -> Trace:
    pale = line(color, 3.0)
    return replace(pale, y_px=pale.y_px + lift + 8.0 * (-1.0) ** np.arange(60))


def test_an_unlisted_pale_line_around_its_listed_average_is_left_out() -> None:
    bold, raw = line(BLUE, 0.1), noisy(PALE_BLUE)
    assert without_raw((raw, bold), (None, "reward"), WHITE) == ([bold], ["reward"])
    assert without_raw((raw, bold), ("raw", "reward"), WHITE) == ([raw, bold], ["raw", "reward"])


def test_an_average_of_the_values_before_it_lags_behind_them() -> None:
    bold, raw = line(BLUE, 0.1), noisy(PALE_BLUE, lift=30.0)
    assert without_raw((raw, bold), (None, "reward"), WHITE) == ([bold], ["reward"])
    far = noisy(PALE_BLUE, lift=90.0)
    assert without_raw((far, bold), (None, "reward"), WHITE) == ([far, bold], [None, "reward"])


def test_pale_lines_that_average_to_no_other_are_kept() -> None:
    bold, names = line(BLUE, 0.1), ("reward", None)
    for other in (noisy(PALE_BLUE, lift=-30.0), noisy((255, 191, 134)), noisy(BLUE), line(PALE_BLUE, 3.0)):
        assert without_raw((bold, other), names, WHITE) == ([bold, other], ["reward", None])
    pieces = noisy(PALE_BLUE), noisy(PALE_BLUE)
    assert without_raw((bold, *pieces), ("reward", None, None), WHITE)[0] == [bold, *pieces]
