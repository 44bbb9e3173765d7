"""Everything that exists in the sandbox: accounts, channels, dialogues, keys."""

import itertools
import os
import struct
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Protocol, TypeVar

from telethon.tl import types

from bot.sandbox import views
from bot.sandbox.accounts import Account, Bot, User
from bot.sandbox.boxes import Event
from bot.sandbox.changes import Changes
from bot.sandbox.channels import Channel
from bot.sandbox.cipher import AuthKey
from bot.sandbox.dialogues import Dialogue
from bot.sandbox.inline import InlineQueries
from bot.sandbox.ledger import Ledger
from bot.sandbox.manners import Manners
from bot.sandbox.messages import now
from bot.sandbox.password import Challenge
from bot.sandbox.queries import Queries

# Large, as Telegram's are, so that a mix-up of ids and small numbers shows.
_FIRST_ACCOUNT = 5_000_000_001
_FIRST_CHANNEL = 1_700_000_001

A = TypeVar("A", bound=Account)


class Pusher(Protocol):
    """Brings updates to the connected sessions of an account."""

    def is_online(self, account: Account, skip: Any = None) -> bool: ...

    def push(
        self, account: Account, updates: Any, *, channel: Channel | None, skip: Any
    ) -> None: ...


class World:
    """The state, and who is told when it changes. It knows no sockets: ``pusher`` does."""

    def __init__(self) -> None:
        self.pusher: Pusher | None = None
        self.changes = Changes()
        self.manners = Manners()
        self.ledger = Ledger()
        self.queries = Queries(self)
        self.inline_queries = InlineQueries(self)
        self.accounts: dict[int, Account] = {}
        self.channels: dict[int, Channel] = {}
        self.names: dict[str, Account | Channel] = {}
        self.dialogues: dict[frozenset[int], Dialogue] = {}
        self.auth_keys: dict[int, AuthKey] = {}
        self.owners: dict[int, Account] = {}
        # Sign-ins under way: by phone, and by the key that still owes a password.
        self.code_hashes: dict[str, str] = {}
        self.half_signed_in: dict[int, User] = {}
        self.challenges: dict[int, Challenge] = {}
        self.port = 0
        self._account_ids = itertools.count(_FIRST_ACCOUNT)
        self._channel_ids = itertools.count(_FIRST_CHANNEL)
        self._hash_secret = os.urandom(16)
        self._hashes: dict[tuple[int, int], int] = {}

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
        if username:
            self.rename(channel, username)
        for member in members:
            channel.add_member(member)
        for admin in admins:
            channel.add_member(admin, admin=True)
        return channel

    def rename(self, owner: Account | Channel, username: str | None) -> None:
        """Gives a name to its new owner; the old name of that owner becomes free."""
        if username and self.names.get(username.lower(), owner) is not owner:
            raise ValueError(f"the name {username} is taken")
        if owner.username and self.names.get(owner.username.lower()) is owner:
            del self.names[owner.username.lower()]
        owner.username = username
        if username:
            self.names[username.lower()] = owner

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

    def find_dialogue(self, one: Account, other: Account) -> Dialogue | None:
        """Gives the dialogue of two accounts, if they ever wrote or opened it."""
        return self.dialogues.get(frozenset((one.id, other.id)))

    def dialogue(self, one: Account, other: Account) -> Dialogue:
        """Gives the dialogue of two accounts, opened when it is new."""
        key = frozenset((one.id, other.id))
        if key not in self.dialogues:
            self.dialogues[key] = Dialogue(self, one, other)
        return self.dialogues[key]

    def access_hash(self, viewer: Account, target_id: int) -> int:
        """Gives the number with which this viewer, and no other, may address the target."""
        known = self._hashes.get((viewer.id, target_id))
        if known is None:
            seed = struct.pack("<qq", viewer.id, target_id)
            digest = blake2b(seed, key=self._hash_secret, digest_size=8).digest()
            # Odd hashes belong to ``min`` views: none of them opens anything.
            number: int = struct.unpack("<q", digest)[0]
            known = self._hashes[viewer.id, target_id] = number & ~1 or 2
        return known

    def set_blocked(self, user: User, bot: Bot, blocked: bool) -> None:
        """Blocks or unblocks a bot, and tells it."""
        if (bot.id in user.blocked) == blocked:
            return
        (user.blocked.add if blocked else user.blocked.discard)(bot.id)
        bot.qts += 1
        update = types.UpdateBotStopped(user.id, now(), blocked, bot.qts)
        bot.notes.append(update)
        self.push_update(bot, update, users=[user])
        self.changes.fire()

    def tell_membership(
        self, channel: Channel, bot: Account, before: Any, *, by: Account | None = None
    ) -> None:
        """Tells a bot that it is another participant of a channel than ``before``."""
        actor = by or next(iter(channel.admins.values()), bot)
        bot.qts += 1
        update = types.UpdateChannelParticipant(
            channel_id=channel.id,
            date=now(),
            actor_id=actor.id,
            user_id=bot.id,
            qts=bot.qts,
            prev_participant=before,
            new_participant=channel.participant(bot),
        )
        bot.notes.append(update)
        self.push_update(bot, update, users=[actor], channels=[channel])

    # Telling those who are there

    def push_event(
        self, account: Account, event: Event, *, channel: Channel | None = None, skip: Any = None
    ) -> None:
        """Pushes an event of the account's box, or of a channel's, to its sessions."""
        if self.pusher is None or not self.pusher.is_online(account, skip):
            return
        updates = self.view_events([event], account)
        self.pusher.push(account, updates, channel=channel, skip=skip)

    def view_events(self, events: list[Event], viewer: Account, *extra: Any) -> Any:
        """Gives Telethon's Updates for these events, with ``extra`` updates before them."""
        messages = [message for event in events for message in event.messages]
        users, chats = views.view_peers(self, messages, viewer)
        updates = [*extra, *(views.view_event(event, viewer) for event in events)]
        return types.Updates(updates=updates, users=users, chats=chats, date=now(), seq=0)

    def push_update(
        self,
        account: Account,
        update: Any,
        *,
        users: Iterable[Account] = (),
        channels: Iterable[Channel] = (),
    ) -> None:
        """Pushes an update that belongs to no box: who is offline misses it."""
        if self.pusher is None or not self.pusher.is_online(account):
            return
        updates = types.Updates(
            updates=[update],
            users=[views.view_user(self, user, account) for user in users],
            chats=[views.view_channel(self, channel, account) for channel in channels],
            date=now(),
            seq=0,
        )
        self.pusher.push(account, updates, channel=None, skip=None)

    def push_channel(self, channel: Channel) -> None:
        """Tells the members that the channel itself has changed."""
        for member in channel.members.values():
            self.push_update(member, types.UpdateChannel(channel.id), channels=[channel])
        self.changes.fire()


def normal_phone(phone: str) -> str:
    """Gives the digits only, as Telegram compares them."""
    return "".join(letter for letter in phone if letter.isdigit())
