"""The drawn charts: their truth is where it says, in values and in pixels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from fixtures.case import Rendering, write_case
from fixtures.curves import SHAPES, draw_curve
from fixtures.draw import writers
from fixtures.kinds import KINDS
from fixtures.layout import flaw
from fixtures.lines import draw_lines, suffixed
from fixtures.mathtext import plain_math
from fixtures.panel import LINE_STYLES, MARKER_NAMES, Panel
from fixtures.reference import Look, draw_reference, reference_data, write_canonical
from fixtures.topics import TOPICS
from fixtures.writing import draw_readable

DRAWN = Path(__file__).parents[1] / "fixtures" / "drawn"
MIDDLE_PX = 0.06  # of a sloped line, which Agg draws unsnapped


def read_truth(folder: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth


def redness(folder: Path, truth: dict[str, Any]) -> NDArray[np.float64]:
    """How much of the red of the line lies in each pixel, on white."""
    pixels = np.asarray(Image.open(folder / truth["image"]).convert("RGB"), float)
    return 1 - pixels[..., 1] / 255


@pytest.mark.parametrize("factor", [1.0, 1.37, 0.8])
@pytest.mark.parametrize("trim", [None, 7])
def test_points_lie_on_the_drawn_line(tmp_path: Path, factor: float, trim: int | None) -> None:
    figure = Figure(figsize=(4.31, 3.17), dpi=101)
    axes = figure.add_axes((0.2, 0.17, 0.7, 0.71))
    panel = Panel(axes)
    panel.line([0.0, 1.0, 2.0, 3.0], [0.13, 0.31, 0.55, 0.71], color=(1, 0, 0), lw=3)
    axes.set(xlim=(-0.2, 3.1), ylim=(0.0, 0.9))
    rendering = Rendering(factor=factor, trim_pad=trim, resample="bicubic")
    write_case(tmp_path, figure, [panel], group="test", tags=[], rendering=rendering)
    truth = read_truth(tmp_path)
    ink = redness(tmp_path, truth)
    (series,) = truth["panels"][0]["series"]
    for k in range(3):
        column = round((series["x_px"][k] + series["x_px"][k + 1]) / 2)
        expected = np.interp(column, series["x_px"], series["y_px"])
        rows = np.arange(round(expected) - 7, round(expected) + 8)
        centre = np.average(rows, weights=np.clip(ink[rows, column], 0, 1))
        assert abs(centre - expected) < MIDDLE_PX / min(factor, 1)


def test_frame_and_limits_map_the_data_to_its_pixels() -> None:
    for folder in sorted(p.parent for p in DRAWN.glob("*/truth.json")):
        for panel in read_truth(folder)["panels"]:
            frame = panel["frame"]
            for axis, ends in (("x", ("left", "right")), ("y", ("bottom", "top"))):
                low, high = panel[f"{axis}_axis"]["limits"]
                start, stop = (frame[end] for end in ends)
                for series in panel["series"]:
                    share = (np.array(series[axis]) - low) / (high - low)
                    assert np.allclose(start + share * (stop - start), series[f"{axis}_px"], atol=0.01), (
                        folder
                    )
                for tick in panel[f"{axis}_axis"]["ticks"]:
                    at = start + (tick["value"] - low) / (high - low) * (stop - start)
                    assert abs(at - tick["pixel"]) < 0.01


def test_drawn_examples_are_as_large_as_they_say() -> None:
    folders = sorted(p.parent for p in DRAWN.glob("*/truth.json"))
    assert len(folders) >= 7
    for folder in folders:
        truth = read_truth(folder)
        with Image.open(folder / truth["image"]) as image:
            assert image.size == (truth["source"]["width"], truth["source"]["height"])
    assert sum(p.stat().st_size for p in DRAWN.rglob("*.*")) < 700_000


def test_committed_reference_is_what_the_code_draws(tmp_path: Path) -> None:
    write_canonical(tmp_path)
    assert (
        read_truth(tmp_path)["panels"][0]["series"] == read_truth(DRAWN / "reference")["panels"][0]["series"]
    )


@pytest.mark.parametrize("seed", [70, 1001, 5, 31337])
def test_reference_follows_its_description(seed: int) -> None:
    length, reward = reference_data(seed)
    keys = {0: 480, 10: 520, 20: 550, 30: 600, 40: 620, 50: 660, 60: 600, 70: 680}
    assert all(abs(length[step] - value) < 6 for step, value in keys.items())
    assert length.argmax() == 70
    assert length.argmin() == 0
    assert length[60] == length[52:68].min()
    keys = {0: 1.52, 5: 1.73, 15: 1.80, 25: 1.83, 35: 1.85, 66: 1.72, 70: 1.78}
    assert all(abs(reward[step] - value) < 0.01 for step, value in keys.items())
    assert 1.85 <= reward[45:66].min() <= reward[45:66].max() <= 1.885


def test_reference_prints_the_described_ticks() -> None:
    figure, panels = draw_reference(Look())
    assert flaw(figure, panels) is None
    figure.canvas.draw()
    printed = [[t.get_text() for t in p.axes.get_yticklabels() if _shown(p, t)] for p in panels]
    assert printed[0] == ["500", "550", "600", "650"]
    assert printed[1] == [f"{1.5 + 0.05 * k:.2f}" for k in range(9)]


def _shown(panel: Panel, label: Any) -> bool:
    low, high = panel.axes.get_ylim()
    return bool(low <= label.get_position()[1] <= high)


def test_same_seed_draws_the_same() -> None:
    first, second = (draw_readable(9, 4, draw_lines) for _ in range(2))
    assert first is not None
    assert second is not None
    assert [s.y for p in first[0].panels for s in p.series] == [
        s.y for p in second[0].panels for s in p.series
    ]
    assert first[1] == second[1]


def test_colliding_texts_are_noticed() -> None:
    figure = Figure(figsize=(3, 2.4), dpi=100)
    panel = Panel(figure.subplots())
    panel.line([0, 1], [0, 1])
    panel.axes.set_title("Fits")
    figure.tight_layout()
    assert flaw(figure, [panel]) is None
    panel.axes.set_xticks([0, 0.01, 0.02, 1])
    assert "x tick" in (flaw(figure, [panel]) or "")


def test_every_shape_of_every_topic_exists() -> None:
    assert {shape for topic in TOPICS for q in topic.quantities for shape in q.shapes} <= set(SHAPES)
    u = np.linspace(0, 1, 50)
    for shape in SHAPES:
        assert np.isfinite(draw_curve(shape, u, np.random.default_rng(3), 0.01)).all()


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("$\\mathdefault{10^{-3}}$", "10^-3"),
        ("a$_{0}$", "a_0"),
        (r"$\times\mathdefault{10^{7}}$", "×10^7"),
        ("5 $", "5 $"),
    ],
)
def test_mathtext_is_told_in_unicode(source: str, plain: str) -> None:
    assert plain_math(source) == plain


def test_suffixes() -> None:
    assert [suffixed(v) for v in (0, 500, 20000, 1.5e6, -3e9)] == ["0", "500", "20k", "1.5M", "-3B"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_whole_truth(kind: str, tmp_path: Path) -> None:
    drawn = KINDS[kind](np.random.default_rng([7, list(KINDS).index(kind)]), 1.0)
    write_case(tmp_path, drawn.figure, drawn.panels, group=kind, tags=drawn.tags)
    truth = read_truth(tmp_path)
    assert truth["panels"]
    for panel in truth["panels"]:
        assert panel["series"], kind
        frame = panel["frame"] or panel["drawn_frame"]
        assert 0 <= frame["left"] < frame["right"] <= truth["source"]["width"]
        assert 0 <= frame["top"] < frame["bottom"] <= truth["source"]["height"]
        for series in panel["series"]:
            columns = ["y_low", "y_high"] if series["kind"] == "band" else ["y"]
            assert all(len(series[c]) == len(series["x"]) for c in columns)
            assert series["color"].startswith("#")
            assert series["marker"] in {*MARKER_NAMES.values()}
            assert series["line_style"] in {*LINE_STYLES.values()}
            for x, y in zip(series["x_px"], series[f"{columns[0]}_px"], strict=True):
                outside = y is not None and not (frame["top"] - 2 < y < frame["bottom"] + 2)
                assert x is None or (frame["left"] - 2 < x < frame["right"] + 2 and not outside)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("renderer", ["vega", "seaborn", "plotnine", "letsplot"])
def test_other_renderers_write_cases(renderer: str, tmp_path: Path) -> None:
    needs = {"vega": "vl_convert", "letsplot": "lets_plot"}.get(renderer, renderer)
    pytest.importorskip(needs)
    folders = writers()[renderer](tmp_path, 4, 3)
    assert len(folders) == 4
    for folder in folders:
        truth = read_truth(folder)
        with Image.open(folder / truth["image"]) as image:
            assert image.size == (truth["source"]["width"], truth["source"]["height"])
        assert all(len(s["x"]) > 1 for p in truth["panels"] for s in p["series"])
