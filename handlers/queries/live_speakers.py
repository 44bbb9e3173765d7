"""Names of those who are quoted in the latest posts: examples, and what may have been meant."""

import asyncio
import difflib
from collections import Counter
from collections.abc import Sequence

from storage.connection import Connection
from storage.document import Document
from storage.documents import search
from storage.query import snippet
from storage.query.tree import Filter, Query, positive_leaves
from storage.query.words import name_keys, quotes

LATEST = 60
"""The number of latest posts that are read, while somebody waits."""
OPENING = 2_000
"""Letters of each."""
LONGEST = 40
MOST = 4
_ALIKE = 0.7


async def list_speakers(
    conn: Connection, *, like: Sequence[str] = (), most: int = MOST
) -> list[str]:
    """The names as posts write them, who is quoted most first; ``like``: only those with a word
    that is much like one of these."""
    page = await search.search(conn, Query("", None), limit=LATEST)
    documents = [hit.document for hit in page.hits if hit.document.deleted_at is None]
    return await asyncio.to_thread(_list, documents, like, most)


def names_of(query: Query) -> list[str]:
    """The words of the names that a query asks for by ``who:``."""
    leaves = positive_leaves(query.root)
    asked = [leaf.value for leaf in leaves if isinstance(leaf, Filter) and leaf.name == "who"]
    return [word for value in asked for word in value.split()]


def _list(documents: Sequence[Document], like: Sequence[str], most: int) -> list[str]:
    named, written = Counter[frozenset[str]](), dict[frozenset[str], str]()
    for document in documents:
        text = snippet.searchable_text(document)[:OPENING]
        for quote in quotes.find_quotes(text):
            name = text[slice(*quote.who)]
            keys = frozenset(key for word in quote.name for key in name_keys.held(word))
            if len(name) > LONGEST or (like and not _is_like(keys, like)):
                continue
            named[keys] += 1
            written.setdefault(keys, name)
    return [written[keys] for keys, _ in named.most_common(most)]


def _is_like(keys: frozenset[str], like: Sequence[str]) -> bool:
    asked = {key for word in like for key in name_keys.asked(word)}
    return any(difflib.get_close_matches(key, keys, n=1, cutoff=_ALIKE) for key in asked)
