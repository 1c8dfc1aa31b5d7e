"""A run that another program trains, followed through its folder."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import fake_epoch, fake_snapshot, fake_steps
from tests.files.run_folder.folders import (
    Clock,
    assert_same,
    fake_begun,
    fake_events,
    followed,
    follower,
    put,
    say,
    write,
)
from vaegui.files.run_folder import follower as module
from vaegui.files.run_folder.follower import PATIENCE, SILENCE, RunFollower
from vaegui.files.run_folder.layout import BEGUN, DATA, HISTORY, RUN, SETTINGS, SNAPSHOT, STATE
from vaegui.files.run_folder.reading import FolderReader, Mark
from vaegui.files.run_folder.records import encoded
from vaegui.training.record.events import (
    Contact,
    Event,
    Failed,
    Finished,
    Prepared,
    Rewound,
    Saved,
    Snapshot,
)
from vaegui.training.record.losses import StepsDone

FILES = (RUN, SETTINGS, DATA, BEGUN, HISTORY, SNAPSHOT, STATE)


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def dead_process() -> int:
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def append(folder: Path, *events: Event) -> None:
    with (folder / HISTORY).open("ab") as file:
        for event in events:
            file.write(encoded(event))


def test_a_whole_run_gives_the_record_that_its_own_events_give(tmp_path: Path) -> None:
    begun = fake_begun()
    events = fake_events(begun)
    write(tmp_path, begun, events, state="finished", reason="complete", step=200, snapshot_step=200)
    it = follower(tmp_path)
    found = it.poll()
    assert isinstance(found[0], Prepared)
    assert found[-1] == Finished("complete", 200)
    assert it.over
    assert_same(followed([begun, *events, Finished("complete", 200)]), followed(found))
    assert it.poll() == []


def test_a_run_that_went_on_begins_with_the_history_that_it_had(tmp_path: Path) -> None:
    begun = fake_begun()
    begun.history.add_steps(fake_steps(1, 100))
    begun.history.add_epoch(fake_epoch(1))
    begun.history.add_mark(50, "beta 2")
    begun = replace(begun, snapshots=(fake_snapshot(begun, 40), fake_snapshot(begun, 100)))
    write(tmp_path, begun, [fake_steps(101, 3)])
    found = followed(follower(tmp_path).poll())
    assert found.snapshots.steps == (40, 100)
    assert_same(followed([begun, fake_steps(101, 3)]), found)
    assert (found.step, len(found.history.epochs)) == (103, 1)


def test_only_what_is_new_is_told_and_nothing_is_read_that_did_not_change(tmp_path: Path) -> None:
    begun = fake_begun()
    read: list[str] = []

    class Noting(FolderReader):
        def read(self, name: Path, start: int = 0, most: int = 1 << 30) -> bytes:
            read.append(name.name)
            return super().read(name, start, most)

    write(tmp_path, begun, fake_events(begun))
    it = RunFollower(Noting(tmp_path), Clock())
    it.poll()
    read.clear()
    assert it.poll() == []
    assert read == []
    append(tmp_path, fake_steps(201, 7))
    (steps,) = it.poll()
    assert isinstance(steps, StepsDone)
    assert (steps.first, steps.last) == (201, 207)
    assert read == ["history"]


def test_a_history_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1 + 5 * i, 5) for i in range(40)])
    monkeypatch.setattr(module, "PIECE", 500)
    it = follower(tmp_path)
    events, polls = it.poll(), 1
    while it.behind:
        more = it.poll()
        assert sum(isinstance(event, StepsDone) for event in more) <= 6
        events, polls = events + more, polls + 1
    assert polls > 5
    assert followed(events).step == 200


def test_a_snapshot_waits_for_the_steps_that_led_to_it(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1, 100), fake_snapshot(begun, 150)])
    it = follower(tmp_path)
    assert kinds(it.poll()) == ["Prepared", "StepsDone"]
    append(tmp_path, fake_steps(101, 50))
    assert kinds(it.poll()) == ["StepsDone", "Snapshot"]


def test_a_checkpoint_is_told_as_what_is_saved(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1, 100)], checkpoint_step=90)
    it = follower(tmp_path)
    assert it.poll()[-1] == Saved(str(tmp_path / "checkpoint.keras"), 90)
    say(tmp_path, begun, checkpoint_step=100)
    run = followed(it.poll(), followed([begun, fake_steps(1, 100)]))
    assert not run.unsaved


def test_why_training_failed_is_told(tmp_path: Path) -> None:
    begun = fake_begun()
    write(
        tmp_path,
        begun,
        [fake_steps(1, 10), Rewound(8)],
        state="failed",
        message="It diverged.",
        remedy="Train more slowly.",
    )
    it = follower(tmp_path)
    events = it.poll()
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert (failed.message, failed.remedy) == ("It diverged.", "Train more slowly.")
    assert followed(events).step == 8
    assert it.over


def test_a_snapshot_of_steps_that_were_forgotten_is_neither_told_nor_waited_for(
    tmp_path: Path,
) -> None:
    begun = fake_begun()
    events = [fake_steps(1, 100), fake_snapshot(begun, 100), Rewound(80)]
    write(tmp_path, begun, events, state="failed", snapshot_step=100, message="It diverged.")
    found = follower(tmp_path).poll()
    assert kinds(found) == ["Prepared", "StepsDone", "Rewound", "Failed"]
    assert_same(followed([begun, *events]), followed(found))


def test_the_end_waits_for_all_that_was_written_before_it(tmp_path: Path) -> None:
    begun, clock = fake_begun(), Clock()
    write(tmp_path, begun, [fake_steps(1, 10)])
    more = encoded(fake_steps(11, 5))
    length = (tmp_path / HISTORY).stat().st_size + len(more)
    say(tmp_path, begun, state="finished", reason="stopped", step=15, history_bytes=length)
    it = follower(tmp_path, clock)
    assert kinds(it.poll()) == ["Prepared", "StepsDone"]
    append(tmp_path, fake_steps(11, 5))
    assert kinds(it.poll()) == ["StepsDone", "Finished"]


def test_a_finished_run_ends_even_if_part_of_it_never_comes(tmp_path: Path) -> None:
    begun, clock = fake_begun(), Clock()
    write(tmp_path, begun, [fake_steps(1, 10)])
    say(tmp_path, begun, state="finished", reason="complete", step=15, history_bytes=10_000)
    it = follower(tmp_path, clock)
    it.poll()
    clock.now += SILENCE + 1
    assert it.poll() == [Finished("complete", 15)]


# --- writers that are gone ------------------------------------------------------------------------


def test_a_writer_that_died_is_told_once_after_all_it_wrote(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1, 10)], pid=dead_process(), checkpoint_step=5)
    it = follower(tmp_path)
    events = it.poll() + it.poll() + it.poll()
    assert kinds(events) == ["Prepared", "StepsDone", "Saved", "Contact"]
    contact = events[-1]
    assert isinstance(contact, Contact)
    assert contact.state == "gone"
    assert "ended without saying so" in contact.message
    assert "checkpoint.keras, its model after 5 steps" in contact.remedy
    assert it.over


def test_the_last_words_of_a_writer_are_waited_for_although_it_is_dead(tmp_path: Path) -> None:
    begun, pid = fake_begun(), dead_process()
    write(tmp_path, begun, [fake_steps(1, 10)], pid=pid)
    it = follower(tmp_path)
    it.poll()
    say(tmp_path, begun, pid=pid, state="finished", reason="complete", step=10)
    assert it.poll() == [Finished("complete", 10)]


def test_a_number_that_another_process_has_now_is_not_the_writer(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, pid=os.getpid(), started=1000.0)
    it = follower(tmp_path)
    events = it.poll() + it.poll()
    assert isinstance(events[-1], Contact)
    assert events[-1].state == "gone"


def test_a_writer_on_another_machine_is_gone_when_it_is_silent_and_may_come_back(
    tmp_path: Path,
) -> None:
    begun, clock = fake_begun(), Clock()
    write(tmp_path, begun, [fake_steps(1, 10)], host="elsewhere", pid=dead_process())
    it = follower(tmp_path, clock)
    it.poll()
    clock.now += SILENCE - 1
    assert it.poll() == []
    clock.now += 2
    (gone,) = it.poll()
    assert isinstance(gone, Contact)
    assert gone.state == "gone"
    assert "on elsewhere) gives no sign of life" in gone.message
    assert it.over
    append(tmp_path, fake_steps(11, 1))
    say(tmp_path, begun, host="elsewhere")
    assert kinds(it.poll()) == ["StepsDone", "Contact"]
    assert not it.over


def test_a_writer_that_died_before_the_run_began_is_told(tmp_path: Path) -> None:
    say(tmp_path, fake_begun(), pid=dead_process())
    it = follower(tmp_path)
    events = it.poll() + it.poll()
    assert kinds(events) == ["Contact"]
    assert it.over


# --- folders that are not as they should be -------------------------------------------------------


def test_a_folder_without_a_run_is_waited_for(tmp_path: Path) -> None:
    begun, clock = fake_begun(), Clock()
    it = follower(tmp_path / "later", clock)
    assert it.poll() == []
    clock.now += PATIENCE + 1
    (away,) = it.poll()
    assert isinstance(away, Contact)
    assert away.state == "away"
    assert "holds no run yet" in away.message
    assert not it.over
    write(tmp_path / "later", begun, [fake_steps(1, 3)])
    assert kinds(it.poll()) == ["Prepared", "StepsDone", "Contact"]


def test_a_folder_that_vanishes_and_comes_back_is_followed_on(tmp_path: Path) -> None:
    begun, clock = fake_begun(), Clock()
    folder, aside = tmp_path / "run", tmp_path / "aside"
    write(folder, begun, [fake_steps(1, 10)])
    it = follower(folder, clock)
    run = followed(it.poll())
    folder.rename(aside)
    for _ in range(3):
        clock.now += SILENCE
        run = followed(it.poll(), run)
    shutil.copytree(aside, folder)  # with other numbers on the disk
    append(folder, fake_steps(11, 5))
    events = it.poll()
    assert kinds(events) == ["StepsDone", "Contact"]
    assert_same(followed([begun, fake_steps(1, 10), fake_steps(11, 5)]), followed(events, run))
    assert not it.over


def test_another_run_in_the_folder_is_another_run(tmp_path: Path) -> None:
    old, new = fake_begun(), fake_begun("bbbbbbbbbbbb")
    folder = tmp_path / "run"
    write(folder, old, fake_events(old), state="finished", reason="complete", step=200)
    it = follower(folder)
    it.poll()
    assert it.over
    shutil.rmtree(folder)
    assert it.poll() == []
    write(folder, new, [fake_steps(1, 4)])
    events = it.poll()
    assert kinds(events) == ["Prepared", "StepsDone"]
    assert_same(followed([new, fake_steps(1, 4)]), followed(events))
    assert not it.over


def test_files_of_another_run_are_never_mixed_into_this_one(tmp_path: Path) -> None:
    old, new = fake_begun(), fake_begun("bbbbbbbbbbbb")
    write(tmp_path / "old", old, [fake_steps(1, 9), fake_snapshot(old, 9)])
    write(tmp_path / "new", new, [fake_steps(1, 4)])
    for name in (HISTORY, SNAPSHOT, STATE):
        shutil.copy(tmp_path / "old" / name, tmp_path / "new" / name)
    it = follower(tmp_path / "new")
    assert kinds(it.poll()) == ["Prepared"]


def test_a_history_that_became_shorter_is_read_anew(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1, 50)])
    it = follower(tmp_path)
    it.poll()
    write(tmp_path, begun, [fake_steps(1, 20)])
    events = it.poll()
    assert kinds(events) == ["Prepared", "StepsDone"]
    assert followed(events).step == 20


def test_any_file_cut_off_anywhere_is_waited_for_without_an_exception(tmp_path: Path) -> None:
    begun = fake_begun()
    events = fake_events(begun)
    whole = followed([begun, *events])
    for name in FILES:
        length = None
        for part in np.linspace(0, 0.999, 12):
            write(tmp_path, begun, events)
            content = (tmp_path / name).read_bytes()
            length = int(part * len(content))
            put(tmp_path / name, content[:length])
            clock = Clock()
            it = follower(tmp_path, clock)
            found = it.poll()
            if name != HISTORY:
                clock.now += PATIENCE + 1
                found += it.poll()
                put(tmp_path / name, content)
                found += it.poll()
                assert_same(whole, followed(found))
            else:
                assert followed([begun, *found]).step <= 200


def test_a_file_that_stays_damaged_ends_it(tmp_path: Path) -> None:
    begun, clock = fake_begun(), Clock()
    write(tmp_path, begun)
    put(tmp_path / DATA, b"{")
    it = follower(tmp_path, clock)
    assert it.poll() == []
    for _ in range(4):
        clock.now += SILENCE / 3
        events = it.poll()
    assert it.over
    assert isinstance(events[-1], Contact)
    assert "is damaged" in events[-1].message


@pytest.mark.parametrize(
    "event", [fake_steps(12, 3), Rewound(11), fake_epoch(9), fake_epoch(1, units=5)]
)
def test_what_cannot_follow_is_refused_and_what_was_before_it_stays(
    tmp_path: Path, event: Event
) -> None:
    begun = fake_begun()
    write(tmp_path, begun, [fake_steps(1, 10)])
    append(tmp_path, event, fake_steps(11, 5))
    it = follower(tmp_path)
    events = it.poll() + it.poll()
    assert kinds(events) == ["Prepared", "StepsDone"]
    assert followed(events).step == 10


# --- slow and unreliable disks --------------------------------------------------------------------


class Unreliable(FolderReader):
    """A disk a network away: calls fail, files seem missing, and reads end early."""

    def __init__(self, folder: Path, clock: Clock, seed: int) -> None:
        super().__init__(folder)
        self._clock, self._random = clock, random.Random(seed)

    def _trouble(self) -> None:
        self._clock.now += self._random.random()
        if self._random.random() < 0.15:
            raise OSError(self._random.choice([errno.ESTALE, errno.EIO, errno.ETIMEDOUT]), "away")

    def mark(self, name: Path) -> Mark | None:
        self._trouble()
        return None if self._random.random() < 0.05 else super().mark(name)

    def read(self, name: Path, start: int = 0, most: int = 1 << 30) -> bytes:
        self._trouble()
        content = super().read(name, start, most)
        cut = self._random.random() < 0.2
        return content[: self._random.randrange(len(content) + 1)] if cut else content


@pytest.mark.parametrize("seed", range(25))
def test_on_an_unreliable_disk_the_record_is_the_same_in_the_end(tmp_path: Path, seed: int) -> None:
    begun, clock = fake_begun(), Clock()
    *steps, shot = fake_events(begun)
    write(tmp_path, begun)
    it = RunFollower(Unreliable(tmp_path, clock, seed), clock)
    events: list[Event] = []
    for event in steps:
        append(tmp_path, event)
        say(tmp_path, begun)
        for _ in range(3):
            events += it.poll()
    assert isinstance(shot, Snapshot)
    write(tmp_path, begun, [*steps, shot])
    length = (tmp_path / HISTORY).stat().st_size
    say(
        tmp_path,
        begun,
        state="finished",
        reason="early",
        step=200,
        snapshot_step=200,
        history_bytes=length,
    )
    for _ in range(500):
        events += it.poll()
        if it.over:
            break
    assert not any(isinstance(e, Contact) and e.state == "gone" for e in events)
    assert_same(followed([begun, *steps, shot, Finished("early", 200)]), followed(events))
