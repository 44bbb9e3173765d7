"""Rows as messages, over a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivering import rendering
from bot.delivering.rendering import NotYetError, PointlessError, Renderer, UnreadableRowError
from handlers.render.alerts.bundles import PER_PAGE
from handlers.render.alerts.story_lines import AlertDetails
from handlers.render.text import keyboards
from storage import database, times
from storage.connection import Database
from storage.document import Block, Channel, Document, Source
from storage.documents import documents
from storage.outbox import new_rows, queueing
from storage.payloads import AlertPayload, EditPayload, Line, ListPayload, TallyPayload
from storage.records import Delivery, NewDelivery, Subscriber
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace
from storage.subscribers import alerts, removed_alerts, subscribers

NOW = datetime(2026, 1, 2, tzinfo=UTC)
POST = Document(
    kind="post",
    doc_id="tg:77/1",
    source=Source(type="telethon"),
    channel=Channel(id=77, title="Harbour"),
    message_id=1,
    content_hash="0" * 16,
    body=(Block(type="para", text="The ferry sails", gap=2),),
)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A database with one post."""
    opened = await database.open_database(database_url)
    await store(opened, POST)
    yield opened
    await opened.close()


async def store(db: Database, document: Document) -> None:
    async with db.transaction() as tx:
        await documents.store_documents(tx, [document], stored_at=NOW, live=True)


def row(chat_id: int, query: str = "ferry", doc_id: str = "tg:77/1") -> Delivery:
    return Delivery(
        id=chat_id,
        chat_id=chat_id,
        kind="alert",
        key=str(chat_id),
        random_id=chat_id,
        payload=AlertPayload(doc_id=doc_id, alerts=((chat_id, query),)),
        priority=1,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
    )


def reader(chat_id: int, language: str) -> Subscriber:
    return Subscriber(chat_id=chat_id, language=language, created_at=NOW)


