"""What going on with a run needs beside weights and history, as named arrays and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.errors import SettingsError
from vaegui.training.engine.strategy import Strategy

__all__ = ["State", "choices", "restore_choices", "restore_variables", "state_variables"]

State = dict[str, NDArray[Any]]
"""Arrays by name, as they lie in a model file."""

_BEST, _XLA = "best/", "engine/xla"


def state_variables(vae: VAE) -> dict[str, Any]:
    """Name the variables that training changes, but for the weights of encoder and decoder."""
    variables = {f"optimiser/{i:04}": v for i, v in enumerate(vae.optimizer.variables)}
    variables["sampling/seed"] = vae.sampling.seed_generator.state
    if vae.log_sd is not None:
        variables["likelihood/log_sd"] = vae.log_sd
    return variables


def restore_variables(vae: VAE, state: State) -> None:
    """Set those variables. Raises `SettingsError`, before setting any, if they do not fit."""
    variables = state_variables(vae)
    given = {k: v for k, v in state.items() if k != _XLA and not k.startswith(_BEST)}
    if _forms(given) != _forms(variables):
        raise _misfit()
    for name, variable in variables.items():
        variable.assign(state[name])


def choices(best: list[NDArray[Any]], strategy: Strategy | None) -> State:
    """Return what a run settled on so far: the best weights, none at first, and the compiler."""
    arrays = {f"{_BEST}{i:04}": weight for i, weight in enumerate(best)}
    return arrays if strategy is None else {**arrays, _XLA: np.array(strategy.xla)}


def restore_choices(vae: VAE, state: State) -> tuple[list[NDArray[Any]], Strategy | None]:
    """Return the best weights and the strategy. Raises `SettingsError` if they do not fit."""
    best = [state[name] for name in sorted(state) if name.startswith(_BEST)]
    weights = vae.trainable_variables
    if best and _forms(dict(enumerate(best))) != _forms(dict(enumerate(weights))):
        raise _misfit()
    xla = state.get(_XLA)
    if xla is not None and xla.shape != ():
        raise _misfit()
    return best, None if xla is None else Strategy(bool(xla), "as in the run so far")


def _forms(arrays: Mapping[Any, Any]) -> dict[Any, tuple[tuple[int, ...], str]]:
    """Shape and type of each array or variable."""
    return {name: (tuple(a.shape), np.dtype(a.dtype).name) for name, a in arrays.items()}


def _misfit() -> SettingsError:
    return SettingsError("The saved training state does not fit the model's settings.")
