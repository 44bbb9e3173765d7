"""Saved queries kept between two runs: they save time, and change nothing that matches."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import storage
from bot.app import kept_queries
from bot.app.kept_queries import NAME, KeptQueries
from bot.intake import saved_queries
from storage import database
from storage.chats import erasure
from storage.connection import Database
from storage.document import Block, Document, Source
from storage.query.matching import directly
from storage.subscribers import alerts, subscribers

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)
OTHERS = (
    "ferry -storm",
    "port is:edited",
    "ferry NEAR/3 crane",
    "(ferry OR crane OR barge) (port OR quay OR pier) (delay OR storm OR strike)",
)
POSTS = (
    "a ferry in port7",
    "a ferry and a crane",
    "a crane strike at the quay",
    "a storm, a ferry",
)
NUMBER = 1_200


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """What a test has taken from the collector of garbage is given back."""
    yield
    gc.unfreeze()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    async with opened.transaction() as tx:
        for chat_id in (1, 2):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
        queries = [*OTHERS, *(f"ferry port{n}" for n in range(600))]
        queries += [f"crane quay{n}" for n in range(NUMBER - len(queries))]
        await tx.execute_many(
            "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, 0)",
            [(1 + n % 2, query) for n, query in enumerate(queries)],
        )
        await alerts.add_alert(tx, chat_id=2, query="ferry -storm", now=NOW)
    yield opened
    await opened.close()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that were read as text."""
    seen: list[str] = []
    really = directly.read

    def read(text: str) -> directly.PlainQuery | None:
        seen.append(text)
        return really(text)

    monkeypatch.setattr(directly, "read", read)
    return seen


def post(text: str) -> Document:
    return Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        title=None,
        body=(Block(type="para", text=text),),
        content_hash="0" * 16,
    )


def fired(kept: KeptQueries) -> list[list[saved_queries.Saved]]:
    documents = [*map(post, POSTS)]
    return [
        *map(kept.saved.matching, documents),
        *(kept.saved.telling_of(document, "edited") for document in documents),
    ]


def left_in(folder: Path) -> list[str]:
    """The files of queries there, finished or not."""
    return [path.name for path in folder.iterdir() if NAME in path.name]


async def end(kept: KeptQueries, db: Database) -> None:
    await kept.follow(db)
    kept.write()


async def run(db: Database, folder: Path) -> list[list[saved_queries.Saved]]:
    """A run, from its start to its end; gives what the posts fire."""
    kept = KeptQueries(folder)
    await kept.load(db)
    assert not (folder / NAME).is_file()
    found = fired(kept)
    await end(kept, db)
    return found


async def test_a_second_start_parses_only_what_keys_do_not_decide(
    db: Database, tmp_path: Path, parsed: list[str]
) -> None:
    first = await run(db, tmp_path)
    assert len(first[0]) == 3
    assert len(parsed) == NUMBER
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    parsed.clear()
    assert await run(db, tmp_path) == first
    assert set(parsed) <= {"port is:edited", "ferry NEAR/3 crane"}
    assert await run(db, tmp_path) == first


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not ours" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes()[: kept_queries._CHECK]),
        lambda path: path.write_bytes(path.read_bytes() + b"\0"),
        lambda path: path.write_bytes(bytes(32) + path.read_bytes()[32:]),
        _flip,
        _directory,
    ],
    ids=["gone", "empty", "foreign", "cut", "head", "longer", "program", "flipped", "directory"],
)
async def test_a_damaged_file_is_not_used(
    db: Database, tmp_path: Path, parsed: list[str], damage: Callable[[Path], object]
) -> None:
    first = await run(db, tmp_path)
    damage(tmp_path / NAME)
    parsed.clear()
    assert await run(db, tmp_path) == first
    assert len(parsed) == NUMBER


