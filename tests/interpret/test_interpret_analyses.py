"""The analyses of form find what was drawn: laws, cycles, bends, scatter, restarts, groups, delays."""

from __future__ import annotations

import numpy as np
import pytest

from interpret.analyses.branches import measure_branches
from interpret.analyses.clusters import measure_groups, measure_outliers
from interpret.analyses.family import Family, measure_family
from interpret.analyses.knee import measure_knee
from interpret.analyses.lag import measure_lag
from interpret.analyses.noise import Noise
from interpret.analyses.opening import measure_opening
from interpret.analyses.period import measure_period
from interpret.analyses.replay import measure_replay
from interpret.analyses.runs import measure_bend, measure_runs
from interpret.analyses.spread import measure_spread_change

X = np.linspace(1, 100, 80)
LAWS = {
    "exponential": 50 * np.exp(-X / 30),
    "saturating": 5 + 40 * np.exp(-X / 12),
    "power": 100 * X**-0.8,
    "logarithmic": 3 + 4 * np.log(X),
    "sigmoid": 2 + 30 / (1 + np.exp(-(X - 55) / 6)),
}


def law_of(y: np.ndarray, seed: int = 0) -> Family | None:
    sd = 0.006 * float(np.ptp(y))
    noisy = y + np.random.default_rng(seed).normal(0, sd, len(y))
    return measure_family(X, noisy, Noise(sd=sd, phi=0.0, step=sd))


@pytest.mark.parametrize("name", list(LAWS))
def test_laws_are_named(name: str) -> None:
    told = [law_of(LAWS[name], seed) for seed in range(4)]
    assert [law.name for law in told if law is not None and law.name != "bent"] == [name] * 4


def test_parameters_of_laws() -> None:
    decay, approach, sigmoid = (law_of(LAWS[k]) for k in ("exponential", "saturating", "sigmoid"))
    assert decay is not None
    assert approach is not None
    assert sigmoid is not None
    assert abs(decay.parameter) == pytest.approx(30 * np.log(2), rel=0.05)
    assert (approach.parameter, approach.limit) == (pytest.approx(12, rel=0.1), pytest.approx(5, abs=0.5))
    assert sigmoid.parameter == pytest.approx(55, abs=1)
    assert sigmoid.both_ends
    cut = law_of(2 + 30 / (1 + np.exp(-(X - 85) / 10)))
    assert cut is None or cut.name != "sigmoid" or not cut.both_ends


@pytest.mark.parametrize("y", [3 + 0.5 * X, np.minimum(X, 40.0), np.where(X < 50, 1.0, 4.0)])
def test_straight_broken_and_stepped_lines_have_no_law(y: np.ndarray) -> None:
    assert all(law_of(y, seed) is None for seed in range(4))


def test_a_cycle_is_found_with_its_period() -> None:
    rng = np.random.default_rng(2)
    x = np.arange(96.0)
    y = 0.05 * x + np.sin(2 * np.pi * x / 12) + rng.normal(0, 0.3, 96)
    period = measure_period(x, y)
    assert period is not None
    assert period.period == pytest.approx(12, rel=0.05)
    assert period.cycles == pytest.approx(8, abs=0.4)
    assert period.growth == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
def test_noise_has_no_cycle(phi: float) -> None:
    found = 0
    for seed in range(30):
        y = np.random.default_rng(seed).normal(size=80)
        for i in range(1, 80):
            y[i] = phi * y[i - 1] + np.sqrt(1 - phi * phi) * y[i]
        found += measure_period(np.arange(80.0), y) is not None
    assert found <= 1


def test_a_knee_is_where_the_arms_meet() -> None:
    y = np.minimum(X, 40.0) + np.random.default_rng(3).normal(0, 0.4, 80)
    knee = measure_knee(X, y, Noise(sd=0.4, phi=0.0, step=0.4))
    assert knee is not None
    assert X[knee.index] == pytest.approx(40, abs=3)
    assert knee.before == pytest.approx(1, abs=0.05)
    assert measure_knee(X, X + y * 0, Noise(sd=0.4, phi=0.0, step=0.4)) is None


