"""A legend whose border goes on along the side of its panel, a few pixels beside it, is no part of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Picture
from digitizer.stages.panels.find import find_panels
from digitizer.stages.strokes.blanks import part_at_blanks
from digitizer.stages.strokes.strokes import Stroke

PAGE = 191


def draw(gap: int, *, bordered: bool) -> np.ndarray:
    """A panel with labels on a grey page, and the box of a legend right of it, both with one top."""
    rgb = np.full((300, 520, 3), PAGE, np.uint8)
    for left, top, right, bottom in ((80, 30, 360, 240), (360 + gap, 30, 470, 80)):
        cv2.rectangle(rgb, (left, top), (right, bottom), (255, 255, 255), -1)
        if bordered:
            cv2.rectangle(rgb, (left, top), (right, bottom), (0, 0, 0), 1)
    for k in range(5):
        cv2.putText(rgb, str(k), (60, 235 - 48 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1)
        cv2.putText(rgb, str(k), (78 + 68 * k, 258), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1)
    return rgb


@pytest.mark.parametrize("bordered", [True, False])
def test_a_panel_ends_where_the_page_shows_beside_it(bordered: bool) -> None:
    (frame,) = find_panels(Picture(name="drawn", sha256="", rgb=draw(5, bordered=bordered)))
    assert frame.box.right == pytest.approx(360, abs=1.0)


def stroke(at: float, start: float, end: float) -> Stroke:
    return Stroke(at=at, start=start, end=end, sign=0, width=1.0)


@pytest.mark.parametrize(("ends", "n"), [((30.0, 240.0), 2), ((10.0, 240.0), 1)])
def test_only_corners_part_a_line(ends: tuple[float, float], n: int) -> None:
    grey = draw(5, bordered=True)[..., 0].astype(np.int16)
    assert len(part_at_blanks(grey, [stroke(30.0, 80.0, 470.0)], [stroke(360.0, *ends)])) == n


def test_lines_of_a_grid_that_are_as_white_as_the_page_part_nothing() -> None:
    grey = np.full((300, 520), 255, np.int16)
    grey[30:240, 80:441] = 234
    grey[30:240, [200, 201, 202, 320, 321, 322]] = 255
    edge = Stroke(at=29.5, start=80.0, end=440.0, sign=-1)
    grid = [Stroke(at=at, start=30.0, end=239.0, sign=0, width=3.0) for at in (201.0, 321.0)]
    assert part_at_blanks(grey, [edge], grid) == [edge]
