"""The variational autoencoder as a Keras model."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from vaegui.core.architectures import Architecture, Imported
from vaegui.core.elbo import Terms
from vaegui.core.initialisers import Initialisers, seeds
from vaegui.core.likelihoods import Likelihood
from vaegui.core.likelihoods.gaussian import LEAST_SD
from vaegui.core.log_variance import reparameterise
from vaegui.core.objective import Objective
from vaegui.core.prior import Prior, StandardNormal
from vaegui.core.sampling import coins, noise, toss

__all__ = ["VAE"]

LOWEST_LOG_SD = math.log(LEAST_SD)
_TRAINING, _MEASURING = 0x5BD1E995, 0x1B873593
"""XORed with the seed of eps they are the seeds of coins, so that coins and eps are independent."""


class VAE(keras.Model):
    """Encoder, sampling and decoder, trained on the negative ELBO.

    The encoder maps x to a hidden vector a and reads two numbers off it for each latent unit: a
    mean and a log-variance, by two separate linear maps. The decoder maps z to the parameters of
    the likelihood.

    ``vae.compile(optimizer=...)`` and ``vae.fit(x)`` train it like any Keras model; the program's
    engine compiles the same `update`.

    Parameters
    ----------
    architecture
        The layers of encoder and decoder.
    likelihood
        p(x|z).
    shape
        Shape of one example.
    units
        Number of latent units.
    spread
        Whether the encoder gives each input a Gaussian. Otherwise the model is a plain
        autoencoder: the encoder gives a point, which is z, and the KL term is left out.
    objective
        How the KL term counts; by default as in the ELBO.
    seed
        Start of the random numbers: first weights and eps. No global random state is read or
        changed.
    gaps
        For data with missing values, which are NaN: what the encoder sees in their place, a number
        or (*shape). They do not count in the reconstruction term
        (Mattei and Frellsen 2019). None if all values are there.
    binarised_each_step
        Whether the model is trained on 0 or 1 with the probability that a value says, drawn anew
        at each step.

    Attributes
    ----------
    encoder
        (batch, *shape) -> dict of ``mean`` and ``log_var``, each (batch, units); of a plain
        autoencoder ``mean`` alone. None if the architecture is a decoder alone.
    decoder
        (batch, units) -> likelihood parameters (batch, *shape).
    prior
        p(z).
    beta, capacity
        Variables, (): the present weight of the KL term and the present capacity target.
    log_sd
        Logarithm of the likelihood's learned standard deviation, or None if it learns none.
    noise_seed
        What the noise of training follows from, together with the number of the step.
    """

    def __init__(
        self,
        architecture: Architecture,
        likelihood: Likelihood,
        shape: tuple[int, ...],
        units: int,
        *,
        spread: bool = True,
        objective: Objective | None = None,
        seed: int = 0,
        gaps: Any = None,
        binarised_each_step: bool = False,
        **options: Any,
    ) -> None:
        # Keras would number models, and so name the variables of log_sd differently in each.
        super().__init__(**{"name": "vae", **options})
        self.architecture, self.likelihood = architecture, likelihood
        self.shape, self.units, self.spread = shape, units, spread
        self.prior: Prior = StandardNormal()
        weights_seed, self.noise_seed = seeds(seed, 2)
        self.gaps = None if gaps is None else np.asarray(gaps, np.float32)
        self.binarised_each_step = binarised_each_step
        seeded = Initialisers(weights_seed)
        alone = isinstance(architecture, Imported) and architecture.encoder is None
        self.encoder: Any = None
        if not alone:
            self.encoder = _encoder(architecture, shape, units, seeded, spread=spread)
        self.decoder = _decoder(architecture, shape, units, seeded)
        self.objective = objective or Objective()
        self.beta = self._number("beta", self.objective.beta)
        self.capacity = self._number("capacity", self.objective.capacity(float("inf")))
        self.log_sd = None
        if (sd_shape := likelihood.sd_shape(shape)) is not None:
            self.log_sd = self.add_weight(name="log_sd", shape=sd_shape, initializer="zeros")
        self._trackers = [keras.metrics.Mean(name=n) for n in ("loss", "reconstruction", "kl")]
        self.built = True

    @property
    def parts(self) -> dict[str, Any]:
        """Encoder and decoder, or the decoder alone, by name."""
        encoder = {} if self.encoder is None else {"encoder": self.encoder}
        return {**encoder, "decoder": self.decoder}

    @property
    def hidden_units(self) -> int:
        """Length of the hidden vector a that mean and log-variance are read from."""
        return int(self.encoder.get_layer("mean").kernel.shape[0])

    @property
    def metrics(self) -> list[Any]:
        """The running means of total loss, reconstruction and KL that `fit` reports."""
        return list(self._trackers)

    def call(self, x: Any, training: bool = False) -> dict[str, Any]:
        """Mean, log-variance and the decoded mean of each input, as the exported model gives."""
        posterior = self.encoder(x, training=training)
        parameters = self.decoder(posterior["mean"], training=training)
        return {**posterior, "reconstruction": self.likelihood.mean(parameters)}

    def filled(self, x: Any) -> Any:
        """``x`` as the encoder sees it: with something in place of what is missing."""
        return x if self.gaps is None else ops.where(ops.isfinite(x), x, self.gaps)

    def coins(self, step: Any, steps: Any, batch: Any) -> Any:
        """What `binarised` takes for ``steps`` steps of training, (steps, batch, *shape).

        (steps, 0) if values are not `binarised_each_step`.
        """
        if not self.binarised_each_step:
            return tf.zeros((steps, 0))
        return coins(self.noise_seed ^ _TRAINING, step, steps, (batch, *self.shape))

    def binarised(self, x: Any, coins: Any) -> Any:
        """``x`` as 0 and 1 by the `coins` of a step if they are tossed, otherwise as it is."""
        return toss(x, coins) if self.binarised_each_step else x

    def measured(self, x: Any, row: Any) -> Any:
        """``x`` as it is measured: by coins that follow from the first ``row`` in its dataset."""
        if not self.binarised_each_step:
            return x
        return toss(x, coins(self.noise_seed ^ _MEASURING, row, 1, tf.shape(x))[0])

    def terms(self, x: Any, eps: Any, posterior: dict[str, Any] | None = None) -> Terms:
        """The terms of the negative ELBO for each example, from one draw of z each.

        Parameters
        ----------
        x
            Inputs as the model sees them, (batch, *shape); what is missing is NaN.
        eps
            Noise, (batch, units), float32 whatever the precision of the layers.
        posterior
            What the encoder gives for ``x``, if that is known already.
        """
        # One call: of a second one XLA would share the forward pass but not the backward pass.
        observed = None if self.gaps is None else ops.isfinite(x)
        x = self.filled(x)
        posterior = posterior or self.encoder(x)
        z, kl = self.drawn(posterior, eps)
        log_prob = self.likelihood.log_prob(x, self.decoder(z), self.bounded_log_sd(), observed)
        return Terms(-log_prob, kl)

    def drawn(self, posterior: dict[str, Any], eps: Any) -> tuple[Any, Any]:
        """z for the noise ``eps``, and the KL of each unit, (batch, units) each.

        A plain autoencoder's z is its code, and what takes the place of the KL is zero.
        """
        mean = posterior["mean"]
        if not self.spread:
            return mean, ops.zeros_like(mean)
        log_var = posterior["log_var"]
        z = reparameterise(mean, log_var, eps, ops)
        return z, self.prior.kl_by_unit(mean, log_var, ops)

    def bounded_log_sd(self) -> Any:
        """Logarithm of the learned standard deviation that is computed with, or None.

        It stays above log(1e-3), because a value that is the same in all examples would otherwise
        drive it to minus infinity; the bound is smooth, so that there is always a way back.
        """
        if self.log_sd is None:
            return None
        return LOWEST_LOG_SD + ops.softplus(self.log_sd - LOWEST_LOG_SD)

    def loss_of(self, terms: Terms, weight: Any = None) -> Any:
        """Total loss, reconstruction and KL in nats per example, (..., 3). The one reduction.

        ``terms`` are those of a batch, (batch,) and (batch, units), or of several at once, (...,
        batch) and (..., batch, units). ``weight`` (..., batch) says how much each example counts;
        None counts all alike.
        """
        weight = ops.ones_like(terms.reconstruction) if weight is None else weight
        count = ops.sum(weight, axis=-1)
        reconstruction = ops.sum(weight * terms.reconstruction, axis=-1) / count
        kl = ops.sum(weight[..., None] * terms.kl, axis=-2) / count[..., None]
        total = self.total(reconstruction, kl)
        return ops.stack([total, reconstruction, ops.sum(kl, axis=-1)], axis=-1)

    def total(self, reconstruction: Any, kl: Any) -> Any:
        """The loss, (...), of a mean reconstruction term (...) and KL of each unit (..., units)."""
        return reconstruction + self.beta * self.penalty(kl)

    def penalty(self, kl: Any) -> Any:
        """What the weight multiplies, (...), for the KL of each unit (..., units).

        There is none of a plain autoencoder.
        """
        if not self.spread:
            return ops.sum(ops.zeros_like(kl), axis=-1)
        return self.objective.constraint.penalty(kl, self.capacity)

    def gradients(self, x: Any, eps: Any, weight: Any = None) -> tuple[Any, list[Any]]:
        """Total loss, reconstruction and KL of a batch, (3,), and the gradient of the total.

        ``eps`` is as in `terms`, ``weight`` as in `loss_of`; the gradients are in the order of
        `trainable_variables`.
        """
        with tf.GradientTape() as tape:
            loss = self.loss_of(self.terms(x, eps), weight)
            total = loss[0]
        return loss, tape.gradient(total, self.trainable_variables)

    def update(self, x: Any, eps: Any, weight: Any = None) -> Any:
        """One step of the optimiser on a batch; total, reconstruction and KL before it, (3,)."""
        loss, gradients = self.gradients(x, eps, weight)
        self.optimizer.apply(gradients, self.trainable_variables)
        return loss

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step, for `fit`."""
        x, _, weight = keras.utils.unpack_x_y_sample_weight(data)
        drawn = self.coins(self._step(), 1, tf.shape(x)[0])[0]
        return self._report(self.update(self.binarised(x, drawn), self._noise(x), weight), x)

    def test_step(self, data: Any) -> dict[str, Any]:
        """The loss of a batch, for `evaluate`."""
        x, _, weight = keras.utils.unpack_x_y_sample_weight(data)
        terms = self.terms(self.measured(x, 0), self._noise(x))
        return self._report(self.loss_of(terms, weight), x)

    def exported(self) -> Any:
        """A functional Keras model of built-in layers only, sharing this model's weights.

        Returns
        -------
        keras.Model
            (batch, *shape) -> dict of what the encoder gives and ``reconstruction`` (the decoded
            mean); its sub-models are called ``encoder`` and ``decoder``. Of a decoder alone
            (batch, units) -> dict of ``reconstruction``.
        """
        if self.encoder is None:
            z = keras.Input((self.units,), name="z")
            return keras.Model(
                z, {"reconstruction": self.likelihood.mean(self.decoder(z))}, name="vae"
            )
        x = keras.Input(self.shape, name="x")
        posterior = self.encoder(x)
        reconstruction = self.likelihood.mean(self.decoder(posterior["mean"]))
        return keras.Model(x, {**posterior, "reconstruction": reconstruction}, name="vae")

    def _number(self, name: str, value: float) -> Any:
        """A variable number that is not trained."""
        start = keras.initializers.Constant(value)
        return self.add_weight(name=name, shape=(), initializer=start, trainable=False)

    def _noise(self, x: Any) -> Any:
        """The noise of the step that the optimiser is at, for a batch, (batch, units)."""
        return noise(self.noise_seed, self._step(), 1, tf.shape(x)[0], self.units)[0]

    def _step(self) -> Any:
        return ops.convert_to_tensor(self.optimizer.iterations)

    def _report(self, loss: Any, x: Any) -> dict[str, Any]:
        for tracker, value in zip(self._trackers, ops.unstack(loss, num=3), strict=True):
            tracker.update_state(value, sample_weight=ops.cast(ops.shape(x)[0], "float32"))
        return {tracker.name: tracker.result() for tracker in self._trackers}


def _encoder(
    architecture: Architecture,
    shape: tuple[int, ...],
    units: int,
    seeded: Initialisers,
    *,
    spread: bool,
) -> Any:
    x = keras.Input(shape, name="x")
    # The scope is part of the paths of the weights, which the optimiser names its variables by.
    with keras.name_scope("encoder"):
        a = architecture.encode(x, seeded)
        # In the order in which a Keras model lists them, so that kernels begin in that of its
        # layers.
        read_outs = {}
        for name in ("log_var", "mean"):
            # Without a spread the mean begins with the same weights as with one.
            start = seeded.glorot()
            if spread or name == "mean":
                read_out = layers.Dense(units, dtype="float32", kernel_initializer=start, name=name)
                read_outs[name] = read_out(a)
    return keras.Model(x, read_outs, name="encoder")


def _decoder(
    architecture: Architecture, shape: tuple[int, ...], units: int, seeded: Initialisers
) -> Any:
    z = keras.Input((units,), name="z")
    with keras.name_scope("decoder"):
        parameters = architecture.decode(z, shape, seeded)
    return keras.Model(z, parameters, name="decoder")
