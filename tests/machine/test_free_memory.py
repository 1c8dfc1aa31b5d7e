"""The memory that can be had is that of the machine or of the container, whichever is less."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from vaegui.machine.free_memory import available_memory

MB = 1_000_000
FIRST = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
SECOND = "memory.max", "memory.current", "inactive_file"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """10 GB are available on the machine."""
    memory = type("Memory", (), {"available": 10_000 * MB})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def limit(
    group: Path, names: tuple[str, str, str], most: str | int, used: int, files: int = 0
) -> None:
    """Make a control group as Linux shows it."""
    group.mkdir(parents=True, exist_ok=True)
    (group / names[0]).write_text(f"{most}\n")
    (group / names[1]).write_text(f"{used}\n")
    (group / "memory.stat").write_text(f"anon {used - files}\n{names[2]} {files}\nother 5\n")


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return tmp_path / "cgroup"


def available(of_process: str, groups: Path) -> int:
    file = groups.with_name("of_process")
    file.write_text(of_process)
    return available_memory(file, groups)


def test_without_control_groups_it_is_the_machines(tmp_path: Path) -> None:
    assert available_memory(tmp_path / "none", tmp_path / "none") == 10_000 * MB
    assert available("0::/\n", tmp_path / "none") == 10_000 * MB


def test_a_containers_limit_counts_without_the_files_that_can_be_dropped(groups: Path) -> None:
    limit(groups, SECOND, 2_000 * MB, used=1_500 * MB, files=600 * MB)
    assert available("0::/\n", groups) == 1_100 * MB


def test_of_groups_within_groups_the_tightest_counts(groups: Path) -> None:
    limit(groups / "outer", SECOND, 1_000 * MB, used=900 * MB)
    limit(groups / "outer" / "inner", SECOND, "max", used=100 * MB)
    assert available("0::/outer/inner\n", groups) == 100 * MB


def test_a_group_without_a_limit_or_beyond_the_machine_changes_nothing(groups: Path) -> None:
    limit(groups, SECOND, "max", used=5)
    assert available("0::/\n", groups) == 10_000 * MB
    limit(groups, SECOND, 10**18, used=5)
    assert available("0::/\n", groups) == 10_000 * MB


def test_a_group_that_is_over_its_limit_has_nothing_left(groups: Path) -> None:
    limit(groups, SECOND, 10 * MB, used=11 * MB)
    assert available("0::/\n", groups) == 0


@pytest.mark.parametrize("place", ["", "docker/5f0c"])
def test_the_first_version_of_control_groups_counts_too(groups: Path, place: str) -> None:
    # Inside a container the group may be shown at the top, whatever its path is outside.
    limit(groups / "memory" / place, FIRST, 3_000 * MB, used=1_000 * MB, files=200 * MB)
    of_process = "4:cpu,cpuacct:/docker/5f0c\n3:memory:/docker/5f0c\n0::/\n"
    assert available(of_process, groups) == 2_200 * MB


def test_what_cannot_be_read_limits_nothing(groups: Path) -> None:
    limit(groups, SECOND, 10 * MB, used=0)
    (groups / "memory.current").unlink()
    assert available("0::/\n", groups) == 10_000 * MB
