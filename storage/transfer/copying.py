"""Copying all rows, table by table in the order of keys: what was copied is remembered with it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeAlias

from storage.connection import Connection, Database
from storage.transfer import copy_state
from storage.transfer import tables as tables_module
from storage.transfer.copy_state import Progress
from storage.transfer.fitting import Fitting
from storage.transfer.tables import Key, Table, Values

Shown: TypeAlias = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""Shows a step by its words; what it gives is told how much of it is done, and of how much."""


async def copy_all(
    conn: Connection, database: Database, tables: Sequence[Table], fitting: Fitting, shown: Shown
) -> None:
    """Copy what is not copied yet. Raises StorageError; then it goes on from there."""
    async with database.reader() as reader:
        progress = await copy_state.find_progress(reader)
    names = [table.name for table in tables]
    if progress is not None and progress.step not in names:
        return  # a later step is being done
    left = tables if progress is None else tables[names.index(progress.step) :]
    for table in left:
        await _copy(conn, database, table, _after(table, progress), fitting, shown)


def _after(table: Table, progress: Progress | None) -> Key:
    return progress.after if progress is not None and progress.step == table.name else ()


async def _copy(
    conn: Connection, database: Database, table: Table, after: Key, fitting: Fitting, shown: Shown
) -> None:
    total, done = await tables_module.count(conn, table), 0
    if after:
        async with database.reader() as reader:
            done = await tables_module.count(reader, table)
    else:
        async with database.transaction() as tx:
            await tx.execute(table.clear)  # of what every new database holds
            await copy_state.set_progress(tx, table.name)
    with shown(f"copying {table.name}") as tell:
        tell(done, total)
        async for rows in tables_module.list_pages(conn, table, after):
            await _put(database, table, rows, fitting.fit(table, rows))
            done += len(rows)
            tell(done, total)


async def _put(
    database: Database, table: Table, rows: Sequence[Values], fitted: Sequence[Values]
) -> None:
    async with database.transaction() as tx:
        await tx.execute_many(table.insert, fitted)
        await copy_state.set_progress(tx, table.name, table.key_of(rows[-1]))
