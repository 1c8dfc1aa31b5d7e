"""The one thread that owns everything TensorFlow. No Qt in here: it can run without a window."""

from __future__ import annotations

import contextlib
import importlib
import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from vaegui.errors import Cancelled, DivergedError, VaeguiError
from vaegui.files.autosave import Autosave, Left
from vaegui.queries.experiments import Experiment
from vaegui.queries.questions import Question
from vaegui.session.curiosity import Curiosity
from vaegui.session.mailbox import Mailbox
from vaegui.session.preloading import gently, give_way, preload_tensorflow, without_greetings
from vaegui.training.record.events import (
    DrawingReady,
    EpochDone,
    Event,
    Expected,
    Failed,
    Finished,
    Prepared,
    Progress,
    Ready,
    Saved,
    Snapshot,
    State,
    Status,
    Told,
)
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.files.foreign.finding import Foreign
    from vaegui.files.foreign.proposal import Reading
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["AT_WORK", "Worker"]


_LOG = logging.getLogger(__name__)

AT_WORK: frozenset[State] = frozenset({"preparing", "training", "saving", "opening", "estimating"})
"""States in which the worker has something to do."""

REST = 2.0
"""Seconds without anything to do after which steps that are not kept yet are autosaved."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do. ``what`` is named when it fails; ``number`` counts jobs."""

    what: str
    action: Callable[[], None]
    number: int


