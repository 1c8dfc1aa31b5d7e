"""What is done when a device has too little memory: say so, with a batch size that would fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

from vaegui.core.vae import VAE
from vaegui.errors import Fix, SettingsError
from vaegui.machine.free_memory import available_memory

__all__ = [
    "bytes_per_example",
    "require_memory",
    "rows_together",
    "telling_of_memory",
]

BACKWARD = 2.0
"""Peak memory of a step as a multiple of all layers' outputs; 1.4 to 2.2 were measured."""

USABLE = 0.8
"""Part of the free memory that a step may count on: it is never in one piece."""


TOGETHER = 256 << 20
"""Bytes that a call without training aims to stay below, if not even a batch takes more."""


@contextmanager
def telling_of_memory(vae: VAE, batch_size: int) -> Iterator[None]:
    """Turn TensorFlow's running out of memory in a step into what is missing, and what would fit.

    Raises
    ------
    SettingsError
        With a batch size that fits as its fix.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise _too_little(vae, batch_size) from error


def require_memory(vae: VAE, batch_size: int) -> None:
    """Raise `SettingsError` if the main memory cannot hold a step.

    A GPU tells when its memory is at its end. The main memory does not: the system ends the
    program, or XLA crashes, with all that was not saved.
    """
    if not _gpu(vae) and batch_size * bytes_per_example(vae) > _free(vae):
        raise _too_little(vae, batch_size)


def rows_together(vae: VAE, batch_size: int, most: int) -> int:
    """How many examples go into one call where nothing is trained, at most ``most``.

    As many as a batch has fit in any case, as training needs more for each of them.
    """
    return min(most, max(batch_size, int(TOGETHER / bytes_per_example(vae))))


def bytes_per_example(vae: VAE) -> float:
    """Estimate the memory that a step needs for each of its examples."""
    layers = [layer for part in vae.parts.values() for layer in part.layers]
    # Some of Keras' layers do not say how long an axis is that they leave as it is.
    outputs = sum(math.prod(n or 1 for n in layer.output.shape[1:]) for layer in layers)
    return float(BACKWARD * tf.float32.size * outputs)


def _too_little(vae: VAE, batch_size: int) -> SettingsError:
    free, each = _free(vae), bytes_per_example(vae)
    fits = min(int(USABLE * free / each), batch_size // 2)
    # A power of two, as it is only an estimate.
    fits = 1 << (fits.bit_length() - 1) if fits else 0
    message = (
        f"There is too little memory for batches of {batch_size:,} examples: a step needs "
        f"{_size(batch_size * each)}, and {_size(free)} are free."
    )
    if fits < 1:
        return SettingsError(message, "Choose a smaller network.", "architecture")
    return SettingsError(
        message,
        f"Choose a smaller batch size; {fits:,} should fit.",
        "training.batch_size",
        Fix(f"Use batches of {fits:,}", {"training.batch_size": fits}),
    )


def _free(vae: VAE) -> int:
    """Bytes that a step may use on the model's device.

    Of a GPU it is what the steps so far had beside what is held still: TensorFlow knows no more.
    """
    if gpu := _gpu(vae):
        memory = tf.config.experimental.get_memory_info(gpu)
        return int(memory["peak"] - memory["current"])
    return available_memory()


def _gpu(vae: VAE) -> str:
    """The name of the GPU that holds the model, such as ``GPU:0``, or ''."""
    place = tf.DeviceSpec.from_string(vae.beta.value.device)
    return f"GPU:{place.device_index}" if place.device_type == "GPU" else ""


def _size(number: float) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
