"""Tell titles and axis labels among the texts outside the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from digitizer.evidence import Box, LegendEntry, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.axes.panel_axes import PanelAxes, claimed_spans
from digitizer.stages.roles.above import below_top_labels, labels_above, without_arrow
from digitizer.stages.roles.between import drop_repeated_labels, drop_titles_below
from digitizer.stages.roles.further_lines import continues, grow_text
from digitizer.stages.roles.inside import labels_inside
from digitizer.stages.roles.texts import PanelTexts, Roles
from digitizer.stages.samples.beside import RING_ON_LINE

# A title or label is centred on its panel, or starts at its left edge, to within this share of the side.
CENTRING = 0.2
PICTURE_CENTRING = 0.02  # ... or on the picture (Plotly), to within this share of its width.
# A label may stand at its axis' far end (right, top), to so many of its heights, and as near the tick labels.
AT_END = 2.5
NEAR_END = 3.0
# A letter that stands alone is read at least so surely (an axis' x: 0.95, a ring read as an O: 0.58).
SURE_LETTER = 0.8
# A text of so many words that ends in a full stop is a sentence.
PROSE_WORDS = 6
# Farther above a panel than so many of its own heights (Plotly: 1.7) a text is no title.
PICTURE_REACH = 3.0
# A text above a panel starts left of it by at most this share of its width: at its labels' left edge (Vega).
STARTS_LEFT = 0.3
# A label that several panels share is centred on all of them to this share of their extent.
SHARED_CENTRING = 0.03
# A text this much farther (in its own heights) from a panel than the tick labels is not its label; what
# stands on end is hardly anything else (Observable Plot: 11).
MAX_AWAY = 6.0
MAX_AWAY_ON_END = 12.0


def assign_roles(
    axes: Sequence[PanelAxes],
    spans: Sequence[TextSpan],
    legends: Sequence[tuple[LegendEntry, ...]],
    width: int | None = None,
) -> Roles:
    """Assign titles and axis labels, nearest first; what several panels share belongs to each.

    Parameters
    ----------
    axes : sequence of PanelAxes
        Panels with their tick labels.
    spans : sequence of TextSpan
        All texts of the figure.
    legends : sequence of tuple of LegendEntry
        The legend of each panel; its texts are no titles.
    width : int, optional
        The picture's width (px): a title may be centred on the picture.
    """
    taken = claimed_spans(axes, spans) | {id(entry.text) for legend in legends for entry in legend}
    words = [s for s in spans if id(s) not in taken and _is_word(s)]
    free = [s for s in words if s.panel is None]
    if not axes:
        return Roles(axes=(), titles=(), title=None, rest=tuple(free))
    level = [s for s in free if abs(s.angle_deg) < 30]
    turned = [s for s in free if abs(s.angle_deg) > 60]
    texts = _nearest_first(axes, level, turned)
    texts = labels_above(axes, texts, level)
    texts = _title_of_picture(axes, texts, level, width)
    used: set[int] = set()
    title, texts = _figure_title(axes, texts, level)
    texts = _share(axes, below_top_labels(axes, texts, level), level, turned)
    texts = labels_inside(axes, texts, words)
    for t in texts:
        used |= {id(s) for s in (t.title, t.x_label, t.y_label, t.y2_label) if s is not None}
    if title is not None:
        used.add(id(title))
    rest = [s for s in (*level, *turned) if id(s) not in used]
    # A number beyond a panel's side that no tick has is no line of the label below it.
    numbers = [s for s in rest if _is_number(s) and _is_level_with_labels(axes, s)]
    texts, title, rest = _with_further_lines(texts, title, [s for s in rest if s not in numbers])
    rest += numbers
    return Roles(
        axes=tuple(_labelled(a, t) for a, t in zip(axes, texts, strict=True)),
        titles=tuple(t.title for t in texts),
        title=title,
        rest=tuple(rest),
    )


def _is_word(span: TextSpan) -> bool:
    """Whether something is written, not a marker or a corner of an axis that was read as a letter."""
    text = span.text.strip()
    if RING_ON_LINE.fullmatch(text):
        return False
    return len(text) > 1 or (bool(text) and span.confidence >= SURE_LETTER)


def _labelled(a: PanelAxes, t: PanelTexts) -> PanelAxes:
    return replace(
        a,
        x=None if a.x is None else replace(a.x, title=without_arrow(t.x_label)),
        y=None if a.y is None else replace(a.y, title=without_arrow(t.y_label)),
        y2=None if a.y2 is None else replace(a.y2, title=without_arrow(t.y2_label)),
    )


def _with_further_lines(
    texts: list[PanelTexts], title: TextSpan | None, rest: list[TextSpan]
) -> tuple[list[PanelTexts], TextSpan | None, list[TextSpan]]:
    """Join further lines to the texts they continue: same height, one under the other, centred."""
    whole: dict[int, TextSpan] = {}
    for t in texts:
        for span in (t.title, t.x_label, t.y_label, t.y2_label):
            if span is not None and id(span) not in whole:
                whole[id(span)], rest = grow_text(span, rest)
    if title is not None:
        title, rest = grow_text(title, rest)

    def full(span: TextSpan | None) -> TextSpan | None:
        return None if span is None else whole[id(span)]

    joined = [
        PanelTexts(
            title=full(t.title), x_label=full(t.x_label), y_label=full(t.y_label), y2_label=full(t.y2_label)
        )
        for t in texts
    ]
    return joined, title, rest


def _title_of_picture(
    axes: Sequence[PanelAxes], texts: list[PanelTexts], level: Sequence[TextSpan], width: int | None
) -> list[PanelTexts]:
    """Give a lone panel without a title the text above it that is centred on the picture."""
    if len(axes) != 1 or texts[0].title is not None or width is None:
        return texts
    top = min(_edge(axes[0], "top"), axes[0].frame.box.top)
    given = [s for s in (texts[0].y_label, texts[0].y2_label) if s is not None]
    above = [
        s
        for s in level
        if s.box.bottom < top <= s.box.bottom + PICTURE_REACH * s.box.height
        and all(s is not g for g in given)
        and abs(s.box.center[0] - (width - 1) / 2) <= PICTURE_CENTRING * width
    ]
    return [replace(texts[0], title=max(above, key=lambda s: s.box.bottom))] if above else texts


_ROLES = (("title", "top"), ("x_label", "bottom"), ("y_label", "left"), ("y2_label", "right"))


def _nearest_first(
    axes: Sequence[PanelAxes], level: Sequence[TextSpan], turned: Sequence[TextSpan]
) -> list[PanelTexts]:
    """Give each text to the panel and side it is nearest to; what stands between two panels has one owner."""
    claims: list[tuple[float, int, str, TextSpan]] = []
    for k, a in enumerate(axes):
        for role, side in _ROLES:
            for span in turned if side in ("left", "right") else level:
                away = _away(a, axes, span, side)
                if away is not None:
                    claims.append((away, k, role, span))
    claims = drop_titles_below(drop_repeated_labels(claims))
    # Powers of ten below a row of small digits (Plotly) are no label of their axis where words stand below.
    claims.sort(key=lambda c: (_is_bare(axes[c[1]], c[2]), c[2] == "x_label" and _is_number(c[3]), *c[:3]))
    given: list[dict[str, TextSpan]] = [{} for _ in axes]
    taken: set[int] = set()
    for _, k, role, span in claims:
        if id(span) in taken:
            continue
        free = _next_free(axes[k], given[k], role)
        if free is None:
            continue
        given[k][free] = span
        taken.add(id(span))
    return [PanelTexts(**{role: span for role, span in g.items() if role != "x2_label"}) for g in given]


def _is_number(span: TextSpan) -> bool:
    return parse_number(span.text) is not None


def _is_level_with_labels(axes: Sequence[PanelAxes], span: TextSpan) -> bool:
    """Whether a text stands in the row of the tick labels of an axis."""
    b = span.box
    level = (axis for a in axes for axis in a.of_its_own if axis.side in ("bottom", "top"))
    rows = (s.box for axis in level for s in axis.labels)
    return any(abs(r.center[1] - b.center[1]) < (r.height + b.height) / 4 for r in rows)


def _is_bare(a: PanelAxes, role: str) -> bool:
    """Whether a role is of a right side without an axis: a text there is rather the next panel's y label."""
    return role == "y2_label" and a.y2 is None and (a.y is None or a.y.side != "right")


