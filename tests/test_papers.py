"""Figures in PDF documents: found among text, with their places, captions and data."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Path2D
from PIL import Image

import chartscribe
from chartscribe.papers.open import is_damaged, open_pdf
from chartscribe.papers.regions import Box, Region, find_regions
from chartscribe.papers.texts import Line, caption_of, find_captions, labels_of, prose_of, read_lines
from digitizer.errors import InputError

INCHES = (6.0, 8.0)
POINTS = 72.0
X = np.arange(0, 100, 10)
PROSE = "It was a dark and stormy night and the rain fell in torrents except at"

Result = tuple[int, str, str]


def decay(scale: float = 1.0) -> Any:
    return scale * np.exp(-X / 40)


def draw_chart(canvas: Canvas, place: tuple[float, float, float, float], scale: float = 1.0) -> None:
    axes = canvas.add_axes(place)
    axes.plot(X, decay(scale), "o-", markersize=4)
    axes.set(xlabel="Step", ylabel="Loss", title="Training")


def a_page(*, charts: int = 1, captions: bool = True) -> Canvas:
    """A page of prose with charts below each other, a caption below each, and a table's rules."""
    canvas = Canvas(figsize=INCHES)
    for row in range(6):
        canvas.text(0.1, 0.95 - 0.02 * row, PROSE, fontsize=9)
    for number in range(charts):
        bottom = 0.6 - 0.37 * number
        draw_chart(canvas, (0.25, bottom, 0.5, 0.2), 1.0 + number)
        if captions:
            canvas.text(0.15, bottom - 0.1, f"Figure {number + 1}: The loss falls with", fontsize=9)
            canvas.text(0.15, bottom - 0.12, "every step.", fontsize=9)
    return canvas


def to_pdf(*pages: Canvas) -> bytes:
    out = io.BytesIO()
    with PdfPages(out) as document:
        for page in pages:
            document.savefig(page)
    return out.getvalue()


def regions_of(content: bytes, page: int = 0) -> list[tuple[Region, str | None]]:
    """The regions of a page with their captions, without reading them."""
    with open_pdf(content, "paper.pdf") as document:
        opened = document[page]
        lines = read_lines(opened)
        captions = find_captions(lines)
        found = find_regions(
            opened,
            labels_of(lines, captions),
            prose_of(lines, captions),
            key=lambda box: caption_of(box, captions),
        )
        return [(region, caption_of(region.box, captions)) for region in found]


def test_charts_are_found_among_prose_with_their_captions() -> None:
    found = regions_of(to_pdf(a_page(charts=2)))
    assert [caption for _, caption in found] == [
        "Figure 1: The loss falls with every step.",
        "Figure 2: The loss falls with every step.",
    ]
    for number, (region, _) in enumerate(found):
        width, height = (side * POINTS for side in INCHES)
        bottom = 0.6 - 0.37 * number
        # The frame, with room for the labels around it, and neither the caption nor the prose.
        assert 0.1 * width < region.box.left < 0.25 * width - 15
        assert 0.75 * width <= region.box.right < 0.8 * width
        assert (1 - bottom - 0.2) * height - 25 < region.box.top < (1 - bottom - 0.2) * height - 8
        assert (1 - bottom) * height + 15 < region.box.bottom < (1 - bottom + 0.08) * height


def test_embedded_drawings_are_found_where_they_stand() -> None:
    import pypdfium2

    source = pypdfium2.PdfDocument(to_pdf(a_page(charts=1, captions=False)))
    target = pypdfium2.PdfDocument.new()
    page = target.new_page(500, 700)
    embedded = source.page_as_xobject(0, target).as_pageobject()
    embedded.set_matrix(pypdfium2.PdfMatrix().scale(0.5, 0.5).translate(100, 50))
    page.insert_obj(embedded)
    page.gen_content()
    out = io.BytesIO()
    target.save(out)
    (on_its_own, _), *_ = regions_of(to_pdf(a_page(charts=1, captions=False)))
    ((region, caption),) = regions_of(out.getvalue())
    assert caption is None
    # The margins for labels are in points of the page, whatever the drawing's scale.
    assert region.box.left == pytest.approx(100 + 0.5 * on_its_own.box.left, abs=8)
    assert region.box.right == pytest.approx(100 + 0.5 * on_its_own.box.right, abs=8)
    height = INCHES[1] * POINTS
    assert region.box.bottom == pytest.approx(700 - 50 - 0.5 * (height - on_its_own.box.bottom), abs=8)


