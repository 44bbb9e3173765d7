"""What a process alone may do: taken, renewed, lost, and looked for in each transaction."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.process import holder as module
from bot.process.holder import Holder, LostError, ReplacedError, holding_for
from bot.process.locks import InUseError
from storage import facts
from storage.database import open_database
from storage.errors import ServiceError, StorageError, UnavailableError
from storage.guarded import GuardedDatabase


@pytest.fixture
async def db(postgres_url: str) -> AsyncIterator[Any]:
    database = await open_database(postgres_url)
    try:
        yield database
    finally:
        await database.close()


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_all_are_taken_or_none(db: Any) -> None:
    ann, bob = Holder(db, "ann"), Holder(db, "bob")
    assert await ann.take_all(["serve"])
    assert not await bob.take_all(["serve", "watch"])
    assert bob.names == frozenset()
    assert await ann.take_all(["watch"])
    assert ann.names == {"serve", "watch"}
    assert await bob.take_all([])


async def test_who_waits_begins_when_the_other_is_done(db: Any) -> None:
    ann, bob = Holder(db, "ann"), Holder(db, "bob")
    await ann.take_all(["serve"])
    waiting = asyncio.create_task(bob.wait_for(["serve"]))
    await ann.give_back(frozenset({"serve"}))
    async with asyncio.timeout(120):
        await waiting
    assert bob.stands(now())


async def test_who_waits_is_told_while_nothing_can_be_asked(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    ann, bob = Holder(db, "ann"), Holder(db, "bob")
    await ann.take_all(["serve"])
    noted: asyncio.Queue[StorageError | None] = asyncio.Queue()

    async def rename(former: str, new: str) -> None:
        async with db.transaction() as tx:
            await tx.execute(f"ALTER TABLE {former} RENAME TO {new}")

    async def wait_until(is_away: bool) -> None:
        while (await noted.get() is not None) is not is_away:
            pass

    async with asyncio.timeout(120):
        waiting = asyncio.create_task(bob.wait_for(["serve"], noted.put_nowait))
        await wait_until(False)
        await rename("lease", "lease_elsewhere")
        await wait_until(True)
        await rename("lease_elsewhere", "lease")
        await wait_until(False)
        await ann.give_back(frozenset({"serve"}))
        await waiting


async def test_what_is_not_renewed_counts_as_lost_before_another_may_have_it(db: Any) -> None:
    ann = Holder(db, "ann", lasts=module.MARGIN + 5.0)
    await ann.take_all(["serve"])
    assert ann.stands(now())
    assert not ann.stands(now() + 5.0)


class Counted:
    """A database that counts what is written into it."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.writes = 0

    def transaction(self, **options: Any) -> Any:
        self.writes += 1
        return self._database.transaction(**options)


async def test_between_two_renewals_nothing_is_written(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY", 3600.0)
    counted: Any = Counted(db)
    ann = Holder(counted, "ann")
    await ann.take_all(["serve"])
    running, taken = asyncio.create_task(ann.run()), counted.writes
    for _ in range(20):
        await asyncio.sleep(0)
    written = counted.writes - taken
    running.cancel()
    assert written == 0


async def test_who_was_replaced_writes_nothing_more_and_ends(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY", 60.0)
    ann, bob = Holder(db, "ann", lasts=-1.0), Holder(db, "bob")
    await ann.take_all(["serve"])
    guarded = GuardedDatabase(db, ann.guard)
    async with guarded.transaction() as tx:  # ended, but nobody has it
        await facts.set_value(tx, "said", "by ann")
    running = asyncio.create_task(ann.run())
    assert await bob.take_all(["serve"])
    with pytest.raises(UnavailableError, match="another process has taken over"):
        async with guarded.transaction() as tx:
            await facts.set_value(tx, "said", "by ann again")
    async with asyncio.timeout(120):
        with pytest.raises(LostError):
            await running
    async with guarded.reader() as conn:
        assert await facts.find_value(conn, "said") == "by ann"


async def test_one_that_was_given_back_meanwhile_is_not_missed(db: Any) -> None:
    ann, bob = Holder(db, "ann"), Holder(db, "bob")
    await ann.take_all(["serve", "watch"])
    async with db.transaction() as tx:
        await asyncio.create_task(ann.give_back(frozenset({"watch"})))
        assert await asyncio.create_task(bob.take_all(["watch"]))
        await ann.guard(tx)


@pytest.mark.parametrize("line", [None, "same", "FFFFFFFF"])
async def test_a_renewal_that_finds_another_ends_the_process(
    db: Any, monkeypatch: pytest.MonkeyPatch, line: str | None
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.01)
    if line == "same":
        async with db.reader() as conn:
            line = await module.holding.find_line(conn)
    expected: dict[str | None, tuple[type[ServiceError], str]] = {
        "FFFFFFFF": (ReplacedError, "a replica has taken the server's place")
    }
    kind, said = expected.get(line, (LostError, "another process has taken over"))
    ann, bob = Holder(db, "ann", lasts=-1.0, line=line), Holder(db, "bob")
    await ann.take_all(["serve"])
    await bob.take_all(["serve"])
    async with asyncio.timeout(120):
        with pytest.raises(kind, match=said):
            await ann.run()


async def test_a_data_folder_is_one_process_s_whose_leases_end_with_it(
    db: Any, tmp_path: Path
) -> None:
    async with holding_for(db, tmp_path) as first:
        await first.take_all(["serve"])
        with pytest.raises(InUseError, match="the data folder is in use"):
            async with holding_for(db, tmp_path):
                pass
    other = Holder(db, "bob")
    assert await other.take_all(["serve"])
    async with holding_for(db, tmp_path) as again:
        assert again.owner == first.owner


# What every server refuses as managed ones do the question for the line.
UNSUPPORTED = "CASE WHEN true THEN generate_series(1, 2) END"


@pytest.mark.parametrize("line", [UNSUPPORTED, "no_such_function()"])
async def test_a_server_that_never_tells_its_line_of_time_is_served_without(
    db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(module.holding, "_LINE", line)
    async with holding_for(db, tmp_path) as holder:
        assert await holder.take_all(["serve"])
        async with db.transaction() as tx:
            await holder.guard(tx)


async def test_a_server_that_is_away_is_not_taken_for_one_that_does_not_tell(
    tmp_path: Path, postgres_url: str
) -> None:
    database = await open_database(postgres_url)
    await database.close()
    with pytest.raises(UnavailableError):
        async with holding_for(database, tmp_path):
            pass
