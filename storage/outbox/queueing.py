"""Puts messages into the outbox, each key once.

Alerts are told to many, so their keys are looked up by their posts (``told_keys``). Any other key
is looked up by the short random id derived from it: if another such key has that id already, the
keys decide, and the message takes the next id derived from its own key.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, count, groupby, starmap
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from msgspec import Struct

from storage import facts, payloads, times
from storage.connection import Connection, Query, Row, fetch_groups, fetch_in, queries_in
from storage.outbox import outbox_keys, told_keys
from storage.outbox.new_rows import FanOut, New, rows_of
from storage.outbox.told_keys import UsedKeys
from storage.outbox.told_posts import NewPosts
from storage.payloads import AlertPayload
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

Value: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...]]
"""What is stored of a row: what it has like others, and what is its own."""
_Given: TypeAlias = tuple[NewDelivery, int]
"""A message, and which of the ids that follow from its key it is given: almost always the first."""


async def add_deliveries(tx: Connection, new: Sequence[New]) -> int:
    """Queue messages; gives how many were new. A key that was ever queued is not queued again."""
    new = _spare_repeated(new)
    before, there = await _look(tx, new)
    used = await told_keys.list_used(tx, new, there)
    posts = NewPosts(before.last_post)
    posts.use(there)
    values = RowMaker(before.secret, posts)
    unused, again = await _leave_out(tx, new, used, before)
    tried = await _add(tx, values.of_all(unused), posts)
    if again:
        there = await fetch_in(tx, told_keys.THERE, told_keys.names_of(again))
        posts.use(there)
        used = await told_keys.list_used(tx, again, there)
        unused, _ = await _leave_out(tx, again, used, before)
        tried += await _add(tx, values.of_all(unused), posts)
    others = [one for one in new if isinstance(one, NewDelivery) and not one.tells_of_post]
    added = await _count_after(tx, before.last_id) if others else tried
    given: list[_Given] = []
    if added < tried:
        given = await _try_again(tx, [(row, 0) for row in others], before)
    while given:
        tried += await _add(tx, starmap(values.of_row, given), posts)
        former, added = added, await _count_after(tx, before.last_id)
        given = [] if added - former == len(given) else await _try_again(tx, given, before)
    if before.has_tried:
        await _have_looked_for(tx, before.last_id)
    return added


async def _leave_out(
    tx: Connection, new: Sequence[New], used: UsedKeys, before: "_Before"
) -> tuple[Sequence[New], list[NewDelivery]]:
    """What is to be queued: all but alerts whose keys are used; and of these those that have a
    spare key, under it."""
    if not used:
        return told_keys.without_repeated(new), []
    unused, known = told_keys.part(new, used)
    told: frozenset[int] = frozenset()
    if before.has_sent and known:
        told = await _take_told(tx, [random_id for _, random_id in known])
    again = [
        replace(row, key=row.spare_key, spare_key=None)
        for row, random_id in known
        if random_id not in told and row.spare_key not in (None, row.key)
    ]
    return told_keys.without_repeated(unused), again


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
    told = await told_keys.find_id(conn, key)
    if told is not None:
        return told
    stored = await facts.find_value(conn, _SECRET)
    other = 0
    while stored is not None:
        row = await conn.fetch_one(
            "SELECT id, key FROM delivery WHERE random_id = ? AND told_post IS NULL",
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
_LOOK = (
    "SELECT (SELECT max(id) FROM delivery) AS last, (SELECT max(id) FROM told_post) AS post,"
    " (SELECT value FROM fact WHERE name = ?) AS secret,"
    " EXISTS (SELECT 1 FROM tried_before) AS tried,"
    " EXISTS (SELECT 1 FROM sent_before) AS sent"
)


def expected(new: Sequence[New]) -> list[Query]:
    """What will be asked first where these are queued."""
    return [(_LOOK, (_SECRET,)), *queries_in(told_keys.THERE, told_keys.names_of(new))]


async def _look(tx: Connection, new: Sequence[New]) -> tuple[_Before, list[Row]]:
    """The state of the outbox, and what is shared already of the posts that are told of."""
    first, *names = expected(new)
    found, there = await fetch_groups(tx, [first], names)
    row: Row | None = found[0] if found else None
    stored = None if row is None else row["secret"]
    if stored is None:  # It is made with the first message.
        stored = secrets.token_hex(32)
        await facts.set_value(tx, _SECRET, stored)
    last, post, tried, sent = [row[name] if row else None for name in _LOOKED_AT]
    before = _Before(int(last or 0), int(post or 0), bytes.fromhex(stored), bool(tried), bool(sent))
    return before, there


async def _add(tx: Connection, values: Iterable[Value], posts: NewPosts) -> int:
    """Insert rows, except those whose ids are taken, with the next call; gives how many there
    are."""
    made: list[Value] = []
    async for part in in_slices(values):
        made += part
    await tx.execute_later(posts.statement(), *statements(made))
    return len(made)


_read_alike = attrgetter(*_ALIKE)


class RowMaker:
    """Makes the column values of new rows. Random ids follow from the instance's ``secret``;
    ``posts`` takes what rows share."""

    def __init__(self, secret: bytes, posts: NewPosts) -> None:
        self._ids = outbox_keys.RandomIds(secret)
        self._posts = posts
        self._alike: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def of_all(self, new: Iterable[New]) -> Iterator[Value]:
        """The values of all rows, in order."""
        for one in new:
            if isinstance(one, FanOut):
                yield from self._of_fan_out(one)
            else:
                yield self.of_row(one)

    def of_row(self, row: NewDelivery, other: int = 0) -> Value:
        """The values of a row that is given the ``other`` id of its key."""
        own_key, own_payload, post = self._posts.split(row)
        own = (row.chat_id, own_key, self._ids.of(row.key, other), post, own_payload)
        return self._find_alike(row), own

    def _of_fan_out(self, fan: FanOut) -> Iterator[Value]:
        """The same as of its ``rows``: what these have in common is looked up once."""
        first = next(fan.rows(), None)
        if first is None:
            return
        alike, name = self._find_alike(first), fan.names.first
        post = self._posts.number_of(name, fan.story, AlertPayload(doc_id=fan.doc_id))
        find, id_of = fan.incarnations.get, self._ids.of
        for chat_id, alerts in fan.matched.items():
            reader = outbox_keys.alert_reader(chat_id, find(chat_id, ""))
            payload = payloads.write_alerts([(one.id, one.query) for one in alerts])
            yield alike, (chat_id, reader, id_of(f"{reader}{name}"), post, payload)

    def _find_alike(self, row: NewDelivery) -> tuple[Any, ...]:
        """What a row has like others, as it is stored: the same object for all of them."""
        said = _read_alike(row)
        stored = self._alike.get(said)
        if stored is None:
            stored = self._alike[said] = tuple(
                times.to_epoch(one) if isinstance(one, datetime) else one for one in said
            )
        return stored


def statements(values: Sequence[Value]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Multi-row INSERT statements that add the rows in order, with the parameters of each run."""
    for sql, run in groupby(_pieces(values), key=itemgetter(0)):
        yield sql, [parameters for _, parameters in run]


