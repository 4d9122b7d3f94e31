"""What a person says about ticks: labels put right, and labels where none was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from digitizer.errors import HintError
from digitizer.evidence import AxisEvidence, Box, PanelFrame, Picture, Side, TextSpan
from digitizer.hints import TICK_MARGIN, AxisHints, Hints, TickHint, short
from digitizer.numbers import parse_number, parse_offset
from digitizer.separators import Separators, with_points
from digitizer.stages.axes.marks import find_marks
from digitizer.stages.axes.panel_axes import PanelAxes

AXES: tuple[tuple[str, Side], ...] = (("x", "bottom"), ("y", "left"), ("y2", "right"))
# A tick given by hand is the label or the mark this near to it (px): nobody points better.
SNAP_PX = 3.0
# How well a hand points where nothing is drawn (px).
POINTING_SIGMA_PX = 0.5


def hint_axes(
    axes: Sequence[PanelAxes], spans: Sequence[TextSpan], picture: Picture, hints: Hints
) -> tuple[tuple[PanelAxes, ...], tuple[TextSpan, ...]]:
    """Put the ticks given among the labels read, in place of those that stand at the same mark.

    Returns
    -------
    axes
        With the ticks given.
    spans
        The texts of the figure, those of corrected labels corrected.

    Raises
    ------
    HintError
        Where a tick lies beyond its axis (one for all panels: beyond each panel's).
    """
    out = []
    corrected: dict[int, TextSpan] = {}
    outside = {tick for name, _ in AXES for tick in getattr(hints, name).ticks} if axes else set()
    for index, panel in enumerate(axes):
        known = hints.for_panel(index)
        own = hints.panels[index] if index < len(hints.panels) else None
        hinted: dict[str, Any] = {}
        for name, side in AXES:
            given: AxisHints = getattr(known, name)
            if given:
                evidence = getattr(panel, name) or _unlabelled(picture, panel.frame, side)
                ticks = _on_axis(given.ticks, panel.frame, evidence.side, picture)
                outside -= set(ticks)
                if own is not None and getattr(own, name).ticks and len(ticks) < len(given.ticks):
                    raise _beyond(next(t for t in given.ticks if t not in ticks), picture)
                hinted[name] = _with_ticks(evidence, ticks, panel.frame, picture)
                _note_corrections(evidence, hinted[name], corrected)
        out.append(replace(panel, **hinted))
    if outside:
        raise _beyond(next(iter(outside)), picture)
    return tuple(out), tuple(corrected.get(id(span), span) for span in spans)


def _on_axis(
    ticks: Sequence[TickHint], frame: PanelFrame, side: Side, picture: Picture
) -> tuple[TickHint, ...]:
    """The ticks that stand between the two ends of an axis."""
    box = frame.box
    low, high = (box.left, box.right) if side in ("top", "bottom") else (box.top, box.bottom)
    margin = max(SNAP_PX, TICK_MARGIN * (high - low))
    pixels = tick_pixels(ticks, side, picture)
    return tuple(
        tick for tick, pixel in zip(ticks, pixels, strict=True) if low - margin <= pixel <= high + margin
    )


def _beyond(tick: TickHint, picture: Picture) -> HintError:
    problem = f"the tick {short(tick.value)} given at {tick.at} lies beyond its axis"
    return HintError(picture.name, problem, "correct its place")


def _note_corrections(before: AxisEvidence, after: AxisEvidence, corrected: dict[int, TextSpan]) -> None:
    """Remember which span took the place of which: later stages know labels by what they are."""
    if before.borrowed:
        return
    places = {label.box: label for label in after.labels}
    for label in before.labels:
        corrected.setdefault(id(label), places[label.box])


def tick_pixels(ticks: Sequence[TickHint], side: Side, picture: Picture) -> list[float]:
    """Where ticks stand along their axis (px)."""
    size = picture.width if side in ("top", "bottom") else picture.height
    return [tick.at.to_pixel(size) for tick in ticks]


def _unlabelled(picture: Picture, frame: PanelFrame, side: Side) -> AxisEvidence:
    nothing = np.empty(0)
    return AxisEvidence(
        side=side,
        marks=find_marks(picture, frame, side),
        labels=(),
        label_px=nothing,
        label_sigma_px=nothing,
    )


def _with_ticks(
    evidence: AxisEvidence, ticks: Sequence[TickHint], frame: PanelFrame, picture: Picture
) -> AxisEvidence:
    if not ticks:
        return evidence
    labels, pixels = list(evidence.labels), evidence.label_px.tolist()
    sigmas = evidence.label_sigma_px.tolist()
    for tick, pixel in zip(ticks, tick_pixels(ticks, evidence.side, picture), strict=True):
        off = np.abs(np.asarray(pixels) - pixel)
        nearest = int(off.argmin()) if off.size else -1
        if nearest >= 0 and off[nearest] <= SNAP_PX:
            labels[nearest] = replace(labels[nearest], text=_print(tick, evidence.multiplier), confidence=1.0)
            continue
        if len(evidence.marks):
            mark = float(evidence.marks[np.abs(evidence.marks - pixel).argmin()])
            pixel = mark if abs(mark - pixel) <= SNAP_PX else pixel
        labels.append(_span(tick, evidence, pixel, frame.box))
        pixels.append(pixel)
        sigmas.append(POINTING_SIGMA_PX)
    order = np.argsort(pixels, kind="stable")
    return replace(
        evidence,
        labels=tuple(labels[k] for k in order),
        label_px=np.array(pixels, dtype=np.float64)[order],
        label_sigma_px=np.array(sigmas, dtype=np.float64)[order],
    )


def _span(tick: TickHint, evidence: AxisEvidence, pixel: float, box: Box) -> TextSpan:
    x, y = {
        "bottom": (pixel, box.bottom),
        "top": (pixel, box.top),
        "left": (box.left, pixel),
        "right": (box.right, pixel),
    }[evidence.side]
    place = Box(left=x, top=y, right=x, bottom=y)
    return TextSpan(box=place, text=_print(tick, evidence.multiplier), confidence=1.0)


def _print(tick: TickHint, multiplier: TextSpan | None) -> str:
    """What the axis would print there: the value before the multiplier at the axis' end is applied."""
    if isinstance(tick.value, str):
        return tick.value
    offset = None if multiplier is None else parse_offset(multiplier.text)
    factor, shift = (1.0, 0.0) if offset is None else (offset.factor, offset.shift)
    value = (tick.value - shift) / factor
    for thousands in ",.":
        separators = Separators(thousands=frozenset(thousands))
        parsed = None if tick.text is None else parse_number(with_points(tick.text, separators))
        if parsed is not None and np.isclose(parsed.value, value, rtol=1e-9, atol=0):
            return str(tick.text)
    return f"{value:.12g}"
