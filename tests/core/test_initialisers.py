"""First weights: from the seed alone, and of a size that keeps what passes through alike."""

import random

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.core.networks import ARCHITECTURES, SHAPE
from vaegui.core.architectures import Convolutional, Dense
from vaegui.core.initialisers import seeds
from vaegui.core.likelihoods import Bernoulli
from vaegui.core.vae import VAE


def built(architecture, seed=4):
    return VAE(architecture, Bernoulli(), SHAPE, 3, seed=seed)


def next_of_every_global_stream():
    """What comes next out of each global source of random numbers."""
    return (
        random.random(),
        np.random.random(),
        np.asarray(keras.random.normal((3,))).tolist(),
        np.asarray(tf.random.normal((3,))).tolist(),
    )


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda a: a.kind)
def test_building_and_training_take_nothing_from_global_random_state(architecture):
    keras.utils.set_random_seed(11)
    expected = next_of_every_global_stream()
    keras.utils.set_random_seed(11)
    vae = built(architecture)
    vae.compile(optimizer=keras.optimizers.Adam())
    vae.fit(np.full((4, *SHAPE), 0.3, np.float32), batch_size=2, shuffle=False, verbose=0)
    assert next_of_every_global_stream() == expected


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda a: a.kind)
def test_the_same_seed_gives_the_same_bits_whatever_the_global_state(architecture):
    models = []
    for state in (1, 2):
        keras.utils.set_random_seed(state)
        models.append(built(architecture))
    other = built(architecture, seed=5)
    for one, again, different in zip(*(m.get_weights() for m in [*models, other]), strict=True):
        assert np.array_equal(one, again)
        assert np.array_equal(one, different) == (one.ndim < 2)  # biases and single numbers


def test_every_kernel_begins_with_numbers_of_its_own():
    kernels = [w.ravel()[:5] for w in built(Dense(widths=(9, 9))).get_weights() if w.ndim == 2]
    assert len({tuple(kernel) for kernel in kernels}) == len(kernels)


def test_more_seeds_begin_with_the_same():
    assert seeds(7, 9)[:4] == seeds(7, 4)


@pytest.mark.parametrize(
    "architecture",
    [Convolutional(), Convolutional(filters=(32, 32, 32), kernel=5)],
    ids=["default", "deep"],
)
def test_what_passes_through_a_decoder_of_rectifiers_keeps_its_size(architecture):
    # Mean squares of what each layer gives, over several first weights.
    z = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    sizes = []
    for seed in range(4):
        decoder = VAE(architecture, Bernoulli(), (32, 32), 8, seed=seed).decoder
        found = [layer for layer in decoder.layers if layer.name.startswith(("hidden", "conv"))]
        outputs = keras.Model(decoder.input, [layer.output for layer in found])(z)
        sizes.append([float(tf.reduce_mean(tf.square(output))) for output in outputs])
    sizes = np.mean(sizes, axis=0)
    ratios = sizes[1:] / sizes[:-1]
    # A little is lost at the pictures' edges. Without the strides it would be 1/4 for each layer.
    assert (ratios > 0.6).all(), ratios
    assert (ratios < 1.4).all(), ratios
