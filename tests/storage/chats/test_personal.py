"""All that is stored of a chat: nothing of it is left out, nothing of another's is in it."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import facts, times
from storage.channels import channels, wishes
from storage.chats import erasure, personal
from storage.chats.personal import Part
from storage.connection import Database
from storage.document import Author, Document, Forward
from storage.documents import documents
from storage.documents.authors import open_authors
from storage.outbox import queueing
from storage.payloads import TextPayload
from storage.records import NewDelivery
from storage.subscribers import (
    alerts,
    collections,
    links,
    mutes,
    plans,
    removed_alerts,
    silences,
    subscribers,
    surges,
)

ANN, BEN = 4001, 14001

UNNAMED = {"alert_change", "document", "revision", "problem", "fact"}
"""Tables that hold no chat's number in a column of their own."""


async def columns_of(database: Database) -> dict[str, set[str]]:
    async with database.reader() as conn:
        tables = await conn.fetch_all(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return {
            table["name"]: {
                row["name"]
                for row in await conn.fetch_all(
                    "SELECT name FROM pragma_table_info(?)", (table["name"],)
                )
            }
            for table in tables
        }


@pytest.mark.usefixtures("sqlite_alone")
async def test_every_table_that_names_a_chat_is_told(database: Database) -> None:
    naming = {
        "chat_id",
        "sender_id",
        "asked_by",
        "made_by",
        "alert_id",
        "delivery_id",
        "collection_id",
    }
    found = {
        table
        for table, columns in (await columns_of(database)).items()
        if columns & naming and table not in UNNAMED
    }
    assert found == set(personal.TOLD)


@pytest.mark.usefixtures("sqlite_alone")
async def test_what_is_left_out_of_a_row_names_nobody(database: Database) -> None:
    silent = {
        "access_hash", "alerts", "attempts", "bundle", "closed", "event", "expires_at", "fresh",
        "id", "incarnation", "key", "name_key", "last_error", "leased_until", "made_by", "priority",
        "random_id", "request", "story", "target", "token", "told_post", "tried_at", "versions",
        "outline", "chat_id", "sender_id", "answered_by", "first_id", "next_id", "last_id",
        "remaining", "posts", "asked_by", "finished_at", "error", "newest_first", "name",
        "secret_hash", "user_id",
    }  # fmt: skip
    columns = await columns_of(database)
    left = {name for table, told in personal.TOLD.items() for name in columns[table] - set(told)}
    assert left <= silent


def answer(chat_id: int, text: str, now: datetime) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="answer",
        key=f"answer:{chat_id}:{text}",
        payload=TextPayload(text=text),
        priority=0,
        due_at=now,
        created_at=now,
    )


async def fill(database: Database, chat_id: int, now: datetime) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=chat_id, name=f"N{chat_id}", now=now)
        await alerts.add_alert(tx, chat_id=chat_id, query=f"ferry {chat_id}", now=now)
        await facts.set_value(tx, f"searches:{chat_id}", json.dumps(["barge"]))
        await queueing.add_deliveries(tx, [answer(chat_id, f"hello {chat_id}", now)])


async def parts_of(database: Database, chat_id: int) -> dict[str, Part]:
    async with database.reader() as conn:
        return {part.name: part for part in await personal.list_parts(conn, chat_id)}


async def test_a_chat_is_told_its_own_rows_alone(database: Database, now: datetime) -> None:
    for chat_id in (ANN, BEN):
        await fill(database, chat_id, now)
    told = await parts_of(database, ANN)
    assert set(told) == {"subscriber", "alert", "delivery", "fact"}
    assert str(BEN) not in json.dumps({name: part.rows for name, part in told.items()})
    (person,) = told["subscriber"].rows
    assert (person["name"], person["created_at"]) == (f"N{ANN}", now.isoformat())
    assert told["alert"].rows[0]["query"] == f"ferry {ANN}"
    assert told["delivery"].rows[0]["payload"]["text"] == f"hello {ANN}"
    assert told["fact"].rows == ({"name": f"searches:{ANN}", "value": ["barge"]},)


async def test_after_forgetting_nothing_is_told(database: Database, now: datetime) -> None:
    await fill(database, ANN, now)
    async with database.transaction() as tx:
        await erasure.erase_chat(tx, ANN)
    assert await parts_of(database, ANN) == {}


@pytest.mark.parametrize(("keep", "found"), [("full", 1), ("pseudonym", 1), ("channels", 0)])
async def test_what_a_person_wrote_in_groups_is_told(
    database: Database, make_document: Callable[..., Document], now: datetime, keep: Any, found: int
) -> None:
    authors = await open_authors(database, keep)
    post = make_document(message_id=1, author=Author(kind="user", id=ANN, name="Zyxwina"))
    other = make_document(message_id=2, author=Author(kind="user", id=BEN, name="Other"))
    async with database.transaction() as tx:
        posts = (post, other)
        await documents.store_documents(tx, posts, stored_at=now, live=True, authors=authors)
    rows: Sequence[Any] = (
        told.rows if (told := (await parts_of(database, ANN)).get("document")) else ()
    )
    assert [row["doc_id"] for row in rows] == [post.doc_id] * found


