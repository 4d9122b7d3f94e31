"""Bars without a value axis are calibrated by the numbers at their ends where these agree."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, FloatArray, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.valued_bars import frame_bare_bars, take_labels_at_bars
from digitizer.stages.frames.measure import frame_within

BLUE = (31, 119, 180)
BASE, FIRST, STEP, WIDTH = 300, 50, 70, 40
# Pixels a unit.
UNIT = 3.1
VALUES = (31.3, 34.3, 52.6, 85.7, 12.9, 68.0)


def drawn(values: tuple[float, ...] = VALUES) -> ByteImage:
    """Bars that stand at the row BASE, UNIT pixels a unit high, snapped to whole pixels."""
    rgb = np.full((360, 520, 3), 255, np.uint8)
    for k, value in enumerate(values):
        rgb[BASE - round(UNIT * value) : BASE, FIRST + STEP * k : FIRST + STEP * k + WIDTH] = BLUE
    return rgb


def printed(values: tuple[float, ...] = VALUES, texts: tuple[str, ...] | None = None) -> list[TextSpan]:
    """The number of each bar, ten pixels high, four pixels above its end."""
    spans = []
    for k, value in enumerate(values):
        center, bottom = FIRST + STEP * k + WIDTH / 2 - 0.5, BASE - UNIT * value - 4
        box = Box(left=center - 13, right=center + 13, top=bottom - 9, bottom=bottom)
        text = f"{value:g}" if texts is None else texts[k]
        spans.append(TextSpan(box=box, text=text, confidence=0.99))
    return spans


def picture_of(rgb: ByteImage) -> Picture:
    return Picture(name="drawn", sha256="", rgb=rgb)


def framed(picture: Picture) -> PanelFrame:
    box = Box(left=30, top=5, right=picture.width - 20.0, bottom=BASE - 0.5)
    return frame_within(picture.rgb, box)


def look(rgb: ByteImage, spans: list[TextSpan]) -> PanelAxes:
    picture = picture_of(rgb)
    bare = PanelAxes(frame=framed(picture), x=None, y=None)
    return take_labels_at_bars(picture, bare, spans)


def test_numbers_at_the_ends_of_bars_are_the_scale() -> None:
    axes = look(drawn(), printed())
    scale = calibrate_axis(axes.y)
    assert scale is not None
    assert scale.problems == ()
    # Whole pixels leave a bar's end unsure by 0.5 px: 0.16 units.
    ends = np.array([BASE - 0.5, BASE - 0.5 - UNIT * 60])
    assert scale.to_value(ends) == pytest.approx([0.0, 60.0], abs=0.2)


def test_one_misread_number_is_told_and_left_out() -> None:
    values = (*VALUES, 44.0)
    texts = (*(f"{v:g}" for v in VALUES), "84")
    rgb = np.pad(drawn(values[:6]), ((0, 0), (0, 60), (0, 0)), constant_values=255)
    rgb[BASE - round(UNIT * 44.0) : BASE, FIRST + 6 * STEP : FIRST + 6 * STEP + WIDTH] = BLUE
    scale = calibrate_axis(look(rgb, printed(values, texts)).y)
    assert scale is not None
    assert "tick-label-misread" in scale.problems
    assert scale.to_value(np.array([BASE - 0.5])) == pytest.approx([0.0], abs=0.3)


@pytest.mark.parametrize(
    "texts",
    [
        # Ranks and other numbers that say nothing of the height.
        ("1", "2", "3", "4", "5", "6"),
        # An axis that does not begin at zero.
        tuple(f"{v + 100:g}" for v in VALUES),
        # Names.
        ("Alpha", "Bravo", "Carbon", "Delta", "Echo", "Foxtrot"),
    ],
)
def test_what_contradicts_the_heights_calibrates_nothing(texts: tuple[str, ...]) -> None:
    assert look(drawn(), printed(texts=texts)).y is None


def test_numbers_within_the_bars_serve_as_well() -> None:
    spans = printed()
    inside = [
        TextSpan(
            box=Box(left=b.left, right=b.right, top=b.top + 16, bottom=b.bottom + 16),
            text=s.text,
            confidence=1,
        )
        for s in spans
        for b in [s.box]
    ]
    scale = calibrate_axis(look(drawn(), inside).y)
    assert scale is not None
    assert scale.to_value(np.array([BASE - 0.5 - UNIT * 60])) == pytest.approx([60.0], abs=0.2)


def test_lying_bars_take_values_at_their_ends_and_names_above_their_bases() -> None:
    rgb = np.full((460, 360, 3), 255, np.uint8)
    spans = []
    for k, (value, name) in enumerate(zip(VALUES, "ABCDEF", strict=True)):
        top = 50 + 60 * k
        rgb[top : top + 20, 40 : 40 + round(UNIT * value)] = BLUE
        end = 40 + UNIT * value
        boxes = Box(left=end + 5, right=end + 30, top=top + 5, bottom=top + 14)
        spans.append(TextSpan(box=boxes, text=f"{value:g}", confidence=1))
        above = Box(left=41, right=80, top=top - 14, bottom=top - 5)
        spans.append(TextSpan(box=above, text=f"{name}-town", confidence=1))
    title = Box(left=40, right=200, top=5, bottom=18)
    spans.append(TextSpan(box=title, text="Towns", confidence=1))
    picture = picture_of(rgb)
    frame = frame_within(rgb, Box(left=39.5, top=25, right=340, bottom=400))
    axes = take_labels_at_bars(picture, PanelAxes(frame=frame, x=None, y=None), spans)
    scale, names = calibrate_axis(axes.x), axes.y
    assert scale is not None
    assert names is not None
    assert scale.to_value(np.array([39.5, 39.5 + UNIT * 50])) == pytest.approx([0.0, 50.0], abs=0.2)
    assert [s.text for s in names.labels] == [f"{name}-town" for name in "ABCDEF"]
    assert names.label_px == pytest.approx(59.5 + 60 * np.arange(6))


def glyphs(spans: list[TextSpan]) -> FloatArray:
    return np.array([[s.box.left, s.box.top, s.box.right, s.box.bottom] for s in spans])


def test_bars_with_ink_at_their_ends_are_a_panel() -> None:
    frame = frame_bare_bars(picture_of(drawn()), glyphs(printed()), 1.0)
    assert frame is not None
    assert frame.box.bottom == pytest.approx(BASE - 0.5)
    # The number above the highest bar is within.
    assert frame.box.top <= BASE - UNIT * 85.7 - 13
    assert FIRST - 20 <= frame.box.left < FIRST
    assert FIRST + 5 * STEP + WIDTH <= frame.box.right <= FIRST + 5 * STEP + WIDTH + 20


def test_bars_without_ink_at_their_ends_are_none() -> None:
    assert frame_bare_bars(picture_of(drawn()), glyphs(printed())[:2], 1.0) is None
    blank = picture_of(np.full((360, 520, 3), 255, np.uint8))
    assert frame_bare_bars(blank, glyphs(printed()), 1.0) is None


def test_axes_are_found_from_the_texts_of_the_figure() -> None:
    picture = picture_of(drawn())
    names = [
        TextSpan(
            box=Box(left=FIRST + STEP * k, right=FIRST + STEP * k + 39.0, top=BASE + 6, bottom=BASE + 15),
            text=name,
            confidence=1,
        )
        for k, name in enumerate(("Alpha", "Bravo", "Carbon", "Delta", "Echo", "Foxtrot"))
    ]
    (axes,) = find_axes(picture, [framed(picture)], printed() + names)
    assert axes.x is not None
    assert axes.y is not None
    assert [s.text for s in axes.x.labels][:2] == ["Alpha", "Bravo"]
    assert sorted(s.text for s in axes.y.labels) == sorted(f"{v:g}" for v in VALUES)
