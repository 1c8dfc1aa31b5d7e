import sys
import threading
import time

import numpy as np
import pytest

from tests.session.watched import LONG, Watched
from tests.training import tiny
from vaegui.data.own.known import remember
from vaegui.errors import DataError
from vaegui.files.model import model_file
from vaegui.queries.base import Result
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.session.mailbox import Mailbox
from vaegui.session.worker import Worker
from vaegui.training.record.events import (
    DrawingReady,
    Failed,
    Finished,
    Prepared,
    Ready,
    Rehearsed,
    Resumed,
    Saved,
    Snapshot,
    Status,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import EpochDone, StepsDone
from vaegui.training.trainer.trainer import Trainer


def test_it_says_when_drawing_and_when_tensorflow_are_ready():
    it = Watched()
    it.worker.start()
    it.kind(DrawingReady)
    ready = it.kind(Ready)
    assert "TensorFlow" in ready.versions
    assert it.worker.close(30)


def test_training_goes_from_preparing_to_complete(watched):
    watched.worker.train(tiny.settings(), anew=True)
    watched.state("preparing")
    begun = watched.kind(Prepared)
    assert begun.steps_per_epoch == 12
    assert watched.until(lambda e: isinstance(e, Finished)).reason == "complete"
    watched.state("idle")


def test_stop_ends_training_and_train_goes_on_where_it_was(watched):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.stop()
    stopped = watched.kind(Finished)
    assert stopped.reason == "stopped"
    watched.state("idle")
    watched.worker.train(tiny.settings(**LONG), anew=False)
    watched.kind(Resumed)
    assert watched.kind(StepsDone).first == stopped.step + 1


def test_asked_twice_at_once_it_trains_one_model(watched):
    for _ in range(3):
        watched.worker.train(tiny.settings(), anew=True)
    watched.kind(Prepared)
    watched.kind(Finished)
    watched.state("idle")
    watched.worker.stop()
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.worker.stop()
    watched.worker.train(tiny.settings(**LONG), anew=True)
    begun = watched.kind(Prepared)
    assert begun.settings == tiny.settings(**LONG)
    watched.kind(StepsDone)
    assert not [event for event in watched.events if isinstance(event, Prepared)]


def test_pause_rests_and_resume_goes_on(watched):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.pause()
    watched.state("paused")
    step = watched.worker.session.trainer.step
    watched.worker.want([Decode((0.0, 0.0))])
    assert watched.kind(Result).step == step
    watched.worker.resume()
    assert watched.kind(StepsDone).first == step + 1


def test_step_does_one_update_and_rests(watched):
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 1
    watched.state("paused")
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 2


def test_reset_shows_an_untrained_model(watched):
    watched.worker.step(tiny.settings())
    watched.state("paused")
    watched.worker.reset(tiny.settings())
    watched.kind(Prepared)
    assert watched.kind(Snapshot).step == 0
    watched.state("idle")


def test_a_completed_run_goes_on_for_as_many_epochs_again(watched):
    watched.worker.train(tiny.settings(), anew=True)
    watched.kind(Finished)
    watched.worker.train(tiny.settings(), anew=False)
    assert watched.kind(Resumed).settings.training.epochs == 4
    assert watched.kind(Finished).step == 48


def test_questions_are_answered_while_it_trains_and_again_with_each_snapshot(watched):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.want([Inspect(tiny.probe(2))])
    first = watched.until(lambda e: isinstance(e, Result))
    assert first.query == Inspect(tiny.probe(2))
    watched.worker.painted()
    shot = watched.until(lambda e: isinstance(e, Snapshot) and e.step > first.step)
    again = watched.until(lambda e: isinstance(e, Result) and e.step >= shot.step)
    assert again.query == Inspect(tiny.probe(2))


def test_no_snapshot_is_made_for_the_window_before_the_last_was_painted(watched, monkeypatch):
    monkeypatch.setattr("vaegui.training.trainer.pace.UNSEEN", 1e9)
    watched.worker.train(tiny.settings(training__epochs=40), anew=True)
    snapshots, done = 0, False
    while not done:
        event = watched.until(lambda e: isinstance(e, Snapshot | Finished))
        snapshots += isinstance(event, Snapshot)
        done = isinstance(event, Finished)
    assert snapshots == 2  # the one that was asked for at the start, and the last state


def test_a_failure_is_told_and_the_worker_goes_on(watched, monkeypatch):
    monkeypatch.setattr("vaegui.training.trainer.trainer.Trainer.create", lambda *_: 1 / 0)
    watched.worker.train(tiny.settings(), anew=True)
    failed = watched.kind(Failed)
    assert "ZeroDivisionError" in failed.details
    assert failed.kind is JobKind.TRAINING
    watched.state("idle")
    monkeypatch.undo()
    watched.worker.train(tiny.settings(), anew=True)
    watched.kind(EpochDone)


def test_settings_that_do_not_fit_are_told_with_a_remedy_and_keep_the_model(watched):
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.worker.train(tiny.settings(latent_units=3), anew=False)
    failed = watched.kind(Failed)
    assert "new model" in failed.message
    assert failed.details == ""
    assert watched.worker.session.trainer.step == 1


def test_cancel_while_data_load_leaves_the_former_model(watched, monkeypatch):
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    reached, go = threading.Event(), threading.Event()

    def slow(source, progress):
        reached.set()
        assert go.wait(30)
        progress("Loading", 1, 2)

    monkeypatch.setattr("vaegui.data.Digits8x8.load", slow)
    watched.worker.train(tiny.settings(training__seed=9), anew=True)
    assert reached.wait(30)
    watched.worker.stop()
    go.set()
    assert watched.kind(Failed).cancelled
    assert watched.worker.session.trainer.settings.training.seed == 0
    watched.worker.step(tiny.settings())
    assert watched.kind(Finished).step == 2


def test_saving_while_it_trains_does_not_end_training(watched, tmp_path):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.save(tmp_path / "model.keras")
    saved = watched.kind(Saved)
    watched.state("training")
    watched.until(lambda e: isinstance(e, StepsDone) and e.last > saved.step)
    assert (tmp_path / "model.keras").exists()


def test_a_failed_save_is_told_and_training_goes_on(watched, tmp_path):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    watched.worker.save(tmp_path / "missing" / "model.keras")
    assert watched.kind(Failed).kind is JobKind.SAVING
    watched.state("training")
    watched.kind(StepsDone)


def test_an_opened_model_goes_on_with_the_bits_of_the_saved_one(watched, tmp_path):
    path = tmp_path / "model.keras"
    watched.worker.train(tiny.settings(training__epochs=1), anew=True)
    watched.kind(Finished)
    watched.worker.save(path)
    watched.kind(Saved)
    watched.worker.train(tiny.settings(training__epochs=2), anew=False)
    watched.kind(Finished)
    expected = watched.worker.session.trainer.history.steps()
    watched.worker.open(path)
    assert watched.kind(Prepared).path == str(path)
    watched.state("idle")
    watched.worker.train(tiny.settings(training__epochs=2), anew=False)
    watched.kind(Finished)
    assert np.array_equal(watched.worker.session.trainer.history.steps(), expected)


@pytest.fixture
def without_data(watched, tmp_path, monkeypatch):
    """A worker that opened a model whose data cannot be had any more, and the file's path."""
    path = tmp_path / "model.keras"
    watched.worker.train(tiny.settings(), anew=True)
    watched.kind(Finished)
    watched.worker.save(path)
    watched.kind(Saved)

    def refuse(source, progress):
        raise DataError("Digits 8x8 are gone.", "Bring them back.")

    monkeypatch.setattr("vaegui.data.Digits8x8.load", refuse)
    saved = watched.worker.session.trainer
    watched.input = saved.examples.probes.refs[0]
    watched.worker.open(path)
    watched.begun = watched.until(lambda e: isinstance(e, Prepared | Failed))
    return watched, saved, path


def test_a_model_whose_data_are_gone_opens_to_be_looked_at(without_data):
    watched, saved, _ = without_data
    assert watched.begun.missing == "Digits 8x8 are gone. Bring them back."
    assert len(watched.begun.history) == saved.step
    shot, expected = watched.kind(Snapshot), saved.snapshot()
    assert np.array_equal(shot.mean, expected.mean)
    assert np.array_equal(watched.begun.probes.labels, saved.examples.probes.labels)
    assert shot.samples.shape[1:] == (8, 8)
    watched.state("idle")
    # The second nobody can answer, and nothing fails.
    watched.worker.want([Decode((0.5, -0.5)), Inspect(watched.input)])
    answer = watched.kind(Result)
    z = np.array([[0.5, -0.5]], np.float32)
    assert np.allclose(answer.value.reconstruction, saved.model.inference.decode(z)[0], atol=1e-5)


def test_training_without_the_data_is_refused_and_the_model_can_be_saved(without_data, tmp_path):
    watched, _, _ = without_data
    watched.state("idle")
    watched.worker.train(tiny.settings(), anew=False)
    assert watched.kind(Failed).message == "Digits 8x8 are gone."
    watched.worker.save(tmp_path / "again.keras")
    watched.kind(Saved)
    assert not any(isinstance(m.content, Failed) for m in watched.mailbox.take())


def test_once_the_data_are_back_the_file_opens_whole(without_data, monkeypatch):
    watched, _, path = without_data
    watched.state("idle")
    monkeypatch.undo()
    watched.worker.open(path)
    assert watched.kind(Prepared).missing == ""
    assert watched.kind(Snapshot).samples is None


def test_closing_while_it_trains_ends_the_thread():
    it = Watched()
    it.worker.start()
    it.worker.train(tiny.settings(**LONG), anew=True)
    it.kind(StepsDone)
    assert it.worker.close(30)
    assert "vaegui-worker" not in [thread.name for thread in threading.enumerate()]


def test_closing_before_it_was_started_is_no_fault():
    assert Worker(Mailbox()).close()


def test_without_tensorflow_it_tells_why_and_ends(monkeypatch):
    monkeypatch.setitem(sys.modules, "vaegui.training.trainer.trainer", None)
    it = Watched()
    it.worker.start()
    assert it.kind(Failed).kind is JobKind.LOADING
    it.state("closed")
    assert it.worker.close(30)


def test_what_was_prepared_ahead_is_what_train_then_uses(watched):
    watched.worker.expect(tiny.settings())
    watched.worker.want([Decode((0.0, 0.0))])  # no model yet: nobody answers
    watched.worker.train(tiny.settings(), anew=True)
    begun = watched.kind(Prepared)
    assert begun.settings == tiny.settings()
    assert watched.kind(Finished).reason == "complete"
    assert watched.worker.session.ahead is None


def test_what_was_prepared_ahead_serves_settings_that_need_no_other_model(watched, monkeypatch):
    create, made = Trainer.create, []

    def counted(*arguments):
        made.append(create(*arguments))
        return made[-1]

    monkeypatch.setattr(Trainer, "create", counted)
    settings = tiny.settings(training__epochs=1, optimiser__learning_rate=0.002)
    watched.worker.expect(tiny.settings())
    watched.worker.train(settings, anew=True)
    assert watched.kind(Prepared).settings == settings
    watched.kind(Finished)
    (ahead,) = made
    fresh = create(settings)
    list(fresh.run())
    assert np.array_equal(ahead.history.steps(), fresh.history.steps())


def test_preparing_ahead_says_nothing_of_settings_that_cannot_work(watched):
    watched.worker.expect(tiny.settings(training__device="GPU:3"))
    watched.worker.train(tiny.settings(training__device="GPU:3"), anew=True)
    assert watched.kind(Failed).kind is JobKind.TRAINING
    assert not any(isinstance(m.content, Failed) for m in watched.mailbox.take())


def test_a_run_that_diverges_is_told_and_shows_where_it_still_was_finite(watched):
    watched.worker.train(
        tiny.settings(optimiser__kind="sgd", optimiser__learning_rate=1e6), anew=True
    )
    shot = watched.kind(Snapshot)
    failed = watched.kind(Failed)
    assert "no longer finite" in failed.message
    assert np.isfinite(shot.mean).all()
    watched.state("idle")


def test_a_live_change_counts_from_the_next_step_and_is_told(watched):
    settings = tiny.settings(**LONG)
    watched.worker.train(settings, anew=True)
    watched.kind(StepsDone)
    watched.worker.change(settings.with_values({"optimiser.learning_rate": 0.004}))
    assert watched.kind(Resumed).mark == "learning rate 0.004"
    watched.kind(StepsDone)


def test_a_live_change_does_not_shorten_a_run_that_went_on(watched):
    watched.worker.train(tiny.settings(), anew=True)
    watched.kind(Finished)
    watched.worker.train(tiny.settings(**LONG), anew=False)
    watched.kind(StepsDone)
    watched.worker.change(tiny.settings().with_values({"optimiser.learning_rate": 0.004}))
    resumed = watched.until(lambda e: isinstance(e, Resumed) and e.mark)
    assert resumed.settings.training.epochs == 100_000


@pytest.fixture
def stuck(watched, monkeypatch):
    """A worker whose training gets stuck in the midst of a step, until the test is over."""
    from vaegui.training.engine.engine import Engine

    reached, go, train = threading.Event(), threading.Event(), Engine.train

    def hanging(engine, step, limit, **how):
        if step > 0:
            reached.set()
            assert go.wait(60)
        return train(engine, step, min(limit, 5), **how)

    monkeypatch.setattr(Engine, "train", hanging)
    watched.worker.train(tiny.settings(**LONG), anew=True)
    assert reached.wait(60)
    yield watched
    go.set()


def test_a_stuck_run_is_rescued_as_it_was_last_copied(stuck, tmp_path):
    path = tmp_path / "rescued.keras"
    trainer = stuck.worker.session.trainer
    trainer.model.checkpoint.take(trainer.step, force=True)
    stuck.worker.rescue(path)
    saved = stuck.kind(Saved)
    assert saved == Saved(str(path), trainer.step)
    opened = model_file.open_model(path)
    assert np.array_equal(opened.history.steps(), trainer.history.steps())
    for saved_weight, weight in zip(
        opened.model.vae.get_weights(), trainer.model.vae.get_weights(), strict=True
    ):
        assert np.array_equal(saved_weight, weight)
    for name, value in trainer.model.state().items():
        assert np.array_equal(opened.model.state()[name], value), name


def test_what_came_after_the_copy_is_not_in_the_rescued_file(stuck, tmp_path):
    path = tmp_path / "rescued.keras"
    stuck.worker.rescue(path)
    assert stuck.kind(Saved).step == 0  # the copy from before the first step is the latest
    opened = model_file.open_model(path)
    assert opened.step == 0
    assert int(opened.model.vae.optimizer.iterations) == 0


def test_a_rescue_that_fails_is_told(stuck, tmp_path):
    stuck.worker.rescue(tmp_path / "missing" / "model.keras")
    assert stuck.kind(Failed).what == "saving"


def test_without_a_model_there_is_nothing_to_rescue(watched, tmp_path):
    watched.worker.rescue(tmp_path / "model.keras")
    assert "no model yet" in watched.kind(Failed).message


def test_silence_grows_while_it_is_stuck_and_only_then(stuck, monkeypatch):
    worker = stuck.worker
    before = worker.silence()
    monkeypatch.setattr("vaegui.session.job_queue.monotonic", lambda: time.monotonic() + 40.0)
    assert worker.silence() >= before + 40.0
    assert Worker(Mailbox()).silence() == 0.0


def test_signs_of_life_end_the_silence(watched, monkeypatch):
    watched.worker.train(tiny.settings(**LONG), anew=True)
    watched.kind(StepsDone)
    monkeypatch.setattr("vaegui.session.job_queue.monotonic", lambda: time.monotonic() + 1000.0)
    watched.kind(StepsDone)
    watched.kind(StepsDone)
    assert watched.worker.silence() < 900.0


def test_a_question_about_a_model_that_was_given_up_is_dropped(watched):
    watched.worker.step(tiny.settings())
    watched.kind(Finished)
    watched.state("paused")
    watched.worker.want([Decode((0.0, 0.0, 0.0))])
    watched.worker.want([Inspect(tiny.probe(10_000))])
    watched.worker.want([Inspect(tiny.probe(1))])
    answer = watched.until(lambda e: isinstance(e, Result | Failed))
    assert answer.query == Inspect(tiny.probe(1))
    watched.worker.step(tiny.settings())
    assert isinstance(watched.until(lambda e: isinstance(e, Finished | Failed)), Finished)


def test_what_concerns_a_run_says_which_and_what_concerns_none_says_none():
    watched = Watched()
    messages, take = [], watched.mailbox.take
    watched.mailbox.take = lambda: messages.extend(taken := take()) or taken
    watched.worker.start()
    for _ in range(2):
        watched.worker.train(tiny.settings(), anew=True)
        watched.kind(Finished)
    watched.worker.open("nowhere.keras")
    watched.kind(Failed)
    assert watched.worker.close(30)
    first, second = (m.content.id for m in messages if isinstance(m.content, Prepared))
    assert first != second
    of_run = Prepared, StepsDone, EpochDone, Snapshot, Finished
    ids = [m.run for m in messages if isinstance(m.content, of_run)]
    assert ids == sorted(ids, key=[first, second].index)
    assert set(ids) == {first, second}
    assert {m.run for m in messages if isinstance(m.content, Ready | Status | Failed)} == {None}


def test_a_rehearsal_leaves_the_model_on_the_bench_as_it_is(watched):
    watched.worker.reset(tiny.settings())
    begun = watched.kind(Prepared)
    watched.state("idle")
    watched.worker.rehearse(tiny.settings(latent_units=3))
    watched.state("rehearsing")
    told = watched.kind(Rehearsed)
    assert told.settings.latent_units == 3
    assert (told.steps, told.why_not) == (20, "")
    assert told.epoch_seconds > 0
    assert np.isfinite(told.loss)
    watched.state("idle")
    assert watched.worker.session.run == begun.id
    assert watched.worker.session.trainer.step == 0


def test_a_rehearsal_of_what_cannot_be_trained_says_why(watched):
    settings = tiny.settings().with_values({"data": {"kind": "own", "path": "/nowhere/x.npy"}})
    remember("/nowhere/x.npy")
    watched.worker.rehearse(settings)
    assert "x.npy is gone" in watched.kind(Rehearsed).why_not
    watched.state("idle")
