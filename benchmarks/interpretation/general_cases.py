"""Charts for the rules of general science and systems, and the table of all rules' cases."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.interpretation import rule_cases as t
from benchmarks.interpretation.build import FloatArray, Line, Plot, noise
from benchmarks.interpretation.rule_cases import Rng, RuleCase


def along(x: FloatArray, y: FloatArray, y_label: str, x_label: str, scale: str = "linear") -> list[Plot]:
    return [Plot(lines=[Line(y=y, x=x)], y_label=y_label, x_label=x_label, x_scale=scale)]


def g1(rng: Rng, sigmoid: bool = True) -> list[Plot]:
    x = np.linspace(-9, -3, 25)
    y = 100 / (1 + np.exp(-(x + 6) / 0.45)) if sigmoid else 10 + 12 * (x + 9)
    return along(x, y + noise(rng, 25, sd=1.2), "Response (%)", "Log dose")


def g2(rng: Rng, slows: bool = True) -> list[Plot]:
    n = 40
    x = np.arange(1, n + 1, dtype=float)
    y = 300 + 900 * x**-0.6 if slows else 1200 - 18 * x
    return along(x, y + noise(rng, n, sd=12), "Reaction time (ms)", "Trial")


def g3(rng: Rng, slows: bool = True) -> list[Plot]:
    x = np.array([1, 2, 4, 8, 16, 24, 32, 48, 64], dtype=float)
    y = x / (1 + 0.06 * (x - 1)) if slows else 0.98 * x
    return along(x, y * (1 + noise(rng, len(x), sd=0.004)), "Speedup", "Number of cores")


def g4(rng: Rng, queue: bool = True) -> list[Plot]:
    x = np.linspace(0.05, 0.95, 30)
    y = 5 / (1 - x) if queue else 5 + 20 * x
    return along(x, y * (1 + noise(rng, 30, sd=0.02)), "Latency (ms)", "Utilization")


def g5(rng: Rng, retrograde: bool = True) -> list[Plot]:
    x = np.linspace(1, 100, 34)
    y = 40 * x / (1 + 0.02 * x + (0.0008 * x * x if retrograde else 0))
    return along(x, y * (1 + noise(rng, 34, sd=0.01)), "Throughput", "Concurrent users")


def g6(rng: Rng, falls: bool = True) -> list[Plot]:
    n = 50
    day = np.arange(n, dtype=float)
    y = np.interp(day, [0, 10, 16, 40, 49], [2, 6, 120, 8, 3]) if falls else 2 + 3 * day
    return along(day, y + noise(rng, n, sd=2.5), "Cases", "Day")


def g7(rng: Rng, necks: bool = True) -> list[Plot]:
    n = 60
    x = np.linspace(0, 0.3, n)
    y = np.interp(x, [0, 0.03, 0.2, 0.3], [0, 250, 400, 280 if necks else 470])
    return along(x, y + noise(rng, n, sd=4), "Stress (MPa)", "Strain")


def g8(rng: Rng, saturates: bool = True) -> list[Plot]:
    n = 40
    x = np.linspace(0.005, 0.95, n)
    y = 180 * -np.expm1(-x / 0.08) if saturates else 180 * x
    return along(x, y + noise(rng, n, sd=2), "Quantity adsorbed", "Relative pressure")


def g9(rng: Rng, turns_on: bool = True) -> list[Plot]:
    n = 50
    x = np.linspace(0, 0.8, n)
    y = 0.5 * np.exp(x / 0.12) if turns_on else 400 * x
    return along(x, y * (1 + noise(rng, n, sd=0.02)) + noise(rng, n, sd=2), "Current (mA)", "Voltage (V)")


def g10(rng: Rng, regular: bool = True) -> list[Plot]:
    n = 96
    wave = 9 * np.sin(2 * np.pi * np.arange(n) / 12 + rng.uniform(0, 6)) if regular else noise(rng, n, 0.7, 6)
    return along(np.arange(n, dtype=float), 14 + wave + noise(rng, n, sd=1.5), "Temperature (°C)", "Month")


def g11(rng: Rng, decays: bool = True) -> list[Plot]:
    n = 40
    x = np.linspace(0, 12, n)
    y = 80 * np.exp(-x / 3.5) if decays else 80 - 6 * x
    return along(x, y + noise(rng, n, sd=0.6), "Concentration (mg/L)", "Time (h)")


def g12(rng: Rng, loop: bool = True) -> list[Plot]:
    h = np.concatenate([np.linspace(-5, 5, 50), np.linspace(5, -5, 50)])
    shift = np.where(np.arange(100) < 50, 1, -1) * (1.2 if loop else 0)
    return along(h, np.tanh(h - shift) + noise(rng, 100, sd=0.01), "Magnetization", "Field (T)")


def _case(rule: str, make: t.Make, **broken: bool) -> RuleCase:
    return RuleCase(rule=rule, positive=make, contrasts=(partial(make, **broken),))


CASES = (
    RuleCase(rule="R1", positive=t.r1, contrasts=(partial(t.r1, turn=False), t.r1_falling)),
    RuleCase(rule="R2", positive=t.r2, contrasts=(partial(t.r2, x_label="Temperature"),)),
    _case("R3", t.r3, coupled=False),
    _case("R4", t.r4, pays=True),
    _case("R5", t.r5, surge=False),
    RuleCase(rule="R6", positive=t.r6, contrasts=(partial(t.r6, spread=0.06),)),
    _case("R7", t.r7, moving=True),
    _case("R8", t.r8, loses=True),
    _case("R9", t.r9, comes_back=True),
    _case("R10", t.r10, early=False),
    _case("R11", t.r11, falls=False),
    _case("R12", t.r12, reward_rises=False),
    _case("R13", t.r13, together=False),
    _case("R14", t.r14, loss_jumps=True),
    _case("R15", t.r15, lasts=True),
    _case("R16", t.r16, levels_off=False),
    _case("R17", t.r17, rises=False),
    _case("R18", t.r18, lasts=True),
    _case("R19", t.r19, together=False),
    _case("R20", t.r20, returns=True),
    _case("R21", t.r21, straight=True),
    _case("R22", t.r22, turns=False),
    _case("R23", t.r23, learns=True),
    _case("R24", t.r24, regular=False),
    _case("R25", t.r25, again=False),
    _case("R26", t.r26, late=False),
    _case("R27", t.r27, even=False),
    _case("R28", t.r28, raised=False),
    _case("R29", t.r29, decays=False),
    _case("R30", t.r30, calms=False),
    _case("R31", t.r31, law=False),
    _case("R32", t.r32, level=False),
    _case("R33", t.r33, forgets=False),
    _case("R34", t.r34, fails=False),
    _case("R35", t.r35, high=False),
    _case("R36", t.r36, replays=False),
    _case("R37", t.r37, better=False),
    _case("R38", t.r38, grows=False),
    _case("G1", g1, sigmoid=False),
    _case("G2", g2, slows=False),
    _case("G3", g3, slows=False),
    _case("G4", g4, queue=False),
    _case("G5", g5, retrograde=False),
    _case("G6", g6, falls=False),
    _case("G7", g7, necks=False),
    _case("G8", g8, saturates=False),
    _case("G9", g9, turns_on=False),
    _case("G10", g10, regular=False),
    _case("G11", g11, decays=False),
    _case("G12", g12, loop=False),
)
