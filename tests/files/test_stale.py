from __future__ import annotations

import os
import time
from pathlib import Path

from vaegui.files.stale import AGE, clear_stale

OLD = time.time() - 2 * AGE


def made(path: Path, when: float | None = None) -> Path:
    path.write_bytes(b"half")
    if when is not None:
        os.utime(path, (when, when))
    return path


def test_old_temporary_files_go_and_nothing_else_does(tmp_path: Path) -> None:
    stale = made(tmp_path / ".vaegui-0123456789ab.keras", OLD)
    kept = {
        made(tmp_path / ".vaegui-ba9876543210.keras"),
        made(tmp_path / "run.keras", OLD),
        made(tmp_path / ".vaegui-notes.keras", OLD),
    }
    assert clear_stale([tmp_path, tmp_path]) == 1
    assert not stale.exists()
    assert set(tmp_path.iterdir()) == kept


def test_a_link_of_such_a_name_and_what_it_leads_to_stay(tmp_path: Path) -> None:
    target = made(tmp_path / "run.keras", OLD)
    link = tmp_path / ".vaegui-0123456789ab.keras"
    link.symlink_to(target)
    assert clear_stale([tmp_path]) == 0
    assert target.exists()
    assert link.is_symlink()


def test_a_folder_that_is_not_there_does_not_matter(tmp_path: Path) -> None:
    assert clear_stale([tmp_path / "gone"]) == 0
