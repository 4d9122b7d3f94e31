"""The figure's title: its own, or one made of its panels' words."""

from __future__ import annotations

from digitizer.model import Figure, Panel
from interpret.findings.naming import y_label
from interpret.findings.sentence import join
from interpret.findings.structure import kind_noun

MOST_NAMED = 4


def figure_title(figure: Figure) -> str:
    """Return the figure's title, or "Line charts: A vs Step and B vs Step"."""
    if figure.title:
        return figure.title
    panels = figure.panels
    if not panels:
        return "Figure without a readable chart"
    nouns = {kind_noun(panel) for panel in panels}
    noun = next(iter(nouns)) if len(nouns) == 1 else "chart"
    plural = noun if len(panels) == 1 else f"{noun}s"
    named = list(dict.fromkeys(name for panel in panels if (name := _panel_title(panel))))
    if not named:
        return f"{plural.capitalize()}" if len(panels) == 1 else f"{len(panels)} {plural}"
    if len(named) > MOST_NAMED:
        named = [*named[: MOST_NAMED - 1], f"{len(named) - MOST_NAMED + 1} more"]
    return f"{plural.capitalize()}: {join(named)}"


def _panel_title(panel: Panel) -> str | None:
    if panel.title:
        return panel.title
    labels = list(dict.fromkeys(label for series in panel.series if (label := y_label(panel, series))))
    names = [series.name for series in panel.series if series.name]
    what = labels[0] if labels else panel.y_axis.label or (join(names) if 0 < len(names) <= 3 else None)
    x = panel.x_axis.label
    if what and x:
        return f"{what} vs {x}"
    return what
