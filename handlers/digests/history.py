"""The posts that a digest leaves out because they were read as history: how many, and where to find
them."""

from datetime import datetime

from handlers.render.answers.digest_pages import history_line
from handlers.render.text.messages import Message
from handlers.render.text.rich import join
from handlers.texts.words import Words
from storage.connection import Connection
from storage.documents import counted
from storage.query.reading.syntax import Query
from storage.stories import period
from storage.structs import replace


async def count(
    conn: Connection, query: Query | None = None, *, after: datetime, until: datetime
) -> int:
    """How many posts of a period (that answer a query) were read as history."""
    if query is not None:
        after = max(after, query.after or after)
        until = min(until, query.before or until)
    if query is None or query.root is None:
        return await period.count_history(conn, after=after, until=until)
    found = await counted.list_found(conn, query, after=after, until=until)
    return await period.count_history(conn, after=after, until=until, among=found)


def with_count(message: Message, left: int, words: Words, query: Query | None = None) -> Message:
    """A message that nothing came in, with the number of posts that were read as history."""
    if not left:
        return message
    line = history_line(left, query.written if query else None, words)
    return replace(message, text=join("\n\n", (message.text, line)))
