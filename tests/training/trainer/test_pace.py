from __future__ import annotations

import pytest

from vaegui.training.trainer.pace import Pace

STEP = 0.005


def shots_in(seconds: float, cost: float, *, seen: bool = True) -> int:
    """How many snapshots of a cost are made in so long a training."""
    pace, shots = Pace(), 0
    for _ in range(round(seconds / STEP)):
        pace.trained(STEP)
        if pace.due if seen else pace.due_unseen:
            pace.shot(cost)
            shots += 1
    return shots


def test_a_cheap_snapshot_is_made_some_ten_times_a_second() -> None:
    assert shots_in(10, 0.004) == pytest.approx(95, abs=10)


def test_one_that_costs_next_to_nothing_is_made_as_often_as_its_share_allows() -> None:
    assert shots_in(10, 0.0003) == pytest.approx(1000, rel=0.05)


@pytest.mark.parametrize("cost", [0.007, 0.05, 0.5])
def test_a_dear_one_takes_three_per_cent_of_the_time(cost: float) -> None:
    assert shots_in(100, cost) * cost == pytest.approx(3.0, abs=2 * cost)


def test_the_first_which_compiles_does_not_hold_up_the_next() -> None:
    pace = Pace()
    pace.shot(1.0)
    pace.answered(1.0)
    pace.trained(STEP)
    assert pace.due


def test_answers_are_counted_with_the_snapshot_that_they_go_with() -> None:
    pace = Pace()
    pace.shot(0.001)
    pace.trained(1.0)
    pace.shot(0.001)
    pace.answered(0.2)
    pace.trained(1.0)
    assert not pace.due


def test_unseen_ones_are_rare() -> None:
    assert shots_in(10, 0.0003, seen=False) == pytest.approx(20, abs=2)


def test_unseen_ones_become_rarer_as_a_run_grows_long() -> None:
    assert shots_in(1000, 0.0003, seen=False) == pytest.approx(660, abs=40)
