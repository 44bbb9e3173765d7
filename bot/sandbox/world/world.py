"""Everything that exists in the sandbox: accounts, channels, dialogues, keys."""

import itertools
import os
from collections.abc import Iterable
from typing import Any, TypeVar

from bot.sandbox.protocol.cipher import AuthKey
from bot.sandbox.protocol.password import Challenge
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.talks import Talks
from bot.sandbox.world.users import User

# Large, as Telegram's are, so that a mix-up of ids and small numbers shows.
_FIRST_ACCOUNT = 5_000_000_001
_FIRST_CHANNEL = 1_700_000_001

A = TypeVar("A", bound=Account)


class World(Talks):
    """The stage with all who are on it."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[int, Account] = {}
        self.channels: dict[int, Channel] = {}
        self.auth_keys: dict[int, AuthKey] = {}
        # Sign-ins under way: by phone, and by the key that still owes a password.
        self.code_hashes: dict[str, str] = {}
        self.half_signed_in: dict[int, User] = {}
        self.challenges: dict[int, Challenge] = {}
        self.port = 0
        self._account_ids = itertools.count(_FIRST_ACCOUNT)
        self._channel_ids = itertools.count(_FIRST_CHANNEL)

    # Who and what there is

    def add_user(
        self,
        first_name: str,
        *,
        phone: str | None = None,
        number: int | None = None,
        **details: Any,
    ) -> User:
        """Makes a person; without a phone they get one of the next free numbers."""
        number = number or next(self._account_ids)
        user = User(
            world=self,
            id=number,
            first_name=first_name,
            phone=normal_phone(phone or f"+1555{number % 10**7:07}"),
            **details,
        )
        return self._add(user)

    def add_bot(
        self, username: str, *, token: str | None = None, first_name: str | None = None
    ) -> Bot:
        """Makes a bot; without a token it gets one of the usual shape."""
        number = next(self._account_ids)
        bot = Bot(
            world=self,
            id=number,
            first_name=first_name or username,
            username=username,
            token=token or f"{number}:{os.urandom(18).hex()[:35]}",
        )
        return self._add(bot)

    def _add(self, account: A) -> A:
        self.accounts[account.id] = account
        if account.username:
            self.rename(account, account.username)
        return account

    def add_channel(
        self,
        title: str,
        *,
        username: str | None = None,
        members: Iterable[Account] = (),
        admins: Iterable[Account] = (),
        about: str = "",
        is_group: bool = False,
        is_forum: bool = False,
    ) -> Channel:
        """Makes a channel; without a username it is private, open by its invite link."""
        channel = Channel(
            world=self,
            id=next(self._channel_ids),
            title=title,
            about=about,
            is_group=is_group,
            is_forum=is_forum,
        )
        self.channels[channel.id] = channel
        if is_forum:
            channel.open_general()
        if username:
            self.rename(channel, username)
        for member in members:
            channel.add_member(member)
        for admin in admins:
            channel.add_member(admin, admin=True)
        return channel

    def find_owner(self, key_id: int) -> Account | None:
        """Gives the account that has signed in with this key."""
        return self.accounts.get(self.owners.get(key_id, 0))

    def find_user(self, phone: str) -> User | None:
        """Gives the person with this phone."""
        for account in self.accounts.values():
            if isinstance(account, User) and account.phone == normal_phone(phone):
                return account
        return None

    def find_bot(self, token: str) -> Bot | None:
        """Gives the bot with this token."""
        for account in self.accounts.values():
            if isinstance(account, Bot) and account.token == token:
                return account
        return None

    def find_invite(self, invite_hash: str) -> Channel | None:
        """Gives the channel that this invite opens."""
        for channel in self.channels.values():
            if channel.invite_hash == invite_hash:
                return channel
        return None


def normal_phone(phone: str) -> str:
    """Gives the digits only, as Telegram compares them."""
    return "".join(letter for letter in phone if letter.isdigit())
