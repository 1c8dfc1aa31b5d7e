"""Diagnostics tell of the machine and the program, and of the user nothing."""

from __future__ import annotations

import getpass
import logging
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from tests.fakes import fake_prepared, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.errors import FileError
from vaegui.machine import log
from vaegui.training.record.events import Status
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands import help_commands
from vaegui.ui.help.diagnostics import settings_lines


@pytest.fixture(autouse=True)
def errors(tmp_path: Path) -> Iterator[None]:
    """The program remembers errors only after the start of its log; there are none at first."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    log.start_log(tmp_path, crashes=False)
    begun = [handler for handler in root.handlers if handler not in before]
    for handler in begun:
        if isinstance(handler, log.LastErrors):
            handler.told.clear()
    yield
    for handler in begun:
        root.removeHandler(handler)
        handler.close()
    logging.captureWarnings(False)


def copied(bench: Bench) -> str:
    bench.press("diagnostics")
    return QGuiApplication.clipboard().text()


def test_versions_device_settings_and_state_are_told(bench: Bench) -> None:
    bench.load()
    bench.post(fake_prepared(), Status("training"))
    bench.post(fake_steps(1, 5))
    text = copied(bench)
    for part in (
        "vaegui 0.",
        f"Python {platform.python_version()}",
        "TensorFlow 2.21.0",
        "device CPU. No GPU was found.",
        "state training",
        "compiler XLA",
        "run at step 5 of 2,000, 1,234,567 parameters",
        "training.epochs = 20",
        "architecture.kind = dense",
        "Last errors\n  none",
    ):
        assert part in text


def test_it_works_before_anything_is_loaded(bench: Bench) -> None:
    text = copied(bench)
    assert "TensorFlow not loaded" in text
    assert "state loading" in text


def test_errors_are_told_without_what_they_say(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "patient Miller.keras"
    try:
        try:
            secret.with_name("missing").stat()
        except OSError as error:
            raise FileError(f"{secret} cannot be read.") from error
    except FileError as error:
        logging.getLogger("vaegui").error("%s did not work", f"opening {secret}", exc_info=error)
    text = copied(bench)
    assert "FileError" in text
    assert "FileNotFoundError errno 2" in text
    for private in ("Miller", str(tmp_path), str(Path.home()), os.environ["HOME"]):
        assert private not in text


def test_nothing_names_the_user_their_files_or_their_data(bench: Bench) -> None:
    bench.load()
    bench.post(fake_prepared(path="/home/ann/thesis.keras"), Status("idle"))
    text = copied(bench)
    for private in ("thesis", "/home", "Fake data", platform.node(), f"/{getpass.getuser()}/"):
        assert not private or private not in text


class Source(BaseModel):
    kind: Literal["file"] = "file"
    path: str = "/home/ann/patients.csv"
    columns: tuple[str, ...] = ("age",)
    sizes: tuple[int, ...] = (1, 2)


def test_words_that_a_user_wrote_in_settings_are_left_out() -> None:
    assert list(settings_lines(Source(), "data.")) == [
        "data.kind = file",
        "data.path = (left out)",
        "data.columns = (left out)",
        "data.sizes = (1, 2)",
    ]


def test_no_setting_of_the_program_itself_is_left_out() -> None:
    assert "(left out)" not in "\n".join(settings_lines(Settings()))


def test_the_log_folder_is_made_and_opened(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setattr(help_commands, "log_folder", lambda: tmp_path / "new" / "log")
    bench.press("log_folder")
    assert [Path(path) for path in opened] == [tmp_path / "new" / "log"]
    assert (tmp_path / "new" / "log").is_dir()


def test_where_it_cannot_be_made_that_is_said(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(help_commands, "log_folder", lambda: tmp_path / "file" / "log")
    said: list[str] = []
    bench.window.help.notified.connect(said.append)
    bench.press("log_folder")
    assert said[0].startswith("There is no log")
