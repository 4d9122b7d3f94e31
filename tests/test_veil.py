"""Strokes that show through a translucent legend are read there; other legends hide what they cover."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.legend.veil import lift_veils
from digitizer.stages.tracing.trace import find_obstacles

FRAME = PanelFrame(
    box=Box(left=20, top=20, right=380, bottom=260),
    sides=frozenset(),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.array([130.0]),
)
BLUE, RED, WHITE = (31, 119, 180), (214, 39, 40), 255


def entry(name: str, row: float, color: tuple[int, int, int]) -> LegendEntry:
    text = TextSpan(text=name, box=Box(left=300, top=row - 5, right=330, bottom=row + 5), confidence=1.0)
    return LegendEntry(text=text, swatch=Box(left=260, top=row - 1, right=285, bottom=row + 1), color=color)


ENTRIES = (entry("one", 55, BLUE), entry("two", 85, RED))


def drawn(*, through: float, goes_on: bool = True, border: bool = True) -> tuple[ByteImage, ByteImage]:
    """A picture with a legend over a line, and the same without the legend."""
    plain = np.full((280, 400, 3), WHITE, np.uint8)
    plain[130, 21:380] = 200
    cv2.line(plain, (60, 240) if goes_on else (270, 95), (340, 70), BLUE, 3)
    rgb = plain.astype(np.float64)
    rows, columns = slice(41, 100), slice(251, 360)
    rgb[rows, columns] = WHITE + through * (rgb[rows, columns] - WHITE)
    seen = rgb.round().astype(np.uint8)
    if border:
        cv2.rectangle(seen, (250, 40), (360, 100), (204, 204, 204), 1)
    for e in ENTRIES:
        assert e.swatch is not None
        seen[int(e.swatch.top) : int(e.swatch.bottom) + 1, 260:286] = e.color
    return seen, plain


def lifted(rgb: ByteImage) -> tuple[ByteImage, bool]:
    picture = Picture(rgb=rgb.copy(), name="drawn", sha256="")
    seen, legends = lift_veils(picture, [FRAME], [e.text for e in ENTRIES], [ENTRIES])
    return seen.rgb, all(e.lifted for e in legends[0])


def test_what_shows_through_becomes_what_it_is_beside_the_legend() -> None:
    rgb, plain = drawn(through=0.2)
    seen, told = lifted(rgb)
    assert told
    off = np.abs(seen.astype(int) - plain).max(axis=2)
    inside = off[44:97, 254:357]
    bare = np.ones(inside.shape, dtype=bool)
    for e in ENTRIES:
        row = round(e.text.box.top) + 5 - 44
        bare[row - 8 : row + 9] = False
    assert inside[bare].max() <= 4
    # Of the border nothing is left but where the line crosses it.
    assert np.mean(off[38:43, 248:363] > 40) < 0.05


@pytest.mark.parametrize(
    ("through", "goes_on", "border"), [(0.0, True, True), (0.2, False, True), (0.2, True, False)]
)
def test_a_legend_that_shows_no_stroke_of_the_panel_stays(
    through: float, goes_on: bool, border: bool
) -> None:
    rgb, _ = drawn(through=through, goes_on=goes_on, border=border)
    seen, told = lifted(rgb)
    assert not told
    assert np.array_equal(seen, rgb)


def test_of_a_lifted_legend_texts_and_samples_alone_are_obstacles() -> None:
    picture = Picture(rgb=drawn(through=0.2)[1], name="drawn", sha256="")
    bare = [replace(e, lifted=True) for e in ENTRIES]
    between = (293.0, 70.0)
    assert any(box.contains(*between) for box in find_obstacles(picture, FRAME, [], ENTRIES))
    assert not any(box.contains(*between) for box in find_obstacles(picture, FRAME, [], bare))


def test_a_legend_across_the_sides_of_its_panel_is_lifted_within_it() -> None:
    rgb, plain = drawn(through=0.2)
    cut = replace(FRAME, box=replace(FRAME.box, right=345))
    rgb[:, 345:347], plain[:, 345:347] = 0, 0
    picture = Picture(rgb=rgb.copy(), name="drawn", sha256="")
    entries = [replace(e, text=replace(e.text, box=replace(e.text.box, right=355))) for e in ENTRIES]
    seen, legends = lift_veils(picture, [cut], [e.text for e in entries], [tuple(entries)])
    assert all(e.lifted for e in legends[0])
    off = np.abs(seen.rgb.astype(int) - plain).max(axis=2)
    # Between the two names the line shows up to the panel's side.
    assert off[66:74, 254:343].max() <= 4
    assert np.abs(plain[66:74, 320:343].astype(int) - WHITE).max() > 100
