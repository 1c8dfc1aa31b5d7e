"""Arrays out of HDF5 and safetensors files of strangers.

This process never parses such a file. A child process (``reader_child.py``) with no rights but to
read this one file says where in it which array lies. What it says is checked here, and the numbers
are then read from there as plain bytes: whatever the child was made to answer, the worst that can
come of it are wrong numbers of the right shapes.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui import strict_json
from vaegui.errors import FileError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading import child, reader_child
from vaegui.reading.archives.container import DAMAGED, explaining, opened

__all__ = [
    "ArraySpec",
    "KerasAttributes",
    "Kind",
    "is_hdf5",
    "keras_attributes",
    "list_arrays",
    "read_arrays",
]

Kind = Literal["h5", "safetensors"]
_Look = Kind | Literal["attributes"]
_H5_START = b"\x89HDF\r\n\x1a\n"

_CHILD = Path(reader_child.__file__)
_TIMEOUT = 30.0
"""Seconds that a child may live; its limit of CPU time ends it far earlier where there is one."""
_ANSWER_LIMIT = 8 << 20
_DTYPES = frozenset({"<f2", "<f4", "<f8", "|i1", "<i4", "<i8", "|u1", "<u4"})
_MAX_AXES = 8
_ODD = "Save the weights again with plain Keras, without compression or links."


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """What an array is like: ``shape``, and ``dtype`` as NumPy names it ("float32")."""

    shape: tuple[int, ...]
    dtype: str = "float32"

    @property
    def bytes(self) -> int:
        """How many bytes its numbers take."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True, slots=True)
class _Place:
    """An array in a file: what it is like, and the offset of its first byte."""

    spec: ArraySpec
    offset: int


def list_arrays(path: Path, kind: Kind, *, member: str | None = None) -> dict[str, ArraySpec]:
    """Names and shapes of all arrays in a file, without their numbers.

    Parameters, names and errors are those of `read_arrays`.
    """
    with _part(path, member) as (_, start, length):
        return {name: place.spec for name, place in _places(path, kind, start, length).items()}


@dataclass(frozen=True, slots=True)
class KerasAttributes:
    """What Keras wrote into an HDF5 file: a whole model, or weights.

    Attributes
    ----------
    arrays
        What all arrays of the file are like.
    config
        The model as JSON; empty if there are only weights.
    version
        Of the Keras that wrote it, or empty.
    layers
        The names of the model's layers, in its order.
    weights
        The names of each layer's arrays, as `list_arrays` gives them, in the layer's order. Those
        of a nested model lie together under its name.
    names
        What the layers whose weights lie in groups are called, by group, as Keras 3 says it.
    """

    arrays: Mapping[str, ArraySpec]
    config: str
    version: str
    layers: tuple[str, ...]
    weights: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]

    @property
    def holds_weights(self) -> bool:
        """Whether there are weights as any Keras writes them."""
        return bool(self.layers) or any("/vars/" in f"/{name}" for name in self.arrays)


def keras_attributes(path: Path, *, member: str | None = None) -> KerasAttributes:
    """What is in an HDF5 file of Keras. Parameters and errors are those of `read_arrays`."""
    with _part(path, member) as (_, start, length):
        entries = _entries(path, "attributes", start, length)
        places = _checked(path, [each for kind, *each in entries if kind == "array"], length)
    attributes = [each for each in entries if each[0] != "array"]
    if not all(len(e) >= 2 and all(isinstance(text, str) for text in e) for e in attributes):
        raise FileError(f"{path} is damaged: its weights cannot be found.", DAMAGED)
    found = {(name, group): tuple(texts) for name, group, *texts in attributes}
    top = "model_weights" if ("layer_names", "model_weights") in found else ""
    layers = found.get(("layer_names", top), ())
    within = {name: f"{top}/{name}".strip("/") for name in layers}
    return KerasAttributes(
        {name: place.spec for name, place in places.items()},
        "".join(found.get(("model_config", ""), ())),
        "".join(found.get(("keras_version", ""), ()))[:40],
        layers,
        {
            name: tuple(f"{group}/{array}" for array in found.get(("weight_names", group), ()))
            for name, group in within.items()
        },
        {
            group.removesuffix("/vars"): texts[0]
            for (kind, group), texts in found.items()
            if kind == "name"
        },
    )


def is_hdf5(path: Path) -> bool:
    """Whether a file begins as HDF5 does, whatever it is called."""
    try:
        with path.open("rb") as file:
            return file.read(len(_H5_START)) == _H5_START
    except OSError:
        return False


def read_arrays(
    path: Path,
    kind: Kind,
    *,
    member: str | None = None,
    wanted: Mapping[str, ArraySpec] | None = None,
    others: bool = False,
    own: bool = False,
    progress: ProgressCallback = no_progress,
) -> dict[str, NDArray[Any]]:
    """Read arrays out of a file, which cannot do more than be refused.

    Parameters
    ----------
    path
        The file.
    kind
        What it is.
    member
        Name of the member, if the file is a zip archive that holds such a file, stored.
    wanted
        The arrays by name, which have to be there in exactly these shapes and types; None for all
        that there are. Names are paths such as ``layers/dense/vars/0``.
    others
        Whether the file may hold more than is wanted.
    own
        Whether this process has just written the HDF5 file. Then it looks into it itself, which
        takes a tenth of the time.
    progress
        Is told the bytes read, and may raise `Cancelled`.

    Raises
    ------
    FileError
        If the file cannot be read, is not plain (compressed, linked, virtual, external, odd types),
        lacks something that is wanted, or holds numbers that are not finite.
    """
    with _part(path, member, progress) as (file, start, length):
        places = _places(path, kind, start, length, own=own)
        if wanted is not None:
            _check_wanted(
                path, {name: place.spec for name, place in places.items()}, wanted, others
            )
            places = {name: places[name] for name in wanted}
        arrays, total, done = {}, sum(place.spec.bytes for place in places.values()), 0
        for name, place in places.items():
            arrays[name] = _read(path, file, start + place.offset, name, place.spec)
            done += place.spec.bytes
            progress("Reading weights (bytes)", done, total)
        return arrays


