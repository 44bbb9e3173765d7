"""A real SQLite database for each test, and documents to put into it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Block, Channel, Document, Source
from storage.outbox import queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery

NOW = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)

HARBOUR = Channel(id=77, username="harbour", title="Harbour News")

MakeDocument = Callable[..., Document]


FOR_BOTH_ENGINES = (
    "test_aggregates.py", "test_search.py", "test_outbox.py", "test_moving.py", "test_backfills.py",
    "test_alerts.py", "test_removed_alerts.py", "test_plans.py", "test_stories.py",
    "test_links.py", "test_mutes.py", "test_questions.py", "test_subscribers.py", "test_notices.py",
    "test_collections.py",
    "test_lookups.py", "test_watchers.py", "test_wishes.py", "test_watched.py", "test_old_rows.py",
    "test_silences.py", "test_pauses.py",
)  # fmt: skip
"""Files whose tests are tried with PostgreSQL too."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try what is for both engines with both."""
    uses = "engine" in metafunc.fixturenames and "database_path" not in metafunc.fixturenames
    if uses and Path(metafunc.module.__file__).name in FOR_BOTH_ENGINES:
        metafunc.parametrize("engine", ["sqlite", "postgres"])


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
def engine() -> str:
    """The engine of ``database``; rooms whose tests are for both have it take both."""
    return "sqlite"


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of the engine's."""
    return str(request.getfixturevalue(f"{'database' if engine == 'sqlite' else engine}_url"))


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    """An open, empty database: SQLite's is at ``database_path``."""
    opened = await open_database(address)
    yield opened
    await opened.close()


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Connection]:
    async with database.transaction() as connection:
        yield connection


@pytest.fixture
def queue(tx: Connection, now: datetime) -> Callable[..., Any]:
    """Queues deliveries by key, due now."""

    def told(key: str) -> AlertPayload:
        return AlertPayload(doc_id=key, alerts=((1, "ё\ud800"),))

    async def add(*keys: str, **fields: Any) -> int:
        given = {"chat_id": 5, "kind": "alert", "priority": 1, "due_at": now, "created_at": now}
        rows = [NewDelivery(key=key, **{**given, "payload": told(key), **fields}) for key in keys]
        return await queueing.add_deliveries(tx, rows)

    return add


def make(
    text: str = "Grain exports resumed",
    *,
    message_id: int | None = 1,
    channel: Channel | None = HARBOUR,
    source: str = "telethon",
    **fields: Any,
) -> Document:
    title, *lines = text.split("\n") if text else [None]
    owner = channel.id if channel and channel.id else f"@{channel.username}" if channel else None
    exact = {"published_precision": "second", "published_basis": "api"}
    document = Document(
        kind="post",
        doc_id=f"tg:{owner}/{message_id}",
        source=Source(type=source),  # type: ignore[arg-type]
        channel=channel,
        message_id=message_id,
        title=title,
        body=tuple(Block(type="para", text=line, gap=1) for line in lines),
        content_hash=sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16],
    )
    if "published_at" not in fields:
        fields = {"published_at": "2024-05-01T11:59:00Z", **exact, **fields}
    return replace(document, **fields)


@pytest.fixture(scope="session")
def make_document() -> MakeDocument:
    """Makes a post: first line title, the rest paragraphs; any field can be given."""
    return make
