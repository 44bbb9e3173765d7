"""People and bots."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.boxes import Box
from bot.sandbox.chats import Chat
from bot.sandbox.messages import Message
from bot.sandbox.repeats import Remembered

if TYPE_CHECKING:
    from bot.sandbox.channels import Channel
    from bot.sandbox.world import World


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """Someone who can sign in and who has private messages (in `box`)."""

    world: "World" = field(repr=False)
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    language: str = "en"
    deactivated: bool = False
    box: Box = field(default_factory=Box, repr=False)
    # Bot accounts learn of blocks and of their memberships by a sequence of its own (``qts``).
    qts: int = 1
    notes: list[Any] = field(default_factory=list, repr=False)
    # Insertion order is the order of joining.
    channels: "dict[int, Channel]" = field(default_factory=dict, repr=False)
    random_ids: dict[int, Remembered] = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    uploads: dict[int, dict[int, bytes]] = field(default_factory=dict, repr=False)

    @property
    def is_bot(self) -> bool:
        return isinstance(self, Bot)

    def sign_out_everywhere(self) -> None:
        """Revokes all its keys: their next call gets AUTH_KEY_UNREGISTERED."""
        for key_id in [key for key, owner in self.world.owners.items() if owner is self]:
            del self.world.owners[key_id]
        self.world.changes.fire()

    def deactivate(self) -> None:
        """Deletes the account for those who write to it: INPUT_USER_DEACTIVATED."""
        self.deactivated = True


@dataclass(slots=True, kw_only=True, eq=False)
class User(Account):
    """A person: signs in by phone, code and perhaps a password."""

    code: str = "12345"
    password: str | None = field(default=None, repr=False)
    blocked: set[int] = field(default_factory=set, repr=False)

    def chat_with(self, bot: "Bot") -> Chat:
        """Gives this person's chat with a bot."""
        return Chat(self, bot)

    async def block(self, bot: "Bot") -> None:
        """Blocks a bot: what it sends from now on gets USER_IS_BLOCKED."""
        self.world.set_blocked(self, bot, True)

    async def unblock(self, bot: "Bot") -> None:
        """Lets a bot write again."""
        self.world.set_blocked(self, bot, False)


@dataclass(slots=True, kw_only=True, eq=False)
class Bot(Account):
    """A bot: signs in by its token."""

    token: str = field(repr=False)
    # (scope's name, language) → commands of the menu, as Telethon's BotCommand.
    commands: dict[tuple[str, str], list[Any]] = field(default_factory=dict, repr=False)
