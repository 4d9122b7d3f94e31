"""The form of a course: its terms are found under noise of a long memory, and none is in noise alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.interpretation.build import Line, Plot, make_figure, noise
from interpret.analyses.form import measure_form
from interpret.analyses.levelling import measure_levelling
from interpret.analyses.noise import Noise
from interpret.describe import describe_figure

N = 90


def _with(shape: np.ndarray, phi: float, seed: int) -> np.ndarray:
    return shape + noise(np.random.default_rng([5, seed]), N, phi)


def _shapes() -> dict[str, tuple[np.ndarray, int]]:
    """Six noise units each: the shape and where it begins."""
    at = np.arange(N)
    return {
        "hinge": (9.0 * (1 - abs(at - 40) / 50), 40),
        "step": (6.0 * (at >= 55), 55),
        "pulse": (-6.0 * ((at >= 30) & (at < 34)), 30),
    }


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("kind", ["hinge", "step", "pulse"])
def test_a_term_is_found_where_it_is(kind: str, phi: float) -> None:
    shape, start = _shapes()[kind]
    near = 0
    for seed in range(10):
        terms = measure_form(_with(shape, phi, seed)).terms
        near += any(abs(term.start - start) <= (9 if kind == "hinge" else 1) for term in terms)
    assert near >= 9


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
def test_noise_has_no_form(phi: float) -> None:
    found = sum(bool(measure_form(_with(np.zeros(N), phi, seed)).terms) for seed in range(40))
    assert found <= 4


def test_units_do_not_matter() -> None:
    y = _with(_shapes()["step"][0], 0.3, 1)
    small, large = measure_form(1e-9 * y), measure_form(1e9 * y)
    assert [(t.kind, t.start) for t in small.terms] == [(t.kind, t.start) for t in large.terms]
    assert small.rest * 1e18 == pytest.approx(large.rest, rel=1e-6, abs=1e3)


def test_the_reading_error_is_no_noise_to_beat() -> None:
    y = np.linspace(0, 1, N)
    y[40] += 0.002
    assert measure_form(y).terms
    assert not measure_form(y, sigma=0.002).terms


def test_rest_is_the_series_without_its_terms() -> None:
    y = _with(_shapes()["step"][0], 0.0, 2)
    form = measure_form(y)
    jump = np.median(form.rest[55:60]) - np.median(form.rest[50:55])
    assert abs(jump) < 1.5
    assert form.scatter == pytest.approx(1.0, abs=0.25)


def test_a_level_end_beside_a_long_memory_is_told_with_a_hedge() -> None:
    at = np.arange(300)
    course = np.minimum(at, 220) * (7.0 / 220)
    told = 0
    for seed in range(12):
        y = course + noise(np.random.default_rng([8, seed]), 300, 0.8)
        findings = describe_figure(make_figure(Plot(lines=[Line(y=y)], y_label="Output"))).findings
        plateaus = [f for f in findings if f.kind == "plateau" and float(f.x_range[1]) > 280]  # type: ignore[index]
        told += any(abs(float(f.x_range[0]) - 220) < 45 for f in plateaus)  # type: ignore[index]
        assert all("could also" in f.sentence for f in plateaus if f.confidence < 0.6)
    assert told > 5


def test_a_straight_course_seldom_seems_to_level_off() -> None:
    told = 0
    for seed in range(30):
        y = np.arange(100) * 0.1 + noise(np.random.default_rng([9, seed]), 100, 0.5)
        told += measure_levelling(y, Noise(sd=1.0, phi=0.7, step=1.0)) is not None
    assert told <= 3
