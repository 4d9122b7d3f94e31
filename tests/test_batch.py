"""Folders of figures: what is found, what is written, what one bad figure costs."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from chartscribe.batch import results
from chartscribe.batch.find import Found, is_figure, list_files
from chartscribe.batch.folder_hints import FolderHints, join_hints
from chartscribe.batch.indexes import Indexes
from chartscribe.batch.pool import Pool
from chartscribe.batch.run import lock
from chartscribe.batch.work import Outcome, Task
from chartscribe.cli import run
from digitizer.errors import HintError
from tests.batches import FILES, VALUES, draw, parts, rows

Result = tuple[int, str, str]


# What is found


def test_figures_are_told_by_content_or_by_a_name_that_claims_it(tmp_path: Path) -> None:
    png = draw(tmp_path / "a.png").read_bytes()
    contents = {
        "no-ending": png,
        "x.dat": png,
        "text.png": b"not a picture",
        "notes.txt": b"BMW sold many",
        "page.html": b"<html><svg/></html>",
        "drawing.xml": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "paper": b"%PDF-1.7",
        "sound.bin": b"RIFF\0\0\0\0WAVE",
        "empty": b"",
        ".hidden.png": png,
        ".folder/b.png": png,
        "out/c.png": png,
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "circle").symlink_to(tmp_path)
    found = [found.place for found in list_files(tmp_path, but=tmp_path / "out") if is_figure(found)]
    assert found == ["a.png", "drawing.xml", "no-ending", "paper", "text.png", "x.dat"]


def test_patterns_fit_paths_names_and_folders(tmp_path: Path) -> None:
    for place in ("a.png", "runs/1/loss.png", "runs/2/loss.png", "runs/2/acc.png", "old/loss.png"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()

    def places(**patterns: list[str]) -> list[str]:
        return [found.place for found in list_files(tmp_path, **patterns)]

    assert places(include=["loss*"]) == ["old/loss.png", "runs/1/loss.png", "runs/2/loss.png"]
    assert places(include=["runs/*.png"], exclude=["runs/2/*"]) == ["runs/1/loss.png"]
    assert places(include=["*.png"], exclude=["old", "2/"]) == ["a.png", "runs/1/loss.png"]


# Hints of folders


def test_the_nearest_hints_count_first(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "chartscribe.toml").write_text('panels = "1x2"\n[x]\nscale = "log"\nlimits = [1, 10]\n')
    (tmp_path / "a" / "b" / "chartscribe.toml").write_text("[x]\nlimits = [1, 20]\n[y]\nlimits = [0, 1]\n")
    hints = FolderHints(tmp_path)
    assert hints.of("fig.png") == hints.of("a/fig.png")
    assert hints.of("a/fig.png") == {"panels": "1x2", "x": {"scale": "log", "limits": [1.0, 10.0]}}
    assert hints.of("a/b/fig.png") == {
        "panels": "1x2",
        "x": {"scale": "log", "limits": [1.0, 20.0]},
        "y": {"limits": [0.0, 1.0]},
    }
    assert join_hints({"y": {"scale": "log"}}, {}) == {"y": {"scale": "log"}}


def test_broken_hints_fail_what_is_below_them_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "chartscribe.toml").write_text("[x]\nlimit = [1, 10]\n")
    hints = FolderHints(tmp_path)
    assert hints.of("fig.png") == {}
    for _ in range(2):
        with pytest.raises(HintError, match=r"a/chartscribe\.toml: .*'limit' is unknown"):
            hints.of("a/deep/fig.png")


# A run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder ``in`` with figures good and bad, and what a run made of it in ``out``."""
    root = tmp_path_factory.mktemp("batch")
    folder = root / "in"
    first = draw(folder / "loss.png")
    (folder / "deep" / "er").mkdir(parents=True)
    shutil.copy(first, folder / "deep" / "er" / "same.png")
    (folder / "deep" / "text.png").write_text("not a picture")
    (folder / "notes.txt").write_text("not a figure")
    Image.new("RGB", (60, 40), "white").save(folder / "blank.png")
    Image.new("RGB", (10, 10), "white").save(folder / "tiny.gif")
    draw(folder / "dash" / "one.png", "Accuracy")
    (folder / "dash" / "chartscribe.toml").write_text("[x]\nlimits = [-2, 42]\n")
    shutil.copy(folder / "loss.png", folder / "index.csv")
    assert run(["batch", str(folder), "-o", str(root / "out"), "--jobs", "1", "-q"]) == 1
    return root


