"""Runs each peer in its own environment and turns what it says into figure documents.

What a peer cannot find by itself it is given by hand from the truth: that is told in its ``given``.
Its code is installed and run, never read into this program.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.referee import ROOT

Document = dict[str, Any]

# A pixel has a series' colour where it is this near (RGB): thin strokes in JPEG are 60 from their own,
SAME_COLOR = 100.0
# A program that sleeps, or a machine that is busy, is waited for so many times longer.
PATIENCE = 8
# What is shown around a frame to a peer that wants the axes alone (px).
CROP_MARGIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A drawn chart: its picture, its PDF with the frames in points, its truth."""

    name: str
    image: Path
    pdf: Path
    frames_pt: list[list[float]]
    truth: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An installable program; ``read`` is given its environment's folder, a case and a scratch folder."""

    name: str
    package: str
    given: str
    n_figures: int
    read: Callable[[Path, Case, Path, float], Document]


class PeerError(Exception):
    """A peer gave no answer."""


def environment(cache: Path, package: str) -> Path:
    """The peer's own environment below ``cache``, made and filled where it is missing."""
    if not package:
        return cache
    folder = cache / re.sub(r"\W+", "-", package)
    done = folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", package]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode:
            sys.exit(f"benchmarks: {package} cannot be installed: {outcome.stderr.strip()[-300:]}")
        done.touch()
    return folder


def call(command: list[str], folder: Path, seconds: float) -> str:
    """Run a peer's command; raises PeerError where it fails or takes too long.

    ``seconds`` are of one core's time, which does not depend on what else the machine does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    limit = math.ceil(seconds)
    try:
        outcome = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE * seconds, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
            env=os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"no answer in {seconds:g} s") from error
    if outcome.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise PeerError(f"no answer in {seconds:g} s")
    if outcome.returncode:
        raise PeerError((outcome.stderr.strip() or "no word").splitlines()[-1][:150])
    return outcome.stdout


def read_trace_digitiser(folder: Path, case: Case, scratch: Path, seconds: float) -> Document:
    """trace-digitiser: given the number of rows and columns."""
    rows, columns = _grid(case.truth)
    layout = "single" if rows * columns == 1 else "grid"
    command = [str(folder / "bin" / "trace-digitiser"), str(case.image), "--layout", layout]
    command += ["--rows", str(rows), "--cols", str(columns), "--panels", str(len(case.truth["panels"]))]
    call([*command, "-o", str(scratch)], scratch, seconds)
    stem = case.image.stem + "_automated_"
    points = _rows(scratch / f"{stem}digitised_trace_by_column.csv")
    panels = []
    for panel in _rows(scratch / f"{stem}panel_metadata.csv"):
        left, right, top, bottom = (float(panel[key]) for key in ("x0", "x1", "y_top", "y_bottom"))
        traces: dict[str, list[dict[str, str]]] = {}
        for row in points:
            if row["panel_id"] == panel["panel_id"]:
                traces.setdefault(row["trace_id"], []).append(row)
        is_log = "log" in panel["scale_type"]
        a, b = float(panel["y_calibration_a"]), float(panel["y_calibration_b"])
        limits = [a * bottom + b, a * top + b]
        if is_log:
            limits = [10.0**value for value in limits]
        x_limits: list[float] | None = None
        if panel["x_calibration_a"]:
            slope, start = float(panel["x_calibration_a"]), float(panel["x_calibration_b"])
            x_limits = [slope * left + start, slope * right + start]
        series = []
        for rows_ in traces.values():
            key = "x_value" if "x_value" in rows_[0] else "x_norm_0_to_1"
            color = _hex(json.loads(rows_[0]["trace_median_rgb"]))
            x, y = ([_number(row[name]) for row in rows_] for name in (key, "center_estimate"))
            series.append(_series(x, y, color))
        frame = {"left": left, "top": top, "right": right, "bottom": bottom}
        panels.append(_panel(frame, x_limits, limits, "log" if is_log else "linear", series))
    return _document(case, panels)


def read_plotdigitizer(folder: Path, case: Case, scratch: Path, seconds: float) -> Document:
    """plotdigitizer: given frame, limits and, since it reads one curve, a picture of each series' colour."""
    rgb = np.asarray(Image.open(case.image).convert("RGB"))
    panels = []
    end = time.monotonic() + seconds
    for number, panel in enumerate(case.truth["panels"]):
        box, scales = panel["frame"], [panel[f"{axis}_axis"]["scale"] for axis in "xy"]
        limits = [panel[f"{axis}_axis"]["limits"] for axis in "xy"]
        ends = [_ruler(pair, scale) for pair, scale in zip(limits, scales, strict=True)]
        series = []
        for index, one in enumerate(panel["series"]):
            path = scratch / f"{number}-{index}.png"
            height = only_color(rgb, box, one["color"], path)
            # Its pixels count from the lower left corner.
            x0, x1 = CROP_MARGIN, CROP_MARGIN + round(box["right"] - box["left"])
            y0, y1 = CROP_MARGIN, height - 1 - CROP_MARGIN
            command = [str(folder / "bin" / "plotdigitizer"), str(path), "-o", str(path.with_suffix(".csv"))]
            for (x, y), (column, row) in (
                ((ends[0][0], ends[1][0]), (x0, y0)),
                ((ends[0][1], ends[1][0]), (x1, y0)),
                ((ends[0][0], ends[1][1]), (x0, y1)),
            ):
                command += [f"-p={x:.9g},{y:.9g}", f"-l={column},{row}"]
            try:
                call(command, scratch, max(end - time.monotonic(), 1.0))
            except PeerError:
                continue
            points = np.loadtxt(path.with_suffix(".csv"), ndmin=2)
            if points.size:
                values = [
                    (10.0 ** points[:, k] if scale == "log" else points[:, k]).tolist()
                    for k, scale in enumerate(scales)
                ]
                series.append(_series(values[0], values[1], one["color"]))
        panels.append(_panel(box, limits[0], limits[1], scales[1], series, x_scale=scales[0]))
    return _document(case, panels)


