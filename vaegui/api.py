"""Training and using a model from Python, without a window."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from vaegui.data.own.known import remember
from vaegui.data.own.own import OwnData
from vaegui.errors import SettingsWarning
from vaegui.model_run import ModelRun
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.record.events import Event
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.core.likelihoods import Likelihood
    from vaegui.data import DataChoice, Dataset
    from vaegui.data.rescale import Rescale
    from vaegui.files.foreign.roles.read_outs import Spread
    from vaegui.training.settings.data_check import DataCheck

__all__ = ["create", "import_keras", "load", "open_data", "train"]


def train(
    settings: Settings | None = None,
    *,
    x: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    progress: ProgressCallback = no_progress,
    on_event: Callable[[Event], None] | None = None,
) -> ModelRun:
    """Load the data, or take an array, build a model and train it.

    Parameters
    ----------
    settings
        All choices of the run; the program's defaults if None.
    x
        Examples of your own, (n, features), (n, height, width) or (n, height, width, channels), in
        place of the data that the settings name. A memory-mapped array may be larger than the
        memory. One tenth of them, or what ``GivenArray(split=...)`` in the settings says, is kept
        for testing. uint8 is seen from 0 to 1, other numbers as ``settings.rescale`` says.
        ``GivenArray(signal=True)`` takes (n, length) or (n, length, channels) for signals: curves
        rather than pictures.
    labels
        A whole number or a word for each example, for colours only; training does not use them.
    progress
        Told of downloads; raises `vaegui.errors.Cancelled` to give up.
    on_event
        Called with each event, after the run took it in: first `Prepared`, last `Finished`. It
        may raise `Cancelled` to stop between two steps; the run so far is then returned.

    Returns
    -------
    ModelRun
        The trained model with its settings and history.

    Raises
    ------
    SettingsError, DataError
        If the settings do not fit each other or the data, or the data cannot be had.

    Warns
    -----
    SettingsWarning
        If the settings can be used but are hardly meant: beta never grows to its final value.
    """
    run = create(settings, progress, x=x, labels=labels)
    run.go_on(on_event=on_event)
    return run


def create(
    settings: Settings | None = None,
    progress: ProgressCallback = no_progress,
    *,
    x: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    dataset: Dataset | None = None,
) -> ModelRun:
    """Load the data and build a model, which `ModelRun.go_on` trains. Arguments as for `train`.

    Parameters
    ----------
    dataset
        The data that the settings name, if they are at hand, before they are scaled.

    Raises
    ------
    SettingsError, DataError
        If the settings do not fit each other or the data, or the data cannot be had.
    """
    from vaegui.training.trainer.trainer import Trainer

    settings, given = settings or Settings(), dataset
    if isinstance(settings.data, OwnData):
        remember(settings.data.path)
    if x is not None:
        array, given = settings.array.taking(x, labels)
        settings = settings.with_data(array)
        _warn_of_few(given.train.spec.length, settings.training.batch_size)
    trainer = Trainer.create(settings, progress, given)
    return ModelRun(trainer, trainer.begun())


def load(
    path: str | os.PathLike[str],
    *,
    x: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    data: str | os.PathLike[str] | None = None,
    progress: ProgressCallback = no_progress,
) -> ModelRun:
    """Open a run that was saved. Its data are not loaded, and need not be there.

    Parameters
    ----------
    path
        The ``.keras`` file.
    x, labels
        The array that `train` was given, to evaluate on it or to train on.
    data
        The file or folder where its data are now, or data for a model that has none. A file that
        the model names, and that was never opened by this user, is read only if it is named here.
    progress
        Told while data are read through; raises `vaegui.errors.Cancelled` to give up.

    Raises
    ------
    FileError
        If the file cannot be read, was not saved by this program, or is damaged.
    DataError
        If ``x`` is not what the model was trained on, or ``data`` cannot be read or do not fit.

    Warns
    -----
    SettingsWarning
        If the device that the run's settings name is not here, and another is taken.
    """
    from vaegui.files.model.model_file import open_model
    from vaegui.training.trainer.own_file import with_file

    trainer = open_model(path)
    if note := trainer.model.placement.note:
        warnings.warn(note, SettingsWarning, stacklevel=2)
    if x is not None:
        trainer.examples.give(trainer.settings.array.dataset(x, labels), progress)
    if data is not None:
        trainer = with_file(trainer, Path(data), progress)
    return ModelRun(trainer, trainer.begun(os.fspath(path), with_probes=False))


def open_data(
    path: str | os.PathLike[str],
    *,
    settings: Settings | None = None,
    progress: ProgressCallback = no_progress,
    **options: Any,
) -> DataCheck:
    """Find out what a file or folder holds, read it through, and judge it.

    ``vaegui.train(opened.settings)`` then trains on it, ``vaegui.train(opened.advised.settings)``
    with every remedy and every advice taken.

    Parameters
    ----------
    path
        A file or folder.
    settings
        All choices but the data, to judge them by; the program's defaults if None.
    options
        Settings of the data that go before what is found out, with two underscores for a point:
        ``format__delimiter="semicolon"`` is the setting ``data.format.delimiter``.

    Returns
    -------
    DataCheck
        With ``settings``, ``dataset``, ``source``, ``guesses``, ``problems``, ``advice``, ``floor``
        and ``ledger``.

    Raises
    ------
    DataError
        If it cannot be read; it says what to do.
    SettingsError
        If an option is wrong; it names the setting.
    """
    from vaegui.training.settings.data_check import check_data, proposed_settings

    values = {f"data.{name.replace('__', '.')}": value for name, value in options.items()}
    proposed = proposed_settings(Path(path), values, progress, settings)
    return check_data(proposed.settings, progress, proposed)


def import_keras(
    path: str | os.PathLike[str],
    decoder: str | os.PathLike[str] | None = None,
    *,
    data: DataChoice | None = None,
    x: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    rescale: Rescale | None = None,
    likelihood: Likelihood | None = None,
    mean: str | None = None,
    spread: str | None = None,
    spread_is: Spread | None = None,
    condition: Sequence[float] | None = None,
    take_proposal: bool = False,
) -> ModelRun:
    """Open a VAE that a Keras script saved: one file with encoder and decoder, or one of each.

    Plain autoencoders open, too, and conditional ones under one condition.

    Parameters
    ----------
    data, rescale
        Data to look at the model with, and the scale that it was trained on; by default data of
        the program that have the shape, or none: `ModelRun.with_data` gives it some. Without data
        arrays are in the model's own scale.
    x, labels
        Data in an array, as for `train`.
    likelihood
        p(x|z); by default Bernoulli if the decoder ends with a sigmoid, else Gaussian. It has to be
        given if the decoder may give logits: pictures without a non-linearity at the end.
    mean, spread, spread_is
        Which outputs of the encoder are mean and spread, by their layers' names, and what the
        spread is. By default the layers' names say it, or how the model computes z. ``mean`` is the
        code of a plain autoencoder.
    condition
        What a conditional model is told beside x and z: the number of a class, or all numbers of
        its second input. By default class 0.
    take_proposal
        Take the likeliest of all that is not said, where the files do not say it for certain.

    Raises
    ------
    FileError
        If the files have layers that cannot be rebuilt.
    SettingsError
        If nothing says which output is what, or whether the decoder gives logits: it says what is
        likely, and why.
    """
    from vaegui.files.foreign.halves.finding import inspect
    from vaegui.files.foreign.importing import import_model
    from vaegui.files.foreign.roles.proposal import chosen

    foreign = inspect(Path(path), None if decoder is None else Path(decoder))
    reading = chosen(
        foreign,
        mean=mean,
        spread=spread,
        spread_is=spread_is,
        take_proposal=take_proposal,
        likelihood=likelihood,
        rescale=rescale,
        data=data,
        condition=None if condition is None else tuple(map(float, condition)),
    )
    dataset = None
    if x is not None:
        array, dataset = Settings(data=reading.data).array.taking(x, labels)
        reading = replace(reading, data=array)
    trainer = import_model(foreign, reading, given=dataset)
    return ModelRun(trainer, replace(trainer.begun(with_probes=False), imported=foreign.title))


def _warn_of_few(examples: int, batch_size: int) -> None:
    if examples < batch_size:
        warnings.warn(
            f"There are {examples:,} training examples, fewer than the {batch_size:,} of a batch: "
            "each step sees all of them. Set training.batch_size lower for several steps an epoch.",
            SettingsWarning,
            stacklevel=4,
        )
