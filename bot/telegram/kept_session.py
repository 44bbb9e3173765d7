"""Telethon's session file, whose failed writes end nothing.

Telethon writes the file in the middle of calls and of its update loop, and does not expect that to
fail: its loop would end silently. So a write that fails is remembered here, reported to listeners,
and tried again later (``bot.telegram.clients.Client.keep_state``).

No person is written into the file. The people that updates name are remembered while the process
runs; later they are addressed by what our own database holds of those who use the bot.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from telethon import utils
from telethon.sessions import SQLiteSession
from telethon.tl import types

from bot.telegram import sessions

BUSY_MILLISECONDS = 100
_KEPT_ENTITIES = 10_000
_WITHOUT_PEOPLE = 1
"""The file's ``user_version`` once nothing is left in it of people."""
_ITSELF = 0
"""The row in which Telethon keeps the number of the account, in place of a hash."""

_KINDS = (types.PeerUser, types.PeerChat, types.PeerChannel)

_Row: TypeAlias = tuple[int, int, str | None, int | None, str | None]
"""As Telethon writes an entity: id, hash, user name, phone, name."""
Listener: TypeAlias = Callable[[sqlite3.Error | None], None]


class KeptSession(SQLiteSession):  # type: ignore[misc]
    """Telethon's session file, 0600, which never claims more than has been handled.

    Telethon moves the update state on when updates arrive and writes it at its own times; a kill
    in between would lose what was received and not yet handled. ``settled`` says whether all of
    it was: only then is the state written, else it is asked for again after the next start.

    The account's own row, groups and channels are written; of a bot's, number and hash alone, in a
    table of their own (``keeps_names`` false): it is needed to ask what they missed.

    ``failure`` is why the file is behind, if it is; ``failures`` counts.
    """

    _conn: sqlite3.Connection | None

    def __init__(self, path: Path, *, keeps_names: bool = True) -> None:
        self.settled: Callable[[], bool] = lambda: True
        self.failure: sqlite3.Error | None = None
        self.failures = 0
        self._listener: Listener = lambda _: None
        self._path = path
        self._is_open = False
        self._keeps_names = keeps_names
        self._written: dict[int, _Row] = {}
        self._people: dict[int, tuple[int, int]] = {}
        try:
            super().__init__(str(path))
            # It is written on the event loop, which must not wait for another process.
            self._cursor().execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            self._cursor().execute("PRAGMA secure_delete = ON")
            self._leave_people_out()
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

    def process_entities(self, tlo: object) -> None:
        """Write whom an object names. What answers a message that was sent comes once more, with
        the updates: then is early enough."""
        updates = getattr(tlo, "updates", None)
        # The answer to a joining holds all of an Updates there, not a list.
        first = updates[0] if isinstance(updates, list) and updates else None
        if not isinstance(first, types.UpdateMessageID):
            with self._guarded():
                super().process_entities(tlo)

    def _entities_to_rows(self, tlo: object) -> list[_Row]:
        """The rows to write of those whom an object names, without people and without those that
        are written like that: each answer names everybody whom it concerns again."""
        named = super()._entities_to_rows(tlo)
        rows = [row for row in self._without_people(named) if self._written.get(row[0]) != row]
        if len(self._written) > _KEPT_ENTITIES:
            self._written.clear()
        self._written.update((row[0], row) for row in rows)
        if self._keeps_names:
            return rows
        self._cursor().executemany(
            "INSERT OR REPLACE INTO dateline_peers VALUES (?, ?)", [row[:2] for row in rows]
        )
        return []

    def _without_people(self, named: list[_Row]) -> list[_Row]:
        """Rows of groups and channels, and of the account itself once it says which it is."""
        if len(self._people) > _KEPT_ENTITIES:
            self._people.clear()
        self._people.update((row[0], (row[0], row[1])) for row in named if row[0] > 0)
        rows = [row for row in named if row[0] <= 0]
        itself = next((row[1] for row in rows if row[0] == _ITSELF), None)
        if itself is not None and itself in self._people:
            rows.append((*self._people[itself], None, None, None))
        return rows

    def _leave_people_out(self) -> None:
        """Clear a file of an older version, once: what was deleted before lies in it as well."""
        cursor = self._cursor()
        if not self._keeps_names:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS dateline_peers (id INTEGER PRIMARY KEY, hash INTEGER)"
            )
        if cursor.execute("PRAGMA user_version").fetchone()[0] >= _WITHOUT_PEOPLE:
            return
        kept = "id <= 0 OR id = (SELECT hash FROM entities WHERE id = 0)"
        if not self._keeps_names:
            cursor.execute(
                f"INSERT OR REPLACE INTO dateline_peers SELECT id, hash FROM entities WHERE {kept}"  # noqa: S608
            )
            kept = "0"
        cursor.execute(f"DELETE FROM entities WHERE NOT ({kept})")  # noqa: S608
        super().save()
        cursor.execute("VACUUM")
        cursor.execute(f"PRAGMA user_version = {_WITHOUT_PEOPLE}")
        super().save()

    def set_update_state(self, entity_id: int, state: types.updates.State) -> None:
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

    def get_entity_rows_by_username(self, username: str) -> tuple[int, int] | None:
        """The id and hash that are known by a user name, or None."""
        with self._guarded():
            found: tuple[int, int] | None = super().get_entity_rows_by_username(username)
            return found
        return None

    def get_entity_rows_by_id(self, id: int, exact: bool = True) -> tuple[int, int] | None:
        """The id and hash that are known of a marked id; of one without a mark, if not ``exact``.
        None where there are none."""
        known = self._people.get(id)
        if known is not None or self._keeps_names:
            found: tuple[int, int] | None = known or super().get_entity_rows_by_id(id, exact)
            return found
        ids = [id] if exact else [utils.get_peer_id(kind(id)) for kind in _KINDS]
        # No account has the number of another kind of chat, so one is found at most.
        marks = ", ".join("?" * len(ids))
        sql = f"SELECT id, hash FROM dateline_peers WHERE id IN ({marks})"  # noqa: S608
        row: tuple[int, int] | None = self._execute(sql, *ids)
        return row

    def _update_session_table(self) -> None:
        with self._guarded():
            super()._update_session_table()

    def _execute(self, stmt: str, *values: object) -> Any:
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
