"""Receives messages to the bot; each is answered once.

An answer goes through the outbox under a key made of the message that it answers: an update that
arrives again after a crash finds its answer there and is not answered twice. While the database
cannot be written, messages are held, in each chat's order, and not recorded as handled.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from telethon import events
from telethon.tl import types

from bot.process.gate import Gate
from bot.process.lines import Lines
from bot.process.patience import patiently
from bot.process.reminders import after
from bot.serving.heard import UPDATES, Heard, Texts, name_of, read_heard
from bot.serving.sentences import Sentences
from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from handlers import registry
from handlers.conversation import command_context
from handlers.conversation.requests import Reply, Request, parse_command
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import FailingWords, failing_words
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.outbox import outbox
from storage.structs import replace

TELL_AFTER = 10.0
"""Seconds after which the sender of a held message is told that it waits."""
HOLD = 600.0
"""Seconds that a message is held while the database cannot be written."""
LONGEST_LINE = 100
"""The most messages of a chat that wait; further ones are dropped, which the chat is told once."""
KEPT_ALBUMS = 1000
"""The number of chats whose last album is remembered."""

log = structlog.get_logger("serve")


class MessageReceiver:
    """Receives messages. ``may_ask(chat_id)`` returns whether a chat may make another request, and
    whether it was told before that it may not."""

    def __init__(
        self,
        client: Client,
        services: Services,
        gate: Gate,
        lines: Lines,
        sentences: Sentences,
        tasks: asyncio.TaskGroup,
        *,
        may_ask: Callable[[int], tuple[bool, bool]],
    ) -> None:
        self._client = client
        self._services = services
        self._gate = gate
        self._lines = lines
        self._sentences = sentences
        self._tasks = tasks
        self._may_ask = may_ask
        self._overfull: set[int] = set()
        self._albums: OrderedDict[int, int] = OrderedDict()
        self._texts = Texts()

    def open(self) -> None:
        """Subscribe to messages. Those of a chat are handled in order, chats concurrently."""
        self._client.add_event_handler(self._on_message, events.Raw(UPDATES))

    async def _on_message(self, update: types.TypeUpdate) -> None:
        ids: dict[str, Any] = {
            "update": type(update).__name__,
            "pts": getattr(update, "pts", None),
        }
        with self._gate.guarded("message", **ids):
            heard = read_heard(self._client, update)
            if heard is not None:
                self.take_in(heard)

    def take_in(self, heard: Heard) -> None:
        """Queue a message behind its chat's earlier ones, if it is said to the bot or may answer
        its question."""
        chat_id = heard.request.chat_id
        waiting = self._lines.length(chat_id)
        # What comes behind an open question may be its answer: that is seen in its turn.
        if not waiting and not self._is_for_bot(heard):
            return
        if waiting < LONGEST_LINE // 2:
            self._overfull.discard(chat_id)
        if waiting < LONGEST_LINE:
            self._client.hold()
            self._lines.put(chat_id, lambda: self._attend(heard))
        elif self._is_for_bot(heard) and chat_id not in self._overfull:
            self._overfull.add(chat_id)
            log.error("not answered", **heard.ids, error="too much waits")
            self._tasks.create_task(self._say(heard, "many"))

    def _is_for_bot(self, heard: Heard) -> bool:
        if self._is_further_part(heard):
            return False
        if heard.request.is_forwarded and not heard.request.is_private:
            return False
        return registry.is_for_bot(heard.request, self._services)

    def _is_further_part(self, heard: Heard) -> bool:
        """Whether it is a part, without text, of an album that was answered already."""
        chat_id, album = heard.request.chat_id, heard.album
        return album is not None and not heard.request.text and self._albums.get(chat_id) == album

    async def _attend(self, heard: Heard) -> None:
        """Answer, or say why there is no answer; then the message counts as handled."""
        with self._gate.guarded("message", **heard.ids) as passage:
            if self._is_for_bot(heard):
                await self._hold(heard)
            if heard.album is not None and heard.request.is_private:
                self._albums[heard.request.chat_id] = heard.album
                self._albums.move_to_end(heard.request.chat_id)
                if len(self._albums) > KEPT_ALBUMS:
                    self._albums.popitem(last=False)
        if passage.error is not None:
            await self._apologize(heard, passage.error)
        self._client.let_go()

    async def _hold(self, heard: Heard) -> None:
        """Answer, waiting until the database can be written, at most ``HOLD`` seconds."""
        try:
            with after(TELL_AFTER, lambda: self._say(heard, "kept"), self._tasks):
                await self._handle(heard)
        except UnavailableError as error:
            log.error("not answered", **heard.ids, error=str(error))
            await self._say(heard, "again")

    async def _handle(self, heard: Heard) -> None:
        until = asyncio.get_running_loop().time() + HOLD
        if await patiently(lambda: self._is_answered(heard), until):
            if not (heard.request.is_edit and self._texts.is_changed(heard)):
                return
            heard = replace(heard, is_again=True)  # A, B, A, B: each is another command
            if await patiently(lambda: self._is_answered(heard), until):
                return
        if not self._texts.is_new(heard) and heard.request.is_edit:
            return
        request = await patiently(lambda: self._request(heard), until)
        reply = self._refusal(request)
        if reply is None:
            reply = await patiently(lambda: registry.answer(request, self._services), until)
        await patiently(lambda: self._queue(heard, request, reply.messages), until)

    async def _is_answered(self, heard: Heard) -> bool:
        async with self._services.database.reader() as conn:
            for key in self._keys(heard):
                if await outbox.find_delivery(conn, key) is not None:
                    return True
        return False

    def _keys(self, heard: Heard) -> Iterator[str]:
        """The keys of which any says that a message was answered. Of what was sent before the last
        start only these tell whether an edit changed its text."""
        yield heard.edit_key(0)
        if not heard.request.is_edit:
            yield heard.former_key(0)
        if not heard.request.is_edit or not self._texts.is_known(heard):
            yield heard.sent_key(0)

    async def _request(self, heard: Heard) -> Request:
        """The request, with its sender's names and whether they may change what the chat gets."""
        plain = heard.request
        sender = await self._who(heard, plain.sender_id)
        chat = sender if plain.is_private else await self._who(heard, plain.chat_id)
        return replace(
            plain,
            now=datetime.now(UTC),
            name=name_of(chat),
            username=getattr(chat, "username", None),
            access_hash=outgoing.hash_of(chat),
            language=getattr(sender, "lang_code", None),
            may_manage=await self._may_manage(plain),
        )

    async def _may_manage(self, request: Request) -> bool:
        if request.is_private or request.is_channel:
            return True
        if parse_command(request.text) is None or request.sender_id is None:
            return False
        return await self._services.role_of(request.chat_id, request.sender_id) == "manager"

    async def _who(self, heard: Heard, id: int | None) -> object:
        """A person or a chat by marked id, from the update or else from Telegram; None if
        unknown."""
        known = heard.known.get(id or 0)
        if known is not None or id is None:
            return known
        try:
            return await clients.within(self._client.get_entity(id))
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("a sender is not known", **heard.ids, reason=reason)
            return None

    def _refusal(self, request: Request) -> Reply | None:
        """The reply to a chat that asks too often: a text the first time, then nothing. None if it
        may ask."""
        is_allowed, was_told = self._may_ask(request.chat_id)
        if is_allowed:
            return None
        return Reply() if was_told else registry.too_fast(request, self._services)

    async def _queue(self, heard: Heard, request: Request, messages: Sequence[Message]) -> None:
        if not messages:
            return
        # Among others the answer shows whom it is to; to an edited message, which one.
        is_alone = request.is_private or request.is_channel
        # Those who are not let in are not stored, and yet they are answered.
        async with self._services.database.transaction() as tx:
            for number, message in enumerate(messages):
                told = message.to_payload()
                if number == 0 and told.reply_to is None and (request.is_edit or not is_alone):
                    told = replace(told, reply_to=request.message_id)
                await self._services.outbox.queue_answer(
                    tx,
                    request.chat_id,
                    heard.key(number),
                    told,
                    now=request.now,
                    access_hash=request.access_hash,
                    topic=request.topic,
                )

    async def _apologize(self, heard: Heard, error: BaseException) -> None:
        """Say that something went wrong, in place of the answer. What is queued in a damaged
        database may be stored and yet never read again."""
        if isinstance(error, DamagedError):
            await self._say(heard, "wrong")
            return
        with self._gate.guarded("message", **heard.ids):
            message = Message(RichText(self._said(heard).say_wrong))
            request = replace(heard.request, access_hash=heard.access_hash)
            try:
                await self._queue(heard, request, (message,))
            except StorageError:
                await self._say(heard, "wrong")

    async def _say(self, heard: Heard, what: Literal["kept", "again", "many", "wrong"]) -> None:
        """Send a sentence, once, without the database."""
        with self._gate.guarded("message", **heard.ids):
            text = getattr(self._said(heard), f"say_{what}")
            chat_id, topic = heard.request.chat_id, heard.request.topic
            key = heard.key(what)
            await self._sentences.say(chat_id, heard.access_hash, text, key=key, topic=topic)

    def _said(self, heard: Heard) -> FailingWords:
        """Texts in the language of the person's app, which need no database."""
        return failing_words(
            command_context.words_for(None, heard.language, self._services).language
        )
