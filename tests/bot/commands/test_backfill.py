"""What is said of a history that was read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.commands.backfill import _show
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
