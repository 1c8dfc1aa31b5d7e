from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training import tiny
from vaegui.runs.run import Run
from vaegui.training.record.events import Event, Rewound, Snapshot
from vaegui.training.record.snapshots import MOST, MOST_BYTES, SnapshotStore
from vaegui.training.trainer.trainer import Trainer


def shot(step: int, probes: int = 3, units: int = 2, gallery: int = 0) -> Snapshot:
    mean = np.full((probes, units), step, np.float32)
    return Snapshot(step, mean, -mean, np.full((gallery, 28, 28), step, np.float32))


def store(*steps: int) -> SnapshotStore:
    return SnapshotStore(map(shot, steps))


def size(snapshots: SnapshotStore) -> int:
    arrays = [(s.mean, s.log_var, s.reconstruction) for s in snapshots.all]
    return sum(array.nbytes for each in arrays for array in each)


def kept_of(trainer: Trainer, wants: bool) -> tuple[Run, list[Event]]:
    """A run that heard all that its trainer told."""
    run, events = Run(trainer.begun()), []
    for event in trainer.run(wants_snapshot=lambda: wants):
        run.add(event)
        events.append(event)
    run.add(trainer.snapshot())
    return run, events


def test_a_long_run_keeps_few_snapshots_spread_evenly_with_the_first_and_the_last() -> None:
    snapshots = SnapshotStore()
    for step in range(0, 10_001, 7):
        snapshots.add(shot(step))
        assert snapshots.steps[-1] == step
        assert len(snapshots) == min(MOST, step // 7 + 1)
    assert snapshots.steps[0] == 0
    distances = np.diff(snapshots.steps)
    assert distances[:-1].max() <= 2 * distances[:-1].min()
    assert all(np.all(s.mean == s.step) for s in snapshots.all)


def test_snapshots_that_came_unevenly_are_kept_evenly() -> None:
    snapshots = SnapshotStore()
    steps = np.cumsum(np.random.default_rng(0).integers(1, 50, size=5000))
    for step in steps:
        snapshots.add(shot(int(step)))
    distances = np.diff(snapshots.steps)[:-1]
    assert distances.max() <= 3 * distances.min()


def test_a_run_of_the_default_model_keeps_a_hundred_with_their_reconstructions() -> None:
    snapshots = SnapshotStore()
    for step in range(300):
        snapshots.add(shot(step, probes=500, units=2, gallery=20))
    assert len(snapshots) == MOST == 100
    assert size(snapshots) < MOST_BYTES / 2


@pytest.mark.parametrize(("units", "gallery"), [(256, 0), (2, 300)])
def test_many_units_and_large_pictures_take_no_more_memory(units: int, gallery: int) -> None:
    snapshots = SnapshotStore()
    for step in range(200):
        snapshots.add(shot(step, probes=500, units=units, gallery=gallery))
        assert size(snapshots) <= MOST_BYTES
    assert (snapshots.steps[0], snapshots.steps[-1]) == (0, 199)
    assert len(snapshots) > 10


def test_one_that_is_too_large_by_itself_is_kept_all_the_same() -> None:
    snapshots = SnapshotStore()
    for step in range(5):
        snapshots.add(shot(step, gallery=MOST_BYTES // (28 * 28 * 4) + 1))
    assert snapshots.steps == (0, 4)


def test_a_step_is_kept_once_as_it_was_last() -> None:
    snapshots, latest = store(2, 5), shot(5)
    snapshots.add(latest)
    assert snapshots.steps == (2, 5)
    assert snapshots.at(5) is snapshots.at(None) is latest


def test_a_snapshot_of_an_earlier_step_ends_what_came_after_it() -> None:
    snapshots = store(1, 5, 9)
    snapshots.add(shot(3))
    assert snapshots.steps == (1, 3)


def test_snapshots_of_other_probes_begin_anew() -> None:
    snapshots = store(1, 5)
    snapshots.add(shot(9, probes=4))
    assert snapshots.steps == (9,)


def test_a_step_shows_what_was_last_made_by_then() -> None:
    snapshots = store(2, 5, 9)
    made = {step: snapshots.at(step) for step in (None, 1, 2, 4, 5, 8, 9, 100)}
    assert {k: s and s.step for k, s in made.items()} == {
        None: 9, 1: None, 2: 2, 4: 2, 5: 5, 8: 5, 9: 9, 100: 9,
    }  # fmt: skip
    assert SnapshotStore().at(None) is None


def test_a_rewind_forgets_what_came_after_and_leaves_copies_alone() -> None:
    snapshots = store(1, 5, 9)
    copy = snapshots.copy()
    snapshots.rewind(5)
    assert snapshots.steps == (1, 5)
    assert copy.steps == (1, 5, 9)
    assert copy.at(5) is snapshots.at(5)  # arrays are shared


def test_the_same_snapshots_are_kept_by_a_copy_and_by_one_made_of_what_was_kept() -> None:
    snapshots = store(*range(0, 500, 3))
    others = snapshots.copy(), SnapshotStore(snapshots.all)
    for step in range(500, 2000, 7):
        for each in (snapshots, *others):
            each.add(shot(step))
    assert snapshots.steps == others[0].steps == others[1].steps


def test_a_run_nobody_looks_at_has_snapshots() -> None:
    trainer = tiny.trainer()
    list(trainer.run())
    assert trainer.snapshots.steps[-1] == trainer.step
    assert np.array_equal(trainer.snapshots.labels, trainer.examples.probes.labels)


@pytest.mark.parametrize("watched", [True, False])
def test_a_run_and_its_trainer_keep_the_same_snapshots(
    monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr("vaegui.training.record.snapshots.MOST", 5)
    monkeypatch.setattr("vaegui.training.trainer.pace.Pace.due", True)
    monkeypatch.setattr("vaegui.training.trainer.pace.Pace.due_unseen", True)
    trainer = tiny.trainer(training__epochs=12)
    run, events = kept_of(trainer, watched)
    assert sum(isinstance(event, Snapshot) for event in events) > 5
    assert len(run.snapshots) == 5
    assert run.snapshots.all == trainer.snapshots.all
    assert run.snapshot_at(run.snapshots.steps[2]) is run.snapshots.all[2]
    run.add(Rewound(run.snapshots.steps[1]))
    assert run.snapshot is trainer.snapshots.all[1]


def test_a_run_that_goes_on_from_its_best_keeps_the_same_snapshots_as_its_trainer() -> None:
    trainer = tiny.trainer(
        training__epochs=6,
        training__keep="best",
        optimiser__learning_rate=0.1,
        likelihood__kind="gaussian-learned",
    )
    run, _ = kept_of(trainer, True)
    assert trainer.model.best.shown
    shown = run.snapshot
    for event in trainer.run(max_steps=1, wants_snapshot=lambda: False):
        run.add(event)
    assert run.snapshots.all == trainer.snapshots.all
    assert run.snapshot is not shown
    assert run.snapshot.step == shown.step
    assert not np.array_equal(run.snapshot.mean, shown.mean)


def test_a_run_begins_with_the_snapshots_of_the_one_it_goes_on_from() -> None:
    begun = tiny.trainer(training__epochs=1).begun()
    begun = replace(begun, snapshots=store(1, 5, 9).all)
    run, other = Run(begun), Run(begun)
    assert run.snapshot is begun.snapshots[-1]
    run.add(shot(12))
    assert run.snapshots.steps == (1, 5, 9, 12)
    assert other.snapshots.steps == (1, 5, 9)


def test_looking_does_not_change_the_training() -> None:
    looked_at, left_alone = tiny.trainer(), tiny.trainer()
    list(looked_at.run(wants_snapshot=lambda: True))
    for _ in range(24):
        list(left_alone.run(max_steps=1))
    weights = [
        [np.asarray(v).tobytes() for v in t.model.vae.variables] for t in (looked_at, left_alone)
    ]
    assert weights[0] == weights[1]
