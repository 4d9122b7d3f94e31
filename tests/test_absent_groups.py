"""A legend that serves several panels lists groups that one of them has no point or bar of."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.checks.absent_groups import without_absent, without_unseen

RED, GREEN, BLUE = (228, 26, 28), (77, 175, 74), (55, 126, 184)
FRAMES = [
    PanelFrame(
        box=Box(left=left, top=20, right=left + 150, bottom=180),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    for left in (20, 190)
]


def cloud(color: tuple[int, int, int], left: float) -> Trace:
    x = left + np.array([30.0, 60.0, 110.0])
    return Trace(
        kind="scatter",
        color=color,
        x_px=x,
        y_px=np.array([60.0, 90.0, 150.0]) + color[0] / 8,
        sigma_px=np.full(3, 0.1),
        sampled_at="markers",
        marker="circle",
    )


def entry(color: tuple[int, int, int], panel: int | None = None) -> LegendEntry:
    box = Box(left=380, top=40, right=400, bottom=50)
    return LegendEntry(
        text=TextSpan(box=box, text=str(color), confidence=1.0, panel=panel), swatch=box, color=color
    )


def drawn(*panels: tuple[Trace, ...]) -> Picture:
    rgb = np.full((200, 420, 3), 255, np.uint8)
    for trace in (t for panel in panels for t in panel):
        for x, y in zip(trace.x_px, trace.y_px, strict=True):
            cv2.circle(rgb, (round(x), round(y)), 4, trace.color, -1, cv2.LINE_AA)
    return Picture(name="drawn", sha256="", rgb=rgb)


def test_a_group_without_a_pixel_is_not_in_its_panel() -> None:
    first, second = (cloud(RED, 20), cloud(BLUE, 20)), (cloud(RED, 190), cloud(GREEN, 190))
    picture, legend = drawn(first, second), tuple(entry(c) for c in (RED, GREEN, BLUE))
    left, right = without_absent(picture, FRAMES, [legend, legend], [first, second])
    assert [e.color for e in left] == [RED, BLUE]
    assert [e.color for e in right] == [RED, GREEN]
    assert without_unseen(picture, FRAMES, [(GREEN,), (BLUE,)], [first, second]) == ((), ())


def test_a_group_that_was_not_found_stays_listed() -> None:
    first, second = (cloud(RED, 20), cloud(BLUE, 20)), (cloud(RED, 190),)
    picture, legend = drawn(first, (*second, cloud(BLUE, 190))), (entry(RED), entry(BLUE))
    assert without_absent(picture, FRAMES, [legend, legend], [first, second]) == [legend, legend]
    assert without_unseen(picture, FRAMES, [(), (BLUE,)], [first, second]) == ((), (BLUE,))


def test_lines_may_cover_each_other_and_a_panel_lists_its_own() -> None:
    first, second = (cloud(RED, 20), cloud(BLUE, 20)), (cloud(RED, 190),)
    picture, legend = drawn(first, second), (entry(RED), entry(BLUE))
    bars = tuple(replace(t, kind="bar") for t in second)
    assert without_absent(picture, FRAMES, [legend, legend], [first, bars])[1] == legend[:1]
    lines = tuple(replace(t, kind="line") for t in second)
    assert without_absent(picture, FRAMES, [legend, legend], [first, lines])[1] == legend
    inside = (entry(RED, 1), entry(BLUE, 1))
    assert without_absent(picture, FRAMES, [legend, inside], [first, second])[1] == inside
    assert without_absent(picture, FRAMES[1:], [legend], [second]) == [legend]


def test_a_legend_that_lists_each_line_once_lists_none_that_is_hidden() -> None:
    first, second = (cloud(RED, 20),), (cloud(GREEN, 190), cloud(BLUE, 190))
    first, second = (tuple(replace(t, kind="line") for t in panel) for panel in (first, second))
    picture, legend = drawn(first, second), tuple(entry(c) for c in (RED, GREEN, BLUE))
    left, right = without_absent(picture, FRAMES, [legend, legend], [first, second])
    assert (left, right) == (legend[:1], legend[1:])
    more = (*legend, entry((152, 78, 163)))
    assert without_absent(picture, FRAMES, [more, more], [first, second]) == [more, more]
    assert without_absent(picture, FRAMES, [more[:2], more[:2]], [first, second]) == [more[:2], more[:2]]


def line(color: tuple[int, int, int], left: float) -> Trace:
    x = left + np.array([10.0, 60.0, 130.0])
    y = np.array([60.0, 90.0, 150.0])
    return Trace(kind="line", color=color, x_px=x, y_px=y, sigma_px=np.full(3, 0.1), sampled_at="vertices")


def test_facets_of_one_line_each_have_no_other_of_the_legend() -> None:
    frames, panels = (
        FRAMES * 2,
        [(line(c, f.box.left),) for c, f in zip((RED, BLUE) * 2, FRAMES * 2, strict=True)],
    )
    picture = drawn(*panels[:2])
    legends = [tuple(entry(c) for c in (RED, GREEN, BLUE))] * 4
    left = without_absent(picture, frames, legends, panels)
    assert [[e.color for e in legend] for legend in left] == [[RED], [BLUE], [RED], [BLUE]]
    # Of two panels one may have another line under the one that is seen.
    assert without_absent(picture, FRAMES, legends[:2], panels[:2]) == legends[:2]
