"""Make the hostile set: ``python -m tests.hostile.models.make FOLDER``.

Every file is a valid model file of this program with one thing in it that a stranger might try.
"""

from __future__ import annotations

import json
import math
import pickle
import struct
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.archives import directory, members, patched_directory, rewritten, zipped
from tests.hostile.models.weights import hostile_weights
from vaegui.reading.archives.arrays import pack, unpack

__all__ = ["ELSEWHERE", "VALID", "hostile_set", "write"]

VALID = Path(__file__).parents[2] / "files" / "fixtures" / "format-3-dense.keras"
ELSEWHERE = "/etc/hostname"
"""A file that hostile ones want to have read."""

Item = tuple[bytes, str]

CODE = (
    "builtins.eval",
    "os.system",
    "keras.utils.get_file",
    "lambda x: x",
    "__import__('os').system('true')",
    {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": None},
    {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}},
)


@cache
def hostile_set() -> dict[str, Item]:
    """The files by name, each with what the refusal has to say (a regular expression)."""
    return {
        name: item
        for items in (_archives(), _settings(), _data(), _arrays(), _weights(), _keras(), _damage())
        for name, item in items
    }


def write(folder: Path) -> dict[str, str]:
    """Write all files; returns what their refusals have to say, by the names of the files."""
    said = {}
    for name, (content, message) in hostile_set().items():
        (folder / f"{name}.keras").write_bytes(content)
        said[f"{name}.keras"] = message
    return said


def _with(name: str, content: bytes | None) -> bytes:
    return rewritten(VALID, {name: content})


def _document(name: str) -> Any:
    return json.loads(members(VALID)[f"vaegui/{name}.json"])


def _json(name: str, document: Any) -> bytes:
    return _with(f"vaegui/{name}.json", json.dumps(document).encode())


def _archives() -> Iterator[tuple[str, Item]]:
    valid, parts = VALID.read_bytes(), list(members(VALID).items())
    settings = dict(parts)["vaegui/settings.json"]
    bomb = rewritten(VALID, {"vaegui/settings.json": b" " * (9 << 20) + settings})
    yield "zip bomb", (zipped(("vaegui/settings.json", bytes(1 << 27)), compression=8), "packed")
    yield "zip in a zip bomb", (zipped(("vaegui/format.json", bomb), compression=8), "packed anew")
    yield "spaces without end", (bomb, "settings.json is too large")
    yield "all compressed", (zipped(*parts, compression=zipfile.ZIP_DEFLATED), "packed anew")
    yield "a member twice", (zipped(*parts, parts[3]), "two members of the same name")
    yield "a member in two cases", (zipped(*parts, ("VAEGUI/format.json", b"{}")), "same name")
    for name in ("../x", "vaegui/../../x", "/etc/x", "..", "C:x", "a\\..\\..\\x", "x\0y", "é"):
        shown = name.replace("/", "|").replace("\0", "0")
        yield f"a member called {shown}", (zipped(*parts, (name, b"")), "leads out of it|odd name")
    yield "a long name", (zipped(*parts, ("x" * 60_000, b"")), "too many members|odd name")
    names = [(f"{i}", b"") for i in range(20_000)]
    yield "many members", (zipped(*parts, *names), "too many members")
    yield "encrypted", (patched_directory(valid, 8, "<H", 1), "encrypted")
    yield (
        "a member larger than the file",
        (
            patched_directory(patched_directory(valid, 20, "<L", 1 << 30), 24, "<L", 1 << 30),
            "over each other",
        ),
    )
    yield "members over each other", (_overlapping(valid), "over each other")
    yield "a comment", (zipped(*parts, comment=b"x" * 100), "is damaged or not a model file")
    yield "something before", (b"#!/bin/sh\n" + valid, "not where it should be")
    long = valid[:-22] + b"PK\x06\x07" + bytes(16) + valid[-22:]
    yield "a 64-bit archive that is none", (long, "not where it should be")
    yield "a 64-bit archive of many members", (_long(valid, 1 << 40), "too many members")
    yield "a 64-bit archive of two disks", (_long(valid, disk=1), "not where it should be")


def _long(valid: bytes, count: int | None = None, disk: int = 0) -> bytes:
    """The same archive with an end in 64 bits, and so many members in its list."""
    _, _, here, length, start = struct.unpack("<4s4sHxxLLxx", valid[-22:])
    count, place = here if count is None else count, len(valid) - 22
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, disk, 0, count, count, length, start)
    return valid[:-22] + end + struct.pack("<4sLQL", b"PK\6\7", 0, place, 1) + valid[-22:]


