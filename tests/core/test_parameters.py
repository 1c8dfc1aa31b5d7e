from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vaegui.core.architectures import Convolutional, Dense
from vaegui.core.likelihoods import Bernoulli
from vaegui.core.vae import VAE


@pytest.mark.parametrize(
    ("architecture", "shape", "units"),
    [
        (Dense(widths=(7,)), (5,), 1),
        (Dense(widths=(7, 4, 9)), (4, 3), 3),
        (Dense(), (28, 28), 2),
        (Convolutional(filters=(4,)), (8, 8), 2),
        (Convolutional(filters=(3, 5, 6), hidden=7, kernel=5), (9, 14, 3), 4),
        (Convolutional(), (28, 28), 16),
    ],
)
def test_the_number_of_weights_is_known_before_the_model_is_built(
    architecture: Any, shape: tuple[int, ...], units: int
) -> None:
    vae = VAE(architecture, Bernoulli(), shape, units)
    built = sum(int(np.prod(v.shape)) for v in vae.trainable_variables)
    assert architecture.parameters(shape, units) == built
