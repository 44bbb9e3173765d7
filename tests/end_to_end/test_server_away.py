"""PostgreSQL is away when the service is started, or goes away in the midst of that: it waits."""

import asyncio
from typing import Any

import postgresql
import pytest
from addresses import free_address
from losing import Killer
from plain_web import plain_web

PATIENCE = 120.0
WAITING = ("dateline: waiting for the database: ", "PostgreSQL cannot be reached")


@pytest.fixture
def engine() -> str:
    return "own server"


async def test_who_was_served_before_waits_and_who_begins_is_told_at_once(
    ready_stage: Any, server: postgresql.Server
) -> None:
    stage = ready_stage
    address = free_address()
    first = await stage.run(METRICS_ADDRESS=address)
    standing_by = stage.process(DATA_DIR=str(stage.folder / "second"))
    await standing_by.start("run", "--roles", "serve,deliver,schedule")
    await standing_by.wait_line("dateline: standing by", timeout=PATIENCE)
    await asyncio.to_thread(server.kill)
    await standing_by.wait_line(*WAITING, timeout=PATIENCE)
    await first.kill()
    await standing_by.kill()
    for service in (first, standing_by):
        said = len(service.find_lines(*WAITING))
        await service.start("run", "--roles", "serve,deliver,schedule")
        await service.wait_line(*WAITING, count=said + 1, timeout=PATIENCE)
    async with plain_web() as web:
        answer = await web.get(f"http://{address}/readyz", timeout=PATIENCE)
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["database"])
    fresh = stage.process(DATA_DIR=str(stage.folder / "third"))
    await fresh.start("run", "--roles", "deliver")
    assert await fresh.wait() == 1
    assert "PostgreSQL cannot be reached" in fresh.lines[-1]
    assert await first.stop() == 0
    await asyncio.to_thread(server.start)
    await standing_by.wait_ready(PATIENCE)
    await stage.chat.ask("/start")
    assert await standing_by.stop() == 0


@pytest.mark.parametrize("roles", ["watch", "serve,schedule", "deliver"])
async def test_a_server_that_is_killed_in_the_midst_of_a_start_ends_nothing(
    ready_stage: Any,
    server: postgresql.Server,
    roles: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stage = ready_stage
    async with Killer(tmp_path_factory.mktemp("k"), server.folder, server.kill).serve() as killer:
        service = stage.process(DATABASE_URL=killer.url)
        for _ in range(2):  # the first start has more to do than those after it
            killer.kill_at(0)
            await service.start("run", "--roles", roles)
            await service.wait_ready(PATIENCE)
            pieces = killer.seen
            await service.stop()
        for moment in (pieces // 4, pieces // 2, pieces * 3 // 4):
            killer.kill_at(moment)
            count = len(service.find_lines("dateline: ready"))
            await service.start("run", "--roles", roles)
            await killer.wait_killed()
            await asyncio.to_thread(server.start)
            await service.wait_line("dateline: ready", count=count + 1, timeout=PATIENCE)
            assert await service.stop() == 0
