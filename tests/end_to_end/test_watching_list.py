"""The list of channels while the service runs: added, taken off, renamed, lost, history read."""

import asyncio
import contextlib
import io
import json
from typing import Any

import pytest

from bot import channel_list, history_command
from storage import channels

QUICK = {
    "RECONCILE_INTERVAL": "0.3",
    "SCAN_REQUESTS_PER_MINUTE": "6000",
    "PREVIEW_BASE_URL": "http://127.0.0.1:9/s/",
}


async def wait_watched(stage: Any, username: str) -> None:
    """Wait until the service has scanned a channel."""

    async def is_scanned(conn: Any) -> bool:
        channel = await channels.find_channel(conn, username=username)
        return channel is not None and channel.last_scan_at is not None

    await stage.wait_database(is_scanned)


async def run_command(command: Any, *arguments: Any, **options: Any) -> list[dict[str, Any]]:
    """What a command of the command line prints, run beside the service."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = await asyncio.to_thread(command, *arguments, as_json=True, **options)
    assert status == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_a_channel_added_by_another_process_is_watched_at_once(ready_stage: Any) -> None:
    stage = ready_stage
    stage.sandbox.add_channel("City", username="city", members=[stage.watcher])
    await stage.run(**QUICK)
    await stage.chat.ask("/alert ferry", timeout=30)
    await run_command(channel_list.add, stage.settings(**QUICK), ["https://t.me/city"])
    await wait_watched(stage, "city")
    city = next(c for c in stage.watcher.channels.values() if c.username == "city")
    await city.post("A ferry for the city")
    await stage.chat.wait_for("A ferry for the city", timeout=20)
    (harbour, shown) = await run_command(channel_list.status, stage.settings(**QUICK))
    assert (harbour["username"], harbour["error"]) == ("harbour", None)
    assert (shown["username"], shown["last_post"], shown["source"]) == ("city", 1, "joined")
    assert shown["open_gaps"] == []
    assert shown["lag_worst"] < 20


async def test_a_channel_taken_off_is_not_watched_and_settings_do_not_bring_it_back(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    stage.sandbox.add_channel("City", username="city", members=[stage.watcher])
    names = {"CHANNELS": "@harbour @city", "ADMINS": str(stage.ann.id), **QUICK}
    service = await stage.run(**names)
    await stage.chat.ask("/unwatch @city", timeout=30)
    await service.wait_line("not watched any more")
    await service.stop()
    service = await stage.run(**names)
    assert any("watching 1 channel" in line for line in service.lines)


async def test_an_invite_link_is_followed(ready_stage: Any) -> None:
    stage = ready_stage
    hidden = stage.sandbox.add_channel("Hidden")
    service = await stage.run(CHANNELS=f"@harbour {hidden.invite_link}", **QUICK)
    assert any("watching 2 channels" in line for line in service.lines)
    assert stage.watcher.id in hidden.members
    await stage.chat.ask("/alert ferry", timeout=30)
    await hidden.post("A hidden ferry")
    await stage.chat.wait_for("A hidden ferry", timeout=20)


async def test_a_channel_that_is_lost_is_told_once_and_the_others_go_on(ready_stage: Any) -> None:
    stage = ready_stage
    closed = stage.sandbox.add_channel("Closed", members=[stage.watcher])
    names = {"CHANNELS": f"@harbour {closed.id}", "ADMINS": str(stage.ann.id), **QUICK}
    service = await stage.run(**names)
    await stage.chat.ask("/alert ferry", timeout=30)
    closed.remove_member(stage.watcher)
    notice = await stage.chat.wait_for("can't be read", timeout=20)
    assert "Closed" in notice.text
    await service.wait_line("a channel cannot be read")
    await stage.news.post("The ferry goes on")
    await stage.chat.wait_for("The ferry goes on", timeout=20)
    assert "⚠️" in (await stage.chat.ask("/channels")).text
    assert sum("can't be read" in message.text for message in stage.chat.messages) == 1


async def test_a_channel_with_another_name_is_watched_as_before(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ADMINS=str(stage.ann.id), **QUICK)
    await stage.chat.ask("/alert ferry", timeout=30)
    await stage.news.set_username("harbour_today")
    notice = await stage.chat.wait_for("another name", timeout=20)
    assert "@harbour_today" in notice.text
    await stage.news.post("The ferry under another name")
    await stage.chat.wait_for("The ferry under another name", timeout=20)


@pytest.mark.parametrize("running", [True, False])
async def test_history_is_read_oldest_first_in_parts_and_alerts_nobody(
    ready_stage: Any, running: bool
) -> None:
    stage = ready_stage
    old = [await stage.news.post(f"The ferry of long ago, part {n}") for n in range(150)]
    service = await stage.run(**QUICK)
    await stage.chat.ask("/alert ferry", timeout=30)
    if not running:
        await service.stop()
    known = stage.settings(**QUICK)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for limit in (40, None):
            options = {"since": None, "limit": limit, "as_json": True}
            assert await history_command.run(known, "@harbour", **options) == 0
    first, second = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (first["posts"], first["next_id"], first["complete"]) == (40, 41, False)
    assert (second["posts"], second["complete"]) == (150, True)
    await stage.wait_stored(*old)
    assert not stage.alerts()
