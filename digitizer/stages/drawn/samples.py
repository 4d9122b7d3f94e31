"""Tell the samples of a legend from markers of the data that lie inside the same boxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame
from digitizer.stages.drawn.markers import Form

IntArray = NDArray[np.int64]

# A legend's sample reaches beyond what was seen of it by less (px).
SAMPLE_PX = 3.0
# A legend's box is filled with the panel's ground, to this (levels), is of this share of the frame at most,
# and holds what is drawn after it inside it, to this (px).
GROUND_LEVELS, WIDEST_SHARE, INSIDE_PX = 12, 0.6, 1.0
# ... and no smaller than this (px): hollow markers are.
LEAST_BOX_PX = 24.0
# The strokes of one marker have the same middle, to this (px).
SAME_PX = 0.1


def without_samples(
    drawn: Sequence[DrawnPath], forms: Sequence[Form], legend: Sequence[LegendEntry], widest: float
) -> list[DrawnPath]:
    """The paths of a panel less those of its legend's samples.

    A program draws the samples of a form in one go, before or after its data: of the markers in a sample's
    box those are the sample that begin or end the order of their form, and of two where other entries have
    one that at the place beside its text where their samples are. What else lies there is data.

    Parameters
    ----------
    drawn : sequence of DrawnPath
        The paths that reach into the panel, in the order of drawing.
    forms : sequence of Form
        The forms that repeat among them.
    legend : sequence of LegendEntry
        The entries of the panel's legend.
    widest : float
        No sample is as wide (px).
    """
    entries = [entry for entry in legend if entry.swatch is not None]
    if not entries:
        return list(drawn)
    data = _data_places(forms, entries)
    return [
        path
        for path in drawn
        if path.box.width >= widest or not _lies_in(path, entries) or _is_at(path.box.center, path, data)
    ]


def without_boxed(drawn: Sequence[DrawnPath], frame: PanelFrame) -> list[DrawnPath]:
    """The paths of a panel less those in a box of its ground that was drawn over it before: a legend's."""
    kept: list[DrawnPath] = []
    boxes: list[Box] = []
    for path in drawn:
        box = path.box
        if any(
            own.contains(box.left, box.top, INSIDE_PX) and own.contains(box.right, box.bottom, INSIDE_PX)
            for own in boxes
        ):
            continue
        if kept and _covers(path, frame):
            boxes.append(box)
        kept.append(path)
    return kept


def _covers(path: DrawnPath, frame: PanelFrame) -> bool:
    """Whether a path is a box within the panel, filled with its ground."""
    if path.fill is None or max(abs(a - b) for a, b in zip(path.fill, frame.background, strict=True)) > (
        GROUND_LEVELS
    ):
        return False
    box, whole = path.box, frame.box
    across, down = box.right - box.left, box.bottom - box.top
    inside = whole.contains(box.left, box.top) and whole.contains(box.right, box.bottom)
    small = across <= WIDEST_SHARE * whole.width and down <= WIDEST_SHARE * whole.height
    return inside and small and min(across, down) >= LEAST_BOX_PX


def _lies_in(path: DrawnPath, entries: Sequence[LegendEntry]) -> bool:
    box = path.box
    return any(
        entry.swatch is not None
        and entry.swatch.contains(box.left, box.top, SAMPLE_PX)
        and entry.swatch.contains(box.right, box.bottom, SAMPLE_PX)
        for entry in entries
    )


def _is_at(center: tuple[float, float], path: DrawnPath, places: FloatArray) -> bool:
    """Whether a path marks one of the places, by its middle or by the origin it is told around."""
    told = [center] if path.origin is None else [center, path.origin]
    return any(bool((np.abs(places - at).max(axis=1) <= SAME_PX).any()) for at in told)


def _homes(entries: Sequence[LegendEntry]) -> FloatArray:
    """Where the sample of each entry is by its text and by the samples of all entries, px; shape (n, 2)."""
    swatches = [entry.swatch for entry in entries if entry.swatch is not None]
    texts = [entry.text.box for entry in entries]
    beside = [swatch.center[0] - text.center[0] for swatch, text in zip(swatches, texts, strict=True)]
    # Texts begin or end beside their samples.
    edges = np.array([t.left if off <= 0 else t.right for t, off in zip(texts, beside, strict=True)])
    away = np.median([swatch.center[0] for swatch in swatches] - edges)
    return np.stack([edges + away, [text.center[1] for text in texts]], axis=1)


def _data_places(forms: Sequence[Form], entries: Sequence[LegendEntry]) -> FloatArray:
    """The places of forms in samples' boxes that are data, px; shape (n, 2)."""
    homes, data, ends = _homes(entries), [np.empty((0, 2))], []
    for form in forms:
        places = np.stack([form.x, form.y], axis=1)
        owner = _owners(places, entries)
        inside = owner >= 0
        if not inside.any() or inside.all():
            continue
        off = np.where(inside, np.hypot(*(places - homes[owner]).T), np.inf)
        samples = _ends(owner, off)
        if samples.size:
            inside[samples] = False
            data.append(places[inside])
            ends += [(places[own], off[own]) for own in _of_each(samples, owner)]
    if ends and min(len(off) for _, off in ends) == 1:
        # Of two marks where other entries have one, data were drawn next to the sample.
        data += [places[[int(np.argmax(off))]] for places, off in ends if len(off) == 2]
    return np.concatenate(data)


def _owners(places: FloatArray, entries: Sequence[LegendEntry]) -> IntArray:
    """In whose sample's box each place lies, -1 where in none."""
    owner = np.full(len(places), -1)
    for k, entry in enumerate(entries):
        owner[[entry.swatch is not None and entry.swatch.contains(x, y) for x, y in places]] = k
    return owner


def _of_each(samples: IntArray, owner: IntArray) -> list[IntArray]:
    return [samples[owner[samples] == k] for k in np.unique(owner[samples])]


def _ends(owner: IntArray, off: FloatArray) -> IntArray:
    """The places in boxes that begin or end the order of a form; where both do, the nearer to their homes."""
    outside = np.flatnonzero(owner < 0)
    first, last = np.arange(outside[0]), np.arange(outside[-1] + 1, len(owner))
    ends = [end for end in (first, last) if end.size]
    return min(ends, key=lambda end: float(off[end].min())) if ends else first
