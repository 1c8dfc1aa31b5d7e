import dataclasses
import itertools

import keras
import numpy as np
import pytest

from tests.queries.asking import ask
from tests.training import tiny
from vaegui.core.sampling import noise
from vaegui.errors import SettingsError
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.runs.run import Run
from vaegui.training.record.events import Finished, Progress, Snapshot
from vaegui.training.record.losses import EpochDone, StepsDone
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

EPOCH = 12  # steps: 1,437 digits in batches of 128


def weights(trainer):
    return [np.asarray(v) for v in trainer.model.vae.trainable_variables]


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_a_run_tells_every_step_once_and_every_epoch():
    trainer = tiny.trainer()
    events = list(trainer.run())
    steps = [e for e in events if isinstance(e, StepsDone)]
    numbers = [n for e in steps for n in range(e.first, e.last + 1)]
    assert numbers == list(range(1, 2 * EPOCH + 1))
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1, 2]
    assert events[-1] == Finished("complete", 2 * EPOCH)
    assert trainer.step == 2 * EPOCH


def test_training_lowers_the_loss():
    trainer = tiny.trainer(training__epochs=8)
    list(trainer.run())
    first, last = trainer.history.epochs[0], trainer.history.epochs[-1]
    assert last.train.total < first.train.total
    assert last.validation.total < first.validation.total


def test_closing_before_the_first_step_trains_nothing():
    trainer = tiny.trainer()
    before = weights(trainer)
    trainer.run().close()
    assert trainer.step == 0
    assert same(before, weights(trainer))


def test_closing_and_going_on_gives_the_bits_of_a_run_never_stopped():
    straight, stopped = tiny.trainer(), tiny.trainer()
    list(straight.run())
    for count in (1, 4, 9):
        running = stopped.run()
        list(itertools.islice(running, count))
        running.close()
    list(stopped.run())
    assert same(weights(straight), weights(stopped))
    assert np.array_equal(straight.history.steps(), stopped.history.steps())
    assert straight.history.epochs[-1].validation == stopped.history.epochs[-1].validation
    assert same(straight.model.state().values(), stopped.model.state().values())


def test_chunks_of_any_length_end_with_the_same_bits():
    at_once, one_by_one = tiny.trainer(), tiny.trainer()
    list(at_once.run())
    for length in (1, 2, 3, 5, 7, 6):
        list(one_by_one.run(max_steps=length))
    assert same(weights(at_once), weights(one_by_one))
    assert np.array_equal(at_once.history.steps(), one_by_one.history.steps())


def test_a_run_restored_from_its_state_goes_on_with_the_same_bits():
    straight, first = tiny.trainer(), tiny.trainer()
    list(straight.run())
    list(first.run(max_steps=17))
    second = Trainer(RunState(first.settings, first.data, first.history.copy()))
    second.model.restore(first.model.state())
    for to, value in zip(second.model.vae.trainable_variables, weights(first), strict=True):
        to.assign(value)
    list(second.run())
    assert same(weights(straight), weights(second))
    assert np.array_equal(straight.history.steps(), second.history.steps())


def test_looking_at_a_run_does_not_change_it():
    unseen, watched = tiny.trainer(), tiny.trainer()
    list(unseen.run())
    for _ in watched.run(wants_snapshot=lambda: True):
        watched.snapshot()
        ask(watched, Decode((0.0, 1.0)))
        ask(watched, Inspect(tiny.probe(3)))
    assert same(weights(unseen), weights(watched))


def test_another_seed_is_another_run():
    one, other = tiny.trainer(), tiny.trainer(training__seed=1)
    list(one.run(max_steps=2))
    list(other.run(max_steps=2))
    assert not np.array_equal(one.history.steps(), other.history.steps())


