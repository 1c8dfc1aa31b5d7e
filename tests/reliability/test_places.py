"""Full disks, read-only and vanished folders, long and foreign names: nothing is lost there."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.figures import record
from tests.training import tiny
from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.autosave import Autosave
from vaegui.files.model import model_file
from vaegui.training.trainer.trainer import Trainer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and rights of POSIX")


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    trained = tiny.trainer(training__epochs=1)
    list(trained.run())
    return trained


@pytest.fixture
def saved(tmp_path: Path, trainer: Trainer) -> Path:
    """A model file that must survive."""
    path = tmp_path / "model.keras"
    model_file.save(path, trainer)
    return path


def refused(path: Path, what: Trainer | bytes, reason: str) -> None:
    """Saving fails with that reason and a remedy, and the folder is as it was, byte for byte."""

    def content() -> dict[str, bytes]:
        if not path.parent.is_dir():
            return {}
        return {p.name: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}

    def attempt() -> None:
        if isinstance(what, bytes):
            with replacing(path) as temporary:
                temporary.write_bytes(what)
        else:
            model_file.save(path, what)

    before = content()
    with pytest.raises(FileError, match=reason) as caught:
        attempt()
    assert caught.value.remedy
    assert content() == before


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process may grow beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_disk_that_fills_up_at_any_byte_loses_nothing(saved: Path, trainer: Trainer) -> None:
    size = saved.stat().st_size
    limits = range(0, size, size // 25)
    for limit in limits:
        with file_size_limit(limit):
            refused(saved, trainer, "larger than is allowed|disk")
    assert model_file.open_model(saved).step == trainer.step
    record("Disk full", f"{len(limits)} places in the file; 0 files lost")


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="cannot mount")
def test_a_file_system_that_is_full_loses_nothing(
    tmp_path: Path, saved: Path, trainer: Trainer
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    size = saved.stat().st_size * 3 // 2
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(small)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed")
    try:
        shutil.copy(saved, small / "model.keras")
        refused(small / "model.keras", trainer, "the disk is full")
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        refused(small / "model.keras", trainer, "read-only")
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="changes the user of this process")
def test_a_read_only_folder_loses_nothing(tmp_path: Path, trainer: Trainer) -> None:
    with contextlib.ExitStack() as stack:
        folder = tmp_path / "shared"
        folder.mkdir()
        model_file.save(folder / "model.keras", trainer)
        folder.chmod(0o555)
        stack.callback(folder.chmod, 0o755)
        if os.geteuid() == 0:
            # The superuser may write anywhere, so this is somebody else for a moment.
            for parent in (tmp_path, *tmp_path.parents):
                if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o005:
                    stack.callback(parent.chmod, parent.stat().st_mode)
                    parent.chmod(0o755)
            stack.callback(os.seteuid, 0)
            os.seteuid(65_534)
        # Not with a whole model: somebody else may not be able to read the program itself.
        refused(folder / "model.keras", b"new", "may not write")
        refused(folder / "new.keras", b"new", "may not write")


def test_a_folder_that_has_vanished_is_told(tmp_path: Path, trainer: Trainer) -> None:
    refused(tmp_path / "unplugged" / "model.keras", trainer, "its folder does not exist")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ESTALE, "network"),
        (errno.EHOSTDOWN, "network"),
        (errno.ETIMEDOUT, "network"),
        (errno.ENOTCONN, "network"),
        (errno.EBUSY, "another program"),
        (errno.EIO, "the disk reports an error"),
    ],
)
def test_what_a_network_disk_says_is_told(
    saved: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    def gone(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", gone)
        refused(saved, trainer, reason)


def test_a_file_that_is_open_elsewhere_on_windows_is_told(
    saved: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SharingViolation(PermissionError):
        winerror = 32

    def locked(*_: object) -> None:
        raise SharingViolation(errno.EACCES, "The process cannot access the file")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", locked)
        refused(saved, trainer, "another program has it open")


def test_who_has_the_file_open_keeps_the_old_one_while_it_is_replaced(
    saved: Path, trainer: Trainer
) -> None:
    before = saved.read_bytes()
    with saved.open("rb") as reader:
        model_file.save(saved, trainer)
        assert reader.read() == before
    assert model_file.open_model(saved).step == trainer.step


@pytest.mark.parametrize(
    "name",
    [
        "Gr\u00fc\u00dfe aus Z\u00fcrich.keras",
        "\u6a21\u578b \U0001f389.keras",
        "e\u0301te\u0301 'quoted' & [x]#%20.keras",
        "n" * 249 + ".keras",
    ],
)
def test_foreign_and_long_names_are_saved_and_opened(
    tmp_path: Path, trainer: Trainer, name: str
) -> None:
    folder = tmp_path / name.removesuffix(".keras")
    folder.mkdir()
    for _ in range(2):
        model_file.save(folder / name, trainer)
    assert os.listdir(folder) == [name]
    assert model_file.open_model(folder / name).step == trainer.step


@pytest.mark.parametrize("length", [256, 5000])
def test_names_that_are_too_long_are_told(tmp_path: Path, trainer: Trainer, length: int) -> None:
    refused(tmp_path / ("n" * length + ".keras"), trainer, "the name is too long")


def test_the_deepest_path_that_the_system_allows_is_saved_or_refused(
    tmp_path: Path, trainer: Trainer
) -> None:
    # The temporary file's name is longer than this one's: both must fit, or nothing is written.
    folder = tmp_path
    while len(os.fsencode(folder)) < 3_800:
        folder /= "d" * 200
        folder.mkdir()
    for length in (4_060, 4_080, 4_089, 4_200):
        path = folder / ("n" * (length - len(os.fsencode(folder)) - 7) + ".keras")
        if length < 4_090 and len(path.name) < 255:
            with contextlib.suppress(FileError):
                model_file.save(path, trainer)
        else:
            refused(path, trainer, "the name is too long")
    assert not list(folder.glob(".vaegui-*"))


def test_an_autosave_on_a_full_disk_keeps_the_one_before(tmp_path: Path, trainer: Trainer) -> None:
    autosave = Autosave(tmp_path)
    autosave.keep(trainer, None)
    (model,) = tmp_path.glob("*/*.keras")
    before = model.read_bytes()
    with file_size_limit(5_000), pytest.raises(FileError):
        autosave.keep(trainer, None)
    assert model.read_bytes() == before
    autosave.close()


UNWRITABLE = """
import sys
from vaegui import app
from PySide6.QtCore import QTimer
from vaegui.ui.commands.asking import Asking
real = app.build
def build(argv):
    program, window = real(argv, Asking(unsaved=lambda *_: "discard"))
    bench, asked = window.workbench, []
    def look():
        if bench.run is None and bench.state == "idle" and not asked:
            asked.append(True)
            window.setup.set_value(bench.settings.with_values(
                {"data.kind": "digits", "architecture.widths": [8], "training.epochs": 2,
                 "training.compiler": "graph"}))
            window.actions_["train"].trigger()
        elif bench.run is not None and bench.run.finished is not None:
            timer.stop()
            window.choose_theme("dark")
            print("trained", bench.run.epoch, flush=True)
            window.close()
    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(100)
    return program, window
app.build = build
sys.exit(app.main(["vaegui"]))
"""


def test_a_program_that_can_write_nothing_of_its_own_trains_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "home")
    kinds = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    done = subprocess.run(
        [sys.executable, "-c", UNWRITABLE],
        env={**os.environ, "HOME": nowhere, **dict.fromkeys(kinds, nowhere)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout == "trained 2\n", done.stderr
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "oneDNN" not in done.stderr
