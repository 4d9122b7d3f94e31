"""Join the lines of one text."""

from __future__ import annotations

from dataclasses import replace

from digitizer.evidence import TextSpan

# Lines of one text follow each other at most this many line heights apart (edge to edge).
LINE_GAP = 0.9


def grow_text(span: TextSpan, rest: list[TextSpan]) -> tuple[TextSpan, list[TextSpan]]:
    """Join the lines of ``rest`` that go on a text above or below it; returns it and what is left."""
    turned = abs(span.angle_deg) > 60
    while True:
        line = next(
            (s for s in rest if continues(span, s, turned=turned) or continues(s, span, turned=turned)),
            None,
        )
        if line is None:
            return span, rest
        before = line.box.left < span.box.left if turned else line.box.top < span.box.top
        # Text that reads downwards (270 degrees) has its first line on the right.
        first, second = (line, span) if before == (span.angle_deg < 180) else (span, line)
        span = replace(
            span,
            text=f"{first.text} {second.text}",
            box=first.box.union(second.box),
            confidence=min(first.confidence, second.confidence),
        )
        rest = [s for s in rest if s is not line]


def continues(above: TextSpan, below: TextSpan, *, turned: bool) -> bool:
    """Whether one line is the next of another: as high, right below (right of it where turned), centred."""
    a, b = above.box, below.box
    if turned:
        height, gap = b.width, b.left - a.right
        centred = abs(a.center[1] - b.center[1]) < 0.06 * max(a.height, b.height) + 2
        similar = 0.6 < b.width / a.width < 1.7
    else:
        height, gap = b.height, b.top - a.bottom
        centred = abs(a.center[0] - b.center[0]) < 0.06 * max(a.width, b.width) + 2
        similar = b.height / a.height < 1.5
    return centred and similar and -0.3 * height < gap < LINE_GAP * height
