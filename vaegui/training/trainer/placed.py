"""The model of a run on its device: made, moved to another device, its engine ended."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.training.engine.engine import Engine
from vaegui.training.engine.strategy import (
    as_set,
    compiler_from,
    compiler_state,
    measure,
    remember,
    remembered,
    unmeasured,
)
from vaegui.training.model.best import BestWeights
from vaegui.training.model.build import build_vae
from vaegui.training.model.devices import Placement, telling_of_determinism
from vaegui.training.model.inference import Inference
from vaegui.training.model.rewind import Checkpoint
from vaegui.training.model.state import TrainerState, assign_all, state_variables, trainable_weights
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.examples import Examples
from vaegui.training.trainer.run_state import RunState

__all__ = ["PlacedModel"]


class PlacedModel:
    """A model on a device, with all that training changes of it and the engine that trains it.

    Parameters
    ----------
    state
        What the model is, and what its steps go by.
    examples
        What it is trained on; asked for only when the engine is made.
    placement
        Where it is computed.

    Attributes
    ----------
    inference
        The model applied to arrays.
    checkpoint
        The latest copy of all that training changes: of the run's own weights, not of the best.
    best
        The weights of the best epoch, which the model has when a run that keeps them is over.
    strategy
        How its steps are compiled; None until the faster compiler is known.

    Raises
    ------
    SettingsError
        If the choices do not fit each other, the data or the machine.
    """

    def __init__(self, state: RunState, examples: Examples, placement: Placement) -> None:
        self._state, self._examples = state, examples
        self._make(placement)

    def _make(self, placement: Placement) -> None:
        self.placement = placement
        self._engine: Engine | None = None
        self.inference = self.untrained()
        self.strategy = as_set(self._state.settings)
        weights = trainable_weights(self.vae)
        self._variables = state_variables(self.vae) | weights
        self.best = BestWeights(weights)
        self.checkpoint = Checkpoint(self._variables, self.best.state, placement.scope)

    @property
    def vae(self) -> VAE:
        """The model itself."""
        return self.inference.vae

    def untrained(self, settings: Settings | None = None) -> Inference:
        """Return another model in the same place, before its first step.

        ``settings`` are those of the run if None; they may differ in what the model is, not in the
        data.
        """
        state, scope = self._state, self.placement.scope
        with scope():
            vae = build_vae(settings or state.settings, state.data)
        dtype, batches = np.dtype(state.data.dtype), state.batches
        return Inference(vae, state.data.scaling, dtype, batches.seed, batches.size, scope)

    @property
    def engine(self) -> Engine:
        """What does the steps, made when first needed, with the data.

        It has the faster compiler if that is known; otherwise `settle` finds it out.
        """
        if self._engine is None:
            state, on_cpu = self._state, not self._on_gpu
            known = self.strategy or remembered(state.settings, state.data)
            self.strategy = known or unmeasured(self.vae, on_cpu=on_cpu)
            self._engine = Engine(
                self.inference,
                self._examples.dataset.train,
                state.batches,
                xla=None if self.strategy is None else self.strategy.xla,
                controls=state.controls,
            )
        return self._engine

    def choose_compiler(self) -> None:
        """Measure which compiler is faster, go on with that one, and remember it."""
        with telling_of_determinism():
            self.strategy = measure(self.engine, self.checkpoint, self._state.step)
        remember(self._state.settings, self._state.data, self.strategy)

    def rest(self) -> None:
        """Stop reading ahead: no steps follow for now."""
        if self._engine is not None:
            self._engine.rest()

    def recompile(self) -> None:
        """Have the next steps compiled as the settings say by now."""
        self.rest()
        self._engine = None
        self.strategy = as_set(self._state.settings)

    def move(self, placement: Placement) -> None:
        """Go on in another place with the same numbers."""
        shown = self.best.put_back()
        numbers = {name: np.asarray(v) for name, v in self._variables.items()}
        best = self.best.state()
        self.rest()
        self._make(placement)
        self.take(numbers, best)
        self.checkpoint.take(self._state.step, force=True)
        if shown:
            self.best.show()

    def take(self, numbers: TrainerState, best: TrainerState) -> None:
        """Go on from all the numbers of a `checkpoint`, and what `BestWeights.state` gave."""
        assign_all(self._variables, numbers)
        self.best.restore(best)
        self.set_kl_weight()

    def set_kl_weight(self) -> None:
        """Weigh the KL term as at the last step."""
        _, beta, capacity = self._state.controls(max(self._state.step - 1, 0), 1)[0]
        for variable, value in ((self.vae.beta, beta), (self.vae.capacity, capacity)):
            if variable.numpy() != value:  # to look is ten times as fast as to assign
                variable.assign(value)

    def replace_weights(self, values: list[tuple[Any, NDArray[Any]]]) -> None:
        """Put other values into variables of the model; the optimiser begins anew."""
        with self.placement.scope():
            for variable, value in values:
                variable.assign(value)
            # What the optimiser remembers is about the weights that were there before.
            for variable in self.vae.optimizer.variables:
                if variable.name != "learning_rate":
                    variable.assign(np.zeros(variable.shape))
        self.best.forget()
        self.checkpoint.take(self._state.step, force=True)

    def state(self) -> TrainerState:
        """Return all that going on needs beside encoder, decoder and history, by name."""
        arrays = {name: np.asarray(v) for name, v in state_variables(self.vae).items()}
        return arrays | self.best.state() | compiler_state(self.strategy, on_gpu=self._on_gpu)

    def restore(self, state: TrainerState) -> None:
        """Take over the training state of a saved model; the caller sets encoder and decoder.

        ``state`` is what `state` gave. Raises `SettingsError` if it does not fit the settings.
        """
        state = dict(state)
        self.best.restore(state)
        strategy = compiler_from(state, on_gpu=self._on_gpu)
        assign_all(state_variables(self.vae), state)
        self.strategy = self.strategy or strategy
        self.set_kl_weight()

    @property
    def _on_gpu(self) -> bool:
        return self.placement.device.name != "CPU"
