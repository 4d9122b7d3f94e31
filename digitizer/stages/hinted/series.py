"""What a person says about the series' colours: these are series, and others are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.colors import to_hex, to_lab
from digitizer.errors import HintError
from digitizer.evidence import Box, ByteImage, LegendEntry, Mask, PanelFrame, Picture, TextSpan, Trace
from digitizer.hints import Hints
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.checks.redraw import draw_trace
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.tracing.trace import trace_panels

Color = tuple[int, int, int]
Colors = tuple[Color, ...]
Legends = tuple[tuple[LegendEntry, ...], ...]
Traces = tuple[tuple[Trace, ...], ...]

# A series has the colour given where it is this near (CIELAB): naming's scale for one series in two places.
SAME_COLOR = 18.0
# A colour is in the picture where this many pixels inside a frame are that near to it.
MIN_PIXELS = 8
# Strokes that are left out are painted over to this far (px) from their outline.
ERASE_PX = 2.5


def trace_hinted(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan], legends: Legends, hints: Hints
) -> tuple[Picture, Legends, Traces]:
    """Trace the series of each panel; where colours are given, those of these colours alone.

    Returns
    -------
    picture, legends
        Without what was left out, so that nobody asks for it to be explained.
    traces
        One tuple a panel.

    Raises
    ------
    HintError
        Where a colour is nowhere inside the frames it is given for.
    """
    colors = [tuple(_parse(text) for text in hints.for_panel(k).series_colors) for k in range(len(axes))]
    if not any(colors):
        return picture, legends, trace_panels(picture, axes, spans, legends)
    wanted = tuple(
        tuple(e for e in legend if not own or e.color is None or _is_like(e.color, own))
        for legend, own in zip(legends, colors, strict=True)
    )
    seeds = _seed_colors(picture, axes, colors, wanted)
    found = trace_panels(picture, axes, spans, tuple(a + b for a, b in zip(legends, seeds, strict=True)))
    kept = tuple(
        tuple(t for t in traces if not own or _is_like(t.color, own))
        for traces, own in zip(found, colors, strict=True)
    )
    samples = [
        tuple(e.swatch for e in legend if e.swatch is not None and not any(e is w for w in left))
        for legend, left in zip(legends, wanted, strict=True)
    ]
    return _without_unwanted(picture, axes, samples, found, kept), wanted, kept


def _seed_colors(
    picture: Picture, axes: Sequence[PanelAxes], colors: Sequence[Colors], legends: Legends
) -> Legends:
    """The colours given, for the tracing to look for: legend entries without a sample."""
    out = []
    absent: dict[Color, bool] = {}
    for a, own, legend in zip(axes, colors, legends, strict=True):
        there = [color for color in own if _is_in(picture, a.frame, color)]
        for color in own:
            absent[color] = absent.get(color, True) and color not in there
        listed = tuple(e.color for e in legend if e.color is not None)
        out.append(tuple(_seed(color, a.frame.box) for color in there if not _is_like(color, listed)))
    for color, is_absent in absent.items():
        if is_absent:
            problem = f"the series colour {to_hex(color)} is nowhere in the panels it is given for"
            raise HintError(picture.name, problem, "pick the colour from the picture")
    return tuple(out)


def _without_unwanted(
    picture: Picture,
    axes: Sequence[PanelAxes],
    samples: Sequence[tuple[Box, ...]],
    found: Traces,
    kept: Traces,
) -> Picture:
    """The picture with the series that were left out, and their samples, painted over."""
    rgb = picture.rgb.copy()
    for a, boxes, traces, wanted in zip(axes, samples, found, kept, strict=True):
        for box in boxes:
            rows = slice(max(int(box.top - ERASE_PX), 0), int(box.bottom + ERASE_PX) + 1)
            columns = slice(max(int(box.left - ERASE_PX), 0), int(box.right + ERASE_PX) + 1)
            rgb[rows, columns] = a.frame.background
        ink = see_ink(picture, a.frame, ())
        dropped = [t for t in traces if not any(t is w for w in wanted)]
        if ink is None or not dropped:
            continue
        mask = np.zeros(ink.strength.shape, dtype=bool)
        for trace in dropped:
            mask |= draw_trace(trace, ink, margin=ERASE_PX) > 0
        y, x = np.nonzero(mask)
        pixels = rgb[y + ink.top, x + ink.left]
        ground = np.array(a.frame.background, dtype=np.uint8)
        rgb[y + ink.top, x + ink.left] = np.where(_belongs(pixels, wanted)[:, None], pixels, ground)
    return replace(picture, rgb=rgb)


def _belongs(pixels: ByteImage, wanted: Sequence[Trace]) -> Mask:
    """Which pixels have the colour of a series that is kept."""
    lab = to_lab(pixels.astype(np.float64))
    near = np.zeros(len(pixels), dtype=bool)
    for trace in wanted:
        own = to_lab(np.array(trace.color, dtype=np.float64))
        near |= np.linalg.norm(lab - own, axis=1) < SAME_COLOR
    return near


def _is_like(color: Color, others: Colors) -> bool:
    """Whether a colour is one of several, as far as one series' colour varies."""
    if not others:
        return False
    lab = to_lab(np.array([color, *others], dtype=np.float64))
    return bool(np.linalg.norm(lab[1:] - lab[0], axis=1).min() < SAME_COLOR)


def _is_in(picture: Picture, frame: PanelFrame, color: Color) -> bool:
    box = frame.box
    inside = picture.rgb[int(box.top) + 1 : int(box.bottom), int(box.left) + 1 : int(box.right)]
    colors, counts = np.unique(inside.reshape(-1, 3) >> 2, axis=0, return_counts=True)
    lab = to_lab(colors.astype(np.float64) * 4 + 1.5)
    own = to_lab(np.array(color, dtype=np.float64))
    return int(counts[np.linalg.norm(lab - own, axis=1) < SAME_COLOR].sum()) >= MIN_PIXELS


def _seed(color: Color, box: Box) -> LegendEntry:
    corner = Box(left=box.left, top=box.top, right=box.left, bottom=box.top)
    return LegendEntry(text=TextSpan(box=corner, text="", confidence=1.0), swatch=None, color=color)


def _parse(text: str) -> Color:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
