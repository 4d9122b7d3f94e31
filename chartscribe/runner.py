"""Run one piece of work over the inputs, so that one that fails does not harm the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chartscribe.console import Console, results_only
from chartscribe.inputs import STDIN, Input, ReadFigure, name_inputs
from chartscribe.outputs import prepare_folder, write_files, write_stdout
from digitizer.errors import ChartscribeError, OutputError

if TYPE_CHECKING:
    from digitizer.model import Figure

STDOUT = "-"
DONE, SOME_FAILED, ONLY_ONE_FAILED = 0, 1, 2

Work = Callable[[Input], "Iterator[tuple[ReadFigure, dict[str, bytes]]]"]


def run_to_folder(
    given: Sequence[str], folder: Path, console: Console, work: Work, *, figure: int | None = None
) -> int:
    """Do the work for every input, write its files, and return the exit status.

    Parameters
    ----------
    given : sequence of str
        The inputs as typed.
    folder : Path
        Where the files go; made where it is missing.
    console : Console
        Where progress and errors go.
    work : callable
        From an input to its figures, each with the files to write (name to content).
    figure : int, optional
        Which figure of a page, where an input is a PDF document.
    """
    try:
        prepare_folder(folder)
    except ChartscribeError as error:
        console.report(error)
        return ONLY_ONE_FAILED
    inputs = name_inputs(given, figure)
    n_failed = 0
    for number, source in enumerate(inputs, start=1):
        counter = f"[{number}/{len(inputs)}] " if len(inputs) > 1 else ""
        try:
            with results_only():
                for read, files in work(source):
                    refuse_overwriting(inputs, source, folder, files)
                    write_files(folder, files)
                    console.say(f"{counter}{read.shown}: {summarise(read.figure)} -> {folder / read.stem}.*")
                    tell_warnings(read.figure, read.shown, console)
        except Exception as error:
            n_failed += 1
            console.report(error, source.shown)
    if n_failed and len(inputs) > 1:
        console.say(f"{n_failed} of {len(inputs)} inputs failed")
        return SOME_FAILED
    return ONLY_ONE_FAILED if n_failed else DONE


def run_to_stdout(
    given: Sequence[str],
    console: Console,
    work: Callable[[Input], tuple[Figure, str]],
    *,
    figure: int | None = None,
) -> int:
    """Do the work for the one input, write its text on standard output, return the exit status."""
    if len(given) != 1:
        raise click.UsageError("standard output takes the result of one input; give a folder with -o")
    (source,) = name_inputs(given, figure)
    try:
        with results_only():
            read, text = work(source)
    except Exception as error:
        console.report(error, source.shown)
        return ONLY_ONE_FAILED
    write_stdout(text)
    tell_warnings(read, source.shown, console)
    return DONE


def refuse_overwriting(inputs: Sequence[Input], source: Input, folder: Path, files: Iterable[str]) -> None:
    """Make sure that no result replaces an input (``chart.overlay.png`` beside ``chart.png``).

    Raises
    ------
    OutputError
        Where one would.
    """
    targets = {(folder / name).resolve() for name in files}
    for other in inputs:
        if other.given != STDIN and Path(other.path).resolve() in targets:
            problem = f"its result would replace the input {other.given}"
            raise OutputError(source.shown, problem, "give another output folder with -o")


def summarise(figure: Figure) -> str:
    """Say in half a line what was read."""
    n_panels = len(figure.panels)
    if not n_panels:
        return "no chart found"
    series = [one for panel in figure.panels for one in panel.series]
    counts = {status: sum(panel.status == status for panel in figure.panels) for status in _STATUSES}
    states = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    n_points = sum(len(one.x) for one in series)
    return (
        f"{_plural(n_panels, 'panel')} ({states}), {_plural(len(series), 'series', 'series')}, "
        f"{_plural(n_points, 'point')}"
    )


def tell_warnings(figure: Figure, shown: str, console: Console) -> None:
    """Say each warning of the figure and its panels, a line each."""
    for notice in figure.warnings:
        console.say(f"warning: {shown}: {notice.message} ({notice.code})")
    for number, panel in enumerate(figure.panels, start=1):
        for notice in panel.warnings:
            console.say(f"warning: {shown}: panel {number}: {notice.message} ({notice.code})")


_STATUSES = ("ok", "suspect", "unreadable")


def _plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
