"""The benchmark's own arithmetic, on documents whose errors are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rapidfuzz")

from benchmarks.accuracy import accuracy_table, worst_cases
from benchmarks.pointwise import pair_figure
from benchmarks.referee import DEFAULT_SCORE, load_referee, score_cases
from benchmarks.running import Run, Task, digitize_all

DRAWN = Path(__file__).parents[1] / "fixtures" / "drawn"
needs_referee = pytest.mark.skipif(
    not DEFAULT_SCORE.is_file(), reason="the referee is not beside this checkout"
)


def noisy_document(truth: dict[str, Any], sigma: float) -> dict[str, Any]:
    """The truth with Gaussian errors of ``sigma`` axis ranges, which it owns up to."""
    rng = np.random.default_rng(8)
    document: dict[str, Any] = json.loads(json.dumps({"source": truth["source"], "panels": truth["panels"]}))
    for panel in document["panels"]:
        low, high = panel["y_axis"]["limits"]
        panel["status"] = "ok"
        for series in panel["series"]:
            size = sigma * (high - low)
            series["y"] = (np.array(series["y"]) + rng.normal(0, size, len(series["y"]))).tolist()
            series["y_sigma"] = [size] * len(series["y"])
            series["color_name"] = "blue"
    return document


@needs_referee
def test_honest_sigmas_and_errors_are_measured() -> None:
    truth = json.loads((DRAWN / "reference" / "truth.json").read_text(encoding="utf-8"))
    pairs = pair_figure(load_referee(), truth, noisy_document(truth, 0.002))
    assert pairs.n_found == pairs.n_true == pairs.n_said == 142
    assert pairs.n_whole == 1
    assert 0.0009 < np.median(pairs.error) < 0.0019  # 0.67 sigma
    assert 0.58 < np.mean(np.array(pairs.pull) <= 1) < 0.78


@needs_referee
def test_missing_documents_count_as_crashes(tmp_path: Path) -> None:
    referee = load_referee()
    cases = [DRAWN / "reference", DRAWN / "paper_serif"]
    truth = json.loads((cases[0] / "truth.json").read_text(encoding="utf-8"))
    (tmp_path / "reference.json").write_text(json.dumps(noisy_document(truth, 0.0005)), encoding="utf-8")
    runs = {"paper_serif": Run(case="paper_serif", seconds=None, error="CRASH by arrangement")}
    records = score_cases(referee, cases, tmp_path, runs)
    table = accuracy_table(referee, records)
    assert "| reference | 1 | 100.0% | 100.0% |" in table
    assert table.splitlines()[3].endswith("| 1 |")
    assert "CRASH by arrangement" in worst_cases(records, 1)[0]


def test_an_unreadable_picture_does_not_stop_the_run(tmp_path: Path) -> None:
    broken = tmp_path / "image.png"
    broken.write_bytes(b"no picture")
    runs = digitize_all([Task(case="broken", image=broken, document=tmp_path / "broken.json")], jobs=1)
    assert runs["broken"].error
    assert not (tmp_path / "broken.json").exists()