def _pieces(values: Sequence[Value]) -> Iterator[tuple[str, list[Any]]]:
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


def _spare_repeated(new: Sequence[New]) -> Sequence[New]:
    """The rows, each with its spare key if an earlier one of them has its key."""
    fans = [one for one in new if isinstance(one, FanOut)]
    if fans and not _may_repeat(fans, [one for one in new if isinstance(one, NewDelivery)]):
        return new
    rows = [*rows_of(new)]
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


def _may_repeat(fans: Sequence[FanOut], rows: Sequence[NewDelivery]) -> bool:
    """Whether any two may have the same key: of one post's readers none has another's."""
    by_name = {fan.names.first: fan for fan in fans}
    if len(by_name) < len(fans) or len({row.key for row in rows}) < len(rows):
        return True
    named = ((row.chat_id, by_name.get(outbox_keys.split(row.key)[1])) for row in rows)
    return any(fan is not None and chat_id in fan.matched for chat_id, fan in named)


async def _try_again(tx: Connection, given: Sequence[_Given], before: _Before) -> list[_Given]:
    """Of the rows, some of whose ids were taken: those to insert under their spare key, since their
    own was used before, and those whose id collides with another key's."""
    of_secret = outbox_keys.RandomIds(before.secret)
    ids = [of_secret.of(row.key, other) for row, other in given]
    found = await fetch_in(
        tx,
        "SELECT id, key, random_id FROM delivery"
        " WHERE told_post IS NULL AND random_id IN (:values)",
        ids,
    )
    there = {row["random_id"]: row for row in found}
    again: list[_Given] = []
    for (row, other), random_id in zip(given, ids, strict=True):
        former = there[random_id]
        if former["key"] != row.key:
            again.append((row, other + 1))
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
