"""The random numbers that training takes."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["coins", "noise", "toss"]

TOGETHER = 4
"""Random numbers that Philox makes for each value of its counter."""


def noise(seed: int, step: Any, steps: Any, batch: Any, units: int) -> Any:
    """Draw eps ~ N(0, I) for ``steps`` steps of training, from step number ``step`` (from 0) on.

    Returns
    -------
    (steps, batch, units)
        float32. See `_draw` for what they follow from.
    """
    normals = _draw(tf.raw_ops.StatelessRandomNormalV2, seed, step, steps, batch * units)
    return tf.reshape(normals, (steps, batch, units))


def coins(seed: int, step: Any, steps: Any, shape: Any) -> Any:
    """Draw uniform numbers from 0 to 1 for ``steps`` steps of training, (steps, *shape).

    `toss` makes 0 and 1 of them. Steps count as for `noise`; see `_draw` for what they follow from.
    """
    size = tf.reduce_prod(shape)
    uniform = _draw(tf.raw_ops.StatelessRandomUniformV2, seed, step, steps, size)
    return tf.reshape(uniform, tf.concat([[steps], shape], axis=0))


def toss(x: Any, coins: Any) -> Any:
    """Make 1 of each value of ``x`` with the probability that it says, and otherwise 0.

    Salakhutdinov and Murray 2008 made binary pictures of grey ones so; here they are drawn anew at
    each step.

    Parameters
    ----------
    x
        Numbers from 0 to 1, (batch, *shape). Those that are no numbers stay so.
    coins
        Uniform numbers of that shape.
    """
    return tf.where(tf.math.is_finite(x), tf.cast(coins < x, x.dtype), x)


def _draw(operation: Any, seed: int, step: Any, steps: Any, size: Any) -> Any:
    """Random numbers of ``steps`` steps from ``step`` on, (steps, size) float32.

    What a step draws depends on the seed, its number and its size alone: not on how many are drawn
    at once, nor on what was drawn before. The generator is Philox (Salmon et al. 2011), which
    makes numbers of a seed and the numbers of a counter, of which each step has a stretch. Draw
    them outside of XLA, which makes slightly other normals of the same random bits, and lays
    uniform numbers out in another order.
    """
    stretch = (size + TOGETHER - 1) // TOGETHER
    first = tf.cast(step, tf.uint64) * tf.cast(stretch, tf.uint64)
    numbers = operation(
        shape=(steps, stretch * TOGETHER),
        key=tf.constant([seed], tf.uint64),
        counter=tf.stack([first, tf.constant(0, tf.uint64)]),
        alg=tf.random.Algorithm.PHILOX.value,
        dtype=tf.float32,
    )
    return numbers[:, :size]
