"""Many steps as one program: what the engine calls again and again."""

from __future__ import annotations

from typing import Any, NamedTuple

import tensorflow as tf

from vaegui.core.vae import VAE
from vaegui.data.scaling import Scaling
from vaegui.training.model.seen import as_seen

__all__ = ["Steps", "chunk_of"]


class Steps(NamedTuple):
    """Which steps of an epoch a chunk does, as tensors of the same shapes at every call.

    ``count`` steps are done, () int32, from step ``first`` of the epoch on, () int32.

    ``order`` has the rows of the data that each step sees, (steps, batch) int32, from its row
    ``first_order`` on, () int32; ``eps`` their noise, (longest, batch, units), and ``coins`` what
    binarises their values (see `VAE.coins`), both from ``first_drawn`` on, () int32; ``controls``
    (longest, 3) learning rate, KL weight and capacity target of each.
    """

    count: Any
    first: Any
    order: Any
    first_order: Any
    eps: Any
    coins: Any
    first_drawn: Any
    controls: Any


def chunk_of(vae: VAE, scaling: Scaling, batch_size: int, examples: int, longest: int) -> Any:
    """Make the loop over steps, a plain graph.

    Parameters
    ----------
    vae
        The model, compiled with its optimiser.
    scaling
        How it sees the data.
    batch_size
        Examples in each step.
    examples
        How many an epoch has; the last step of it sees those that remain.
    longest
        Steps at most in one call.

    Returns
    -------
    callable
        ``(x, steps) -> losses``: does `Steps` on data ``x`` (n, *shape). ``losses`` is
        (longest, 3): total, reconstruction and KL of each step, zero beyond their count.
    """
    seen = as_seen(scaling)

    def chunk(x: Any, steps: Steps) -> Any:
        def body(i: Any, losses: Any) -> tuple[Any, Any]:
            learning_rate, beta, capacity = tf.unstack(steps.controls[i])
            vae.beta.assign(beta)
            vae.capacity.assign(capacity)
            # Not a slice of one long row: XLA would compile anew for each place it begins at.
            rows = tf.gather(steps.order, steps.first_order + i)
            raw = tf.ensure_shape(tf.gather(x, rows), (batch_size, *vae.shape))
            left = examples - (steps.first + i) * batch_size
            weight = tf.cast(tf.range(batch_size) < left, tf.float32)
            eps = tf.gather(steps.eps, steps.first_drawn + i)
            coins = tf.gather(steps.coins, steps.first_drawn + i)
            model_x = vae.binarised(seen(raw), coins)
            loss, gradients = vae.gradients(model_x, eps, weight)
            # The first layer's gradient is the last to be known. With a learning rate that hangs on
            # it no weight changes while others still need it, and XLA need not copy them all.
            nothing = 0.0 * tf.cast(tf.reshape(gradients[0], (-1,))[0], tf.float32)
            vae.optimizer.learning_rate.assign(learning_rate + nothing)
            vae.optimizer.apply(gradients, vae.trainable_variables)
            return i + 1, losses.write(i, loss)

        losses = tf.TensorArray(tf.float32, size=longest, element_shape=(3,))
        start = tf.constant(0), losses
        loop = tf.while_loop(lambda i, _: i < steps.count, body, start, parallel_iterations=1)
        return loop[1].stack()

    return chunk
