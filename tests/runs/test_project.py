"""Records of several runs beside each other."""

from __future__ import annotations

import pytest

from tests.fakes import fake_prepared, fake_steps
from vaegui.runs.project import Project
from vaegui.runs.run import Run
from vaegui.training.record.run_id import RunId, new_run_id, run_id_from


def run(id: str) -> Run:
    return Run(fake_prepared(id=id))


def test_each_run_gets_an_id_of_its_own_and_a_file_can_hold_it() -> None:
    ids = {new_run_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {run_id_from(str(id)) for id in ids} == ids


@pytest.mark.parametrize("document", [None, 7, "", "ABCDEF012345", "0123456789", "../../0000000"])
def test_what_cannot_be_an_id_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="id of the run"):
        run_id_from(document)


def test_what_happens_in_one_run_is_not_known_of_another() -> None:
    project = Project()
    first, second = run("aaaaaaaaaaaa"), run("bbbbbbbbbbbb")
    project.add(first)
    project.add(second)
    project.runs[second.id].add(fake_steps(1, 5))
    assert (first.step, second.step) == (0, 5)
    assert list(project.runs) == [first.id, second.id]


def test_no_run_is_active_until_one_is_chosen() -> None:
    project = Project()
    first, second = run("aaaaaaaaaaaa"), run("bbbbbbbbbbbb")
    project.add(first)
    project.add(second)
    assert project.active is None
    project.activate(second.id)
    assert project.active is second
    project.activate(first.id)
    assert project.active is first


def test_a_run_that_is_not_known_can_be_neither_active_nor_removed() -> None:
    project = Project()
    for act in (project.activate, project.remove):
        with pytest.raises(KeyError):
            act(RunId("aaaaaaaaaaaa"))
    assert project.active is None


def test_the_active_run_is_removed_with_its_record() -> None:
    project = Project()
    first, second = run("aaaaaaaaaaaa"), run("bbbbbbbbbbbb")
    project.add(first)
    project.add(second)
    project.activate(first.id)
    project.remove(second.id)
    assert project.active is first
    project.remove(first.id)
    assert project.active is None
    assert not project.runs


def test_a_record_of_the_same_run_takes_the_place_of_the_old_one() -> None:
    project = Project()
    old, new = run("aaaaaaaaaaaa"), run("aaaaaaaaaaaa")
    project.add(old)
    project.activate(old.id)
    project.add(new)
    assert project.active is new
    assert len(project.runs) == 1
