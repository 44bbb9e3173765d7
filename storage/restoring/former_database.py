"""The database in whose place a backup is put, as far as it can be read; it is not changed."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from storage import times
from storage.documents.redactions import Redaction
from storage.outbox import carried_over
from storage.outbox.carried_over import Former
from storage.sqlite import file as sqlite_file
from storage.sqlite.meanings import translated

_TOLD = [name.strip() for name in carried_over.TOLD_POST.split(",")]
_COLUMNS = [name.strip() for name in carried_over.DELIVERY.split(",")]
_TOPIC_OF_BEFORE = (
    "CASE WHEN d.kind <> 'answer' THEN"
    " (SELECT s.topic FROM subscriber AS s WHERE s.chat_id = d.chat_id) END AS topic"
)
"""The topic of a message where only its chat has one: a version of before wrote it."""


class FormerDatabase:
    """Reads it; every method raises StorageError for what cannot be read, also half way through."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def list_rows(self, *, after: int, waiting: Sequence[int]) -> Iterator[Former]:
        """Rows of the outbox: those with these numbers, and of those behind ``after`` what is done
        or was under way."""
        rows = self._statement()
        for id in waiting:
            yield from self._rows(f"{rows} WHERE d.id = ?", id)
        yield from self._rows(
            f"{rows} WHERE d.id > ? AND (d.state <> 'queued' OR d.tried_at IS NOT NULL)"
            " ORDER BY d.id",
            after,
        )

    def _statement(self) -> str:
        """What gives rows of the outbox, of this version's or of one from before topics."""
        columns = [f"d.{name}" for name in _COLUMNS]
        if not self._has_topic("delivery"):
            topic = _TOPIC_OF_BEFORE if self._has_topic("subscriber") else "NULL AS topic"
            columns[columns.index("d.topic")] = topic
        shared = [f"t.{name} AS shared_{name}" for name in _TOLD]
        return (
            f"SELECT {', '.join([*columns, *shared])}"  # noqa: S608
            " FROM delivery AS d LEFT JOIN told_post AS t ON t.id = d.told_post"
        )

    def _has_topic(self, table: str) -> bool:
        return any(row["name"] == "topic" for row in self._read(f"PRAGMA table_info({table})"))

    def _rows(self, sql: str, parameter: int) -> Iterator[Former]:
        for row in self._read(sql, parameter):
            told = {name: row[f"shared_{name}"] for name in _TOLD}
            yield Former(row=dict(row), told=None if told["id"] is None else told)

    def list_own_posts(self) -> list[tuple[int, int]]:
        """Chat and number of what the bot wrote into groups and channels."""
        return [(row[0], row[1]) for row in self._read("SELECT chat_id, message_id FROM own_post")]

    def list_redactions(self) -> dict[str, Redaction]:
        """What was redacted, by every name of a post."""
        return {
            row["doc_id"]: Redaction(
                redacted_at=times.from_epoch(row["redacted_at"]), reason=row["reason"]
            )
            for row in self._read("SELECT doc_id, redacted_at, reason FROM redaction")
        }

    def _read(self, sql: str, *parameters: Any) -> Iterator[sqlite3.Row]:
        with translated(self._path):
            yield from self._db.execute(sql, parameters)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[FormerDatabase]:
    """The database at ``path``, read until the context ends. Raises StorageError."""
    with translated(path):
        db = sqlite_file.connect(path)
    db.row_factory = sqlite3.Row
    with contextlib.closing(db):
        yield FormerDatabase(db, path)
