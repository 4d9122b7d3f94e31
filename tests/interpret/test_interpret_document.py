"""A figure document read back is the figure that was written."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from interpret_charts import make_figure, make_panel, make_series, reference_figure

from digitizer.document import read_figure
from digitizer.model import Axis, Figure, Frame, Notice, Tick


def _mixed() -> Figure:
    line = make_series([1.0, 2.0, 3.0], [0.5, math.nan, 0.25], name="loss")
    band = make_series(
        [1.0, 2.0], [2.0, 3.0], kind="band", y_low=np.array([1.0, 2.0]), y_high=np.array([3.0, 4.0])
    )
    bars = make_series(["a", "b"], [1.0, 2.0], kind="bar", orientation="horizontal", axis="y2")
    panel = make_panel(
        line,
        band,
        bars,
        title="T",
        x_axis=Axis(label="Day", scale="date", limits=("2020-01-01", "2020-02-01")),
        y_axis=Axis(
            label="y", ticks=(Tick(pixel=3.5, text="1k", value=1000.0),), limits=(2.0, -1.0), unit="k"
        ),
        y2_axis=Axis(scale="category", ticks=(Tick(pixel=1.0, text="a", value="a"),)),
        warnings=(Notice(code="c", message="m", box=Frame(left=0.0, top=1.0, right=2.0, bottom=3.5)),),
    )
    return make_figure(panel, title="All kinds")


@pytest.mark.parametrize("figure", [_mixed(), reference_figure(), make_figure()])
def test_round_trip_gives_the_same_bytes(figure: Figure) -> None:
    text = figure.to_json()
    assert read_figure(json.loads(text)).to_json() == text


def test_missing_and_unknown_fields() -> None:
    document = json.loads(_mixed().to_json())
    series = document["panels"][0]["series"][0]
    del series["x_px"], series["y_px"], series["y_sigma"], document["title"], document["warnings"]
    series["something"] = document["other"] = 1
    figure = read_figure(document)
    read = figure.panels[0].series[0]
    assert np.isnan(read.x_px).all()
    assert np.isnan(read.y_sigma).all()
    assert np.isnan(read.y[1])
    assert figure.title is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(schema_version=2), "schema_version must be 1, not 2"),
        (lambda d: d.pop("panels"), "panels must be a list"),
        (lambda d: d["panels"][0].update(status="good"), r"panels\[0\].status must be one of ok, suspect"),
        (
            lambda d: d["panels"][0]["series"][1].update(kind="pie"),
            r"panels\[0\].series\[1\].kind must be one of",
        ),
        (
            lambda d: d["panels"][0]["series"][0].update(y=[1.0]),
            r"series\[0\].y must have as many values as x \(3\)",
        ),
        (
            lambda d: d["panels"][0]["series"][0].update(y=["a", 1, 2]),
            r"series\[0\].y\[0\] must be a number, not 'a'",
        ),
        (lambda d: d["panels"][0]["x_axis"].update(limits=[1]), r"x_axis.limits must be a pair"),
        (lambda d: d["panels"][0].update(frame=None), r"frame must be an object, not None"),
        (lambda d: d["source"].update(width=1.5), r"source.width must be a whole number"),
    ],
)
def test_errors_name_field_rule_and_value(change: Any, message: str) -> None:
    document = json.loads(_mixed().to_json())
    change(document)
    with pytest.raises(ValueError, match=message):
        read_figure(document)


def test_no_object_is_no_document() -> None:
    with pytest.raises(ValueError, match="must be an object"):
        read_figure([])  # type: ignore[arg-type]
