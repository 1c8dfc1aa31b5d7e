import keras
import numpy as np
import tensorflow as tf
from scipy import stats

from vaegui.core.sampling import Sampling, reparameterise

MEAN, LOG_VAR = np.float32([[1.5, -2.0]]), np.float32([[0.4, -3.0]])


def draws(layer, count=20_000):
    return np.asarray(layer((np.repeat(MEAN, count, 0), np.repeat(LOG_VAR, count, 0))))


def test_draws_have_the_posteriors_mean_and_standard_deviation():
    z, sd = draws(Sampling(3)), np.exp(LOG_VAR[0] / 2)
    score_of_mean = (z.mean(0) - MEAN[0]) / (sd / np.sqrt(len(z)))
    score_of_sd = (z.std(0) - sd) / (sd / np.sqrt(2 * len(z)))
    assert (abs(score_of_mean) < 4).all()
    assert (abs(score_of_sd) < 4).all()


def test_draws_are_gaussian_and_units_are_independent():
    eps = (draws(Sampling(4)) - MEAN) / np.exp(LOG_VAR / 2)
    assert all(stats.kstest(eps[:, unit], "norm").pvalue > 1e-4 for unit in range(2))
    assert abs(np.corrcoef(eps.T)[0, 1]) < 4 / np.sqrt(len(eps))


def test_the_same_seed_draws_the_same_and_the_stream_moves_on():
    first, again = Sampling(5), Sampling(5)
    one, two = draws(first, 4), draws(first, 4)
    assert np.array_equal(one, draws(again, 4))
    assert not np.array_equal(one, two)


def test_a_stream_goes_on_where_its_saved_state_was():
    layer = Sampling(6)
    draws(layer, 4)
    state = np.asarray(layer.seed_generator.state)
    expected = draws(layer, 4)
    other = Sampling(99)
    other.seed_generator.state.assign(state)
    assert np.array_equal(draws(other, 4), expected)


def test_a_model_with_the_layer_survives_keras_own_saving(tmp_path):
    inputs = [keras.Input((2,)), keras.Input((2,))]
    model = keras.Model(inputs, Sampling(7)(inputs))
    model([MEAN, LOG_VAR])
    model.save(tmp_path / "sampling.keras")
    loaded = keras.saving.load_model(tmp_path / "sampling.keras")
    assert np.array_equal(loaded([MEAN, LOG_VAR]), model([MEAN, LOG_VAR]))


def test_gradients_pass_through_the_draw_as_finite_differences_say():
    eps = np.float64([[0.7, -1.3]])
    mean, log_var = np.float64(MEAN), np.float64(LOG_VAR)

    def loss(mean, log_var):
        return tf.reduce_sum(tf.sin(reparameterise(mean, log_var, eps)) ** 2)

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
