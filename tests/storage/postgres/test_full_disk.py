"""The disk of the server is full while a step to this version's schema runs."""

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
from storage.place import place_of
from storage.postgres import schema
from storage.postgres.engine import open_address

BEFORE = 91
"""The step that writes most: the signs of every document's words."""
SIZE = 64 << 20
LEFT = 256 << 10
FILLED = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT n, 200, FALSE, CAST('ba:1' AS TSVECTOR) FROM generate_series(1, 2000) AS n;
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


@pytest.fixture
async def former_url(postgres_server: str, small_disk: Path) -> AsyncIterator[str]:
    """The address of a database on it, as it was before that step, with documents in its index."""
    name, room = small_disk.name.replace("-", "_"), make_room(small_disk, postgres_server)
    conn = await asyncpg.connect(postgres_server)
    try:
        await conn.execute(f"CREATE TABLESPACE {name} LOCATION '{room}'")
        await conn.execute(f"CREATE DATABASE {name} TABLESPACE {name}")
        url = postgres_server.replace("/postgres?", f"/{name}?")
        await fill(url)
        yield url
        await conn.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await conn.execute(f"DROP TABLESPACE {name}")
    finally:
        await conn.close()


async def fill(url: str) -> None:
    database = await open_address(place_of(url))
    try:
        for script in schema.list_scripts():
            if script.version < BEFORE:
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


async def search(url: str, folder: Path) -> tuple[int | None, list[str]]:
    """Any command brings the schema up to date; gives its status and what it says of errors."""
    environment = clean_environment({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "search", "grain",
        cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
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
