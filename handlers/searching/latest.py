"""``/latest``: the newest posts of all channels, of one, or with some words."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.queries.searches import SavedSearch
from handlers.render.answers.search import EVERYTHING
from handlers.render.text.dates import zone_of
from handlers.render.text.messages import Message
from handlers.searching import search
from handlers.searching.query_errors import read_query

EXAMPLE = "/latest @example_mfa"


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page, with the buttons that results of a search have."""
    asked = _query(context.argument.strip())
    now, zone = context.request.now, zone_of(context.timezone)
    query = read_query(asked, context.words, EXAMPLE, now=now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,))
    return Reply((await search.answer(context, SavedSearch(query.written), services),))


def _query(argument: str) -> str:
    """``@name`` is a channel, all else a query."""
    if argument.startswith("@") and " " not in argument:
        return f"channel:{argument[1:]}"
    return argument or EVERYTHING
