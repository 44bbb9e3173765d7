"""Who was told of which story: one alert of it goes to a chat, whichever of its posts came first.

This is the whole rule: what decides by more than the story's name takes the place of this file.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from storage.database import Connection, fetch_in
from storage.records import NewDelivery

Telling: TypeAlias = tuple[int, str]
"""A chat, and the name of a story."""

_TOLD = "SELECT chat_id, story FROM delivery WHERE story IN (:values)"


async def list_told(conn: Connection, rows: Sequence[NewDelivery]) -> set[Telling]:
    """Which chats have an alert, out or not, of the stories that these alerts are about."""
    stories = sorted({row.story for row in rows if row.story is not None})
    return {(row["chat_id"], row["story"]) for row in await fetch_in(conn, _TOLD, stories)}


def leave_told(rows: Sequence[NewDelivery], told: AbstractSet[Telling]) -> list[NewDelivery]:
    """The alerts of stories that are news to their chats; of several of one, the first."""
    known = set(told)
    news = []
    for row in rows:
        telling = telling_of(row)
        if telling not in known:
            known.add(telling)
            news.append(row)
    return news


def telling_of(row: NewDelivery) -> Telling:
    """What an alert tells whom. One without a story is one of its own."""
    return row.chat_id, row.story if row.story is not None else row.key
