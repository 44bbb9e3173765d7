"""The tables that are copied, in an order in which each comes behind those that it refers to.

They are read from the SQLite database of the two: both engines have the same ones.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from storage.connection import Connection
from storage.transfer.copy_state import OWN_FACTS

Value: TypeAlias = int | float | str | bytes | None
Values: TypeAlias = tuple[Value, ...]
Key: TypeAlias = tuple[int | str, ...]

FIRST_ROWS, MOST_ROWS = 100, 2_000
MOST_BYTES = 4_000_000
"""About so much is in memory at once, where no single row is larger."""

OF_THE_INDEX = ("analysis_version", "analysis_left")
COUNTER = "instance_counter"
_OWN = ", ".join(f"'{name}'" for name in (*OF_THE_INDEX, *OWN_FACTS, COUNTER))
_LEFT_OUT = {"fact": f"name NOT IN ({_OWN})"}
"""What each database has for itself: how far its index is made, how often its service wrote."""
_BEHIND = {"alert_change": {"alert"}}
"""Tables that triggers on others write into."""
OF_PROCESSES = ("lease", "process", "watcher", "watched_by")
"""What processes that run have and do."""
_NO_TABLES = ("sqlite_", "document_index", "schema_migration", "backup_session", *OF_PROCESSES)
_NAMES = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"


@dataclass(frozen=True)
class Table:
    """A table: its ``columns``, those of its ``key``, and whether it ``keeps_ids``, of which none
    is ever given again."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    keeps_ids: bool
    parents: frozenset[str]

    @cached_property
    def count(self) -> str:
        """A query for the number of its rows (``n``)."""
        return f'SELECT count(*) AS n FROM "{self.name}"{self._where()}'  # noqa: S608

    @cached_property
    def insert(self) -> str:
        """A statement that puts one row in."""
        places = ", ".join("?" * len(self.columns))
        return f'INSERT INTO "{self.name}" ({_listed(self.columns)}) VALUES ({places})'  # noqa: S608

    @cached_property
    def clear(self) -> str:
        """A statement that empties it, of what a new database holds."""
        return f'DELETE FROM "{self.name}"{self._where()}'  # noqa: S608

    def page(self, after: Key) -> str:
        """A query for the rows behind a key, in the order of keys: the key, then how many."""
        beyond = ""
        if after:
            places = ", ".join(
                f"CAST(? AS {'TEXT' if type(one) is str else 'BIGINT'})" for one in after
            )
            beyond = f"({_listed(self.key)}) > ({places})"
        columns, order = _listed(self.columns), _listed(self.key)
        where = self._where(beyond)
        return f'SELECT {columns} FROM "{self.name}"{where} ORDER BY {order} LIMIT ?'  # noqa: S608

    def key_of(self, row: Values) -> Key:
        """The key of a row."""
        return tuple(row[place] for place in self._key_places)  # type: ignore[misc]

    @cached_property
    def _key_places(self) -> tuple[int, ...]:
        return tuple(map(self.columns.index, self.key))

    def _where(self, *conditions: str) -> str:
        given = [one for one in (*conditions, _LEFT_OUT.get(self.name, "")) if one]
        return f" WHERE {' AND '.join(given)}" if given else ""


async def list_tables(sqlite: Connection) -> list[Table]:
    """All tables, parents first, by a connection to the SQLite database of the two."""
    found = {}
    for row in await sqlite.fetch_all(_NAMES):
        if not row["name"].startswith(_NO_TABLES):
            found[row["name"]] = await _read(sqlite, row["name"], row["sql"])
    ordered: dict[str, Table] = {}
    while found:
        ready = [name for name, one in found.items() if one.parents <= ordered.keys() | {name}]
        if not ready:
            raise ValueError(f"tables refer to each other in a ring: {', '.join(found)}")
        ordered.update((name, found.pop(name)) for name in ready)
    return [*ordered.values()]


async def _read(sqlite: Connection, name: str, sql: str) -> Table:
    columns = await sqlite.fetch_all(f'PRAGMA table_info("{name}")')
    parents = await sqlite.fetch_all(f'PRAGMA foreign_key_list("{name}")')
    key = sorted((row["pk"], row["name"]) for row in columns if row["pk"])
    return Table(
        name=name,
        columns=tuple(row["name"] for row in columns),
        key=tuple(column for _, column in key),
        keeps_ids="AUTOINCREMENT" in sql,
        parents=frozenset({row["table"] for row in parents} | _BEHIND.get(name, set())),
    )


async def list_pages(
    conn: Connection, table: Table, after: Key = ()
) -> AsyncIterator[Sequence[Values]]:
    """The rows behind a key, some at a time: how many, follows from how large those before were."""
    size = FIRST_ROWS
    while True:
        found = await conn.fetch_all(table.page(after), (*after, size))
        rows = [tuple(row) for row in found]
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = table.key_of(rows[-1])
        size = max(1, min(MOST_ROWS, size * MOST_BYTES // max(1, _weigh(rows)), size * 4))


async def count(conn: Connection, table: Table) -> int:
    """How many rows it has."""
    row = await conn.fetch_one(table.count)
    return 0 if row is None else int(row["n"])


def _weigh(rows: Sequence[Values]) -> int:
    return sum(len(one) for row in rows for one in row if isinstance(one, str | bytes))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
