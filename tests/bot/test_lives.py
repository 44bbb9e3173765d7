"""One past, read in two lives of a database: what a reader is sent has the same ids in both."""

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.intake.saved_queries import SavedQueries
from storage.channels import channels
from storage.connection import Database
from storage.database import open_database
from storage.document import EMPTY_HASH, Document, Media, Source
from storage.document import Channel as Place
from storage.outbox import bundles, outbox, outbox_keys, queueing
from storage.outbox.bundles import Restored
from storage.payloads import AlertPayload
from storage.records import Channel, Delivery, NewDelivery
from storage.subscribers import alerts, subscribers

NOW = datetime.now(UTC)
TODAY = NOW - timedelta(minutes=1)
FERRY = "The ferry sails to the island today"


@dataclass(frozen=True)
class Life:
    """A database with a reader of all that has a ferry or a photo in it."""

    path: Path
    channel: Channel


@pytest.fixture
async def life(tmp_path: Path, put_database: Callable[[Path], str]) -> Life:
    path = tmp_path / "base.db"
    db = await open_database(put_database(path))
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=7, title="Harbour", now=NOW)
        await subscribers.add_subscriber(tx, chat_id=42, now=NOW)
        await alerts.add_alert(tx, chat_id=42, query="ferry OR has:photo", now=NOW)
        await queueing.add_deliveries(tx, [])  # The secret is made with the first message.
    await db.close()
    return Life(path, channel)


def post(text: str, number: int, *, channel: int = 7, at: datetime = TODAY) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:{channel}/{number}",
        source=Source(type="telethon"),
        channel=Place(id=channel, username=f"channel{channel}", title=f"Channel {channel}"),
        message_id=number,
        published_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        published_precision="second",
        published_basis="api",
        title=text or None,
        media=() if text else (Media(type="photo"),),
        content_hash=sha256(text.encode()).hexdigest()[:16] if text else EMPTY_HASH,
    )


async def live(
    life: Life, documents: Sequence[Document], *, restored: Restored | None = None
) -> list[Delivery]:
    """What is queued when these come in, in this order, each by itself, in a copy of the base."""
    copy = life.path.with_name("copy.db")
    copy.unlink(missing_ok=True)
    shutil.copy(life.path, copy)
    db = await open_database(f"sqlite:///{copy}")
    intake = Intake(db, SavedQueries())
    intake.restored = restored
    work = asyncio.create_task(intake.run())
    for document in documents:
        await intake.submit([Post(channel=life.channel, document=document)])
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    rows = await _queued(db)
    await db.close()
    return rows


async def _queued(db: Database) -> list[Delivery]:
    later = datetime.now(UTC) + timedelta(days=1)
    async with db.transaction() as tx:
        return await outbox.claim_due(tx, now=later, limit=100, lease_until=later)


def ids(rows: Sequence[Delivery]) -> set[int]:
    return {row.random_id for row in rows}


async def test_copies_read_in_another_order_have_the_id_of_the_first(life: Life) -> None:
    first, copy, third = (post(FERRY, 5, channel=number) for number in (7, 8, 9))
    (told,) = await live(life, [first, copy, third])
    for order in ([third, copy, first], [copy, first], [copy]):
        (again,) = await live(life, order)
        assert (again.random_id, again.alert.doc_id) == (told.random_id, order[0].doc_id)


async def test_other_messages_have_other_ids_whatever_their_rows(life: Life) -> None:
    posts = [
        post(f"A ferry named {word}", 5 + n) for n, word in enumerate(("Anna", "Berta", "Otto"))
    ]
    told = {row.alert.doc_id: row for row in await live(life, posts)}
    again = {row.alert.doc_id: row for row in await live(life, posts[::-1])}
    assert {name: row.random_id for name, row in told.items()} == {
        name: row.random_id for name, row in again.items()
    }
    assert told["tg:7/5"].id == again["tg:7/7"].id
    assert len(ids(list(told.values()))) == 3


async def test_photos_without_words_are_named_by_their_numbers(life: Life) -> None:
    photos = [post("", 5), post("", 6), post("", 5, channel=8)]
    told, again = await live(life, photos), await live(life, photos[::-1])
    assert len(ids(told)) == 3
    assert ids(told) == ids(again)


async def test_a_text_of_every_day_has_an_id_each_day(life: Life) -> None:
    # A story ends after a week, so that one is told of in any case.
    days = [post(FERRY, 5 + n, at=TODAY - timedelta(days=8 * n)) for n in range(3)]
    assert len(ids(await live(life, days))) == 3


async def test_who_was_forgotten_is_told_under_other_ids(life: Life) -> None:
    (told,) = await live(life, [post(FERRY, 5)])
    db = await open_database(f"sqlite:///{life.path}")
    async with db.transaction() as tx:
        await subscribers.remove_subscriber(tx, 42)
        await subscribers.add_subscriber(tx, chat_id=42, now=NOW)
        await alerts.add_alert(tx, chat_id=42, query="ferry", now=NOW)
    await db.close()
    (anew,) = await live(life, [post(FERRY, 5)])
    assert anew.random_id != told.random_id


async def test_a_text_that_is_repeated_in_a_whole_database_is_not_swallowed(life: Life) -> None:
    """Whatever judges that it is to be told again: its name is taken, so it has its number."""
    db = await open_database(f"sqlite:///{life.path}")
    async with db.transaction() as tx:
        incarnations = await subscribers.list_incarnations(tx, [42])
        names = outbox_keys.alert_names(post(FERRY, 4), TODAY)
        key, _ = names.keys(42, incarnations[42])
        told = NewDelivery(
            chat_id=42,
            kind="alert",
            key=key,
            payload=AlertPayload(doc_id="tg:7/4", alerts=((1, "ferry"),)),
            priority=1,
            due_at=NOW,
            created_at=NOW,
        )
        assert await queueing.add_deliveries(tx, [told]) == 1
        await tx.execute("UPDATE delivery SET state = 'sent'")
    await db.close()
    (told,) = await live(life, [post(FERRY, 5)])
    assert told.key == f"alert:42:{incarnations[42]}:7/5"


@pytest.mark.parametrize(
    ("age", "bundle"),
    [
        (timedelta(minutes=1), None),
        (timedelta(minutes=30), bundles.LATE),
        (timedelta(hours=2), bundles.AWAY),
    ],
)
async def test_after_a_restore_what_is_old_waits_for_one_list(
    life: Life, age: timedelta, bundle: str | None
) -> None:
    now = datetime.now(UTC)
    told_at = now + timedelta(minutes=5)
    restored = Restored(at=now, told_at=told_at)
    old, new = post(FERRY, 5, at=now - age), post("A ferry of later", 6, at=now + age)
    rows = {row.story: row for row in await live(life, [old, new], restored=restored)}
    assert rows["tg:7/5"].bundle == bundle
    assert (rows["tg:7/5"].due_at == told_at) is (bundle == bundles.AWAY)
    assert rows["tg:7/6"].bundle is None
