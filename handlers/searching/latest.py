"""``/latest``: the newest posts of all channels, of one, or with some words."""

import re

from handlers.conversation.command_context import CommandContext
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.queries.searches import SavedSearch
from handlers.render.answers.search import EVERYTHING
from handlers.render.text.dates import zone_of
from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import search
from handlers.sources import references
from handlers.texts.channels.linking import linking_words

EXAMPLE = "/latest @example_mfa"
_HOW_MANY = re.compile(r"[0-9]{1,2}")


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page, with the same buttons as search results."""
    asked = _query(context.argument.strip())
    now, zone = context.request.now, zone_of(context.timezone)
    query = read_query(asked, context.words, EXAMPLE, now=now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,))
    doubted = await _doubt(context, services)
    return Reply((await search.answer(context, SavedSearch(query.written), services, doubted),))


async def _doubt(context: CommandContext, services: Services) -> RichText | None:
    """A note that the requested channel is not watched and may have another name; None if it is
    watched."""
    named = context.argument.strip()
    if not _is_channel(named):
        return None
    async with services.database.reader() as conn:
        if await references.find_named(conn, named) is not None:
            return None
    said = linking_words(context.words.language)
    return fill(said.not_watched, channel=code(shorten(named, NAME_UNITS)))


def _is_channel(argument: str) -> bool:
    return argument.startswith("@") and " " not in argument


def _query(argument: str) -> str:
    """The query of an argument: ``@name`` is a channel; a number up to the size of a page is
    dropped; everything else is a query."""
    if _is_channel(argument):
        return f"channel:{argument[1:]}"
    return EVERYTHING if not argument or _HOW_MANY.fullmatch(argument) else argument
