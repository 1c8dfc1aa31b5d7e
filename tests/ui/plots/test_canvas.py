from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QTextDocumentFragment, QWheelEvent
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_snapshot, fake_steps, fake_style
from tests.ui.fake_worker import FakeWorker
from vaegui.data.source import ExampleRef
from vaegui.panels.context import Context, Options
from vaegui.panels.explain.gaussian.why_gaussian import WhyGaussian
from vaegui.panels.explain.mu.mean_of_a import MeanOfA
from vaegui.panels.latent.latent import Latent
from vaegui.panels.loss.loss import Loss
from vaegui.panels.panel import Panel, Pointer
from vaegui.panels.style import Style
from vaegui.training.record.events import Prepared, Status
from vaegui.ui.plots.canvas import Canvas
from vaegui.ui.state.workbench import Workbench


class Square:
    """A panel with a square of class colour 0 in the middle, that wanders with the probe."""

    name: ClassVar[str] = "square"
    title: ClassVar[str] = "Square"
    first_options: ClassVar[Options] = Options()
    empty: ClassVar[str] = "Nothing yet."
    gestures: ClassVar[str] = "Click: nothing."

    def __init__(self) -> None:
        self.set_ups = 0
        self.stale = False
        self.pointers: list[Pointer] = []

    def setup(self, figure: Figure, style: Style, begun: Prepared) -> None:
        self.set_ups += 1
        figure.set_facecolor(style.background)
        self.axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.axes.set(xlim=(0, 10), ylim=(0, 10))
        (self.line,) = self.axes.plot(
            [5], [5], "s", markersize=20, color=style.classes[0], markeredgewidth=0
        )

    def lacking(self, ctx: Context[Any]) -> str:
        return ""

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        return (ctx.probe,)

    def draw(self, ctx: Context[Any]) -> bool:
        self.line.set_data([5 + (ctx.probe or 0)], [5])
        return self.stale

    def artists(self) -> Sequence[Artist]:
        return [self.line]

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        self.pointers.append(pointer)
        return ctx.with_focus(example=fake_ref(2)) if pointer.kind == "press" else ctx

    def reset(self, ctx: Context[Any]) -> Context[Any]:
        return ctx

    def describe(self, ctx: Context[Any]) -> str:
        return f"A square at {5 + (ctx.probe or 0)}."

    @staticmethod
    def queries(ctx: Context[Any]) -> tuple[()]:
        return ()


class HasHoverText(Square):
    """A square that tells what it is."""

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        return "a <b> square\nClick: nothing."


def paint(canvas: Canvas) -> None:
    """All parts of a picture."""
    while not canvas.paint():
        pass


@pytest.fixture
def canvas(workbench: Workbench, qtbot: QtBot) -> Canvas:
    made = Canvas(Square(), workbench, fake_style("light"))
    qtbot.addWidget(made)
    made.resize(200, 100)
    made.show()
    paint(made)
    return made


def colour_at(canvas: Canvas, x: int, y: int) -> str:
    return QColor(canvas.grab().toImage().pixelColor(x, y)).name()


def square_of(canvas: Canvas) -> Square:
    assert isinstance(canvas.panel, Square)
    return canvas.panel


def test_a_canvas_shows_its_panel(canvas: Canvas) -> None:
    assert colour_at(canvas, 100, 50) == fake_style("light").classes[0]
    assert colour_at(canvas, 5, 5) == fake_style("light").background


def test_a_moved_artist_leaves_nothing_where_it_was(canvas: Canvas, workbench: Workbench) -> None:
    workbench.look_at(workbench.focus.replace(example=fake_ref(3)))
    paint(canvas)
    assert colour_at(canvas, 160, 50) == fake_style("light").classes[0]
    assert colour_at(canvas, 100, 50) == fake_style("light").background


