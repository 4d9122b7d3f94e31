"""Panels that touch are parted where the labels of their other axis begin anew beyond a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import render
from evidences import FRAME, axis_of
from matplotlib.figure import Figure

import chartscribe
from digitizer.errors import HintError
from digitizer.evidence import Picture
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.panels.touching import part_touching

TIME = np.linspace(0, 20, 60)


def limits(picture: Picture) -> list[tuple[list[float], list[float]]]:
    """The limits of each panel that was read: of x and of y."""
    panels = chartscribe.digitize(picture.rgb).panels
    return [(list(p.x_axis.limits), list(p.y_axis.limits)) for p in panels]


def test_a_curve_stands_over_its_residuals() -> None:
    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"hspace": 0, "height_ratios": [3, 1]})
        upper.plot(TIME, 40 + 30 * np.sin(TIME / 4))
        lower.plot(TIME, 1.5 * np.cos(TIME), "C3")
        upper.set(xlim=(-1, 21), ylim=(5, 75))
        lower.set(ylim=(-3.5, 3.5))

    (x, y), (x_below, y_below) = limits(render(draw))
    assert x == pytest.approx([-1, 21], abs=0.06)
    assert x_below == pytest.approx([-1, 21], abs=0.06)
    assert y == pytest.approx([5, 75], abs=0.4)
    assert y_below == pytest.approx([-3.5, 3.5], abs=0.1)


def test_four_panels_of_a_grid_without_gaps() -> None:
    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, 2, sharex="col", sharey="row", gridspec_kw={"hspace": 0, "wspace": 0})
        for k, axes in enumerate(grid.ravel()):
            axes.plot(TIME, 30 * np.sin(TIME / (3 + k)) * (1 + 9 * (k // 2)))
        grid[0, 0].set(xlim=(-1.5, 21.5), ylim=(-38, 38))
        grid[1, 1].set(xlim=(-3, 23), ylim=(-390, 390))

    found = limits(render(draw, size=(6.4, 4.8)))
    assert len(found) == 4
    for (x, y), x_true, y_true in zip(
        found, [(-1.5, 21.5), (-3, 23)] * 2, [(-38, 38)] * 2 + [(-390, 390)] * 2, strict=True
    ):
        assert x == pytest.approx(x_true, abs=0.15)
        assert y == pytest.approx(y_true, rel=0.02)  # sides are drawn on whole pixels


def test_panels_that_touch_are_parted_as_their_arrangement_is_told() -> None:
    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, 1, sharex=True, gridspec_kw={"hspace": 0})
        for k, axes in enumerate(grid):
            axes.plot(TIME, 30 * np.sin(TIME / (3 + k)))

    picture = render(draw, size=(6.4, 4.8))
    assert len(chartscribe.digitize(picture.rgb, hints={"panels": "2x1"}).panels) == 2
    with pytest.raises(HintError, match=r"given as 3x1 .* and 2 panels in 2x1 can be seen"):
        chartscribe.digitize(picture.rgb, hints={"panels": "3x1"})


@pytest.mark.parametrize(
    ("texts", "n"),
    [
        (["0", "10", "20", "5", "10", "15"], 2),
        (["0", "10", "20", "30", "40", "50"], 1),
        (["0", "10", "26", "30", "40", "50"], 1),  # a misread one
        (["10", "20", "30", "-40", "-30", "-20"], 2),
        (["30", "20", "10", "10", "20", "30"], 1),  # lost signs
    ],
)
@pytest.mark.parametrize("drawn", [True, False])
def test_labels_begin_anew_beyond_a_line(texts: list[str], n: int, drawn: bool) -> None:
    rgb = np.full((320, 500, 3), 255, np.uint8)
    if drawn:
        rgb[20:221, 245] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    x = axis_of(texts, [80.0, 140.0, 200.0, 290.0, 350.0, 410.0])
    if n == 1:
        x = axis_of(texts, [80.0, 150.0, 220.0, 290.0, 360.0, 430.0])
    panel = PanelAxes(frame=FRAME, x=x, y=None)
    parted, _ = part_touching(picture, [panel], [])
    assert len(parted) == (n if drawn else 1)


def test_a_line_that_several_of_the_grid_equal_parts_nothing() -> None:
    rgb = np.full((320, 500, 3), 255, np.uint8)
    rgb[20:221, [235, 255]] = 150
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    x = axis_of(["0", "10", "20", "5", "10", "15"], [80.0, 140.0, 200.0, 290.0, 350.0, 410.0])
    assert len(part_touching(picture, [PanelAxes(frame=FRAME, x=x, y=None)], [])[0]) == 1


@pytest.mark.parametrize("is_axis", [False, True])
def test_labels_on_both_sides_of_an_axis_are_of_one_panel(is_axis: bool) -> None:
    rgb = np.full((320, 500, 3), 255, np.uint8)
    rgb[20:221, 245] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    x = axis_of(["3", "2", "1", "1", "-2", "-3"], [65.0, 125.0, 185.0, 305.0, 365.0, 425.0])
    frame = replace(FRAME, y_line=245.0 if is_axis else None)
    parted, _ = part_touching(picture, [PanelAxes(frame=frame, x=x, y=None)], [])
    assert len(parted) == (1 if is_axis else 2)


@pytest.mark.parametrize(("even", "n"), [(False, 1), (True, 2)])
def test_digits_of_two_decades_are_of_one_panel(even: bool, n: int) -> None:
    # Plotly prints 2 to 9 between the powers of ten, whose own labels stand in another row.
    rgb = np.full((320, 500, 3), 255, np.uint8)
    rgb[20:221, 245] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    digits = np.arange(2.0, 10.0)
    one = 20.0 * digits - 20.0 if even else 185.0 * np.log10(digits)
    x = axis_of([f"{d:.0f}" for d in digits] * 2, [*(60.0 + one), *(245.0 + one)])
    assert len(part_touching(picture, [PanelAxes(frame=FRAME, x=x, y=None)], [])[0]) == n
