"""Tell whose a text between two panels is: the upper one's axis label or the lower one's title."""

from __future__ import annotations

from digitizer.evidence import TextSpan

# How far a text stands from where it may belong, the panel's index, its role there and the text.
Claim = tuple[float, int, str, TextSpan]
# Texts of one role stand alike far off their panels, to this share of their height (letters below the line
# take 0.3).
ALIKE = 0.35


def drop_repeated_labels(claims: list[Claim]) -> list[Claim]:
    """Leave out titles that are x labels elsewhere: the same words stand below a panel and above none."""
    titles = {id(span) for _, _, role, span in claims if role == "title"}
    below = {id(span) for _, _, role, span in claims if role == "x_label"}
    labels = {span.text for _, _, _, span in claims if id(span) in below - titles}
    return [
        claim
        for claim in claims
        if not (claim[2] == "title" and id(claim[3]) in below and claim[3].text in labels)
    ]


def drop_titles_below(claims: list[Claim]) -> list[Claim]:
    """Leave out x labels that are titles of the next panel: as far above it as titles above the first ones.

    Texts below the last panels are labels for certain, and those above the first ones titles: what stands
    between panels is as far off as the one or the other.
    """
    titles = {id(span): (away, span) for away, _, role, span in claims if role == "title"}
    labels = {id(span): (away, span) for away, _, role, span in claims if role == "x_label"}
    sure_titles = [away for key, (away, _) in titles.items() if key not in labels]
    sure_labels = [away for key, (away, _) in labels.items() if key not in titles]

    def heads(claim: Claim) -> bool:
        away, _, role, span = claim
        if role != "x_label" or id(span) not in titles:
            return False
        near = ALIKE * span.box.height
        above = titles[id(span)][0]
        return any(abs(above - t) <= near for t in sure_titles) and not any(
            abs(away - label) <= near for label in sure_labels
        )

    return [claim for claim in claims if not heads(claim)]
