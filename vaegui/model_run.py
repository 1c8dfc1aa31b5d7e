"""A run together with its model, for Python and the command line."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.analysis.codes import draws_like
from vaegui.core.architectures.imported import ImportedLayers
from vaegui.data.checked import examples_like, finite_numbers
from vaegui.data.source import ExampleRef, Part, Source
from vaegui.errors import Cancelled, DataError, SettingsWarning
from vaegui.progress import ProgressCallback, no_progress, reported
from vaegui.queries.base import Query, Result, run_to_end
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.runs.encoded import Encoded, FileEncoding
from vaegui.runs.run import Run
from vaegui.training.record.events import Event, Evidence, Finished, Measured, Prepared, Saved

if TYPE_CHECKING:
    from vaegui.data import DataChoice
    from vaegui.data.rescale import Rescale
    from vaegui.training.model.inference import Inference
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["ModelRun"]

Floats = NDArray[np.float32]


class ModelRun(Run):
    """A run together with its model. Arrays are in the data's own scale, (n, *shape).

    Any number of examples may be given, also none. What goes in must be numbers of the shape of
    the data that the model was trained on; otherwise `DataError` says what would be right.
    """

    def __init__(self, trainer: Trainer, begun: Prepared) -> None:
        super().__init__(begun)
        self.trainer = trainer
        """What trains and applies the model."""

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
            self.add(self.trainer.adopt(settings))
        if doubt := self.trainer.settings.check():
            warnings.warn(doubt, SettingsWarning, stacklevel=2)
        try:
            self.begun = self.trainer.begun(self.begun.path)
            for event in chain([self.begun], self.trainer.run()):
                self.add(event)
                if on_event is not None:
                    on_event(event)
        except Cancelled:
            self.add(Finished("stopped", self.trainer.step))
        self.look()

    def with_data(
        self,
        data: DataChoice | None = None,
        *,
        x: ArrayLike | None = None,
        labels: ArrayLike | None = None,
        rescale: Rescale | None = None,
        progress: ProgressCallback = no_progress,
    ) -> ModelRun:
        """Return a run of the same weights on other data; this one stays as it is.

        Parameters
        ----------
        data
            Of the model's shape; or give an array.
        x, labels
            As for `train`.
        rescale
            The scale that the model was trained on; that of this run if None.

        Raises
        ------
        SettingsError, DataError
            If the data do not fit the model, or cannot be had.
        """
        settings, given = self.trainer.settings, None
        if x is not None:
            data, given = settings.array.taking(x, labels)
        update = {"data": data or settings.data, "rescale": rescale or settings.rescale}
        trainer = self.trainer.with_data(settings.model_copy(update=update), progress, given)
        return ModelRun(trainer, replace(trainer.begun(), imported=self.begun.imported))

    def look(self) -> None:
        """Fill in what panels draw: probes, snapshot, and answers about the first probe.

        It loads the data, if they are not loaded yet. Raises `DataError` if they cannot be had;
        of a model without data it fills in what can be known without any.
        """
        from vaegui.queries.computing.subject import Subject

        self.begun = self.trainer.begun(self.begun.path)
        self.add(self.trainer.snapshot())
        subject = Subject(self.trainer)
        queries: list[Query[Any]] = [Decode((0.0,) * self._units)]
        if not self.begun.missing:
            queries.insert(0, Inspect(self.begun.probes.refs[0]))
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
        return reported(self.trainer.evaluate(), progress)

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
        evidence = reported(self.trainer.evidence(samples), progress)
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

        save(path, self.trainer)
        self.add(Saved(os.fspath(path), self.trainer.step))

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write the weights to a ``.safetensors`` file. Raises `FileError` if it cannot be."""
        from vaegui.files.tensors import export_weights

        export_weights(Path(path), self.trainer)

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

        self.add(import_weights(Path(path), self.trainer)[0])

    def encode(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """Mean and log-variance of the posterior of each input, each (n, units)."""
        return self._model.encode(examples_like(self._as_data(x), self.begun.data))

    def encode_file(
        self, path: str | os.PathLike[str], progress: ProgressCallback = no_progress
    ) -> FileEncoding:
        """Encode all examples of a file, prepared as the data of this model were.

        Raises
        ------
        DataError
            If it cannot be read, lacks columns, or has examples of another shape.
        """
        from vaegui.data import OwnData
        from vaegui.data.own.another.another import read_another
        from vaegui.data.own.another.difference import difference

        data, known = self.begun.settings.data, self.begun.data
        recipe = data if isinstance(data, OwnData) else None
        other = read_another(Path(path), recipe, known, progress)
        differs = difference(other, known, progress)
        encoded = self._encoded(other.source, other.rows, None, progress)
        return FileEncoding(encoded, differs, other.ledger)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the model's data that have examples, those of the test part first."""
        known = self.begun.data
        names: tuple[Part, ...] = ("test", "validation", "train")
        return tuple(name for name in names if known.examples(name))

    def encode_part(self, part: Part, progress: ProgressCallback = no_progress) -> Encoded:
        """Encode all examples of a part of the model's data. Raises `DataError`."""
        source = self.trainer.examples.load(progress).parts[part]
        return self._encoded(source, np.arange(source.spec.length), part, progress)

    def mean_of(self, part: Part, row: int) -> Floats:
        """The posterior mean of one example of a part, (units,). Raises `DataError`."""
        dataset = self.trainer.examples.load(no_progress)
        x = dataset.example(ExampleRef(dataset.id, part, row)).x
        mean: Floats = self._model.encode(x[None])[0][0]
        return mean

    def _encoded(
        self,
        source: Source,
        rows: NDArray[np.int64],
        part: Part | None,
        progress: ProgressCallback,
    ) -> Encoded:
        total, together = source.spec.length, self._model.evaluated_together
        found = []
        for start in range(0, max(1, total), together):
            progress("Encoding (examples)", start, total)
            piece = source.read(slice(start, min(start + together, total))).x
            found.append(self._model.measure_each(piece, start))
        mean, log_var, reconstruction, kl = map(np.concatenate, zip(*found, strict=True))
        return Encoded(part, rows, source.labels, mean, log_var, reconstruction, kl)

    def export_data(
        self, path: str | os.PathLike[str], progress: ProgressCallback = no_progress
    ) -> None:
        """Write the parts of the data as they were prepared to an ``.npz`` file, for the script.

        Features of which the model sees the logarithm are written as log(1 + x), and what is
        missing as the encoder sees it. Raises `DataError` if the data cannot be had, `FileError`
        if the file cannot be written.
        """
        from vaegui.files.atomic import replacing

        dataset = self.trainer.examples.load(progress)
        arrays = {}
        for name, part in dataset.parts.items():
            x = part.read(slice(0, part.spec.length)).x
            complete = dataset.scaling.filled(x)
            arrays[f"x_{name}"] = dataset.scaling.to_logarithms(complete).astype(x.dtype)
        with replacing(Path(path)) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    def decode(self, z: ArrayLike) -> Floats:
        """The expected example for each latent point; ``z`` (n, units) -> (n, *shape)."""
        return self._model.decode(finite_numbers(z, "z", (self._units,)))

    def reconstruct(self, x: ArrayLike) -> Floats:
        """Each input encoded, and its mean decoded; (n, *shape) -> (n, *shape)."""
        return self.decode(self.encode(x)[0])

    def sample(self, n: int, seed: int = 0) -> Floats:
        """Decode ``n`` draws from the prior N(0, I); (n, *shape). The same seed, the same draws.

        A plain autoencoder has no prior: its draws are from the Gaussian that fits the codes of its
        probes, for which the data are loaded. Raises `DataError` if they cannot be had.
        """
        if n < 0:
            raise DataError(f"{n} samples cannot be drawn.", "Ask for none or more.")
        if not self.begun.settings.has_spread:
            codes = self._model.encode(self.trainer.begun().probes.x)[0]
            return self.decode(draws_like(codes, n, seed))
        prior, random = self._model.vae.prior, np.random.default_rng(seed)
        return self.decode(prior.sample(n, self._units, random))

    def _as_data(self, x: ArrayLike) -> Any:
        """Examples of the shape that an imported network takes, and signals, as the data are."""
        architecture, shape = self.begun.settings.architecture, tuple(getattr(x, "shape", ()))
        if isinstance(architecture, ImportedLayers) and shape[1:] == architecture.example_shape:
            return np.reshape(np.asarray(x), (shape[0], *self.begun.data.shape))
        given = self.begun.settings.array
        return given.rows(x)[slice(None)] if given.signal and len(shape) == 3 else x

    @property
    def _model(self) -> Inference:
        return self.trainer.model.inference

    @property
    def _units(self) -> int:
        return self.begun.settings.latent_units
