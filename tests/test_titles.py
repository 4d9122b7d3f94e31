"""Titles and axis labels, of panels that share them too."""

from __future__ import annotations

import numpy as np
from charts import render
from matplotlib.figure import Figure
from test_legend import read

from digitizer.evidence import AxisEvidence, Box, PanelFrame, Side, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.panels.find import find_panels
from digitizer.stages.roles.assign import assign_roles


def test_titles_and_labels_of_stacked_panels() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        for k, name in enumerate(("Loss", "Accuracy")):
            axes = figure.add_subplot(2, 1, k + 1)
            axes.plot([0, 1, 2], [3, 1, 2])
            axes.set(title=f"{name} per step", xlabel=f"Step {k}", ylabel=name)
        figure.suptitle("One run")
        figure.tight_layout()
        read(figure, spans)

    picture = render(draw, size=(5.1, 6.3))
    axes = find_axes(picture, find_panels(picture), spans)
    roles = assign_roles(axes, spans, ((), ()))
    assert roles.title is not None
    assert roles.title.text == "One run"
    assert [t.text for t in roles.titles if t] == ["Loss per step", "Accuracy per step"]
    assert [a.x.title.text for a in roles.axes if a.x and a.x.title] == ["Step 0", "Step 1"]
    assert [a.y.title.text for a in roles.axes if a.y and a.y.title] == ["Loss", "Accuracy"]
    assert not {"Loss", "Step 0", "One run"} & {span.text for span in roles.rest}


def test_a_shared_axis_lends_its_ticks_and_label() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True)
        upper.plot([0, 10, 20], [1, 2, 1])
        lower.plot([0, 10, 20], [5, 4, 5])
        upper.tick_params(labelbottom=False)
        lower.set_xlabel("Epoch")
        for text in upper.get_xticklabels():
            text.set_visible(False)
        read(figure, spans)

    picture = render(draw)
    axes = find_axes(picture, find_panels(picture), spans)
    assert axes[0].x is not None
    assert axes[0].x.borrowed
    roles = assign_roles(axes, spans, ((), ()))
    assert roles.axes[0].x is not None
    assert roles.axes[0].x.title is not None
    assert roles.axes[0].x.title.text == "Epoch"


def test_a_level_y_label_above_its_axis_is_no_title() -> None:
    frame = PanelFrame(
        box=Box(left=60, top=60, right=400, bottom=300),
        sides=frozenset({"left", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
    )

    def span(text: str, left: float, top: float, height: float) -> TextSpan:
        box = Box(left=left, top=top, right=left + 0.5 * height * len(text), bottom=top + height - 1)
        return TextSpan(box=box, text=text, confidence=1.0)

    def evidence(side: Side, places: list[tuple[float, float]]) -> AxisEvidence:
        labels = tuple(span(str(k), x, y, 9) for k, (x, y) in enumerate(places))
        px = np.array([s.box.center[0 if side == "bottom" else 1] for s in labels])
        return AxisEvidence(side=side, marks=px, labels=labels, label_px=px, label_sigma_px=0 * px + 0.3)

    y, x = (
        evidence("left", [(40, 80), (40, 180), (40, 280)]),
        evidence("bottom", [(60, 305), (220, 305), (380, 305)]),
    )
    panel = PanelAxes(frame=frame, x=x, y=y)
    title, label, below = (
        span("Perplexity", 20, 8, 20),
        span("perplexity per word", 20, 40, 10),
        span("Epoch", 220, 325, 10),
    )
    roles = assign_roles([panel], [title, label, below], ((),))
    assert roles.titles == (title,)
    assert roles.axes[0].y is not None
    assert roles.axes[0].y.title is label
    centred = span("Home Temperature", 250, 8, 20)
    roles = assign_roles([panel], [centred, below], ((),), width=660)
    assert roles.titles == (centred,)