async def test_all_recipients_of_a_post_share_one_reading_and_have_their_own_buttons(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = []
    get_document = documents.get_document

    async def count(conn: Any, doc_id: str) -> Document:
        readings.append(doc_id)
        return await get_document(conn, doc_id)

    monkeypatch.setattr(rendering.documents, "get_document", count)
    renderer = Renderer(db, language="en", timezone="UTC")
    languages = ["en", "ru"]
    made = await asyncio.gather(
        *(renderer.render(row(n), reader(n, languages[n % 2])) for n in range(1, 101))
    )
    assert readings == ["tg:77/1"]
    assert len({message.text for message in made}) == 2
    assert len({message.keyboard for message in made}) == 100


async def test_what_tells_readers_apart_is_not_shared(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    one, other = [(await renderer.render(row(1, query), None)).text for query in ("ferry", "sails")]
    assert one != other
    assert one.text.partition("\n")[0] != other.text.partition("\n")[0]


async def test_days_edits_and_what_follows_are_written_for_those_whom_they_are_for(
    db: Database,
) -> None:
    await store(db, replace(REVISED, published_at="2026-01-01T22:00:00Z"))
    await store(db, replace(POST, doc_id="tg:88/1", channel=Channel(id=88, title="Mirror")))
    renderer = Renderer(db, language="en", timezone="UTC")
    follows = AlertPayload(doc_id="tg:77/1", alerts=((1, "ferry"),), follows="tg:88/1")
    rows = [
        replace(row(1), finished_at=NOW),
        replace(row(1), finished_at=NOW + timedelta(days=1)),
        change("edited", 0, finished_at=NOW),
        replace(row(1), payload=follows, finished_at=NOW),
    ]
    for order in (rows, rows[::-1]):
        renderer.refresh()
        assert len({(await renderer.render(one, None)).text for one in order}) == len(rows)


async def test_what_an_event_brought_is_counted_for_its_reader_alone(db: Database) -> None:
    other = replace(POST, doc_id="tg:88/1", channel=Channel(id=88, title="Mirror"))
    await store(db, other)
    once = AlertPayload(doc_id=POST.doc_id, alerts=((1, "ferry"),), once=True)
    async with db.transaction() as tx:
        new = [new_rows.alert(chat, f"{chat}", once, now=NOW, story="s") for chat in (1, 2)]
        await queueing.add_deliveries(tx, new)
        fold = Fold(chat_id=2, story="s", onto=POST.doc_id, post=other.doc_id, is_event=True)
        await folded.add_folds(tx, [fold], now=NOW)
    renderer = Renderer(db, language="en", timezone="UTC")
    channel = replace(reader(2, "en"), is_channel=True)
    plain, counted, shown = [
        await renderer.render(replace(row(chat), payload=once), told)
        for chat, told in ((1, None), (2, None), (2, channel))
    ]
    assert plain.text != counted.text == shown.text
    pressed = [
        [button.data for button in line if (button.data or "").startswith(keyboards.ALSO)]
        for message in (plain, counted, shown)
        for line in message.keyboard[-1:]
    ]
    assert [len(found) for found in pressed] == [0, 1, 0]


async def test_a_follow_up_says_what_is_new_and_answers_what_it_follows(db: Database) -> None:
    other = replace(POST, doc_id="tg:88/1", channel=Channel(id=88, title="Mirror"))
    await store(db, other)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOW)
        told = AlertPayload(doc_id=other.doc_id)
        await queueing.add_deliveries(tx, [new_rows.alert(1, "a", told, now=NOW, story="tg:88/1")])
        await tx.execute("UPDATE delivery SET state = 'sent', message_id = 31")
    renderer = Renderer(db, language="en", timezone="UTC")
    payload = AlertPayload(
        doc_id="tg:77/1", alerts=((1, "ferry"),), follows=other.doc_id, fresh=((0, 9),), news="toll"
    )
    follow_up = replace(row(9), chat_id=1, payload=payload, story="tg:77/1")
    details = await renderer._following(follow_up, other.doc_id, AlertDetails())
    assert details.follows is not None
    assert (details.follows.doc_id, details.fresh, details.news) == ("tg:88/1", ((0, 9),), "toll")
    # Of another story is what it follows for an alert that rings once per event alone.
    for once, found in ((False, None), (True, 31)):
        one = replace(follow_up, payload=replace(payload, once=once))
        assert await renderer.find_followed(one) == found
    assert await renderer.find_followed(replace(follow_up, story="tg:88/1")) == 31


async def test_after_a_claim_a_post_is_read_anew(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    await renderer.render(row(1), None)
    later = (Block(type="para", text="The ferry sails at noon", gap=2),)
    await store(db, replace(POST, body=later, content_hash="1" * 16))
    assert "at noon" not in (await renderer.render(row(2), None)).text.text
    renderer.refresh()
    assert "at noon" in (await renderer.render(row(2), None)).text.text
    # And so it is for a message that is out and looked at once more.
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [new_rows.alert(1, "a", row(1).alert, now=NOW)])
    evening = (Block(type="para", text="The ferry sails at dusk", gap=2),)
    await store(db, replace(POST, body=evening, content_hash="2" * 16))
    again = await renderer.render_again(1)
    assert again is not None and "at dusk" in again.text.text


async def test_a_post_that_is_not_there_makes_each_row_of_it_unreadable(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    failed = await asyncio.gather(
        *(renderer.render(row(n, doc_id="tg:77/9"), None) for n in range(1, 4)),
        return_exceptions=True,
    )
    assert [type(error) for error in failed] == [UnreadableRowError] * 3


async def test_where_the_told_post_was_deleted_a_folded_copy_is_shown(db: Database) -> None:
    mirror = Channel(id=88, username="mirror", title="Mirror")
    copy = replace(POST, doc_id="tg:88/1", channel=mirror)
    await store(db, copy)
    new = NewDelivery(
        chat_id=1, kind="alert", key="a", payload=row(1).payload, priority=1, due_at=NOW,
        created_at=NOW, story="s",
    )  # fmt: skip
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [new])
        fold = Fold(chat_id=1, story="s", onto=POST.doc_id, post=copy.doc_id)
        await folded.add_folds(tx, [fold], now=NOW)
        await documents.mark_deleted(tx, channel_id=77, message_ids=[1], noticed_at=NOW)
    renderer = Renderer(db, language="en", timezone="UTC")
    made = await renderer.render_again(1)
    assert made is not None
    assert "🗑 deleted; the same stands in Mirror" in made.text.text
    assert "https://t.me/mirror/1" in [span.url for span in made.text.spans]
    assert made.keyboard[0][0].url == "https://t.me/mirror/1"
    other = await renderer.render(row(2), None)  # nothing was folded for this reader
    assert "stands in" not in other.text.text
    assert await renderer.render_again(7) is None


REVISED = replace(
    POST,
    body=(Block(type="para", text="The ferry sails at noon", gap=2),),
    content_hash="1" * 16,
    edited_at="2026-01-02T01:00:00Z",
)


def change(kind: Any, since: int | None, **fields: Any) -> Delivery:
    payload = AlertPayload(doc_id="tg:77/1", alerts=((1, "ferry"),), change=kind, since=since)
    return replace(row(1), payload=payload, **fields)


@pytest.mark.parametrize(
    ("kind", "since", "is_shown"),
    [
        ("edited", 0, True),
        ("edited", 1, False),
        ("edited", -1, False),
        ("edited", None, False),
        ("deleted", 0, False),
        (None, 0, False),
    ],
)
async def test_an_edit_shows_what_the_post_said_before(
    db: Database, kind: Any, since: int | None, is_shown: bool
) -> None:
    await store(db, REVISED)
    renderer = Renderer(db, language="en", timezone="UTC")
    post = await renderer._read_post("tg:77/1", None)
    former = rendering._former(change(kind, since), post)
    assert former == (POST if is_shown else None)
    if is_shown:
        text = (await renderer.render(change(kind, since), None)).text
        assert "bold" in {span.kind for span in text.spans if text.text[span.start :][:2] == "at"}


@pytest.mark.parametrize(
    ("bundle", "late"), [(None, None), ("late", 7200.0), ("away", 7200.0), ("held", None)]
)
def test_how_late_a_post_was_read_is_told_where_it_was_missed(
    bundle: str | None, late: float | None
) -> None:
    posted = replace(POST, published_at="2026-01-01T22:00:00Z")
    assert rendering._lateness(replace(row(1), bundle=bundle), posted) == late
    assert rendering._lateness(replace(row(1), bundle="late"), POST) is None


@pytest.mark.parametrize("is_channel", [False, True])
async def test_what_was_removed_below_a_message_can_be_put_back_when_it_is_edited(
    db: Database, is_channel: bool
) -> None:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=now, is_channel=is_channel)
        ferry, sails = [
            await alerts.add_alert(tx, chat_id=1, query=query, now=now)
            for query in ("ferry", "sails")
        ]
        await removed_alerts.remove(tx, ferry, below=7, now=now)
        told = await subscribers.get_subscriber(tx, 1)
    pairs = ((ferry.id, "ferry"), (sails.id, "sails"))
    alert = replace(row(1), payload=AlertPayload(doc_id="tg:77/1", alerts=pairs))
    renderer = Renderer(db, language="en", timezone="UTC")

    async def last_row(**fields: Any) -> list[str | None]:
        out = replace(alert, **fields)
        message = await renderer.render(out, told, standing=frozenset({sails.id}))
        return [button.data for button in message.keyboard[-1] if "Undo" in button.text]

    assert await last_row(state="sent", message_id=7) == [f"xu|tg:77/1|{ferry.id}|{sails.id}"]
    assert await last_row(state="sent", message_id=8) == []
    assert await last_row() == []
    async with db.transaction() as tx:
        late = (times.to_epoch(now - 2 * removed_alerts.KEPT_FOR),)
        await tx.execute("UPDATE removed_alert SET removed_at = ?", late)
    assert await last_row(state="sent", message_id=7) == []


