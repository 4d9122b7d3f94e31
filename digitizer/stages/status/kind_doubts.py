"""Measure doubts about bars, markers without lines, error bars and names: near 0 where all is well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import AxisEvidence, Box, FloatArray, PanelEvidence, Scale, Trace
from digitizer.medians import quantile
from digitizer.stages.pixels.nearest import distance_to_nearest
from digitizer.stages.series.paths.steps import has_one_a_step
from digitizer.stages.status.axis_doubts import label_doubts
from digitizer.stages.values.bar_values import ON_BASE_PX, bar_places, n_seen_bars, share_categories

# Sizes are put on scales on which each unit weighs about alike.
PER_LABEL = 5.0
PER_TOUCH = 0.1
PER_BEYOND = 0.01
PER_SLIVER = 0.02
PER_MISSING = 0.05
PER_STEP = 0.05
# Bars nearer than this share of their width are of one stack.
SAME_STACK = 0.5
MOST_COUNT = 4.0
# Labels without marks of their own are placed by their letters, to this share of a step.
LABEL_SLACK = 0.05
# Markers counted at most: all their pairs have to fit into memory.
MOST_MARKERS = 3000
# Markers nearer to each other than this share of their size are mostly read as one (drawn charts); how many
# are is told by those within so many sizes, where pairs are seen.
MERGED_SIZES = 0.35
AROUND_SIZES = 1.5
# A cloud is wrong that lacks more than this share of its markers.
LACKING = 0.05
# Clouds of so many markers at least share their places: to this (px), all but this share of them.
FEWEST_SHARED = 6
SAME_X_PX = 1.5
MOST_LONE = 0.2
# Lines with markers do where no more than this share of one's own are beside the other's.
MOST_OWN = 0.1


def measure_kind_doubts(evidence: PanelEvidence) -> dict[str, float]:
    """Doubts by name; every name is there, 0 where there is no doubt."""
    traces = evidence.traces
    bars = [trace for trace in traces if trace.kind == "bar"]
    clouds = [t for t in traces if t.kind == "scatter" and not has_one_a_step(t.x_px)]
    return {
        "label worst": PER_LABEL
        * max(
            _worst_label(evidence.x_axis, evidence.x_scale), _worst_label(evidence.y_axis, evidence.y_scale)
        ),
        "labels torn": min(MOST_COUNT, float(evidence.n_torn)),
        "ink beyond frame": float(np.log1p(evidence.beyond / PER_BEYOND)),
        "markers touching": float(np.log1p(max(_touching(clouds)) / PER_TOUCH)),
        "markers merged": _merged(clouds),
        "markers slivers": float(np.log1p(max(evidence.redrawn.slivers, default=0.0) / PER_SLIVER)),
        "markers unshared": min(MOST_COUNT, float(_n_unshared([t for t in traces if t.kind == "scatter"]))),
        "error bars missing": max(
            (float(np.log1p(_without_errors(t) / PER_MISSING)) for t in traces), default=0.0
        ),
        **_bar_doubts(evidence, bars),
    }


def _worst_label(axis: AxisEvidence | None, scale: Scale | None) -> float:
    """The recogniser's doubt about the label that it doubts most, of those that the scale stands on."""
    return 0.0 if axis is None or scale is None else max(label_doubts(axis, scale), default=0.0)


def _touching(clouds: Sequence[Trace]) -> list[float]:
    """Of each cloud the share of markers that touch another one, of any colour: some may hide a third."""
    n = sum(t.x_px.size for t in clouds)
    if not 1 < n <= MOST_MARKERS:
        return [float(n > MOST_MARKERS)]
    x, y = (np.concatenate([getattr(t, name) for t in clouds]) for name in ("x_px", "y_px"))
    size = np.concatenate([np.full(t.x_px.size, t.marker_size_px) for t in clouds])
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(apart, np.inf)
    touch = (apart < np.maximum(size[:, None], size)).any(axis=1)
    ends = np.cumsum([t.x_px.size for t in clouds])[:-1]
    return [float(np.mean(part)) if part.size else 0.0 for part in np.split(touch, ends)]


def _merged(clouds: Sequence[Trace]) -> float:
    """How unlikely it is (-log of the probability) that no cloud lacks too many markers by others' cover.

    Notes
    -----
    Of each pair nearer than ``MERGED_SIZES`` one marker is missed. Such pairs are not seen; from those seen
    around each marker their number is expected, and Poisson's law tells how likely few of them are.
    """
    n = sum(t.x_px.size for t in clouds)
    if not 1 < n <= MOST_MARKERS:
        return 0.0
    x, y = (np.concatenate([getattr(t, name) for t in clouds]) for name in ("x_px", "y_px"))
    size = np.concatenate([np.full(t.x_px.size, t.marker_size_px) for t in clouds])
    apart = np.hypot(x[:, None] - x, y[:, None] - y) / np.maximum(size[:, None], 1.0)
    around = np.count_nonzero((apart > MERGED_SIZES) & (apart < AROUND_SIZES), axis=1)
    expected = around / 2 * MERGED_SIZES**2 / (AROUND_SIZES**2 - MERGED_SIZES**2)
    unlikely = 0.0
    for part in np.split(expected, np.cumsum([t.x_px.size for t in clouds])[:-1]):
        mean = float(part.sum())
        allowed = np.arange(int(LACKING * (part.size + mean)) + 1)
        terms = allowed * np.log(max(mean, 1e-12)) - mean - np.cumsum(np.log(np.maximum(allowed, 1)))
        unlikely -= float(np.logaddexp.reduce(terms))
    return max(0.0, unlikely)


