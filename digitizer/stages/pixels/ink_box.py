"""The box around ink: what is looked for in it alone is found several times as soon as in a whole panel."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Mask


def ink_box(on: Mask, margin: int) -> tuple[slice, slice]:
    """The rows and columns that some pixels lie in, with so many more around them as there are.

    Where there are none it is the first ones.
    """
    left, top, width, height = cv2.boundingRect(on.view(np.uint8))
    rows, columns = on.shape
    return (
        slice(max(0, top - margin), min(rows, top + height + margin)),
        slice(max(0, left - margin), min(columns, left + width + margin)),
    )