async def test_of_many_rows_the_newest_are_told(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, ANN, now)
    async with database.transaction() as tx:
        for number in range(5):
            await alerts.add_alert(tx, chat_id=ANN, query=f"tide {number}", now=now)
    monkeypatch.setattr(personal, "MOST", 3)
    told = (await parts_of(database, ANN))["alert"]
    assert [row["query"] for row in told.rows] == ["tide 4", "tide 3", "tide 2"]
    assert told.more
    monkeypatch.setattr(personal, "MOST", len(told.rows) + 3)
    assert not (await parts_of(database, ANN))["alert"].more


async def test_of_posts_the_newest_stand_first_and_a_group_has_none(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    async with database.transaction() as tx:
        for number in (1, 2, 3):
            forward = Forward(user_id=ANN) if number != 2 else Forward(user_id=-ANN)
            post = make_document(f"Ice {number}", message_id=number, forwarded_from=forward)
            await documents.store_documents(tx, [post], stored_at=now, live=True)
    told = (await parts_of(database, ANN))["document"]
    assert [row["doc_id"].rpartition("/")[2] for row in told.rows] == ["3", "1"]
    assert "document" not in await parts_of(database, -ANN)


@pytest.mark.parametrize("is_forwarded", [False, True])
async def test_of_many_posts_the_newest_are_told(
    database: Database,
    make_document: Callable[..., Document],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    is_forwarded: bool,
) -> None:
    author = Author(kind="user", id=BEN if is_forwarded else ANN)
    forward = Forward(user_id=ANN) if is_forwarded else None
    posts = [
        make_document(f"Ice {number}", message_id=number, author=author, forwarded_from=forward)
        for number in (1, 2, 3)
    ]
    authors = await open_authors(database, "full")
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True, authors=authors)
    told = []
    for most in (3, 2, 1):
        monkeypatch.setattr(personal, "MOST", most)
        part = (await parts_of(database, ANN))["document"]
        told.append(([row["doc_id"].rpartition("/")[2] for row in part.rows], part.more))
    assert told == [(["3", "2", "1"], False), (["3", "2"], True), (["3"], True)]


async def test_the_newest_rows_of_every_kind_stand_first(database: Database, now: datetime) -> None:
    later = now + timedelta(hours=1)
    await fill(database, ANN, now)
    async with database.transaction() as tx:
        older, newer = [
            await alerts.add_alert(tx, chat_id=ANN, query=f"tide {n}", now=now) for n in (1, 2)
        ]
        for name in ("@ferry", "@barge"):
            await mutes.add_mutes(tx, [older.id, newer.id], name, name)
        saved = await collections.find_or_add(tx, ANN, "Quays", now=now)
        assert saved is not None
        for number, at in ((2, now), (1, later), (3, later)):
            await collections.save(tx, saved.id, f"tg:7/{number}", "", now=at)
        for number in (1, 2):
            await wishes.add_wish(tx, ANN, f"@quay{number}", now=now)
            await links.add_link(
                tx, kind="search", made_by=ANN, target=f"tide {number}", people=0,
                now=now + number * timedelta(minutes=1), ends_at=later,
            )  # fmt: skip
            await tx.execute(
                "INSERT INTO own_post (chat_id, message_id) VALUES (?, ?)", (ANN, number)
            )
            await queueing.add_deliveries(tx, [answer(ANN, f"again {number}", now)])
            quay = await channels.add_channel(tx, username=f"quay{number}", now=now)
            await silences.add_silence(tx, ANN, quay.id, now=now)
            await surges.add_surge(tx, ANN, f"tide {number}", now=now)
            await plans.add_plan(
                tx, chat_id=ANN, times=f"every {number}h", timezone="UTC", due_at=later, now=now
            )
            await collections.find_or_add(tx, ANN, f"More {number}", now=now)
            gone = await alerts.add_alert(tx, chat_id=ANN, query=f"gone {number}", now=now)
            await removed_alerts.remove(tx, gone, now=now)
        for one, at in ((newer, now), (older, later)):
            await tx.execute(
                "INSERT INTO told (alert_id, told_at) VALUES (?, ?)",
                (one.id, times.to_epoch(at)),
            )
    told = {name: part.rows for name, part in (await parts_of(database, ANN)).items()}

    def column(table: str, name: str) -> list[Any]:
        return [row[name] for row in told[table]]

    assert column("mute", "alert_id") == [newer.id, newer.id, older.id, older.id]
    assert column("mute", "channel") == ["@barge", "@ferry"] * 2
    assert column("collected", "doc_id") == ["tg:7/1", "tg:7/3", "tg:7/2"]
    assert column("wish", "target") == ["@quay2", "@quay1"]
    assert column("link", "target") == ["tide 2", "tide 1"]
    assert column("own_post", "message_id") == [2, 1]
    assert column("delivery", "payload")[0]["text"] == "again 2"
    assert column("alert", "query") == ["tide 2", "tide 1", f"ferry {ANN}"]
    assert column("told", "alert_id") == [older.id, newer.id]
    assert column("silence", "channel") == sorted(column("silence", "channel"), reverse=True)
    assert column("surge", "query") == ["tide 2", "tide 1"]
    assert column("plan", "times") == ["every 2h", "every 1h"]
    assert column("collection", "name") == ["More 2", "More 1", "Quays"]
    assert column("removed_alert", "query") == ["gone 2", "gone 1"]
