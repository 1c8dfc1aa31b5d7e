import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from vaegui.core.architectures import Convolutional, Dense
from vaegui.core.likelihoods import Bernoulli
from vaegui.core.objective import Objective
from vaegui.core.vae import VAE

RANDOM = np.random.default_rng(0)


def small(architecture=None, shape=(6, 5), units=3, **options):
    return VAE(architecture or Dense(widths=(8, 4)), Bernoulli(), shape, units, **options)


def pictures(n=7, shape=(6, 5)):
    return RANDOM.random((n, *shape), np.float32)


def test_encoder_is_what_numpy_makes_of_the_raw_weights():
    vae, x = small(), pictures()
    a = x.reshape(len(x), -1).astype(np.float64)
    for name in ("hidden_1", "hidden_2"):
        kernel, bias = (w.astype(np.float64) for w in vae.encoder.get_layer(name).get_weights())
        a = np.maximum(a @ kernel + bias, 0)
    for name, output in vae.encoder(x).items():
        kernel, bias = (w.astype(np.float64) for w in vae.encoder.get_layer(name).get_weights())
        np.testing.assert_allclose(output, a @ kernel + bias, rtol=1e-5, atol=1e-6)


def test_decoder_gives_logits_that_numpy_makes_of_the_raw_weights():
    vae, z = small(), RANDOM.normal(size=(4, 3)).astype(np.float32)
    h = z.astype(np.float64)
    for name in ("hidden_1", "hidden_2"):
        kernel, bias = vae.decoder.get_layer(name).get_weights()
        h = np.maximum(h @ kernel + bias, 0)
    kernel, bias = vae.decoder.get_layer("output").get_weights()
    expected = (h @ kernel + bias).reshape(4, 6, 5)
    np.testing.assert_allclose(vae.decoder(z), expected, rtol=1e-4, atol=1e-6)


def test_mean_and_log_variance_are_two_separate_read_outs_of_the_same_hidden_vector():
    vae = small()
    read_outs = [vae.encoder.get_layer(name) for name in ("mean", "log_var")]
    assert read_outs[0].input is read_outs[1].input
    assert read_outs[0].activation is keras.activations.linear
    assert not np.array_equal(read_outs[0].get_weights()[0], read_outs[1].get_weights()[0])


def test_bernoulli_log_probability_agrees_with_scipy():
    x = RANDOM.integers(0, 2, (3, 6, 5)).astype(np.float32)
    logits = RANDOM.normal(0, 3, (3, 6, 5)).astype(np.float32)
    expected = stats.bernoulli.logpmf(x, 1 / (1 + np.exp(-logits.astype(np.float64))))
    got = Bernoulli().log_prob(x, logits)
    np.testing.assert_allclose(got, expected.sum((1, 2)), rtol=1e-5)


def test_bernoulli_log_probability_does_not_saturate():
    logits = np.float32([[-200.0], [200.0]])
    np.testing.assert_allclose(Bernoulli().log_prob(np.float32([[1], [0]]), logits), [-200, -200])


def test_terms_stay_per_example_and_per_unit():
    terms = small().terms(pictures(), np.zeros((7, 3), np.float32))
    assert terms.reconstruction.shape == (7,)
    assert terms.kl.shape == (7, 3)


def test_total_loss_is_reconstruction_plus_beta_times_kl_averaged_over_examples():
    vae, x, eps = (
        small(objective=Objective(beta=2.5)),
        pictures(),
        RANDOM.normal(size=(7, 3)).astype(np.float32),
    )
    terms = vae.terms(x, eps)
    total, reconstruction, kl = np.asarray(vae.loss_of(terms))
    np.testing.assert_allclose(reconstruction, np.mean(terms.reconstruction), rtol=1e-6)
    np.testing.assert_allclose(kl, np.sum(terms.kl, axis=1).mean(), rtol=1e-6)
    np.testing.assert_allclose(total, reconstruction + 2.5 * kl, rtol=1e-6)


def test_an_example_of_weight_zero_does_not_count():
    vae, x, eps = small(), pictures(), RANDOM.normal(size=(7, 3)).astype(np.float32)
    weight = np.float32([1, 1, 1, 1, 1, 0, 0])
    padded = vae.loss_of(vae.terms(x, eps), weight)
    np.testing.assert_allclose(padded, vae.loss_of(vae.terms(x[:5], eps[:5])), rtol=1e-6)


@pytest.mark.parametrize("name", ["mean", "log_var"])
def test_reparameterised_gradients_agree_with_finite_differences(name):
    vae, x, eps = small(units=2), pictures(3), RANDOM.normal(size=(3, 2)).astype(np.float32)
    kernel = vae.encoder.get_layer(name).kernel
    with tf.GradientTape() as tape:
        loss = vae.loss_of(vae.terms(x, eps))[0]
    gradient, start = np.asarray(tape.gradient(loss, kernel.value)), np.asarray(kernel)
    direction = gradient / np.linalg.norm(gradient)
    h = 1e-2
    values = []
    for sign in (1, -1):
        kernel.assign(start + sign * h * direction)
        values.append(float(vae.loss_of(vae.terms(x, eps))[0]))
    np.testing.assert_allclose(
        (values[0] - values[1]) / (2 * h), np.sum(gradient * direction), rtol=1e-2
    )


def test_the_same_seed_builds_the_same_weights_and_leaves_global_random_state_alone():
    np.random.seed(7)
    expected = np.random.RandomState(7).random()
    one, other, different = small(seed=4), small(seed=4), small(seed=5)
    assert np.random.random() == expected
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(one.encoder.get_weights()[0], different.encoder.get_weights()[0])


def test_compile_and_fit_train_it_like_any_keras_model():
    vae, x = small(seed=1), pictures(64)
    vae.compile(optimizer=keras.optimizers.Adam(1e-2))
    history = vae.fit(x, epochs=8, batch_size=16, verbose=0, validation_data=(x, None)).history
    assert set(history) == {
        f"{v}{n}" for v in ("", "val_") for n in ("loss", "reconstruction", "kl")
    }
    assert history["loss"][-1] < history["loss"][0]
    np.testing.assert_allclose(
        history["loss"][-1], history["reconstruction"][-1] + history["kl"][-1], rtol=1e-5
    )


@pytest.mark.parametrize("shape", [(28, 28), (13, 9), (8, 8), (5, 7, 3)])
def test_convolutions_take_pictures_of_any_size(shape):
    vae, x = small(Convolutional(filters=(4, 6), hidden=5), shape), pictures(2, shape)
    assert vae.decoder(vae.encoder(x)["mean"]).shape == (2, *shape)
    assert np.isfinite(vae.loss_of(vae.terms(x, np.zeros((2, 3), np.float32)))).all()


def test_default_convolutions_are_those_of_the_keras_example():
    vae = VAE(Convolutional(), Bernoulli(), (28, 28, 1), 2)
    # 69,076 = 320 + 18,496 + 3,136 * 16 + 16 + 2 * 34, and 65,089 for the decoder, as its
    # summary on keras.io lists them.
    assert vae.encoder.count_params() == 69_076
    assert vae.decoder.count_params() == 65_089


def test_the_exported_model_is_made_of_built_in_layers_and_gives_the_same_numbers():
    vae, x = small(), pictures()
    exported = vae.exported()
    for name, value in exported(x).items():
        assert np.array_equal(value, vae(x)[name])
    layers = [*exported.layers, *vae.encoder.layers, *vae.decoder.layers]
    assert {type(layer).__module__.split(".")[0] for layer in layers} == {"keras"}
    assert {"encoder", "decoder"} <= {layer.name for layer in exported.layers}
