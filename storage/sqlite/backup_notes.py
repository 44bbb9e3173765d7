"""Metadata of a backup: when it was made, and the sessions that it contains.

It is stored in the backup itself, which is a single file: a fact, and a table that is removed again
when the backup is restored.
"""

import contextlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage import times
from storage.instance import Identity
from storage.sqlite import file as sqlite_file
from storage.sqlite.meanings import translated

_AT = "backup_at"


class Notes(Struct, frozen=True, kw_only=True):
    """``made_at``: when copying began (aware); None for a copy made by other means. ``read_at``:
    the last scan of a channel before that, None if there was none. ``sessions``: the names of the
    sessions in it."""

    made_at: datetime | None
    read_at: datetime | None
    identity: Identity | None
    sessions: tuple[str, ...]


def write(path: Path, *, made_at: datetime, sessions: Mapping[str, bytes]) -> None:
    """Write the metadata into a copy that nobody else has open. Raises StorageError."""
    with translated(path), contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute(
            "INSERT INTO fact (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_AT, str(times.to_epoch(made_at))),
        )
        if sessions:
            db.execute(
                "CREATE TABLE backup_session (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT"
            )
            db.executemany("INSERT INTO backup_session VALUES (?, ?)", sorted(sessions.items()))


def read(path: Path) -> Notes:
    """The metadata of a backup. Raises StorageError."""
    with translated(path), contextlib.closing(sqlite_file.connect(path)) as db:
        facts = dict(db.execute("SELECT name, value FROM fact WHERE name = ?", (_AT,)))
        (read_at,) = db.execute("SELECT max(last_scan_at) FROM channel").fetchone()
        names = (
            db.execute("SELECT name FROM backup_session").fetchall() if _has_sessions(db) else []
        )
    made_at = facts.get(_AT)
    return Notes(
        made_at=None if made_at is None else times.from_epoch(int(made_at)),
        read_at=times.optional_from_epoch(read_at),
        identity=sqlite_file.find_identity(path),
        sessions=tuple(sorted(name for (name,) in names)),
    )


def take_sessions(path: Path) -> dict[str, bytes]:
    """Remove the sessions from a copy of a backup, with every trace of them, and return them.
    Raises StorageError."""
    with translated(path), contextlib.closing(sqlite3.connect(path)) as db:
        if not _has_sessions(db):
            return {}
        with db:
            db.execute("PRAGMA secure_delete = ON")
            found = dict(db.execute("SELECT name, content FROM backup_session"))
            db.execute("DROP TABLE backup_session")
    return found


def _has_sessions(db: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'backup_session'"
    return db.execute(sql).fetchone() is not None
