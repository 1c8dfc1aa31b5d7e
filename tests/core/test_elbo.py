import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy import stats

from vaegui.analysis import posterior
from vaegui.core import log_variance
from vaegui.core.prior import StandardNormal


def bounded_log_var(log_var):
    return log_variance.bounded(log_var, ops)


def standard_deviation(log_var):
    return log_variance.standard_deviation(log_var, ops)


def kl_by_unit(mean, log_var):
    return StandardNormal().kl_by_unit(mean, log_var, ops)


@pytest.mark.parametrize(("mean", "log_var"), [(0.0, 0.0), (1.5, -2.0), (-0.3, 1.2), (3.0, -6.0)])
def test_closed_form_kl_agrees_with_monte_carlo(mean, log_var):
    q, p = stats.norm(mean, np.exp(log_var / 2)), stats.norm()
    z = q.rvs(200_000, random_state=np.random.default_rng(1))
    ratio = q.logpdf(z) - p.logpdf(z)
    closed = float(kl_by_unit(np.float32([[mean]]), np.float32([[log_var]]))[0, 0])
    error = ratio.std() / np.sqrt(len(ratio))
    assert abs(ratio.mean() - closed) < 4 * error + 1e-6


def test_kl_is_zero_at_the_prior_and_positive_elsewhere():
    grid = np.float32(np.random.default_rng(0).normal(0, 2, (500, 2)))
    kl = np.asarray(kl_by_unit(grid[:, :1], grid[:, 1:]))
    assert float(kl_by_unit(np.zeros((1, 1), "f"), np.zeros((1, 1), "f"))[0, 0]) == 0.0
    assert (kl > 0).all()


def test_kl_of_each_unit_stays_visible():
    assert kl_by_unit(np.zeros((5, 3), "f"), np.zeros((5, 3), "f")).shape == (5, 3)


def test_log_variance_is_used_exactly_as_read_out_between_minus_ten_and_ten():
    inside = np.linspace(-10, 10, 4001, dtype=np.float32)
    assert np.array_equal(np.asarray(bounded_log_var(inside)), inside)


@pytest.mark.parametrize("log_var", [-1e4, -88.8, -10.001, 0.0, 10.001, 88.8, 1e4])
def test_loss_and_gradients_are_finite_for_any_log_variance(log_var):
    mean, raw = tf.constant([[0.5]]), tf.constant([[log_var]])
    with tf.GradientTape() as tape:
        tape.watch([mean, raw])
        loss = tf.reduce_sum(kl_by_unit(mean, raw) + standard_deviation(raw))
    gradients = tape.gradient(loss, [mean, raw])
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in gradients)


@pytest.mark.parametrize("log_var", [-1e4, -50.0, 50.0, 1e4])
def test_a_unit_that_ran_away_is_pulled_back(log_var):
    raw = tf.constant([[log_var]])
    with tf.GradientTape() as tape:
        tape.watch(raw)
        kl = kl_by_unit(tf.zeros((1, 1)), raw)
    assert np.sign(float(tape.gradient(kl, raw)[0, 0])) == np.sign(log_var)


def test_standard_deviation_is_positive_for_any_log_variance():
    sd = np.asarray(standard_deviation(np.float32([-1e4, -20, 0, 20, 1e4])))
    assert (sd > 0).all()
    assert np.isfinite(sd).all()
    assert sd[2] == 1.0


NEAR_ZERO = [s * f * 10.0**-e for e in range(1, 9) for f in (1.0, 3.7) for s in (1, -1)]
EDGES = [0.0499999, 0.05, 0.0500001, -0.05, 9.9, -9.9]


@pytest.mark.parametrize("b", NEAR_ZERO + EDGES)
@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_kl_near_the_prior_has_all_its_digits_and_is_never_negative(b, compiled):
    log_var = np.float32([[b]])
    exact = np.longdouble(log_var[0, 0])
    # exp(b) - 1 - b as a sum of terms of one sign or of quickly falling size.
    expected = np.longdouble(0)
    term = exact
    for n in range(2, 200):
        term = term * exact / n
        expected += term
    kl = tf.function(kl_by_unit, jit_compile=compiled)(tf.zeros((1, 1)), tf.constant(log_var))
    assert float(kl[0, 0]) >= 0
    np.testing.assert_allclose(float(kl[0, 0]), float(expected / 2), rtol=1e-5, atol=1e-42)
    wide = posterior.kl_by_unit(np.zeros(1), np.float64([log_var[0, 0]]))
    np.testing.assert_allclose(wide, float(expected / 2), rtol=2e-9)


def test_gradient_of_the_kl_agrees_with_its_closed_form_everywhere():
    log_var = tf.constant([-9.0, -0.05, -1e-4, 0.0, 1e-6, 0.03, 0.05, 0.7, 9.0])
    with tf.GradientTape() as tape:
        tape.watch(log_var)
        kl = kl_by_unit(tf.zeros_like(log_var), log_var)
    expected = 0.5 * np.expm1(np.float64(log_var))
    np.testing.assert_allclose(tape.gradient(kl, log_var), expected, rtol=2e-6)


@pytest.mark.parametrize("log_var", [-30.0, -10.0, -1.0, 0.0, 10.0, 10.5, 400.0])
def test_the_slope_of_the_bounded_log_variance_is_its_derivative(log_var):
    read_out = tf.constant(log_var)
    with tf.GradientTape() as tape:
        tape.watch(read_out)
        bounded = bounded_log_var(read_out)
    slope = log_variance.slope(np.float32(log_var), np)
    assert float(tape.gradient(bounded, read_out)) == pytest.approx(slope, rel=1e-6)


def test_numpy_and_keras_compute_one_formula():
    mean, log_var = np.float32(np.random.default_rng(3).normal(0, 6, (2, 50, 4)))
    for ours, keras in (
        (posterior.bounded_log_var(log_var), bounded_log_var(log_var)),
        (posterior.standard_deviation(log_var), standard_deviation(log_var)),
        (posterior.kl_by_unit(mean, log_var), kl_by_unit(mean, log_var)),
    ):
        np.testing.assert_allclose(ours, keras, rtol=1e-5)


def test_the_prior_is_a_density_of_several_units_and_what_is_drawn_has_it():
    prior, random = StandardNormal(), np.random.default_rng(1)
    z = prior.sample(5_000, 3, random)
    np.testing.assert_allclose(prior.log_prob(z, np), stats.norm.logpdf(z).sum(axis=1), rtol=1e-5)
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
