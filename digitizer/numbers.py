"""Numbers as charts print them: signs, thousands, suffixes, currencies, powers, fractions of π."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

_REMEMBERED = 1024  # Each label is asked for half a dozen times.
NumberKind = Literal["plain", "scientific", "power", "percent", "currency", "suffix", "degree", "pi", "unit"]

# The minus signs that fonts and recognisers use.
_MINUS = str.maketrans(dict.fromkeys("−–—‐‑⁃﹣－", "-"))
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_SUFFIXES = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "MM": 1e6,
    "m": 1e-3,
    "B": 1e9,
    "bn": 1e9,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "µ": 1e-6,
    "μ": 1e-6,
    "n": 1e-9,
}
_CURRENCIES = "$€£¥"
_PERCENTS = {"%": "%", "‰": "‰"}
_DEGREES = ("°C", "°F", "℃", "°")
# Of the day, and no units.
_HALVES = ("am", "pm")
# What recognisers return for digits, from the commonest confusions of two engines.
_TWINS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
)
_MANTISSA = r"\d[\d.,' ]*|[.,]\d+"
_SCIENTIFIC = re.compile(rf"(?P<m>{_MANTISSA})\s?[eE](?P<e>[-+]?\d{{1,3}})")
_POWER = re.compile(
    rf"(?:(?P<m>{_MANTISSA})\s?[×xX*·]\s?)?10\s?\^\s?[({{]?(?P<e>[-+]?\d{{1,3}}(?:\.\d+)?)[)}}]?"
)
_OTHER_POWER = re.compile(r"(?P<b>\d{1,2}|e)\s?\^\s?[({]?(?P<e>[-+]?\d{1,3}(?:\.\d+)?)[)}]?")
_PI = re.compile(r"(?P<n>\d+(?:\.\d+)?)?\s?[πΠ](?:\s?/\s?(?P<d>\d+))?|(?P<n2>\d+)\s?/\s?(?P<d2>\d+)\s?[πΠ]")
# The signs that programs and recognisers print before a factor; pgfplots has a dot.
_TIMES = "×xX*·⋅•∙"
# A power of ten behind such a sign whose raised digits were read as if level: no axis is multiplied with 104.
_LEVEL_POWER = re.compile(rf"(?P<t>[{_TIMES}]|\.)10(?P<e>(?!0+$)\d{{1,2}})")
# A power of ten alone is added to no labels: what is read as a minus is pgfplots' dot.
_LONE_POWER = re.compile(r"-10\^?-?\d{1,2}")
_UNIT = re.compile(r"^(?P<n>.*\d)\s?(?P<u>[A-Za-zµμΩ°/]{1,6}(?:\^-?\d)?)$")


def as_digits(text: str) -> str | None:
    """A text as the digits it may be misread of; None where another character is in it."""
    digits = text.translate(_TWINS)
    return digits if digits.isascii() and digits.isdecimal() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedNumber:
    """A printed number and how it was printed.

    Parameters
    ----------
    value : float
        The number that is meant; 35 % is 35, 20k is 20000.
    unit : str or None
        What was printed with it: ``%``, ``$``, ``k``, ``°``.
    multiplier : float
        What a suffix or power stands for (20k: 1000), already in ``value``.
    n_decimals : int
        Digits printed after the decimal point of the mantissa.
    kind : str
        How it was printed.
    guessed : bool
        True where a letter was taken for a digit, or a separator could be read in two ways.
    """

    value: float
    unit: str | None = None
    multiplier: float = 1.0
    n_decimals: int = 0
    kind: NumberKind = "plain"
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """What is printed at an axis' end: values are ``tick * factor + shift``."""

    factor: float = 1.0
    shift: float = 0.0


@lru_cache(_REMEMBERED)
def parse_number(text: str) -> ParsedNumber | None:
    """Parse one printed number; None where the text is none.

    Parameters
    ----------
    text : str
        One label, as printed or as recognised.

    Returns
    -------
    ParsedNumber or None
        With ``guessed`` set where a letter had to be taken for a digit. ``1,000`` and ``1.000,5``
        are thousands; ``1,5`` and ``0,125`` are decimal commas; a lone ``1.234`` has a decimal point.

    Examples
    --------
    >>> parse_number("−1.5k").value
    -1500.0
    >>> parse_number("2×10^-3").value
    0.002
    """
    cleaned = _clean(text)
    if not cleaned:
        return None
    found = _parse_signed(cleaned) or _guess(cleaned)
    return found if found is not None and math.isfinite(found.value) else None