async def test_a_file_of_another_program_is_not_used(
    db: Database, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await run(db, tmp_path)
    monkeypatch.setattr(kept_queries, "digest_program", lambda: bytes(32))
    parsed.clear()
    assert await run(db, tmp_path) == first
    assert len(parsed) == NUMBER


async def test_a_program_that_was_replaced_while_it_ran_counts_as_what_it_was(
    db: Database, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptQueries(tmp_path)
    await kept.load(db)
    monkeypatch.setattr(kept_queries, "digest_program", lambda: bytes(32))
    await end(kept, db)
    parsed.clear()
    await run(db, tmp_path)
    assert len(parsed) == NUMBER


async def test_whatever_the_database_became_meanwhile_its_queries_count(
    db: Database, tmp_path: Path
) -> None:
    before = await run(db, tmp_path)
    async with db.transaction() as tx:
        await tx.execute("UPDATE alert SET query = 'barge' WHERE query = 'ferry port7'", ())
        await tx.execute("UPDATE alert SET query = 'ferry port7' WHERE query = 'ferry port9'", ())
        await tx.execute("DELETE FROM alert WHERE query LIKE 'ferry port1%'", ())
        await tx.execute("UPDATE alert SET id = id + 5000 WHERE id % 2 = 0", ())
        await alerts.add_alert(tx, chat_id=1, query="crane", now=NOW)
    found = await run(db, tmp_path)
    (tmp_path / NAME).unlink()
    assert found == await run(db, tmp_path)
    assert found != before


async def test_what_was_taken_back_lies_in_no_file(db: Database, tmp_path: Path) -> None:
    async with db.transaction() as tx:
        await alerts.add_alert(tx, chat_id=2, query="zeppelin", now=NOW)
        await subscribers.add_subscriber(tx, chat_id=3, now=NOW)
        await alerts.add_alert(tx, chat_id=3, query="submarine", now=NOW)
    await run(db, tmp_path)
    assert b"submarine" in (tmp_path / NAME).read_bytes()
    kept = KeptQueries(tmp_path)
    await kept.load(db)
    assert not left_in(tmp_path)
    async with db.transaction() as tx:
        await erasure.erase_chat(tx, 3)
    await end(kept, db)
    content = (tmp_path / NAME).read_bytes()
    assert b"zeppelin" in content
    assert b"submarine" not in content


async def test_what_a_killed_process_left_is_removed(db: Database, tmp_path: Path) -> None:
    (tmp_path / f".{NAME}.new").write_bytes(b"half")
    await KeptQueries(tmp_path).load(db)
    assert not left_in(tmp_path)


async def test_nothing_is_written_while_it_may_hold_what_was_taken_back(
    db: Database, tmp_path: Path
) -> None:
    kept = KeptQueries(tmp_path)
    await kept.load(db)
    kept.write()
    await kept.follow(db)
    kept.begin()
    kept.write()
    assert not left_in(tmp_path)


async def test_a_few_queries_are_not_kept(db: Database, tmp_path: Path) -> None:
    await run(db, tmp_path)
    async with db.transaction() as tx:
        await tx.execute("DELETE FROM alert WHERE id > 900", ())
    await run(db, tmp_path)
    assert not (tmp_path / NAME).exists()


async def test_nothing_is_kept_of_a_start_that_did_not_end(db: Database, tmp_path: Path) -> None:
    await end(KeptQueries(tmp_path), db)
    assert not left_in(tmp_path)


async def test_what_cannot_be_written_is_said(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    kept = KeptQueries(folder)
    await kept.load(db)
    shutil.rmtree(folder)
    with capture_logs() as logs:
        await end(kept, db)
    assert [one["event"] for one in logs] == ["the next start parses all queries"]


async def test_a_database_that_is_closed_already_is_said(db: Database, tmp_path: Path) -> None:
    kept = KeptQueries(tmp_path)
    await kept.load(db)
    await db.close()
    with capture_logs() as logs:
        await end(kept, db)
    assert [one["event"] for one in logs] == ["the next start parses all queries"]
    assert not (tmp_path / NAME).exists()


def test_the_same_program_has_the_same_hash() -> None:
    assert kept_queries.digest_program() == kept_queries.digest_program()


async def test_a_service_that_begins_anew_counts_as_the_program_that_began(
    db: Database, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptQueries(tmp_path)
    with monkeypatch.context() as replaced:
        replaced.setattr(kept_queries, "digest_program", lambda: bytes(32))
        kept.begin()
        await kept.load(db)
        await end(kept, db)
        parsed.clear()
        await run(db, tmp_path)
    assert len(parsed) == NUMBER


def test_every_file_that_tells_what_queries_mean_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(storage.__file__).parent
    copied = tmp_path / "storage"
    shutil.copytree(root, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(storage, "__file__", str(copied / "__init__.py"))
    seen = {kept_queries.digest_program()}
    files = [path for path in sorted((copied / "query").rglob("*")) if path.is_file()]
    others = [path for path in files if path.suffix != ".py"]
    for changed in (files[0], *others, copied / "languages" / "ru-en.tsv"):
        changed.write_bytes(changed.read_bytes() + b"\n")
        seen.add(kept_queries.digest_program())
    assert others
    assert len(seen) == len(others) + 3


def test_what_python_compiled_of_a_program_changes_no_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "query" / "__pycache__"
    copied.mkdir(parents=True)
    monkeypatch.setattr(storage, "__file__", str(tmp_path / "__init__.py"))
    before = kept_queries.digest_program()
    (copied / "tree.cpython-311.pyc").write_bytes(b"compiled")
    assert kept_queries.digest_program() == before


async def test_a_program_that_cannot_be_read_keeps_none(
    db: Database, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await run(db, tmp_path)

    def fails() -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kept_queries, "digest_program", fails)
    parsed.clear()
    assert await run(db, tmp_path) == first
    assert len(parsed) == NUMBER
    assert not left_in(tmp_path)


@pytest.mark.parametrize(
    "parts", [b"", b"\xc1", b"\x01", b"\xdd\xff\xff\xff\xff", b"\x91\x01", b"\x90\x90"]
)
async def test_a_sealed_file_of_something_else_is_not_used(
    db: Database, tmp_path: Path, parsed: list[str], parts: bytes
) -> None:
    first = await run(db, tmp_path)
    program = kept_queries.digest_program()
    (tmp_path / NAME).write_bytes(kept_queries._seal(program, parts))
    parsed.clear()
    assert await run(db, tmp_path) == first
    assert len(parsed) == NUMBER


async def test_a_process_beside_others_keeps_none(db: Database, tmp_path: Path) -> None:
    await run(db, tmp_path)
    assert left_in(tmp_path)
    kept = KeptQueries(tmp_path, is_alone=False)
    assert not left_in(tmp_path)
    await kept.load(db)
    await end(kept, db)
    assert not left_in(tmp_path)


async def test_what_was_read_is_overwritten(db: Database, tmp_path: Path) -> None:
    await run(db, tmp_path)
    half = tmp_path / f".{NAME}.new"
    half.write_bytes(b"ferry" * 1_000)
    with (tmp_path / NAME).open("rb") as whole, half.open("rb") as part:
        await KeptQueries(tmp_path).load(db)
        assert not left_in(tmp_path)
        assert not any(whole.read())
        assert not any(part.read())


async def test_what_was_written_of_a_file_that_fails_does_not_stay(
    db: Database, tmp_path: Path
) -> None:
    kept = KeptQueries(tmp_path)
    await kept.load(db)
    (tmp_path / NAME).mkdir()
    await end(kept, db)
    assert left_in(tmp_path) == [NAME]


async def test_a_stop_while_queries_are_loaded_reads_them_no_second_time(
    db: Database, tmp_path: Path, parsed: list[str]
) -> None:
    await run(db, tmp_path)
    kept = KeptQueries(tmp_path)
    loading = asyncio.create_task(kept.load(db))
    for _ in iter(lambda: len(kept.saved) >= kept_queries.LEAST, True):
        await asyncio.sleep(0)
    loading.cancel()
    await asyncio.wait([loading])
    parsed.clear()
    await end(kept, db)
    assert not parsed
    assert not left_in(tmp_path)
