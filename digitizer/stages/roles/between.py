"""Tell whose a text between two panels is: the upper one's axis label or the lower one's title."""

from __future__ import annotations

from digitizer.evidence import TextSpan

# How far a text stands from where it may belong, the panel's index, its role there and the text.
Claim = tuple[float, int, str, TextSpan]


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
