"""The seam between Dateline and its database engine: what a database is to everything above it.

Everything speaks portable SQL with ``?`` placeholders to a ``Connection`` and never sees a driver;
a statement that uses a value several times numbers all of its placeholders (``?1``).
``Database.transaction`` is the one way to write, ``Database.reader`` the one way to read beside it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import AbstractAsyncContextManager, contextmanager
from itertools import chain, islice
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

from storage.errors import StorageError
from storage.query.compiled import Bound, Compiled
from storage.query.tree import Node
from storage.query.words.analysis import Analysed

Parameters = Sequence[object]

Query: TypeAlias = tuple[str, Parameters]
"""A statement that gives rows, and its parameters."""

Statement: TypeAlias = tuple[str, Iterable[Parameters]]
"""A statement that writes, and the parameters of each time that it is run."""

Reading: TypeAlias = Literal["search", "inline", "digest", "review", "plans"]
"""What is read that may take its time, and is measured for that."""

Meter: TypeAlias = Callable[[Reading, float], None]
"""Told how many seconds something took to read."""

MOST_VALUES = 1000

ALL = (1 << 63) - 1
"""A limit of rows that is none."""

PLACE = "(CAST(? AS BIGINT), CAST(? AS BIGINT))"
"""Two numbers in a list of VALUES."""

TRIPLE = "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))"
"""Three numbers in a list of VALUES."""


class Pages(Struct, frozen=True, kw_only=True):
    """The pages of a file: all, and those that hold nothing at present.

    ``can_shrink``: these can be given back to the disk. Not in a file of an older version that
    was not written anew since: there what comes next goes into them, and it stays as large.
    """

    all: int
    unused: int
    can_shrink: bool


class Row(Protocol):
    """A row of a result: values by column name."""

    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class Index(Protocol):
    """The text index of documents, over one connection: the words that our analysis finds in them
    (``Analysed``) by row id. It is searched for what ``compile`` made of a query.

    ``low`` and ``high`` are row ids: from the first on, to before the second. What is spilled
    (``storage.documents.free_row_ids``) is asked for apart.
    """

    def compile(
        self, root: Node, *, common: Set[str] = frozenset(), bound: Bound = "above"
    ) -> Compiled:
        """A query tree as an expression of the engine; the tree must not be purely negative.

        ``common``: prefixes to leave aside, which most of the documents hold.
        """
        ...

    async def add(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Index documents under their row ids."""
        ...

    async def remove(self, entries: Iterable[tuple[int, Analysed]]) -> None:
        """Take documents out; they are given as they were when they were indexed."""
        ...

    async def clear(self) -> None:
        """Take everything out."""
        ...

    async def merge(self, pages: int, *, begins: bool) -> bool:
        """Merge ``pages`` pages of the index, which removes terms of removed documents; whether
        more remains. ``begins``: it is the first step."""
        ...

    async def newest(self, asked: Compiled, low: int, high: int, limit: int, /) -> Sequence[Row]:
        """The newest documents that are found: ``id`` and JSON (``value``), newest first."""
        ...

    async def score(self, asked: Compiled, low: int, high: int, limit: int, /) -> Sequence[Row]:
        """The same, with their score (``value``); lower is better."""
        ...

    async def count(self, asked: Compiled, low: int, high: int, limit: int, /) -> int:
        """How many are found, ``limit`` at most."""
        ...

    async def list_ids(self, asked: Compiled, low: int, high: int, limit: int, /) -> list[int]:
        """The row ids of the newest that are found, ``limit`` at most."""
        ...

    async def count_by_channel(self, asked: Compiled, low: int, high: int, /) -> Sequence[Row]:
        """How many ``posts`` of each ``channel_id`` are found."""
        ...

    async def list_spilled(
        self, asked: Compiled, place: tuple[int, int, int], ids: tuple[int, int], limit: int, /
    ) -> Sequence[Row]:
        """What is found of the spilled, newest first: ``id``, ``first_id`` and ``score``.

        ``place``: from which first id on, and before which first id and id; ``ids``: the lowest
        and the highest among those.
        """
        ...

    async def list_held(self, groups: Sequence[Sequence[str]], /) -> list[int]:
        """The indexes of the groups of word forms of which some document holds one."""
        ...


