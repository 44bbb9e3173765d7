"""A post redacted: no byte of its text is left in the files, in whatever it stood; the fact is."""

import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.intake import door
from bot.intake.events import Events
from storage.channels import channels
from storage.connection import Database
from storage.document import Channel, Document, Forward, Furniture, Link, Media, Reply, Source, Span
from storage.documents import documents, problems, redactions, search
from storage.documents.authors import Authors
from storage.errors import NotFoundError
from storage.outbox import new_rows, queueing
from storage.payloads import AlertPayload, TextPayload
from storage.query.reading import syntax
from storage.records import NewProblem
from storage.redaction import redacting
from storage.redaction.redacting import Redacted
from storage.retention import wiping
from storage.structs import replace
from storage.subscribers import snapshots, subscribers, translations
from storage.subscribers.snapshots import Snapshot

MILL = Channel(id=88, username="mill", title="Mill")
WORDS = (
    "zyxtitle", "quorvbody", "plimspan", "vexcaption", "drubpreview", "florpold",
    "jaxfurniture", "цюхслово", "brambleurl", "yonderfile", "whisttag",
)  # fmt: skip
TEXT = "Zyxtitle of the harbour tonight\nQuorvbody plimspan and цюхслово were seen at pier nine"

ASIDE = NewProblem(
    place="tg:77/7",
    form="telethon",
    raw=b"quorvbody plimspan",
    error="refused",
    kind="StorageError",
    channel_id=77,
    message_id=7,
)

Make = Callable[..., Document]


def held(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def traces(path: Path) -> list[str]:
    """Which words stand in any file of the database, in any of the forms in which it may."""
    raw = held(path).lower()
    with closing(sqlite3.connect(path)) as db:
        for (outline,) in db.execute("SELECT outline FROM digest_snapshot"):
            raw += zlib.decompress(outline).lower()
    return [
        word for word in WORDS if word.encode() in raw or json.dumps(word)[1:-1].encode() in raw
    ]


def secret(make: Make, number: int = 7, **fields: object) -> Document:
    """A post with a word of its own wherever a post has words."""
    document = make(TEXT, message_id=number, url=f"https://t.me/harbour/{number}")
    first, *rest = document.body
    body = (
        replace(first, spans=(Span(kind="link", start=0, end=4, url="https://brambleurl.test"),)),
        *rest,
    )
    parts = {
        "body": body,
        "hashtags": ("#whisttag",),
        "links": (Link(text="Plimspan", url="https://brambleurl.test/x"),),
        "media": (
            Media(type="photo", title="vexcaption"),
            Media(type="webpage", title="drubpreview is told", url="https://brambleurl.test"),
            Media(type="document", name="yonderfile.pdf"),
        ),
        "furniture": (Furniture(kind="nav", text="jaxfurniture", at=0),),
    }
    return replace(document, **{**parts, **fields})


async def store(database: Database, now: datetime, *posts: Document) -> None:
    async with database.transaction() as tx:
        await door.store(
            tx, posts, now=now, live=True, authors=Authors(keep="full"), events=Events()
        )


async def redact(database: Database, now: datetime, doc_id: str = "tg:77/7") -> Redacted:
    done = await redacting.redact(database, doc_id, reason="by\nrequest \u202e1", now=now)
    await wiping.finish(database)
    return done


async def find(database: Database, words: str, now: datetime) -> list[str]:
    async with database.reader() as conn:
        page = await search.search(conn, syntax.parse(words, now=now, zone=now.tzinfo))  # type: ignore[arg-type]
    return [hit.document.doc_id for hit in page.hits]


async def fill(database: Database, make: Make, now: datetime) -> None:
    """The post with a former version, and everything that may hold words of it, among others."""
    others = [
        make(f"Grain {n} of the mill\nwas sold", message_id=n, channel=MILL) for n in range(1, 60)
    ]
    old = secret(make, title="Florpold stood here", content_hash="0123456789abcdef")
    await store(database, now, *others[:30], old)
    edited = secret(make, edited_at="2024-05-01T12:30:00Z")
    answer = make(
        "An answer to it", message_id=70, channel=MILL,
        reply_to=Reply(channel_id=77, message_id=7, quote="Quorvbody plimspan and цюхслово"),
    )  # fmt: skip
    await store(database, now, edited, answer, *others[30:])
    link = "https://t.me/harbour/7"
    told = TextPayload(text=f"quorvbody PLIMSPAN, and цюхслово… {link}")
    said = "Digest. Zyxtitle of the harbour tonight (harbour). Grain 5 of the mill."
    digest = TextPayload(text=said, spans=(("link", 8, 16, link),))
    other = TextPayload(text=f"Grain 5 of the mill {link}0")
    rows = [
        new_rows.alert(5, "alert:5::a", AlertPayload(doc_id="tg:77/7", fresh=((0, 3),)), now=now),
        new_rows.alert(6, "alert:6::b", AlertPayload(doc_id="tg:77/7"), now=now),
        new_rows.alert(6, "alert:6::c", AlertPayload(doc_id="tg:88/5"), now=now),
        new_rows.answer(5, "answer:1", told, now=now),
        new_rows.digest(6, "digest:6", digest, now=now),
        new_rows.answer(5, "answer:2", other, now=now),
    ]
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=77, username="harbour", title="Harbour", now=now)
        for chat_id in (5, 6):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        await queueing.add_deliveries(tx, rows)
        await tx.execute(
            "UPDATE delivery SET state = 'sent', finished_at = created_at, message_id = id"
            " WHERE chat_id = 5"
        )
        await snapshots.add_snapshot(tx, _snapshot(now), now=now)
        await problems.set_aside(tx, ASIDE, now=now, version="1")


