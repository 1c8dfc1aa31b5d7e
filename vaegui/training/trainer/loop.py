"""A run as a generator of events: steps, ends of epochs, the way back when numbers go wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.training.engine.computing import computing
from vaegui.training.engine.engine import UNWATCHED_SECONDS, WATCHED_SECONDS
from vaegui.training.model.devices import telling_of_determinism
from vaegui.training.model.memory import require_memory
from vaegui.training.record.events import (
    Computing,
    Event,
    Finished,
    Progress,
    Rewound,
    Snapshot,
)
from vaegui.training.record.losses import StepsDone
from vaegui.training.trainer.examples import Examples
from vaegui.training.trainer.guard import first_not_finite, return_to_finite, why_diverged
from vaegui.training.trainer.measured.validation import epoch_done, validate, watched
from vaegui.training.trainer.placed import PlacedModel
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.snapshots import take_snapshot

__all__ = ["Loop"]

COMPILING = 0.05
"""Seconds between two signs of life while XLA compiles."""


class Loop:
    """Does the steps of one run, and tells of them.

    Between two events state and model may be changed: what follows goes by what they are then.

    Parameters
    ----------
    state
        How far the run has come, and what it goes by.
    examples
        What is trained on, and validated with.
    model
        What is trained.
    """

    def __init__(self, state: RunState, examples: Examples, model: PlacedModel) -> None:
        self._state, self._examples, self._model = state, examples, model
        self._rate = 0.0

    def run(
        self, max_steps: int | None, wants_snapshot: Callable[[], bool] | None
    ) -> Generator[Event, None, None]:
        """Go on; everything else is as `Trainer.run` says."""
        model, looked_at = self._model, wants_snapshot is not None
        best_were_shown = model.best.put_back()
        require_memory(model.vae, model.inference.batch_size)
        _ = model.engine  # its compiler may be known then
        try:
            yield self._computing(looked_at)
            if best_were_shown:
                # The snapshot of the last step is one of the best weights.
                yield self._snapshot()
            seconds = WATCHED_SECONDS if looked_at else UNWATCHED_SECONDS
            yield from self._epochs(max_steps, wants_snapshot or (lambda: False), seconds)
        finally:
            model.rest()

    def _epochs(
        self, max_steps: int | None, wants_snapshot: Callable[[], bool], seconds: float
    ) -> Iterator[Event]:
        """Do steps in chunks that take so many ``seconds``, up to the end."""
        state, steps = self._state, self._state.batches.steps
        end = state.step + (max_steps or 0)
        # Whatever was done to the model since the last copy is no step that could be done again.
        self._model.checkpoint.take(state.step, force=True)
        while True:
            if len(state.history.epochs) < state.step // steps:
                yield from self._finish_epoch()
                if state.pace.due_unseen and not wants_snapshot():
                    yield self._snapshot()
            if max_steps is None:
                end = state.settings.training.epochs * steps
                if self._ends_early():
                    yield self._finished("early")
                    return
            if state.step >= end:
                break
            yield from self._settle(seconds == WATCHED_SECONDS)
            yield from self._train(end - state.step, seconds)
            if wants_snapshot() and state.pace.due:
                yield self._snapshot()
        yield self._finished("complete") if max_steps is None else Finished("stepped", state.step)

    def _settle(self, looked_at: bool) -> Iterator[Event]:
        """Have the compiler of the next step ready, once the plain graph has done the first ones.

        It is the faster one, which is measured here if it is not known.
        """
        model = self._model
        if self._state.step < model.engine.graph_steps:
            return
        while not model.engine.compiled(COMPILING):
            yield Progress("Compiling", 0, None)
        if model.strategy is None:
            model.choose_compiler()
            yield self._computing(looked_at)

    def _computing(self, looked_at: bool) -> Computing:
        strategy, data = self._model.strategy, self._examples.dataset.train
        return computing(strategy, data.spec.nbytes, looked_at)

    def _train(self, limit: int, aim: float) -> Iterator[Event]:
        """Do a chunk of steps; put the model back if its numbers are not finite."""
        state, model, before = self._state, self._model, self._state.step
        model.checkpoint.take(before)
        started = time.perf_counter()
        with telling_of_determinism():
            terms = model.engine.train(before, limit, seconds=aim)
        seconds = time.perf_counter() - started
        bad = first_not_finite(terms)
        if bad is not None:
            yield from self._go_back(terms, before + bad)
        state.pace.trained(seconds)
        state.history.seconds += seconds
        rate = state.batches.seen(before, len(terms)) / seconds
        self._rate = 0.9 * self._rate + 0.1 * rate if self._rate else rate
        yield self._record(terms)

    def _record(self, terms: NDArray[np.float32]) -> StepsDone:
        before = self._state.step
        self._state.history.extend(terms)
        return StepsDone(
            first=before + 1,
            epoch=before // self._state.batches.steps + 1,
            total=terms[:, 0],
            reconstruction=terms[:, 1],
            kl=terms[:, 2],
            examples_per_s=self._rate,
        )

    def _go_back(self, terms: NDArray[np.float32], before: int) -> Iterator[Event]:
        """Return to the last finite state at most ``before`` steps in, and raise."""
        state, engine, known = self._state, self._model.engine, self._state.step
        step = return_to_finite(engine, self._model.checkpoint, before)
        if step > known:
            yield self._record(terms[: step - known])
        elif step < known:
            state.rewind(step)
            yield Rewound(step)
        rate = float(state.controls(step, 1)[0, 0])
        raise why_diverged(engine, state.history.total, step, rate)

    def _finish_epoch(self) -> Iterator[Event]:
        """Validate, and remember the weights if they are the best so far."""
        state, model, started = self._state, self._model, time.perf_counter()
        if not model.checkpoint.is_finite():
            yield from self._go_back(np.empty((0, 3), np.float32), state.step)
        dataset = self._examples.dataset
        evaluation = yield from validate(model.inference, watched(dataset))
        validated = dataset.validation is not None or dataset.test.spec.length > 0
        done = epoch_done(state.batches, state.history, evaluation, validated)
        state.history.add_epoch(done)
        best = state.schedule.best_epoch()
        if best is None:
            model.best.forget()
        elif best == done.epoch:
            model.best.keep()
        state.pace.trained(time.perf_counter() - started)
        yield done

    def _ends_early(self) -> bool:
        state = self._state
        at_end_of_epoch = state.step > 0 and state.step % state.batches.steps == 0
        return at_end_of_epoch and state.schedule.is_over()

    def _finished(self, reason: Literal["complete", "early"]) -> Finished:
        """End the run: show the best weights if the settings ask for it."""
        model, epoch = self._model, self._state.schedule.best_epoch()
        if epoch is not None:
            model.checkpoint.take(self._state.step, force=True)
            epoch = epoch if model.best.show() else None
        self._snapshot()
        return Finished(reason, self._state.step, epoch)

    def _snapshot(self) -> Snapshot:
        return take_snapshot(self._state, self._examples, self._model.inference)
