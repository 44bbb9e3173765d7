"""The same posts from several sources: one document each, filled in with what each knows better."""

import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from handlers.normalize import registry
from handlers.normalize.telethon import message as telethon
from storage.connection import Database
from storage.database import open_database
from storage.document import Channel, Document, Link, Span
from storage.documents import documents

CHANNEL = Channel(id=1500000001, username="harbour", title="Harbour Office")
NOW = datetime(2024, 3, 2, tzinfo=UTC)
SENT = datetime(2024, 3, 1, 10, 0, 5, tzinfo=UTC)
LINK = "https://harbour.example/t"
HEAD, BODY = "The ferry sails again", "💬 Harbour Master: Read the timetable."

EXPORT = {
    "name": "Harbour Office",
    "type": "public_channel",
    "id": 1500000001,
    "messages": [
        {
            "id": 7,
            "type": "message",
            "date": "2024-03-01T13:00:05",
            "date_unixtime": str(int(SENT.timestamp())),
            "from": "Harbour Office",
            "from_id": "channel1500000001",
            "author": "Duty officer",
            "text": [
                f"{HEAD}\n\n💬 Harbour Master: Read the ",
                {"type": "text_link", "text": "timetable", "href": LINK},
                ".",
            ],
        }
    ],
}
PAGE = f"""
<div class="tgme_widget_message js-widget_message" data-post="harbour/7">
  <a class="tgme_widget_message_owner_name" href="https://t.me/harbour">
    <span dir="auto">Harbour Office</span></a>
  <div class="tgme_widget_message_text js-message_text" dir="auto">{HEAD}<br/><br/>💬 Harbour
 Master: Read the <a href="https://harbour.example/t">timetable</a>.</div>
  <span class="tgme_widget_message_views">1.2K</span>
  <a class="tgme_widget_message_date" href="https://t.me/harbour/7">
    <time datetime="2024-03-01T10:00:05+00:00">10:00</time></a>
</div>
"""


def live(**fields: Any) -> Document:
    """The post as the watching account gets it."""
    text = f"{HEAD}\n\n{BODY}"
    message = types.Message(
        id=7,
        peer_id=types.PeerChannel(1500000001),
        date=SENT,
        message=text,
        entities=[
            types.MessageEntityBold(0, len(HEAD)),
            # In UTF-16 units, of which the speech bubble takes two.
            types.MessageEntityTextUrl(text.index("timetable") + 1, 9, LINK),
        ],
        **fields,
    )
    return telethon.normalize([message], channel=CHANNEL)


def exported() -> Document:
    return read(json.dumps(EXPORT), "result.json")


def previewed() -> Document:
    return read(PAGE, "harbour.html")


def read(text: str, name: str) -> Document:
    (found,) = registry.read(io.BytesIO(text.encode()), name=name)
    assert isinstance(found, Document)
    return found


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def store(database: Database, document: Document) -> tuple[str, Document]:
    async with database.transaction() as tx:
        (stored,) = await documents.store_documents(tx, [document], stored_at=NOW, live=False)
    return stored.outcome, stored.document


async def count(database: Database) -> int:
    async with database.reader() as conn:
        row = await conn.fetch_one("SELECT count(*) AS n FROM document")
    return int(row["n"]) if row else 0


async def test_each_source_adds_what_it_knows_better_and_no_document(database: Database) -> None:
    assert (await store(database, live()))[0] == "new"
    outcome, merged = await store(database, exported())
    assert outcome == "updated"
    assert merged.author_signature == "Duty officer"
    outcome, merged = await store(database, previewed())
    assert outcome == "updated"
    assert merged.views == 1200
    assert merged.body[0].spans == (Span(kind="link", start=27, end=36, url=LINK),)
    assert merged.links == (Link(text="timetable", url=LINK),)
    assert merged.channel == CHANNEL
    assert merged.doc_id == "tg:1500000001/7"
    assert merged.published_at == "2024-03-01T10:00:05Z"
    assert merged.source.type == "telethon"
    assert [merged.title, *(block.text for block in merged.body)] == [HEAD, BODY]
    assert await count(database) == 1


async def test_the_same_from_any_source_again_changes_nothing(database: Database) -> None:
    for document in (live(), exported(), previewed()):
        await store(database, document)
    for document in (previewed(), live(), exported(), live()):
        assert (await store(database, document))[0] == "unchanged"
    assert await count(database) == 1


async def test_a_preview_that_came_first_becomes_the_live_post(database: Database) -> None:
    await store(database, previewed())
    await store(database, exported())
    _, merged = await store(database, live(views=1250))
    assert (merged.doc_id, merged.views) == ("tg:1500000001/7", 1250)
    assert merged.links[0].url == LINK
    assert await count(database) == 1


async def test_every_source_hashes_the_same_words_alike() -> None:
    assert live().content_hash == exported().content_hash == previewed().content_hash


@pytest.mark.slow
async def test_the_reference_material_is_imported_once(
    shared_files: Callable[[str], list[Path]], database: Database
) -> None:
    outcomes: list[list[str]] = []
    for _ in range(2):
        found: list[str] = []
        for folder in ("corpus/desktop_json", "corpus/tme_html", "seeds"):
            for path in shared_files(f"{folder}/**/*.*"):
                with path.open("rb") as stream:
                    items = list(registry.read(stream, name=path.name))
                for document in (item for item in items if isinstance(item, Document)):
                    outcome, _ = await store(database, document)
                    found.append(outcome)
        outcomes.append(found)
    assert len(outcomes[0]) > 50
    assert set(outcomes[1]) == {"unchanged"}


TEXT = (
    f"Forwarded from Harbour Office\n{HEAD}\n{BODY}\nIt sails at nine.\n{BODY}\nIt sails at nine."
)


async def test_what_is_imported_again_changes_nothing(database: Database) -> None:
    files = {"result.json": json.dumps(EXPORT), "page.html": PAGE, "page.txt": TEXT}
    outcomes: list[dict[str, list[str]]] = []
    for _ in range(2):
        found: dict[str, list[str]] = {}
        for name, content in files.items():
            items = list(registry.read(io.BytesIO(content.encode()), name=name))
            posts = [item for item in items if isinstance(item, Document)]
            assert len(posts) == len(items) == 1
            found[name] = [(await store(database, post))[0] for post in posts]
        outcomes.append(found)
    assert outcomes[0]["result.json"] == outcomes[0]["page.txt"] == ["new"]
    assert outcomes[1] == {name: ["unchanged"] for name in files}
