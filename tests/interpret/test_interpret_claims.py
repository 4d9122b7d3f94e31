"""Injected events are found, noise alone tells no story, and anything at all is described."""

from __future__ import annotations

import json
import math
import re
import time
from dataclasses import replace

import numpy as np
import pytest
from interpret_charts import (
    line_figure,
    make_figure,
    make_panel,
    make_series,
)
from numpy.typing import NDArray
from sentence_checker import unbacked_numbers

from digitizer.model import Axis, Figure
from interpret.check import check_text
from interpret.describe import describe_figure
from interpret.findings.collect import collect_findings
from interpret.findings.model import Finding

CONFIDENT = 0.9
STORIES = ("trend", "phase", "plateau", "dip", "peak", "level-shift", "trend-change", "correlation")
FloatArray = NDArray[np.float64]


def noise(n: int, phi: float, rng: np.random.Generator) -> FloatArray:
    y = rng.normal(size=n)
    for i in range(1, n):
        y[i] = phi * y[i - 1] + math.sqrt(1 - phi * phi) * y[i]
    return y


def stories(figure: Figure) -> list[Finding]:
    return [
        f
        for f in describe_figure(figure).findings
        if f.kind in STORIES and f.asserts and f.confidence >= CONFIDENT
    ]


@pytest.mark.parametrize(("phi", "n", "most"), [(0.0, 71, 2), (0.5, 71, 5), (0.5, 200, 3)])
def test_noise_alone_tells_no_story(phi: float, n: int, most: int) -> None:
    rng = np.random.default_rng(20)
    told = sum(bool(stories(line_figure(noise(n, phi, rng)))) for _ in range(40))
    assert told <= most


def test_independent_trends_are_not_coupled() -> None:
    rng = np.random.default_rng(21)
    for _ in range(15):
        a, b = (np.linspace(0, rng.uniform(5, 12), 71) + noise(71, 0.3, rng) for _ in range(2))
        kinds = {
            f.kind
            for f in describe_figure(line_figure(a, b, labels=("A rate", "B rate"))).findings
            if f.asserts
        }
        assert not kinds & {"correlation", "opposite-move", "co-move"}


def test_coupled_series_are() -> None:
    rng = np.random.default_rng(22)
    shared = rng.normal(size=80)
    a, b = (np.linspace(0, 8, 80) + shared + rng.normal(0, 0.4, 80) for _ in range(2))
    assert [f for f in stories(line_figure(a, b, labels=("A rate", "B rate"))) if f.kind == "correlation"]


@pytest.mark.parametrize("sign", [-1, 1])
def test_dips_and_peaks_of_eight_sigma_are_found(sign: int) -> None:
    rng = np.random.default_rng(23)
    found = 0
    for k in range(20):
        y = np.linspace(0, 5, 90) + rng.normal(size=90)
        at = 20 + 2 * k
        y[at : at + 3] += sign * 8
        events = [f for f in stories(line_figure(y)) if f.kind == ("dip" if sign < 0 else "peak")]
        found += any(abs(float(f.evidence["x_at"]) - at - 1) <= 1 for f in events)
    assert found >= 18


def test_jumps_of_eight_sigma_are_found() -> None:
    rng = np.random.default_rng(24)
    found = 0
    for k in range(20):
        y = rng.normal(size=80)
        at = 15 + 2 * k
        y[at:] -= 8
        events = [f for f in stories(line_figure(y)) if f.kind == "level-shift"]
        found += [f.x_range for f in events] == [(at - 1.0, float(at))]
    assert found >= 18


def test_a_turn_is_no_dip_and_overfitting_may_be_named() -> None:
    rng = np.random.default_rng(25)
    x = np.arange(1, 41)
    train = 2 * np.exp(-x / 10) + rng.normal(0, 0.01, 40)
    validation = 2 * np.exp(-x / 5) + 0.03 * x + rng.normal(0, 0.01, 40)
    panel = make_panel(
        make_series(x, train, name="train"),
        make_series(x, validation, name="validation", color="#ff7f0e"),
        x_label="Epoch",
        y_label="Loss",
    )
    findings = describe_figure(make_figure(panel)).findings
    (turn,) = [f for f in findings if f.kind == "trend-change"]
    assert turn.direction == "up"
    assert [f.rule for f in findings if f.level == 4][:1] == ["R22"]
    elsewhere = make_panel(*panel.series, x_label="Day", y_label="Temperature")
    assert not [f for f in describe_figure(make_figure(elsewhere)).findings if f.level == 4]


