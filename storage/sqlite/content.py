"""Detects that something other than SQLite has overwritten a database file in use.

A file that ``cp`` overwrites keeps its inode: nothing was deleted, and SQLite goes on applying its
log to the new content. But while there is a log, SQLite writes into the file itself only when it
moves pages there from the log, and it records that in the index of the log
(sqlite.org/walformat.html, "WAL-Index File Format").
"""

import os
import struct
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from storage.errors import StorageError
from storage.instance import Identity
from storage.sqlite import file as sqlite_file
from storage.structs import replace

_INDEX_BYTES = 132
_SALTS = slice(32, 40)
_COUNT = struct.Struct("=I")
_MOVED_AT = 96
_BEING_MOVED_AT = 128

LogState: TypeAlias = tuple[bytes, int]
"""Changes whenever SQLite writes into the file: the log's salt, and how many of its frames have
been moved into the file."""


class _Known(Struct, frozen=True, kw_only=True):
    """What was seen of the file while its log was in the state ``log``. ``changed_at``: when the
    file was last written to, in nanoseconds since 1970; ``size``: in bytes. If ``identity`` or the
    size changes and the log does not, something other than SQLite has written the file."""

    log: LogState
    changed_at: int
    size: int
    identity: Identity | None


class Overwriting:
    """Watches the file of a database that this process has open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: _Known | None = None

    def is_seen(self) -> bool:
        """Whether something else has written other content into the file since the last call.

        If SQLite moves pages during the call it may be True by mistake, but then not in the next
        call. What was overwritten shortly before SQLite moved pages is not seen. Raises OSError if
        the files cannot be looked at.
        """
        known = self._known
        log = _log_state(self._path)
        if log is None:
            self._known = None
            return False
        present = self._look(log, known)
        if present is None:
            return False
        if known is not None and known.log == log and _is_other(known, present):
            return True
        self._known = present
        return False

    def _look(self, log: LogState, known: _Known | None) -> _Known | None:
        """The state of the file; None if it cannot be read now."""
        status = self._path.stat()
        if known is not None and (known.changed_at, known.size) == (
            status.st_mtime_ns,
            status.st_size,
        ):
            return replace(known, log=log)
        try:
            identity = sqlite_file.find_identity(self._path, without_log=True)
        except StorageError:
            return None
        return _Known(
            log=log, changed_at=status.st_mtime_ns, size=status.st_size, identity=identity
        )


def _is_other(known: _Known, present: _Known) -> bool:
    return (known.identity, known.size) != (present.identity, present.size)


def _log_state(path: Path) -> LogState | None:
    """The state of the log; None while pages are being moved."""
    descriptor = sqlite_file.find_index(path)
    if descriptor is None:
        return None
    index = os.pread(descriptor, _INDEX_BYTES, 0)
    if len(index) < _INDEX_BYTES:
        return None
    (moved,) = _COUNT.unpack_from(index, _MOVED_AT)
    (being_moved,) = _COUNT.unpack_from(index, _BEING_MOVED_AT)
    return (index[_SALTS], moved) if moved == being_moved else None
