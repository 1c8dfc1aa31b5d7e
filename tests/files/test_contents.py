from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vaegui.files.arrays import pack, unpack
from vaegui.files.contents import (
    history_arrays,
    history_from_arrays,
    timeline_arrays,
    timeline_from_arrays,
)
from vaegui.training.record.events import EpochDone, Snapshot, Terms
from vaegui.training.record.history import History
from vaegui.training.record.timeline import Timeline


def some_history() -> History:
    history = History()
    history.extend(np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32))
    history.add_epoch(
        EpochDone(1, 3, Terms(1 / 3, 0.1, 0.2), None, np.float32([0.1, 0.2]), 2, seconds=1 / 7)
    )
    history.add_epoch(
        EpochDone(
            2, 6, Terms(1.0, np.inf, 0.2), Terms(np.nan, 2.0, 3.0), np.float32([1, 2]), 1, 0.5
        )
    )
    return history


def test_a_history_comes_back_bit_for_bit() -> None:
    history = some_history()
    back = history_from_arrays(unpack(pack(history_arrays(history))), units=2)
    assert back.steps().tobytes() == history.steps().tobytes()
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
        {"validated": np.array([1, 0])},
    ],
)
def test_an_impossible_history_is_refused(change: dict[str, Any]) -> None:
    arrays = {
        k: v for k, v in {**history_arrays(some_history()), **change}.items() if v is not None
    }
    with pytest.raises(ValueError, match=r"history|record"):
        history_from_arrays(arrays, units=2)


def some_timeline() -> Timeline:
    timeline = Timeline(np.array([1, 0, 2]))
    for step in (0, 3, 7):
        mean = np.float32(np.random.default_rng(step).normal(size=(3, 2)))
        timeline.add(Snapshot(step, mean, -mean, np.empty((0, 8, 8), np.float32)))
    return timeline


def test_a_timeline_comes_back_bit_for_bit() -> None:
    timeline = some_timeline()
    back = timeline_from_arrays(unpack(pack(timeline_arrays(timeline))), units=2, steps=7)
    assert back.steps == [0, 3, 7]
    assert np.array_equal(back.labels, [1, 0, 2])
    for name in ("mean", "log_var"):
        assert np.array_equal(getattr(back, name), getattr(timeline, name))


def test_a_run_that_was_never_looked_at_has_an_empty_timeline() -> None:
    assert len(timeline_from_arrays(timeline_arrays(Timeline()), units=2, steps=7)) == 0


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
    ],
)
def test_an_impossible_timeline_is_refused(change: dict[str, Any]) -> None:
    arrays = {
        k: v for k, v in {**timeline_arrays(some_timeline()), **change}.items() if v is not None
    }
    with pytest.raises(ValueError, match=r"timeline|record|labels"):
        timeline_from_arrays(arrays, units=2, steps=7)
