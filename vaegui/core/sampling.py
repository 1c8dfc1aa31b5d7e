"""The reparameterised draw from the posterior, and the noise that it takes."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import ops

from vaegui.core.log_variance import standard_deviation

__all__ = ["bernoulli_sample", "noise", "reparameterise"]

TOGETHER = 4
"""Random numbers that Philox makes for each value of its counter."""


def reparameterise(mean: Any, log_var: Any, eps: Any) -> Any:
    """z = mean + exp(log_var / 2) * eps, all (batch, units).

    It is a function of mean and log_var, so gradients pass through it to the encoder
    (Kingma and Welling 2014, section 2.4).
    """
    return mean + standard_deviation(log_var, ops) * eps


def noise(seed: int, step: Any, steps: Any, batch: Any, units: int) -> Any:
    """Draw eps ~ N(0, I) for ``steps`` steps of training, from step number ``step`` (from 0) on.

    What a step draws depends on the seed, its number and its size alone: not on how many are drawn
    at once, nor on what was drawn before. The generator is Philox (Salmon et al. 2011), which
    makes normals of a seed and the numbers of a counter, of which each step has a stretch.

    Returns
    -------
    (steps, batch, units)
        float32. Inside of XLA the same random bits become slightly other normals.
    """
    stretch = -(-batch * units // TOGETHER)
    first = tf.cast(step, tf.uint64) * tf.cast(stretch, tf.uint64)
    normals = tf.raw_ops.StatelessRandomNormalV2(
        shape=(steps, stretch * TOGETHER),
        key=tf.constant([seed], tf.uint64),
        counter=tf.stack([first, tf.constant(0, tf.uint64)]),
        alg=tf.random.Algorithm.PHILOX.value,
        dtype=tf.float32,
    )
    return tf.reshape(normals[:, : batch * units], (steps, batch, units))


def bernoulli_sample(x: Any, seed: int, number: Any) -> Any:
    """Toss a coin for each value of ``x``, which is the probability that it gives 1 and not 0.

    What comes depends on the seed, on ``number`` and on the shape alone; XLA lays the same random
    bits out in another order. Values that are no numbers stay so. Salakhutdinov and Murray 2008
    made binary pictures of grey ones so; here they are drawn anew at each step.

    Parameters
    ----------
    x
        Numbers from 0 to 1, (batch, *shape).
    seed
        Of all draws.
    number
        Which draw it is, from 0; another stretch of Philox's counter for each.
    """
    size = tf.size(x)
    stretch = tf.cast((size + TOGETHER - 1) // TOGETHER, tf.uint64)
    uniform = tf.raw_ops.StatelessRandomUniformV2(
        shape=[size],
        key=tf.constant([seed], tf.uint64),
        counter=tf.stack([tf.cast(number, tf.uint64) * stretch, tf.constant(0, tf.uint64)]),
        alg=tf.random.Algorithm.PHILOX.value,
        dtype=tf.float32,
    )
    tossed = tf.cast(tf.reshape(uniform, tf.shape(x)) < x, x.dtype)
    return tf.where(tf.math.is_finite(x), tossed, x)
