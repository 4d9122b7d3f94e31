"""Claims about the distance between two lines of one panel: who stays above, and does it change."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.coupling import align
from interpret.analyses.noise import measure_noises
from interpret.analyses.trend import measure_trend
from interpret.findings.model import Finding
from interpret.findings.naming import capital, shorter
from interpret.findings.panels import find_smoothing
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

MOST_COMPARED = 4
FEWEST = 12
# "Throughout": above at this share of the positions, in the mean by so many noise units of the difference.
THROUGHOUT = 0.97
LEAST_UNITS = 2.0
FIRM_P = 0.005
# A gap widens or narrows where it changes by this share of the panel's range and of the larger gap.
LEAST_SHARE = 0.05
LEAST_CHANGE = 0.4
# So small a share does where it is so many errors of the reading: two losses that first fall from high up.
LEAST_SEEN = 0.02
LEAST_ERRORS = 12.0
# A line no further below another than by so many errors of the reading, or this share of the range, meets it.
MET_ERRORS = 2.0
MET_SHARE = 0.005


def gap_findings(studies: list[Study]) -> list[Finding]:
    """Who lies above whom throughout, and which gaps widen or narrow."""
    lines = [s for s in studies if s.trend is not None]
    findings: list[Finding] = []
    for axis in ("y", "y2"):
        same = [s for s in lines if s.source.axis == axis]
        if 2 <= len(same) <= MOST_COMPARED:
            for a, b in combinations(same, 2):
                findings += _pair(a, b)
    return _without_shortcuts(findings)


def _without_shortcuts(findings: list[Finding]) -> list[Finding]:
    """Of A above B, B above C and A above C the last is clear from the others."""
    above = {f.series for f in findings if f.kind == "order"}
    return [
        f
        for f in findings
        if f.kind != "order"
        or not any((f.series[0], ref) in above and (ref, f.series[1]) in above for _, ref in above)
    ]


def _pair(a: Study, b: Study) -> list[Finding]:
    aligned = align(a.column.x, a.column.y, b.column.x, b.column.y)
    if aligned is None or len(aligned[0]) < FEWEST:
        return []
    x, ya, yb = aligned
    if find_smoothing(a, b) is not None or find_smoothing(b, a) is not None:
        return []
    if float(np.mean(ya - yb)) < 0:
        a, b, ya, yb = b, a, yb, ya
    found = [_order(a, b, ya - yb), _gap(a, b, x, ya - yb)]
    return [finding for finding in found if finding is not None]


def _order(above: Study, below: Study, difference: FloatArray) -> Finding | None:
    share = float(np.mean(difference > 0))
    sd = float(np.hypot(above.noise.sd, below.noise.sd))
    if share < THROUGHOUT or float(np.mean(difference)) < LEAST_UNITS * sd:
        return None
    evidence = Evidence(above)
    evidence.note("share_above", share)
    middle = float(np.median(difference))
    if above.log_y:
        gap = f"a factor of {evidence.factor('median_ratio', middle)}"
    else:
        gap = evidence.y("median_gap", middle)
    extent = "throughout" if share == 1 else "nearly throughout"
    first = shorter(above.name.subject, below.name.subject)
    sentence = f"{capital(first)} lies above {below.name.subject} {extent}, by {gap} in the median."
    return Finding(
        kind="order",
        level=3,
        sentence=sentence,
        panel=above.ref.panel,
        series=(above.ref, below.ref),
        x_range=x_range(above, 0, above.n - 1),
        direction="up",
        evidence=evidence.values,
        confidence=0.95,
        salience=4.5,
        role="observation",
    )


def _gap(a: Study, b: Study, x: FloatArray, difference: FloatArray) -> Finding | None:
    """Whether the distance of two lines that keep their order, or meet, grows or shrinks."""
    error = float(np.hypot(np.median(a.column.sigma), np.median(b.column.sigma)))
    met = max(MET_ERRORS * error, 0 if a.log_y else MET_SHARE * max(a.range, b.range))
    if float(np.mean(difference > -met)) < THROUGHOUT:
        return None
    sigma = np.full(len(x), error)
    (noise,) = measure_noises(x, difference, sigma, [5.0])
    trend = measure_trend(x, difference, noise)
    total = max(a.range, b.range)
    larger = max(abs(trend.start), abs(trend.end))
    least = max(LEAST_SEEN * total, min(LEAST_SHARE * total, LEAST_ERRORS * error), LEAST_CHANGE * larger)
    if trend.p > FIRM_P or abs(trend.change) < least:
        return None
    if trend.change * trend.slope_z <= 0 or min(trend.start, trend.end) < -met:
        return None
    evidence = Evidence(a)
    first, last = a.position(0), a.position(a.n - 1)
    verb = "widens" if trend.change > 0 else "narrows"
    span = a.x_word.span(evidence.position("x_from", first), evidence.position("x_to", last))
    first_name = shorter(a.name.subject, b.name.subject)
    if a.log_y:
        verb = "grows" if trend.change > 0 else "shrinks"
        start, end = evidence.factor("ratio_from", trend.start), evidence.factor("ratio_to", trend.end)
        what = f"The ratio of {first_name} to {b.name.subject}"
    else:
        start, end = evidence.y("from", max(0.0, trend.start)), evidence.y("to", max(0.0, trend.end))
        what = f"The gap between {first_name} and {b.name.subject}"
    sentence = (
        f"{what} {verb} from {start} to {end} over {span} "
        f"(medians of the first and last {evidence.count('n_median', trend.n_ends)} points)."
    )
    return Finding(
        kind="gap",
        level=3,
        sentence=sentence,
        panel=a.ref.panel,
        series=(a.ref, b.ref),
        x_range=(first, last),
        direction="up" if trend.change > 0 else "down",
        evidence=evidence.values,
        confidence=0.95,
        p=trend.p,
        salience=5.5,
        role="observation",
    )
