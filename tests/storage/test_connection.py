"""What asks for several things at once, on both engines alike."""

from collections.abc import Iterator

import pytest

from storage import connection
from storage.connection import Database, fetch_groups, queries_in
from storage.errors import StorageError

ADD = "INSERT INTO fact (name, value) VALUES (?, ?)"
NAMED = "SELECT name, value FROM fact WHERE name IN (:values) ORDER BY name"
SAID = "SELECT CAST(? AS TEXT) AS said, name FROM fact WHERE name IN (:values)"
ALL = "SELECT name, value FROM fact WHERE name LIKE 'dock%' ORDER BY name"


async def list_docks(database: Database) -> list[tuple[str, str]]:
    async with database.reader() as conn:
        return [(row["name"], row["value"]) for row in await conn.fetch_all(ALL)]


async def test_statements_are_run_in_their_order_and_so_are_what_makes_their_rows(
    database: Database,
) -> None:
    made: list[str] = []

    def make(*names: str) -> Iterator[tuple[str, str]]:
        for name in names:
            made.append(name)
            yield name, str(len(made))

    async with database.transaction() as tx:
        before = tx.changes
        await tx.execute_later(
            (ADD, make("dock 2", "dock 1")),
            (ADD, []),
            (ADD, iter(())),
            ("UPDATE fact SET value = value || ? WHERE name = ?", [("!", "dock 1")]),
            (ADD, make("dock 3")),
            ("DELETE FROM fact WHERE name = ?", [("dock 2",)]),
        )
        assert len(await tx.fetch_all(ALL)) == 2
        assert tx.changes - before == 5
    assert made == ["dock 2", "dock 1", "dock 3"]
    assert await list_docks(database) == [("dock 1", "2!"), ("dock 3", "3")]


@pytest.mark.parametrize("place", range(3))
async def test_one_that_is_refused_takes_all_with_it(database: Database, place: int) -> None:
    statements = [(ADD, [(f"dock {number}", "1")]) for number in range(2)]
    statements.insert(place, ("INSERT INTO nowhere (a) VALUES (?)", [("dock",)]))
    with pytest.raises(StorageError, match="nowhere"):
        async with database.transaction() as tx:
            await tx.execute_later(*statements)
    assert await list_docks(database) == []


async def test_rows_that_cannot_be_made_take_all_with_them(database: Database) -> None:
    def make() -> Iterator[tuple[str, str]]:
        yield "dock 2", "1"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute_later((ADD, [("dock 1", "1")]), (ADD, make()))
    assert await list_docks(database) == []


async def test_what_is_run_later_is_seen_by_whatever_follows_and_committed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.execute_later((ADD, iter([("dock 1", "1")])))
        await tx.execute_later(
            (ADD, [("dock 2", "2")]), ("UPDATE fact SET value = value || ?", [("!",)])
        )
        assert [row["value"] for row in await tx.fetch_all(ALL)] == ["1!", "2!"]
        await tx.execute_later((ADD, [("dock 3", "3")]))
        assert await tx.execute("DELETE FROM fact WHERE name = 'dock 3'") == 1
        await tx.execute_later((ADD, [("dock 3", "3")]))
        await tx.execute_many(ADD, [("dock 4", "4")])
        await tx.execute_later((ADD, [("dock 5", "5")]))
        (rows,) = await tx.fetch_each((ALL, ()))
        assert [row["value"] for row in rows] == ["1!", "2!", "3", "4", "5"]
        await tx.execute_later(("DELETE FROM fact WHERE name = ?", [("dock 1",), ("dock 2",)]))
    assert await list_docks(database) == [("dock 3", "3"), ("dock 4", "4"), ("dock 5", "5")]


@pytest.mark.parametrize("is_last", [False, True])
async def test_what_is_run_later_and_refused_takes_all_with_it(
    database: Database, is_last: bool
) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        async with database.transaction() as tx:
            await tx.execute(ADD, ("dock 1", "1"))
            await tx.execute_later((ADD, [("dock 2", "2")]), ("DELETE FROM nowhere", [()]))
            if not is_last:
                await tx.fetch_all(ALL)
    assert await list_docks(database) == []
    async with database.transaction() as tx:
        await tx.execute(ADD, ("dock 3", "3"))
    assert await list_docks(database) == [("dock 3", "3")]


async def test_what_is_run_later_is_forgotten_with_its_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute_later((ADD, [("dock 1", "1")]))
            raise ZeroDivisionError
    async with database.transaction() as tx:
        await tx.execute(ADD, ("dock 2", "2"))
    assert await list_docks(database) == [("dock 2", "2")]


async def test_what_no_text_may_hold_is_replaced_here_too(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute_later((ADD, [("dock\0", "\ud800")]))
        rows, others = await tx.fetch_each((ALL, ()), ("SELECT CAST(? AS TEXT) AS said", ("\0",)))
    assert [tuple(row) for row in rows] == [("dock\ufffd", "\ufffd")]
    assert others[0]["said"] == "\ufffd"


async def test_each_query_gets_its_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_VALUES", 2)
    names = [f"dock {number}" for number in range(5)]
    async with database.transaction() as tx:
        await tx.execute_many(ADD, [(name, name[-1]) for name in names])
    async with database.reader() as conn:
        found = await fetch_groups(
            conn,
            queries_in(NAMED, names),
            queries_in(NAMED, []),
            [("SELECT count(*) AS n FROM fact WHERE name LIKE ?", ("dock%",))],
            queries_in(SAID, ["dock 4"], before=("so",)),
        )
        assert await fetch_groups(conn, [], iter(())) == [[], []]
        assert list(await conn.fetch_each()) == []
    assert [row["name"] for row in found[0]] == names
    assert found[1] == []
    assert found[2][0]["n"] == 5
    assert [tuple(row) for row in found[3]] == [("so", "dock 4")]
    assert len(found) == 4


async def test_a_refused_query_says_what_the_engine_said(database: Database) -> None:
    async with database.reader() as conn:
        with pytest.raises(StorageError, match="nowhere"):
            await conn.fetch_each((ALL, ()), ("SELECT 1 FROM nowhere", ()))
    assert await list_docks(database) == []
