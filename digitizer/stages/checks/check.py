"""Gather what was seen of each panel, with what redrawing it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitizer.evidence import (
    AxisEvidence,
    Extraction,
    LegendEntry,
    PanelEvidence,
    PanelFrame,
    Picture,
    Scale,
    TextSpan,
    Trace,
)
from digitizer.stages.axes.calibration import PanelScales
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.checks.absent_groups import without_absent, without_unseen
from digitizer.stages.checks.bar_ground import with_ground_beside_bars
from digitizer.stages.checks.base_line import may_be_covered, with_seen_base
from digitizer.stages.checks.chroma import with_full_chroma
from digitizer.stages.checks.outside import count_torn, is_side_unread, share_beyond
from digitizer.stages.checks.redraw import compare
from digitizer.stages.checks.siblings import find_missing_colors, with_covered, without_lent
from digitizer.stages.checks.tilt import find_lean
from digitizer.stages.checks.under_legend import count_markers_under
from digitizer.stages.checks.upright_rules import without_upright_rules
from digitizer.stages.legend.naming import bind_names, name_directly
from digitizer.stages.legend.twins import Binding, bind_axes, differ
from digitizer.stages.roles.texts import Roles
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.tracing.trace import find_obstacles
from digitizer.stages.tracing.working_size import at_working_size
from digitizer.stages.values.bar_values import scale_for_bars
from digitizer.stages.values.based_scales import put_on_zero, set_on_base
from digitizer.stages.values.category_points import at_categories
from digitizer.stages.values.low_bars import with_low_bars
from digitizer.stages.values.unlabelled import name_unlabelled
from digitizer.stages.values.whole_years import as_whole_years


def check_panels(
    picture: Picture,
    spans: Sequence[TextSpan],
    scales: Sequence[PanelScales],
    roles: Roles,
    legends: Sequence[tuple[LegendEntry, ...]],
    traces: Sequence[tuple[Trace, ...]],
) -> Extraction:
    """Redraw what was traced, compare it with the picture, and gather the evidence of each panel."""
    panels = []
    traces = with_covered(traces)
    frames = [a.frame for a in roles.axes]
    missing = without_unseen(picture, frames, find_missing_colors(traces, legends), traces)
    legends = without_absent(picture, frames, without_lent(legends, traces), traces)
    legends = without_upright_rules(picture, frames, legends, traces)
    samples = [e.swatch.union(e.text.box) for legend in legends for e in legend if e.swatch is not None]
    covered = [*samples, *(span.box for span in spans)]
    for k, (a, title, scale, legend, traced, absent) in enumerate(
        zip(roles.axes, roles.titles, scales, legends, traces, missing, strict=True)
    ):
        frame = with_ground_beside_bars(picture, a.frame, traced)
        small = at_working_size(picture, frame, spans, legend)
        obstacles = find_obstacles(small.picture, small.frame, small.spans, small.legend)
        drawn = small.reduce_traces(traced)
        redrawn, supports = compare(small.picture, small.frame, drawn, obstacles)
        names = bind_names(traced, legend, frame.background)
        if not legend and len(traced) > 1:
            names = name_directly(picture, traced, _loose_texts(k, frame, spans, roles))
        binding = _bind(picture, a, scale, traced, names)
        standing = with_seen_base(picture, frame, traced)
        unseen = [may_be_covered(picture, frame, traced, lying=lying) for lying in (True, False)]
        x_axis, x_scale, y_scale = _borne_out(a, scale, traced, standing, unseen)
        whole = put_on_zero(with_low_bars(picture, frame, traced, x_scale, y_scale), x_scale, y_scale, unseen)
        if redrawn.noise > CLEAN:
            whole = with_full_chroma(picture, frame, whole)
        panels.append(
            PanelEvidence(
                frame=frame,
                x_axis=x_axis,
                y_axis=a.y,
                y2_axis=a.y2,
                x_scale=x_scale,
                y_scale=y_scale,
                y2_scale=scale.y2,
                title=title,
                legend=legend,
                traces=tuple(replace(t, support=s) for t, s in zip(whole, supports, strict=True)),
                names=names,
                on_y2=binding.on_y2,
                y2_sure=binding.sure,
                redrawn=small.enlarge_redrawn(redrawn),
                missing_colors=absent,
                n_torn=count_torn(a.x, roles.rest) + count_torn(a.y, roles.rest),
                beyond=share_beyond(picture, frames, k, traced, covered),
                lean=find_lean(picture, frame),
                side_unread=_is_side_unread(a, roles.rest),
                n_under_legend=count_markers_under(small.picture, small.frame, drawn, small.legend),
            )
        )
    return Extraction(picture=picture, spans=tuple(spans), panels=tuple(panels), title=roles.title)


def _is_side_unread(axes: PanelAxes, loose: Sequence[TextSpan]) -> bool:
    """Whether a panel of one y axis seems to have another one."""
    return axes.y is not None and axes.y2 is None and is_side_unread(axes.frame, axes.y.side, loose)


def _borne_out(
    a: PanelAxes,
    scale: PanelScales,
    traced: Sequence[Trace],
    standing: Sequence[Trace],
    unseen: Sequence[bool],
) -> tuple[AxisEvidence | None, Scale | None, Scale | None]:
    """A panel's x axis and the scales of x and y, as what was traced bears them out.

    ``standing`` are the traces with the bases that were seen of them, ``unseen`` says of level and of upright
    bars whether these may be covered.
    """
    x_scale = as_whole_years(scale.x, a.x, traced)
    x_scale = scale_for_bars(x_scale, a.x, traced, horizontal=False)
    x_axis, x_scale = name_unlabelled(a.x, x_scale, traced)
    y_scale = scale_for_bars(scale.y, a.y, traced, horizontal=True)
    x_scale = set_on_base(x_scale, x_axis, standing, horizontal=True, covered=unseen[0])
    y_scale = set_on_base(y_scale, a.y, standing, horizontal=False, covered=unseen[1])
    return x_axis, x_scale, y_scale


def _bind(
    picture: Picture, a: PanelAxes, scale: PanelScales, traced: Sequence[Trace], names: Sequence[str | None]
) -> Binding:
    """Which of a panel's traces are read on its second y axis, as the document tells their points."""
    titled = [axis.title.text for axis in (a.y, a.y2) if axis is not None and axis.title is not None]
    told_apart = len(set(titled)) == 2 or differ(scale.y, scale.y2, a.frame.box.top, a.frame.box.bottom)
    n_labels = 0 if a.x is None else len(a.x.labels)
    told = [at_categories(trace, scale.x, n_labels) for trace in traced]
    return bind_axes(picture, a.y, a.y2 if told_apart else None, told, names, (scale.y, scale.y2))


def _loose_texts(k: int, frame: PanelFrame, spans: Sequence[TextSpan], roles: Roles) -> list[TextSpan]:
    """The texts in a panel, and those right of it without a role, within a quarter of its width."""
    box = frame.box
    beside = [
        s
        for s in roles.rest
        if box.right <= s.box.left <= box.right + 0.25 * box.width
        and box.top <= s.box.center[1] <= box.bottom
    ]
    return [s for s in spans if s.panel == k] + beside
