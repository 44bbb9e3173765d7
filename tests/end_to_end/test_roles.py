"""The service in several processes, which share nothing but PostgreSQL."""

from pathlib import Path
from typing import Any

import pytest

from bot.demo.process import ServiceProcess

PATIENCE = 60.0


@pytest.fixture
def engine() -> str:
    return "postgres"


async def start(stage: Any, roles: str, name: str, **changes: str) -> ServiceProcess:
    """Start a process of these roles with a data folder of its own, but for the first."""
    folder = stage.folder / name
    service = stage.process(DATA_DIR=str(folder), **changes)
    await service.start("run", "--roles", roles)
    return service


async def ready(stage: Any, roles: str, name: str, **changes: str) -> ServiceProcess:
    service = await start(stage, roles, name, **changes)
    await service.wait_ready(PATIENCE)
    return service


async def test_two_processes_deliver_an_alert_and_answer(ready_stage: Any) -> None:
    stage = ready_stage
    await ready(stage, "watch,schedule", "data")
    await ready(stage, "serve,deliver", "other")
    await stage.chat.ask("/start")
    saved = await stage.chat.ask("/alert ferry")
    await stage.news.post("Two ferries collided off the pier")
    alert = await stage.chat.wait_for("🔔", after=saved)
    assert "collided" in alert.text
    assert "Two" in (await stage.chat.ask("/search ferries")).text


async def test_who_stands_by_takes_over_from_one_that_was_killed(ready_stage: Any) -> None:
    stage = ready_stage
    first = await ready(stage, "watch,schedule,serve,deliver", "data")
    second = await start(stage, "serve,deliver", "other")
    await second.wait_line("dateline: standing by to serve,deliver", timeout=PATIENCE)
    await stage.chat.ask("/start")
    assert (await stage.chat.ask("/alert ferry")).text
    await first.kill()
    await second.wait_ready(PATIENCE)
    assert "Your alerts: 1" in (await stage.chat.ask("/alerts")).text


async def test_what_one_deliverer_leaves_when_it_is_killed_the_other_sends_once(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    people = [stage.sandbox.add_user(f"Reader {n}") for n in range(24)]
    chats = [person.chat_with(stage.bot) for person in people]
    await ready(stage, "watch,schedule,serve", "data", COMMANDS_PER_MINUTE="900")
    first = await ready(stage, "deliver", "one", SEND_RATE="40")
    second = await ready(stage, "deliver", "two", SEND_RATE="40")
    await second.wait_line("took over", "shares=8", timeout=PATIENCE)
    for chat in chats:
        await chat.ask("/start")
        await chat.ask("/alert ferry")
    posts = [await stage.news.post(f"Ferry number {n} leaves the pier") for n in range(4)]
    await chats[0].wait_for("number 1")
    await first.kill()
    await stage.sandbox.wait_for(
        lambda: all(len(numbers_told(stage, person)) >= len(posts) for person in people) or None,
        what="every alert",
        timeout=PATIENCE,
    )
    assert {tuple(numbers_told(stage, person)) for person in people} == {("0", "1", "2", "3")}


def numbers_told(stage: Any, person: Any) -> list[str]:
    """The numbers of the ferries that a reader was told of, in order."""
    received = stage.sandbox.ledger.received_by(person)
    return [one.text.split("number ")[1][0] for one in received if "number " in one.text]


async def test_over_sqlite_nothing_is_split_and_nothing_is_served_twice(
    stage: Any, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'dateline.db'}"
    service = stage.process(DATABASE_URL=url)
    await service.start("run", "--roles", "watch,serve")
    assert await service.wait() == 2
    assert service.lines[-1] == (
        "dateline: error: --roles: over SQLite one process has all roles; leave it out, or set"
        " DATABASE_URL=postgresql://… to split the service"
    )