def test_divergence_and_spike_of_a_loss() -> None:
    rng = np.random.default_rng(26)
    y = 3 * np.exp(-np.arange(100) / 20) + rng.normal(0, 0.02, 100)
    spike, gone = y.copy(), y.copy()
    spike[60:62] += 1
    gone[70:] += 2
    for values, rule in ((spike, "R18"), (gone, "R20")):
        findings = describe_figure(line_figure(values, labels=("Training loss",))).findings
        assert rule in {f.rule for f in findings if f.level == 4}


def test_length_without_reward_is_drift() -> None:
    rng = np.random.default_rng(27)
    length, reward = np.linspace(300, 600, 80) + rng.normal(0, 10, 80), rng.normal(0.5, 0.05, 80)
    findings = describe_figure(line_figure(length, reward, labels=("Response Length", "Reward"))).findings
    assert "R4" in {f.rule for f in findings}


def test_a_smoothed_line_is_one_signal_with_its_raw_one() -> None:
    rng = np.random.default_rng(28)
    raw = np.exp(-np.arange(200) / 60) + rng.normal(0, 0.1, 200)
    smooth = raw.copy()
    for i in range(1, 200):
        smooth[i] = 0.9 * smooth[i - 1] + 0.1 * raw[i]
    panel = make_panel(make_series(range(200), raw, name="raw"), make_series(range(200), smooth, name="ema"))
    findings = describe_figure(make_figure(panel)).findings
    (told,) = [f for f in findings if f.kind == "smoothing"]
    assert [ref.series for ref in told.series] == [1, 0]
    assert not [f for f in findings if f.kind in ("correlation", "crossing")]


def test_a_flat_line_is_told_briefly() -> None:
    text = describe_figure(line_figure(np.full(50, 3.0))).to_markdown()
    assert "stays constant at 3" in text


def _anything() -> dict[str, Figure]:
    rng = np.random.default_rng(29)
    days = [str(d) for d in np.datetime64("2020-01-01") + np.arange(60)]
    gap = np.sin(np.arange(60) / 5)
    gap[20:30] = np.nan
    names = ["a", "b", "c"]
    circle = np.linspace(0, 2 * np.pi, 50)
    return {
        "nothing": make_figure(),
        "unreadable": make_figure(make_panel(status="unreadable")),
        "empty series": make_figure(make_panel(make_series([], []))),
        "one point": line_figure([2.0]),
        "two points": line_figure([2.0, 3.0]),
        "all missing": line_figure([math.nan] * 9),
        "gap": line_figure(gap),
        "dates": make_figure(
            make_panel(make_series(days, rng.normal(size=60)), x_axis=Axis(label="Day", scale="date"))
        ),
        "bars": make_figure(
            make_panel(
                make_series(names, [1.0, 5.0, 2.0], kind="bar", name="n1"),
                make_series(names, [3.0, 2.0, 2.0], kind="bar", name="n2"),
                x_axis=Axis(scale="category"),
            )
        ),
        "band": make_figure(
            make_panel(
                make_series(
                    range(20),
                    np.arange(20.0),
                    kind="band",
                    y_low=np.arange(20) - 1.0,
                    y_high=np.arange(20) + 1.0,
                )
            )
        ),
        "cloud": make_figure(
            make_panel(make_series(rng.normal(size=50), rng.normal(size=50), kind="scatter"))
        ),
        "loop": make_figure(make_panel(make_series(np.cos(circle), np.sin(circle)))),
        "huge": line_figure([1e300] * 10 + [-1e300] * 10),
        "tiny": line_figure(np.arange(20) * 1e-12),
        "twelve": make_figure(
            *[make_panel(*[make_series(range(30), rng.normal(size=30)) for _ in range(12)])]
        ),
        "labels": make_figure(
            make_panel(
                make_series(range(9), range(9), name="a --> <b>\n## c"), title="<!-- f1 -->", x_label="{x}"
            )
        ),
        "suspect": make_figure(make_panel(make_series(range(30), np.arange(30.0)), status="suspect")),
    }


