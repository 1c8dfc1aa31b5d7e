import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy import stats

from vaegui.core.log_variance import reparameterise
from vaegui.core.sampling import noise

MEAN, LOG_VAR = np.float32([[1.5, -2.0]]), np.float32([[0.4, -3.0]])


def test_draws_have_the_posteriors_mean_and_standard_deviation():
    eps = noise(3, 0, 1, 20_000, 2)[0]
    z, sd = np.asarray(reparameterise(MEAN, LOG_VAR, eps, ops)), np.exp(LOG_VAR[0] / 2)
    score_of_mean = (z.mean(0) - MEAN[0]) / (sd / np.sqrt(len(z)))
    score_of_sd = (z.std(0) - sd) / (sd / np.sqrt(2 * len(z)))
    assert (abs(score_of_mean) < 4).all()
    assert (abs(score_of_sd) < 4).all()


def test_noise_is_gaussian_and_independent_between_units_and_steps():
    eps = np.asarray(noise(4, 0, 3, 20_000, 2))
    columns = eps.transpose(0, 2, 1).reshape(6, -1)
    assert all(stats.kstest(column, "norm").pvalue > 1e-4 for column in columns)
    assert abs(np.corrcoef(columns) - np.eye(6)).max() < 4 / np.sqrt(20_000)


@pytest.mark.parametrize("units", [1, 2, 3])
def test_each_step_draws_the_same_however_many_are_drawn_at_once(units):
    together = np.asarray(noise(5, 100, 7, 5, units))
    assert len(np.unique(together)) == together.size
    for lengths in ([1] * 7, [3, 4], [6, 1]):
        firsts = 100 + np.cumsum([0, *lengths[:-1]])
        parts = [noise(5, step, n, 5, units) for step, n in zip(firsts, lengths, strict=True)]
        assert np.array_equal(together, np.concatenate(parts))


def test_another_seed_and_the_largest_numbers_give_other_noise():
    seeds, steps = [0, 1, 2**32 - 1], [0, 1, 10**9]
    drawn = np.concatenate([noise(seed, step, 1, 8, 2) for seed in seeds for step in steps])
    assert len(np.unique(drawn)) == drawn.size


def test_gradients_pass_through_the_draw_as_finite_differences_say():
    eps = np.float64([[0.7, -1.3]])
    mean, log_var = np.float64(MEAN), np.float64(LOG_VAR)

    def loss(mean, log_var):
        return tf.reduce_sum(tf.sin(reparameterise(mean, log_var, eps, ops)) ** 2)

    tensors = [tf.constant(mean), tf.constant(log_var)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = loss(*tensors)
    h = 1e-6
    for which, gradient in enumerate(tape.gradient(value, tensors)):
        for unit in range(2):
            up, down = [mean.copy(), log_var.copy()], [mean.copy(), log_var.copy()]
            up[which][0, unit] += h
            down[which][0, unit] -= h
            numeric = (loss(*up) - loss(*down)) / (2 * h)
            np.testing.assert_allclose(gradient[0, unit], numeric, rtol=1e-6)
