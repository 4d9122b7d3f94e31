"""Runs inside unplot's own environment: reads the frames of a PDF and prints what unplot says as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any


def read(pdf: str, frame: list[float]) -> dict[str, Any]:
    """What unplot finds in one frame (points)."""
    from unplot import extract  # type: ignore[import-not-found]

    try:
        found = extract(pdf, frame=tuple(frame))
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "x_axis": [found.x_axis.scale, found.x_axis.offset],
        "y_axis": [found.y_axis.scale, found.y_axis.offset],
        "warnings": list(found.qa.warnings),
        "curves": [
            {
                "x": curve.points[:, 0].tolist(),
                "y": curve.points[:, 1].tolist(),
                "color": curve.style.color,
                "passed": bool(curve.qa.passed),
            }
            for curve in found.curves
        ],
    }


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    print(json.dumps([read(job["pdf"], frame) for frame in job["frames"]]))
