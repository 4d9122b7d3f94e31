"""The table of warnings and its documentation."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from digitizer.model import Frame
from digitizer.notices import NOTICES, make_notice, notices_markdown

ROOT = Path(__file__).parent.parent


def test_templates_are_filled() -> None:
    box = Frame(left=1, top=2, right=3, bottom=4)
    notice = make_notice("axis-unread", axis="x", box=box)
    assert notice.message.startswith("The x axis ")
    assert (notice.code, notice.box) == ("axis-unread", box)
    with pytest.raises(KeyError):
        make_notice("axis-unread")
    with pytest.raises(KeyError):
        make_notice("no-such-code")


@pytest.mark.parametrize(("code", "template"), NOTICES.items())
def test_each_is_one_plain_sentence(code: str, template: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    assert template.endswith(".")
    assert "\n" not in template
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    assert all(name.isidentifier() for name in names)


def test_the_documentation_is_made_from_the_table() -> None:
    page = (ROOT / "docs" / "warnings.md").read_text(encoding="utf-8")
    assert page == notices_markdown(), "run: python -m digitizer.notices > docs/warnings.md"


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
