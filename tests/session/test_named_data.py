"""A stranger's model in the window: the file that it names as its data is not read unasked."""

import shutil

import numpy as np
import pytest

import vaegui
from vaegui.paths import data_folder
from vaegui.training.record.events import Prepared, Snapshot

QUICK = {"architecture.widths": [4], "training.epochs": 1, "training.compiler": "graph"}


@pytest.fixture
def stranger(tmp_path):
    """A model that names x.npy beside it, for a user who never opened that."""
    x = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    settings = vaegui.open_data(tmp_path / "x.npy").settings
    run = vaegui.train(settings.with_values({**QUICK, "likelihood.kind": "gaussian"}))
    run.save(tmp_path / "m.keras")
    shutil.rmtree(data_folder() / "known-data", ignore_errors=True)
    return tmp_path / "m.keras"


def test_it_opens_without_them_and_with_them_once_the_user_says_so(watched, stranger):
    watched.worker.open(stranger)
    assert "never opened" in watched.kind(Prepared).missing
    assert len(watched.kind(Snapshot).samples) > 0
    watched.state("idle")
    watched.worker.open(stranger, str(stranger.parent / "x.npy"))
    begun = watched.kind(Prepared)
    assert not begun.missing
    assert len(begun.probes)
    watched.state("idle")
    watched.worker.open(stranger)
    assert not watched.kind(Prepared).missing, "it is known by now"


def test_other_data_can_be_given_to_it_and_begin_a_run_of_its_weights(watched, stranger, tmp_path):
    watched.worker.open(stranger)
    begun = watched.kind(Prepared)
    watched.state("idle")
    np.save(tmp_path / "y.npy", np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32))
    other = vaegui.open_data(tmp_path / "y.npy").settings.data
    watched.worker.give_data(begun.settings.with_data(other))
    now = watched.kind(Prepared)
    assert (now.missing, now.data.name, len(now.history)) == ("", "y.npy", 0)
    assert now.id != begun.id
