"""Training and using a model from Python, without a window."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Generator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.data.description import DataDescription
from vaegui.errors import Cancelled, DataError, SettingsWarning
from vaegui.progress import ProgressCallback, no_progress
from vaegui.queries.base import Query, Result, run_to_end
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.runs.run import Run
from vaegui.training.record.events import (
    Event,
    Evidence,
    Finished,
    Measured,
    Prepared,
    Progress,
    Saved,
)
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.core.likelihoods import Likelihood
    from vaegui.data import DataChoice, Dataset
    from vaegui.data.rescale import Rescale
    from vaegui.files.autosave import Autosave
    from vaegui.files.foreign.read_outs import Spread
    from vaegui.files.run_folder.writer import RunWriter
    from vaegui.training.settings.data_check import DataCheck
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["ModelRun", "create", "import_keras", "load", "open_data", "train"]

Floats = NDArray[np.float32]
T = TypeVar("T")


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
    if x is not None:
        given = settings.array.dataset(x, labels)
        array = settings.array.model_copy(update={"shape": given.shape})
        settings = settings.with_data(array)
        _warn_of_few(given.train.spec.length, settings.training.batch_size)
    trainer = Trainer.create(settings, progress, given)
    return ModelRun(trainer, trainer.begun())


def load(
    path: str | os.PathLike[str],
    *,
    x: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    progress: ProgressCallback = no_progress,
) -> ModelRun:
    """Open a run that was saved. Its data are not loaded, and need not be there.

    Parameters
    ----------
    path
        The ``.keras`` file.
    x, labels
        The array that `train` was given, to evaluate on it or to train on.
    progress
        Told while ``x`` is read through; raises `vaegui.errors.Cancelled` to give up.

    Raises
    ------
    FileError
        If the file cannot be read, was not saved by this program, or is damaged.
    DataError
        If ``x`` is not what the model was trained on.

    Warns
    -----
    SettingsWarning
        If the device that the run's settings name is not here, and another is taken.
    """
    from vaegui.files.model.model_file import open_model

    trainer = open_model(path)
    if trainer.placement.note:
        warnings.warn(trainer.placement.note, SettingsWarning, stacklevel=2)
    if x is not None:
        trainer.give(trainer.settings.array.dataset(x, labels), progress)
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
    rescale: Rescale | None = None,
    likelihood: Likelihood | None = None,
    mean: str | None = None,
    spread: str | None = None,
    spread_is: Spread | None = None,
) -> ModelRun:
    """Open a VAE that a Keras script saved: one file with encoder and decoder, or one of each.

    Parameters
    ----------
    data, rescale
        Data to look at the model with, and the scale that it was trained on; by default data of
        the program that have the shape.
    likelihood
        p(x|z); by default Bernoulli if the decoder ends with a sigmoid, else Gaussian. It has to be
        given if the decoder may give logits: pictures without a non-linearity at the end.
    mean, spread, spread_is
        Which outputs of the encoder are mean and spread, by their layers' names, and what the
        spread is. By default the layers' names say it.

    Raises
    ------
    FileError
        If the files have layers that cannot be rebuilt.
    SettingsError
        If the names do not say which output is what; it lists them. If the likelihood is missing.
    """
    from vaegui.files.foreign.finding import inspect
    from vaegui.files.foreign.importing import import_model
    from vaegui.files.foreign.proposal import chosen

    foreign = inspect(Path(path), None if decoder is None else Path(decoder))
    reading = chosen(
        foreign,
        mean=mean,
        spread=spread,
        spread_is=spread_is,
        likelihood=likelihood,
        rescale=rescale,
        data=data,
    )
    trainer = import_model(foreign, reading)
    return ModelRun(trainer, replace(trainer.begun(with_probes=False), imported=foreign.title))


class ModelRun(Run):
    """A run together with its model. Arrays are in the data's own scale, (n, *shape).

    Any number of examples may be given, also none. What goes in must be numbers of the shape of
    the data that the model was trained on; otherwise `DataError` says what would be right.
    """

    def __init__(self, trainer: Trainer, begun: Prepared) -> None:
        super().__init__(begun)
        self._trainer = trainer

    def go_on(
        self, epochs: int | None = None, *, on_event: Callable[[Event], None] | None = None
    ) -> None:
        """Train from where the run stands until ``epochs`` epochs are done, then `look`.

        What comes is what would have come had training never stopped, to the last bit.

        Parameters
        ----------
        epochs
            How many epochs the run has at its end; as many as its settings say if None.
        on_event
            As for `train`.
        """
        if epochs is not None:
            settings = self.begun.settings.with_values({"training.epochs": epochs})
            self.add(self._trainer.adopt(settings))
        if doubt := self._trainer.settings.check():
            warnings.warn(doubt, SettingsWarning, stacklevel=2)
        try:
            self.begun = self._trainer.begun(self.begun.path)
            for event in chain([self.begun], self._trainer.run()):
                self.add(event)
                if on_event is not None:
                    on_event(event)
        except Cancelled:
            self.add(Finished("stopped", self._trainer.step))
        self.look()

    def look(self) -> None:
        """Fill in what panels draw: probes, snapshot, and answers about the first probe.

        It loads the data, if they are not loaded yet. Raises `DataError` if they cannot be had.
        """
        from vaegui.queries.computing.subject import Subject

        self.begun = self._trainer.begun(self.begun.path)
        self.add(self._trainer.snapshot())
        subject = Subject(self._trainer)
        queries: tuple[Query[Any], ...] = (Inspect(0), Decode((0.0,) * self._units))
        for query in queries:
            value = run_to_end(query.run(subject))
            self.add_result(Result(query, self.step, value))

    def evaluate(self, progress: ProgressCallback = no_progress) -> Measured:
        """Measure the model on the test part of its data, with the same noise each time.

        Without a test part it is the first 2,048 examples of the training part. The data are
        loaded, if they are not yet. Raises `DataError` if they cannot be had.

        Returns
        -------
        Measured
            Loss and its terms, KL of each unit, and active units, in nats per example.
        """
        return _result(self._trainer.evaluate(), progress)

    def log_p(self, samples: int = 500, progress: ProgressCallback = no_progress) -> Evidence:
        """Estimate log p(x) over the same part, with so many draws of z for each example.

        It is a lower bound that rises towards log p(x) with ``samples`` (Burda, Grosse and
        Salakhutdinov 2016).

        Returns
        -------
        Evidence
            The mean over examples, in nats, and its standard error.
        """
        if samples < 1:
            raise DataError(f"{samples} samples cannot be drawn.", "Ask for one or more.")
        evidence = _result(self._trainer.evidence(samples), progress)
        self.add(evidence)
        return evidence

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run to a ``.keras`` file, which plain Keras opens, too.

        Raises
        ------
        FileError
            If it cannot be written; a file that was there is then as it was.
        """
        from vaegui.files.model.model_file import save

        save(path, self._trainer)
        self.add(Saved(os.fspath(path), self._trainer.step))

    def keep(self, autosave: Autosave, origin: str | None = None, *, at_once: bool = False) -> None:
        """Keep the run in case this process ends unexpectedly, if it is time for that.

        ``origin`` is the file that it will go to, ``at_once`` says that it is time. Raises
        `FileError` if it cannot be kept.
        """
        if autosave.behind(self._trainer.step) and (at_once or autosave.due()):
            autosave.keep(self._trainer, origin)

    def write_to(self, writer: RunWriter, event: Event) -> None:
        """Write what happened to a run folder, and now and then how the model stands.

        Call it with each event that `go_on` tells. Raises `FileError` if something could not be
        written; it is tried again at the next event.
        """
        before = writer.checkpoint_step
        try:
            writer.add(event, self._trainer)
        finally:
            self._note_written(writer, before)

    def finish(self, writer: RunWriter) -> None:
        """Write the run to its folder as it stands, and that it is over. Raises `FileError`."""
        before = writer.checkpoint_step
        writer.finish(self.finished or Finished("stopped", self._trainer.step), self._trainer)
        self._note_written(writer, before)

    def _note_written(self, writer: RunWriter, before: int | None) -> None:
        """Take in the snapshot and the model that were made to be written, if any were."""
        shot = self._trainer.snapshots.at(None)
        if shot is not None and shot is not self.snapshot:
            self.add(shot)
        step = writer.checkpoint_step
        if step is not None and step != before:
            self.add(Saved(str(writer.checkpoint), step))

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write the weights to a ``.safetensors`` file. Raises `FileError` if it cannot be."""
        from vaegui.files.tensors import export_weights

        export_weights(Path(path), self._trainer)

    def export_script(self, path: str | os.PathLike[str]) -> None:
        """Write a stand-alone Keras script that makes and trains the same model.

        Raises `FileError` if it cannot be written.
        """
        from vaegui.files.script.document import script_of, write_script

        write_script(Path(path), script_of(self))

    def import_weights(self, path: str | os.PathLike[str]) -> None:
        """Take the weights of a file whose layers are those of this model.

        It may be ``.safetensors``, ``.weights.h5`` or ``.keras``, and hold encoder, decoder or
        both.
        Raises `FileError` that names what does not fit; the model is then as it was.
        """
        from vaegui.files.tensors import import_weights

        self.add(import_weights(Path(path), self._trainer)[0])

    def encode(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """Mean and log-variance of the posterior of each input, each (n, units)."""
        return self._trainer.inference.encode(_examples(x, self.begun.data))

    def decode(self, z: ArrayLike) -> Floats:
        """The expected example for each latent point; ``z`` (n, units) -> (n, *shape)."""
        return self._trainer.inference.decode(_numbers(z, "z", (self._units,)))

    def reconstruct(self, x: ArrayLike) -> Floats:
        """Each input encoded, and its mean decoded; (n, *shape) -> (n, *shape)."""
        return self.decode(self.encode(x)[0])

    def sample(self, n: int, seed: int = 0) -> Floats:
        """Decode ``n`` draws from the prior N(0, I); (n, *shape). The same seed, the same draws."""
        if n < 0:
            raise DataError(f"{n} samples cannot be drawn.", "Ask for none or more.")
        prior, random = self._trainer.vae.prior, np.random.default_rng(seed)
        return self.decode(prior.sample(n, self._units, random))

    @property
    def _units(self) -> int:
        return self.begun.settings.latent_units


def _warn_of_few(examples: int, batch_size: int) -> None:
    if examples < batch_size:
        warnings.warn(
            f"There are {examples:,} training examples, fewer than the {batch_size:,} of a batch: "
            "each step sees all of them. Set training.batch_size lower for several steps an epoch.",
            SettingsWarning,
            stacklevel=4,
        )


def _result(going_on: Generator[Progress, None, T], progress: ProgressCallback) -> T:
    """What a generator returns, its progress told."""
    while True:
        try:
            told = next(going_on)
        except StopIteration as done:
            result: T = done.value
            return result
        progress(told.what, told.done, told.total)


def _examples(x: ArrayLike, data: DataDescription) -> NDArray[Any]:
    """``x`` as an array of examples that fit the data. Raises `DataError`."""
    rows = _numbers(x, "x", data.shape)
    if data.dtype == "uint8" and rows.size and not (rows.min() >= 0 and rows.max() <= 255):
        raise DataError(
            f"The values of x lie between {rows.min():.4g} and {rows.max():.4g}.",
            f"Give them in the scale of {data.name}: from 0 to 255.",
        )
    return rows


def _numbers(values: ArrayLike, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Values as an array (n, *shape) of finite real numbers. Raises `DataError`."""
    wanted = "(" + ", ".join(["n", *map(str, shape)]) + ")"
    try:
        array = np.asarray(values)
    except ValueError:
        raise DataError(
            f"{name} has rows of different lengths.", f"Give an array of the shape {wanted}."
        ) from None
    if array.dtype.kind not in "uif":
        raise DataError(
            f"{name} has values of type {array.dtype}.", "Give real numbers, for example float32."
        )
    if array.shape == shape:
        raise DataError(
            f"{name} is a single example of the shape {array.shape}.",
            f"Give an array of the shape {wanted}, for example {name}[None].",
        )
    if array.shape[1:] != shape:
        raise DataError(
            f"{name} has the shape {array.shape}.", f"Give an array of the shape {wanted}."
        )
    if not np.isfinite(array).all():
        raise DataError(
            f"{name} has values that are not finite.", "Replace NaN and infinity by numbers."
        )
    return array
