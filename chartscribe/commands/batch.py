"""``chartscribe batch``: folders of figures, in parallel and resumable."""

from __future__ import annotations

from pathlib import Path

import click

from chartscribe import options
from chartscribe.console import Console


@click.command("batch", short_help="Read every figure below a folder, in parallel and resumable.")
@options.folder_of_figures
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take the first N figures only.")
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
    dask: str | None,
    limit: int | None,
    timeout: float,
    memory_mib: int,
    force: bool,
    dry_run: bool,
    ocr: str,
    quiet: bool,
    debug: bool,
) -> None:
    """Read every figure below FOLDER into a folder of results, in parallel.

    Figures are told by their content. For FOLDER/a/loss.png it writes DIR/a/loss.png/ with
    figure.json, data.csv, overlay.png, description.md and findings.json; and for all of them
    DIR/index.html (a gallery), index.csv, index.parquet, all.parquet and errors.csv.

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
      chartscribe batch runs -o out --dask tcp://host:8786
    """
    from chartscribe.batch.run import plan_batch, run_batch

    settings = options.settings_of(
        jobs=jobs,
        timeout=timeout,
        memory_mib=memory_mib,
        ocr=ocr,
        include=include,
        exclude=exclude,
        dask=dask,
        limit=limit,
        force=force,
    )
    if dry_run:
        for step, found in plan_batch(folder, output, settings):
            click.echo(f"{step}\t{found.shown}")
        return
    context.exit(run_batch(folder, output, settings, Console(quiet=quiet, debug=debug)))