@contextmanager
def _part(
    path: Path, member: str | None, progress: ProgressCallback = no_progress
) -> Iterator[tuple[IO[bytes], int, int]]:
    """The open file, and where in it the part begins and how long it is."""
    if member is not None:
        with opened(path) as container:
            yield container.file, *container.place(member, progress)
        return
    with explaining(path), path.open("rb") as file:
        yield file, 0, file.seek(0, os.SEEK_END)


def _places(
    path: Path, kind: Kind, start: int, length: int, *, own: bool = False
) -> dict[str, _Place]:
    """Where the arrays are, as a child finds out. Its answer is believed as far as it can be."""
    look = _own_entries if own else _entries
    return _checked(path, look(path, kind, start, length), length)


def _checked(path: Path, entries: list[list[Any]], length: int) -> dict[str, _Place]:
    """The places that a child told, if they can be such."""
    try:
        places = {str(name): _place(entry, length) for name, *entry in entries}
        _check_apart(list(places.values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FileError(f"{path} is damaged: its weights cannot be found.", DAMAGED) from error
    return places


def _entries(path: Path, kind: _Look, start: int, length: int) -> list[list[Any]]:
    """The lines of a child's answer."""
    answer = _asked(path, kind, start, length)
    try:
        document = strict_json.parse(answer)
        if isinstance(refused := document.get("refused"), str) and refused.isprintable():
            raise FileError(f"{path} cannot be used: the file of weights {refused[:500]}.", _ODD)
        return [list(entry) for entry in document["arrays"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FileError(f"{path} is damaged: its weights cannot be found.", DAMAGED) from error


def _own_entries(path: Path, kind: Kind, start: int, length: int) -> list[list[Any]]:
    """What a child would answer for an HDF5 file that this process wrote."""
    import h5py

    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        with reader_child.FileSection(descriptor, start, length) as part:
            return [list(entry) for entry in reader_child.h5_arrays(part, h5py)]
    except reader_child.Refused as refused:
        raise FileError(f"{path} cannot be used: the file of weights {refused}.", _ODD) from None


def _check_apart(places: list[_Place]) -> None:
    """Make sure that no bytes are read twice: a small file could fill the memory otherwise."""
    free = 0
    for place in sorted(places, key=lambda place: place.offset):
        if place.spec.bytes and place.offset < free:
            raise ValueError("arrays lie over each other")
        free = max(free, place.offset + place.spec.bytes)


def _place(entry: list[Any], length: int) -> _Place:
    dtype, axes, offset = entry
    if dtype not in _DTYPES or len(axes) > _MAX_AXES:
        raise ValueError("not an array of plain numbers")
    if not all(type(n) is int and n >= 0 for n in (*axes, offset)):
        raise ValueError("not a place")
    place = _Place(ArraySpec(tuple(axes), np.dtype(dtype).name), offset)
    if offset + place.spec.bytes > length:
        raise ValueError("an array ends beyond the file")
    return place


def _asked(path: Path, kind: _Look, start: int, length: int) -> bytes:
    """What the child answers; empty if it does not, is stopped by its limits, or crashes."""
    packages = ("vaegui",) if kind == "safetensors" else ("vaegui", "numpy", "h5py")
    with (
        path.open("rb") as own_position,
        child.start(_CHILD, [kind, str(start), str(length)], packages, own_position) as process,
    ):
        killer = threading.Timer(_TIMEOUT, process.kill)
        killer.start()
        try:
            size = int.from_bytes(child.read(process, 8), "big")
            return child.read(process, size) if size <= _ANSWER_LIMIT else b""
        finally:
            process.kill()
            killer.cancel()
            killer.join()


def _check_wanted(
    path: Path, found: Mapping[str, ArraySpec], wanted: Mapping[str, ArraySpec], others: bool
) -> None:
    for name, spec in wanted.items():
        if name not in found:
            raise FileError(f"{path} does not fit the model: it lacks {name}.", DAMAGED)
        if found[name] != spec:
            there, here = found[name], spec
            raise FileError(
                f"{path} does not fit the model: {name} is {there.dtype} of shape {there.shape}, "
                f"and would have to be {here.dtype} of shape {here.shape}.",
                DAMAGED,
            )
    more = set(found) - set(wanted)
    if more and not others:
        raise FileError(f"{path} does not fit the model: it also holds {min(more)}.", DAMAGED)


def _read(path: Path, file: IO[bytes], start: int, name: str, spec: ArraySpec) -> NDArray[Any]:
    array: NDArray[Any] = np.empty(spec.shape, spec.dtype)
    file.seek(start)
    if file.readinto(array.reshape(-1).view(np.uint8).data) != spec.bytes:  # type: ignore[attr-defined]
        raise FileError(f"{path} became shorter while it was read.", DAMAGED)
    # One chunk of rows after the other would save memory only for models far beyond this program.
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise FileError(
            f"{path} cannot be used: {name} holds numbers that are not finite.",
            "Use a file that was saved before training went wrong.",
        )
    return array
