"""Open mutants of valid files and count what comes of it.

``python -m tests.hostile.models.mutate COUNT SEED`` prints one line of JSON. Mutant number n is the
same at every run, so that a failure can be looked at: ``mutant(n)``. Its parents are models of this
program in all versions of the format, a model of another program, and both kinds of weights.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from functools import cache
from pathlib import Path

from tests.hostile.archives import members, zipped
from tests.hostile.models.foreign import FIXTURES, FOREIGN, TENSORS
from tests.hostile.models.make import VALID
from tests.hostile.models.opening import Opener
from tests.hostile.mutations import MUTATIONS

__all__ = ["main", "mutant"]

SLOW = 10.0
"""Seconds that opening may take on a busy machine."""


@cache
def _parents() -> tuple[tuple[str, bytes], ...]:
    """The files with their names."""
    files = [(path.name, path.read_bytes()) for path in sorted(FIXTURES.glob("*.keras"))]
    weights = members(VALID)["model.weights.h5"]
    return (*files, (TENSORS.name, TENSORS.read_bytes()), ("some.weights.h5", weights))


@cache
def _members(name: str) -> dict[str, bytes]:
    return members(FIXTURES / name)


def mutant(number: int) -> tuple[str, bytes]:
    """A file's name and content.

    One archive in three is mutated as a whole; in the others a member is, and its checksum right.
    """
    chance = random.Random(number)
    called, whole = chance.choice(_parents())
    mutation = chance.choice(MUTATIONS)
    if chance.random() < 1 / 3 or not called.endswith(".keras"):
        content = bytearray(whole)
        mutation(chance, content)
        return called, bytes(content)
    parts = dict(_members(called))
    name = chance.choice(sorted(parts))
    # Numbers in the middle of arrays are dull: the beginning says what they are.
    length = chance.choice((64, 512, 4096, len(parts[name])))
    content = bytearray(parts[name][:length])
    mutation(chance, content)
    parts[name] = bytes(content) + parts[name][length:]
    return called, zipped(*parts.items())


def main(count: int, seed: int) -> None:
    from vaegui.errors import VaeguiError
    from vaegui.files.foreign.document.document import is_foreign

    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        opener = Opener(VALID)  # so that all is loaded that opening loads
        opener.open(FOREIGN, foreign=True)
        for number in range(seed, seed + count):
            name, content = mutant(number)
            path = Path(folder, name)
            path.write_bytes(content)
            start = time.perf_counter()
            try:
                opener.open(path, foreign=is_foreign(path))
                outcomes["opened"] += 1
            except VaeguiError:
                outcomes["refused"] += 1
            except BaseException:  # noqa: BLE001 - that is what is looked for
                faults.append(f"mutant {number}:\n{traceback.format_exc()}")
            seconds = time.perf_counter() - start
            slowest = max(slowest, seconds)
            if seconds > SLOW:
                faults.append(f"mutant {number} took {seconds:.1f} s")
    print(json.dumps({**outcomes, "slowest": round(slowest, 2), "faults": faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
