"""What stands in the database before anybody is at it: everybody has set up something."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from telethon import utils
from telethon.tl import types

from benchmarks.fuzz_desk_stage import CLUB, CREW, CY, PEOPLE, WHEN, FuzzStage, everybody, marked
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.outbox import queueing
from storage.payloads import AlertPayload, Line, ListPayload
from storage.records import NewDelivery
from storage.subscribers import alerts, mutes, plans

CHANNEL = Channel(id=100, username="harbour", title="Harbour News")
_NUMBERS = itertools.count(1)
SAID = (
    "/start",
    "/alert ferry",
    '/alert "ferry sails"',
    "/search ferry",
    "/quiet 22:00-07:00",
    "/alerts",
    "/settings",
    "/forgetme",
    "/digest now",
)


async def prepare(stage: FuzzStage) -> None:
    """Store posts; let everybody, the group and the channel set up alerts, plans and lists."""
    now = datetime.now(UTC)
    async with stage.database.transaction() as tx:
        posts = [_post(number, now) for number in range(1, 61)]
        await documents.store_documents(tx, posts, stored_at=now, live=True)
    await set_up(stage, (*PEOPLE, marked(CREW), marked(CLUB)))


async def set_up(stage: FuzzStage, chat_ids: Iterable[int]) -> None:
    """Let chats that have no alerts set up what they may."""
    now = datetime.now(UTC)
    for chat_id in chat_ids:
        async with stage.database.reader() as conn:
            have = await alerts.list_alerts(conn, chat_id)
        if not have:
            for text in SAID:
                await _say(stage, chat_id, text)
            await stage.tasks.wait_idle()
            await _fill(stage, chat_id, now)
    await stage.clear_answers()


def _post(number: int, now: datetime) -> Document:
    title = f"The ferry sails at {number} from pier {number % 7}"
    return Document(
        kind="post",
        doc_id=f"tg:100/{number}",
        source=Source(type="telethon"),
        channel=CHANNEL,
        message_id=number,
        url=f"https://t.me/harbour/{number}",
        published_at=f"{now - timedelta(minutes=number):%FT%TZ}",
        published_precision="second",
        published_basis="api",
        title=title,
        content_hash=f"{number:016x}",
    )


async def _say(stage: FuzzStage, chat_id: int, text: str) -> None:
    """Say something in a chat, as who manages it."""
    speaker: Any = types.PeerUser(chat_id if chat_id > 0 else CY)
    place: Any = types.PeerUser(chat_id)
    kind: Any = types.UpdateNewMessage
    if chat_id < 0:
        name, _, rest = text.partition(" ")
        text = f"{name}@dateline_bot {rest}".strip()
        place = types.PeerChannel(utils.resolve_id(chat_id)[0])
        kind = types.UpdateNewChannelMessage
    is_post = chat_id == marked(CLUB)
    message = types.Message(
        id=next(_NUMBERS),
        peer_id=place,
        from_id=None if is_post else speaker,
        date=WHEN,
        message=text,
        post=is_post,
    )
    await stage.feed(kind(message, pts=1, pts_count=1), *everybody())


async def _fill(stage: FuzzStage, chat_id: int, now: datetime) -> None:
    """What comes by itself: a plan, a muted channel, a list that was sent, an alert held back."""
    async with stage.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        if not have:
            return
        await mutes.add_mutes(tx, [have[0].id], "harbour", "Harbour News")
        await plans.add_plan(
            tx, chat_id=chat_id, times="daily 08:00", timezone="Europe/Berlin", due_at=now, now=now
        )
        matched = ((have[0].id, have[0].query),)
        lines = tuple(Line(doc_id=f"tg:100/{post}", alerts=matched) for post in range(1, 31))
        listed = ListPayload(posts=lines)
        held = AlertPayload(doc_id="tg:100/40", alerts=matched)
        rows = [
            NewDelivery(
                chat_id=chat_id,
                kind=kind,
                key=f"{kind}:{chat_id}",
                payload=payload,
                priority=2,
                due_at=now + timedelta(days=1),
                created_at=now,
            )
            for kind, payload in (("bundle", listed), ("alert", held))
        ]
        await queueing.add_deliveries(tx, rows)
        ids = await tx.fetch_all(
            "SELECT id FROM delivery WHERE chat_id = ? AND kind = 'bundle'", (chat_id,)
        )
    stage.client.shown.extend(f"bp|{row['id']}|{page}".encode() for row in ids for page in range(4))
