from __future__ import annotations

import errno
import random
import socket
import tempfile
from pathlib import Path

import pytest

from tests.data.server import FileServer, described
from vaegui.data.sources import download
from vaegui.data.sources.download import fetch
from vaegui.errors import Cancelled, DataError
from vaegui.progress import no_progress

FIRST = random.Random(1).randbytes(100_000)
SECOND = random.Random(2).randbytes(30_001)
FILES = (described("first.bin", FIRST), described("second.bin", SECOND))


@pytest.fixture
def serving(server: FileServer) -> FileServer:
    server.files = {"first.bin": FIRST, "second.bin": SECOND}
    return server


def get(server: FileServer, folder: Path) -> None:
    fetch("The data", FILES, folder, server.url, no_progress)


def test_files_arrive_whole_in_a_folder_that_is_made(serving: FileServer, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    get(serving, folder)
    assert (folder / "first.bin").read_bytes() == FIRST
    assert (folder / "second.bin").read_bytes() == SECOND
    assert len(list(folder.iterdir())) == 2


def test_progress_counts_the_bytes_of_all_files_up_to_their_sum(
    serving: FileServer, tmp_path: Path
) -> None:
    calls: list[tuple[str, int, int | None]] = []
    fetch("The data", FILES, tmp_path, serving.url, lambda *call: calls.append(call))
    done = [call[1] for call in calls]
    assert {(what, total) for what, _, total in calls} == {
        ("Downloading The data (bytes)", 130_001)
    }
    assert done[0] == 0
    assert done[-1] == 130_001
    assert done == sorted(done)
    assert len(set(done)) > 10


def test_files_that_are_there_are_not_asked_for_again(serving: FileServer, tmp_path: Path) -> None:
    get(serving, tmp_path)
    serving.requests.clear()
    calls: list[object] = []
    fetch("The data", FILES, tmp_path, serving.url, lambda *call: calls.append(call))
    assert serving.requests == []
    assert calls == []


def test_a_damaged_file_in_the_folder_is_replaced(serving: FileServer, tmp_path: Path) -> None:
    (tmp_path / "first.bin").write_bytes(FIRST[:500])
    (tmp_path / "second.bin").write_bytes(SECOND)
    get(serving, tmp_path)
    assert serving.requests == ["first.bin"]
    assert (tmp_path / "first.bin").read_bytes() == FIRST


def test_cancelling_midway_leaves_nothing_behind(serving: FileServer, tmp_path: Path) -> None:
    def cancel_midway(what: str, done: int, total: int | None) -> None:
        if done > 50_000:
            raise Cancelled(what)

    with pytest.raises(Cancelled):
        fetch("The data", FILES, tmp_path, serving.url, cancel_midway)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_while_the_server_is_silent_is_no_error(
    serving: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.2)
    serving.stalling = {"first.bin"}
    calls: list[int] = []

    def cancel_at_the_second_call(what: str, done: int, total: int | None) -> None:
        calls.append(done)
        if len(calls) == 2:
            raise Cancelled(what)

    with pytest.raises(Cancelled):
        fetch("The data", FILES, tmp_path, serving.url, cancel_at_the_second_call)
    assert calls == [0, 0]
    assert list(tmp_path.iterdir()) == []


def test_the_waits_for_a_silent_server_are_ten_seconds_at_most() -> None:
    assert download.CONNECT_SECONDS + download.SILENCE_SECONDS <= 10


def failure(url: str, folder: Path) -> DataError:
    """The error of a download that must fail; no file may be left in an existing folder."""
    with pytest.raises(DataError) as caught:
        fetch("The data", FILES, folder, url, no_progress)
    assert "Choose 'MNIST sample'" in caught.value.remedy
    assert "try again" in caught.value.remedy
    assert not folder.is_dir() or list(folder.iterdir()) == []
    return caught.value


def test_a_missing_file_is_told_with_the_servers_answer(server: FileServer, tmp_path: Path) -> None:
    error = failure(server.url, tmp_path)
    assert error.message.startswith("The data could not be downloaded: 127.0.0.1:")
    assert error.message.endswith("answered 404 (Not Found).")


def test_a_wrong_checksum_is_told(serving: FileServer, tmp_path: Path) -> None:
    serving.files["first.bin"] = SECOND
    assert "its checksum is wrong" in failure(serving.url, tmp_path).message


def test_a_refused_connection_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/", tmp_path)
    assert f"there is no connection to 127.0.0.1:{port}" in error.message
    assert "check the network" in error.remedy


def test_a_server_that_falls_silent_is_told(
    serving: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.2)
    serving.stalling = {"first.bin"}
    assert "stopped sending" in failure(serving.url, tmp_path).message


def test_a_connection_that_breaks_off_is_told(serving: FileServer, tmp_path: Path) -> None:
    serving.breaking = {"first.bin"}
    assert "broke off" in failure(serving.url, tmp_path).message


def test_a_folder_that_cannot_be_made_is_told(serving: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = failure(serving.url, tmp_path / "file" / "cache")
    assert "cannot be written to" in error.message
    assert "KERAS_HOME" in error.remedy


def test_a_full_disk_is_told(
    serving: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    error = failure(serving.url, tmp_path)
    assert f"the disk of {tmp_path} is full" in error.message
    assert "free some space" in error.remedy
