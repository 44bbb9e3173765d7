"""The access hashes by which this process's account opens channels; a hash is valid for one
account.

The first account's are stored with the channels; those of other accounts are stored apart
(``storage.channels.accounts``).
"""

from bot.watching.resolve import FoundChannel
from storage.channels import accounts
from storage.channels.accounts import Known
from storage.connection import Connection
from storage.records import Channel
from storage.structs import replace


class Access:
    """What the account may open. ``account`` is its id, None while that is not known."""

    def __init__(self) -> None:
        self.account: int | None = None
        self._is_first = False
        self._hashes: dict[int, int] = {}

    async def open(self, tx: Connection, account: int, name: str) -> None:
        """Load what is known of the account, and store its name."""
        if await accounts.find_name(tx, account) != name:
            await accounts.set_name(tx, account, name)
        first = await accounts.find_first(tx)
        if first is None:
            await accounts.set_first(tx, account)
        self.account, self._is_first = account, first in (None, account)
        known = await accounts.list_known(tx, account)
        self._hashes = {number: one.access_hash for number, one in known.items()}

    def own(self, channel: Channel) -> Channel:
        """The channel with the access hash of this account; None in its place if there is none."""
        own = self._hashes.get(channel.channel_id or 0)
        if own is None and self._is_first:
            return channel
        return replace(channel, access_hash=own)

    async def keep(self, tx: Connection, found: FoundChannel) -> int | None:
        """Store how the account opens a channel; returns the hash to store with the channel itself,
        if any."""
        if self.account is None:
            return None
        await accounts.know(tx, self.account, [known_of(found)])
        self._hashes[found.channel_id] = found.access_hash
        return found.access_hash if self._is_first else None


class SoleAccess(Access):
    """The access of the only account that watches: all hashes are stored with the channels."""

    def own(self, channel: Channel) -> Channel:
        """The channel unchanged."""
        return channel

    async def keep(self, tx: Connection, found: FoundChannel) -> int | None:
        """The hash to store with the channel."""
        return found.access_hash


def known_of(found: FoundChannel) -> Known:
    """What is stored of a channel that an account has found."""
    return Known(channel_id=found.channel_id, access_hash=found.access_hash, joined=found.joined)
