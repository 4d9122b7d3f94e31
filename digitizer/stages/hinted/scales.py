"""What a person says about scales: their kind, the values at their ends, ticks that overrule labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeGuard

import numpy as np

from digitizer.errors import HintError
from digitizer.evidence import AxisEvidence, FloatArray, Mask, PanelFrame, Picture, Scale
from digitizer.hints import AxisHints, Hints, Limits, short
from digitizer.model import ScaleKind
from digitizer.stages.axes.calibration import PanelScales, calibrate_axis
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.hinted.axes import AXES, SNAP_PX, tick_pixels

# Values at the ends agree with labels to within this share of the axis (people round, frames are found to
# half a pixel) ...
AGREEING_SHARE = 0.01
# ... and this many pixels.
AGREEING_PX = 1.5
# How far a drawn frame's side is from the value that it stands for (px).
END_SIGMA_PX = 0.5
# This many labels that all agree, at round steps, are read beyond doubt.
CLEAR_LABELS = 3


def hint_scales(
    scales: Sequence[PanelScales], axes: Sequence[PanelAxes], picture: Picture, hints: Hints
) -> tuple[PanelScales, ...]:
    """Fit scales anew with what is known of them: hints confirm labels, or overrule them.

    Raises
    ------
    HintError
        Where labels that are clearly read say that a hint cannot be.
    """
    out = []
    for index, (panel, a) in enumerate(zip(scales, axes, strict=True)):
        known = hints.for_panel(index)
        for name, _ in AXES:
            given: AxisHints = getattr(known, name)
            evidence: AxisEvidence | None = getattr(a, name)
            if given and evidence is not None:
                axis = _Axis(name, index, evidence, a.frame, picture)
                panel = replace(panel, **{name: _hinted(getattr(panel, name), given, axis)})
        out.append(panel)
    return tuple(out)


class _Axis:
    """One axis with what errors say about it."""

    def __init__(
        self, name: str, panel: int, evidence: AxisEvidence, frame: PanelFrame, picture: Picture
    ) -> None:
        self.evidence = evidence
        self.picture = picture
        box = frame.box
        horizontal = evidence.side in ("top", "bottom")
        self.ends_px = np.array([box.left, box.right] if horizontal else [box.bottom, box.top])
        self.words = f"the {name} axis of panel {panel + 1}"

    @property
    def length_px(self) -> float:
        return abs(float(np.diff(self.ends_px)[0]))

    def refuse(self, what: str, scale: Scale, remedy: str, evidence: AxisEvidence | None = None) -> HintError:
        """The error that says what contradicts what: the labels of ``evidence`` that ``scale`` stands on."""
        labels = (evidence or self.evidence).labels
        used = [label.text for label, ok in zip(labels, scale.used, strict=False) if ok]
        shown = ", ".join(used[:3]) + (f" ... {used[-1]}" if len(used) > 3 else "")
        problem = f"{self.words} is given {what}, and its labels ({shown}) say otherwise"
        return HintError(self.picture.name, problem, remedy)


def _hinted(read: Scale | None, given: AxisHints, axis: _Axis) -> Scale | None:
    scale = read
    if given.scale is not None and (read is None or read.kind != given.scale):
        scale = calibrate_axis(axis.evidence, kind=given.scale)
        if _is_clear(read) and {read.kind, given.scale} == {"linear", "log"}:
            raise axis.refuse(f"as {given.scale}", read, "correct the scale")
    if given.ticks:
        scale = _through_ticks(scale, given, axis)
    if given.limits is not None:
        scale = _between_limits(scale, given.limits, given, axis)
    return scale


def _is_clear(scale: Scale | None) -> TypeGuard[Scale]:
    """Whether all labels agree on a scale, and nothing speaks against it."""
    return scale is not None and not scale.problems and scale.n_used >= CLEAR_LABELS


def _through_ticks(scale: Scale | None, given: AxisHints, axis: _Axis) -> Scale | None:
    """A scale that passes through the ticks given, whatever the other labels say."""
    evidence = axis.evidence
    places = np.array(tick_pixels(given.ticks, evidence.side, axis.picture))
    mine = np.min(np.abs(evidence.label_px[:, None] - places[None]), axis=1) <= SNAP_PX
    if scale is None or scale.kind == "category" or bool(np.all(scale.used[mine[: len(scale.used)]])):
        return scale
    rest = _only(evidence, ~mine)
    others = calibrate_axis(rest, kind=given.scale)
    if np.count_nonzero(mine) < 2:
        if _is_clear(others):
            tick = given.ticks[int(np.flatnonzero(np.abs(places - evidence.label_px[mine][0]) <= SNAP_PX)[0])]
            what = f"{short(tick.value)} at {tick.at}"
            raise axis.refuse(what, others, "correct the tick, or give two or more", rest)
        return replace(scale, problems=(*scale.problems, "hint-contradicted"))
    own = calibrate_axis(_only(evidence, mine), kind=given.scale)
    if own is None or not np.all(own.used):
        problem = f"the ticks given for {axis.words} lie on no common scale"
        raise HintError(axis.picture.name, problem, "correct the ticks, or the scale")
    if _is_clear(others) and others.slope * own.slope < 0 and others.kind == own.kind:
        raise axis.refuse("the other way round", others, "correct the ticks", rest)
    told = ("hint-contradicted",) if others is not None and others.n_used >= 3 else ()
    problems = tuple(p for p in own.problems if p != "scale-two-ticks") + told
    values = np.full(len(evidence.labels), np.nan)
    values[mine] = own.values
    return replace(own, values=values, used=mine, n_labels=len(values), problems=problems)


def _only(evidence: AxisEvidence, chosen: Mask) -> AxisEvidence:
    labels = tuple(label for label, ok in zip(evidence.labels, chosen, strict=True) if ok)
    pixels, sigmas = evidence.label_px[chosen], evidence.label_sigma_px[chosen]
    return replace(evidence, labels=labels, label_px=pixels, label_sigma_px=sigmas)


def _between_limits(scale: Scale | None, limits: Limits, given: AxisHints, axis: _Axis) -> Scale:
    """A scale with the limits given at the frame's ends; labels that agree make it sharper."""
    kind = _kind_between(scale, limits, given)
    u = np.array([_to_ruler(limit, kind, axis) for limit in limits])
    if scale is not None and scale.kind != kind:
        scale = calibrate_axis(axis.evidence, kind=kind)
    ends_sigma = np.eye(2) * END_SIGMA_PX**2
    if scale is None:
        return _with_ends(_blank(kind), u, axis.ends_px, ends_sigma)
    expected = scale.origin + scale.slope * u
    tolerance = AGREEING_SHARE * axis.length_px + AGREEING_PX
    if float(np.max(np.abs(expected - axis.ends_px))) <= tolerance:
        carry = np.column_stack([np.ones(2), u])
        known = np.linalg.inv(carry @ scale.covariance @ carry.T + 1e-9 * np.eye(2))
        together = np.linalg.inv(known + np.linalg.inv(ends_sigma))
        px = together @ (known @ expected + np.linalg.inv(ends_sigma) @ axis.ends_px)
        return replace(_with_ends(scale, u, px, together), problems=())
    if given.ticks:
        shown = " to ".join(f"{v:.5g}" for v in scale.to_value(axis.ends_px))
        problem = f"{axis.words} is given {_words(limits)}, and its ticks make them {shown}"
        raise HintError(axis.picture.name, problem, "correct or leave out one of the two")
    if _is_clear(scale) and not _differs_by_powers(scale, u, axis):
        raise axis.refuse(_words(limits), scale, "correct them, or give two ticks")
    told = ("hint-contradicted",) if scale.n_used >= 3 else ()
    ends = _with_ends(scale, u, axis.ends_px, ends_sigma)
    off = np.abs(ends.to_pixel(scale.values) - axis.evidence.label_px[: len(scale.values)])
    return replace(ends, used=np.isfinite(off) & (off <= SNAP_PX), residual_px=0.0, problems=told)


