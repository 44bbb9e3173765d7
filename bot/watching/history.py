"""A channel's history as the watching account reads it, page by page.

``History`` is what a scan and a backfill need of a source; the web preview is the other one
(``bot.watching.web_preview``). A page is complete: it holds every message between its first and its
last id, and never a part of an album. An answer that is shorter than asked for does not mean the
end of the history: Telegram omits messages that it does not show, and may cut an answer anywhere.
"""

import asyncio
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from msgspec import Struct, field
from telethon import utils
from telethon.tl import TLRequest, types

from bot.intake.posts import Unread
from bot.telegram import clients, outgoing
from bot.telegram.answers import Answer, Entity
from bot.telegram.apart import ApartReader
from bot.telegram.clients import Client
from bot.telegram.objects import Message
from bot.telegram.rich_messages import RichReader, lacks
from bot.telegram.undecoded import (
    FORM,
    HistoryRequest,
    MessagesRequest,
    RichRequest,
    UndecodedError,
    ask_apart,
)
from bot.watching.budget import Budget
from handlers.normalize.telethon.message import is_same_album
from storage.channels import chat_ids
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.records import Channel, ChannelSource
from storage.structs import replace

PAGE = 100


class Item(Struct, frozen=True, kw_only=True):
    """A post of a page: its message ids, and ``state``, which differs when the post was edited.

    It has either ``messages`` (Telethon's, those of an album together), or ``document``, or
    ``unread``.
    """

    ids: tuple[int, ...]
    state: Hashable
    messages: tuple[Message, ...] = ()
    document: Document | None = None
    unread: Unread | None = None


class Names(Struct, frozen=True, kw_only=True):
    """A channel's present id, username and title, and where it was read."""

    channel_id: int | None
    username: str | None
    title: str | None
    source: ChannelSource


class Page(Struct, frozen=True, kw_only=True):
    """Every post whose ids lie between ``low`` and ``high``, oldest first.

    ``is_last``: there seems to be nothing more in the direction of reading; for a page that was
    read forward this is certain, since it was empty. ``pts``: the channel's state counter as of
    this page, 0 if the source has none. ``asked_at``: when it was asked for, if what it shows was
    there at that time; None if that is not known.
    """

    items: tuple[Item, ...]
    low: int
    high: int
    is_last: bool
    peers: Mapping[int, PostChannel] = field(default_factory=dict)
    names: Names | None = None
    pts: int = 0
    asked_at: datetime | None = None

    @property
    def ids(self) -> frozenset[int]:
        """Every message id on it."""
        return frozenset(number for item in self.items for number in item.ids)


class History(Protocol):
    """A source of channels' histories.

    ``is_sure``: a message that it does not show is deleted; a web page may leave some out.
    """

    is_sure: bool

    async def newest(self, channel: Channel, count: int, *, urgent: bool = False) -> Page:
        """The newest posts, about ``count``."""

    async def after(self, channel: Channel, message_id: int, *, urgent: bool = False) -> Page:
        """The posts that follow a message, without a gap."""

    async def list_present(self, channel: Channel, ids: Sequence[int]) -> set[int]:
        """Those of these message ids, at most ``PAGE``, that still exist."""

    async def id_before(self, channel: Channel, moment: datetime) -> int:
        """The id of the last message before a time; 0 if there is none."""

    async def complete(self, channel: Channel, item: Item, *, urgent: bool = False) -> Item:
        """A post with the parts that the page left out, as far as they can be read."""


