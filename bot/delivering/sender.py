"""Sends one row of the outbox: renders it, sends or edits the message; gives the outcome.

A row is sent with its stored random id, so Telegram refuses a repeat after a crash, a lost reply or
a time-out. What may have arrived is searched for first, since a server may forget random ids. An
update edits a message, which is idempotent.
"""

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon.errors import RPCError
from telethon.tl import types

from bot.delivering.files import Files
from bot.delivering.outage import Outage
from bot.delivering.outcomes import Outcome, about, ended, failed, is_edit, method_of
from bot.delivering.recall import Recall
from bot.delivering.rendering import NotYetError, PointlessError, Renderer, UnreadableRowError
from bot.process import stopping
from bot.telegram import clients, failures, outgoing, retry
from bot.telegram.clients import Client
from bot.telegram.floods import Floods
from bot.telegram.pace import Pace
from handlers.operators.troubles import Troubles
from handlers.texts.failing import failing_words
from storage.connection import Database
from storage.errors import ServiceError, StorageError, UnavailableError
from storage.outbox import new_rows, queueing, topics
from storage.payloads import TextPayload
from storage.records import PRIORITY_ANSWER, Delivery, Subscriber
from storage.structs import replace

SEND_TIMEOUT = 15.0
AGAIN = 1.0
"""Seconds until a row is tried again whose content the database would not give."""

_STANDS = "sending"

log = structlog.get_logger("deliver")


