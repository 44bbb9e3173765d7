"""``/quotes NAME [WORDS]``: what somebody said, newest first, as each post quotes it."""

import re

from handlers.conversation.command_context import CommandContext
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.queries.searches import SavedSearch
from handlers.render.text.dates import zone_of
from handlers.render.text.messages import Message
from handlers.searching import search
from storage.connection import Connection
from storage.documents import search as storage_search
from storage.errors import QueryError
from storage.query.reading import filters, syntax
from storage.query.reading.quotes import QUOTES
from storage.query.reading.syntax import Query

EXAMPLE = "/quotes {speaker}"

_QUOTED = re.compile(f"[{QUOTES}]([^{QUOTES}]+)[{QUOTES}](.*)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page of somebody's quotes."""
    zone = zone_of(context.timezone)
    async with services.database.reader() as conn:
        asked = await _asked(conn, context.argument)
    query = read_query(asked, context.words, EXAMPLE, now=context.request.now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    return Reply((await search.answer(context, SavedSearch(query.written, quotes=True), services),))


async def _asked(conn: Connection, text: str) -> str:
    """The query for a text: the name is what stands in quotation marks; else the first two words if
    anybody of that name is quoted, else the first word."""
    text = text.strip()
    if _is_filtered(text):
        return text
    if match := _QUOTED.fullmatch(text):
        return _query(match[1], match[2])
    words = text.split(maxsplit=2)
    if len(words) > 1 and all(map(_WORD.fullmatch, words[:2])):
        both = " ".join(words[:2])
        if await _is_quoted(conn, both):
            return _query(both, " ".join(words[2:]))
    name, _, rest = text.partition(" ")
    return _query(name, rest)


def _is_filtered(text: str) -> bool:
    name = re.match(r"\s*\(*(\w+):", text)
    return name is not None and filters.spellings().get(name[1].lower()) == "who"


def _query(name: str, rest: str) -> str:
    name = name.strip()
    asked = name if _WORD.fullmatch(name) else f'"{name}"'
    return f"who:{asked} {rest.strip()}".strip()


async def _is_quoted(conn: Connection, name: str) -> bool:
    try:
        query: Query = syntax.parse(_query(name, ""))
    except (
        QueryError
    ):  # If two words are nobody's name, errors are reported for the text as it was typed.
        return False
    return await storage_search.count(conn, query, up_to=1) > 0