def _words(limits: Limits) -> str:
    return f"limits {short(limits[0])} to {short(limits[1])}"


def _kind_between(scale: Scale | None, limits: Limits, given: AxisHints) -> ScaleKind:
    if given.scale is not None:
        return given.scale
    if isinstance(limits[0], str):
        return "date"
    positive = min(float(limits[0]), float(limits[1])) > 0
    return "log" if scale is not None and scale.kind == "log" and positive else "linear"


def _to_ruler(limit: float | str, kind: ScaleKind, axis: _Axis) -> float:
    if isinstance(limit, str):
        return (datetime.fromisoformat(limit) - datetime(1970, 1, 1)).total_seconds() / 86400
    return float(np.log10(limit)) if kind == "log" else limit


def _differs_by_powers(scale: Scale, u: FloatArray, axis: _Axis) -> bool:
    """Whether every label may have lost or won the same decimal places: a misreading that fits perfectly."""
    read = scale.to_u(axis.ends_px)
    if scale.kind == "log":
        shift = u - read
        return bool(abs(np.diff(shift)[0]) < 0.02 * abs(np.diff(read)[0]))
    power = np.log10(max(np.abs(u).max(), 1e-300) / max(np.abs(read).max(), 1e-300))
    factor = 10.0 ** np.round(power)
    return bool(np.max(np.abs(read * factor - u)) <= 0.02 * np.ptp(u) and np.round(power) != 0)


def _blank(kind: ScaleKind) -> Scale:
    return Scale(
        kind=kind,
        origin=0.0,
        slope=1.0,
        values=np.empty(0),
        used=np.zeros(0, dtype=bool),
        residual_px=0.0,
        covariance=np.eye(2),
    )


def _with_ends(scale: Scale, u: FloatArray, px: FloatArray, covariance: FloatArray) -> Scale:
    """The scale that carries the two ``u`` to the two ``px``, known to ``covariance`` (px²)."""
    slope = float((px[1] - px[0]) / (u[1] - u[0]))
    back = np.linalg.inv(np.column_stack([np.ones(2), u]))
    return replace(
        scale,
        origin=float(px[0] - slope * u[0]),
        slope=slope,
        covariance=back @ covariance @ back.T,
    )
