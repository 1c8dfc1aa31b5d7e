import threading

import numpy as np
import pytest

from vaegui.queries.base import Result
from vaegui.queries.decode import Decode, Decoded
from vaegui.session.mailbox import WAITING, Mailbox
from vaegui.training.record.events import Failed, Snapshot, Status
from vaegui.training.record.history import History
from vaegui.training.record.losses import StepsDone


def steps(first, count):
    terms = np.arange(first, first + count, dtype=np.float32)
    return StepsDone(first, 1, terms, terms, terms, 1.0)


def snapshot(step):
    empty = np.zeros((0, 2), np.float32)
    return Snapshot(step, empty, empty, empty)


def taken(mailbox):
    return [message.content for message in mailbox.take()]


def test_it_wakes_once_for_many_events_and_again_after_taking():
    woken = []
    mailbox = Mailbox(lambda: woken.append(1))
    for first in range(1, 100):
        mailbox.post(steps(first, 1))
    assert len(woken) == 1
    mailbox.take()
    mailbox.post(steps(100, 1))
    assert len(woken) == 2


def test_steps_that_follow_each_other_become_one_record():
    mailbox = Mailbox()
    mailbox.post(steps(1, 3))
    mailbox.post(steps(4, 2))
    (event,) = taken(mailbox)
    assert (event.first, event.last) == (1, 5)
    assert event.total.tolist() == [1, 2, 3, 4, 5]


def test_steps_of_another_run_are_kept_apart():
    mailbox = Mailbox()
    mailbox.post(steps(1, 3))
    mailbox.post(steps(1, 2))
    assert [e.last for e in taken(mailbox)] == [3, 2]


def test_snapshots_wait_for_each_other_only_one_of_each_step():
    mailbox = Mailbox()
    latest = snapshot(2)
    for shot in (snapshot(1), snapshot(2), latest, snapshot(3)):
        mailbox.post(shot)
        mailbox.post(steps(shot.step, 1))
    waited = [e for e in taken(mailbox) if isinstance(e, Snapshot)]
    assert [e.step for e in waited] == [1, 2, 3]
    assert waited[1] is latest


def test_a_window_that_hangs_finds_the_latest_snapshots_and_no_more():
    mailbox = Mailbox()
    for step in range(1000):
        mailbox.post(snapshot(step))
    waited = [e.step for e in taken(mailbox) if isinstance(e, Snapshot)]
    assert waited == [*range(1000 - WAITING, 1000)]


def test_messages_of_different_runs_are_never_merged():
    mailbox = Mailbox()
    for run in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        mailbox.post(snapshot(1), run)
        mailbox.post(Status("idle"), run)
    mailbox.post(steps(1, 1), "aaaaaaaaaaaa")
    mailbox.post(steps(2, 1), "bbbbbbbbbbbb")
    assert [(m.run[0], type(m.content)) for m in mailbox.take()] == [
        ("a", Snapshot),
        ("a", Status),
        ("b", Snapshot),
        ("b", Status),
        ("a", StepsDone),
        ("b", StepsDone),
    ]


def test_a_result_replaces_only_one_of_the_same_query():
    picture = np.zeros((2, 2), np.float32)
    mailbox = Mailbox()
    first, second = Decode((0.0,)), Decode((1.0,))
    for step, query in enumerate((first, second, first)):
        mailbox.post(Result(query, step, Decoded(query, picture)))
    assert [(e.query, e.step) for e in taken(mailbox)] == [(second, 1), (first, 2)]


def test_failures_are_never_dropped():
    mailbox = Mailbox()
    for n in range(3):
        mailbox.post(Failed(str(n), ""))
        mailbox.post(Status("idle"))
    assert [e.message for e in taken(mailbox) if isinstance(e, Failed)] == ["0", "1", "2"]


def test_nothing_is_lost_between_threads():
    mailbox, history = Mailbox(), History()
    poster = threading.Thread(
        target=lambda: [mailbox.post(steps(first, 1)) for first in range(1, 5001)]
    )
    poster.start()
    while len(history) < 5000:
        for event in taken(mailbox):
            history.add_steps(event)
    poster.join()
    assert history.total.tolist() == list(range(1, 5001))


def test_history_refuses_steps_with_a_gap():
    history = History()
    history.add_steps(steps(1, 2))
    with pytest.raises(ValueError, match="cannot follow"):
        history.add_steps(steps(4, 1))


def test_history_keeps_its_own_copy_and_gives_views_that_cannot_be_written():
    history = History()
    history.add_steps(steps(1, 2000))
    other = history.copy()
    other.add_steps(steps(2001, 1))
    assert (len(history), len(other)) == (2000, 2001)
    with pytest.raises(ValueError, match="read-only"):
        history.total[0] = 0
