"""Puts messages into the outbox, each key once, whoever adds it again.

A key is looked up by the random id that follows from it, which is short. If another key has that id
already, the keys decide: the message takes the next id that follows from its own key.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, count, groupby
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from msgspec import Struct

from storage import facts, times
from storage.connection import Connection, fetch_in
from storage.outbox import outbox_keys
from storage.outbox.told_posts import NewPosts
from storage.records import NewDelivery
from storage.stories.slices import in_slices
from storage.structs import replace

_OWN = ("chat_id", "key", "random_id", "told_post", "payload")
_ALIKE = ("kind", "priority", "due_at", "created_at", "expires_at", "bundle", "target", "topic")
"""What most rows that are queued together have alike: a statement is given it once."""
_COLUMNS = ", ".join((*_ALIKE, *_OWN))
_SIZES = (250, 50, 10, 1)
"""How many rows a statement adds: with many a row costs half of what it does alone."""
_SECRET = "outbox_secret"  # noqa: S105

Values: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...]]
"""What a row has like others, and what is its own."""
_Given: TypeAlias = tuple[NewDelivery, int]
"""A message, and which of the ids that follow from its key it is given: almost always the first."""


async def add_deliveries(tx: Connection, rows: Sequence[NewDelivery]) -> int:
    """Queue messages; gives how many were new. A key that was ever queued is not queued again."""
    before = await _look(tx)
    posts = NewPosts(before.last_post)
    given: list[_Given] = [(row, 0) for row in _spare_repeated(rows)]
    tried = added = 0
    while given:
        await _add(tx, given, before.secret, posts)
        tried += len(given)
        former, added = added, await _count_after(tx, before.last_id)
        given = [] if added - former == len(given) else await _try_again(tx, given, before)
    if added < tried:
        await posts.remove_untold(tx)
    if before.has_tried:
        await _have_looked_for(tx, before.last_id)
    return added


async def _have_looked_for(tx: Connection, last_id: int) -> None:
    """Have new rows that were being sent in a later database searched for before they are sent."""
    await tx.execute(
        "UPDATE delivery SET tried_at ="
        " (SELECT t.tried_at FROM tried_before AS t WHERE t.random_id = delivery.random_id)"
        " WHERE id > ? AND random_id IN (SELECT random_id FROM tried_before)",
        (last_id,),
    )
    await tx.execute(
        "DELETE FROM tried_before WHERE random_id IN (SELECT random_id FROM delivery WHERE id > ?)",
        (last_id,),
    )


async def find_id(conn: Connection, key: str) -> int | None:
    """The row id of the message queued under a key, or None."""
    stored = await facts.find_value(conn, _SECRET)
    other = 0
    while stored is not None:
        row = await conn.fetch_one(
            "SELECT id, key FROM whole_delivery WHERE random_id = ?",
            (outbox_keys.random_id(bytes.fromhex(stored), key, other),),
        )
        if row is None or row["key"] == key:
            return None if row is None else int(row["id"])
        other += 1
    return None


class _Before(Struct, frozen=True):
    """The state of the outbox before something is queued: its last row, the last shared part, and
    the instance's secret, which random ids follow from. After a restore: ``has_tried``: some rows
    that may be queued again were being sent in a later database; ``has_sent``: some rows that exist
    were sent by it."""

    last_id: int
    last_post: int
    secret: bytes
    has_tried: bool
    has_sent: bool


_LOOKED_AT = ("last", "post", "tried", "sent")


async def _look(tx: Connection) -> _Before:
    row = await tx.fetch_one(
        "SELECT (SELECT max(id) FROM delivery) AS last, (SELECT max(id) FROM told_post) AS post,"
        " (SELECT value FROM fact WHERE name = ?) AS secret,"
        " EXISTS (SELECT 1 FROM tried_before) AS tried,"
        " EXISTS (SELECT 1 FROM sent_before) AS sent",
        (_SECRET,),
    )
    stored = None if row is None else row["secret"]
    if stored is None:  # It is made with the first message.
        stored = secrets.token_hex(32)
        await facts.set_value(tx, _SECRET, stored)
    last, post, tried, sent = [row[name] if row else None for name in _LOOKED_AT]
    return _Before(int(last or 0), int(post or 0), bytes.fromhex(stored), bool(tried), bool(sent))


async def _add(tx: Connection, given: Sequence[_Given], secret: bytes, posts: NewPosts) -> None:
    """Insert rows, except those whose ids are taken."""
    alike = _Alike()
    values: list[Values] = []
    async for part in in_slices(given):
        values += values_of(part, secret, posts, alike)
    await posts.add(tx)
    for sql, parameters in statements(values):
        await tx.execute_many(sql, parameters)


_read_alike = attrgetter(*_ALIKE)


class _Alike(dict[tuple[Any, ...], tuple[Any, ...]]):
    """Converts what rows have alike for storage, each once."""

    def __missing__(self, said: tuple[Any, ...]) -> tuple[Any, ...]:
        stored = self[said] = tuple(
            times.to_epoch(one) if isinstance(one, datetime) else one for one in said
        )
        return stored


def values_of(
    given: Sequence[_Given], secret: bytes, posts: NewPosts, alike: _Alike | None = None
) -> list[Values]:
    """The column values of new rows; random ids follow from the instance's secret."""
    known = _Alike() if alike is None else alike
    ids = outbox_keys.RandomIds(secret)
    values: list[Values] = []
    for row, other in given:
        own_key, own_payload, post = posts.split(row)
        own = (row.chat_id, own_key, ids.of(row.key, other), post, own_payload)
        values.append((known[_read_alike(row)], own))
    return values


