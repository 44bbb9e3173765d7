"""A database in which a chat had one daily digest opens with that as its first plan."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import times
from storage.database import open_database
from storage.sqlite import migrate
from storage.subscribers import plans

PLANS = 61
MADE = datetime(2026, 10, 1, tzinfo=UTC)
TOLD = MADE + timedelta(days=50, hours=8)


def write_former(path: Path) -> None:
    """Two chats with a digest, one of whom was told, and one without."""
    with closing(sqlite3.connect(path)) as made:
        made.execute(
            "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
            " applied_at INTEGER NOT NULL) STRICT"
        )
        for step in migrate.list_migrations():
            if step.version < PLANS:
                made.executescript(step.sql)
                made.execute("INSERT INTO schema_migration VALUES (?, 'x', 0)", (step.version,))
        for chat_id, told in ((1, times.to_epoch(TOLD)), (2, None), (3, None)):
            made.execute(
                "INSERT INTO subscriber (chat_id, created_at, last_digest_at) VALUES (?, 0, ?)",
                (chat_id, told),
            )
        for plan_id, chat_id, minute, zone in ((7, 1, 485, "Europe/Berlin"), (9, 2, 0, "UTC")):
            made.execute(
                "INSERT INTO digest_plan VALUES (?, ?, ?, ?, ?)",
                (plan_id, chat_id, minute, zone, times.to_epoch(MADE)),
            )
        made.commit()


async def test_a_daily_digest_becomes_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    write_former(path)
    opened = await open_database(f"sqlite:///{path}")
    async with opened.reader() as conn:
        (first,) = await plans.list_plans(conn, 1)
        (second,) = await plans.list_plans(conn, 2)
        assert await plans.list_plans(conn, 3) == []
        assert await plans.list_unreckoned(conn, limit=9) == [first, second]
        assert await plans.list_unreckoned(conn, limit=1) == [first]
    assert (first.id, first.kind, first.times) == (7, "digest", "daily 08:05")
    assert (first.timezone, first.created_at, first.told_until) == ("Europe/Berlin", MADE, TOLD)
    assert (second.times, second.told_until, second.query, second.most) == (
        "daily 00:00", None, "", 10,
    )  # fmt: skip
    await opened.close()
