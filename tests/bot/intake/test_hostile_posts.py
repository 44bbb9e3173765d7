"""Whatever a channel posts is stored, matched, told and found: it never ends the service."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from telethon.tl import types

from bot.delivering.rendering import Renderer
from bot.intake.asides import problem_of
from bot.intake.intake import Intake
from bot.intake.posts import Post, Refused
from bot.intake.saved_queries import SavedQueries
from bot.telegram import outgoing
from bot.watching import retrial
from handlers.normalize.telethon import message as telethon
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.document import Channel as PostChannel
from storage.documents import search
from storage.documents.authors import Authors
from storage.outbox import outbox
from storage.query.reading.syntax import parse
from storage.records import Channel
from storage.subscribers import alerts, subscribers

HARBOUR = 7
LIMIT = 4096
QUERIES = (
    "ferry",
    "паром",
    '"ferry паром"',
    "пар*",
    "=паромы",
    "😀",
    "#ice",
    "has:link",
    "-ice ferry",
)
PIECES = (
    *(
        "ferry",
        "паром",
        "Паромы",
        "#ice",
        "😀",
        "👨‍👩‍👧",
        "🇷",
        "1️⃣",
        "\x00",
        "\ud83d",
        "\udc00",
        "\u202e",
    ),
    *(
        "a\u0301",
        "Z" + "\u0335" * 50,
        "\n",
        "\n\n\n",
        "\u2028",
        "\x1b[31m",
        "ﷺ",
        "İ",
        "ß",
        "中文字符",
    ),
    *("<b>", "&amp;", "{0}", "%s", "https://[", "javascript:x", "NEAR/5", "OR", '"', "x" * 3000),
)
MOMENTS = st.integers(0, 2**31 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map(" ".join)
PLACES = st.tuples(st.integers(-5, 5000), st.integers(-5, 5000))
ENTITIES = st.lists(
    st.one_of(
        PLACES.map(lambda place: types.MessageEntityBold(*place)),
        PLACES.map(lambda place: types.MessageEntityUrl(*place)),
        PLACES.map(lambda place: types.MessageEntityBlockquote(*place)),
        st.builds(lambda place, url: types.MessageEntityTextUrl(*place, url), PLACES, TEXTS),
    ),
    max_size=8,
)
FORWARDS = st.builds(
    types.MessageFwdHeader,
    date=MOMENTS,
    from_id=st.sampled_from([None, types.PeerChannel(99), types.PeerUser(5), types.PeerChat(3)]),
    from_name=st.none() | TEXTS,
    channel_post=st.sampled_from([None, 0, 5, -1]),
    post_author=st.none() | TEXTS,
)
MEDIA = st.one_of(
    st.just(types.MessageMediaUnsupported()),
    st.builds(
        lambda url, title, text: types.MessageMediaWebPage(
            types.WebPage(id=1, url=url, display_url=url, hash=0, title=title, description=text)
        ),
        TEXTS,
        TEXTS,
        TEXTS,
    ),
    st.builds(
        lambda name, kind: types.MessageMediaDocument(
            document=types.Document(
                id=1,
                access_hash=1,
                file_reference=b"",
                date=None,
                mime_type=kind,
                size=-1,
                dc_id=1,
                attributes=[types.DocumentAttributeFilename(name)],
            )
        ),
        TEXTS,
        TEXTS,
    ),
)
MESSAGES = st.builds(
    types.Message,
    id=st.integers(1, 30),
    peer_id=st.just(types.PeerChannel(HARBOUR)),
    date=MOMENTS | st.just(datetime.now(UTC) - timedelta(minutes=1)),
    message=TEXTS,
    entities=st.none() | ENTITIES,
    fwd_from=st.none() | FORWARDS,
    media=st.none() | MEDIA,
    edit_date=st.none() | MOMENTS,
    post_author=st.none() | TEXTS,
)


@pytest.mark.slow
@examples(40)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=12))
def test_whatever_is_posted_is_stored_told_and_found(messages: Sequence[Any]) -> None:
    asyncio.run(_take_in(messages))


@examples(200)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=3, unique_by=lambda m: m.id))
def test_a_post_that_was_set_aside_reads_as_it_would_have(messages: Sequence[Any]) -> None:
    for message in messages:
        # Parts of an album share its id and time.
        message.grouped_id = 5 if len(messages) > 1 else None
        message.date = messages[0].date
    peers = {
        -1000000000099: PostChannel(username="far", title="Far <Shore>"),
        5: PostChannel(title="Ann O."),
    }
    channel = Channel(id=1, channel_id=HARBOUR, title="<b>\u202e", added_at=datetime.now(UTC))
    post = Post(channel=channel, messages=tuple(messages), peers=peers)
    kept = problem_of(Refused(post=post, error=ValueError("of a test")), Authors(keep="full"))
    assert kept.raw is not None
    named = PostChannel(id=HARBOUR, title="<b>\u202e")
    assert retrial.documents_of(kept) == [telethon.normalize(messages, channel=named, peers=peers)]


async def _take_in(messages: Sequence[Any]) -> None:
    with TemporaryDirectory() as folder:
        db = await database.open_database(f"sqlite:///{Path(folder) / 'dateline.db'}")
        now = datetime.now(UTC)
        async with db.transaction() as tx:
            channel = await channels.add_channel(tx, channel_id=HARBOUR, title="<b>\u202e", now=now)
            await subscribers.add_subscriber(tx, chat_id=42, now=now)
            for query in QUERIES:
                await alerts.add_alert(tx, chat_id=42, query=query, now=now)
        intake = Intake(db, SavedQueries())
        work = asyncio.create_task(intake.run())
        for message in messages:
            (stored,) = await intake.submit([Post(channel=channel, messages=(message,))])
            assert stored.document.message_id == message.id
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        await _tell(db)
        async with db.reader() as conn:
            for query in QUERIES:
                await search.search(conn, parse(query))
        await db.close()


async def _tell(db: Database) -> None:
    """Every row that was queued is a message that Telegram's protocol and limits can take."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=1000, lease_until=now)
    renderer = Renderer(db, language="ru", timezone="Europe/Berlin")
    for row in rows:
        if row.kind not in ("alert", "bundle"):
            continue
        message = await renderer.render(row, None)
        request = outgoing.send_request(types.InputPeerUser(1, 1), message, row.random_id)
        assert bytes(request)
        units = len(request.message.encode("utf-16-le")) // 2
        assert 0 < units <= LIMIT
        assert all(
            0 <= entity.offset < entity.offset + entity.length <= units
            for entity in request.entities or ()
        )
