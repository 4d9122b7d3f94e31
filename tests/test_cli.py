"""The command line: what it writes, what it says, how it ends. The vision itself is a stand-in here."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

import chartscribe
from chartscribe.inputs import name_inputs
from chartscribe.outputs import write_files
from digitizer.errors import OutputError
from digitizer.evidence import Extraction
from digitizer.model import Axis, Figure, Frame, Panel, Series, Source, Tick
from digitizer.notices import make_notice
from digitizer.stages.load import load_picture

Result = tuple[int, str, str]


def fake_digitize(
    source: Any, *, name: str | None = None, recogniser: str | None = None, hints: Any = None
) -> Figure:
    """Load for real, then claim one panel; a blank picture has none."""
    picture = load_picture(source, name)
    source_ = Source(name=picture.name, sha256=picture.sha256, width=picture.width, height=picture.height)
    extraction = Extraction(picture=picture)
    print("chatter of a library")
    if picture.name.startswith("boom"):
        raise RuntimeError("first line\nsecond line")
    if picture.rgb.min() == 255:
        return Figure(source=source_, extraction=extraction, warnings=(make_notice("no-panels"),))
    x = np.arange(3.0)
    series = Series(
        name=recogniser, x=x, y=2 * x, y_sigma=x * 0 + 0.1, x_px=x + 5, y_px=30 - x, sampled_at="columns"
    )
    axis = Axis(ticks=(Tick(pixel=5.0, text="0", value=0.0),))
    frame = Frame(left=5, top=5, right=50, bottom=35)
    panel = Panel(frame=frame, title="Épreuve", x_axis=axis, series=(series,), status="ok")
    return Figure(source=source_, panels=(panel,), extraction=extraction)


class FakeDescription:
    def __init__(self, figure: Figure, **_: Any) -> None:
        self.figure = figure

    def to_markdown(self, **_: Any) -> str:
        return f"## {self.figure.panels[0].title if self.figure.panels else 'nothing'}\n"

    def to_dict(self) -> dict[str, Any]:
        return {"schema_version": 1, "findings": [], "alt_text": "Épreuve"}


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = SimpleNamespace(digitize=fake_digitize)
    monkeypatch.setitem(sys.modules, "digitizer.pipeline", pipeline)
    monkeypatch.setitem(sys.modules, "interpret.describe", SimpleNamespace(describe_figure=FakeDescription))


def png(color: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, format="PNG")
    return out.getvalue()


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "chart.png"
    path.write_bytes(png())
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_one_error(result: Result, *words: object) -> None:
    status, out, err = result
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("error: ")
    for word in words:
        assert str(word) in err


# What it writes


def test_digitize_into_a_folder(command: Callable[..., Result], chart: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    status, stdout, err = command("digitize", chart, "-o", out)
    assert (status, stdout) == (0, "")
    assert err.splitlines() == [
        "chatter of a library",
        f"{chart}: 1 panel (1 ok), 1 series, 3 points -> {out / 'chart'}.*",
    ]
    assert names(out) == ["chart.csv", "chart.json", "chart.overlay.png"]
    document = json.loads((out / "chart.json").read_text(encoding="utf-8"))
    assert document["source"]["name"] == "chart.png"
    assert document["panels"][0]["series"][0]["name"] == "ppocr"
    assert (out / "chart.csv").read_text().startswith("panel,series,x,y,y_sigma")
    assert Image.open(out / "chart.overlay.png").width >= 60


def test_digitize_onto_standard_output(command: Callable[..., Result], chart: Path) -> None:
    status, out, err = command("digitize", chart, "-o", "-", "--ocr", "tesseract")
    assert status == 0
    document = json.loads(out)
    assert document["panels"][0]["title"] == "Épreuve"
    assert document["panels"][0]["series"][0]["name"] == "tesseract"
    assert err == "chatter of a library\n"


def test_describe_a_picture(command: Callable[..., Result], chart: Path, tmp_path: Path) -> None:
    assert command("describe", chart, "-o", "-")[:2] == (0, "## Épreuve\n")
    status, out, _ = command("describe", chart, "-o", "-", "--format", "json")
    assert status == 0
    assert json.loads(out)["alt_text"] == "Épreuve"
    assert command("describe", chart, "-o", tmp_path / "out", "--no-annotated")[0] == 0
    assert names(tmp_path / "out") == [
        "chart.csv",
        "chart.findings.json",
        "chart.json",
        "chart.md",
        "chart.overlay.png",
    ]


def test_describe_a_figure_document(command: Callable[..., Result], chart: Path, tmp_path: Path) -> None:
    command("digitize", chart, "-o", tmp_path / "one")
    document = tmp_path / "one" / "chart.json"
    assert command("describe", document, "-o", "-")[:2] == (0, "## Épreuve\n")
    assert command("describe", document, "-o", tmp_path / "two", "--no-annotated")[0] == 0
    assert names(tmp_path / "two") == ["chart.findings.json", "chart.md"]


def test_standard_input(
    command: Callable[..., Result], chart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pipe(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    pipe(png())
    status, document, _ = command("digitize", "-", "-o", "-")
    assert status == 0
    assert json.loads(document)["source"]["name"] == "stdin"
    pipe(document.encode())
    assert command("describe", "-", "-o", "-")[:2] == (0, "## Épreuve\n")
    pipe(png())
    assert command("digitize", "-", "-o", tmp_path / "out")[0] == 0
    assert names(tmp_path / "out") == ["stdin.csv", "stdin.json", "stdin.overlay.png"]
    pipe(b"")
    assert_one_error(command("digitize", "-", "-o", "-"), "standard input: is empty")


def test_a_blank_page_is_done_with_a_warning(command: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "blank.png").write_bytes(png("white"))
    status, out, err = command("digitize", tmp_path / "blank.png", "-o", "-")
    assert status == 0
    assert json.loads(out)["panels"] == []
    assert f"warning: {tmp_path / 'blank.png'}: No chart was found" in err
    assert command("describe", tmp_path / "blank.png", "-o", "-", "--quiet")[0] == 0


# Several inputs


def test_one_that_fails_does_not_harm_the_others(
    command: Callable[..., Result], chart: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    boom = tmp_path / "boom.png"
    boom.write_bytes(png())
    out = tmp_path / "out"
    status, stdout, err = command("digitize", text, boom, chart, "-o", out)
    assert (status, stdout) == (1, "")
    assert names(out) == ["chart.csv", "chart.json", "chart.overlay.png"]
    lines = [line for line in err.splitlines() if "chatter" not in line]
    assert lines[0].startswith(f"error: {text}: is text, not a picture; give a picture (PNG, JPEG, ")
    assert lines[1].startswith(f"error: {boom}: internal error (RuntimeError: first line second line); ")
    assert lines[2].startswith(f"[3/3] {chart}: ")
    assert lines[3] == "2 of 3 inputs failed"


def test_quiet_says_errors_only(command: Callable[..., Result], chart: Path, tmp_path: Path) -> None:
    status, out, err = command("digitize", chart, tmp_path / "absent.png", "-o", tmp_path / "out", "-q")
    assert (status, out) == (1, "")
    assert [line for line in err.splitlines() if "chatter" not in line] == [
        f"error: {tmp_path / 'absent.png'}: there is no such file; check the path"
    ]


def test_equal_names_are_told_apart(command: Callable[..., Result], tmp_path: Path) -> None:
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "loss.png")
        paths[-1].write_bytes(png())
    status, _, err = command("digitize", *paths, "-o", tmp_path / "out")
    assert status == 0
    assert f"{paths[1]}: 1 panel (1 ok), 1 series, 3 points -> {tmp_path / 'out' / 'loss-2'}.*" in err
    assert {"loss.json", "loss-2.json"} <= set(names(tmp_path / "out"))


def test_stems_never_collide() -> None:
    given = ["a/x.png", "b/x.png", "x-2.png", "c/X.jpg", "-", "stdin.png", ".png", "x"]
    stems = [source.stem for source in name_inputs(given)]
    assert stems == ["x", "x-3", "x-2", "X-4", "stdin", "stdin-2", ".png", "x-5"]
    assert len({stem.casefold() for stem in stems}) == len(stems)


# What goes wrong


@pytest.mark.parametrize("subcommand", ["digitize", "describe"])
def test_bad_inputs_are_one_line(command: Callable[..., Result], tmp_path: Path, subcommand: str) -> None:
    contents = {
        "empty.png": b"",
        "text.png": b"not a picture",
        "cut.png": png()[:-40],
        "tiny.png": png_of_one_pixel(),
        "paper.pdf": b"%PDF-1.7",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    for target in ("-", out):
        for name in [*contents, "absent.png"]:
            assert_one_error(command(subcommand, tmp_path / name, "-o", target), tmp_path / name)
        assert_one_error(command(subcommand, tmp_path, "-o", target), "is a folder")
    assert names(out) == []


def png_of_one_pixel() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1, 1)).save(out, format="PNG")
    return out.getvalue()


def test_bad_documents_are_one_line(command: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "chart.json"
    for text in ("{", "{}", '{"schema_version": 99, "panels": []}', '{"schema_version": 1, "findings": []}'):
        path.write_text(text)
        assert_one_error(command("describe", path, "-o", "-"), path, "is no figure document")


def test_output_folders_that_cannot_be_written(
    command: Callable[..., Result], chart: Path, tmp_path: Path
) -> None:
    assert_one_error(command("digitize", chart, "-o", chart), chart, "is a file, not a folder")
    assert_one_error(command("digitize", chart, "-o", chart / "deep"), "cannot be written")
    if os.geteuid() != 0:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o555)
        assert_one_error(command("digitize", chart, "-o", locked), locked, "cannot be written")


def test_read_only_folder(
    command: Callable[..., Result], chart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    assert_one_error(
        command("describe", chart, "-o", tmp_path / "x"), "cannot be written (permission denied)"
    )


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a.json": b"old"})

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="no space left on device"):
        write_files(tmp_path, {"a.json": b"new"})
    assert names(tmp_path) == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"old"


def test_an_input_is_never_overwritten(command: Callable[..., Result], chart: Path) -> None:
    victim = chart.with_name("chart.overlay.png")
    victim.write_bytes(png("green"))
    status, _, err = command("digitize", chart, victim, "-o", chart.parent)
    assert status == 1
    assert f"error: {chart}: its result would replace the input {victim}; give another output folder" in err
    assert victim.read_bytes() == png("green")


def test_internal_errors_are_one_line_and_debug_tells_more(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    boom = tmp_path / "boom.png"
    boom.write_bytes(png())
    status, out, err = command("digitize", boom, "-o", "-")
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert "run with --debug" in err
    status, out, err = command("digitize", boom, "-o", "-", "--debug")
    assert (status, out) == (2, "")
    assert "Traceback" in err
    assert "RuntimeError: first line" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["digitize"], "Missing argument 'INPUT...'; see chartscribe digitize --help"),
        (["digitize", "chart.png"], "Missing option '-o'"),
        (["digitize", "a.png", "b.png", "-o", "-"], "takes the result of one input"),
        (["describe", "chart.png", "-o", "-", "--format", "xml"], "'xml' is not one of"),
        (["digitize", "chart.png", "-o", "-", "--ocr", "eyes"], "'eyes' is not one of"),
        (["guess"], "No such command 'guess'"),
        (["--wrong"], "No such option"),
    ],
)
def test_wrong_usage_is_one_line(command: Callable[..., Result], arguments: list[str], words: str) -> None:
    assert_one_error(command(*arguments), words)


def test_no_arguments_show_the_help_and_are_wrong_usage(command: Callable[..., Result]) -> None:
    status, out, err = command()
    assert (status, out) == (2, "")
    assert "digitize" in err


@pytest.mark.parametrize("arguments", [[], ["digitize"], ["describe"], ["batch"], ["compare"]])
def test_help_has_an_example(command: Callable[..., Result], arguments: list[str]) -> None:
    status, out, err = command(*arguments, "--help")
    assert (status, err) == (0, "")
    assert " ".join(["chartscribe", *arguments]) in out.split("Examples:")[1]
    assert max(len(line) for line in out.splitlines()) <= 100


# As a library


def test_library_takes_what_the_command_takes(chart: Path, tmp_path: Path) -> None:
    figure = chartscribe.digitize(chart)
    assert isinstance(figure, chartscribe.Figure)
    assert chartscribe.digitize(chart.read_bytes(), name="x").source.name == "x"
    assert chartscribe.digitize(Image.open(chart)).source.width == 60
    assert chartscribe.digitize(np.zeros((40, 60, 3), np.uint8), ocr="tesseract").panels[0].series[
        0
    ].name == ("tesseract")
    document = tmp_path / "chart.json"
    document.write_text(figure.to_json(), encoding="utf-8")
    sources = (
        figure,
        chart,
        str(chart),
        chart.read_bytes(),
        document,
        document.read_bytes(),
        figure.to_dict(),
    )
    for source in (*sources, Image.open(chart)):
        assert chartscribe.describe(source).to_markdown() == "## Épreuve\n"
    assert chartscribe.load_document(document).to_dict() == figure.to_dict()


def test_library_errors_name_the_file(tmp_path: Path) -> None:
    for function in (chartscribe.digitize, chartscribe.describe, chartscribe.load_document):
        with pytest.raises(chartscribe.InputError, match=r"absent\.png: there is no such file"):
            function(tmp_path / "absent.png")  # type: ignore[operator]


def test_library_names_are_lazy_and_complete() -> None:
    assert set(chartscribe.__all__) <= set(dir(chartscribe))
    for name in chartscribe.__all__:
        assert getattr(chartscribe, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        _ = chartscribe.guess  # type: ignore[attr-defined]
