"""Hostile files of other programs: Keras models to import, and weights for a model on the bench.

Each is a small harmless file with one thing in it that a stranger might try.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.hostile.archives import members, rewritten, zipped
from tests.hostile.models.make import VALID
from tests.hostile.models.weights import changed, hostile_weights

__all__ = ["FIXTURES", "FOREIGN", "OLD", "TENSORS", "foreign_set", "old_weights"]

FIXTURES = Path(__file__).parents[2] / "files" / "fixtures"
FOREIGN = FIXTURES / "foreign.keras"
"""A functional model of encoder and decoder, as Keras saves it."""
OLD = FIXTURES / "keras2-whole.h5"
"""Both in HDF5, as Keras 2 saves it with the loss that was added."""
TENSORS = FIXTURES / "exported.safetensors"
ELSEWHERE = "/etc/hostname"

Item = tuple[bytes, str]

LAYERS: dict[str, tuple[dict[str, Any], str]] = {
    "Lambda": (
        {
            "class_name": "Lambda",
            "config": {"function": {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}}},
        },
        "is a Lambda",
    ),
    "TFSMLayer": (
        {"class_name": "TFSMLayer", "config": {"filepath": ELSEWHERE}},
        "runs code that is not in the file",
    ),
    "StringLookup": (
        {"class_name": "StringLookup", "config": {"vocabulary": ELSEWHERE}},
        "is work on the data",
    ),
    "a wrong module": ({"module": "os", "class_name": "system"}, "not one of Keras' own"),
    "a layer of another module": ({"module": "evil"}, "not one of Keras' own"),
    "a function for an activation": (
        {"config": {"activation": {"module": "os", "class_name": "function", "config": "system"}}},
        "has the activation 'system'",
    ),
    "a function by name": (
        {"config": {"activation": "keras.utils.get_file"}},
        "activation 'keras.utils.get_file'",
    ),
    "a giant layer": ({"config": {"units": 1 << 60}}, "cannot have units"),
    "a setting of its own": ({"config": {"callback": "os.system"}}, "the setting 'callback'"),
    "layers of one name": ({"name": "flatten"}, "not as Keras writes it"),
    "an operation of another module": (
        {"module": "keras.src.ops.os", "class_name": "system"},
        "is the operation 'system', written outside of layers",
    ),
    "parts without number": (
        {"module": "keras.ops", "class_name": "Split", "config": {"indices_or_sections": 1 << 60}},
        "'Split' with arguments unknown here",
    ),
    "places without number": (
        {
            "module": "keras.ops",
            "class_name": "Split",
            "config": {"indices_or_sections": [0] * 50_000, "axis": -1},
        },
        "'Split' with arguments unknown here",
    ),
    "a giant shape": (
        {"module": "keras.ops", "class_name": "Reshape", "config": {"newshape": [-1, 1 << 60]}},
        "'Reshape' with arguments unknown here",
    ),
    "a name for every line": ({"config": {"units": "8\n" * 1000}}, "cannot have units"),
}


@cache
def foreign_set() -> dict[str, Item]:
    """The files by name, each with what the refusal has to say (a regular expression)."""
    return dict((*_models(), *_keras_weights(), *_tensors(), *_hdf5(), *_kinds()))


def _document() -> Any:
    return json.loads(members(FOREIGN)["config.json"])


def _model(document: Any) -> bytes:
    return rewritten(FOREIGN, {"config.json": json.dumps(document).encode()})


def _encoder(document: Any) -> Any:
    """The description of the encoder within that of the model."""
    return next(e for e in document["config"]["layers"] if e["name"] == "encoder")


def _models() -> Iterator[tuple[str, Item]]:
    for name, (change, message) in LAYERS.items():
        document = _document()
        layer = _encoder(document)["config"]["layers"][2]
        settings = {**layer["config"], **change.get("config", {})}
        layer.update({**change, "config": settings})
        yield f"foreign {name}.keras", (_model(document), message)
    document = _document()
    layers = _encoder(document)["config"]["layers"]
    layers[1]["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "dense"
    yield "foreign layers in a circle.keras", (_model(document), "feed each other")
    document = _document()
    _encoder(document)["config"]["layers"] *= 200
    yield "foreign layers without end.keras", (_model(document), "too many layers")
    document = _document()
    ends = _encoder(document)["config"]["output_layers"]
    _encoder(document)["config"]["output_layers"] = ends * 10_000
    yield "foreign outputs without end.keras", (_model(document), "too many inputs or outputs")
    document = _document()
    for _ in range(12):
        document = {"class_name": "Functional", "config": {"inner": document}}
    yield "foreign models in models.keras", (_model(document), "not of what layers")
    texts = {
        "deep": (b"[" * 100_000, "nested too deeply"),
        "long": (b" " * (5 << 20), "larger than 4 MB"),
        "digits": (b'{"a": ' + b"9" * 100_000 + b"}", "too many digits"),
        "NaN": (b'{"a": NaN}', "not a finite number"),
        "twice": (b'{"a": 1, "a": 2}', "names something twice"),
    }
    for name, (text, message) in texts.items():
        content = rewritten(FOREIGN, {"config.json": text})
        yield f"foreign JSON {name}.keras", (content, message)
    parts = list(members(FOREIGN).items())
    yield "foreign packed.keras", (zipped(*parts, compression=8), "packed anew")
    yield "foreign traversal.keras", (zipped(*parts, ("../x", b"")), "leads out of it")


def _keras_weights() -> Iterator[tuple[str, Item]]:
    """The weights of a model to import, in the place of the encoder's first kernel."""
    content = members(FOREIGN)["model.weights.h5"]
    kernel = "layers/functional/layers/dense/vars/0"
    for name, (weights, message) in hostile_weights(content, ELSEWHERE, kernel).items():
        if message == "do not fit":
            continue
        yield f"foreign {name}.keras", (rewritten(FOREIGN, {"model.weights.h5": weights}), message)
    own = members(VALID)["model.weights.h5"]
    for name, (weights, message) in hostile_weights(own, ELSEWHERE).items():
        # Half precision will do for weights alone, and what lies beside the layers is left there.
        if name not in ("half as precise", "an array too many"):
            yield f"{name}.weights.h5", (weights, message)

    def lacking(h5: Any) -> None:
        del h5[kernel]

    weights = changed(content, lacking)
    incomplete = rewritten(FOREIGN, {"model.weights.h5": weights})
    yield "foreign an array missing.keras", (incomplete, "are missing")
    yield "of another model.weights.h5", (content, "do not fit")