def parse_offset(text: str) -> Offset | None:
    """Parse what is printed at an axis' end: ``1e6``, ``×10^4``, ``·10^4``, ``+1.5e10``, ``1e-5+2.3e2``.

    Returns
    -------
    Offset or None
        The factor for the ticks and what to add to them afterwards; None where it is neither.

    Examples
    --------
    >>> parse_offset("·104").factor, parse_offset("-10^4")
    (10000.0, None)
    >>> parse_offset("(x10^4)").factor
    10000.0
    """
    cleaned = _clean(text).replace(" ", "")
    # PLplot sets it in parentheses.
    cleaned = re.sub(r"^\(([×xX*·].*)\)$", r"\1", cleaned)
    cleaned = re.sub(r"^[lI|](?=[eE][-+]?\d)", "1", cleaned)
    # No program multiplies with ten: its exponent was not read.
    if not cleaned or re.fullmatch(r"[×xX*·]10", cleaned):
        return None
    both = re.fullmatch(r"(?P<f>[×xX*]?\d*\.?\d*(?:[eE][-+]?\d+|10\^[-+]?\d+))(?P<s>[-+]\d.*)", cleaned)
    if both and (factor := _factor(both["f"])) is not None and (shift := _shift(both["s"])) is not None:
        return Offset(factor=factor, shift=shift)
    if match := _LEVEL_POWER.fullmatch(cleaned):
        cleaned = f"×10^{match['e']}"
    if _LONE_POWER.fullmatch(cleaned):
        return None
    if cleaned[0] in "+-":
        shift = _shift(cleaned)
        return None if shift is None else Offset(shift=shift)
    factor = _factor(cleaned)
    return None if factor is None else Offset(factor=factor)


def with_exponent(text: str, value: float) -> str:
    """The text of a power whose raised digits were read as if level (6·106), where its value says so.

    Returns
    -------
    str
        ``text`` with a caret before the exponent where that alone gives ``value``; else ``text``.

    Examples
    --------
    >>> with_exponent("6·106", 6e6), with_exponent("106", 106.0)
    ('6·10^6', '106')
    """
    match = re.fullmatch(r"(.*10)(-?\d{1,3})", _clean(text))
    if match is None:
        return text
    raised = f"{match[1]}^{match[2]}"
    found, read = parse_number(raised), parse_number(text)
    means = found is not None and math.isclose(found.value, value, rel_tol=1e-9)
    return raised if means and (read is None or not math.isclose(read.value, value, rel_tol=1e-9)) else text


