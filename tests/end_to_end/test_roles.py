"""The service in several processes, which share nothing but PostgreSQL."""

import os
import re
import signal
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.demo import process as demo_process
from bot.demo.process import ServiceProcess
from storage.channels import watchers

PATIENCE = 120.0
SECOND_PHONE = "+15550000002"


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
    sent = await stage.chat.send("/alerts")
    await second.wait_ready(PATIENCE)
    told = await stage.chat.wait_for("Your alerts", after=sent, timeout=PATIENCE)
    assert "Your alerts: 1" in told.text
    before = [one.text for one in stage.chat.messages if one.id < sent.id]
    assert sum("Alert set: ferry." in text for text in before) == 1
    assert not any("Alert set" in one.text for one in stage.chat.messages if one.id > sent.id)


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


async def add_watcher(stage: Any, name: str) -> Any:
    """Log another account in, in a data folder of its own; gives the account."""
    account = stage.sandbox.add_user("Second", phone=SECOND_PHONE)
    environment = {**stage.environment, "DATA_DIR": str(stage.folder / name)}
    await demo_process.log_in(environment, stage.folder, SECOND_PHONE)
    return account


async def test_two_watch_and_what_one_leaves_or_may_not_read_any_more_the_other_reads(
    operated_stage: Any,
) -> None:
    stage = operated_stage
    del stage.environment["METRICS_ADDRESS"]
    second_account = await add_watcher(stage, "two")
    # The first account is in two channels, of which one is private, the second in another; in the
    # public others nobody is.
    pier = stage.sandbox.add_channel("Pier", username="pier_posts", members=[second_account])
    docks = [stage.sandbox.add_channel(f"Dock {n}", username=f"dock_posts{n}") for n in range(4)]
    listed = [stage.closed, stage.news, pier, *docks]
    names = [stage.closed.invite_link, *(f"@{one.username}" for one in listed[1:])]
    changes = {"CHANNELS": ",".join(names), "RECONCILE_INTERVAL": "10"}
    await ready(stage, "serve,deliver,schedule", "serving")
    await stage.chat.ask("/start")
    await stage.chat.ask("/alert ferry")
    first = await ready(stage, "watch", "data", **changes)
    second = await ready(stage, "watch", "two", **changes)
    await stage.wait_database(lambda conn: parts_are(conn, (4, 3)))
    await post_everywhere(stage, listed, "early")

    os.kill(first.pid, signal.SIGSTOP)
    public = [one for one in listed if one is not stage.closed]
    await post_everywhere(stage, public, "late")
    await stage.wait_database(lambda conn: parts_are(conn, (7,)))
    told = (await stage.chat.ask("/status")).text
    host = re.escape(socket.gethostname())
    assert re.search(rf"{host}:{first.pid} \(watch\) has not been heard of since", told)
    assert re.search(rf"{host}:{second.pid} \(watch\): heard of .* ago", told)
    assert re.search(rf" reads 7 channels, in {host}:{second.pid}\.", told)
    os.kill(first.pid, signal.SIGCONT)
    assert await first.wait() == 1
    assert "another process has taken over" in first.lines[-1]

    await first.start("run", "--roles", "watch")
    await first.wait_ready(PATIENCE)
    await stage.wait_database(lambda conn: parts_are(conn, (4, 3)))
    await post_everywhere(stage, listed, "last")

    stage.watcher.sign_out_everywhere()
    await stage.until_told("The watching account Watcher can't be used any more")
    await stage.wait_database(lambda conn: parts_are(conn, (7,)))
    await post_everywhere(stage, listed, "lone")
    texts = Counter(alert.text for alert in stage.alerts())
    assert set(texts.values()) == {1} and len(texts) == 4 * len(listed) - 1
    assert len(stage.told("account")) == 1
    for words in ("can't be read", "from now on", "come at once"):
        assert stage.told(words) == []
    assert await second.stop() == 0


async def parts_are(conn: Any, parts: tuple[int, ...]) -> bool:
    """Whether the channels are shared out so among those that watch."""
    readers = await watchers.list_readers(conn)
    return sorted(Counter(readers.values()).values()) == sorted(parts)


async def post_everywhere(stage: Any, listed: list[Any], when: str) -> list[str]:
    """Post in each channel, and wait for all the alerts; gives when each alert is from."""
    for channel in listed:
        await channel.post(f"{when} ferry of {channel.title} sails off")

    def found() -> list[str]:
        texts = [alert.text for alert in stage.alerts()]
        return [when for text in texts if f"{when} ferry" in text]

    def all_came() -> list[str] | None:
        return found() if len(found()) >= len(listed) else None

    await stage.sandbox.wait_for(all_came, what=f"alerts {when}", timeout=PATIENCE)
    await stage.wait_drained()
    return found()