@pytest.mark.parametrize("name", list(_anything()))
def test_anything_is_described(name: str) -> None:
    figure = _anything()[name]
    description = describe_figure(figure)
    text = description.to_markdown()
    assert text.count("\n## ") == 0
    assert text.count("\n### ") == 5
    assert 0 < len(description.alt_text) <= 250
    json.dumps(description.to_dict(), allow_nan=False)
    for finding in description.findings:
        assert 0 <= finding.confidence <= 1
        assert not (finding.level >= 2 and unbacked_numbers(finding, figure)), finding.sentence
    if name == "suspect":
        assert all(f.confidence < 0.7 for f in description.findings if f.level >= 2)
    if name == "unreadable":
        assert all(f.level == 1 for f in description.findings)


def test_ids_count_from_one() -> None:
    findings = describe_figure(line_figure(np.arange(30.0))).findings
    assert [f.id for f in findings] == [f"f{i}" for i in range(1, len(findings) + 1)]


def test_five_thousand_points_take_about_a_second() -> None:
    rng = np.random.default_rng(30)
    figure = line_figure(np.exp(-np.arange(5000) / 800) + rng.normal(0, 0.02, 5000))
    start = time.process_time()
    describe_figure(figure)
    assert time.process_time() - start < 3


def test_a_logarithmic_axis_has_no_plateau_near_zero() -> None:
    x = np.arange(40.0)
    figure = line_figure(5 * np.exp(-x / 3))
    panel = figure.panels[0]
    (series,) = panel.series
    limits = (float(series.y.min()), float(series.y.max()))
    axis = replace(panel.y_axis, scale="log", limits=limits)
    # Read to a hundredth of each value, as a ruler on such an axis does.
    read = replace(series, y_sigma=0.01 * series.y)
    logs = replace(figure, panels=(replace(panel, y_axis=axis, series=(read,)),))
    assert any(f.kind == "plateau" for f in describe_figure(figure).findings)
    assert all(f.kind != "plateau" for f in describe_figure(logs).findings)
    text = describe_figure(logs).to_markdown()
    assert "1.13e-05 at" in text
    assert " 0 at " not in text


def test_a_smooth_curve_of_few_points_turns_where_it_does() -> None:
    x = np.arange(1960.0, 2020.0, 3.0)
    y = np.where(x < 2005, 3000 + 100 * (x - 1960), 7500 - 150 * (x - 2005))
    findings = describe_figure(line_figure(y, x=x)).findings
    (turn,) = [f for f in findings if f.kind == "trend-change"]
    assert turn.direction == "down"
    assert turn.x_range is not None
    assert turn.x_range[0] == 2005
    # Up by 4,500 until 2005, down by 1,800 until 2017.
    assert turn.evidence["share_of_change_before"] == pytest.approx(0.4, abs=0.01)
    assert all(f.asserts for f in findings if f.kind == "trend")


def test_all_phrasings_say_the_same_numbers_and_pass_the_checker() -> None:
    rng = np.random.default_rng(33)
    n = np.arange(80)
    rise = np.minimum(n / 30, 1.0) * 20 + noise(80, 0.2, rng)
    flat = noise(80, 0.0, rng)
    figure = line_figure(rise, flat, labels=("Output rate", "Signal"))
    told = [collect_findings(figure, wording=turn).findings for turn in range(5)]
    several = 0
    for same in zip(*told, strict=True):
        assert len({tuple(sorted(re.findall(r"\d+(?:\.\d+)?", f.sentence))) for f in same}) == 1
        assert len({tuple(check_text(f.sentence, figure).counts().items()) for f in same}) == 1
        assert all(check_text(f.sentence, figure).agrees for f in same)
        several += len({f.sentence for f in same}) == 5
    # Of both series the key values, the extremes, the noise and what is denied.
    assert several >= 6


def test_series_of_one_figure_are_told_in_other_words() -> None:
    rng = np.random.default_rng(34)
    figure = line_figure(*(noise(60, 0.0, rng) for _ in range(4)), labels=("A", "B", "C", "D"))
    sentences = [f.sentence for f in describe_figure(figure).findings if f.kind == "noise"]
    frames = {re.sub(r"\b[ABCD]\b|\d[\d.]*%?", "", s) for s in sentences}
    assert len(frames) == len(sentences) == 4


