"""Which instance a database belongs to, and how far it has come."""

from datetime import datetime, timedelta

import pytest

from storage import instance
from storage.channels import lookups
from storage.connection import Connection
from storage.instance import Identity


async def test_a_database_gets_a_name_once_and_a_counter_that_grows(tx: Connection) -> None:
    assert await instance.find_identity(tx) is None
    first = await instance.ensure_identity(tx)
    assert len(first.name) == 32 and first.counter == 1
    assert await instance.find_identity(tx) == first
    assert await instance.ensure_identity(tx) == Identity(name=first.name, counter=2)
    assert await instance.raise_counter(tx, above=7) == Identity(name=first.name, counter=8)
    assert await instance.raise_counter(tx, above=7) == Identity(name=first.name, counter=9)
    assert await instance.find_identity(tx) == Identity(name=first.name, counter=9)


@pytest.mark.usefixtures("sqlite_alone")
async def test_numbers_that_buttons_name_are_not_given_again_after_a_restore(
    tx: Connection, now: datetime
) -> None:
    assert await instance.find_restored_at(tx) is None
    await tx.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('alert', 5)")
    await instance.note_restored(tx, now=now)
    assert await instance.find_restored_at(tx) == now
    rows = await tx.fetch_all("SELECT name, seq FROM sqlite_sequence")
    numbers = {row["name"]: row["seq"] for row in rows}
    skipped = 10_000_000
    assert numbers == {
        "alert": skipped + 5,
        "collection": skipped,
        "delivery": skipped,
        "plan": skipped,
        "question": skipped,
    }


async def test_names_are_not_looked_up_before_telegram_lets_one(
    tx: Connection, now: datetime
) -> None:
    assert await lookups.find_refused_until(tx, now) is None
    until = now + timedelta(hours=1)
    await lookups.refuse_until(tx, until)
    assert await lookups.find_refused_until(tx, now) == until
    assert await lookups.find_refused_until(tx, until - timedelta(microseconds=1)) == until
    assert await lookups.find_refused_until(tx, until) is None
