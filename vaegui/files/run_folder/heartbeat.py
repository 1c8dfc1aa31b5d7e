"""The writer's signs of life: a file that says every two seconds how far the run is."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.run_folder.layout import STATE, WriterState, this_process
from vaegui.training.record.run_id import RunId

__all__ = ["BEAT", "Heartbeat"]

_LOG = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two signs of life."""


class Heartbeat(threading.Thread):
    """Writes `WriterState` again and again, in a thread of its own.

    So it goes on while a long step is computed or a network is compiled, and costs training no
    time where the disk is slow.

    Parameters
    ----------
    folder
        The run folder.
    run
        Which run it is.
    """

    def __init__(self, folder: Path, run: RunId) -> None:
        super().__init__(name="vaegui-heartbeat", daemon=True)
        host, pid, started = this_process()
        self._path = folder / STATE
        self._state = WriterState(id=run, host=host, pid=pid, started=started, time=time.time())
        self._lock = threading.Lock()
        self._over = threading.Event()

    def note(self, **values: Any) -> None:
        """Say something else from the next sign on: fields of `WriterState`."""
        with self._lock:
            self._state = self._state.model_copy(update=values)

    def run(self) -> None:
        """Give signs until the end."""
        while not self._over.wait(BEAT):
            try:
                self.write()
            except FileError:
                # It is tried again; who trains hears of it when the history cannot be written.
                _LOG.info("No sign of life could be given", exc_info=True)

    def write(self) -> None:
        """Give a sign now. Raises `FileError`."""
        with self._lock:
            self._state = self._state.model_copy(update={"time": time.time()})
            content = self._state.model_dump_json(indent=2) + "\n"
        with replacing(self._path) as temporary:
            temporary.write_text(content, encoding="utf-8")

    def end(self, **values: Any) -> None:
        """Say the last, and nothing more. Raises `FileError`."""
        self._over.set()
        if self.is_alive():
            self.join()
        self.note(**values)
        self.write()
