"""The benchmark's own arithmetic, on documents whose errors are known."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("rapidfuzz")

from benchmarks.accuracy import accuracy_table, cases_of, worst_cases
from benchmarks.batch import Run as BatchRun
from benchmarks.batch import Work as BatchWork
from benchmarks.batch import fill_folder, memory_rows, million_rows, share_rows
from benchmarks.fuzz import Row
from benchmarks.fuzz import table as fuzz_table
from benchmarks.peer_adapters import CROP_MARGIN, Case, Peer, PeerError, call, only_color
from benchmarks.peers import draw_cases, row, run_peer
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


def test_a_peer_gets_each_series_alone(tmp_path: Path) -> None:
    rgb = np.full((60, 80, 3), 255, np.uint8)
    rgb[20:22, 10:70] = (31, 119, 180)
    rgb[40:42, 10:70] = (214, 39, 40)
    box = {"left": 5.0, "top": 10.0, "right": 75.0, "bottom": 50.0}
    height = only_color(rgb, box, "#1f77b4", tmp_path / "deep" / "one.png")
    assert height == 41 + 2 * CROP_MARGIN
    part = np.asarray(Image.open(tmp_path / "deep" / "one.png"))
    assert np.flatnonzero((part < 250).any(axis=(1, 2))).tolist() == [10 + CROP_MARGIN, 11 + CROP_MARGIN]


def test_keeping_a_vector_picture_leaves_the_truth_alone(tmp_path: Path) -> None:
    """Saving a PDF lays a figure out anew, which moves its frames."""
    kept, cases = draw_cases(2, 21, tmp_path / "kept")
    plain = cases_of("lines", 2, 21, tmp_path / "plain")
    for one, other in zip(kept, plain, strict=True):
        assert (one / "truth.json").read_text() == (other / "truth.json").read_text()
    assert all(case.pdf.read_bytes().startswith(b"%PDF") for case in cases)


@needs_referee
def test_peers_are_scored_and_their_failures_counted(tmp_path: Path) -> None:
    folders = [DRAWN / "reference", DRAWN / "paper_serif"]
    cases = []
    for folder in folders:
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        image = folder / truth["image"]
        cases.append(Case(name=folder.name, image=image, pdf=image, frames_pt=[], truth=truth))

    def read(environment: Path, case: Case, scratch: Path, seconds: float) -> dict[str, Any]:
        if case.name == "paper_serif":
            call([sys.executable, "-c", "raise SystemExit('no idea')"], scratch, seconds)
        return noisy_document(case.truth, 0.0005)

    peer = Peer(name="perfect", package="", given="all", n_figures=2, read=read)
    args = argparse.Namespace(cache=tmp_path, timeout=60.0)
    referee = load_referee()
    runs = run_peer(peer, cases, tmp_path / "documents", args)
    assert runs["reference"].error is None
    assert runs["paper_serif"].error == "no idea"
    records = score_cases(referee, folders, tmp_path / "documents", runs)
    assert row(referee, "perfect", "all", records)[:3] == ["perfect", "all", "2"]
    assert row(referee, "perfect", "all", records)[-2] == "1"
    assert row(referee, "perfect", "all", records[:1])[3:7] == ["100%"] * 4


def test_a_peer_without_an_answer_is_ended(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="no answer in 1 s"):
        call([sys.executable, "-c", "while True: pass"], tmp_path, 1)


def test_fuzzing_counts_what_it_finds(tmp_path: Path) -> None:
    table = fuzz_table({"blur": Row(seconds=[0.5, 1.5], n_panels=2, n_ok=1, n_judged=1, has_truth=True)})
    assert table.splitlines()[2].startswith("| blur | 0 | 0 | 0 | 0 | 1.5 |")
    assert table.splitlines()[2].endswith("| 0 of 1 |")


def test_folders_hold_pictures_that_differ(tmp_path: Path) -> None:
    reference = DRAWN / "reference" / "chart.png"
    paths = fill_folder(tmp_path / "in", [reference], 20)
    assert len({path.read_bytes() for path in paths}) == 20
    pixels = [np.asarray(Image.open(path)) for path in paths[:2]]
    assert (pixels[0] != pixels[1]).any(axis=2).sum() <= 1


def test_memory_is_told_by_quarters() -> None:
    memory = np.array([[0, 30, 100], [3, 31, 240], [6, 31, 230], [7, 130, 220], [8, 131, 90]])
    rows = memory_rows(BatchRun(n=8, seconds=4.0, memory=memory, n_bytes=0))
    assert [row[1:] for row in rows] == [["30", "100"], ["31", "240"], ["", ""], ["131", "230"]]
    assert rows[1][0] == "figures 2 to 4"


def test_a_million_figures_are_counted_in_core_hours() -> None:
    # On two cores 20 figures in 7.2 seconds are 0.72 core seconds each; 2 MB of results are 100 kB each.
    run = BatchRun(n=20, seconds=7.2, memory=np.zeros((0, 3)), n_bytes=2_000_000)
    assert million_rows({"small": run}) == [["small", "0.72", "200", "0.5", "0.1", "0.0", "100"]]


def test_the_rest_is_what_no_work_on_pictures_explains() -> None:
    run = BatchRun(n=5, seconds=10.0, memory=np.zeros((0, 3)), n_bytes=0)
    work = BatchWork(digitizing=6.0, describing=2.0, pictures=1.5)
    assert share_rows(run, work) == ["60.0%", "20.0%", "15.0%", "5.0%"]
