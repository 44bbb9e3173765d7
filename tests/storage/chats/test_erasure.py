"""Chats taken out of a database so that no byte of its files tells of them."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage import facts
from storage.channels import backfills, channels
from storage.chats import erasure
from storage.connection import Database
from storage.document import DELETED, Author, Document
from storage.documents import documents
from storage.documents.authors import Authors
from storage.outbox import outbox, queueing
from storage.payloads import TextPayload
from storage.records import NewDelivery
from storage.retention import wiping
from storage.sqlite import pages
from storage.subscribers import alerts, subscribers

ANN = 0x7E_57_1D_5A_3C
QUERY = "flurbish"


def held(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def traces(path: Path) -> list[bytes]:
    sought = (str(ANN).encode(), ANN.to_bytes(6, "big"), QUERY.encode(), b"Zyxwina")
    return [what for what in sought if what in held(path)]


def rows_for(chat_id: int, number: int, text: str, now: datetime) -> list[NewDelivery]:
    return [
        NewDelivery(
            chat_id=chat_id,
            kind="answer",
            key=f"answer:{chat_id}:{number}:{part}",
            payload=TextPayload(text=f"{text} " * (1 + (4 * number + part) * 37 % 149)),
            priority=0,
            due_at=now,
            created_at=now,
        )
        for part in range(4)
    ]


async def fill(database: Database, now: datetime, *, rounds: int) -> None:
    """Somebody's rows among those of many others, in the order in which things happen."""
    async with database.transaction() as tx:
        for chat_id in (ANN, *range(500, 540)):
            name = "Zyxwina" if chat_id == ANN else "Other"
            await subscribers.add_subscriber(tx, chat_id=chat_id, name=name, now=now)
    for number in range(rounds):
        async with database.transaction() as tx:
            for chat_id in (ANN, 500 + number % 40):
                text = QUERY if chat_id == ANN else "grain"
                await alerts.add_alert(tx, chat_id=chat_id, query=f"{text} {number}", now=now)
                await facts.set_value(tx, f"searches:{chat_id}", f"{text} " * (number * 7 % 900))
                await queueing.add_deliveries(tx, rows_for(chat_id, number, text, now))


async def forget(database: Database) -> None:
    async with database.transaction() as tx:
        assert await erasure.erase_chat(tx, ANN)
    await wiping.finish(database)


async def others(database: Database) -> list[Any]:
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT chat_id, key, payload FROM whole_delivery WHERE chat_id < 1000 ORDER BY key"
        )
    return [tuple(row) for row in rows]


