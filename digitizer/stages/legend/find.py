"""Find legend entries: a text with a drawn sample of its series to the left or to the right of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, LegendEntry, Picture, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.axes.panel_axes import PanelAxes, claimed_spans
from digitizer.stages.legend.lone import has_text_ink, is_dash, is_no_name, is_stray
from digitizer.stages.legend.point_labels import serves, without_point_labels
from digitizer.stages.legend.samples_above import find_entries_above
from digitizer.stages.pixels.channels import largest
from digitizer.stages.samples.beside import Sample, find_sample, is_word

# Entries of one legend follow each other within so many text heights, downwards and sideways.
MAX_ROW_HEIGHTS = 4.0
MAX_COLUMN_HEIGHTS = 14.0
# Texts without tall letters (``sum``) are lower than others of their size by this factor.
LOW_TEXT = 1.4
# Texts whose left edges agree to this share of their height stand in one column of a legend.
ALIGNMENT = 0.6
# Middles of texts that are centred in one column agree to this share of their height: they are exact to the
# pixels that their boxes are rounded to.
CENTRED = 0.3
# Between two panels labels and legend stand below the upper one, a title alone above the lower one: the
# distance of a legend to the panel above it counts this share.
BELOW = 0.75
# ... and of panels up to so many times as far from a legend as the nearest, it belongs to the one that shows
# most of its colours, each in so many pixels within so many levels: a line of one colour has hundreds.
AS_NEAR, FEWEST_SHOWN, SHOWN_LEVELS = 2.0, 12, 24
# Letters of a word are at most this far apart (heights), and as tall as the rest; samples stand 0.5 before it
# and more.
LETTER_GAP = 0.3
LETTER_HEIGHT = 0.6
# No sample is so near (levels) to the ground of its panel; pale bands keep 10 and more.
SAME_GROUND = 3
# Where dotted grid lines cross, their pieces may be read as letters and those before them as a sample; both
# lie on grid lines to this (px).
ON_GRID_PX = 1.5


def find_legends(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan]
) -> tuple[tuple[LegendEntry, ...], ...]:
    """Find the legend of each panel; a legend outside all frames serves all panels without their own.

    Returns
    -------
    tuple of tuple of LegendEntry
        One tuple a panel, in reading order of the entries.
    """
    ticks = claimed_spans(axes, spans)
    free = [s for s in spans if id(s) not in ticks and abs(s.angle_deg) <= 20 and s.text.strip()]
    usual = float(np.median([s.box.height for s in free])) if free else 0.0
    found = _entries(picture, free, spans, usual, axes)
    for group in _groups(_entries(picture, free, spans, usual, axes, right=True)):
        # In a row each text but the first has a sample on its left, whichever side they belong to.
        rivals = [entry for entry in found if any(_share(entry, other) for other in group)]
        if len(group) > max(1, len(rivals)):
            found = [entry for entry in found if entry not in rivals] + list(group)
    found = without_point_labels(picture, [a.frame for a in axes], found)
    inside = [_largest(_groups([c for c in found if c.text.panel == k])) for k in range(len(axes))]
    inside = _without_dots(inside)
    tall = float(np.median([s.box.height for s in spans if abs(s.angle_deg) <= 20])) if found else 0.0
    inside = [() if len(c) == 1 and is_no_name(picture, c[0], tall) else c for c in inside]
    outside = _groups([c for c in found if c.text.panel is None])
    outside = [c for c in outside if len(c) > 1 or not is_stray(picture, c[0], tall)]
    outside = _join_spread(outside) if len(axes) == 1 else outside
    inside, outside = _across_sides(inside, outside)
    # A lone text with a speck before it is no second legend.
    outside = [group for group in outside if len(group) > 1] or outside
    sure = len(_largest(outside)) > 1
    inside = [() if outside and is_dash(picture, legend, sure=sure) else legend for legend in inside]
    if not found:
        above = find_entries_above(picture, [a.frame for a in axes], free, spans)
        outside = [above] if above else []
    shared: tuple[LegendEntry, ...] = ()
    if len(outside) > 1 and len(axes) > 1:
        for group in outside:
            nearest = _nearest_panel(picture, group, axes)
            if not inside[nearest]:
                inside[nearest] = group
    elif outside:
        shared = _largest(outside)
    elif sum(bool(legend) for legend in inside) == 1 and len(axes) > 1:
        # One legend drawn inside one of several panels serves all that draw what it lists.
        lent = next(legend for legend in inside if legend)
        served = [serves(picture, a.frame, lent) for a in axes]
        return tuple(legend or (lent if use else ()) for legend, use in zip(inside, served, strict=True))
    return tuple(legend if legend else shared for legend in inside)


def _entries(
    picture: Picture,
    texts: Sequence[TextSpan],
    spans: Sequence[TextSpan],
    usual: float,
    axes: Sequence[PanelAxes],
    *,
    right: bool = False,
) -> list[LegendEntry]:
    """The ``texts`` that have a sample beside them; ``usual`` is the height of the figure's letters (px).

    ``spans`` are all texts: none of them is a sample.
    """
    words = [s for s in spans if is_word(s)]
    found = _entries_among(picture, texts, words, usual, axes, right=right)
    # A marker may be read as a letter, and one on a line as 101: no words where others have their samples.
    sure = [s for s in words if not any(_at_sample(s.box, entry) for entry in found)]
    if len(sure) == len(words):
        return found
    more = {id(e.text): e for e in _entries_among(picture, texts, sure, usual, axes, right=right)}
    more |= {id(e.text): e for e in found}
    return [more[id(s)] for s in texts if id(s) in more]


def _at_sample(box: Box, entry: LegendEntry) -> bool:
    """Whether a text stands in the column of an entry's sample, a row or so from it."""
    swatch, height = entry.swatch, entry.text.box.height
    if swatch is None or abs(box.center[1] - swatch.center[1]) > MAX_ROW_HEIGHTS * height:
        return False
    return swatch.left - height <= box.left and box.right <= swatch.right + height


