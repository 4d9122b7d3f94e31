"""Check that every number in a sentence is in its finding's evidence, its x range or a label."""

from __future__ import annotations

import re

from digitizer.model import Figure
from interpret.findings.model import Finding

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?%?(?!\w)")
ISO_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:T[\d:.]+)?")
HALF = 0.5001


def labels_of(figure: Figure) -> list[str]:
    """All texts of a figure, the longest first."""
    texts: set[str] = set()
    for panel in figure.panels:
        for axis in (panel.x_axis, panel.y_axis, panel.y2_axis):
            if axis is not None:
                texts |= {axis.label or "", *(tick.text for tick in axis.ticks)}
        texts.add(panel.title or "")
        for series in panel.series:
            texts.add(series.name or "")
            if series.x.dtype.kind in "US":
                texts |= {str(value) for value in series.x}
    texts |= {text.lower() for text in texts}
    return sorted((text for text in texts if re.search(r"\d", text)), key=len, reverse=True)


def unbacked_numbers(finding: Finding, figure: Figure) -> list[str]:
    """Return the numbers of a sentence that nothing backs."""
    sentence = finding.sentence
    for label in labels_of(figure):
        if not re.fullmatch(r"[-+]?[\d.]+%?", label):
            sentence = sentence.replace(label, " ")
    sentence = ISO_DATE.sub(lambda m: " " if _has_date(finding, m.group()) else m.group(), sentence)
    allowed = [float(v) for v in finding.evidence.values() if not isinstance(v, str)]
    allowed += [float(v) for v in finding.x_range or () if not isinstance(v, str)]
    texts = {str(v) for v in finding.evidence.values() if isinstance(v, str)} | set(labels_of(figure))
    return [
        token
        for token in NUMBER.findall(sentence)
        if token not in texts and not any(_same(token, value) for value in allowed)
    ]


def _has_date(finding: Finding, text: str) -> bool:
    return text in [str(v) for v in (*finding.evidence.values(), *(finding.x_range or ()))]


def _same(token: str, value: float) -> bool:
    number = float(token.rstrip("%"))
    mantissa = token.rstrip("%").split("e")[0]
    decimals = len(mantissa.split(".")[1]) if "." in mantissa else 0
    exponent = int(token.rstrip("%").split("e")[1]) if "e" in token else 0
    last = 10.0 ** (exponent - decimals)
    candidates = [value, 100 * value] if token.endswith("%") else [value]
    return any(abs(number - candidate) <= HALF * last for candidate in candidates)
