"""Named columns of equal length as a file: CSV, Parquet or NumPy's arrays, by its suffix."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import FileError
from vaegui.files.atomic import check_writable, replacing

__all__ = ["TABLES", "check_table", "read_columns", "write_columns"]

TABLES = (".csv", ".parquet", ".npz")
"""How the name of such a file may end."""


def check_table(path: Path) -> None:
    """Raise `FileError` if no table can be written there: before anything that takes long."""
    if path.suffix.lower() not in TABLES:
        raise FileError(
            f"{path} does not end in {', '.join(TABLES[:-1])} or {TABLES[-1]}.", "Give such a name."
        )
    check_writable(path)


def write_columns(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns (n,) by name. Raises `FileError`; a file that was there is then as it was."""
    check_table(path)
    with replacing(path) as temporary:
        match path.suffix.lower():
            case ".npz":
                with temporary.open("wb") as file:
                    np.savez(file, allow_pickle=False, **dict(columns))
            case ".parquet":
                import pyarrow
                import pyarrow.parquet

                table = pyarrow.table({name: pyarrow.array(c) for name, c in columns.items()})
                pyarrow.parquet.write_table(table, temporary)
            case _:
                with temporary.open("w", encoding="utf-8", newline="") as file:
                    table = csv.writer(file)
                    table.writerow(columns)
                    shown = [_shown(column) for column in columns.values()]
                    table.writerows(zip(*shown, strict=True))


def read_columns(path: Path, names: str, count: int) -> NDArray[np.float64]:
    """Read ``count`` columns of numbers called ``names``_1, ``names``_2 ... of such a file.

    Returns
    -------
    (n, count)
        The numbers. A ``.npy`` file, or an array in a ``.npz`` that is called ``names``, has them
        as they are.

    Raises
    ------
    FileError
        If it cannot be read, or does not have them.
    """
    wanted = [f"{names}_{number}" for number in range(1, count + 1)]
    try:
        found = _read(path, names, wanted)
    except (OSError, ValueError, KeyError) as error:
        raise FileError(
            f"{path.name} cannot be read as {count} numbers a row: {error}",
            f"Give a .csv or .parquet with the columns {wanted[0]} to {wanted[-1]}, or a .npy.",
        ) from error
    if found.ndim != 2 or found.shape[1] != count or not np.isfinite(found).all():
        raise FileError(
            f"{path.name} has the shape {found.shape}, or numbers that are not finite.",
            f"Rows of {count} finite numbers are needed.",
        )
    return found


def _read(path: Path, names: str, wanted: list[str]) -> NDArray[np.float64]:
    match path.suffix.lower():
        case ".npy":
            array = np.load(path, allow_pickle=False)
        case ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                if names in arrays:
                    array = arrays[names]
                else:
                    array = np.stack([arrays[name] for name in wanted], axis=1)
        case ".parquet":
            import pyarrow.parquet

            table = pyarrow.parquet.read_table(path, columns=wanted)
            array = np.stack([table[name].to_numpy() for name in wanted], axis=1)
        case _:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = [[row[name] for name in wanted] for row in csv.DictReader(file)]
            array = np.array(rows, np.float64).reshape(-1, len(wanted))
    return np.asarray(array, np.float64)


def _shown(column: NDArray[Any]) -> list[str]:
    if column.dtype.kind == "f":
        return [f"{number:.9g}" for number in column.tolist()]
    return [str(value) for value in column.tolist()]
