"""Finding out whether a message was sent: by looking for it among the messages of its chat.

A message's random id keeps it from being sent twice, but only for as long as the server remembers
the id. So a message that was under way when the process was killed, or whose reply was lost, is
first looked for, by message number, as bots may (core.telegram.org/method/messages.getMessages).
The messages of private chats and basic groups are numbered together, those of each supergroup and
channel by themselves.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from telethon import utils
from telethon.tl import types
from telethon.tl.functions import channels, messages

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from bot.telegram.objects import Message
from handlers.render.text import keyboards
from storage.channels import chat_ids
from storage.connection import Database
from storage.outbox import sent_before
from storage.records import Delivery

STEP = 100
"""The most messages that Telegram gives in one call. That many numbers without a message are the
end of what there is."""
MOST_STEPS = 20
NOTED = 5000
"""How many of the messages that were sent last are known before they are written down."""
SKEW = timedelta(minutes=1)
"""How far our clock and Telegram's may be apart."""
MOST_LOOKS = 3
"""How often a look may fail because of the network before a message is sent without one."""

log = structlog.get_logger("deliver")


@dataclass(slots=True)
class _Numbering:
    """What was read of messages that are numbered together: all of ours from ``first`` to before
    ``next``, by chat, those that are still nobody's. ``is_whole``: there is nothing behind them
    that a row may have become."""

    first: int = 0
    next: int = 0
    is_whole: bool = False
    ours: dict[int, dict[int, Message]] = field(default_factory=dict)


class Recall:
    """Finds messages that were sent. What one look reads serves all later ones."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._numberings: dict[int, _Numbering] = {}
        self._noted: deque[tuple[int, int]] = deque(maxlen=NOTED)
        self._failed: Counter[int] = Counter()
        self._lock = asyncio.Lock()

    def note(self, chat_id: int, message_id: int | None) -> None:
        """Note that a message belongs to a row, so no other row can have become it."""
        if message_id is not None:
            self._noted.append((chat_id, message_id))

    def lost(self, chat_id: int) -> None:
        """Note that a message may or may not have arrived in a chat: there may be one more."""
        if (numbering := self._numberings.get(_numbered_with(chat_id))) is not None:
            numbering.is_whole = False

    async def find(self, row: Delivery, request: outgoing.Request) -> int | None:
        """The number of the message that a row has become, or None if it is not known to be sent.

        ``request`` is the call that would send it. Raises StorageError, and OSError if the network
        fails: the message then waits for another look-up. If Telegram refuses the look-up it is
        unknown.
        """
        if row.tried_at is None:
            return None
        async with self._lock:
            after = await self._begin(row.chat_id, row.tried_at)
            if after is None:
                return None
            numbering = self._numberings.setdefault(_numbered_with(row.chat_id), _Numbering())
            try:
                await self._read(numbering, request.peer, row.chat_id, after)
            except failures.CALL_ERRORS as error:
                log.debug("what was sent cannot be looked up", chat=row.chat_id, error=str(error))
                self._failed[row.id] += 1
                if isinstance(error, OSError) and self._failed[row.id] < MOST_LOOKS:
                    raise
                del self._failed[row.id]
                return None
            self._failed.pop(row.id, None)
            return await self._take(numbering, row, request)

    async def _begin(self, chat_id: int, tried_at: datetime) -> int | None:
        """A message number below that of anything sent since then; None if none is known."""
        async with self._database.reader() as conn:
            return await sent_before.find_sent_before(conn, tried_at, _chats_with(chat_id))

    async def _read(
        self, numbering: _Numbering, peer: types.TypeInputPeer, chat_id: int, after: int
    ) -> None:
        if not numbering.first <= after + 1 <= numbering.next:
            numbering.first = numbering.next = after + 1
            numbering.is_whole = False
            numbering.ours.clear()
        if numbering.is_whole:
            return
        for _ in range(MOST_STEPS):
            ids = list(range(numbering.next, numbering.next + STEP))
            found = [one for one in await self._ask(peer, chat_id, ids) if one.id in ids]
            for message in found:
                if message.out or message.post:
                    place = utils.get_peer_id(message.peer_id)
                    numbering.ours.setdefault(place, {})[message.id] = message
            if not found:
                break
            numbering.next = max(message.id for message in found) + 1
        numbering.is_whole = True

    async def _ask(
        self, peer: types.TypeInputPeer, chat_id: int, ids: Sequence[int]
    ) -> list[Message]:
        wanted = [types.InputMessageID(id) for id in ids]
        if chat_ids.is_channel(chat_id):
            request = channels.GetMessagesRequest(peer, wanted)
        else:
            request = messages.GetMessagesRequest(wanted)
        result = await clients.call(self._client, request)
        return [one for one in result.messages if isinstance(one, types.Message)]

    async def _take(
        self, numbering: _Numbering, row: Delivery, request: outgoing.Request
    ) -> int | None:
        ours = numbering.ours.get(row.chat_id, {})
        async with self._database.reader() as conn:
            known = await sent_before.list_known(conn, row.chat_id, sorted(ours))
        for id in known | {id for chat_id, id in self._noted if chat_id == row.chat_id}:
            ours.pop(id, None)
        found = next((id for id in sorted(ours) if _is_same(ours[id], request, row)), None)
        if found is not None:
            self.note(row.chat_id, found)
        return found


def _numbered_with(chat_id: int) -> int:
    """A name for the messages among which those of a chat are numbered."""
    return chat_id if chat_ids.is_channel(chat_id) else 0


def _chats_with(chat_id: int) -> range:
    """The chats whose messages are numbered together with those of a chat."""
    if chat_ids.is_channel(chat_id):
        return range(chat_id, chat_id + 1)
    return chat_ids.PEOPLE_AND_GROUPS


def _is_same(message: Message, request: outgoing.Request, row: Delivery) -> bool:
    """Whether a message is what the call would send: in the same topic, for one post may be told
    in several, the same text, or for what tells of posts, which may read otherwise by now, the
    same first line above buttons that name it."""
    if message.date is None or message.date < row.created_at - SKEW:
        return False
    if outgoing.places_of(message.reply_to)[1] != row.topic:
        return False
    said, wanted = (message.message or "").strip(), request.message.strip()
    if said == wanted:
        return True
    has_its_title = said.partition("\n")[0] == wanted.partition("\n")[0]
    return has_its_title and _is_named(row, message.reply_markup)


def _is_named(row: Delivery, markup: object) -> bool:
    """Whether buttons, pressed or not, name the post of an alert, or the row of a list."""
    read = (keyboards.read_data(data) for data in outgoing.button_data(markup))
    pressed = [keyboards.fields_of(text) for text in read if text]
    if row.kind == "alert":
        return any(row.alert.doc_id in fields for _, fields in pressed)
    of_lists = (keyboards.BUNDLE_OPEN, keyboards.BUNDLE_PAGE)
    return any(verb in of_lists and fields[:1] == (str(row.id),) for verb, fields in pressed)