class Worker:
    """Loads TensorFlow, trains, answers questions, opens and saves, one after another.

    All public methods may be called from any thread and return at once. What comes of them is
    posted to the mailbox. Between two chunks of steps (some 25 ms) waiting jobs are done.

    Parameters
    ----------
    mailbox
        Where events are left.
    autosave
        What keeps the run that is going on; without it nothing does.
    """

    def __init__(self, mailbox: Mailbox, autosave: Autosave | None = None) -> None:
        self._mailbox = mailbox
        self._autosave = autosave or Autosave()
        self._autosave_due = self._autosave_failed = False
        self._path: str | None = None
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._numbers = 0
        self._cancelled_up_to = 0
        self._training_asked: tuple[Settings, bool] | None = None
        self._wants_snapshot = threading.Event()
        self._wants_snapshot.set()
        self._thread = threading.Thread(target=self._live, name="vaegui-worker", daemon=True)
        self._closing = self._loaded = False
        self._state: State = "loading"
        self._trainer: Trainer | None = None
        self._ahead: Trainer | None = None
        self._steps: Generator[Event, None, None] | None = None
        self._curiosity = Curiosity(mailbox.post)
        self._job_number = 0
        self._last_sign = time.monotonic()

    # --- what others ask for -----------------------------------------------------------------

    def start(self) -> None:
        """Start the thread; it loads matplotlib, then TensorFlow, and ends if it cannot."""
        self._thread.start()

    def train(self, settings: Settings, anew: bool) -> None:
        """Train a new model, or go on with the one there is (for more epochs, if it was done).

        The same again, while it waits or is being prepared, asks for nothing: a double click must
        not begin a second model.
        """
        if self._training_asked == (settings, anew):
            return
        self._training_asked = settings, anew
        self._put("training", partial(self._train, settings, anew))

    def expect(self, settings: Settings) -> None:
        """Prepare to train with these settings, if there is no model yet and nothing to fetch.

        Compiling takes a second or two; done while the user still looks around, it is not missed.
        """
        self._put("preparing ahead", partial(self._expect, settings))

    def pause(self) -> None:
        """Rest between two chunks of steps; the model stays as it is."""
        self._put("pausing", self._pause)

    def resume(self) -> None:
        """Go on after a pause."""
        self._put("training", self._resume)

    def change(self, settings: Settings) -> None:
        """Take settings that may change within a run, from the next step on."""
        self._put("changing settings", partial(self._change, settings))

    def step(self, settings: Settings) -> None:
        """Do one update, on a new model if there is none, and rest."""
        self._put("training", partial(self._step, settings))

    def stop(self) -> None:
        """End training, or cancel its preparation; the model stays."""
        self.cancel()
        self._put("stopping", self._stop)

    def reset(self, settings: Settings) -> None:
        """Put a new, untrained model in place."""
        self.cancel()
        self._put("building the model", partial(self._reset, settings))

    def ask(self, question: Question, generation: int) -> None:
        """Put a standing question; it replaces the one of its class."""
        self._put("answering", partial(self._ask, question, generation))

    def withdraw(self, kind: type[Question]) -> None:
        """Take back the standing question of a class: nobody looks at its answers."""
        self._put("answering", partial(self._curiosity.withdraw, kind))

    def experiment(self, experiment: Experiment, generation: int) -> None:
        """Begin an experiment; it replaces the one of its class. Training goes on meanwhile."""
        self._put("the experiment", partial(self._experiment, experiment, generation))

    def end_experiment(self, kind: type[Experiment]) -> None:
        """End the experiment of a class, if one is under way."""
        self._put("the experiment", partial(self._curiosity.end_experiment, kind))

    def estimate(self, samples: int) -> None:
        """Estimate log p(x) with so many draws of z for each example; training rests meanwhile."""
        self._put("estimating log p(x)", partial(self._estimate, samples))

    def painted(self) -> None:
        """Say that the last snapshot is on screen: another may be made."""
        self._wants_snapshot.set()

    def save(self, path: str | Path) -> None:
        """Write the model as it is to a file."""
        self._put("saving", partial(self._save, Path(path)))

    def open(self, path: str | Path) -> None:
        """Read a model from a file; training ends if that succeeds."""
        self._put("opening", partial(self._open, Path(path)))

    def import_model(self, foreign: Foreign, reading: Reading) -> None:
        """Rebuild a model that was made elsewhere; training ends if that succeeds."""
        self._put("importing", partial(self._import_model, foreign, reading))

    def import_weights(self, path: str | Path) -> None:
        """Put the weights of a file into the present model."""
        self._put("importing weights", partial(self._import_weights, Path(path)))

    def export_weights(self, path: str | Path) -> None:
        """Write the weights of the present model as they are to a safetensors file."""
        self._put("exporting", partial(self._export_weights, Path(path)))

    def recover(self, left: Left) -> None:
        """Go on with a run that was left behind; it is this program's from then on."""
        self._put("recovering", partial(self._recover, left))

    def rescue(self, path: str | Path) -> None:
        """Write the model as it was last copied, a second ago or so before the thread got stuck.

        A thread of its own does it, since the one that trains may never come to do it.
        """
        rescuer = threading.Thread(
            target=self._rescue, args=(Path(path),), name="vaegui-rescue", daemon=True
        )
        rescuer.start()

    def silence(self) -> float:
        """Seconds since the thread last gave a sign of life; 0 while it has nothing to do."""
        return time.monotonic() - self._last_sign if self._state in AT_WORK else 0.0

    def cancel(self) -> None:
        """Give up loading data, opening and the like, now and for all that waits."""
        self._cancelled_up_to = self._numbers
        self._training_asked = None

    def close(self, timeout: float = 10.0) -> bool:
        """End the thread after the present chunk; whether it ended in time (seconds)."""
        self.cancel()
        self._closing = True
        self._put("closing", lambda: None)
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- in the thread -----------------------------------------------------------------------

    def _put(self, what: str, action: Callable[[], None]) -> None:
        self._numbers += 1
        self._jobs.put(_Job(what, action, self._numbers))

    def _live(self) -> None:
        give_way()
        self._attempt(_Job("loading TensorFlow", self._load, 0))
        self._closing = self._closing or not self._loaded
        while not self._closing:
            self._attempt(self._next_job())
        self._end_steps()
        self._autosave.close()
        self._enter("closed")

    def _next_job(self) -> _Job:
        """What was asked for, or else the next steps, or else, after a rest, an autosave.

        Experiments take turns with the steps.
        """
        advancing = self._steps is not None and self._state == "training"
        behind = self._trainer is not None and self._autosave.behind(self._trainer.step)
        laboratory = self._curiosity.laboratory
        trying = laboratory is not None and laboratory.active
        try:
            return self._jobs.get(not (advancing or trying), REST if behind else None)
        except queue.Empty:
            if laboratory is not None and (laboratory.due if advancing else trying):
                return _Job(laboratory.title, partial(laboratory.advance, advancing), self._numbers)
            if advancing and not self._autosave_due:
                return _Job("training", self._advance, self._numbers)
            return _Job("autosaving", self._keep, self._numbers)

    def _attempt(self, job: _Job) -> None:
        """The job boundary: whatever goes wrong is told, and the thread lives on."""
        self._job_number = job.number
        self._last_sign = time.monotonic()
        before = self._state
        try:
            job.action()
        except Exception as error:  # noqa: BLE001 - one of the two places where any is caught
            if isinstance(error, DivergedError):
                self._show()
            self._fail(before, _failed(error, job.what))

    def _fail(self, before: State, failed: Failed) -> None:
        if failed.what == "autosaving":
            # Training goes on, and it is tried again; to tell it once is enough.
            if not self._autosave_failed:
                self._mailbox.post(failed)
            self._autosave_failed = True
            return
        if failed.what == "training":
            self._end_steps()
        self._mailbox.post(failed)
        self._enter(before if self._steps is not None or not self._loaded else "idle")

    def _enter(self, state: State) -> None:
        self._last_sign = time.monotonic()
        self._state = state
        self._mailbox.post(Status(state))

    def _progress(self, what: str, done: int, total: int | None) -> None:
        if self._job_number <= self._cancelled_up_to or self._closing:
            raise Cancelled(what)
        self._last_sign = time.monotonic()
        self._mailbox.post(Progress(what, done, total))

    def _load(self) -> None:
        self._enter("loading")
        importlib.import_module("vaegui.panels.all")

        self._mailbox.post(DrawingReady())
        with without_greetings():
            preload_tensorflow()
            with gently():
                importlib.import_module("vaegui.training.trainer.trainer")
            from vaegui.training.engine.devices import default_device, devices, versions

            ready = Ready(versions(), default_device(), devices())
        _LOG.info("%s; device %s %s", ready.versions, ready.device.name, ready.device.reason)
        self._mailbox.post(ready)
        self._loaded = True
        self._enter("idle")

    def _train(self, settings: Settings, anew: bool) -> None:
        try:
            if anew or self._trainer is None:
                self._prepare(settings)
            else:
                self._go_on(self._trainer, settings)
            self._begin_steps(max_steps=None)
        finally:
            if self._training_asked == (settings, anew):
                self._training_asked = None

    def _expect(self, settings: Settings) -> None:
        if self._trainer is not None or not settings.data.local:
            return
        if self._ahead is not None and self._ahead.settings.same_model(settings):
            return
        from vaegui.training.trainer.trainer import Trainer

        # What is wrong with the settings is told when training is asked for.
        with contextlib.suppress(VaeguiError):
            self._ahead = None
            trainer = Trainer.create(settings)
            self._mailbox.post(Expected(trainer.begun()))
            trainer.prepare(wholly=True)
            self._ahead = trainer

    def _prepare(self, settings: Settings) -> Trainer:
        from vaegui.training.trainer.trainer import Trainer

        self._enter("preparing")
        trainer, self._ahead = self._ahead, None
        if trainer is not None and trainer.settings.same_model(settings):
            trainer.adopt(settings)
        else:
            self._progress("Loading the data", 0, None)
            trainer = Trainer.create(settings, self._progress)
            self._mailbox.post(Expected(trainer.begun()))
            self._progress("Compiling the model", 0, None)
            trainer.prepare()
        return self._take(trainer, trainer.begun())

    def _take(self, trainer: Trainer, begun: Prepared) -> Trainer:
        """Make a trainer the present one; only now is the one before it given up."""
        self._end_steps()
        self._trainer, self._path = trainer, begun.path
        self._autosave_due = False
        self._autosave.forget(trainer.step)
        self._curiosity.clear()
        self._wants_snapshot.set()
        self._mailbox.post(begun)
        if trainer.placement.note:
            self._mailbox.post(Told(trainer.placement.note))
        return trainer

    def _go_on(self, trainer: Trainer, settings: Settings) -> None:
        done = trainer.step // trainer.steps_per_epoch
        if done >= settings.training.epochs:
            settings = settings.with_values({"training.epochs": done + settings.training.epochs})
        self._mailbox.post(trainer.adopt(settings))

    def _begin_steps(self, max_steps: int | None) -> None:
        trainer = self._present_trainer()
        self._end_steps()
        self._steps = cast(
            "Generator[Event, None, None]",
            trainer.run(max_steps=max_steps, wants_snapshot=self._wants_snapshot.is_set),
        )
        self._enter("training")

    def _advance(self) -> None:
        """Take the next event of the run that is going on."""
        assert self._steps is not None
        started = time.perf_counter()
        event = next(self._steps)
        self._curiosity.trained(time.perf_counter() - started)
        if isinstance(event, Finished):
            self._end_steps()
            self._show()
            self._mailbox.post(event)
            self._enter("paused" if event.reason == "stepped" else "idle")
            return
        self._mailbox.post(event)
        if isinstance(event, EpochDone):
            self._autosave_due = self._autosave.due()
        if isinstance(event, Snapshot):
            self._wants_snapshot.clear()
            self._curiosity.answer_all(self._present_trainer())

    def _pause(self) -> None:
        if self._state == "training":
            self._show()
            self._enter("paused")

    def _resume(self) -> None:
        if self._state == "paused":
            self._begin_steps(max_steps=None)

    def _change(self, settings: Settings) -> None:
        trainer = self._present_trainer()
        epochs = trainer.settings.training.epochs
        # A run that went on has more epochs to do than Setup, which asks for as many again, says.
        if settings.training.epochs <= trainer.step // trainer.steps_per_epoch < epochs:
            settings = settings.with_values({"training.epochs": epochs})
        self._mailbox.post(trainer.adopt(settings))

    def _step(self, settings: Settings) -> None:
        if self._trainer is None:
            self._prepare(settings)
        self._begin_steps(max_steps=1)

    def _stop(self) -> None:
        if self._state in ("training", "paused"):
            self._end_steps()
            self._show()
            self._mailbox.post(Finished("stopped", self._present_trainer().step))
            self._enter("idle")

    def _reset(self, settings: Settings) -> None:
        self._prepare(settings)
        self._show()
        self._enter("idle")

    def _ask(self, question: Question, generation: int) -> None:
        self._curiosity.stand(question, generation)
        if self._trainer is not None:
            if self._state == "training":
                self._trainer.engine.hurry()
            self._curiosity.answer(self._trainer, question, generation)

    def _experiment(self, experiment: Experiment, generation: int) -> None:
        self._curiosity.experiment(self._present_trainer(), experiment, generation)

    def _estimate(self, samples: int) -> None:
        before, estimating = self._state, self._present_trainer().evidence(samples)
        self._enter("estimating")
        try:
            while True:
                progress = next(estimating)
                self._progress(progress.what, progress.done, progress.total)
        except StopIteration as done:
            self._mailbox.post(done.value)
        finally:
            self._enter(before)

    def _save(self, path: Path) -> None:
        from vaegui.files import model_file

        before, trainer = self._state, self._present_trainer()
        self._enter("saving")
        try:
            model_file.save(path, trainer, self._progress)
            self._path = str(path)
            self._autosave.forget(trainer.step)
            _LOG.info("Saved step %d as %s", trainer.step, path)
            self._mailbox.post(Saved(str(path), trainer.step))
        finally:
            self._enter(before)

    def _keep(self) -> None:
        self._autosave_due = False
        self._autosave.keep(self._present_trainer(), self._path)
        self._autosave_failed = False

    def _rescue(self, path: Path) -> None:
        """Runs in a thread of its own, so it has a boundary of its own."""
        try:
            from vaegui.files import model_file

            twin = self._present_trainer().twin()
            model_file.save(path, twin)
            self._mailbox.post(Saved(str(path), twin.step))
        except Exception as error:  # noqa: BLE001 - what `_attempt` is to the other thread
            self._mailbox.post(_failed(error, "saving"))

    def _open(self, path: Path) -> None:
        from vaegui.files import model_file

        self._enter("opening")
        trainer = model_file.open_model(path, self._progress)
        self._bring_data(trainer)
        self._take(trainer, trainer.begun(str(path)))
        self._show()
        self._enter("idle")

    def _bring_data(self, trainer: Trainer) -> None:
        """Load the data of a model from a file; where they cannot be had, do without."""
        try:
            trainer.load(self._progress)
        except Cancelled:
            raise
        except VaeguiError as error:
            _LOG.warning("The data of the model cannot be had: %s", error)
            trainer.missing = str(error)

    def _import_model(self, foreign: Foreign, reading: Reading) -> None:
        from vaegui.files.foreign.importing import import_model

        self._enter("opening")
        trainer = import_model(foreign, reading, self._progress)
        self._take(trainer, replace(trainer.begun(), imported=foreign.title))
        self._show()
        self._enter("idle")

    def _import_weights(self, path: Path) -> None:
        from vaegui.files.tensors import import_weights

        before, trainer = self._state, self._present_trainer()
        self._enter("opening")
        try:
            resumed, parts = import_weights(path, trainer, self._progress)
            self._mailbox.post(resumed)
            self._show()
            self._mailbox.post(Told(f"The {parts} of the model have the weights in {path.name}."))
        finally:
            self._enter(before)

    def _export_weights(self, path: Path) -> None:
        from vaegui.files.tensors import export_weights

        before, trainer = self._state, self._present_trainer()
        self._enter("saving")
        try:
            export_weights(path, trainer)
            self._mailbox.post(Told(f"Exported the weights to {path}."))
        finally:
            self._enter(before)

    def _recover(self, left: Left) -> None:
        from vaegui.files import model_file

        self._enter("opening")
        trainer = model_file.open_model(left.model, self._progress)
        self._bring_data(trainer)
        self._take(trainer, replace(trainer.begun(left.about.origin), recovered=True))
        self._autosave.adopt(left)
        self._show()
        self._enter("idle")

    def _end_steps(self) -> None:
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def _show(self) -> None:
        """Post how the model stands now, whether or not the last snapshot was painted."""
        self._mailbox.post(self._present_trainer().snapshot())
        self._curiosity.answer_all(self._present_trainer())

    def _present_trainer(self) -> Trainer:
        if self._trainer is None:
            raise VaeguiError("There is no model yet.", "Train one or open one first.")
        return self._trainer


def _failed(error: Exception, what: str) -> Failed:
    """What is told of an error that came up in doing something, and noted in the log."""
    if isinstance(error, Cancelled):
        _LOG.info("%s was cancelled", what)
    else:
        _LOG.error("%s did not work", what, exc_info=error)
    if isinstance(error, VaeguiError):
        cancelled, fix = isinstance(error, Cancelled), getattr(error, "fix", None)
        return Failed(error.message, error.remedy, "", cancelled, what, fix)
    message = f"{type(error).__name__}: {error}"
    remedy = "The program goes on. Copy the details if you want to report it."
    return Failed(message, remedy, "".join(traceback.format_exception(error)), False, what)