def test_panels_of_one_figure_stay_together() -> None:
    canvas = Canvas(figsize=INCHES)
    for row in range(2):
        for column in range(2):
            draw_chart(canvas, (0.15 + 0.43 * column, 0.68 - 0.25 * row, 0.33, 0.16))
    assert len(regions_of(to_pdf(canvas))) == 1
    # Figures beside each other with captions of their own are two.
    canvas = Canvas(figsize=INCHES)
    for column in range(2):
        draw_chart(canvas, (0.15 + 0.43 * column, 0.6, 0.33, 0.2))
        canvas.text(0.1 + 0.43 * column, 0.5, f"Fig. {column + 1}. The loss falls.", fontsize=9)
    captions = [caption for _, caption in regions_of(to_pdf(canvas))]
    assert captions == ["Fig. 1. The loss falls.", "Fig. 2. The loss falls."]


def test_pages_without_charts_have_no_regions() -> None:
    table = Canvas(figsize=INCHES)
    for row in range(12):
        table.text(0.15, 0.8 - 0.03 * row, f"method {row}   0.{row}1   0.{row}2", fontsize=9)
        table.add_artist(_rule(0.12, 0.88, 0.815 - 0.03 * row))
    assert regions_of(to_pdf(a_page(charts=0), table), 0) == []
    assert regions_of(to_pdf(a_page(charts=0), table), 1) == []


def _rule(left: float, right: float, height: float) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([left, right], [height, height], linewidth=0.5, color="black")


def test_slanted_labels_stay_by_themselves() -> None:
    canvas = Canvas(figsize=(4, 3))
    axes = canvas.add_axes((0.2, 0.3, 0.7, 0.6))
    axes.plot(np.arange(4), np.arange(4.0))
    dates = [f"2023-0{k}-01" for k in range(1, 5)]
    axes.set_xticks(range(4), dates, rotation=30)
    with open_pdf(to_pdf(canvas), "paper.pdf") as document:
        lines = [line for line in read_lines(document[0]) if line.text.startswith("2023")]
    assert sorted(line.text for line in lines) == dates
    assert not any(line.plain for line in lines)


