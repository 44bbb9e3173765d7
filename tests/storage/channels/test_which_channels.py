"""Which channels, and backfills of them, each statement means, among rows of every kind: as a rule
of Python says it, and all others stay as they are."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import pytest

from storage import times
from storage.channels import backfills, channels
from storage.connection import Connection, Database

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Fields: TypeAlias = dict[str, Any]


def at(hours: float) -> int:
    return times.to_epoch(NOW + hours * HOUR)


def channel_rows() -> Iterator[Fields]:
    every = product((0, 1), (0, 1), (None, at(-1)), (0, 5), (0, 3), (None, 1), (None, "Port"))
    for id, (watched, removed, scanned, cursor, floor, number, name) in enumerate(every, start=1):
        yield {
            "id": id, "channel_id": id + 100 if number else None,
            "username": f"{name}_{id}" if name else None,
            "username_key": f"port_{id}" if name else None, "title": "Port", "access_hash": 9,
            "watched": watched, "removed": removed, "cursor": cursor, "added_at": at(-9),
            "last_scan_at": scanned, "error": (None, "gone")[id // 3 % 2],
            "reference": (None, f"+{id}")[id // 5 % 2], "source": None, "floor": floor,
            "gaps_filled": 1, "posts_filled": 2, "official": (None, 0, 1)[id % 3],
        }  # fmt: skip


def backfill_rows(every: list[Fields]) -> Iterator[Fields]:
    for row in every[::2] + every[1::6]:
        turn = row["id"] // 2
        yield {
            "channel": row["id"], "since": None, "first_id": 1, "next_id": (4, 9)[turn % 2],
            "last_id": (9, 7, 8)[turn % 3], "posts": 3, "remaining": (None, 50)[turn % 2],
            "asked_by": None, "asked_at": at(-turn % 4),
            "finished_at": (None, at(-2), None)[turn % 3],
            "newest_first": (1, 0)[turn // 2 % 2], "error": (None, "gone")[turn % 2],
        }  # fmt: skip


CHANNELS = list(channel_rows())
BACKFILLS = list(backfill_rows(CHANNELS))
OF_CHANNEL = {row["channel"]: row for row in BACKFILLS}


class Change(NamedTuple):
    """``do`` is done to each row by its id, and changes those that ``rule`` says, and no others, to
    what ``to`` says; what is true for those alone may be what it gives."""

    do: Callable[[Connection, int], Awaitable[object]]
    rule: Callable[[Fields], bool]
    to: Callable[[Fields], Fields]
    says: bool = False


def to(**fields: Any) -> Callable[[Fields], Fields]:
    return lambda _: fields


OF_CHANNELS = {
    "reading begins": Change(
        lambda tx, id: channels.begin_watching(tx, id, 9, NOW),
        lambda row: row["watched"] == 1 and row["last_scan_at"] is None,
        to(cursor=9, floor=9, last_scan_at=at(0), error=None),
    ),
    "reading goes on": Change(
        lambda tx, id: channels.advance_cursor(tx, id, 4, NOW, gaps=2, posts=5),
        lambda row: row["watched"] == 1,
        lambda row: {"cursor": max(4, row["cursor"]), "last_scan_at": at(0), "error": None,
                     "gaps_filled": 3, "posts_filled": 7},
    ),
    "it is watched again": Change(
        lambda tx, id: channels.watch_channel(tx, id, now=NOW),
        lambda _: True,
        lambda row: {"added_at": row["added_at"] if row["watched"] else at(0), "watched": 1,
                     "removed": 0},
    ),
    "it is removed": Change(
        channels.remove_channel,
        lambda row: row["watched"] == 1,
        to(watched=0, removed=1, error=None, last_scan_at=None),
        says=True,
    ),
    "it is put back": Change(
        lambda tx, id: channels.restore_channel(tx, id, last_scan_at=NOW - HOUR * 7),
        lambda row: row["watched"] == 0,
        to(watched=1, removed=0, last_scan_at=at(-7)),
        says=True,
    ),
    "it is official": Change(
        lambda tx, id: channels.set_official(tx, id, True), lambda _: True, to(official=1)
    ),
}  # fmt: skip
OF_BACKFILLS = {
    "a range is known": Change(
        lambda tx, id: backfills.begin(tx, id, first_id=2, last_id=30),
        lambda _: True,
        to(first_id=2, next_id=2, last_id=30),
    ),
    "it goes on": Change(
        lambda tx, id: backfills.advance(tx, id, from_id=4, next_id=6, posts=2),
        lambda row: row["next_id"] == 4,
        lambda row: {"next_id": 6, "posts": 5,
                     "remaining": None if row["remaining"] is None else 48},
        says=True,
    ),
    "it never goes back": Change(
        lambda tx, id: backfills.advance(tx, id, from_id=9, next_id=6, posts=0),
        lambda row: row["next_id"] == 9,
        to(),
        says=True,
    ),
    "recent posts are read": Change(
        lambda tx, id: backfills.descend(tx, id, from_id=9, last_id=5, posts=2),
        lambda row: row["newest_first"] == 1 and row["last_id"] == 9,
        to(last_id=5, posts=5),
    ),
    "it is over": Change(
        lambda tx, id: backfills.finish(tx, id, finished_at=NOW, error="why"),
        lambda _: True,
        to(finished_at=at(0), error="why"),
    ),
}  # fmt: skip


class _Undone(Exception): ...


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.transaction() as tx:
        for table, rows in (("channel", CHANNELS), ("backfill", BACKFILLS)):
            marks = ", ".join("?" * len(rows[0]))
            await tx.execute_many(
                f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})",  # noqa: S608
                [tuple(row.values()) for row in rows],
            )
    return database


async def read(tx: Connection, table: str, rows: list[Fields]) -> list[Fields]:
    names = list(rows[0])
    found = await tx.fetch_all(f"SELECT {', '.join(names)} FROM {table} ORDER BY {names[0]}")  # noqa: S608
    return [{name: one[name] for name in names} for one in found]


@pytest.mark.parametrize(
    ("table", "rows", "changes"),
    [("channel", CHANNELS, OF_CHANNELS), ("backfill", BACKFILLS, OF_BACKFILLS)],
)
async def test_each_statement_changes_the_rows_it_is_to_and_no_others(
    filled: Database, table: str, rows: list[Fields], changes: dict[str, Change]
) -> None:
    wrong = {}
    rows = sorted(rows, key=lambda row: next(iter(row.values())))
    for name, change in changes.items():
        with pytest.raises(_Undone):
            async with filled.transaction() as tx:
                said = [await change.do(tx, next(iter(row.values()))) for row in rows]
                present = await read(tx, table, rows)
                wrong[name] = [
                    (row, found, says)
                    for row, found, says in zip(rows, present, said, strict=True)
                    if found != row | (change.to(row) if change.rule(row) else {})
                    or (change.says and says is not change.rule(row))
                ][:2]
                raise _Undone
    assert {name: found for name, found in wrong.items() if found} == {}


async def test_recent_posts_are_read_of_what_was_never_watched_before(filled: Database) -> None:
    async with filled.transaction() as tx:
        for row in CHANNELS:
            await channels.begin_watching(tx, row["id"], 9, NOW)
        found = await tx.fetch_all("SELECT * FROM backfill")
    expected = {
        row["id"]
        for row in CHANNELS
        if row["watched"] and row["last_scan_at"] is None and not row["cursor"] | row["floor"]
    }
    new = [one for one in found if one["channel"] not in OF_CHANNEL]
    assert {one["channel"] for one in new} == expected - OF_CHANNEL.keys()
    assert {(one["last_id"], one["asked_at"], one["newest_first"]) for one in new} == {
        (9, at(-9), 1)
    }


async def test_each_question_is_answered_of_the_channels_that_it_means(filled: Database) -> None:
    def ids(rule: Callable[[Fields], Any]) -> list[int]:
        return [row["id"] for row in CHANNELS if rule(row)]

    async with filled.reader() as conn:
        for watched in (True, False, None):
            found = await channels.list_channels(conn, watched=watched)
            expected = ids(lambda row, wanted=watched: wanted in (None, bool(row["watched"])))  # type: ignore[misc]
            assert [one.id for one in found] == expected
        assert await channels.list_nameless(conn) == {
            row["channel_id"] for row in CHANNELS if row["channel_id"] and not row["username"]
        }
        assert await channels.list_official(conn) == {
            str(name): bool(row["official"])
            for row in CHANNELS
            if row["official"] is not None
            for name in (row["channel_id"], row["username"])
            if name is not None
        }
        for row in CHANNELS:
            watched_one = await channels.find_watched(conn, row["id"])
            assert (watched_one is not None) is bool(row["watched"])
            for key in ("id", "username", "channel_id", "reference"):
                asked: Any = {key: row[key]}
                was = await channels.was_removed(conn, **asked)
                assert was is (row[key] is not None and row["removed"] == 1)
        recent = [row for row in CHANNELS if row["watched"] and is_recent(row)]
        posts = sum(OF_CHANNEL[row["id"]]["posts"] for row in recent if row["id"] in OF_CHANNEL)
        assert await backfills.count_recent(conn) == (len(recent), posts)
        for open_only in (True, False):
            listed = await backfills.list_backfills(conn, open_only=open_only)
            rows = [row for row in BACKFILLS if not open_only or row["finished_at"] is None]
            rows.sort(key=lambda row: (row["asked_at"], row["channel"]))
            assert [one.channel for one in listed] == [row["channel"] for row in rows]
    async with filled.transaction() as tx:
        await backfills.drop_recent(tx)
        left = await tx.fetch_all("SELECT channel FROM backfill")
        assert {row["channel"] for row in left} == {
            row["channel"] for row in BACKFILLS if not row["newest_first"] or row["finished_at"]
        }


def is_recent(row: Fields) -> bool:
    """Whether a channel's recent posts are still to be read."""
    asked = OF_CHANNEL.get(row["id"])
    if asked is not None and asked["newest_first"]:
        return asked["finished_at"] is None
    is_new = row["last_scan_at"] is None and row["error"] is None and row["cursor"] == 0
    return is_new and asked is None
