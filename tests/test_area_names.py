"""Legends that show an area's fill list the line along its edge as well."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Box, LegendEntry, TextSpan, Trace
from digitizer.stages.legend.naming import bind_names, n_listed

NAVY, PALE = (36, 28, 130), (212, 210, 231)
X = np.arange(0.0, 100.0)
CURVE = 50 + 20 * np.sin(X / 15)


def line(y: np.ndarray, color: tuple[int, int, int]) -> Trace:
    return Trace(kind="line", color=color, x_px=X, y_px=y, sigma_px=np.ones(100), sampled_at="columns")


def area(color: tuple[int, int, int]) -> Trace:
    return Trace(
        kind="band",
        color=color,
        x_px=X,
        y_px=(CURVE + 100) / 2,
        sigma_px=np.ones(100),
        sampled_at="columns",
        line_style="none",
        y_low_px=np.full(100, 100.0),
        y_high_px=CURVE,
    )


def patch(color: tuple[int, int, int]) -> LegendEntry:
    span = TextSpan(box=Box(left=0, top=0, right=9, bottom=9), text="Bergen", confidence=1)
    return LegendEntry(text=span, swatch=None, color=color, line_style="none", marker="square")


def test_the_line_along_an_area_goes_by_the_entry_of_its_fill() -> None:
    traces = [line(CURVE, NAVY), area(PALE)]
    names = bind_names(traces, [patch(PALE)])
    assert names == ("Bergen", "Bergen")
    assert n_listed(traces, names) == 1


def test_lines_elsewhere_and_of_other_colours_do_not() -> None:
    assert bind_names([line(CURVE + 10, NAVY), area(PALE)], [patch(PALE)]) == (None, "Bergen")
    assert bind_names([line(CURVE, (200, 30, 30)), area(PALE)], [patch(PALE)]) == (None, "Bergen")
