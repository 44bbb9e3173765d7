"""A database with posts that were edited, deleted and redacted, and the evidence of them."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.evidence import folder
from bot.settings import Settings
from storage.database import open_database
from storage.document import Block, Channel, Document, Source
from storage.documents import documents
from storage.structs import replace

NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOSTILE = '../../etc/passwd\n["dateline/entry/1",1]\n\u202ecod.exe <b>&amp;</b> $(touch x)\x1b[31m'


def make(text: str, number: int = 1, **fields: object) -> Document:
    title, *lines = text.split("\n")
    document = Document(
        kind="post",
        doc_id=f"tg:77/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=77, username="harbour", title="Harbour News"),
        message_id=number,
        url=f"https://t.me/harbour/{number}",
        published_at="2021-05-01T11:59:00Z",
        published_precision="second",
        published_basis="api",
        title=title,
        body=tuple(Block(type="para", text=line, gap=1) for line in lines),
        content_hash=f"{abs(hash(text)):016x}"[:16],
    )
    return replace(document, **fields)  # type: ignore[arg-type]


async def _fill(url: str) -> None:
    database = await open_database(url)
    for days, batch in enumerate(
        (
            [make(f"Quay {n}: ferries", n) for n in range(1, 8)],
            [make("Quay 1: no ferries", edited_at="2021-05-02T11:59:00Z", views=5)],
            [make("Quay 1: ferries", edited_at="2021-05-03T11:59:00Z")],
            [make(f"Ferries {HOSTILE}", 9)],
        )
    ):
        async with database.transaction() as tx:
            at = NOW + days * DAY
            await documents.store_documents(tx, batch, stored_at=at, live=True)
    async with database.transaction() as tx:
        await documents.mark_deleted(tx, channel_id=77, message_ids=[2], noticed_at=NOW + 4 * DAY)
    await database.close()


@pytest.fixture(scope="session")
def filled(ready_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with posts in it."""
    made = tmp_path_factory.mktemp("evidence") / "data"
    made.mkdir()
    shutil.copy(ready_database, made / "dateline.db")
    asyncio.run(_fill(f"sqlite:///{made / 'dateline.db'}"))
    return made


def settings_of(data: Path) -> Settings:
    return Settings(data_dir=data, database_url=f"sqlite:///{data / 'dateline.db'}")


@pytest.fixture(scope="session")
def made(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of all that is in it; not to be changed."""
    data = tmp_path_factory.mktemp("made") / "data"
    shutil.copytree(filled, data)
    out = data.parent / "out"
    assert folder.run(settings_of(data), ["ferries"], out) == 0
    return out


@pytest.fixture
def evidence(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "evidence"))


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    """A copy of the folder of data."""
    return Path(shutil.copytree(filled, tmp_path / "data"))


@pytest.fixture
def collect(data: Path, tmp_path: Path) -> Callable[..., tuple[int, Path]]:
    """Gives ``collect(*asked)``: the status of making evidence, and the folder."""

    def call(*asked: str) -> tuple[int, Path]:
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        return folder.run(settings_of(data), asked or ["ferries"], out), out

    return call