def n_unshared(traces: Sequence[Trace]) -> int:
    """How many markers a series lacks by others that share its places, where these are too many."""
    clouds = [t for t in traces if t.kind == "scatter"]
    n, least = _n_unshared(clouds), min((t.x_px.size for t in clouds), default=0)
    return max(n if n > LACKING * (least + n) else 0, _n_hidden(traces))


def _n_hidden(traces: Sequence[Trace]) -> int:
    """How many markers a line lacks where another has some, at most, of lines that share all other places.

    Of two markers nearer than half their size one is easily lost (none of 600 panels has such lines and is
    right but one, of many lines that hide each other).
    """
    lines = [t for t in traces if t.kind == "line" and t.sampled_at == "markers"]
    places = [np.sort(t.x_px[np.isfinite(t.y_px)]) for t in lines]
    worst = 0
    for i, x in enumerate(places):
        for k, others in enumerate(places):
            if i == k or x.size < FEWEST_SHARED or others.size <= x.size:
                continue
            inside = others[(others > x[0]) & (others < x[-1])]
            lone = int(np.count_nonzero(distance_to_nearest(inside, x) > SAME_X_PX))
            own = np.mean(distance_to_nearest(x, others) > SAME_X_PX)
            if LACKING * (x.size + lone) < lone <= MOST_LONE * x.size and own <= MOST_OWN:
                worst = max(worst, lone)
    return worst


def _n_unshared(clouds: Sequence[Trace]) -> int:
    """How many markers a cloud lacks where another one has some, at most, of clouds that share their places.

    Series that were measured at the same places stand at the same x; where one of them has no marker it may
    lie under the other's.
    """
    worst = 0
    for cloud in clouds:
        x = np.sort(cloud.x_px)
        if x.size < FEWEST_SHARED or np.min(np.diff(x)) <= 2 * SAME_X_PX:
            continue
        for other in clouds:
            lone = np.sort(other.x_px[np.abs(other.x_px[:, None] - x).min(axis=1) > SAME_X_PX])
            # Two at one place, of which one is what shows of the hidden marker, count once.
            n = int(lone.size > 0) + int(np.count_nonzero(np.diff(lone) > SAME_X_PX))
            if other is not cloud and n <= MOST_LONE * x.size:
                worst = max(worst, n)
    return worst


def _without_errors(trace: Trace) -> float:
    """Share of a series' points that have no error bar where others have one."""
    if trace.kind == "band" or trace.y_low_px is None:
        return 0.0
    seen = np.isfinite(trace.y_px)
    return float(np.mean(~np.isfinite(trace.y_low_px[seen]))) if seen.any() else 0.0


def _bar_doubts(evidence: PanelEvidence, bars: Sequence[Trace]) -> dict[str, float]:
    doubts = dict.fromkeys(("bars missing", "bars off labels"), 0.0)
    if not bars:
        return doubts
    lying = bars[0].orientation == "horizontal"
    axis, scale = (evidence.y_axis, evidence.y_scale) if lying else (evidence.x_axis, evidence.x_scale)
    if axis is None or scale is None or scale.kind != "category":
        lacking = _lacking_in_stacks(bars, evidence.redrawn.unexplained)
        doubts["bars missing"] = float(np.log1p(lacking / PER_MISSING))
        return doubts
    n = len(axis.labels)
    missing = max(max(0, n - n_seen_bars(t)) / n for t in bars)
    missing = 0.0 if share_categories(bars, scale) else missing
    doubts["bars missing"] = float(np.log1p(missing / PER_MISSING))
    off = _off_labels([bar_places(t) for t in bars], axis.label_px, abs(scale.slope))
    doubts["bars off labels"] = max(0.0, off - LABEL_SLACK) / PER_STEP
    return doubts


def _lacking_in_stacks(bars: Sequence[Trace], unexplained: Sequence[Box]) -> float:
    """The share of stacks over numbers in which the series that lacks most bars has none.

    The thin ends of stacked histograms show slivers of a pixel or two: where one is not seen, the others of
    its stack are off as well. Where none is, what stands on the base line is left unexplained.
    """
    based = [t for t in bars if t.base_px is not None and t.x_px.size]
    if len(based) < 2 or all(np.ptp(t.base_px) <= ON_BASE_PX for t in based if t.base_px is not None):
        return 0.0
    places = np.sort(np.concatenate([bar_places(t) for t in based]))
    wide = float(np.median([t.line_width_px for t in based]))
    n_stacks = 1 + int(np.count_nonzero(np.diff(places) > SAME_STACK * wide))
    n_left = sum(_is_left_out(box, based, places, wide) for box in unexplained)
    return max(0.0, 1.0 - min(t.x_px.size for t in based) / (n_stacks + n_left))


def _is_left_out(box: Box, bars: Sequence[Trace], places: FloatArray, wide: float) -> bool:
    """Whether ink that nothing explains stands on the base line of upright bars, as wide as one."""
    bases = np.concatenate([t.base_px for t in bars if t.base_px is not None])
    level = bars[0].orientation != "horizontal" and abs(box.bottom - float(bases.max())) <= ON_BASE_PX
    return bool(
        level and box.width >= SAME_STACK * wide and np.abs(places - box.center[0]).min() > SAME_STACK * wide
    )


def _off_labels(places: Sequence[FloatArray], labels: FloatArray, step: float) -> float:
    """How differently far from their labels the groups of bars stand, in steps; a common shift is none."""
    everything = np.concatenate(places)
    nearest = np.argmin(np.abs(everything[:, None] - labels[None]), axis=1)
    groups = [everything[nearest == k] for k in range(len(labels))]
    full = max(len(g) for g in groups)
    middles = [(g.min() + g.max()) / 2 - labels[k] for k, g in enumerate(groups) if len(g) == full]
    return quantile(np.abs(middles - np.median(middles)), 0.9) / max(step, 1.0)
