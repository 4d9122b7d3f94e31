"""A single letter on end beside a column of labels is the axis' title, though it melts with one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from digitizer.evidence import Picture
from digitizer.ocr.protocol import Reading
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.lines import Line
from digitizer.stages.text.lone_titles import stand_titles


class Either:
    """Reads everything as surely either way."""

    def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
        return [Reading(text="a", confidence=0.95) for _ in crops]


# A first letter is the title at the middle of three labels, and none where it stands near or on the baseline.
@pytest.mark.parametrize(
    ("n", "left", "foot", "stood"), [(3, 8, 39, 1), (3, 12, 39, 0), (3, 15, 38, 0), (2, 8, 39, 0)]
)
def test_a_letter_beside_the_middle_label_stands_on_end(n: int, left: int, foot: int, stood: int) -> None:
    rgb = np.full((80, 200, 3), 255, dtype=np.uint8)
    for k in range(n):
        rgb[10 + 20 * k : 18 + 20 * k, 20:27] = 0
        rgb[12 + 20 * k : 16 + 20 * k, 22:25] = 255
    rgb[foot - 6 : foot, left : left + 7] = 0
    rgb[foot - 4 : foot - 2, left + 2 : left + 5] = 255
    sheet = find_ink(Picture(name="column", sha256="", rgb=rgb), ())
    row = np.flatnonzero(np.abs((sheet.glyphs.top + sheet.glyphs.bottom) / 2 - 34) < 4)
    rest = [Line(members=np.array([k])) for k in range(len(sheet.glyphs)) if k not in row]
    row = row[np.argsort(sheet.glyphs.left[row])]
    lines = stand_titles([Line(members=row), *rest], sheet, Either())
    assert sum(not line.upright for line in lines) == stood
