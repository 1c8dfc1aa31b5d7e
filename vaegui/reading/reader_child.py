"""The program that looks into HDF5 and safetensors files so that the rest of vaegui need not.

It runs as a process of its own, without TensorFlow, with the file as its standard input and a pipe
as its standard output, and gives up all other rights (``confinement.py``) before it looks at the
first byte. It answers where in the file which array lies; the numbers themselves it never touches.
A file that makes the HDF5 library misbehave does so in here, and all that the parent gets is an
answer that it checks, or none.

It is started by ``reader.py``, by path, and imports of vaegui only what needs no other package.

The answer is the length of what follows (8 bytes, big-endian) and JSON: ``{"arrays": [[name,
dtype, shape, offset], ...]}``, or ``{"refused": sentence}``. Asked for what Keras wrote beside the
arrays, the list has entries ``[attribute, group, text, ...]``, too.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

MAX_OBJECTS = 10_000
"""Groups and arrays of a file."""
MAX_DEPTH = 32
MAX_NAME = 1024
MAX_TEXT = 4 << 20
"""Bytes of a model's configuration in an attribute."""
MAX_HEADER = 4 << 20
"""Bytes of the header of a safetensors file."""

SAFETENSORS_TYPES = {
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
    "I8": "|i1",
    "I32": "<i4",
    "I64": "<i8",
    "U8": "|u1",
    "U32": "<u4",
}


class Refused(Exception):
    """The file is not as plain as it has to be; the text says how, and follows 'the file'."""


class FileSection(io.RawIOBase):
    """A part of a file as a file that cannot be read beyond its end."""

    def __init__(self, descriptor: int, start: int, length: int) -> None:
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._start, self._length, self._at = start, length, 0

    def close(self) -> None:
        """Close the file that it is a part of."""
        self._file.close()
        super().close()

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def seekable(self) -> bool:
        """Whether its position can be set: always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position, which may lie beyond the end."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer. Raises `OSError` where the part ends before."""
        view = memoryview(buffer).cast("B")
        if self._at < 0 or self._at + len(view) > self._length:
            raise OSError("read beyond the end")
        self._file.seek(self._start + self._at)
        done = 0
        while done < len(view):
            count = self._file.readinto(view[done:])
            if not count:
                raise OSError("the file became shorter")
            done += count
        self._at += done
        return done


def h5_arrays(part: FileSection, h5py: Any) -> Iterator[list[Any]]:
    """Name, dtype, shape and offset of each array of an HDF5 file. Raises `Refused`."""
    plain = _plain_types(h5py)
    with h5py.File(part, "r") as file:
        for full, item in _h5_items(h5py, file):
            if not isinstance(item, h5py.Group):
                yield [full, *_h5_array(h5py, item, full, plain)]


def _plain_types(h5py: Any) -> dict[str, Any]:
    h5t = h5py.h5t
    return {
        "<f2": h5t.IEEE_F16LE,
        "<f4": h5t.IEEE_F32LE,
        "<f8": h5t.IEEE_F64LE,
        "|i1": h5t.STD_I8LE,
        "<i4": h5t.STD_I32LE,
        "<i8": h5t.STD_I64LE,
        "|u1": h5t.STD_U8LE,
        "<u4": h5t.STD_U32LE,
    }


def h5_attributes(part: FileSection, h5py: Any) -> Iterator[list[Any]]:
    """The arrays of a whole model or of old weights in HDF5, and what Keras wrote beside them.

    An array is ``["array", name, dtype, shape, offset]``. An attribute is its name, the path of its
    group, and its texts: ``model_config`` and ``keras_version`` have one, ``layer_names`` and
    ``weight_names`` as many as there are, in the order in which Keras has them. ``name`` is what
    Keras 3 called the layer of a group.
    """
    plain = _plain_types(h5py)
    with h5py.File(part, "r") as file:
        for name in ("model_config", "keras_version"):
            yield [name, "", *_texts(file, name, MAX_TEXT)]
        for full, item in (("", file), *_h5_items(h5py, file)):
            if not isinstance(item, h5py.Group):
                yield ["array", full, *_h5_array(h5py, item, full, plain)]
                continue
            called = item.attrs.get("name")
            if isinstance(called, str) and len(called) <= MAX_NAME and called.isprintable():
                yield ["name", full, called]
            for name in ("layer_names", "weight_names"):
                if texts := _texts(item, name, MAX_NAME):
                    yield [name, full, *texts]


def _texts(item: Any, name: str, longest: int) -> list[str]:
    """The texts in an attribute, which Keras goes on with in ``name0``, ``name1`` if it is long."""
    found: list[str] = []
    here, number = name, 0
    while (value := item.attrs.get(here)) is not None:
        found += map(_text, value.reshape(-1).tolist() if hasattr(value, "reshape") else [value])
        here, number = f"{name}{number}", number + 1
        if len(found) > MAX_OBJECTS or any(len(text) > longest for text in found):
            raise Refused(f"says too much of itself as {name}")
    if name == "model_config" or all(text.isprintable() for text in found):
        return found
    raise Refused(f"has a text in {name} that cannot be shown")


