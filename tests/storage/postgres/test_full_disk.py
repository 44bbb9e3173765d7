"""The disk of the server is full, or the process is killed, while a step to this version's schema
runs."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from bot.demo.process import clean_environment
from storage import facts
from storage.database import open_database
from storage.documents import index
from storage.location import location_of
from storage.postgres import schema
from storage.postgres.engine import open_address

STEPS = [91, 111]
"""The steps that write most: the signs of every document's words, and the pairs of its words."""
SIZE = 64 << 20
LEFT = 256 << 10
FILLED = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT n, 200, FALSE, (
        SELECT to_tsvector('simple', string_agg('b' || md5(CAST(n * 1000 + k AS TEXT)), ' '))
        FROM generate_series(1, 100) AS k
    ) FROM generate_series(1, 2000) AS n;
    INSERT INTO document_index_words (id, words)
    SELECT n, decode(repeat(md5(CAST(n AS TEXT)), 60), 'hex') FROM generate_series(1, 2000) AS n;
"""
STANDING = """
    SELECT (SELECT max(version) FROM schema_migration) AS version,
        (SELECT count(*) FROM document_index) AS documents,
        (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS relations
"""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own, of little size, where this machine lets us have one."""
    folder = Path(tempfile.mkdtemp(prefix="disk-", dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    try:
        if subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("nothing can be mounted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    finally:
        folder.rmdir()


def make_room(disk: Path, url: str) -> Path:
    """A folder that is the server's own, whose address is ``url``."""
    owner = Path(parse_qs(urlsplit(url).query)["host"][0]).stat()
    room = disk / "room"
    room.mkdir()
    os.chown(room, owner.st_uid, owner.st_gid)
    return room


@pytest.fixture(params=STEPS)
async def former_url(
    postgres_server: str, small_disk: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The address of a database on it, as it was before a step, with documents in its index."""
    name, room = small_disk.name.replace("-", "_"), make_room(small_disk, postgres_server)
    conn = await asyncpg.connect(postgres_server)
    try:
        await conn.execute(f"CREATE TABLESPACE {name} LOCATION '{room}'")
        await conn.execute(f"CREATE DATABASE {name} TABLESPACE {name}")
        url = postgres_server.replace("/postgres?", f"/{name}?")
        await fill(url, request.param)
        yield url
        await conn.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await conn.execute(f"DROP TABLESPACE {name}")
    finally:
        await conn.close()


async def fill(url: str, step: int) -> None:
    database = await open_address(location_of(url))
    try:
        for script in schema.list_scripts():
            if script.version < step:
                await schema._apply(database, script)
        async with database.transaction() as tx:
            await tx.execute(FILLED)
            await facts.set_value(tx, "analysis_version", str(index.version()))
    finally:
        await database.close()


def fill_up(disk: Path) -> Path:
    """The file that takes all room but so little that no step fits, whatever the server takes
    meanwhile."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(LEFT)):
            pass
    os.truncate(ballast, ballast.stat().st_size - LEFT)
    return ballast


async def stand(url: str) -> dict[str, int]:
    conn = await asyncpg.connect(url)
    try:
        return dict(await conn.fetchrow(STANDING))
    finally:
        await conn.close()


async def begin_search(url: str, folder: Path) -> asyncio.subprocess.Process:
    """Any command brings the schema up to date."""
    environment = clean_environment({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "search", "grain",
        cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def search(url: str, folder: Path) -> tuple[int | None, list[str]]:
    """The status of such a command, and what it says of errors."""
    process = await begin_search(url, folder)
    _, said = await process.communicate()
    return process.returncode, said.decode().splitlines()


@pytest.mark.end_to_end
async def test_a_full_disk_leaves_all_as_it_was_and_the_next_start_goes_on(
    former_url: str, small_disk: Path, tmp_path: Path
) -> None:
    before = await stand(former_url)
    ballast = fill_up(small_disk)
    status, said = await search(former_url, tmp_path)
    assert (status, len(said)) == (1, 1), said
    assert said[0].endswith("the disk of PostgreSQL is full; make room; nothing was lost")
    assert await stand(former_url) == before

    ballast.unlink()
    await (await open_database(former_url)).close()
    now = await stand(former_url)
    assert now["version"] == schema.list_scripts()[-1].version
    assert now["documents"] == before["documents"]


WAITS = """
    SELECT count(*) > 0 FROM pg_stat_activity
    WHERE datname = 'before_pairs' AND wait_event_type = 'Lock'
"""
ALONE = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = 'before_pairs'"


async def wait_for(conn: asyncpg.Connection, state: str) -> None:
    async with asyncio.timeout(180):
        while not await conn.fetchval(state):
            await conn.execute("SELECT pg_sleep(0.05)")


@pytest.fixture
async def server(postgres_server: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(postgres_server)
    try:
        yield conn
    finally:
        await conn.close()


@pytest.fixture
async def paired_url(postgres_server: str, server: asyncpg.Connection) -> AsyncIterator[str]:
    """The address of a database as it was before words had pairs, with documents in its index."""
    await server.execute("CREATE DATABASE before_pairs")
    url = postgres_server.replace("/postgres?", "/before_pairs?")
    await fill(url, 111)
    yield url
    await server.execute("DROP DATABASE before_pairs WITH (FORCE)")


@pytest.mark.end_to_end
async def test_a_kill_in_a_step_leaves_all_as_it_was_and_the_next_start_goes_on(
    server: asyncpg.Connection, paired_url: str, tmp_path: Path
) -> None:
    before = await stand(paired_url)
    conn = await asyncpg.connect(paired_url)
    try:
        # The step has written all pairs when it comes to this table, and waits for it.
        async with conn.transaction():
            await conn.execute("LOCK TABLE document_index_signs IN ACCESS SHARE MODE")
            process = await begin_search(paired_url, tmp_path)
            await wait_for(server, WAITS)
            process.kill()
            await process.communicate()
        await wait_for(server, ALONE)
    finally:
        await conn.close()
    assert await stand(paired_url) == before

    await (await open_database(paired_url)).close()
    now = await stand(paired_url)
    assert now["version"] == schema.list_scripts()[-1].version
    assert now["documents"] == before["documents"]
