"""Series that a panel has no ink of: the legend that serves all panels lists them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import LegendEntry, PanelFrame, Picture, Trace
from digitizer.stages.checks.siblings import SAME_COLOR, Color
from digitizer.stages.pixels.rectangles import away_from
from digitizer.stages.series.inks.ink import inside_of

# Fewer pixels of a colour are no marker, but rims of others.
FEWEST_PIXELS = 4
# So many panels of one line each, of several colours: that in each another one lies under it is no chance.
FEWEST_FACETS = 4
# Ink differs from the ground by more than this (levels).
INK = 24


def without_absent(
    picture: Picture,
    frames: Sequence[PanelFrame],
    legends: Sequence[tuple[LegendEntry, ...]],
    traces: Sequence[tuple[Trace, ...]],
) -> list[tuple[LegendEntry, ...]]:
    """Legends without the groups that their panel shows no pixel of.

    Parameters
    ----------
    picture
        The source.
    frames, legends, traces
        Of each panel.

    Returns
    -------
    list of tuple of LegendEntry
        Changed only where the legend stands outside of all panels of several (one inside a panel lists what
        is in it), in panels of clouds or bars alone, which others do not hide down to the last pixel of each
        as they do lines, in those of a figure whose legend lists each series of all panels once, and where
        each of several panels has one line.
    """
    if len(frames) < 2:
        return list(legends)
    once = _lists_each_once(legends, traces) or _have_one_line_each(traces)
    out = []
    for frame, legend, panel in zip(frames, legends, traces, strict=True):
        shared = len(legend) > 1 and all(e.text.panel is None and e.color is not None for e in legend)
        if shared and (once or _hide_none(panel)):
            seen = _seen_colors(picture, frame, [e.color for e in legend if e.color is not None])
            legend = tuple(e for e, here in zip(legend, seen, strict=True) if here)
        out.append(legend)
    return out


def without_unseen(
    picture: Picture,
    frames: Sequence[PanelFrame],
    colors: Sequence[tuple[Color, ...]],
    traces: Sequence[tuple[Trace, ...]],
) -> tuple[tuple[Color, ...], ...]:
    """Colours that siblings show and panels of clouds or bars do not, but for those without a pixel there."""
    out = []
    for frame, missing, panel in zip(frames, colors, traces, strict=True):
        if missing and _hide_none(panel):
            seen = _seen_colors(picture, frame, missing)
            missing = tuple(color for color, here in zip(missing, seen, strict=True) if here)
        out.append(missing)
    return tuple(out)


def _lists_each_once(legends: Sequence[tuple[LegendEntry, ...]], traces: Sequence[tuple[Trace, ...]]) -> bool:
    """Whether all panels share a legend that has one colour a trace of all of them, and no other.

    Plotly's subplots: their traces take the next colour each, whichever panel they are in. A line hidden by
    another one would be listed and nowhere seen.
    """
    colors = [entry.color for entry in legends[0] if entry.color is not None]
    shown = [trace.color for panel in traces for trace in panel]
    if not all(traces) or len(colors) != len(shown) or any(legend != legends[0] for legend in legends):
        return False
    lab, theirs = to_lab(np.array(colors, dtype=np.float64)), to_lab(np.array(shown, dtype=np.float64))
    near = np.linalg.norm(lab[:, None] - theirs[None], axis=2) < SAME_COLOR
    return bool(np.all(near.sum(axis=0) == 1) and np.all(near.sum(axis=1) == 1))


def _have_one_line_each(traces: Sequence[tuple[Trace, ...]]) -> bool:
    """Whether each of several panels has one line: facets by name, coloured by group (ggplot2)."""
    lines = [len(panel) == 1 and panel[0].kind == "line" for panel in traces]
    return len(traces) >= FEWEST_FACETS and all(lines) and len({panel[0].color for panel in traces}) > 1


def _hide_none(panel: tuple[Trace, ...]) -> bool:
    """Whether a panel is of clouds or of bars alone."""
    return {trace.kind for trace in panel} in ({"scatter"}, {"bar"})


def _seen_colors(picture: Picture, frame: PanelFrame, colors: Sequence[Color]) -> list[bool]:
    """Whether pixels inside a frame have each of some colours."""
    left, top, right, bottom = inside_of(picture, frame)
    inside = picture.rgb[top : bottom + 1, left : right + 1]
    inked = inside[away_from(inside, np.array(frame.background, dtype=np.float64)) > INK]
    if not len(inked):
        return [False] * len(colors)
    shades, counts = np.unique(inked, axis=0, return_counts=True)
    lab = to_lab(shades.astype(np.float64))
    own = to_lab(np.array(colors, dtype=np.float64))
    return [bool(counts[np.linalg.norm(lab - c, axis=1) < SAME_COLOR].sum() >= FEWEST_PIXELS) for c in own]
