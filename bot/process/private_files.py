"""Files that hold secrets, kept from other users of the machine."""

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.errors import ServiceError, StorageError

PATTERNS = ("*.session", "*.session-*", "*.db", "*.db-*", "forgotten", "queries.compiled")
"""What of ours may stand in a data folder, which may hold other things too."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITABLE = stat.S_IWGRP | stat.S_IWOTH


def close_to_others(folder: Path) -> list[Path]:
    """Take every right from others on our files in a folder; gives those that had any.

    A copy, a restore or a careless `chmod` may have given them. Raises StorageError where that
    cannot be changed: a session gives access to the account.
    """
    found = [path for path in sorted(_list_files(folder)) if _is_open(path)]
    for path in found:
        try:
            # By its name: closing a file would end the locks that this process has on it.
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        except OSError as error:
            raise StorageError(
                f"others can read it, which cannot be changed: {error.strerror}",
                where=str(path),
                hint="give the file to the user that runs this, and `chmod 600` it",
            ) from error
    return found


def is_writable_by_others(folder: Path) -> bool:
    """Whether others could put files of theirs in the place of ours."""
    mode = folder.stat().st_mode
    return bool(mode & _WRITABLE) and not mode & stat.S_ISVTX


def fresh_of(path: Path) -> Path:
    """Where a file is written before it takes its place; it is left there by a process that was
    killed."""
    return path.with_name(f".{path.name}.new")


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file, whole whatever happens meanwhile, for its owner alone. Raises OSError."""
    fresh = fresh_of(path)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(content)
        while left:  # where little room is left, some of it is written, and no error told
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    _sync(path.parent)


def wipe(path: Path) -> None:
    """Remove a file if it is there, overwritten: else its words would lie in the disk's free room.
    What a link leads to stays as it is; what cannot be removed stays too."""
    with contextlib.suppress(OSError):
        flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                zeros = bytes(1 << 16)
                for at in range(0, found.st_size, len(zeros)):
                    os.pwrite(descriptor, zeros[: found.st_size - at], at)
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """What stands in such a file. Raises OSError, and ValueError where it is damaged."""
    try:
        return json.loads(path.read_bytes())
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def unreadable(path: Path, error: Exception) -> ServiceError:
    """The error to raise where ``read_json`` failed, or gave something of another shape."""
    reason = error.strerror if isinstance(error, OSError) else "it is damaged"
    return ServiceError(
        f"cannot be read: {reason}",
        where=str(path),
        hint="remove it if the database is the right one",
    )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _list_files(folder: Path) -> Iterator[Path]:
    for pattern in PATTERNS:
        yield from folder.glob(pattern)


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:  # by now
        return False
    return stat.S_ISREG(mode) and bool(mode & _OTHERS)