def test_every_input_is_in_one_table(done: Path) -> None:
    index, errors = rows(done / "out" / "index.csv"), rows(done / "out" / "errors.csv")
    assert [(row["input"], row["panel"], row["title"]) for row in index] == [
        ("blank.png", "", ""),
        ("dash/one.png", "0", "Accuracy"),
        ("deep/er/same.png", "0", "Loss"),
        ("loss.png", "0", "Loss"),
    ]
    assert list(errors[0]) == ["input", "page", "error"]
    assert [(row["input"], row["error"].split(";")[0]) for row in errors] == [
        ("deep/text.png", "is text, not a picture"),
        ("index.csv", "has the name of a file that is written beside its results (index.csv)"),
        ("tiny.gif", "is too small to hold a chart (10 x 10 pixels)"),
    ]
    for row in index:
        document = json.loads((done / "out" / row["document"]).read_text(encoding="utf-8"))
        assert len(document["panels"]) == (row["panel"] != "")
        assert (
            row["warnings"] == " ".join(w["code"] for w in document["warnings"]) if not row["panel"] else True
        )


def test_each_figure_has_its_folder(done: Path) -> None:
    for place in ("loss.png", "deep/er/same.png", "dash/one.png", "blank.png"):
        folder = done / "out" / place
        assert {path.name for path in folder.iterdir()} >= FILES
        document = json.loads((folder / "figure.json").read_text(encoding="utf-8"))
        assert document["source"]["name"] == Path(place).name
    assert parts(done / "out") == []
    copied = json.loads((done / "out/deep/er/same.png/figure.json").read_text(encoding="utf-8"))
    first = json.loads((done / "out/loss.png/figure.json").read_text(encoding="utf-8"))
    assert copied["panels"] == first["panels"]
    hinted = json.loads((done / "out/dash/one.png/figure.json").read_text(encoding="utf-8"))
    assert hinted["hints"] == {"x": {"limits": [-2.0, 42.0]}}
    assert "hints" not in first


def test_all_points_are_one_query_away(done: Path) -> None:
    points = pq.read_table(done / "out" / "all.parquet").to_pylist()
    mine = [row for row in points if row["input"] == "loss.png"]
    assert [(row["panel"], row["series_index"], row["kind"], row["x_text"]) for row in mine] == [
        (0, 0, "line", None)
    ] * len(VALUES)
    for row, (index, value) in zip(mine, enumerate(VALUES), strict=True):
        assert row["x"] == pytest.approx(10 * index, abs=0.4)
        assert row["y"] == pytest.approx(value, abs=0.04)
        assert 0 < row["y_sigma"] < 0.1
    index = pq.read_table(done / "out" / "index.parquet").to_pylist()
    assert [row["n_points"] for row in index] == [0, *[len(VALUES)] * 3]
    assert [row["input"] for row in index] == [row["input"] for row in rows(done / "out" / "index.csv")]