def test_what_was_drawn_before_the_first_picture_of_a_model_is_not_shown_after_it(
    canvas: Canvas, workbench: Workbench, worker: FakeWorker
) -> None:
    begun = fake_prepared(probes=5)
    worker.post(begun, Status("training"))
    workbench.take()
    paint(canvas)
    square = fake_style("light").classes[0]
    worker.post(fake_snapshot(begun, 0))
    workbench.take()
    assert not canvas.coming
    assert colour_at(canvas, 110, 56) != square
    paint(canvas)
    assert colour_at(canvas, 110, 56) == square


def test_the_static_part_is_drawn_anew_only_when_the_panel_says_so(canvas: Canvas) -> None:
    square = square_of(canvas)
    square.axes.figure.set_facecolor("#123456")
    paint(canvas)
    assert colour_at(canvas, 5, 5) == fake_style("light").background
    square.stale = True
    paint(canvas)
    assert colour_at(canvas, 5, 5) == "#123456"


def test_what_did_not_change_is_kept_and_what_lies_above_it_moves_alone(
    canvas: Canvas, workbench: Workbench
) -> None:
    square = square_of(canvas)
    (mark,) = square.axes.plot([2], [5], "s", markersize=10, color="#ff0000", markeredgewidth=0)
    drawn: list[str] = []
    for name, artist in (("square", square.line), ("mark", mark)):
        original = artist.draw

        def draw(renderer: Any, name: str = name, original: Any = original) -> None:
            drawn.append(name)
            original(renderer)

        artist.draw = draw
    square.draw = lambda ctx: False  # type: ignore[method-assign]
    square.artists = lambda: [square.line, mark]  # type: ignore[method-assign]
    paint(canvas)
    drawn.clear()
    mark.set_data([8], [5])
    paint(canvas)
    assert drawn == ["mark"]
    assert colour_at(canvas, 160, 50) == "#ff0000"
    assert colour_at(canvas, 40, 50) == fake_style("light").background
    assert colour_at(canvas, 100, 50) == fake_style("light").classes[0]
    paint(canvas)
    assert drawn == ["mark"]
    square.line.set_data([6], [5])
    paint(canvas)
    assert drawn == ["mark", "square", "mark"]


def test_another_theme_sets_the_panel_up_anew(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.needs_redraw):
        canvas.set_style(fake_style("dark"))
    paint(canvas)
    assert square_of(canvas).set_ups == 2
    assert colour_at(canvas, 5, 5) == fake_style("dark").background


def test_another_run_sets_the_panel_up_anew(
    canvas: Canvas, workbench: Workbench, worker: FakeWorker
) -> None:
    begun = fake_prepared(probes=5)
    worker.post(begun, fake_snapshot(begun))
    workbench.take()
    assert canvas.outdated
    paint(canvas)
    assert square_of(canvas).set_ups == 2
    worker.post(fake_steps(1, 5))
    workbench.take()
    paint(canvas)
    assert square_of(canvas).set_ups == 2


def test_a_picture_is_outdated_only_when_what_the_panel_reads_is_another(
    canvas: Canvas, workbench: Workbench, worker: FakeWorker
) -> None:
    worker.post(fake_steps(1, 5))
    workbench.take()
    workbench.look_at(workbench.focus.replace(unit=1, cursor=(0.5, 0.5)))
    assert not canvas.outdated
    workbench.look_at(workbench.focus.replace(example=fake_ref(3)))
    assert canvas.outdated
    paint(canvas)
    assert not canvas.outdated


@pytest.mark.parametrize(
    ("panel", "shown"), [(Latent, True), (Loss, False), (MeanOfA, True), (WhyGaussian, False)]
)
def test_snapshots_are_made_for_panels_that_draw_them_or_ask_anew_of_each(
    panel: type[Panel], shown: bool, workbench: Workbench, qtbot: QtBot
) -> None:
    canvas = Canvas(panel(), workbench, fake_style())
    qtbot.addWidget(canvas)
    assert canvas.shows_snapshots is shown


def test_another_size_spoils_the_picture(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.needs_redraw):
        canvas.resize(400, 300)
    paint(canvas)
    assert colour_at(canvas, 200, 150) == fake_style("light").classes[0]