def _overlapping(valid: bytes) -> bytes:
    """Two names in the list of members for the same bytes."""
    at, end = directory(valid), bytearray(valid[-22:])
    second = valid.index(b"PK\x01\x02", at + 1)
    entry = valid[at:second].replace(b"metadata", b"metadatb")
    for offset in (8, 10):
        end[offset] += 1
    length = int.from_bytes(end[12:16], "little") + len(entry)
    end[12:16] = length.to_bytes(4, "little")
    return valid[:-22] + entry + bytes(end)


def _settings() -> Iterator[tuple[str, Item]]:
    plain = _document("settings")
    for path in _strings(plain):
        for i, code in enumerate(CODE):
            document = _changed(plain, path, code)
            yield f"code {i} as {'.'.join(path)}", (_json("settings", document), "cannot be used")
    changes: dict[str, tuple[tuple[str, ...], Any, str]] = {
        "wide": (("architecture", "widths"), [65536] * 16, "the file holds 2,468"),
        "wider": (("architecture", "widths"), [1 << 60], "cannot be used"),
        "long": (("architecture", "widths"), [1] * 100_000, "cannot be used"),
        "many units": (("latent_units",), 1024, "the file holds 2,468"),
        "huge batch": (("training", "batch_size"), 10**18, "cannot be used"),
        "negative": (("latent_units",), -1, "cannot be used"),
        "unknown": (("training", "callback"), "os.system", "cannot be used"),
        "no data of examples": (
            ("data",),
            {"kind": "none", "shape": [784]},
            "cannot have examples",
        ),
        "no data of a shape": (("data",), {"kind": "none", "shape": [1] * 9}, "cannot be used"),
        "no encoder": (("architecture",), _decoder_alone(), "the file holds 2,468"),
        "a long text": (("data", "kind"), "x" * 5_000_000, "cannot be used"),
    }
    for name, (path, value, message) in changes.items():
        yield f"settings {name}", (_json("settings", _changed(plain, path, value)), message)
    endless = b'"' + b'\\"' * 2_000_000
    yield "a string without end", (_with("vaegui/settings.json", endless), "damaged")
    conv = {"kind": "conv", "filters": [4096] * 8, "hidden": 65536}
    yield (
        "settings of a giant",
        (
            _json("settings", {**plain, "architecture": conv}),
            "the file holds 2,468",
        ),
    )
    texts = {
        "deep": (b"[" * 100_000, "nested too deeply"),
        "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        "digits": (b'{"latent_units": ' + b"9" * 1_000_000 + b"}", "too many digits"),
        "overflow": (b'{"latent_units": 1e999}', "not finite"),
        "NaN": (b'{"objective": {"beta": NaN}}', "not a finite number"),
        "twice": (b'{"latent_units": 2, "latent_units": 3}', "names something twice"),
        "many values": (b"[" + b"1," * 2_000_000 + b"1]", "too many values"),
        "no object": (b'"settings"', "cannot be used"),
        "no text": (b"\xff\xfe{}", "cannot be used"),
    }
    for name, (content, message) in texts.items():
        yield f"JSON {name}", (_with("vaegui/settings.json", content), message)


def _decoder_alone() -> dict[str, Any]:
    """The settings of an imported model without its encoder."""
    shape = _document("data")["shape"]
    layers = [
        {"kind": "Dense", "units": math.prod(shape)},
        {"kind": "Reshape", "target_shape": shape},
    ]
    nodes = [{"name": f"l{i}", "inputs": [i], "layer": each} for i, each in enumerate(layers)]
    return {"kind": "imported", "encoder": None, "decoder": {"shape": [2], "nodes": nodes}}


def _data() -> Iterator[tuple[str, Item]]:
    plain = _document("data")
    changes: dict[str, tuple[Any, str]] = {
        "shape": ([1 << 20, 1 << 20], "too large"),
        "dtype": ("object", "type object"),
        "class_names": (["x"] * 100_000, "too many classes"),
        "name": ("x" * 1_000_000, "too long"),
        "train_examples": (1 << 200, "damaged"),
        "test_examples": (-1, "impossible"),
        "scaling": ({"scale": 0.0, "offset": 0.0}, "scale of the data is zero"),
        "value_range": ([-1e300, 1e300], "finite"),
    }
    for name, (value, message) in changes.items():
        yield f"data {name}", (_json("data", {**plain, name: value}), message)


