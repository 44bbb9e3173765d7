"""Telethon's session file, made safe against failed writes.

Telethon writes the file in the middle of calls and of its update loop, and does not expect that to
fail: its loop would end silently. So a failed write is remembered here, reported to a listener, and
retried later (``bot.telegram.clients.Client.keep_state``).

No person is written into the file. The people named by updates are remembered while the process
runs; afterwards they are addressed by what our own database holds of those who use the bot.
"""

import contextlib
import sqlite3
import time
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
"""The file's ``user_version`` once people have been removed from it."""
_ITSELF = 0
"""The row in which Telethon keeps the account's id, in place of a hash."""

KEPT = 300.0
"""Seconds before its last change of which a bot's update states are kept."""
LONGEST_BACK = 86_400.0
"""Seconds before the present beyond which a bot never goes back: its answers of then are stored."""

_EARLIER = """
    CREATE TABLE IF NOT EXISTS dateline_earlier_states
        (id INTEGER, until REAL, pts INTEGER, date INTEGER, seq INTEGER)
"""
_KEEP_FORMER = """
    INSERT INTO dateline_earlier_states
    SELECT id, ?, pts, date, seq FROM update_state WHERE id = ? AND pts <> ?
"""
_DROP_OLD = "DELETE FROM dateline_earlier_states WHERE until < ?"
# SQLite takes the other columns from the row that has the minimum. Memberships, which count in
# ``qts``, do not come again: who left and came back would have left.
_GO_BACK = """
    UPDATE update_state SET pts = former.pts, date = former.date, seq = former.seq FROM
        (SELECT id, min(until), pts, date, seq FROM dateline_earlier_states
         WHERE until >= ? GROUP BY id) AS former
    WHERE update_state.id = former.id
"""

_KINDS = (types.PeerUser, types.PeerChat, types.PeerChannel)

_Row: TypeAlias = tuple[int, int, str | None, int | None, str | None]
"""Telethon's row of an entity: id, hash, username, phone, name."""
Listener: TypeAlias = Callable[[sqlite3.Error | None], None]


class KeptSession(SQLiteSession):  # type: ignore[misc]
    """Telethon's session file, mode 0600, whose update state never covers unhandled updates.

    Telethon advances the update state when updates arrive and writes it at its own times; a kill in
    between would lose what was received and not yet handled. ``settled`` says whether everything
    was handled: only then is the state written, else the updates are requested again after the next
    start.

    The account's own row, groups and channels are written. For a bot (``keeps_names`` false) only
    their ids and hashes are, in a table of their own, which is needed to ask for missed updates.

    ``failure``: why the file is out of date, if it is; ``failures`` counts failed writes.
    """

    _conn: sqlite3.Connection | None

    def __init__(self, path: Path, *, keeps_names: bool = True) -> None:
        self.settled: Callable[[], bool] = lambda: True
        self.failure: sqlite3.Error | None = None
        self.failures = 0
        self._listener: Listener = lambda _: None
        self._path = path
        self._is_open = False
        self._staying: set[int] = set()
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
        """Call ``listener`` with the error of each failed write, at once with the present one, and
        with None when the file is up to date again."""
        self._listener = listener
        if self.failure is not None:
            listener(self.failure)

    def assure(self) -> None:
        """Raise ServiceError if the file is out of date."""
        if self.failure is not None:
            raise sessions.unusable(self._path, self.failure) from self.failure

    def process_entities(self, tlo: object) -> None:
        """Write the entities that an object names, except in the answer to a sent message: its
        entities come once more with the updates, which is early enough."""
        updates = getattr(tlo, "updates", None)
        # The answer to a joining holds all of an Updates there, not a list.
        first = updates[0] if isinstance(updates, list) and updates else None
        if not isinstance(first, types.UpdateMessageID):
            with self._guarded():
                super().process_entities(tlo)

    def _entities_to_rows(self, tlo: object) -> list[_Row]:
        """The rows to write of the entities that an object names, without people and without rows
        that are unchanged, since each answer repeats the entities that it concerns."""
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
        """The rows of groups and channels, and of the account itself once its id is known."""
        if len(self._people) > _KEPT_ENTITIES:
            self._people.clear()
        self._people.update((row[0], (row[0], row[1])) for row in named if row[0] > 0)
        rows = [row for row in named if row[0] <= 0]
        itself = next((row[1] for row in rows if row[0] == _ITSELF), None)
        if itself is not None and itself in self._people:
            rows.append((*self._people[itself], None, None, None))
        return rows

    def _leave_people_out(self) -> None:
        """Remove people, once, from a file of an older version, with the remains of deleted
        rows."""
        cursor = self._cursor()
        if not self._keeps_names:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS dateline_peers (id INTEGER PRIMARY KEY, hash INTEGER)"
            )
            cursor.execute(_EARLIER)
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
        """Write the update state if everything was handled. A bot's former one is kept a while."""
        if not self.settled():
            return
        if not self._keeps_names and entity_id not in self._staying:
            now = time.time()
            if self._change(_KEEP_FORMER, (now, entity_id, state.pts)):
                self._change(_DROP_OLD, (now - KEPT,))
        self._staying.discard(entity_id)
        super().set_update_state(entity_id, state)

    def go_back(self) -> None:
        """Take the bot's update states of ``KEPT`` seconds before the last change: messages that
        came since are requested again. Call it before connecting."""
        if not self._keeps_names:
            self._change(_GO_BACK, (time.time() - LONGEST_BACK,))
            self.save()

    def stay(self) -> None:
        """Never go back to before what is handled now: it must not be done again."""
        if not self._keeps_names:
            with self._guarded():
                known = self._cursor().execute("SELECT id FROM update_state").fetchall()
                self._staying.update(id for (id,) in known)
            self._change("DELETE FROM dateline_earlier_states", ())
            self.save()

    def _change(self, sql: str, values: tuple[object, ...]) -> int:
        """Change rows of ours; gives how many. Commits nothing by itself."""
        with self._guarded():
            return int(self._cursor().execute(sql, values).rowcount)
        return 0

    def save(self) -> None:
        """Commit what was written; after a failure also the key, whose write may have been lost."""
        failures = self.failures
        if self.failure is not None:
            self._update_session_table()
        with self._guarded():
            super().save()
        if self.failure is not None and self.failures == failures:
            self.failure = None
            self._listener(None)

    def close(self) -> None:
        """Commit if that is possible, and close."""
        if self._is_open:
            self.save()
        self._abandon()

    def get_entity_rows_by_username(self, username: str) -> tuple[int, int] | None:
        """The id and hash known for a username, or None."""
        with self._guarded():
            found: tuple[int, int] | None = super().get_entity_rows_by_username(username)
            return found
        return None

    def get_entity_rows_by_id(self, id: int, exact: bool = True) -> tuple[int, int] | None:
        """The id and hash known for a marked id; for an unmarked one if not ``exact``. None if
        there are none."""
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
        """Hide file errors from Telethon, except while the file is being opened."""
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
