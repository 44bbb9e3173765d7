"""What the bot itself posted in a channel, told apart by its number."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import types

from bot.intake.own_words import OwnWords
from bot.intake.posts import Post
from handlers.conversation.speaking import Speaking
from storage import database
from storage.channels import channels, own_posts
from storage.connection import Database
from storage.document import Document, Source
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import Channel, OwnBot
from storage.subscribers import subscribers

CLUB = 7
CHAT = -1_000_000_000_000 - CLUB
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOT = OwnBot(id=1000, username="lookout_bot")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def club(db: Database) -> Channel:
    async with db.transaction() as tx:
        return await channels.add_channel(tx, channel_id=CLUB, username="club", now=NOW)


def post(club: Channel, *numbers: int, **fields: Any) -> Post:
    fields = {"post": True, "peer_id": types.PeerChannel(CLUB), "date": NOW, **fields}
    return Post(
        channel=club,
        messages=tuple(types.Message(id=n, message="Words", **fields) for n in numbers),
    )


def shown(club: Channel, number: int) -> Post:
    """A post as its web preview shows it."""
    document = Document(
        kind="post",
        doc_id=f"tg:@club/{number}",
        source=Source(type="tme_html"),
        message_id=number,
        title="Words",
        content_hash="0" * 16,
    )
    return Post(channel=club, document=document)


async def written(db: Database, *numbers: int, chat: int = CHAT) -> None:
    async with db.transaction() as tx:
        await own_posts.add_own_posts(tx, [(chat, number) for number in numbers])


async def test_a_channels_post_is_ours_where_we_wrote_under_its_number(
    db: Database, club: Channel
) -> None:
    await written(db, 3, 5, 6)
    words = OwnWords(db)
    await words.open(BOT)
    theirs = [post(club, 4), shown(club, 7), post(club, 6, 8)]
    assert await words.others([post(club, 3), *theirs, shown(club, 5), post(club, 5, 6)]) == theirs


async def test_in_a_group_the_sender_says_it_and_numbers_do_not(
    db: Database, club: Channel
) -> None:
    await written(db, 3)
    words = OwnWords(db)
    await words.open(BOT)
    said = post(club, 3, post=False, from_id=types.PeerUser(42))
    assert await words.others([said]) == [said]
    assert await words.others([post(club, 4, post=False, from_id=types.PeerUser(1000))]) == []


async def test_what_telegram_copies_into_a_channels_group_is_ours_too(
    db: Database, club: Channel
) -> None:
    await written(db, 3, chat=-1_000_000_000_000 - 9)
    words = OwnWords(db)
    await words.open(BOT)

    def copy(number: int) -> Post:
        peer = types.PeerChannel(9)
        origin = types.MessageFwdHeader(
            date=NOW, from_id=peer, channel_post=number, saved_from_peer=peer
        )
        return post(club, 1, post=False, from_id=peer, fwd_from=origin)

    theirs = copy(4)
    assert await words.others([copy(3), theirs]) == [theirs]


async def test_a_post_waits_for_the_number_of_what_is_under_way(
    db: Database, club: Channel
) -> None:
    speaking = Speaking()
    words = OwnWords(db, speaking)
    await words.open(BOT)
    speaking.begin(CHAT, 1)
    asked = asyncio.ensure_future(words.others([post(club, 3)]))
    assert await _waits(asked)
    await written(db, 3)
    speaking.end(CHAT, 1)
    assert await asked == []
    theirs = post(club, 4)
    assert await words.others([theirs]) == [theirs]


async def _waits(task: "asyncio.Future[Any]") -> bool:
    await asyncio.sleep(0)
    assert not task.done()
    return True


async def test_what_never_ends_and_what_is_said_elsewhere_hold_up_nothing(
    db: Database, club: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.conversation.speaking.LONGEST", 0.05)
    speaking = Speaking()
    words = OwnWords(db, speaking)
    await words.open(BOT)
    speaking.begin(CHAT - 1, 1)
    speaking.begin(42, 2)
    speaking.begin(CHAT, 3)
    theirs = post(club, 3)
    async with asyncio.timeout(60):
        assert await words.others([theirs]) == [theirs]
        assert await words.others([theirs]) == [theirs]


async def test_what_a_process_that_is_no_more_was_sending_is_waited_for(
    db: Database, club: Channel
) -> None:
    row = new_rows.alert(CHAT, "a", AlertPayload(doc_id="a"), now=NOW)
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [row])
        (leased,) = await outbox.claim_due(
            tx, now=NOW, limit=1, lease_until=NOW + timedelta(hours=1)
        )
    speaking = Speaking()
    words = OwnWords(db, speaking)
    await words.open(BOT)
    asked = asyncio.ensure_future(words.others([post(club, 3)]))
    assert await _waits(asked)
    await written(db, 3)
    speaking.end(CHAT, leased.id)
    assert await asked == []


async def test_the_bot_is_remembered_for_commands_without_a_connection(
    db: Database, club: Channel
) -> None:
    await OwnWords(db).open(BOT)
    words = OwnWords(db)
    await words.open()
    assert await words.others([post(club, 4, post=False, from_id=types.PeerUser(1000))]) == []


async def test_a_forgotten_chat_leaves_no_numbers_unless_it_is_a_channel_of_the_list(
    db: Database, club: Channel
) -> None:
    elsewhere = CHAT - 1
    await written(db, 3)
    await written(db, 3, chat=elsewhere)
    async with db.transaction() as tx:
        for chat in (CHAT, elsewhere):
            await subscribers.add_subscriber(tx, chat_id=chat, now=NOW)
            await subscribers.remove_subscriber(tx, chat)
        assert await own_posts.list_chats(tx) == [CHAT]
