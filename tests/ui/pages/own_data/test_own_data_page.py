from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.fake_worker import Bench
from tests.ui.shell.test_small_sizes import faults
from vaegui.data.own.own import OwnData
from vaegui.training.record.events import Progress, Rehearsed, Status
from vaegui.ui.pages.own_data.looks import column_model
from vaegui.ui.pages.own_data.looks.column_model import ROLE
from vaegui.ui.pages.own_data.looks.grid import ExampleGrid
from vaegui.ui.pages.own_data.page import OwnDataPage
from vaegui.ui.pages.own_data.start import READY_MADE

LINES = 240


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    bench.load()
    bench.window.resize(1320, 840)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    return bench


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Decimal comma, two kinds of missing, a constant column, a column that counts, a class."""
    rng = np.random.default_rng(0)
    lines = ["Nr;Length [cm];Weight;Station;Species"]
    for i in range(LINES):
        length = "n/a" if i == 5 else f"{rng.normal(10, 2):.2f}".replace(".", ",")
        weight = "-999" if i in (8, 31) else f"{rng.normal(50, 9):.1f}".replace(".", ",")
        lines.append(f"{i + 1};{length};{weight};A1;{('cat', 'dog')[i % 2]}")
    path = tmp_path / "animals.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Colour pictures of several sizes in two folders, one of which is damaged."""
    rng = np.random.default_rng(0)
    for kind in ("cats", "dogs"):
        (tmp_path / "pets" / kind).mkdir(parents=True)
        for i in range(12):
            size = (int(rng.integers(20, 40)), int(rng.integers(20, 40)), 3)
            pixels = rng.integers(0, 256, size, np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pets" / kind / f"{i}.png")
    (tmp_path / "pets" / "cats" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture" * 9)
    return tmp_path / "pets"


def part(bench: Bench, kind: type[QWidget], name: str) -> QWidget:
    found = bench.window.findChild(kind, f"own_data.{name}")
    assert found is not None, name
    return found


def text(bench: Bench, name: str) -> str:
    found = part(bench, QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def words(bench: Bench, name: str) -> str:
    """All that a section says."""
    return " ".join(label.text() for label in part(bench, QWidget, name).findChildren(QLabel))


def press(bench: Bench, name: str) -> None:
    found = part(bench, QPushButton, name)
    assert isinstance(found, QPushButton)
    assert found.isEnabled(), found.toolTip()
    found.click()


def settled(bench: Bench, qtbot: QtBot) -> None:
    page = bench.window.pages["own_data"]
    assert isinstance(page, OwnDataPage)
    recipe = bench.window.data.recipe
    qtbot.waitUntil(lambda: not recipe.busy and page.is_up_to_date, timeout=30_000)


def look_at(bench: Bench, qtbot: QtBot, path: Path) -> None:
    bench.window.data.open(str(path))
    settled(bench, qtbot)
    assert bench.window.data.recipe.failure is None


def data_of(bench: Bench) -> OwnData:
    data = bench.window.data.recipe.data
    assert data is not None
    return data


def test_a_table_that_is_dropped_is_looked_at_whatever_is_going_on(
    bench: Bench, qtbot: QtBot, table: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for kind in (QDragEnterEvent, QDropEvent):
        QApplication.sendEvent(
            bench.window, kind(QPoint(5, 5), Qt.DropAction.CopyAction, data, *held)
        )
    settled(bench, qtbot)
    assert bench.window.pages.current.name == "own_data"
    assert text(bench, "title") == "animals.csv"
    assert "240 examples" in text(bench, "about")


def test_each_guess_has_its_reason_and_what_else_it_may_be(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    box = part(shown, QComboBox, "detected.delimiter")
    assert isinstance(box, QComboBox)
    assert box.currentText() == "semicolon"
    assert "lines have 5 cells" in box.accessibleDescription()
    assert box.findText("comma") >= 0
    assert "-999" in words(shown, "detected")


def test_another_choice_is_read_at_once_and_can_be_undone(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    box = part(shown, QComboBox, "detected.decimal")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText("point"))
    box.activated.emit(box.currentIndex())
    settled(shown, qtbot)
    assert data_of(shown).format.model_dump()["decimal"] == "point"
    assert data_of(shown).columns[1].kind != "number"
    undo = shown.window.findChild(type(shown.window.actions_["open"]), "undo")
    assert undo is not None
    undo.trigger()
    settled(shown, qtbot)
    assert data_of(shown).format.model_dump()["decimal"] == "comma"
    assert data_of(shown).columns[1].kind == "number"


def test_rows_and_columns_of_a_table_are_shown_and_roles_can_be_chosen(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    rows = part(shown, QTableWidget, "rows")
    assert isinstance(rows, QTableWidget)
    head = rows.horizontalHeaderItem(1)
    assert head is not None
    assert head.text() == "Length"
    columns = part(shown, QTableView, "columns.table")
    assert isinstance(columns, QTableView)
    model = columns.model()
    assert [model.index(i, ROLE).data(Qt.ItemDataRole.EditRole) for i in range(5)] == [
        "ignore",
        "feature",
        "feature",
        "ignore",
        "label",
    ]
    assert "counts the rows" in model.index(0, ROLE).data(Qt.ItemDataRole.ToolTipRole)
    assert model.setData(model.index(4, ROLE), "feature")
    settled(shown, qtbot)
    assert data_of(shown).columns[4].role == "feature"
    assert "no labels" in text(shown, "classes")


def test_one_click_opens_the_list_of_roles_and_tab_leaves_the_table(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    columns = part(shown, QTableView, "columns.table")
    assert isinstance(columns, QTableView)
    viewport = columns.viewport()
    place = columns.visualRect(columns.model().index(4, ROLE)).center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    box = part(shown, QComboBox, "columns.role")
    assert isinstance(box, QComboBox)
    qtbot.waitUntil(lambda: box.view().isVisible())
    qtbot.keyClick(box.view(), Qt.Key.Key_Up)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    settled(shown, qtbot)
    assert data_of(shown).columns[4].role == "feature"
    columns.setFocus()
    qtbot.keyClick(columns, Qt.Key.Key_Tab)
    assert not columns.hasFocus()


def test_all_remedies_and_advice_are_one_click_and_training_is_the_next(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    assert "Train cannot start" in text(shown, "said")
    assert not part(shown, QPushButton, "train").isEnabled()
    assert "values that are missing" in words(shown, "problems")
    press(shown, "take_all")
    settled(shown, qtbot)
    press(shown, "train")
    ((settings, anew),) = shown.worker.called("train")
    assert anew
    assert settings == shown.window.setup.value
    assert settings.data.path == str(table)
    assert settings.likelihood.kind == "gaussian-learned"
    assert settings.data.missing == "drop"
    assert shown.window.pages.current.name == "workbench"


def test_one_remedy_is_taken_alone(shown: Bench, qtbot: QtBot, table: Path) -> None:
    look_at(shown, qtbot, table)
    press(shown, "problems.missing.fix")
    settled(shown, qtbot)
    assert data_of(shown).missing == "drop"
    assert shown.window.findChild(QWidget, "own_data.problems.missing") is None
    assert text(shown, "said") != ""


def test_what_was_left_out_is_listed_and_saved(
    shown: Bench, qtbot: QtBot, table: Path, tmp_path: Path
) -> None:
    look_at(shown, qtbot, table)
    press(shown, "problems.missing.fix")
    settled(shown, qtbot)
    shown.answers.ledger_file = str(tmp_path / "list.json")
    press(shown, "ledger.show")
    listed = part(shown, QTableView, "ledger.table")
    assert isinstance(listed, QTableView)
    assert listed.model().rowCount() == 3
    press(shown, "ledger.save")
    assert [row["what"] for row in json.loads((tmp_path / "list.json").read_text())] == [
        "left out"
    ] * 3
    press(shown, "ledger.close")


def test_data_are_put_into_setup_as_one_change(shown: Bench, qtbot: QtBot, table: Path) -> None:
    look_at(shown, qtbot, table)
    before = shown.window.setup.value
    press(shown, "use")
    setup = shown.window.setup
    assert setup.value is not None
    assert isinstance(setup.value.data, OwnData)
    setup.undo_stack.undo()
    assert setup.value == before


def test_the_data_that_setup_has_can_be_looked_at_again(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    press(shown, "take_all")
    settled(shown, qtbot)
    press(shown, "use")
    shown.window.data.recipe.forget()
    shown.window.pages.turn_to("own_data")
    press(shown, "again")
    settled(shown, qtbot)
    assert text(shown, "title") == "animals.csv"
    assert data_of(shown).missing == "drop"
    box = part(shown, QComboBox, "detected.delimiter")
    assert isinstance(box, QComboBox)
    assert box.currentText() == "semicolon"


def test_pictures_are_shown_in_colour_and_the_damaged_one_is_named(
    shown: Bench, qtbot: QtBot, pictures: Path
) -> None:
    look_at(shown, qtbot, pictures)
    grid = part(shown, ExampleGrid, "examples.grid")
    assert isinstance(grid, ExampleGrid)
    assert grid.count == 23
    assert "cats/0.png" in grid.caption_at(QPoint(5, 5))
    assert "3.png" in words(shown, "problems")
    assert "cats (11), dogs (12)" in text(shown, "classes")
    assert not part(shown, QFrame, "columns").isVisible()


def test_the_layout_that_looks_right_is_chosen_by_a_click(
    shown: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    y, x = np.mgrid[:12, :12]
    rng = np.random.default_rng(0)
    waves = np.sin(x[None] * rng.uniform(0.2, 0.5, (300, 1, 1)) + y / 3) * 100 + 128
    np.save(tmp_path / "waves.npy", waves.astype(np.uint8).reshape(300, 144))
    look_at(shown, qtbot, tmp_path / "waves.npy")
    assert shown.window.data.recipe.found is not None
    looks = shown.window.data.recipe.found.look.layouts
    assert looks[0].layout.form == "picture"
    features = next(i for i, look in enumerate(looks) if look.layout.form == "features")
    press(shown, f"layouts.{features}")
    settled(shown, qtbot)
    assert data_of(shown).layout.form == "features"


def test_what_cannot_be_read_is_told_on_the_page(
    shown: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY\x01\x00 and no more")
    shown.window.data.open(str(tmp_path / "broken.npy"))
    settled(shown, qtbot)
    assert part(shown, QFrame, "failure").isVisible()
    assert "broken.npy" in text(shown, "failure.message")
    assert text(shown, "failure.remedy")
    assert part(shown, QPushButton, "open_file").isVisible()


def test_what_cannot_be_read_as_it_was_detected_can_be_read_otherwise(
    shown: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "words.csv").write_text("name,code\n" + ",\n" * 60)  # nothing in any column
    shown.window.data.open(str(tmp_path / "words.csv"))
    settled(shown, qtbot)
    assert part(shown, QFrame, "failure").isVisible()
    box = part(shown, QComboBox, "detected.delimiter")
    assert isinstance(box, QComboBox)
    assert box.isVisible()
    assert not part(shown, QFrame, "problems").isVisible()
    (tmp_path / "words.csv").write_text("a;b\n" + "\n".join(f"{i};{i * i}" for i in range(60)))
    box.setCurrentIndex(box.findText("semicolon"))
    box.activated.emit(box.currentIndex())
    settled(shown, qtbot)
    assert text(shown, "title") == "words.csv"
    assert part(shown, QFrame, "problems").isVisible()


def test_a_change_that_does_not_work_leaves_what_was_there(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    columns = part(shown, QTableView, "columns.table")
    assert isinstance(columns, QTableView)
    model = columns.model()
    for row in (1, 2):
        model.setData(model.index(row, ROLE), "ignore")
        settled(shown, qtbot)
    assert "Not done: Weight: ignore. No column" in text(shown, "failure.message")
    box = part(shown, QComboBox, "detected.encoding")
    assert isinstance(box, QComboBox)
    before = box.currentText()
    box.setCurrentIndex(box.findText("utf-16"))
    box.activated.emit(box.currentIndex())
    settled(shown, qtbot)
    assert "Not done: Encoding: utf-16." in text(shown, "failure.message")
    assert box.currentText() == before
    assert [c.role for c in data_of(shown).columns].count("feature") == 1
    assert text(shown, "title") == "animals.csv"


def test_data_that_come_along_are_put_into_setup_with_settings_that_suit_them(
    shown: Bench,
) -> None:
    shown.window.pages.turn_to("own_data")
    for kind in READY_MADE:
        shown.window.pages.turn_to("own_data")
        press(shown, f"ready.{kind.model_fields['kind'].default}")
        value = shown.window.setup.value
        assert value is not None
        assert isinstance(value.data, kind)


def test_reading_can_be_cancelled(shown: Bench, qtbot: QtBot, table: Path) -> None:
    shown.window.data.open(str(table))
    press(shown, "cancel")
    assert not shown.window.data.recipe.busy
    assert part(shown, QWidget, "start").isVisible()
    look_at(shown, qtbot, table)
    assert text(shown, "title") == "animals.csv"


def test_a_rehearsal_tells_how_it_went_and_can_be_cancelled(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    look_at(shown, qtbot, table)
    assert not part(shown, QPushButton, "rehearse").isEnabled()
    press(shown, "take_all")
    settled(shown, qtbot)
    press(shown, "rehearse")
    ((settings,),) = shown.worker.called("rehearse")
    assert settings == shown.window.data.recipe.settings
    shown.post(Status("rehearsing"), Progress("Rehearsing (steps)", 7, 20))
    assert "7 of 20" in text(shown, "rehearsal.told")
    press(shown, "rehearsal.cancel")
    assert shown.worker.called("cancel")
    shown.post(Rehearsed(settings, 20, 2.0, 64_000_000, 14.2), Status("idle"))
    told = text(shown, "rehearsal.told")
    for words_ in ("about 2 s", "64 MB", "stayed finite", "14.2 nats"):
        assert words_ in told
    shown.post(Rehearsed(settings, why_not="Its numbers were no longer finite."), Status("idle"))
    assert "no longer finite" in text(shown, "rehearsal.told")


def test_open_data_asks_for_a_file(shown: Bench, qtbot: QtBot, table: Path) -> None:
    shown.answers.data_file = str(table)
    shown.press("open_data")
    settled(shown, qtbot)
    assert shown.window.pages.current.name == "own_data"
    assert text(shown, "title") == "animals.csv"


@pytest.mark.parametrize("what", ["table", "pictures"])
def test_nothing_is_cut_off_on_a_small_screen(
    bench: Bench, qtbot: QtBot, what: str, request: pytest.FixtureRequest
) -> None:
    bench.load()
    bench.window.resize(853, 480)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    look_at(bench, qtbot, request.getfixturevalue(what))
    qtbot.waitUntil(lambda: not faults(bench.window), timeout=5_000)


def test_a_table_with_very_many_columns_is_shown_without_all_its_texts(
    shown: Bench, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    width, made = 3000, []
    values = np.random.default_rng(0).normal(size=(30, width))
    lines = [",".join(f"f{i}" for i in range(width))]
    lines += [",".join(f"{x:.3f}" for x in row) for row in values.tolist()]
    (tmp_path / "wide.csv").write_text("\n".join(lines))
    monkeypatch.setattr(
        column_model, "_cells", lambda column, profile: made.append(column.name) or ("x",) * 9
    )
    look_at(shown, qtbot, tmp_path / "wide.csv")
    listed = part(shown, QTableView, "columns.table")
    assert isinstance(listed, QTableView)
    assert listed.model().rowCount() == width
    assert 0 < len(made) < 200


def test_words_for_missing_values_can_be_typed_beside_those_that_were_found(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    lines = table.read_text("utf-8").splitlines()
    for row in (20, 25):
        cells = lines[row].split(";")
        lines[row] = ";".join([cells[0], "k.A.", *cells[2:]])
    table.write_text("\n".join(lines) + "\n", "utf-8")
    look_at(shown, qtbot, table)
    assert "'k.A.'" in words(shown, "problems.wrong_cells")
    edit = part(shown, QLineEdit, "detected.also_missing")
    assert isinstance(edit, QLineEdit)
    edit.setText("k.A., unknown")
    edit.editingFinished.emit()
    settled(shown, qtbot)
    assert data_of(shown).format.model_dump()["also_missing"] == ("k.A.", "unknown")
    assert "k.A." not in words(shown, "problems")
    assert "-999" in words(shown, "detected")


def test_one_click_takes_words_that_are_no_numbers_for_missing(
    shown: Bench, qtbot: QtBot, table: Path
) -> None:
    table.write_text(table.read_text("utf-8").replace("n/a", "k.A."), "utf-8")
    look_at(shown, qtbot, table)
    press(shown, "problems.wrong_cells.fix")
    settled(shown, qtbot)
    edit = part(shown, QLineEdit, "detected.also_missing")
    assert isinstance(edit, QLineEdit)
    assert edit.text() == "k.A."
