"""How a process gives up its rights before it looks at a file of a stranger.

Three kinds of limits, each as far as the system has it. Those of POSIX bound memory, computing time
and open files. On Linux the kernel's Landlock takes away every path, to read and to write, and its
seccomp every call but a few that compute and read what is open already: to write a file, to delete,
rename or change one, to send a signal, to start a process or to connect to anything then fails
with "operation not permitted". Neither can be taken back.

``reader_child.py`` uses it, in a process without any other package of vaegui's.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

if sys.platform != "win32":  # which has no such limits
    import resource

__all__ = ["CPU_SECONDS", "MEMORY", "confine", "limit", "restrict_calls", "restrict_paths"]

MEMORY = 256 << 20
"""Bytes that may be taken beyond those in use."""
CPU_SECONDS = 2

_ALLOWED = {
    # Call: its number on x86_64, and on aarch64.
    "read": (0, 63),
    "write": (1, 64),
    "lseek": (8, 62),
    "close": (3, 57),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "futex": (202, 98),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "getpid": (39, 172),
    "sched_yield": (24, 124),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""With only standard input, output and error open, ``write`` reaches nothing but the answer."""

_MACHINES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
"""Column of the table above, the kernel's name of the architecture, and the call ``seccomp``."""

_NO_NEW_PRIVILEGES = 38
_SET_FILTER, _ALL_THREADS = 1, 1
_KILL, _DENY, _ALLOW = 0x80000000, 0x00050000 | errno.EPERM, 0x7FFF0000
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_CALL_AT, _ARCHITECTURE_AT = 0, 4
"""Where the call's number and the architecture lie in what a filter is shown."""

_CREATE_RULESET, _RESTRICT_SELF, _ASK_VERSION = 444, 446, 1
_PATH_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on paths Landlock knows, by its version; later ones know as many as 5."""


def confine(seconds: int | None = CPU_SECONDS, memory: int = MEMORY) -> frozenset[str]:
    """Take away all rights but to compute a little, and to read and write what is open.

    Parameters
    ----------
    seconds
        Of computing that are left to it; None if whoever started it ends it where it takes long.
    memory
        Bytes that may be taken beyond those in use.

    Returns
    -------
    frozenset
        ``"limits"``, ``"paths"`` and ``"calls"``, as far as the system can take them away.
    """
    used = _memory_in_use()
    most = None if used is None else used + memory
    done = {"paths": restrict_paths(), "limits": limit(most, seconds), "calls": restrict_calls()}
    return frozenset(name for name, held in done.items() if held)


def limit(memory: int | None, seconds: int | None = CPU_SECONDS) -> bool:
    """Bound the memory and the computing time, None: not; nothing more can be opened."""
    if sys.platform == "win32":
        return False
    used = resource.getrusage(resource.RUSAGE_SELF)
    _bound("RLIMIT_CORE", 0)
    _bound("RLIMIT_FSIZE", 0)
    _bound("RLIMIT_NPROC", 0)
    if seconds is not None:
        _bound("RLIMIT_CPU", int(used.ru_utime + used.ru_stime) + seconds)
    if memory is not None:
        _bound("RLIMIT_AS", memory)
    _bound("RLIMIT_NOFILE", 0)
    return True


def restrict_paths() -> bool:
    """Let Landlock deny whatever names a path or connects; whether this kernel has it."""
    if sys.platform != "linux":
        return False
    version = _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    every_path = (1 << _PATH_RIGHTS.get(version, 16)) - 1
    # Rights on paths; from version 4 on TCP (bind, connect), from 6 on sockets and signals.
    handled = (every_path, *((3,) if version >= 4 else ()), *((3,) if version >= 6 else ()))
    attributes = struct.pack(f"={len(handled)}Q", *handled)
    # What is handled and not allowed by a rule is denied, and there are no rules.
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        return _no_new_privileges() and _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def restrict_calls() -> bool:
    """Let seccomp deny every call but those above; whether this kernel and machine have it."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or struct.calcsize("P") != 8:
        return False
    column, architecture, seccomp = machine
    program = _program(architecture, [numbers[column] for numbers in _ALLOWED.values()])
    instructions = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    return _no_new_privileges() and _call(seccomp, _SET_FILTER, _ALL_THREADS, described) == 0


def _program(architecture: int, calls: list[int]) -> bytes:
    """The filter, for the kernel's own little machine (classic BPF)."""
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        # Calls of another architecture have other numbers. 1, 0: lines to skip if equal, if not.
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL_AT),
    ]
    for number in calls:
        lines += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    lines.append((_RETURN, 0, 0, _DENY))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _no_new_privileges() -> bool:
    """What the kernel asks of a process before it may restrict itself."""
    libc = ctypes.CDLL(None)
    return bool(libc.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0)


def _call(number: int, *arguments: int | bytes | None) -> int:
    """A system call that the C library has no function for; negative if it fails."""
    libc = ctypes.CDLL(None)
    libc.syscall.restype = ctypes.c_long
    whole = (ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)
    return int(libc.syscall(ctypes.c_long(number), *whole))


def _bound(name: str, value: int) -> None:
    if sys.platform != "win32" and (which := getattr(resource, name, None)) is not None:
        resource.setrlimit(which, (value, value))


def _memory_in_use() -> int | None:
    """Bytes of address space that this process has; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
