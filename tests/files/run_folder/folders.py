"""Run folders that nobody trained, and what is known of a run that was followed."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import psutil

from tests.fakes import fake_epoch, fake_prepared, fake_snapshot, fake_steps
from vaegui.files.run_folder.follower import RunFollower
from vaegui.files.run_folder.layout import HISTORY, SNAPSHOT, STATE, WriterState
from vaegui.files.run_folder.packing import begun_files, snapshot_bytes
from vaegui.files.run_folder.reading import FolderReader
from vaegui.files.run_folder.records import encoded, header, is_recorded
from vaegui.runs.run import Run
from vaegui.training.record.events import Event, Prepared, Snapshot


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def fake_begun(id: str = "aaaaaaaaaaaa") -> Prepared:
    return fake_prepared(shape=(6,), classes=3, probes=12, id=id)


def fake_events(begun: Prepared) -> list[Event]:
    """A small run: two epochs, and how its model then stands."""
    return [
        fake_steps(1, 60),
        fake_steps(61, 40),
        fake_epoch(1),
        fake_steps(101, 100),
        fake_epoch(2),
        fake_snapshot(begun, 200),
    ]


def put(path: Path, content: bytes) -> None:
    """Replace a file, whose time differs from that before."""
    beside = path.with_name("beside")
    beside.write_bytes(content)
    os.utime(beside, ns=(time.time_ns(), time.time_ns()))
    beside.replace(path)


def write(folder: Path, begun: Prepared, events: Iterable[Event] = (), **state: object) -> None:
    """What a writer leaves that began a run and told these events; ``state`` is what it says."""
    folder.mkdir(exist_ok=True)
    history = header(begun.id)
    shown = None
    for event in events:
        if is_recorded(event):
            history += encoded(event)
        elif isinstance(event, Snapshot):
            shown = event
    put(folder / HISTORY, history)
    say(folder, begun, history_bytes=len(history), **state)
    for name, content in begun_files(begun).items():
        put(folder / name, content)
    if shown is not None:
        put(folder / SNAPSHOT, snapshot_bytes(begun.id, shown))


def say(folder: Path, begun: Prepared, **state: object) -> None:
    """Give a sign of life, by default one of this process."""
    me = psutil.Process()
    said = {
        "id": begun.id,
        "host": platform.node(),
        "pid": me.pid,
        "started": me.create_time(),
        "time": time.time(),
        **state,
    }
    put(folder / STATE, WriterState.model_validate(said).model_dump_json().encode())


def followed(events: Iterable[Event], run: Run | None = None) -> Run:
    """The record that comes of events."""
    for event in events:
        if isinstance(event, Prepared):
            run = Run(event)
        elif run is not None:
            run.add(event)
    assert run is not None
    return run


def follower(folder: Path, clock: Clock | None = None) -> RunFollower:
    return RunFollower(FolderReader(folder), clock or Clock())


def assert_same(one: Run, other: Run) -> None:
    """Assert that two records hold the same, to the last bit."""
    assert one.id == other.id
    assert np.array_equal(one.history.steps(), other.history.steps())
    assert one.history.marks == other.history.marks
    assert len(one.history.epochs) == len(other.history.epochs)
    for a, b in zip(one.history.epochs, other.history.epochs, strict=True):
        assert (a.epoch, a.step, a.train, a.validation) == (b.epoch, b.step, b.train, b.validation)
        assert (a.active_units, a.seconds) == (b.active_units, b.seconds)
        assert np.array_equal(a.kl_by_unit, b.kl_by_unit)
    assert one.begun.settings == other.begun.settings
    assert one.begun.data == other.begun.data
    assert (one.begun.device, one.begun.parameters) == (other.begun.device, other.begun.parameters)
    assert np.array_equal(one.begun.probes.x, other.begun.probes.x)
    assert one.begun.probes.x.dtype == other.begun.probes.x.dtype
    assert np.array_equal(one.begun.probes.labels, other.begun.probes.labels)  # type: ignore[arg-type]
    assert one.begun.probes.refs == other.begun.probes.refs
    assert one.finished == other.finished
    assert one.computing == other.computing
    assert one.examples_per_s == other.examples_per_s
    assert (one.snapshot is None) == (other.snapshot is None)
    if one.snapshot is not None and other.snapshot is not None:
        assert one.snapshot.step == other.snapshot.step
        for name in ("mean", "log_var", "reconstruction"):
            assert np.array_equal(getattr(one.snapshot, name), getattr(other.snapshot, name))