def _clean(text: str) -> str:
    text = text.translate(_MINUS).translate(_SPACES)
    # Raised digits become a caret; 10⁻3 and 10^⁻3 are the same number.
    text = re.sub(r"\^?[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda m: "^" + m.group().lstrip("^").translate(_RAISED), text)
    return " ".join(text.split())


def _factor(text: str) -> float | None:
    """The value of ``1e6``, ``×10^4``, ``x1000``; None for a plain number without a times sign."""
    body = text.lstrip(_TIMES if text[1:2] != "1" else _TIMES + ".")
    if "e" not in body.lower() and "^" not in body and body == text:
        return None
    found = parse_number(body)
    if found is None or found.guessed or found.value <= 0 or found.unit is not None:
        return None
    return found.value


def _shift(text: str) -> float | None:
    found = parse_number(text.replace("+", "", 1) if text.startswith("+") else text)
    return None if found is None or found.guessed or found.unit is not None else found.value


def _parse_signed(text: str) -> ParsedNumber | None:
    """Split sign, parentheses of accounts and currency off, then parse the magnitude."""
    sign, signed = 1.0, False
    if re.fullmatch(r"\([^()]*\d[^()]*\)", text) and any(c in text for c in _CURRENCIES + ",."):
        sign, text = -1.0, text[1:-1].strip()
    unit: str | None = None
    for _ in range(2):
        if text[:1] and text[0] in "-+" and not signed:
            signed = True
            sign, text = (-sign if text[0] == "-" else sign), text[1:].lstrip()
        elif text[:1] and text[0] in _CURRENCIES and unit is None:
            unit, text = text[0], text[1:].lstrip()
    if unit is None and text[-1:] and text[-1] in _CURRENCIES:
        unit, text = text[-1], text[:-1].rstrip()
    found = _parse_magnitude(text)
    if found is None:
        return None
    value = sign * found.value
    if unit is not None:
        return ParsedNumber(
            value=value,
            unit=unit,
            multiplier=found.multiplier,
            n_decimals=found.n_decimals,
            kind="currency",
            guessed=found.guessed,
        )
    return ParsedNumber(
        value=value if value else 0.0,
        unit=found.unit,
        multiplier=found.multiplier,
        n_decimals=found.n_decimals,
        kind=found.kind,
        guessed=found.guessed,
    )


def _parse_magnitude(text: str) -> ParsedNumber | None:
    """Parse an unsigned number with its suffix, if any."""
    for mark, unit in _PERCENTS.items():
        if text.endswith(mark):
            return _with_unit(text[: -len(mark)], unit, "percent")
    for mark in _DEGREES:
        if text.endswith(mark):
            return _with_unit(text[: -len(mark)], mark, "degree")
    if power := _parse_power(text):
        return power
    if match := _PI.fullmatch(text):
        top = float(match["n"] or match["n2"] or 1)
        bottom = float(match["d"] or match["d2"] or 1)
        return (
            None if bottom == 0 else ParsedNumber(value=top * math.pi / bottom, multiplier=math.pi, kind="pi")
        )
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        if text.endswith(suffix) and (plain := _parse_plain(text[: -len(suffix)].rstrip())):
            value, decimals, guessed = plain
            factor = _SUFFIXES[suffix]
            return ParsedNumber(
                value=_scale(value, factor),
                unit=suffix,
                multiplier=factor,
                n_decimals=decimals,
                kind="suffix",
                guessed=guessed or suffix in ("m", "n", "P"),
            )
    if plain := _parse_plain(text):
        return ParsedNumber(value=plain[0], n_decimals=plain[1], guessed=plain[2])
    return None


def _scale(value: float, factor: float) -> float:
    """Multiply without the noise of binary fractions: 0.3 m is 0.0003."""
    return float(f"{value * factor:.15g}")


def _with_unit(text: str, unit: str, kind: NumberKind) -> ParsedNumber | None:
    plain = _parse_plain(text.strip())
    if plain is None:
        return None
    return ParsedNumber(value=plain[0], unit=unit, n_decimals=plain[1], kind=kind, guessed=plain[2])


def _parse_power(text: str) -> ParsedNumber | None:
    """``1e-5``, ``10^-3``, ``2×10^4``, ``2^10``."""
    if match := _SCIENTIFIC.fullmatch(text):
        plain = _parse_plain(match["m"])
        if plain is None:
            return None
        value = (
            float(f"{plain[0]!r}e{int(match['e'])}")
            if "e" not in repr(plain[0])
            else plain[0] * 10.0 ** int(match["e"])
        )
        return ParsedNumber(
            value=value,
            multiplier=10.0 ** int(match["e"]),
            n_decimals=plain[1],
            kind="scientific",
            guessed=plain[2],
        )
    if match := _POWER.fullmatch(text):
        plain = _parse_plain(match["m"]) if match["m"] else (1.0, 0, False)
        if plain is None:
            return None
        exponent = float(match["e"])
        factor = float(f"1e{int(exponent)}") if exponent.is_integer() else 10.0**exponent
        return ParsedNumber(
            value=_scale(plain[0], factor),
            multiplier=factor,
            n_decimals=plain[1],
            kind="power",
            guessed=plain[2],
        )
    if match := _OTHER_POWER.fullmatch(text):
        base = math.e if match["b"] == "e" else float(match["b"])
        try:
            value = base ** float(match["e"])
        except (OverflowError, ZeroDivisionError):
            return None
        return ParsedNumber(value=value, multiplier=value, kind="power")
    return None


def _parse_plain(text: str) -> tuple[float, int, bool] | None:
    """Value, decimals and doubt of digits with separators.

    The last of two different separators is the decimal one. One kind alone: groups of exactly
    three digits are thousands for the comma, the apostrophe and the space, decimals for the point.
    """
    text = text.rstrip(" ")
    if not re.fullmatch(r"\d[\d.,' ]*|[.,]\d+", text) or text[-1] in ",' ":
        return None
    if re.search(r"[ ']", text):
        head = re.split(r"[.,]", text)[0]
        if not re.fullmatch(r"\d{1,3}(?:[ ']\d{3})+", head):
            return None
        text = text.replace(" ", "").replace("'", "")
    n_points, n_commas = text.count("."), text.count(",")
    if n_points and n_commas:
        decimal = "." if text.rfind(".") > text.rfind(",") else ","
        thousands = "," if decimal == "." else "."
        head = text[: text.rfind(decimal)]
        if text.count(decimal) > 1 or not re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+", head):
            return None
        text = text.replace(thousands, "").replace(decimal, ".")
    elif n_commas:
        if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", text):
            text = text.replace(",", "")
        elif n_commas == 1:
            text = text.replace(",", ".")
        else:
            return None
    elif n_points > 1:
        if not re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text):
            return None
        text = text.replace(".", "")
    # A point at the end is the rest of something that was cut off.
    guessed = text.endswith(".")
    decimals = len(text) - text.rfind(".") - 1 if "." in text else 0
    return float(text), decimals, guessed


def _guess(text: str) -> ParsedNumber | None:
    """Take letters for the digits they look like, or a trailing word for a unit; flagged."""
    match = _UNIT.fullmatch(text)
    if match and not match["u"].translate(_TWINS).isdigit() and match["u"].lower() not in _HALVES:
        found = _parse_signed(match["n"].strip())
        if found is not None and found.kind in ("plain", "scientific", "power"):
            return ParsedNumber(
                value=found.value,
                unit=match["u"],
                multiplier=found.multiplier,
                n_decimals=found.n_decimals,
                kind="unit",
                guessed=True,
            )
    if text in ("°", "O", "o", "Q", "D"):
        return ParsedNumber(value=0.0, guessed=True)
    twins = text.translate(_TWINS)
    if re.fullmatch(r"[-+]?1e[-+]?\d{1,3}", twins) or sum(c.isdigit() for c in text) >= 0.5 * len(text):
        found = _parse_signed(twins)
        if found is not None:
            return ParsedNumber(
                value=found.value,
                unit=found.unit,
                multiplier=found.multiplier,
                n_decimals=found.n_decimals,
                kind=found.kind,
                guessed=True,
            )
    return None
