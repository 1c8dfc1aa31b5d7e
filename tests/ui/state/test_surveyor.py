from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_snapshot
from tests.ui.fake_worker import FakeWorker
from vaegui.panels.drawing.selection import LatentView
from vaegui.queries.experiments import Population, PopulationFound
from vaegui.session.mailbox import Mailbox
from vaegui.training.record.events import Observed, Status
from vaegui.ui.state.surveyor import Surveyor
from vaegui.ui.state.workbench import Workbench

BEGUN = fake_prepared()


class Bench:
    """A workbench with a run on it, and the surveys that its worker was asked for."""

    def __init__(self) -> None:
        mailbox = Mailbox()
        self.worker = FakeWorker(mailbox)
        self.workbench = Workbench(self.worker, mailbox)  # type: ignore[arg-type]
        self.surveyor = Surveyor(self.workbench)

    def post(self, *events: object) -> None:
        self.worker.post(*events)  # type: ignore[arg-type]
        self.workbench.take()

    def switch(self, on: bool) -> None:
        view = LatentView(all_examples=on)
        self.workbench.select(self.workbench.selection.but(latent=view))

    @property
    def asked(self) -> int:
        return len(self.worker.called("experiment"))

    def surveyed(self) -> None:
        """The worker has done what it was asked for last."""
        none = np.zeros((1, 2), np.float32)
        found = PopulationFound(none, none, None)
        self.post(Observed(Population(), self.asked, 1, found, 1, 1))


@pytest.fixture
def bench(qapp: object) -> Bench:
    return Bench()


def test_nobody_is_asked_while_the_dots_are_switched_off(bench: Bench, qtbot: QtBot) -> None:
    bench.post(BEGUN, fake_snapshot(BEGUN, 1), Status("idle"))
    qtbot.wait(1)
    bench.switch(True)
    qtbot.waitUntil(lambda: bench.asked == 1)


def test_at_rest_each_state_of_the_model_is_surveyed_once(bench: Bench, qtbot: QtBot) -> None:
    bench.switch(True)
    bench.post(BEGUN, fake_snapshot(BEGUN, 1), Status("idle"))
    qtbot.waitUntil(lambda: bench.asked == 1)
    bench.surveyed()
    qtbot.waitUntil(lambda: not bench.surveyor._timer.isActive())
    assert bench.asked == 1
    bench.post(fake_snapshot(BEGUN, 2))
    qtbot.waitUntil(lambda: bench.asked == 2)


def test_while_it_trains_a_survey_is_not_asked_for_again_at_once(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.switch(True)
    bench.post(BEGUN, fake_snapshot(BEGUN, 1), Status("training"))
    qtbot.waitUntil(lambda: bench.asked == 1)
    bench.surveyed()
    bench.post(fake_snapshot(BEGUN, 2))
    qtbot.waitUntil(lambda: not bench.surveyor._timer.isActive())
    assert bench.asked == 1
    bench.post(Status("idle"), fake_snapshot(BEGUN, 2))
    qtbot.waitUntil(lambda: bench.asked == 2)