class Sender:
    """Sends rows with the bot, and obeys the waits that Telegram asks for."""

    def __init__(
        self, database: Database, client: Client, pace: Pace, renderer: Renderer, troubles: Troubles
    ) -> None:
        self._database = database
        self._client = client
        self._pace = pace
        self._renderer = renderer
        self._troubles = troubles
        self._files = Files(database, client)
        self._recall = Recall(database, client)
        self._outage = Outage()
        self._floods = {"send": Floods(), "edit": Floods()}
        self.no_edits_until = 0.0

    async def aclose(self) -> None:
        """End what was started for sending."""
        await self._files.aclose()

    async def send(self, row: Delivery, subscriber: Subscriber | None) -> Outcome:
        """Send a row; gives the outcome. Raises ServiceError when the bot is logged out."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            request = await self._request(row, subscriber)
            if not is_edit(row) and (found := await self._recall.find(row, request)) is not None:
                log.info("it had been sent", chat=row.chat_id, delivery=row.id, **about(row))
                return replace(ended(row, retry.Verdict(action="sent")), message_id=found)
            result = await stopping.to_its_end(self._call(request, row, subscriber))
        except UnreadableRowError as error:
            return failed(row, retry.Failure(kind="refused", reason=str(error)))
        except NotYetError as error:
            return ended(row, retry.Verdict(action="retry", delay=1.0), str(error))
        except PointlessError as error:
            return ended(row, retry.Verdict(action="close"), str(error))
        except UnavailableError as error:
            # That is not the row's fault: it goes as soon as it can be read.
            wait = retry.Verdict(action="retry", delay=AGAIN, blames=False)
            return replace(ended(row, wait, str(error)), is_told=True)
        except StorageError as error:
            # The database's fault, not the row's: it waits for as long as that takes.
            wait = retry.Verdict(action="retry", delay=retry.NETWORK_DELAY, blames=False)
            return ended(row, wait, str(error))
        except failures.CALL_ERRORS as error:
            outcome = self.refused(row, error, started)
            if outcome.may_be_out:
                self._recall.lost(row.chat_id)
            return outcome
        self._floods[method_of(row)].passed(started)
        self._outage.passed()
        self._troubles.end(_STANDS)
        log.debug("accepted", chat=row.chat_id, delivery=row.id, **about(row))
        message_id = outgoing.sent_id(result)
        self._recall.note(row.chat_id, message_id)
        return replace(ended(row, retry.Verdict(action="sent")), message_id=message_id)

    async def _call(
        self, request: outgoing.Request, row: Delivery, subscriber: Subscriber | None
    ) -> Any:
        """Make the call. If Telegram refuses the reply (the message answered may be deleted) or the
        preview (the chat may allow none), it is repeated without, under the same random id; in
        place of a file goes a word that there may be none. If it refuses a topic that was closed or
        deleted, the message goes to General."""
        said = failing_words(self._renderer.language_for(subscriber)).no_files
        topic = None if is_edit(row) else row.topic
        while True:
            try:
                return await clients.call(self._client, request, timeout=SEND_TIMEOUT)
            except RPCError as error:
                failure = failures.failure_of(error)
                plainer = outgoing.plainer(request, failure.reason, topic)
                plainer = plainer or outgoing.without_file(request, failure.reason, said)
                if plainer is None or failure.kind != "refused":
                    raise
                request = plainer
                if topic is not None and not outgoing.is_in_topic(request, topic):
                    await self._leave_topic(row, topic, subscriber)
                    topic = None

    async def _leave_topic(self, row: Delivery, topic: int, subscriber: Subscriber | None) -> None:
        """From now on the chat gets in General what it got in this topic. It is told so, of an
        answer always: by a row of its own, so that no end of this process loses the word."""
        said = failing_words(self._renderer.language_for(subscriber))
        hash = getattr(row.payload, "access_hash", None)
        told = TextPayload(text=said.topic_closed, access_hash=hash)
        word = new_rows.notice(
            row.chat_id,
            f"topic:{topic}:{row.key}",
            told,
            now=datetime.now(UTC),
            priority=PRIORITY_ANSWER,
        )
        async with self._database.transaction() as tx:
            is_first = await topics.leave_topic(tx, row.chat_id, topic)
            if is_first or row.kind == "answer":
                await queueing.add_deliveries(tx, [word])

    async def _request(self, row: Delivery, subscriber: Subscriber | None) -> outgoing.Request:
        if is_edit(row):
            message_id, message = await self._renderer.render_update(row, subscriber)
            return outgoing.edit_request(await self._peer(row, subscriber), message_id, message)
        message = await self._renderer.render(row, subscriber)
        to = await self._peer(row, subscriber)
        topic = row.topic
        if message.attachment is not None:
            language = self._renderer.language_for(subscriber)
            request = await self._files.request(to, message, row.random_id, language)
            request.reply_to = outgoing.reply_header(message.reply_to, topic)
            return request
        is_silent = row.is_silent
        reply_to = message.reply_to or await self._renderer.find_followed(row)
        return outgoing.send_request(
            to, message, row.random_id, silent=is_silent, reply_to=reply_to, topic=topic
        )

    def refused(self, row: Delivery, error: BaseException, started: float) -> Outcome:
        """The outcome of an attempt begun at ``started`` (the loop's time) that failed; notes
        floods and outages. Raises ServiceError if the bot was logged out."""
        failure = failures.failure_of(error)
        if failure.kind == "flood":
            self._obey(row, failure.seconds, started)
        if failure.kind == "unauthorized":
            raise ServiceError(
                f"the bot was logged out ({failure.reason})",
                where="BOT_TOKEN",
                hint="check the token at @BotFather and start again",
            ) from error
        if failure.kind != "server":
            return failed(row, failure)
        now = asyncio.get_running_loop().time()
        self._outage.failed(now)
        if self._outage.stands(now):
            text = f"Telegram takes no message ({failure.reason})"
            self._troubles.begin(_STANDS, reason="outbox", text=text)
        return failed(row, failure, is_outage=not self._outage.blames(now))

    async def _peer(self, row: Delivery, subscriber: Subscriber | None) -> types.TypeInputPeer:
        """Whom to send to: by the hash in the row or the database, else as Telethon knows them."""
        stored = subscriber.access_hash if subscriber else None
        known = getattr(row.payload, "access_hash", None) or stored
        if not known and row.chat_id > 0:
            with contextlib.suppress(*failures.CALL_ERRORS):
                return await clients.within(self._client.get_input_entity(row.chat_id))
        return outgoing.peer(row.chat_id, known)

    def _obey(self, row: Delivery, seconds: float, started: float) -> None:
        """Obey a wait that the server asked for: of this chat, or of the method for all chats."""
        now = asyncio.get_running_loop().time()
        until = now + max(1.0, seconds)
        self._pace.close_chat(row.chat_id, until, now)
        self._pace.learn_chat(row.chat_id, now)
        if not self._floods[method_of(row)].met(row.chat_id, until, now, started=started):
            return
        log.warning("Telegram asks every message to wait", method=method_of(row), seconds=seconds)
        if is_edit(row):
            self.no_edits_until = max(self.no_edits_until, until)
            return
        self._pace.close_all(until)
        self._pace.learn_all()
