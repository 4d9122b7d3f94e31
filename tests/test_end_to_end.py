"""The command on real pictures, with nothing replaced: from a file to its results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chartscribe.cli import run

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "fixtures" / "drawn" / "reference"

SECTIONS = ["Overview", "Components/Axes", "Detailed Analysis", "Key Observations", "Interpretation"]

Result = tuple[int, str, str]


def test_the_reference_figure(command: Callable[..., Result], tmp_path: Path) -> None:
    status, out, _ = command("describe", REFERENCE / "chart.png", "-o", tmp_path)
    assert (status, out) == (0, "")
    names = ["annotated.png", "csv", "findings.json", "json", "md", "overlay.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"chart.{name}" for name in names]

    truth = json.loads((REFERENCE / "truth.json").read_text(encoding="utf-8"))
    document = json.loads((tmp_path / "chart.json").read_text(encoding="utf-8"))
    assert [panel["status"] for panel in document["panels"]] == ["ok", "ok"]
    for panel, true in zip(document["panels"], truth["panels"], strict=True):
        assert panel["title"] == true["title"]
        assert [tick["text"] for tick in panel["y_axis"]["ticks"]] == [
            tick["text"] for tick in true["y_axis"]["ticks"]
        ]
        (series,), (true_series,) = panel["series"], true["series"]
        assert series["marker"] == true_series["marker"]
        span = abs(np.subtract(*true["y_axis"]["limits"]))
        assert np.abs(np.subtract(series["y"], true_series["y"])).max() < 0.01 * span
        # An uncertainty is honest where it is neither nothing nor everything.
        assert 0 < np.median(series["y_sigma"]) < 0.02 * span

    markdown = (tmp_path / "chart.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (.*)$", markdown, re.MULTILINE) == SECTIONS
    findings = json.loads((tmp_path / "chart.findings.json").read_text(encoding="utf-8"))
    known = {finding["id"] for finding in findings["findings"]}
    cited = {name for ids in re.findall(r"<!-- (.*?) -->", markdown) for name in ids.split()}
    assert cited
    assert cited <= known


def test_the_same_picture_gives_the_same_bytes_by_every_way(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    chart = REFERENCE / "chart.png"
    first = command("digitize", chart, "-o", "-")[1]
    assert command("digitize", chart, "-o", "-")[1] == first
    command("digitize", chart, "-o", tmp_path)
    assert (tmp_path / "chart.json").read_text(encoding="utf-8") == first
    described = command("describe", chart, "-o", "-")[1]
    assert command("describe", tmp_path / "chart.json", "-o", "-")[1] == described


@pytest.mark.parametrize("kind", ["blank", "photograph"])
def test_pictures_without_a_chart(command: Callable[..., Result], tmp_path: Path, kind: str) -> None:
    rgb = np.full((240, 320, 3), 255, np.uint8)
    if kind == "photograph":
        rng = np.random.default_rng(7)
        coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize((320, 240), Image.Resampling.BICUBIC)).astype(float)
        rgb = np.clip(smooth + rng.normal(0, 6, smooth.shape), 0, 255).astype(np.uint8)
    path = tmp_path / f"{kind}.jpg"
    Image.fromarray(rgb).save(path, quality=90)
    status, out, err = command("digitize", path, "-o", "-")
    assert status == 0
    document = json.loads(out)
    assert document["panels"] == []
    assert [warning["code"] for warning in document["warnings"]] == ["no-panels"]
    assert "(no-panels)" in err
    assert command("describe", path, "-o", tmp_path / "out")[0] == 0


def test_a_missing_recogniser_program_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytesseract = pytest.importorskip("pytesseract")
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")
    chart = Path(__file__).parent.parent / "fixtures" / "drawn" / "reference" / "chart.png"
    status = run(["digitize", str(chart), "--ocr", "tesseract", "-o", str(tmp_path / "out")])
    told = capsys.readouterr().err.strip().splitlines()
    assert status == 2
    assert "install tesseract-ocr" in told[-1]
    assert "internal error" not in told[-1]
