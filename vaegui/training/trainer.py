"""Training as a generator of events: advance it to train, pause by not advancing, close to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.architectures import Dense
from vaegui.core.vae import VAE
from vaegui.data.dataset import DataDescription, Dataset, ProgressCallback, no_progress
from vaegui.errors import SettingsError
from vaegui.training.devices import choose_device
from vaegui.training.engine import PIECE, Engine, Evaluation
from vaegui.training.events import (
    EpochDone,
    Event,
    Finished,
    Prepared,
    Probes,
    Progress,
    Snapshot,
    StepsDone,
    Terms,
)
from vaegui.training.history import History
from vaegui.training.probes import choose_probes
from vaegui.training.questions import Content, Decode, Decoded, Inspect, Inspected, Question
from vaegui.training.settings import Settings

__all__ = ["Trainer"]

SNAPSHOT_SHARE = 0.03
"""Snapshots may cost at most this part of the time that training takes."""


class Trainer:
    """One model, its data and its history, and the way on.

    It may be used by one thread only, the one that imported TensorFlow.

    Parameters
    ----------
    settings
        All choices of the run.
    data
        What the model knows of its data.
    dataset
        The data, if they are at hand; otherwise they are loaded when first needed.
    history
        What happened before, for a run that goes on.

    Raises
    ------
    SettingsError
        If the choices do not fit each other or the data.
    """

    def __init__(
        self,
        settings: Settings,
        data: DataDescription,
        dataset: Dataset | None = None,
        history: History | None = None,
    ) -> None:
        check_fit(settings, data)
        self.settings, self.data = settings, data
        self.history = history or History()
        self.device = choose_device()
        self.vae = VAE(
            settings.architecture,
            settings.likelihood,
            data.shape,
            settings.latent_units,
            beta=settings.objective.beta,
            seed=settings.training.seed,
        )
        optimizer = settings.optimiser.build()
        optimizer.build(self.vae.trainable_variables)
        self.vae.compile(optimizer=optimizer)
        self._dataset = dataset
        self._engine: Engine | None = None
        self._probes: Probes | None = None
        self._training_seconds = self._snapshot_seconds = 0.0
        self._epoch_seconds = 0.0
        self._rate = 0.0

    @staticmethod
    def create(settings: Settings, progress: ProgressCallback = no_progress) -> Trainer:
        """A trainer for a new model. Loads the data. Raises `VaeguiError`."""
        dataset = settings.data.load(progress)
        return Trainer(settings, dataset.description, dataset)

    @staticmethod
    def restore(
        settings: Settings,
        data: DataDescription,
        history: History,
        state: dict[str, NDArray[Any]],
    ) -> Trainer:
        """A trainer that stands where another stood; the caller then sets the weights.

        ``state`` is what `state` gave. Raises `SettingsError` if it does not fit the settings.
        """
        trainer = Trainer(settings, data, history=history)
        variables = trainer._state_variables()
        if {k: v.shape for k, v in state.items()} != {
            name: tuple(variable.shape) for name, variable in variables.items()
        }:
            raise SettingsError("The saved training state does not fit the model's settings.")
        for name, variable in variables.items():
            variable.assign(state[name])
        return trainer

    @property
    def step(self) -> int:
        """Number of steps done."""
        return len(self.history)

    @property
    def dataset(self) -> Dataset:
        """The data; loaded now if they were not at hand. Raises `DataError`."""
        if self._dataset is None:
            self._dataset = self.settings.data.load(no_progress)
        return self._dataset

    @property
    def engine(self) -> Engine:
        """The compiled loop over the data, made when first needed."""
        if self._engine is None:
            training = self.settings.training
            self._engine = Engine(
                self.vae,
                self.dataset.train.x,
                self.data.scaling,
                training.batch_size,
                training.seed,
                xla=self._compiler()[0],
            )
        return self._engine

    @property
    def probes(self) -> Probes:
        """The inputs whose Gaussians are followed."""
        if self._probes is None:
            self._probes = choose_probes(self.dataset)
        return self._probes

    def begun(self, path: str | None = None) -> Prepared:
        """The event with which a run begins; ``path`` is the file it came from, if any."""
        return Prepared(
            settings=self.settings,
            data=self.data,
            probes=self.probes,
            device=self.device,
            parameters=sum(int(np.prod(v.shape)) for v in self.vae.trainable_variables),
            compiler=self._compiler()[1],
            steps_per_epoch=self.engine.steps_per_epoch,
            history=self.history.copy(),
            path=path,
        )

    def adopt(self, settings: Settings) -> None:
        """Take settings that differ only in what may change within a run: the epochs.

        Raises
        ------
        SettingsError
            If anything else differs; the run stays as it is.
        """
        if not self.settings.same_model(settings):
            raise SettingsError(
                "These settings need a new model.", "Train a new model, or undo the changes."
            )
        self.settings = settings

    def run(
        self,
        *,
        max_steps: int | None = None,
        wants_snapshot: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        """Train until all epochs, or else ``max_steps`` steps, are done, telling what happens.

        Closing the generator stops between two chunks of steps; running again goes on from there
        with exactly the numbers that would have come.

        Parameters
        ----------
        max_steps
            Do so many steps, even beyond the last epoch.
        wants_snapshot
            Asked after each chunk whether a snapshot would be looked at. Even then one is made
            only as often as costs at most 3 % of the time.

        Yields
        ------
        Event
            `StepsDone`, `EpochDone`, `Snapshot`, `Progress` of validation, and last `Finished`.
        """
        engine = self.engine
        last = self.settings.training.epochs * engine.steps_per_epoch
        end = last if max_steps is None else self.step + max_steps
        while True:
            if len(self.history.epochs) < self.step // engine.steps_per_epoch:
                yield from self._finish_epoch(engine)
            if self.step >= end:
                break
            yield self._chunk(engine, end - self.step)
            if wants_snapshot() and self._snapshot_is_due():
                yield self.snapshot()
        yield Finished("complete" if max_steps is None else "stepped", self.step)

    def snapshot(self) -> Snapshot:
        """The probes as the model sees them now."""
        with _Clock() as clock:
            mean, log_var = self.engine.encode(self.probes.x)
            reconstruction = self.engine.decode(mean[: self.probes.gallery])
        self._snapshot_seconds += clock.seconds
        return Snapshot(self.step, mean, log_var, reconstruction)

    def answer(self, question: Question) -> Content:
        """Answer a question with the model as it is now."""
        match question:
            case Decode():
                return Decoded(self.engine.decode(np.array([question.z], np.float32))[0])
            case Inspect():
                return self._inspect(question)

    def state(self) -> dict[str, NDArray[Any]]:
        """All that going on needs beside weights and history: optimiser and random state."""
        return {name: np.asarray(v) for name, v in self._state_variables().items()}

    def _state_variables(self) -> dict[str, Any]:
        variables = {f"optimiser/{i}": v for i, v in enumerate(self.vae.optimizer.variables)}
        variables["sampling/seed"] = self.vae.sampling.seed_generator.state
        return variables

    def _compiler(self) -> tuple[bool, str]:
        """Whether the step is compiled by XLA, and why."""
        chosen = self.settings.training.compiler
        if chosen != "auto":
            return chosen == "xla", f"{'XLA' if chosen == 'xla' else 'graph'}, as set"
        if isinstance(self.settings.architecture, Dense):
            return True, "XLA, the faster for dense layers"
        return False, "graph, the faster for convolutions on a CPU"

    def _chunk(self, engine: Engine, limit: int) -> StepsDone:
        before = self.step
        with _Clock() as clock:
            terms = engine.train(before, limit)
        self.history.extend(terms)
        self._training_seconds += clock.seconds
        self._epoch_seconds += clock.seconds
        rate = engine.examples_in(before, len(terms)) / clock.seconds
        self._rate = 0.9 * self._rate + 0.1 * rate if self._rate else rate
        return StepsDone(
            first=before + 1,
            epoch=before // engine.steps_per_epoch + 1,
            total=terms[:, 0],
            reconstruction=terms[:, 1],
            kl=terms[:, 2],
            examples_per_s=self._rate,
        )

    def _finish_epoch(self, engine: Engine) -> Iterator[Event]:
        """Validate, in pieces between which the generator can be closed or asked."""
        tested = (
            self.dataset.test.x if len(self.dataset.test) else self.dataset.train.x[: 4 * PIECE]
        )
        sums = Evaluation(0.0, np.zeros(self.vae.units), 0)
        for start in range(0, len(tested), PIECE):
            if start:
                yield Progress("Validating", start, len(tested))
            sums += engine.evaluate(tested, start)
        kl_by_unit = sums.kl / sums.examples
        validation = None
        if len(self.dataset.test):
            reconstruction, kl = sums.reconstruction / sums.examples, float(kl_by_unit.sum())
            total = reconstruction + self.settings.objective.beta * kl
            validation = Terms(total, reconstruction, kl)
        done = EpochDone(
            epoch=self.step // engine.steps_per_epoch,
            step=self.step,
            train=self._epoch_terms(engine),
            validation=validation,
            kl_by_unit=kl_by_unit.astype(np.float32),
            seconds=self._epoch_seconds,
        )
        self._epoch_seconds = 0.0
        self.history.add_epoch(done)
        yield done

    def _epoch_terms(self, engine: Engine) -> Terms:
        """Means over the examples of the epoch that has just ended."""
        first = self.step - engine.steps_per_epoch
        counts = [engine.examples_in(step, 1) for step in (first, self.step - 1)]
        weights = np.full(engine.steps_per_epoch, counts[0], np.float64)
        weights[-1] = counts[1]
        steps = self.history.steps()[first:].astype(np.float64)
        total, reconstruction, kl = weights @ steps / weights.sum()
        return Terms(float(total), float(reconstruction), float(kl))

    def _snapshot_is_due(self) -> bool:
        return self._snapshot_seconds <= SNAPSHOT_SHARE * self._training_seconds

    def _inspect(self, question: Inspect) -> Inspected:
        from vaegui.analysis.posterior import standard_deviation

        mean, log_var = self.engine.encode(self.probes.x[question.probe : question.probe + 1])
        random = np.random.Generator(
            np.random.Philox(key=[self.settings.training.seed, question.probe])
        )
        eps = random.standard_normal((question.draws, self.vae.units), np.float32)
        z = mean + standard_deviation(log_var) * eps
        decoded = self.engine.decode(np.concatenate([mean, z]))
        return Inspected(mean[0], log_var[0], decoded[0], z, decoded[1:])


def check_fit(settings: Settings, data: DataDescription) -> None:
    """Raise `SettingsError` if the choices do not fit the data."""
    problem = settings.architecture.check(data.shape)
    if problem:
        raise SettingsError(problem, "Choose another architecture, or other data.", "architecture")
    low, high = data.scaling.to_model(np.array(data.value_range))
    problem = settings.likelihood.check(float(low), float(high))
    if problem:
        raise SettingsError(problem, "Choose another likelihood, or rescale.", "likelihood")


class _Clock:
    """Measures how long a block takes: ``seconds`` after it."""

    seconds = 0.0

    def __enter__(self) -> _Clock:
        self._started = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.perf_counter() - self._started
