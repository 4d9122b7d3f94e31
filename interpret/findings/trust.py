"""How far to believe what rests on a panel whose reading is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure, Panel
from interpret.findings.model import SeriesRef

# What a panel in doubt leaves of a claim's confidence where nothing better is known.
SUSPECT_FACTOR = 0.6
# Of panels that are right in everything this often causes are considered, with a word on the doubt.
TRUSTED = 0.7
# Doubts of small errors; a scale, a name or a whole series may be wrong under others.
SLIGHT = frozenset({"doubts-add-up", "points-unsure"})


def panel_trust(panel: Panel) -> float:
    """The factor on the confidence of what is read of a panel: 1 where its reading is not in doubt."""
    if panel.status == "ok":
        return 1.0
    confidence = panel.confidence or 0.0
    slight = panel.status == "suspect" and all(notice.code in SLIGHT for notice in panel.warnings)
    return confidence if slight and confidence >= TRUSTED else SUSPECT_FACTOR


def is_trusted(panel: Panel) -> bool:
    """Whether causes may be considered for what is read of a panel."""
    return panel_trust(panel) >= TRUSTED


def claim_trust(figure: Figure, series: Sequence[SeriesRef]) -> float:
    """The least trust among the panels of a claim's series."""
    return min((panel_trust(figure.panels[ref.panel]) for ref in series), default=1.0)
