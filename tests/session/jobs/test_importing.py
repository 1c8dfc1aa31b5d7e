"""Models and weights of other programs, brought to the bench by the real worker."""

from dataclasses import replace

import numpy as np
from safetensors.numpy import load_file

from tests.hostile.models.foreign import FIXTURES, FOREIGN, TENSORS
from vaegui.data import NoData, OwnData
from vaegui.data.own.known import remember
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.training.record.events import Failed, Finished, Notice, Prepared, Resumed, Snapshot

OURS = FIXTURES / "format-2-dense.keras"


def test_a_foreign_model_comes_to_the_bench_with_a_picture_and_can_be_trained(watched):
    foreign = inspect(FOREIGN)
    reading, _ = proposed(foreign)
    watched.worker.import_model(foreign, reading)
    watched.state("opening")
    begun = watched.kind(Prepared)
    assert begun.imported == "foreign"
    assert begun.path is None
    seen = watched.kind(Snapshot)
    assert seen.step == 0
    assert np.isfinite(seen.mean).all()
    watched.state("idle")
    watched.worker.step(begun.settings)
    assert watched.kind(Finished).reason == "stepped"


def without_data(watched):
    """A foreign model at the bench that has no data, and its last snapshot."""
    foreign = inspect(FOREIGN)
    reading = replace(proposed(foreign)[0], data=NoData.of_shape(foreign.shape))
    watched.worker.import_model(foreign, reading)
    begun, seen = watched.kind(Prepared), watched.kind(Snapshot)
    watched.state("idle")
    return begun, seen


def test_a_model_without_data_shows_draws_and_is_given_data_with_its_weights(watched):
    begun, seen = without_data(watched)
    assert "without data" in begun.missing
    assert len(seen.mean) == len(begun.probes) > 0, "draws from the prior are looked at"
    z = np.zeros((1, begun.settings.latent_units), np.float32)
    decoded = watched.worker.session.trainer.model.inference.decode(z)
    settings = begun.settings.with_data(proposed(inspect(FOREIGN))[0].data)
    watched.worker.give_data(settings)
    now, seen = watched.kind(Prepared), watched.kind(Snapshot)
    assert not now.missing
    assert (now.settings, now.imported) == (settings, "foreign")
    assert len(seen.mean) > 0
    assert "has data now" in watched.kind(Notice).message
    model = watched.worker.session.trainer.model.inference
    np.testing.assert_allclose(model.scaling.to_model(model.decode(z)), decoded, atol=1e-5)


def test_train_gives_a_model_without_data_those_of_setup_and_trains_it_on(watched):
    begun, _ = without_data(watched)
    weights = watched.worker.session.trainer.model.vae.get_weights()
    settings = begun.settings.with_data(proposed(inspect(FOREIGN))[0].data)
    watched.worker.step(settings)
    assert watched.kind(Finished).reason == "stepped"
    trainer = watched.worker.session.trainer
    assert trainer.step == 1
    rate = settings.optimiser.learning_rate
    for before, after in zip(weights, trainer.model.vae.get_weights(), strict=True):
        assert np.abs(before - after).max() <= 2 * rate, "a step away from what was imported"


def test_data_that_cannot_be_had_leave_the_model_without_data_as_it_is(watched, tmp_path):
    begun, _ = without_data(watched)
    gone = OwnData(path=str(tmp_path / "gone.npy"))
    remember(gone.path)
    watched.worker.give_data(begun.settings.with_data(gone))
    failed = watched.kind(Failed)
    assert "is gone" in failed.message
    assert watched.worker.session.trainer.id == begun.id


def test_a_foreign_model_that_fails_leaves_the_present_one(watched):
    watched.worker.open(OURS)
    watched.kind(Snapshot)
    watched.state("idle")
    foreign = inspect(FOREIGN)
    watched.worker.import_model(foreign, proposed(foreign)[0])
    watched.worker.cancel()
    assert watched.kind(Failed).cancelled
    watched.state("idle")
    watched.worker.export_weights("/nowhere/w.safetensors")
    failed = watched.kind(Failed)
    assert (failed.what, failed.details) == ("exporting", "")


def test_weights_go_in_and_out_and_the_picture_follows(watched, tmp_path):
    watched.worker.open(OURS)
    begun, first = watched.kind(Prepared), watched.kind(Snapshot)
    watched.state("idle")
    watched.worker.step(begun.settings)
    watched.kind(Finished)
    watched.state("paused")
    watched.worker.import_weights(TENSORS)
    watched.state("opening")
    watched.kind(Resumed)
    np.testing.assert_array_equal(watched.kind(Snapshot).mean, first.mean)
    told = watched.kind(Notice).message
    assert told == f"The encoder and decoder of the model have the weights in {TENSORS.name}."
    watched.state("paused")
    path = tmp_path / "w.safetensors"
    watched.worker.export_weights(path)
    watched.kind(Notice)
    for name, array in load_file(TENSORS).items():
        np.testing.assert_array_equal(load_file(path)[name], array)


def test_weights_that_do_not_fit_are_told_and_the_state_is_as_before(watched):
    watched.worker.open(OURS)
    watched.kind(Snapshot)
    watched.state("idle")
    watched.worker.import_weights(FOREIGN)
    failed = watched.kind(Failed)
    assert failed.what == "importing weights"
    assert "do not fit the model" in failed.message
    assert failed.details == ""
