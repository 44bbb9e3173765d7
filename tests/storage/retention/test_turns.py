"""Turns of the writer that are as long as they should be, on whatever machine."""

from collections.abc import Iterator

import pytest

from storage.connection import Database
from storage.retention import turns


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The clock of the turns: what is put into the list passes while one lasts."""
    lengths: list[float] = []
    now = iter(range(10**6))
    times = [0.0]

    def tell() -> float:
        if next(now) % 2:
            times[0] += lengths.pop(0)
        return times[0]

    monkeypatch.setattr(turns, "perf_counter", tell)
    yield lengths
    assert not lengths


async def test_what_takes_long_is_done_in_smaller_pieces(
    database: Database, clock: list[float]
) -> None:
    given = turns.Turns(database, least=2, most=10)
    sizes = []
    given.size = 8
    clock += [0.001, 0.001, 0.03, 0.01, 0.5, 0.5, 0.5]
    for _ in range(7):
        async with given.turn():
            pass
        sizes.append(given.size)
    assert sizes == [10, 10, 5, 5, 2, 2, 2]
    assert given.longest == pytest.approx(0.5)


async def test_what_fails_is_undone_and_no_turn(database: Database) -> None:
    given = turns.Turns(database)
    with pytest.raises(ValueError, match="no"):
        async with given.turn() as tx:
            await tx.execute("INSERT INTO fact (name, value) VALUES ('a', 'b')")
            raise ValueError("no")
    async with database.reader() as conn:
        assert await conn.fetch_all("SELECT * FROM fact WHERE name = 'a'") == []
