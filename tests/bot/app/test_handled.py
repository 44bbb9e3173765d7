"""Who takes over to serve goes on where another has ended."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app import handled
from storage import facts
from storage.connection import Database
from storage.database import open_database

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Bot:
    """What is asked of a client here."""

    def __init__(self, numbers: tuple[int, int] | None = None, *, is_new: bool = True) -> None:
        self.numbers = numbers
        self.heard_from: tuple[int, int] | None = None
        self._is_new = is_new

    def was_signed_in(self) -> bool:
        return not self._is_new

    def handled_until(self) -> tuple[int, int] | None:
        return self.numbers

    def hear_from(self, pts: int, qts: int) -> bool:
        self.heard_from = pts, qts
        return True


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    made = await open_database(database_url)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("said", "is_new", "expected"),
    [
        (None, True, None),
        ("[5, 0, 71, 3]", True, (71, 3)),
        ("[5, 0, 71, 3]", False, None),  # its session knows up to where it heard
        ("[6, 0, 71, 3]", True, None),  # another bot
        ("[5, -3599, 71, 3]", True, (71, 3)),
        ("[5, -3601, 71, 3]", True, None),
    ],
)
async def test_a_new_session_goes_on_where_another_has_ended(
    db: Database, said: str | None, is_new: bool, expected: tuple[int, int] | None
) -> None:
    if said is not None:
        whose, ago, *numbers = json.loads(said)
        text = json.dumps([whose, (NOW + timedelta(seconds=ago)).timestamp(), *numbers])
        async with db.transaction() as tx:
            await facts.set_value(tx, handled._FACT, text)
    bot: Any = Bot(is_new=is_new)
    (await handled.go_on(db, bot, 5, now=NOW)).close()
    assert bot.heard_from == expected


async def test_what_was_handled_is_written_whenever_nothing_is_under_way(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handled, "TICK", 0.001)

    async def until(is_so: Callable[[str | None], bool]) -> str | None:
        async with asyncio.timeout(60):
            while True:
                async with db.reader() as conn:
                    value = await facts.find_value(conn, handled._FACT)
                if is_so(value):
                    return value
                await asyncio.sleep(0)

    bot: Any = Bot()
    keeping = asyncio.create_task(await handled.go_on(db, bot, 5))
    try:
        for _ in range(20):
            await asyncio.sleep(0)
        assert await until(lambda _: True) is None
        bot.numbers = 71, 3
        first = await until(lambda value: value is not None)
        assert handled._read(first, 5, datetime.now(UTC)) == (71, 3)
        bot.numbers = None
        bot.numbers = 72, 3
        assert "72, 3]" in (await until(lambda value: value != first) or "")
        monkeypatch.setattr(handled, "BEAT_SECONDS", 0.0)
        same = await until(lambda _: True)
        assert "72, 3]" in (await until(lambda value: value != same) or "")
    finally:
        keeping.cancel()