def _entries_among(
    picture: Picture,
    texts: Sequence[TextSpan],
    words: Sequence[TextSpan],
    usual: float,
    axes: Sequence[PanelAxes],
    *,
    right: bool,
) -> list[LegendEntry]:
    """The texts that have a sample beside them, none of which lies under ``words``."""
    found: list[LegendEntry] = []
    for span in texts:
        row = _row(span)
        height = max(row.height, min(usual, LOW_TEXT * row.height))
        others = [s.box for s in words if s is not span]
        sample = find_sample(picture, row, height, others, right=right)
        wide = _of_column(row, texts) if right else _of_centred_column(row, texts)
        if sample is None and wide != row:
            sample = find_sample(picture, wide, height, others, right=right)
        if sample is None or _is_grid(span, sample.box, axes) or _is_value(span, sample.box, axes):
            continue
        if _are_letters(picture, span, sample) or _is_ground(span, sample, axes):
            continue
        look = sample.swatch
        found.append(
            LegendEntry(
                text=span,
                swatch=sample.box,
                color=look.color,
                line_style=look.line_style,
                marker=look.marker,
            )
        )
    return found


def _row(span: TextSpan) -> Box:
    """What of a text its sample stands beside: all of it, or some of several lines."""
    return span.sample_row or span.box


def _are_letters(picture: Picture, span: TextSpan, sample: Sample) -> bool:
    """Whether a sample is the unread beginning of its text's word: as tall, as near as letters, as dark."""
    box, height = sample.box, span.box.height
    gap = max(span.box.left - box.right, box.left - span.box.right)
    if not span.text[:1].islower() or gap > LETTER_GAP * height or box.height < LETTER_HEIGHT * height:
        return False
    return has_text_ink(picture, span, sample.swatch.color)


def _of_column(box: Box, texts: Sequence[TextSpan]) -> Box:
    """A text's box, as wide as the widest of those that begin with it above and below."""
    mates = [
        s.box
        for s in texts
        if abs(s.box.left - box.left) <= ALIGNMENT * box.height
        and abs(s.box.center[1] - box.center[1]) <= MAX_COLUMN_HEIGHTS * box.height
    ]
    return replace(box, right=max((b.right for b in mates), default=box.right))


