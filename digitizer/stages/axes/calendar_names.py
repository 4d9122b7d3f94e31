"""Months and weekdays in a row: one that was misread is told by those beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from digitizer.evidence import TextSpan

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# So many names, and this share of all, stand where the calendar has them, where the row is one of its own.
FEWEST, SHARE = 4, 0.7
# A misread one is as like to what stands there as this, or begins with it (another text runs into it).
ALIKE = 0.6


def with_calendar(labels: Sequence[TextSpan]) -> list[TextSpan]:
    """The labels of an axis, those misread among months or weekdays that follow each other set right.

    Parameters
    ----------
    labels
        Along the axis.
    """
    texts = [s.text.strip() for s in labels]
    for calendar in (MONTHS, DAYS):
        for short in (True, False):
            expected = _expected(texts, [name[:3] for name in calendar] if short else calendar)
            if expected is None:
                continue
            return [
                replace(s, text=name, words=()) if s.text != name and _is_misread(s.text, name) else s
                for s, name in zip(labels, expected, strict=True)
            ]
    return list(labels)


def _expected(texts: Sequence[str], calendar: Sequence[str]) -> list[str] | None:
    """What stands at each label's place where most are names of a calendar that follow each other."""
    n = len(calendar)
    for turn in (1, -1):
        known = [
            (turn * i, calendar.index(t.capitalize()))
            for i, t in enumerate(texts)
            if t.capitalize() in calendar
        ]
        firsts = Counter((place - i) % n for i, place in known)
        if not firsts:
            continue
        first, count = firsts.most_common(1)[0]
        if count >= max(FEWEST, SHARE * len(texts)):
            row = [calendar[(first + turn * i) % n] for i in range(len(texts))]
            return [name.upper() if all(map(str.isupper, texts)) else name for name in row]
    return None


def _is_misread(text: str, name: str) -> bool:
    """Whether a text is what is left of a name, with what another text adds to it, and no name itself."""
    told = any(full.startswith(text.strip().rstrip(".").capitalize()) for full in (*MONTHS, *DAYS))
    if (told and len(text) >= len(name)) or any(c.isdigit() or c.isspace() for c in text):
        return False
    return text.startswith(name) or SequenceMatcher(None, text.lower(), name.lower()).ratio() >= ALIKE
