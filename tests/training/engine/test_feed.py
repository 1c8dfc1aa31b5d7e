from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.training import tiny
from vaegui.data.source import Batch, Rows
from vaegui.data.sources.array import ArraySource
from vaegui.errors import DataError
from vaegui.training.engine.feed import Feed
from vaegui.training.record.losses import StepsDone

EXAMPLES, BATCH = 23, 4
STEPS = 6
"""Steps of an epoch: five whole batches and three examples, filled up to four."""


def order(epoch: int) -> np.ndarray:
    rows = np.random.default_rng(epoch).permutation(EXAMPLES).astype(np.int32)
    return np.concatenate([rows, rows[: STEPS * BATCH - EXAMPLES]]).reshape(STEPS, BATCH)


class Watched(ArraySource):
    """Examples 0, 1, 2, ... of which every reading is noted."""

    def __init__(self) -> None:
        super().__init__(np.arange(EXAMPLES, dtype=np.float32)[:, None])
        self.threads: list[str] = []
        self.read_something = threading.Semaphore(0)

    def read(self, rows: Rows) -> Batch:
        self.threads.append(threading.current_thread().name)
        self.read_something.release()
        return super().read(rows)

    def wait_for(self, readings: int) -> None:
        for _ in range(readings):
            assert self.read_something.acquire(timeout=10)


def taken(feed: Feed, epoch: int, within: int, count: int) -> np.ndarray:
    return np.stack(feed.take(epoch, within, count))[..., 0]


@pytest.mark.parametrize("ahead", [1, 3, 100])
def test_every_step_has_the_examples_of_the_order_however_far_is_read_ahead(ahead: int) -> None:
    feed = Feed(Watched(), order, ahead)
    for epoch in range(3):
        within = 0
        for count in (1, 2, 3):
            expected = order(epoch)[within : within + count]
            np.testing.assert_array_equal(taken(feed, epoch, within, count), expected)
            within += count
    feed.rest()


def test_the_next_steps_are_read_by_another_thread_meanwhile() -> None:
    source = Watched()
    feed = Feed(source, order, ahead=3)
    feed.take(0, 0, 2)
    source.wait_for(2 + 3)
    here = threading.current_thread().name
    assert source.threads[:2] == [here, here]
    assert here not in source.threads[2:5]
    feed.take(0, 2, 3)
    assert here not in source.threads[2:5]
    feed.rest()


def test_reading_ahead_goes_on_into_the_next_epoch() -> None:
    source = Watched()
    feed = Feed(source, order, ahead=4)
    feed.take(0, 4, 2)
    source.wait_for(2 + 4)
    feed.rest()
    read = len(source.threads)
    np.testing.assert_array_equal(taken(feed, 1, 0, 4), order(1)[:4])
    feed.rest()
    assert threading.current_thread().name not in source.threads[read:]


def test_going_back_reads_what_was_read_before_once_more() -> None:
    feed = Feed(Watched(), order, ahead=2)
    first = taken(feed, 0, 0, 3)
    feed.take(0, 3, 2)
    np.testing.assert_array_equal(taken(feed, 0, 0, 3), first)
    feed.rest()


def test_no_thread_is_left_after_resting() -> None:
    before = set(threading.enumerate())
    feed = Feed(Watched(), order, ahead=50)
    feed.take(0, 0, 1)
    feed.rest()
    assert set(threading.enumerate()) == before
    feed.rest()


@pytest.mark.parametrize("breaks_at", [0, 1, 2])
def test_an_error_of_reading_is_told_when_its_step_is_wanted_and_can_be_mended(
    breaks_at: int,
) -> None:
    class Broken(Watched):
        mended = False

        def read(self, rows: Rows) -> Batch:
            if not self.mended and rows[0] == order(0)[breaks_at][0]:
                raise OSError(5, "Input/output error")
            return super().read(rows)

    source = Broken()
    feed = Feed(source, order, ahead=3)
    for within in range(breaks_at):
        feed.take(0, within, 1)
    with pytest.raises(DataError, match=r"can no longer be read: Input/output error\. Make sure"):
        feed.take(0, breaks_at, 1)
    source.mended = True
    np.testing.assert_array_equal(taken(feed, 0, breaks_at, 1), order(0)[breaks_at : breaks_at + 1])
    feed.rest()


def not_resident(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaegui.training.engine.engine.RESIDENT_BYTES", 0)
    # A few steps a chunk, so that there is something to read ahead of.
    monkeypatch.setattr("vaegui.training.engine.engine.CHUNK_BYTES", 5 * 128 * 64 * 4)


def test_data_that_are_read_ahead_give_the_bits_of_resident_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resident = tiny.trainer()
    list(resident.run())
    not_resident(monkeypatch)
    fed = tiny.trainer()
    list(fed.run())
    np.testing.assert_array_equal(fed.history.steps(), resident.history.steps())
    weights = (run.model.vae.trainable_variables for run in (fed, resident))
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def test_stopping_in_the_midst_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    not_resident(monkeypatch)
    trainer = tiny.trainer()
    before = set(threading.enumerate())
    running = trainer.run()
    for event in running:
        if isinstance(event, StepsDone):
            break
    running.close()
    assert not [t for t in set(threading.enumerate()) - before if t.name == "vaegui-feed"]


def test_training_goes_on_with_the_same_bits_after_the_data_were_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    not_resident(monkeypatch)
    straight, troubled = tiny.trainer(), tiny.trainer()
    list(straight.run())
    source = troubled.examples.dataset.train
    read, away = source.read, False

    def may_fail(rows: Rows) -> Batch:
        if away:
            raise OSError(5, "Input/output error")
        return read(rows)

    monkeypatch.setattr(source, "read", may_fail)
    running = troubled.run()
    while troubled.step < 3:
        next(running)
    away = True
    with pytest.raises(DataError, match="can no longer be read"):
        list(running)
    away = False
    list(troubled.run())
    np.testing.assert_array_equal(troubled.history.steps(), straight.history.steps())
