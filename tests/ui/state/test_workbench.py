from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import (
    fake_decoded,
    fake_inspected,
    fake_prepared,
    fake_ref,
    fake_snapshot,
    fake_steps,
)
from tests.ui.fake_worker import FakeWorker
from vaegui.data.subset import Members, Subset
from vaegui.panels.focus import Focus
from vaegui.queries.base import Query
from vaegui.queries.decode import Decode
from vaegui.queries.equal_rows import EqualRows
from vaegui.queries.inspect import Inspect
from vaegui.queries.population import Population
from vaegui.runs.run import Run
from vaegui.session.mailbox import Mailbox
from vaegui.training.record.events import (
    Finished,
    Prepared,
    Progress,
    Resumed,
    Saved,
    Snapshot,
    Status,
)
from vaegui.training.record.losses import StepsDone
from vaegui.training.record.run_id import RunId
from vaegui.ui.state.workbench import Workbench


class Bench(Workbench):
    """A workbench whose worker notes what it is told."""

    def __init__(self) -> None:
        mailbox = Mailbox()
        worker = FakeWorker(mailbox)
        super().__init__(worker, mailbox)  # type: ignore[arg-type]
        self.worker = worker


@pytest.fixture
def workbench(qapp: object) -> Bench:
    return Bench()


def post(workbench: Bench, *events: object) -> None:
    workbench.worker.post(*events)  # type: ignore[arg-type]
    workbench.take()


def wanted(workbench: Bench) -> list[Query[Any]]:
    """What the worker was told last to answer."""
    return list(workbench.worker.called("want")[-1][0])


def test_a_prepared_run_is_put_on_the_bench(workbench: Bench) -> None:
    post(workbench, fake_prepared(), fake_steps(1, 5))
    assert workbench.run is not None
    assert workbench.run.step == 5


def test_what_belongs_to_another_run_changes_nothing_on_the_bench(workbench: Bench) -> None:
    begun = fake_prepared()
    post(workbench, begun, fake_steps(1, 5))
    workbench.want([Inspect(fake_ref(3))])
    mailbox = workbench.worker.mailbox
    other = RunId("bbbbbbbbbbbb")
    snapshot = fake_snapshot(begun, 6)
    for content in (
        fake_steps(6, 1),
        snapshot,
        Saved("other.keras", 6),
        fake_inspected(begun, snapshot, 3),
    ):
        mailbox.post(content, other)
    workbench.take()
    assert workbench.run is not None
    assert (workbench.run.step, workbench.run.snapshot, workbench.path) == (5, None, None)
    assert workbench.run.latest(Inspect) is None


def test_each_record_takes_the_events_of_its_own_run_whichever_is_shown(workbench: Bench) -> None:
    shown, other = fake_prepared(), fake_prepared(id="bbbbbbbbbbbb")
    post(workbench, shown, fake_steps(1, 5))
    workbench.project.add(Run(other))
    workbench.want([Inspect(fake_ref(3))])
    told: list[object] = []
    workbench.changed.connect(told.append)
    snapshot = fake_snapshot(other, 6)
    for content in (
        fake_steps(1, 6),
        snapshot,
        Saved("other.keras", 6),
        fake_inspected(other, snapshot, 3),
    ):
        workbench.worker.mailbox.post(content, other.id)
    workbench.worker.mailbox.post(fake_steps(6, 2), shown.id)
    workbench.take()
    record = workbench.project.runs[other.id]
    assert (record.step, record.saved_step, record.path) == (6, 6, "other.keras")
    assert record.snapshot is snapshot
    assert record.result(Inspect(fake_ref(3))) is not None
    assert workbench.run is not None
    assert (workbench.run.step, workbench.run.snapshot, workbench.path) == (7, None, None)
    assert told == [frozenset({StepsDone})]
    workbench.project.activate(other.id)
    assert workbench.path == "other.keras"


def test_the_record_of_the_run_before_goes_when_another_begins(workbench: Bench) -> None:
    post(workbench, fake_prepared(), fake_steps(1, 5))
    post(workbench, fake_prepared(id="bbbbbbbbbbbb"))
    assert list(workbench.project.runs) == ["bbbbbbbbbbbb"]
    assert workbench.run is not None
    assert workbench.run.step == 0


def test_the_classes_of_the_events_taken_in_are_told_once(workbench: Bench) -> None:
    told: list[object] = []
    workbench.changed.connect(told.append)
    begun = fake_prepared()
    post(workbench, begun, fake_steps(1, 5), fake_snapshot(begun, 5), Status("training"))
    assert told == [frozenset({Prepared, StepsDone, Snapshot})]


def test_a_result_that_nobody_wants_any_more_is_dropped(workbench: Bench) -> None:
    begun = fake_prepared()
    snapshot = fake_snapshot(begun, 5)
    post(workbench, begun)
    workbench.want([Inspect(fake_ref(3))])
    assert workbench.run is not None
    post(workbench, fake_inspected(begun, snapshot, 0))
    assert workbench.run.latest(Inspect) is None
    post(workbench, fake_inspected(begun, snapshot, 3))
    assert workbench.run.result(Inspect(fake_ref(3))) is not None


