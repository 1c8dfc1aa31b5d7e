"""One input passed through the network many times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.explain import RunningMoments
from vaegui.analysis.posterior import standard_deviation
from vaegui.errors import VaeguiError
from vaegui.queries.copies import Still
from vaegui.queries.encoding import Portion
from vaegui.queries.experiments import Experiment, RunManyTimes, TimesFound
from vaegui.queries.laboratory.study import PIECE_SECONDS, Study
from vaegui.training.trainer.trainer import Trainer

__all__ = ["ManyTimes"]

Floats = NDArray[np.float32]

MOST_TIMES = 100_000
"""More would take memory and change nothing on screen."""

SHOWN = 64
"""Draws whose pictures are kept."""


class ManyTimes(Study):
    """Draws z again and again for one input, and decodes each draw."""

    title: ClassVar[str] = "run this input many times"

    def __init__(self, trainer: Trainer, still: Still | None, experiment: RunManyTimes) -> None:
        super().__init__(trainer, still)
        if not 0 <= experiment.probe < len(trainer.probes):
            raise VaeguiError("There is no such input.", "Pick one of the inputs.")
        if not 1 <= experiment.count <= MOST_TIMES:
            raise VaeguiError(f"It can be run 1 to {MOST_TIMES:,} times.", "Choose another number.")
        self._experiment, self.total = experiment, experiment.count
        self._random = np.random.Generator(np.random.Philox(experiment.seed))
        self._posterior: tuple[Floats, Floats] | None = None
        self._z = np.empty((experiment.count, trainer.vae.units), np.float32)
        self._decoded: list[Floats] = []
        self._moments = RunningMoments()
        self._portion = Portion(PIECE_SECONDS)

    @property
    def experiment(self) -> RunManyTimes:
        """What is tried, with the number of times as it is now."""
        return self._experiment

    def goes_on_as(self, experiment: Experiment) -> bool:
        """More draws follow in the same stream; fewer than there are begin anew."""
        known, wanted = self._experiment, experiment
        if not isinstance(wanted, RunManyTimes) or not self.done <= wanted.count <= MOST_TIMES:
            return False
        if (known.probe, known.seed) != (wanted.probe, wanted.seed):
            return False
        longer = np.empty((wanted.count, self._z.shape[1]), np.float32)
        longer[: self.done] = self._z[: self.done]
        self._experiment, self._z, self.total = wanted, longer, wanted.count
        return True

    def pieces(self) -> Iterator[None]:
        """Draw and decode, some at a time, always with the weights of the beginning."""
        if self._posterior is None:
            rows = slice(self._experiment.probe, self._experiment.probe + 1)
            mean, log_var = self.look().encode(self.trainer.probes.x[rows])
            self._posterior = mean[0], log_var[0]
        while self.done < self.total:
            self._draw()
            yield

    def _draw(self) -> None:
        assert self.still is not None
        assert self._posterior is not None
        mean, log_var = self._posterior
        self._portion.begin()
        end = min(self.done + self._portion.rows, self.total)
        eps = self._random.standard_normal((end - self.done, len(mean)), np.float32)
        z = self._z[self.done : end] = mean + standard_deviation(log_var) * eps
        decoded = self.still.decode(z)
        self._decoded.extend(decoded[: max(0, SHOWN - self.done)])
        self._moments.add(decoded)
        self.done = end
        self._portion.end()

    def finding(self) -> TimesFound:
        """The draws so far."""
        assert self._posterior is not None
        mean, log_var = self._posterior
        return TimesFound(
            mean=mean,
            log_var=log_var,
            z=self._z[: self.done],
            decoded=np.stack(self._decoded),
            decoded_mean=self._moments.mean.astype(np.float32),
            decoded_sd=self._moments.sd.astype(np.float32),
        )
