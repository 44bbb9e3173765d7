"""People."""

from dataclasses import dataclass, field

from telethon.tl import types

from bot.sandbox.state.clock import now
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.chats import Chat
from bot.sandbox.world.talks import Talks


@dataclass(slots=True, kw_only=True, eq=False)
class User(Account):
    """A person: signs in by phone, code and perhaps a password."""

    world: Talks = field(repr=False)
    code: str = "12345"
    password: str | None = field(default=None, repr=False)
    # Days without its owner after which the account is deleted.
    away_days: int = 548
    blocked: set[int] = field(default_factory=set, repr=False)

    def chat_with(self, bot: Bot) -> Chat:
        """Gives this person's chat with a bot."""
        return Chat(self.world, self, bot)

    async def block(self, bot: Bot) -> None:
        """Blocks a bot: what it sends from now on gets USER_IS_BLOCKED."""
        self._set_blocked(bot, True)

    async def unblock(self, bot: Bot) -> None:
        """Lets a bot write again."""
        self._set_blocked(bot, False)

    def _set_blocked(self, bot: Bot, blocked: bool) -> None:
        if (bot.id in self.blocked) == blocked:
            return
        (self.blocked.add if blocked else self.blocked.discard)(bot.id)
        bot.qts += 1
        update = types.UpdateBotStopped(self.id, now(), blocked, bot.qts)
        bot.notes.append(update)
        self.world.push_update(bot, update, users=[self])
        self.world.changes.fire()