def test_a_cursor_that_is_taken_away_takes_what_it_decoded_to_with_it(
    workbench: Bench,
) -> None:
    begun = fake_prepared()
    post(workbench, begun)
    workbench.look_at(workbench.focus.replace(cursor=(0.5, 1.0)))
    workbench.want([Decode((0.5, 1.0))])
    assert workbench.awaiting
    post(workbench, fake_decoded(begun, (0.5, 1.0)))
    assert not workbench.awaiting
    workbench.look_at(workbench.focus.replace(cursor=None))
    assert workbench.run is not None
    assert workbench.run.latest(Decode) is None


def test_panels_and_experiments_are_asked_for_together_and_only_once(workbench: Bench) -> None:
    post(workbench, fake_prepared())
    workbench.want([Inspect(fake_ref(0)), Population(), Inspect(fake_ref(0))])
    workbench.experiment(EqualRows(5))
    assert wanted(workbench) == [Inspect(fake_ref(0)), Population(), EqualRows(5)]
    calls = len(workbench.worker.calls)
    workbench.want([Inspect(fake_ref(0)), Population()])
    assert len(workbench.worker.calls) == calls
    workbench.end_experiment(EqualRows)
    assert wanted(workbench) == [Inspect(fake_ref(0)), Population()]


def test_an_experiment_that_is_begun_again_is_done_again(workbench: Bench) -> None:
    post(workbench, fake_prepared())
    for _ in range(2):
        workbench.experiment(EqualRows(5))
    told = workbench.worker.called("want")
    assert told == [((EqualRows(5),),), ((),), ((EqualRows(5),),)]


def test_with_another_model_nothing_of_the_last_one_is_wanted(workbench: Bench) -> None:
    post(workbench, fake_prepared())
    workbench.want([Inspect(fake_ref(0))])
    workbench.experiment(EqualRows(5))
    begun = fake_prepared()
    post(workbench, begun, fake_inspected(begun, fake_snapshot(begun, 5), 0))
    assert workbench.run is not None
    assert workbench.run.latest(Inspect) is None
    workbench.want([Inspect(fake_ref(0))])
    assert wanted(workbench) == [Inspect(fake_ref(0))]


def test_a_new_run_keeps_the_open_explanation_but_not_what_was_picked(
    workbench: Bench,
) -> None:
    post(workbench, fake_prepared())
    workbench.look_at(
        workbench.focus.replace(example=fake_ref(7), cursor=(1.0, 1.0), topic="network")
    )
    post(workbench, fake_prepared(units=3))
    assert workbench.focus == Focus(example=fake_ref(0), topic="network")


def test_subsets_stay_with_another_run_on_the_same_data_and_go_with_other_data(
    workbench: Bench,
) -> None:
    begun = fake_prepared()
    post(workbench, begun)
    members = Members.none(begun.data).with_rows("test", [1, 2])
    workbench.look_at(workbench.focus.replace(subsets=(Subset("two", "#d94801", members),)))
    post(workbench, fake_prepared(units=3))
    assert [subset.name for subset in workbench.focus.subsets] == ["two"]
    post(workbench, replace(begun, data=replace(begun.data, sha256="another")))
    assert workbench.focus.subsets == ()


def test_the_same_selection_again_asks_nothing(workbench: Bench) -> None:
    post(workbench, fake_prepared())
    before = len(workbench.worker.calls)
    workbench.look_at(workbench.focus.replace(example=fake_ref(0)))
    assert len(workbench.worker.calls) == before


def test_progress_is_forgotten_when_the_worker_is_free_again(workbench: Bench) -> None:
    post(workbench, Status("preparing"), Progress("Loading the data", 1, 2))
    assert workbench.progress is not None
    post(workbench, Status("idle"))
    assert workbench.progress is None


def test_a_saved_run_has_a_path_and_nothing_unsaved(workbench: Bench) -> None:
    post(workbench, fake_prepared(), fake_steps(1, 5), Finished("stopped", 5))
    assert workbench.unsaved
    post(workbench, Saved("/tmp/a.keras", 5))
    assert not workbench.unsaved
    assert workbench.path == "/tmp/a.keras"


def test_only_other_epochs_need_no_new_model(workbench: Bench) -> None:
    begun = fake_prepared()
    post(workbench, begun)
    workbench.set_settings(begun.settings.with_values({"training.epochs": 3}))
    assert not workbench.needs_new_model
    workbench.set_settings(begun.settings.with_values({"latent_units": 5}))
    assert workbench.needs_new_model


def test_a_resumed_run_has_the_epochs_that_it_goes_on_for(workbench: Bench) -> None:
    begun = fake_prepared()
    post(workbench, begun, Resumed(begun.settings.with_values({"training.epochs": 40})))
    assert workbench.run is not None
    assert workbench.run.total_steps == 40 * begun.steps_per_epoch
