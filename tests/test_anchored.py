"""Ticks on whole pixels at the ends of axes whose sides are not: the sides tell where these are."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Box, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.anchored import anchor_at_sides, end_at_ends
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.marks import find_marks
from digitizer.stages.axes.standing import ANCHORED_SIGMA_PX, MARK_SIGMA_PX

UNSNAPPED = Box(left=129.41, top=75.0, right=458.83, bottom=302.67)


def frame_at(box: Box) -> PanelFrame:
    return PanelFrame(
        box=box,
        grid_x=np.empty(0),
        grid_y=np.empty(0),
        background=(255, 255, 255),
        sides=frozenset({"left", "right", "top", "bottom"}),
        line_width=1.33,
    )


def test_labels_at_both_ends_stand_at_sides_that_are_not_on_pixels() -> None:
    # Five ticks from side to side, cut down to whole pixels.
    true = np.linspace(UNSNAPPED.left, UNSNAPPED.right, 5)
    ticks = np.floor(true + 0.5)
    px, sigma = anchor_at_sides(frame_at(UNSNAPPED), "bottom", ticks, np.full(5, MARK_SIGMA_PX))
    assert px[[0, -1]] == pytest.approx([UNSNAPPED.left, UNSNAPPED.right])
    assert sigma == pytest.approx([ANCHORED_SIGMA_PX, *[MARK_SIGMA_PX] * 3, ANCHORED_SIGMA_PX])
    labels = tuple(
        TextSpan(box=Box(left=x - 8, right=x + 8, top=310, bottom=319), text=str(500 * k), confidence=0.99)
        for k, x in enumerate(ticks)
    )
    scale = calibrate_axis(
        AxisEvidence(side="bottom", marks=px, labels=labels, label_px=px, label_sigma_px=sigma, sharp=True)
    )
    assert scale is not None
    assert scale.to_pixel(np.array([0.0, 1000.0, 2000.0])) == pytest.approx(true[[0, 2, 4]], abs=0.1)


@pytest.mark.parametrize(
    ("box", "ticks"),
    [
        # Sides on the same pixels as ticks say nothing,
        (Box(left=129.0, top=75.0, right=459.0, bottom=303.0), [129.0, 212.0, 294.0, 376.0, 459.0]),
        # nor do those whose middles what is drawn inside draws apart,
        (Box(left=128.8, top=74.8, right=459.2, bottom=303.2), [128.8, 212.0, 294.0, 376.0, 459.2]),
        # nor does an axis line on the pixels beside a frame's (facets), where other sides are on pixels,
        (Box(left=129.22, top=75.0, right=459.0, bottom=302.78), [129.0, 212.0, 294.0, 376.0, 459.0]),
        # nor do those of a picture whose ticks were blurred with all else,
        (UNSNAPPED, [129.41, 211.77, 294.12, 376.47, 458.83]),
        # nor sides that the axis' ticks do not reach.
        (UNSNAPPED, [140.0, 218.0, 296.0, 374.0, 452.0]),
    ],
)
def test_other_labels_stay_where_their_ticks_are(box: Box, ticks: list[float]) -> None:
    px, sigma = anchor_at_sides(frame_at(box), "bottom", np.array(ticks), np.full(5, MARK_SIGMA_PX))
    assert px == pytest.approx(ticks)
    assert sigma == pytest.approx(MARK_SIGMA_PX)


def test_ticks_that_show_two_rows_inside_a_panel_are_seen() -> None:
    rgb = np.full((330, 500, 3), 255, np.uint8)
    # A side of one and a third pixels between two rows, and ticks of two rows above it.
    rgb[302, 129:460], rgb[303, 129:460] = 103, 154
    ticks = [212, 294, 376]
    rgb[300:302, ticks] = 38
    marks = find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame_at(UNSNAPPED), "bottom")
    assert np.abs(np.array(ticks)[:, None] - marks[None]).min(axis=1).max() < 0.1


@pytest.mark.parametrize(
    ("off", "sigma", "moved"),
    [((-1.5, -1.5), 0.9, 1.5), ((-1.5, 1.5), 0.9, 0.0), ((-5.0, -5.0), 0.9, 0.0), ((-1.5, -1.5), 0.2, 0.0)],
)
def test_labels_beside_no_marks_are_moved_where_both_ends_say_so(
    off: tuple[float, float], sigma: float, moved: float
) -> None:
    box = Box(left=90, top=60, right=400, bottom=380)
    px = np.linspace(box.top + off[0], box.bottom + off[1], 5)
    assert end_at_ends(frame_at(box), "left", px, np.full(5, sigma)) == pytest.approx(px + moved)
    assert np.array_equal(end_at_ends(frame_at(box), "top", px, np.full(5, sigma)), px)