def test_a_chart_of_few_paths_is_found() -> None:
    # As pgfplots draws: all ticks are one path, and with frame and line there are three.
    ticks = [[(0.1, y), (0.12, y)] for y in np.linspace(0.1, 0.9, 5)] + [
        [(x, 0.1), (x, 0.12)] for x in (0.3, 0.6)
    ]
    parts = [
        ticks,
        [[(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]],
        [[(0.1, 0.8), (0.5, 0.3)]],
    ]
    canvas = Canvas(figsize=(4, 3))
    for part in parts:
        strokes = [Path2D(stroke) for stroke in part]
        canvas.add_artist(PathPatch(Path2D.make_compound_path(*strokes), fill=False))
    assert len(regions_of(to_pdf(canvas))) == 1


def test_a_drawing_is_read_with_its_place() -> None:
    content = to_pdf(a_page(charts=0), a_page(charts=1))
    (figure,) = chartscribe.digitize_paper(content, name="paper.pdf")
    source = figure.source
    assert (source.name, source.page, source.figure) == ("paper.pdf", 2, 1)
    assert source.caption == "Figure 1: The loss falls with every step."
    (panel,) = figure.panels
    (series,) = panel.series
    assert (panel.title, panel.x_axis.label, panel.y_axis.label) == ("Training", "Step", "Loss")
    # The numbers are those of the drawn strokes, not of the pixels that show them.
    np.testing.assert_allclose(series.x, X, atol=1e-4 * np.ptp(X))
    np.testing.assert_allclose(series.y, decay(), atol=1e-4)
    assert (series.y_sigma < 2e-4).all()
    document = figure.to_dict()
    assert document["source"]["box"].keys() == {"left", "top", "right", "bottom"}
    assert chartscribe.load_document(document).to_dict() == document
    assert chartscribe.digitize_paper(content, page=1) == []
    with pytest.raises(InputError, match="has no page 3; give one of 1 to 2"):
        chartscribe.digitize_paper(content, page=3)


def test_a_bare_line_has_all_its_vertices() -> None:
    x = np.arange(40)
    y = np.exp(np.random.default_rng(3).normal(0, 0.3, 40).cumsum())
    canvas = Canvas(figsize=(4, 3))
    axes = canvas.add_axes((0.2, 0.2, 0.7, 0.7))
    axes.plot(x, y)
    axes.set(xlabel="Step", yscale="log", xlim=(2.5, 36.5))
    (figure,) = chartscribe.digitize_paper(to_pdf(canvas))
    (panel,) = figure.panels
    (series,) = panel.series
    assert (panel.y_axis.scale, series.sampled_at) == ("log", "vertices")
    inside = slice(3, 37)
    # At the frame the line is cut: there it has points of its own.
    assert len(series.x) in (len(x[inside]), len(x[inside]) + 2)
    own = [int(np.argmin(np.abs(series.x - place))) for place in x[inside]]
    np.testing.assert_allclose(series.x[own], x[inside], atol=1e-3)
    np.testing.assert_allclose(series.y[own], y[inside], rtol=1e-3)


def a_picture() -> Image.Image:
    canvas = Canvas(figsize=(4, 3), dpi=100)
    draw_chart(canvas, (0.2, 0.2, 0.7, 0.65))
    out = io.BytesIO()
    canvas.savefig(out, format="png")
    return Image.open(out).convert("RGB")


def test_an_embedded_picture_is_read_in_its_own_pixels(
    tmp_path: Path, command: Callable[..., Result]
) -> None:
    path = tmp_path / "scan.pdf"
    a_picture().save(path, format="PDF", quality=95, resolution=150)
    assert command("digitize", path, "-o", tmp_path)[0] == 0
    assert {entry.name for entry in tmp_path.iterdir()} == {
        "scan.pdf",
        "scan.json",
        "scan.csv",
        "scan.overlay.png",
    }
    document = json.loads((tmp_path / "scan.json").read_text(encoding="utf-8"))
    assert (document["source"]["width"], document["source"]["height"]) == (400, 300)
    assert document["source"]["caption"] is None
    np.testing.assert_allclose(document["panels"][0]["series"][0]["y"], decay(), atol=0.01)


def test_the_command_chooses_figures(tmp_path: Path, command: Callable[..., Result]) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(to_pdf(a_page(charts=2)))
    status, out, err = command("digitize", path, "-o", "-")
    assert (status, out) == (2, "")
    assert f"has several figures; choose one ({path}#page=1 and --figure 1)" in err
    status, out, _ = command("digitize", f"{path}#page=1", "--figure", "2", "-o", "-")
    assert status == 0
    assert json.loads(out)["source"]["caption"].startswith("Figure 2")


def test_batch_reads_documents(tmp_path: Path, command: Callable[..., Result]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "paper.pdf").write_bytes(to_pdf(a_page(charts=0), a_page(charts=2)))
    (folder / "prose.pdf").write_bytes(to_pdf(a_page(charts=0)))
    (folder / "same.pdf").write_bytes((folder / "deep" / "paper.pdf").read_bytes())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nand no more")
    assert command("batch", folder, "-o", out, "-j1", "-q")[0] == 1
    inside = sorted(entry.name for entry in (out / "deep" / "paper.pdf").iterdir())
    assert inside == ["batch.json", "page-002-figure-1", "page-002-figure-2"]
    with open(out / "index.csv", encoding="utf-8", newline="") as file:
        index = [(r["input"], r["page"], r["figure"], r["panel"]) for r in csv.DictReader(file)]
    assert index == [
        ("deep/paper.pdf", "2", "1", "0"),
        ("deep/paper.pdf", "2", "2", "0"),
        ("prose.pdf", "", "1", ""),
        ("same.pdf", "2", "1", "0"),
        ("same.pdf", "2", "2", "0"),
    ]
    with open(out / "errors.csv", encoding="utf-8", newline="") as file:
        assert [row["input"] for row in csv.DictReader(file)] == ["broken.pdf"]
    assert "(3 kept)" in command("batch", folder, "-o", out, "-j1")[2]


def test_damaged_documents_are_repaired_or_told() -> None:
    content = to_pdf(a_page(charts=1))
    cut = content[: content.rindex(b"startxref")]
    assert len(regions_of(cut)) == 1
    picture = io.BytesIO()
    a_picture().save(picture, format="PDF")
    whole = picture.getvalue()
    for sound in (content, whole, b"junk\n" + content):
        assert not is_damaged(sound)
    lost = re.sub(rb"startxref\s+\d+", b"startxref\n7", whole)
    for damaged in (cut, content[:900] + content[950:], lost):
        assert is_damaged(damaged)
    (figure,) = chartscribe.digitize_paper(lost)
    assert [warning.code for warning in figure.warnings] == ["document-repaired"]
    with pytest.raises(InputError, match="is damaged: it begins like a PDF document"):
        regions_of(content[:200])
    locked = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(a)(a)]>>\n%%EOF"
    )
    with pytest.raises(InputError, match="is encrypted with a password; save it without one"):
        regions_of(locked)


def test_a_caption_goes_on_beyond_the_gap_after_its_number_and_ends_with_its_column() -> None:
    def line(text: str, left: float, right: float, top: float = 100.0) -> Line:
        return Line(text=text, box=Box(left=left, top=top, right=right, bottom=top + 9))

    lines = [
        line("Loss of three", 61, 110),
        line("optimisers,", 117, 160),
        line("Figure 1:", 20, 55),
        line("the next column", 171, 300),
        line("averaged.", 20, 60, 111),
    ]
    (caption,) = find_captions(sorted(lines, key=lambda one: (one.box.top, one.box.left)))
    assert caption.text == "Figure 1: Loss of three optimisers, averaged."
