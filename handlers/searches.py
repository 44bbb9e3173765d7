"""The searches whose pages a chat may still turn, kept as one small fact a chat.

A button has room for 64 bytes: it names the search by a token, and what the token stands for is
kept here, so that buttons work after a restart. The oldest go when there are more than ``KEPT``.
"""

import hashlib
import json
from dataclasses import dataclass

from storage import facts
from storage.database import Connection

KEPT = 20


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query and the cursors of its pages after the first, as far as someone turned."""

    query: str
    cursors: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """Names the search within its chat."""
        return hashlib.sha256(self.query.encode()).hexdigest()[:12]

    def knows(self, page: int) -> bool:
        """Whether the 0-based page was reached."""
        return 0 <= page <= len(self.cursors)

    def cursor(self, page: int) -> str | None:
        """The cursor of a page that is known; the first has none."""
        return self.cursors[page - 1] if page else None

    def turned(self, page: int, following: str | None) -> "SavedSearch":
        """With what the page that was read says about the next one."""
        if following is not None and self.cursors[page : page + 1] == (following,):
            return self
        known = self.cursors[:page]
        return SavedSearch(self.query, (*known, following) if following else known)


async def find_search(conn: Connection, chat_id: int, token: str) -> SavedSearch | None:
    """The chat's search of that token, if it is still kept."""
    kept = await _list_searches(conn, chat_id)
    return next((search for search in kept if search.token == token), None)


async def add_search(tx: Connection, chat_id: int, search: SavedSearch) -> None:
    """Keep a search, in place of what was kept of the same query."""
    others = [old for old in await _list_searches(tx, chat_id) if old.query != search.query]
    kept = [*others, search][-KEPT:]
    value = json.dumps([[old.query, *old.cursors] for old in kept], ensure_ascii=False)
    await facts.set_value(tx, _name(chat_id), value)


async def remove_searches(tx: Connection, chat_id: int) -> None:
    """Forget what a chat searched for."""
    await facts.remove_value(tx, _name(chat_id))


async def _list_searches(conn: Connection, chat_id: int) -> list[SavedSearch]:
    value = await facts.find_value(conn, _name(chat_id))
    rows = json.loads(value) if value else []
    return [SavedSearch(query, tuple(cursors)) for query, *cursors in rows]


def _name(chat_id: int) -> str:
    return f"searches:{chat_id}"