def _of_centred_column(box: Box, texts: Sequence[TextSpan]) -> Box:
    """A text's box, as wide as the widest of those near above and below with their middles above its own.

    Texts that are centred in their column (pgfplots) stand as far from their samples as they are short.
    """
    lefts = [
        s.box.left
        for s in texts
        if abs(s.box.center[0] - box.center[0]) <= CENTRED * box.height
        and abs(s.box.center[1] - box.center[1]) <= MAX_COLUMN_HEIGHTS * box.height
    ]
    return replace(box, left=min(lefts, default=box.left))


def _across_sides(
    inside: Sequence[tuple[LegendEntry, ...]], outside: Sequence[tuple[LegendEntry, ...]]
) -> tuple[list[tuple[LegendEntry, ...]], list[tuple[LegendEntry, ...]]]:
    """Join the parts of legends that lie across a panel's side: rows of one column, some within the panel."""
    whole, rest = list(inside), list(outside)
    for k, legend in enumerate(whole):
        for group in [g for g in rest if legend and any(_in_column(a, b) for a in g for b in legend)]:
            legend = tuple(sorted((*legend, *group), key=lambda e: (e.text.box.center[1], e.text.box.left)))
            rest.remove(group)
        whole[k] = legend
    return whole, rest


def _share(one: LegendEntry, other: LegendEntry) -> bool:
    """Whether two entries have a text or a sample in common."""
    if one.text is other.text:
        return True
    return one.swatch is not None and other.swatch is not None and one.swatch.overlaps(other.swatch)


def _without_dots(inside: Sequence[tuple[LegendEntry, ...]]) -> list[tuple[LegendEntry, ...]]:
    """Drop lone dots before a text in colours that another panel's whole legend names: a series' own dots."""
    listed = {e.color for legend in inside if len(legend) > 1 for e in legend}
    return [
        () if len(legend) == 1 and legend[0].line_style == "none" and legend[0].color in listed else legend
        for legend in inside
    ]


def _is_grid(span: TextSpan, sample: Box, axes: Sequence[PanelAxes]) -> bool:
    """Whether a text stands where two grid lines of its panel cross, and its sample on one of them."""
    if span.panel is None:
        return False
    frame, (x, y) = axes[span.panel].frame, span.box.center
    on_level = np.abs(np.asarray(frame.grid_y)[:, None] - [y, sample.center[1]]) <= ON_GRID_PX
    on_upright = np.abs(np.asarray(frame.grid_x) - x) <= ON_GRID_PX
    return bool(np.any(on_level.all(axis=1)) and np.any(on_upright))


def _is_ground(span: TextSpan, sample: Sample, axes: Sequence[PanelAxes]) -> bool:
    """Whether what stands before a text has its panel's ground's colour: what a bar's end leaves of it."""
    if span.panel is None:
        return False
    ground = np.asarray(axes[span.panel].frame.background, dtype=np.int16)
    return bool(np.abs(ground - np.asarray(sample.swatch.color)).max() <= SAME_GROUND)


def _is_value(span: TextSpan, sample: Box, axes: Sequence[PanelAxes]) -> bool:
    """Whether a text beside a panel is a number at the end of a series: its last value, and no name."""
    if span.panel is not None or parse_number(span.text) is None:
        return False
    return any(a.frame.box.contains(*sample.center) for a in axes)


def _largest(groups: Sequence[tuple[LegendEntry, ...]]) -> tuple[LegendEntry, ...]:
    return max(groups, key=len, default=())


def _nearest_panel(picture: Picture, group: tuple[LegendEntry, ...], axes: Sequence[PanelAxes]) -> int:
    """The panel whose frame is nearest to a legend's middle, or nearly so and shows more of its colours."""
    x = float(np.mean([e.text.box.center[0] for e in group]))
    y = float(np.mean([e.text.box.center[1] for e in group]))
    boxes = [a.frame.box for a in axes]
    away = [max(b.left - x, 0.0, x - b.right) + max(b.top - y, 0.0, BELOW * (y - b.bottom)) for b in boxes]
    rivals = [k for k, far in enumerate(away) if far <= AS_NEAR * min(away)]
    if len(rivals) < 2:
        return int(np.argmin(away))
    return min(rivals, key=lambda k: (-sum(_shows(picture, boxes[k], e) for e in group), away[k]))


