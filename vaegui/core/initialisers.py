"""First weights: how the kernels of a network begin, each from a seed of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Initialisers", "seeds"]


class Initialisers:
    """Initialisers for one kernel after the other, with seeds that all follow from one.

    Each is made with its seed, because Keras would take one from Python's global random state
    otherwise. Biases begin at 0 as in Keras.

    Parameters
    ----------
    seed
        Where the seeds come from.
    """

    def __init__(self, seed: int) -> None:
        self._seed, self._made = seed, 0

    def glorot(self) -> Any:
        """For layers that are linear or bend like tanh (Glorot and Bengio 2010)."""
        from keras import initializers

        return initializers.GlorotUniform(seed=self._next())

    def he(self) -> Any:
        """For rectifiers (He et al. 2015): a variance of 2 / inputs."""
        from keras import initializers

        return initializers.HeUniform(seed=self._next())

    def he_transposed(self, stride: int) -> Any:
        """`he` for transposed convolutions whose steps are ``stride`` in both directions.

        Each output is a sum of kernel area * channels / stride^2 products, as only one in stride^2
        of a kernel's weights meets each place. Keras' own initialiser counts filters in place of
        channels, since a transposed kernel has its axes the other way round, and not the stride.
        """
        from keras import initializers

        return initializers.VarianceScaling(
            scale=2.0 * stride**2, mode="fan_out", distribution="uniform", seed=self._next()
        )

    def orthogonal(self) -> Any:
        """For the weights by which a recurrent layer's state goes on (Saxe et al. 2014)."""
        from keras import initializers

        return initializers.Orthogonal(seed=self._next())

    def small(self) -> Any:
        """For tables of weights: evenly from -0.05 to 0.05."""
        from keras import initializers

        return initializers.RandomUniform(seed=self._next())

    def _next(self) -> int:
        self._made += 1
        return seeds(self._seed, self._made)[-1]


def seeds(seed: int, count: int) -> list[int]:
    """Independent seeds derived from one; more of them begin with the same."""
    return [int(n) for n in np.random.SeedSequence(seed).generate_state(count)]
