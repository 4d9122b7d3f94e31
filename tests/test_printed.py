"""Texts of documents take the place of what was read, where they are texts of the same line."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure as Canvas

import chartscribe
from digitizer.drawing import DrawnLine
from digitizer.evidence import Box, PanelFrame, TextSpan
from digitizer.stages.text.printed import add_unread, take_printed

X = np.arange(0, 100, 10)
NAMES = ("lr = 3e-4 (Il1)", "w/o EMA, ΔT ≤ 0.5")


def span(text: str, number: int = 0, angle_deg: float = 0.0) -> TextSpan:
    """A line of text of 100 x 10 pixels, each 20 below the one before."""
    box = Box(left=10.0, top=20.0 * number, right=109.0, bottom=20.0 * number + 9)
    return TextSpan(box=box, text=text, confidence=0.6, angle_deg=angle_deg)


def taken(*pairs: tuple[str, str]) -> list[str]:
    """What lines become that were read as the first of each pair, where the document has the second."""
    spans = tuple(span(read, number) for number, (read, _) in enumerate(pairs))
    documents = dict(enumerate(document for _, document in pairs))
    return [s.text for s in take_printed(spans, lambda box: documents[round(box.top / 20)])]


def test_misread_lines_take_the_wording_of_the_document() -> None:
    assert taken(
        ("Ir = 1e-3", "lr = 1e−3"),
        ("Älesund-Bergen", "Ålesund–Bergen"),
        ("nothing printed", ""),
        ("Lossoffirst", "Loss of \ufb01rst"),
        ("0.8", "0.6"),
        ("Ir=III", "lr = Il1"),
    ) == ["lr = 1e-3", "Ålesund–Bergen", "nothing printed", "Loss of first", "0.6", "lr = Il1"]


def test_broken_encodings_change_nothing() -> None:
    pairs = [
        ("Train loss", "7UDLQ ORVV"),
        ("Step", "6WHS"),
        ("Epoch", "\x01\x02\x03\x04\x05"),
        ("5", "\ue005"),
    ]
    assert taken(*pairs, ("20", "53")) == ["Train loss", "Step", "Epoch", "5", "20"]


def test_unlike_texts_need_a_document_that_can_be_trusted() -> None:
    assert taken(("Training loss", "Training loss"), ("S", "5")) == ["Training loss", "5"]
    # A fragment of the line says nothing about all of it.
    assert taken(("Training loss", "Training loss"), ("Loss x", "L")) == ["Training loss", "Loss x"]
    assert taken(("Training loss", "7UDLQLQJ ORVV"), ("S", "5")) == ["Training loss", "S"]


def test_raised_parts_stay_raised() -> None:
    assert taken(("10^-3", "10\r\n−\r\n3"), ("10^-8", "10−3"), ("m^2 (x)", "m2(x)"), ("10^9 )", "10⁹)")) == [
        "10^-3",
        "10^-3",
        "m^2 (x)",
        "10^9)",
    ]


def test_slanted_lines_are_left_alone() -> None:
    (kept,) = take_printed((span("Jan", angle_deg=45.0),), lambda box: "Jam")
    assert (kept.text, kept.confidence) == ("Jan", 0.6)
    assert take_printed((kept,), None) == (kept,)


@pytest.mark.parametrize("fonttype", [3, 42])
def test_labels_of_pdf_documents_are_exact(fonttype: int) -> None:
    canvas = Canvas(figsize=(5.0, 3.6))
    axes = canvas.add_subplot()
    for number, name in enumerate(NAMES):
        axes.plot(X, (number + 1) * np.exp(-X / 40), "o-", label=name)
    axes.set(title="Ablation: Il-l1 (90 %)", xlabel="Tokens (×10⁹)", ylabel="ΔT (°C), first")
    axes.legend()
    axes.tick_params(labelsize=6)
    out = io.BytesIO()
    with rc_context({"pdf.fonttype": fonttype, "font.family": "DejaVu Serif"}):
        canvas.savefig(out, format="pdf")
    (figure,) = chartscribe.digitize_paper(out.getvalue())
    (panel,) = figure.panels
    assert panel.title == "Ablation: Il-l1 (90 %)"
    assert panel.x_axis.label == "Tokens (×10^9)"
    assert panel.y_axis.label == "ΔT (°C), first"
    assert {series.name for series in panel.series} == set(NAMES)
    assert [tick.text for tick in panel.x_axis.ticks] == ["0", "20", "40", "60", "80"]


def test_lines_of_the_document_join_parts_and_leave_what_reads_alike() -> None:
    def at(left: float, top: float, right: float, bottom: float) -> Box:
        return Box(left=left, top=top, right=right, bottom=bottom)

    def read(text: str, box: Box, angle_deg: float = 0.0) -> TextSpan:
        return TextSpan(box=box, text=text, confidence=0.9, angle_deg=angle_deg)

    label, title = at(10, 20, 20, 50), at(40, 100, 160, 110)
    spans = (
        read("60", at(10, 20, 20, 41), 90.0),
        read("1", at(10, 45, 20, 50)),
        read("Loss of the model", title),
        read("10^4", at(200, 20, 230, 32)),
        read("40", at(214, 60, 230, 70)),
        read("-2", at(200, 80, 230, 90)),
    )
    lines = (
        DrawnLine(text="160", box=label, upright=True),
        DrawnLine(text="Loss of", box=at(40, 100, 90, 110)),
        DrawnLine(text="the model", box=at(98, 100, 160, 110)),
        DrawnLine(text="104", box=at(190, 20, 230, 32)),
        DrawnLine(text="140", box=at(200, 60, 230, 70)),
        DrawnLine(text="2", box=at(220, 80, 230, 90)),
        DrawnLine(text="prose elsewhere", box=at(300, 300, 400, 310)),
    )
    texts = {span.box: span.text for span in spans}
    taken = take_printed(spans, lambda box: texts.get(near(box, texts), ""), lines)
    found = {(span.text, span.angle_deg, span.box) for span in taken}
    assert found == {
        ("160", 90.0, label),
        ("Loss of the model", 0.0, title),
        ("10^4", 0.0, spans[3].box),
        ("140", 0.0, lines[4].box),
        ("-2", 0.0, spans[5].box),
    }


def near(box: Box, texts: dict[Box, str]) -> Box:
    """The box of a text that a line's shrunk box lies in."""
    return next(other for other in texts if other.contains(*box.center))


