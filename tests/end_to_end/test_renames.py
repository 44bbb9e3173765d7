"""Channels are their numbers: what names do while the service runs, and while it is down."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.commands import channels as channel_list
from storage import database
from storage.channels import channels
from storage.records import Channel

QUICK = {
    "RECONCILE_INTERVAL": "0.3",
    "SCAN_REQUESTS_PER_MINUTE": "6000",
    "PREVIEW_BASE_URL": "http://127.0.0.1:9/s/",
}


class Desk:
    """A public channel that CHANNELS names as @port_desk, with an administrator who listens."""

    def __init__(self, stage: Any, *, joined: bool) -> None:
        self.stage = stage
        self.names = {"CHANNELS": "@Port_Desk", "ADMINS": str(stage.ann.id), **QUICK}
        members = [stage.watcher] if joined else []
        self.channel = stage.sandbox.add_channel("Port Desk", username="port_desk", members=members)

    async def run(self) -> Any:
        return await self.stage.run(**self.names)

    async def squat(self, *, joined: bool) -> Any:
        """Another channel takes the name that has become free."""
        members = [self.stage.watcher] if joined else []
        return self.stage.sandbox.add_channel("Port Fans", username="port_desk", members=members)

    async def listed(self) -> list[Channel]:
        found: list[Channel] = []

        async def look(conn: Any) -> bool:
            found.extend(await channels.list_channels(conn))
            return True

        await self.stage.wait_database(look)
        return found

    async def wait_renamed(self) -> None:
        async def is_renamed(conn: Any) -> bool:
            return await channels.find_channel(conn, username="port_desk_new") is not None

        await self.stage.wait_database(is_renamed)

    def look_ups(self) -> int:
        calls = self.stage.sandbox.calls
        return sum(call.method == "contacts.resolveUsername" for call in calls)

    def told(self, words: str) -> int:
        return sum(words in message.text for message in self.stage.chat.messages)


@pytest.mark.parametrize(
    ("joined", "running", "squatter"),
    [
        (False, True, "public"),
        (True, False, "joined"),
        (False, False, None),
    ],
)
async def test_a_name_of_the_settings_means_the_channel_that_it_meant_at_first(
    ready_stage: Any, joined: bool, running: bool, squatter: str | None
) -> None:
    stage, desk = ready_stage, Desk(ready_stage, joined=joined)
    await stage.chat.send("/start")
    service = await desk.run()
    await stage.chat.ask("/alert ferry")
    first = await desk.channel.post("The first ferry")
    await stage.wait_stored(first)
    if not running:
        await service.stop()
    await desk.channel.set_username("port_desk_new")
    if running:
        await desk.wait_renamed()
        await service.stop()
    other = await desk.squat(joined=squatter == "joined") if squatter else None
    if other is not None:
        await other.post("A ferry of the fans")
    before = desk.look_ups()
    service = await desk.run()
    post = await desk.channel.post("The second ferry")
    await stage.wait_stored(post)
    if other is not None:
        await other.post("Another ferry of the fans")
    await desk.wait_renamed()
    notice = await stage.chat.wait_for("CHANNELS names @")
    assert "which is now @port_desk_new." in notice.text
    assert "/watch @" in notice.text
    (known,) = await desk.listed()
    assert (known.channel_id, known.username, known.error) == (
        desk.channel.id,
        "port_desk_new",
        None,
    )
    assert desk.look_ups() == before
    if squatter == "joined":
        await stage.chat.wait_for("belongs to another channel now")
    await service.stop()
    await desk.run()
    last = await desk.channel.post("The third ferry")
    await stage.wait_stored(last)
    await stage.wait_drained()
    assert len(await desk.listed()) == 1
    assert desk.told("CHANNELS names @") == 1
    assert desk.told("belongs to another channel now") == int(squatter == "joined")
    assert not any("fans" in message.text for message in stage.alerts())
    assert len(stage.alerts()) == 3


async def test_a_newcomer_under_a_watched_name_is_watched_when_a_person_says_so(
    ready_stage: Any,
) -> None:
    stage, desk = ready_stage, Desk(ready_stage, joined=True)
    await stage.chat.send("/start")
    service = await desk.run()
    await stage.chat.ask("/alert ferry")
    await desk.channel.set_username("port_desk_new")
    await desk.wait_renamed()
    await stage.chat.wait_for("CHANNELS names @")
    other = await desk.squat(joined=False)
    asked = await stage.chat.ask("/watch @port_desk")
    assert "@port_desk_new was put on the list as @port_desk" in asked.text
    await stage.chat.press(asked, asked.buttons[0][0])
    await _wait_scanned(stage, other)
    await other.post("A ferry of the fans")
    await stage.chat.wait_for("A ferry of the fans")
    await desk.channel.post("The ferry of the port")
    await stage.chat.wait_for("The ferry of the port")
    await service.stop()
    await desk.run()
    assert {one.channel_id for one in await desk.listed()} == {desk.channel.id, other.id}

    known = stage.settings(**QUICK)
    assert not await asyncio.to_thread(
        partial(channel_list.change, what="remove"),
        known,
        ["@port_desk_new", "@port_desk"],
        as_json=False,
    )
    assert await desk.listed() == []


async def test_a_name_that_has_moved_is_not_followed_by_another_account(
    ready_stage: Any,
) -> None:
    """Access hashes are good for one account: another has to look the channels up again."""
    stage, desk = ready_stage, Desk(ready_stage, joined=False)
    await stage.chat.send("/start")
    service = await desk.run()
    await _wait_scanned(stage, desk.channel)
    await service.stop()
    await desk.channel.set_username("port_desk_new")
    other = await desk.squat(joined=False)
    await _forget_hashes(stage)
    service = await desk.run()
    await stage.chat.wait_for("its name belongs to another channel now")
    stranger = await other.post("A ferry of the fans")
    (known,) = await desk.listed()
    assert (known.channel_id, known.username) == (desk.channel.id, None)
    await service.stop()
    await desk.run()
    (known,) = await desk.listed()
    assert known.channel_id == desk.channel.id
    assert desk.told("its name belongs to another channel now") == 1

    asked = await stage.chat.ask("/watch @port_desk")
    assert "Port Desk was put on the list as @port_desk" in asked.text
    await stage.chat.ask("/watch @port_desk_new")
    post = await desk.channel.post("The ferry of the port")
    await stage.wait_stored(post)
    (known,) = await desk.listed()
    assert (known.channel_id, known.username, known.error) == (
        desk.channel.id,
        "port_desk_new",
        None,
    )
    assert stranger.channel.id != desk.channel.id


async def _wait_scanned(stage: Any, channel: Any) -> None:
    async def is_scanned(conn: Any) -> bool:
        known = await channels.find_channel(conn, channel_id=channel.id)
        return known is not None and known.last_scan_at is not None

    await stage.wait_database(is_scanned)


async def _forget_hashes(stage: Any) -> None:
    db = await database.open_database(stage.database_url)
    async with db.transaction() as tx:
        for channel in await channels.list_channels(tx):
            await channels.update_channel(tx, channel.id, access_hash=None)
        await tx.execute("DELETE FROM account_channel")  # of each account that shares the watching
    await db.close()
