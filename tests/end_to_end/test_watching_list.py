"""The list of channels while the service runs: added, taken off, renamed, lost, history read."""

import asyncio
import contextlib
import io
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.commands import backfill
from bot.commands import channels as channel_list
from storage.channels import channels

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
    await stage.chat.ask("/alert ferry")
    await run_command(
        partial(channel_list.change, what="add"), stage.settings(**QUICK), ["https://t.me/city"]
    )
    await wait_watched(stage, "city")
    city = next(c for c in stage.watcher.channels.values() if c.username == "city")
    await city.post("A ferry for the city")
    await stage.chat.wait_for("A ferry for the city")
    (harbour, shown) = await run_command(channel_list.status, stage.settings(**QUICK))
    assert (harbour["username"], harbour["error"]) == ("harbour", None)
    assert (shown["username"], shown["last_post"], shown["source"]) == ("city", 1, "joined")
    assert shown["open_gaps"] == []
    assert 0 <= shown["lag_worst"] < 600


async def test_a_channel_taken_off_is_not_watched_until_that_is_undone_and_misses_nothing(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    city = stage.sandbox.add_channel("City", username="city", members=[stage.watcher])
    names = {"CHANNELS": "@harbour @city", "ADMINS": str(stage.ann.id), **QUICK}
    service = await stage.run(**names)
    await stage.chat.ask("/alert ferry")
    removed = await stage.chat.ask("/unwatch @city")
    await service.wait_line("not watched any more")
    await city.post("The ferry of meanwhile")
    await service.stop()
    service = await stage.run(**names)
    assert any("watching 1 channel" in line for line in service.lines)
    await stage.chat.press(removed, "↩️ Undo")
    await stage.chat.wait_for("The ferry of meanwhile")
    assert removed.text.startswith("@city is watched as before")


async def test_an_invite_link_is_followed(ready_stage: Any) -> None:
    stage = ready_stage
    hidden = stage.sandbox.add_channel("Hidden")
    service = await stage.run(CHANNELS=f"@harbour {hidden.invite_link}", **QUICK)
    assert any("watching 2 channels" in line for line in service.lines)
    assert stage.watcher.id in hidden.members
    await stage.chat.ask("/alert ferry")
    await hidden.post("A hidden ferry")
    await stage.chat.wait_for("A hidden ferry")


async def test_a_channel_that_is_lost_is_told_once_and_the_others_go_on(ready_stage: Any) -> None:
    stage = ready_stage
    closed = stage.sandbox.add_channel("Closed", members=[stage.watcher])
    names = {"CHANNELS": f"@harbour {closed.id}", "ADMINS": str(stage.ann.id), **QUICK}
    service = await stage.run(**names)
    await stage.chat.ask("/alert ferry")
    closed.remove_member(stage.watcher)
    notice = await stage.chat.wait_for("can't be read")
    assert "Closed" in notice.text
    await service.wait_line("a channel cannot be read")
    await stage.news.post("The ferry goes on")
    await stage.chat.wait_for("The ferry goes on")
    assert "⚠️" in (await stage.chat.ask("/channels")).text
    assert sum("can't be read" in message.text for message in stage.chat.messages) == 1


async def test_a_channel_with_another_name_is_watched_as_before(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ADMINS=str(stage.ann.id), **QUICK)
    await stage.chat.ask("/alert ferry")
    await stage.news.set_username("harbour_today")
    notice = await stage.chat.wait_for("another name")
    assert "@harbour_today" in notice.text
    await stage.news.post("The ferry under another name")
    await stage.chat.wait_for("The ferry under another name")


@pytest.mark.parametrize("running", [True, False])
async def test_history_is_read_oldest_first_in_parts_and_alerts_nobody(
    ready_stage: Any, running: bool
) -> None:
    stage = ready_stage
    # What is posted within the second in which a channel is put on the list counts as news.
    ago = datetime.now(UTC) - timedelta(hours=1)
    old = [await stage.news.post(f"The ferry of long ago, part {n}", date=ago) for n in range(150)]
    service = await stage.run(**QUICK)
    await stage.chat.ask("/alert ferry")
    if not running:
        await service.stop()
    known = stage.settings(**QUICK)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for limit in (40, None):
            options = {"since": None, "limit": limit, "as_json": True}
            assert await backfill.run(known, "@harbour", **options) == 0
    first, second = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (first["posts"], first["next_id"], first["complete"]) == (40, 41, False)
    assert (second["posts"], second["complete"]) == (150, True)
    await stage.wait_stored(*old)
    assert not stage.alerts()


async def test_a_post_that_follows_at_once_on_watch_is_no_history(ready_stage: Any) -> None:
    stage = ready_stage
    city = stage.sandbox.add_channel("City", username="city", members=[stage.watcher])
    then = city.created_at - timedelta(hours=1)
    await city.post("The ferry of before", date=then)
    await stage.run(ADMINS=str(stage.ann.id), **QUICK)
    await stage.chat.ask("/alert ferry")
    await stage.chat.ask("/watch @city")
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    post = await city.post("The ferry right after it")
    await stage.chat.wait_for("The ferry right after it")
    await stage.wait_stored(post)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_a_channel_taken_off_while_it_is_looked_up_stays_off(ready_stage: Any) -> None:
    stage = ready_stage
    stage.sandbox.add_channel("City", username="city")
    await stage.run(ADMINS=str(stage.ann.id), **QUICK)
    fault = stage.sandbox.faults.withhold_request("contacts.resolveUsername")
    await stage.chat.ask("/watch @city")
    await fault.wait_hit()
    await stage.chat.ask("/unwatch @city")
    fault.release()
    calls = stage.sandbox.count_calls("messages.getHistory")
    await stage.sandbox.wait_for_call("messages.getHistory", count=calls + 5)
    assert "City" not in (await stage.chat.ask("/channels")).text
    names = await run_command(channel_list.show, stage.settings(**QUICK))
    assert [channel["username"] for channel in names] == ["harbour"]


async def test_a_number_is_known_though_the_list_of_dialogs_came_late(ready_stage: Any) -> None:
    stage = ready_stage
    cellar = stage.sandbox.add_channel("Cellar", members=[stage.watcher])
    stage.sandbox.faults.fail("messages.getDialogs", "INTERNAL", code=500)
    await stage.chat.send("/start")
    await stage.run(CHANNELS=f"-100{cellar.id}", ADMINS=str(stage.ann.id), **QUICK)
    await stage.chat.ask("/alert ferry")

    async def is_scanned(conn: Any) -> bool:
        channel = await channels.find_channel(conn, channel_id=cellar.id)
        return channel is not None and channel.last_scan_at is not None

    await stage.wait_database(is_scanned)
    await cellar.post("The ferry in the cellar")
    await stage.chat.wait_for("The ferry in the cellar")
    assert not any("can't be read" in message.text for message in stage.chat.messages)


async def test_an_account_in_too_many_channels_is_told_and_asks_no_second_time(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    hidden = stage.sandbox.add_channel("Hidden")
    fault = stage.sandbox.faults.fail("messages.importChatInvite", "CHANNELS_TOO_MUCH", times=None)
    await stage.chat.send("/start")
    names = {"CHANNELS": f"@harbour {hidden.invite_link}", "ADMINS": str(stage.ann.id)}
    await stage.run(**names, **QUICK)
    notice = await stage.chat.wait_for("as many channels as Telegram allows")
    assert hidden.invite_link in notice.text
    stage.sandbox.add_channel("Far Shore", username="far_shore")
    checks = stage.sandbox.count_calls("messages.checkChatInvite")
    await stage.chat.ask("/watch @far_shore")
    await stage.sandbox.wait_for_call("messages.checkChatInvite", count=checks + 1)
    assert fault.hits == 1
