"""Training as a generator of events: advance it to train, pause by not advancing, close to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.data.dataset import DataDescription, Dataset, ProgressCallback, no_progress
from vaegui.errors import DataError, SettingsError, VaeguiError
from vaegui.training import answers
from vaegui.training.build import build_vae
from vaegui.training.devices import Placement, place
from vaegui.training.engine import Engine
from vaegui.training.events import (
    Event,
    Evidence,
    Finished,
    Prepared,
    Probes,
    Progress,
    Resumed,
    Rewound,
    Snapshot,
    StepsDone,
)
from vaegui.training.evidence import estimate_evidence
from vaegui.training.guard import first_not_finite, return_to_finite, why_diverged
from vaegui.training.history import History
from vaegui.training.probes import choose_probes
from vaegui.training.questions import Content, Question
from vaegui.training.rewind import Checkpoint
from vaegui.training.settings import Settings
from vaegui.training.stopping import best_epoch
from vaegui.training.strategy import Strategy, measure, remember, remembered
from vaegui.training.validation import epoch_done, validate

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
        If the choices do not fit each other, the data or the machine.
    """

    def __init__(
        self,
        settings: Settings,
        data: DataDescription,
        dataset: Dataset | None = None,
        history: History | None = None,
    ) -> None:
        self.settings, self.data = settings, data
        self.history = history or History()
        self.placement: Placement = place(settings.training)
        with self.placement.scope():
            self.vae: VAE = build_vae(settings, data)
        self.strategy = _as_set(settings)
        self._dataset = dataset
        self._engine: Engine | None = None
        self._probes: Probes | None = None
        self._checkpoint = Checkpoint(list(self._state_variables().values()) + self._weights())
        self._best: list[NDArray[Any]] = []
        self._training_seconds = self._snapshot_seconds = self._epoch_seconds = 0.0
        self._rate = 0.0

    @staticmethod
    def create(settings: Settings, progress: ProgressCallback = no_progress) -> Trainer:
        """Return a trainer for a new model. Loads the data. Raises `VaeguiError`."""
        dataset = settings.load_data(progress)
        return Trainer(settings, dataset.description, dataset)

    @staticmethod
    def restore(
        settings: Settings,
        data: DataDescription,
        history: History,
        state: dict[str, NDArray[Any]],
    ) -> Trainer:
        """Return a trainer that stands where another stood; the caller then sets the weights.

        ``state`` is what `state` gave. Raises `SettingsError` if it does not fit the settings.
        """
        trainer = Trainer(settings, data, history=history)
        variables = trainer._state_variables()
        if (xla := state.get("engine/xla")) is not None:
            trainer.strategy = Strategy(bool(xla), "as in the run so far")
        best = [state[name] for name in sorted(state) if name.startswith("best/")]
        others = ("best/", "engine/")
        shapes = {k: v.shape for k, v in state.items() if not k.startswith(others)}
        wanted = {name: tuple(variable.shape) for name, variable in variables.items()}
        fits_best = [b.shape for b in best] in ([], [tuple(w.shape) for w in trainer._weights()])
        if shapes != wanted or not fits_best:
            raise SettingsError("The saved training state does not fit the model's settings.")
        for name, variable in variables.items():
            variable.assign(state[name])
        trainer._best = best
        return trainer

    @property
    def step(self) -> int:
        """Number of steps done."""
        return len(self.history)

    @property
    def dataset(self) -> Dataset:
        """The data; loaded now if they were not at hand. Raises `DataError`."""
        if self._dataset is None:
            dataset = self.settings.load_data(no_progress)
            if dataset.description.sha256 != self.data.sha256:
                raise DataError(
                    f"{self.data.name} is not what it was when this model was trained.",
                    "Restore the data, or train a new model on these.",
                )
            self._dataset = dataset
        return self._dataset

    @property
    def engine(self) -> Engine:
        """The compiled loop over the data, made when first needed."""
        if self._engine is None:
            self._engine = self._chosen_engine()
        return self._engine

    @property
    def probes(self) -> Probes:
        """The inputs whose Gaussians are followed."""
        if self._probes is None:
            self._probes = choose_probes(self.dataset)
        return self._probes

    @property
    def steps_per_epoch(self) -> int:
        """Number of steps in which every training example is seen once."""
        examples = self.data.train_examples
        return -(-examples // min(examples, self.settings.training.batch_size))

    def begun(self, path: str | None = None, *, with_probes: bool = True) -> Prepared:
        """Return the event with which a run begins.

        Parameters
        ----------
        path
            The file it came from, if any.
        with_probes
            Whether to load the data for the probes, if they are not loaded yet.
        """
        none = Probes(np.empty((0, *self.data.shape), self.data.dtype), None, 0)
        return Prepared(
            settings=self.settings,
            data=self.data,
            probes=self.probes if with_probes else none,
            device=self.placement.device,
            parameters=sum(int(np.prod(v.shape)) for v in self._weights()),
            compiler=str(self.strategy) if self.strategy else "not compiled yet",
            steps_per_epoch=self.steps_per_epoch,
            history=self.history.copy(),
            path=path,
        )

    def adopt(self, settings: Settings) -> Resumed:
        """Take settings that differ only in what may change within a run, from the next step on.

        Returns
        -------
        Resumed
            What changed, as it is remembered in the history.

        Raises
        ------
        SettingsError
            If anything else differs; the run stays as it is.
        """
        if not self.settings.same_model(settings):
            raise SettingsError(
                "These settings need a new model.", "Train a new model, or undo the changes."
            )
        mark = self.settings.live_changes(settings) if self.step else ""
        self.settings = settings
        if mark:
            self.history.add_mark(self.step, mark)
        return Resumed(settings, self.step, mark)

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

        Raises
        ------
        DivergedError
            If a loss or weight is no longer finite; the model is put back to where all were, and
            `Rewound` says where if that is before the last `StepsDone`.
        """
        engine, end = self.engine, self.step + (max_steps or 0)
        while True:
            if len(self.history.epochs) < self.step // engine.steps_per_epoch:
                yield from self._finish_epoch(engine)
            if max_steps is None:
                end = self.settings.training.epochs * engine.steps_per_epoch
                if self._ends_early(engine):
                    yield Finished("early", self.step, self._keep_best())
                    return
            if self.step >= end:
                break
            yield from self._train(engine, end - self.step)
            if wants_snapshot() and self._snapshot_is_due():
                yield self.snapshot()
        if max_steps is None:
            yield Finished("complete", self.step, self._keep_best())
        else:
            yield Finished("stepped", self.step)

    def snapshot(self) -> Snapshot:
        """Return the probes as the model sees them now."""
        started = time.perf_counter()
        shot = answers.snapshot(self.engine, self.probes, self.step)
        self._snapshot_seconds += time.perf_counter() - started
        return shot

    def answer(self, question: Question) -> Content:
        """Answer a question with the model as it is now."""
        return answers.answer(self.engine, self.probes, question)

    def evidence(self, samples: int) -> Generator[Progress, None, Evidence]:
        """Estimate log p(x) over the test part (training part without one), as `Evidence`.

        ``samples`` is the number of draws of z for each example; progress is told in between.
        """
        part = self.dataset.test if len(self.dataset.test) else self.dataset.train
        with self.placement.scope():
            return (yield from estimate_evidence(self.engine, part.x, samples, self.step))

    def prepare(self) -> None:
        """Compile everything now rather than at the first step."""
        self.engine.warm_up()

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that going on needs beside encoder, decoder and history, by name."""
        arrays = {name: np.asarray(v) for name, v in self._state_variables().items()}
        return arrays | self._choices()

    def twin(self) -> Trainer:
        """Return a second trainer that stands where this one's weights were last copied.

        Any thread may ask, also while the one that trains is stuck in the midst of a step.

        Raises
        ------
        VaeguiError
            If nothing was copied yet.
        """
        step, arrays = self._checkpoint.arrays()
        if not arrays:
            raise VaeguiError("Training has not begun: there is nothing to save yet.")
        history = self.history.copy()
        history.rewind(step)
        names = list(self._state_variables())
        state = dict(zip(names, arrays, strict=False)) | self._choices()
        twin = Trainer.restore(self.settings, self.data, history, state)
        for weight, value in zip(twin._weights(), arrays[len(names) :], strict=True):
            weight.assign(value)
        return twin

    def _choices(self) -> dict[str, NDArray[Any]]:
        """What the run settled on so far: the best weights, and the compiler."""
        arrays = {f"best/{i:04}": best for i, best in enumerate(self._best)}
        if self.strategy is not None:
            arrays["engine/xla"] = np.array(self.strategy.xla)
        return arrays

    def _state_variables(self) -> dict[str, Any]:
        variables = {f"optimiser/{i:04}": v for i, v in enumerate(self.vae.optimizer.variables)}
        variables["sampling/seed"] = self.vae.sampling.seed_generator.state
        if self.vae.log_sd is not None:
            variables["likelihood/log_sd"] = self.vae.log_sd
        return variables

    def _weights(self) -> list[Any]:
        return list(self.vae.trainable_variables)

    def _chosen_engine(self) -> Engine:
        """Make the engine with the faster compiler, which is measured if it is not known."""
        self.strategy = self.strategy or remembered(self.settings, self.data)
        if self.strategy is not None:
            return self._built_engine(self.strategy.xla)
        self.strategy, engine = measure(self._built_engine, self._checkpoint)
        remember(self.settings, self.data, self.strategy)
        return engine

    def _built_engine(self, xla: bool) -> Engine:
        training = self.settings.training
        return Engine(
            self.vae,
            self.dataset.train.x,
            self.data.scaling,
            training.batch_size,
            training.seed,
            xla=xla,
            controls=self._controls,
            scope=self.placement.scope,
        )

    def _controls(self, step: int, count: int) -> NDArray[np.float32]:
        """Learning rate, KL weight and capacity target of the steps that follow."""
        settings, epochs = self.settings, self.settings.training.epochs
        validation = self._validation()
        rows = []
        for n in range(step, step + count):
            epoch = n / self.steps_per_epoch
            rate = settings.optimiser.schedule.factor(epoch, epochs, validation)
            weight = settings.objective.weight(epoch, epochs)
            capacity = settings.objective.capacity(epoch)
            rows.append((settings.optimiser.learning_rate * rate, weight, capacity))
        return np.array(rows, np.float32).reshape(count, 3)

    def _train(self, engine: Engine, limit: int) -> Iterator[Event]:
        """Do a chunk of steps; put the model back if its numbers are not finite."""
        before = self.step
        self._checkpoint.take(before, force=before == 0 or self._checkpoint.step > before)
        started = time.perf_counter()
        terms = engine.train(before, limit)
        seconds = time.perf_counter() - started
        bad = first_not_finite(terms)
        if bad is not None:
            yield from self._go_back(engine, terms, before + bad)
        self._training_seconds += seconds
        self._epoch_seconds += seconds
        rate = engine.examples_in(before, len(terms)) / seconds
        self._rate = 0.9 * self._rate + 0.1 * rate if self._rate else rate
        yield self._record(engine, terms)

    def _record(self, engine: Engine, terms: NDArray[np.float32]) -> StepsDone:
        before = self.step
        self.history.extend(terms)
        return StepsDone(
            first=before + 1,
            epoch=before // engine.steps_per_epoch + 1,
            total=terms[:, 0],
            reconstruction=terms[:, 1],
            kl=terms[:, 2],
            examples_per_s=self._rate,
        )

    def _go_back(self, engine: Engine, terms: NDArray[np.float32], before: int) -> Iterator[Event]:
        """Return to the last finite state at most ``before`` steps in, and raise."""
        known = self.step
        step = return_to_finite(engine, self._checkpoint, before)
        if step > known:
            yield self._record(engine, terms[: step - known])
        elif step < known:
            self.history.rewind(step)
            yield Rewound(step)
        raise why_diverged(engine, self.history.total, step)

    def _finish_epoch(self, engine: Engine) -> Iterator[Event]:
        """Validate, and remember the weights if they are the best so far."""
        if not self._checkpoint.is_finite():
            yield from self._go_back(engine, np.empty((0, 3), np.float32), self.step)
        evaluation = yield from validate(engine, self.dataset)
        validated = len(self.dataset.test) > 0
        done = epoch_done(engine, self.history, evaluation, validated, self._epoch_seconds)
        self._epoch_seconds = 0.0
        self.history.add_epoch(done)
        if self.settings.training.keep == "best" and self._best_epoch() == done.epoch:
            self._best = [np.asarray(weight) for weight in self._weights()]
        yield done

    def _ends_early(self, engine: Engine) -> bool:
        at_end_of_epoch = self.step > 0 and self.step % engine.steps_per_epoch == 0
        stopping, warm_up = self.settings.training.stopping, self._warm_up()
        return at_end_of_epoch and stopping.is_over(self._validation(), warm_up)

    def _keep_best(self) -> int | None:
        """Put the best weights in place if the settings ask for it; the epoch they are of."""
        best = self._best_epoch()
        if self.settings.training.keep != "best" or best is None or not self._best:
            return None
        for weight, value in zip(self._weights(), self._best, strict=True):
            weight.assign(value)
        return best

    def _best_epoch(self) -> int | None:
        return best_epoch(self._validation(), self._warm_up())

    def _warm_up(self) -> float:
        return self.settings.objective.warm_up.full_after(self.settings.training.epochs)

    def _validation(self) -> list[float]:
        return [e.validation.total for e in self.history.epochs if e.validation is not None]

    def _snapshot_is_due(self) -> bool:
        return self._snapshot_seconds <= SNAPSHOT_SHARE * self._training_seconds


def _as_set(settings: Settings) -> Strategy | None:
    """The compiler that the settings ask for, or None if the faster is to be found out."""
    compiler = settings.training.compiler
    return None if compiler == "auto" else Strategy(compiler == "xla", "as set")
