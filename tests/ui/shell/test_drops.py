from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from tests.fakes import fake_prepared, fake_steps
from tests.hostile.models.foreign import OLD
from tests.ui.fake_worker import Bench
from vaegui.training.record.events import Status

_HELD = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
_OFFERED = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(bench: Bench, data: QMimeData) -> QDropEvent:
    """Drag something over the window and let go; the source proposes to move it."""
    for kind in (QDragEnterEvent, QDragMoveEvent):
        over = kind(QPoint(5, 5), _OFFERED, data, *_HELD)
        QApplication.sendEvent(bench.window, over)
        assert over.isAccepted()
        assert over.dropAction() is Qt.DropAction.CopyAction
    dropped = QDropEvent(QPoint(5, 5), _OFFERED, data, *_HELD)
    QApplication.sendEvent(bench.window, dropped)
    return dropped


def data_opened(bench: Bench) -> list[bool]:
    """What is added to when data are opened from now on."""
    opened: list[bool] = []
    bench.window.data.opened.connect(lambda: opened.append(True))
    return opened


def told(bench: Bench) -> str:
    """What the dialog about a failure says, which is closed then."""
    (dialog,) = bench.window.findChildren(QDialog, "failure")
    parts = (dialog.findChild(QLabel, name) for name in ("message", "remedy"))
    words = " ".join(part.text() for part in parts if part is not None)
    dialog.close()
    return words


def test_a_model_file_that_is_dropped_is_opened_and_copied_never_moved(
    bench: Bench, model_file: Path
) -> None:
    bench.load()
    dropped = drop(bench, files(model_file))
    assert dropped.dropAction() is Qt.DropAction.CopyAction
    assert bench.worker.called("open") == [(str(model_file),)]


@pytest.mark.parametrize(
    ("names", "why_not"),
    [
        (["w.safetensors"], "w.safetensors holds weights"),
        (["a.keras", "b.keras"], "2 files cannot be opened at once."),
        ([], "What was dropped is no file"),
    ],
)
def test_what_cannot_be_opened_is_taken_and_the_user_told_what_can(
    bench: Bench, tmp_path: Path, names: list[str], why_not: str
) -> None:
    bench.load()
    drop(bench, files(*(tmp_path / name for name in names)))
    words = told(bench)
    assert why_not in words
    assert "Drop one model file" in words
    assert bench.worker.called("open") == []


@pytest.mark.parametrize("name", ["lfs.h5", "page.html", "vae.pkl", "vae.pt", "saved_model.pb"])
def test_files_that_are_neither_model_nor_data_are_called_by_their_names(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    starts = {
        "lfs.h5": b"version https://git-lfs.github.com/spec/v1\n",
        "page.html": b"<!DOCTYPE html>",
    }
    (tmp_path / name).write_bytes(starts.get(name, b"\x80\x04K\x01."))
    bench.load()
    opened = data_opened(bench)
    drop(bench, files(tmp_path / name))
    assert f"{name} cannot be opened: it " in told(bench)
    assert not opened


def test_a_saved_model_folder_is_no_folder_of_data(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "vae").mkdir()
    (tmp_path / "vae" / "saved_model.pb").write_bytes(b"\x08\x01\x12")
    bench.load()
    drop(bench, files(tmp_path / "vae"))
    assert "tf_keras.models.load_model('vae').save('model.h5')" in told(bench)


def test_hdf5_is_told_by_what_is_in_it(bench: Bench, tmp_path: Path) -> None:
    h5 = OLD.read_bytes()
    (tmp_path / "vae.hdf5").write_bytes(h5)
    bench.load()
    drop(bench, files(tmp_path / "vae.hdf5"))
    assert bench.answers.asked == ["reading"]
    opened = data_opened(bench)
    with h5py.File(tmp_path / "x.h5", "w") as data:
        data["x"] = np.zeros((8, 3), np.float32)
    drop(bench, files(tmp_path / "x.h5"))
    assert opened
    bench.window.data.recipe.cancel()


def test_encoder_and_decoder_may_be_dropped_together(bench: Bench, tmp_path: Path) -> None:
    paths = [tmp_path / "one.h5", tmp_path / "two.h5"]
    for path in paths:
        path.write_bytes(OLD.read_bytes())
    bench.load()
    drop(bench, files(*paths))
    assert bench.answers.asked == ["reading"]


def test_text_that_is_dropped_is_no_file(bench: Bench) -> None:
    bench.load()
    data = QMimeData()
    data.setText("hello")
    drop(bench, data)
    assert "no file" in told(bench)


def test_a_drop_while_nothing_can_be_opened_says_why(bench: Bench, model_file: Path) -> None:
    drop(bench, files(model_file))
    assert told(bench) == (
        f"{model_file.name} cannot be opened now: loading TensorFlow ... Drop it again after that."
    )
    assert bench.worker.called("open") == []


def test_a_file_that_cannot_be_opened_costs_nobody_a_question_about_the_present_model(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load()
    bench.post(fake_prepared(), fake_steps(1, 5), Status("idle"))
    broken = tmp_path / "broken.keras"
    broken.write_bytes(b"not an archive")
    drop(bench, files(broken))
    assert "broken.keras" in told(bench)
    assert bench.answers.asked == []
    assert bench.worker.called("open") == []


def test_a_good_file_asks_about_the_present_model(bench: Bench, model_file: Path) -> None:
    bench.load()
    bench.post(fake_prepared(), fake_steps(1, 5), Status("idle"))
    drop(bench, files(model_file))
    assert bench.answers.asked == ["unsaved"]
    assert bench.worker.called("open") == []
