"""How large what is packed may be when it is unpacked."""

from __future__ import annotations

from vaegui.errors import DataError
from vaegui.machine.free_memory import available_memory

__all__ = ["check_size"]

_HARMLESS = 64 << 20
_MOST_TIMES = 100
"""What is larger than 64 MB unpacked may be so many times as large as it is packed."""


def check_size(name: str, packed: int, unpacked: int) -> None:
    """Refuse what would fill the memory.

    Raises
    ------
    DataError
        If it takes more than a quarter of the free memory, or far more than numbers do.
    """
    if unpacked <= _HARMLESS:
        return
    if unpacked > _MOST_TIMES * packed or unpacked > available_memory() // 4:
        raise DataError(
            f"{name} has a part of {packed:,} bytes that says it becomes {unpacked:,} bytes.",
            "Save it in smaller parts (row groups), or choose another file.",
        )
