"""``chartscribe watch``: figures as they arrive in a folder."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from chartscribe import options
from chartscribe.console import Console


@click.command("watch", short_help="Read figures as they arrive below a folder, until Ctrl-C.")
@options.folder_of_figures
@options.common
@click.pass_context
def command(
    context: click.Context,
    /,
    folder: Path,
    output: Path,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    jobs: int | None,
    dask: str | None,
    timeout: float,
    memory_mib: int,
    ocr: str,
    quiet: bool,
    debug: bool,
) -> None:
    """Read what is below FOLDER, and then each figure that arrives or changes, until Ctrl-C.

    It writes what batch writes, and the tables and the gallery anew a moment after each figure.
    A file is read once nobody has written to it for a second; files with the names of unfinished
    downloads (*.part, *.tmp, *.crdownload) wait for their own. What was finished before is kept.

    \b
    Example:
      chartscribe watch runs -o out
    """
    from chartscribe.batch.run import run_watch

    # Shells start programs in the background deaf to this, and nothing else would end it cleanly.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = options.settings_of(
        jobs=jobs,
        timeout=timeout,
        memory_mib=memory_mib,
        ocr=ocr,
        include=include,
        exclude=exclude,
        dask=dask,
    )
    context.exit(run_watch(folder, output, settings, Console(quiet=quiet, debug=debug)))
