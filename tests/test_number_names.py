"""Numbers that no scale puts where they stand are names of categories."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1M", "5M", "10M"], "category"),
        (["1", "50", "60", "61", "500"], "category"),
        (["1", "4", "16", "64"], "log"),
        (["0", "10", "70", "30"], "linear"),
    ],
)
def test_rising_numbers_at_even_places_that_no_scale_puts_there_are_names(
    texts: list[str], kind: str
) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5 + 60 * k for k in range(len(texts))]))
    assert scale is not None
    assert scale.kind == kind


@pytest.mark.parametrize(
    ("texts", "angle_deg", "kind"),
    [
        (["3", "4", "5", "6", "8"], 90.0, "category"),
        (["3", "4", "5", "6", "8"], 0.0, "linear"),
        (["10", "20", "30", "40", "50"], 90.0, "linear"),
    ],
)
def test_numbers_on_end_of_which_one_misses_the_scale_are_names(
    texts: list[str], angle_deg: float, kind: str
) -> None:
    axis = axis_of(texts, [50.5 + 60 * k for k in range(len(texts))])
    axis = replace(axis, labels=tuple(replace(span, angle_deg=angle_deg) for span in axis.labels))
    scale = calibrate_axis(axis)
    assert scale is not None
    assert scale.kind == kind
