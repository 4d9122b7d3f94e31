"""Comparing figures with logs: what is matched, what is recognised, what is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from chartscribe.compare.names import likeness
from chartscribe.compare.report import Comparison, compare, tables_of_figure
from chartscribe.compare.smoothing import Smoothing, first_guesses
from chartscribe.compare.tables import Table, make_table
from digitizer.errors import InputError
from digitizer.model import Axis, Figure, FloatArray, Frame, Panel, Series, Source

Mode = Literal["markers", "columns"]
Result = tuple[int, str, str]

WIDTH, HEIGHT = 520.0, 330.0
NOISE_PX = 0.2


def loss(n: int = 80, *, seed: int = 1, noise: float = 0.04, low: float = 0.3) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.asarray(low + 1.7 * np.exp(-np.arange(n) / (0.3 * n)) + noise * rng.normal(size=n))


def a_series(
    x: Any, y: FloatArray, limits: tuple[Any, Any], *, name: str | None, mode: Mode = "markers", seed: int = 5
) -> Series:
    """What a reading of these data might be: a fifth of a pixel off, x too where markers are read."""
    rng = np.random.default_rng(seed)
    first, last = limits
    x = np.asarray(x, dtype=float)
    if mode == "columns":
        pixels = np.arange(np.ceil(WIDTH * 0.045), WIDTH * 0.955)
        columns = -0.05 * np.ptp(x) + x.min() + pixels / WIDTH * 1.1 * np.ptp(x)
        columns = columns[(columns >= x.min()) & (columns <= x.max())]
        x, y = columns, np.interp(columns, x, y)
    else:
        x = x + rng.normal(0, NOISE_PX, len(x)) / WIDTH * 1.1 * np.ptp(x)
    sigma = NOISE_PX / HEIGHT * abs(last - first)
    y = np.asarray(y + rng.normal(0, sigma, len(y)))
    blank = np.zeros(len(x))
    return Series(
        name=name, x=x, y=y, y_sigma=np.full(len(x), sigma), x_px=blank, y_px=blank.copy(), sampled_at=mode
    )


def a_figure(
    *data: tuple[str | None, Any, FloatArray],
    mode: Mode = "markers",
    x_label: str = "Step",
    y_label: str | None = None,
) -> Figure:
    """One panel with these series (name, x, y)."""
    low, high = min(y.min() for _, _, y in data), max(y.max() for _, _, y in data)
    limits = (float(low - 0.05 * (high - low)), float(high + 0.05 * (high - low)))
    x = np.concatenate([np.asarray(x, dtype=float) for _, x, _ in data])
    across = (float(x.min() - 0.05 * np.ptp(x)), float(x.max() + 0.05 * np.ptp(x)))
    series = tuple(a_series(x, y, limits, name=name, mode=mode) for name, x, y in data)
    panel = Panel(
        frame=Frame(left=40, top=20, right=40 + WIDTH, bottom=20 + HEIGHT),
        x_axis=Axis(label=x_label, limits=across),
        y_axis=Axis(label=y_label, limits=limits),
        series=series,
        status="ok",
    )
    return Figure(source=Source(name="f.png", sha256="", width=600, height=400), panels=(panel,))


def check(figure: Figure, *tables: Table, **options: Any) -> Comparison:
    return compare(figure, tables, name="f.png", logs=[table.log for table in tables], **options)


def a_log(name: str = "run.csv", **columns: Any) -> Table:
    return make_table(name, {key.replace("__", "/"): list(cells) for key, cells in columns.items()})


STEPS = np.arange(0, 800, 10)


# Names and smoothings


def test_names_that_mean_the_same() -> None:
    for name, same, other in (
        ("Train Reward vs Step", "train_reward", "eval_reward"),
        ("Validation accuracy", "val_acc", "train_acc"),
        ("Training loss", "train/loss", "val/loss"),
        ("Response Length", "avg_response_len", "reward_avg"),
        ("metrics/mAP50(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)"),
        ("Learning rate", "lr", "loss"),
        ("smoothed loss", "loss", "lr"),
    ):
        assert likeness(name, same) > 0.75
        assert likeness(name, other) < likeness(name, same) - 0.05
    assert likeness("Rewards", "reward") == 1
    assert likeness("", "reward") == likeness("loss", "lr") == 0


def test_smoothings_are_those_of_pandas() -> None:
    y = loss(60)
    series = pd.Series(y)

    def smooth(kind: Any, parameter: float, variant: str) -> FloatArray:
        return Smoothing(kind=kind, parameter=parameter, variant=variant).apply(y)

    for window in (2, 5, 12):
        expected = series.rolling(window, min_periods=1)
        np.testing.assert_allclose(smooth("moving", window, "trailing"), expected.mean())
        centred = series.rolling(window | 1, min_periods=1, center=True).mean()
        np.testing.assert_allclose(smooth("moving", window | 1, "centred"), centred)
        triangle = series.rolling(window, min_periods=1, win_type="triang").mean()
        np.testing.assert_allclose(smooth("moving", window, "triangular"), triangle)
    np.testing.assert_allclose(
        smooth("exponential", 0.8, "plain"), series.ewm(alpha=0.2, adjust=False).mean()
    )
    np.testing.assert_allclose(smooth("exponential", 0.8, "debiased"), series.ewm(alpha=0.2).mean())
    constant = np.full(30, 2.5)
    for smoothing in first_guesses(30):
        np.testing.assert_allclose(smoothing.apply(constant), constant)


# What agrees


@pytest.mark.parametrize("mode", ["markers", "columns"])
def test_the_same_data_agree(mode: Mode) -> None:
    train, val = loss(), loss(seed=2, low=0.5)
    figure = a_figure(("train loss", STEPS, train), ("val loss", STEPS, val), mode=mode)
    log = a_log(step=STEPS, lr=1e-3 / (1 + STEPS), val__loss=val, train__loss=train)
    result = check(figure, log)
    assert result.agrees
    assert [(p["x_column"], p["y_column"]) for p in result.to_dict()["pairs"]] == [
        ("step", "train/loss"),
        ("step", "val/loss"),
    ]
    for pair in result.pairs:
        assert pair.rmse < 0.5 / HEIGHT * pair.span
        assert pair.rmse_sigma < 1.5
    assert result.unmatched_columns == (("run.csv", "lr"),)


def test_other_units_are_said() -> None:
    accuracy = 1 - loss() / 2.5
    figure = a_figure(("Accuracy (%)", STEPS / 1000, 100 * accuracy), x_label="Steps (thousands)")
    (pair,) = check(figure, a_log(step=STEPS, accuracy=accuracy)).to_dict()["pairs"]
    assert pair["verdict"] == "agrees"
    assert pair["transform"] == {"x_factor": 1e-3, "y_factor": 100.0, "smoothing": None, "runs": 1}
    assert pair["max_error"] < 0.01
    assert pair["range"] == pytest.approx(1.1 * np.ptp(accuracy))


def test_a_constant_between_two_counters() -> None:
    figure = a_figure(("loss", np.arange(80) * 125, loss()))
    (pair,) = check(figure, a_log(epoch=np.arange(80), loss=loss())).to_dict()["pairs"]
    assert pair["verdict"] == "agrees"
    assert (pair["x_column"], pair["transform"]["x_factor"]) == ("epoch", 125)


def test_rows_that_are_not_drawn() -> None:
    y = loss(900, noise=0.1)
    figure = a_figure(("loss", np.arange(0, 900, 12), y[::12]))
    (pair,) = check(figure, a_log(step=np.arange(900), loss=y)).pairs
    assert pair.verdict == "agrees"
    assert re.search(r"75 of 8\d\d rows drawn", pair.sentence)
    # Rows lie closer than a pixel, and yet each marker is held against its own.
    y = y.copy()
    y[480] += 0.1
    (pair,) = check(figure, a_log(step=np.arange(900), loss=y)).pairs
    assert pair.verdict == "differs"
    assert float(pair.max_error_at) == pytest.approx(480, abs=1.5)


def test_categories_are_found_by_name() -> None:
    names, values = ["itoa", "sprintf", "branch", "sse2"], np.array([3.0, 7.5, 1.2, 0.8])
    series = a_series(np.arange(4), values, (0, 8), name="Time (ns)")
    series = replace(series, x=np.array(names), kind="bar")
    panel = a_figure(("Time (ns)", np.arange(4), values)).panels[0]
    panel = replace(panel, x_axis=Axis(scale="category"), series=(series,))
    figure = replace(a_figure(("x", np.arange(4), values)), panels=(panel,))
    log = a_log(function=[*names[::-1], "other"], time_ns=[*values[::-1], 5.0], calls=[1, 2, 3, 4, 5])
    (pair,) = check(figure, log).to_dict()["pairs"]
    assert (pair["x_column"], pair["y_column"], pair["verdict"]) == ("function", "time_ns", "agrees")


# Smoothing and runs


@pytest.mark.parametrize(
    ("kind", "parameter", "variant"),
    [
        ("moving", 9, "trailing"),
        ("exponential", 0.9, "plain"),
        ("exponential", 0.6, "debiased"),
        ("gaussian", 3, "reflected"),
    ],
)
def test_smoothing_is_recognised_with_its_parameter(kind: Any, parameter: float, variant: str) -> None:
    raw = loss(200, noise=0.15)
    x = np.arange(200)
    smooth = Smoothing(kind=kind, parameter=parameter, variant=variant).apply(raw)
    figure = a_figure(("original", x, raw), ("smoothed", x, smooth), mode="columns", y_label="loss")
    result = check(figure, a_log(step=x, loss=raw))
    assert result.agrees, result.to_text()
    first, second = (pair["transform"]["smoothing"] for pair in result.to_dict()["pairs"])
    assert first is None
    assert second["kind"] == kind
    assert second["parameter"] == pytest.approx(parameter, rel=0.02)


def test_a_mean_of_runs_is_recognised() -> None:
    runs = [loss(seed=seed, noise=0.2) for seed in range(3)]
    figure = a_figure(("reward", STEPS, np.mean(runs, axis=0)))
    logs = [a_log(f"{i}.csv", step=STEPS, reward=run) for i, run in enumerate(runs)]
    (pair,) = check(figure, *logs).to_dict()["pairs"]
    assert (pair["verdict"], pair["transform"]["runs"]) == ("agrees", 3)
    assert pair["logs"] == ["0.csv", "1.csv", "2.csv"]
    (pair,) = check(a_figure(("reward", STEPS, runs[1])), *logs).to_dict()["pairs"]
    assert (pair["verdict"], pair["transform"]["runs"], pair["logs"]) == ("agrees", 1, ["1.csv"])


# What differs

TRIALS = 25


@pytest.mark.parametrize("mode", ["markers", "columns"])
@pytest.mark.parametrize("planted", ["nothing", "one value", "shifted x", "swapped columns", "smoothed copy"])
def test_planted_disagreements_are_reported(planted: str, mode: Mode) -> None:
    n_reported = 0
    for seed in range(TRIALS):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(40, 90))
        x = np.arange(n)
        y = {
            "train_loss": loss(n, seed=seed, noise=0.02),
            "val_loss": loss(n, seed=99 - seed, noise=0.02, low=0.6),
        }
        drawn = y["train_loss"]
        logged, logged_x = dict(y), x
        if planted == "one value":
            changed = drawn.copy()
            changed[rng.integers(n)] += rng.choice([-1, 1]) * 0.03 * 1.1 * np.ptp(drawn)
            logged["train_loss"] = changed
        elif planted == "shifted x":
            logged_x = x + 2
        elif planted == "swapped columns":
            logged = dict(zip(y, list(y.values())[::-1], strict=True))
        elif planted == "smoothed copy":
            drawn = Smoothing(kind="moving", parameter=7, variant="trailing").apply(drawn)
        figure = a_figure(("train loss", x, drawn), mode=mode)
        n_reported += not check(figure, a_log(step=logged_x, **logged)).agrees
    # At least 95 %; of untouched ones at most 2 %.
    assert n_reported == 0 if planted == "nothing" else n_reported >= 0.95 * TRIALS


def test_one_value_a_pixel_off_is_told_where_all_others_are_read_to_a_tenth_of_one() -> None:
    y = loss()
    figure = a_figure(("train loss", STEPS, y))
    (panel,) = figure.panels
    pixel = float(np.ptp(panel.y_axis.limits or (0.0, 1.0))) / HEIGHT
    read = replace(panel.series[0], x=STEPS * 1.0, y=y + 0.1 * pixel * np.sin(STEPS / 10))
    figure = replace(figure, panels=(replace(panel, series=(read,)),))
    assert check(figure, a_log(step=STEPS, train_loss=y)).agrees
    y[33] += 1.1 * pixel
    (pair,) = check(figure, a_log(step=STEPS, train_loss=y)).to_dict()["pairs"]
    assert (pair["verdict"], pair["max_error_at"]) == ("differs", 330)


def test_a_swapped_column_and_a_shift_are_named() -> None:
    train, val = loss(), loss(seed=2, low=0.9)
    figure = a_figure(("train_loss", STEPS, train))
    (pair,) = check(figure, a_log(step=STEPS, train_loss=val, val_loss=train)).pairs
    assert (pair.verdict, pair.match.fit.source.y_column) == ("differs", "train_loss")
    assert "its values are those of the column val_loss" in pair.sentence
    steep = 1 / (1 + np.exp(-(STEPS - 400) / 30))
    figure = a_figure(("train_loss", STEPS, steep))
    (pair,) = check(figure, a_log(step=STEPS + 30, train_loss=steep)).pairs
    assert "it fits with x shifted by -30" in pair.sentence


def test_a_smoothed_curve_passed_off_as_raw_is_named() -> None:
    raw = loss(200, noise=0.15)
    smooth = Smoothing(kind="exponential", parameter=0.9, variant="plain").apply(raw)
    log = a_log(step=np.arange(200), loss=raw)
    (pair,) = check(a_figure(("loss", np.arange(200), smooth)), log).pairs
    assert pair.verdict == "differs"
    assert "exponential smoothing with weight 0.9, which its name does not say" in pair.sentence
    assert check(a_figure(("loss (EMA)", np.arange(200), smooth)), log).agrees


def test_tolerance_decides_where_it_is_given() -> None:
    y = loss(noise=0.01)
    off = y.copy()
    off[40] += 0.03 * 1.1 * np.ptp(y)
    figure, log = a_figure(("loss", STEPS, y)), a_log(step=STEPS, loss=off)
    assert not check(figure, log).agrees
    assert not check(figure, log, tolerance=0.02).agrees
    assert check(figure, log, tolerance=0.04).agrees


def test_what_the_log_does_not_hold() -> None:
    figure = a_figure(("loss", STEPS, loss()), ("temperature", STEPS, loss(seed=3) * np.sin(STEPS / 50)))
    log = a_log(step=STEPS, loss=loss())
    result = check(figure, log)
    assert not result.agrees
    assert result.to_dict()["unmatched_series"] == [
        {"panel": 0, "series": 1, "name": "temperature", "reason": "no column holds this quantity"}
    ]
    assert check(figure, log, allow_unmatched=True).agrees


def test_a_given_column_is_taken() -> None:
    figure = a_figure(("return", STEPS, loss()))
    log = a_log(step=STEPS, a=loss(), b=loss(seed=3, low=1.5))
    assert check(figure, log).pairs[0].match.fit.source.y_column == "a"
    pair = check(figure, log, mapping={"return": "b"}).pairs[0]
    assert (pair.match.fit.source.y_column, pair.verdict) == ("b", "other")
    with pytest.raises(InputError, match="no series 'loss' to map; its series go by return"):
        check(figure, log, mapping={"loss": "b"})
    with pytest.raises(InputError, match="names no column of the logs; there are a, b, step"):
        check(figure, log, mapping={"return": "c"})


# Figures against figures, and the command


def test_two_readings_of_the_same_data_agree() -> None:
    one = a_figure(("train", STEPS, loss()), ("val", STEPS, loss(seed=2, low=0.6)), y_label="Loss")
    two = a_figure(
        ("val", STEPS, loss(seed=2, low=0.6)), ("train", STEPS, loss()), mode="columns", y_label="Loss"
    )
    result = check(one, *tables_of_figure(two, "two.png"))
    assert result.agrees, result.to_text()
    assert [pair.match.fit.source.y_column for pair in result.pairs] == ["train", "val"]
    other = a_figure(("train", STEPS, loss(seed=7) + 0.1), ("val", STEPS, loss(seed=2, low=0.6)))
    verdicts = [pair.verdict for pair in check(one, *tables_of_figure(other, "two.png")).pairs]
    assert verdicts == ["differs", "agrees"]


def test_the_command_on_a_drawn_chart(tmp_path: Path, command: Callable[..., Result]) -> None:
    from matplotlib.figure import Figure as Canvas

    x, y = np.arange(0, 130, 10), loss(13, noise=0.1)
    canvas = Canvas(figsize=(3.6, 2.5), dpi=100, layout="constrained")
    axes = canvas.add_subplot()
    axes.plot(x, y, "o-")
    axes.set(xlabel="Step", ylabel="Train loss")
    canvas.savefig(tmp_path / "loss.png", format="png")
    pd.DataFrame({"step": x, "train_loss": y, "lr": 0.1 * y}).to_csv(tmp_path / "run.csv", index=False)
    off = y.copy()
    off[6] += 0.05 * np.ptp(y)
    pd.DataFrame({"step": x, "train_loss": off}).to_csv(tmp_path / "off.csv", index=False)

    status, out, err = command("compare", tmp_path / "loss.png", "--log", tmp_path / "run.csv")
    assert (status, err) == (0, "")
    assert "“Train loss” (train_loss over step, of " in out
    assert out.splitlines()[-1] == "Agrees: 1 of 1 series agree."

    document = tmp_path / "loss.json"
    document.write_text(command("digitize", tmp_path / "loss.png", "-o", "-")[1], encoding="utf-8")
    picture = tmp_path / "difference.png"
    arguments = ("compare", document, "--log", tmp_path / "off.csv")
    status, out, _ = command(*arguments, "--format", "json", "--picture", picture)
    report = json.loads(out)
    assert (status, report["agrees"]) == (1, False)
    assert report["pairs"][0]["max_error_at"] == pytest.approx(60, abs=0.5)
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert command(*arguments, "--tolerance", "10%")[0] == 0
    status, page, _ = command(*arguments, "--format", "html")
    assert status == 1
    assert not re.search(r'(src|href)="(?!data:)|@import|url\(', page)
    assert "differs" in page
    assert command("compare", document, document)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.json"], "give one INPUT with --log LOG, or two inputs"),
        (["a.json", "b.json", "--log", "x.csv"], "give one INPUT"),
        (["a.json", "--log", "x.csv", "--tolerance", "1"], "'1' is no share; give a percentage such as 1%"),
        (["a.json", "--log", "x.csv", "--map", "loss"], "'loss' is no pair; give SERIES=COLUMN"),
        (["a.json", "--log", "absent.csv"], "absent.csv: there is no such file"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], words: str, command: Callable[..., Result]) -> None:
    status, out, err = command("compare", *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
