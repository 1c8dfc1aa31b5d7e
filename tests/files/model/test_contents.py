from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.fakes import fake_prepared, fake_ref, fake_snapshot
from vaegui.data.description import DataDescription
from vaegui.data.source import ExampleRef
from vaegui.files.model.contents import (
    history_arrays,
    history_from_arrays,
    snapshot_arrays,
    snapshots_from_arrays,
)
from vaegui.reading.archives.arrays import Arrays, pack, unpack
from vaegui.training.record.events import Snapshot
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms
from vaegui.training.record.snapshots import SnapshotStore


def some_history() -> History:
    history = History()
    history.extend(np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32))
    history.add_epoch(
        EpochDone(1, 3, LossTerms(1 / 3, 0.1, 0.2), None, np.float32([0.1, 0.2]), 2, seconds=1 / 7)
    )
    history.add_epoch(
        EpochDone(
            2,
            6,
            LossTerms(1.0, np.inf, 0.2),
            LossTerms(np.nan, 2.0, 3.0),
            np.float32([1, 2]),
            1,
            0.5,
        )
    )
    history.seconds = 1 / 3
    return history


def test_a_history_comes_back_bit_for_bit() -> None:
    history = some_history()
    back = history_from_arrays(unpack(pack(history_arrays(history))), units=2)
    assert back.steps().tobytes() == history.steps().tobytes()
    assert back.seconds == history.seconds == 1 / 3
    for a, b in zip(back.epochs, history.epochs, strict=True):
        assert repr(a) == repr(b)


def test_a_history_without_epochs_or_steps_comes_back() -> None:
    back = history_from_arrays(unpack(pack(history_arrays(History()))), units=2)
    assert (len(back), back.epochs) == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        {"steps": None},
        {"steps": np.zeros((7, 2), np.float32)},
        {"steps": np.zeros((5, 3), np.float32)},
        {"epoch": np.array([1, 3])},
        {"step": np.array([0, 6])},
        {"train": np.zeros((2, 3), np.float32)},
        {"kl_by_unit": np.zeros((2, 5), np.float32)},
        {"seconds": np.zeros(3)},
        {"under_way": np.zeros(2)},
        {"under_way": np.array([-1.0])},
        {"under_way": np.array([np.nan])},
        {"validated": np.array([1, 0])},
    ],
)
def test_an_impossible_history_is_refused(change: dict[str, Any]) -> None:
    arrays = {
        k: v for k, v in {**history_arrays(some_history()), **change}.items() if v is not None
    }
    with pytest.raises(ValueError, match=r"history|record"):
        history_from_arrays(arrays, units=2)


def some_data(dtype: str = "float32") -> DataDescription:
    return replace(fake_prepared(shape=(8, 8)).data, dtype=dtype)


def some_snapshots() -> SnapshotStore:
    snapshots = SnapshotStore(labels=np.array([1, 0, 2]))
    for step in (0, 3, 7):
        rng = np.random.default_rng(step)
        mean = np.float32(rng.normal(size=(3, 2)))
        reconstruction = np.float32(rng.uniform(0, 255, size=(2, 8, 8)))
        snapshots.add(Snapshot(step, mean, -mean, reconstruction))
    return snapshots


def back(arrays: Arrays, data: DataDescription) -> SnapshotStore:
    return snapshots_from_arrays(unpack(pack(arrays)), data, units=2, steps=7)


def test_snapshots_come_back_bit_for_bit() -> None:
    snapshots, data = some_snapshots(), some_data()
    opened = back(snapshot_arrays(snapshots, data), data)
    assert opened.steps == (0, 3, 7)
    assert np.array_equal(opened.labels, [1, 0, 2])
    for one, other in zip(opened.all, snapshots.all, strict=True):
        assert one.mean.tobytes() == other.mean.tobytes()
        assert one.log_var.tobytes() == other.log_var.tobytes()
        assert one.reconstruction.tobytes() == other.reconstruction.tobytes()


