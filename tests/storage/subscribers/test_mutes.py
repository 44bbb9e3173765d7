"""Channels that single alerts leave out."""

from datetime import datetime

import pytest

from storage.connection import Connection
from storage.document import Channel
from storage.records import Mute
from storage.subscribers import alerts, mutes, subscribers


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (None, None),
        (Channel(), None),
        (Channel(title="Harbour"), None),
        (Channel(username="Harbour"), "@harbour"),
        (Channel(id=77, username="Harbour"), "77"),
        (Channel(id=77), "77"),
    ],
)
def test_a_channel_is_muted_by_its_number_else_by_its_name(
    channel: Channel | None, name: str | None
) -> None:
    assert mutes.name_of(channel) == name


async def test_channels_are_left_out_of_alerts_and_taken_in_again(
    tx: Connection, now: datetime
) -> None:
    await subscribers.add_subscriber(tx, chat_id=5, now=now)
    grain, ship = [
        (await alerts.add_alert(tx, chat_id=5, query=query, now=now)).id
        for query in ("grain", "ship")
    ]
    await mutes.add_mutes(tx, [grain, ship], "77", "Port")
    await mutes.leave_out(tx, grain, {"@mill": "Mill", "78": "Mill", "77": "Harbour"})
    await mutes.leave_out(tx, ship, {})
    harbour = Mute(alert_id=grain, channel="77", title="Harbour")
    rest = [Mute(alert_id=grain, channel=name, title="Mill") for name in ("78", "@mill")]
    assert await mutes.list_mutes(tx, grain) == [harbour, *rest]
    port = Mute(alert_id=ship, channel="77", title="Port")
    assert await mutes.list_mutes(tx, ship) == [port]
    each = {grain: [harbour, *rest], ship: [port]}
    assert await mutes.list_mutes_of(tx, [grain, ship, 99]) == each
    assert await mutes.list_mutes_of(tx, []) == {}
    assert await mutes.list_muting(tx, "77", [grain, ship, 99]) == {grain, ship}
    assert await mutes.list_muting(tx, "77", [ship]) == {ship}
    assert await mutes.list_muting(tx, "79", [grain, ship]) == set()
    assert await mutes.remove_mute(tx, grain, "77")
    assert not await mutes.remove_mute(tx, grain, "77")
    assert not await mutes.remove_mute(tx, ship, "@mill")
    assert await mutes.list_mutes(tx, grain) == rest
    assert await mutes.list_muting(tx, "77", [grain, ship]) == {ship}
    both = {grain, ship}
    asked = {"77": both, "78": {ship}, "@mill": both, "79": both}
    assert await mutes.list_muting_each(tx, asked) == {"77": {ship}, "@mill": {grain}}
    assert await mutes.list_muting_each(tx, {}) == {}
