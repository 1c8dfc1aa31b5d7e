from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vaegui.errors import FileError
from vaegui.files.atomic import check_writable, replacing

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX systems")


def write(path: Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def test_a_new_file_appears_whole_and_alone(tmp_path: Path) -> None:
    write(tmp_path / "a.keras", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.keras"]
    assert (tmp_path / "a.keras").read_bytes() == b"new"


def test_the_temporary_file_lies_in_the_same_folder_and_has_the_suffix(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.keras") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path.resolve(), ".keras")


@pytest.mark.parametrize("failure", [ValueError("bad"), KeyboardInterrupt()])
def test_a_failure_keeps_the_previous_file_and_leaves_nothing_else(
    tmp_path: Path, failure: BaseException
) -> None:
    path = tmp_path / "a.keras"
    path.write_bytes(b"old")

    def fail(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise failure

    with pytest.raises(type(failure)), replacing(path) as temporary:
        fail(temporary)
    assert [p.name for p in tmp_path.iterdir()] == ["a.keras"]
    assert path.read_bytes() == b"old"


def test_a_disk_that_is_full_at_the_last_moment_keeps_the_previous_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "a.keras"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="the disk is full") as caught:
        write(path, b"new")
    assert caught.value.remedy == "Free some space, or save elsewhere."
    assert [p.name for p in tmp_path.iterdir()] == ["a.keras"]
    assert path.read_bytes() == b"old"


@posix
def test_a_write_that_the_system_cuts_short_keeps_the_previous_file(tmp_path: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from vaegui.errors import FileError
from vaegui.files.atomic import replacing
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with replacing(Path(sys.argv[1])) as temporary:
        temporary.write_bytes(bytes(5000))
except FileError as error:
    print(error)
"""
    path = tmp_path / "a.keras"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert "larger than is allowed" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["a.keras"]
    assert path.read_bytes() == b"old"


@posix
def test_the_permissions_of_the_previous_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640


@posix
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "a.keras", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a.keras").stat().st_mode & 0o777 == 0o640


@posix
def test_a_symbolic_link_stays_a_link_and_what_it_names_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.keras").write_bytes(b"old")
    (tmp_path / "link.keras").symlink_to("real.keras")
    write(tmp_path / "link.keras", b"new")
    assert (tmp_path / "link.keras").is_symlink()
    assert (tmp_path / "real.keras").read_bytes() == b"new"


@pytest.mark.parametrize("use", [check_writable, lambda path: write(path, b"new")])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing/a.keras", "its folder does not exist"),
        ("folder.keras", "it is a folder"),
        ("file/a.keras", "not a folder"),
        ("n" * 300 + ".keras", "the name is too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_explained(
    tmp_path: Path, name: str, reason: str, use: object
) -> None:
    (tmp_path / "folder.keras").mkdir()
    (tmp_path / "file").write_bytes(b"")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileError, match=reason) as caught:
        use(tmp_path / name)  # type: ignore[operator]
    assert caught.value.remedy
    assert sorted(tmp_path.iterdir()) == before


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("use", [check_writable, lambda path: write(path, b"new")])
def test_a_read_only_folder_or_file_is_refused(tmp_path: Path, use: object) -> None:
    protected = tmp_path / "a.keras"
    protected.write_bytes(b"old")
    protected.chmod(0o444)
    with pytest.raises(FileError, match="may not write"):
        use(protected)  # type: ignore[operator]
    tmp_path.chmod(0o555)
    with pytest.raises(FileError, match="may not write"):
        use(tmp_path / "b.keras")  # type: ignore[operator]
    tmp_path.chmod(0o755)


def test_checking_a_place_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    path.write_bytes(b"old")
    check_writable(path)
    check_writable(tmp_path / "b.keras")
    assert [p.name for p in tmp_path.iterdir()] == ["a.keras"]
    assert path.read_bytes() == b"old"
