"""Answers button presses, each once and within seconds, since the person's app waits for it."""

import structlog
from telethon import errors
from telethon.tl.functions.messages import SetBotCallbackAnswerRequest

from bot.serving.press_updates import Query
from bot.serving.sentences import Sentences
from bot.telegram import clients, failures
from bot.telegram.clients import Client

TOAST = 200
GIVE_WITHIN = 4.0
"""Seconds after which a press is answered even if its step is not done: apps wait for about ten."""

log = structlog.get_logger("presses")


class Answer:
    """The answer to a press. ``is_given``: an empty answer was given before; there is no other."""

    def __init__(
        self, client: Client, sentences: Sentences, query: Query, *, is_given: bool = False
    ) -> None:
        self._client = client
        self._sentences = sentences
        self._query = query
        self._is_given = is_given
        self._is_early = False

    async def give(self, toast: str | None = None, *, url: str | None = None) -> None:
        """Answer, unless that was done. After an early answer the toast is sent as a message, in
        private chats only."""
        query = self._query
        if not self._is_given:
            self._is_given = True
            await self._call(toast, url)
        elif self._is_early and toast and query.is_private:
            key = query.key("late")
            await self._sentences.say(query.chat_id, query.access_hash, toast, key=key)

    async def give_early(self, toast: str) -> None:
        """Answer with this toast, if there is no answer yet."""
        if not self._is_given:
            self._is_given = self._is_early = True
            await self._call(toast, None)

    async def _call(self, toast: str | None, url: str | None) -> None:
        """Make the call; if it fails, nothing is lost: buttons can be pressed again."""
        request = SetBotCallbackAnswerRequest(
            query_id=self._query.id, cache_time=0, message=toast[:TOAST] if toast else None, url=url
        )
        try:
            await clients.call(self._client, request)
        except errors.QueryIdInvalidError:
            return
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("a press was not answered", user=self._query.user_id, reason=reason)
