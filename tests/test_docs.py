"""The docs: what they tell to paste works, and what they link to is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# Each starts with a command; in this order, since later ones find what earlier ones wrote.
PAGES = (
    "reading-figures",
    "figure-document",
    "status",
    "papers",
    "comparing",
    "checking-texts",
    "batch",
    "querying",
)
FIRST_LINES = 12


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the checkout, to be written into."""
    folder = tmp_path_factory.mktemp("docs")
    for name in ("docs", "fixtures"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "bin").mkdir()
    for name, module in (("chartscribe", "-m chartscribe"), ("python", "")):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        script.chmod(0o755)
    return folder


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def paste(checkout: Path, command: list[str]) -> str:
    path = f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_starts_with_a_command_that_works(page: str, checkout: Path) -> None:
    head = (DOCS / f"{page}.md").read_text(encoding="utf-8").splitlines()[:FIRST_LINES]
    assert "```sh" in head
    # What `batch` has read is kept when the next page asks for the same.
    said = paste(checkout, ["bash", "-euo", "pipefail", "-c", blocks(page, "sh")[0]])
    assert (checkout / "out").is_dir() or said


@pytest.mark.parametrize("page", ["reading-figures", "querying"])
def test_its_python_works_too(page: str, checkout: Path) -> None:
    if page == "querying" and not (checkout / "out" / "all.parquet").exists():
        paste(checkout, ["bash", "-c", "chartscribe batch fixtures/drawn -o out"])
    for block in blocks(page, "python"):
        if "import duckdb" not in block or _is_installed("duckdb"):
            assert paste(checkout, [sys.executable, "-c", block]).strip()


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_page_can_be_found_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert f"docs/{page.name}" in readme


def _is_installed(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None
