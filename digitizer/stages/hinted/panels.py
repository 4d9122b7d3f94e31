"""What a person says about the panels: where they are, how they are arranged, what is not to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from digitizer.errors import HintError
from digitizer.evidence import Box, ByteImage, PanelFrame, Picture, TextSpan
from digitizer.hints import Hints, Region
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.panels.cells import reading_order
from digitizer.stages.panels.touching import part_touching

# A frame given by hand is moved onto a line drawn this near to it (px): nobody points better.
SNAP_PX = 3.0
# Panels of one row or column start within this share of a panel's side of each other.
SAME_PLACE = 0.25
# Panels this far (as a share) from the usual size are none of a grid's: insets, legends.
ODD_SIZE = 0.25
# Smaller than this (px) a frame has no inside.
MIN_SIDE_PX = 12
# The ground around a region is taken from a rim of this width (px).
RIM_PX = 2


def leave_out_regions(picture: Picture, hints: Hints) -> Picture:
    """Paint the regions that are to be ignored in the colour around them.

    Raises
    ------
    HintError
        Where a region lies outside the picture or leaves nothing of it.
    """
    if not hints.ignore_regions:
        return picture
    rgb = picture.rgb.copy()
    for region in hints.ignore_regions:
        left, top, right, bottom = _whole_pixels(region, picture)
        if (right - left) * (bottom - top) >= 0.95 * picture.width * picture.height:
            raise HintError(
                picture.name, f"the region to ignore {region} leaves nothing of it", "make it smaller"
            )
        rgb[top:bottom, left:right] = _ground_around(rgb, left, top, right, bottom)
    return replace(picture, rgb=rgb)


def hide_regions(
    spans: Sequence[TextSpan], frames: Sequence[PanelFrame], picture: Picture, hints: Hints
) -> tuple[TextSpan, ...]:
    """Add the regions to ignore to what lies over series, as texts do: a line goes on beneath them."""
    hidden = []
    for region in hints.ignore_regions:
        left, top, right, bottom = region.to_pixels(picture.width, picture.height)
        box = Box(left=left, top=top, right=right, bottom=bottom)
        for index, frame in enumerate(frames):
            if frame.box.overlaps(box):
                hidden.append(TextSpan(box=box, text="", confidence=1.0, panel=index))
                break
    return (*spans, *hidden)


def _whole_pixels(region: Region, picture: Picture) -> tuple[int, int, int, int]:
    """The first and one past the last column and row of a region, inside the picture."""
    left, top, right, bottom = region.to_pixels(picture.width, picture.height)
    x0, x1 = (int(np.clip(round(v), 0, picture.width)) for v in (left, right + 1))
    y0, y1 = (int(np.clip(round(v), 0, picture.height)) for v in (top, bottom + 1))
    if x0 >= x1 or y0 >= y1:
        size = f"{picture.width} x {picture.height} pixels"
        raise HintError(picture.name, f"the region {region} lies outside its {size}", "correct the region")
    return x0, y0, x1, y1


def _ground_around(rgb: ByteImage, left: int, top: int, right: int, bottom: int) -> ByteImage:
    """The commonest colour of a rim around a region (of the region itself where it fills the picture)."""
    x0, y0 = max(left - RIM_PX, 0), max(top - RIM_PX, 0)
    block = rgb[y0 : bottom + RIM_PX, x0 : right + RIM_PX]
    rim = np.ones(block.shape[:2], dtype=bool)
    rim[top - y0 : bottom - y0, left - x0 : right - x0] = False
    pixels = block[rim] if rim.any() else block.reshape(-1, 3)
    colors, counts = np.unique(pixels, axis=0, return_counts=True)
    commonest: ByteImage = colors[counts.argmax()]
    return commonest


def hint_panels(frames: Sequence[PanelFrame], picture: Picture, hints: Hints) -> tuple[PanelFrame, ...]:
    """The panels found, or those whose frames are given; completed and checked by their arrangement.

    Where fewer stand in a grid than are told of, :func:`part_hinted` looks for those that touch.

    Raises
    ------
    HintError
        Where the hints cannot be true of this picture.
    """
    given = [panel.frame for panel in hints.panels if panel.frame is not None]
    if given:
        frames = [_given_frame(region, picture) for region in given]
        for index, frame in enumerate(frames):
            for other, before in enumerate(frames[:index]):
                if before.box.overlaps(frame.box, margin=-SNAP_PX):
                    problem = f"the frames given for panels {other + 1} and {index + 1} overlap"
                    raise HintError(picture.name, problem, "correct the frames")
    if hints.grid is not None:
        frames = _arranged(list(frames), picture, hints.grid)
    if len(hints.panels) > len(frames):
        problem = f"{len(hints.panels)} panels are described, and {len(frames)} were found"
        raise HintError(picture.name, problem, "give each panel its frame")
    return tuple(frames)


def _given_frame(region: Region, picture: Picture) -> PanelFrame:
    left, top, right, bottom = region.to_pixels(picture.width, picture.height)
    inside = min(left, top) >= -1 and right <= picture.width and bottom <= picture.height
    frame = None
    if inside and right - left >= MIN_SIDE_PX and bottom - top >= MIN_SIDE_PX:
        box = Box(left=left, top=top, right=right, bottom=bottom)
        frame = measure_frame(picture, box, reach=SNAP_PX)
    if frame is None:
        problem = f"the frame {region} does not lie inside its {picture.width} x {picture.height} pixels"
        raise HintError(picture.name, problem, "correct the frame (left, top, right, bottom)")
    return frame


def _arranged(frames: list[PanelFrame], picture: Picture, grid: tuple[int, int]) -> list[PanelFrame]:
    """Panels that stand in so many rows and columns; what is none of the grid goes, what is missing comes."""
    kept = frames
    if len(frames) > 1:
        width = float(np.median([f.box.width for f in frames]))
        height = float(np.median([f.box.height for f in frames]))
        usual = [
            f
            for f in frames
            if abs(f.box.width / width - 1) < ODD_SIZE and abs(f.box.height / height - 1) < ODD_SIZE
        ]
        if _n_places(usual) == grid and _n_places(frames) != grid:
            kept = usual
    found = _n_places(kept)
    if found == grid and len(kept) <= grid[0] * grid[1]:
        return reading_order(kept + _missing(kept, picture))
    if all(seen <= told for seen, told in zip(found, grid, strict=True)) and len(frames) < grid[0] * grid[1]:
        # Panels that touch are parted once their labels are read.
        return frames
    raise _not_seen(frames, picture, grid)


def _not_seen(frames: Sequence[PanelFrame], picture: Picture, grid: tuple[int, int]) -> HintError:
    """That panels do not stand as is said."""
    found = _n_places(frames)
    words = f"{len(frames)} panels in {found[0]}x{found[1]}" if len(frames) != 1 else "one panel"
    problem = f"its panels are given as {grid[0]}x{grid[1]} (rows x columns), and {words} can be seen"
    return HintError(picture.name, problem, "correct the arrangement, or give each panel its frame")


def part_hinted(
    picture: Picture, axes: tuple[PanelAxes, ...], spans: tuple[TextSpan, ...], hints: Hints
) -> tuple[tuple[PanelAxes, ...], tuple[TextSpan, ...]]:
    """Part panels that touch, unless hints say where panels are or all that they tell of were seen.

    Raises
    ------
    HintError
        Where the panels stand in other rows and columns than the hints say.
    """
    if hints.panels or (hints.grid is not None and _n_places([a.frame for a in axes]) == hints.grid):
        return axes, spans
    axes, spans = part_touching(picture, axes, spans)
    frames = [a.frame for a in axes]
    if hints.grid is not None and _n_places(frames) != hints.grid:
        raise _not_seen(frames, picture, hints.grid)
    return axes, spans


def _n_places(frames: Sequence[PanelFrame]) -> tuple[int, int]:
    """In how many rows and columns panels stand."""
    return len(_groups(frames, "top", "bottom")), len(_groups(frames, "left", "right"))


def _groups(frames: Sequence[PanelFrame], first: str, last: str) -> list[tuple[float, float]]:
    """The places where panels start and end in one direction, each once (medians)."""
    if not frames:
        return []
    spans = sorted((getattr(f.box, first), getattr(f.box, last)) for f in frames)
    side = float(np.median([b - a for a, b in spans]))
    cuts = [k + 1 for k, (a, b) in enumerate(pairwise(spans)) if b[0] - a[0] > SAME_PLACE * side]
    parts = [spans[i:j] for i, j in pairwise([0, *cuts, len(spans)])]
    return [(float(np.median([a for a, _ in p])), float(np.median([b for _, b in p]))) for p in parts]


def _missing(frames: list[PanelFrame], picture: Picture) -> list[PanelFrame]:
    """Panels at places of the grid where none was found and something is drawn."""
    out = []
    for top, bottom in _groups(frames, "top", "bottom"):
        for left, right in _groups(frames, "left", "right"):
            box = Box(left=left, top=top, right=right, bottom=bottom)
            if any(f.box.overlaps(box, margin=-SNAP_PX) for f in frames):
                continue
            frame = measure_frame(picture, box, reach=SNAP_PX)
            if frame is not None and (frame.sides or len(frame.grid_x) or len(frame.grid_y)):
                out.append(frame)
    return out
