"""A process tells the operators that it lives, and what ended long ago is told of no more."""

import os
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app import presence
from bot.delivering.shares import MEMBER as DELIVERER
from bot.delivering.shares import Shares
from bot.process.holder import Holder
from bot.watching.sharing.sharing import MEMBER as WATCHER
from bot.watching.sharing.sharing import Sharing
from storage import times
from storage.channels import processes
from storage.connection import Database
from storage.database import open_database

NOBODY: Any = None


@pytest.fixture
async def db(postgres_url: str) -> Any:
    database = await open_database(postgres_url)
    yield database
    await database.close()


async def end_leases(db: Database, *ago: tuple[str, timedelta]) -> None:
    """Leases that ended so long ago."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        for name, age in ago:
            await tx.execute(
                "INSERT INTO lease (name, owner, fence, expires_at) VALUES (?, 'zed', 1, ?)",
                (name, times.to_epoch(now - age)),
            )


async def names_of(db: Database) -> set[str]:
    async with db.reader() as conn:
        return {row["name"] for row in await conn.fetch_all("SELECT name FROM lease")}


async def test_who_signs_is_told_of_as_alive(db: Any) -> None:
    holder = Holder(db, "ann")
    await presence.sign(db, holder, ["serve", "watch"])
    assert holder.names == {"process:ann"}
    async with db.reader() as conn:
        (told,) = await processes.list_processes(conn, datetime.now(UTC))
    assert (told.name, told.roles) == (f"{socket.gethostname()}:{os.getpid()}", ("serve", "watch"))
    assert told.is_alive


async def sign_process(db: Database, holder: Holder) -> None:
    await presence.sign(db, holder, ["serve"])


async def sign_deliverer(db: Database, holder: Holder) -> None:
    await Shares(db, db, holder, NOBODY, NOBODY, rate=1.0, own=0)._sign()


async def sign_watcher(db: Database, holder: Holder) -> None:
    await Sharing(db, db, holder)._sign()


@pytest.mark.parametrize(
    ("sign", "beginning", "after"),
    [
        (sign_process, processes.LEASE, timedelta(days=7)),
        (sign_deliverer, DELIVERER, timedelta(days=1)),
        (sign_watcher, WATCHER, timedelta(days=1)),
    ],
)
async def test_what_ended_long_ago_is_forgotten(
    db: Any, sign: Any, beginning: str, after: timedelta
) -> None:
    just = timedelta(minutes=5)
    await end_leases(
        db,
        (f"{beginning}old", after + just),
        (f"{beginning}new", after - just),
        ("role:serve", after + just),
    )
    await sign(db, Holder(db, "ann"))
    assert await names_of(db) == {f"{beginning}new", f"{beginning}ann", "role:serve"}
