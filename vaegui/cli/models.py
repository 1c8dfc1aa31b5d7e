"""Models to and from other programs, on the command line."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from vaegui.cli.own_data import named_data
from vaegui.errors import SettingsError
from vaegui.machine.log import stderr_beside_log

__all__ = ["export", "import_keras"]


def import_keras(
    model: Path,
    decoder: Path | None = None,
    *,
    out: Path,
    data: str | None = None,
    scale: str | None = None,
    likelihood: str | None = None,
    mean: str | None = None,
    spread: str | None = None,
    spread_is: Literal["log_var", "log_sd", "var", "sd"] | None = None,
    condition: str | None = None,
    take_proposal: Annotated[bool, Parameter(negative="", show_default=False)] = False,
) -> int:
    """Bring a VAE that a Keras script saved into a model file of this program.

    Parameters
    ----------
    model
        The file of the whole model, or of its encoder: .keras, .h5, or .json with weights beside
        it.
    decoder
        The file of the decoder, if it is in one of its own.
    out
        The .keras file to write.
    data
        What to look at it with: a name, a file or folder of yours, or none. By default data of the
        program that have its shape, or none: they can be given later.
    scale
        The scale of the values that it was trained on: a value of rescale.kind.
    likelihood
        A value of likelihood.kind.
    mean
        Name of the encoder's output that is the mean. By default the names of the layers say it.
    spread
        Name of the output that says how wide each Gaussian is.
    spread_is
        What that output is.
    condition
        What a conditional model is told beside x and z: the number of a class, counted from 0, or
        all numbers of its second input, separated by commas.
    take_proposal
        Take the likeliest of all that is not said, and print it, where the file leaves it open.
    """
    from vaegui.files.atomic import check_writable
    from vaegui.files.foreign.roles.proposal import UnsaidError
    from vaegui.files.model.model_file import check_name
    from vaegui.training.settings.settings import Settings

    check_writable(check_name(out))
    kinds = {"rescale.kind": scale, "likelihood.kind": likelihood}
    given = {path: kind for path, kind in kinds.items() if kind is not None}
    settings = Settings().with_values(given)
    choices: dict[str, Any] = {
        path.removesuffix(".kind"): getattr(settings, path.removesuffix(".kind")) for path in given
    }
    if data is not None:
        choices["data"] = named_data(data)
    with stderr_beside_log():
        import vaegui.training.trainer.trainer
    choices |= {"mean": mean, "spread": spread, "spread_is": spread_is}
    choices["condition"] = _numbers(condition)
    if take_proposal:
        _tell_proposal(model, decoder, choices)
    try:
        run = vaegui.import_keras(model, decoder, **choices, take_proposal=take_proposal)
    except UnsaidError as error:
        remedy = f"Say it: {_flags(error.options)}. --take-proposal takes just that."
        raise SettingsError(error.message, remedy) from None
    run.save(out)
    print(f"Imported to {out}.", file=sys.stderr)
    return 0


def _numbers(text: str | None) -> list[float] | None:
    """Numbers separated by commas. Raises `SettingsError`."""
    try:
        return None if text is None else [float(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            f"The condition '{text}' is not a number, and not several separated by commas.",
            "Give the number of a class, such as --condition 3.",
        ) from None


def _tell_proposal(model: Path, decoder: Path | None, choices: dict[str, Any]) -> None:
    """Print how a foreign model is read, and what speaks for it."""
    from vaegui.files.foreign.halves.finding import inspect
    from vaegui.files.foreign.roles.proposal import chosen, evidence, words

    foreign = inspect(model, decoder)
    reading = chosen(foreign, **choices, take_proposal=True)
    taken = f"Taken: {_flags(words(foreign, reading))}"
    print(*evidence(foreign).values(), taken, sep="\n", file=sys.stderr)


def _flags(options: dict[str, str]) -> str:
    """Options as they are given on the command line."""
    return " ".join(f"--{k.replace('_', '-')} {shlex.quote(v)}" for k, v in options.items())


def export(model: Path, *, to: Path, data: Path | None = None) -> int:
    """Write the weights of a saved model, a script that makes it, or its data.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    to
        The file to write: .safetensors for the weights, .py for a stand-alone Keras script, .npz
        for the data as they were prepared, which the script of a run on a file of yours reads.
    data
        The file or folder where its data are now. A file that a model names is read without this
        only if you opened it before.
    """
    with stderr_beside_log():
        import vaegui.training.trainer.trainer
    run = vaegui.load(model, data=data)
    if to.suffix == ".py":
        run.export_script(to)
    elif to.suffix == ".npz":
        run.export_data(to)
    else:
        run.export(to)
    print(f"Exported to {to}.", file=sys.stderr)
    return 0
