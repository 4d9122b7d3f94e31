"""What a worker process does: read one figure within its limits, and put its results in place."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import time
from collections.abc import Mapping
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
# Thumbnails of text and thin lines stay readable at this quality, at about 5 kB each.
THUMBNAIL_QUALITY = 45
ORPHAN_CHECK_SECONDS = 0.5

# One thread a worker: as many workers as cores run already.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One figure to read: ``name`` as the document calls it, ``folder`` where its results go."""

    path: str
    name: str
    folder: str
    sha256: str
    key: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a figure ended: its status, or the error that prevented it."""

    status: str | None = None
    error: str | None = None


def prepare_worker(parent: int, memory_mib: int) -> None:
    """Bind a new worker process to its limits and to its parent's life."""
    for variable in _ONE_THREAD:
        os.environ[variable] = "1"
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # What a process allocates, not what it maps: libraries map far more than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mib * MIB, memory_mib * MIB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def read_one(task: Task, memory_mib: int) -> Outcome:
    """Read a figure and put its results in place; what can go wrong becomes an error in words."""
    try:
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


def status_of(figure: Figure) -> str:
    """The worst status of a figure's panels, or ``no chart``."""
    statuses = {panel.status for panel in figure.panels}
    return next((s for s in ("unreadable", "suspect", "ok") if s in statuses), "no chart")


def _read(task: Task) -> str:
    from chartscribe.api import digitize
    from digitizer.errors import InputError
    from digitizer.stages.load import read_bytes
    from interpret.describe import describe_figure

    start = time.monotonic()
    content = read_bytes(task.path)
    figure = digitize(content, name=task.name, ocr=task.settings["ocr"], hints=task.settings["hints"] or None)
    if figure.source.sha256 != task.sha256:
        raise InputError(task.name, "was changed while it was read", "run again")
    record = results.Record(
        key=task.key,
        sha256=task.sha256,
        version=__version__,
        settings=task.settings,
        status=status_of(figure),
        seconds=round(time.monotonic() - start, 3),
    )
    description = describe_figure(figure)
    results.put_in_place(Path(task.folder), _files(figure, description) | {results.RECORD: record.to_json()})
    return record.status


def _files(figure: Figure, description: Any) -> dict[str, bytes]:
    from chartscribe.commands.describe import findings_json

    overlay = figure.overlay()
    files = {
        results.DOCUMENT: figure.to_json().encode("utf-8"),
        results.DATA: figure.to_csv().encode("utf-8"),
        results.OVERLAY: _encode(overlay, "PNG"),
        results.DESCRIPTION: description.to_markdown().encode("utf-8"),
        results.FINDINGS: findings_json(description).encode("utf-8"),
        results.OVERLAY_THUMBNAIL: _thumbnail(overlay),
    }
    if figure.extraction is not None:
        from PIL import Image

        files[results.THUMBNAIL] = _thumbnail(Image.fromarray(figure.extraction.picture.rgb))
    return files


def _thumbnail(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    return _encode(small, "WEBP", quality=THUMBNAIL_QUALITY)


def _encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def _end_with_parent(parent: int) -> None:
    """End this process where its parent has been killed: nobody else would."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(1)
