"""Models to and from other programs, on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

from vaegui.cli.own_data import named_data
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
) -> int:
    """Bring a VAE that a Keras script saved into a model file of this program.

    Parameters
    ----------
    model
        The .keras file of the whole model, or of its encoder.
    decoder
        The .keras file of the decoder, if it is in one of its own.
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
    """
    from vaegui.files.atomic import check_writable
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
    run = vaegui.import_keras(
        model, decoder, mean=mean, spread=spread, spread_is=spread_is, **choices
    )
    run.save(out)
    print(f"Imported to {out}.", file=sys.stderr)
    return 0


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