def _shows(picture: Picture, box: Box, entry: LegendEntry) -> bool:
    """Whether a panel has ink in an entry's colour."""
    if entry.color is None:
        return False
    part = picture.rgb[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1]
    off = largest(np.abs(part.astype(np.int16) - np.asarray(entry.color, dtype=np.int16)))
    return int(np.count_nonzero(off <= SHOWN_LEVELS)) >= FEWEST_SHOWN


def _groups(candidates: list[LegendEntry]) -> list[tuple[LegendEntry, ...]]:
    """Group candidates that stand in a common column or row, near each other, with samples alike."""
    groups: list[tuple[LegendEntry, ...]] = []
    left = list(candidates)
    while left:
        group = [left.pop(0)]
        for member in group:  # grows while it is walked: what stands with any member belongs
            near = [c for c in left if _together(member, c)]
            group += near
            left = [c for c in left if c not in near]
        group.sort(key=lambda c: (round(_row(c.text).top / 4), c.text.box.left))
        groups.append(tuple(group))
    return groups


def _together(a: LegendEntry, b: LegendEntry) -> bool:
    """Whether two entries have samples alike: same distance to the text and same column or row."""
    return any(_row_and_column(a, b))


def _join_spread(groups: Sequence[tuple[LegendEntry, ...]]) -> list[tuple[LegendEntry, ...]]:
    """Join what stands in one row of a lone panel's legend, which may be spread over its width (Qwt)."""
    joined: list[tuple[LegendEntry, ...]] = []
    for group in groups:
        mates = [g for g in joined if any(_row_and_column(a, b, np.inf)[0] for a in g for b in group)]
        rest = [g for g in joined if g not in mates]
        whole = sorted((e for g in (*mates, group) for e in g), key=lambda e: e.text.box.left)
        joined = [*rest, tuple(whole) if mates else group]
    return joined


def _in_column(a: LegendEntry, b: LegendEntry) -> bool:
    """Whether two entries are near rows of one column: texts and samples each above each other."""
    return _row_and_column(a, b)[1]


def _row_and_column(a: LegendEntry, b: LegendEntry, reach: float = MAX_COLUMN_HEIGHTS) -> tuple[bool, bool]:
    """Whether two entries stand in one row, each sample as far from its text, and whether in one column.

    Texts in a row are at most ``reach`` of their heights apart.
    """
    ta, tb = _row(a.text), _row(b.text)
    height = max(4.0, min(ta.height, tb.height))
    if a.swatch is None or b.swatch is None:
        return False, False
    xa, xb = a.swatch.center[0], b.swatch.center[0]
    right = xa > ta.center[0]
    if right != (xb > tb.center[0]):
        return False, False
    away = abs(ta.center[1] - tb.center[1])
    if a.text.sample_row or b.text.sample_row:
        # Names of one line and of two begin in one row, or their samples stand in it (Plotly).
        away = min(away, abs(a.text.box.top - b.text.box.top))
    gap_a, gap_b = (xa - ta.right, xb - tb.right) if right else (ta.left - xa, tb.left - xb)
    apart_x = max(ta.left, tb.left) - min(ta.right, tb.right)
    beside = abs(gap_a - gap_b) <= ALIGNMENT * height + 2 and apart_x <= reach * height
    # Texts begin with each other, pgfplots centres them in their column; right of samples they end alike.
    edges = min(abs(ta.left - tb.left), abs(ta.center[0] - tb.center[0]))
    edges = min(edges, abs(ta.right - tb.right)) if right else edges
    level = abs(xa - xb) <= ALIGNMENT * height + 2 and edges <= ALIGNMENT * height
    # Rows are as far apart as their tallest letters ask for: "ours" has none.
    return beside and away <= 0.5 * height, level and away <= MAX_ROW_HEIGHTS * max(
        a.text.box.height, b.text.box.height
    )
