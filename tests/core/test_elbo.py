import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from vaegui.core.elbo import bounded_log_var, kl_by_unit, standard_deviation


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
