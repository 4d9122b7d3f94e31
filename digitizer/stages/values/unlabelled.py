"""Name the categories between those that are labelled, where the labels are every second or third of a row.

Axes of months often label only some, and lines have points at all: what stands between Jan and Mar is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale, TextSpan, Trace
from digitizer.stages.axes.calendar_names import DAYS, MONTHS
from digitizer.stages.axes.ordered import fit_categories
from digitizer.stages.values.category_points import END_PX, is_between

# How people shorten them.
STYLES: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    lambda name: name[:3],
    lambda name: name if len(name) <= 4 else name[:3],
    lambda name: name if len(name) <= 4 else "Sept" if name == "September" else name[:3],
    lambda name: f"{name[:3]}." if len(name) > 3 else name,
)
# So many labels show the step of their row.
LEAST_LABELS = 3
# A name that nobody printed is no sure reading.
INFERRED = 0.8


def name_unlabelled(
    evidence: AxisEvidence | None, scale: Scale | None, traces: Sequence[Trace]
) -> tuple[AxisEvidence | None, Scale | None]:
    """Put the categories between the labels among them, where series have points there.

    Parameters
    ----------
    evidence, scale
        A horizontal axis and its scale.
    traces
        The panel's series.

    Returns
    -------
    tuple of AxisEvidence and Scale
        With a label for each category, or as they were where nothing tells the missing names.
    """
    if evidence is None or scale is None or scale.kind != "category":
        return evidence, scale
    labels = evidence.labels
    row = _row_of([span.text for span in labels])
    if row is None or not any(is_between(t, scale, len(labels)) for t in traces):
        return evidence, scale
    step, name = row
    spacing = abs(scale.slope) / step
    reached = np.concatenate([t.x_px[np.isfinite(t.y_px)] for t in traces if t.kind != "band"])
    before = _beyond(float(scale.to_pixel(0.0)) - float(reached.min()), spacing)
    after = _beyond(float(reached.max()) - float(scale.to_pixel(len(labels) - 1.0)), spacing)
    places = np.arange(-before, step * (len(labels) - 1) + after + 1)
    px = np.asarray(scale.to_pixel(places / step), dtype=np.float64)
    known = {step * i: i for i in range(len(labels))}
    spans = [
        labels[known[int(p)]] if int(p) in known else _span(name(int(p)), float(at), labels[0])
        for p, at in zip(places, px, strict=True)
    ]
    whole = replace(
        evidence, labels=tuple(spans), label_px=px, label_sigma_px=_sigma(evidence.label_sigma_px, len(px))
    )
    return whole, fit_categories(whole)


def _beyond(px: float, spacing: float) -> int:
    """How many categories a series reaches beyond the last label."""
    return max(0, int(np.floor((px + END_PX) / spacing)))


def _sigma(sigma: FloatArray, n: int) -> FloatArray:
    return np.full(n, float(np.median(sigma)))


def _span(text: str, px: float, like: TextSpan) -> TextSpan:
    half = like.box.width / 2
    box = replace(like.box, left=px - half, right=px + half)
    return TextSpan(box=box, text=text, confidence=INFERRED, angle_deg=like.angle_deg)


def _row_of(texts: Sequence[str]) -> tuple[int, Callable[[int], str]] | None:
    """The step of labels in a row that everybody knows, and the name at each place from the first label's."""
    if len(texts) < LEAST_LABELS:
        return None
    for row in (MONTHS, DAYS):
        for style in STYLES:
            for case in (str, str.upper, str.lower):
                names = [case(style(name)) for name in row]
                if all(text in names for text in texts):
                    return _stepped([names.index(text) for text in texts], names)
    parts = [re.fullmatch(r"(\D*)(\d+)(\D*)", text) for text in texts]
    if all(p is not None and p[1] + p[3] for p in parts) and len({(p[1], p[3]) for p in parts if p}) == 1:
        numbers = [int(p[2]) for p in parts if p is not None]
        head, tail = next((p[1], p[3]) for p in parts if p is not None)
        steps = set(np.diff(numbers).tolist())
        if len(steps) == 1 and (step := steps.pop()) > 1:
            return step, lambda place: f"{head}{numbers[0] + place}{tail}"
    return None


def _stepped(places: Sequence[int], names: Sequence[str]) -> tuple[int, Callable[[int], str]] | None:
    steps = {(b - a) % len(names) for a, b in pairwise(places)}
    if len(steps) != 1 or (step := steps.pop()) < 2:
        return None
    return step, lambda place: names[(places[0] + place) % len(names)]
