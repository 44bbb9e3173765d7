"""``/trend QUERY[, QUERY…] [90d]``: how much was posted of it, as a picture and numbers."""

import re
from datetime import timedelta

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.answers.trends import trend_message
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, fill
from handlers.searching.query_errors import read_query
from handlers.texts.trends import trend_words
from handlers.times.spans import cut_span
from handlers.trends.counting import read_trend
from storage.query.reading.quotes import QUOTES
from storage.query.reading.syntax import Query

EXAMPLE = "/trend {words}"
DAYS = 30
FEWEST_DAYS = 2
MOST_QUERIES = 4
_DAY = timedelta(days=1)
_PIECE = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]|(?P<end>,(?=\s|$))|.", re.DOTALL)


async def handle(context: CommandContext, services: Services) -> Reply:
    """The numbers of the days behind the queries, of thirty where none are named."""
    words, here = context.words, here_in(context.timezone, context.request.now)
    said = trend_words(words.language)
    text, span = cut_span(context.argument)
    days = DAYS if span is None else max(FEWEST_DAYS, -(-span // _DAY))
    named = split_queries(text)
    if len(named) > MOST_QUERIES:
        return Reply((Message(fill(said.too_many, count=MOST_QUERIES)),), stands=True)
    if not named:
        return Reply((Message(RichText(said.ask)),), stands=True)
    queries: list[Query] = []
    for one in named:
        query = read_query(one, words, EXAMPLE, now=here.now, zone=here.zone)
        if isinstance(query, Message):
            return Reply((query,), stands=True)
        if query.root is None:
            return Reply((Message(RichText(said.ask)),), stands=True)
        queries.append(query)
    trend = await read_trend(queries, days, services, here, words)
    return Reply((trend_message(trend, here, words),))


def split_queries(text: str) -> list[str]:
    """The queries between which a comma and white space stand; not in a phrase, and not in what
    is written without it: ``lang:ru,en``."""
    parts = [""]
    for piece in _PIECE.finditer(text):
        if piece["end"]:
            parts.append("")
        else:
            parts[-1] += piece[0]
    return [part.strip() for part in parts if part.strip()]
