"""Tell boxes around charts, such as a dashboard's cards, from the charts: labels stand inside them."""

from __future__ import annotations

from digitizer.stages.strokes.proposals import Proposal, intersection, shared_part

# A chart takes up more than this share of the card around it.
MIN_CARD_SHARE = 0.2
# ... and has room for its labels there.
MIN_CARD_MARGIN_PX = 12.0
# Lines from one side of a card to the other end at its sides to this many pixels.
CARD_SIDE_PX = 4.0


def holds_labels(p: Proposal, between: list[Proposal]) -> bool:
    """Whether a box holds charts between labels of their own: cards side by side share sides, like a grid."""
    apart: list[Proposal] = []
    for q in between:
        if leaves_margins(p, q) and all(shared_part(q.box, other.box) < 0.02 for other in apart):
            apart.append(q)
    return sum(q.area for q in apart) > MIN_CARD_SHARE * p.area


def leaves_margins(p: Proposal, chart: Proposal) -> bool:
    """Whether a chart lies in a box with room for its labels at the left and below."""
    return (
        chart.box.left - p.box.left > MIN_CARD_MARGIN_PX
        and p.box.bottom - chart.box.bottom > MIN_CARD_MARGIN_PX
        and intersection(p.box, chart.box) > 0.99 * chart.area
    )


def spans_card(p: Proposal, cards: list[Proposal]) -> bool:
    """Whether a rectangle without sides reaches from side to side of a card: the grid of the chart in it."""
    return not p.sides and any(
        max(abs(p.box.left - c.box.left), abs(p.box.right - c.box.right)) <= CARD_SIDE_PX
        or max(abs(p.box.top - c.box.top), abs(p.box.bottom - c.box.bottom)) <= CARD_SIDE_PX
        for c in cards
    )
