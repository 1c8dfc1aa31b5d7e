"""Likelihood, KL term and objective as source text: the class ``VAE``."""

from __future__ import annotations

from typing import assert_never

from vaegui.core.likelihoods import (
    Bernoulli,
    ContinuousBernoulli,
    Gaussian,
    Laplace,
    LearnedGaussian,
)
from vaegui.core.objective import Capacity, FreeBits, Objective, Unconstrained
from vaegui.core.schedules import NoWarmUp
from vaegui.files.script.source import block, joined
from vaegui.training.settings.settings import Settings

__all__ = ["changes_beta", "likelihood", "model", "objective_constants"]


def changes_beta(objective: Objective) -> bool:
    """Whether the KL weight changes in the course of a run."""
    return not isinstance(objective.warm_up, NoWarmUp)


def likelihood(settings: Settings) -> str:
    """The functions ``log_prob`` and ``expected``."""
    match settings.likelihood:
        case Bernoulli():
            return BERNOULLI
        case ContinuousBernoulli():
            return CONTINUOUS_BERNOULLI
        case Gaussian(sd=sd):
            return joined(f"SD = {sd!r}", GAUSSIAN, IDENTITY)
        case LearnedGaussian():
            return joined(LEARNED_GAUSSIAN, IDENTITY)
        case Laplace(scale=scale):
            return joined(f"SCALE_B = {scale!r}", LAPLACE, IDENTITY)
        case other:
            assert_never(other)


def objective_constants(objective: Objective) -> list[str]:
    """Numbers of the objective by name."""
    lines = [f"BETA = {objective.beta!r}  # weight of the KL term"]
    match objective.constraint:
        case FreeBits(nats=nats):
            lines.append(f"FREE_NATS = {nats!r}  # KL of each unit that costs nothing")
        case Capacity(nats=nats, length=length):
            lines.append(f"CAPACITY = {nats!r}  # nats of KL that are aimed at")
            lines.append(f"CAPACITY_EPOCHS = {length!r}  # until then the target grows from 0")
        case Unconstrained():
            pass
        case other:
            assert_never(other)
    return lines


def model(settings: Settings, shape: tuple[int, ...]) -> str:
    """The class ``VAE``, for examples of a shape."""
    objective = settings.objective
    learns_sd = isinstance(settings.likelihood, LearnedGaussian)
    made = ["self.encoder, self.decoder = make_encoder(), make_decoder()"]
    if learns_sd:
        sd_shape = settings.likelihood.sd_shape(shape)
        made.append(
            f'self.log_sd = self.add_weight(name="log_sd", shape={sd_shape}, initializer="zeros")'
        )
    made += [
        "self.beta = tf.Variable(BETA, trainable=False)",
    ]
    if isinstance(objective.constraint, Capacity):
        made.append("self.capacity = tf.Variable(CAPACITY, trainable=False)")
    made += ["initialise([self.encoder, self.decoder])", "self.built = True"]
    values = "log_prob(x, self.decoder(z), self.log_sd)" if learns_sd else LOG_PROB
    return (
        VAE.replace("MADE", "\n        ".join(made))
        .replace("VALUES", values)
        .replace("PENALTY", _penalty(objective))
    )


def _penalty(objective: Objective) -> str:
    match objective.constraint:
        case FreeBits():
            return "tf.reduce_sum(tf.maximum(kl, FREE_NATS))"
        case Capacity():
            return "tf.abs(tf.reduce_sum(kl) - self.capacity)"
        case Unconstrained():
            return "tf.reduce_sum(kl)"
        case other:
            assert_never(other)


LOG_PROB = "log_prob(x, self.decoder(z))"

