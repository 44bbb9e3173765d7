"""Leaves out what is no post: the bot's own messages in watched chats, and commands to it."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.intake.posts import Post
from handlers.conversation import own_words
from handlers.conversation.speaking import LONGEST, Speaking
from storage.backoff import backoff
from storage.channels import chat_ids, own_posts
from storage.connection import Connection, Database
from storage.errors import UnavailableError
from storage.outbox import outbox
from storage.records import OwnBot

LOOK = 0.1
LONGEST_PAUSE = 5.0
"""The most seconds between two tries while the database does not answer."""


class OwnWords:
    """Recognizes the bot's messages. ``speaking``: the messages that this process is sending;
    ``is_apart``: other processes send, and only the database knows what."""

    def __init__(
        self, database: Database, speaking: Speaking | None = None, *, is_apart: bool = False
    ) -> None:
        self._is_apart = is_apart
        self._database = database
        self._speaking = speaking or Speaking()
        self._bot = OwnBot()

    async def open(self, bot: OwnBot | None = None) -> None:
        """Learn who the bot is (if None is given, the one that served last) and in which chats it
        wrote."""
        async with self._database.transaction() as tx:
            if bot is not None:
                await own_posts.set_bot(tx, bot)
            self._bot = bot or await own_posts.find_bot(tx)
            self._speaking.chats.update(await own_posts.list_chats(tx))
            for chat_id, row in await outbox.list_leased(tx):
                # A process that is no more may have sent it; it is sent again, and then known.
                self._speaking.begin(chat_id, row)

    async def others(self, posts: Sequence[Post]) -> Sequence[Post]:
        """The posts that are not the bot's. Waits while the bot is sending to the same channel,
        since that message's id is not known yet, and while the database is unavailable."""
        failed = 0
        while True:
            try:
                return await self._find_others(posts)
            except UnavailableError:
                failed += 1
                await asyncio.sleep(min(LONGEST_PAUSE, backoff(failed)))

    async def _find_others(self, posts: Sequence[Post]) -> Sequence[Post]:
        left = [post for post in posts if not self._is_ours(post)]
        unsigned = [post for post in left if self._is_apart or self._spoken_in(post)]
        if not unsigned:
            return left
        for chat_id in sorted({chat for post in unsigned for chat, _ in _places(post)}):
            await self._settled(chat_id)
        async with self._database.reader() as conn:
            ours = await _find(conn, unsigned)
        return [post for post in left if not _lies_in(post, ours)]

    async def _settled(self, chat_id: int) -> None:
        """Wait until nothing is being sent to a chat, or until that takes too long."""
        if not self._is_apart:
            await self._speaking.settled(chat_id)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                await self._silence(chat_id)

    async def _silence(self, chat_id: int) -> None:
        while True:
            async with self._database.reader() as conn:
                if not await outbox.is_under_way(conn, chat_id):
                    return
            await asyncio.sleep(LOOK)

    def _is_ours(self, post: Post) -> bool:
        if post.document is not None:
            return own_words.is_ours(post.document, self._bot)
        return own_words.are_ours(post.messages, self._bot)

    def _spoken_in(self, post: Post) -> bool:
        return any(chat in self._speaking.chats for chat, _ in _places(post))


def _places(post: Post) -> Iterator[tuple[int, int]]:
    """The messages (marked chat id, message id) by which a post that names no sender is recognized
    as the bot's: its own, and for a copy in the channel's discussion group the original."""
    number = post.channel.channel_id
    if post.document is not None or any(getattr(m, "post", False) for m in post.messages):
        yield from ((chat_ids.of_channel(number), one) for one in post.ids if number is not None)
    for message in post.messages:
        if (origin := own_words.copied_from(message)) is not None:
            yield chat_ids.of_channel(origin[0]), origin[1]


async def _find(conn: Connection, posts: Sequence[Post]) -> set[tuple[int, int]]:
    """Those of the posts' messages that the bot sent."""
    asked: dict[int, set[int]] = defaultdict(set)
    for post in posts:
        for chat_id, number in _places(post):
            asked[chat_id].add(number)
    return {
        (chat_id, number)
        for chat_id, numbers in asked.items()
        for number in await own_posts.find_own_posts(conn, chat_id, numbers)
    }


def _lies_in(post: Post, ours: set[tuple[int, int]]) -> bool:
    places = list(_places(post))
    return bool(places) and all(place in ours for place in places)
