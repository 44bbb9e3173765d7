"""A real SQLite database for each test, and documents to put into it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from examples import is_quick

from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Block, Channel, Document, Source
from storage.outbox import queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.structs import replace

NOW = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)

HARBOUR = Channel(id=77, username="harbour", title="Harbour News")

MakeDocument = Callable[..., Document]


SQLITES_OWN = {
    "sqlite": "the engine: its file, its upgrades, its copies",
    "test_database.py": "a file is opened, locked, damaged; test_engine.py of the other is alike",
    "test_space.py": "a file shrinks and is written anew: the server does that by itself",
    "test_statements.py": "the plans are of SQLite's planner",
    "test_time_order.py": "rows are put into FTS5 itself",
}
"""Files and rooms whose tests are SQLite's own, and why. All others are tried with PostgreSQL too,
but for tests that ask for ``database_path``, which look into its file, or for ``sqlite_alone``,
which speak to it in its own words."""
_PATHS = frozenset({"database_path", "sqlite_alone"})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try what is for both engines with both."""
    path = Path(metafunc.module.__file__)
    uses = "engine" in metafunc.fixturenames and _PATHS.isdisjoint(metafunc.fixturenames)
    if uses and not {*SQLITES_OWN, "postgres"} & {path.name, path.parent.name}:
        metafunc.parametrize("engine", ["sqlite"] if is_quick() else ["sqlite", "postgres"])


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
def sqlite_alone() -> None:
    """For tests that speak to SQLite in its own words."""


@pytest.fixture
def engine() -> str:
    """The engine of ``database``; see ``SQLITES_OWN``."""
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
