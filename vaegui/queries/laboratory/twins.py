"""A VAE and a plain autoencoder, trained side by side from the same start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.queries.copies import Still, untrained_engine
from vaegui.queries.experiments import PlainAutoencoder, Trained, TwinsFound
from vaegui.queries.laboratory.study import Study, train_to
from vaegui.training.engine.engine import Engine
from vaegui.training.trainer.trainer import Trainer

__all__ = ["Twins"]

Floats = NDArray[np.float32]

LOOKS = 20
"""How often both are looked at."""

SAMPLES = 25
"""Draws from the prior that are decoded."""


class Twins(Study):
    """Trains both a little, looks at both, and so on."""

    title: ClassVar[str] = "train a plain autoencoder"

    def __init__(self, trainer: Trainer, still: Still | None, experiment: PlainAutoencoder) -> None:
        super().__init__(trainer, still)
        self._experiment, self.total = experiment, 2 * experiment.steps
        random = np.random.Generator(np.random.Philox(trainer.settings.training.seed))
        self._z = trainer.vae.prior.sample(SAMPLES, trainer.vae.units, random)
        self._steps: list[int] = []
        self._twins: tuple[_Twin, ...] = ()

    @property
    def experiment(self) -> PlainAutoencoder:
        """What is tried."""
        return self._experiment

    def pieces(self) -> Iterator[None]:
        """Build, look, compile and train both; the steps of both are counted."""
        x, steps = self.trainer.probes.x, self._experiment.steps
        self._twins = tuple(
            _Twin(untrained_engine(self.trainer, plain=plain), x, self._z)
            for plain in (False, True)
        )
        self._look(0)
        self.doing = "Compiling the copies"
        for twin in self._twins:
            yield
            twin.engine.warm_up()
        self.doing = ""
        ends = np.linspace(0, steps, min(LOOKS, steps) + 1).round().astype(int)
        for start, end in pairwise(ends):
            for _ in chain(*(train_to(t.engine, int(start), int(end)) for t in self._twins)):
                yield
            self.done = 2 * int(end)
            self._look(int(end))
            yield

    def _look(self, step: int) -> None:
        for twin in self._twins:
            twin.look()
        self._steps.append(step)

    def finding(self) -> TwinsFound:
        """Both so far."""
        vae, plain = (twin.trained() for twin in self._twins)
        return TwinsFound(np.array(self._steps, np.int64), vae, plain, self._z)


class _Twin:
    """One of the two, and what was seen of it."""

    def __init__(self, engine: Engine, x: NDArray[Any], z: Floats) -> None:
        self.engine, self._x, self._z = engine, x, z
        self._seen: list[float] = []
        self._mean = self._log_var = self._samples = np.empty(0, np.float32)
        self._reconstruction = tf.function(self._compute, autograph=False)
        self._as_seen = tf.constant(engine.scaling.to_model(x))

    def look(self) -> None:
        """Encode the probes, decode the samples, and take the reconstruction term."""
        self._mean, self._log_var = self.engine.encode(self._x)
        self._samples = self.engine.decode(self._z)
        self._seen.append(float(self._reconstruction(self._as_seen)))

    def trained(self) -> Trained:
        """What was seen so far."""
        seen = np.array(self._seen, np.float32)
        return Trained(seen, self._mean, self._log_var, self._samples)

    def _compute(self, x: Any) -> Any:
        """The mean reconstruction term with z = mean, which is z for eps = 0."""
        eps = tf.zeros((tf.shape(x)[0], self.engine.vae.units))
        return tf.reduce_mean(self.engine.vae.terms(x, eps).reconstruction)
