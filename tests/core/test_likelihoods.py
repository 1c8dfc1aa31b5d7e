from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, special, stats

from vaegui.core.architectures import Dense
from vaegui.core.likelihoods import (
    Bernoulli,
    ContinuousBernoulli,
    Gaussian,
    Laplace,
    LearnedGaussian,
)
from vaegui.core.vae import LOWEST_LOG_SD, VAE

RANDOM = np.random.default_rng(0)
LOGITS = np.float32([-80, -12, -3, -0.31, -0.29, -1e-3, 0, 1e-3, 0.29, 0.31, 3, 12, 80])


def continuous_bernoulli(x, logit):
    """The log-density as the paper writes it, in float64; independent of the series."""
    if abs(logit) < 1e-9:
        return 0.0
    p = special.expit(np.float64(logit))
    normaliser = 2 * np.arctanh(1 - 2 * p) / (1 - 2 * p)
    return x * np.log(p) + (1 - x) * np.log1p(-p) + np.log(normaliser)


def test_gaussian_agrees_with_scipy():
    x, mean = RANDOM.normal(size=(2, 4, 6)).astype(np.float32)
    expected = stats.norm(mean, 0.3).logpdf(x).sum(axis=1)
    np.testing.assert_allclose(Gaussian(sd=0.3).log_prob(x, mean), expected, rtol=1e-5)


def test_learned_gaussian_agrees_with_scipy_for_one_sd_and_one_for_each_feature():
    x, mean = RANDOM.normal(size=(2, 4, 6)).astype(np.float32)
    for log_sd in (np.float32(-0.7), RANDOM.normal(size=6).astype(np.float32)):
        expected = stats.norm(mean, np.exp(log_sd)).logpdf(x).sum(axis=1)
        got = LearnedGaussian().log_prob(x, mean, log_sd)
        np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_laplace_agrees_with_scipy():
    x, centre = RANDOM.normal(size=(2, 4, 6)).astype(np.float32)
    expected = stats.laplace(centre, 0.25).logpdf(x).sum(axis=1)
    np.testing.assert_allclose(Laplace(scale=0.25).log_prob(x, centre), expected, rtol=1e-5)


