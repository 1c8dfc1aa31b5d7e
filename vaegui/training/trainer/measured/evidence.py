"""The importance-weighted bound on log p(x), with its standard error."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import tensorflow as tf
from keras import ops

from vaegui.core.log_variance import bounded, reparameterise
from vaegui.core.prior import LOG_2_PI
from vaegui.core.vae import VAE
from vaegui.data.source import Source
from vaegui.training.model.inference import Inference
from vaegui.training.model.memory import rows_together, telling_of_memory
from vaegui.training.record.events import Evidence, Progress

__all__ = ["estimate_evidence"]

TOGETHER = 4096
"""Points z at most that are decoded in one call."""


def estimate_evidence(
    model: Inference, source: Source, samples: int, step: int
) -> Generator[Progress, None, Evidence]:
    """Estimate E[log p(x)] over examples from ``samples`` draws of z for each.

    The mean over x of ``log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x)``, z_k ~ q(z|x), never exceeds
    E[log p(x)] in expectation, and approaches it as K grows (Burda, Grosse and Salakhutdinov
    2016, equation 8).

    Parameters
    ----------
    model
        The model applied to arrays.
    source
        Examples in the data's own scale.
    samples
        K.
    step
        Number of steps done, to say when it was.

    Yields
    ------
    Progress
        Between two calls, so that it can be interrupted there.
    """
    together = rows_together(model.vae, model.batch_size, TOGETHER)
    draws = min(samples, max(1, together // 4))
    rows = max(1, together // draws)
    log_weights = _compiled(model.vae, draws)
    count = source.spec.length
    values = np.empty(count, np.float64)
    total = count * samples
    for start in range(0, count, rows):
        x = source.read(slice(start, start + rows)).x
        seen = tf.constant(model.scaling.to_model_with_gaps(x))
        piece = model.vae.measured(seen, start)
        log_sum = np.full(len(piece), -np.inf)
        for first in range(0, samples, draws):
            yield Progress("Estimating log p(x)", start * samples + first * len(piece), total)
            seed = tf.constant([model.seed ^ start, first], tf.int32)
            with telling_of_memory(model.vae, model.batch_size):
                weights = log_weights(piece, seed).numpy().astype(np.float64)
            weights = weights[:, : samples - first]
            log_sum = np.logaddexp(log_sum, np.logaddexp.reduce(weights, axis=1))
        values[start : start + rows] = log_sum - np.log(samples)
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
    return Evidence(step, samples, len(values), float(values.mean()), error)


def _compiled(vae: VAE, draws: int) -> Any:
    """Make the function (n, *shape) -> log weights (n, draws) of fresh draws of z."""

    def log_weights(x: Any, seed: Any) -> Any:
        observed = None if vae.gaps is None else tf.repeat(tf.math.is_finite(x), draws, axis=0)
        x = vae.filled(x)
        posterior = vae.encoder(x)
        mean, read_out = (tf.repeat(posterior[n], draws, axis=0) for n in ("mean", "log_var"))
        eps = tf.random.stateless_normal(tf.shape(mean), seed)
        z, log_var = reparameterise(mean, read_out, eps, ops), bounded(read_out, ops)
        prior = vae.prior.log_prob(z, ops)
        posterior_log = -0.5 * tf.reduce_sum(log_var + tf.square(eps) + LOG_2_PI, axis=1)
        likelihood = vae.likelihood.log_prob(
            tf.repeat(x, draws, axis=0), vae.decoder(z), vae.bounded_log_sd(), observed
        )
        return tf.reshape(likelihood + prior - posterior_log, (-1, draws))

    row = tf.TensorSpec((None, *vae.shape), tf.float32)
    signature = [row, tf.TensorSpec((2,), tf.int32)]
    return tf.function(log_weights, input_signature=signature, autograph=False)