def test_a_label_that_runs_into_a_title_on_end_is_its_line_alone() -> None:
    def row(text: str, left: float, top: float) -> TextSpan:
        box = Box(left=left, top=top, right=125.0, bottom=top + 26.0)
        return TextSpan(box=box, text=text, confidence=0.8)

    spans = (row("Central", 60, 10), row("g East", 12, 50), row("Northern", 50, 90))
    lines = (
        DrawnLine(text="Region", box=Box(left=5.0, top=8.0, right=39.0, bottom=116.0), upright=True),
        DrawnLine(text="Central", box=spans[0].box),
        DrawnLine(text="East", box=Box(left=57.0, top=50.0, right=125.0, bottom=76.0)),
        DrawnLine(text="Northern", box=spans[2].box),
    )
    texts = {spans[0].box: "Central", spans[1].box: "Eastg", spans[2].box: "Northern"}
    taken = take_printed(spans, lambda box: texts[near(box, texts)], lines)
    assert {(span.text, span.box) for span in taken} == {(line.text, line.box) for line in lines[1:]}


def test_digits_that_markers_hide_are_those_of_the_document() -> None:
    frame = PanelFrame(
        box=Box(left=0, top=0, right=200, bottom=100),
        sides=frozenset(("left", "bottom")),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    title = TextSpan(box=Box(left=40, top=110, right=160, bottom=120), text="First component", confidence=0.9)
    marker = TextSpan(box=Box(left=90, top=50, right=97, bottom=60), text="8", confidence=0.6, panel=0)
    places = [("1", 20.0), ("2", 40.0), ("1", 60.0), ("2", 80.0)]
    lines = [DrawnLine(text=t, box=Box(left=x, top=5, right=x + 6, bottom=14)) for t, x in places]
    lines.append(DrawnLine(text=title.text, box=title.box))
    added = add_unread((title, marker), lines, [frame])
    # Both axes have each number once; markers that are set as characters are more.
    assert [span.text for span in added[2:]] == ["1", "2", "1", "2"]
    more = [replace(line, text="1") for line in lines[:4]]
    assert add_unread((title, marker), [*more, lines[4]], [frame]) == (title, marker)
    # One long title that the document spells otherwise is a third of all characters, and one text of six.
    labels = [span(str(k), k) for k in range(10, 15)]
    other = span("Revenue (million $)", 30)
    wholes = [DrawnLine(text=s.text, box=s.box) for s in labels]
    unread = DrawnLine(text="Wholesale", box=Box(left=40, top=50, right=90, bottom=58))
    assert [s.text for s in add_unread((*labels, other), [*wholes, unread], [frame])[6:]] == ["Wholesale"]
