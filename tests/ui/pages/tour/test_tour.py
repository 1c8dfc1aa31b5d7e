from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.presets import DIGITS, SIX_FEATURES
from vaegui.training.record.events import Finished, Prepared, Status
from vaegui.ui.pages.tour.card import TourCard
from vaegui.ui.pages.tour.overlay import Overlay
from vaegui.ui.pages.tour.steps import STEPS


def six_features() -> Prepared:
    begun = fake_prepared(shape=(6,), classes=3, probes=30)
    return replace(begun, settings=SIX_FEATURES.settings)


@pytest.fixture
def touring(bench: Bench, qtbot: QtBot) -> Bench:
    """A window with six features, untrained, and the tour at its first step."""
    bench.window.resize(1320, 840)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    bench.load(panels=True)
    bench.press("tour")
    begun = six_features()
    bench.post(begun, fake_snapshot(begun, 0), Status("idle"))
    return bench


def select(bench: Bench, **changes: object) -> None:
    bench.workbench.look_at(bench.workbench.focus.replace(**changes))


def button(bench: Bench, name: str) -> QPushButton:
    found = bench.window.findChild(QPushButton, f"tour.{name}")
    assert found is not None
    return found


def go_to(bench: Bench, number: int) -> None:
    while bench.window.tour.step != number:
        button(bench, "next").click()


def test_the_tour_begins_with_an_untrained_model_of_six_features(touring: Bench) -> None:
    assert touring.worker.called("reset") == [(SIX_FEATURES.settings,)]
    assert touring.window.tour.step == 0


def test_there_are_ten_steps_with_one_thing_to_do_each() -> None:
    assert len(STEPS) == 10
    assert all(step.todo.count(".") == 1 or ":" in step.todo or ". " in step.todo for step in STEPS)


def test_a_step_notices_that_it_is_done_and_offers_the_next(touring: Bench) -> None:
    assert button(touring, "next").text() == "Skip"
    select(touring, example=fake_ref(5))
    todo = touring.window.findChild(QLabel, "tour.todo")
    assert todo is not None
    assert todo.text().startswith("✓")
    assert button(touring, "next").text() == "Next"


@pytest.mark.parametrize(
    ("number", "doing"),
    [
        (0, {"example": fake_ref(4)}),
        (1, {"topic": "network"}),
        (2, {"held": ((0, 0.0),)}),
        (3, {"topic": "read-outs"}),
        (4, {"read_out": "log_var"}),
        (5, {"example": fake_ref(7)}),
        (6, {"noise": 1}),
        (8, {"cursor": (0.5, 0.5)}),
    ],
)
def test_what_is_looked_at_completes_a_step_and_nothing_else_does(
    touring: Bench, number: int, doing: dict[str, object]
) -> None:
    go_to(touring, number)
    select(touring, pair=(1, 0))
    assert button(touring, "next").text() == "Skip"
    select(touring, **doing)
    assert button(touring, "next").text() == "Next"


def todo(bench: Bench) -> str:
    found = bench.window.findChild(QLabel, "tour.todo")
    assert found is not None
    return found.text()


def test_the_last_step_trains_a_new_model_and_is_done_when_that_has_trained(touring: Bench) -> None:
    touring.post(fake_steps(1, 3), Status("idle"))
    touring.answers.unsaved = "discard"
    go_to(touring, 9)
    button(touring, "offer").click()
    assert touring.worker.called("train") == [(SIX_FEATURES.settings, True)]
    touring.post(six_features(), Status("training"), fake_steps(1, 999))
    assert touring.window.tour.step == 9
    assert "→" in todo(touring)
    touring.post(fake_steps(1000, 1))
    assert "✓" in todo(touring)
    button(touring, "next").click()
    assert touring.window.tour.step is None
    assert touring.preferences.tour == 0


def test_a_model_that_is_trained_already_does_not_complete_the_last_step(touring: Bench) -> None:
    touring.post(fake_steps(1, 2000), Finished("complete", 2000), Status("idle"))
    go_to(touring, 9)
    touring.post(fake_steps(2001, 2000), Finished("complete", 4000))
    assert "→" in todo(touring)


def test_enter_goes_on_and_escape_leaves_from_the_card_and_from_a_panel(
    touring: Bench, qtbot: QtBot
) -> None:
    window = touring.window
    qtbot.keyClick(button(touring, "next"), Qt.Key.Key_Return)
    assert window.tour.step == 1
    qtbot.keyClick(window.docks["latent"], Qt.Key.Key_Enter)
    assert window.tour.step == 2
    qtbot.keyClick(button(touring, "back"), Qt.Key.Key_Return)
    assert window.tour.step == 1
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.tour.step is None


def test_enter_in_a_field_belongs_to_the_field(touring: Bench, qtbot: QtBot) -> None:
    field = QLineEdit(touring.window.docks["setup"])
    field.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert touring.window.tour.step == 0


