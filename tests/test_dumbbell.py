"""Legend samples with a marker at both ends of their line."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.stages.samples.swatch import describe_swatch

RED = (200, 20, 20)
WHITE = np.array([255.0, 255.0, 255.0])


def sample(shape: str, *, thickness: int = -1, length: int = 24) -> np.ndarray:
    rgb = np.full((15, length + 15, 3), 255, np.uint8)
    rgb[7, 7 : 7 + length] = RED
    for x in (7, 7 + length):
        if shape == "circle":
            cv2.circle(rgb, (x, 7), 4, RED, thickness)
        elif shape == "square":
            # Snapped to whole pixels one may be wider than the other.
            cv2.rectangle(rgb, (x - 4, 3), (x + 4 - (x > 7), 11), RED, thickness)
    return rgb.astype(np.int16)


@pytest.mark.parametrize("thickness", [-1, 1])
@pytest.mark.parametrize("shape", ["circle", "square"])
def test_a_marker_at_both_ends_of_a_line_is_its_marker(shape: str, thickness: int) -> None:
    found = describe_swatch(sample(shape, thickness=thickness), WHITE)
    assert found is not None
    assert (found.color, found.line_style, found.marker) == (RED, "solid", shape)


def test_a_dashed_line_and_a_hollow_patch_have_no_markers_at_their_ends() -> None:
    dashes = np.full((15, 40, 3), 255, np.int16)
    for x in range(2, 38, 12):
        dashes[6:9, x : x + 8] = RED
    found = describe_swatch(dashes, WHITE)
    assert found is not None
    assert (found.line_style, found.marker) == ("dashed", "none")
    patch = np.full((15, 60, 3), 255, np.uint8)
    cv2.rectangle(patch, (2, 3), (57, 11), RED, 1)
    hollow = describe_swatch(patch.astype(np.int16), WHITE)
    assert hollow is None or hollow.marker != "circle"


@pytest.mark.parametrize(("caps", "style"), [((3, 20), "solid"), ((3,), "none"), ((3, 12, 20), "none")])
def test_an_error_bar_alone_is_the_sample_of_a_line(caps: tuple[int, ...], style: str) -> None:
    rgb = np.full((24, 15, 3), 255, np.int16)
    rgb[3:22, 7:9] = RED
    for row in caps:
        rgb[row : row + 2, 3:13] = RED
    found = describe_swatch(rgb, WHITE)
    assert found is not None
    assert found.line_style == style


def test_a_ring_is_no_error_bar() -> None:
    rgb = np.full((14, 14, 3), 255, np.uint8)
    cv2.circle(rgb, (7, 7), 4, RED, 1)
    found = describe_swatch(rgb.astype(np.int16), WHITE)
    assert found is not None
    assert found.line_style == "none"
