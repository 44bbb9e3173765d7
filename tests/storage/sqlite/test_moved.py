"""A chat that moves takes along what it has in any table."""

import contextlib
import sqlite3
from pathlib import Path

import former_rows

from storage.chats import moving
from storage.database import open_database

FORMER, PRESENT = 42, -1000000000777
NAMES_A_CHAT = ("chat_id", "made_by", "asked_by")
STAYS = {("question", "chat_id")}
"""What was asked is forgotten: its buttons stand in the former chat."""


def count(db: sqlite3.Connection, chat: int) -> dict[tuple[str, str], int]:
    """How many rows name a chat, by table and column."""
    found = {}
    for table in former_rows.list_tables(db):
        for _, name, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
            if name in NAMES_A_CHAT:
                sql = f'SELECT count(*) FROM "{table}" WHERE "{name}" = ?'  # noqa: S608
                (number,) = db.execute(sql, (chat,)).fetchone()
                found[table, name] = int(number)
    return {place: number for place, number in found.items() if number}


async def test_a_chat_takes_along_what_it_has_in_any_table(
    database_url: str, tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "dateline.db")) as db:
        db.execute("DELETE FROM fact")
        former_rows.fill(db)
        db.commit()
        before = count(db, FORMER)
        assert len(before) > 12
    database = await open_database(database_url)
    async with database.transaction() as tx:
        assert await moving.move_chat(tx, FORMER, PRESENT)
    await database.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "dateline.db")) as db:
        assert count(db, FORMER) == {}
        moved = {place: number for place, number in before.items() if place not in STAYS}
        assert count(db, PRESENT) == moved
