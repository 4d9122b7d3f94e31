"""The recipe: from a panel's ink to its traces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import cv2
import numpy as np

from digitizer.evidence import Box, FloatArray, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.series.along_sides import follow_sides
from digitizer.stages.series.beads.places import measure_sample
from digitizer.stages.series.bullets import without_bullets
from digitizer.stages.series.bundles import find_bundle, find_crowd
from digitizer.stages.series.chords import as_trace, find_chord, without_chord
from digitizer.stages.series.dotted_pair import lists_both, place_alone, place_together
from digitizer.stages.series.doubles import leave_out_doubles
from digitizer.stages.series.hidden import carry_on_hidden
from digitizer.stages.series.inks.aliens import without_aliens
from digitizer.stages.series.inks.furniture import (
    is_debris,
    is_furniture,
    is_neutral,
    is_reference_line,
    side_color,
    without_ticks,
)
from digitizer.stages.series.inks.halos import leave_out_halos
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.series.inks.listed import as_drawn, with_full_colors
from digitizer.stages.series.inks.palette import Stroke, separate_colors
from digitizer.stages.series.joined_markers import join_markers
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.lines import trace_lines
from digitizer.stages.series.lone_discs import are_discs, as_discs
from digitizer.stages.series.lone_marks import add_lone_marks
from digitizer.stages.series.loops import find_loop
from digitizer.stages.series.markers.beyond_ends import complete_beyond_ends
from digitizer.stages.series.markers.over_sides import complete_over_sides
from digitizer.stages.series.markers.pale_edges import close_pale_edges
from digitizer.stages.series.markers.rims import give_insides, give_parts, give_rims
from digitizer.stages.series.markers.stacks import join_stacks
from digitizer.stages.series.painted_markers import join_listed, join_painted
from digitizer.stages.series.paths.dash_ends import finish_dashes
from digitizer.stages.series.paths.dashed_steps import put_at_places, put_on_steps
from digitizer.stages.series.paths.joins import leave_out_joins
from digitizer.stages.series.paths.runs import ON
from digitizer.stages.series.paths.steps import Steps, even_steps_of, is_same, steps_of
from digitizer.stages.series.paths.threads import thread_markers
from digitizer.stages.series.scatter import tell_hidden, trace_scatter
from digitizer.stages.series.shared_ends import add_shared_ends
from digitizer.stages.series.shared_marks import share_marks
from digitizer.stages.series.side_ends import add_side_ends

# Strokes paler than this share of another one lie under it or show it through: bands, raw curves, grids.
PALER = 0.45
# A stroke covers so much of the palest pixel of its rim.
RIM_ALPHA = 0.02
# Markers alone explain this share of their colour's ink at least: legends of bullets stand for lines as well.
MARKER_INK = 0.4
# Step grids of other lines that are tried, at most: each takes as long as a line's own.
MOST_SHARED = 2


def trace_series(
    picture: Picture,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    legend: tuple[LegendEntry, ...],
    bare: Ink | None = None,
) -> tuple[Trace, ...]:
    """Trace every series of a panel.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area, grid and background.
    obstacles
        Boxes of text and legend inside the frame (source px); series may pass under them.
    legend
        The panel's legend entries: a strong prior on colours, line styles and markers.
    bare
        The panel's ink without obstacles, where it is known.

    Returns
    -------
    tuple of Trace
        In source pixels, legend order first.
    """
    layers = _find_layers(picture, frame, obstacles, legend, bare)
    traces = _trace_layers(layers, [_trace_layer(layer, picture) for layer in layers], picture, frame)
    traces = complete_over_sides(picture, frame, traces)
    return complete_beyond_ends(picture, frame, traces, legend)


def trace_held(
    picture: Picture,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    legend: tuple[LegendEntry, ...],
    *,
    holds: Callable[[Sequence[Trace]], bool],
    near: Sequence[Box],
    fewest: int,
) -> tuple[Trace, ...]:
    """Trace the series of a panel where some hold what they are looked for; nothing, and quicker, else.

    Parameters
    ----------
    picture, frame, obstacles, legend
        As of :func:`trace_series`.
    holds
        Whether one of some traces is what is looked for.
    near
        The boxes (source px) that it has ink in ...
    fewest
        ... in so many of them, at least: colours that have not are traced where others hold.
    """
    layers = _find_layers(picture, frame, obstacles, legend)
    likely = [sum(_has_ink(layer, box) for box in near) >= fewest for layer in layers]
    found = [_trace_layer(x, picture) if tried else None for x, tried in zip(layers, likely, strict=True)]
    if not holds([trace for traces in found if traces is not None for trace in traces]):
        return ()
    whole = [_trace_layer(x, picture) if y is None else y for x, y in zip(layers, found, strict=True)]
    return _trace_layers(layers, whole, picture, frame)


def _has_ink(layer: Layer, box: Box) -> bool:
    """Whether a layer has ink in a box of the source."""
    top, left = max(0, int(box.top) - layer.ink.top), max(0, int(box.left) - layer.ink.left)
    bottom, right = int(box.bottom) - layer.ink.top, int(box.right) - layer.ink.left
    return bool((layer.alpha[top : max(0, bottom + 1), left : max(0, right + 1)] > ON).any())


def _find_layers(
    picture: Picture,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    legend: tuple[LegendEntry, ...],
    bare: Ink | None = None,
) -> list[Layer]:
    """The stroke colours that may be series; none where a panel has no ink."""
    ink = see_ink(picture, frame, obstacles, bare)
    if ink is None:
        return []
    legend = as_drawn(with_full_colors(legend, frame.background), ink)
    strokes = give_parts(
        give_rims(separate_colors(ink, legend)), np.asarray(frame.background, dtype=np.float64)
    )
    strokes = leave_out_halos(give_insides(strokes), ink)
    strokes = close_pale_edges(join_stacks(strokes, ink))
    listed = _listed_ink(strokes, legend)
    side = side_color(picture, frame)
    neutral = any(s.legend is not None and is_neutral(ink, s) for s in strokes)
    layers = [
        _make_layer(ink, stroke, strokes, legend, picture, side)
        for stroke in strokes
        if not is_furniture(ink, stroke, frame)
    ]
    # Ticks inside the panel are no ink of a series' colour.
    return [x for x in layers if not is_debris(ink, replace(x.stroke, alpha=x.alpha), listed, neutral)]


def _trace_layers(
    layers: list[Layer], found: list[list[Trace]], picture: Picture, frame: PanelFrame
) -> tuple[Trace, ...]:
    """The series of a panel from what each of its colours gives."""
    if not layers:
        return ()
    ink = layers[0].ink
    traces: list[Trace] = []
    others: list[Trace] = []
    has_lines = any(e.marker == "none" and e.line_style != "none" for x in layers for e in x.entries)
    found = add_lone_marks(layers, share_marks(layers, _share_steps(layers, found, picture)))
    for layer, lines in zip(layers, found, strict=True):
        group = traces if layer.entries else others
        placed = place_alone(layer, lines) if has_lines else lines
        group += [t for t in placed if not is_reference_line(ink, t, bool(layer.entries))]
    ground = ink.usual_ground.astype(np.float64)
    traces, others = leave_out_doubles(traces, others, ground)
    # Whose markers are whose is told by all of them.
    if len(traces) + len(others) > 1:
        traces, others = (list(complete_over_sides(picture, frame, group)) for group in (traces, others))
    if traces:
        entries = [entry for layer in layers for entry in layer.entries]
        traces, others = join_listed(traces, others, picture, entries, ground)
    else:
        others = join_painted(others)
    whole = finish_dashes(leave_out_joins(traces, others, ground))
    whole = add_side_ends(whole, frame, partial(_ink_of, layers=layers))
    whole = add_shared_ends(whole, partial(_inked, layers=layers))
    return tuple(tell_hidden(carry_on_hidden(follow_sides(whole, picture, frame), frame)))


def _inked(trace: Trace, layers: Sequence[Layer]) -> tuple[Mask, int, int]:
    """Where a trace has ink or may be hidden, and the source pixel that this begins at."""
    ink, hidden, left, top = _ink_of(trace, layers)
    return ink | hidden, left, top


def _ink_of(trace: Trace, layers: Sequence[Layer]) -> tuple[Mask, Mask, int, int]:
    """Where a trace has ink, where it may be hidden, and the source pixel that these begin at."""
    color = np.asarray(trace.color, dtype=np.float64)
    layer = min(layers, key=lambda x: float(np.linalg.norm(np.asarray(x.rgb) - color)))
    return layer.alpha > ON, layer.blocked, layer.ink.left, layer.ink.top


def _share_steps(layers: list[Layer], found: list[list[Trace]], picture: Picture) -> list[list[Trace]]:
    """What was found of each layer; bare lines without steps are tried on those of other lines.

    The lines of a chart have their points at the same x nearly always.
    """
    shared: list[Steps] = []
    for layer, traces in zip(layers, found, strict=True):
        for trace in traces:
            x = trace.x_px - layer.ink.left
            steps = None if trace.sampled_at == "columns" else steps_of(x) or even_steps_of(x)
            if steps is not None and not any(is_same(steps, other) for other in shared):
                shared.append(steps)
    if shared:
        out = []
        for layer, traces in zip(layers, found, strict=True):
            if any(_lacks_steps(t, layer) for t in traces):
                traces = _trace_layer(replace(layer, shared=tuple(shared[:MOST_SHARED])), picture)
            out.append([put_on_steps(t, shared[:MOST_SHARED], layer.ink.left) for t in traces])
        found = out
    everything = [t for traces in found for t in traces]
    return [[put_at_places(t, everything) for t in traces] for traces in found]


def _lacks_steps(trace: Trace, layer: Layer) -> bool:
    """Whether a trace is a solid line that no grid of steps was found for."""
    if trace.kind != "line" or trace.line_style != "solid" or trace.interpolation != "linear":
        return False
    x = trace.x_px - layer.ink.left
    if trace.sampled_at == "markers":
        return steps_of(x) is None and even_steps_of(x) is None
    return trace.sampled_at == "columns" or steps_of(x) is None


def _trace_layer(layer: Layer, picture: Picture) -> list[Trace]:
    """Trace the markers and lines of one colour, all at once where that tells more of its ink."""
    crowd = find_crowd(layer)
    if crowd is not None:
        return crowd
    found = _trace_one_by_one(layer, picture)
    bundle = find_bundle(layer, found)
    return found if bundle is None else bundle


def _trace_one_by_one(layer: Layer, picture: Picture) -> list[Trace]:
    """Trace the markers and lines of one colour; what its legend entries rule out is not looked for."""
    drawn = [(e.marker != "none", e.line_style != "none") for e in layer.entries]
    own = _own(layer)
    if len(drawn) < 2 and all(line for _, line in drawn):
        loop = find_loop(own)
        if loop is not None:
            return [loop]
    if drawn and not any(marked for marked, _ in drawn):
        discs = trace_scatter(as_discs(layer), picture)[0] if are_discs(layer) else []
        return discs or trace_lines(own)
    points, left = trace_scatter(layer, picture)
    bare = without_bullets(layer, points)
    if bare is not layer:
        return trace_lines(_own(bare)) or points
    chord = find_chord(layer, points)
    if chord is not None:
        around = replace(layer, blocked=layer.blocked | without_chord(layer, chord))
        return [*trace_scatter(around, picture)[0], as_trace(layer, chord)]
    corner = (layer.ink.left, layer.ink.top)
    threaded = thread_markers(points, left, layer.blocked, corner) if len(drawn) < 2 else None
    if threaded is not None:
        threaded = _fit_threaded(own, threaded)
    if points and drawn and not any(line for _, line in drawn):
        if threaded is not None or left.sum() < (1.0 - MARKER_INK) * layer.alpha.sum():
            return points if threaded is None else [threaded]
        return trace_lines(own) or points
    under = layer.blocked | (left < 0.5 * layer.alpha)
    bare = _own(replace(layer, alpha=left, blocked=under)) if points else own
    lines = trace_lines(bare)
    apart = lists_both(layer)
    joined = place_together(layer, _part(own, [*points, *lines]) if apart else join_markers(points, lines))
    is_joined = any(t.kind == "line" and t.marker != "none" for t in joined)
    return joined if threaded is None or is_joined else [threaded]


def _part(layer: Layer, found: list[Trace]) -> list[Trace]:
    """The markers and the line that the legend lists each by itself, where they were read as one series."""
    if len(found) != 1 or found[0].kind != "line" or found[0].marker == "none":
        return found
    marks = found[0]
    under = np.zeros(layer.alpha.shape, dtype=np.uint8)
    for x, y in zip(marks.x_px - layer.ink.left, marks.y_px - layer.ink.top, strict=True):
        if np.isfinite(y):
            cv2.circle(under, (round(x), round(y)), round(marks.marker_size_px / 2) + 1, 1, -1)
    between = np.where(under > 0, np.float32(0.0), layer.alpha)
    entries = tuple(e for e in layer.entries if e.marker == "none")
    lines = trace_lines(replace(layer, alpha=between, blocked=layer.blocked | (under > 0), entries=entries))
    if len(lines) != 1:
        return found
    return [replace(marks, kind="scatter", line_style="none"), lines[0]]


def _fit_threaded(layer: Layer, threaded: Trace) -> Trace:
    """The line with markers that a colour's ink is, where it has more of them than were seen one by one.

    Markers that their line enters beside others, and those partly hidden, look like none by themselves.
    """
    entries = tuple(replace(e, line_style="solid") for e in layer.entries)
    whole = trace_lines(replace(layer, entries=entries))
    fitted = len(whole) == 1 and whole[0].kind == "line" and whole[0].sampled_at == "markers"
    return whole[0] if fitted and whole[0].x_px.size > threaded.x_px.size else threaded


def _own(layer: Layer) -> Layer:
    """A layer without the pixels that only markers can own."""
    return replace(layer, alpha=without_aliens(layer.ink, layer.stroke, layer.alpha))


def _listed_ink(strokes: tuple[Stroke, ...], legend: tuple[LegendEntry, ...]) -> float:
    """Ink of the weakest colour that the legend lists; 0 where a listed colour was not found."""
    colors = {e.color for e in legend if e.color is not None}
    held = {legend[s.legend].color: float(s.alpha.sum()) for s in strokes if s.legend is not None}
    return min(held.values()) if colors and set(held) == colors else 0.0


def _make_layer(
    ink: Ink,
    stroke: Stroke,
    strokes: tuple[Stroke, ...],
    legend: tuple[LegendEntry, ...],
    picture: Picture,
    side: FloatArray | None,
) -> Layer:
    color = None if stroke.legend is None else legend[stroke.legend].color
    entries = tuple(e for e in legend if e.swatch is not None and e.color == color)
    return Layer(
        ink=ink,
        stroke=stroke,
        alpha=without_ticks(ink, stroke.color, stroke.alpha, side),
        blocked=_blocked(ink, stroke, strokes),
        entries=entries,
        sample=measure_sample(picture, entries[0]) if len(entries) == 1 else None,
    )


def _blocked(ink: Ink, stroke: Stroke, strokes: tuple[Stroke, ...]) -> Mask:
    """Where the stroke may be hidden: under text, and under strokes that are not much paler (bands are).

    Rims of strokes much stronger than this one hide it as well: what shines through them is not told apart.
    """
    covered = np.zeros(stroke.alpha.shape, dtype=bool)
    ground = ink.usual_ground
    strength = float(np.linalg.norm(stroke.color - ground))
    for other in strokes:
        against = float(np.linalg.norm(other.color - ground))
        if other is not stroke and against > PALER * strength:
            rim = RIM_ALPHA if strength < PALER * against else 0.3
            covered |= other.alpha > rim
    return np.asarray(ink.hidden | (covered & (stroke.alpha < 0.3)))
