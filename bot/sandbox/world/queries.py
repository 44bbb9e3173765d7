"""PressContext buttons that wait for a bot's answer."""

import itertools
from dataclasses import dataclass

from telethon.tl import types

from bot.sandbox.state.ledger import Answer
from bot.sandbox.state.messages import Button, Message
from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.stage import Stage


@dataclass(slots=True, eq=False)
class Query:
    """One press; `answer` is there once the bot has answered."""

    id: int
    user: Profile
    bot: Profile
    answer: Answer | None = None


class Queries:
    """The presses of a world. They are pushed once: a bot that is offline misses them for good."""

    def __init__(self, world: Stage) -> None:
        self._world = world
        self._ids = itertools.count(1 << 40)
        self._open: dict[int, Query] = {}

    def open(self, user: Profile, message: Message, data: bytes) -> Query:
        """Tells a bot of a press on its message, and gives what will hold the answer."""
        bot = message.sender
        if bot is None or not bot.is_bot:
            raise LookupError("only buttons under a bot's message can be pressed")
        query = Query(next(self._ids), user, bot)
        self._open[query.id] = query
        update = types.UpdateBotCallbackQuery(
            query_id=query.id,
            user_id=user.id,
            peer=types.PeerChannel(message.place.id)
            if message.place is not None
            else types.PeerUser(user.id),
            msg_id=message.id_for(bot),
            chat_instance=user.id << 20,
            data=data,
        )
        channels = [] if message.place is None else [message.place]
        self._world.push_update(bot, update, users=[user], channels=channels)
        self._world.changes.fire()
        return query

    async def press(
        self,
        user: Profile,
        message: Message,
        button: Button,
        *,
        timeout: float,  # noqa: ASYNC109
        wait: bool,
    ) -> Answer | None:
        """Presses a button and waits for the answer, as `Chat.press` says."""
        query = self.open(user, message, button.data or b"")
        if not wait:
            return None
        return await self._world.changes.wait_for(
            lambda: query.answer, what=f"an answer to {button.text!r}", timeout=timeout
        )

    def find(self, query_id: int, bot: Profile) -> Query | None:
        """Gives a press of this bot that is still without an answer."""
        query = self._open.get(query_id)
        return query if query is not None and query.bot is bot else None

    def answer(self, query: Query, answer: Answer) -> None:
        """Ends a press."""
        del self._open[query.id]
        query.answer = answer
        self._world.ledger.answers.append(answer)
        self._world.changes.fire()