def test_the_engines_steps_are_those_of_train_step_under_fit():
    engine, fitted = tiny.trainer(), tiny.trainer()
    list(engine.run(max_steps=EPOCH - 1))
    order = fitted.state.batches.order(0)[: EPOCH - 1].ravel()
    x = fitted.data.scaling.to_model(fitted.examples.dataset.train.read(order).x)
    fitted.model.vae.fit(x, batch_size=128, shuffle=False, epochs=1, verbose=0)
    for a, b in zip(weights(engine), weights(fitted), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_an_epoch_sees_every_example_once():
    order = tiny.trainer().state.batches.order(3).ravel()
    assert sorted(order[:1437]) == list(range(1437))


def test_the_epochs_training_loss_is_the_mean_over_its_examples():
    trainer = tiny.trainer(training__epochs=1)
    list(trainer.run())
    counts = np.full(EPOCH, 128.0)
    counts[-1] = 1437 - 11 * 128
    expected = np.average(trainer.history.total, weights=counts)
    np.testing.assert_allclose(trainer.history.epochs[0].train.total, expected, rtol=1e-6)


def by_batches(trainer, x):
    """Loss, reconstruction and KL of examples as training would see them, batch by batch."""
    x, sums, vae = trainer.data.scaling.to_model(x), np.zeros(3), trainer.model.vae
    for start in range(0, len(x), 128):
        batch = x[start : start + 128]
        eps = noise(0, start // 128, 1, 128, 2)[0, : len(batch)]
        sums += len(batch) * np.asarray(vae.loss_of(vae.terms(batch, eps)))
    return sums / len(x)


CONSTRAINTS = [
    {"kind": "free-bits", "nats": 0.9},
    {"kind": "capacity", "nats": 1.5, "length": 1.0},
]


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda c: c["kind"])
def test_validation_bounds_the_kl_of_each_batch_as_training_does(constraint):
    trainer = tiny.trainer(training__epochs=3, objective__constraint=constraint)
    list(trainer.run())
    got = trainer.history.epochs[-1].validation
    expected = by_batches(trainer, trainer.examples.dataset.test.read(slice(None)).x)
    np.testing.assert_allclose(dataclasses.astuple(got), expected, rtol=1e-5)


def test_validation_is_over_the_whole_test_part():
    trainer = tiny.trainer(training__epochs=1)
    list(trainer.run())
    got = trainer.history.epochs[0].validation
    expected = by_batches(trainer, trainer.examples.dataset.test.read(slice(None)).x)
    np.testing.assert_allclose(dataclasses.astuple(got), expected, rtol=1e-5)
    np.testing.assert_allclose(trainer.history.epochs[0].kl_by_unit.sum(), got.kl, rtol=1e-5)


def test_a_long_validation_can_be_interrupted_between_pieces(monkeypatch):
    monkeypatch.setattr("vaegui.training.model.inference.PIECE", 300)
    events = list(tiny.trainer(training__epochs=1).run())
    assert [e.done for e in events if isinstance(e, Progress)] == [256]


def test_snapshots_come_when_wanted_and_few_otherwise(monkeypatch):
    monkeypatch.setattr("vaegui.training.trainer.pace.UNSEEN", 1e9)
    assert not any(isinstance(e, Snapshot) for e in tiny.trainer().run())
    wanted = [e for e in tiny.trainer().run(wants_snapshot=lambda: True) if isinstance(e, Snapshot)]
    assert wanted
    assert wanted[0].mean.shape == (360, 2)


def test_snapshots_cost_at_most_their_share_of_the_time():
    trainer = tiny.trainer(training__epochs=4)
    list(trainer.run(max_steps=1))
    for _ in range(2):
        trainer.state.pace.shot(1e9)
    assert not any(isinstance(e, Snapshot) for e in trainer.run(wants_snapshot=lambda: True))


def test_a_snapshot_is_what_the_encoder_gives():
    trainer = tiny.trainer()
    shot = trainer.snapshot()
    outputs = trainer.model.vae.encoder(trainer.data.scaling.to_model(trainer.examples.probes.x))
    np.testing.assert_allclose(shot.mean, outputs["mean"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(shot.log_var, outputs["log_var"], rtol=1e-5, atol=1e-6)
    assert shot.reconstruction.shape == (20, 8, 8)
    assert shot.reconstruction.max() <= 16.0  # in the data's own scale


def test_draws_of_an_inspected_input_stay_the_same_and_follow_its_posterior():
    trainer = tiny.trainer()
    one, two = (ask(trainer, Inspect(tiny.probe(5), draws=4000)) for _ in range(2))
    assert np.array_equal(one.z, two.z)
    sd = np.exp(one.log_var / 2)
    assert (abs(one.z.mean(0) - one.mean) < 4 * sd / np.sqrt(4000)).all()
    assert one.decoded.shape == (4000, 8, 8)


def test_one_step_is_one_step_even_after_the_last_epoch():
    trainer = tiny.trainer(training__epochs=1)
    list(trainer.run())
    assert list(trainer.run(max_steps=1))[-1] == Finished("stepped", EPOCH + 1)


def test_more_epochs_can_be_had_but_another_model_needs_a_new_run():
    trainer = tiny.trainer(training__epochs=1)
    list(trainer.run())
    trainer.adopt(tiny.settings(training__epochs=2))
    list(trainer.run())
    assert trainer.step == 2 * EPOCH
    with pytest.raises(SettingsError, match="new model"):
        trainer.adopt(tiny.settings(latent_units=3))


def test_settings_that_do_not_fit_the_data_are_refused_and_named():
    data = dataclasses.replace(tiny.trainer().data, shape=(13,))
    with pytest.raises(SettingsError, match="pictures") as caught:
        Trainer(RunState(tiny.settings(architecture__kind="conv"), data))
    assert caught.value.path == "architecture"
    data = dataclasses.replace(data, model_range=(-3.0, 20.0))
    with pytest.raises(SettingsError, match="from 0 to 1") as caught:
        Trainer(RunState(tiny.settings(), data))
    assert caught.value.path == "likelihood"
    assert caught.value.fix.values == {"rescale.kind": "unit-interval"}


def test_data_too_large_to_hold_are_read_as_they_are_needed(monkeypatch):
    resident = tiny.trainer()
    list(resident.run())
    monkeypatch.setattr("vaegui.training.engine.engine.RESIDENT_BYTES", 0)
    streamed = tiny.trainer()
    list(streamed.run())
    assert streamed.model.engine.resident is None
    assert np.array_equal(resident.history.steps(), streamed.history.steps())


def test_building_a_trainer_leaves_keras_global_state_alone():
    before = keras.config.epsilon(), keras.config.floatx(), keras.config.dtype_policy().name
    tiny.trainer()
    assert before == (
        keras.config.epsilon(),
        keras.config.floatx(),
        keras.config.dtype_policy().name,
    )


def test_a_run_gathers_what_a_trainer_tells():
    trainer = tiny.trainer()
    run = Run(trainer.begun())
    assert (run.step, run.epoch, run.unsaved) == (0, 0, False)
    for event in trainer.run(wants_snapshot=lambda: True):
        run.add(event)
    assert (run.step, run.epoch, run.total_steps) == (2 * EPOCH, 2, 2 * EPOCH)
    assert np.array_equal(run.history.steps(), trainer.history.steps())
    assert run.unsaved
    assert run.seconds_left == 0.0
    assert run.finished.reason == "complete"
