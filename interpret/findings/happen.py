"""Which events happen in a series: the pulses and steps of its form, and what else stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.departures import (
    Departure,
    doubt_departure,
    measure_departures,
    overall_course,
    pulse_departure,
)
from interpret.analyses.family import Family
from interpret.analyses.form import MOST_TERMS, Form
from interpret.analyses.noise import Noise
from interpret.analyses.shifts import Shift, doubt_shift, measure_shifts, step_shift
from interpret.findings.believe import believable, wildness

PHI_BAND = 0.2
EVENT_P = 0.01
# A law explains an event where the points off it are within so many noise units (or this share of the range).
LAW_UNITS = 4.0
LAW_SHARE = 0.008
# Events below this share of the data's range are not worth a sentence.
LEAST_SHARE = 0.05
# Nor below so many noise units: beside an injected event of 8 units, wide ones of 2 to 3 were told in
# every fifth chart, their flanks bent by it.
LEAST_UNITS = 3.5
# A term of the form has paid for itself beside all others: of events of 4 units put in that were told
# not at all, half were such terms of 3.3 units.
TERM_UNITS = 3.0
# What stands out beside its neighbours but is no term of the form is told with a hedge at most: of the
# firm events told in 290 series with one event, 9 of the 17 false ones were such, and none of the true ones.
FORMLESS_DOUBT = 0.05
# Unless they are rarer than this in the noise as it is described: of 200 charts with events and 200 of noise
# 12 false ones had 4e-5 and more, the reference figure's dip (8.6 noise units of its window) has 1e-7.
FORMLESS_P = 1e-6
# Jumps nearer than so many points are one.
NEAR = 6

Found = tuple[tuple[Departure, ...], tuple[float, ...], tuple[Shift, ...], tuple[float, ...]]


def find_events(y: FloatArray, form: Form, noise: Noise, doubt: Noise, family: Family | None) -> Found:
    """Dips and peaks, then jumps, each kind with its events' chances in noise alone.

    Parameters
    ----------
    y : ndarray, shape (n,)
    form : Form
        Its pulses and steps are events.
    noise, doubt : Noise
        As it is described, and as it is to be feared.
    family : Family, optional
        A smooth law that explains what seem events: the steep part of a sigmoid is no jump.
    """
    n = len(y)
    # A long memory makes wide events likely, a shorter one narrow ones: the worse of the two counts.
    fears = doubt, replace(doubt, phi=round(max(0.0, doubt.phi - PHI_BAND), 1))
    least = _least(y, noise, TERM_UNITS)
    dips, jumps, ignored = measure_events(y, noise)
    if formless := len(form.terms) < MOST_TERMS:
        dips, jumps = _beside_form(form, noise, dips, jumps)

    def wild(first: int, last: int) -> float:
        return wildness(y, noise, ignored, first, last)

    shifts: list[tuple[Shift, float]] = []
    for step in form.of("step"):
        jump = step_shift(y, step, noise.sd)
        apart = jump is not None and all(abs(jump.first_after - s.first_after) > NEAR for s, _ in shifts)
        if jump is not None and apart and jump.size >= least:
            shifts.append((jump, step.p_in(wild(jump.last_before, jump.first_after))))
    for jump in jumps:
        if all(abs(jump.first_after - other.first_after) > NEAR for other, _ in shifts):
            w = wild(jump.last_before, jump.first_after)
            own = doubt_shift(jump, n, replace(noise, sd=noise.sd * w)) if w > 1 else jump.p
            chances = [doubt_shift(jump, n, replace(fear, sd=fear.sd * w)) for fear in fears]
            shifts.append((replace(jump, p=max(jump.p, own)), _chance(jump.p, own, chances, formless)))
    departures: list[tuple[Departure, float]] = []
    for pulse in form.of("pulse", "tent"):
        dip = pulse_departure(y, pulse)
        apart = dip is not None and all(dip.last <= d.first or d.last <= dip.first for d, _ in departures)
        if dip is not None and apart and dip.size >= least:
            departures.append((dip, pulse.p_in(wild(dip.first, dip.last))))
    for dip in dips:
        if all(dip.last <= other.first or other.last <= dip.first for other, _ in departures):
            w = wild(dip.first, dip.last)
            own = doubt_departure(dip, n, replace(noise, sd=noise.sd * w)) if w > 1 else dip.p
            chances = [doubt_departure(dip, n, replace(fear, sd=fear.sd * w)) for fear in fears]
            departures.append((replace(dip, p=max(dip.p, own)), _chance(dip.p, own, chances, formless)))
    if family is not None:
        departures, shifts = _beside_law(y, family, max(noise.sd, form.scatter), departures, shifts)
    inside = points_inside([dip for dip, _ in departures], n)
    shifts = [(s, p) for s, p in shifts if not inside[s.last_before] and not inside[s.first_after]]
    departures.sort(key=lambda item: item[0].apex)
    shifts.sort(key=lambda item: item[0].first_after)
    return (
        *believable(y, tuple(d for d, _ in departures), tuple(p for _, p in departures)),
        *believable(y, tuple(s for s, _ in shifts), tuple(p for _, p in shifts)),
    )


def _chance(p: float, own: float, chances: Sequence[float], formless: bool) -> float:
    """How probably noise alone does an event that is no term of the form.

    A form with as many terms as it may have leaves such events; beside others what is no term is in doubt.
    """
    known = FORMLESS_DOUBT if formless and max(p, own) > FORMLESS_P else 0.0
    return max(known, *chances)


def measure_events(
    y: FloatArray, noise: Noise
) -> tuple[tuple[Departure, ...], tuple[Shift, ...], NDArray[np.bool_]]:
    """What stands out from its neighbours, and the points inside dips and peaks."""
    least = _least(y, noise)
    jumps = tuple(s for s in measure_shifts(y, noise) if s.p < EVENT_P and s.size >= least)
    lasting = [s.first_after for s in jumps]
    found = measure_departures(y, noise, overall_course(y), lasting)
    departures = tuple(d for d in found if d.p < EVENT_P and d.size >= least)
    ignored = points_inside(departures, len(y))
    shifts = tuple(s for s in jumps if not ignored[s.last_before] and not ignored[s.first_after])
    return departures, shifts, ignored


def _beside_form(
    form: Form, noise: Noise, dips: tuple[Departure, ...], jumps: tuple[Shift, ...]
) -> tuple[tuple[Departure, ...], tuple[Shift, ...]]:
    """What stands out from what the form leaves too: no turn of the course is a jump."""
    others, shifts, _ = measure_events(form.rest, noise)
    return (
        tuple(
            d for d in dips if any(o.sign == d.sign and o.first < d.last and d.first < o.last for o in others)
        ),
        tuple(
            s
            for s in jumps
            if any(o.sign == s.sign and abs(o.first_after - s.first_after) <= 1 for o in shifts)
        ),
    )


def points_inside(departures: Sequence[Departure], n: int) -> NDArray[np.bool_]:
    """Points that belong to a dip or peak."""
    inside = np.zeros(n, dtype=bool)
    for departure in departures:
        inside[departure.first + 1 : departure.last] = True
    return inside


def _least(y: FloatArray, noise: Noise, units: float = LEAST_UNITS) -> float:
    return max(LEAST_SHARE * float(np.ptp(y)), units * noise.sd)


def _beside_law(
    y: FloatArray,
    family: Family,
    scatter: float,
    departures: list[tuple[Departure, float]],
    shifts: list[tuple[Shift, float]],
) -> tuple[list[tuple[Departure, float]], list[tuple[Shift, float]]]:
    """Drop the events that a smooth law explains: the steep part of a sigmoid is no jump."""
    off = abs(y - family.fitted)
    least = LAW_UNITS * max(scatter, LAW_SHARE * float(np.ptp(y)))
    return (
        [(d, p) for d, p in departures if off[d.apex] > least],
        [(s, p) for s, p in shifts if max(off[s.last_before], off[s.first_after]) > least],
    )
