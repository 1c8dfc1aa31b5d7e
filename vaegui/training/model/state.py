"""What going on with a run needs beside weights and history, as named arrays and back.

Every array is named by what it belongs to, never by its place in a list of Keras': the average of
the gradient of a kernel is ``optimiser/momentum/encoder/hidden_1/kernel``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.errors import SettingsError

__all__ = [
    "TrainerState",
    "assign_all",
    "check_state_fits",
    "optimiser_variables",
    "state_variables",
    "trainable_weights",
    "weights_by_name",
]

TrainerState = dict[str, NDArray[Any]]
"""Arrays by name, as they lie in a model file."""


def weights_by_name(vae: VAE) -> dict[str, Any]:
    """Name all weights by their layers: ``encoder/hidden_1/kernel``, ``likelihood/log_sd``.

    Those of layers within others have their names between: ``encoder/lstm/lstm_cell/kernel``.
    """
    named = {
        f"{part}/{layer.name}/{weight.path.rpartition(f'/{layer.name}/')[2]}": weight
        for part, model in vae.parts.items()
        for layer in model.layers
        for weight in layer.weights
    }
    return named if vae.log_sd is None else {**named, "likelihood/log_sd": vae.log_sd}


def trainable_weights(vae: VAE) -> dict[str, Any]:
    """Those of them that gradients change."""
    return {name: weight for name, weight in weights_by_name(vae).items() if weight.trainable}


def optimiser_variables(vae: VAE) -> dict[str, Any]:
    """Name the optimiser's variables, those for a weight by what they are and by the weight.

    Keras calls them by the path of the weight and what they are, in one word.
    """
    weights = {w.path.replace("/", "_"): name for name, w in weights_by_name(vae).items()}
    named = {}
    for variable in vae.optimizer.variables:
        path, what = variable.name, ""
        while path and path not in weights:
            path, _, last = path.rpartition("_")
            what = f"{last}_{what}" if what else last
        named[f"optimiser/{what}/{weights[path]}" if path else f"optimiser/{what}"] = variable
    if len(named) < len(vae.optimizer.variables):
        raise RuntimeError("two variables of the optimiser cannot be told apart")
    return named


def state_variables(vae: VAE) -> dict[str, Any]:
    """Name the variables that training changes, but for the weights of encoder and decoder."""
    variables = optimiser_variables(vae)
    if vae.log_sd is not None:
        variables["likelihood/log_sd"] = vae.log_sd
    return variables


def check_state_fits(variables: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Raise `SettingsError` unless names, shapes and types are those of the variables."""
    if _forms(arrays) != _forms(variables):
        raise SettingsError("The saved training state does not fit the model's settings.")


def assign_all(variables: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Set variables to the values of the same names; none if `check_state_fits` raises."""
    check_state_fits(variables, values)
    for name, variable in variables.items():
        variable.assign(values[name])


def _forms(arrays: Mapping[str, Any]) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of each array or variable."""
    return {name: (tuple(a.shape), np.dtype(a.dtype).name) for name, a in arrays.items()}
