"""How alike two names are: words of labels, titles and legends against names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

# One word for what is written in several ways. Words that say how a curve was made are kept apart.
_SAME = {
    "acc": "accuracy",
    "valid": "val",
    "validation": "val",
    "training": "train",
    "testing": "test",
    "evaluation": "eval",
    "iter": "step",
    "iteration": "step",
    "timestep": "step",
    "global": "step",
    "len": "length",
    "average": "avg",
    "mean": "avg",
    "sec": "second",
    "ppl": "perplexity",
    "prec": "precision",
    "rec": "recall",
    "err": "error",
    "param": "parameter",
    "temp": "temperature",
    "grad": "gradient",
    "pct": "percent",
    "num": "n",
}
# What says how a curve was smoothed or drawn, and nothing about the quantity.
SMOOTHING_WORDS = frozenset(
    {"smooth", "smoothed", "smoothing", "moving", "rolling", "ema", "ewm", "sma", "filtered", "window"}
)
RAW_WORDS = frozenset({"raw", "original", "unsmoothed", "results", "result", "actual"})
_EMPTY = frozenset({"vs", "versus", "over", "the", "of", "per", "in", "and", "curve", "plot", "runs", "run"})
# A word is another one misspelt, or misread, from here on.
ALIKE = 0.9
# The words of a name that say which of several like quantities it is; they must not be lost.
_SPLITS = frozenset({"train", "val", "test", "eval"})

_VERSUS = re.compile(r"\s(?:vs\.?|versus|over|against)\s.*", re.IGNORECASE)
_LEARNING_RATE = re.compile(r"learning[ _-]?rate", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", re.UNICODE)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case and in their usual form."""
    bare = _LEARNING_RATE.sub("lr", _VERSUS.sub("", name))
    words = [word.lower() for word in _WORDS.findall(bare)]
    words = [
        word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word for word in words
    ]
    return tuple(_SAME.get(word, word) for word in words)


def says_smoothed(texts: Iterable[str | None]) -> bool:
    """Whether a name says that a curve is smoothed."""
    return any(SMOOTHING_WORDS & {w.lower() for w in _WORDS.findall(text)} for text in texts if text)


def says_raw(text: str | None) -> bool:
    """Whether a name says that a curve is as measured."""
    return text is not None and bool(RAW_WORDS & {w.lower() for w in _WORDS.findall(text)})


def likeness(name: str, column: str) -> float:
    """How alike a name and a column's name are, from 0 to 1 (the same words)."""
    ours, theirs = _content(name), _content(column)
    if not ours or not theirs:
        return 0.0
    common = sum(max(_alike(one, other) for other in theirs) for one in ours) / len(ours)
    covered = sum(max(_alike(one, other) for one in ours) for other in theirs) / len(theirs)
    if common + covered == 0:
        return 0.0
    score = 2 * common * covered / (common + covered)
    if (set(ours) & _SPLITS) != (set(theirs) & _SPLITS) and set(ours) & _SPLITS and set(theirs) & _SPLITS:
        score *= 0.5  # the training loss is not the validation loss
    return score


def _content(name: str) -> tuple[str, ...]:
    words = words_of(name)
    bare = tuple(word for word in words if word not in SMOOTHING_WORDS | RAW_WORDS | _EMPTY)
    return bare


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or min(len(one), len(other)) < 3:
        return 0.0
    similarity = JaroWinkler.similarity(one, other)
    return similarity if similarity >= ALIKE else 0.0
