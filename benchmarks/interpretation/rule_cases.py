"""For every rule, charts on which it must fire and charts of which one premise is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.interpretation.build import FloatArray, Line, Plot, noise

Rng = np.random.Generator
Make = Callable[[Rng], list[Plot]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCase:
    """``positive`` charts show the pattern, ``contrast`` charts all but one premise of it."""

    rule: str
    positive: Make
    contrasts: tuple[Make, ...]


def steps(n: int) -> FloatArray:
    return np.linspace(0, 1, n)


def approach(n: int, tau: float = 0.12) -> FloatArray:
    """From 0 to nearly 1, fast and then slow."""
    result: FloatArray = -np.expm1(-steps(n) / tau)
    return result


def rise_level(n: int, at: float = 0.35) -> FloatArray:
    """A straight rise to 1 and a plateau."""
    return np.minimum(steps(n) / at, 1.0)


def bump(n: int, at: float, width: int, size: float) -> FloatArray:
    y = np.zeros(n)
    first = int(at * n)
    y[first : first + width] = size
    return y


def after(n: int, at: float) -> FloatArray:
    result: FloatArray = (np.arange(n) >= int(at * n)).astype(float)
    return result


def one(y: FloatArray, label: str, x_label: str = "Step") -> list[Plot]:
    return [Plot(lines=[Line(y=y)], y_label=label, x_label=x_label)]


def two(a: FloatArray, la: str, b: FloatArray, lb: str, x_label: str = "Step") -> list[Plot]:
    return [*one(a, la, x_label), *one(b, lb, x_label)]


def pair(a: FloatArray, na: str, b: FloatArray, nb: str, y: str = "Loss", x: str = "Epoch") -> list[Plot]:
    return [Plot(lines=[Line(y=a, name=na), Line(y=b, name=nb)], y_label=y, x_label=x)]


def size(rng: Rng) -> int:
    return int(rng.integers(70, 130))


# Reward and length ---------------------------------------------------------------------------------


def r1(rng: Rng, turn: bool = True) -> list[Plot]:
    n = size(rng)
    peak = rng.uniform(0.4, 0.6)
    gold = np.minimum(steps(n) / peak, 1) - (1.2 * np.maximum(steps(n) - peak, 0) if turn else 0)
    return two(
        approach(n, 0.4) + noise(rng, n, sd=0.02),
        "Train reward",
        gold + noise(rng, n, sd=0.03),
        "Gold reward",
    )


def r1_falling(rng: Rng) -> list[Plot]:
    n = size(rng)
    fall = 0.8 * np.maximum(steps(n) - 0.5, 0)
    return one(approach(n) - fall + noise(rng, n, sd=0.02), "Train reward")


def r2(rng: Rng, x_label: str = "KL divergence") -> list[Plot]:
    n = 40
    x = np.linspace(0, 12, n)
    y = x * (1 - 0.35 * np.log1p(x)) + noise(rng, n, sd=0.03)
    return [Plot(lines=[Line(y=y, x=x)], y_label="Gold reward", x_label=x_label)]


def r3(rng: Rng, coupled: bool = True) -> list[Plot]:
    n = size(rng)
    shared = noise(rng, n, 0.2)
    other = shared if coupled else noise(rng, n, 0.2)
    length = 400 + 200 * steps(n) + 12 * shared + noise(rng, n, sd=4)
    reward = 0.4 + 0.3 * steps(n) + 0.02 * other + noise(rng, n, sd=0.006)
    return two(length, "Response length", reward, "Reward")


def r4(rng: Rng, pays: bool = False) -> list[Plot]:
    n = size(rng)
    reward = 0.5 + (0.3 * steps(n) if pays else 0) + noise(rng, n, sd=0.02)
    return two(400 + 300 * steps(n) + noise(rng, n, sd=12), "Completion length", reward, "Mean reward")


def r5(rng: Rng, surge: bool = True) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.6, 0.85)
    length = 500 + noise(rng, n, sd=10) + (120 * after(n, at) if surge else 0)
    reward = 0.7 * rise_level(n) + noise(rng, n, sd=0.01) - 0.25 * after(n, at)
    return two(length, "Response length", reward, "Train reward")


def r6(rng: Rng, spread: float = 0.002) -> list[Plot]:
    n = size(rng)
    level = float(rng.choice([256, 512, 1024]))
    return one(level * (1 - abs(noise(rng, n, sd=spread))), "Mean completion length")


def r7(rng: Rng, moving: bool = False) -> list[Plot]:
    n = size(rng)
    loss = np.zeros(n) + (0.5 * np.exp(-4 * steps(n)) + noise(rng, n, sd=0.01) if moving else 0)
    return two(np.full(n, rng.choice([0.0, 1.0])), "Reward", loss, "Loss")


def r8(rng: Rng, loses: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.4, 0.6)
    reward = 0.6 + noise(rng, n, sd=0.02) - (0.3 * after(n, at) if loses else 0)
    return two(800 - 420 * after(n, at) + noise(rng, n, sd=15), "Response length", reward, "Reward")


def r9(rng: Rng, comes_back: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.7, 0.85)
    drop = bump(n, at, 3, 0.4) if comes_back else 0.4 * after(n, at)
    return one(0.8 * rise_level(n) + noise(rng, n, sd=0.012) - drop, "Mean reward")


def r10(rng: Rng, early: bool = True) -> list[Plot]:
    n = size(rng)
    entropy = np.exp(-steps(n) / 0.08) if early else 1 - 0.05 * steps(n)
    reward = 0.7 * rise_level(n, 0.4)
    return two(entropy + noise(rng, n, sd=0.01), "Policy entropy", reward + noise(rng, n, sd=0.012), "Reward")


def r11(rng: Rng, falls: bool = True) -> list[Plot]:
    n = size(rng)
    late = np.maximum(steps(n) - 0.5, 0)
    reward = 0.6 + (-0.8 if falls else 0.6) * late + noise(rng, n, sd=0.015)
    return two(0.5 + 1.4 * late + noise(rng, n, sd=0.03), "Entropy", reward, "Reward")


def r12(rng: Rng, reward_rises: bool = True) -> list[Plot]:
    n = size(rng)
    reward = 0.4 + (0.3 * steps(n) if reward_rises else 0) + noise(rng, n, sd=0.02)
    return two(8 * steps(n) + noise(rng, n, sd=0.2), "KL divergence", reward, "Reward")


def r13(rng: Rng, together: bool = True) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.4, 0.7)
    kl = 1 + noise(rng, n, sd=0.1) + bump(n, at if together else at - 0.25, 2, 3)
    reward = 0.6 + noise(rng, n, sd=0.02) - 0.3 * after(n, at)
    return two(kl, "KL divergence", reward, "Reward")


def r14(rng: Rng, loss_jumps: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.5, 0.75)
    loss = 0.2 + noise(rng, n, sd=0.02) + (0.5 * after(n, at) if loss_jumps else 0)
    return two(0.6 + noise(rng, n, sd=0.02) - 0.4 * after(n, at), "Reward", loss, "Policy loss")


def r15(rng: Rng, lasts: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.3, 0.6)
    dip = 0.3 * after(n, at) if lasts else bump(n, at, int(rng.integers(1, 4)), 0.3)
    return one(0.6 + noise(rng, n, sd=0.02) - dip, "Reward")


def r16(rng: Rng, levels_off: bool = True) -> list[Plot]:
    n = size(rng)
    course = rise_level(n, 0.3) if levels_off else steps(n)
    return one(0.2 + 0.6 * course + noise(rng, n, sd=0.012), "Train reward")


def r17(rng: Rng, rises: bool = True) -> list[Plot]:
    n = size(rng)
    score = 30 + (25 * steps(n) if rises else 0) + noise(rng, n, sd=1.5)
    return two(500 + 600 * steps(n) + noise(rng, n, sd=20), "Response length", score, "Eval accuracy")


# Supervised training -------------------------------------------------------------------------------


def falling(n: int, tau: float = 0.15) -> FloatArray:
    result: FloatArray = 0.5 + 2 * np.exp(-steps(n) / tau)
    return result


def r18(rng: Rng, lasts: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.4, 0.75)
    spike = 0.8 * after(n, at) if lasts else bump(n, at, 2, 0.8)
    return one(falling(n) + noise(rng, n, sd=0.025) + spike, "Training loss")


def r19(rng: Rng, together: bool = True) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.45, 0.75)
    norm = 1 + noise(rng, n, sd=0.1) + bump(n, at if together else at - 0.3, 2, 3)
    return two(norm, "Gradient norm", falling(n) + noise(rng, n, sd=0.025) + bump(n, at, 2, 0.8), "Loss")


def r20(rng: Rng, returns: bool = False) -> list[Plot]:
    n = size(rng)
    at = rng.uniform(0.5, 0.7)
    up = bump(n, at, 2, 1.2) if returns else 1.2 * after(n, at)
    return one(falling(n) + noise(rng, n, sd=0.03) + up, "Train loss")


def r21(rng: Rng, straight: bool = False) -> list[Plot]:
    n = size(rng)
    course = 1 + 8 * steps(n) if straight else np.exp(4 * steps(n))
    return one(course * (1 + noise(rng, n, sd=0.03)), "Gradient norm")


def r22(rng: Rng, turns: bool = True) -> list[Plot]:
    n = size(rng)
    train = falling(n, 0.25) + noise(rng, n, sd=0.015)
    val = (
        0.3
        + falling(n, 0.15)
        + (0.9 * np.maximum(steps(n) - 0.35, 0) if turns else 0)
        + noise(rng, n, sd=0.02)
    )
    return pair(train, "Train", val, "Validation")


def r23(rng: Rng, learns: bool = False) -> list[Plot]:
    n = size(rng)
    train = (falling(n) if learns else 2.3) + noise(rng, n, sd=0.03)
    return pair(train, "train", 2.4 + noise(rng, n, sd=0.03), "val")


def r24(rng: Rng, regular: bool = True) -> list[Plot]:
    n = size(rng)
    wave = 0.2 * np.sin(2 * np.pi * np.arange(n) / rng.uniform(8, 14)) if regular else 0
    return one(1 + wave + noise(rng, n, sd=0.04), "Loss")


def r25(rng: Rng, again: bool = True) -> list[Plot]:
    n = size(rng)
    x = steps(n)
    val = np.interp(x, [0, 0.2, 0.5, 1], [2.2, 1.0, 1.7, 0.8 if again else 1.9]) + noise(rng, n, sd=0.03)
    return pair(falling(n) + noise(rng, n, sd=0.02), "Training loss", val, "Validation loss")


def r26(rng: Rng, late: bool = True) -> list[Plot]:
    n = size(rng)
    train = np.minimum(0.1 + steps(n) / 0.12, 0.995)
    start = 0.6 if late else 0.02
    val = 0.1 + 0.88 * np.clip((steps(n) - start) / 0.12, 0, 1)
    return pair(
        np.minimum(train + noise(rng, n, sd=0.004), 1),
        "Train accuracy",
        val + noise(rng, n, sd=0.008),
        "Validation accuracy",
        "Accuracy",
        "Step",
    )


def staircase(rng: Rng, places: list[float], n: int, height: float = 0.4) -> FloatArray:
    y = np.full(n, 2.6)
    for at in places:
        y -= height * after(n, at)
    return y


def r27(rng: Rng, even: bool = True) -> list[Plot]:
    n = int(rng.integers(120, 180))
    places = [0.25, 0.5, 0.75] if even else [0.2, 0.31, 0.8]
    return one(staircase(rng, places, n) + noise(rng, n, sd=0.03), "Training loss")


def r28(rng: Rng, raised: bool = True) -> list[Plot]:
    n = int(rng.integers(110, 160))
    y = falling(n, 0.2)
    k = max(3, int(0.04 * n))
    if raised:
        y = np.concatenate([np.linspace(2.0, 3.2, k), 0.7 + falling(n - k, 0.2)])
    return one(y + noise(rng, n, sd=0.02), "Loss")


def r29(rng: Rng, decays: bool = True) -> list[Plot]:
    n = int(rng.integers(120, 180))
    late = np.maximum(steps(n) - 0.75, 0) / 0.25
    sd = np.where(late > 0, 0.012, 0.05) if decays else 0.05
    y = 0.5 + 1.2 * np.exp(-steps(n) / 0.1) - (0.5 * np.minimum(1.6 * late, 1) if decays else 0)
    return one(y + sd * noise(rng, n), "Training loss")


def r30(rng: Rng, calms: bool = True) -> list[Plot]:
    n = int(rng.integers(120, 180))
    places = [0.4, 0.72]
    sd = np.where(np.arange(n) < 0.4 * n, 0.06, np.where(np.arange(n) < 0.72 * n, 0.025, 0.012))
    return one(
        staircase(rng, places, n, 0.5) + (sd if calms else 0.03) * noise(rng, n), "Validation loss", "Epoch"
    )


def r31(rng: Rng, law: bool = True) -> list[Plot]:
    n = 80
    x = np.geomspace(10, 10000, n)
    y = 8 * x**-0.18 if law else 4 - 3 * (x / 1e4)
    return [
        Plot(
            lines=[Line(y=y * (1 + noise(rng, n, sd=0.008)), x=x)],
            y_label="Test loss",
            x_label="Tokens",
            x_scale="log",
        )
    ]


def r32(rng: Rng, level: bool = True) -> list[Plot]:
    n = size(rng)
    y = 0.5 + 0.4 * (rise_level(n, 0.45) if level else steps(n))
    return one(y + noise(rng, n, sd=0.006), "Validation accuracy", "Epoch")


def r33(rng: Rng, forgets: bool = True) -> list[Plot]:
    n = size(rng)
    old = 0.85 - (0.45 * approach(n, 0.3) if forgets else 0)
    return pair(
        old + noise(rng, n, sd=0.015),
        "Old task",
        0.3 + 0.5 * approach(n, 0.25) + noise(rng, n, sd=0.015),
        "New task",
        "Accuracy",
        "Step",
    )


def r34(rng: Rng, fails: bool = True) -> list[Plot]:
    n = size(rng)
    d = (0.02 + 0.68 * np.exp(-steps(n) / 0.2) if fails else 0.65) + abs(noise(rng, n, sd=0.015))
    return pair(
        d,
        "Discriminator loss",
        1 + 5 * steps(n) + noise(rng, n, sd=0.2),
        "Generator loss",
        "Loss",
        "Iteration",
    )


def r35(rng: Rng, high: bool = True) -> list[Plot]:
    n = size(rng)
    top = 0.985 if high else 0.7
    return one(
        np.minimum(top * (0.5 + 0.5 * rise_level(n, 0.4)) + noise(rng, n, sd=0.004), 1),
        "Test accuracy",
        "Epoch",
    )


def r36(rng: Rng, replays: bool = True) -> list[Plot]:
    n = int(rng.integers(100, 140))
    track = falling(n, 0.35)
    cut, lag = int(0.55 * n), int(0.3 * n)
    later = track[cut - lag : n - lag] if replays else track[cut:] + 0.8
    return one(np.concatenate([track[:cut], later]) + noise(rng, n, sd=0.015), "Training loss")


def r37(rng: Rng, better: bool = True) -> list[Plot]:
    n = size(rng)
    shift = -0.15 if better else 0.15
    return pair(
        falling(n) + noise(rng, n, sd=0.02),
        "Train loss",
        falling(n) + shift + noise(rng, n, sd=0.02),
        "Val loss",
    )


def r38(rng: Rng, grows: bool = True) -> list[Plot]:
    n = int(rng.integers(120, 160))
    at = int(0.8 * n)
    sd = np.where(np.arange(n) < 0.4 * n, 0.01, 0.03 if grows else 0.01)
    return one(0.6 + sd * noise(rng, n) - 0.3 * (np.arange(n) >= at), "Reward")
