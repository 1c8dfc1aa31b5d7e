"""Saving the last copy of a model whose training is stuck, in a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path

from vaegui.session.job_thread import failed
from vaegui.session.mailbox import Mailbox
from vaegui.session.session import Session
from vaegui.training.record.events import Saved
from vaegui.training.record.job_kind import JobKind

__all__ = ["Rescue"]


class Rescue(threading.Thread):
    """Writes the model as it was last copied, a second ago or so before the worker got stuck.

    The thread that trains may never come to do it. Only the copy is read, which that thread
    replaces as a whole.
    """

    def __init__(self, path: Path, session: Session, mailbox: Mailbox) -> None:
        super().__init__(name="vaegui-rescue", daemon=True)
        self._path, self._session, self._mailbox = path, session, mailbox

    def run(self) -> None:
        """Write it, and tell of it or of what went wrong."""
        try:
            from vaegui.files.model import model_file

            twin = self._session.trainer.at_last_copy()
            model_file.save(self._path, twin)
            self._mailbox.post(Saved(str(self._path), twin.step), twin.id)
        except Exception as error:  # noqa: BLE001 - the job boundary of this thread
            self._mailbox.post(failed(error, JobKind.SAVING), self._session.run)
