"""Which keys of alerts are used, looked up by their posts: once for all readers of a post.

The end of such a key is the name of what its readers share (``told_posts``), the beginning stands
in the row. So most posts are seen to be told to nobody yet, with one look into an index that has an
entry a post. An index by key, or by the random id that follows from it, would have one a row, each
at a place of its own, and cost more than all else that stores a row.

The ids of alerts are not compared with one another: that two of 64 bits are alike is less likely
than that any other part fails, and every other client of Telegram draws them without looking.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from storage.connection import Connection, Row, fetch_in
from storage.outbox import outbox_keys
from storage.outbox.new_rows import FanOut, New
from storage.records import NewDelivery

UsedKeys: TypeAlias = Mapping[str, Mapping[str, int]]
"""By the end of a key, and by its beginning, the random id of its row."""
Known: TypeAlias = tuple[NewDelivery, int]
"""A message whose key is used, and the random id of the row that has it."""

USED = (
    "SELECT t.name, d.key, d.random_id FROM told_post AS t JOIN delivery AS d"
    " ON d.told_post = t.id WHERE t.name IN (:values)"
)


def names_of(new: Iterable[New]) -> list[str]:
    """The ends of the keys of those that tell of posts, each once."""
    names: dict[str, None] = {}
    for one in new:
        if isinstance(one, FanOut):
            names[one.names.first] = None
        elif one.tells_of_post:
            names[outbox_keys.split(one.key)[1]] = None
    return list(names)


def by_name(rows: Iterable[Row]) -> UsedKeys:
    """The keys of these rows of ``USED``."""
    used: dict[str, dict[str, int]] = {}
    for row in rows:
        used.setdefault(row["name"], {})[row["key"]] = row["random_id"]
    return used


async def list_used(conn: Connection, new: Iterable[New]) -> UsedKeys:
    """The keys that are used of those that end like the keys of these messages."""
    return by_name(await fetch_in(conn, USED, names_of(new)))


async def find_id(conn: Connection, key: str) -> int | None:
    """The row id of the alert queued under a key, or None."""
    reader, name = outbox_keys.split(key)
    row = await conn.fetch_one(
        "SELECT d.id FROM told_post AS t JOIN delivery AS d ON d.told_post = t.id"
        " WHERE t.name = ? AND d.key = ?",
        (name, reader),
    )
    return None if row is None else int(row["id"])


def part(new: Iterable[New], used: UsedKeys) -> tuple[list[New], list[Known]]:
    """Those whose keys are not used, and those whose keys are, in order."""
    unused: list[New] = []
    known: list[Known] = []
    for one in new:
        if isinstance(one, FanOut) and one.names.first not in used:
            unused.append(one)
            continue
        for row in one.rows() if isinstance(one, FanOut) else [one]:
            reader, name = outbox_keys.split(row.key)
            former = used.get(name, {}).get(reader) if row.tells_of_post else None
            if former is None:
                unused.append(row)
            else:
                known.append((row, former))
    return unused, known


def without_repeated(new: Sequence[New]) -> list[New]:
    """Without alerts whose key an earlier message here has. Of what is told to all readers of a
    post at once none has another's key."""
    seen: set[str] = set()
    left: list[New] = []
    for one in new:
        if isinstance(one, NewDelivery) and one.tells_of_post:
            if one.key in seen:
                continue
            seen.add(one.key)
        left.append(one)
    return left
