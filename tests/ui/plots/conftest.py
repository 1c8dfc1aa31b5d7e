"""What the tests of panels on screen begin with."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.fakes import fake_prepared, fake_snapshot
from tests.ui.fake_worker import FakeWorker
from vaegui.session.mailbox import Mailbox
from vaegui.ui.state.workbench import Workbench


@pytest.fixture
def worker() -> FakeWorker:
    """The worker of the workbench."""
    return FakeWorker(Mailbox())


@pytest.fixture
def workbench(qapp: QApplication, worker: FakeWorker) -> Workbench:
    """A workbench with a run that has one snapshot."""
    workbench = Workbench(worker, worker.mailbox)  # type: ignore[arg-type]
    begun = fake_prepared()
    worker.post(begun, fake_snapshot(begun))
    workbench.take()
    return workbench
