"""Title strips tell how many facets there are where one rectangle was found for several."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.evidence import Box, ByteImage, PanelFrame, Picture
from digitizer.stages.frames.measure import frame_within
from digitizer.stages.panels.find import find_panels
from digitizer.stages.panels.strip_grid import stand_below_strips
from digitizer.stages.panels.title_strips import find_strips
from digitizer.stages.strokes.strokes import to_grey

TOLERANCE_PX = 1.5
LEFT, TOP, WIDTH, HEIGHT, GUTTER, STRIP_PX = 50, 40, 150, 96, 7, 20


def draw_facets(
    n_rows: int, n_columns: int, *, strip: int, border: int, beside: bool = False
) -> tuple[ByteImage, list[Box]]:
    """White facets, each with a border and a curve, strips above all (or above columns and beside rows)."""
    rgb = np.full((330, 560, 3), 255, np.uint8)
    boxes = []
    for row in range(n_rows):
        for column in range(n_columns):
            x = LEFT + column * (WIDTH + GUTTER)
            y = TOP + row * (HEIGHT + GUTTER + STRIP_PX * (not beside))
            panel = rgb[y : y + HEIGHT, x : x + WIDTH]
            panel[[0, -1]] = panel[:, [0, -1]] = border
            along = np.arange(4, WIDTH - 4)
            panel[np.round(HEIGHT / 2 + 30 * np.sin(along / 20 + row + column)).astype(int), along] = 40
            if not beside or row == 0:
                _title(rgb[y - STRIP_PX : y, x : x + WIDTH], strip)
            if beside and column == n_columns - 1:
                _title(rgb[y : y + HEIGHT, x + WIDTH : x + WIDTH + STRIP_PX], strip)
            boxes.append(Box(left=x, right=x + WIDTH - 1, top=y, bottom=y + HEIGHT - 1))
    return rgb, boxes


def _title(strip: ByteImage, level: int) -> None:
    strip[:] = level
    middle = np.array(strip.shape[:2]) // 2
    reach = np.where(np.array(strip.shape[:2]) > STRIP_PX, 15, 4)
    across, along = (slice(m - r, m + r) for m, r in zip(middle, reach, strict=True))
    strip[across, along] = 255 if level < 200 else 30


def part(rgb: ByteImage, frames: list[PanelFrame]) -> list[PanelFrame]:
    picture = Picture(rgb=rgb, name="facets", sha256="")
    return stand_below_strips(picture, frames, rgb, to_grey(rgb), 1.0)


def merged(boxes: list[Box]) -> Box:
    return Box(
        left=boxes[0].left, top=boxes[0].top - STRIP_PX, right=boxes[-1].right, bottom=boxes[-1].bottom
    )


def test_packed_labels_below_facets_are_no_lower_side() -> None:
    rgb, truth = draw_facets(1, 3, strip=217, border=51)
    below = int(truth[0].bottom) + 6
    for box in truth:
        # Figures of five columns, of which two are blank.
        label = np.arange(int(box.left), int(box.right)) % 5 > 1
        rgb[below : below + 7, int(box.left) : int(box.right)][:, label] = 90
    found = part(rgb, [frame_within(rgb, merged(truth))])
    assert [f.box.bottom for f in found] == pytest.approx([b.bottom for b in truth], abs=TOLERANCE_PX)


@pytest.mark.parametrize(("strip", "border"), [(178, 178), (26, 26), (217, 51)])
@pytest.mark.parametrize(("n_rows", "n_columns", "beside"), [(1, 3, False), (2, 2, False), (2, 3, True)])
def test_a_rectangle_over_several_facets_is_parted(
    strip: int, border: int, n_rows: int, n_columns: int, beside: bool
) -> None:
    rgb, truth = draw_facets(n_rows, n_columns, strip=strip, border=border, beside=beside)
    found = part(rgb, [frame_within(rgb, merged(truth))])
    assert len(found) == len(truth)
    for box in truth:
        errors = [
            max(abs(getattr(f.box, s) - getattr(box, s)) for s in ("left", "top", "right", "bottom"))
            for f in found
        ]
        assert min(errors) <= TOLERANCE_PX


def test_facets_that_were_found_stay_as_they_are() -> None:
    rgb, truth = draw_facets(2, 2, strip=178, border=178)
    frames = [frame_within(rgb, box) for box in truth]
    assert part(rgb, frames) == frames


def test_legends_between_panels_are_no_strips() -> None:
    rgb = np.full((420, 560, 3), 255, np.uint8)
    frames = []
    for x in (40, 300):
        for y in (20, 220):
            panel = rgb[y : y + 130, x : x + 230]
            panel[[0, -1]] = panel[:, [0, -1]] = panel[:, 30::40] = 60
            _title(rgb[y + 160 : y + 180, x + 60 : x + 170], 217)
            frames.append(frame_within(rgb, Box(left=x, right=x + 229, top=y, bottom=y + 129)))
    assert part(rgb, frames) == frames


def test_rows_half_strip_and_half_panel_end_no_strip_early() -> None:
    """A strip's sides fall between pixels: its first and last row mix its ground with the panel's."""
    grey = np.full((260, 200), 255, np.int16)
    for top in (20, 140):
        grey[top : top + 100, 20:180] = 235
        grey[top + 24 : top + 100, 40:180:30] = 255
        grey[top : top + 24, 20:180] = 217
        grey[top + 8 : top + 16, 90:110] = 30
    grey[140, 20:180], grey[163, 20:180] = 235, 230
    assert [box.top for box in find_strips(grey)] == [20.0, 140.0]


def test_legends_beside_panels_are_no_strips_of_others() -> None:
    def draw(figure: Figure) -> None:
        for k, axes in enumerate(figure.subplots(2, 2).ravel()):
            x = np.linspace(0, 17, 60)
            axes.plot(x, np.sin(x / 5 + k), label="steel")
            axes.plot(x, np.cos(x / 4 + k), label="aluminium")
            axes.set(title="Test", xlabel="Strain (%)", ylabel="Load (N)")
            axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0)
        figure.subplots_adjust(left=0.06, right=0.89, wspace=0.55, hspace=0.3)

    # At this size the lower legends end the room below the upper ones as a panel's side would.
    assert len(find_panels(render(draw, size=(11, 6.5), dpi=150))) == 4