def _text(value: Any) -> str:
    try:
        text = str(value, "utf-8") if isinstance(value, bytes) else "".join(value)
        text.encode()  # h5py keeps what is no UTF-8 as halves of characters.
        return text
    except (TypeError, ValueError):
        raise Refused("says something of itself that is no text") from None


def _h5_items(h5py: Any, file: Any) -> Iterator[tuple[str, Any]]:
    """All groups and arrays with their paths. Raises `Refused` for links and endless nesting."""
    seen = {address(h5py, file.id)}
    pending = [("", file, 0)]
    while pending:
        path, group, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise Refused("has groups within groups without end")
        for name in group:
            full = f"{path}/{name}" if path else name
            _check_link(h5py, group, name, full)
            item = group[name]
            place = address(h5py, item.id)
            if place in seen or len(seen) >= MAX_OBJECTS:
                raise Refused("holds too many objects, or one of them twice")
            seen.add(place)
            if isinstance(item, h5py.Group):
                pending.append((full, item, depth + 1))
            yield full, item


def address(h5py: Any, identity: Any) -> tuple[int, Any]:
    """Where an object lies, by which it is known whatever it is called."""
    info = h5py.h5o.get_info(identity)
    return info.fileno, info.addr


def _check_link(h5py: Any, group: Any, name: str, full: str) -> None:
    if len(full) > MAX_NAME or not full.isprintable():
        raise Refused("has a name in it that is too long or cannot be shown")
    if group.id.links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
        raise Refused(f"refers by {full} to another place or file")


def _h5_array(h5py: Any, item: Any, full: str, plain: dict[str, Any]) -> tuple[str, list[int], int]:
    if not isinstance(item, h5py.Dataset):
        raise Refused(f"holds {full}, which is not an array")
    made = item.id.get_create_plist()
    if made.get_layout() == h5py.h5d.VIRTUAL:
        raise Refused(f"holds {full}, a virtual array, made of other files")
    if made.get_external_count():
        raise Refused(f"holds {full}, whose numbers lie in another file")
    if made.get_nfilters():
        raise Refused(f"holds {full}, which is compressed or filtered")
    if made.get_layout() != h5py.h5d.CONTIGUOUS:
        raise Refused(f"holds {full}, which does not lie in one piece")
    kind = item.id.get_type()
    dtype = next((name for name, known in plain.items() if kind.equal(known)), None)
    if dtype is None:
        raise Refused(f"holds {full}, which is not an array of plain numbers")
    space, offset = item.id.get_space(), item.id.get_offset()
    if space.get_simple_extent_type() == h5py.h5s.NULL or offset is None:
        raise Refused(f"holds {full}, which is empty")
    return dtype, [int(n) for n in space.get_simple_extent_dims()], int(offset)


def safetensors_arrays(part: FileSection, parse: Callable[[bytes], Any]) -> Iterator[list[Any]]:
    """Name, dtype, shape and offset of each array of a safetensors file. Raises `Refused`.

    ``parse`` reads JSON. The layout is 8 bytes length (little-endian), so much JSON, and the
    numbers.
    """
    length = int.from_bytes(_read(part, 8), "little")
    if length > MAX_HEADER:
        raise Refused("has a header that is too long")
    try:
        header = parse(_read(part, length))
    except ValueError as error:
        raise Refused(f"has a header that cannot be used: {error}") from None
    if not isinstance(header, dict) or len(header) > MAX_OBJECTS:
        raise Refused("has a header that is not as it should be")
    header.pop("__metadata__", None)
    for name, entry in header.items():
        if len(name) > MAX_NAME or not name.isprintable():
            raise Refused("has a name in it that is too long or cannot be shown")
        dtype = SAFETENSORS_TYPES.get(entry["dtype"])
        if dtype is None:
            raise Refused(f"holds {name}, which is not an array of plain numbers")
        begin, end = entry["data_offsets"]
        size = int(dtype[-1])
        for axis in entry["shape"]:
            size *= axis
        if begin < 0 or end - begin != size:
            raise Refused(f"holds {name}, which is not as long as it says")
        yield [name, dtype, entry["shape"], 8 + length + begin]


def _read(part: FileSection, count: int) -> bytes:
    buffer = bytearray(count)
    part.readinto(buffer)
    return bytes(buffer)


def main(kind: str, start: str, length: str, *folders: str) -> None:
    """Look into the part of standard input that begins at ``start`` and is ``length`` long.

    ``folders`` are where numpy, h5py and vaegui lie, as the interpreter is started without any.
    """
    sys.path.extend(folders)
    # Now, as nothing can be loaded later.
    from vaegui.reading.confinement import confine

    look: Callable[[FileSection], Iterator[list[Any]]]
    if kind == "safetensors":
        from vaegui.strict_json import parse

        look = partial(safetensors_arrays, parse=parse)
    else:
        import h5py

        looks = {"h5": h5_arrays, "attributes": h5_attributes}
        look = partial(looks[kind], h5py=h5py)
    part = FileSection(0, int(start), int(length))
    confine()
    try:
        answer: dict[str, Any] = {"arrays": list(look(part))}
    except Refused as refused:
        answer = {"refused": str(refused)}
    content = json.dumps(answer).encode()
    sys.stdout.buffer.write(len(content).to_bytes(8, "big") + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
