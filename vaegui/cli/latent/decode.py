"""Points of a saved model's latent space, given, drawn or walked through, as examples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import DataError, FileError
from vaegui.files.atomic import check_writable
from vaegui.files.export.columns import TABLES, check_table, read_columns, write_columns
from vaegui.files.export.pictures import MOVING, write_moving, write_pictures
from vaegui.machine.log import stderr_beside_log

if TYPE_CHECKING:
    from vaegui.model_run import ModelRun

__all__ = ["decode", "sample", "traverse"]

SECONDS = 4.0
"""How long a moving picture takes until it begins anew."""


def decode(model: Path, *, z: Path, out: Path) -> int:
    """Decode points of the latent space.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    z
        The points: a .csv or .parquet with the columns z_1, z_2 ..., a .npz with these or an array
        z, or a .npy (n, units).
    out
        What to write: a .npy or .npz with the examples in the data's own units, a .csv or .parquet
        with a column for each feature, or, of pictures, a folder for PNG files.
    """
    _check_out(out)
    run = _loaded(model)
    points = read_columns(z, "z", run.begun.settings.latent_units)
    return _write(run, run.decode(points), out)


def sample(model: Path, *, count: int = 16, seed: int = 0, out: Path) -> int:
    """Draw from the prior N(0, I) and decode.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    count
        How many examples to make.
    seed
        Start of the random numbers: the same seed, the same draws.
    out
        What to write; see "vaegui decode".
    """
    _check_out(out)
    run = _loaded(model)
    return _write(run, run.sample(count, seed), out)


def traverse(
    model: Path,
    *,
    input_: int = 0,
    part: Literal["train", "validation", "test"] = "test",
    unit: int | None = None,
    steps: int = 9,
    reach: float = 3.0,
    out: Path,
) -> int:
    """Decode an example's mean while one latent unit after the other goes through its range.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    input_
        Which example of the part to begin with, counted from 0.
    part
        The part of the model's data that it is in; train if there is no test part.
    unit
        The unit to move, counted from 1; all of them one after the other if none is given.
    steps
        How many points each unit takes.
    reach
        How far from 0 it goes, in standard deviations of the prior.
    out
        What to write; see "vaegui decode". A name that ends in .gif becomes a moving picture.
    """
    moving = out.suffix.lower() in MOVING
    (check_writable if moving else _check_out)(out)
    run = _loaded(model)
    units = run.begun.settings.latent_units
    if unit is not None and not 1 <= unit <= units:
        raise DataError(f"There is no unit {unit}.", f"Units are counted from 1 to {units}.")
    if steps < 2:
        raise DataError(f"{steps} steps are no way.", "Ask for two or more.")
    mean = run.mean_of(part if part in run.parts else "train", input_)
    moved = range(units) if unit is None else [unit - 1]
    z = np.repeat(mean[None], len(moved) * steps, axis=0)
    for number, each in enumerate(moved):
        z[number * steps : (number + 1) * steps, each] = np.linspace(-reach, reach, steps)
    examples = run.decode(z)
    if not moving:
        return _write(run, examples, out)
    if not run.begun.data.is_image:
        raise FileError("These data are no pictures.", "Give a name that ends in .csv or .npz.")
    write_moving(out, examples, run.begun.data.value_range, SECONDS * len(moved))
    print(f"Wrote {len(examples):,} pictures to {out}.", file=sys.stderr)
    return 0


def _loaded(model: Path) -> ModelRun:
    with stderr_beside_log():
        import vaegui.training.trainer.trainer
    return vaegui.load(model)


def _check_out(out: Path) -> None:
    """Say now, and not at the end, what cannot be written."""
    suffix = out.suffix.lower()
    if suffix in TABLES:
        check_table(out)
    elif suffix == ".npy":
        check_writable(out)
    elif suffix:
        raise FileError(
            f"{out} ends neither in .npy, {', '.join(TABLES)}, nor is it the name of a folder.",
            "Give such a name; a folder's has no dot.",
        )


def _write(run: ModelRun, examples: NDArray[Any], out: Path) -> int:
    data, suffix = run.begun.data, out.suffix.lower()
    if suffix in (".npy", ".npz"):
        from vaegui.files.atomic import replacing

        with replacing(out) as temporary, temporary.open("wb") as file:
            if suffix == ".npy":
                np.save(file, examples, allow_pickle=False)
            else:
                np.savez(file, allow_pickle=False, x=examples)
    elif suffix in TABLES:
        flat = examples.reshape(len(examples), -1)
        names = data.feature_names or tuple(f"x_{i}" for i in range(1, flat.shape[1] + 1))
        write_columns(out, dict(zip(names, flat.T, strict=True)))
    elif data.is_image:
        write_pictures(out, examples, data.value_range)
    else:
        raise FileError("These data are no pictures.", "Give a name that ends in .csv or .npz.")
    print(f"Wrote {len(examples):,} examples to {out}.", file=sys.stderr)
    return 0
