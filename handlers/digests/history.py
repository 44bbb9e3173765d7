"""What a digest leaves out because it was read as history: how much, and where it is found."""

from datetime import datetime

from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill, join
from handlers.render.text.rich import command as command_to_tap
from handlers.texts.digests.digesting import digesting_words
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


def told(message: Message, left: int, words: Words, query: Query | None = None) -> Message:
    """A digest, or that there is none, with so many posts that it leaves out."""
    if not left:
        return message
    counted_posts = words.count(digesting_words(words.language).history, left)
    shown = command_to_tap("/latest") if query is None else code(f"/search {query.written}")
    line = fill(counted_posts, command=shown)
    return replace(message, text=join("\n\n", (message.text, line)))
