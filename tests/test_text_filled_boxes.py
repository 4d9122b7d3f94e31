"""Letters in a strip of a grey that is hardly ink are read whole."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.evidence import Picture
from digitizer.stages.text.ink import find_ink


@pytest.mark.parametrize("grey", [190, 208, 217])
def test_letters_keep_their_height_in_a_strip(grey: int) -> None:
    image = Image.new("RGB", (260, 40), "white")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((30, 10, 230, 30), fill=(grey,) * 3)
    font = ImageFont.load_default(12)
    drawing.text((115, 13), "Oceania", fill="#1a1a1a", font=font)
    rgb = np.asarray(image, dtype=np.uint8)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    drawn = np.flatnonzero((rgb[..., 0] < 100).any(axis=1))
    found = np.flatnonzero((sheet.contrast > 90).any(axis=1))
    assert abs(found[0] - drawn[0]) <= 1
    assert abs(found[-1] - drawn[-1]) <= 1
