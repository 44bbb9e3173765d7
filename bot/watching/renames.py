"""Usernames that move from one channel to another: the operator is told, the same channel stays
watched.

A channel is its id. If channel 1 was put on the list as ``@harbour`` and channel 2 has that name
now, channel 1 stays watched; channel 2 is watched only once somebody says so.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from bot.watching.resolve import FoundChannel
from handlers.operators.notices import Notices
from handlers.render.text.names import name_of
from handlers.sources.references import NAME_MOVED, has_name
from storage.channels import channels, references
from storage.connection import Connection, Database
from storage.records import Channel

log = structlog.get_logger("renames")


class Renames:
    """Reports names that changed or moved. ``named``: the names in the settings."""

    def __init__(self, database: Database, notices: Notices) -> None:
        self._database = database
        self._notices = notices
        self.named: list[str] = []
        self._logged: set[str] = set()

    async def tell(self, tx: Connection, former: Channel, channel: Channel) -> None:
        """Tell the operator that a channel's name has changed."""
        if former.username is None:
            return
        new = _name(channel)
        log.info("a channel has another name", channel=name_of(former), name=new)
        if any(has_name(former, name) for name in self.named):
            await self._tell_named(tx, former.username, channel)
            return
        key = f"channel:{channel.id}:{datetime.now(UTC).isoformat()}"
        await self._notices.add(tx, key, "channel_renamed", channel=name_of(former), renamed=new)

    async def _tell_named(self, tx: Connection, name: str, channel: Channel) -> None:
        """Tell the operator, once a name, that the settings use a channel's former name."""
        new = _name(channel)
        key = f"named:{name.lower()}:{channel.channel_id}:{new}"
        if key not in self._logged:
            self._logged.add(key)
            log.warning("CHANNELS names a former name", name=f"@{name}", now=new)
        await self._notices.add(tx, key, "channels_renamed", channel=f"@{name}", renamed=new)

    async def look(self, joined: Mapping[int, FoundChannel]) -> None:
        """Report the names that now mean another channel than the one on the list, as far as that
        is known.

        ``joined``: the channels that the account is in, by channel id.
        """
        async with self._database.transaction() as tx:
            bound = await references.list_bound(tx)
            for name in self.named:
                channel = bound.get(name.lower())
                if channel is not None and channel.username and not has_name(channel, name):
                    await self._tell_named(tx, name, channel)
            for found in joined.values():
                name = found.username or ""
                channel = bound.get(name.lower())
                if channel is None or channel.channel_id in (None, found.channel_id):
                    continue
                if not await _is_watched(tx, found.channel_id):
                    key = f"newcomer:{name.lower()}:{channel.channel_id}"
                    await self._tell_moved(tx, key, "newcomer", name, channel)

    async def lose(self, tx: Connection, channel: Channel, newcomer: int | None) -> Channel:
        """Record that a channel's name now belongs to another channel (id ``newcomer``, None if
        unknown). The channel keeps its id and has no name; returns it."""
        if channel.username is None:
            return channel
        # Where it was put on the list by its number, the name still may mean it alone.
        if await references.find_bound(tx, channel.username) is None:
            await references.bind(tx, channel.username, channel.id)
        if not await _is_watched(tx, newcomer):
            key = f"newcomer:{channel.username.lower()}:{channel.channel_id}"
            await self._tell_moved(tx, key, "name_lost", channel.username, channel)
        return await channels.update_channel(tx, channel.id, username=None, error=NAME_MOVED)

    async def _tell_moved(
        self, tx: Connection, key: str, notice: str, username: str, channel: Channel
    ) -> None:
        if key not in self._logged:
            self._logged.add(key)
            log.warning("a name belongs to another channel", name=f"@{username}")
        shown = channel.title or str(channel.channel_id)
        values = {"channel": shown, "handle": f"@{username}", "reason": NAME_MOVED}
        await self._notices.add(tx, key, notice, **values)


async def _is_watched(conn: Connection, number: int | None) -> bool:
    known = None if number is None else await channels.find_channel(conn, channel_id=number)
    return known is not None and known.watched


def _name(channel: Channel) -> str:
    return f"@{channel.username}" if channel.username else "no public name"