class AccountHistory:
    """The history as an account sees it. Raises Telethon's errors."""

    is_sure = True

    def __init__(self, client: Client, budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._rich = RichReader()

    async def newest(self, channel: Channel, count: int, *, urgent: bool = False) -> Page:
        """The newest ``count`` messages, at most ``PAGE``."""
        try:
            answer = await self._read(channel, urgent=urgent, limit=count)
            is_last = len(answer.ids) < count
        except UndecodedError:
            answer = await self._apart(channel, urgent).newest(count)
            is_last = False
        items = list(_items(answer.messages))
        low = min(answer.ids, default=1)
        if not is_last and len(items) > 1 and answer.messages[0].grouped_id is not None:
            # The page may begin inside an album.
            items.pop(0)
            low = items[0].ids[0]
        high = max(answer.ids, default=0)
        return _page(channel, answer, items, low=low, high=high, is_last=is_last)

    async def after(self, channel: Channel, message_id: int, *, urgent: bool = False) -> Page:
        """About ``PAGE`` messages that follow a message id."""
        try:
            answer = await self._read_on(channel, message_id, urgent=urgent)
        except UndecodedError:
            answer = await self._apart(channel, urgent).after(message_id)
        messages = [item for item in answer.messages if item.id > message_id]
        high = max((message_id, *answer.ids))
        is_last = high == message_id
        items = list(_items(messages))
        if len(items) > 1 and messages[-1].grouped_id is not None:
            # The page may end inside an album: it is read again, whole, with the next one.
            items.pop()
            high = items[-1].ids[-1]
        return _page(channel, answer, items, low=message_id + 1, high=high, is_last=is_last)

    async def _read_on(self, channel: Channel, message_id: int, *, urgent: bool) -> Answer:
        """The messages that follow an id, and the one before them, requested as Telethon reads
        forward.

        If the answer contains that one, nothing between is missing. If not, it may have been cut at
        its older end; then the missing part is read backward from there.
        """
        answer = await self._read(
            channel, urgent=urgent, offset_id=message_id + 1, add_offset=1 - PAGE, limit=PAGE
        )
        while (low := min(answer.ids, default=0)) > message_id + 1:
            older = await self._read(channel, urgent=urgent, offset_id=low, limit=PAGE)
            if min(older.ids, default=low) >= low:
                break
            answer = older.joined(answer)
        return answer

    async def list_present(self, channel: Channel, ids: Sequence[int]) -> set[int]:
        """Ask for each of the messages by its id."""
        return set((await self._by_ids(channel, ids, urgent=False)).ids)

    async def id_before(self, channel: Channel, moment: datetime) -> int:
        """Ask for a page of messages before that time, since the newest of them may not be
        shown."""
        try:
            answer = await self._read(channel, urgent=False, offset_date=moment, limit=PAGE)
        except UndecodedError:
            answer = await self._apart(channel, urgent=False).one_before(moment)
        before = [message.id for message in answer.messages if _is_before(message, moment)]
        return max(before, default=0)

    async def complete(self, channel: Channel, item: Item, *, urgent: bool = False) -> Item:
        """Ask for each rich message that came in part."""
        if not lacks(item.messages):
            return item
        peer = outgoing.peer(chat_ids.of_channel(channel.channel_id or 0), channel.access_hash)

        async def ask(message_id: int) -> Answer:
            return await self._call(RichRequest(peer=peer, id=message_id), urgent=urgent)

        messages = await self._rich.complete(channel.channel_id, item.messages, ask)
        return replace(item, messages=messages)

    async def _by_ids(self, channel: Channel, ids: Sequence[int], *, urgent: bool) -> Answer:
        """Those of at most ``PAGE`` messages that exist, requested together as far as they can be
        decoded."""

        async def ask(some: Sequence[int]) -> Answer:
            request = MessagesRequest(
                channel=types.InputChannel(channel.channel_id or 0, channel.access_hash or 0),
                id=[types.InputMessageID(number) for number in some],
            )
            return await self._call(request, urgent=urgent)

        return Answer.of_several(await ask_apart(ask, ids))

    def _apart(self, channel: Channel, urgent: bool) -> ApartReader:
        """A reader of the same history that skips what cannot be decoded."""
        return ApartReader(
            partial(self._by_ids, channel, urgent=urgent),
            partial(self._read, channel, urgent=urgent, limit=1),
        )

    async def _read(
        self,
        channel: Channel,
        *,
        urgent: bool,
        limit: int,
        offset_id: int = 0,
        add_offset: int = 0,
        offset_date: datetime | None = None,
    ) -> Answer:
        peer = outgoing.peer(chat_ids.of_channel(channel.channel_id or 0), channel.access_hash)
        request = HistoryRequest(
            peer=peer,
            offset_id=offset_id,
            offset_date=offset_date,
            add_offset=add_offset,
            limit=limit,
            max_id=0,
            min_id=0,
            hash=0,
        )
        return await self._call(request, urgent=urgent)

    async def _call(self, request: TLRequest, *, urgent: bool) -> Answer:
        """Make a request within the account's budget."""
        await take_turn(self._budget, urgent=urgent)
        asked_at = datetime.now(UTC)
        answer = await clients.call(self._client, request)
        return Answer.of(answer, request, asked_at)


async def take_turn(budget: Budget, *, urgent: bool) -> None:
    """Wait until the budget allows a request, and count it."""
    loop = asyncio.get_running_loop()
    delay = budget.ready_at(loop.time(), urgent=urgent) - loop.time()
    if delay > 0:
        await asyncio.sleep(delay)
        # Others may have been faster, or something urgent.
        await take_turn(budget, urgent=urgent)
    else:
        budget.take(loop.time())


def _page(
    channel: Channel, answer: Answer, items: Sequence[Item], *, low: int, high: int, is_last: bool
) -> Page:
    own = answer.entities.get(chat_ids.of_channel(channel.channel_id or 0))
    # A ``min`` one lacks most of what there is, and a forbidden one all of it.
    is_whole = isinstance(own, types.Channel) and not own.min
    return Page(
        items=_with_undecoded(items, answer, low, high),
        low=low,
        high=high,
        is_last=is_last,
        peers=name_peers(answer.entities),
        names=_names(own) if is_whole else None,
        pts=answer.pts,
        asked_at=answer.asked_at,
    )


def _with_undecoded(items: Sequence[Item], answer: Answer, low: int, high: int) -> tuple[Item, ...]:
    """The posts of a page, with those that could not be decoded at their places."""
    undecoded = [
        Item(
            ids=(number,),
            state="unread",
            unread=Unread(ids=(number,), error=error, form=FORM, raw=error.raw),
        )
        for number, error in answer.undecoded.items()
        if low <= number <= high
    ]
    return tuple(sorted([*items, *undecoded], key=lambda item: item.ids[0]))


def _is_before(message: Message, moment: datetime) -> bool:
    return message.date is not None and message.date < moment


def _names(entity: types.Channel) -> Names:
    return Names(
        channel_id=entity.id,
        username=username_of(entity),
        title=utils.get_display_name(entity),
        source="public" if entity.left else "joined",
    )


def username_of(entity: object) -> str | None:
    """The public name of a user or a chat: the only one, or the first of several that is active."""
    several = [item.username for item in getattr(entity, "usernames", None) or () if item.active]
    return getattr(entity, "username", None) or next(iter(several), None)


def _items(messages: Iterable[Message]) -> Iterator[Item]:
    """Messages as posts, in order; the parts of an album become one post."""
    group: list[Message] = []
    for message in messages:
        if group and not is_same_album(group, message):
            yield item_of(group)
            group = []
        group.append(message)
    if group:
        yield item_of(group)


def item_of(messages: Sequence[Message]) -> Item:
    """The post that consists of these messages."""
    return Item(
        ids=tuple(message.id for message in messages),
        state=tuple(_state_of(message) for message in messages),
        messages=tuple(messages),
    )


def _state_of(message: Message) -> Hashable:
    edited = None if getattr(message, "edit_hide", False) else getattr(message, "edit_date", None)
    return message.id, edited, getattr(message, "message", None)


def name_peers(entities: Mapping[int, Entity]) -> dict[int, PostChannel]:
    """The names of the chats and people that came along with an answer or an update, by marked
    id."""
    return {
        marked: PostChannel(username=username_of(entity), title=utils.get_display_name(entity))
        for marked, entity in entities.items()
    }
