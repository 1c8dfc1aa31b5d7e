from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vaegui.data.own.own import OwnData
from vaegui.progress import ProgressCallback
from vaegui.session import data_worker
from vaegui.session.data_worker import DataEvent, DataWorker, Examine, Found, Propose
from vaegui.training.record.events import Failed, Progress
from vaegui.training.settings.settings import Settings


class Asked:
    """A desk, and all news of it."""

    def __init__(self) -> None:
        self.news: list[DataEvent] = []
        self._woken = threading.Event()
        self.desk = DataWorker(self._woken.set)

    def until(self, right: Callable[[DataEvent], bool]) -> DataEvent:
        """The first news that is right; what came before is in ``news``."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert self._woken.wait(end - time.monotonic()), "no news"
            self._woken.clear()
            for each in self.desk.take():
                self.news.append(each)
                if right(each):
                    return each
        raise AssertionError(self.news)

    def found(self) -> Found:
        """What a request came to in the end."""
        found = self.until(lambda each: isinstance(each, Failed) or _is_whole(each))
        assert isinstance(found, Found), found
        return found


def _is_whole(news: DataEvent) -> bool:
    return isinstance(news, Found) and news.check is not None


@pytest.fixture
def asked():
    made = Asked()
    yield made
    assert made.desk.close(10)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    lines = ["a,b", *(f"{x:.3f},{y:.3f}" for x, y in rng.normal(size=(200, 2)))]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    return tmp_path / "t.csv"


def test_a_file_is_proposed_judged_and_looked_at(asked: Asked, table: Path) -> None:
    asked.desk.ask(Propose(table, Settings(), {}))
    found = asked.found()
    assert found.opened.whole.source.spec.length == 200
    assert [profile.name for profile in found.look.profiles] == ["a", "b"]
    assert len(found.look.cells) == 8
    assert any(isinstance(news, Progress) for news in asked.news)


def test_a_change_of_the_recipe_reads_no_file_again(
    asked: Asked, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.desk.ask(Propose(table, Settings(), {}))
    found = asked.found()
    monkeypatch.setattr(OwnData, "read", lambda *_: pytest.fail("the file was read again"))
    settings = found.settings.with_values({"data.columns.a.role": "ignore"})
    asked.desk.ask(Examine(settings, found.guesses))
    assert asked.found().opened.dataset.shape == (1,)


def test_all_remedies_and_advice_are_taken(asked: Asked, table: Path) -> None:
    asked.desk.ask(Propose(table, Settings(), {}))
    asked.desk.ask(Examine(asked.found().settings, take_all=True))
    found = asked.found()
    assert found.taken
    assert not any(problem.prevents for problem in found.check.problems)


def test_what_cannot_be_read_is_told_with_a_remedy(asked: Asked, tmp_path: Path) -> None:
    asked.desk.ask(Propose(tmp_path / "gone.csv", Settings(), {}))
    failed = asked.until(lambda each: isinstance(each, Failed))
    assert isinstance(failed, Failed)
    assert "gone.csv" in failed.message
    assert failed.remedy


def test_a_newer_request_takes_the_place_of_the_one_that_is_done(
    asked: Asked, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, told = threading.Event(), data_worker.proposed_settings

    def slow(path: Path, values: object, progress: ProgressCallback, base: Settings) -> object:
        if path.name == "slow":
            begun.set()
            while True:
                progress("Reading slowly", 0, None)
        return told(path, {}, progress, base)

    monkeypatch.setattr(data_worker, "proposed_settings", slow)
    asked.desk.ask(Propose(Path("slow"), Settings(), {}))
    assert begun.wait(10)
    asked.desk.ask(Propose(table, Settings(), {}))
    assert asked.found().opened.whole.source.spec.length == 200
    assert not any(isinstance(news, Failed) for news in asked.news)


def test_closing_gives_up_what_is_done(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def slow(path: Path, values: object, progress: ProgressCallback, base: Settings) -> object:
        begun.set()
        while True:
            progress("Reading slowly", 0, None)

    monkeypatch.setattr(data_worker, "proposed_settings", slow)
    asked.desk.ask(Propose(Path("slow"), Settings(), {}))
    assert begun.wait(10)
    assert asked.desk.close(10)
