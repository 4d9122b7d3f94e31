"""Recognise quantities in the words of axes, titles and legends."""

from __future__ import annotations

import re

from digitizer.model import Axis, Panel, Series
from interpret.knowledge.model import Knowledge

# "Loss" in a legend "Training loss" or "val_loss"; not "glossy", nor "return" in "returning".
BOUNDARY_LEFT = r"(?<![a-z0-9])"
BOUNDARY_RIGHT = r"(?![a-z0-9])"
VALIDATION = re.compile(r"(?<![a-z])(val|valid|validation|eval|evaluation|test|held-out|dev)(?![a-z])")
COUNTED = re.compile(
    r"(?:(?:number of|#) ?)?(?:training|train|global|gradient|optimizer|optimization|update|rl|sft) "
    r"(?:step|iteration|epoch|update|episode|batche?|token|sample)s?"
    r"|number of (?:step|iteration|epoch|episode)s"
)
VALIDATION_OF = {"loss": "val_loss", "accuracy": "val_accuracy", "reward": "eval_score"}


def recognise(panel: Panel, series: Series, knowledge: Knowledge) -> str | None:
    """Return the id of the quantity that a series shows, or None.

    A legend's name decides before the axis' label, which decides before the panel's title. A
    name that holds a role only ("validation") takes its quantity from the label.
    """
    axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
    role = " ".join(text for text in (series.name, axis.label, panel.title) if text).lower()
    for text in (series.name, axis.label, panel.title):
        found = match_quantity(text, knowledge) if text else None
        if found is not None:
            validated = VALIDATION.search((series.name or "").lower()) or (
                len(panel.series) == 1 and VALIDATION.search(role)
            )
            return VALIDATION_OF.get(found, found) if validated else found
    return None


def recognise_x(axis: Axis, knowledge: Knowledge) -> str | None:
    """Return the id of the quantity along x; of a time axis "time" where its label names no other."""
    found = match_quantity(axis.label, knowledge) if axis.label else None
    return found or ("time" if axis.scale == "date" else None)


def match_quantity(text: str, knowledge: Knowledge) -> str | None:
    """Return the quantity whose longest word occurs in a text (what stands before "vs" or "over")."""
    lowered = re.split(r"\s(?:vs\.?|versus|over|against)\s", text.lower())[0]
    best: tuple[int, str] | None = None
    for quantity in knowledge.quantities:
        for word in quantity.words:
            if (best is None or len(word) > best[0]) and word in lowered:
                pattern = BOUNDARY_LEFT + re.escape(word) + BOUNDARY_RIGHT
                if re.search(pattern, lowered):
                    best = (len(word), quantity.id)
    return best[1] if best else None


def is_progress(panel: Panel, knowledge: Knowledge) -> bool:
    """Whether x counts training progress ("Step", "training epochs", "train/global_step")."""
    label = (panel.x_axis.label or "").lower()
    bare = re.sub(r"[\(\[].*?[\)\]]", "", label).replace("_", " ").rsplit("/", 1)[-1].strip()
    return bare in knowledge.progress or COUNTED.fullmatch(bare) is not None
