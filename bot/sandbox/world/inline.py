"""Inline queries: ``@bot words`` typed in some chat, and the results that the bot offers."""

import itertools
from dataclasses import dataclass

from msgspec import Struct
from telethon.tl import TLObject, types

from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.stage import Stage


class InlineAnswer(Struct, frozen=True, kw_only=True):
    """What a bot offers. ``results`` are Telethon's InputBotInlineResult."""

    results: tuple[TLObject, ...]
    next_offset: str | None
    cache_time: int
    is_personal: bool


@dataclass(slots=True, eq=False)
class InlineQuery:
    """One query; `answer` is there once the bot has answered."""

    id: int
    user: Profile
    bot: Profile
    answer: InlineAnswer | None = None


class InlineQueries:
    """The inline queries of a world. Like presses they are pushed once, to bots that are online."""

    def __init__(self, world: Stage) -> None:
        self._world = world
        self._ids = itertools.count(1 << 41)
        self._open: dict[int, InlineQuery] = {}

    async def ask(
        self,
        user: Profile,
        bot: Profile,
        text: str,
        *,
        offset: str,
        timeout: float,  # noqa: ASYNC109
    ) -> InlineAnswer:
        """Asks a bot and waits for its answer; raises TimeoutError."""
        query = InlineQuery(next(self._ids), user, bot)
        self._open[query.id] = query
        update = types.UpdateBotInlineQuery(
            query_id=query.id,
            user_id=user.id,
            query=text,
            offset=offset,
            peer_type=types.InlineQueryPeerTypeSameBotPM(),
        )
        self._world.push_update(bot, update, users=[user])
        return await self._world.changes.wait_for(
            lambda: query.answer, what=f"results for {text!r}", timeout=timeout
        )

    def find(self, query_id: int, bot: Profile) -> InlineQuery | None:
        """Gives a query to this bot that is still without an answer."""
        query = self._open.get(query_id)
        return query if query is not None and query.bot is bot else None

    def answer(self, query: InlineQuery, answer: InlineAnswer) -> None:
        """Ends a query."""
        del self._open[query.id]
        query.answer = answer
        self._world.changes.fire()
