"""Examples that find something: names that the latest posts speak of."""

from collections import Counter

from handlers.queries import proposals
from storage.connection import Connection
from storage.document import Document
from storage.documents import search
from storage.query import snippet
from storage.query.reading.syntax import Query

LATEST = 12
MOST = 2
OPENING = 500
"""Letters of each post that are looked at: somebody waits for it."""
LONGEST = 24
"""Letters that a button shows whole, beside another one."""


async def list_examples(conn: Connection, language: str) -> list[str]:
    """Queries for what most of the latest posts name, of those in this language where there are
    any; few, or none where they name nothing."""
    page = await search.search(conn, Query("", None), limit=LATEST)
    documents = [hit.document for hit in page.hits if hit.document.deleted_at is None]
    own = [document for document in documents if document.lang == language]
    return _count(own) or _count(documents)


def _count(documents: list[Document]) -> list[str]:
    """The names that they speak of, by how many do; those of the newest first among equals."""
    named = Counter(
        name
        for document in documents
        for name in proposals.list_names(snippet.searchable_text(document)[:OPENING])
        if len(name) <= LONGEST
    )
    return [name for name, _ in named.most_common(MOST)]