@pytest.mark.slow
async def test_rows_that_lay_among_others_leave_nothing_and_others_stay(
    database: Database, database_path: Path, now: datetime
) -> None:
    await fill(database, now, rounds=150)
    assert len(traces(database_path)) == 4
    before = await others(database)
    await forget(database)
    assert traces(database_path) == []
    assert await others(database) == before
    async with database.transaction() as tx:
        # What the writer has in memory brings nothing back.
        await tx.execute("UPDATE delivery SET payload = payload || ' ', last_error = 'x'")
        await tx.execute("UPDATE alert SET query = query || ' '")
    assert traces(database_path) == []
    with closing(sqlite3.connect(database_path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_reader_of_another_process_is_waited_for(
    database: Database, database_path: Path, now: datetime
) -> None:
    await fill(database, now, rounds=3)
    with closing(sqlite3.connect(database_path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM alert").fetchone()
        forgetting = asyncio.create_task(forget(database))
        while not await _is_pending(database):  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0)
        assert not await database.scrub()
        async with database.transaction() as tx:
            await facts.set_value(tx, "weather", "fine")
        assert not forgetting.done()
        reader.execute("ROLLBACK")
        await forgetting
    assert traces(database_path) == []
    assert not await _is_pending(database)


async def _is_pending(database: Database) -> bool:
    async with database.reader() as conn:
        return await facts.find_value(conn, "erasure") is not None


async def test_what_a_crash_left_lying_about_is_wiped_out_later(
    database: Database, database_path: Path, now: datetime
) -> None:
    await fill(database, now, rounds=3)
    async with database.transaction() as tx:
        await erasure.erase_chat(tx, ANN)
    assert traces(database_path)
    await wiping.finish(database)
    assert traces(database_path) == []
    async with database.transaction() as tx:
        assert not await erasure.erase_chat(tx, ANN)
    assert not await _is_pending(database)


async def test_what_lay_deleted_before_is_written_out_once(
    database: Database, database_path: Path, now: datetime
) -> None:
    await fill(database, now, rounds=30)
    async with database.transaction() as tx:
        await tx.execute("PRAGMA secure_delete = OFF")
        await subscribers.remove_subscriber(tx, ANN)
        await tx.execute("DELETE FROM fact")
        await tx.execute("PRAGMA secure_delete = ON")
    assert not await wiping.introduce(database, may_vacuum=False)
    assert traces(database_path)
    assert await wiping.introduce(database, may_vacuum=True)
    assert traces(database_path) == []
    assert await wiping.introduce(database, may_vacuum=False)


async def test_other_chats_keep_their_rows_without_whom_they_name(
    database: Database, now: datetime
) -> None:
    said = f"Zyxwina ({ANN}) asked, and 9{ANN} did not"
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=ANN, name="Zyxwina", now=now)
        await subscribers.add_subscriber(tx, chat_id=500, name="Other", now=now)
        channel = await channels.add_reference(tx, "+harbour", now=now)
        await backfills.ask_for(tx, channel.id, since=None, asked_by=ANN, now=now)
        for number in (1, 2):
            rows = [
                NewDelivery(
                    chat_id=500,
                    kind="notice",
                    key=f"notice:{number}",
                    payload=TextPayload(text=said, access_hash=ANN),
                    priority=0,
                    due_at=now,
                    created_at=now,
                )
            ]
            await queueing.add_deliveries(tx, rows)
        await tx.execute("UPDATE delivery SET state = 'sent' WHERE key = 'notice:2'")
        await erasure.erase_chat(tx, ANN)
        left = {name: await outbox.find_delivery(tx, name) for name in ("notice:1", "notice:2")}
        found = await backfills.find_backfill(tx, channel.id)
    assert found is not None
    assert found.asked_by is None
    dots = "·" * len(str(ANN))
    waiting, sent = (row.payload if row else None for row in left.values())
    masked = f"({dots}) asked, and 9{ANN} did not"
    assert waiting == TextPayload(text=f"Zyxwina {masked}", access_hash=0)
    assert sent == TextPayload(text=f"······· {masked}", access_hash=0)


@pytest.mark.parametrize("mark", ["", "\u200e", "\u200f", "\u061c", "\u202e", "\u2066"])
async def test_a_name_is_masked_as_it_is_shown_without_what_turns_a_line(
    database: Database, now: datetime, mark: str
) -> None:
    shown = [f"{mark}Zyx{mark}wina{mark}", "Zyxwina"]
    if mark < "\u2020":  # it turns nothing, and is left where it stands within
        shown.append(f"Zyx{mark}wina")
    async with database.transaction() as tx:
        name = f"{mark}Zyx{mark}wina{mark}"
        await subscribers.add_subscriber(tx, chat_id=ANN, name=name, username="zyx_w", now=now)
        for number, text in enumerate([*shown, "@Zyx_W"]):
            payload = TextPayload(text=f"{text} asked")
            row = NewDelivery(
                chat_id=500,
                kind="notice",
                key=f"notice:{number}",
                payload=payload,
                priority=0,
                due_at=now,
                created_at=now,
            )
            await queueing.add_deliveries(tx, [row])
        await tx.execute("UPDATE delivery SET state = 'sent'")
        await erasure.erase_chat(tx, ANN)
        for number in range(len(shown) + 1):
            left = await outbox.find_delivery(tx, f"notice:{number}")
            assert left is not None
            assert isinstance(left.payload, TextPayload)
            assert set(left.payload.text.removesuffix(" asked")) <= {"·", "@", mark}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("user 42", ("42",), "user ··"),
        ("user 420, 142 and 42x", ("42",), "user 420, 142 and 42x"),
        ("chat -42.", ("-42",), "chat ···."),
        ("@Ann_b: annals of Ann", ("42", "ann_b", "Ann"), "@·····: annals of ···"),
        ("𝔄nn and Ann", ("42", "𝔄nn"), "···· and Ann"),
        ("(a|b)+ c", ("42", "(a|b)+"), "······ c"),
    ],
)
def test_names_are_masked_as_words(text: str, names: tuple[str, ...], expected: str) -> None:
    assert erasure.mask([{"text": text}], names) == [{"text": expected}]


@pytest.mark.parametrize(
    ("beginning", "gap"),
    [
        (bytes([13, 0, 0, 0, 2, 1, 0, 0]), (12, 256)),
        (bytes([10, 0, 0, 0, 0, 2, 0, 0]), (8, 512)),
        (bytes([5, 0, 0, 0, 3, 0, 30, 0]), (18, 30)),
        (bytes([2, 0, 0, 0, 3, 0, 17, 0]), (0, 0)),
        (bytes([13, 0, 0, 0, 2, 9, 0, 0]), (0, 0)),
        (bytes([0, 0, 0, 7, 1, 1, 1, 1]), (0, 0)),
    ],
)
def test_the_unused_middle_of_a_page(beginning: bytes, gap: tuple[int, int]) -> None:
    assert pages.find_gap(beginning.ljust(512, b"x"), 0, 512) == gap


async def test_whoever_wrote_posts_is_in_none_and_the_index_is_to_be_wiped_too(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    ann, bob = (Author(kind="user", id=id, name=name) for id, name in ((ANN, "Ann"), (502, "Bob")))
    posts = [make_document(f"Said {n}", message_id=n, author=ann) for n in (1, 2)]
    posts.append(make_document("Said 3", message_id=3, author=bob))
    async with database.transaction() as tx:
        full = Authors(keep="full")
        await documents.store_documents(tx, posts, stored_at=now, live=True, authors=full)
    await erasure.erase_posts(database, 999, now=now)
    assert not await _is_pending(database)
    await erasure.erase_posts(database, ANN, now=now)
    async with database.transaction() as tx:
        await wiping.note_deleted(tx, words=False)  # it does not take back that words are to go
    async with database.reader() as conn:
        found = [(await documents.get_document(conn, one.doc_id)).author for one in posts]
        pending = await facts.find_value(conn, "erasure")
    assert found == [DELETED, DELETED, bob]
    assert pending is not None and pending.startswith("words ")
    await wiping.finish(database)
    assert not await _is_pending(database)
