"""A run as a generator of events: steps, ends of epochs, the way back when numbers go wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.training.model.devices import telling_of_determinism
from vaegui.training.record.events import Event, Finished, Rewound
from vaegui.training.record.losses import StepsDone
from vaegui.training.trainer.guard import first_not_finite, return_to_finite, why_diverged
from vaegui.training.trainer.validation import epoch_done, watched

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["Loop"]


class Loop:
    """Does the steps of one trainer, and tells of them.

    Parameters
    ----------
    trainer
        Whose model, data and history they are.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._rate = 0.0

    def run(self, max_steps: int | None, wants_snapshot: Callable[[], bool]) -> Iterator[Event]:
        """Go on; everything else is as `Trainer.run` says."""
        trainer, steps_per_epoch = self._trainer, self._trainer.steps_per_epoch
        end = trainer.step + (max_steps or 0)
        # Whatever was done to the model since the last copy is no step that could be done again.
        trainer.checkpoint.take(trainer.step, force=True)
        while True:
            if len(trainer.history.epochs) < trainer.step // steps_per_epoch:
                yield from self._finish_epoch()
                if trainer.pace.due_unseen and not wants_snapshot():
                    yield trainer.snapshot()
            if max_steps is None:
                end = trainer.settings.training.epochs * steps_per_epoch
                if self._ends_early():
                    yield self._finished("early")
                    return
            if trainer.step >= end:
                break
            yield from trainer.settle()
            yield from self._train(end - trainer.step)
            if wants_snapshot() and trainer.pace.due:
                yield trainer.snapshot()
        if max_steps is None:
            yield self._finished("complete")
        else:
            yield Finished("stepped", trainer.step)

    def _train(self, limit: int) -> Iterator[Event]:
        """Do a chunk of steps; put the model back if its numbers are not finite."""
        trainer, before = self._trainer, self._trainer.step
        trainer.checkpoint.take(before)
        started = time.perf_counter()
        with telling_of_determinism():
            terms = trainer.engine.train(before, limit)
        seconds = time.perf_counter() - started
        bad = first_not_finite(terms)
        if bad is not None:
            yield from self._go_back(terms, before + bad)
        trainer.pace.trained(seconds)
        trainer.history.seconds += seconds
        rate = trainer.engine.examples_in(before, len(terms)) / seconds
        self._rate = 0.9 * self._rate + 0.1 * rate if self._rate else rate
        yield self._record(terms)

    def _record(self, terms: NDArray[np.float32]) -> StepsDone:
        trainer, before = self._trainer, self._trainer.step
        trainer.history.extend(terms)
        return StepsDone(
            first=before + 1,
            epoch=before // trainer.steps_per_epoch + 1,
            total=terms[:, 0],
            reconstruction=terms[:, 1],
            kl=terms[:, 2],
            examples_per_s=self._rate,
        )

    def _go_back(self, terms: NDArray[np.float32], before: int) -> Iterator[Event]:
        """Return to the last finite state at most ``before`` steps in, and raise."""
        trainer, known = self._trainer, self._trainer.step
        step = return_to_finite(trainer.engine, trainer.checkpoint, before)
        if step > known:
            yield self._record(terms[: step - known])
        elif step < known:
            trainer.history.rewind(step)
            trainer.snapshots.rewind(step)
            yield Rewound(step)
        raise why_diverged(trainer.engine, trainer.history.total, step)

    def _finish_epoch(self) -> Iterator[Event]:
        """Validate, and remember the weights if they are the best so far."""
        trainer, started = self._trainer, time.perf_counter()
        if not trainer.checkpoint.is_finite():
            yield from self._go_back(np.empty((0, 3), np.float32), trainer.step)
        dataset = trainer.dataset
        evaluation = yield from trainer.validate(watched(dataset))
        validated = dataset.validation is not None or dataset.test.spec.length > 0
        done = epoch_done(trainer.engine, trainer.history, evaluation, validated)
        trainer.history.add_epoch(done)
        best = trainer.course.best_epoch()
        if best is None:
            trainer.best.forget()
        elif best == done.epoch:
            trainer.best.keep()
        trainer.pace.trained(time.perf_counter() - started)
        yield done

    def _ends_early(self) -> bool:
        trainer, step = self._trainer, self._trainer.step
        at_end_of_epoch = step > 0 and step % trainer.steps_per_epoch == 0
        return at_end_of_epoch and trainer.course.is_over()

    def _finished(self, reason: Literal["complete", "early"]) -> Finished:
        kept = self._trainer.finish()
        self._trainer.snapshot()
        return Finished(reason, self._trainer.step, kept)
