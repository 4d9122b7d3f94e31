"""What a worker process does: read one figure within its limits, and put its results in place."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chartscribe import __version__
from chartscribe.batch import results
from digitizer.errors import ChartscribeError

if TYPE_CHECKING:
    from PIL import Image

    from digitizer.model import Figure

MIB = 2**20
THUMBNAIL_PX = 320
# Thumbnails of text and thin lines stay readable at this quality, at about 5 kB each; more effort (4) takes
# three times as long for a twentieth less.
THUMBNAIL_QUALITY, THUMBNAIL_EFFORT = 45, 2
ORPHAN_CHECK_SECONDS = 0.5

# One thread a worker: as many workers as cores run already.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One figure to read: ``name`` as the document calls it, ``folder`` where its results go.

    With ``force`` it is read again although it is finished.
    """

    path: str
    name: str
    folder: str
    sha256: str
    key: str
    settings: Mapping[str, Any]
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a figure ended: its status, or the error that prevented it."""

    status: str | None = None
    error: str | None = None


def prepare_worker(parent: int, memory_mib: int) -> None:
    """Bind a new worker process to its limits and to its parent's life."""
    for variable in _ONE_THREAD:
        os.environ[variable] = "1"
    # What libraries warn of is for developers; what concerns the reading is in the document.
    warnings.simplefilter("ignore")
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # What a process allocates, not what it maps: libraries map far more than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mib * MIB, memory_mib * MIB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def read_one(task: Task, memory_mib: int) -> Outcome:
    """Read a figure and put its results in place; what can go wrong becomes an error in words."""
    try:
        # A worker may have been lost after it had finished, and the figure given to this one.
        record = None if task.force else results.read_record(Path(task.folder))
        if record is not None and record.key == task.key:
            return Outcome(status=record.status)
        with contextlib.redirect_stdout(sys.stderr):
            return Outcome(status=_read(task))
    except ChartscribeError as error:
        return Outcome(error=f"{error.problem}; {error.remedy}")
    except OSError as error:
        return Outcome(error=f"its results cannot be written ({(error.strerror or str(error)).lower()})")
    except BaseException as error:
        # Libraries tell of exhausted memory in errors of their own.
        words = " ".join(str(error).split())
        if isinstance(error, MemoryError) or any(w in words.lower() for w in ("alloc", "insufficient mem")):
            return Outcome(error=out_of_memory(memory_mib))
        return Outcome(error=f"internal error ({type(error).__name__}: {words})")


def out_of_memory(memory_mib: int) -> str:
    """The error of a figure that needs more memory than it may have."""
    return f"needs more than {memory_mib} MiB of memory; raise --memory, or shrink the picture"


def worst_status(statuses: Iterable[str]) -> str:
    """The worst of these, or ``no chart`` where there are none."""
    given = set(statuses)
    return next((status for status in ("unreadable", "suspect", "ok") if status in given), "no chart")


def _read(task: Task) -> str:
    from digitizer.errors import InputError
    from digitizer.stages.load import read_bytes

    start = time.monotonic()
    content = read_bytes(task.path)
    if hashlib.sha256(content).hexdigest() != task.sha256:
        raise InputError(task.name, "was changed while it was read", "run again")
    statuses: set[str] = set()
    files: dict[str, bytes] = {}
    for figure, place in _figures(task, content):
        statuses |= {panel.status for panel in figure.panels}
        made = numbers_files(figure) | words_files(figure) | picture_files(figure)
        files |= {place + name: what for name, what in made.items()}
    record = results.Record(
        key=task.key,
        sha256=task.sha256,
        version=__version__,
        settings=task.settings,
        status=worst_status(statuses),
        seconds=round(time.monotonic() - start, 3),
    )
    results.put_in_place(Path(task.folder), files | {results.RECORD: record.to_json()})
    return record.status


def _figures(task: Task, content: bytes) -> Iterator[tuple[Figure, str]]:
    """The figures of the input, each with the folder inside that it goes to."""
    from chartscribe.api import digitize
    from chartscribe.papers.open import looks_like_pdf
    from digitizer.hints import NO_HINTS
    from digitizer.hints_file import load_hints

    ocr, hints = task.settings["ocr"], load_hints(task.settings["hints"]) or NO_HINTS
    if not looks_like_pdf(content):
        yield digitize(content, name=task.name, ocr=ocr, hints=hints), ""
        return
    from chartscribe.papers.read import blank_figure, figure_name, read_paper

    figure = None
    for figure in read_paper(content, name=task.name, ocr=ocr, hints=hints):
        yield figure, f"{figure_name(figure)}/"
    if figure is None:
        yield blank_figure(content, task.name), ""


def numbers_files(figure: Figure) -> dict[str, bytes]:
    """The files of what was read."""
    return {
        results.DOCUMENT: figure.to_json().encode("utf-8"),
        results.DATA: figure.to_csv().encode("utf-8"),
    }


def words_files(figure: Figure) -> dict[str, bytes]:
    """The files of what that says."""
    from chartscribe.files import findings_json
    from interpret.describe import describe_figure

    description = describe_figure(figure)
    return {
        results.DESCRIPTION: description.to_markdown().encode("utf-8"),
        results.FINDINGS: findings_json(description).encode("utf-8"),
    }


def picture_files(figure: Figure) -> dict[str, bytes]:
    """The overlay, and what the gallery shows of it and of the picture."""
    from digitizer.overlay import encode_png

    overlay = figure.overlay()
    files = {results.OVERLAY: encode_png(overlay), results.OVERLAY_THUMBNAIL: _thumbnail(overlay)}
    if figure.extraction is not None:
        from PIL import Image

        files[results.THUMBNAIL] = _thumbnail(Image.fromarray(figure.extraction.picture.rgb))
    return files


def _thumbnail(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    # Whole pixels are averaged first, as far as that goes.
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), reducing_gap=1.0)
    out = io.BytesIO()
    small.save(out, format="WEBP", quality=THUMBNAIL_QUALITY, method=THUMBNAIL_EFFORT)
    return out.getvalue()


def _end_with_parent(parent: int) -> None:
    """End this process where its parent has been killed: nobody else would."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(1)
