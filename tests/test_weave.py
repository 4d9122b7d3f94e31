"""Several lines of one colour, told apart on drawn coverage maps."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Trace
from digitizer.stages.series.inks.furniture import is_neutral, is_reference_line
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.paths.choose import close_by_pieces, find_lines, find_single
from digitizer.stages.series.paths.runs import ON, find_runs
from digitizer.stages.series.paths.weave import Line

WIDTH, HEIGHT = 400, 220
X = np.arange(20.0, 380.0)


def _draw(*courses: np.ndarray, thickness: int = 2, blanks: tuple[int, int] = (1, 0)) -> np.ndarray:
    """Coverage of lines through ``(X, course)``, smooth edges; ``blanks`` are dash and gap lengths (px)."""
    alpha = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    for number, y in enumerate(courses):
        points = np.round(np.stack([X, y], axis=1) * 16).astype(np.int32)
        arc = np.r_[0.0, np.cumsum(np.hypot(np.diff(X), np.diff(y)))]
        on = (arc + 3 * number) % sum(blanks) < blanks[0] if blanks[1] else np.ones(X.size, dtype=bool)
        for part in np.split(np.arange(X.size), np.flatnonzero(np.diff(on.astype(int))) + 1):
            if on[part[0]]:
                cv2.polylines(alpha, [points[part]], False, 255, thickness, cv2.LINE_AA, 4)
    return (alpha / 255.0).astype(np.float32)


def _blank() -> Ink:
    """A white panel."""
    ink = see_ink(
        Picture(name="t", sha256="", rgb=np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)),
        PanelFrame(
            box=Box(left=0, top=0, right=WIDTH - 1, bottom=HEIGHT - 1),
            sides=frozenset(),
            background=(255, 255, 255),
            grid_x=np.zeros(0),
            grid_y=np.zeros(0),
        ),
        (),
    )
    assert ink is not None
    return ink


def _follow(alpha: np.ndarray, expected: int, hidden: np.ndarray | None = None) -> list[Line]:
    blocked = np.zeros(alpha.shape, dtype=bool) if hidden is None else hidden
    alpha = np.where(blocked, np.float32(0), alpha)
    runs = find_runs(alpha, blocked, blocked)
    single = find_single(runs, 2.5)
    assert single is not None
    return find_lines(runs, single, alpha > ON, blocked, 2.5, expected)


def _errors(lines: list[Line], courses: tuple[np.ndarray, ...]) -> list[float]:
    """For each course the largest distance (px) of the line nearest to it in the median."""
    best = []
    for y in courses:
        away = [np.abs(line.runs.center - np.interp(line.runs.column, X, y)) for line in lines]
        best.append(float(np.quantile(min(away, key=np.median), 0.98)))
    return best


CROSSING = (60 + 0.25 * X, 160 - 0.2 * X)
WAVE = 110 + 50 * np.sin(X / 40)


@pytest.mark.parametrize("blanks", [(1, 0), (2, 4)], ids=["solid", "dotted"])
def test_lines_of_one_colour_pass_through_their_crossings(blanks: tuple[int, int]) -> None:
    lines = _follow(_draw(*CROSSING, blanks=blanks), 2)
    assert len(lines) == 2
    assert max(_errors(lines, CROSSING)) < 2.0
    assert all(np.ptp(line.runs.column) > 340 for line in lines)


def test_two_lines_are_found_without_a_legend() -> None:
    lines = _follow(_draw(*CROSSING), 1)
    assert len(lines) == 2
    assert max(_errors(lines, CROSSING)) < 1.5


def test_one_line_stays_one_where_another_covers_parts_of_it() -> None:
    hidden = np.zeros((HEIGHT, WIDTH), dtype=bool)
    hidden[:, 100:140] = True
    hidden[90:130] = True
    lines = _follow(_draw(WAVE), 1, hidden)
    assert len(lines) == 1
    assert max(_errors(lines, (WAVE,))) < 2.0


@pytest.mark.parametrize("dot", [2, 3, 4])
def test_dots_of_a_steep_line_are_followed_to_its_end(dot: int) -> None:
    """The middle is hidden where others cross, and the dots beside it nearly stand on each other."""
    y = 110 + 98 * np.tanh((X - 200) / 25)
    arc = np.r_[0.0, np.cumsum(np.hypot(1.0, np.diff(y)))]
    alpha = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    for at in np.arange(0.0, arc[-1], 4.0 * dot):
        x, height = (round(16 * float(np.interp(at, arc, v))) for v in (X, y))
        cv2.circle(alpha, (x, height), 8 * dot, 255, -1, cv2.LINE_AA, 4)
    hidden = np.zeros((HEIGHT, WIDTH), dtype=bool)
    hidden[:, 194:206] = True
    (line,) = _follow((alpha / 255.0).astype(np.float32), 1, hidden)
    assert line.runs.column.min() < 25
    assert line.runs.column.max() > 370


def _piece(first: int, last: int, down: float = 0.0, without: tuple[int, int] = (0, 0)) -> Line:
    """The columns of the wave from first to last, but for some, as a line of its own."""
    alpha = _draw(WAVE + down)
    runs = find_runs(alpha, np.zeros(alpha.shape, dtype=bool))
    column = runs.column
    there = (column >= first) & (column <= last) & ~((column > without[0]) & (column < without[1]))
    index = np.flatnonzero(there)
    return Line(runs=runs.take(index), own=int(index.size), cost=0.0, used=index)


def test_a_piece_that_runs_through_the_gap_of_a_listed_line_closes_it() -> None:
    holed = _piece(25, 370, without=(150, 200))
    (whole,) = close_by_pieces([holed, _piece(140, 215)], 1, 2.5)
    assert np.array_equal(whole.runs.column, np.arange(25, 371))
    assert np.abs(whole.runs.center - np.interp(whole.runs.column, X, WAVE)).max() < 2.0


def test_a_piece_beside_a_gap_stays_a_line_of_its_own() -> None:
    holed, beside = _piece(25, 370, without=(150, 200)), _piece(140, 215, down=25.0)
    assert close_by_pieces([holed, beside], 1, 2.5) == [holed, beside]


def test_upright_dots_are_a_reference_line_and_no_series() -> None:
    """Dots on one column over most of the height are drawn for orientation, unless the legend lists them."""
    y = np.arange(10.0, 200.0, 8.0)
    ink = _blank()
    dots = Trace(
        kind="scatter",
        color=(200, 30, 30),
        x_px=np.full(y.size, 120.0),
        y_px=y,
        sigma_px=np.full(y.size, 0.3),
        sampled_at="markers",
        marker="square",
    )
    assert is_reference_line(ink, dots, listed=False)
    assert not is_reference_line(ink, dots, listed=True)
    assert not is_reference_line(ink, replace(dots, x_px=100 + np.arange(y.size) * 5.0), listed=False)


@pytest.mark.parametrize(("color", "grey"), [((255, 229, 229), False), ((90, 90, 92), True)])
def test_pale_red_is_no_grey(color: tuple[int, int, int], grey: bool) -> None:
    ink = _blank()
    alpha = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
    stroke = Stroke(color=np.array(color, dtype=np.float64), alpha=alpha, members=alpha > 0)
    assert is_neutral(ink, stroke) == grey
