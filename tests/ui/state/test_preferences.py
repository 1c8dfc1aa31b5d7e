from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from vaegui.ui.state.preferences import MOST_RECENT, Preferences


def test_what_is_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "window.ini")
    first.theme = "dark"
    first.add_recent("/models/a.keras")
    first.keep_layout(QByteArray(b"geometry"), QByteArray(b"layout"))
    second = Preferences(tmp_path / "window.ini")
    assert second.theme == "dark"
    assert second.recent == ["/models/a.keras"]
    assert second.geometry == QByteArray(b"geometry")
    assert second.layout == QByteArray(b"layout")


def test_recent_files_are_latest_first_without_repetition_and_bounded(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    for number in range(MOST_RECENT + 3):
        preferences.add_recent(f"/models/{number}.keras")
    preferences.add_recent("/models/5.keras")
    assert len(preferences.recent) == MOST_RECENT
    assert preferences.recent[:2] == ["/models/5.keras", f"/models/{MOST_RECENT + 2}.keras"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    preferences = Preferences(blocked / "window.ini")
    preferences.theme = "dark"
    preferences.keep_layout(QByteArray(b"geometry"), QByteArray(b"layout"))
    assert preferences.recent == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("silence=60", 60.0), ("", None), ("silence=0", None), ("silence=x", None)],
)
def test_how_long_silence_is_borne_can_be_written_in_the_file(
    tmp_path: Path, text: str, seconds: float | None
) -> None:
    path = tmp_path / "window.ini"
    path.write_text(f"[General]\n{text}\n")
    assert Preferences(path).silence == seconds


def test_nonsense_in_the_file_is_as_if_nothing_were_there(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_text("[General]\ntheme=purple\nrecent=@Invalid()\ngeometry=7\n")
    preferences = Preferences(path)
    assert preferences.theme == "system"
    assert preferences.recent == []
    assert preferences.geometry.isEmpty()
