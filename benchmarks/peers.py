"""Runs installable peers and chartscribe on the same drawn charts: ``python -m benchmarks.peers``.

Each peer is installed from PyPI into an environment of its own below ``--cache`` the first time.
trace-digitiser needs Tesseract on the PATH.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from matplotlib.figure import Figure

from benchmarks.accuracy import cases_of
from benchmarks.peer_adapters import PEERS, Case, Peer, PeerError, environment
from benchmarks.referee import DEFAULT_SCORE, ROOT, Record, load_referee, score_cases
from benchmarks.running import Run
from benchmarks.tables import markdown_table, percent
from fixtures import case as drawing

TIME_LIMIT_S = 180.0
COLUMNS = {
    "axes right": "axis_ok", "series found": "series_recall", "points within 1 %": "within_1%",
    "panels right": "panel_right", "say ok": "said_ok", "ok but wrong": "silent_error",
}  # fmt: skip


@contextmanager
def keeping_vectors(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """While this is open, charts that are drawn are kept as PDF too, with their map from pixels."""
    kept: list[dict[str, Any]] = []
    render = drawing.render

    def render_both(figure: Figure, rendering: drawing.Rendering) -> Any:
        image, pixels = render(figure, rendering)
        path = folder / f"{len(kept):03d}.pdf"
        dpi = float(figure.dpi)
        # A copy, laid out as the picture: saving lays out anew, and the truth is taken of the figure later.
        copy = pickle.loads(pickle.dumps(figure))
        copy.set_layout_engine("none")
        copy.savefig(path, format="pdf")
        kept.append({"pdf": path, "dpi": dpi, "pixels": pixels})
        return image, pixels

    drawing.render = render_both
    try:
        yield kept
    finally:
        drawing.render = render


def draw_cases(n: int, seed: int, folder: Path) -> tuple[list[Path], list[Case]]:
    """Draw the charts; returns their folders and what the peers are given."""
    vectors = folder / "vectors"
    vectors.mkdir(parents=True)
    with keeping_vectors(vectors) as kept:
        folders = cases_of("lines", n, seed, folder)
    cases = []
    for path, vector in zip(folders, kept, strict=True):
        truth = json.loads((path / "truth.json").read_text(encoding="utf-8"))
        pixels, points = vector["pixels"], 72 / vector["dpi"]
        frames = []
        for panel in truth["panels"]:
            frame = panel["frame"]
            across = [((frame[s] + 0.5) / pixels.factor_x + pixels.left) * points for s in ("left", "right")]
            down = [((frame[s] + 0.5) / pixels.factor_y + pixels.top) * points for s in ("top", "bottom")]
            frames.append([across[0], down[0], across[1], down[1]])
        image = path / truth["image"]
        cases.append(Case(name=path.name, image=image, pdf=vector["pdf"], frames_pt=frames, truth=truth))
    return folders, cases


def run_peer(peer: Peer, cases: Sequence[Case], documents: Path, args: argparse.Namespace) -> dict[str, Run]:
    """Read the first charts with a peer; its documents go into ``documents``."""
    documents.mkdir(parents=True)
    folder = environment(args.cache, peer.package)
    runs = {}
    for case in cases:
        start, error = _children_seconds(), None
        try:
            document = peer.read(folder, case, documents / "scratch" / case.name, args.timeout)
            (documents / f"{case.name}.json").write_text(json.dumps(document), encoding="utf-8")
        except PeerError as problem:
            error = str(problem)
            print(f"  {peer.name} on {case.name}: {error}", file=sys.stderr)
        runs[case.name] = Run(case=case.name, seconds=_children_seconds() - start, error=error)
    return runs


def _children_seconds() -> float:
    """Processor time of the programs run so far: what else the machine does makes no difference."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def row(referee: ModuleType, name: str, given: str, records: Sequence[Record]) -> list[str]:
    """One program's line of the table."""
    summary = referee.summarize(list(records))
    seconds = sorted(r["seconds"] for r in records if r["seconds"] is not None)
    failed = sum(r["sums"]["ran"][0] == 0 for r in records)
    cells = [percent(v, 0) if (v := summary.get(key)) is not None else "-" for key in COLUMNS.values()]
    middle = f"{seconds[len(seconds) // 2]:.1f}" if seconds else "-"
    return [name, given, str(len(records)), *cells, str(failed), middle]


def run(args: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Run everything; yields the table in Markdown, longer by each program."""
    referee = load_referee(args.score)
    folders, cases = draw_cases(args.n, args.seed, folder)
    head = ["program", "given by hand", "figures", *COLUMNS, "failed", "seconds a figure"]
    rows = []
    for peer in PEERS:
        if args.peer and peer.name not in args.peer:
            continue
        n = min(peer.n_figures, len(cases))
        print(f"{peer.name}: {n} figures", file=sys.stderr, flush=True)
        runs = run_peer(peer, cases[:n], folder / peer.name, args)
        records = score_cases(referee, folders[:n], folder / peer.name, runs)
        rows.append(row(referee, peer.name, peer.given, records))
        if peer.name == "chartscribe":
            for few in sorted({min(p.n_figures, len(cases)) for p in PEERS} - {n}):
                rows.append(row(referee, f"chartscribe, first {few}", peer.given, records[:few]))
        yield markdown_table(head, rows)


NOTES = """
All read the same drawn charts, scored by the same referee in one run; trace-digitiser, which takes a minute
a chart, reads the first ones only. A program that never doubts counts as saying `ok`. `ok but wrong`: of the
panels that say ok, those that are not right in everything. `failed`: no answer, or none in time. Seconds are
the median of one core's time, start of the program included. unplot reads the chart's vector PDF, the others
its picture.
"""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--n", type=int, default=24, help="how many charts (default 24)")
    parser.add_argument("--seed", type=int, default=21, help="the seed of the drawn charts (default 21)")
    parser.add_argument("--peer", action="append", choices=[p.name for p in PEERS], help="this one only")
    parser.add_argument("--timeout", type=float, default=TIME_LIMIT_S, help="seconds a figure (default 180)")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "chartscribe-peers")
    parser.add_argument("--score", type=Path, default=DEFAULT_SCORE, help="the referee's score.py")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "peers.md", help="the table")
    args = parser.parse_args(arguments)
    if shutil.which("tesseract") is None and (not args.peer or "trace-digitiser" in args.peer):
        sys.exit("benchmarks: trace-digitiser needs Tesseract, which is not on the PATH")
    command = "python -m benchmarks.peers " + shlex.join(sys.argv[1:] if arguments is None else arguments)
    head = f"# Beside other programs\n\n{date.today().isoformat()}, `{command.strip()}`\n\n"
    with tempfile.TemporaryDirectory() as scratch:
        for table in run(args, Path(scratch)):
            args.out.write_text(head + table + NOTES, encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
