from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice, pairwise

from pytestqt.qtbot import QtBot

from vaegui.training.record.events import Snapshot
from vaegui.training.record.losses import StepsDone
from vaegui.ui.plots import repainter as module
from vaegui.ui.plots.repainter import Repainter


class FakeCanvas:
    """A picture of some kinds of news: it is outdated when such came since it was painted."""

    def __init__(self, *shows: type, takes: float = 0.0) -> None:
        self.shows = frozenset(shows)
        self.shows_snapshots = Snapshot in shows
        self.outdated = False
        self.visible = True
        self.paints: list[float] = []
        self.takes = takes
        self.on_paint: Callable[[], None] = lambda: None
        self.parts = self.left = 1

    def on_screen(self) -> bool:
        return self.visible

    def paint(self) -> bool:
        self.outdated = False
        self.paints.append(time.monotonic())
        # By the processor's clock, as the share is: the machine may be busy with other things.
        end = time.thread_time() + self.takes
        while time.thread_time() < end:
            pass
        self.on_paint()
        self.left = self.left - 1 or self.parts
        return self.left == self.parts


def tell(repainter: Repainter, *news: type, canvases: Sequence[FakeCanvas]) -> None:
    """Something happened: the pictures of such news are outdated."""
    for canvas in canvases:
        canvas.outdated |= bool(canvas.shows & set(news))
    repainter.take(frozenset(news))


def rest(qtbot: QtBot, repainter: Repainter) -> None:
    qtbot.waitUntil(lambda: repainter.resting, timeout=3000)


