"""Logs: what their kinds hold, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chartscribe.compare.logs import read_log, read_logs
from digitizer.errors import InputError


def test_kinds_of_logs_hold_the_same(tmp_path: Path) -> None:
    rows = [
        {"step": 10 * i, "train/loss": 1.5 - i / 10, "eval_acc": i / 8 if i % 2 else None} for i in range(8)
    ]
    frame = pd.DataFrame(rows)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "a.tsv", index=False, sep="\t")
    frame.to_csv(tmp_path / "semi.csv", index=False, sep=";", decimal=",")
    frame.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + '\n{"step": 8')
    (tmp_path / "list.json").write_text(json.dumps(rows))
    (tmp_path / "trainer_state.json").write_text(json.dumps({"best": 1, "log_history": rows}))
    (tmp_path / "columns.json").write_text(json.dumps(frame.replace({np.nan: None}).to_dict("list")))
    nested = [{"step": r["step"], "train": {"loss": r["train/loss"]}} for r in rows]
    (tmp_path / "nested.jsonl").write_text("\n".join(map(json.dumps, nested)))
    padded = ["   step,   train/loss,     eval_acc"]
    padded += [
        f"  {r['step']},  {r['train/loss']},  {'' if r['eval_acc'] is None else r['eval_acc']}" for r in rows
    ]
    (tmp_path / "padded.csv").write_text("\n".join(padded))
    for path in sorted(tmp_path.iterdir()):
        table = read_log(str(path))
        name = "train.loss" if path.name == "nested.jsonl" else "train/loss"
        assert table.n_rows == 8, path
        np.testing.assert_allclose(table.columns["step"].numbers, frame["step"])
        np.testing.assert_allclose(table.columns[name].numbers, frame["train/loss"])
        if "eval_acc" in table.columns:
            np.testing.assert_allclose(table.columns["eval_acc"].numbers, frame["eval_acc"].astype(float))
    assert len(read_logs([str(tmp_path)])) == 10


def test_texts_of_pairs_and_columns_without_names(tmp_path: Path) -> None:
    lines = [
        "starting",
        "Epoch 1: loss=0.9, val acc: 0.5 (12.5s)",
        "Epoch 2: loss=0.7, val acc: 6e-1",
        "saved",
    ]
    (tmp_path / "train.log").write_text("\n".join(lines))
    table = read_log(str(tmp_path / "train.log"))
    assert {name: column.numbers.tolist() for name, column in table.columns.items()} == {
        "epoch": [1, 2],
        "loss": [0.9, 0.7],
        "val acc": [0.5, 0.6],
    }
    (tmp_path / "bare.txt").write_text("0 1.5\n1 1.25\n2 1.0\n")
    bare = read_log(str(tmp_path / "bare.txt"))
    assert list(bare.columns) == ["0", "1"]
    assert bare.columns["1"].numbers.tolist() == [1.5, 1.25, 1.0]
    (tmp_path / "times.csv").write_text("when,took,v\n2024-05-01,0:01:30,1\n2024-05-02,1:00:00,2\n")
    times = read_log(str(tmp_path / "times.csv"))
    assert np.diff(times.columns["when"].numbers).tolist() == [86400]
    assert times.columns["took"].numbers.tolist() == [90, 3600]


def test_what_is_no_log_is_told(tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("Dear reader,\nthis is prose\nand no log.\n")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "binary.csv").write_bytes(b"\xff\0\1\2\0")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    for name in ("prose.txt", "empty.csv", "binary.csv", "cut.parquet", "absent.csv"):
        with pytest.raises(InputError, match=name):
            read_log(str(tmp_path / name))
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="is a folder without logs"):
        read_logs([str(tmp_path / "folder")])


def test_tensorboard_events(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(tmp_path))
    for step in range(0, 30, 10):
        value = Summary.Value(tag="train/loss", simple_value=1.5 - step / 40)
        writer.add_event(Event(step=step, summary=Summary(value=[value])))
    writer.close()
    (table,) = read_logs([str(tmp_path)])
    assert table.columns["step"].numbers.tolist() == [0, 10, 20]
    assert table.columns["train/loss"].numbers.tolist() == [1.5, 1.25, 1.0]
