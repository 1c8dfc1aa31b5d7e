from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import vaegui

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these")

HERE = str(Path(vaegui.__file__).parents[1])

ATTEMPTS = """
import json, os, socket, sys
sys.path.append(sys.argv[1])
folder = sys.argv[3]
there = os.path.join(folder, "there")
writable = os.open(os.path.join(folder, "open"), os.O_RDWR)
from vaegui.reading import confinement
held = getattr(confinement, sys.argv[2])()
attempts = {
    "read": lambda: open(there),
    "create": lambda: open(os.path.join(folder, "new"), "w"),
    "write": lambda: open(there, "w"),
    "unlink": lambda: os.unlink(there),
    "truncate": lambda: os.truncate(there, 0),
    "ftruncate": lambda: os.ftruncate(writable, 0),
    "rename": lambda: os.rename(there, there + "2"),
    "link": lambda: os.link(there, there + "2"),
    "symlink": lambda: os.symlink(there, there + "2"),
    "mkdir": lambda: os.mkdir(os.path.join(folder, "made")),
    "rmdir": lambda: os.rmdir(os.path.join(folder, "empty")),
    "chmod": lambda: os.chmod(there, 0o777),
    "fchmod": lambda: os.fchmod(writable, 0o777),
    "chown": lambda: os.chown(there, os.getuid(), os.getgid()),
    "utime": lambda: os.utime(there),
    "list": lambda: os.listdir(folder),
    "kill": lambda: os.kill(os.getppid(), 0),
    "socket": socket.socket,
    "fork": lambda: os.fork() or os._exit(0),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "limits": lambda: confinement.resource.setrlimit(
        confinement.resource.RLIMIT_NOFILE, (64, 64)
    ),
}
could = []
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError:
        continue
    except ValueError:  # a higher limit than is allowed
        continue
    could.append(name)
print(json.dumps([sorted(held) if isinstance(held, frozenset) else held, could]))
"""


def tried(folder: Path, how: str) -> tuple[object, set[str]]:
    """What a process could do nevertheless after it called ``how``, and what that returned."""
    (folder / "empty").mkdir()
    for name in ("there", "open"):
        (folder / name).write_text("as it was")
    (folder / "there").chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", ATTEMPTS, HERE, how, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    held, could = json.loads(done.stdout)
    return held, set(could)


def needs(how: str) -> None:
    script = f"from vaegui.reading.confinement import {how}; raise SystemExit(not {how}())"
    environment = {**os.environ, "PYTHONPATH": HERE}
    if subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode:
        pytest.skip("this kernel cannot")


def assert_as_it_was(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"there", "open", "empty"}
    for name in ("there", "open"):
        assert (folder / name).read_text() == "as it was"
    assert (folder / "there").stat().st_mode & 0o777 == 0o600


@linux
def test_a_confined_process_can_change_delete_start_and_reach_nothing(tmp_path: Path) -> None:
    needs("restrict_calls")
    held, could = tried(tmp_path, "confine")
    assert {"limits", "calls"} <= set(held)  # type: ignore[call-overload]
    assert could == set()
    assert_as_it_was(tmp_path)


@linux
def test_seccomp_alone_denies_all_of_it(tmp_path: Path) -> None:
    needs("restrict_calls")
    assert tried(tmp_path, "restrict_calls") == (True, set())
    assert_as_it_was(tmp_path)


@linux
def test_landlock_alone_denies_what_names_a_path(tmp_path: Path) -> None:
    needs("restrict_paths")
    held, could = tried(tmp_path, "restrict_paths")
    assert held is True
    assert not could & {
        *("read", "create", "write", "unlink", "rename", "link", "symlink", "mkdir", "rmdir"),
        *("list", "exec"),
    }


def test_a_confined_process_ends_when_it_takes_memory_or_time_without_end() -> None:
    script = """
import sys
sys.path.append(sys.argv[1])
from vaegui.reading.confinement import confine
confine()
try:
    bytearray(1 << 31)
except MemoryError:
    while True:
        pass
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, HERE],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert -done.returncode in (9, 24), done.stderr


@linux
def test_a_call_by_the_numbers_of_another_architecture_ends_the_process() -> None:
    needs("restrict_calls")
    script = """
import sys
sys.path.append(sys.argv[1])
from vaegui.reading import confinement
column, architecture, seccomp = confinement._MACHINES[confinement.platform.machine()]
confinement._MACHINES[confinement.platform.machine()] = (column, architecture ^ 1, seccomp)
confinement.restrict_calls()
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script, HERE], check=False)
    assert -done.returncode == 31  # SIGSYS
