"""Writing a file so that it is either the new one or, after any failure, still the old one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from vaegui.errors import FileError

__all__ = ["check_writable", "replacing", "write_error"]

_OPEN_ELSEWHERE = (
    "another program has it open",
    "Close it there and try again, or save under another name.",
)
_NO_NETWORK = ("the network disk does not answer", "Connect it again, or save elsewhere.")
_AWAY = (
    errno.ESTALE,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.ENOTCONN,
    errno.ETIMEDOUT,
)
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "Free some space, or save elsewhere."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or save elsewhere."),
    errno.EFBIG: ("the file would be larger than is allowed there", "Save elsewhere."),
    errno.EACCES: ("you may not write there", "Choose another folder, or change its permissions."),
    errno.EPERM: ("you may not write there", "Choose another folder, or change its permissions."),
    errno.EROFS: ("that disk is read-only", "Choose a folder on another disk."),
    errno.ENOENT: ("its folder does not exist", "Create the folder first, or choose another."),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "Choose another folder."),
    errno.EISDIR: ("it is a folder", "Give the name of a file."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name."),
    errno.EIO: ("the disk reports an error", "Save elsewhere, and check the disk."),
    errno.EBUSY: _OPEN_ELSEWHERE,
    **dict.fromkeys(_AWAY, _NO_NETWORK),
}
_SHARING, _LOCKED = 32, 33
"""What Windows says of a file that another program has open, beside `errno.EACCES`."""


def write_error(error: OSError, path: Path) -> FileError:
    """Why ``path`` could not be written, and what to do, from what the system said."""
    unknown = (error.strerror or str(error) or "unknown error", "Save elsewhere.")
    reason, remedy = _REASONS.get(error.errno or 0, unknown)
    if getattr(error, "winerror", None) in (_SHARING, _LOCKED):
        reason, remedy = _OPEN_ELSEWHERE
    return FileError(f"{path} could not be written: {reason}.", remedy)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file completely or not at all.

    The block writes to the path that it is given, which lies in the folder of ``path`` and has
    its suffix. When the block ends well, that file is brought to the disk and takes the place of
    ``path``, with the permissions of the file that was there. When anything fails, ``path`` is
    what it was before, byte for byte, and nothing else remains. A symbolic link is followed.

    Raises
    ------
    FileError
        If the system refuses to write, saying why and what to do.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".vaegui-{secrets.token_hex(6)}{target.suffix}")
    try:
        mode = _mode_to_keep(target)
        # Made here, so that nobody can put a link in its place and the umask applies.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        try:
            yield temporary
            _bring_to_disk(temporary, mode)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _bring_folder_to_disk(target.parent)
    except OSError as error:
        raise write_error(error, path) from error


def check_writable(path: Path) -> None:
    """Find out now whether `replacing` could write ``path`` later. It writes nothing that stays.

    Raises
    ------
    FileError
        If not, saying why and what to do.
    """
    target = Path(os.path.realpath(path))
    probe = target.with_name(f".vaegui-{secrets.token_hex(6)}")
    try:
        _mode_to_keep(target)
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        probe.unlink()
    except OSError as error:
        raise write_error(error, path) from error


def _mode_to_keep(target: Path) -> int | None:
    """Permissions of the file that is there, None without one; `OSError` if it is protected.

    Renaming over a file asks only for rights in the folder, so the file's own are asked for here.
    """
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(target, os.W_OK):
        # The system says why: it may be the whole disk that is read-only.
        os.close(os.open(target, os.O_WRONLY))
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(status.st_mode)


def _bring_to_disk(path: Path, mode: int | None) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    if mode is not None:
        path.chmod(mode)


def _bring_folder_to_disk(folder: Path) -> None:
    """Make the renaming last through a power cut, where the system can do that for a folder."""
    # Windows cannot open folders, some network disks cannot sync them; the file is complete anyway.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