def test_a_turn_inside_a_plateau_is_told_and_no_saturation() -> None:
    rng, at = np.random.default_rng(6), np.arange(120.0)
    train = 0.5 + 9.0 * np.exp(-at / 45) + 0.01 * rng.normal(size=120)
    late = 0.3 * np.exp(-at / 40) + 0.35 * np.maximum(0.0, (at - 60) / 60) ** 1.5
    val = 3.0 + 5.0 * np.exp(-at / 12) + late + 0.01 * rng.normal(size=120)
    both = [make_series(at, y, name=name) for y, name in ((train, "Train loss"), (val, "Validation loss"))]
    panel = make_panel(*both, x_axis=Axis(label="Epoch"), y_axis=Axis(label="Loss"))
    findings = describe_figure(make_figure(panel)).findings
    (turn,) = [f for f in findings if f.kind == "trend-change" and f.series[0].series == 1]
    assert turn.direction == "up"
    # Without the noise the lowest value is at epoch 67.
    assert 60 <= float(turn.evidence["x_at"]) <= 74
    assert "R32" not in {f.rule for f in findings}


def test_a_line_through_the_middle_of_another_is_not_its_average() -> None:
    rng = np.random.default_rng(4)
    at = np.arange(300.0)
    course = 0.5 + 0.2 * np.exp(-at / 40)
    raw = course + 0.1 * rng.normal(size=300)
    average = np.convolve(np.pad(raw, 10, mode="edge"), np.full(21, 1 / 21), mode="valid")
    for other, found in ((course + 0.001 * rng.normal(size=300), 0), (average, 1)):
        both = [make_series(at, y, name=name) for y, name in ((raw, "a"), (other, "b"))]
        findings = describe_figure(make_figure(make_panel(*both))).findings
        assert sum(f.kind == "smoothing" for f in findings) == found


def test_cycles_of_one_period_are_told_by_their_crests() -> None:
    t = np.linspace(0, 60, 241)
    waves = [
        make_series(t, 10 * np.sin(2 * np.pi * (t - late) / 20), name=n) for late, n in ((0, "a"), (3, "b"))
    ]
    findings = describe_figure(make_figure(make_panel(*waves, x_axis=Axis(label="Time")))).findings
    (offset,) = [f for f in findings if f.kind == "cycle-offset"]
    assert [ref.name for ref in offset.series] == ["a", "b"]
    assert offset.evidence["offset"] == pytest.approx(3.0, abs=0.1)
    assert not [f for f in findings if f.kind == "lag"]
    report = check_text(offset.sentence, make_figure(make_panel(*waves, x_axis=Axis(label="Time"))))
    assert report.counts()["holds"] == 1
    turned = (
        offset.sentence.replace("of “b” come", "of “x” come")
        .replace("of “a”.", "of “b”.")
        .replace("“x”", "“a”")
    )
    assert turned != offset.sentence
    assert not check_text(turned, make_figure(make_panel(*waves, x_axis=Axis(label="Time")))).agrees


def test_what_lies_beyond_a_plateau_is_told() -> None:
    rng = np.random.default_rng(2)
    ramp = np.linspace(2.0, 1.6, 30)
    y = np.r_[np.linspace(9, 2, 60), np.full(160, 2.0), ramp, np.full(20, 1.6)] + 0.02 * rng.normal(size=270)
    figure = line_figure(y, labels=("Loss",))
    description = describe_figure(figure)
    assert check_text(description.to_markdown(), figure).agrees
    late = [f for f in description.findings if f.x_range and f.level == 3 and float(f.x_range[0]) >= 200]
    assert any(f.direction == "down" for f in late), [f.sentence for f in description.findings]


@pytest.mark.parametrize("lower", [True, False])
def test_the_level_after_a_plateau_is_judged(lower: bool) -> None:
    y = np.r_[np.linspace(9, 2, 60), np.full(120, 2.0), np.full(60, 1.5)]
    way = "lower" if lower else "higher"
    text = f"After its plateau Loss lies {way}: its median over steps 180 to 239 is 1.50."
    assert check_text(text, line_figure(y, labels=("Loss",))).agrees == lower


def test_a_grid_tells_the_largest_move_of_each_series() -> None:
    y = np.array([5.7, 6.5, 6.0, 5.5, 5.0, 4.6, 4.2, 3.9, 3.6, 3.3])
    panels = [make_panel(make_series(np.arange(10.0), y + k, name=f"loss {k}")) for k in range(12)]
    text = describe_figure(make_figure(*panels)).to_markdown()
    details = text.split("### Detailed Analysis")[1].split("### Key Observations")[0]
    assert len(re.findall(r"falls", details)) == 12
    assert "rises" not in details
