"""What a file is that people take for a model, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vaegui.errors import FileError

__all__ = ["SAVE_BOTH", "known_kind", "start_of"]

_START = 4096
"""Bytes of a file's beginning that tell what it is."""
_TAIL = 1 << 16
"""Bytes of its end: the list of members of an archive."""

SAVE_BOTH = "encoder.save('encoder.keras'); decoder.save('decoder.keras')"
"""What to add to a script, so that the models in it can be opened."""
_WITH_KERAS_2 = (
    "In Python with the package tf-keras: import tf_keras; "
    "tf_keras.models.load_model('{name}').save('model.h5'). If the model is of a class of its own, "
    "or has Lambda layers, add to the script that made it: " + SAVE_BOTH + "."
)
_DOWNLOAD = (
    "Download the file itself: on the web page by its button Download, in a clone of the "
    "repository by: git lfs pull"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Files that are no model that can be opened: why, and what to do. ``{name}`` is the file's."""

    fits: Callable[[Path, bytes], bool]
    why: str
    remedy: str


def _begins(*starts: bytes) -> Callable[[Path, bytes], bool]:
    return lambda path, start: start.startswith(starts)


def _ends(*suffixes: str) -> Callable[[Path, bytes], bool]:
    return lambda path, start: path.name.lower().endswith(suffixes)


def _is_saved_model(path: Path, start: bytes) -> bool:
    return path.is_dir() and (path / "saved_model.pb").is_file()


def _is_part_of_saved_model(path: Path, start: bytes) -> bool:
    named = path.name in ("saved_model.pb", "keras_metadata.pb", "fingerprint.pb")
    return named or start.startswith(b"\x08\x01\x12")


def _is_checkpoint(path: Path, start: bytes) -> bool:
    if path.is_dir():
        return any(path.glob("*.index")) and any(path.glob("*.data-?????-of-?????"))
    named = re.search(r"\.index$|\.data-\d{5}-of-\d{5}$|\.ckpt$", path.name)
    return bool(named) or start.startswith(b"model_checkpoint_path:")


def _is_torch(path: Path, start: bytes) -> bool:
    packed = start.startswith(b"PK\x03\x04") and b"/data.pkl" in start[:200]
    return packed or start.startswith(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46")


def _is_packed(path: Path, start: bytes) -> bool:
    """Whether it is an archive of models, rather than a model, which is one, too."""
    if not start.startswith(b"PK\x03\x04"):
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        names = file.read()
    found = re.search(rb"(saved_model\.pb|\.keras|\.h5|\.hdf5)(PK\x01\x02|PK\x05\x06|UT)", names)
    return found is not None and b"config.json" not in names


_SAFETENSORS = _Kind(
    _ends(".safetensors"),
    "it holds weights, but not the layers that they belong to",
    "Open or make a model with the same layers, and use File > Import weights.",
)

_KINDS: tuple[_Kind, ...] = (
    _Kind(
        _begins(b"version https://git-lfs"),
        "it is a pointer of Git LFS, which stands for a file that was not downloaded",
        _DOWNLOAD + ".",
    ),
    _Kind(
        lambda path, start: (
            re.match(rb"\s*<(!doctype html|html)", start, re.IGNORECASE) is not None
        ),
        "it is a web page, not the file that the page is about",
        _DOWNLOAD + ".",
    ),
    _Kind(
        _is_saved_model,
        "it is a SavedModel, a folder with a compiled program of TensorFlow instead of layers",
        _WITH_KERAS_2,
    ),
    _Kind(
        _is_part_of_saved_model,
        "it is a file of a SavedModel, a folder with a compiled program of TensorFlow",
        _WITH_KERAS_2.replace("{name}", "{folder}"),
    ),
    _Kind(
        _is_checkpoint,
        "it belongs to a checkpoint of TensorFlow, which holds weights but no layers",
        "Add to the script that makes the model, after that: vae.load_weights('{prefix}'); "
        + SAVE_BOTH
        + ".",
    ),
    _Kind(
        _is_torch,
        "it is a file of PyTorch: a pickle, which can hold any code and is never opened here",
        "Rebuild encoder and decoder in Keras, copy the weights layer by layer (a linear layer's "
        "turned: dense.set_weights([w.T, b])), and save the two: " + SAVE_BOTH + ".",
    ),
    _Kind(
        lambda path, start: (
            _begins(b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")(path, start)
            or _ends(".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth")(path, start)
        ),
        "it is a pickle, which can hold any code and is never opened here",
        "Load it in the program that made it, if you trust it, and save the models that it holds: "
        + SAVE_BOTH
        + ".",
    ),
    _Kind(
        _ends(".onnx"),
        "it is a model in ONNX, a graph of operations instead of layers of Keras",
        "Rebuild encoder and decoder in Keras, copy the weights (onnx.numpy_helper.to_array gives "
        "them), and save the two: " + SAVE_BOTH + ".",
    ),
    _Kind(
        lambda path, start: start[4:8] == b"TFL3" or path.suffix.lower() == ".tflite",
        "it is a model for TensorFlow Lite, whose layers were compiled",
        "Take the Keras model that it was converted from: " + SAVE_BOTH + ".",
    ),
    _Kind(
        lambda path, start: b'"modelTopology"' in start,
        "it is a model for TensorFlow.js, whose weights are in further files",
        "With the package tensorflowjs: tensorflowjs_converter --input_format=tfjs_layers_model "
        "--output_format=keras {name} model.h5",
    ),
    _Kind(
        _ends(".pb", ".pbtxt"),
        "it is a graph of TensorFlow 1, a compiled program instead of layers",
        "Add to the script that made it: " + SAVE_BOTH + ".",
    ),
    _SAFETENSORS,
    _Kind(
        _ends(".py", ".ipynb"),
        "it is a program, which is never run here",
        "Run it yourself, with this added after its training: " + SAVE_BOTH + ".",
    ),
    _Kind(
        _is_packed,
        "it is an archive with files of models in it",
        "Unpack it, and choose the files of the encoder and the decoder, or of the whole model.",
    ),
)


def known_kind(path: Path, *, weights: bool = False) -> FileError | None:
    """Why a file or folder is no model that can be opened, if it is of a kind that is known.

    ``weights``: it is to be opened for its weights, so that safetensors will do.
    """
    if not path.exists():
        return None
    start = start_of(path)
    if not start and path.is_file():
        return FileError(
            f"{path.name} cannot be opened: it is empty.", "Copy or download it again."
        )
    kind = next((kind for kind in _KINDS if kind.fits(path, start)), None)
    if kind is None or (weights and kind is _SAFETENSORS):
        return None
    said = {
        "name": path.name,
        "folder": path.absolute().parent.name,
        "prefix": re.sub(r"\.(index|data-\d{5}-of-\d{5})$", "", path.name),
    }
    return FileError(f"{path.name} cannot be opened: {kind.why}.", kind.remedy.format(**said))


def start_of(path: Path) -> bytes:
    """The first bytes of a file; nothing if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_START)
    except OSError:
        return b""
