"""Lines whose markers another line's hides in part: the steps of that one tell where they stand."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import Box, FloatArray, LegendEntry, TextSpan, Trace
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.trace import _fit_threaded

RED, BLUE = (214, 39, 40), (31, 119, 180)
# The first and the fifth discs lie on each other, nearly.
LOWER = np.array([3.28, 2.45, 1.70, 1.33, 1.01, 0.68, 0.63, 0.43])
UPPER = np.array([3.29, 3.86, 3.28, 2.12, 0.98, 0.37, 1.22, 2.32])


def bullet(color: tuple[int, int, int], row: int) -> LegendEntry:
    """A legend's entry beside the panel that shows a disc."""
    top = 44.0 + 30 * row
    text = TextSpan(box=Box(left=604, top=top, right=640, bottom=top + 12), text="ab"[row], confidence=1.0)
    swatch = Box(left=580, top=top, right=594, bottom=top + 14)
    return LegendEntry(text=text, swatch=swatch, color=color, line_style="none", marker="circle")


def style(color: tuple[int, int, int]) -> dict[str, object]:
    return {"marker": "o", "ms": 6, "lw": 1.5, "color": np.array(color) / 255}


def test_a_hidden_marker_stands_on_the_other_line_s_step() -> None:
    x = np.arange(8)
    drawn = draw([(x, LOWER, style(RED)), (x, UPPER, style(BLUE))])
    (places, heights), _ = drawn.truth
    (found,) = [t for t in trace(drawn, legend=(bullet(RED, 0), bullet(BLUE, 1))) if t.color[0] > t.color[2]]
    assert found.x_px == pytest.approx(places, abs=0.5)
    assert found.y_px == pytest.approx(heights, abs=1.0)


@pytest.mark.parametrize(("fitted", "expected"), [(15, 15), (12, 13), (13, 13)])
def test_the_line_with_more_markers_is_taken(
    fitted: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def line(count: int) -> Trace:
        x: FloatArray = np.arange(count, dtype=np.float64)
        return Trace(
            kind="line",
            color=RED,
            x_px=x,
            y_px=x,
            sigma_px=x,
            sampled_at="markers",
            marker="circle",
            line_width_px=1.0,
            marker_size_px=6.0,
        )

    seen: list[tuple[str, ...]] = []

    def fit(layer: Layer) -> list[Trace]:
        seen.append(tuple(e.line_style for e in layer.entries))
        return [line(fitted)]

    monkeypatch.setattr("digitizer.stages.series.trace.trace_lines", fit)
    empty = np.zeros((4, 4), dtype=np.float32)
    layer = Layer(
        ink=None,  # type: ignore[arg-type]
        stroke=None,  # type: ignore[arg-type]
        alpha=empty,
        blocked=empty > 0,
        entries=(bullet(RED, 0),),
        sample=None,
    )
    assert _fit_threaded(layer, line(13)).x_px.size == expected
    assert seen == [("solid",)]
