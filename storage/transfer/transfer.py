"""A whole database into the other engine: copied, indexed, compared, and only then taken for whole.

The old one stays as it was. What ends the copying, it goes on from there.
"""

from collections.abc import Sequence

from msgspec import Struct

from storage import instance
from storage.connection import Connection, Database
from storage.documents import index
from storage.errors import StorageError
from storage.instance import Identity
from storage.location import Location
from storage.postgres import numbers as postgres_numbers
from storage.sqlite import numbers as sqlite_numbers
from storage.transfer import comparing, copy_state, copying, ends, indexing
from storage.transfer import tables as tables_module
from storage.transfer.comparing import Compared
from storage.transfer.copy_state import Source
from storage.transfer.copying import Shown
from storage.transfer.fitting import Fitting
from storage.transfer.tables import Table


class Outcome(Struct, frozen=True, kw_only=True):
    """What was carried over: ``identity`` is the new database's; ``replaced``: rows in which U+FFFD
    stands for NUL; ``was_whole``: a run of before had done it all."""

    tables: tuple[Compared, ...]
    identity: Identity | None
    replaced: int
    was_whole: bool


async def transfer(old: Location, new: Location, shown: Shown, *, replaces_nul: bool) -> Outcome:
    """Carry everything over, of which one is SQLite's and one PostgreSQL's; nobody else may write
    into either. Raises StorageError; then the same call goes on from there."""
    fitting = Fitting(index=index.version(), replaces_nul=replaces_nul)
    async with ends.reading(old) as conn:
        source = await _describe(conn, old)
    async with ends.writing(new) as database:
        tables = await _list_tables(old, database)
        was_whole = not await _begin(database, new, source, tables)
        if not was_whole:
            async with ends.reading(old) as conn:
                await copying.copy_all(conn, database, tables, fitting, shown)
            await indexing.index_all(database, shown, on_server=new.file is None)
        fitting.replaced = 0
        async with ends.reading(old) as conn:
            await _refuse_changed(source, await _describe(conn, old), new)
            compared = await _compare(conn, database, tables, fitting, shown, new)
            last = await _list_last_ids(conn, old, tables)
        if not was_whole:
            await _end(database, new, source, last, shown)
        async with database.reader() as reader:
            identity = await instance.find_identity(reader)
    return Outcome(
        tables=tuple(compared),
        identity=identity,
        replaced=fitting.replaced,
        was_whole=was_whole,
    )


async def _describe(conn: Connection, old: Location) -> Source:
    await copy_state.refuse_unfinished(conn, old.shown)
    identity = await instance.find_identity(conn)
    return Source(
        instance=identity.name if identity else old.shown,
        counter=identity.counter if identity else 0,
        schema=max(ends.schema_of(old)),
        index=index.version(),
    )


async def _list_tables(old: Location, database: Database) -> list[Table]:
    """Both have the same: SQLite's says what they are."""
    sqlite = ends.reading(old) if old.file is not None else database.reader()
    async with sqlite as conn:
        return await tables_module.list_tables(conn)


async def _begin(
    database: Database, new: Location, source: Source, tables: Sequence[Table]
) -> bool:
    """Whether anything is left to be done. Raises StorageError where it is no copy of this."""
    async with database.reader() as reader:
        known = await copy_state.find_source(reader)
        if known is None and await _is_used(reader, tables):
            identity = await instance.find_identity(reader)
            if identity == Identity(name=source.instance, counter=source.counter + 1):
                return False
            raise ends.not_empty(new.shown)
    if known is not None:
        await _refuse_changed(known, source, new)
    await index.begin(database)
    if known is None:
        async with database.transaction() as tx:
            await copy_state.set_source(tx, source)
    return True


async def _is_used(conn: Connection, tables: Sequence[Table]) -> bool:
    """Whether it holds more than every new database: a table of changes begins with one row."""
    counts = [(table.name, len(await conn.fetch_all(table.page(()), (2,)))) for table in tables]
    return any(count > (name == "alert_change") for name, count in counts)


async def _refuse_changed(known: Source, source: Source, new: Location) -> None:
    if known == source:
        return
    what = "it is a copy, not whole, of another database"
    if known.instance == source.instance:
        what = "it is a copy, not whole, of what the database was before it was written last"
        if (known.schema, known.index) != (source.schema, source.index):
            what = "it is a copy, not whole, that another version made"
    raise StorageError(what, where=new.shown, hint="remove it, and begin anew")


async def _compare(
    conn: Connection,
    database: Database,
    tables: Sequence[Table],
    fitting: Fitting,
    shown: Shown,
    new: Location,
) -> list[Compared]:
    async with database.reader() as reader:
        return [
            await comparing.compare(conn, reader, table, fitting, shown, new.shown)
            for table in tables
        ]


async def _list_last_ids(
    conn: Connection, old: Location, tables: Sequence[Table]
) -> list[tuple[str, int]]:
    numbers = sqlite_numbers if old.file is not None else postgres_numbers
    kept = [table.name for table in tables if table.keeps_ids]
    return [(name, await numbers.find_last_id(conn, name)) for name in kept]


async def _end(
    database: Database,
    new: Location,
    source: Source,
    last: Sequence[tuple[str, int]],
    shown: Shown,
) -> None:
    """Make it a whole database, which is later than the old one."""
    with shown("finishing"):
        async with database.transaction() as tx:
            await tx.execute("ANALYZE")
        numbers = sqlite_numbers if new.file is not None else postgres_numbers
        async with database.transaction() as tx:
            await numbers.set_last_ids(tx, [one for one in last if one[1]])
            if await instance.find_identity(tx) is not None:
                await instance.raise_counter(tx, above=source.counter)
            await index.note_all(tx)
            await copy_state.end(tx)
