"""What has to be done with a training state of an older format, one format after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vaegui.reading.archives.arrays import Arrays

if TYPE_CHECKING:
    from vaegui.core.vae import VAE

__all__ = ["FORMAT", "upgraded"]


def upgraded(state: Arrays, format: int, vae: VAE) -> Arrays:
    """The state of a file of some format, as the present one has it.

    Parameters
    ----------
    state
        Arrays by name. What has no place in the model keeps its name, to be refused.
    format
        Version of the file's format.
    vae
        The model that the state is of.
    """
    for version in range(format, FORMAT):
        state = _UPGRADES[version](state, vae)
    return state


def _nothing(state: Arrays, vae: VAE) -> Arrays:
    """Only members that a file may do without were added: snapshots and picture."""
    return state


def _named_by_place(state: Arrays, vae: VAE) -> Arrays:
    """Before, arrays were numbered in Keras' order."""
    # TensorFlow comes with it, without which a file's format can be looked at.
    from vaegui.training.model.state import optimiser_variables, weights_by_name

    best = [name for name, weight in weights_by_name(vae).items() if weight.trainable]
    if vae.log_sd is not None:
        best = [
            best[-1],
            *best[:-1],
        ]  # Keras lists the model's own weight before those of its parts
    new = {f"optimiser/{i:04}": name for i, name in enumerate(optimiser_variables(vae))}
    new |= {f"best/{i:04}": f"best/{name}" for i, name in enumerate(best)}
    return {new.get(name, name): array for name, array in state.items()}


def _without_place_in_stream(state: Arrays, vae: VAE) -> Arrays:
    """Before, noise was a stream whose place was saved; now it follows from the step."""
    return {name: array for name, array in state.items() if name != "sampling/seed"}


_UPGRADES: dict[int, Callable[[Arrays, VAE], Arrays]] = {
    1: _nothing,
    2: _named_by_place,
    3: _without_place_in_stream,
}
"""By the format that they take to the next."""

FORMAT = max(_UPGRADES) + 1
"""Version of the format that is written; files of a higher one are refused."""