VAE = block('''
    def bounded(log_var):
        """As it is within [-10, 10]; beyond, it grows slowly, since exp of it must stay finite."""
        linear = tf.clip_by_value(log_var, -10.0, 10.0)
        return linear + tf.sign(log_var) * tf.math.log1p(tf.abs(log_var - linear))


    def exp_beyond_line(b):
        """exp(b) - 1 - b; near 0, where that difference has no digits left, as a series."""
        near = tf.clip_by_value(b, -0.05, 0.05)
        series = near**2 / 2 * (1 + near / 3 * (1 + near / 4 * (1 + near / 5 * (1 + near / 6))))
        return tf.where(tf.abs(b) < 0.05, series, tf.math.expm1(b) - b)


    class VAE(keras.Model):
        """Encoder and decoder, and the negative ELBO that they are trained on."""

        def __init__(self):
            super().__init__()
            MADE

        @tf.function(reduce_retracing=True)
        def terms(self, x, eps):
            """-log p(x|z) of each example, (batch,), and KL of each unit, (batch, UNITS)."""
            posterior = self.encoder(x)
            mean, log_var = posterior["mean"], bounded(posterior["log_var"])
            z = mean + tf.exp(log_var / 2) * eps
            nats = VALUES
            reconstruction = -tf.reduce_sum(tf.reshape(nats, (tf.shape(x)[0], -1)), axis=1)
            kl = (mean**2 + exp_beyond_line(log_var)) / 2
            return reconstruction, kl

        def total(self, reconstruction, kl):
            """The loss of a mean reconstruction term () and the mean KL of each unit (UNITS,)."""
            return reconstruction + self.beta * PENALTY

        def loss_of(self, reconstruction, kl):
            """Loss, reconstruction and KL of a batch, (3,), from the terms of its examples."""
            reconstruction, kl = tf.reduce_mean(reconstruction), tf.reduce_mean(kl, axis=0)
            return tf.stack([self.total(reconstruction, kl), reconstruction, tf.reduce_sum(kl)])

        @tf.function(reduce_retracing=True)
        def step(self, x, eps):
            """One update of the weights; loss, reconstruction and KL before it."""
            with tf.GradientTape() as tape:
                loss = self.loss_of(*self.terms(x, eps))
                total = loss[0]
            gradients = tape.gradient(total, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            return loss
''')

IDENTITY = block('''
    def expected(parameters):
        """E[x|z]: the decoder's output itself."""
        return parameters
''')

BERNOULLI = block('''
    def log_prob(x, logits):
        """log p(x|z) of each value in nats: Bernoulli, from logits."""
        return logits * x - tf.nn.softplus(logits)


    def expected(logits):
        """E[x|z]: the probability."""
        return tf.sigmoid(logits)
''')

CONTINUOUS_BERNOULLI = block('''
    def log_prob(x, logits):
        """log p(x|z) of each value in nats: continuous Bernoulli, from logits."""
        size = tf.abs(logits)
        away, near = tf.maximum(size, 0.3), tf.minimum(size, 0.3)
        # The normaliser is l / tanh(l / 2) for the logit l; near 0 its Taylor series.
        series = math.log(2.0) + near**2 / 12 - 7 * near**4 / 1440
        exact = tf.math.log(away) - tf.math.log(tf.tanh(away / 2))
        normaliser = tf.where(size < 0.3, series, exact)
        return normaliser + logits * x - tf.nn.softplus(logits)


    def expected(logits):
        """E[x|z] for the logit l: 1/2 + 1 / (2 tanh(l / 2)) - 1 / l; near 0 its Taylor series."""
        small = tf.abs(logits) < 0.3
        away, near = tf.where(small, 0.3, logits), tf.where(small, logits, 0.0)
        series = near / 12 - near**3 / 720 + near**5 / 30240
        return 0.5 + tf.where(small, series, 0.5 / tf.tanh(away / 2) - 1 / away)
''')

GAUSSIAN = block('''
    def log_prob(x, mean):
        """log p(x|z) of each value in nats: Gaussian with the standard deviation SD."""
        return -0.5 * ((x - mean) / SD) ** 2 - math.log(SD) - 0.5 * math.log(2 * math.pi)
''')

LEARNED_GAUSSIAN = block('''
    LOWEST = math.log(1e-3)


    def log_prob(x, mean, log_sd):
        """log p(x|z) of each value in nats: Gaussian; its sd is learned, and at least 0.001."""
        log_sd = LOWEST + tf.math.softplus(log_sd - LOWEST)
        return -0.5 * ((x - mean) * tf.exp(-log_sd)) ** 2 - log_sd - 0.5 * math.log(2 * math.pi)
''')

LAPLACE = block('''
    def log_prob(x, centre):
        """log p(x|z) of each value in nats: Laplace with the scale SCALE_B."""
        return -tf.abs(x - centre) / SCALE_B - math.log(2 * SCALE_B)
''')