def test_stale_canvases_are_painted_once_and_then_the_timer_rests(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    canvases = [FakeCanvas(), FakeCanvas()]
    for canvas in canvases:
        repainter.add(canvas)
    rest(qtbot, repainter)
    assert [len(canvas.paints) for canvas in canvases] == [1, 1]


def test_a_hidden_canvas_is_painted_only_when_it_is_shown(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    canvas = FakeCanvas(Snapshot)
    canvas.visible = False
    repainter.add(canvas)
    for _ in range(5):
        tell(repainter, Snapshot, canvases=[canvas])
    assert repainter.resting
    canvas.visible = True
    repainter.wake()
    rest(qtbot, repainter)
    assert len(canvas.paints) == 1


def test_only_what_is_outdated_is_painted_anew(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    loss, latent = FakeCanvas(StepsDone), FakeCanvas(Snapshot)
    repainter.add(loss)
    repainter.add(latent)
    rest(qtbot, repainter)
    tell(repainter, StepsDone, canvases=[loss, latent])
    rest(qtbot, repainter)
    assert (len(loss.paints), len(latent.paints)) == (2, 1)
    latent.outdated = True
    repainter.look()
    rest(qtbot, repainter)
    assert (len(loss.paints), len(latent.paints)) == (2, 2)


def test_a_snapshot_is_acknowledged_after_every_visible_panel_painted_it(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    canvases = [FakeCanvas(Snapshot), FakeCanvas(Snapshot), FakeCanvas(StepsDone)]
    for canvas in canvases:
        repainter.add(canvas)
    rest(qtbot, repainter)
    painted_then: list[list[int]] = []
    repainter.snapshot_painted.connect(
        lambda: painted_then.append([len(canvas.paints) for canvas in canvases])
    )
    tell(repainter, Snapshot, canvases=canvases)
    rest(qtbot, repainter)
    assert painted_then == [[2, 2, 1]]


def test_no_snapshot_is_asked_for_while_no_panel_shows_it(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    canvas = FakeCanvas(Snapshot)
    canvas.visible = False
    repainter.add(canvas)
    told: list[int] = []
    repainter.snapshot_painted.connect(lambda: told.append(1))
    tell(repainter, Snapshot, canvases=[canvas])
    assert told == []
    canvas.visible = True
    repainter.wake()
    rest(qtbot, repainter)
    assert told == [1]


def test_while_training_painting_keeps_within_its_share_of_the_time(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True)
    canvas = FakeCanvas(StepsDone, takes=0.006)
    canvas.on_paint = lambda: tell(repainter, StepsDone, canvases=[canvas])
    repainter.add(canvas)
    qtbot.waitUntil(lambda: len(canvas.paints) >= 6, timeout=5000)
    period = (canvas.paints[5] - canvas.paints[0]) / 5
    assert canvas.takes / period <= 1.1 * module.TRAINING_SHARE
    canvas.visible = False


def test_while_training_what_is_slow_to_paint_does_not_stand_still(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True)
    canvas = FakeCanvas(StepsDone, takes=0.060)
    canvas.on_paint = lambda: tell(repainter, StepsDone, canvases=[canvas])
    repainter.add(canvas)
    qtbot.waitUntil(lambda: len(canvas.paints) >= 4, timeout=10_000)
    within_its_share = canvas.takes * (1 / module.TRAINING_SHARE - 1)
    pauses = [b - a - canvas.takes for a, b in pairwise(canvas.paints)]
    assert min(pauses) < within_its_share / 2
    canvas.visible = False


def test_pictures_of_another_size_are_painted_promptly_while_training(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True)
    canvases = [FakeCanvas(takes=0.01) for _ in range(4)]
    for canvas in canvases:
        repainter.add(canvas)
    rest(qtbot, repainter)
    begin = time.monotonic()
    for canvas in canvases:
        repainter.renew(canvas)
    rest(qtbot, repainter)
    assert canvases[-1].paints[-1] - begin < 2 * module.LONGEST_PAUSE


def test_what_comes_into_sight_with_old_news_is_painted_promptly_while_training(
    qtbot: QtBot,
) -> None:
    repainter = Repainter(lambda: True)
    canvases = [FakeCanvas(takes=0.01) for _ in range(4)]
    for canvas in canvases:
        canvas.visible = False
        repainter.add(canvas)
    begin = time.monotonic()
    for canvas in canvases:
        canvas.visible = True
        repainter.see(canvas)
    rest(qtbot, repainter)
    assert canvases[-1].paints[-1] - begin < 2 * module.LONGEST_PAUSE


def test_while_a_brief_training_goes_on_the_map_has_every_second_turn(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True, brief=lambda: True)
    order: list[str] = []
    canvases = {name: FakeCanvas(Snapshot, takes=0.002) for name in ("map", "a", "b")}
    told: list[int] = []
    repainter.snapshot_painted.connect(lambda: told.append(len(order)))
    for name, canvas in canvases.items():

        def painted(name: str = name) -> None:
            order.append(name)
            if len(order) < 9 and name != "map":
                tell(repainter, Snapshot, canvases=list(canvases.values()))

        canvas.on_paint = painted
        repainter.add(canvas)
    qtbot.waitUntil(lambda: len(order) >= 9, timeout=5000)
    assert order[:8] == ["map", "a", "map", "b"] * 2
    # Another snapshot may be made as soon as the map has shown the last.
    assert len(told) >= 3


def test_the_panel_that_is_handled_is_painted_before_the_others(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True)
    order: list[str] = []
    canvases = {name: FakeCanvas(StepsDone) for name in ("a", "b", "handled")}
    for name, canvas in canvases.items():
        canvas.on_paint = lambda name=name: order.append(name)  # type: ignore[misc]
        repainter.add(canvas)
    repainter.handle(canvases["handled"])
    rest(qtbot, repainter)
    assert order == ["handled", "a", "b"]


def test_other_panels_do_not_stand_still_while_one_is_handled(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: True)
    handled, other = FakeCanvas(StepsDone), FakeCanvas(StepsDone)
    repainter.add(handled)
    repainter.add(other)

    def drag_on() -> None:
        repainter.handle(handled)
        repainter.mark([handled])

    handled.on_paint = drag_on
    repainter.handle(handled)
    qtbot.waitUntil(lambda: bool(other.paints), timeout=5000)
    assert len(handled.paints) >= 2
    handled.visible = False


def test_a_picture_in_parts_is_finished_before_another_begins(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    first, second = FakeCanvas(), FakeCanvas()
    first.parts = first.left = 3
    repainter.add(first)
    repainter.add(second)
    rest(qtbot, repainter)
    assert len(first.paints) == 3
    assert second.paints[0] > first.paints[-1]


def test_what_comes_between_two_parts_is_painted_too(qtbot: QtBot) -> None:
    repainter = Repainter(lambda: False)
    canvas = FakeCanvas(StepsDone)
    canvas.parts = canvas.left = 2
    news = iter([StepsDone])
    canvas.on_paint = lambda: tell(repainter, *islice(news, 1), canvases=[canvas])
    repainter.add(canvas)
    rest(qtbot, repainter)
    assert len(canvas.paints) == 4
