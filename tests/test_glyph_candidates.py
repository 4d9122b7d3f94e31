"""What of a picture's ink may be glyphs."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Picture
from digitizer.stages._candidates import may_be_glyph
from digitizer.stages._ink import find_ink


def test_an_axis_line_with_its_ticks_is_no_glyph() -> None:
    rgb = np.full((360, 200, 3), 210, np.uint8)
    cv2.putText(rgb, "1.5 2.0", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    # A line beside its panel, whose ticks make it four pixels wide.
    rgb[60:300, 120] = 80
    rgb[60:300:40, 117:121] = 80
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    assert may_be_glyph(glyphs).tolist() == (glyphs.height < 100).tolist()
    assert (glyphs.height > 200).sum() == 1