def _next_free(a: PanelAxes, given: dict[str, TextSpan], role: str) -> str | None:
    """The role a text takes: an axis drawn on the top or the right has its label there, before any title."""
    order = [role]
    if role == "title":
        if a.x is not None and a.x.side == "top":
            order = ["x_label", "title"]
        elif a.x2 is not None:
            order = ["x2_label", "title"]
    elif role == "y2_label" and a.y is not None and a.y.side == "right":
        order = ["y_label"]
    return next((r for r in order if r not in given), None)


def _away(a: PanelAxes, axes: Sequence[PanelAxes], span: TextSpan, side: str) -> float | None:
    """How far (px) a text stands beyond the tick labels of a side; None where it cannot belong to it."""
    box, b = a.frame.box, span.box
    start = _edge(a, side)
    if side in ("top", "bottom"):
        away = start - b.bottom if side == "top" else b.top - start
        thick, middle, low, high = b.height, b.center[0], box.left, box.right
        starts = -STARTS_LEFT * box.width < b.left - box.left < 0.05 * box.width
        aligned = side == "top" and starts and b.right > box.left
        at_end = abs(b.right - box.right) <= AT_END * thick or b.left < box.right < b.right
        at_end &= side == "bottom" and not _is_prose(span.text)
    else:
        away = start - b.right if side == "left" else b.left - start
        thick, middle, low, high = b.width, b.center[1], box.top, box.bottom
        aligned, at_end = False, abs(b.top - box.top) <= AT_END * thick
    if side == "top" and b.left < box.left and _is_prose(span.text):
        return None
    off = abs(middle - (low + high) / 2) / (high - low)
    reach = MAX_AWAY if side in ("top", "bottom") else MAX_AWAY_ON_END
    if not -0.6 * thick <= away <= reach * thick + 4:
        return None
    centred = off <= CENTRING or aligned
    if not centred and not (at_end and away <= NEAR_END * thick):
        return None
    if side == "bottom" and _hides_labels(a, axes, span):
        return None
    if _blocked(a, axes, span, side):
        return None
    # What is centred goes before what stands at an end, however near.
    return max(away, 0.0) + (0.0 if centred else (MAX_AWAY + 1) * thick)


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence of the page around a chart."""
    return text.endswith(".") and len(text.split()) >= PROSE_WORDS


def _hides_labels(a: PanelAxes, axes: Sequence[PanelAxes], span: TextSpan) -> bool:
    """Whether a text below a panel without tick labels of its own heads the panel beneath."""
    if a.x is not None and not a.x.borrowed:
        return False
    box = a.frame.box
    return any(
        o.frame.box.top > span.box.center[1] and o.frame.box.left < box.right and o.frame.box.right > box.left
        for o in axes
    )


def _edge(a: PanelAxes, side: str) -> float:
    """Where the tick labels of a side end (the frame where there are none)."""
    box = a.frame.box
    edge = {"left": box.left, "right": box.right, "top": box.top, "bottom": box.bottom}[side]
    for evidence in a.of_its_own:
        if evidence.side != side:
            continue
        for span in evidence.labels:
            b = span.box
            candidate = {"left": b.left, "right": b.right, "top": b.top, "bottom": b.bottom}[side]
            edge = min(edge, candidate) if side in ("left", "top") else max(edge, candidate)
    return edge


def _blocked(a: PanelAxes, axes: Sequence[PanelAxes], span: TextSpan, side: str) -> bool:
    """Whether another panel lies between this panel and the text, or is nearer to it."""
    b, box = span.box, a.frame.box
    for other in axes:
        if other is a:
            continue
        o = other.frame.box
        if side in ("top", "bottom"):
            facing = min(o.right, box.right) > max(o.left, box.left)
            between = b.bottom <= o.top <= box.top if side == "top" else box.bottom <= o.bottom <= b.top
        else:
            facing = min(o.bottom, box.bottom) > max(o.top, box.top)
            between = b.right <= o.left <= box.left if side == "left" else box.right <= o.right <= b.left
        if facing and between:
            return True
    return False


def _figure_title(
    axes: Sequence[PanelAxes], texts: list[PanelTexts], level: Sequence[TextSpan]
) -> tuple[TextSpan | None, list[PanelTexts]]:
    """The title over all panels: above the top row and centred on the union of the panels."""
    union = reduce(Box.union, (a.frame.box for a in axes))
    top_row = [a.frame.box.top < union.top + 0.1 * union.height for a in axes]
    claimed = [t.title for t, top in zip(texts, top_row, strict=True) if top and t.title is not None]
    above = [s for s in level if s.box.bottom < union.top]
    if len(axes) == 1:
        own = texts[0].title
        higher = [s for s in above if own is not None and s is not own and s.box.bottom <= own.box.top + 2]
        higher = [s for s in higher if own is not None and not continues(s, own, turned=False)]
        higher = [s for s in higher if abs(s.box.center[0] - union.center[0]) < CENTRING * union.width]
        return (min(higher, key=lambda s: s.box.top) if higher else None), texts
    own_count = {id(s): sum(s is c for c in claimed) for s in above}
    candidates = []
    for span in above:
        middle = span.box.center[0]
        # A panel's title is centred on its panel; the figure's own where no panel is centred, or above them.
        centred = any(
            abs(middle - a.frame.box.center[0]) < 0.04 * a.frame.box.width + 3
            and a.frame.box.top < union.top + 5
            for a in axes
        )
        lower = any(c is not span and c.box.top > span.box.bottom - 2 for c in claimed)
        # Panels' titles stand on one line.
        is_own = own_count[id(span)] == 1 and any(
            c is not span and abs(c.box.center[1] - span.box.center[1]) < 0.5 * span.box.height
            for c in claimed
        )
        if (not (centred or is_own) or lower or own_count[id(span)] > 1) and abs(
            middle - union.center[0]
        ) < 0.25 * union.width:
            candidates.append(span)
    if not candidates:
        return None, texts
    title = min(candidates, key=lambda s: s.box.top)
    return title, [replace(t, title=None) if t.title is title else t for t in texts]


def _share(
    axes: Sequence[PanelAxes],
    texts: list[PanelTexts],
    level: Sequence[TextSpan],
    turned: Sequence[TextSpan],
) -> list[PanelTexts]:
    """Give panels without a label of their own the label they share: a donor's, or the whole figure's."""
    union = reduce(Box.union, (a.frame.box for a in axes))
    free_x, free_y = _not_own(axes, texts, level, union, "x"), _not_own(axes, texts, turned, union, "y")
    below, left = _centred(free_x, union, "bottom", axes), _centred(free_y, union, "left", axes)
    out: list[PanelTexts] = []
    for a, t in zip(axes, texts, strict=True):
        x_label, y_label = t.x_label, t.y_label
        if x_label is None:
            x_label = _donor_label(axes, texts, a, horizontal=True) or (below if len(axes) > 1 else None)
        if y_label is None:
            y_label = _donor_label(axes, texts, a, horizontal=False) or (left if len(axes) > 1 else None)
        out.append(replace(t, x_label=x_label, y_label=y_label))
    return out


def _not_own(
    axes: Sequence[PanelAxes], texts: Sequence[PanelTexts], spans: Sequence[TextSpan], union: Box, axis: str
) -> list[TextSpan]:
    """Texts that label no single panel; the only one of a row or column of panels labels them all."""
    labels = [t.x_label if axis == "x" else t.y_label for t in texts]
    given = [s for s in labels if s is not None]
    if len(axes) > 1 and len({id(s) for s in given}) == 1:
        middle, centre, size = given[0].box.center, union.center, (union.width, union.height)
        k = 0 if axis == "x" else 1
        edges = [a.frame.box.bottom if axis == "x" else a.frame.box.left for a in axes]
        outermost = max(edges) if axis == "x" else min(edges)
        beside = sum(abs(edge - outermost) < 0.05 * size[1 - k] for edge in edges)
        if beside > 1 and abs(middle[k] - centre[k]) <= SHARED_CENTRING * size[k]:
            given = []
    return [s for s in spans if all(s is not g for g in given)]


def _centred(spans: Sequence[TextSpan], union: Box, side: str, axes: Sequence[PanelAxes]) -> TextSpan | None:
    """A text outside the union of the panels and centred on it."""
    if side == "bottom":
        edge = max(_edge(a, "bottom") for a in axes)
        near = [s for s in spans if s.box.top > edge - 2 and s.box.top - edge < MAX_AWAY * s.box.height]
        near = [s for s in near if abs(s.box.center[0] - union.center[0]) < 0.1 * union.width]
        return min(near, key=lambda s: s.box.top) if near else None
    edge = min(_edge(a, "left") for a in axes)
    near = [s for s in spans if s.box.right < edge + 2 and edge - s.box.right < MAX_AWAY * s.box.width]
    near = [s for s in near if abs(s.box.center[1] - union.center[1]) < 0.1 * union.height]
    return max(near, key=lambda s: s.box.right) if near else None


def _donor_label(
    axes: Sequence[PanelAxes], texts: Sequence[PanelTexts], a: PanelAxes, *, horizontal: bool
) -> TextSpan | None:
    """The label of the panel that lent its tick labels."""
    evidence = a.x if horizontal else a.y
    if evidence is None or not evidence.borrowed:
        return None
    for other, t in zip(axes, texts, strict=True):
        lender = other.x if horizontal else other.y
        label = t.x_label if horizontal else t.y_label
        if (
            lender is not None
            and not lender.borrowed
            and lender.labels == evidence.labels
            and label is not None
        ):
            return label
    return None
