"""Telethon's session file, which is written as far as the disk allows and never ends anything.

Telethon writes it in the middle of calls and of its update loop, and takes no failure of that into
account: its loop would end without a word. So a write that fails is kept as owed here, told, and
tried again by whoever keeps the state (``bot.telegram.Client.keep_state``).
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from telethon.sessions import SQLiteSession
from telethon.tl import types

from bot import sessions

BUSY_MILLISECONDS = 100
_KEPT_ENTITIES = 10_000

Listener: TypeAlias = Callable[[sqlite3.Error | None], None]


class KeptSession(SQLiteSession):  # type: ignore[misc]
    """Telethon's session file, 0600, which never claims more than has been handled.

    Telethon moves the update state on when updates arrive and writes it at its own times; a kill
    in between would lose what was received and not yet handled. ``settled`` says whether all of
    it was: only then is the state written, else it is asked for again after the next start.

    ``failure`` is why the file is behind, if it is; ``failures`` counts.
    """

    _conn: sqlite3.Connection | None

    def __init__(self, path: Path) -> None:
        self.settled: Callable[[], bool] = lambda: True
        self.failure: sqlite3.Error | None = None
        self.failures = 0
        self._listener: Listener = lambda _: None
        self._path = path
        self._is_open = False
        self._written: dict[int, Any] = {}
        try:
            super().__init__(str(path))
            # It is written on the event loop, which must not wait for another process.
            self._cursor().execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        except sqlite3.Error as error:
            self._abandon()
            raise sessions.unusable(path, error) from error
        path.chmod(0o600)
        self._is_open = True

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` of each write that failed, of one that has failed before too, and
        (None) when the file is up to date again."""
        self._listener = listener
        if self.failure is not None:
            listener(self.failure)

    def assure(self) -> None:
        """Raise ServiceError where the file does not hold what it should."""
        if self.failure is not None:
            raise sessions.unusable(self._path, self.failure) from self.failure

    def process_entities(self, tlo: Any) -> None:
        """Write whom an object names. What answers a message that was sent comes once more, with
        the updates: then is early enough."""
        updates = getattr(tlo, "updates", None)
        # The answer to a joining holds all of an Updates there, not a list.
        first = updates[0] if isinstance(updates, list) and updates else None
        if not isinstance(first, types.UpdateMessageID):
            with self._guarded():
                super().process_entities(tlo)

    def _entities_to_rows(self, tlo: Any) -> list[Any]:
        """The rows of those whom an object names, without those that are written like that: each
        answer names everybody whom it concerns again."""
        rows = [row for row in super()._entities_to_rows(tlo) if self._written.get(row[0]) != row]
        if len(self._written) > _KEPT_ENTITIES:
            self._written.clear()
        self._written.update((row[0], row) for row in rows)
        return rows

    def set_update_state(self, entity_id: int, state: Any) -> None:
        """Write the state that Telethon would return to, if nothing before it is open."""
        if self.settled():
            super().set_update_state(entity_id, state)

    def save(self) -> None:
        """Commit what was written; after a failure, with the key that may have been lost."""
        failures = self.failures
        if self.failure is not None:
            self._update_session_table()
        with self._guarded():
            super().save()
        if self.failure is not None and self.failures == failures:
            self.failure = None
            self._listener(None)

    def close(self) -> None:
        """Commit as far as that is possible, and close."""
        if self._is_open:
            self.save()
        self._abandon()

    def get_entity_rows_by_username(self, username: str) -> Any:
        """The id and hash that are known by a user name, or None."""
        with self._guarded():
            return super().get_entity_rows_by_username(username)
        return None

    def _update_session_table(self) -> None:
        with self._guarded():
            super()._update_session_table()

    def _execute(self, stmt: str, *values: Any) -> Any:
        with self._guarded():
            return super()._execute(stmt, *values)
        return None

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Keep a failure of the file away from Telethon, but for one while it is being opened."""
        try:
            yield
        except sqlite3.Error as error:
            if not self._is_open:
                raise
            self._fail(error)

    def _fail(self, error: sqlite3.Error) -> None:
        self.failure = error
        self.failures += 1
        self._written.clear()
        if self._conn is not None:
            with contextlib.suppress(sqlite3.Error):
                self._conn.rollback()
        self._listener(error)

    def _abandon(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None
