"""How much memory this program may still take: of the machine, and of the container it is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil

__all__ = ["available_memory"]

OF_PROCESS, MOUNTED = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
"""Where Linux says in which control groups a process is, and what is known of these."""

_FIRST = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
_SECOND = "memory.max", "memory.current", "inactive_file"
"""Limit, what is in use, and what of it is copies of files that can be dropped: names in the first
and second version of control groups."""


def available_memory(of_process: Path = OF_PROCESS, mounted: Path = MOUNTED) -> int:
    """Return the bytes of main memory that can be had now.

    It is the least of what the machine has and what is left to the container, or whatever else
    limits a group of processes: beyond that Linux ends the program.
    """
    of_machine: int = psutil.virtual_memory().available
    return min([of_machine, *_left_to_groups(of_process, mounted)])


def _left_to_groups(of_process: Path, mounted: Path) -> Iterator[int]:
    """Bytes left to each control group with a limit that this process is in; none but on Linux."""
    for group, names in _groups(of_process, mounted):
        try:
            limit, used = (int((group / name).read_text()) for name in names[:2])
        except (OSError, ValueError):  # no such group here, or its limit is "max"
            continue
        yield max(0, limit - used + _droppable(group, names[2]))


def _groups(of_process: Path, mounted: Path) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """The folder of each group that may limit memory, from the innermost on, with its names."""
    try:
        lines = of_process.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top, names = (mounted / "memory", _FIRST) if controllers else (mounted, _SECOND)
        group = top / path.strip("/")
        # Inside a container the path may be the machine's own; then only the top is there.
        while group.is_relative_to(top):
            yield group, names
            group = group.parent


def _droppable(group: Path, name: str) -> int:
    """Bytes of files that the group has in memory and does not need at once."""
    try:
        lines = (group / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(value) for key, value in (line.split() for line in lines) if key == name)
