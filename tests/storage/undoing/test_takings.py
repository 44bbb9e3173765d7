"""What was set up from a file: found for a day by its chat, and gone with it."""

from datetime import datetime, timedelta

import pytest

from storage import times
from storage.chats import erasure, moving
from storage.connection import Connection
from storage.subscribers import subscribers
from storage.undoing import takings
from storage.undoing.takings import Taken

ANN, BEN = 5, 6
DAY = timedelta(days=1)


def made(now: datetime) -> Taken:
    return Taken(at=times.to_epoch(now), alerts=[7], before={"timezone": None, "language": "ru"})


@pytest.mark.parametrize(
    ("chat_id", "later", "is_found"),
    [
        (ANN, timedelta(0), True),
        (ANN, DAY, True),
        (ANN, DAY + timedelta(seconds=1), False),
        (BEN, timedelta(0), False),
    ],
)
async def test_it_is_found_by_its_chat_for_a_day(
    tx: Connection, now: datetime, chat_id: int, later: timedelta, is_found: bool
) -> None:
    await takings.keep(tx, ANN, made(now))
    found = await takings.find(tx, chat_id, times.to_epoch(now), now=now + later)
    assert found == (made(now) if is_found else None)
    await takings.prune_taken(tx, now=now + later)
    found = await takings.find(tx, chat_id, times.to_epoch(now), now=now)
    assert (found is not None) is is_found


async def test_only_the_last_one_is_kept(tx: Connection, now: datetime) -> None:
    await takings.keep(tx, ANN, made(now))
    await takings.keep(tx, ANN, made(now + timedelta(hours=1)))
    assert await takings.find(tx, ANN, times.to_epoch(now), now=now) is None
    await takings.forget(tx, ANN)
    later = now + timedelta(hours=1)
    assert await takings.find(tx, ANN, times.to_epoch(later), now=later) is None


async def test_it_goes_along_with_its_chat_and_is_forgotten_with_it(
    tx: Connection, now: datetime
) -> None:
    await subscribers.add_subscriber(tx, chat_id=-ANN, now=now)
    await takings.keep(tx, -ANN, made(now))
    await moving.move_chat(tx, -ANN, -BEN)
    assert await takings.find(tx, -ANN, times.to_epoch(now), now=now) is None
    assert await takings.find(tx, -BEN, times.to_epoch(now), now=now) == made(now)
    await erasure.erase_chat(tx, -BEN)
    assert await takings.find(tx, -BEN, times.to_epoch(now), now=now) is None
