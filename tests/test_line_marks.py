"""Lines whose strokes or markers say little: hairlines with rings, steep dots, level stretches on grids."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw
from series_drawings import draw

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.series import trace, trace_series
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.lines import trace_lines

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SIZE = (400, 300)
BLUE = (31, 119, 180)
WHITE = (255, 255, 255)


def frame(box: Box, grid_y: tuple[float, ...] = ()) -> PanelFrame:
    return PanelFrame(
        box=box,
        sides=frozenset(),
        background=WHITE,
        grid_x=np.array([]),
        grid_y=np.array(grid_y),
        line_width=1.0,
    )


def seen(image: Image.Image) -> Picture:
    return Picture(name="drawn", sha256="", rgb=np.array(image.convert("RGB")))


INSIDE = Box(left=10.0, top=10.0, right=389.0, bottom=289.0)


@pytest.mark.parametrize("filled", [False, True])
def test_rings_on_a_hairline_of_whole_pixels_are_markers(filled: bool) -> None:
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    heights = np.random.default_rng(3).integers(60, 240, 12)
    points = [(30 + 30 * k, int(y)) for k, y in enumerate(heights)]
    pen.line(points, fill=BLUE, width=1)
    for x, y in points:
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), outline=BLUE, fill="white" if filled else None)
    (found,) = trace_series(seen(image), frame(INSIDE), (), ())
    assert found.sampled_at == "markers"
    assert found.marker == "circle"
    assert found.x_px.size == 12
    assert np.abs(found.x_px - [x for x, _ in points]).max() < 1.0
    assert np.abs(found.y_px - heights).max() < 1.0


def test_a_few_discs_that_stand_alone_are_not_the_series_though_its_legend_shows_a_disc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    points = [(40 + 22 * k, 200 - 9 * k + (k % 3) * 25) for k in range(15)]
    pen.line(points, fill=BLUE, width=4)
    for x, y in points:
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=BLUE)
    sample = Box(left=190.0, top=1.0, right=197.0, bottom=8.0)
    text = TextSpan(box=sample, text="Oslo", confidence=1.0)
    entry = LegendEntry(text=text, swatch=sample, color=BLUE, line_style="none", marker="circle")

    def see_three(layer: Layer, picture: Picture) -> tuple[list[Trace], FloatImage]:
        (whole,) = trace_lines(layer)
        three = {name: getattr(whole, name)[4:13:4] for name in ("x_px", "y_px", "sigma_px")}
        return [replace(whole, kind="scatter", line_style="none", **three)], layer.alpha

    monkeypatch.setattr(trace, "trace_scatter", see_three)
    (found,) = trace_series(seen(image), frame(INSIDE), (), (entry,))
    assert found.kind == "line"
    assert found.marker == "circle"
    assert np.abs(found.x_px - [x for x, _ in points]).max() < 1.0
    assert np.abs(found.y_px - [y for _, y in points]).max() < 1.0


def test_a_series_that_runs_level_on_a_grid_line_is_not_the_grid() -> None:
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    rows = (60, 130, 200)
    for y in rows:
        pen.line((10, y, 389, y), fill=(221, 221, 221))
    pen.line([(20, 30), (120, 130), (375, 130)], fill=BLUE, width=3)
    (found,) = trace_series(seen(image), frame(INSIDE, rows), (), ())
    x = np.arange(125.0, 373.0)
    assert np.isfinite(found.y_px).all()
    assert found.x_px.max() > 370
    assert np.abs(np.interp(x, found.x_px, found.y_px) - 130).max() < 0.5


@pytest.mark.parametrize("listed", ["dotted", "dashed"])
def test_dots_of_a_steep_line_lie_on_it_whatever_the_legend_calls_them(listed: str) -> None:
    fig, ax = plt.subplots(figsize=(2.4, 2.6), dpi=100)
    x = np.linspace(0, 10, 60)
    ax.plot(x, np.exp(-x / 2), ":", color="tab:blue", lw=2)
    fig.canvas.draw()
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    image = Image.open(buffer).convert("RGB")
    truth = ax.transData.transform(np.column_stack([x, np.exp(-x / 2)])) - 0.5
    extent = ax.get_window_extent()
    plt.close(fig)
    box = Box(
        left=float(np.floor(extent.x0)),
        top=float(image.height - np.floor(extent.y1) - 1),
        right=float(np.floor(extent.x1)),
        bottom=float(image.height - np.floor(extent.y0) - 1),
    )
    sample = Box(left=2.0, top=2.0, right=12.0, bottom=6.0)
    text = TextSpan(box=sample, text="smooth", confidence=1.0)
    entry = LegendEntry(text=text, swatch=sample, color=BLUE, line_style=listed)
    (found,) = trace_series(seen(image), frame(box), (), (entry,))
    inner = slice(3, -3)
    read = np.interp(truth[inner, 0], found.x_px, found.y_px)
    assert np.abs(read - (image.height - 1 - truth[inner, 1])).max() < 2.0


@pytest.mark.parametrize(("seed", "listed"), [(1, True), (1, False), (28, True)])
def test_bends_of_a_bare_line_are_no_markers_on_a_curve(seed: int, listed: bool) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 180, 20)
    y = np.cumsum(rng.normal(0, 1, x.size)) + np.where(np.arange(x.size) > 10, 3, 0)
    drawn = draw([(x, y, {"lw": 2.0, "color": "tab:blue"})], size=(4.0, 3.6))
    sample = Box(left=380.0, top=2.0, right=398.0, bottom=4.0)
    text = TextSpan(box=sample, text="read", confidence=1.0)
    entry = LegendEntry(text=text, swatch=sample, color=BLUE, line_style="solid")
    (found,) = trace_series(drawn.picture, drawn.frame, (), (entry,) if listed else ())
    assert found.sampled_at == "vertices"
    true_x, true_y = drawn.truth[0]
    assert np.abs(np.interp(true_x, found.x_px, found.y_px) - true_y).max() < 0.5