@pytest.mark.parametrize("logit", LOGITS[abs(LOGITS) < 30])
def test_continuous_bernoulli_agrees_with_the_papers_formula(logit):
    x = np.linspace(0, 1, 7)
    expected = [continuous_bernoulli(value, logit) for value in x]
    got = ContinuousBernoulli().value_log_prob(np.float32(x), np.full(7, logit, np.float32))
    np.testing.assert_allclose(got, expected, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_is_normalised(logit):
    def density(x):
        log_prob = ContinuousBernoulli().value_log_prob(np.float32([x]), np.float32([logit]))
        return float(np.exp(np.asarray(log_prob)[0]))

    edges = [0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0]
    mass = sum(integrate.quad(density, a, b, epsabs=1e-5)[0] for a, b in pairwise(edges))
    assert mass == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("logit", LOGITS[abs(LOGITS) < 30])
def test_continuous_bernoullis_mean_is_that_of_its_density(logit):
    mean, _ = integrate.quad(lambda x: x * np.exp(continuous_bernoulli(x, logit)), 0, 1)
    got = float(ContinuousBernoulli().mean(tf.constant([logit]))[0])
    assert got == pytest.approx(mean, abs=2e-6)


@pytest.mark.parametrize("likelihood", [Bernoulli(), ContinuousBernoulli()])
def test_values_outside_the_unit_interval_are_refused(likelihood):
    assert likelihood.check(0.0, 1.0) == ""
    assert "from 0 to 1" in likelihood.check(-0.1, 1.0)
    assert "16" in likelihood.check(0.0, 16.0)


@pytest.mark.parametrize("likelihood", [Gaussian(), LearnedGaussian(), Laplace()])
def test_real_valued_likelihoods_take_any_range(likelihood):
    assert likelihood.check(-1e3, 1e3) == ""


@pytest.mark.parametrize(
    "likelihood",
    [Bernoulli(), ContinuousBernoulli(), Gaussian(), LearnedGaussian(each="feature"), Laplace()],
)
def test_gradients_are_finite_for_any_decoder_output(likelihood):
    for value in (-1e4, -0.3, 0.0, 1e-8, 0.3, 1e4):
        parameters = tf.constant([[value]])
        with tf.GradientTape() as tape:
            tape.watch(parameters)
            log_prob = likelihood.log_prob(tf.constant([[0.25]]), parameters, tf.constant(0.0))
        assert np.isfinite(tape.gradient(log_prob, parameters)), value


def test_a_learned_sd_is_trained_towards_the_datas_and_has_a_floor():
    shape = (3,)
    vae = VAE(Dense(widths=(4,)), LearnedGaussian(each="feature"), shape, 1)
    x = np.float32(RANDOM.normal(0, [0.0, 0.5, 2.0], (2000, 3)))
    vae.decoder.get_layer("output").kernel.assign(np.zeros((4, 3), np.float32))
    sd = np.exp(np.asarray(vae.bounded_log_sd()))
    assert (sd > 1).all()
    with tf.GradientTape() as tape:
        loss = vae.loss_of(vae.terms(x, tf.zeros((2000, 1))))[0]
    gradient = np.asarray(tape.gradient(loss, vae.log_sd.value))
    assert gradient[0] > 0 > gradient[2]  # the first wants a smaller sd, the last a larger one
    vae.log_sd.assign(np.full(3, -1e3, np.float32))
    np.testing.assert_allclose(vae.bounded_log_sd(), LOWEST_LOG_SD)


@pytest.mark.parametrize("likelihood", [ContinuousBernoulli(), LearnedGaussian(), Laplace()])
def test_every_likelihoods_model_can_be_exported_and_opened_by_keras(likelihood, tmp_path):
    import keras

    vae = VAE(Dense(widths=(4,)), likelihood, (5,), 2)
    x = RANDOM.random((3, 5), np.float32)
    vae.exported().save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")(x)
    for name, value in vae(x).items():
        np.testing.assert_array_equal(loaded[name], value)


@pytest.mark.parametrize(
    ("likelihood", "shape"),
    [
        (Gaussian(), None),
        (LearnedGaussian(each="model"), ()),
        (LearnedGaussian(each="feature"), (2, 3)),
    ],
)
def test_only_what_a_likelihood_learns_is_a_weight_of_the_model(likelihood, shape):
    log_sd = VAE(Dense(widths=(4,)), likelihood, (2, 3), 1).log_sd
    assert (None if log_sd is None else tuple(log_sd.shape)) == shape


def test_only_the_bernoulli_says_that_greys_have_no_density_under_it():
    assert "no density" in Bernoulli().caveat
    others = ContinuousBernoulli(), Gaussian(), LearnedGaussian(), Laplace()
    assert not any(likelihood.caveat for likelihood in others)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("logit", [-50.0, -0.3, -1e-6, 0.0, 1e-6, 0.3, 50.0])
@pytest.mark.parametrize("likelihood", [Bernoulli(), ContinuousBernoulli()])
def test_the_gradient_by_the_logit_is_value_minus_mean(likelihood, logit, compiled):
    # True of every exponential family, also where the logit is exactly 0.
    def of(logits, x):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            log_prob = likelihood.value_log_prob(x, logits)
        return tape.gradient(log_prob, logits)

    x = tf.constant([0.0, 0.2, 0.5, 1.0])
    logits = tf.fill((4,), logit)
    gradient = tf.function(of, jit_compile=compiled)(logits, x)
    expected = special.expit(logit)
    if isinstance(likelihood, ContinuousBernoulli):
        expected = 0.5 + (logit / 12 if abs(logit) < 0.01 else 0.5 / np.tanh(logit / 2) - 1 / logit)
    np.testing.assert_allclose(gradient, np.asarray(x) - expected, atol=2e-6)


def test_the_slope_of_the_continuous_bernoullis_mean_is_a_twelfth_at_zero():
    logits = tf.constant([0.0, 1e-4])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        mean = ContinuousBernoulli().mean(logits)
    np.testing.assert_allclose(tape.gradient(mean, logits), 1 / 12, rtol=1e-5)
