from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QSpinBox
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.training.record.events import Finished, Status
from vaegui.ui.notices.picture_dialog import PictureSize
from vaegui.ui.plots.canvas import Canvas


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    """A window with a run, painted."""
    bench.window.resize(1300, 800)
    bench.window.show()
    bench.load(panels=True)
    begun = fake_prepared(probes=40)
    bench.post(begun, Status("training"), fake_steps(1, 700), fake_snapshot(begun, 700))
    bench.post(Finished("stopped", 700), Status("idle"))
    qtbot.waitUntil(lambda: len(bench.window.findChildren(Canvas)) == 4, timeout=20_000)
    qtbot.waitUntil(lambda: bench.window.repainter.resting, timeout=20_000)
    return bench


def canvas(bench: Bench, name: str) -> Canvas:
    return next(c for c in bench.window.findChildren(Canvas) if c.panel.name == name)


def right_click(on: Canvas, at: QPoint) -> None:
    QTest.mouseClick(on, Qt.MouseButton.RightButton, pos=at)


def menu(bench: Bench) -> QMenu | None:
    found = bench.window.findChildren(QMenu, "panel_menu")
    return found[0] if found and found[0].isVisible() else None


@pytest.mark.parametrize("name", ["latent", "loss", "reconstructions", "input"])
def test_a_right_click_on_any_panel_opens_its_menu(shown: Bench, name: str) -> None:
    panel = canvas(shown, name)
    right_click(panel, panel.rect().center())
    opened = menu(shown)
    assert opened is not None
    names = [action.objectName() for action in opened.actions()]
    assert names == ["copy_picture", "save_picture", "reset_view"]
    opened.close()


def test_dragging_with_the_right_button_moves_the_map_and_opens_nothing(shown: Bench) -> None:
    panel = canvas(shown, "latent")
    middle = panel.rect().center()
    QTest.mousePress(panel, Qt.MouseButton.RightButton, pos=middle)
    QTest.mouseMove(panel, middle + QPoint(60, 20))
    QTest.mouseRelease(panel, Qt.MouseButton.RightButton, pos=middle + QPoint(60, 20))
    assert menu(shown) is None


@pytest.mark.parametrize(
    ("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_a_panel_is_saved_in_the_size_that_was_asked_for(
    shown: Bench, tmp_path: Path, kind: str, begins: bytes
) -> None:
    path = tmp_path / f"map.{kind}"
    shown.answers.picture_size = PictureSize(width=100, height=80, resolution=254)
    shown.answers.save_picture = str(path)
    canvas(shown, "latent").setFocus()
    shown.press("save_picture")
    assert path.read_bytes().startswith(begins)
    if kind == "png":
        picture = QImage(str(path))
        # 254 pixels of an inch are ten of a millimetre; above the picture stands its title.
        assert picture.width() == pytest.approx(1000, abs=2)
        assert 800 < picture.height() < 900


def test_the_title_of_a_picture_names_panel_epoch_step_and_seed(
    shown: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    # As text rather than as outlines, so that it can be read.
    monkeypatch.setitem(matplotlib.rcParams, "svg.fonttype", "none")
    path = tmp_path / "loss.svg"
    shown.answers.picture_size = PictureSize()
    shown.answers.save_picture = str(path)
    canvas(shown, "loss").setFocus()
    shown.press("save_picture")
    text = path.read_text("utf-8")
    run = shown.workbench.run
    assert run is not None
    assert "Loss · " in text
    assert f"epoch {run.epoch} of {run.begun.settings.training.epochs}, step 700" in text
    assert f"seed {run.begun.settings.training.seed}" in text


def test_after_saving_the_panel_is_on_screen_as_before(
    shown: Bench, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = canvas(shown, "latent")
    before = panel.grab().toImage()
    shown.answers.picture_size = PictureSize(width=60, height=200)
    shown.answers.save_picture = str(tmp_path / "map.png")
    panel.setFocus()
    shown.press("save_picture")
    with qtbot.waitSignal(panel.painted, timeout=10_000):
        pass
    assert panel.grab().toImage() == before


def test_a_picture_that_cannot_be_written_is_told_of(shown: Bench, tmp_path: Path) -> None:
    shown.answers.picture_size = PictureSize()
    shown.answers.save_picture = str(tmp_path / "nowhere" / "map.png")
    shown.press("save_picture")
    label = shown.window.findChild(QLabel, "status.state")
    assert isinstance(label, QLabel)
    assert label.text().startswith("The picture is not saved: No such file or directory")


def test_a_copied_picture_is_in_the_clipboard_twice_as_fine(shown: Bench) -> None:
    panel = canvas(shown, "input")
    panel.setFocus()
    shown.press("copy_picture")
    picture = QGuiApplication.clipboard().image()
    assert picture.width() == pytest.approx(2 * panel.width(), abs=3)
    assert picture.height() > 2 * panel.height()


@pytest.mark.parametrize(("name", "other"), [("latent", "loss"), ("loss", "latent")])
def test_reset_view_shows_everything_again_in_the_panel_used_last(
    shown: Bench, name: str, other: str
) -> None:
    zoomed = (10.0, 20.0, 100.0, 200.0)
    used, left = canvas(shown, name), canvas(shown, other)
    for panel in (used, left):
        panel.set_options(replace(panel.options, limits=zoomed))
    right_click(used, used.rect().center())
    opened = menu(shown)
    assert opened is not None
    opened.close()
    shown.press("reset_view")
    assert used.options.limits is None
    assert left.options.limits == zoomed


def test_pointing_at_an_ellipse_tells_whose_it_is(shown: Bench) -> None:
    panel = canvas(shown, "latent")
    ratio = panel.devicePixelRatioF()
    told = {
        panel.panel.hover_text(x * ratio, y * ratio, panel.context)  # type: ignore[attr-defined]
        for x in range(40, panel.width(), 6)
        for y in range(30, panel.height(), 6)
    }
    assert "" in told
    some = next(text for text in told if text)
    assert some.startswith("Input ")
    assert "mean" in some
    assert "sd" in some
    assert "nats" in some


def test_the_status_bar_says_what_the_mouse_can_do_where_it_is(shown: Bench) -> None:
    panel = canvas(shown, "loss")
    hint = shown.window.findChild(QLabel, "status.hint")
    assert isinstance(hint, QLabel)
    QTest.mouseMove(shown.window, QPoint(2, 2))
    QTest.mouseMove(panel, panel.rect().center())
    assert hint.text() == panel.panel.gestures


def test_the_number_of_an_input_can_be_typed(shown: Bench) -> None:
    number = shown.window.findChild(QSpinBox, "example.number")
    assert isinstance(number, QSpinBox)
    assert number.maximum() == 40
    number.selectAll()
    QTest.keyClicks(number, "17")
    assert shown.workbench.focus.example == fake_ref(0)
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert shown.workbench.focus.example == fake_ref(16)
    shown.workbench.look_at(shown.workbench.focus.replace(example=fake_ref(3)))
    assert number.value() == 4
