"""Pass one input through the network many times: z differs, its Gaussian does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.draws import RunningMoments
from vaegui.analysis.posterior import reparameterise
from vaegui.data.source import Example, ExampleRef
from vaegui.errors import VaeguiError
from vaegui.queries.base import Partial, Query, Repeat, Steps
from vaegui.queries.computing.portion import PIECE_SECONDS, Portion

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject
    from vaegui.training.model.inference import Inference

__all__ = ["ManyTimesFound", "RunManyTimes"]

Floats = NDArray[np.float32]

MOST_TIMES = 100_000
"""More would take memory and change nothing on screen."""

SHOWN = 64
"""Draws whose pictures are kept."""


@dataclass(frozen=True, eq=False, slots=True)
class ManyTimesFound:
    """The draws so far.

    ``example`` is the input; ``mean``, ``log_var`` (units,) of the posterior, which is the same at
    every pass; ``z`` (draws, units); ``decoded`` (at most 64, *shape) of the first draws;
    ``decoded_mean`` and ``decoded_sd`` (*shape) over all draws. Pictures are in the data's own
    scale.
    """

    query: RunManyTimes
    example: Example
    mean: Floats
    log_var: Floats
    z: Floats
    decoded: Floats
    decoded_mean: Floats
    decoded_sd: Floats


@dataclass(frozen=True, slots=True)
class RunManyTimes(Query[ManyTimesFound]):
    """Pass one example through the network ``count`` times, each time with another eps.

    The first ``n`` draws of a longer run with the same ``seed`` are those of a shorter one, and
    asking for more of the same goes on from those that there are, with the first ones' weights.
    """

    title: ClassVar[str] = "run this input many times"
    repeat: ClassVar[Repeat] = Repeat.NEVER

    example: ExampleRef
    count: int
    seed: int

    def run(self, subject: Subject) -> Steps[ManyTimesFound]:
        """See `Query.run`."""
        if not subject.has(self.example):
            raise VaeguiError("There is no such input.", "Pick one of the inputs.")
        if not 1 <= self.count <= MOST_TIMES:
            raise VaeguiError(f"It can be run 1 to {MOST_TIMES:,} times.", "Choose another number.")
        draws = _draws_for(self, subject)
        draws.in_use = True
        try:
            while draws.done < self.count:
                draws.advance(self.count)
                yield Partial(draws.found, draws.done, self.count)
        finally:
            draws.in_use = False
        return draws.found()


class _Draws:
    """The draws of one input so far, with the model as it was when they began."""

    def __init__(self, query: RunManyTimes, model: Inference, example: Example) -> None:
        self.query, self.model, self.done, self.in_use = query, model, 0, False
        self._example = example
        mean, log_var = model.encode(example.x[None])
        self._mean, self._log_var = mean[0], log_var[0]
        self._random = np.random.Generator(np.random.Philox(query.seed))
        self._z = np.empty((query.count, len(self._mean)), np.float32)
        self._decoded: list[Floats] = []
        self._moments = RunningMoments()
        self._portion = Portion(PIECE_SECONDS)

    def go_on_as(self, query: RunManyTimes) -> bool:
        """Take up a query for more draws of the same stream; whether that is what it asks for."""
        if (self.query.example, self.query.seed) != (query.example, query.seed):
            return False
        if query.count < self.done:
            return False
        longer = np.empty((query.count, self._z.shape[1]), np.float32)
        longer[: self.done] = self._z[: self.done]
        self.query, self._z = query, longer
        return True

    def advance(self, count: int) -> None:
        """Draw and decode the next few of ``count``."""
        self._portion.begin()
        end = min(self.done + self._portion.rows, count)
        eps = self._random.standard_normal((end - self.done, len(self._mean)), np.float32)
        z = reparameterise(self._mean, self._log_var, eps)
        self._z[self.done : end] = z
        decoded = self.model.decode(z)
        self._decoded.extend(decoded[: max(0, SHOWN - self.done)])
        self._moments.add(decoded)
        self.done = end
        self._portion.end()

    def found(self) -> ManyTimesFound:
        """The draws so far."""
        return ManyTimesFound(
            query=self.query,
            example=self._example,
            mean=self._mean,
            log_var=self._log_var,
            z=self._z[: self.done],
            decoded=np.stack(self._decoded),
            decoded_mean=self._moments.mean.astype(np.float32),
            decoded_sd=self._moments.sd.astype(np.float32),
        )


def _draws_for(query: RunManyTimes, subject: Subject) -> _Draws:
    """The draws that a query goes on from, or new ones with the model as it is now."""
    old = subject.kept.get(RunManyTimes)
    if isinstance(old, _Draws) and not old.in_use:
        if old.go_on_as(query):
            return old
        subject.give_back(old.model)
    example = subject.example(query.example)
    draws = _Draws(query, subject.lend(), example)
    subject.kept[RunManyTimes] = draws
    return draws
