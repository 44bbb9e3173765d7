"""The service outlives a PostgreSQL that is killed, answers of it that are lost, and a network that
swallows what is sent."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import database_rows
import postgresql
import pytest
from losing import Loser
from relays import Relay

PATIENCE = 60.0
"""Seconds for which nothing at all may come: how long all takes is the machine's."""
AHEAD = 30
"""The most posts that may wait to be told: else a slow machine would never be done."""
ALERTS_SENT = "SELECT message_id FROM delivery WHERE kind = 'alert' AND state = 'sent' ORDER BY id"
QUICK = (
    "bot.health.writes.CALM_SECONDS = 0.5",
    "bot.health.writes.LOOK_SECONDS = 0.2",
    "bot.health.monitor.LOOK_SECONDS = 0.5",
    "bot.intake.intake.LONGEST_PAUSE = 0.5",
    "bot.delivering.deliverer.AGAIN = 0.2",
)

_BEGIN = "storage.postgres.engine._BEGIN"
SOON = (
    "storage.postgres.way.SILENCE = 1.5",
    "storage.postgres.way.REACH = 5.0",
    f"{_BEGIN} = {_BEGIN}.replace('idle_in_transaction_session_timeout = 20000',"
    " 'idle_in_transaction_session_timeout = 1000')",
)


@pytest.fixture
def engine() -> str:
    return "own server"


@pytest.fixture
async def loser(
    server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Loser]:
    async with Loser(tmp_path_factory.mktemp("l"), server.folder).serve() as loser:
        yield loser


class Ferries:
    """Posts of ferries, numbered, one after the other, for as long as the block."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage
        self.count = self._asked = 0
        self._is_over = False
        self._posted = asyncio.Condition()

    async def __aenter__(self) -> "Ferries":
        self._work = asyncio.create_task(self._post())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_over = True
        await self._work

    async def _post(self) -> None:
        while not self._is_over:
            await asyncio.sleep(0.2)
            if self.count >= self._asked and self.count - len(self.told()) >= AHEAD:
                continue
            await self._stage.news.post(f"Ferry number {self.count + 1} leaves the pier")
            async with self._posted:
                self.count += 1
                self._posted.notify_all()

    async def more(self, count: int) -> None:
        """Wait until so many more were posted."""
        wanted = self._asked = self.count + count
        async with self._posted:
            await self._posted.wait_for(lambda: self.count >= wanted)

    def told(self) -> list[int]:
        """The numbers that Ann was told of, in order."""
        return [int(one.text.split("number ")[1].split()[0]) for one in self._stage.alerts()]

    async def wait_told(self) -> None:
        """Wait until she has been told of all that were posted until now, as long as some come."""
        wanted = {*range(1, self.count + 1)}
        while left := wanted - {*self.told()}:
            await self._stage.sandbox.wait_for(
                lambda left=left: not left <= wanted - {*self.told()} or None,
                what=f"an alert of {sorted(left)}",
                timeout=PATIENCE,
            )


def check_told_as_stored(server: postgresql.Server, count: int) -> None:
    """All were told, in the order in which they were stored: one whose storing was not answered may
    have been stored again behind the next."""
    ids = database_rows.read(server.url, ALERTS_SENT)
    assert len(ids) == count
    assert ids == sorted(ids)


async def test_nothing_is_lost_or_doubled_when_the_server_is_killed_and_answers_are_lost(
    ready_stage: Any, server: postgresql.Server, loser: Loser
) -> None:
    stage = ready_stage
    service = await stage.run(*QUICK, DATABASE_URL=loser.url)
    await stage.chat.ask("/start")
    await stage.chat.ask("/alert ferry")
    async with Ferries(stage) as ferries:
        for outage in (1, 2, 3):
            await ferries.more(5)
            await ferries.wait_told()  # the first is there to be found
            await asyncio.to_thread(server.kill)
            await service.wait_line("trouble", "cause=server", count=outage)
            asked = asyncio.create_task(stage.chat.ask(f"/search number {outage}"))
            await ferries.more(5)
            await asyncio.to_thread(server.start)
            assert "leaves the pier" in (await asked).text
            await ferries.wait_told()
            await service.wait_line("trouble is over", "cause=server", count=outage)
        assert len(service.find_lines("trouble", "cause=server")) == 6
        loser.left, loser.every = 12, 3
        while loser.left:
            await ferries.more(1)
    await ferries.wait_told()
    assert sorted(ferries.told()) == [*range(1, ferries.count + 1)]
    assert stage.sandbox.ledger.duplicates == []
    assert [line for line in service.lines if not is_usual(line)] == []
    assert await service.stop(PATIENCE) == 0
    check_told_as_stored(server, ferries.count)


async def test_nothing_is_lost_or_doubled_when_the_network_swallows_what_is_sent(
    ready_stage: Any, server: postgresql.Server
) -> None:
    stage = ready_stage
    async with Relay(server.folder).serve() as relay:
        service = await stage.run(*QUICK, *SOON, DATABASE_URL=relay.url)
        await stage.chat.ask("/start")
        await stage.chat.ask("/alert ferry")
        async with Ferries(stage) as ferries:
            for outage, cut_off in ((1, True), (2, False)):
                await ferries.more(5)
                await ferries.wait_told()
                # On a busy machine one outage may be told twice.
                told = len(service.find_lines("trouble", "cause=server"))
                over = len(service.find_lines("trouble is over", "cause=server"))
                relay.swallow()
                await service.wait_line("trouble", "cause=server", count=told + 1)
                asked = asyncio.create_task(stage.chat.ask(f"/search number {outage}"))
                await ferries.more(5)
                relay.pass_on(cut_off=cut_off)
                assert "leaves the pier" in (await asked).text
                await ferries.wait_told()
                await service.wait_line("trouble is over", "cause=server", count=over + 1)
        await ferries.wait_told()
        assert sorted(ferries.told()) == [*range(1, ferries.count + 1)]
        assert stage.sandbox.ledger.duplicates == []
        assert [line for line in service.lines if not is_usual(line)] == []
        assert await service.stop(PATIENCE) == 0
        check_told_as_stored(server, ferries.count)


def is_usual(line: str) -> bool:
    """Whether a line of the log tells of no fault, or of the server's being away alone."""
    return "[info" in line or line.startswith("dateline: ") or "cause=server" in line
