"""Legends of clouds that show three markers at differing heights, as old Matplotlib draws them."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import ByteImage
from digitizer.stages.samples.swatch import describe_swatch

WHITE = np.full(3, 255.0)
BLUE = (0, 0, 255)


def discs(heights: tuple[float, ...], radius: float = 4.0, rim: float = 1.0) -> ByteImage:
    """Blue discs with black rims side by side, their middles so far (px) below the first one's."""
    rgb = np.full((18, 12 + 14 * (len(heights) - 1), 3), 255, dtype=np.uint8)
    rows, columns = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    for k, down in enumerate(heights):
        off = np.hypot(rows - (8 + down), columns - (5 + 14 * k))
        rgb[off <= radius] = 0
        rgb[off <= radius - rim] = BLUE
    return rgb


def test_three_markers_at_differing_heights_are_a_cloud_in_the_colour_of_their_insides() -> None:
    found = describe_swatch(discs((0, -1, 1)).astype(np.int16), WHITE)
    assert found is not None
    assert (found.line_style, found.marker, found.color) == ("none", "circle", BLUE)


@pytest.mark.parametrize("n", [3, 4])
def test_dots_at_one_height_are_a_dotted_line(n: int) -> None:
    found = describe_swatch(discs((0,) * n, radius=2.0, rim=0.0).astype(np.int16), WHITE)
    assert found is not None
    assert found.line_style != "none"
