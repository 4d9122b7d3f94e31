"""``chartscribe batch``: folders of figures, in parallel and resumable."""

from __future__ import annotations

import os
from pathlib import Path

import click

from chartscribe import options
from chartscribe.console import Console

# A chart of 64 megapixels, the largest that is read, was measured to take 22 seconds and 1.2 GiB.
TIMEOUT_SECONDS = 300.0
MEMORY_MIB = 4096


@click.command("batch", short_help="Read every figure below a folder, in parallel and resumable.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write into (made where it is missing).",
)
@click.option("--include", multiple=True, metavar="PATTERN", help="Take these files only; may be repeated.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Pass these over; may be repeated.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Figures at once.  [default: one a core]")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N figures only.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="What one figure may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=512),
    default=MEMORY_MIB,
    show_default=True,
    metavar="MIB",
    help="What one figure may need.",
)
@click.option("--force", is_flag=True, help="Read finished figures again.")
@click.option("--dry-run", is_flag=True, help="Say what would be done with each figure, and do nothing.")
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
    limit: int | None,
    timeout: float,
    memory: int,
    force: bool,
    dry_run: bool,
    ocr: str,
    quiet: bool,
    debug: bool,
) -> None:
    """Read every figure below FOLDER into a folder of results, in parallel.

    Figures are told by their content; hidden files are passed over. For FOLDER/a/loss.png
    it writes DIR/a/loss.png/ with figure.json, data.csv, overlay.png, description.md and
    findings.json; and for all of them DIR/index.html (a gallery), index.csv and index.parquet
    (one row a panel), all.parquet (one row a point) and errors.csv.

    Interrupted or killed, it goes on where it stopped when started again: a finished figure
    is read again only where the picture, the program or the settings have changed. The same
    picture in two places is read once. A file chartscribe.toml gives hints for the figures of
    its folder and of those below it.

    A PATTERN fits a file's path below FOLDER, its name, or a folder it is in (*.png, drafts).

    \b
    Examples:
      chartscribe batch runs -o out
      chartscribe batch runs -o out --include "*loss*" --exclude drafts
      chartscribe batch runs -o out --dry-run
      chartscribe batch runs -o out --jobs 2 --timeout 60 --memory 2048
    """
    from chartscribe.batch.run import Settings, plan_batch, run_batch

    settings = Settings(
        jobs=jobs or n_cores(),
        timeout=timeout,
        memory_mib=memory,
        ocr=ocr,
        include=include,
        exclude=exclude,
        limit=limit,
        force=force,
    )
    if dry_run:
        for step, found in plan_batch(folder, output, settings):
            click.echo(f"{step}\t{found.shown}")
        return
    context.exit(run_batch(folder, output, settings, Console(quiet=quiet, debug=debug)))


def n_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
