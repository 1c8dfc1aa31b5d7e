"""The experiments that are under way on one model, and whose turn it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vaegui.queries.copies import Still
from vaegui.queries.experiments import (
    EqualRows,
    Experiment,
    PlainAutoencoder,
    Population,
    RunManyTimes,
)
from vaegui.queries.laboratory.everyone import Everyone
from vaegui.queries.laboratory.rows import TwoRows
from vaegui.queries.laboratory.shares import Shares
from vaegui.queries.laboratory.study import Study
from vaegui.queries.laboratory.times import ManyTimes
from vaegui.queries.laboratory.twins import Twins
from vaegui.training.record.events import Observed
from vaegui.training.trainer.trainer import Trainer

__all__ = ["Laboratory"]

INTERVAL = 0.1
"""Seconds between two findings of one experiment."""


@dataclass(slots=True)
class _Place:
    """A study and how far it was told of."""

    study: Study
    generation: int
    pieces: Iterator[None] | None
    told: float = 0.0


class Laboratory:
    """Does experiments on one model, piece by piece, one of each class at a time.

    Parameters
    ----------
    trainer
        Whose model it is; it stays as it is.
    tell
        Takes what has come of an experiment.
    """

    def __init__(self, trainer: Trainer, tell: Callable[[Observed], object]) -> None:
        self._trainer, self._tell = trainer, tell
        self._places: dict[type[Experiment], _Place] = {}
        self._stills: dict[type[Experiment], Still | None] = {}
        self._shares = Shares()

    @property
    def active(self) -> bool:
        """Whether there is anything to do."""
        return any(place.pieces is not None for place in self._places.values())

    @property
    def due(self) -> bool:
        """Whether it is the experiments' turn while the model trains."""
        return self.active and self._shares.due

    @property
    def title(self) -> str:
        """What the experiment is called whose turn it is."""
        return f"the experiment '{self._next().study.title}'"

    def begin(self, experiment: Experiment, generation: int) -> None:
        """Begin an experiment, or go on with it if it is only to take longer.

        Raises
        ------
        VaeguiError
            If it cannot be done with this model.
        """
        kind = type(experiment)
        place = self._places.get(kind)
        if place is None or not place.study.goes_on_as(experiment):
            self.end(kind)
            place = _Place(self._study(experiment), generation, None)
            self._places[kind] = place
        place.generation, place.told = generation, 0.0
        place.pieces = place.study.pieces()

    def end(self, kind: type[Experiment]) -> None:
        """End the experiment of a class, if there is one."""
        if (place := self._places.pop(kind, None)) is not None:
            self._stills[kind] = place.study.still

    def trained(self, seconds: float) -> None:
        """Note that the model trained for so long, of which experiments get their share."""
        self._shares.trained(seconds)

    def advance(self, training: bool) -> None:
        """Do one piece of the experiment whose turn it is. An error ends that experiment.

        ``training`` says whether the model trains meanwhile and the time counts.
        """
        place, started = self._next(), time.perf_counter()
        assert place.pieces is not None
        kind = type(place.study.experiment)
        try:
            next(place.pieces)
        except StopIteration:
            place.pieces = None
        except Exception:
            self.end(kind)
            raise
        finally:
            if training:
                self._shares.tried(time.perf_counter() - started)
        # To the end of the line.
        self._places[kind] = self._places.pop(kind)
        if place.pieces is None or started - place.told > INTERVAL:
            self._observe(place)
            place.told = started

    def _next(self) -> _Place:
        return next(place for place in self._places.values() if place.pieces is not None)

    def _observe(self, place: _Place) -> None:
        study = place.study
        self._tell(
            Observed(
                experiment=study.experiment,
                generation=place.generation,
                step=study.step,
                finding=study.finding(),
                done=study.done,
                total=study.total,
                doing=study.doing,
            )
        )

    def _study(self, experiment: Experiment) -> Study:
        trainer, still = self._trainer, self._stills.get(type(experiment))
        match experiment:
            case RunManyTimes():
                return ManyTimes(trainer, still, experiment)
            case Population():
                return Everyone(trainer, still, experiment)
            case EqualRows():
                return TwoRows(trainer, still, experiment)
            case PlainAutoencoder():
                return Twins(trainer, still, experiment)