@pytest.mark.parametrize(
    ("state", "message_id", "error"),
    [
        ("queued", None, NotYetError),
        ("queued", 5, NotYetError),
        ("sent", None, PointlessError),
        ("dead", 5, PointlessError),
        (None, None, PointlessError),
        ("sent", 5, None),
    ],
)
async def test_an_update_waits_for_its_message_or_has_none(
    db: Database, state: str | None, message_id: int | None, error: Any
) -> None:
    if state is not None:
        async with db.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=1, now=NOW)
            await queueing.add_deliveries(tx, [new_rows.alert(1, "a", row(1).alert, now=NOW)])
            await tx.execute("UPDATE delivery SET state = ?, message_id = ?", (state, message_id))
    edit = replace(row(1), kind="update", payload=EditPayload(), target=1)
    renderer = Renderer(db, language="en", timezone="UTC")
    if error is not None:
        with pytest.raises(error):
            await renderer.render_update(edit, None)
        return
    number, message = await renderer.render_update(edit, None)
    assert number == 5
    assert "The ferry sails" in message.text.text
    # The alert was removed meanwhile: no button names it.
    plain = await renderer.render(row(1), None)
    assert len([b for line in message.keyboard for b in line]) < len(
        [b for line in plain.keyboard for b in line]
    )


