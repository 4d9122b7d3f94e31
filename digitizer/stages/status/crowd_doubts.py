"""Measure how many of a line's markers may be misplaced where they lie on their neighbours."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import PanelEvidence, Trace
from digitizer.stages.status.tolerance_doubts import share_off, uneven_share

# Markers whose usual step is below this share of their size cover their neighbours: what stands out of such
# a heap is guessed, and no deviation tells so. Of 82 drawn lines of 150 such markers (steps of .39 to .56) 81
# said ok; 23 of these had more than one point in twenty off, or up to a fifth of all too many or too few.
CROWDED_STEP = 0.6
# A piece of ink that nothing explains and that has this share of a marker's size both ways is a marker that
# was not found; beside those lines twice as many points were off as there were pieces. More than one point in
# twenty is off by this count, or off its step, in all of the 24 wrong ones and four of the 58 others (of
# which 3 to 4 % were off).
PIECE_SHARE = 0.5
OFF_A_PIECE = 2.0
# Where steps are shorter than this share of a marker, each shows its rim alone, and twice as many are off as
# their deviations tell: of 20 drawn panels of 150 epochs (steps of .17) none was right, and six said ok.
CHAIN_STEP = 0.25
OFF_IN_CHAINS = 2.0


def crowd_off(evidence: PanelEvidence) -> float:
    """The largest share of a line's markers that may be misplaced; 0 where none lie on each other.

    Markers that stand off the line's even steps, that are missing where ink as large as a marker is left, or
    that show their rims alone.
    """
    return max((_off(evidence, trace) for trace in evidence.traces), default=0.0)


def _off(evidence: PanelEvidence, trace: Trace) -> float:
    x = np.sort(trace.x_px[np.isfinite(trace.y_px)])
    size = trace.marker_size_px
    is_line = trace.kind == "line" and trace.sampled_at == "markers" and trace.marker != "none"
    step = float(np.median(np.diff(x))) if x.size >= 3 else np.inf
    if not is_line or step >= CROWDED_STEP * size:
        return 0.0
    told = OFF_IN_CHAINS * share_off(trace, evidence.frame.box.height) if step < CHAIN_STEP * size else 0.0
    n_left = sum(
        min(box.width, box.height) > PIECE_SHARE * size
        and x[0] - size < box.left
        and box.right < x[-1] + size
        for box in evidence.redrawn.unexplained
    )
    return float(max(told, uneven_share(trace), OFF_A_PIECE * n_left / x.size))
