"""The reparameterised draw from the posterior."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from vaegui.core.log_variance import standard_deviation

__all__ = ["Sampling"]


@keras.saving.register_keras_serializable(package="vaegui")
class Sampling(keras.layers.Layer):
    """z = mean + exp(log_var / 2) * eps with eps ~ N(0, I).

    The draw is a function of mean and log_var, so gradients pass through it to the encoder
    (Kingma and Welling 2014, section 2.4).

    Parameters
    ----------
    seed
        Start of the stream of eps. The stream's position is a variable of the layer: it is saved
        with the model, so a run that goes on draws what it would have drawn.
    """

    def __init__(self, seed: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed, name="noise")

    def call(self, inputs: tuple[Any, Any]) -> Any:
        """Draw one z for each posterior.

        Parameters
        ----------
        inputs
            Mean and log-variance, each (batch, units).

        Returns
        -------
        (batch, units)
            One draw from each posterior.
        """
        mean, log_var = inputs
        return reparameterise(mean, log_var, self.noise(ops.shape(mean)))

    def noise(self, shape: Any) -> Any:
        """Take the next eps ~ N(0, I) of this shape from the stream, float32."""
        return keras.random.normal(shape, dtype="float32", seed=self.seed_generator)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the mean."""
        return input_shape[0]

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Save the stream's position, which Keras by itself leaves out of its files."""
        super().save_own_variables(store)
        store["random_state"] = ops.convert_to_numpy(self.seed_generator.state)

    def load_own_variables(self, store: dict[str, Any]) -> None:
        """Restore the stream's position."""
        self.seed_generator.state.assign(store["random_state"])

    def get_config(self) -> dict[str, Any]:
        """What is needed to make the layer again."""
        return {**super().get_config(), "seed": self.seed}


def reparameterise(mean: Any, log_var: Any, eps: Any) -> Any:
    """mean + exp(log_var / 2) * eps, all (batch, units)."""
    return mean + standard_deviation(log_var, ops) * eps
