"""Errors that a person can put right: one line that names the thing, what is wrong, what to do."""

from __future__ import annotations


class ChartscribeError(Exception):
    """Base of all errors that are meant for the person at the keyboard.

    Parameters
    ----------
    name : str
        What it is about: a file as it was given, an option, an engine.
    problem : str
        What is wrong with it.
    remedy : str
        What to do about it.
    """

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(name, problem, remedy)
        self.name = name
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        # File names may hold line breaks and bytes that are no UTF-8; the line must stay one line.
        line = f"{self.name}: {self.problem}; {self.remedy}"
        return "".join(character if character.isprintable() else "?" for character in line)


class InputError(ChartscribeError, ValueError):
    """An input cannot be read as a picture or a figure document."""


class HintError(ChartscribeError, ValueError):
    """A hint cannot be read, or contradicts another hint or the picture beyond doubt."""


class RecogniserError(ChartscribeError):
    """A text recogniser cannot be used, for example because its program is not installed."""


class OutputError(ChartscribeError):
    """A result cannot be written."""
