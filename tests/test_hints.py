"""Hints: read, checked against each other and the picture, used, recorded, written and used again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import chartscribe
from digitizer.errors import HintError
from digitizer.hints import AxisHints, Hints, parse_place, parse_region
from digitizer.hints_file import load_hints, read_hints

LEFT, TOP, RIGHT, BOTTOM = 80, 40, 560, 360
WIDTH, HEIGHT = 640, 420


def draw(
    path: Path,
    *,
    labelled: bool = True,
    n_panels: int = 1,
    colors: tuple[str, ...] = ("#1f77b4", "#d62728"),
    scale: int = 1,
) -> Path:
    """Straight lines of known ends: y from 0.1 to 0.9 of the height; x 0 to 60, y 0 to 120."""
    figure = plt.figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100 * scale)
    for index in range(n_panels):
        width = (RIGHT - LEFT) / WIDTH / (1 if n_panels == 1 else 1.25 * n_panels)
        left = LEFT / WIDTH + index * 1.25 * width
        axes = figure.add_axes((left, 1 - BOTTOM / HEIGHT, width, (BOTTOM - TOP) / HEIGHT))
        for k, color in enumerate(colors):
            x = np.linspace(5, 55, 11)
            axes.plot(x, 12 + (96 - 20 * k) * (x - 5) / 50 + 5 * np.sin(x / 4 + k), color=color, marker="o")
        axes.set(xlim=(0, 60), ylim=(0, 120), xlabel="Time", ylabel="Height")
        if not labelled:
            axes.set(xticklabels=[], yticklabels=[])
    figure.savefig(path, dpi=100 * scale)
    plt.close(figure)
    return path


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return draw(tmp_path / "chart.png")


@pytest.fixture
def blind(tmp_path: Path) -> Path:
    return draw(tmp_path / "blind.png", labelled=False)


def assert_right(figure: chartscribe.Figure, n_series: int = 2) -> None:
    """The lines as they were drawn, to 0.5 % of the axes."""
    (panel,) = figure.panels
    assert len(panel.series) == n_series
    for series in panel.series:
        k = 0 if series.color.startswith(("#1", "#2")) else 1
        x = series.x.astype(float)
        wanted = 12 + (96 - 20 * k) * (x - 5) / 50 + 5 * np.sin(x / 4 + k)
        assert np.nanmedian(np.abs(series.y - wanted)) < 0.6


# What they say


def test_places_in_pixels_and_in_share_of_the_picture() -> None:
    assert parse_place(120).to_pixel(640) == 120
    assert parse_place("120.5").to_pixel(640) == 120.5
    assert parse_place("0%").to_pixel(640) == -0.5
    assert parse_place("100%").to_pixel(640) == 639.5
    assert parse_region("10,5%,90%,200").to_pixels(100, 200) == (10, 9.5, 89.5, 200)
    assert str(parse_region("10,5%,90%,200")) == "10,5%,90%,200"


def test_a_file_and_what_it_stands_for(tmp_path: Path) -> None:
    path = tmp_path / "hints.toml"
    path.write_text(
        'panels = "1x2"\nseries_colors = ["#1f77b4"]\n[x]\nscale = "date"\nlimits = [2020-01-01, 2021-06-30]'
        '\n[[panel]]\n[panel.y]\nticks = [{ at = "20%", value = 3, text = "3" }]\n[[panel]]\n'
    )
    hints = load_hints(path)
    assert hints.grid == (1, 2)
    assert hints.x.limits == ("2020-01-01", "2021-06-30")
    assert hints.for_panel(0).given == ("series_colors", "x.scale", "x.limits", "y.ticks")
    assert hints.for_panel(1).given == ("series_colors", "x.scale", "x.limits")
    assert read_hints(hints.to_dict()) == hints
    assert not Hints()
    assert hints


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"pannels": "2x5"}, "the key 'pannels' is unknown; known are panels, "),
        ({"x": {"limit": [0, 1]}}, "x: the key 'limit' is unknown"),
        ({"panel": [{"frame": "1,2,3"}]}, r"panel\[0\]: frame: '1,2,3' is no region"),
        ({"panels": "2 by 5"}, "panels: '2 by 5' is no arrangement of panels"),
        ({"series_colors": ["blue"]}, r"series_colors\[0\]: 'blue' is no colour"),
        ({"x": {"limits": [3, 3]}}, "x: the limits are both 3"),
        ({"x": {"limits": [0]}}, "is no pair"),
        ({"x": {"limits": ["a", "b"]}}, "neither a number nor a date"),
        ({"y": {"scale": "log", "limits": [0, 10]}}, "a log axis never reaches 0"),
        ({"y": {"scale": "cubic"}}, "a scale is one of linear, log, date, category"),
        ({"y": {"scale": "date", "limits": [0, 10]}}, "0 is no date"),
        ({"y": {"scale": "category", "limits": [0, 10]}}, "a category axis has no limits"),
        ({"y": {"ticks": [{"at": 5, "value": 1}, {"at": 5, "value": 2}]}}, "given as 1 and as 2"),
        ({"y": {"ticks": [{"at": 5, "value": 1}, {"at": 9, "value": 1}]}}, "given at 5 and at 9"),
        ({"y": {"ticks": [{"at": 5}]}}, r"y: ticks\[0\]: a tick needs value"),
        ({"panel": [{"frame": "1,2,30,40"}, {}]}, "1 of 2 panels have a frame"),
        ({"panels": "1x1", "panel": [{}, {}]}, "2 panels are described, which 1x1 does not hold"),
        ({"y": {"scale": "log"}, "panel": [{"y": {"limits": [-1, 1]}}]}, "a log axis never reaches -1"),
        ({"ignore_regions": ["90,0,10,20"]}, "ends before it begins"),
    ],
)
def test_what_contradicts_itself_is_refused(plain: dict[str, Any], words: str) -> None:
    with pytest.raises(HintError, match=words):
        load_hints(plain)


def test_options_and_a_file_that_disagree_are_refused(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path, chart: Path
) -> None:
    path = tmp_path / "known.toml"
    path.write_text("[x]\nlimits = [0, 60]\n")
    for arguments, words in (
        (["--hints", path, "--x-limits", 0, 70], "x: limits: given as (0.0, 60.0) and as (0.0, 70.0)"),
        (["--hints", tmp_path / "absent.toml"], "absent.toml: cannot be read (no such file or directory)"),
        (["--tick", "y=3"], "give axis:place=value"),
        (["--y-scale", "cubic"], "'cubic' is not one of"),
        (["--panels", "2x5"], "given as 2x5 (rows x columns), and one panel can be seen"),
    ):
        status, out, err = command("digitize", chart, "-o", "-", *arguments)
        assert (status, out) == (2, "")
        assert err.count("\n") == 1
        assert words in err


# What they do


def test_limits_calibrate_what_has_no_labels(blind: Path) -> None:
    assert chartscribe.digitize(blind).panels[0].status == "unreadable"
    figure = chartscribe.digitize(blind, hints={"x": {"limits": [0, 60]}, "y": {"limits": [0, 120]}})
    assert_right(figure)
    assert figure.panels[0].hints == ("x.limits", "y.limits")
    document = json.loads(figure.to_json())
    assert document["hints"] == {"x": {"limits": [0, 60]}, "y": {"limits": [0, 120]}}
    assert chartscribe.load_document(document).to_dict() == figure.to_dict()


def test_ticks_calibrate_what_has_no_labels(blind: Path) -> None:
    ticks_x = [{"at": LEFT + (RIGHT - LEFT) * v / 60 - 0.5, "value": v} for v in (0, 30, 60)]
    ticks_y = [
        {"at": f"{(BOTTOM - (BOTTOM - TOP) * v / 120) / HEIGHT * 100}%", "value": v} for v in (20, 100)
    ]
    figure = chartscribe.digitize(blind, hints={"x": {"ticks": ticks_x}, "y": {"ticks": ticks_y}})
    assert_right(figure)
    assert [tick.value for tick in figure.panels[0].y_axis.ticks] == [20, 100]


def test_what_the_picture_says_too_is_recorded_and_changes_nothing(chart: Path) -> None:
    plain = chartscribe.digitize(chart)
    hinted = chartscribe.digitize(chart, hints=Hints(x=AxisHints(limits=(0.0, 60.0), scale="linear")))
    assert_right(hinted)
    assert hinted.panels[0].status == plain.panels[0].status
    assert hinted.panels[0].x_axis.ticks == plain.panels[0].x_axis.ticks


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"x": {"limits": [60, 0]}}, "the x axis of panel 1 is given limits 60 to 0, and its labels"),
        ({"y": {"scale": "log"}}, "the y axis of panel 1 is given as log, and its labels"),
        ({"series_colors": ["#00ff00"]}, "the series colour #00ff00 is nowhere"),
        ({"x": {"ticks": [{"at": 5000, "value": 3}]}}, "lies beyond its axis"),
        ({"y": {"ticks": [{"at": 200, "value": 3}]}}, "is given 3 at 200, and its labels"),
        ({"panel": [{}, {}]}, "2 panels are described, and 1 were found"),
        ({"panel": [{"frame": "0%,0%,150%,100%"}]}, "does not lie inside"),
        ({"ignore_regions": ["700,500,800,600"]}, "lies outside its 640 x 420 pixels"),
        ({"ignore_regions": ["0%,0%,100%,100%"]}, "leaves nothing of it"),
    ],
)
def test_what_contradicts_the_picture_is_refused(chart: Path, plain: dict[str, Any], words: str) -> None:
    with pytest.raises(HintError, match=words) as caught:
        chartscribe.digitize(chart, hints=plain)
    assert caught.value.name == "chart.png"


def test_a_decimal_point_lost_by_all_labels_is_put_right(chart: Path) -> None:
    figure = chartscribe.digitize(chart, hints={"y": {"limits": [0, 12]}})
    (panel,) = figure.panels
    assert panel.y_axis.limits == pytest.approx((0, 12))
    assert panel.status == "suspect"
    assert "hint-contradicted" in [notice.code for notice in panel.warnings]


def test_two_ticks_overrule_the_labels(chart: Path) -> None:
    ticks = [
        {"at": BOTTOM - (BOTTOM - TOP) * share - 0.5, "value": value} for share, value in ((0.5, 7), (1, 14))
    ]
    (panel,) = chartscribe.digitize(chart, hints={"y": {"ticks": ticks}}).panels
    assert panel.y_axis.limits == pytest.approx((0, 14), abs=0.05)
    assert "hint-contradicted" in [notice.code for notice in panel.warnings]


def test_only_series_of_the_colours_given(chart: Path) -> None:
    figure = chartscribe.digitize(chart, hints={"series_colors": ["#1f77b4"]})
    assert_right(figure, n_series=1)
    assert "ink-unexplained" not in [notice.code for notice in figure.panels[0].warnings]


def test_a_region_is_not_looked_at(tmp_path: Path, chart: Path) -> None:
    with Image.open(chart) as image:
        spoilt = np.array(image.convert("RGB"))
    spoilt[60:120, 100:220] = (0, 160, 0)
    path = tmp_path / "spoilt.png"
    Image.fromarray(spoilt).save(path)
    figure = chartscribe.digitize(path, hints={"ignore_regions": ["99,59,220,120"]})
    assert_right(figure)
    assert figure.extraction is not None
    assert tuple(figure.extraction.picture.rgb[80, 150]) == (0, 160, 0)


def test_a_line_is_unsure_where_nobody_looked(tmp_path: Path) -> None:
    path = draw(tmp_path / "one.png", colors=("#1f77b4",))
    (panel,) = chartscribe.digitize(path, hints={"ignore_regions": ["250,60,400,340"]}).panels
    (series,) = panel.series
    inside = np.isfinite(series.y) & (series.x_px > 260) & (series.x_px < 390)
    x = series.x.astype(float)
    off = np.abs(series.y - (12 + 96 * (x - 5) / 50 + 5 * np.sin(x / 4)))
    assert np.all(off[~inside & np.isfinite(off)] < 1)
    assert not inside.any() or np.median(series.y_sigma[inside]) > 3 * np.nanmedian(series.y_sigma[~inside])


def test_the_arrangement_of_panels_completes_them(tmp_path: Path) -> None:
    path = draw(tmp_path / "two.png", n_panels=2, colors=("#1f77b4",))
    figure = chartscribe.digitize(path, hints={"panels": "1x2"})
    assert len(figure.panels) == 2
    with pytest.raises(HintError, match=r"given as 2x1 .* and 2 panels in 1x2 can be seen"):
        chartscribe.digitize(path, hints={"panels": "2x1"})


# What is written


def test_a_calibration_is_written_corrected_and_used_again(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path, chart: Path
) -> None:
    out = tmp_path / "out"
    assert command("digitize", chart, "-o", out, "--write-hints", "-q")[0] == 0
    path = out / "chart.hints.toml"
    hints = load_hints(path)
    assert hints.panels[0].frame is not None
    assert hints.panels[0].x.scale == "linear"
    blind = draw(tmp_path / "blind.png", labelled=False, scale=2)
    assert_right(chartscribe.digitize(blind, hints=path))
    wrong = path.read_text(encoding="utf-8").replace("value = 40 ", "value = 41 ")
    path.write_text(wrong, encoding="utf-8")
    status, out_text, err = command("digitize", blind, "-o", "-", "--hints", path)
    assert (status, out_text) == (2, "")
    assert "lie on no common scale; correct the ticks, or the scale" in err


def test_hints_are_written_to_a_folder_only(
    command: Callable[..., tuple[int, str, str]], chart: Path
) -> None:
    status, _, err = command("digitize", chart, "-o", "-", "--write-hints")
    assert status == 2
    assert "--write-hints writes a file; give a folder with -o" in err


def test_a_figure_document_takes_no_hints(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path, chart: Path
) -> None:
    document = tmp_path / "chart.json"
    document.write_text(chartscribe.digitize(chart).to_json(), encoding="utf-8")
    status, _, err = command("describe", document, "-o", "-", "--y-scale", "linear")
    assert status == 2
    assert "is a figure document, which hints do not change; give its picture" in err


def test_a_picture_without_a_chart_gives_hints_to_fill_in(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, format="PNG")
    from digitizer.hints_file import write_hints

    assert load_hints_text(write_hints(chartscribe.digitize(out.getvalue())), tmp_path) == Hints()


def load_hints_text(text: str, folder: Path) -> Hints:
    path = folder / "written.toml"
    path.write_text(text, encoding="utf-8")
    return load_hints(path)
