"""How soon examples of one's own are ready, against what a user would read them with.

Each time is taken in a process of its own, in turn, from a file that the system has in memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.result import Result

__all__ = ["tables"]

ROWS, COLUMNS = 100_000, 50
PAIRS = 7


def tables(_: Path | None) -> list[Result]:
    """A CSV file until it is a source of float32 features, against pyarrow's own reading."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        _write(path)
        times = [(_apart("vaegui", path), _apart("pyarrow", path)) for _ in range(PAIRS)]
    ours, theirs = (median(pair[i] for pair in times) for i in range(2))
    ratio = median(own / other for own, other in times)
    what = f"CSV of {ROWS:,} x {COLUMNS} ready, against pyarrow.csv.read_csv"
    measured = f"{ours:.2f} s, {theirs:.2f} s: {ratio:.2f} times"
    return [Result(what, measured, "at most 1.2 times", ratio <= 1.2)]


def _write(path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    with path.open("w", encoding="ascii") as file:
        print(*(f"f{i}" for i in range(COLUMNS)), sep=",", file=file)
        for row in values.tolist():
            print(*row, sep=",", file=file)


def _apart(reader: str, path: Path) -> float:
    """Seconds in a process that has imported all it needs."""
    command = [sys.executable, "-m", "benchmarks.data.reading", reader, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _with_pyarrow(path: Path) -> None:
    from pyarrow import csv

    assert csv.read_csv(path).num_rows == ROWS


def _with_vaegui(path: Path) -> None:
    """Detect how the file is written, read it, and make features of all columns."""
    from vaegui.data.formats.all import detect
    from vaegui.data.own.columns.column import Column
    from vaegui.data.own.columns.features import features
    from vaegui.progress import no_progress

    table = detect(path).format.read(path, no_progress).parts["all"]
    columns = [Column(name=column.name, kind=column.kind) for column in table.columns]
    x = features(table, columns, no_progress).source.read(slice(None)).x
    assert x.shape == (ROWS, COLUMNS)
    assert x.dtype == np.float32


READERS: dict[str, Callable[[Path], None]] = {"vaegui": _with_vaegui, "pyarrow": _with_pyarrow}


def _timed(reader: str, path: Path) -> float:
    global ROWS, COLUMNS
    whole, (ROWS, COLUMNS) = (ROWS, COLUMNS), (3, 2)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder, "small.csv")
        _write(small)
        READERS[reader](small)  # what is loaded with the first file
    ROWS, COLUMNS = whole
    start = time.perf_counter()
    READERS[reader](path)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(_timed(sys.argv[1], Path(sys.argv[2])))
