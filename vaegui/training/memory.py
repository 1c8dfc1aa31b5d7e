"""What is done when a device has too little memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

from vaegui.errors import Fix, SettingsError

__all__ = ["telling_of_memory"]


@contextmanager
def telling_of_memory(batch_size: int) -> Iterator[None]:
    """Turn TensorFlow's running out of memory into what a user can do about it."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        smaller = max(1, batch_size // 2)
        raise SettingsError(
            f"The device has too little memory for batches of {batch_size:,} examples.",
            f"Choose a smaller batch size, for example {smaller:,}.",
            "training.batch_size",
            Fix(f"Use batches of {smaller:,}", {"training.batch_size": smaller}),
        ) from error
