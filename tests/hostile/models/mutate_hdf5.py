"""Open mutants of whole models in HDF5, old configurations, pairs, and old weights.

``python -m tests.hostile.models.mutate_hdf5 COUNT SEED`` prints one line of JSON. Mutant number n
is the same at every run: ``mutant(n)``.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from functools import cache
from pathlib import Path

import h5py

from tests.hostile.models.foreign import FIXTURES, old_weights
from tests.hostile.models.forked import start_server
from tests.hostile.models.make import VALID
from tests.hostile.models.opening import Opener
from tests.hostile.mutations import MUTATIONS

__all__ = ["main", "mutant"]

SLOW = 40.0
"""Seconds that opening may take on a busy machine: a child lives for 30 at most, of which it may
compute for 2."""

PAIR = ("keras2-encoder", "keras2-decoder")


@cache
def _parents() -> tuple[tuple[str, bytes], ...]:
    """The files with their names. Old weights begin with "weights"."""
    files = [(path.name, path.read_bytes()) for path in sorted(FIXTURES.glob("keras*.h5"))]
    architectures = [
        (f"{name}.json", _config((FIXTURES / f"{name}.h5").read_bytes())) for name in PAIR
    ]
    return (*files, *architectures, ("weights-old.h5", old_weights()))


def _config(content: bytes) -> bytes:
    with h5py.File(io.BytesIO(content)) as h5:
        return str(h5.attrs["model_config"]).encode()


def mutant(number: int) -> tuple[str, bytes]:
    """A file's name and content; in one of two the configuration is mutated, not the bytes."""
    chance = random.Random(number)
    name, content = chance.choice(_parents())
    mutation = chance.choice(MUTATIONS)
    if name.endswith(".h5") and not name.startswith("weights") and chance.random() < 0.5:
        config = bytearray(_config(content))
        mutation(chance, config)
        return name, _with_config(content, bytes(config))
    length = chance.choice((512, 4096, len(content)))  # the beginning says what the rest is
    changed = bytearray(content[:length])
    mutation(chance, changed)
    return name, bytes(changed) + content[length:]


def _with_config(content: bytes, config: bytes) -> bytes:
    file = io.BytesIO(content)
    with h5py.File(file, "r+") as h5:
        h5.attrs["model_config"] = config.replace(b"\0", b"0") or b" "
    return file.getvalue()


def main(count: int, seed: int) -> None:
    start = start_server()
    from vaegui.errors import VaeguiError
    from vaegui.reading import child

    child.start = start
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        opener = Opener(VALID)
        opener.open(FIXTURES / "keras2-whole.h5", foreign=True)  # so that all is loaded
        for number in range(seed, seed + count):
            name, content = mutant(number)
            for path in Path(folder).iterdir():
                path.unlink()
            for beside in PAIR:
                original = FIXTURES / f"{beside}.h5"
                Path(folder, original.name).write_bytes(original.read_bytes())
            path = Path(folder, name)
            path.write_bytes(content)
            begun = time.perf_counter()
            try:
                opener.open(path, foreign=not name.startswith("weights"))
                outcomes["opened"] += 1
            except VaeguiError:
                outcomes["refused"] += 1
            except BaseException:  # noqa: BLE001 - that is what is looked for
                faults.append(f"mutant {number} of {name}:\n{traceback.format_exc()}")
            seconds = time.perf_counter() - begun
            slowest = max(slowest, seconds)
            if seconds > SLOW:
                faults.append(f"mutant {number} took {seconds:.1f} s")
    print(json.dumps({**outcomes, "slowest": round(slowest, 2), "faults": faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
