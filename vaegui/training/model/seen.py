"""Data as the model sees them, within a compiled function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from vaegui.data.scaling import Scaling

__all__ = ["as_seen"]


def as_seen(scaling: Scaling) -> Callable[[Any], Any]:
    """Make what brings a tensor of data to the model's scale, as `Scaling.to_model` does arrays."""

    def seen(raw: Any) -> Any:
        x = tf.cast(raw, tf.float32)
        if scaling.log1p is not None:
            flagged = tf.constant(scaling.log1p)
            x = tf.where(flagged, tf.math.log1p(tf.where(flagged, x, 0.0)), x)
        return x * tf.constant(scaling.scale, tf.float32) + tf.constant(scaling.offset, tf.float32)

    return seen
