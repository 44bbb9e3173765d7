"""What all in the sandbox share: names, the ledger, and who is told of what happens.

It stands below all that happens: accounts, channels and dialogues are told of by it and are not
known to it. It knows no sockets either: ``pusher`` does.
"""

from collections.abc import Iterable
from typing import Protocol

from telethon.tl import TLObject, types

from bot.sandbox.protocol.session import Session
from bot.sandbox.state import media, views
from bot.sandbox.state.boxes import Event
from bot.sandbox.state.changes import Changes
from bot.sandbox.state.clock import now
from bot.sandbox.state.ledger import Ledger
from bot.sandbox.state.manners import Manners
from bot.sandbox.state.messages import File
from bot.sandbox.state.profiles import ChannelProfile, Profile


class Pusher(Protocol):
    """Brings updates to the connected sessions of an account."""

    def is_online(self, account: Profile, skip: Session | None = None) -> bool: ...

    def push(
        self,
        account: Profile,
        updates: TLObject,
        *,
        channel: ChannelProfile | None,
        skip: Session | None,
    ) -> None: ...


class Stage:
    """``owners``: by key, the id of the account that has signed in with it; ``elsewhere``: by key,
    the data centre that it is for, where that is another one; ``exported``: by what was handed out
    for it, the account and the data centre of a key to come; ``files``: by the number of a
    document, that and its bytes."""

    def __init__(self) -> None:
        self.pusher: Pusher | None = None
        self.changes = Changes()
        self.manners = Manners()
        self.ledger = Ledger()
        self.views = views.Views(self.manners)
        self.names: dict[str, Profile | ChannelProfile] = {}
        self.owners: dict[int, int] = {}
        self.elsewhere: dict[int, int] = {}
        self.exported: dict[bytes, tuple[int, int]] = {}
        self.files: dict[int, tuple[TLObject, bytes]] = {}

    def rename(self, owner: Profile | ChannelProfile, username: str | None) -> None:
        """Gives a name to its new owner; the old name of that owner becomes free."""
        if username and self.names.get(username.lower(), owner) is not owner:
            raise ValueError(f"the name {username} is taken")
        if owner.username and self.names.get(owner.username.lower()) is owner:
            del self.names[owner.username.lower()]
        owner.username = username
        if username:
            self.names[username.lower()] = owner

    def keep_file(self, file: File) -> TLObject:
        """Keeps a file's bytes for who asks for them; gives the media of a message with it."""
        sent = media.document(file.name, file.mime, len(file.data))
        sent.document.dc_id = file.dc_id
        self.files[sent.document.id] = sent.document, file.data
        return sent

    # Telling those who are there

    def push_event(
        self,
        account: Profile,
        event: Event,
        *,
        channel: ChannelProfile | None = None,
        skip: Session | None = None,
    ) -> None:
        """Pushes an event of the account's box, or of a channel's, to its sessions."""
        if self.pusher is None or not self.pusher.is_online(account, skip):
            return
        updates = self.view_events([event], account)
        self.pusher.push(account, updates, channel=channel, skip=skip)

    def view_events(self, events: list[Event], viewer: Profile, *extra: TLObject) -> TLObject:
        """Gives Telethon's Updates for these events, with ``extra`` updates before them."""
        messages = [message for event in events for message in event.messages]
        users, chats = self.views.view_peers(messages, viewer)
        updates = [*extra, *(views.view_event(event, viewer) for event in events)]
        return types.Updates(updates=updates, users=users, chats=chats, date=now(), seq=0)

    def push_update(
        self,
        account: Profile,
        update: TLObject,
        *,
        users: Iterable[Profile] = (),
        channels: Iterable[ChannelProfile] = (),
    ) -> None:
        """Pushes an update that belongs to no box: who is offline misses it."""
        if self.pusher is None or not self.pusher.is_online(account):
            return
        updates = types.Updates(
            updates=[update],
            users=[self.views.view_user(user, account) for user in users],
            chats=[self.views.view_channel(channel, account) for channel in channels],
            date=now(),
            seq=0,
        )
        self.pusher.push(account, updates, channel=None, skip=None)
