"""What the settings make of each step, given the epochs before it."""

import itertools

import numpy as np
import pytest

from tests.training import tiny
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms
from vaegui.training.trainer.step_schedule import StepSchedule

EPOCH = 12


def epoch(number, loss):
    terms = LossTerms(float(loss), 0.0, 0.0)
    return EpochDone(number, EPOCH * number, terms, terms, np.zeros(2, np.float32), 0, 1.0)


def history_of(losses):
    history = History()
    for number, loss in enumerate(losses, 1):
        history.add_epoch(epoch(number, loss))
    return history


def step_schedule(losses, **values):
    settings = tiny.settings(optimiser__learning_rate=1.0, training__epochs=100_000, **values)
    return StepSchedule(settings, history_of(losses), EPOCH)


def plateau(patience=2):
    return {"optimiser__schedule": {"kind": "plateau", "patience": patience, "by": 0.1}}


def early(**values):
    return {"training__stopping": {"kind": "early", **values}}


def rate(step_schedule, epochs):
    return step_schedule.controls(epochs * EPOCH, 1)[0, 0]


def test_the_rate_falls_after_each_patience_without_a_lower_loss():
    assert rate(step_schedule([5, 4, 4], **plateau()), 3) == 1.0
    assert rate(step_schedule([5, 4, 4, 4], **plateau()), 4) == pytest.approx(0.1)
    assert rate(step_schedule([5, 4, 4, 4, 3, 3, 3], **plateau()), 7) == pytest.approx(0.01)
    assert rate(step_schedule([5, 4, 4, 4, 4, 4], **plateau()), 6) == pytest.approx(0.01)
    assert rate(step_schedule([5] * 9), 9) == 1.0


def test_a_step_that_is_done_again_knows_nothing_of_what_came_later():
    again = step_schedule([5, 4, 4, 4, 3, 3, 3], **plateau())
    assert rate(again, 7) == pytest.approx(0.01)
    assert rate(again, 4) == pytest.approx(0.1)
    assert rate(again, 3) == 1.0


def test_a_run_is_over_after_its_patience_counted_from_the_end_of_the_warm_up():
    warm_up = {"objective__warm_up": {"kind": "linear", "length": 2}}
    assert not step_schedule([5, 6, 7, 8], **early(patience=2), **warm_up).is_over()
    assert step_schedule([5, 6, 7, 8, 9], **early(patience=2), **warm_up).is_over()
    assert not step_schedule([5, 4, 5, 3, 4], **early(patience=2)).is_over()
    assert step_schedule([5, 4.9, 4.8], **early(patience=2, least=0.5)).is_over()
    assert not step_schedule([5] * 50).is_over()


def test_the_best_epoch_is_the_first_with_the_lowest_loss_once_it_has_settled():
    keep = {"training__keep": "best"}
    short = {"objective__warm_up": {"kind": "linear", "length": 1}}
    long = {"objective__warm_up": {"kind": "linear", "length": 2.5}}
    assert step_schedule([5, 3, 4, 3], **keep).best_epoch() == 2
    assert step_schedule([1, 5, 3, 4], **keep, **short).best_epoch() == 3
    assert step_schedule([1], **keep, **long).best_epoch() is None
    assert step_schedule([1]).best_epoch() is None


def test_epochs_that_were_done_again_with_other_losses_count_as_they_are_now():
    history = history_of([5, 4, 1, 6])
    settings = tiny.settings(training__keep="best", training__epochs=9)
    redone = StepSchedule(settings, history, EPOCH)
    assert redone.best_epoch() == 3
    history.epochs = history.epochs[:2]
    history.add_epoch(epoch(3, 7))
    history.add_epoch(epoch(4, 3))
    assert redone.best_epoch() == 4


def test_without_a_test_part_nothing_is_a_plateau_or_the_end():
    history = History()
    terms = LossTerms(1.0, 0.0, 0.0)
    for number in range(1, 9):
        units = np.zeros(2, np.float32)
        history.add_epoch(EpochDone(number, EPOCH * number, terms, None, units, 0, 1.0))
    settings = tiny.settings(**plateau(1), **early(patience=1), training__keep="best")
    blind = StepSchedule(settings, history, EPOCH)
    assert not blind.is_over()
    assert blind.best_epoch() is None
    assert rate(blind, 8) == pytest.approx(settings.optimiser.learning_rate)


class Counting(list):
    """A list that counts what is taken out of it."""

    taken = 0

    def __getitem__(self, index):
        Counting.taken += 1 if isinstance(index, int) else len(self)
        return super().__getitem__(index)

    def __iter__(self):
        Counting.taken += len(self)
        return super().__iter__()


def test_the_thousandth_epoch_looks_at_as_much_as_the_first():
    settings = tiny.settings(**plateau(), **early(patience=900), training__keep="best")
    history = History()
    history.epochs = Counting()
    long, looks = StepSchedule(settings, history, EPOCH), [0]
    for number in range(1, 1001):
        history.add_epoch(epoch(number, 1000 - number))
        long.controls((number - 1) * EPOCH, EPOCH)
        long.is_over()
        long.best_epoch()
        looks.append(Counting.taken)
    each = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert max(each[500:]) <= max(each[1:5]) <= 12
