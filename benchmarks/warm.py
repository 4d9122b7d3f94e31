"""Times the stages of one picture inside a warm process bound to one core; prints JSON.

The stage functions that the recipe imports are wrapped with timers here, so that the recipe needs no hook.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


class TimedRecogniser:
    """A recogniser that adds up its own time."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.seconds = 0.0

    @property
    def name(self) -> str:
        """The engine's name."""
        return str(self.inner.name)

    def read(self, crops: Sequence[Any]) -> Any:
        """Read the crops with the engine and count the time."""
        start = time.perf_counter()
        try:
            return self.inner.read(crops)
        finally:
            self.seconds += time.perf_counter() - start


def timed(function: Callable[..., Any], name: str, seconds: dict[str, float]) -> Callable[..., Any]:
    """The function, adding its time to ``seconds[name]``."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            seconds[name] += time.perf_counter() - start

    return wrapper


def stage_names(pipeline: Any) -> list[str]:
    """The stage functions that the recipe imports, in its order."""
    return [
        name
        for name, value in vars(pipeline).items()
        if callable(value) and str(getattr(value, "__module__", "")).startswith("digitizer.stages")
    ]


def measure(path: Path, repeats: int) -> dict[str, Any]:
    """Median seconds of digitizing, describing, the recogniser and every stage."""
    import chartscribe
    from digitizer import pipeline
    from digitizer.ocr import load_recogniser

    chartscribe.describe(chartscribe.digitize(path)).to_markdown()  # everything is loaded now
    totals: list[float] = []
    describing: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        figure = chartscribe.digitize(path)
        totals.append(time.perf_counter() - start)
        start = time.perf_counter()
        chartscribe.describe(figure).to_markdown()
        describing.append(time.perf_counter() - start)
    engine = TimedRecogniser(load_recogniser("ppocr"))
    seconds: dict[str, float] = defaultdict(float)
    names = stage_names(pipeline)
    for name in names:
        setattr(pipeline, name, timed(getattr(pipeline, name), name, seconds))
    pipeline.digitize(path, recogniser=engine)
    stages: dict[str, list[float]] = {name: [] for name in names}
    recogniser: list[float] = []
    for _ in range(repeats):
        seconds.clear()
        engine.seconds = 0.0
        pipeline.digitize(path, recogniser=engine)
        recogniser.append(engine.seconds)
        for name in names:
            stages[name].append(seconds[name])
    middle = statistics.median
    return {
        "digitize": middle(totals),
        "describe": middle(describing),
        "recogniser": middle(recogniser),
        "ratio": middle(totals) / max(middle(recogniser), 1e-9),
        "stages": {name: middle(values) for name, values in stages.items()},
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm", description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(json.dumps(measure(args.picture, args.repeats)))


if __name__ == "__main__":
    main()
