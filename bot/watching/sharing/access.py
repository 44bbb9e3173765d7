"""Which access hash opens a channel for the account of this process: hashes are good for one
account.

The account that was first has them beside the channels, and all that other accounts know stands
apart (``storage.channels.accounts``)."""

from bot.watching.resolve import Found
from storage.channels import accounts
from storage.channels.accounts import Known
from storage.connection import Connection
from storage.records import Channel
from storage.structs import replace


class Access:
    """What the account may open. ``account`` is its number, None while it is not known."""

    def __init__(self) -> None:
        self.account: int | None = None
        self._is_first = False
        self._hashes: dict[int, int] = {}

    async def open(self, tx: Connection, account: int, name: str) -> None:
        """Know the account, what it is called, and what it knows."""
        if await accounts.find_name(tx, account) != name:
            await accounts.set_name(tx, account, name)
        first = await accounts.find_first(tx)
        if first is None:
            await accounts.set_first(tx, account)
        self.account, self._is_first = account, first in (None, account)
        known = await accounts.list_known(tx, account)
        self._hashes = {number: one.access_hash for number, one in known.items()}

    def own(self, channel: Channel) -> Channel:
        """A channel with the hash by which this account opens it, if there is one."""
        own = self._hashes.get(channel.channel_id or 0)
        if own is None and self._is_first:
            return channel
        return replace(channel, access_hash=own)

    async def keep(self, tx: Connection, found: Found) -> int | None:
        """Keep how a channel is opened; gives the hash that is to stand beside the channel."""
        if self.account is None:
            return None
        await accounts.know(tx, self.account, [known_of(found)])
        self._hashes[found.channel_id] = found.access_hash
        return found.access_hash if self._is_first else None


class SoleAccess(Access):
    """That of the only account that watches: what stands beside the channels is its own."""

    def own(self, channel: Channel) -> Channel:
        """As it is."""
        return channel

    async def keep(self, tx: Connection, found: Found) -> int | None:
        """All of it stands beside the channel."""
        return found.access_hash


def known_of(found: Found) -> Known:
    """What is kept of a channel that an account has found."""
    return Known(channel_id=found.channel_id, access_hash=found.access_hash, joined=found.joined)
