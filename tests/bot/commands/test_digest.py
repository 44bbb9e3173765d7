"""``dateline digest``: what came in, as text, HTML and JSON."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import settings
from bot.commands import digest
from storage.database import open_database
from storage.document import Channel, Document, Source
from storage.documents import documents

DAY = timedelta(days=1)
NOW = datetime.now(UTC)


def post(number: int, title: str) -> Document:
    at = NOW - timedelta(hours=3) + timedelta(minutes=number)
    return Document(
        kind="post",
        doc_id=f"tg:100/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title="Harbour News"),
        message_id=number,
        published_at=f"{at:%FT%TZ}",
        title=title,
        content_hash=f"{number:016x}",
    )


@pytest.fixture
def archive(tmp_path: Path, database_url: str) -> settings.Settings:
    """Settings of an archive in which two posts came in an hour ago, and one three days ago."""
    env = tmp_path / "no.env"
    env.touch()
    found = settings.load({"DATA_DIR": str(tmp_path), "TIMEZONE": "Europe/Berlin"}, env)

    async def fill() -> None:
        database = await open_database(database_url)
        async with database.transaction() as tx:
            old = [post(1, "Ferry of last week")]
            await documents.store_documents(tx, old, stored_at=NOW - 3 * DAY, live=True)
            new = [post(2, "Ferry late\x1b[31m again"), post(3, "Barley is cheaper")]
            await documents.store_documents(tx, new, stored_at=NOW - DAY / 24, live=True)
        await database.close()

    asyncio.run(fill())
    return found


@pytest.mark.parametrize(
    ("query", "since", "limit", "stories", "rest"),
    [
        (None, DAY, 10, {"Ferry late\x1b[31m again", "Barley is cheaper"}, 0),
        (None, 7 * DAY, 2, None, 1),
        ("ferry", DAY, 10, {"Ferry late\x1b[31m again"}, 0),
        ("zeppelin", DAY, 10, set(), 0),
    ],
)
def test_json_tells_the_stories(archive, capsys, query, since, limit, stories, rest) -> None:
    assert digest.run(archive, query, since=since, limit=limit, format="json") == 0
    out = capsys.readouterr().out
    told = json.loads(out)
    assert out == json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
    if stories is not None:
        assert {story["head"] for story in told["stories"]} == stories
    assert told["rest"] == rest
    assert told["posts"] == len(told["stories"]) + rest
    for story in told["stories"]:
        assert story["channels"] == ["Harbour News"]
        assert story["first"].endswith("Z")
        assert 0 < story["score"] <= 100


def test_text_and_html_are_for_people(archive, capsys) -> None:
    assert digest.run(archive, None, since=DAY, limit=1, format="text") == 0
    out, _ = capsys.readouterr()
    assert "\x1b" not in out
    assert "Harbour News" in out
    assert "In brief\n• Ferry late" in out
    assert digest.run(archive, None, since=DAY, limit=1, format="html") == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")
    assert digest.run(archive, "zeppelin", since=DAY, limit=1, format="text") == 0
    assert capsys.readouterr().err == "dateline: nothing came in\n"


@pytest.mark.parametrize(("zone", "posts"), [("Pacific/Kiritimati", 1), ("Etc/GMT+12", 0)])
def test_a_day_begins_in_the_zone_that_is_set(archive, capsys, zone, posts) -> None:
    day = (NOW - timedelta(hours=3)).astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    there = replace(archive, timezone=zone)
    assert digest.run(there, f"ferry on:{day}", since=DAY, limit=1, format="json") == 0
    assert json.loads(capsys.readouterr().out)["posts"] == posts


@pytest.mark.parametrize("since", ["yesterday", "0h", "24"])
def test_a_span_that_is_none_is_wrong_use(run, since: str) -> None:
    done = run("digest", "--since", since)
    assert done.returncode == 2
    assert "write 24h, 3d or 2w" in done.stderr
