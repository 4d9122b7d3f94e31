"""Describe a figure: collect its findings and arrange them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from digitizer.model import SCHEMA_VERSION, Figure
from interpret.describe.alt_text import write_alt_text
from interpret.describe.arrange import Detail
from interpret.describe.html import write_html
from interpret.describe.markdown import write_markdown
from interpret.describe.title import figure_title
from interpret.findings.collect import collect_findings
from interpret.findings.model import Finding
from interpret.knowledge.model import Knowledge


@dataclass(frozen=True, kw_only=True, eq=False)
class Description:
    """A described figure: ``findings`` in order of their ids, ``title`` and ``alt_text``."""

    figure: Figure
    title: str
    alt_text: str
    findings: tuple[Finding, ...]

    def to_markdown(self, *, detail: Detail = "standard") -> str:
        """Return the description as Markdown, each claim followed by its ids in a comment.

        Parameters
        ----------
        detail : {"brief", "standard", "full"}
            How much is told; ``full`` holds every finding and tables of values.
        """
        return write_markdown(self.figure, self.title, self.findings, detail)

    def to_html(self, *, detail: Detail = "standard") -> str:
        """Return the description as one HTML page; hovering a sentence lights up what it is about."""
        return write_html(self.figure, self.title, self.alt_text, self.findings, detail)

    def to_dict(self) -> dict[str, Any]:
        """Return the findings document as plain Python values."""
        document = self.figure.to_dict()
        return {
            "schema_version": SCHEMA_VERSION,
            "source": document["source"],
            "title": self.title,
            "panels": [_digest(panel) for panel in document["panels"]],
            "alt_text": self.alt_text,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def describe_figure(figure: Figure, *, knowledge: Knowledge | None = None) -> Description:
    """Describe a figure in words, each claim with its evidence.

    Parameters
    ----------
    figure : Figure
        As digitized; anything from no panel at all to many.
    knowledge : Knowledge, optional
        Quantities and rules; by default those that come with the package.

    Returns
    -------
    Description
        The same for the same figure, byte for byte.
    """
    collection = collect_findings(figure, knowledge)
    title = figure_title(figure)
    return Description(
        figure=figure,
        title=title,
        alt_text=write_alt_text(figure, title, collection.findings),
        findings=collection.findings,
    )


def _digest(panel: dict[str, Any]) -> dict[str, Any]:
    """What was described of a panel: all but its points and pixels."""
    axes = {
        key: None
        if panel[key] is None
        else {"label": panel[key]["label"], "scale": panel[key]["scale"], "limits": panel[key]["limits"]}
        for key in ("x_axis", "y_axis", "y2_axis")
    }
    series = [
        {key: entry[key] for key in ("name", "kind", "color_name", "axis")} | {"n_points": len(entry["x"])}
        for entry in panel["series"]
    ]
    return {"title": panel["title"], "status": panel["status"], **axes, "series": series}
