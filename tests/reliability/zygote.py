"""A process that has imported TensorFlow and makes children that train and save, to be killed.

Each line on its standard input, a JSON list of a function's name, a folder and a file for the
report, makes a child that calls the function; the line in answer is the child's process id.
To import TensorFlow anew for each child would take most of a test's time.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.training import tiny
from vaegui.files import autosave
from vaegui.files.autosave import Autosave
from vaegui.files.model import model_file
from vaegui.files.recovery import take_left_runs
from vaegui.files.run_folder import heartbeat, writer
from vaegui.files.run_folder.writer import RunWriter
from vaegui.model_run import ModelRun
from vaegui.session.mailbox import Mailbox
from vaegui.session.worker import Worker
from vaegui.training.record.events import Event, Failed, Prepared
from vaegui.training.record.losses import EpochDone
from vaegui.training.trainer.trainer import Trainer

INTERVAL = 0.4
"""Seconds between autosaves here: kills would have to wait for minutes otherwise."""
MANY = {"training__epochs": 100_000}


def fingerprint(trainer: Trainer) -> str:
    """Of all that going on depends on."""
    digest = hashlib.sha256(trainer.history.steps().tobytes())
    for variable in trainer.model.vae.variables:
        digest.update(variable.numpy().tobytes())
    for name, array in sorted(trainer.model.state().items()):
        digest.update(name.encode() + array.tobytes())
    return digest.hexdigest()


class Timed(Autosave):
    """It notes how many seconds keeping took the last time; the first counts for none."""

    cost = -1.0

    def keep(self, trainer: Trainer, origin: str | None) -> None:
        started = time.monotonic()
        super().keep(trainer, origin)
        self.cost = 0.0 if self.cost < 0 else time.monotonic() - started


class Report:
    """Lines for the test, written at once: nothing of them may be lost when the process dies."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def tell(self, what: str, **values: Any) -> None:
        line = json.dumps({"what": what, "time": time.monotonic(), **values})
        os.write(self._file, f"{line}\n".encode())


def save_and_save(folder: str, report: Report) -> None:
    """Go on with the model in the folder, saving it after every step, until killed."""
    path = Path(folder, "model.keras")
    if path.exists():
        trainer = model_file.open_model(path)
        report.tell("opened", step=trainer.step, state=fingerprint(trainer))
    else:
        trainer = tiny.trainer(**MANY)
    while True:
        list(trainer.run(max_steps=1))
        model_file.save(path, trainer)
        report.tell("saved", step=trainer.step)


def train_and_keep(folder: str, report: Report) -> None:
    """What the window does: recover what was left, and train with autosaves, until killed."""
    autosave.SHARE = 1e9  # the interval alone decides
    awake = threading.Event()
    mailbox = Mailbox(awake.set)
    keeper = Timed(Path(folder), INTERVAL)
    worker = Worker(mailbox, keeper)
    worker.start()
    settings = tiny.settings(**MANY)
    left = take_left_runs(Path(folder))
    report.tell("found", runs=len(left))
    if left:
        worker.recover(left[0])
    else:
        worker.reset(settings)
    begun = False
    while True:
        awake.wait()
        awake.clear()
        for event in (message.content for message in mailbox.take()):
            if isinstance(event, Prepared):
                assert worker.session.has_model
                step = len(event.history)
                report.tell("begun", step=step, state=fingerprint(worker.session.trainer))
                begun = True
                worker.train(settings, anew=False)
            elif isinstance(event, EpochDone):
                report.tell("epoch", step=event.step, cost=keeper.cost, seconds=event.seconds)
            elif isinstance(event, Failed):
                report.tell("failed", begun=begun, why=event.message + event.details)


def train_into_folder(folder: str, report: Report) -> None:
    """What the command line does with a run folder, each time a new one, until killed."""
    writer.HISTORY_TURN = writer.SNAPSHOT_TURN = writer.CHECKPOINT_TURN = (0.02, 1e9)
    heartbeat.BEAT = 0.05
    into = RunWriter(Path(folder, f"{len(list(Path(folder).iterdir())):03}"))
    report.tell("folder", path=str(into.folder))
    run = ModelRun(trainer := tiny.trainer(**MANY), trainer.begun())

    def on_event(event: Event) -> None:
        into.add(event, run, run.trainer)
        if isinstance(event, EpochDone):
            report.tell("epoch", step=event.step, checkpoint=into.checkpoint_step)

    run.go_on(on_event=on_event)


def main() -> None:
    # Nobody waits for the children: the system clears them away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    functions = {"save": save_and_save, "train": train_and_keep, "folder": train_into_folder}
    for line in sys.stdin:
        name, folder, report = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                functions[name](folder, Report(report))
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    main()
