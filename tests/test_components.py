"""Pieces of ink are labelled and measured as OpenCV does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.stages.pixels.components import in_pieces, label_pieces


@pytest.mark.parametrize("connectivity", [4, 8])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (41, 67)])
def test_pieces_are_those_of_opencv(shape: tuple[int, int], share: float, connectivity: int) -> None:
    mask = np.random.default_rng(4).random(shape) < share
    n, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=connectivity)
    found, boxes = label_pieces(mask, connectivity)
    assert found.tolist() == labels.tolist()
    assert boxes.shape == (n, 5)
    assert boxes[1:].tolist() == stats[1:].tolist()
    assert boxes[0].tolist() == [0, 0, shape[1], shape[0], int((~mask).sum())]


def test_what_ends_at_the_right_side_does_not_go_on_in_the_next_row() -> None:
    mask = np.zeros((4, 6), dtype=bool)
    mask[1, 4:] = mask[2, :2] = True
    assert label_pieces(mask)[1][1:].tolist() == [[4, 1, 2, 1, 2], [0, 2, 2, 1, 2]]


def test_pixels_of_some_pieces_are_told_by_their_numbers() -> None:
    labels = np.random.default_rng(2).integers(0, 40, (9, 13), dtype=np.int32)
    for pieces in ([3, 17, 39], [0], [], [77]):
        found = in_pieces(labels, np.array(pieces, dtype=np.intp))
        np.testing.assert_array_equal(found, np.isin(labels, pieces))
