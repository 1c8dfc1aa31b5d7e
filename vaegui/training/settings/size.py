"""How large a network is, by arithmetic alone: told before TensorFlow builds anything."""

from __future__ import annotations

from dataclasses import dataclass

from vaegui.errors import SettingsError
from vaegui.machine.free_memory import available_memory
from vaegui.training.settings.settings import Settings

__all__ = ["NetworkSize", "free_memory", "require_room", "size_in_words", "size_of", "too_large"]

USABLE = 0.8
"""Part of the free memory that training may take: the rest of the program needs some, too."""
BACKWARD = 2
"""Peak memory of a step as a multiple of all layers' outputs; 1.4 to 2.2 were measured."""
COPIES = 6
"""How many weights and moments there are at once at most: those that train, those that training
goes back to when it diverges, what a step computes on the way, and three times the same while the
run is saved: as arrays, as the file's bytes, and as they are read again. 5.7 to 6.6 were measured.
"""
FLOAT = 4
"""Bytes of a number."""


@dataclass(frozen=True)
class NetworkSize:
    """``parameters`` weights, and the ``bytes`` of memory that training them takes about.

    Counted are the weights and the optimiser's moments, as often as `COPIES` says, and the outputs
    of all layers for one batch. Saving counts because the run is saved while it trains.
    """

    parameters: int
    bytes: int


def size_of(settings: Settings) -> NetworkSize | None:
    """Count what the network of these settings takes, for the data that they name.

    None if there is no such network, as convolutions of what is no picture.
    """
    shape, units = settings.data.shape, settings.latent_units
    if settings.architecture.check(shape, units):
        return None
    parameters = settings.architecture.parameters(shape, units, settings.read_outs)
    moments = settings.optimiser.moments
    numbers = COPIES * parameters * (1 + moments)
    outputs = settings.architecture.outputs(shape, units)
    numbers += BACKWARD * settings.training.batch_size * outputs
    return NetworkSize(parameters, FLOAT * numbers)


def free_memory() -> int:
    """Bytes of main memory that a training may take now."""
    return int(USABLE * available_memory())


def size_in_words(settings: Settings) -> str:
    """Say how large the network is, and whether that is more than there is room for.

    Or why there is none for these data.
    """
    size, free = size_of(settings), free_memory()
    if size is None:
        return settings.architecture.check(settings.data.shape, settings.latent_units)
    words = f"{size.parameters:,} weights; training takes {_roughly(size.bytes)} of memory"
    return (
        f"{words}." if size.bytes <= free else f"{words}, and there is room for {_in_words(free)}."
    )


def too_large(settings: Settings) -> str:
    """Say in a sentence why the network would not fit into memory, or ''.

    A network that does not fit the data is none that is too large: `build_vae` refuses it.
    """
    size, free = size_of(settings), free_memory()
    if size is None or size.bytes <= free:
        return ""
    return (
        f"This network has {size.parameters:,} weights; training it takes "
        f"{_roughly(size.bytes)} of memory, and there is room for {_in_words(free)}."
    )


def require_room(settings: Settings) -> None:
    """Raise `SettingsError` if the network would not fit into memory."""
    if problem := too_large(settings):
        raise SettingsError(
            problem,
            "Choose narrower layers or a smaller batch size, or give --any-size to try it.",
            "architecture",
        )


def _roughly(number: float) -> str:
    """Bytes as ``about 12 MB``, or ``less than 1 MB``."""
    return f"about {_in_words(number)}" if number >= 1e6 else "less than 1 MB"


def _in_words(number: float) -> str:
    """Bytes as ``12 MB`` or ``3.4 GB``."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
