"""Models and weights of other programs, brought to the bench by the real worker."""

import numpy as np
from safetensors.numpy import load_file

from tests.hostile.foreign import FIXTURES, FOREIGN, TENSORS
from vaegui.files.foreign.finding import inspect
from vaegui.files.foreign.proposal import proposed
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
