"""Loads the referee's own code, so that the tables say what the referee says."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DEFAULT_SCORE = SHARED / "score" / "score.py"

Record = dict[str, Any]


def load_referee(path: Path = DEFAULT_SCORE) -> ModuleType:
    """Import ``score.py`` from where it lies; exits with a clear line where it does not."""
    if not path.is_file():
        sys.exit(f"benchmarks: the referee is not at {path}; give its place with --score PATH")
    spec = importlib.util.spec_from_file_location("chartscribe_referee", path)
    if spec is None or spec.loader is None:
        sys.exit(f"benchmarks: {path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def score_cases(
    referee: ModuleType, cases: list[Path], documents: Path, runs: dict[str, Any]
) -> list[Record]:
    """Score the documents ``documents/<case>.json``; a missing one counts as a crash.

    Parameters
    ----------
    referee : module
        The loaded ``score.py``.
    cases : list of Path
        Folders with ``truth.json``.
    documents : Path
        Where the figure documents lie.
    runs : dict
        For each case its run, of which ``seconds`` and ``error`` join the record.
    """
    args = argparse.Namespace(pred=documents, cmd=None, cache=None, timeout=0, version="")
    records = []
    for case in cases:
        record: Record = referee.run_one(case, args)
        run = runs.get(case.name)
        if run is not None:
            record["seconds"] = run.seconds
            if run.error:
                record["notes"] = [run.error, *record["notes"][1:]]
        records.append(record)
    return records