def old_weights() -> bytes:
    """Weights for the model on the bench, as Keras 2 kept them."""
    file = io.BytesIO()
    with (
        h5py.File(io.BytesIO(members(VALID)["model.weights.h5"])) as new,
        h5py.File(file, "w") as old,
    ):
        halves = {"encoder": new["layers/functional"], "decoder": new["layers/functional_1"]}
        old.attrs["layer_names"] = list(halves)
        for name, half in halves.items():
            layers = [each["vars"] for each in half["layers"].values() if len(each["vars"])]
            names = []
            for layer in layers:
                for end, array in zip(("kernel:0", "bias:0"), layer.values(), strict=True):
                    names.append(f"{layer.attrs['name']}/{end}")
                    old[f"{name}/{names[-1]}"] = array[()]
            old[name].attrs["weight_names"] = names
    return file.getvalue()


def _hdf5() -> Iterator[tuple[str, Item]]:
    """Whole models of Keras 2 in HDF5."""
    content = OLD.read_bytes()
    with h5py.File(OLD) as h5:
        text = str(h5.attrs["model_config"])

    def model(document: Any) -> bytes:
        return with_attribute("model_config", json.dumps(document))

    def with_attribute(name: str, value: Any, group: str = "/") -> bytes:
        def change(h5: Any) -> None:
            h5[group].attrs[name] = value

        return changed(content, change)

    def encoder_layer(number: int = 2) -> tuple[Any, Any]:
        document = json.loads(text)
        models = (e for e in document["config"]["layers"] if e["name"] == "encoder")
        return document, next(models)["config"]["layers"][number]

    for name, (change, message) in {
        "Lambda": (
            {"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None]}},
            "is a Lambda",
        ),
        "a class of one's own": ({"class_name": "Evil>Layer"}, "not one of Keras' own"),
        "a module": ({"module": "os", "class_name": "system"}, "not one of Keras' own"),
        "a function": (
            {"class_name": "TFOpLambda", "config": {"function": "io.read_file"}},
            "operation|outside of layers",
        ),
        "a node of a graph": (
            {"class_name": "TensorFlowOpLayer", "config": {"node_def": '{"op": "ReadFile"}'}},
            "operation|outside of layers",
        ),
        "an activation of a layer": (
            {"config": {"activation": {"class_name": "system", "config": {}}}},
            "cannot|activation",
        ),
        "a giant": ({"config": {"units": 1 << 60}}, "cannot have units"),
    }.items():  # fmt: skip
        document, layer = encoder_layer()
        settings = {**layer["config"], **change.get("config", {})}
        layer.update({**change, "config": settings})
        yield f"foreign old {name}.h5", (model(document), message)
    document, layer = encoder_layer()
    layer["inbound_nodes"] = [[["hidden", 0, 0, {}]]]
    yield "foreign old circle.h5", (model(document), "feed each other|as Keras writes")
    document, layer = encoder_layer()
    for _ in range(14):
        layer["inbound_nodes"] = [layer["inbound_nodes"]]
    yield "foreign old calls in calls.h5", (model(document), "as Keras writes|feed|input")
    document, layer = encoder_layer()
    for _ in range(18):
        inner = {"class_name": "ReLU", "config": {"activation": layer["config"]["activation"]}}
        layer["config"]["activation"] = inner
    yield "foreign old layers in layers.h5", (model(document), "nested|as Keras writes|activation")
    texts: dict[str, tuple[Any, str]] = {
        "deep": ("[" * 100_000, "nested too deeply"),
        "long": (" " * (5 << 20), "says too much"),
        "digits": ('{"a": ' + "9" * 100_000 + "}", "too many digits"),
        "twice": ('{"a": 1, "a": 2}', "names something twice"),
        "no JSON": ("import os", "cannot be used"),
        "a list": ("[1]", "does not describe a model"),
        "a number": (7, "no text"),
        "bytes": (np.void(b"\xff\x00\x80\x02"), "no text|cannot be used"),
    }
    for name, (value, message) in texts.items():
        yield f"foreign attribute {name}.h5", (with_attribute("model_config", value), message)
    group = "model_weights/encoder"
    names: dict[str, tuple[Any, str]] = {
        "elsewhere": (["../../../etc/hostname", "/etc/hostname"], "are missing"),
        "of numbers": (np.arange(9), "no text"),
        "of lines": (["a\nb"], "cannot be shown"),
        "long": (["x" * 5000], "says too much"),
        "none": ([""], "are missing"),
    }
    for name, (value, message) in names.items():
        item = (with_attribute("weight_names", value, group), message)
        yield f"foreign weight names {name}.h5", item
    many = with_attribute("layer_names", np.full(20_000, b"a"), "model_weights")
    yield "foreign layer names many.h5", (many, "says too much")
    kernel = f"{group}/hidden/kernel:0"
    for name, (weights, message) in hostile_weights(content, ELSEWHERE, kernel).items():
        if message != "do not fit" and "weights" not in name:
            yield f"foreign old {name}.h5", (weights, message)
    yield "foreign cut off.h5", (content[: len(content) // 2], "damaged")
    yield "foreign head alone.h5", (content[:512], "damaged")
    old = old_weights()
    kernel = "encoder/hidden_1/kernel:0"
    for name, (weights, message) in hostile_weights(old, ELSEWHERE, kernel).items():
        if name not in ("half as precise", "an array too many"):
            yield f"old {name}.h5", (weights, message)


def _kinds() -> Iterator[tuple[str, Item]]:
    """Files that run code where others open them."""
    code = b"\x80\x04\x95\x1d\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R."
    yield "foreign pickle.pkl", (code, "a pickle")
    yield "foreign pickle.h5", (code, "a pickle")
    yield "pickle.h5", (code, "a pickle")
    yield "foreign script.py", (b"raise SystemExit", "a program")
    yield "foreign architecture.json", (b'{"class_name": "Model"}', "not their weights")


def _tensors() -> Iterator[tuple[str, Item]]:
    content = TENSORS.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    first = min(name for name in header if name != "__metadata__")

    def with_first(**changes: Any) -> bytes:
        return _safetensors({**header, first: {**header[first], **changes}}, data)

    lacking = {name: entry for name, entry in header.items() if name != first}
    nan = struct.pack("<f", float("nan")) + data[4:]
    texts = {
        "header without end": (struct.pack("<Q", 1 << 62) + content[8:], "damaged|cannot be used"),
        "header deep": (struct.pack("<Q", 100_000) + b"[" * 100_000, "damaged|cannot be used"),
        "header of nothing": (struct.pack("<Q", 2) + b"{}", "no weights"),
        "shape bomb": (with_first(shape=[1 << 30, 1 << 30]), "damaged|cannot be used"),
        "beyond the file": (with_first(data_offsets=[0, 1 << 40]), "damaged|cannot be used"),
        "over each other": (
            _safetensors({name: {**e, "data_offsets": [0, 4]} if name != "__metadata__" else e
                          for name, e in header.items()}, data),
            "damaged|cannot be used",
        ),
        "numbers that are text": (with_first(dtype="BOOL"), "damaged|cannot be used"),
        "an array missing": (_safetensors(lacking, data), "do not fit|damaged|cannot be used"),
        "numbers that are NaN": (_safetensors(header, nan), "not finite"),
        "cut off": (content[: len(content) // 2], "damaged|cannot be used"),
        "empty": (b"", "it is empty"),
    }  # fmt: skip
    for name, item in texts.items():
        yield f"{name}.safetensors", item


def _safetensors(header: Any, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data
