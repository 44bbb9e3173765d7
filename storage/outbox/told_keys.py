"""Which keys of alerts are used, looked up by their posts: once for all readers of a post.

The end of such a key is the name of what its readers share (``told_posts``), the beginning stands
in the row. So most posts are seen to be told to nobody yet, with one look into an index that has an
entry a post. An index by key, or by the random id that follows from it, would have one a row, each
at a place of its own, and cost more than all else that stores a row.

The ids of alerts are not compared with one another: that two of 64 bits are alike is less likely
than that any other part fails, and every other client of Telegram draws them without looking.

Where few of a post's readers are asked for, only rows of their chats are read: what was folded onto
a message that thousands had is queued for one after the other. A row is in the chat that its key
names, or in the one into which that was moved: messages that are queued under the former's keys
then name the latter (``storage.chats.moving``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from typing import TypeAlias

from storage.connection import Connection, Query, Row, fetch_groups, queries_in
from storage.outbox import outbox_keys, told_posts
from storage.outbox.new_rows import FanOut, New
from storage.records import NewDelivery

UsedKeys: TypeAlias = Mapping[str, Mapping[str, int]]
"""By the end of a key, and by its beginning, the random id of its row."""
Known: TypeAlias = tuple[NewDelivery, int]
"""A message whose key is used, and the random id of the row that has it."""

FEW = 50
"""Up to how many chats are asked for by themselves."""

THERE = f"SELECT {told_posts.COLUMNS} FROM told_post WHERE name IN (:values)"  # noqa: S608
"""Which posts are told to anybody."""
USED = (
    "SELECT t.name, d.key, d.random_id FROM told_post AS t JOIN delivery AS d"
    " ON d.told_post = t.id WHERE t.name IN (:values)"
)
_FIND = (
    "SELECT d.id FROM told_post AS t JOIN delivery AS d ON d.told_post = t.id"
    " WHERE t.name = ? AND d.key = ?"
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


async def list_used(conn: Connection, new: Iterable[New], there: Iterable[Row]) -> UsedKeys:
    """The keys that are used of those of these messages, and some more that end like these;
    ``there``: rows of ``THERE`` for these."""
    names = {row["name"] for row in there}
    if not names:
        return {}
    (rows,) = await fetch_groups(conn, _queries(new, names))
    used: dict[str, dict[str, int]] = {}
    for row in rows:
        used.setdefault(row["name"], {})[row["key"]] = row["random_id"]
    return used


def _queries(new: Iterable[New], told: Set[str]) -> Iterator[Query]:
    """Posts whose readers here are the same few are asked for together."""
    chats: defaultdict[str, set[int]] = defaultdict(set)
    for one in new:
        if isinstance(one, FanOut):
            chats[one.names.first].update(one.matched)
        elif one.tells_of_post:
            reader, name = outbox_keys.split(one.key)
            chats[name].update((one.chat_id, *_chat_in(reader)))
    by_chats: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for name in told & chats.keys():
        by_chats[frozenset(chats[name]) if len(chats[name]) <= FEW else frozenset()].append(name)
    for few, names in by_chats.items():
        marks = ", ".join("?" * len(few))
        sql = USED.replace("WHERE", f"AND d.chat_id IN ({marks}) WHERE") if few else USED
        yield from queries_in(sql, names, before=sorted(few))


def _chat_in(reader: str) -> Iterator[int]:
    """The chat that the beginning of a key names, if it names one."""
    with suppress(ValueError, IndexError):
        yield int(reader.split(":")[1])


async def find_id(conn: Connection, key: str) -> int | None:
    """The row id of the alert queued under a key, or None."""
    reader, name = outbox_keys.split(key)
    row: Row | None = None
    for chat_id in _chat_in(reader):
        row = await conn.fetch_one(f"{_FIND} AND d.chat_id = ?", (name, reader, chat_id))
    if row is None:  # The chat has moved, say.
        row = await conn.fetch_one(_FIND, (name, reader))
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
