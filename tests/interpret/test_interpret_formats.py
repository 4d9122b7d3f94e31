"""The description at each depth, as HTML, and as a picture beside the text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from interpret_charts import line_figure, make_figure, make_panel, make_series, reference_figure
from PIL import Image

from chartscribe.annotated import draw_annotated
from chartscribe.cli import run
from digitizer.model import Axis
from fixtures.reference import reference_data
from interpret.describe import describe_figure


class Ids(HTMLParser):
    """Collects the ids of the findings and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids |= set((dict(attrs).get("data-findings") or "").split())
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_depths_tell_more_and_more() -> None:
    description = describe_figure(reference_figure(reference_data(70)))
    brief, standard, full = (description.to_markdown(detail=d) for d in ("brief", "standard", "full"))  # type: ignore[arg-type]
    assert len(brief) < 0.8 * len(standard)
    assert description.to_markdown() == standard
    for text in (brief, standard, full):
        assert re.findall(r"^### (.*)$", text, re.M)[::4] == ["Overview", "Interpretation"]
        assert "drops suddenly" in text
    ids = {f.id for f in description.findings if f.level >= 2}
    assert {i for group in re.findall(r"<!-- ([f\d ]+) -->", full) for i in group.split()} == ids
    assert "| Step | Response Length |" in full
    assert "| 60 | 600 |" in full


def test_html_carries_the_ids_and_escapes_labels() -> None:
    rng = np.random.default_rng(1)
    days = [str(d) for d in np.datetime64("2020-01-01") + np.arange(60)]
    panel = make_panel(
        make_series(days, rng.normal(size=60), name="<script>alert(1)</script>"),
        title="A & B </script>",
        x_axis=Axis(label="Day", scale="date"),
    )
    for figure in (make_figure(panel), reference_figure(), make_figure()):
        description = describe_figure(figure)
        page = description.to_html(detail="full")
        parser = Ids()
        parser.feed(page)
        assert parser.open == []
        assert parser.ids == {f.id for f in description.findings if f.level >= 2}
        assert "<script>alert" not in page
        known = json.loads(re.search(r'id="findings">(.*?)</script>', page)[1])  # type: ignore[index]
        assert set(known) <= {f.id for f in description.findings}


def test_the_picture_is_drawn_and_repeats() -> None:
    description = describe_figure(reference_figure(reference_data(70)))
    one, two = draw_annotated(description), draw_annotated(description)
    assert one is not None
    assert one == two
    image = Image.open(BytesIO(one)).convert("RGB")
    assert image.width > 1.5 * image.height
    colors = {color for _, color in image.getcolors(1 << 24)}
    assert (179, 89, 0) in colors
    assert (216, 240, 221) in colors
    assert draw_annotated(describe_figure(make_figure())) is None


def test_the_command_writes_them(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    document = tmp_path / "loss.json"
    document.write_text(line_figure(np.linspace(3, 1, 40), labels=("Loss $x_1$",)).to_json())
    assert run(["describe", str(document), "-o", str(tmp_path / "out"), "--html", "--detail", "brief"]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"loss.md", "loss.html", "loss.findings.json", "loss.annotated.png"}
    capsysbinary.readouterr()
    assert run(["describe", str(document), "-o", "-", "--format", "html"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"<!DOCTYPE html>")


def test_a_course_that_follows_a_law_is_told_once() -> None:
    rng = np.random.default_rng(41)
    n = np.arange(120)
    figure = line_figure(2.0 * np.exp(-n / 30.0) + 0.5 + 0.004 * rng.normal(size=120), labels=("Loss",))
    described = describe_figure(figure)
    (law,) = [f for f in described.findings if f.kind == "shape"]
    phases = [f for f in described.findings if f.kind == "phase"]
    assert law.evidence["family"] == "saturating"
    assert phases
    standard, full = described.to_markdown(), described.to_markdown(detail="full")
    assert law.sentence in standard
    assert all(f.sentence not in standard and f.sentence in full for f in phases)
