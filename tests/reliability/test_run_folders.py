"""A run folder whose writer is killed at any moment is followed to a clear end."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reliability.figures import record
from tests.reliability.killing import Killer, states_without_interruption
from tests.reliability.zygote import MANY, fingerprint
from tests.training import tiny
from vaegui.files.model.model_file import open_model
from vaegui.files.run_folder.follower import RunFollower
from vaegui.files.run_folder.layout import CHECKPOINT
from vaegui.files.run_folder.reading import FolderReader
from vaegui.runs.run import Run
from vaegui.training.record.events import Contact, Event, Prepared

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

KILLS = "Kills while a run folder is written"


class Watcher:
    """Follows the folder that a child tells of, as often as the test looks."""

    def __init__(self) -> None:
        self.follower: RunFollower | None = None
        self.run: Run | None = None
        self.contact = Contact("live")

    def look(self, told: list[dict[str, Any]]) -> None:
        if self.follower is None and told:
            self.follower = RunFollower(FolderReader(Path(told[0]["path"])))
        for event in self.follower.poll() if self.follower is not None else []:
            self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Prepared):
            assert self.run is None
            self.run = Run(event)
        elif isinstance(event, Contact):
            self.contact = event
        else:
            assert self.run is not None
            self.run.add(event)

    def wait_for_the_end(self) -> None:
        deadline = time.monotonic() + 60
        while self.contact.state == "live":
            assert time.monotonic() < deadline
            self.look([])
            time.sleep(0.01)


def _trains(told: list[dict[str, Any]]) -> bool:
    return sum(t["what"] == "epoch" for t in told) > 2


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.long)])
def test_a_killed_writer_is_noticed_and_what_it_wrote_is_whole(tmp_path: Path, kills: int) -> None:
    """Half of the writers are killed while they begin, the others while they train."""
    states: dict[int, str] = {}
    runs: list[Run] = []
    with closing(Killer("folder", tmp_path / "runs")) as killer:
        for life in range(kills):
            watcher = Watcher()

            def ready(told: list[dict[str, Any]], life: int = life, it: Watcher = watcher) -> bool:
                it.look(told)
                return _trains(told) if life % 2 else bool(told)

            told, _ = killer.life(ready, 0.3)
            watcher.look(told)
            watcher.wait_for_the_end()
            if watcher.run is not None:
                assert watcher.contact.state == "gone"
                runs.append(watcher.run)
            folder = Path(told[0]["path"])
            if (folder / CHECKPOINT).exists():
                trainer = open_model(folder / CHECKPOINT)
                assert watcher.run is not None
                assert trainer.id == watcher.run.id
                assert trainer.step <= watcher.run.step
                states[trainer.step] = fingerprint(trainer)
    assert len(runs) >= kills / 2
    assert states == states_without_interruption(set(states))
    _assert_beginnings_of_one_run(runs)
    record(
        KILLS,
        f"{kills} kills, half of them while it begins; each noticed by who follows, "
        f"every checkpoint opened, bit for bit; 0 exceptions",
    )


def _assert_beginnings_of_one_run(runs: list[Run]) -> None:
    longest = max(run.step for run in runs)
    trainer = tiny.trainer(**MANY)
    list(trainer.run(max_steps=longest))
    whole = trainer.history.steps()
    for run in runs:
        assert np.array_equal(run.history.steps(), whole[: run.step])
