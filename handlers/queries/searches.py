"""The searches whose pages a chat may still turn, kept as one small fact a chat.

A button has room for 64 bytes: it names the search by a token, and what the token stands for is
kept here, so that buttons work after a restart. The oldest go when there are more than ``KEPT``.
"""

import hashlib
import json
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from handlers.queries.narrowing import narrow
from storage import facts
from storage.connection import Connection
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Sort
from storage.structs import replace

KEPT = 20

Keys = tuple[str, ...]


class SavedSearch(Struct, frozen=True):
    """A query, what buttons added to it, and the cursors of its pages after the first, as far as
    someone turned. ``shown`` are the keys of what each of these pages before them showed.
    ``quotes``: not of posts, but of what those say whom it asks for."""

    query: str
    cursors: tuple[str, ...] = ()
    shown: tuple[Keys, ...] = ()
    sort: Sort = "newest"
    channel: str = ""
    period: str = ""
    language: str = ""
    quotes: bool = False

    @property
    def token(self) -> str:
        """Names the search within its chat."""
        named = self.query
        if self.conditions or self.sort != "newest":
            named = "\0".join((self.query, self.sort, *self.conditions))
        named = f"quotes\0{named}" if self.quotes else named
        return hashlib.sha256(named.encode()).hexdigest()[:12]

    @property
    def conditions(self) -> tuple[str, ...]:
        """What buttons added, as filters of the query language."""
        chosen = {"channel": self.channel, "lang": self.language, "after": self.period}
        return tuple(f"{name}:{value}" for name, value in chosen.items() if value)

    def asked(self, now: datetime, zone: tzinfo) -> Query | None:
        """The whole query; None for one that only an older version read, or that is too long."""
        try:
            query = syntax.parse(self.query, now=now, zone=zone)
        except QueryError:
            return None
        return narrow(query, self.conditions, now=now, zone=zone) if self.conditions else query

    def chosen(
        self,
        *,
        sort: Sort | None = None,
        channel: str | None = None,
        period: str | None = None,
        language: str | None = None,
    ) -> "SavedSearch":
        """The search sorted or filtered in another way, from its first page on; empty values take
        a filter away."""
        return SavedSearch(
            self.query,
            sort=self.sort if sort is None else sort,
            channel=self.channel if channel is None else channel,
            period=self.period if period is None else period,
            language=self.language if language is None else language,
            quotes=self.quotes,
        )

    def knows(self, page: int) -> bool:
        """Whether the 0-based page was reached."""
        return 0 <= page <= len(self.cursors)

    def cursor(self, page: int) -> str | None:
        """The cursor of a page that is known; the first has none."""
        return self.cursors[page - 1] if page else None

    def seen(self, page: int) -> frozenset[str]:
        """The keys of all that the pages before this one showed."""
        return frozenset(key for keys in self.shown[:page] for key in keys)

    def turned(self, page: int, following: str | None, shown: Keys = ()) -> "SavedSearch":
        """With what the page that was read says about the next one, and what it showed."""
        if following is not None and self.cursors[page : page + 1] == (following,):
            return self
        cursors, keys = self.cursors[:page], self.shown[:page]
        if following is None:
            return replace(self, cursors=cursors, shown=keys)
        return replace(self, cursors=(*cursors, following), shown=(*keys, shown))


async def find_search(conn: Connection, chat_id: int, token: str) -> SavedSearch | None:
    """The chat's search of that token, if it is still kept."""
    kept = await _list_searches(conn, chat_id)
    return next((search for search in kept if search.token == token), None)


async def add_search(tx: Connection, chat_id: int, search: SavedSearch) -> None:
    """Keep a search, in place of what was kept of the same one."""
    others = [old for old in await _list_searches(tx, chat_id) if old.token != search.token]
    kept = [*others, search][-KEPT:]
    value = json.dumps([_to_json(old) for old in kept], ensure_ascii=False)
    await facts.set_value(tx, _name(chat_id), value)


async def _list_searches(conn: Connection, chat_id: int) -> list[SavedSearch]:
    value = await facts.find_value(conn, _name(chat_id))
    return [_from_json(row) for row in json.loads(value)] if value else []


def _to_json(search: SavedSearch) -> dict[str, object]:
    return {
        "query": search.query,
        "cursors": search.cursors,
        "shown": search.shown,
        "sort": search.sort,
        "channel": search.channel,
        "period": search.period,
        "language": search.language,
        "quotes": search.quotes,
    }


def _from_json(row: Any) -> SavedSearch:
    if isinstance(row, list):  # as the first versions wrote it
        query, *cursors = row
        return SavedSearch(query, tuple(cursors))
    return SavedSearch(
        row["query"],
        tuple(row["cursors"]),
        tuple(tuple(keys) for keys in row["shown"]),
        row["sort"],
        row["channel"],
        row["period"],
        row["language"],
        row.get("quotes", False),
    )


def _name(chat_id: int) -> str:
    return f"searches:{chat_id}"