def read_unplot(folder: Path, case: Case, scratch: Path, seconds: float) -> Document:
    """unplot: given the vector PDF and each frame; what its own check fails is ``suspect``."""
    job = {"pdf": str(case.pdf), "frames": case.frames_pt}
    script = Path(__file__).with_name("peer_unplot.py")
    out = call([str(folder / "bin" / "python"), str(script), json.dumps(job)], scratch, seconds)
    panels = []
    for panel, frame_pt, said in zip(
        case.truth["panels"], case.frames_pt, json.loads(out.splitlines()[-1]), strict=True
    ):
        if "error" in said:
            continue
        left, top, right, bottom = frame_pt
        (ax, bx), (ay, by) = said["x_axis"], said["y_axis"]
        series = [
            _series(c["x"], c["y"], _hex([255 * v for v in c["color"] or (0, 0, 0)])) for c in said["curves"]
        ]
        status = "ok" if all(c["passed"] for c in said["curves"]) and not said["warnings"] else "suspect"
        x_limits, y_limits = [ax * left + bx, ax * right + bx], [ay * bottom + by, ay * top + by]
        panels.append(_panel(panel["frame"], x_limits, y_limits, "linear", series, status=status))
    return _document(case, panels)


def read_chartscribe(folder: Path, case: Case, scratch: Path, seconds: float) -> Document:
    """chartscribe, as a command like the others: given nothing."""
    command = [sys.executable, "-m", "chartscribe", "digitize", str(case.image), "-o", "-", "-q"]
    document: Document = json.loads(call(command, scratch, seconds))
    return document


PEERS = (
    Peer(
        name="plotdigitizer",
        package="plotdigitizer==0.3.0",
        given="frames, axis limits and scales, each series alone in its colour",
        n_figures=24,
        read=read_plotdigitizer,
    ),
    Peer(
        name="unplot",
        package="unplot==0.0.1",
        given="the vector PDF, frames",
        n_figures=24,
        read=read_unplot,
    ),
    Peer(name="chartscribe", package="", given="nothing", n_figures=24, read=read_chartscribe),
    Peer(
        name="trace-digitiser",
        package="trace-digitiser==1.2.0",
        given="rows and columns of panels",
        n_figures=4,
        read=read_trace_digitiser,
    ),
)


def only_color(rgb: NDArray[np.uint8], box: dict[str, float], color: str, path: Path) -> int:
    """Write the part of the picture inside a frame with one colour's ink alone; returns its height."""
    left, top = round(box["left"]) - CROP_MARGIN, round(box["top"]) - CROP_MARGIN
    right, bottom = round(box["right"]) + CROP_MARGIN + 1, round(box["bottom"]) + CROP_MARGIN + 1
    part = rgb[max(top, 0) : bottom, max(left, 0) : right].astype(np.float64)
    own = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
    near = np.linalg.norm(part - own, axis=2) < SAME_COLOR
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.where(near[..., None], own, 255.0).astype(np.uint8)).save(path)
    return int(part.shape[0])


def _grid(truth: dict[str, Any]) -> tuple[int, int]:
    """How many rows and columns the true frames stand in."""
    frames = [panel["frame"] for panel in truth["panels"]]
    return len({round(f["top"] / 20) for f in frames}), len({round(f["left"] / 20) for f in frames})


def _ruler(limits: list[float], scale: str) -> list[float]:
    return [math.log10(v) if scale == "log" else v for v in limits]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _hex(rgb: Iterable[float]) -> str:
    return "#" + "".join(f"{min(max(round(v), 0), 255):02x}" for v in rgb)


def _series(x: list[float], y: list[float], color: str) -> dict[str, Any]:
    known = [(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
    known.sort()
    return {
        "name": None, "kind": "line", "color": color, "axis": "y", "sampled_at": "columns",
        "x": [a for a, _ in known], "y": [b for _, b in known],
    }  # fmt: skip


def _panel(
    frame: dict[str, float],
    x_limits: list[float] | None,
    y_limits: list[float],
    y_scale: str,
    series: list[dict[str, Any]],
    *,
    x_scale: str = "linear",
    status: str = "ok",
) -> dict[str, Any]:
    return {
        "frame": frame, "title": None, "status": status, "warnings": [], "series": series,
        "x_axis": {"label": None, "scale": x_scale, "ticks": [], "limits": x_limits},
        "y_axis": {"label": None, "scale": y_scale, "ticks": [], "limits": y_limits},
        "y2_axis": None,
    }  # fmt: skip


def _document(case: Case, panels: list[dict[str, Any]]) -> Document:
    return {"schema_version": 1, "source": case.truth["source"], "panels": panels, "warnings": []}
