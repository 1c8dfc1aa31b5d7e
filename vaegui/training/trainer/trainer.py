"""Training as a generator of events: advance it to train, pause by not advancing, close to stop."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.architectures.imported import fits
from vaegui.data import NoData
from vaegui.data.dataset import Dataset
from vaegui.data.sources.none import by_axes
from vaegui.errors import SettingsError, VaeguiError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.model.devices import place
from vaegui.training.model.memory import require_memory
from vaegui.training.model.state import assign_all, weights_by_name
from vaegui.training.record.events import (
    Event,
    Evidence,
    Measured,
    Prepared,
    Progress,
    Resumed,
    Snapshot,
)
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.draws import drawn
from vaegui.training.trainer.examples import Examples
from vaegui.training.trainer.loop import Loop
from vaegui.training.trainer.measured.evidence import estimate_evidence
from vaegui.training.trainer.measured.validation import held_out, measured, validate
from vaegui.training.trainer.placed import PlacedModel
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.snapshots import snapshot, take_snapshot

__all__ = ["Trainer"]


def another_model() -> SettingsError:
    """What is raised where settings are those of another model."""
    return SettingsError(
        "These settings need a new model.", "Train a new model, or undo the changes."
    )


class Trainer:
    """One run, and all that can be done with it.

    It may be used by one thread only, the one that imported TensorFlow.

    Parameters
    ----------
    state
        How far the run has come, and what it goes by.
    dataset
        The data, if they are at hand; otherwise they are loaded when first needed.
    anywhere
        Whether the model may be put on another device than the settings name, if that is not here.
        Its placement then says so.

    Attributes
    ----------
    state, id, data, history, snapshots
        As given, and parts of it.
    examples
        The data, be they at hand or not.
    model
        The model in its place.

    Raises
    ------
    SettingsError
        If the choices do not fit each other, the data or the machine.
    """

    def __init__(
        self, state: RunState, dataset: Dataset | None = None, *, anywhere: bool = False
    ) -> None:
        self.state, self.id, self.data = state, state.id, state.data
        self.history, self.snapshots = state.history, state.snapshots
        self.examples = Examples(state, dataset)
        placement = place(state.settings.training, anywhere=anywhere)
        self.model = PlacedModel(state, self.examples, placement)
        drawable = state.settings.has_spread and state.settings.has_encoder
        if isinstance(state.settings.data, NoData) and drawable:
            self.examples.draw = lambda: drawn(self.model.inference)
        self._loop = Loop(state, self.examples, self.model)

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
        return Trainer(RunState(settings, dataset.description), dataset)

    @staticmethod
    def without_data(settings: Settings) -> Trainer:
        """Return a trainer for a new model that has no data, `NoData`. Raises `SettingsError`."""
        assert isinstance(settings.data, NoData)
        return Trainer(RunState(settings, settings.data.described(*settings.rescale.usual)))

    def with_data(
        self,
        settings: Settings,
        progress: ProgressCallback = no_progress,
        given: Dataset | None = None,
    ) -> Trainer:
        """Return a trainer whose model has the same weights, in a run of its own on other data.

        Parameters
        ----------
        settings
            Of the same network; its data are ``given`` or those that the settings name.

        Raises
        ------
        VaeguiError
            If the data cannot be had, or are not of the shape that the model takes. This trainer
            is as it was.
        """
        if not self.settings.same_network(settings):
            raise another_model()
        trainer = Trainer.create(settings, progress, given)
        if not fits(trainer.data.shape, self.data.shape):
            raise SettingsError(
                f"The model takes examples of {by_axes(self.data.shape)}; those of "
                f"{trainer.data.name} have {by_axes(trainer.data.shape)}.",
                "Choose data of the model's shape.",
                "data",
            )
        weights = weights_by_name(self.model.vae)
        numbers = {name: np.asarray(weight) for name, weight in weights.items()}
        assign_all(weights_by_name(trainer.model.vae), numbers)
        trainer.model.strategy = self.model.strategy
        return trainer

    @property
    def settings(self) -> Settings:
        """All choices of the run."""
        return self.state.settings

    @property
    def step(self) -> int:
        """Number of steps done."""
        return self.state.step

    def begun(self, path: str | None = None, *, with_probes: bool = True) -> Prepared:
        """Return the event with which a run begins.

        Parameters
        ----------
        path
            The file it came from, if any.
        with_probes
            Whether to load the data for the probes, if they are not loaded yet.
        """
        model = self.model
        return Prepared(
            id=self.id,
            settings=self.settings,
            data=self.data,
            probes=self.examples.probes if with_probes else self.examples.no_probes(),
            device=model.placement.device,
            parameters=sum(int(np.prod(v.shape)) for v in model.vae.trainable_variables),
            compiler=str(model.strategy) if model.strategy else "not compiled yet",
            steps_per_epoch=self.state.batches.steps,
            history=self.history.copy(),
            snapshots=self.snapshots.all,
            path=path,
            missing=self.examples.missing,
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
        model, was, now = self.model, self.settings.training, settings.training
        if not self.settings.same_model(settings):
            raise another_model()
        if self.step and settings != self.settings and not model.best.shown:
            # Steps before it could not be done again with the same numbers.
            model.checkpoint.take(self.step, force=True)
        placement = None if now.device == was.device else place(now)
        mark = self.state.adopt(settings)
        if placement is not None:
            model.move(placement)
        elif now.compiler != was.compiler:
            model.recompile()
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
        self.model.replace_weights(values)
        self.examples.forget_drawn()
        return Resumed(self.settings, self.step, self.state.mark(mark))

    def run(
        self,
        *,
        max_steps: int | None = None,
        wants_snapshot: Callable[[], bool] | None = None,
    ) -> Generator[Event, None, None]:
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
        return self._loop.run(max_steps, wants_snapshot)

    def snapshot(self) -> Snapshot:
        """Return the probes as the model sees them now."""
        return take_snapshot(self.state, self.examples, self.model.inference)

    def evaluate(self) -> Generator[Progress, None, Measured]:
        """Measure the model over the test part (the first of the training part without one).

        The total is weighted as at the last step. Progress is told in between.
        """
        self.model.set_kl_weight()
        source = held_out(self.examples.dataset)
        evaluation = yield from validate(self.model.inference, source)
        return measured(evaluation, self.step)

    def evidence(self, samples: int) -> Generator[Progress, None, Evidence]:
        """Estimate log p(x) over the same examples as `evaluate`.

        ``samples`` is the number of draws of z for each example; progress is told in between.
        Raises `SettingsError` for a plain autoencoder, which has no p(x).
        """
        if not self.settings.has_spread:
            raise SettingsError(
                "A plain autoencoder says nothing of p(x): it has no prior and no posterior.",
                "Train a VAE on the same data, or compare reconstruction terms.",
                "posterior",
            )
        source, model = held_out(self.examples.dataset), self.model.inference
        with model.scope():
            return (yield from estimate_evidence(model, source, samples, self.step))

    def prepare(self, *, wholly: bool = False) -> None:
        """Compile the steps now rather than at the first one; if ``wholly``, all that follows, too.

        The model stays as it is. Raises `VaeguiError` if it could not be trained.
        """
        require_memory(self.model.vae, self.model.inference.batch_size)
        self.model.engine.warm_up(self.step, ahead=wholly)
        if wholly:
            model, probes = self.model.inference, self.examples.probes
            snapshot(model, probes, self.step)
            model.evaluate(probes.x, 0)

    def at_last_copy(self) -> Trainer:
        """Return a second trainer that stands where this one's weights were last copied.

        Any thread may ask, also while the one that trains is stuck in the midst of a step.

        Raises
        ------
        VaeguiError
            If nothing was copied yet.
        """
        step, numbers, best = self.model.checkpoint.arrays()
        if not numbers:
            raise VaeguiError("Training has not begun: there is nothing to save yet.")
        state = self.state.copy()
        state.rewind(step)
        twin = Trainer(state, anywhere=True)
        twin.model.strategy = self.model.strategy
        twin.model.take(numbers, best)
        if self.model.best.shown:
            twin.model.best.show()
        return twin
