"""A saved model applied to a file, on the command line."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vaegui.data.own.ledger import ledger_summary
from vaegui.errors import FileError
from vaegui.machine.log import stderr_beside_log

if TYPE_CHECKING:
    from vaegui.model_run import FileEncoding

__all__ = ["encode"]


def encode(model: Path, path: Path, *, out: Path) -> int:
    """Encode the examples of a file with a saved model, and say how they differ from its own.

    The file is prepared as the model's data were: the recipe is in the model file.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    path
        The file or folder to encode.
    out
        A .npz file (arrays mean, log_var and row) or a .csv table to write. The log-variance of a
        plain autoencoder, which has no spread, is minus infinity.
    """
    from vaegui.cli.progress import Display
    from vaegui.files.atomic import check_writable, replacing

    if out.suffix not in (".npz", ".csv"):
        raise FileError(f"{out} ends neither in .npz nor in .csv.", "Give such a name.")
    check_writable(out)
    with Display() as display:
        with stderr_beside_log():
            import vaegui.training.trainer.trainer
        found = vaegui.load(model).encode_file(path, display.progress)
    with replacing(out) as temporary:
        (_write_npz if out.suffix == ".npz" else _write_csv)(temporary, found)
    for sentence in (*found.difference.sentences, *ledger_summary(found.ledger)):
        print(f"vaegui: {sentence}", file=sys.stderr)
    print(f"Wrote {len(found.rows):,} examples to {out}.", file=sys.stderr)
    return 0


def _write_npz(path: Path, found: FileEncoding) -> None:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, mean=found.mean, log_var=found.log_var, row=found.rows)


def _write_csv(path: Path, found: FileEncoding) -> None:
    """Examples are counted from 1, as people do."""
    units = range(1, found.mean.shape[1] + 1)
    headings = ["example", *(f"mean {u}" for u in units), *(f"log_var {u}" for u in units)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(headings)
        for row, mean, log_var in zip(found.rows, found.mean, found.log_var, strict=True):
            table.writerow([int(row) + 1, *(f"{n:.9g}" for n in (*mean, *log_var))])