@pytest.mark.parametrize("size", [(680, 460), (853, 480), (1024, 768), (1440, 900)])
def test_what_can_be_pressed_is_inside_the_window_at_every_size(
    touring: Bench, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = touring.window
    window.resize(*size)

    def inside(name: str) -> bool:
        found = button(touring, name)
        place = QRect(found.mapTo(window, QPoint(0, 0)), found.size())
        whole = found.visibleRegion().boundingRect() == found.rect()
        return whole and window.rect().contains(place)

    for number in range(len(STEPS)):
        go_to(touring, number)
        names = ("leave", "back", "next", "offer")
        shown = [name for name in names if button(touring, name).isVisible()]
        qtbot.waitUntil(lambda shown=shown: all(map(inside, shown)))


def test_the_card_of_a_window_larger_than_the_screen_is_on_the_screen(
    touring: Bench, qtbot: QtBot
) -> None:
    window, card = touring.window, touring.window.findChild(TourCard)
    assert card is not None
    screen = window.screen().availableGeometry()
    window.resize(screen.width() + 300, screen.height() + 200)

    def on_screen() -> bool:
        return screen.contains(QRect(card.mapToGlobal(QPoint(0, 0)), card.size()))

    for number in range(len(STEPS)):
        go_to(touring, number)
        qtbot.waitUntil(on_screen)


def test_a_card_that_was_dragged_comes_back_into_a_window_that_shrinks(
    touring: Bench, qtbot: QtBot
) -> None:
    card = touring.window.findChild(TourCard)
    assert card is not None
    corner = QPoint(4, 4)
    qtbot.mousePress(card, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(card, corner + QPoint(60, 40))
    qtbot.mouseRelease(card, Qt.MouseButton.LeftButton, pos=corner)
    touring.window.resize(700, 520)
    qtbot.waitUntil(lambda: touring.window.rect().contains(card.geometry()))


def test_each_step_has_something_to_point_at(touring: Bench, qtbot: QtBot) -> None:
    for number, step in enumerate(STEPS):
        go_to(touring, number)
        for name in step.targets:
            qtbot.waitUntil(lambda name=name: touring.window.tour.find(name) is not None)


def test_a_dock_that_was_closed_is_shown_first(touring: Bench, qtbot: QtBot) -> None:
    touring.window.docks["latent"].close()
    go_to(touring, 1)
    button(touring, "back").click()
    assert touring.window.docks["latent"].isVisible()


def test_the_frame_lets_the_mouse_through(touring: Bench) -> None:
    dock = touring.window.docks["latent"]
    middle = dock.mapTo(touring.window, QPoint(dock.width() // 2, dock.height() // 2))
    found = touring.window.childAt(middle)
    assert isinstance(found, QWidget)
    assert not isinstance(found, Overlay)
    assert dock.isAncestorOf(found)


def test_leaving_remembers_the_step(touring: Bench) -> None:
    go_to(touring, 4)
    button(touring, "leave").click()
    assert touring.window.tour.step is None
    assert touring.preferences.tour == 4
    touring.press("tour")
    assert touring.window.tour.step == 4
    assert touring.workbench.focus.topic == "read-outs"


def test_another_model_ends_the_tour(touring: Bench) -> None:
    touring.post(replace(six_features(), settings=DIGITS.settings))
    assert touring.window.tour.step is None


def test_a_tour_that_would_lose_steps_asks_and_takes_no_for_an_answer(bench: Bench) -> None:
    bench.load()
    bench.post(fake_prepared(), fake_steps(1, 5), Status("idle"))
    bench.answers.unsaved = "cancel"
    bench.press("tour")
    assert bench.answers.asked == ["unsaved"]
    assert bench.window.tour.step is None
    assert bench.worker.called("reset") == []


def test_a_dock_that_floats_is_framed_where_it_is(touring: Bench, qtbot: QtBot) -> None:
    dock = touring.window.docks["input"]
    dock.setFloating(True)
    qtbot.waitUntil(lambda: any(o.isVisible() for o in dock.findChildren(Overlay)))
    dock.setFloating(False)
    qtbot.waitUntil(lambda: not any(o.isVisible() for o in dock.findChildren(Overlay)))


def test_the_card_has_room_for_all_that_it_says(touring: Bench, qtbot: QtBot) -> None:
    card = touring.window.findChild(TourCard)
    assert card is not None

    def has_room() -> bool:
        labels = [label for label in card.findChildren(QLabel) if label.isVisible()]
        heights = [label.height() - label.heightForWidth(label.width()) for label in labels]
        cut = [label for label in labels if label.visibleRegion().boundingRect() != label.rect()]
        return min(heights) >= 0 and not cut

    for number in range(len(STEPS)):
        go_to(touring, number)
        qtbot.waitUntil(has_room)
