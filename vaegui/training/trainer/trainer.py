"""Training as a generator of events: advance it to train, pause by not advancing, close to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.data.dataset import Dataset
from vaegui.data.description import DataDescription
from vaegui.data.source import Source
from vaegui.errors import DataError, SettingsError, VaeguiError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.engine.computing import computing
from vaegui.training.engine.engine import Engine
from vaegui.training.engine.strategy import (
    Strategy,
    compiler_from,
    compiler_state,
    measure,
    remember,
    remembered,
    unmeasured,
)
from vaegui.training.model.best import BestWeights
from vaegui.training.model.build import build_vae
from vaegui.training.model.devices import Placement, place, telling_of_determinism
from vaegui.training.model.inference import Evaluation, Inference
from vaegui.training.model.memory import require_memory
from vaegui.training.model.rewind import Checkpoint
from vaegui.training.model.state import (
    TrainerState,
    assign_all,
    state_variables,
    weights_by_name,
)
from vaegui.training.record.events import (
    Computing,
    Event,
    Evidence,
    Measured,
    Prepared,
    Probes,
    Progress,
    Resumed,
    Snapshot,
)
from vaegui.training.record.history import History
from vaegui.training.record.probes import choose_probes
from vaegui.training.record.run_id import new_run_id
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer import snapshots
from vaegui.training.trainer.course import Course
from vaegui.training.trainer.evidence import estimate_evidence
from vaegui.training.trainer.loop import Loop
from vaegui.training.trainer.pace import Pace
from vaegui.training.trainer.validation import held_out, measured, validate

__all__ = ["Trainer"]

COMPILING = 0.05
"""Seconds between two signs of life while XLA compiles."""


class Trainer:
    """One model with its data and history, and its training as a generator of events.

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
    anywhere
        Whether the model may be put on another device than the settings name, if that is not here.
        `placement` then says so.

    Attributes
    ----------
    id
        Which run it is; a new one until it is set to that of a run that goes on.
    course
        What the settings make of each step.
    snapshots
        Those that were kept; from them, too, the run can be drawn as it was at earlier steps.
    checkpoint
        The latest copy of all that training changes: of the run's own weights, not of the best.
    best
        The weights of the best epoch, which the model has when a run that keeps them is over.
    pace
        How often it is looked at while it trains.
    missing
        Why the data cannot be had, or ''. Where it is set the model can be looked at all the same,
        and saved.

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
        *,
        anywhere: bool = False,
    ) -> None:
        self.id = new_run_id()
        self.settings, self.data = settings, data
        self.history = history or History()
        self.course = Course(settings, self.history, self.steps_per_epoch)
        self.snapshots = SnapshotStore()
        self.pace = Pace()
        self.missing = ""
        self._dataset = dataset
        self._probes: Probes | None = None
        self._watched = False
        self._build(place(settings.training, anywhere=anywhere))
        self._loop = Loop(self)

    def _build(self, placement: Placement) -> None:
        """Make a new model and all that computes with it, in a place."""
        self.placement = placement
        with placement.scope():
            self.vae: VAE = build_vae(self.settings, self.data)
        self.strategy = _as_set(self.settings)
        self.checkpoint = Checkpoint(self._variables(), placement.scope)
        weights = weights_by_name(self.vae).items()
        self.best = BestWeights({name: weight for name, weight in weights if weight.trainable})
        self._engine: Engine | None = None
        self._without_data: Inference | None = None

    @staticmethod
    def create(
        settings: Settings,
        progress: ProgressCallback = no_progress,
        given: Dataset | None = None,
    ) -> Trainer:
        """Return a trainer for a new model, on ``given`` data or those that the settings name.

        Raises `VaeguiError`.
        """
        if given is None:
            dataset = settings.load_data(progress)
        else:
            dataset = settings.scaled(given, progress)
        progress("Building the model", 0, None)
        return Trainer(settings, dataset.description, dataset)

    def restore(self, state: TrainerState) -> None:
        """Stand where another trainer stood; the caller then sets encoder and decoder.

        ``state`` is what `state` gave. Raises `SettingsError` if it does not fit the settings.
        """
        state = dict(state)
        self.best.restore(state)
        strategy = compiler_from(state, on_gpu=self._on_gpu)
        assign_all(state_variables(self.vae), state)
        self.strategy = self.strategy or strategy
        self._weigh()

    @property
    def step(self) -> int:
        """Number of steps done."""
        return len(self.history)

    @property
    def dataset(self) -> Dataset:
        """The data; loaded now if they were not at hand. Raises as `load` does."""
        return self.load(no_progress)

    def load(self, progress: ProgressCallback) -> Dataset:
        """Load the data, if they are not at hand.

        Raises
        ------
        DataError
            If they cannot be had, or are not those that the model was trained on.
        Cancelled
            If ``progress`` raises it.
        """
        if self._dataset is None:
            self._dataset = self._known(self.settings.load_data(progress))
        return self._dataset

    def give(self, dataset: Dataset, progress: ProgressCallback = no_progress) -> None:
        """Take data that only the caller has. Raises as `load` does."""
        self._dataset = self._known(self.settings.scaled(dataset, progress))

    def _known(self, dataset: Dataset) -> Dataset:
        """Return data that are those that the model was trained on, or raise `DataError`."""
        if not dataset.description.same_data(self.data):
            raise DataError(
                f"{self.data.name} is not what it was when this model was trained.",
                "Restore the data, or train a new model on these.",
            )
        return dataset

    @property
    def engine(self) -> Engine:
        """The compiled loop over the data, made when first needed."""
        if self._engine is None:
            self._engine = self._chosen_engine()
            self._engine.watched = self._watched
        return self._engine

    @property
    def model(self) -> Inference:
        """The model applied to arrays, be its data here or not."""
        return self.inference if self.missing else self.engine

    @property
    def inference(self) -> Inference:
        """The model applied to arrays, without its data being asked for."""
        if self._engine is not None:
            return self._engine
        if self._without_data is None:
            dtype, seed = np.dtype(self.data.dtype), self.settings.training.seed
            size, scope = self._batch_size(), self.placement.scope
            self._without_data = Inference(self.vae, self.data.scaling, dtype, seed, size, scope)
        return self._without_data

    @property
    def probes(self) -> Probes:
        """The inputs whose Gaussians are followed; none without the data."""
        if self.missing:
            return self._no_probes(self.snapshots.labels)
        if self._probes is None:
            self._probes = choose_probes(self.dataset)
        return self._probes

    def _no_probes(self, labels: NDArray[np.int64] | None = None) -> Probes:
        return Probes(np.empty((0, *self.data.shape), self.data.dtype), labels, 0)

    @property
    def _on_gpu(self) -> bool:
        return self.placement.device.name != "CPU"

    @property
    def steps_per_epoch(self) -> int:
        """Number of steps in which every training example is seen once."""
        return -(-self.data.train_examples // self._batch_size())

    def begun(self, path: str | None = None, *, with_probes: bool = True) -> Prepared:
        """Return the event with which a run begins.

        Parameters
        ----------
        path
            The file it came from, if any.
        with_probes
            Whether to load the data for the probes, if they are not loaded yet.
        """
        return Prepared(
            id=self.id,
            settings=self.settings,
            data=self.data,
            probes=self.probes if with_probes else self._no_probes(),
            device=self.placement.device,
            parameters=sum(int(np.prod(v.shape)) for v in self._weights()),
            compiler=str(self.strategy) if self.strategy else "not compiled yet",
            steps_per_epoch=self.steps_per_epoch,
            history=self.history.copy(),
            snapshots=self.snapshots.all,
            path=path,
            missing=self.missing,
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
            If anything else differs, or the device is not there; the run stays as it is.
        """
        if not self.settings.same_model(settings):
            raise SettingsError(
                "These settings need a new model.", "Train a new model, or undo the changes."
            )
        mark = self.settings.live_changes(settings) if self.step else ""
        if self.step and settings != self.settings and not self.best.shown:
            # Steps before it could not be done again with the same numbers.
            self.checkpoint.take(self.step, force=True)
        was, now = self.settings.training, settings.training
        placement = self.placement if now.device == was.device else place(now)
        self.settings = settings
        self.course = Course(settings, self.history, self.steps_per_epoch)
        if placement is not self.placement:
            self._move(placement)
        elif now.compiler != was.compiler:
            self._end_engine()
            self.strategy = _as_set(settings)
        if mark:
            self.history.add_mark(self.step, mark)
        return Resumed(settings, self.step, mark)

    def replace_weights(self, values: list[tuple[Any, NDArray[Any]]], mark: str) -> Resumed:
        """Put other weights in place, from the next step on; the optimiser begins anew.

        Parameters
        ----------
        values
            Variables of the model, and what they become.
        mark
            What it is called in the history.
        """
        with self.placement.scope():
            for variable, value in values:
                variable.assign(value)
            # What the optimiser remembers is about the weights that were there before.
            for variable in self.vae.optimizer.variables:
                if variable.name != "learning_rate":
                    variable.assign(np.zeros(variable.shape))
        self.best.forget()
        self.checkpoint.take(self.step, force=True)
        mark = mark if self.step else ""
        if mark:
            self.history.add_mark(self.step, mark)
        return Resumed(self.settings, self.step, mark)

    def run(
        self,
        *,
        max_steps: int | None = None,
        wants_snapshot: Callable[[], bool] | None = None,
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
            only as often as `pace` allows. None if nobody looks on: chunks are longer then.

        Yields
        ------
        Event
            First `Computing`, again when the compiler is chosen; `StepsDone`, `EpochDone`,
            `Snapshot`, `Progress` of validation and compiling; and last `Finished`.

        Raises
        ------
        DivergedError
            If a loss or weight is no longer finite; the model is put back to where all were, and
            `Rewound` says where if that is before the last `StepsDone`.
        """
        best_were_shown = self.best.put_back()
        require_memory(self.vae, self._batch_size())
        self._watched = self.engine.watched = wants_snapshot is not None
        try:
            yield self._computing()
            if best_were_shown:
                # The snapshot of the last step is one of the best weights.
                yield self.snapshot()
            yield from self._loop.run(max_steps, wants_snapshot or (lambda: False))
        finally:
            if self._engine is not None:
                self._engine.rest()

    def snapshot(self) -> Snapshot:
        """Return the probes as the model sees them now."""
        if self.missing:
            return snapshots.snapshot_without_data(self.model, self.snapshots, self.step)
        started = time.perf_counter()
        shot = snapshots.snapshot(self.engine, self.probes, self.step)
        self.pace.shot(time.perf_counter() - started)
        self.snapshots.labels = self.probes.labels
        self.snapshots.add(shot)
        return shot

    def evaluate(self) -> Generator[Progress, None, Measured]:
        """Measure the model over the test part (the first of the training part without one).

        The total is weighted as at the last step. Progress is told in between.
        """
        evaluation = yield from self.validate(held_out(self.dataset))
        return measured(evaluation, self.step)

    def validate(self, source: Source) -> Generator[Progress, None, Evaluation]:
        """Sum the terms over some examples, to be weighed as at the last step."""
        self._weigh()
        return (yield from validate(self.engine, source))

    def evidence(self, samples: int) -> Generator[Progress, None, Evidence]:
        """Estimate log p(x) over the same examples as `evaluate`.

        ``samples`` is the number of draws of z for each example; progress is told in between.
        """
        source = held_out(self.dataset)
        with self.placement.scope():
            return (yield from estimate_evidence(self.engine, source, samples, self.step))

    def prepare(self, *, wholly: bool = False) -> None:
        """Compile the steps now rather than at the first one; if ``wholly``, all that follows, too.

        The model stays as it is.
        """
        self.engine.warm_up(self.step, ahead=wholly)
        if wholly:
            snapshots.snapshot(self.engine, self.probes, self.step)
            self.engine.evaluate(self.probes.x, 0)

    def state(self) -> TrainerState:
        """Return all that going on needs beside encoder, decoder and history, by name."""
        arrays = {name: np.asarray(v) for name, v in state_variables(self.vae).items()}
        return arrays | self._choices()

    def _choices(self) -> TrainerState:
        """What the run settled on so far: its best weights, and the compiler."""
        return self.best.state() | compiler_state(self.strategy, on_gpu=self._on_gpu)

    def twin(self) -> Trainer:
        """Return a second trainer that stands where this one's weights were last copied.

        Any thread may ask, also while the one that trains is stuck in the midst of a step.

        Raises
        ------
        VaeguiError
            If nothing was copied yet.
        """
        step, arrays = self.checkpoint.arrays()
        if not arrays:
            raise VaeguiError("Training has not begun: there is nothing to save yet.")
        history = self.history.copy()
        history.rewind(step)
        names = list(state_variables(self.vae))
        twin = Trainer(self.settings, self.data, history=history, anywhere=True)
        twin.restore(dict(zip(names, arrays, strict=False)) | self._choices())
        for weight, value in zip(twin._weights(), arrays[len(names) :], strict=True):
            weight.assign(value)
        if twin.best.shown:
            twin.best.show()
        twin.id, twin.snapshots = self.id, self.snapshots.copy()
        twin.snapshots.rewind(step)
        return twin

    def finish(self) -> int | None:
        """End a run: show the best weights if the settings ask for it; the epoch they are of."""
        epoch = self.course.best_epoch()
        if epoch is None:
            return None
        self.checkpoint.take(self.step, force=True)
        return epoch if self.best.show() else None

    def _move(self, placement: Placement) -> None:
        """Go on in another place with the same numbers."""
        shown = self.best.put_back()
        best, arrays = self.best.state(), [np.asarray(v) for v in self._variables()]
        self._end_engine()
        self._build(placement)
        for variable, array in zip(self._variables(), arrays, strict=True):
            variable.assign(array)
        self._weigh()
        self.checkpoint.take(self.step, force=True)
        self.best.restore(best)
        if shown:
            self.best.show()

    def _end_engine(self) -> None:
        """Let the next steps be done by a new engine."""
        if self._engine is not None:
            self._engine.rest()
            self._engine = None

    def _weigh(self) -> None:
        """Weigh the KL term as at the last step."""
        _, beta, capacity = self._controls(max(self.step - 1, 0), 1)[0]
        for variable, value in ((self.vae.beta, beta), (self.vae.capacity, capacity)):
            if variable.numpy() != value:  # to look is ten times as fast as to assign
                variable.assign(value)

    def _batch_size(self) -> int:
        return min(self.data.train_examples, self.settings.training.batch_size)

    def _variables(self) -> list[Any]:
        """All that training changes."""
        return [*state_variables(self.vae).values(), *self._weights()]

    def _weights(self) -> list[Any]:
        return list(self.vae.trainable_variables)

    def _chosen_engine(self) -> Engine:
        """Make the engine, with the faster compiler if that is known."""
        known = self.strategy or remembered(self.settings, self.data)
        self.strategy = known or unmeasured(self.vae, on_cpu=not self._on_gpu)
        return self._built_engine(None if self.strategy is None else self.strategy.xla)

    def settle(self) -> Iterator[Event]:
        """Have the compiler of the next step ready, once the plain graph has done the first ones.

        It is the faster one, which is measured here if it is not known. While XLA is waited for,
        progress is told.
        """
        if self.step < self.engine.graph_steps:
            return
        while not self.engine.compiled(COMPILING):
            yield Progress("Compiling", 0, None)
        if self.strategy is None:
            with telling_of_determinism():
                self.strategy = measure(self.engine, self.checkpoint, self.step)
            remember(self.settings, self.data, self.strategy)
            yield self._computing()

    def _computing(self) -> Computing:
        return computing(self.strategy, self.dataset.train.spec.nbytes, self._watched)

    def _built_engine(self, xla: bool | None) -> Engine:
        training = self.settings.training
        return Engine(
            self.vae,
            self.dataset.train,
            self.data.scaling,
            training.batch_size,
            training.seed,
            xla=xla,
            controls=self._controls,
            scope=self.placement.scope,
        )

    def _controls(self, step: int, count: int) -> NDArray[np.float32]:
        """Learning rate, KL weight and capacity target of the steps that follow."""
        return self.course.controls(step, count)


def _as_set(settings: Settings) -> Strategy | None:
    """The compiler that the settings ask for, or None if the faster is to be found out."""
    compiler = settings.training.compiler
    return None if compiler == "auto" else Strategy(compiler == "xla", "as set")
