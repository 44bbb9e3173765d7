"""What is read ahead changes no answer."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.connection import Connection, Database, Query
from storage.errors import StorageError
from storage.sqlite.ahead import Ahead, Beginning
from storage.sqlite.driver import Driver
from storage.sqlite.engine import READERS, SqliteConnection

pytestmark = pytest.mark.usefixtures("sqlite_alone")

_ASKED: tuple[Query, ...] = (
    ("SELECT name, value FROM fact WHERE name IN ('one', 'other') ORDER BY name", ()),
    ("SELECT value FROM fact WHERE name = ?", ("one",)),
    ("SELECT value FROM fact WHERE name = ?", ("other",)),
    ("SELECT count(*) FROM fact", ()),
)
_PUT = "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?"


class Hops:
    """Counts the hops to the writer's thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        run = Driver.run

        async def counted(driver: Driver, work: Callable[..., Any]) -> Any:
            self.count += 1
            return await run(driver, work)

        monkeypatch.setattr(Driver, "run", counted)


async def _do(tx: Connection, steps: list[object], *, expects: bool) -> list[object]:
    """Ask, write at once, put a writing off, or say what will be asked (if it ``expects``); gives
    what was answered."""
    found: list[object] = []
    for number, step in enumerate(steps):
        row = (step, str(number), str(number))
        if isinstance(step, frozenset):
            if expects:
                tx.expect(*(_ASKED[place] for place in step))
        elif isinstance(step, int):
            found.append([tuple(one) for one in await tx.fetch_all(*_ASKED[step])])
        elif isinstance(step, tuple):
            asked = [_ASKED[place] for place in step]
            found.append([[tuple(one) for one in rows] for rows in await tx.fetch_each(*asked)])
        elif number % 2:
            await tx.execute_later((_PUT, [row]))
        elif number % 3:
            await tx.execute(_PUT, row)
        else:
            found.append(len(await tx.fetch_all(f"{_PUT} RETURNING name", row)))
    return found


_PLACES = st.integers(0, len(_ASKED) - 1)
_STEPS = st.lists(
    _PLACES
    | st.tuples(_PLACES, _PLACES)
    | st.frozensets(_PLACES)
    | st.sampled_from(["one", "other"])
)


@pytest.mark.slow
async def test_answers_are_the_same_with_and_without(database: Database) -> None:
    loop = asyncio.get_running_loop()

    class Undone(Exception):
        pass

    async def answers(steps: list[object], expected: list[Query] | None) -> list[object]:
        try:
            async with database.transaction(expected=expected or ()) as tx:
                found = await _do(tx, steps, expects=expected is not None)
                raise Undone
        except Undone:
            return found

    @given(_STEPS, st.lists(_PLACES))
    def check(steps: list[object], places: list[int]) -> None:
        expected = [_ASKED[place] for place in places]
        ahead, plain = (
            asyncio.run_coroutine_threadsafe(answers(steps, asked), loop).result(30)
            for asked in (expected, None)
        )
        assert ahead == plain

    await asyncio.to_thread(check)


async def test_what_was_expected_takes_no_hop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        await tx.execute(_PUT, ("one", "1", "1"))
    hops = Hops(monkeypatch)
    async with database.transaction(expected=_ASKED[:2]) as tx:
        first, second = await tx.fetch_each(*_ASKED[:2])
        assert ([*first[0]], [*second[0]]) == (["one", "1"], ["1"])
        assert hops.count == 1
        await tx.fetch_all(*_ASKED[0])
        assert hops.count == 2


async def test_what_will_be_asked_is_read_with_the_next_question(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops = Hops(monkeypatch)
    async with database.transaction() as tx:
        await tx.execute(_PUT, ("one", "1", "1"))
        tx.expect(*_ASKED[:2])
        await tx.execute_later((_PUT, [("one", "2", "2")]))
        assert len(await tx.fetch_all(*_ASKED[3])) == 1
        assert hops.count == 3
        first, second = await tx.fetch_each(*_ASKED[:2])
        assert ([*first[0]], [*second[0]]) == (["one", "2"], ["2"])
        assert hops.count == 3
        tx.expect(_ASKED[1])
    async with database.transaction() as tx:
        await tx.fetch_all(*_ASKED[3])
        await tx.execute(_PUT, ("one", "3", "3"))
        assert [*(await tx.fetch_all(*_ASKED[1]))[0]] == ["3"]


async def test_a_reader_keeps_no_answer_for_the_next(database: Database) -> None:
    for value in ("1", "2"):
        async with database.transaction() as tx:
            await tx.execute(_PUT, ("one", value, value))
        for _ in range(READERS):
            async with database.reader() as conn:
                conn.expect(_ASKED[1])
                await conn.fetch_all(*_ASKED[3])
                conn.expect(_ASKED[1])
            async with database.reader() as conn:
                assert [*(await conn.fetch_all(*_ASKED[1]))[0]] == [value]


async def test_nothing_is_left_for_the_next_transaction(database: Database) -> None:
    async with database.transaction(expected=_ASKED) as tx:
        pass
    async with database.transaction() as tx:
        await tx.execute(_PUT, ("one", "1", "1"))
    async with database.transaction() as tx:
        assert len(await tx.fetch_all(*_ASKED[0])) == 1


async def test_a_transaction_that_is_open_is_not_taken_for_the_next(database: Database) -> None:
    with pytest.raises(StorageError, match="within a transaction"):
        async with database.transaction() as tx:
            await cast(SqliteConnection, tx).begin(_ASKED)
    driver = sqlite3.connect(":memory:", isolation_level=None)
    beginning = Beginning([("SELECT 1", ())])
    assert beginning(driver) == beginning(driver) == [[(1,)]]
    with pytest.raises(sqlite3.OperationalError):
        Beginning([])(driver)
    driver.rollback()
    assert beginning(driver) == [[(1,)]]
    assert driver.in_transaction
    driver.close()


def test_an_answer_is_given_once_and_not_after_a_change() -> None:
    ahead = Ahead()
    one, other = ("SELECT 1", ()), ("SELECT 2", ())
    ahead.keep([one, other], [[], []], changes=3)
    assert ahead.take([one, one], lambda: 3) == [[], None]
    assert ahead.take([other], lambda: 4) == [None]
    ahead.keep([one], [[]], changes=3)
    ahead.clear()
    assert ahead.take([one], lambda: 3) == [None]
