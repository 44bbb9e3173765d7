"""What is said of a history that was read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.commands.backfill import _follow, _show
from storage import database
from storage.channels import backfills, channels
from storage.errors import NotFoundError
from storage.records import Backfill, Channel

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HARBOUR = Channel(id=1, channel_id=7, username="harbour", watched=True, added_at=NOW)


def done(next_id: int, *, finished: bool = True, error: str | None = None) -> Backfill:
    return Backfill(
        channel=1,
        next_id=next_id,
        last_id=40,
        posts=12,
        asked_at=NOW,
        finished_at=NOW if finished else None,
        error=error,
    )


@pytest.mark.parametrize(
    ("backfill", "state", "complete"),
    [
        (done(41), "all is read", True),
        (done(40), "read up to message 39", False),
        (done(41, finished=False), "read up to message 40", False),
        (done(1), "read up to message 0", False),
        (done(0, error="CHANNEL_PRIVATE"), "read up to message 0", False),
    ],
)
def test_how_far_it_is_read_is_said(
    backfill: Backfill, state: str, complete: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _show(HARBOUR, backfill, as_json=False)
    assert capsys.readouterr().out == f"@harbour: 12 posts of history, {state}\n"
    _show(HARBOUR, backfill, as_json=True)
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert facts == {
        "channel": "@harbour",
        "posts": 12,
        "next_id": backfill.next_id,
        "last_id": 40,
        "complete": complete,
        "error": backfill.error,
    }


@pytest.mark.parametrize(
    ("begun", "next_id", "shown"), [(False, 5, (0, 1)), (True, 5, (0, 10)), (True, 9, (4, 10))]
)
async def test_how_far_it_is_read_is_shown(
    database_url: str, begun: bool, next_id: int, shown: tuple[int, int]
) -> None:
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, username="harbour", now=NOW)
        await backfills.ask_for(tx, channel.id, now=NOW)
        if begun:
            await backfills.begin(tx, channel.id, first_id=5, last_id=14)
            await backfills.advance(tx, channel.id, from_id=5, next_id=next_id, posts=3)
        await backfills.finish(tx, channel.id, finished_at=NOW)
    told: list[tuple[int, int]] = []
    working: Any = None
    found = await _follow(db, channel, working, lambda *given: told.append(given))
    await db.close()
    assert (told, found.finished_at) == ([shown], NOW)


async def test_of_a_channel_that_is_watched_no_more_no_progress_is_shown(database_url: str) -> None:
    db = await database.open_database(database_url)
    working: Any = None
    with pytest.raises(NotFoundError, match="is not watched any more"):
        await _follow(db, HARBOUR, working, lambda *_: None)
    await db.close()
