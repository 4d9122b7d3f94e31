"""Labels whose own mark was not found stand as far from it as the others do from theirs."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.standing import MARK_SIGMA_PX, stand_at

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
