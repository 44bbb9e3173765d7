"""Accounts, and those of bots."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from telethon.tl import TLObject

from bot.sandbox.state.boxes import Box
from bot.sandbox.state.messages import Message
from bot.sandbox.state.profiles import Freeze, Profile
from bot.sandbox.state.repeats import Remembered
from bot.sandbox.world.stage import Stage


@dataclass(slots=True, kw_only=True, eq=False)
class Account(Profile):
    """Someone who can sign in and who has private messages (in `box`)."""

    world: Stage = field(repr=False)
    box: Box = field(default_factory=Box, repr=False)
    # Bot accounts learn of blocks and of their memberships by a sequence of its own (``qts``).
    qts: int = 1
    notes: list[TLObject] = field(default_factory=list, repr=False)
    random_ids: dict[int, Remembered] = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    uploads: dict[int, dict[int, bytes]] = field(default_factory=dict, repr=False)

    def sign_out_everywhere(self) -> None:
        """Revokes all its keys: their next call gets AUTH_KEY_UNREGISTERED."""
        for key_id in [key for key, owner in self.world.owners.items() if owner == self.id]:
            del self.world.owners[key_id]
        self.world.changes.fire()

    def deactivate(self) -> None:
        """Deletes the account for those who write to it: INPUT_USER_DEACTIVATED."""
        self.deactivated = True

    def freeze_up(
        self,
        *,
        since: int = 1_767_225_600,
        until: int = 1_769_817_600,
        appeal: str = "https://t.me/spambot",
        reads: bool = False,
    ) -> None:
        """Freezes the account: nearly all that it asks for gets FROZEN_METHOD_INVALID, and nothing
        is pushed to it. ``reads``: it may still read and hear the channels that it is in."""
        self.freeze = Freeze(since=since, until=until, appeal=appeal, reads=reads)

    def thaw(self) -> None:
        """Unfreezes it."""
        self.freeze = None


@dataclass(slots=True, kw_only=True, eq=False)
class Bot(Account):
    """A bot: signs in by its token."""

    is_bot: ClassVar[bool] = True

    token: str = field(repr=False)
    # (scope's name, language) → commands of the menu, as Telethon's BotCommand.
    commands: dict[tuple[str, str], list[TLObject]] = field(default_factory=dict, repr=False)
    # Which texts it sends of itself: whoever asks it something takes none of them for the answer.
    is_unasked: Callable[[str], bool] = field(default=lambda _: False, repr=False)
