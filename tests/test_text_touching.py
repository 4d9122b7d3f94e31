"""Small letters that touch are no box of a legend."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Picture
from digitizer.stages.text.ink import Sheet, find_ink
from digitizer.stages.text.ink_samples import is_patch

# "Brazil" in 10 px, as a browser draws it: four letters are one piece, closed above and below.
BRAZIL = (
    "5835441b76ffffffffffffffffffffffffffffffac76eb3a"
    "58bfffff3acaffffffffffffffffffffffffffffffffeb3a"
    "58bffff741edeb4044afbc2a516dfb9544441d93ac76eb3a"
    "580000007fffef0cdfff9ee1ff55c7ffffe234f4ac76eb3a"
    "58bffffa64a9ef2cffffae4a7937b8fffd41ceffac76eb3a"
    "58bfffffb168ef31fffd26f1ff5eb8ff8187ffffac76eb3a"
    "58bfffff6689ef31fff526fff623b8c845feffffac76eb3a"
    "5835441d44ecef31ffff7b43428b2f4432444486ac76eb3a"
)


def ink_of(grey: np.ndarray) -> Sheet:
    rgb = np.repeat(np.pad(grey, 12, constant_values=255)[..., None], 3, axis=2)
    return find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())


def widest(sheet: Sheet) -> int:
    return int(np.argmax(sheet.glyphs.width))


def test_letters_that_touch_are_no_box() -> None:
    sheet = ink_of(np.frombuffer(bytes.fromhex(BRAZIL), np.uint8).reshape(8, -1))
    assert sheet.glyphs.width.max() == 15
    assert not is_patch(sheet, widest(sheet), 3.0)


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("height", [5, 8])
def test_an_outline_is_a_box(height: int, broken: bool) -> None:
    box = np.full((height, 24), 255, dtype=np.uint8)
    box[[0, -1]] = box[:, [0, -1]] = 60
    if broken:
        box[-1, 5:7] = 255
    sheet = ink_of(box)
    assert is_patch(sheet, widest(sheet), 3.0)
