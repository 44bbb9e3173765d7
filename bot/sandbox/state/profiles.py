"""What accounts and channels are to others: what a message names, and what a client is shown."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from telethon.tl import TLObject, types

from bot.sandbox.state.clock import now


class Freeze(Struct, frozen=True, kw_only=True):
    """An account is frozen: since and until when (epoch), and where that is appealed against.
    ``reads``: it may still read the channels that it is in."""

    since: int
    until: int
    appeal: str
    reads: bool


@dataclass(slots=True, kw_only=True, eq=False)
class Profile:
    """A person or a bot, and the channels that it is in, in the order of joining."""

    is_bot: ClassVar[bool] = False

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    language: str = "en"
    deactivated: bool = False
    freeze: Freeze | None = None
    channels: "dict[int, ChannelProfile]" = field(default_factory=dict, repr=False)


@dataclass(slots=True, kw_only=True, eq=False)
class ChannelProfile:
    """A broadcast channel, or a supergroup (``is_group``), and who is in it."""

    id: int
    title: str
    username: str | None = None
    about: str = ""
    is_group: bool = False
    is_forum: bool = False
    # By the number of the message that opened them: whether they take messages.
    topics: dict[int, bool] = field(default_factory=dict, repr=False)
    invite_hash: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    created_at: datetime = field(default_factory=now)
    members: dict[int, Profile] = field(default_factory=dict, repr=False)
    admins: dict[int, Profile] = field(default_factory=dict, repr=False)
    # Administrators who may not post.
    voiceless: set[int] = field(default_factory=set, repr=False)

    @property
    def invite_link(self) -> str:
        return f"https://t.me/+{self.invite_hash}"

    def participant(self, account: Profile) -> TLObject | None:
        """Gives Telethon's participant; None for one who is no member."""
        if account.id not in self.members:
            return None
        if account.id not in self.admins:
            return types.ChannelParticipant(user_id=account.id, date=self.created_at)
        return types.ChannelParticipantAdmin(
            user_id=account.id,
            promoted_by=account.id,
            date=self.created_at,
            admin_rights=self.admin_rights(account),
        )

    def admin_rights(self, account: Profile) -> TLObject:
        """Gives what an administrator may do."""
        return types.ChatAdminRights(
            post_messages=self.may_post(account),
            edit_messages=True,
            delete_messages=True,
            other=True,
        )

    def may_post(self, account: Profile) -> bool:
        """Whether an account may post in a channel, or write in a group."""
        if self.is_group:
            return account.id in self.members
        return account.id in self.admins and account.id not in self.voiceless

    def may_speak_as(self, account: Profile, name: "ChannelProfile") -> bool:
        """Whether an account may write here in the name of this group, or of a channel."""
        return self.is_group and account.id in name.admins and (name is self or not name.is_group)
