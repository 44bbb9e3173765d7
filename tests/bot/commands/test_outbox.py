"""``dateline outbox`` as called."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot import cli
from bot.commands import outbox as outbox_command
from storage import database
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import DeliveryState, NewDelivery
from storage.stories import folded

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def row(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """One row that was given up and one that waits; gives the first's id."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    async def prepare() -> int:
        db = await database.open_database(database_url)
        rows = [new_rows.alert(5, key, AlertPayload(doc_id=key), now=NOW) for key in ("a", "b")]
        async with db.transaction() as tx:
            await queueing.add_deliveries(tx, rows)
            first, second = await outbox.claim_due(
                tx, now=NOW, limit=2, lease_until=NOW + timedelta(minutes=1)
            )
            await outbox.mark_dead(tx, first.id, "MESSAGE_EMPTY")
            await outbox.release(tx, [second.id])
        await db.close()
        return first.id

    return asyncio.run(prepare())


def test_it_counts_states_and_says_why_rows_were_given_up(
    row: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["outbox"]) == 0
    shown = capsys.readouterr().out
    assert "dead\t1\tgiven up: " in shown
    assert "queued\t1\twaits to be sent" in shown
    assert f"dead {row}: alert to 5: MESSAGE_EMPTY" in shown
    assert cli.main(["outbox", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts == {
        "states": {"dead": 1, "queued": 1},
        "dead": [
            {
                "id": row,
                "kind": "alert",
                "chat_id": 5,
                "attempts": 1,
                "error": "MESSAGE_EMPTY",
                "created_at": "2026-01-02T03:04:05Z",
            }
        ],
    }


def test_an_outbox_that_was_never_used_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert cli.main(["outbox"]) == 0
    assert capsys.readouterr() == ("", "dateline: nothing was ever to be sent\n")


def test_every_state_has_its_explanation() -> None:
    assert set(outbox_command.MEANINGS) == set(get_args(DeliveryState))


def test_a_row_is_retried_or_dropped(row: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["outbox", "retry", "all"]) == 0
    assert cli.main(["outbox", "drop", str(row)]) == 0
    assert capsys.readouterr().out == "queued again: 1\ndropped: 1\n"
    assert cli.main(["outbox", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["states"] == {"dropped": 1, "queued": 1}


@pytest.mark.slow
def test_the_copy_of_a_row_that_is_dropped_is_queued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    asyncio.run(_fold_a_copy(tmp_path))
    assert cli.main(["outbox", "drop", "1"]) == 0
    capsys.readouterr()
    assert cli.main(["outbox", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["states"] == {"dropped": 1, "queued": 1}


async def _fold_a_copy(folder: Path) -> None:
    db = await database.open_database(f"sqlite:///{folder / 'dateline.db'}")
    told = NewDelivery(
        chat_id=5,
        kind="alert",
        key="told",
        payload=AlertPayload(doc_id="tg:1/1", alerts=((1, "oil"),)),
        priority=1,
        due_at=NOW,
        created_at=NOW,
        story="a",
    )
    copy = folded.Fold(
        chat_id=5, story="a", onto="tg:1/1", post="tg:2/1", key="copy", alerts=[[1, "oil"]]
    )
    async with db.transaction() as tx:
        await queueing.add_deliveries(tx, [told])
        await folded.add_folds(tx, [copy], now=NOW)
    await db.close()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["retry"], 2, "outbox: retry which row; name its id"),
        (["drop", "all"], 2, "outbox drop: 'all' is no row's id; see `dateline outbox`"),
        (["retry", "x"], 2, "outbox retry: 'x' is no row's id; see `dateline outbox`"),
        (["retry", "1" * 19], 2, f"outbox retry: '{'1' * 19}' is no row's id; see"),
        (["retry", "9" * 18], 1, f"outbox row {'9' * 18}: no such row is given up; see"),
        (["retry", "2"], 1, "outbox row 2: no such row is given up; see `dateline outbox`"),
        (["drop", "999"], 1, "outbox row 999: no such row waits or is given up; see"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    row: int, arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["outbox", *arguments]) == status
    told = capsys.readouterr().err
    assert told.startswith(f"dateline: error: {said}")
    assert told.count("\n") == 1
