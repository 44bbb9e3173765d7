"""Which processes are at work, and which have gone without a word."""

from datetime import datetime, timedelta

from storage import times
from storage.channels import processes
from storage.channels.processes import Process
from storage.connection import Connection


async def lease(tx: Connection, owner: str, ends: datetime | None) -> None:
    at = 0 if ends is None else times.to_epoch(ends)
    await tx.execute("INSERT INTO lease VALUES (?, ?, 1, ?)", (f"process:{owner}", owner, at))


async def test_each_is_told_with_when_it_was_heard_of(tx: Connection, now: datetime) -> None:
    lasts = timedelta(seconds=processes.LASTS)
    ends = {
        "alive": now + timedelta(seconds=10),
        "ahead": now + timedelta(minutes=1),
        "killed": now - timedelta(minutes=5),
        "stopped": None,
        "long gone": now - timedelta(hours=25),
    }
    for owner, at in ends.items():
        await processes.sign(tx, owner, f"host:{owner}", ["watch", "deliver"])
        await lease(tx, owner, at)
    await processes.sign(tx, "alive", "host:alive", ["serve"])
    assert await processes.list_processes(tx, now) == [
        Process(
            owner="ahead",
            name="host:ahead",
            roles=("watch", "deliver"),
            heard_at=now,  # its clock is ahead
            is_alive=True,
        ),
        Process(
            owner="alive",
            name="host:alive",
            roles=("serve",),
            heard_at=now + timedelta(seconds=10) - lasts,
            is_alive=True,
        ),
        Process(
            owner="killed",
            name="host:killed",
            roles=("watch", "deliver"),
            heard_at=now - timedelta(minutes=5) - lasts,
            is_alive=False,
        ),
    ]


async def test_whose_lease_is_forgotten_is_forgotten(tx: Connection, now: datetime) -> None:
    await processes.sign(tx, "one", "host:1", ["watch"])
    await processes.sign(tx, "two", "host:2", ["watch"])
    found = await tx.fetch_all("SELECT owner FROM process")
    assert [row["owner"] for row in found] == ["two"]
