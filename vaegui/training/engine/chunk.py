"""Many steps as one program: what the engine calls again and again."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from vaegui.core.vae import VAE
from vaegui.data.scaling import Scaling

__all__ = ["chunk_of", "compile_noise", "under_xla"]


def chunk_of(vae: VAE, scaling: Scaling, batch_size: int, longest: int) -> Any:
    """Make the loop over steps, a plain graph; its arguments have the same shapes at every call.

    Parameters
    ----------
    vae
        The model, compiled with its optimiser.
    scaling
        How it sees the data.
    batch_size
        Examples in each step.
    longest
        Steps at most in one call.

    Returns
    -------
    callable
        ``(x, order, order_step, first, count, controls, eps, examples) -> losses``: does ``count``
        steps from step ``first`` of an epoch over ``examples`` examples. ``order`` (steps, batch)
        has the rows of ``x`` for each step, from its row ``order_step`` on; ``controls``
        (longest, 3) learning rate, KL weight and capacity; ``eps`` (longest, batch, units).
        ``losses`` is (longest, 3), zero beyond ``count``.
    """
    scale = tf.constant(scaling.scale, tf.float32)
    offset = tf.constant(scaling.offset, tf.float32)

    def chunk(
        x: Any,
        order: Any,
        order_step: Any,
        first: Any,
        count: Any,
        controls: Any,
        eps: Any,
        examples: Any,
    ) -> Any:
        def body(i: Any, losses: Any) -> tuple[Any, Any]:
            vae.beta.assign(controls[i, 1])
            vae.capacity.assign(controls[i, 2])
            # Not a slice of one long row: XLA would compile anew for each place it begins at.
            rows = tf.gather(order, order_step + i)
            raw = tf.ensure_shape(tf.gather(x, rows), (batch_size, *vae.shape))
            weight = tf.cast(tf.range(batch_size) < examples - (first + i) * batch_size, tf.float32)
            model_x = tf.cast(raw, tf.float32) * scale + offset
            loss, gradients = vae.gradients(model_x, weight, eps[i])
            # The first layer's gradient is the last to be known. With a learning rate that hangs on
            # it no weight changes while others still need it, and XLA need not copy them all.
            nothing = 0.0 * tf.cast(tf.reshape(gradients[0], (-1,))[0], tf.float32)
            vae.optimizer.learning_rate.assign(controls[i, 0] + nothing)
            vae.optimizer.apply(gradients, vae.trainable_variables)
            return i + 1, tf.tensor_scatter_nd_update(losses, [[i]], [loss])

        start = tf.constant(0), tf.zeros((longest, 3))
        loop = tf.while_loop(lambda i, _: i < count, body, start, parallel_iterations=1)
        return loop[1]

    return tf.function(chunk, autograph=False)


def under_xla(chunk: Any) -> Any:
    """Have a plain graph compiled by XLA; it is traced only once for both."""
    return tf.function(lambda *arguments: chunk(*arguments), jit_compile=True, autograph=False)


def compile_noise(vae: VAE, batch_size: int, longest: int) -> Any:
    """Compile the draw of eps for ``count`` steps: (longest, batch, units), zero beyond them.

    It is done outside of the compiled chunk, because XLA turns the same random bits into
    other normals; and step by step, so that chunks of any length draw the same.
    """
    shape = batch_size, vae.units

    def noise(count: Any) -> Any:
        draws = tf.TensorArray(tf.float32, size=count, element_shape=shape)
        _, draws = tf.while_loop(
            lambda i, _: i < count,
            lambda i, draws: (i + 1, draws.write(i, vae.sampling.noise(shape))),
            (0, draws),
            parallel_iterations=1,
        )
        padded = tf.pad(draws.stack(), [[0, longest - count], [0, 0], [0, 0]])
        return tf.ensure_shape(padded, (longest, *shape))

    number = tf.TensorSpec((), tf.int32)
    return tf.function(noise, input_signature=[number], autograph=False)
