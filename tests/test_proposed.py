"""A course held against the picture's ink: what is wrong stands out, what is right or of others does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.checks.proposed import Proposed, propose
from digitizer.stages.series.inks.ink import Ink, see_ink

# The picture is drawn so many times as large, then reduced: strokes with soft rims, as renderers draw them.
FINE = 4
WIDTH, HEIGHT = 320, 240
FRAME = Box(left=20, top=20, right=300, bottom=220)
BLUE, ORANGE = (31, 119, 180), (255, 127, 14)
DISC_PX, LINE_PX = 13.0, 4.0
# What is right lies within so many pixels of ink, and ink within so many of it.
RIGHT_PX = 2.3


def steep() -> tuple[FloatArray, FloatArray]:
    """Markers down a steep slope, off the grid of pixels, then level."""
    x = 40.3 + 9.0 * np.arange(28)
    return x, np.where(x < 150, 40.4 + 1.45 * (x - 40.3), 201.7) + 3 * np.sin(x)


def draw(
    x: FloatArray,
    y: FloatArray,
    *,
    disc: float,
    over: bool = False,
    ticks: bool = False,
    seated: bool = False,
) -> Ink:
    """The ink of a blue line.

    ``over``: orange dots over it; ``ticks``: blue strokes at a side; ``seated``: discs on whole pixels, as
    matplotlib draws them.
    """
    large = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), "white")
    pen = ImageDraw.Draw(large)
    places = [((a + 0.5) * FINE, (b + 0.5) * FINE) for a, b in zip(x, y, strict=True)]
    pen.line(places, fill=BLUE, width=round(LINE_PX * FINE), joint="curve")
    seats = [((np.floor(a) + 1.5) * FINE, (np.floor(b) + 1.5) * FINE) for a, b in zip(x, y, strict=True)]
    for a, b in (seats if seated else places) if disc else []:
        pen.ellipse(
            [a - disc * FINE / 2, b - disc * FINE / 2, a + disc * FINE / 2, b + disc * FINE / 2], BLUE
        )
    for a, b in places if over else []:
        pen.rectangle([a + 3 * FINE, b + 2 * FINE, a + 7 * FINE, b + 6 * FINE], ORANGE)
    if ticks:
        pen.line([(200 * FINE, 22 * FINE), (200 * FINE, 32 * FINE)], fill=BLUE, width=2 * FINE)
    rgb = np.asarray(large.reduce(FINE))
    none = np.array([])
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=none, grid_y=none, line_width=1.0
    )
    ink = see_ink(Picture(name="drawn", sha256="", rgb=rgb), frame, ())
    assert ink is not None
    return ink


def trace(x: FloatArray, y: FloatArray, *, disc: float, color: tuple[int, int, int] = BLUE) -> Trace:
    return Trace(
        kind="line",
        color=color,
        x_px=x.copy(),
        y_px=y.copy(),
        sigma_px=np.full(len(x), 0.3),
        sampled_at="markers" if disc else "vertices",
        marker="circle" if disc else "none",
        marker_size_px=disc,
        line_width_px=LINE_PX,
    )


def hold(ink: Ink, x: FloatArray, y: FloatArray, *, disc: float, over: bool = False) -> Proposed:
    traces = [trace(x, y, disc=disc)]
    if over:
        traces.append(trace(x + 5, y + 4, disc=0.0, color=ORANGE))
    found = propose(ink, traces, 0, x, y)
    assert found is not None
    return found


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("disc", [0.0, DISC_PX])
def test_what_was_drawn_is_permitted(disc: float, over: bool) -> None:
    x, y = steep()
    found = hold(draw(x, y, disc=disc, over=over), x, y, disc=disc, over=over)
    assert found.bare.max() <= RIGHT_PX
    assert found.unexplained.max() <= RIGHT_PX


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("row", [3, 6, 9])
def test_a_disc_moved_along_its_line_is_told(row: int, over: bool) -> None:
    x, y = steep()
    ink = draw(x, y, disc=DISC_PX, over=over)
    moved = y.copy()
    moved[row] += 12
    found = hold(ink, x, moved, disc=DISC_PX, over=over)
    near = slice(round(x[row]) - ink.left - 12, round(x[row]) - ink.left + 13)
    assert max(found.bare[near].max(), found.unexplained[near].max()) > RIGHT_PX


def test_discs_on_whole_pixels_leave_nothing_unexplained() -> None:
    x, y = steep()
    found = hold(draw(x, y, disc=DISC_PX, seated=True), x, y, disc=DISC_PX)
    assert found.bare.max() == 0.0
    assert found.unexplained.max() == 0.0


def test_gaps_of_a_steep_dotted_line_are_not_bare() -> None:
    x, y = np.array([60.0, 66.0, 72.0]), np.array([40.0, 110.0, 200.0])
    large = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(large)
    for row in np.arange(40.0, 200.0, 11.0):
        a = float(np.interp(row, y, x))
        pen.rectangle([a - 2, row, a + 2, row + 4], BLUE)
    none = np.array([])
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=none, grid_y=none, line_width=1.0
    )
    ink = see_ink(Picture(name="dotted", sha256="", rgb=np.asarray(large)), frame, ())
    assert ink is not None
    dotted = replace(trace(x, y, disc=0.0), line_style="dotted", line_width_px=5.0)
    found = propose(ink, [dotted], 0, x, y)
    assert found is not None
    assert found.bare.max() == 0.0
    elsewhere = propose(ink, [dotted], 0, x + np.array([0.0, 40.0, 0.0]), y)
    assert elsewhere is not None
    assert elsewhere.bare.max() > RIGHT_PX


def test_a_tick_of_the_same_colour_is_no_ink_of_the_line() -> None:
    x, y = steep()
    found = hold(draw(x, y, disc=0.0, ticks=True), x, y, disc=0.0)
    assert found.unexplained.max() <= RIGHT_PX


def test_an_end_beyond_the_ink_is_as_far_off_as_it_is() -> None:
    x, y = steep()
    ink = draw(x, y, disc=0.0)
    further = x.copy()
    further[-1] += 5
    assert hold(ink, further, y, disc=0.0).bare.max() <= 5.0
