"""Two rows of the read-out of the mean, and the gradients that pull them."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.training.engine.engine import Engine

__all__ = ["RowGradients", "equalise"]

Floats = NDArray[np.float32]


class RowGradients:
    """Looks at two rows and at the gradients that pull them.

    Parameters
    ----------
    engine
        Of the copy.
    step
        Of which step the batch is taken; it stays the same, and so does the noise.
    pair
        The two units.
    """

    def __init__(self, engine: Engine, step: int, pair: tuple[int, int]) -> None:
        vae, self._pair = engine.inference.vae, list(pair)
        self._layer = vae.encoder.get_layer("mean")
        batch = engine.inference.scaling.to_model(engine.batch(step))
        seed = tf.constant([engine.batches.seed, step], tf.int32)
        self._x = tf.constant(batch)
        self._eps = tf.random.stateless_normal((len(batch), vae.units), seed)
        self._gradient = tf.function(self._compute, autograph=False)
        self._vae = vae

    def look(self) -> tuple[float, float, float, float]:
        """Distance of the rows, norm of the gradient of each, norm of their difference."""
        rows = _rows(np.asarray(self._layer.kernel), np.asarray(self._layer.bias), self._pair)
        kernel, bias = (gradient.numpy() for gradient in self._gradient(self._x, self._eps))
        pulls = _rows(kernel, bias, self._pair)
        numbers = rows[0] - rows[1], pulls[0], pulls[1], pulls[0] - pulls[1]
        distance, first, second, apart = (float(np.linalg.norm(row)) for row in numbers)
        return distance, first, second, apart

    def _compute(self, x: Any, eps: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = self._vae.loss_of(self._vae.terms(x, eps))[0]
        return tape.gradient(loss, [self._layer.kernel.value, self._layer.bias.value])


def equalise(vae: VAE, first: int, second: int) -> None:
    """Give unit ``second`` the read-out of the mean of ``first``, and its share of the optimiser.

    Without the latter, momentum from before would move the two rows differently at once, and hide
    what the gradients do.
    """
    layer = vae.encoder.get_layer("mean")
    variables = [layer.kernel, layer.bias]
    prefixes = tuple(f"{v.path.replace('/', '_')}_" for v in variables)
    variables += [v for v in vae.optimizer.variables if v.name.startswith(prefixes)]
    for variable in variables:
        values = np.asarray(variable).copy()
        values[..., second] = values[..., first]
        variable.assign(values)


def _rows(kernel: Floats, bias: Floats, pair: list[int]) -> Floats:
    """Weights and bias of two units, (2, hidden + 1)."""
    return np.concatenate([kernel, bias[None]])[:, pair].T.astype(np.float64)
