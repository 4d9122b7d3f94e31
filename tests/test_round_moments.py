"""Labels of days that stand for multiples of round numbers of milliseconds are put at these."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def days_of(step_ms: float, first: int, n: int) -> tuple[list[str], np.ndarray]:
    """What ticks at multiples of a step print, and where they are (days)."""
    moments = (first + np.arange(n)) * step_ms / 86_400_000.0
    return [(EPOCH + timedelta(days=float(m))).strftime("%Y-%m-%d") for m in moments], moments


@pytest.mark.parametrize(("step_ms", "first", "n"), [(2e9, 791, 7), (1e9, 1461, 3), (5e9, 300, 6)])
def test_labels_are_put_at_their_moments(step_ms: float, first: int, n: int) -> None:
    texts, moments = days_of(step_ms, first, n)
    px = 50.5 + 7.3 * (moments - moments[0])
    scale = calibrate_axis(axis_of(texts, px.tolist()))
    assert scale is not None
    assert (scale.kind, scale.problems) == ("date", ())
    assert scale.to_pixel(moments) == pytest.approx(px, abs=0.5)


def test_the_days_that_an_axis_begins_and_ends_at_are_no_multiples() -> None:
    texts, moments = days_of(1e9, 1461, 3)
    ends = np.floor([moments[0] - 6, moments[-1] + 10])
    told = [(EPOCH + timedelta(days=float(day))).strftime("%Y-%m-%d") for day in ends]
    px = [50.5 + 12.4 * (m - ends[0]) for m in (ends[0], *moments, ends[1])]
    scale = calibrate_axis(axis_of([told[0], *texts, told[1]], px))
    assert scale is not None
    assert scale.problems == ()
    assert scale.to_pixel(moments) == pytest.approx(px[1:-1], abs=0.5)


def test_a_misread_day_of_a_weekly_row_is_left_out() -> None:
    texts = ["2019-06-17", "2019-06-24", "2019-07-01", "2019-07-09", "2019-07-15"]
    scale = calibrate_axis(axis_of(texts, [90.5 + 84 * k for k in range(5)]))
    assert scale is not None
    assert list(scale.used) == [True, True, True, False, True]