async def test_a_tally_answers_its_list_when_that_is_out(db: Database) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    tally = replace(row(1), kind="tally", payload=TallyPayload(count=3), target=1)
    assert await renderer.find_followed(tally) is None
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOW)
        await queueing.add_deliveries(tx, [new_rows.alert(1, "a", row(1).alert, now=NOW)])
    with pytest.raises(NotYetError):
        await renderer.find_followed(tally)
    async with db.transaction() as tx:
        await tx.execute("UPDATE delivery SET state = 'sent', message_id = 31")
    assert await renderer.find_followed(tally) == 31
    assert await renderer.find_followed(row(1)) is None
    said = await renderer.render(tally, None)
    assert "3" in said.text.text
    with pytest.raises(UnreadableRowError):
        await renderer.render(replace(tally, payload=EditPayload()), None)


def test_whoever_has_chosen_nothing_gets_the_services_language_and_zone(db: Database) -> None:
    renderer = Renderer(db, language="ru", timezone="Asia/Tokyo")
    assert renderer._reader_of(None) == ("ru", "Asia/Tokyo")
    assert renderer._reader_of(reader(1, "en")) == ("en", "Asia/Tokyo")
    assert renderer._reader_of(replace(reader(1, "en"), timezone="UTC")) == ("en", "UTC")
    assert renderer.language_for(reader(1, "en")) == "en"


async def test_a_list_is_written_with_its_posts_and_none_of_posts_that_are_not_there(
    db: Database,
) -> None:
    renderer = Renderer(db, language="en", timezone="UTC")
    told = ListPayload(posts=(Line(doc_id="tg:77/1", alerts=((1, "ferry"),)),), first=1)
    for bundle in ("burst", "late"):
        listed = replace(row(1), kind="bundle", bundle=bundle, payload=told)
        assert "The ferry sails" in (await renderer.render(listed, None)).text.text
    gone = replace(told, posts=(Line(doc_id="tg:77/9", alerts=((1, "ferry"),)),))
    with pytest.raises(UnreadableRowError):
        await renderer.render(replace(row(1), kind="bundle", bundle="late", payload=gone), None)


@pytest.mark.parametrize("kind", ["private", "channel"])
async def test_a_channel_which_has_no_pages_gets_all_of_a_list(db: Database, kind: str) -> None:
    numbers = range(2, 2 + 2 * PER_PAGE)
    for number in numbers:
        await store(db, replace(POST, doc_id=f"tg:77/{number}", message_id=number))
    lines = tuple(Line(doc_id=f"tg:77/{number}", alerts=((1, "ferry"),)) for number in numbers)
    listed = replace(
        row(-1), kind="bundle", bundle="late", payload=ListPayload(posts=lines, first=2)
    )
    to = replace(reader(-1, "en"), is_channel=kind == "channel")
    message = await Renderer(db, language="en", timezone="UTC").render(listed, to)
    shown = {span.url for span in message.text.spans if span.url}
    assert len(shown) == (len(numbers) if kind == "channel" else PER_PAGE)


async def test_others_that_told_the_story_are_told_of(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrors = [
        replace(
            POST, doc_id=f"tg:{id}/1", channel=Channel(id=id, username=f"m{id}", title="Mirror")
        )
        for id in (88, 89)
    ]
    for mirror in mirrors:
        await store(db, mirror)
    async with db.transaction() as tx:
        await tx.execute("UPDATE document SET story = ? WHERE doc_id <> ?", (POST.doc_id,) * 2)

    async def others(document: Document, story: str) -> list[str]:
        async with db.reader() as conn:
            return [one.doc_id for one in await rendering._others(conn, document, story)]

    assert await others(POST, "none") == []
    assert await others(POST, POST.doc_id) == ["tg:88/1", "tg:89/1"]
    assert await others(mirrors[0], POST.doc_id) == ["tg:77/1", "tg:89/1"]
    monkeypatch.setattr(rendering, "OTHERS", 2)
    assert await others(POST, POST.doc_id) == ["tg:88/1"]
