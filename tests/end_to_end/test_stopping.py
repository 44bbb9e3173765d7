"""A signal ends the service within five seconds wherever it stands, with status 0.

Held here are five seconds of the processor's time, which little depends on what else the machine
does. By the clock the end may be seen late on a busy one: it has ``SECONDS``.
"""

import asyncio
import contextlib
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.demo.process import ServiceProcess
from storage import database

SECONDS = 20.0
"""More than the bound, which ``tests/bot/process/test_stopping.py`` holds to five. What does not
end by itself takes a minute, or for ever."""
TICKS = os.sysconf("SC_CLK_TCK")


def heeds(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


async def wait_until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110  another process's state tells nobody
            await asyncio.sleep(0.002)


def used(pid: int) -> float | None:
    """The seconds of the processor's time that a process has used; None where that is not told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


async def used_to_the_end(pid: int) -> float:
    """What it uses from now until it is there no more."""
    first = last = used(pid) or 0.0
    while (now := used(pid)) is not None:
        last = now
        await asyncio.sleep(0.02)
    return last - first


async def first_line(stage: Any) -> ServiceProcess:
    service: ServiceProcess = stage.cold_process()
    await service.start()
    await wait_until(lambda: heeds(service.pid, signal.SIGTERM))
    return service


async def without_server(stage: Any) -> ServiceProcess:
    stage.sandbox.refuse_connections()
    service: ServiceProcess = stage.process()
    await service.start()
    await service.wait_line("not connected")
    return service


async def connecting_to_silence(stage: Any) -> ServiceProcess:
    stage.sandbox.silence()
    service: ServiceProcess = stage.process()
    await service.start()
    lock = stage.folder / "data" / "user.session.lock"
    await wait_until(lambda: lock.read_text() == str(service.pid))
    return service


def held_database(stage: Any) -> sqlite3.Connection:
    """Another's lock on the service's database; it goes with the connection."""
    holder = sqlite3.connect(stage.folder / "data" / "dateline.db", isolation_level=None)
    stage.held.callback(holder.close)
    holder.execute("BEGIN EXCLUSIVE")
    return holder


async def make_database(stage: Any, script: str = "") -> None:
    path = stage.folder / "data" / "dateline.db"
    await (await database.open_database(f"sqlite:///{path}")).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(script)


async def locked_at_the_start(stage: Any) -> ServiceProcess:
    await make_database(stage)
    held_database(stage)
    service: ServiceProcess = stage.process()
    await service.start()
    await stage.sandbox.wait_online(stage.bot)
    return service


MANY_ALERTS = """
    INSERT INTO subscriber (chat_id, created_at) VALUES (7, 1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO alert (chat_id, query, created_at)
    SELECT 7, 'wombat ' || i || ' OR koala', 1 FROM n;
"""


async def loading_queries(stage: Any) -> ServiceProcess:
    await make_database(stage, MANY_ALERTS)
    service: ServiceProcess = stage.process()
    await service.start()
    await stage.sandbox.wait_online(stage.bot)
    return service


async def serving(stage: Any) -> ServiceProcess:
    service: ServiceProcess = await stage.run()
    await stage.chat.ask("/alert ferry")
    return service


async def locked_with_posts_in_hand(stage: Any) -> ServiceProcess:
    service = await serving(stage)
    held_database(stage)
    await stage.news.post("The ferry sails")
    await stage.chat.send("/alerts")
    return service


async def told_to_wait(stage: Any) -> ServiceProcess:
    service = await serving(stage)
    fault = stage.sandbox.faults.flood_wait("messages.sendMessage", 300)
    await stage.news.post("The ferry sails")
    await fault.wait_hit()
    return service


async def without_network(stage: Any) -> ServiceProcess:
    service = await serving(stage)
    stage.sandbox.silence()
    return service


async def unread(stage: Any) -> ServiceProcess:
    service: ServiceProcess = await stage.run(LOG_LEVEL="debug")
    service.stall()
    for number in range(200):
        await stage.news.post(f"The ferry, part {number}")
    return service


@pytest.fixture
def held(ready_stage: Any) -> Any:
    """The stage, and what is to be let go at the end."""
    with contextlib.ExitStack() as stack:
        ready_stage.held = stack
        yield ready_stage


@pytest.mark.parametrize(
    "state",
    [
        first_line,
        without_server,
        connecting_to_silence,
        locked_at_the_start,
        loading_queries,
        locked_with_posts_in_hand,
        told_to_wait,
        without_network,
        unread,
    ],
    ids=lambda state: state.__name__,
)
async def test_it_ends_in_time(held: Any, state: Any) -> None:
    service = await state(held)
    using = asyncio.create_task(used_to_the_end(service.pid))
    await asyncio.sleep(0)  # It begins to look before the signal comes.
    assert await service.stop(SECONDS) == 0
    assert await using < 5
    assert not service.find_lines("Traceback")
    assert not service.find_lines("RuntimeWarning")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
async def test_other_signals_end_it_too_and_more_of_them_change_nothing(
    ready_stage: Any, number: signal.Signals
) -> None:
    # A clean end may take longer than its bound on a busy machine.
    long = "bot.process.stopping.BOUND = 15.0"
    service = await ready_stage.run(long, "bot.process.signals.heed(['run'])")
    for _ in range(3):
        service.signal(number)
        service.signal(signal.SIGTERM)
    assert await service.stop(SECONDS) == 0
    assert service.find_lines("stopped")
    assert not service.find_lines("Traceback"), "\n".join(service.lines)


async def test_a_message_under_way_is_waited_for_and_written_down(ready_stage: Any) -> None:
    stage = ready_stage
    service = await serving(stage)
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    await stage.news.post("The ferry sails")
    await fault.wait_hit()
    service.signal(signal.SIGTERM)
    fault.release()
    assert await service.stop(SECONDS) == 0
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_a_message_without_an_answer_is_not_waited_for_for_ever(ready_stage: Any) -> None:
    stage = ready_stage
    service = await serving(stage)
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    await stage.news.post("The ferry sails")
    await fault.wait_hit()
    assert await service.stop(SECONDS) == 0
    fault.stop()
    await stage.run()
    await stage.wait_drained()
    assert len(stage.alerts()) == 1
