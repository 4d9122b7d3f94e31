"""From what a recogniser read to what is printed: spaces, points, signs, and usual confusions.

The recogniser sees shapes; the picture knows where ink is. A text is changed only where the
glyphs in the picture say so, or where a character cannot stand in a number.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import numpy as np

from digitizer.medians import median
from digitizer.ocr.protocol import Reading
from digitizer.stages.text.boxes import Boxes
from digitizer.stages.text.ink import FloatArray
from digitizer.stages.text.snippets import Letters

# A gap of this share of the letters' height is a space: gaps within words stay below 0.33 (of
# 6 px letters), spaces begin at 0.45 (Arial).
SPACE_GAP = 0.40
# Gaps about a dash are spaces where each is so wide and both are so on average (0.44 and 0.5 as drawn in 8 px
# letters; in dates in DejaVu Sans Mono 0.25).
LEAST_DASH_GAP, DASH_GAP = 0.35, 0.42
# Digits of one number differ in height by at most this (old-style figures apart), plus a pixel.
UNEVEN = 0.15
# Letters of a typewriter's font stand at even steps to this share of them (0.15 in DejaVu Sans Mono; those of
# other fonts 0.2 to 0.5), and so many steps tell.
OFF_PITCH, MIN_STEPS = 0.16, 4
# Between two tick labels; the space between thousands (1 000) is 0.25 to 0.5.
NUMBER_GAP = 0.55
# Texts changed from the picture's evidence cannot be more certain than this.
REPAIRED = 0.9
# Texts that the picture contradicts.
DOUBTFUL = 0.5
# Letters whose capital has the same shape, and those that give the height of capitals and of low
# letters (0.70 to 0.78 of it in common fonts). Below 8 px rounding hides the difference.
SAME_SHAPE = frozenset("cosuvwxz")
SURELY_TALL = frozenset("bdfhklABDEFGHKLMNPRTY23456789")
SURELY_LOW = frozenset("aemnr")
LEAST_CASE_HEIGHT_PX = 6
# Capitals are 1.33 times as high as low letters (DejaVu), 0.96 of ascenders (as little as 0.83 rounded);
# low letters reach 0.75 of capitals and 0.72 of ascenders.
ABOVE_LOW = 1.14
BELOW_CAPITAL = 0.89
BELOW_ASCENDER = 0.79
# Where capitals tell, a letter so much (px) lower than they may be is one that was rounded down (in capitals
# of 9 px the S has 8), and what was read stands.
ROUNDED_PX = 1.0
MINUS = str.maketrans({"−": "-", "⁻": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-"})
RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
LOWERED_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
NUMBER_LIKE = re.compile(r"^[-+–—±$€£¥]?\s*[\d.,' ]*\d[\d.,' ]*(?:[eE][-+]?\d+)?\s*(?:[%kKMBGTµμmn°]|‰)?$")
# A nought at a number's end (1050 in a browser's Arial of 8 px) is read as a bracket, which nothing closes.
LOST_ROUND = re.compile(r"^([-+]?\d[\d.,]*)\($")
# In most fonts I and l look alike: before a vowel that no word has after I, in the learning rate, in losses
# and logarithms it is an l.
ELL_NOT_CAPITAL = re.compile(r"\bI(?=[aeuy][a-z])|\bI(?=r\b)|\bI(?=o(?:ss|g)(?:es)?\b)")
# After a low letter and before its own low form a capital is low too (LoSs).
TWIN_NOT_CAPITAL = re.compile(r"(?<=[a-z])(?:Ss|Oo|Cc|Zz)")
# Not Q or D: quarters (Q1) are common labels.
DIGIT_TWINS = str.maketrans("OolI|", "00111")


def contradicts(text: str, letters: Letters) -> bool:
    """Whether a number has more or fewer digits than the picture has glyphs, all of them apart."""
    if not is_number_like(text):
        return False
    boxes, height = letters.boxes, letters.height
    bodies = boxes.height >= 0.6 * height
    if (boxes.width[bodies] > 0.95 * height).any() or any(c in text for c in "%‰µμ°"):
        return False
    return int(bodies.sum()) != sum(c.isalnum() or c in "$€£¥" for c in text)


def settle_text(reading: Reading, letters: Letters) -> tuple[str, float]:
    """The text of a reading, checked against the glyphs of its crop, and how sure it is."""
    text, confidence = reading.text, reading.confidence
    positions = list(reading.positions)
    if contradicts(normalise(text), letters):
        other = normalise(reading.alternative or "")
        if is_number_like(other) and not contradicts(other, letters):
            text, confidence, positions = other, min(confidence, REPAIRED), []
        else:
            confidence = min(confidence, DOUBTFUL)
    if len(positions) == len(text) and text:
        text, positions = _space_dashes(*_put_spaces(text, positions, letters), letters)
    text = normalise(text)
    text, positions = _settle_case(text, positions, letters)
    text = TWIN_NOT_CAPITAL.sub(lambda match: match[0].lower(), text)
    if is_number_like(text):
        return _check_number(text, confidence, positions if len(positions) == len(text) else [], letters)
    return text, confidence


def is_number_like(text: str) -> bool:
    """Whether a text is one number, perhaps with a sign, a currency, an exponent or a suffix."""
    return NUMBER_LIKE.match(text) is not None


def normalise(text: str) -> str:
    """One spelling for signs and scripts; digits for what looks like one inside a number."""
    text = " ".join(_spell_scripts(text).translate(MINUS).split())
    if re.fullmatch(r"[—–]\s?[\d.,]+\S*", text):
        text = "-" + text[1:].lstrip()
    text = re.sub(r"°?\s?℃", "°C", text)  # one sign for both, and its ring read once more
    text = re.sub(r"^[lI|](?=[eE][-+]?\d+$)", "1", text)
    text = re.sub(r"(?<=\d)(?:lz|lc|1z|1c|k\))$", "k", text)
    text = LOST_ROUND.sub(r"\g<1>0", text)
    if text.count("|") == 1:
        # A bar at a word's end is a letter; two are an absolute value, one between letters a condition.
        text = re.sub(r"(?:(?<=^)|(?<=\s))\|(?=[a-z])|(?<=[a-z])\|(?=\s|$)", "l", text)
    text = ELL_NOT_CAPITAL.sub("l", text)
    twins = text.translate(DIGIT_TWINS)
    n_digits = sum(c.isdigit() for c in text)
    if twins != text and is_number_like(twins) and n_digits and not re.match(r"[-+]?0\d", twins):
        text = twins
    if is_number_like(text):
        text = re.sub(r"(?<=[\d.,]) (?=[.,]\d)|(?<=[.,]) (?=\d)|(?<=^[-+]) (?=\d)", "", text)
    return unicodedata.normalize("NFC", text)


def _spell_scripts(text: str) -> str:
    """Raised and lowered digits as ``^2`` and ``_2``."""
    text = re.sub(r"\^?[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: "^" + m.group().lstrip("^").translate(RAISED_DIGITS), text)
    text = re.sub(r"[₀₁₂₃₄₅₆₇₈₉]+", lambda m: "_" + m.group().translate(LOWERED_DIGITS), text)
    # Half of an exponent read as raised, half as plain: 10^-3 comes back as 10⁻3.
    return re.sub(r"(?<=10)\^-(?=\d)", "^-", text)


def split_numbers(text: str, letters: Letters) -> list[tuple[str, slice]]:
    """Split a line that holds several numbers (packed tick labels) at its widest gaps.

    Returns
    -------
    list of (text, glyphs)
        Each number with its run of glyphs; the whole line where it is no row of numbers.
    """
    whole = [(text, slice(0, len(letters.boxes.left)))]
    words = text.split(" ")
    if len(words) < 2 or not all(is_number_like(word) for word in words):
        return whole
    parts = split_words(text, letters)
    return parts if parts and _least_gap(parts, letters) >= NUMBER_GAP * letters.height else whole


def split_words(text: str, letters: Letters) -> list[tuple[str, slice]]:
    """Each word of a line with its run of glyphs, parted at the widest gaps; none of a single word."""
    words = text.split(" ")
    boxes = letters.boxes
    gaps = boxes.left[1:] - np.maximum.accumulate(boxes.right)[:-1] - 1
    if not 2 <= len(words) <= len(gaps) + 1:
        return []
    cuts = np.sort(np.argsort(-gaps, kind="stable")[: len(words) - 1]) + 1
    ends = [0, *(int(cut) for cut in cuts), len(boxes.left)]
    return [(word, slice(a, b)) for word, a, b in zip(words, ends, ends[1:], strict=False)]


def _least_gap(parts: list[tuple[str, slice]], letters: Letters) -> float:
    """The least gap (px) between two parts that follow each other."""
    boxes = letters.boxes
    pairs = pairwise(parts)
    return min(float(boxes.left[b].min() - boxes.right[a].max() - 1) for (_, a), (_, b) in pairs)


def _put_spaces(text: str, positions: list[float], letters: Letters) -> tuple[str, list[float]]:
    """Insert a space wherever the picture has a gap and the text has none."""
    boxes = letters.boxes
    reach = np.maximum.accumulate(boxes.right)
    gaps = boxes.left[1:] - reach[:-1] - 1
    inner = gaps[gaps > 0]
    usual = median(inner) if len(inner) else 0.0
    wide = np.flatnonzero((gaps > max(SPACE_GAP * letters.height, 1.8 * usual)) & (_pitches(boxes) != 1))
    if len(wide) == 0 or len(wide) > 0.5 * len(gaps) + 1:
        return text, positions
    for i in wide[::-1]:
        middle = (boxes.left[i + 1] + reach[i]) / 2 / letters.width_px
        k = sum(p < middle for p in positions)
        if not 0 < k < len(text) or " " in text[k - 1 : k + 1]:
            continue
        # Points, signs and ones stand in wide gaps of their own.
        pair = text[k - 1] + text[k]
        limit = 0.55 if re.search(r"[.,:;'1\-−+×=/()\[\]]", pair) else SPACE_GAP
        if gaps[i] <= limit * letters.height:
            continue
        text = text[:k] + " " + text[k:]
        positions = [*positions[:k], float(middle), *positions[k:]]
    return text, positions


def _space_dashes(text: str, positions: list[float], letters: Letters) -> tuple[str, list[float]]:
    """Insert the spaces around the dash of a range, 1 – 2: no gap of it is wider than these."""
    boxes = letters.boxes
    if len(boxes.left) != len(text):
        return text, positions
    gaps = boxes.left[1:] - boxes.right[:-1] - 1
    for i in reversed(range(1, len(text) - 1)):
        sides = gaps[i - 1 : i + 1] / letters.height
        if text[i] in "-–—" and sides.min() >= LEAST_DASH_GAP and sides.mean() >= DASH_GAP:
            text = f"{text[:i]} {text[i]} {text[i + 1 :]}"
            positions = [*positions[: i + 1], *[positions[i]] * 2, *positions[i + 1 :]]
    return text, positions


def _pitches(boxes: Boxes) -> FloatArray:
    """How many steps of a typewriter's font each glyph is from the last; none where the font is no such.

    Beside its narrow letters the gaps are as wide as a space of other fonts.
    """
    steps = np.diff((boxes.left + boxes.right) / 2)
    pitch = median(steps) if len(steps) else 0.0
    counts = np.round(steps / max(pitch, 1.0))
    even = len(steps) >= MIN_STEPS and bool(np.all(np.abs(steps - counts * pitch) <= OFF_PITCH * pitch))
    return np.asarray(counts if even else np.zeros(len(steps)))


# The second letter of a word with one capital: rounding makes small ones of North as high as capitals are.
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z][a-z]{2}")


def _settle_case(text: str, positions: list[float], letters: Letters) -> tuple[str, list[float]]:
    """Tell letters that differ in size alone (s and S, o and O) by the height of their glyphs.

    Only characters that have a glyph of their own, and where a letter that is surely tall or surely low
    gives the scale.
    """
    boxes, height = letters.boxes, letters.height
    own = _own_glyphs(text, positions, letters) if height >= LEAST_CASE_HEIGHT_PX else {}
    sizes = {i: float(boxes.height[g]) for i, g in own.items()}
    least = _least_capital(sizes, text, float(boxes.height.max()))
    if least is None:
        return text, positions
    settled = list(text)
    by_capitals = any(text[i] in SURELY_TALL and not text[i].islower() for i in sizes)
    slack = ROUNDED_PX if by_capitals and not any(text[i] in SURELY_LOW for i in sizes) else 0.0
    for i, size in sizes.items():
        c = text[i]
        if c.lower() not in SAME_SHAPE or (c.isupper() and least - slack <= size < least):
            continue
        if size < least or (i and _INITIAL.match(text, i - 1)):
            settled[i] = c.lower()
        elif i == 0 or not settled[i - 1].islower():
            settled[i] = c.upper()
    return "".join(settled), positions


def _least_capital(sizes: dict[int, float], text: str, tallest: float) -> float | None:
    """The height from which a letter is a capital, by those whose case their shape tells; None without any.

    Low letters tell best; capitals are lower than the ascenders of most fonts, and by a pixel more where
    both are rounded.
    """
    low = [size for i, size in sizes.items() if text[i] in SURELY_LOW]
    if low:
        usual = median(low)
        return max(ABOVE_LOW * usual, usual + 1.5)
    capitals = [size for i, size in sizes.items() if text[i] in SURELY_TALL and not text[i].islower()]
    if capitals:
        return BELOW_CAPITAL * median(capitals)
    return BELOW_ASCENDER * tallest if any(c in SURELY_TALL for c in text) else None


def _own_glyphs(text: str, positions: list[float], letters: Letters) -> dict[int, int]:
    """The glyph of each character that shares it with no other, by counting, else by where it was read."""
    shown = [i for i, c in enumerate(text) if c.isalnum() or c in "()[]{}/|&@#$!?"]
    boxes, height = letters.boxes, letters.height
    bodies = np.flatnonzero(boxes.height >= 0.5 * height)
    if len(bodies) == len(shown):
        return dict(zip(shown, (int(g) for g in bodies), strict=True))
    if len(positions) != len(text):
        return {}
    owners: dict[int, list[int]] = {}
    for i in shown:
        x = positions[i] * letters.width_px
        at = [int(g) for g in bodies if boxes.left[g] - 1 <= x <= boxes.right[g] + 1]
        if len(at) == 1:
            owners.setdefault(at[0], []).append(i)
    # A glyph wider than it is high holds two letters, of which one was read elsewhere.
    return {
        chars[0]: g
        for g, chars in owners.items()
        if len(chars) == 1 and boxes.width[g] <= boxes.height[g] + 1
    }


def _check_number(
    text: str, confidence: float, positions: list[float], letters: Letters
) -> tuple[str, float]:
    """Compare points and a leading minus with the blobs in the picture; repair or doubt."""
    boxes, height = letters.boxes, letters.height
    size, width = boxes.height / height, boxes.width / height
    foot = (boxes.bottom - letters.baseline) / height
    slack = 1.0 / height
    points = (size <= 0.30 + slack / 2) & (width <= 0.32 + slack) & (np.abs(foot) <= 0.14 + slack)
    points |= (size > 0.2) & (size <= 0.5) & (width <= 0.35) & (foot > 0.08) & (foot < 0.4)
    points &= ~_under_letters(boxes, size)
    bars = (size <= 0.22 + slack / 2) & (width >= 0.35) & (foot < -0.15) & (foot > -0.75)
    bodies = size >= 0.6
    if bool(bars[0]) and text[0] not in "-+±–—" and len(bars) > 1:
        text, confidence = "-" + text, min(confidence, REPAIRED)
        positions = [0.0, *positions] if positions else []
    elif (
        text[0] == "-"
        and bool(bodies[0])
        and width[0] <= 0.9
        and int(bodies.sum()) == sum(c.isalnum() for c in text)
    ):
        confidence = min(confidence, DOUBTFUL)
    tops = boxes.top[bodies]
    characters = [c for c in text if c.isalnum()]
    if len(characters) == tops.size:
        # The e of 1e6 and the m of 10m are as low as small letters are; what is raised was misread.
        low = np.array([c in SURELY_LOW for c in characters], dtype=bool)
        tops = tops[~low | (tops < tops[~low].min(initial=np.inf))]
    elif tops.size > 1 and text[-1] in SURELY_LOW:
        # Digits before it that touch (the 80 of 80 m) leave it the last glyph.
        tops = tops[:-1]
    if tops.size and np.ptp(tops) > UNEVEN * height + 1:
        # Digits stand equally high; one that reaches up has an exponent glued to it.
        confidence = min(confidence, DOUBTFUL)
    n_read = sum(c in ".,'" for c in text)
    n_seen = int(points[1:].sum())
    if n_seen > n_read:
        return _insert_points(text, confidence, positions, letters, points, bodies)
    if n_seen < n_read and int(bodies.sum()) == sum(c.isalnum() for c in text) == len(boxes.left):
        confidence = min(confidence, DOUBTFUL)
    return text, confidence


def _under_letters(boxes: Boxes, size: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which small glyphs share columns with a letter: a broken foot, not a point between two digits."""
    bodies = size >= 0.6
    inside = boxes.right[:, None] >= boxes.left[None, bodies]
    inside &= boxes.left[:, None] <= boxes.right[None, bodies]
    return np.asarray(inside.any(axis=1) & ~bodies, bool)


def _insert_points(
    text: str,
    confidence: float,
    positions: list[float],
    letters: Letters,
    points: np.ndarray[tuple[int], np.dtype[np.bool_]],
    bodies: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[str, float]:
    """Put a dropped decimal point back where its blob stands between the digits."""
    if any(c in ".,'" for c in text):
        return text, min(confidence, DOUBTFUL)
    seen = np.flatnonzero(points)
    if len(seen) != 1:
        return text, min(confidence, DOUBTFUL)
    at = int(seen[0])
    alike = [i for i, c in enumerate(text) if c.isalnum()]
    n_before = int(bodies[:at].sum())
    if int(bodies.sum()) == len(alike) and 0 < n_before < len(alike):
        k = alike[n_before]
    elif positions:
        middle = (letters.boxes.left[at] + letters.boxes.right[at]) / 2 / letters.width_px
        k = sum(p < middle for p in positions)
    else:
        return text, min(confidence, DOUBTFUL)
    if not 0 < k < len(text):
        return text, min(confidence, DOUBTFUL)
    return text[:k] + "." + text[k:], min(confidence, REPAIRED)