def _arrays() -> Iterator[tuple[str, Item]]:
    parts = members(VALID)
    state, history = (unpack(parts[f"vaegui/{name}.npz"]) for name in ("state", "history"))

    def altered(name: str, arrays: dict[str, Any]) -> bytes:
        return _with(f"vaegui/{name}.npz", pack(arrays))

    moment = "optimiser/momentum/encoder/hidden_1/kernel"
    nan, turned = np.full_like(state[moment], np.nan), np.ascontiguousarray(state[moment].T)
    yield "state that is NaN", (altered("state", {**state, moment: nan}), "not finite")
    yield "state turned", (altered("state", {**state, moment: turned}), "does not fit")
    double = state[moment].astype(np.float64)
    yield "state of doubles", (altered("state", {**state, moment: double}), "does not fit")
    lacking = {k: v for k, v in state.items() if k != moment}
    yield "state lacking", (altered("state", lacking), "does not fit")
    vast = {**state, "x": np.zeros(1 << 22)}
    yield "state too large", (altered("state", vast), "too large")
    epochs = {**history, "epoch": np.array([1 << 40])}
    yield "epochs in disorder", (altered("history", epochs), "do not follow each other")
    marks = np.frombuffer(b"[" * 900_000, np.uint8)
    yield "marks deep", (altered("history", {**history, "marks": marks}), "damaged")
    pickled = np.array([_Runs()], object)
    for name in ("history", "state", "timeline"):
        content = _npz(pickled)
        yield f"{name} pickled", (_with(f"vaegui/{name}.npz", content), "not of plain numbers")
        content = _npz(np.zeros(3, np.float32)).replace(b"(3,), ", b"(9<<9)")
        yield f"{name} evaluated", (_with(f"vaegui/{name}.npz", _mended(content)), "does not begin")
        content = _npz(np.zeros(3, np.float32)).replace(b"(3,), }   ", b"(8888,), }")
        yield f"{name} of zeros", (_with(f"vaegui/{name}.npz", _mended(content)), "as long as")
        yield f"{name} missing", (_with(f"vaegui/{name}.npz", b""), "no archive")


class _Runs:
    """What a pickle could run."""

    def __reduce__(self) -> Any:
        return exec, ("raise SystemExit('a pickle ran')",)


def _npz(array: Any) -> bytes:
    if array.dtype != object:
        return pack({"a": array})
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    magic = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    return zipped(("a.npy", magic + header + pickle.dumps(array.tolist())))


def _mended(npz: bytes) -> bytes:
    """The archive with the checksums that its members really have."""
    at = npz.index(b"\x93NUMPY")
    return zipped(("a.npy", npz[at : npz.index(b"PK\x01\x02", at)]))


def _weights() -> Iterator[tuple[str, Item]]:
    content = members(VALID)["model.weights.h5"]
    for name, (weights, message) in hostile_weights(content, ELSEWHERE).items():
        yield name, (_with("model.weights.h5", weights), message)


def _keras() -> Iterator[tuple[str, Item]]:
    """Models that only Keras' own loader could open, and would run something for."""
    ours = {name: None for name in members(VALID) if name.startswith("vaegui/")}
    layers: dict[str, dict[str, Any]] = {
        "Lambda": {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"function": CODE[6]},
        },
        "TFSMLayer": {
            "module": "keras.layers",
            "class_name": "TFSMLayer",
            "config": {"name": "x", "filepath": ELSEWHERE},
        },
        "StringLookup": {
            "module": "keras.layers",
            "class_name": "StringLookup",
            "config": {"name": "x", "vocabulary": ELSEWHERE},
        },
        "wrong module": {"module": "os", "class_name": "system", "config": {"command": "true"}},
        "function for activation": {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {"name": "x", "units": 2, "activation": CODE[5]},
        },
        "custom class": {"module": "evil", "class_name": "Evil", "config": {}},
    }
    for name, layer in layers.items():
        config = {"name": "vae", "layers": [{"name": "x", "inbound_nodes": [], **layer}]}
        model = {"module": "keras", "class_name": "Functional", "config": config}
        changes = {**ours, "config.json": json.dumps(model).encode()}
        yield f"Keras {name}", (rewritten(VALID, changes), "not saved by vaegui")


def _damage() -> Iterator[tuple[str, Item]]:
    valid = VALID.read_bytes()
    for part in (0, 1, 10, 50, 90, 99):
        content = valid[: len(valid) * part // 100]
        yield f"only {part} per cent", (content, "damaged" if content else "it is empty")
    for name in ("model.weights.h5", "vaegui/settings.json", "vaegui/state.npz"):
        with zipfile.ZipFile(VALID) as archive:
            info = archive.getinfo(name)
        at = info.header_offset + 30 + len(name) + info.file_size // 2
        flipped = valid[:at] + bytes([valid[at] ^ 0x10]) + valid[at + 1 :]
        yield f"a bit of {name.replace('/', '|')}", (flipped, "damaged")


def _strings(document: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _strings(value, (*path, key))
    elif isinstance(document, str):
        yield path


def _changed(document: Any, path: tuple[str, ...], value: Any) -> Any:
    first, *rest = path
    return {**document, first: _changed(document[first], tuple(rest), value) if rest else value}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