class Connection(Protocol):
    """One connection. Every method is one hop to the engine; all raise StorageError."""

    @property
    def index(self) -> Index:
        """The text index."""
        ...

    @property
    def changes(self) -> int:
        """How many rows it has changed since it was opened; those that follow count or not."""
        ...

    async def refresh_statistics(self) -> None:
        """Let the engine's planner know how the tables have grown; cheap where nothing changed."""
        ...

    async def list_lost(self, version: int, /) -> list[int]:
        """The row ids of documents that were indexed under a version of the analysis and of which
        the index has lost something since; it looks at all there are."""
        ...

    async def count_pages(self) -> Pages:
        """The pages of the database as they are used now; none where the engine sees to them."""
        ...

    async def give_back(self, pages: int, /) -> None:
        """Return unused pages to the disk, at most this many, if the file can shrink."""
        ...

    async def skip_ids(self, table: str, count: int) -> None:
        """Have the next row of a table get an id higher by so much than it would."""
        ...

    async def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement; gives the number of rows it changed."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run a statement once for each row, in one hop.

        A generator is run by the engine as it takes the rows, off the event loop.
        """
        ...

    async def execute_later(self, *statements: Statement) -> None:
        """Run statements of a transaction in their order, each as ``execute_many`` does, together
        with the next call on this connection or the commit: on SQLite they take no hop of their
        own. Their errors may be raised there, and are raised at the commit again even if they were
        caught; ``changes`` counts them from then on. Generators are consumed in the order of the
        statements."""
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

    async def fetch_each(self, *queries: Query) -> Sequence[Sequence[Row]]:
        """The rows of each of several queries, of which none depends on another; SQLite takes one
        hop for all."""
        ...

    def expect(self, *queries: Query) -> None:
        """Say what will be asked soon in a transaction, as it is, before anything is written:
        SQLite reads it in the hop of the next question. It changes no answer."""
        ...

    async def fetch_first(self, sql: str, parameters: Parameters = ()) -> Sequence[Row]:
        """The first rows of a query in a transaction, in an order that an index holds: that is
        followed until there are enough, however few the engine believes that there are in all."""
        ...


class Readable(Protocol):
    """A database that may be read."""

    def reader(self, what: Reading | None = None) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads: see ``Database``."""
        ...


class Database(Protocol):
    """An open database."""

    def transaction(
        self, *, beside: bool = False, expected: Iterable[Query] = ()
    ) -> AbstractAsyncContextManager[Connection]:
        """The single writer, whatever other processes there are. Commits at the end, rolls back on
        any exception, cancellation too.

        ``beside``: it need not wait for others, nor they for it, where the engine has several
        writers. So only rows are written that are this process's own (a lease), or locked first.

        ``expected``: queries that will be asked in it, as they are, before it writes: SQLite takes
        no hop for them. It changes no answer.
        """
        ...

    def reader(self, what: Reading | None = None) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads; it never waits for the writer, nor the writer for it.

        ``what`` it reads is measured, with the wait for a connection: see ``measure``.
        """
        ...

    def measure(self, meter: Meter) -> None:
        """Tell ``meter`` of every reading that has a name how many seconds it took, whatever came
        of it. It must not wait."""
        ...

    def listen(self, listener: Callable[[StorageError | None], None]) -> None:
        """Tell ``listener`` of every commit that changed something (None), and of every error that
        lies with the machine or the file: UnavailableError, DamagedError. It must not wait."""
        ...

    async def is_written_beside(self) -> bool:
        """Whether another process has written since this was asked last, or may have; cheap."""
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
    for query in queries_in(sql, values, before=before):
        rows.extend(await conn.fetch_all(*query))
    return rows


def queries_in(sql: str, values: Sequence[object], *, before: Parameters = ()) -> Iterator[Query]:
    """The queries for any number of values, a long list in pieces; see ``fetch_in``."""
    for start in range(0, len(values), MOST_VALUES):
        piece = values[start : start + MOST_VALUES]
        yield sql.replace("(:values)", f"({', '.join('?' * len(piece))})"), (*before, *piece)


async def fetch_groups(conn: Connection, *groups: Iterable[Query]) -> list[list[Row]]:
    """The rows of each group of queries (``queries_in`` gives one), in one hop for all groups."""
    listed = [list(group) for group in groups]
    results = iter(await conn.fetch_each(*chain.from_iterable(listed)))
    return [list(chain.from_iterable(islice(results, len(group)))) for group in listed]


async def execute_in(
    conn: Connection, sql: str, values: Sequence[object], *, before: Parameters = ()
) -> int:
    """Run a statement for any number of values, as ``fetch_in`` does; gives the number of rows it
    changed."""
    changed = 0
    for statement in queries_in(sql, values, before=before):
        changed += await conn.execute(*statement)
    return changed


class Timing:
    """Tells ``meter``, where there is one, how many seconds each reading that has a name took."""

    def __init__(self) -> None:
        self.meter: Meter | None = None

    @contextmanager
    def of(self, what: Reading | None) -> Iterator[None]:
        """Time what is done inside the block, whatever comes of it."""
        began = time.monotonic()
        try:
            yield
        finally:
            if what is not None and self.meter is not None:
                self.meter(what, time.monotonic() - began)