def test_the_gallery_needs_nothing_but_the_folder(done: Path) -> None:
    page = (done / "out" / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//|@import|url\(""", page)
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 4 * 4
    for link in links:
        assert (done / "out" / link).is_file()
    pictures = re.findall(r'src="([^"]+)"', page)
    assert len(pictures) == 4 * 2
    assert all(picture.startswith("data:image/webp;base64,") for picture in pictures)
    assert re.search(r"<b>deep/text.png</b>: is text", page)


def test_a_second_run_reads_nothing_again(done: Path, command: Callable[..., Result]) -> None:
    before = {path: path.stat().st_mtime_ns for path in (done / "out").rglob("batch.json")}
    index = (done / "out" / "index.csv").read_bytes()
    status, out, err = command("batch", done / "in", "-o", done / "out", "--jobs", "1", "--dry-run")
    plan = dict(reversed(line.split("\t")) for line in out.splitlines())
    assert status == 0
    assert {place for place, step in plan.items() if step == "keep"} == {
        "loss.png",
        "deep/er/same.png",
        "dash/one.png",
        "blank.png",
    }
    status, out, err = command("batch", done / "in", "-o", done / "out", "--jobs", "1")
    assert (status, out) == (1, "")
    assert "(4 kept)" in err
    assert f"3 of 7 could not be read; see {done / 'out' / 'errors.csv'}" in err
    assert {path: path.stat().st_mtime_ns for path in (done / "out").rglob("batch.json")} == before
    assert (done / "out" / "index.csv").read_bytes() == index


def test_what_changed_is_read_again(tmp_path: Path, command: Callable[..., Result]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    draw(folder / "a.png")
    assert command("batch", folder, "-o", out, "-j1", "-q")[0] == 0
    draw(folder / "a.png", "Reward", VALUES[::-1])
    (folder / "b").mkdir()
    assert command("batch", folder, "-o", out, "-j1", "--dry-run")[1] == "read\ta.png\n"
    assert command("batch", folder, "-o", out, "-j1", "-q")[0] == 0
    assert [row["title"] for row in rows(out / "index.csv")] == ["Reward"]
    assert command("batch", folder, "-o", out, "-j1", "--dry-run")[1] == "keep\ta.png\n"
    assert command("batch", folder, "-o", out, "-j1", "--dry-run", "--force")[1] == "read\ta.png\n"
    (folder / "chartscribe.toml").write_text('[y]\nscale = "linear"\n')
    assert command("batch", folder, "-o", out, "-j1", "--dry-run")[1] == "read\ta.png\n"
    assert parts(out) == []


def test_limit_takes_the_first(done: Path, command: Callable[..., Result], tmp_path: Path) -> None:
    arguments = ("batch", done / "in", "-o", tmp_path / "out", "--limit", "2", "--dry-run")
    assert command(*arguments)[1] == "read\tblank.png\nread\tdash/one.png\n"
    assert not (tmp_path / "out").exists()


# What goes wrong


def test_what_others_put_into_the_output_is_kept(tmp_path: Path, command: Callable[..., Result]) -> None:
    draw(tmp_path / "in" / "a.png")
    draw(tmp_path / "in" / "b.png")
    out = tmp_path / "out"
    (out / "b.png").mkdir(parents=True)
    (out / "a.png").write_text("mine")
    (out / "b.png" / "notes.txt").write_text("mine")
    status, _, err = command("batch", tmp_path / "in", "-o", out, "-j1")
    assert status == 1
    assert f"its results would replace {out / 'a.png'}, which batch did not write" in err
    assert (out / "a.png").read_text() == (out / "b.png" / "notes.txt").read_text() == "mine"
    assert [row["input"] for row in rows(out / "errors.csv")] == ["a.png", "b.png"]


def test_wrong_folders_are_one_line(tmp_path: Path, command: Callable[..., Result]) -> None:
    (tmp_path / "file").touch()
    for folder, out, words in (
        ("absent", "out", "absent: there is no such folder"),
        ("file", "out", "file: is a file, not a folder"),
        (".", ".", "is the folder of figures itself"),
        (".", "file", "file: is a file, not a folder"),
    ):
        status, stdout, err = command("batch", tmp_path / folder, "-o", tmp_path / out)
        assert (status, stdout) == (2, "")
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        assert words in err


def test_two_runs_do_not_meet_in_one_folder(tmp_path: Path, command: Callable[..., Result]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    with lock(tmp_path / "out"):
        status, _, err = command("batch", tmp_path / "in", "-o", tmp_path / "out")
    assert status == 2
    assert "another batch is writing there" in err
    assert command("batch", tmp_path / "in", "-o", tmp_path / "out")[0] == 0
    assert rows(tmp_path / "out" / "errors.csv") == []


def misbehave(task: Task, memory_mib: int) -> Outcome:
    """What figures can do to a worker, by their names."""
    if task.name == "hang":
        time.sleep(600)
    if task.name == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "burst":
        try:
            hoard = [bytearray(2**26) for _ in range(memory_mib // 16)]
        except MemoryError:
            return Outcome(error="burst")
        return Outcome(error=f"got {64 * len(hoard)} MiB")
    return Outcome(status="ok")


def test_a_figure_that_hangs_bursts_or_dies_costs_itself_alone() -> None:
    names = ["a", "hang", "b", "die", "c", "burst", "d"]
    tasks = [
        Task(path=name, name=name, folder=name, sha256=name, key=name, settings={"ocr": "ppocr"})
        for name in names
    ]
    outcomes: dict[str, Outcome] = {}
    with closing(Pool(jobs=1, timeout=4, memory_mib=600, work=misbehave)) as pool:
        for task, outcome in pool.run(iter(tasks)):
            outcomes[task.name] = outcome
    assert outcomes.keys() == set(names)
    assert [name for name in names if outcomes[name].status == "ok"] == ["a", "b", "c", "d"]
    assert outcomes["hang"].error == "took longer than 4 seconds; raise --timeout"
    assert "was killed" in (outcomes["die"].error or "")
    assert outcomes["burst"].error == "burst"


def test_tables_are_written_on_the_way(done: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(done / "out", tmp_path / "out"))
    (out / "loss.png" / "batch.json").unlink()
    contents = ([(name, out / name) for name in ("loss.png", "dash/one.png")], [("x.png", "is text")])

    def listed(seconds: float, share_of_time: float = 0.02) -> list[list[str]]:
        """What the index lists at each of three things that pass; after the first, a figure is finished."""
        (out / "index.csv").write_text("input\n")
        found = []
        changes = itertools.count()
        indexes = Indexes(
            out,
            "in",
            lambda: contents,
            n_changes=lambda: next(changes),
            seconds=seconds,
            share_of_time=share_of_time,
        )
        for _ in indexes.keep_fresh(range(3)):
            found.append([row["input"] for row in rows(out / "index.csv")])
            shutil.copy(out / "dash/one.png/batch.json", out / "loss.png")
        return found

    assert listed(60) == [[], [], []]
    (out / "loss.png" / "batch.json").unlink()
    # Writing takes time of its own, so the second writing is not due at once.
    assert listed(0) == [["dash/one.png"]] * 3
    (out / "loss.png" / "batch.json").unlink()
    assert listed(0, 1e9) == [["dash/one.png"], ["loss.png", "dash/one.png"], ["loss.png", "dash/one.png"]]
    assert [row["input"] for row in rows(out / "errors.csv")] == ["x.png"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "a.png"
    results.put_in_place(folder, {"x": b"1", "old": b"1"})
    results.put_in_place(folder, {"x": b"2"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"x": b"2"}
    assert results.read_record(folder) is None
    (tmp_path / ".chartscribe-1-figure.part").mkdir()
    (tmp_path / "mine.part").mkdir()
    results.clear_parts(tmp_path)
    assert [path.name for path in parts(tmp_path)] == ["mine.part"]


def test_names_that_are_no_text_are_shown(tmp_path: Path) -> None:
    found = Found(root=tmp_path, place=os.fsdecode(b"caf\xe9.png"))
    assert found.shown == "caf\\udce9.png"