def test_growing_scatter() -> None:
    rng = np.random.default_rng(4)
    y = np.concatenate([rng.normal(0, 1, 60), rng.normal(0, 3, 60)]) + np.linspace(0, 20, 120)
    change = measure_spread_change(y, 60)
    assert change is not None
    assert change.ratio == pytest.approx(3, rel=0.35)
    assert measure_spread_change(rng.normal(size=120), 60) is None


def test_a_restart_is_told_by_its_lag() -> None:
    rng = np.random.default_rng(5)
    track = 3 * np.exp(-np.arange(100) / 40)
    y = np.concatenate([track[:60], track[35:80]]) + rng.normal(0, 0.01, 105)
    replay = measure_replay(y, Noise(sd=0.01, phi=0.0, step=0.01), 60)
    assert replay is not None
    assert replay.lag == 25
    other = np.concatenate([track[:60], np.full(45, 2.0)])
    assert measure_replay(other, Noise(sd=0.01, phi=0.0, step=0.01), 60) is None


def test_a_raised_start() -> None:
    y = np.concatenate([np.linspace(2, 3, 5), 3 * np.exp(-np.arange(80) / 20)])
    opening = measure_opening(y, Noise(sd=0.02, phi=0.0, step=0.02))
    assert opening is not None
    assert (opening.sign, opening.turn) == (1, 4)
    assert measure_opening(3 * np.exp(-np.arange(80) / 20), Noise(sd=0.02, phi=0.0, step=0.02)) is None


def test_branches_of_a_loop() -> None:
    x = np.concatenate([np.linspace(0, 10, 40), np.linspace(10, 0, 40)])
    y = x + np.where(np.arange(80) < 40, 0, 2) * np.sin(np.pi * x / 10)
    loop = measure_branches(x, y, 0.01)
    assert loop is not None
    assert loop.largest == pytest.approx(2, abs=0.1)
    assert measure_branches(x, x.copy(), 0.01) is None


def test_groups_and_outliers_of_clouds() -> None:
    rng = np.random.default_rng(6)
    x, y = (np.concatenate([rng.normal(a, 0.5, 40), rng.normal(b, 0.5, 40)]) for a, b in ((0, 6), (1, 5)))
    groups = measure_groups(x, y)
    assert groups is not None
    assert groups.n == 2
    assert set(groups.labels[:40]) == {0}
    assert sum(measure_groups(rng.normal(size=80), rng.normal(size=80)) is not None for _ in range(20)) <= 1
    assert sum(measure_groups(rng.uniform(size=80), rng.uniform(size=80)) is not None for _ in range(20)) <= 1
    line = np.arange(50.0) + rng.normal(0, 0.5, 50)
    assert measure_outliers(np.arange(50.0), line) == []
    line[17] += 12
    assert measure_outliers(np.arange(50.0), line) == [17]


def test_delays() -> None:
    rng = np.random.default_rng(7)
    a = np.cumsum(rng.normal(size=124))
    b = np.roll(a, 4)[4:] + rng.normal(0, 0.3, 120)
    lag = measure_lag(a[4:], b)
    assert lag is not None
    assert lag.lag == 4
    assert lag.correlation > 0.6
    walks = [np.cumsum(rng.normal(size=(2, 100)), axis=1) for _ in range(40)]
    assert sum(measure_lag(one, two) is not None for one, two in walks) <= 1


def test_runs_of_short_series() -> None:
    y = np.array([48.4, 50.5, 52.3, 54.0, 55.6, 57.7, 60.3, 62.3, 60.4, 46.8, 40.0, 43.5])
    assert [(r.first, r.last, r.sign) for r in measure_runs(y, 0.1)] == [(0, 7, 1), (7, 10, -1), (10, 11, 1)]
    assert measure_runs(np.array([0.0, 5, 1, 6, 0, 7, 2, 5]), 0.1) == ()
    cores = np.array([1.0, 2, 4, 8, 16, 32])
    first, last = measure_bend(cores, cores / (1 + 0.08 * (cores - 1)), 0.01) or (0, 0)
    assert 0 < last < 0.4 * first
    assert measure_bend(cores, cores, 0.01) is None
