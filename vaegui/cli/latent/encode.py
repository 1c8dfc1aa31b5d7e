"""Examples of a saved model's data, or of a file, as points of its latent space."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.posterior import standard_deviation
from vaegui.data.own.ledger import ledger_summary
from vaegui.files.export.columns import check_table, write_columns
from vaegui.machine.log import stderr_beside_log

if TYPE_CHECKING:
    from vaegui.runs.encoded import Encoded
    from vaegui.runs.run import Run

__all__ = ["encode"]


def encode(model: Path, path: Path | None = None, *, data: Path | None = None, out: Path) -> int:
    """Encode examples with a saved model: a row for each, with its posterior and what it costs.

    The columns are part, index (counted from 0), label, reconstruction (nats), and for each unit
    mean_1 ..., and, but for a plain autoencoder, sd_1 ... and kl_1 ... (nats). A file is prepared
    as the model's data were: the recipe is in the model file; how it differs from them is told.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    path, data
        A file or folder to encode; the model's own data if none is given.
    out
        The file to write: .csv, .parquet or .npz.
    """
    from vaegui.cli.progress import Display

    check_table(out)
    file = path or data
    with Display() as display:
        with stderr_beside_log():
            import vaegui.training.trainer.trainer
        run = vaegui.load(model)
        if file is None:
            encoded = [run.encode_part(part, display.progress) for part in run.parts]
            sentences: list[str] = []
        else:
            found = run.encode_file(file, display.progress)
            encoded = [found.encoded]
            sentences = [*found.difference.sentences, *ledger_summary(found.ledger)]
    columns = [_columns(each, run) for each in encoded]
    write_columns(out, {name: np.concatenate([c[name] for c in columns]) for name in columns[0]})
    for sentence in sentences:
        print(f"vaegui: {sentence}", file=sys.stderr)
    count = sum(len(each.rows) for each in encoded)
    print(f"Wrote {count:,} examples to {out}.", file=sys.stderr)
    return 0


def _columns(encoded: Encoded, run: Run) -> dict[str, NDArray[Any]]:
    count, labels, names = len(encoded.rows), encoded.labels, run.begun.data.class_names
    if labels is None:
        label = np.full(count, "")
    elif names:
        label = np.array(names)[labels]
    else:
        label = labels
    columns = {
        "part": np.full(count, encoded.part or "file"),
        "index": encoded.rows,
        "label": label,
        "reconstruction": encoded.reconstruction,
    }
    by_unit = {"mean": encoded.mean}
    if run.begun.settings.has_spread:
        by_unit |= {"sd": standard_deviation(encoded.log_var), "kl": encoded.kl}
    for name, each in by_unit.items():
        columns |= {f"{name}_{unit}": column for unit, column in enumerate(each.T, 1)}
    return columns
