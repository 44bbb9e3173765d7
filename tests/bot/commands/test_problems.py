"""``dateline problems`` as called, over posts that SQLite itself refused."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telethon.tl import types

from bot import cli
from bot.commands import problems as problems_command
from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.intake.saved_queries import SavedQueries
from handlers.render.text.dates import here_in
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.documents import documents
from storage.outbox import outbox
from storage.records import Problem
from storage.subscribers import alerts, subscribers

POSTED = datetime(2025, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(
    tmp_path: Path, put_database: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A data folder whose database refuses posts with the word wombat, and has refused three."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    put_database(tmp_path / "dateline.db")
    asyncio.run(_prepare(tmp_path))
    return tmp_path


async def _prepare(folder: Path) -> None:
    db = await _open(folder)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=7, title="Harbour", now=POSTED)
        # They lie behind the cursor: what is before it would wait from the third on.
        await channels.begin_watching(tx, channel.id, 9, POSTED)
        await subscribers.add_subscriber(tx, chat_id=42, now=POSTED)
        await alerts.add_alert(tx, chat_id=42, query="wombat", now=POSTED)
        await tx.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN instr(new.json, 'wombat')"
            " BEGIN SELECT RAISE(ABORT, 'no wombats'); END"
        )
    intake = Intake(db, SavedQueries(()))
    work = asyncio.create_task(intake.run())
    for number, history in ((1, False), (5, True), (9, False)):
        message = types.Message(
            id=number,
            peer_id=types.PeerChannel(7),
            date=POSTED + timedelta(seconds=number),
            message=f"Number {number} of the wombats",
        )
        await intake.submit([Post(channel=channel, messages=(message,), history=history)])
    work.cancel()
    await asyncio.wait({work})
    await db.close()


async def _open(folder: Path) -> Database:
    return await database.open_database(f"sqlite:///{folder / 'dateline.db'}")


def let_in(folder: Path) -> None:
    async def work() -> None:
        db = await _open(folder)
        async with db.transaction() as tx:
            await tx.execute("DROP TRIGGER refuse")
        await db.close()

    asyncio.run(work())


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert cli.main(["problems", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts.keys() == {"problems"}
    found: list[dict[str, object]] = facts["problems"]
    return found


def test_it_says_what_was_set_aside_and_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = found = listed(capsys)
    assert [one["where"] for one in found] == ["tg:7/1", "tg:7/5", "tg:7/9"]
    assert first.keys() == {"id", "where", "error", "since", "tries"}
    assert first["error"] == "the database refused: no wombats"
    assert datetime.fromisoformat(str(first["since"])).tzinfo is not None
    assert cli.main(["problems"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith(
        f"{first['id']}\ttg:7/1: the database refused: no wombats (since today "
    )
    assert all(line.endswith(", tried once)") for line in shown)
    assert len(shown) == 3


def test_of_many_the_first_hundred_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    many = [
        Problem(
            id=number,
            place=f"tg:7/{number}",
            form="telethon",
            raw=None,
            error="no\nwombats",
            kind="x",
            since=POSTED,
            tries=number,
            version="1",
            size=0,
        )
        for number in range(1, 103)
    ]
    here = here_in("UTC", POSTED + timedelta(days=400))
    problems_command._print(many, here)
    *shown, last = capsys.readouterr().out.splitlines()
    assert (len(shown), last) == (100, "and 2 more")
    assert shown[0].startswith("1\ttg:7/1: no wombats (since 1 ")
    assert shown[0].endswith(", tried once)")
    assert shown[1].endswith(", tried 2 times)")
    problems_command._print(many[:100], here)
    assert len(capsys.readouterr().out.splitlines()) == 100


def test_what_is_still_refused_stays_and_is_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["problems", "retry", "all"]) == 1
    assert capsys.readouterr().out == "taken in: 0, still refused: 3\n"
    assert [one["tries"] for one in listed(capsys)] == [2, 2, 2]


@pytest.mark.slow
def test_what_is_retried_takes_its_place_and_alerts_as_late(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    let_in(folder)
    (second,) = [one["id"] for one in listed(capsys) if one["where"] == "tg:7/5"]
    assert cli.main(["problems", "retry", str(second)]) == 0
    assert cli.main(["problems", "retry", "all"]) == 0
    assert capsys.readouterr().out == (
        "taken in: 1, still refused: 0\ntaken in: 2, still refused: 0\n"
    )
    assert listed(capsys) == []

    async def look() -> None:
        db = await _open(folder)
        async with db.transaction() as tx:
            rows = await tx.fetch_all("SELECT doc_id, live FROM document ORDER BY id")
            assert [(row["doc_id"], row["live"]) for row in rows] == [
                ("tg:7/1", 1),
                ("tg:7/5", 0),
                ("tg:7/9", 1),
            ]
            document = await documents.get_document(tx, "tg:7/5")
            assert document.channel is not None and document.channel.title == "Harbour"
            now = datetime.now(UTC)
            queued = await outbox.claim_due(tx, now=now, limit=9, lease_until=now)
        await db.close()
        assert [(row.alert.doc_id, row.bundle) for row in queued] == [
            ("tg:7/1", "late"),
            ("tg:7/9", "late"),
        ]

    asyncio.run(look())


def test_what_is_dropped_is_gone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *rest = listed(capsys)
    assert cli.main(["problems", "drop", str(first["id"]), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == rest
    assert cli.main(["problems", "drop", str(first["id"])]) == 1
    assert capsys.readouterr().err == (
        f"dateline: error: problem {first['id']}: no such problem is there;"
        " see `dateline problems`\n"
    )


@pytest.mark.parametrize(
    "arguments", [["retry"], ["drop"], ["drop", "all"], ["retry", "x"], ["forget", "1"]]
)
def test_wrong_use_is_told_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli.main(["problems", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
