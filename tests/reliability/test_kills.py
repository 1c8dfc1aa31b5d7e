"""Nothing is lost when the program is killed."""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from tests.reliability.figures import record
from tests.reliability.killing import Killer, states_without_interruption
from tests.reliability.zygote import INTERVAL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

DURING_SAVING = "Kills during saving"
DURING_TRAINING = "Kills during training"


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.long)])
def test_no_kill_during_saving_loses_the_file(tmp_path: Path, kills: int) -> None:
    """Each child opens what the one before left, goes on, and is killed among its savings."""
    folder, midway, opened, saved = tmp_path / "models", 0, {}, 0
    with closing(Killer("save", folder)) as killer:
        for _ in range(kills + 1):
            told, _killed = killer.life(lambda told: any(t["what"] == "saved" for t in told), 0.25)
            if saved:
                assert told[0]["what"] == "opened"
                # A save that had ended is never lost; one that had not may have been complete.
                assert saved <= told[0]["step"] <= saved + 1
                opened[told[0]["step"]] = told[0]["state"]
            saved = max(t["step"] for t in told if t["what"] == "saved")
            remains = list(folder.glob(".vaegui-*"))
            midway += len(remains)
            for path in remains:
                path.unlink()
    assert len(opened) == kills
    assert opened == states_without_interruption(set(opened))
    record(DURING_SAVING, f"{kills} kills, {midway} of them in the midst of writing; 0 files lost")
    assert midway > kills / 8


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.long)])
def test_a_kill_during_training_loses_an_interval_at_most(tmp_path: Path, kills: int) -> None:
    """Each child recovers what the one before left, and trains on until it is killed."""
    begun: dict[int, str] = {}
    last, killed, oldest, age = [], 0.0, 0.0, 0.0
    with closing(Killer("train", tmp_path / "autosave")) as killer:
        for life in range(kills + 1):
            told, then = killer.life(
                lambda told: sum(t["what"] == "epoch" and t["cost"] > 0 for t in told) > 2,
                3 * INTERVAL,
            )
            assert not [t for t in told if t["what"] == "failed"]
            found, start = told[0], told[1]
            assert (found["what"], start["what"]) == ("found", "begun")
            assert found["runs"] == (1 if life else 0)
            begun[start["step"]] = start["state"]
            if life:
                epochs = [t for t in last if t["what"] == "epoch"]
                # When the state that is offered was the present one, as of the epoch after it.
                later = [t["time"] for t in epochs if t["step"] > start["step"]]
                age = killed - min(later) if later else 0.0
                bound = INTERVAL + max(t["cost"] for t in epochs) + _longest(epochs)
                assert age <= bound
                oldest = max(oldest, age)
            last, killed = told, then
    assert len(begun) == kills + 1
    assert begun == states_without_interruption(set(begun))
    record(
        DURING_TRAINING,
        f"{kills} kills, autosave every {INTERVAL} s; {kills} recovered, bit for bit; "
        f"at most {oldest:.2f} s lost",
    )


def _longest(epochs: list[dict[str, float]]) -> float:
    """Seconds between two epochs' ends at most."""
    times = [epoch["time"] for epoch in epochs]
    return max((b - a for a, b in pairwise(times)), default=0.0)
