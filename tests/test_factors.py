"""What an axis' labels are to be multiplied with: read twice, and printed at the end of one axis alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.numbers import Offset, parse_offset
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.factors import distance_to_end, part_factor
from digitizer.stages.axes.find import find_axes

LEVELS, PLACES = (60.0, 110.0, 160.0, 210.0), (80.0, 140.0, 200.0)


def frame(left: float, top: float) -> PanelFrame:
    return PanelFrame(
        box=Box(left=left, top=top, right=left + 200, bottom=top + 200),
        sides=frozenset(("left", "bottom")),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
    )


def span(text: str, x: float, y: float, width: float = 20.0, confidence: float = 0.99) -> TextSpan:
    box = Box(left=x - width / 2, right=x + width / 2, top=y - 4, bottom=y + 4)
    return TextSpan(box=box, text=text, confidence=confidence)


def labels(left: float, top: float) -> list[TextSpan]:
    """Labels 1 to 4 left of a panel and 0 to 20 below it."""
    up = [span(str(4 - k), left - 20, top - 20 + y) for k, y in enumerate(LEVELS)]
    return up + [span(str(10 * k), left - 40 + x, top + 212) for k, x in enumerate(PLACES)]


def blank() -> Picture:
    return Picture(name="blank", sha256="", rgb=np.full((600, 600, 3), 255, dtype=np.uint8))


def test_a_factor_between_two_panels_belongs_to_the_nearer_axis() -> None:
    # Right of the first panel's x axis, and above the y axis of the panel below it on the right.
    factor = span("×10^-5", 320, 262, 40)
    spans = [*labels(60, 20), *labels(310, 280), factor]
    upper, lower = find_axes(blank(), [frame(60, 20), frame(310, 280)], spans)
    assert upper.x is not None
    assert upper.x.multiplier is None
    assert lower.y is not None
    assert lower.y.multiplier is factor


def test_the_second_reading_of_a_factor_counts_and_is_doubted() -> None:
    read = replace(span("le92c", 255, 226, confidence=0.7), alternative="1e9")
    axes = find_axes(blank(), [frame(60, 20)], [*labels(60, 20), read])[0]
    scale = calibrate_axis(axes.x)
    assert scale is not None
    assert scale.values == pytest.approx([0, 1e10, 2e10])
    assert "factor-unsure" in scale.problems


def test_what_begins_like_a_factor_and_is_none_leaves_the_axis_in_doubt() -> None:
    axes = find_axes(blank(), [frame(60, 20)], [*labels(60, 20), span("le92c", 255, 226)])[0]
    scale = calibrate_axis(axes.x)
    assert scale is not None
    assert scale.values == pytest.approx([0, 10, 20])
    assert "factor-unsure" in scale.problems


@pytest.mark.parametrize(("text", "factor", "unsure"), [("·10^4", 1e4, False), ("-10^4", 1.0, True)])
def test_a_dot_before_a_power_of_ten_is_a_times_sign(text: str, factor: float, unsure: bool) -> None:
    axes = find_axes(blank(), [frame(60, 20)], [*labels(60, 20), span(text, 250, 250)])[0]
    scale = calibrate_axis(axes.x)
    assert scale is not None
    assert scale.multiplier == factor
    assert ("factor-unsure" in scale.problems) == unsure


def test_factors_stand_above_upright_axes_and_at_the_right_end_of_level_ones() -> None:
    box = Box(left=60, top=20, right=260, bottom=220)
    assert distance_to_end(Box(left=50, top=5, right=80, bottom=15), box, "left") == 5
    assert distance_to_end(Box(left=263, top=224, right=290, bottom=234), box, "bottom") == 5


def test_a_title_that_was_read_with_the_factor_beside_it_is_parted() -> None:
    def line(gap: float) -> TextSpan:
        words = (
            ("×10^-5", Box(left=60, top=4, right=100, bottom=16)),
            ("Cell", Box(left=100 + gap, top=4, right=130 + gap, bottom=16)),
            ("count", Box(left=135 + gap, top=4, right=175 + gap, bottom=16)),
        )
        whole = words[0][1].union(words[2][1])
        return TextSpan(box=whole, text="×10^-5 Cell count", confidence=0.99, words=words)

    factor, title = part_factor(line(14))
    assert (factor.text, title.text) == ("×10^-5", "Cell count")
    assert (factor.box.right, title.box.left) == (100, 114)
    assert part_factor(line(4)) == [line(4)]


@pytest.mark.parametrize("read", ["1e-5", "le-5", "Ie-5"])
def test_a_title_in_larger_print_is_parted_from_the_factor_as_well(read: str) -> None:
    factor = (read, Box(left=778, top=332, right=814, bottom=342))
    title = ("Concentration", Box(left=824, top=325, right=941, bottom=338))
    span = TextSpan(
        box=factor[1].union(title[1]), text=f"{read} Concentration", confidence=0.99, words=(factor, title)
    )
    assert [part.text for part in part_factor(span)] == [read, "Concentration"]
    assert parse_offset(read) == Offset(factor=1e-5)


@pytest.mark.parametrize("text", ["(x10 )", "×10"])
def test_a_factor_whose_exponent_was_not_read_is_no_factor_of_ten(text: str) -> None:
    assert parse_offset(text) is None
    assert parse_offset("(×10^-3)") == Offset(factor=1e-3)
    axes = find_axes(blank(), [frame(60, 20)], [*labels(60, 20), span(text, 255, 226)])[0]
    scale = calibrate_axis(axes.x)
    assert scale is not None
    assert "factor-unsure" in scale.problems


@pytest.mark.parametrize(("rise", "multiplier"), [(5.0, 1e4), (-6.0, 1.0)])
def test_an_exponent_that_was_read_by_itself_belongs_to_its_factor(rise: float, multiplier: float) -> None:
    factor = span("(x10 )", 60, 72, 40)
    exponent = TextSpan(
        box=Box(left=72, right=77, top=72 - rise - 3, bottom=72 - rise + 2), text="4", confidence=1.0
    )
    axes = find_axes(blank(), [frame(60, 100)], [*labels(60, 100), factor, exponent])[0]
    scale = calibrate_axis(axes.y)
    assert scale is not None
    assert scale.multiplier == multiplier
    assert ("factor-unsure" in scale.problems) == (multiplier == 1.0)
