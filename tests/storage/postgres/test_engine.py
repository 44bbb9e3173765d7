"""PostgreSQL behind the seam keeps what the seam promises, as SQLite does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import postgresql
import pytest

from storage import facts
from storage.connection import ALL, Connection
from storage.errors import Cause, NotFoundError, SchemaTooNewError, StorageError, UnavailableError
from storage.location import location_of
from storage.postgres import engine, schema
from storage.postgres.engine import PostgresDatabase, open_address
from storage.postgres.opening import look, open_prepared
from storage.retention import space


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_address(location_of(postgres_url))
    yield opened
    await opened.close()


async def read(database: PostgresDatabase, name: str) -> str | None:
    async with database.reader() as conn:
        return await facts.find_value(conn, name)


async def test_a_transaction_is_whole_or_nothing_and_commits_are_told(
    database: PostgresDatabase,
) -> None:
    told: list[StorageError | None] = []
    database.listen(told.append)
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "ё\ud800")
    with pytest.raises(RuntimeError, match="mine"):
        async with database.transaction() as tx:
            await facts.set_value(tx, "a", "other")
            raise RuntimeError("mine")
    async with database.transaction() as tx:
        assert await facts.find_value(tx, "nothing") is None
    assert await read(database, "a") == "ё\ufffd"
    assert told == [None]


async def test_rows_are_counted_and_values_are_plain(database: PostgresDatabase) -> None:
    async with database.transaction() as tx:
        before = tx.changes
        sql = "INSERT INTO sketch (hash, document_id) VALUES (?, ?)"
        await tx.execute_many(sql, ((hash, True) for hash in range(5)))
        await tx.execute_many(sql, [])
        assert (
            await tx.execute("UPDATE sketch SET document_id = 2 WHERE '?' <> '' AND hash > ?", (2,))
            == 2
        )
        rows = await tx.fetch_all("DELETE FROM sketch WHERE hash = ? RETURNING hash", (4,))
        assert [row["hash"] for row in rows] == [4]
        assert tx.changes - before == 8
        row = await tx.fetch_one(
            "SELECT sum(hash) AS whole, avg(hash) AS part, max(hash) AS most,"
            """ json_extract(?, '$.a.b') AS inner, json_extract('{"a": null}', '$.a') AS nothing"""
            " FROM sketch LIMIT ?",
            ('{"a": {"b": "\\u0000 apart", "c": 1}}'.replace("\\u0000 ", ""), ALL),
        )
    assert row is not None
    assert (row["whole"], row["part"], row["most"]) == (6, 1.5, 3)
    assert (row["inner"], row["nothing"]) == ("apart", None)


@pytest.mark.parametrize(
    ("sql", "values", "kind", "words"),
    [
        ("SELECT nonsense", (), StorageError, "refused: column"),
        ("SELECT CAST(? AS BIGINT)", (1 << 63,), StorageError, "a value is of no use"),
        ("SELECT CAST('secret !' AS tsquery)", (), StorageError, "the query cannot be run"),
        (
            "INSERT INTO mute (alert_id, channel, title) VALUES (?, ?, ?)",
            (7, "a", "b"),
            NotFoundError,
            "not there any more",
        ),
    ],
)
async def test_what_it_refuses_is_said_in_a_line(
    database: PostgresDatabase,
    sql: str,
    values: tuple[object, ...],
    kind: type[StorageError],
    words: str,
) -> None:
    with pytest.raises(kind, match=words) as raised:
        async with database.transaction() as tx:
            await tx.execute(sql, values)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("postgresql:///postgres: ")


@pytest.mark.parametrize("kind", [list, tuple])
async def test_a_list_of_any_kind_holds_texts_as_one_alone(
    database: PostgresDatabase, kind: type
) -> None:
    async with database.reader() as conn:
        row = await conn.fetch_one("SELECT CAST(? AS TEXT[]) AS held", (kind(["a\0b", "\ud83d"]),))
    assert row is not None
    assert row["held"] == ["a\ufffdb", "\ufffd"]


async def test_a_reader_writes_nothing(database: PostgresDatabase) -> None:
    with pytest.raises(StorageError, match="read-only"):
        async with database.reader() as conn:
            await facts.set_value(conn, "a", "b")


async def test_an_older_server_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "OLDEST", 99)
    with pytest.raises(StorageError, match=r"PostgreSQL \d+ is too old; use 99 or newer"):
        await open_address(location_of(postgres_url))


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "WIN1251"])
async def test_a_database_of_another_encoding_is_refused_untouched(
    postgres_url: str, encoding: str
) -> None:
    url = postgresql.make_database(postgres_url, encoding)
    told = rf"/test_\w+: the database's encoding is {encoding}; restore .* ENCODING 'UTF8'$"
    for opening in (open_prepared, look):
        with pytest.raises(StorageError, match=told):
            await opening(location_of(url))
    conn = await asyncpg.connect(url)
    try:
        assert await conn.fetchval("SELECT to_regclass('schema_migration')") is None
    finally:
        await conn.close()


async def test_the_server_itself_gives_room_back(database: PostgresDatabase) -> None:
    assert (await space.give_back(database)).done == 0


async def count_up(database: PostgresDatabase) -> None:
    async with database.transaction() as tx:
        value = int(await facts.find_value(tx, "count") or 0)
        await asyncio.sleep(0)
        await facts.set_value(tx, "count", str(value + 1))


async def test_writers_of_all_processes_stand_in_one_line(
    database: PostgresDatabase, postgres_url: str
) -> None:
    others = [await open_address(location_of(postgres_url)) for _ in range(3)]
    await asyncio.gather(*(count_up(one) for one in (database, *others) for _ in range(10)))
    assert await read(database, "count") == "40"
    for other in others:
        await other.close()


async def test_who_waits_in_the_line_for_too_long_is_to_try_again(
    database: PostgresDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = engine._BEGIN.replace("lock_timeout = 30000", "lock_timeout = 50")
    assert begin != engine._BEGIN
    monkeypatch.setattr(engine, "_BEGIN", begin)
    other = await open_address(location_of(postgres_url))
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "b")
        with pytest.raises(UnavailableError, match="held by another process; try") as raised:
            await count_up(other)
        # It stands in no line, and sees what was committed.
        async with other.transaction(beside=True) as theirs:
            assert await facts.find_value(theirs, "a") is None
            await facts.set_value(theirs, "c", "d")
        assert await facts.find_value(tx, "c") == "d"
    assert raised.value.cause == "lock"
    await other.close()


async def test_a_process_that_is_gone_without_a_word_holds_nobody_up_for_long(
    database: PostgresDatabase, postgres_url: str
) -> None:
    idle = "idle_in_transaction_session_timeout"
    other = await open_address(location_of(postgres_url))
    with pytest.raises(UnavailableError) as raised:
        async with other.transaction() as theirs:
            row = await theirs.fetch_one(f"SHOW {idle}")
            assert row is not None
            assert row[idle] == "20s"
            await facts.set_value(theirs, "count", "5")
            await theirs.execute(f"SET LOCAL {idle} = 100")  # nothing of it is asked any more
            await count_up(database)
            await facts.set_value(theirs, "count", "6")
    assert raised.value.cause in ("lock", "server")
    assert await read(database, "count") == "1"
    await count_up(other)
    await other.close()


async def test_a_reader_sees_one_moment(database: PostgresDatabase) -> None:
    async with database.reader() as conn:
        assert await facts.find_value(conn, "count") is None
        await count_up(database)
        assert await facts.find_value(conn, "count") is None
    assert await read(database, "count") == "1"


async def test_a_query_whose_task_is_cancelled_ends_and_the_connection_goes_on(
    database: PostgresDatabase,
) -> None:
    async def wait() -> None:
        async with database.transaction() as tx:
            await facts.set_value(tx, "a", "b")
            await tx.fetch_all("SELECT pg_sleep(600)")

    task = asyncio.create_task(wait())
    is_asked = False
    while not is_asked:
        async with database.reader() as conn:
            is_asked = bool(
                await conn.fetch_all(
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE ? AND state = 'active'"
                    " AND pid <> pg_backend_pid()",
                    ("SELECT pg_sleep%",),
                )
            )
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await read(database, "a") is None
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "c")


async def test_connections_that_were_lost_are_made_anew(database: PostgresDatabase) -> None:
    told: list[StorageError | None] = []
    database.listen(told.append)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with pytest.raises(UnavailableError, match="cannot be reached") as raised:
        async with database.transaction() as tx:
            await facts.set_value(tx, "a", "b")
            async with database.reader() as conn:
                await conn.fetch_all(f"{end} AND datname = current_database()")
            await facts.set_value(tx, "a", "c")
    assert raised.value.cause == "server"
    assert told == [raised.value]
    assert await read(database, "a") is None
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "d")
    assert await read(database, "a") == "d"


async def test_a_connection_that_serves_after_another_was_lost_is_kept(
    database: PostgresDatabase,
) -> None:
    async def ask(conn: Connection) -> int:
        row = await conn.fetch_one("SELECT pg_backend_pid() AS pid")
        assert row is not None
        return int(row["pid"])

    async with database.reader() as conn:
        database._way.lose(all_of_them=True)
        served_by = await ask(conn)
    assert not database._way.is_lost  # so that who waits for others is told just that
    async with database.reader() as conn:
        assert await ask(conn) == served_by


@pytest.mark.parametrize(("cause", "is_kept"), [("server", False), ("lock", True)])
async def test_a_connection_to_a_server_that_failed_is_not_used_again(
    database: PostgresDatabase, cause: Cause, is_kept: bool
) -> None:
    used: list[int] = []
    for failure in (UnavailableError("away", cause=cause), None):
        with contextlib.suppress(UnavailableError):
            async with database.transaction() as tx:
                row = await tx.fetch_one("SELECT pg_backend_pid() AS process")
                assert row is not None
                used.append(row["process"])
                if failure is not None:
                    raise failure
    assert (used[0] == used[1]) is is_kept


async def test_who_met_another_in_a_deadlock_is_to_try_again(
    database: PostgresDatabase, postgres_url: str
) -> None:
    other = await open_address(location_of(postgres_url))
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "0")
        await facts.set_value(tx, "b", "0")
    met = asyncio.Barrier(2)

    async def cross(db: PostgresDatabase, first: str, second: str, *, alone: bool = False) -> None:
        async with db.transaction(beside=True) as tx:
            await tx.execute("SET LOCAL deadlock_timeout = '20ms'")
            await facts.set_value(tx, first, f"{first}{second}")
            if not alone:
                await met.wait()
            await facts.set_value(tx, second, f"{first}{second}")

    orders = ((database, "a", "b"), (other, "b", "a"))
    ended = await asyncio.gather(*(cross(*one) for one in orders), return_exceptions=True)
    (error,) = [one for one in ended if one is not None]
    assert isinstance(error, UnavailableError) and error.cause == "lock"
    assert "wrote the same at the same time; try again" in str(error)
    lost = orders[ended.index(error)]
    await cross(*lost, alone=True)
    assert await read(database, "a") == await read(database, "b") == f"{lost[1]}{lost[2]}"
    await other.close()


async def test_who_could_not_be_put_in_a_row_with_others_is_to_try_again(
    database: PostgresDatabase, postgres_url: str
) -> None:
    other = await open_address(location_of(postgres_url))
    await count_up(database)

    async def count_strictly(*, beside: bool) -> None:
        async with database.transaction(beside=True) as tx:
            await tx.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            value = int(await facts.find_value(tx, "count") or 0)
            if beside:
                await count_up(other)
            await facts.set_value(tx, "count", str(value + 1))

    with pytest.raises(UnavailableError, match="wrote the same at the same time") as raised:
        await count_strictly(beside=True)
    assert raised.value.cause == "lock"
    await count_strictly(beside=False)
    assert await read(database, "count") == "3"
    await other.close()


async def test_ids_are_skipped(database: PostgresDatabase) -> None:
    add = "INSERT INTO channel (watched, added_at) VALUES (1, 0)"
    async with database.transaction() as tx:
        first = await tx.insert(add)
        await tx.skip_ids("channel", 10_000)
        assert await tx.insert(add) > first + 10_000


async def test_a_newer_schema_is_refused(database: PostgresDatabase) -> None:
    await schema.prepare(database)  # is today's already
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO schema_migration VALUES (9999, 'later', 0)")
    with pytest.raises(SchemaTooNewError, match=r"schema 9999.*install the newer version"):
        await schema.prepare(database)
    async with database.transaction() as tx:  # what a server is started for stays
        await tx.execute("DELETE FROM schema_migration WHERE version = 9999")


async def test_what_was_deleted_is_wiped_out(database: PostgresDatabase) -> None:
    async with database.transaction() as tx:
        await facts.set_value(tx, "a", "b")
        await tx.execute("DELETE FROM fact")
    assert await database.scrub()
    await database.vacuum()


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(UnavailableError, match="cannot be reached") as raised:
        await open_address(location_of("postgresql://ann:secret@127.0.0.1:1/dateline"))
    assert str(raised.value).startswith("postgresql://127.0.0.1:1/dateline: ")


async def test_the_first_rows_are_found_by_their_index_whatever_the_server_believes(
    database: PostgresDatabase,
) -> None:
    asked = (
        "EXPLAIN SELECT id FROM delivery WHERE state = 'queued' AND due_at <= ?"
        " ORDER BY priority, due_at, id LIMIT 3"
    )
    async with database.transaction() as tx:
        plan = [str(row["QUERY PLAN"]) for row in await tx.fetch_first(asked, (5,))]
        after = await tx.fetch_one("SHOW enable_sort")
    assert any("Index Scan using delivery_queue" in line for line in plan)
    assert not any("->  Sort" in line for line in plan)
    assert after is not None
    assert after["enable_sort"] == "on"
