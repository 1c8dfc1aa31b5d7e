"""Half precision for the layers, 32 bits for all that a loss is made of; on a CPU."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.core.networks import ARCHITECTURES, SHAPE
from vaegui.core.likelihoods import Bernoulli
from vaegui.core.vae import VAE

X = np.random.default_rng(0).random((8, *SHAPE), np.float32)


@pytest.fixture(params=["mixed_bfloat16", "mixed_float16"])
def policy(request):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield keras.config.dtype_policy()
    keras.config.set_dtype_policy(before)


@pytest.fixture(params=ARCHITECTURES, ids=lambda a: a.kind)
def vae(request, policy):
    return VAE(request.param, Bernoulli(), SHAPE, 3, seed=2)


def test_fit_and_evaluate_run_in_mixed_precision(vae):
    vae.compile(optimizer=keras.optimizers.Adam(1e-2))
    losses = vae.fit(X, epochs=6, batch_size=4, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
    assert np.isfinite(vae.evaluate(X, verbose=0)).all()


def test_terms_and_gradients_are_of_32_bits(vae):
    compiled = vae.architecture.kind == "dense"  # XLA takes long to compile convolutions.
    eps = tf.ones((8, 3))
    loss, gradients = tf.function(vae.gradients, jit_compile=compiled)(X, eps)
    assert loss.dtype == tf.float32
    assert {gradient.dtype for gradient in gradients} == {tf.float32}
    assert all(np.isfinite(part).all() for part in (loss, *gradients))
    assert {tensor.dtype for tensor in vae.terms(X, eps)} == {tf.float32}


def test_only_what_comes_after_the_last_weighted_sums_is_computed_in_32_bits(vae, policy):
    exact = {"mean", "log_var", "output", "crop", "parameters", "wide", "other", "both", "bent"}
    for layer in (*vae.encoder.layers, *vae.decoder.layers):
        if not isinstance(layer, keras.layers.InputLayer):
            expected = "float32" if layer.name in exact else policy.compute_dtype
            assert layer.compute_dtype == expected, layer.name


def test_an_imported_decoders_logits_have_all_their_digits(vae):
    logits = np.asarray(vae.decoder(np.float32([[0.123, -1.7, 0.9]])))
    rounded = np.asarray(tf.cast(tf.cast(logits, tf.bfloat16), tf.float32))
    assert (logits != rounded).mean() > 0.9
