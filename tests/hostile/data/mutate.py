"""Open mutants of files of examples and count what comes of it.

``python -m tests.hostile.data.mutate COUNT SEED`` prints one line of JSON. Mutant number n is the
same at every run: ``mutant(n)``. Its parents are files of all formats.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import feather, parquet

from tests.hostile.models.mutate import SLOW
from tests.hostile.mutations import MUTATIONS
from vaegui.data.formats.all import detect
from vaegui.data.formats.base import Arrays
from vaegui.errors import VaeguiError
from vaegui.progress import no_progress

__all__ = ["main", "mutant"]

MOST_MEMORY = 1 << 30
"""Bytes that this process may have taken at most."""


def _picture(kind: str, options: dict[str, str] | None = None) -> bytes:
    y, x = np.mgrid[:20, :24]
    file = io.BytesIO()
    waves = (127 + 100 * np.sin(x / 3 + y / 4)).astype(np.uint8)
    Image.fromarray(np.stack([waves, waves.T.reshape(20, 24), waves], -1)).save(
        file, kind, **(options or {})
    )
    return file.getvalue()


@cache
def _parents() -> tuple[tuple[str, bytes], ...]:
    """Names and contents. Formats that a process of its own reads are rarer: it takes long."""
    chance = np.random.default_rng(0)
    x, y = chance.integers(0, 255, (30, 6, 5)).astype(np.uint8), np.arange(30) % 3
    found: dict[str, bytes] = {}
    for name, array in (("x.npy", x), ("f.npy", np.asfortranarray(x.astype(">f4")))):
        file = io.BytesIO()
        np.save(file, array)
        found[name] = file.getvalue()
    for name, save in (("stored.npz", np.savez), ("packed.npz", np.savez_compressed)):
        file = io.BytesIO()
        save(file, x_train=x, y_train=y, x_test=x[:5], y_test=y[:5])
        found[name] = file.getvalue()
    idx = bytes([0, 0, 8, 3]) + np.array(x.shape, ">u4").tobytes() + x.tobytes()
    found |= {"x-idx3-ubyte": idx, "x-idx3-ubyte.gz": gzip.compress(idx, mtime=0)}
    rows = "\n".join(f"{i};{i / 7:.3f};{'ab'[i % 2]};2024-01-{i % 28 + 1:02}" for i in range(40))
    found["table.csv"] = f"id;value;kind;day\n{rows.replace('.', ',')}\n".encode()
    table = pa.table({"value": chance.normal(size=40), "n": np.arange(40), "kind": ["a", "b"] * 20})
    file = io.BytesIO()
    parquet.write_table(table, file)
    found["table.parquet"] = file.getvalue()
    file = io.BytesIO()
    feather.write_feather(table, file)
    found["table.feather"] = file.getvalue()
    return tuple(found.items())


@cache
def _slow_parents() -> tuple[tuple[str, bytes], ...]:
    file = io.BytesIO()
    with h5py.File(file, "w") as h5:
        x = np.random.default_rng(0).integers(0, 255, (30, 6, 5)).astype(np.uint8)
        h5.create_dataset("train/x", data=x, compression="gzip", chunks=(7, 6, 5))
        h5["train/y"] = np.arange(30) % 3
        h5["words"] = np.array([b"cat", b"dog"] * 15)
    kinds = {"png": "PNG", "jpg": "JPEG", "bmp": "BMP", "webp": "WEBP", "ppm": "PPM", "tif": "TIFF"}
    pictures = {f"x.{suffix}": _picture(kind) for suffix, kind in kinds.items()}
    pictures["lzw.tif"] = _picture("TIFF", {"compression": "tiff_lzw"})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in pictures.items():
            packed.writestr(zipfile.ZipInfo(f"a/{name}"), content)
            packed.writestr(zipfile.ZipInfo(f"b/{name}"), content)
    return (("x.h5", file.getvalue()), ("pictures.zip", archive.getvalue()), *pictures.items())


def mutant(number: int) -> tuple[str, bytes]:
    """A file's name and content. One in twenty is read by a process of its own."""
    chance = random.Random(number)
    parents = _slow_parents() if number % 20 == 0 else _parents()
    name, content = chance.choice(parents)
    length = chance.choice((64, 512, len(content)))  # the beginning says what the rest is
    changed = bytearray(content[:length])
    chance.choice(MUTATIONS)(chance, changed)
    return name, bytes(changed) + content[length:]


def opened(path: Path) -> None:
    """Detect, read, and read all examples, as is done before training."""
    contents = detect(path).format.read(path, no_progress)
    for part in contents.parts.values():
        if isinstance(part, Arrays):
            part.x[slice(0, part.length)]
        else:
            for _ in part.batches([column.name for column in part.columns]):
                pass


def _peak() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def main(count: int, seed: int) -> None:
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    for number in range(seed, seed + count):
        name, content = mutant(number)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(content)
            start = time.perf_counter()
            try:
                opened(path)
                outcomes["opened"] += 1
            except VaeguiError:
                outcomes["refused"] += 1
            except BaseException:  # noqa: BLE001 - that is what is looked for
                faults.append(f"mutant {number} ({name}):\n{traceback.format_exc()}")
            seconds = time.perf_counter() - start
        slowest = max(slowest, seconds)
        if seconds > SLOW:
            faults.append(f"mutant {number} ({name}) took {seconds:.1f} s")
    if sys.platform == "linux" and _peak() > MOST_MEMORY:
        faults.append(f"{_peak() >> 20} MiB of memory were taken")
    print(json.dumps({**outcomes, "slowest": round(slowest, 2), "faults": faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
