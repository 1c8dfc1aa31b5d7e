"""A VAE and a plain autoencoder, trained side by side from the same start."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.queries.base import Partial, Query, Repeat, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject
    from vaegui.queries.computing.twin import Twin

__all__ = ["PlainAutoencoder", "PlainAutoencoderFound", "Trained"]

Floats = NDArray[np.float32]

LOOKS = 20
"""How often both are looked at."""

SAMPLES = 25
"""Draws from the prior that are decoded."""


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """One of the two copies.

    ``reconstruction`` (points,) is its reconstruction term over the probes with z = mean, nats;
    ``mean``, ``log_var`` (probes, units); ``samples`` (n, *shape) what draws from the prior
    decode to, the same z in both copies, in the data's own scale.
    """

    reconstruction: Floats
    mean: Floats
    log_var: Floats
    samples: Floats


@dataclass(frozen=True, eq=False, slots=True)
class PlainAutoencoderFound:
    """Both copies so far, looked at after ``step`` (points,) steps; ``z`` (n, units) of samples."""

    query: PlainAutoencoder
    step: NDArray[np.int64]
    vae: Trained
    plain: Trained
    z: Floats


@dataclass(frozen=True, slots=True)
class PlainAutoencoder(Query[PlainAutoencoderFound]):
    """Train two copies for ``steps`` from the same untrained start on the same batches.

    One gives each input a Gaussian, as in a VAE, the other a point; all else is as the settings
    say.
    """

    title: ClassVar[str] = "train a plain autoencoder"
    repeat: ClassVar[Repeat] = Repeat.NEVER

    steps: int

    def run(self, subject: Subject) -> Steps[PlainAutoencoderFound]:
        """See `Query.run`; the steps of both are counted."""
        from vaegui.queries.computing.copies import train_to, untrained_engine
        from vaegui.queries.computing.twin import Twin

        trainer = subject.trainer
        random = np.random.Generator(np.random.Philox(trainer.settings.training.seed))
        model = subject.model.vae
        z = model.prior.sample(SAMPLES, model.units, random)
        vae, plain = twins = [
            Twin(
                untrained_engine(
                    trainer, trainer.settings.model_copy(update={"posterior": posterior})
                ),
                subject.probes.x,
                z,
            )
            for posterior in ("gaussian", "point")
        ]
        looked: list[int] = []

        def look(step: int) -> None:
            for twin in twins:
                twin.look()
            looked.append(step)

        def found() -> PlainAutoencoderFound:
            step = np.array(looked, np.int64)
            return PlainAutoencoderFound(self, step, _trained(vae), _trained(plain), z)

        def partial(doing: str = "") -> Partial[PlainAutoencoderFound]:
            return Partial(found, 2 * looked[-1], 2 * self.steps, doing)

        look(0)
        for twin in twins:
            yield partial("Compiling the copies")
            twin.engine.warm_up()
        ends = np.linspace(0, self.steps, min(LOOKS, self.steps) + 1).round().astype(int)
        for start, end in pairwise(ends.tolist()):
            for twin in twins:
                for _ in train_to(twin.engine, start, end):
                    yield partial()
            look(end)
            yield partial()
        return found()


def _trained(twin: Twin) -> Trained:
    """What was seen of a copy so far."""
    return Trained(twin.reconstruction, twin.mean, twin.log_var, twin.samples)
