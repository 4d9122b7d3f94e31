"""TensorBoard event files, read by the package that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chartscribe.compare.tables import Column, Table
from digitizer.errors import InputError


def read_events(name: str) -> Table:
    """The scalars of an event file: a column a tag, and ``step``.

    Raises
    ------
    InputError
        Where it cannot be read, or TensorBoard is not installed.
    """
    try:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    except ImportError:
        raise InputError(
            name, "needs TensorBoard to be read", "pip install 'chartscribe[tensorboard]'"
        ) from None
    # Zero keeps all events; the default keeps a random ten thousand.
    events = EventAccumulator(name, size_guidance={"scalars": 0, "tensors": 0})
    try:
        events.Reload()
        tags = events.Tags()
        found = {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags["scalars"]}
        found |= {tag: scalars for tag in tags["tensors"] if (scalars := _scalars(events, tag))}
    except Exception as error:
        raise InputError(name, "is a damaged event file", "give another log of the run") from error
    if not found:
        raise InputError(name, "holds no scalars", "give the event file that has the curves")
    return _table(name, found)


def _scalars(events: Any, tag: str) -> list[tuple[int, float]]:
    """TensorFlow 2 writes scalars as tensors of no dimension."""
    from tensorboard.util import tensor_util

    made = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]
    return [(step, float(array)) for step, array in made if array.ndim == 0 and array.dtype.kind in "fiu"]


def _table(name: str, found: Mapping[str, list[tuple[int, float]]]) -> Table:
    steps = sorted({step for points in found.values() for step, _ in points})
    place = {step: index for index, step in enumerate(steps)}
    columns = {"step": Column(name="step", numbers=np.array(steps, dtype=float))}
    for tag, points in found.items():
        numbers = np.full(len(steps), np.nan)
        for step, value in points:
            numbers[place[step]] = value
        columns[tag] = Column(name=tag, numbers=numbers)
    return Table(log=name, columns=columns)
