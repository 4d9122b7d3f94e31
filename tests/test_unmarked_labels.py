"""Labels whose own mark was not found stand as far from it as the others do from theirs."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Box, Side, TextSpan
from digitizer.stages.axes.standing import MARK_SIGMA_PX, off_first, stand_at

MARKS = np.array([93.0, 164.0, 235.0, 306.0, 377.0])


def label(middle: float) -> TextSpan:
    box = Box(left=40.0, top=middle - 5.0, right=70.0, bottom=middle + 5.0)
    return TextSpan(box=box, text="0.25", confidence=0.99, angle_deg=0.0)


def test_the_label_at_a_corner_is_put_as_far_from_its_middle_as_the_others() -> None:
    px, sigma = stand_at([label(y - 2.5) for y in (22.0, *MARKS)], MARKS, "left")
    assert px.tolist() == [22.0, *MARKS]
    assert sigma[0] > sigma[1] == MARK_SIGMA_PX


def test_labels_that_stand_here_and_there_tell_nothing_of_it() -> None:
    off = [-2.5, 2.0, -1.0, 2.4, 0.0]
    px, _ = stand_at([label(19.5), *(label(y + d) for y, d in zip(MARKS, off, strict=True))], MARKS, "left")
    assert px[0] == 19.5


def axis(side: Side, middles: np.ndarray, px: np.ndarray, sigma: float = MARK_SIGMA_PX) -> AxisEvidence:
    labels = tuple(label(y) for y in middles)
    return AxisEvidence(
        side=side, marks=MARKS, labels=labels, label_px=px, label_sigma_px=np.full(len(px), sigma)
    )


@pytest.mark.parametrize("drift", [0.0, 1.5])
def test_the_grid_that_the_first_axis_labels_are_centred_on_is_not_the_seconds(drift: float) -> None:
    beside = MARKS + 7.0 + drift * np.arange(5)
    first, second = axis("left", MARKS + 0.5, MARKS), axis("right", beside, MARKS)
    own = off_first(first, second)
    assert own is not None
    assert own.label_px.tolist() == beside.tolist()
    assert own.label_sigma_px.min() > MARK_SIGMA_PX


def test_marks_that_both_axes_stand_alike_to_are_of_both() -> None:
    second = axis("right", MARKS + 7.0, MARKS)
    assert off_first(axis("left", MARKS + 6.0, MARKS), second) is second
    # Nothing tells where the first axis has no marks, or is none.
    assert off_first(axis("left", MARKS, MARKS, 0.9), second) is second
    assert off_first(None, second) is second
