"""Lines read again by columns: a path on its stroke agrees, one beside it does not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Redrawn, Trace
from digitizer.stages.checks.redraw import compare

BLUE, RED = (31, 119, 180), (214, 39, 40)
WIDTH, HEIGHT = 420, 260
FRAME = PanelFrame(
    box=Box(left=0, top=0, right=WIDTH - 1, bottom=HEIGHT - 1),
    sides=frozenset(),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)
X = np.arange(40.0, 380.0, 4.0)
WAVE = 130.0 + 70.0 * np.sin(X / 40.0)


def line(x: np.ndarray, y: np.ndarray, color: tuple[int, int, int] = BLUE, **changes: object) -> Trace:
    trace = Trace(
        kind="line", color=color, x_px=x.copy(), y_px=y.copy(), sigma_px=np.full(x.size, 0.2),
        sampled_at="vertices", line_width_px=2.0,
    )  # fmt: skip
    return replace(trace, **changes)


def paint(*strokes: tuple[np.ndarray, np.ndarray, tuple[int, int, int]], width: int = 2) -> np.ndarray:
    """Anti-aliased polylines, split where y is missing."""
    rgb = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    for x, y, color in strokes:
        for part in np.split(np.arange(x.size), np.flatnonzero(~np.isfinite(y))):
            part = part[np.isfinite(y[part])]
            points = np.round(np.stack([x[part], y[part]], axis=1) * 16).astype(np.int32)
            cv2.polylines(rgb, [points], False, color, width, cv2.LINE_AA, 4)
    return rgb


def read(rgb: np.ndarray, *traces: Trace, obstacles: tuple[Box, ...] = ()) -> Redrawn:
    return compare(Picture(name="x", sha256="", rgb=rgb), FRAME, traces, obstacles)[0]


def test_a_path_on_its_stroke_agrees() -> None:
    redrawn = read(paint((X, WAVE, BLUE)), line(X, WAVE))
    assert redrawn.off == (0.0,)
    assert redrawn.apart[0] < 0.2
    assert (redrawn.lost, redrawn.open_ends) == ((0.0,), ((False, False),))


def test_a_path_beside_its_stroke_is_off_along_that_stretch() -> None:
    askew = WAVE.copy()
    askew[30:47] += 4.0
    redrawn = read(paint((X, WAVE, BLUE)), line(X, askew))
    assert redrawn.off[0] == pytest.approx(17 / X.size, abs=0.06)
    assert read(paint((X, WAVE, BLUE)), line(X, WAVE + 4.0)).apart[0] == pytest.approx(4 / 2.6, abs=0.4)


def test_a_peak_that_is_cut_is_off() -> None:
    spiky = np.where(np.arange(X.size) % 6 == 3, 60.0, 180.0)
    assert read(paint((X, spiky, BLUE)), line(X, spiky)).off[0] < 0.02
    cut = np.where(spiky < 100, 90.0, spiky)
    assert read(paint((X, spiky, BLUE)), line(X, cut)).off[0] > 0.1


def test_columns_under_another_line_say_nothing() -> None:
    rgb = paint((X, WAVE, BLUE), (X, WAVE + 6.0, RED))
    both = (line(X, WAVE + 3.5), line(X, WAVE + 6.0, RED))
    assert read(rgb, *both).off[0] < 0.05


@pytest.mark.parametrize("style", ["solid", "dashed"])
def test_gaps_between_dashes_are_off_in_solid_lines_alone(style: str) -> None:
    y = np.where(np.arange(X.size) % 5 == 4, np.nan, 120.0)
    found = read(paint((X, y, BLUE)), line(X, np.full(X.size, 120.0), line_style=style)).off[0]
    assert (found > 0.05) == (style == "solid")


def test_a_drawn_gap_is_not_lost_and_a_covered_one_is() -> None:
    y = WAVE.copy()
    y[40:50] = np.nan
    rgb = paint((X, y, BLUE))
    assert read(rgb, line(X, y)).lost == (0.0,)
    middle = float(X[45])
    over = np.array([middle - 15, middle + 15]), np.full(2, float(np.nanmean(WAVE[39:51])))
    covered = read(paint((X, y, BLUE), (*over, RED), width=8), line(X, y))
    assert 0.03 < covered.lost[0] < 0.2
    text = Box(left=middle - 15, right=middle + 15, top=20, bottom=HEIGHT - 20)
    assert read(rgb, line(X, y), obstacles=(text,)).lost[0] > 0.05


def test_an_end_at_another_stroke_is_open() -> None:
    y = np.full(X.size, 130.0)
    rgb = paint((X, y, BLUE))
    assert read(rgb.copy(), line(X, y)).open_ends == ((False, False),)
    cv2.line(rgb, (380, 60), (380, 200), RED, 14)
    assert read(rgb, line(X, y)).open_ends == ((False, True),)


def test_ground_between_dashes_is_not_overdrawn() -> None:
    y = np.where(np.arange(X.size) % 5 > 2, np.nan, 120.0)
    rgb, whole = paint((X, y, BLUE)), np.full(X.size, 120.0)
    assert read(rgb, line(X, whole, line_style="dashed")).overdrawn[0] < 0.02
    assert read(rgb, line(X, whole)).overdrawn[0] > 0.1
    assert read(rgb, line(X, whole + 30.0, line_style="dashed")).overdrawn[0] > 0.9
