"""Every schema that ever stood on main becomes today's, and nothing that was in it is lost.

Made anew by each version, and in the order in which one database that followed main ran its
migrations: that differs, for migrations came to main in another order than their numbers have.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import former_rows
import former_schemas
import pytest
from database_steps import mark_sent
from examples import is_quick
from former_rows import AT, NOON, SPILLED, THEN
from former_schemas import Former

from storage.connection import Database
from storage.database import open_database
from storage.documents import search
from storage.outbox import outbox
from storage.query.reading.syntax import parse
from storage.sqlite import migrate

Row = dict[str, Any]
Tables = dict[str, list[Row]]

GONE = {"digest_plan", "digest_run"}
_MOMENT = NOON + timedelta(days=1)


def formers() -> Iterator[Former]:
    """Databases to bring up to date: made anew at each commit, and those that came to a commit in
    another order than a new one would."""
    commits = former_schemas.list_commits()
    yield from map(former_schemas.made_at, commits)
    for since in ("1baec18", "930355b"):  # before a script was changed for the last time, and then
        for commit in commits[commits.index("f23944d") :]:
            former = former_schemas.followed(since, commit)
            versions = [step.version for step in former.steps]
            if commits.index(since) < commits.index(commit) and versions != sorted(versions):
                yield former


def read(path: Path) -> Tables:
    """All rows, as dictionaries; the outbox as its rows mean."""
    with closing(sqlite3.connect(path)) as made:
        made.row_factory = sqlite3.Row
        tables = former_rows.list_tables(made)
        found = {table: _read(made, table) for table in tables}
        if "told_post" in tables:
            found["delivery"] = _read(made, "whole_delivery")
        for row in found["delivery"]:
            row["payload"] = json.dumps(json.loads(row["payload"]), sort_keys=True)
        return found


def _read(made: sqlite3.Connection, table: str) -> list[Row]:
    return [dict(row) for row in made.execute(f'SELECT * FROM "{table}"')]  # noqa: S608


def schema_of(path: Path) -> list[tuple[str, str, str]]:
    """What a file is made of, in one form: columns that were added stand behind a line break."""
    with closing(sqlite3.connect(path)) as made:
        found = made.execute(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"
        )
        return [(type, name, _folded(sql)) for type, name, sql in found]


def _folded(sql: str) -> str:
    return " ".join(sql.split()).replace(" ,", ",").replace(" )", ")")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    async def make() -> None:
        await (await open_database(f"sqlite:///{path}")).close()

    path = tmp_path_factory.mktemp("fresh") / "dateline.db"
    asyncio.run(make())
    return path


@pytest.mark.parametrize(
    "former", [*formers()][:: 10 if is_quick() else 1], ids=lambda one: f"{one.since}-{one.commit}"
)
async def test_a_former_database_becomes_one_of_today(
    former: Former, tmp_path: Path, fresh: Path
) -> None:
    path = tmp_path / "dateline.db"
    former.write(path)
    before = read(path)
    assert all(before.values()), "every table has rows"
    database = await open_database(f"sqlite:///{path}")
    try:
        after = read(path)
        assert_kept(before, after)
        assert_made_of_it(before, after)
        await assert_found(database)
        await assert_sent_once(database, before["delivery"])
    finally:
        await database.close()
    assert schema_of(path) == schema_of(fresh)
    with closing(sqlite3.connect(path)) as made:
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []
        assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if "bundle" in before["delivery"][0]:  # 0004 began anew behind the rows that were there.
            sequence = "SELECT seq FROM sqlite_sequence WHERE name = 'delivery'"
            assert made.execute(sequence).fetchall() == [(5000,)]


def assert_kept(before: Tables, after: Tables) -> None:
    """Every row of every table is there, with every value that it had, and no other row."""
    assert before.keys() - after.keys() <= GONE
    for table in before.keys() & after.keys():
        dropped = {"tried"} | ({"analysis"} if table == "document" else set())
        columns = before[table][0].keys() - dropped
        assert columns <= after[table][0].keys(), table
        assert _sorted(before[table], columns) == _sorted(after[table], columns), table


def _sorted(rows: list[Row], columns: set[str]) -> list[str]:
    kept = [row for row in rows if not str(row.get("name", "")).startswith("analysis_")]
    return sorted(repr([(name, row[name]) for name in sorted(columns)]) for row in kept)


def assert_made_of_it(before: Tables, after: Tables) -> None:
    """What later schemas keep of it in another place, or had to be told of it."""
    posts = {row["id"]: row["post"] for row in after["delivery"]}
    for row in before["delivery"]:
        assert posts[row["id"]] == row.get("post", json.loads(row["payload"]).get("doc_id"))
    if "tried" in before["delivery"][0]:
        tried = {row["id"]: row["created_at"] for row in before["delivery"] if row["tried"]}
        assert len(tried) == 2
        assert {row["id"]: row["tried_at"] for row in after["delivery"] if row["tried_at"]} == tried
    assert after["spilled"] == [{"document_id": SPILLED, "first_id": AT}]
    assert after["own_post"] == [{"chat_id": -1000000000042, "message_id": 17}]
    if "channel_reference" not in before:
        names = {(row["name"], row["channel"]) for row in after["channel_reference"]}
        old = {("old_harbour", 1)} if "channel_name" in before else set()
        assert names == {("harbour", 1), ("mill", 2)} | old
    if "digest_plan" in before:
        told = [
            (
                row["id"],
                row["chat_id"],
                row["kind"],
                row["times"],
                row["timezone"],
                row["created_at"],
            )
            for row in after["plan"]
        ]
        assert told == [
            (7, 42, "digest", "daily 08:05", "Asia/Tokyo", THEN),
            (9, 43, "digest", "daily 00:00", "UTC", THEN),
        ]
    names = [row["incarnation"] for row in after["subscriber"]]
    assert len(set(names)) == len(names) and all(names)


async def assert_found(database: Database) -> None:
    """Every document is found by a word of its own."""
    async with database.reader() as conn:
        for row_id, word in former_rows.WORDS.items():
            page = await search.search(conn, parse(word))
            found = [hit.document.doc_id for hit in page.hits]
            assert found == [former_rows.POSTS[row_id]["doc_id"]], word


async def assert_sent_once(database: Database, before: list[Row]) -> None:
    """What was queued is claimed under the id that it always had, and nothing else is."""
    now = former_rows.epoch(_MOMENT)
    due = {
        row["id"]: (row["chat_id"], row["key"], row["random_id"])
        for row in before
        if row["state"] == "queued" and row["due_at"] <= now and not row["leased_until"]
    }
    assert len(due) >= 8
    async with database.transaction() as tx:
        claimed = await outbox.claim_due(tx, now=_MOMENT, limit=99, lease_until=_MOMENT)
        assert {row.id: (row.chat_id, row.key, row.random_id) for row in claimed} == due
        for row in claimed:
            await mark_sent(tx, row.id, 1, _MOMENT)
        later = _MOMENT + timedelta(hours=1)
        assert not await outbox.claim_due(tx, now=later, limit=99, lease_until=later)


def test_a_script_that_has_landed_is_changed_no_more() -> None:
    """Whoever ran it has run it: mend by a new one. (Comments do not count.)"""
    landed = {landing.name: landing.digest for landing in former_schemas.list_landings()}
    for step in migrate.list_migrations():
        assert landed[f"{step.version:04}_{step.name}"] == former_schemas.digest(step.sql)
    assert len(landed) == len(migrate.list_migrations())