@pytest.mark.parametrize(("width", "height"), [(400, 100), (200, 300), (80, 100), (200, 40)])
def test_until_it_is_painted_anew_a_picture_keeps_its_proportions(
    canvas: Canvas, width: int, height: int
) -> None:
    canvas.resize(width, height)
    seen = canvas.grab().toImage()
    square = QColor(fake_style("light").classes[0])
    rows = [y for y in range(height) if seen.pixelColor(width // 2, y) == square]
    columns = [x for x in range(width) if seen.pixelColor(x, height // 2) == square]
    assert abs(len(rows) - len(columns)) <= 1
    assert seen.pixelColor(1, 1).name() == fake_style("light").background


def test_the_mouse_reaches_the_panel_in_its_own_coordinates(
    canvas: Canvas, workbench: Workbench, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(canvas.used):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 25))
    pointer = square_of(canvas).pointers[-1]
    assert (pointer.kind, pointer.button, pointer.x, pointer.y) == ("press", 1, 50, 75)
    assert pointer.axes is square_of(canvas).axes
    assert pointer.data == pytest.approx((2.5, 7.5), abs=0.01)
    assert workbench.focus.example == fake_ref(2)
    qtbot.mouseMove(canvas, QPoint(60, 25))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 25))
    assert square_of(canvas).pointers[-1].kind == "release"
    assert square_of(canvas).pointers[-1].pressed == (50, 75)


def test_a_turn_of_the_wheel_counts_clicks(canvas: Canvas) -> None:
    none = QPoint(0, 0)
    at = QPointF(10, 10)
    canvas.wheelEvent(
        QWheelEvent(
            at,
            at,
            none,
            QPoint(0, 240),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
    )
    assert square_of(canvas).pointers[-1].turns == 2


def test_arrow_keys_pick_the_next_and_the_previous_probe(
    canvas: Canvas, workbench: Workbench, worker: FakeWorker, qtbot: QtBot
) -> None:
    begun = fake_prepared(probes=5)
    worker.post(begun, fake_snapshot(begun, 0))
    workbench.take()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert workbench.focus.example == fake_ref(1)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert workbench.focus.example == fake_ref(4)


def test_arrow_keys_go_through_the_rows_of_the_data_where_examples_are_counted_by_row(
    canvas: Canvas, workbench: Workbench, worker: FakeWorker, qtbot: QtBot
) -> None:
    begun = fake_prepared(probes=5)
    worker.post(begun, fake_snapshot(begun, 0))
    workbench.take()
    last = ExampleRef("fa4e", "train", begun.data.train_examples - 1)
    workbench.look_at(workbench.focus.replace(example=last))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert workbench.focus.example == ExampleRef("fa4e", "train", 0)
    workbench.look_at(workbench.focus.replace(example=fake_ref(1), by_row=True))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert workbench.focus.example == ExampleRef("fa4e", "test", fake_ref(1).row + 1)


def test_pointing_shows_what_a_panel_tells_below_a_heading_letter_by_letter(
    workbench: Workbench, qtbot: QtBot
) -> None:
    telling = Canvas(HasHoverText(), workbench, fake_style("light"))
    qtbot.addWidget(telling)
    telling.show()
    paint(telling)
    qtbot.mouseMove(telling, QPoint(30, 30))
    qtbot.waitUntil(lambda: bool(QToolTip.text()))
    shown = QTextDocumentFragment.fromHtml(QToolTip.text()).toPlainText()
    assert shown == "a <b> square\nClick: nothing."


def test_a_screen_reader_is_told_what_is_shown(canvas: Canvas) -> None:
    assert canvas.accessibleName() == "Square"
    assert canvas.accessibleDescription() == "A square at 5."


def test_a_hidden_canvas_is_not_on_screen(canvas: Canvas) -> None:
    assert canvas.on_screen()
    canvas.hide()
    assert not canvas.on_screen()
