"""Recognise quantities in the words of axes, titles and legends."""

from __future__ import annotations

import re

from digitizer.model import Panel, Series
from interpret.knowledge.load import load_quantities

# "Loss" in a legend "Training loss" or "val_loss"; not "glossy", nor "return" in "returning".
BOUNDARY_LEFT = r"(?<![a-z0-9])"
BOUNDARY_RIGHT = r"(?![a-z0-9])"
VALIDATION = re.compile(r"(?<![a-z])(val|valid|validation|eval|evaluation|test|held-out|dev)(?![a-z])")
VALIDATION_OF = {"loss": "val_loss", "accuracy": "val_accuracy", "reward": "eval_score"}


def recognise(panel: Panel, series: Series) -> str | None:
    """Return the id of the quantity that a series shows, or None.

    A legend's name decides before the axis' label, which decides before the panel's title. A
    name that holds a role only ("validation") takes its quantity from the label.
    """
    axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
    role = " ".join(text for text in (series.name, axis.label, panel.title) if text).lower()
    for text in (series.name, axis.label, panel.title):
        found = match_quantity(text) if text else None
        if found is not None:
            validated = VALIDATION.search((series.name or "").lower()) or (
                len(panel.series) == 1 and VALIDATION.search(role)
            )
            return VALIDATION_OF.get(found, found) if validated else found
    return None


def match_quantity(text: str) -> str | None:
    """Return the quantity whose longest word occurs in a text (what stands before "vs" or "over")."""
    lowered = re.split(r"\s(?:vs\.?|versus|over|against)\s", text.lower())[0]
    best: tuple[int, str] | None = None
    for quantity in load_quantities()[0]:
        for word in quantity.words:
            pattern = BOUNDARY_LEFT + re.escape(word) + BOUNDARY_RIGHT
            if (best is None or len(word) > best[0]) and re.search(pattern, lowered):
                best = (len(word), quantity.id)
    return best[1] if best else None


def is_progress(panel: Panel) -> bool:
    """Whether x counts training progress."""
    label = (panel.x_axis.label or "").lower()
    bare = re.sub(r"[\(\[].*?[\)\]]", "", label).strip()
    return bare in load_quantities()[1]