def statements(values: Sequence[Values]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Multi-row INSERT statements that add the rows in order, with the parameters of each run."""
    for sql, run in groupby(_pieces(values), key=itemgetter(0)):
        yield sql, [parameters for _, parameters in run]


def _pieces(values: Sequence[Values]) -> Iterator[tuple[str, list[Any]]]:
    """The statements for some rows each; one for rows that are alike takes half as long."""
    start = 0
    for size in _SIZES:
        end = len(values) - (len(values) - start) % size
        for at in range(start, end, size):
            piece = values[at : at + size]
            alike = piece[0][0]
            if all(each is alike for each, _ in piece):
                own = chain.from_iterable([own for _, own in piece])
                yield _adding_alike(size), [*alike, *own]
            else:
                yield _adding(size), [*chain.from_iterable(chain.from_iterable(piece))]
        start = end


@cache
def _adding(size: int) -> str:
    places = ", ".join("?" * len((*_ALIKE, *_OWN)))
    return _insert(", ".join([f"({places})"] * size))


@cache
def _adding_alike(size: int) -> str:
    """Numbered placeholders: those of what the rows have alike stand in each."""
    numbers = count(1)
    alike = ", ".join([f"?{next(numbers)}" for _ in _ALIKE])
    rows = [", ".join([alike, *(f"?{next(numbers)}" for _ in _OWN)]) for _ in range(size)]
    return _insert(", ".join([f"({row})" for row in rows]))


def _insert(rows: str) -> str:
    return f"INSERT INTO delivery ({_COLUMNS}) VALUES {rows} ON CONFLICT DO NOTHING"  # noqa: S608


def _spare_repeated(rows: Sequence[NewDelivery]) -> Sequence[NewDelivery]:
    """The rows, each with its spare key if an earlier one of them has its key."""
    if len({row.key for row in rows}) == len(rows):
        return rows
    seen: set[str] = set()
    spared = []
    for row in rows:
        if row.key in seen and row.spare_key is not None:
            spared.append(replace(row, key=row.spare_key))
        else:
            seen.add(row.key)
            spared.append(row)
    return spared


async def _try_again(tx: Connection, given: Sequence[_Given], before: _Before) -> list[_Given]:
    """Of the rows, some of whose ids were taken: those to insert under their spare key, since their
    own was used before, and those whose id collides with another key's."""
    of_secret = outbox_keys.RandomIds(before.secret)
    ids = [of_secret.of(row.key, other) for row, other in given]
    found = await fetch_in(
        tx, "SELECT id, key, random_id FROM whole_delivery WHERE random_id IN (:values)", ids
    )
    there = {row["random_id"]: row for row in found}
    told = await _take_told(tx, ids) if before.has_sent else frozenset()
    again: list[_Given] = []
    for (row, other), random_id in zip(given, ids, strict=True):
        former = there[random_id]
        if former["key"] != row.key:
            again.append((row, other + 1))
        elif random_id in told:
            continue
        elif former["id"] <= before.last_id and row.spare_key not in (None, row.key):
            again.append((replace(row, key=row.spare_key, spare_key=None), 0))
    return again


async def _take_told(tx: Connection, ids: Sequence[int]) -> frozenset[int]:
    """Those whose posts are read again now and that a later database sent: each only once."""
    rows = await fetch_in(
        tx, "DELETE FROM sent_before WHERE random_id IN (:values) RETURNING random_id", ids
    )
    return frozenset(row["random_id"] for row in rows)


async def _count_after(tx: Connection, last_id: int) -> int:
    row = await tx.fetch_one("SELECT count(*) AS n FROM delivery WHERE id > ?", (last_id,))
    return 0 if row is None else int(row["n"])
