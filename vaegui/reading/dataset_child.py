"""The program that reads data sets out of HDF5 files so that the rest of vaegui need not.

It runs as a process of its own, with the file as its standard input and a pipe as its standard
output, and gives up all other rights (``confinement.py``) before it looks at the first byte. A file
that makes the HDF5 library misbehave does so in here; all that comes of it are wrong numbers, or no
answer.

It answers one of three things. ``list``: JSON, one entry for each data set, after its length.
``rows``: the numbers of a data set as they would lie in memory, in C order. ``words``: as JSON its
different strings, after its length, and for each string which of them it is (4 bytes). Before the
latter two stands ``R``. All numbers are little-endian.

It is started by ``datasets.py``, by path, and imports of vaegui only what needs no other package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 512 << 20
MOST_WORDS, MOST_LETTERS = 1 << 16, 100
_PORTION, _CACHE = 4 << 20, 64 << 20
_FILTERS = frozenset({1, 2, 3, 5, 6, 32000})
"""Those that come with the library: deflate, shuffle, checksum, n-bit, scale-offset, LZF."""


def found(h5py: Any, file: Any) -> Iterator[list[Any]]:
    """Path, type, shape, offset, bytes in the file, and what hinders, of each data set.

    The type is as NumPy names it, or ``text``; the offset is None unless the numbers lie in one
    piece as they are. Links are not followed.
    """
    from vaegui.reading import reader_child as limits

    seen, pending = {limits.address(h5py, file.id)}, [("", file, 0)]
    while pending:
        path, group, depth = pending.pop()
        for name in group:
            full = f"{path}/{name}" if path else name
            if len(full) > limits.MAX_NAME or not full.isprintable() or len(seen) > 10_000:
                continue
            if group.id.links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
                continue
            item = group[name]
            address = limits.address(h5py, item.id)
            if address in seen:
                continue
            seen.add(address)
            if isinstance(item, h5py.Dataset):
                yield [full, *described(h5py, item)]
            elif isinstance(item, h5py.Group) and depth < limits.MAX_DEPTH:
                pending.append((full, item, depth + 1))


def described(h5py: Any, item: Any) -> list[Any]:
    """What an entry of the list says after the path."""
    made, dtype = item.id.get_create_plist(), item.dtype
    shape = [int(n) for n in item.shape or ()]
    filters = {made.get_filter(i)[0] for i in range(made.get_nfilters())}
    hinders = ""
    if made.get_layout() == h5py.h5d.VIRTUAL or made.get_external_count():
        hinders = "its numbers lie in other files"
    elif filters - _FILTERS:
        hinders = "it is compressed in a way that not every program knows"
    text = h5py.check_string_dtype(dtype) is not None
    if not text and (dtype.kind not in "biuf" or dtype.itemsize > 8):
        hinders = "it holds no plain numbers"
    plain = not text and not filters and made.get_layout() == h5py.h5d.CONTIGUOUS
    offset = item.id.get_offset() if plain and dtype.kind != "b" else None
    return ["text" if text else dtype.str, shape, offset, item.id.get_storage_size(), hinders]


def portions(item: Any) -> Iterator[bytes]:
    """The numbers of a data set."""
    import numpy as np

    stored = item.dtype.newbyteorder("<")
    each = max(1, int(np.prod(item.shape[1:], dtype=np.int64)) * stored.itemsize)
    rows = max(1, _PORTION // each)
    if item.chunks and item.chunks[0] * each <= _CACHE:
        rows = -(-rows // item.chunks[0]) * item.chunks[0]  # whole pieces, each unpacked once
    for first in range(0, item.shape[0], rows):
        yield np.ascontiguousarray(item[first : first + rows], stored).tobytes()


def words(item: Any) -> bytes:
    """The strings of a data set."""
    import numpy as np

    codes: dict[bytes, int] = {}
    each = []
    for value in np.asarray(item[()]).reshape(-1).tolist():
        raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
        each.append(codes.setdefault(raw[: 4 * MOST_LETTERS], len(codes)))
        if len(codes) > MOST_WORDS:
            raise ValueError("too many different strings")
    answer = json.dumps([word.decode("utf-8", "replace")[:MOST_LETTERS] for word in codes]).encode()
    return len(answer).to_bytes(8, "little") + answer + np.array(each, "<i4").tobytes()


def main(task: str, length: str, name: str, *folders: str) -> None:
    """Answer about the file that is standard input, and is ``length`` bytes long."""
    sys.path.extend(folders)
    import h5py

    from vaegui.reading.confinement import confine
    from vaegui.reading.reader_child import FileSection

    part = FileSection(0, 0, int(length))
    output = sys.stdout.buffer
    confine(seconds=None, memory=MEMORY)
    with h5py.File(part, "r", rdcc_nbytes=_CACHE) as file:
        if task == "list":
            answer = json.dumps(list(found(h5py, file))).encode()
            output.write(len(answer).to_bytes(8, "little") + answer)
        elif task == "words":
            output.write(b"R" + words(file[name]))
        else:
            output.write(b"R")
            for portion in portions(file[name]):
                output.write(portion)
        output.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
