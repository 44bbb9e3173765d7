"""The seam between Dateline and its database engine: what a database is to everything above it.

Everything speaks portable SQL with ``?`` placeholders to a ``Connection`` and never sees a driver.
``Database.transaction`` is the one way to write, ``Database.reader`` the one way to read beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeAlias

from storage.errors import StorageError

Parameters = Sequence[object]

Reading: TypeAlias = Literal["search", "inline", "digest", "review", "plans"]
"""What is read that may take its time, and is measured for that."""

MOST_VALUES = 1000


class Row(Protocol):
    """A row of a result: values by column name."""

    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """One connection. Every method is one hop to the engine; all raise StorageError."""

    async def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement; gives the number of rows it changed."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run a statement once for each row, in one hop.

        A generator is run by the engine as it takes the rows, off the event loop.
        """
        ...

    async def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT; gives the id of the new row."""
        ...

    async def fetch_all(self, sql: str, parameters: Parameters = ()) -> Sequence[Row]:
        """All rows of a query."""
        ...

    async def fetch_one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query, or None."""
        ...


class Database(Protocol):
    """An open database."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """The single writer. Commits at the end, rolls back on any exception, cancellation too."""
        ...

    def reader(self, what: Reading | None = None) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads; it never waits for the writer, nor the writer for it.

        ``what`` it reads is measured, with the wait for a connection: see ``measure``.
        """
        ...

    def measure(self, meter: Callable[[Reading, float], None]) -> None:
        """Tell ``meter`` of every reading that has a name how many seconds it took, whatever came
        of it. It must not wait."""
        ...

    def listen(self, listener: Callable[[StorageError | None], None]) -> None:
        """Tell ``listener`` of every commit that changed something (None), and of every error that
        lies with the machine or the file: UnavailableError, DamagedError. It must not wait."""
        ...

    async def scrub(self) -> bool:
        """Make the files hold nothing of what was deleted; False where it can't be done now, for
        somebody still reads. Raises StorageError."""
        ...

    async def vacuum(self) -> None:
        """Write the whole file anew, which takes some 20 seconds a gigabyte and twice its room."""
        ...

    async def close(self) -> None:
        """Close every connection, after what is under way has ended."""
        ...


async def fetch_in(
    conn: Connection, sql: str, values: Sequence[object], *, before: Parameters = ()
) -> list[Row]:
    """Rows for any number of values: ``(:values)`` in the SQL stands for the list of them.

    Long lists go in pieces, one hop each. ``before``: parameters that stand before the list.
    """
    rows: list[Row] = []
    for start in range(0, len(values), MOST_VALUES):
        piece = values[start : start + MOST_VALUES]
        listed = sql.replace("(:values)", f"({', '.join('?' * len(piece))})")
        rows.extend(await conn.fetch_all(listed, (*before, *piece)))
    return rows