def test_reconstructions_of_bytes_are_saved_as_bytes_to_the_nearest_one() -> None:
    snapshots, data = some_snapshots(), some_data("uint8")
    first = snapshots.all[0]
    first.reconstruction[0, 0, :2] = -3.0, 300.0
    arrays = snapshot_arrays(snapshots, data)
    assert arrays["reconstruction"].dtype == np.uint8
    opened = back(arrays, data)
    for one, other in zip(opened.all, snapshots.all, strict=True):
        assert one.reconstruction.dtype == np.float32
        off = one.reconstruction - np.clip(other.reconstruction, 0, 255)
        assert np.abs(off).max() <= 0.5


def test_snapshots_saved_before_reconstructions_were_have_none() -> None:
    snapshots, data = some_snapshots(), some_data()
    arrays = snapshot_arrays(snapshots, data)
    del arrays["gallery"], arrays["reconstruction"]
    opened = back(arrays, data)
    assert [shot.reconstruction.shape for shot in opened.all] == [(0, 8, 8)] * 3
    # The run goes on, and its next snapshots have them.
    opened.add(replace(snapshots.all[-1], step=9))
    again = snapshots_from_arrays(snapshot_arrays(opened, data), data, units=2, steps=9)
    assert [len(shot.reconstruction) for shot in again.all] == [0, 0, 0, 2]


def test_what_is_not_finite_is_left_out_of_the_file_as_it_could_not_be_opened() -> None:
    snapshots, data = some_snapshots(), some_data()
    snapshots.all[1].reconstruction[0, 0, 0] = np.inf
    assert back(snapshot_arrays(snapshots, data), data).steps == (0, 7)


def test_a_run_that_was_never_looked_at_has_no_snapshots() -> None:
    assert len(back(snapshot_arrays(SnapshotStore(), some_data()), some_data())) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"step": None},
        {"step": np.array([0, 3, 8])},
        {"step": np.array([0, 3, 3])},
        {"step": np.array([-1, 3, 7])},
        {"mean": np.zeros((3, 3, 4), np.float32)},
        {"log_var": np.zeros((3, 2, 2), np.float32)},
        {"mean": np.full((3, 3, 2), np.nan, np.float32)},
        {"labels": np.array([0, 1])},
        {"labels": np.array([0, 1, -1])},
        {"labels": np.array([0, 1, 1 << 40])},
        {"gallery": np.array([2, 2])},
        {"gallery": np.array([7, -1, 0])},
        {"gallery": np.array([1 << 62, 1 << 62, 1 << 62])},
        {"reconstruction": None},
        {"reconstruction": np.zeros((5, 8, 8), np.float32)},
        {"reconstruction": np.zeros((6, 8, 7), np.float32)},
        {"reconstruction": np.zeros((6, 8, 8), np.uint8)},
        {"reconstruction": np.full((6, 8, 8), np.inf, np.float32)},
    ],
)
def test_impossible_snapshots_are_refused(change: dict[str, Any]) -> None:
    arrays = snapshot_arrays(some_snapshots(), some_data())
    arrays = {k: v for k, v in {**arrays, **change}.items() if v is not None}
    with pytest.raises(ValueError, match=r"snapshots|record|labels"):
        back(arrays, some_data())


def test_a_file_says_which_examples_its_gaussians_are_of() -> None:
    begun = fake_prepared(probes=30)
    refs = (*(fake_ref(i) for i in range(29)), ExampleRef("fa4e", "train", 12_000))
    kept = SnapshotStore([fake_snapshot(begun, 5)], begun.probes.labels, refs)
    arrays = unpack(pack(snapshot_arrays(kept, begun.data)))
    assert snapshots_from_arrays(arrays, begun.data, 2, 5).refs == refs
    for change in ({"row": np.full(30, 12_800)}, {"row": np.full(30, -1)}, {"row": np.arange(29)}):
        with pytest.raises(ValueError, match=r"probes|row"):
            snapshots_from_arrays({**arrays, **change}, begun.data, 2, 5)


def test_gaussians_of_an_older_file_are_of_examples_that_nobody_knows() -> None:
    begun = fake_prepared(probes=30)
    kept = SnapshotStore([fake_snapshot(begun, 5)], begun.probes.labels)
    found = snapshots_from_arrays(snapshot_arrays(kept, begun.data), begun.data, 2, 5)
    assert len(set(found.refs)) == 30
    assert {ref.dataset for ref in found.refs} == {""}
