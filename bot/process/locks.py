"""Locks between processes: files beside what they stand for, held until the process ends."""

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from storage.errors import ServiceError

_LOOKS, _BETWEEN = 5, 0.02
"""How often to try for a file, and the seconds between: a process that only looks whether it is
held (``is_held``) has it for a moment."""


class InUseError(ServiceError):
    """Another process holds it."""


@contextlib.contextmanager
def held(
    lock: Path, *, what: str, where: str, error: type[InUseError] = InUseError
) -> Iterator[None]:
    """Hold the file ``lock``, made if it is not there, against every other process.

    ``what`` it stands for is named in the ``error`` that is raised if another process holds it,
    with that process's number. Raises ServiceError for a file that can't be opened.
    """
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as refused:
        raise _unusable(lock, refused) from refused
    try:
        _take(descriptor, what=what, where=where, holder=_holder(descriptor), error=error)
        os.ftruncate(descriptor, 0)
        # A disk that is full keeps nobody from holding it.
        with contextlib.suppress(OSError):
            os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        # The file stays: removing it would let two processes lock two files of one name.
        os.close(descriptor)


@contextlib.contextmanager
def held_itself(path: Path, *, what: str, where: str) -> Iterator[None]:
    """Hold the file that is there, by whatever name it is reached. Raises InUseError.

    It must be let go after everything else in this process that has the file open: closing it
    ends SQLite's own locks on it. Only Linux keeps such a lock apart from those; elsewhere nothing
    is held.
    """
    if sys.platform != "linux":
        yield
        return
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as refused:
        raise _unusable(path, refused) from refused
    try:
        _take(descriptor, what=what, where=where, holder="")
        yield
    finally:
        os.close(descriptor)


def of_database(path: Path) -> Path:
    """The lock of the service that has the database at ``path``, by whatever name it is reached."""
    real = path.resolve()
    return real.with_name(real.name + ".lock")


def is_held(lock: Path) -> bool:
    """Whether another process holds ``lock`` now. Raises ServiceError where that can't be told."""
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as refused:
        raise _unusable(lock, refused) from refused
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _take(
    descriptor: int, *, what: str, where: str, holder: str, error: type[InUseError] = InUseError
) -> None:
    for looks_left in reversed(range(_LOOKS)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as refused:
            if not looks_left:
                raise in_use(what, where=where, holder=holder, error=error) from refused
            time.sleep(_BETWEEN)
        else:
            return


def in_use(
    what: str, *, where: str, holder: str = "", error: type[InUseError] = InUseError
) -> InUseError:
    """That another process has ``what``: ``holder`` says which."""
    return error(f"{what} is in use{holder}", where=where, hint="stop the other process first")


def _holder(descriptor: int) -> str:
    pid = os.pread(descriptor, 20, 0)
    return f" by process {pid.decode()}" if pid.isdigit() else ""


def _unusable(path: Path, error: OSError) -> ServiceError:
    return ServiceError(
        f"{path} cannot be opened: {error.strerror}",
        where="DATA_DIR",
        hint="give this user the folder and its files",
    )