def _snapshot(now: datetime) -> Snapshot:
    steps = [{"doc_id": "tg:77/7", "text": "Quorvbody"}, {"doc_id": "tg:88/5", "text": "Grain"}]
    quote = {"speaker": "Florpold", "text": "whisttag"}
    grain = {"head": "Grain 5 of the mill", "doc_id": "tg:88/5", "steps": steps}
    stories = [
        {"head": "Zyxtitle of", "doc_id": "tg:77/7", "posts": ["tg:77/7"], "quote": quote},
        {**grain, "posts": ["tg:88/5", "tg:77/7"]},
    ]
    outline = {"posts": ["tg:77/7", "tg:88/5"], "channels": 2, "stories": stories}
    return Snapshot(
        token="abc", chat_id=5, since=now, until=now, query=None, outline=json.dumps(outline)
    )


async def test_no_word_of_it_is_left_in_any_file(
    database: Database, database_path: Path, make_document: Make, now: datetime
) -> None:
    await fill(database, make_document, now)
    assert traces(database_path) == list(WORDS)
    done = await redact(database, now)
    assert traces(database_path) == []
    assert (done.versions, done.chats, done.dropped, done.problems) == (2, 1, 1, 1)
    assert (done.messages, done.digests, done.edited) == (2, 1, 1)
    for word in WORDS:
        assert await find(database, word, now) == []
    async with database.transaction() as tx:
        # What the writer has in memory brings nothing back.
        await tx.execute("UPDATE delivery SET payload = payload || ' ', last_error = 'x'")
        await tx.execute("UPDATE document SET changed_at = changed_at + 1")
    assert traces(database_path) == []
    with closing(sqlite3.connect(database_path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_stays_says_when_and_why_and_all_else_stays(
    database: Database, make_document: Make, now: datetime
) -> None:
    await fill(database, make_document, now)
    await redact(database, now)
    async with database.reader() as conn:
        document = await documents.get_document(conn, "tg:@Harbour/7")
        answer = await documents.get_document(conn, "tg:88/70")
        rows = await conn.fetch_all("SELECT key, state, payload FROM whole_delivery ORDER BY id")
        kept = await snapshots.find_snapshot(conn, "abc", chat_id=5)
        table = await redactions.find_redactions(conn, ["tg:77/7", "tg:88/5"])
        assert await documents.list_revisions(conn, "tg:77/7") == []
    assert document.title == "[redacted 2024-05-01 12:00 UTC: by request 1]"
    assert document.url == "https://t.me/harbour/7"
    assert document.published_at == "2024-05-01T11:59:00Z"
    assert redactions.is_redacted(document)
    assert table.keys() == {"tg:77/7"}
    assert answer.title == "An answer to it"
    assert answer.reply_to == Reply(channel_id=77, message_id=7)
    told = {row["key"]: (row["state"], json.loads(row["payload"]).get("text")) for row in rows}
    assert told["alert:6::b"][0] == "dropped"
    assert told["alert:6::c"][0] == "queued"
    assert told["answer:1"] == ("sent", "[redacted]")
    masked = "Digest. ········ ·· ··· ······· ······· (harbour). Grain 5 of the mill."
    assert told["digest:6"] == ("queued", masked)
    assert told["answer:2"] == ("sent", "Grain 5 of the mill https://t.me/harbour/70")
    assert kept is not None
    first, second = json.loads(kept.outline)["stories"]
    assert set(first["head"]) == {"·"}
    assert second["head"] == "Grain 5 of the mill"
    assert [step["text"] for step in second["steps"]] == ["·········", "Grain"]


async def test_reading_it_again_brings_nothing_back(
    database: Database, database_path: Path, make_document: Make, now: datetime
) -> None:
    await fill(database, make_document, now)
    await redact(database, now)
    later = now + timedelta(hours=1)
    again = secret(make_document)
    numberless = replace(again, doc_id="tg:@harbour/7", channel=Channel(username="Harbour"))
    for post in (
        again,
        replace(again, edited_at="2024-05-02T00:00:00Z", title="Zyxtitle again"),
        replace(again, source=Source(type="desktop_json", file="a.json"), reader=99),
        numberless,
    ):
        await store(database, later, post)
    assert traces(database_path) == []
    async with database.transaction() as tx:
        # Retention, or a restored copy: the document is gone, its redaction is not.
        await tx.execute("DELETE FROM document WHERE doc_id = 'tg:77/7'")
    await store(database, later, again)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE doc_id = 'tg:77/7'")
    await store(database, later, numberless)
    assert traces(database_path) == []
    async with database.reader() as conn:
        document = await documents.get_document(conn, "tg:77/7")
    assert redactions.is_redacted(document)


async def test_an_album_is_redacted_with_its_parts_and_what_turns_out_to_be_it(
    database: Database, database_path: Path, make_document: Make, now: datetime
) -> None:
    part = secret(make_document, 12, doc_id="tg:77/11", message_id=11, album_ids=(11, 12))
    await store(database, now, part, make_document("Grain", message_id=13))
    await redact(database, now, "tg:77/12")
    whole = secret(make_document, 10, album_ids=(10, 11, 12))
    alone = secret(make_document, 12)
    await store(database, now, alone, whole)
    assert traces(database_path) == []
    async with database.reader() as conn:
        document = await documents.get_document(conn, "tg:77/11")
        assert redactions.is_redacted(document)
        assert (await documents.get_document(conn, "tg:77/13")).title == "Grain"


async def test_a_moved_user_name_hides_no_post_of_another_channel(
    database: Database, make_document: Make, now: datetime
) -> None:
    numberless = Channel(username="harbour")
    await store(database, now, make_document(TEXT, message_id=7, channel=numberless))
    await redact(database, now, "tg:@harbour/7")
    newer = Channel(id=99, username="harbour", title="Other")
    exact = {"published_precision": "second", "published_basis": "api"}
    grain = make_document("Grain", message_id=7, channel=newer)
    await store(database, now, replace(grain, published_at="2024-06-01T00:00:00Z", **exact))
    async with database.reader() as conn:
        assert (await documents.get_document(conn, "tg:99/7")).title == "Grain"


async def test_posts_that_say_the_same_are_named(
    database: Database, make_document: Make, now: datetime
) -> None:
    await store(
        database,
        now,
        secret(make_document),
        make_document(TEXT, message_id=1, channel=MILL, url="https://t.me/mill/1"),
        make_document(
            "Look:", message_id=2, channel=MILL, forwarded_from=Forward(channel_id=77, message_id=7)
        ),
        make_document("Grain", message_id=3, channel=MILL),
    )
    done = await redact(database, now)
    assert {(other.doc_id, other.how) for other in done.others} == {
        ("tg:88/1", "copy"),
        ("tg:88/2", "forward"),
    }
    done = await redact(database, now, "tg:88/1")
    assert [other.doc_id for other in done.others] == ["tg:88/2"]


async def test_of_a_forward_the_original_and_other_forwards_are_named(
    database: Database, make_document: Make, now: datetime
) -> None:
    origin = Forward(channel_id=77, message_id=7)
    await store(
        database,
        now,
        make_document("The original", message_id=7),
        make_document("One of it", message_id=1, channel=MILL, forwarded_from=origin),
        make_document("Another of it", message_id=2, channel=MILL, forwarded_from=origin),
        make_document(
            "Of a person", message_id=3, channel=MILL, forwarded_from=Forward(name="Olda")
        ),
    )
    done = await redact(database, now, "tg:88/1")
    assert {(other.doc_id, other.how) for other in done.others} == {
        ("tg:77/7", "original"),
        ("tg:88/2", "forward"),
    }
    assert (await redact(database, now, "tg:88/3")).others == ()


async def test_done_again_it_keeps_the_first_time_and_reason(
    database: Database, make_document: Make, now: datetime
) -> None:
    await store(database, now, secret(make_document))
    first = await redact(database, now)
    second = await redact(database, now + timedelta(days=1))
    assert (first.is_new, second.is_new) == (True, False)
    assert second.redaction == first.redaction
    with pytest.raises(NotFoundError):
        await redact(database, now, "tg:77/8")


async def test_what_is_only_set_aside_goes_and_does_not_come_back(
    database: Database, database_path: Path, make_document: Make, now: datetime
) -> None:
    async with database.transaction() as tx:
        await problems.set_aside(tx, ASIDE, now=now, version="1")
    done = await redact(database, now)
    assert (done.versions, done.problems) == (0, 1)
    async with database.transaction() as tx:
        await problems.set_aside(tx, ASIDE, now=now, version="1")
    await store(database, now, secret(make_document))
    assert traces(database_path) == []


async def test_what_quotes_other_posts_keeps_its_quotations(
    database: Database, make_document: Make, now: datetime
) -> None:
    answers = [
        make_document("One", message_id=number, channel=MILL, reply_to=reply)
        for number, reply in (
            (71, Reply(channel_id=77, message_id=7, quote="Quorvbody")),
            (72, Reply(channel_id=77, message_id=8, quote="Quorvbody")),
            (73, Reply(channel_id=77, quote="Quorvbody")),
            (74, Reply(message_id=7, quote="Quorvbody")),  # of its own channel
        )
    ]
    await store(database, now, secret(make_document), *answers)
    await redact(database, now)
    async with database.reader() as conn:
        left = [await documents.get_document(conn, one.doc_id) for one in answers]
    quotes = [one.reply_to and one.reply_to.quote for one in left]
    assert quotes == [None, "Quorvbody", "Quorvbody", "Quorvbody"]


async def test_what_a_translation_said_goes_with_the_post(
    database: Database, make_document: Make, now: datetime
) -> None:
    """The words of a translation are nowhere in the post itself."""
    post = make_document("Кран из латуни упал на причал", message_id=7)
    translated = "A crane of brass fell down onto the quay at noon"
    await store(database, now, post)
    answers = [
        new_rows.answer(5, "answer:1", TextPayload(text=f"You asked: {translated}"), now=now),
        new_rows.answer(5, "answer:2", TextPayload(text="A crane of tin stood there"), now=now),
    ]
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=5, now=now)
        assert await translations.keep_translation(tx, post, "en", translated, now=now)
        await queueing.add_deliveries(tx, answers)
    await redact(database, now)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT payload FROM delivery ORDER BY id")
        kept = await conn.fetch_all("SELECT language FROM translation")
    told, other = (json.loads(row["payload"])["text"] for row in rows)
    assert "brass" not in told and "quay" not in told
    assert other == "A crane of tin stood there"
    assert not kept
