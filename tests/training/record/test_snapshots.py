from __future__ import annotations

import numpy as np

from tests.training import tiny
from vaegui.training.record.events import Snapshot
from vaegui.training.record.timeline import MOST, MOST_BYTES, Timeline


def shot(step: int, probes: int = 3, units: int = 2) -> Snapshot:
    mean = np.full((probes, units), step, np.float32)
    return Snapshot(step, mean, -mean, np.empty((0, 8, 8), np.float32))


def test_a_long_run_keeps_few_snapshots_spread_evenly_with_the_first_and_the_last() -> None:
    timeline = Timeline()
    for step in range(0, 10_001, 7):
        timeline.add(shot(step))
        assert timeline.steps[-1] == step
        assert len(timeline) <= MOST
    assert timeline.steps[0] == 0
    distances = np.diff(timeline.steps)
    assert len(timeline) >= MOST // 3
    assert distances.max() <= 4 * distances[:-1].min()
    assert [int(mean[0, 0]) for mean in timeline.mean] == timeline.steps


def test_many_latent_units_take_no_more_memory() -> None:
    timeline = Timeline()
    for step in range(200):
        timeline.add(shot(step, probes=500, units=256))
    assert sum(a.nbytes for a in timeline.mean + timeline.log_var) <= MOST_BYTES
    assert timeline.steps[-1] == 199


def test_a_step_is_kept_once_as_it_was_last() -> None:
    timeline = Timeline()
    for made in (shot(5, probes=2), shot(5), shot(3)):
        timeline.add(made)
    assert timeline.steps == [5]
    assert [len(mean) for mean in timeline.mean] == [3]


def test_what_is_forgotten_in_a_rewind_leaves_the_timeline_too() -> None:
    timeline = Timeline()
    for step in (1, 5, 9):
        timeline.add(shot(step))
    copy = timeline.copy()
    timeline.rewind(5)
    assert timeline.steps == [1, 5]
    assert copy.steps == [1, 5, 9]


def test_a_run_nobody_looks_at_has_a_timeline() -> None:
    trainer = tiny.trainer()
    list(trainer.run())
    assert trainer.timeline.steps[-1] == trainer.step
    assert np.array_equal(trainer.timeline.labels, trainer.probes.labels)


def test_looking_does_not_change_the_training() -> None:
    looked_at, left_alone = tiny.trainer(), tiny.trainer()
    list(looked_at.run(wants_snapshot=lambda: True))
    for _ in range(24):
        list(left_alone.run(max_steps=1))
    weights = [[np.asarray(v).tobytes() for v in t.vae.variables] for t in (looked_at, left_alone)]
    assert weights[0] == weights[1]
