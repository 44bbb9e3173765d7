"""``/trend QUERY[, QUERY…] [90d]``: how much was posted of it, as a picture and numbers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.conversation.command_context import CommandContext
from handlers.conversation.odd_spans import refuse_span
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.answers.trends import trend_message
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.spans import span_words
from handlers.texts.trends import trend_words
from handlers.texts.words import Words
from handlers.times.spans import cut_span
from handlers.trends.counting import read_trend
from storage.errors import QueryError
from storage.query.reading.quotes import find_end
from storage.query.reading.syntax import Query

EXAMPLE = "/trend {words}"
DAYS = 30
FEWEST_DAYS = 2
MOST_QUERIES = 4
SPANS = 3
"""The number of queries that are named if there are too many."""
_DAY = timedelta(days=1)


async def handle(context: CommandContext, services: Services) -> Reply:
    """The numbers of the days behind the queries, of thirty where none are named."""
    words, here = context.words, here_in(context.timezone, context.request.now)
    said = trend_words(words.language)
    cut = _cut_spans(split_queries(context.argument), words)
    if isinstance(cut, Message):
        return Reply((cut,), stands=True)
    named, spans = cut
    if len(named) > MOST_QUERIES:
        return Reply((Message(fill(said.too_many, count=MOST_QUERIES)),), stands=True)
    if not named:
        return Reply((Message(RichText(said.ask)),), stands=True)
    if len(spans) > 1:
        return Reply((_several(named, spans, words),), stands=True)
    span = next(iter(spans), None)
    days = DAYS if span is None else max(FEWEST_DAYS, -(-span // _DAY))
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


def _cut_spans(
    parts: Sequence[str], words: Words
) -> tuple[list[str], dict[timedelta, str]] | Message:
    """The queries, and the spans that they end with, as these were written; or what to say of one
    that holds for no picture."""
    named: list[str] = []
    spans: dict[timedelta, str] = {}
    for part in parts:
        if (refused := refuse_span(part, words)) is not None:
            return refused
        text, span = cut_span(part)
        if span is not None:
            spans[span] = part.removeprefix(text).strip()
        named += [text] if text else []
    return named, spans


def _several(named: Sequence[str], spans: Mapping[timedelta, str], words: Words) -> Message:
    """That one span holds for all, where several were written."""
    said, written = span_words(words.language), list(spans.values())
    told = [code(one) for one in written[:SPANS]]
    if len(written) > SPANS:
        told.append(RichText("…"))
    example = code(f"/trend {', '.join(named)} {written[-1]}")
    return Message(fill(said.several, spans=join(", ", told), example=example))


def split_queries(text: str) -> list[str]:
    """The queries between which a comma and white space stand; not in a phrase, and not in what
    is written without it: ``lang:ru,en``."""
    parts, begins, at = [], 0, 0
    while at < len(text):
        if text[at] == "," and not text[at + 1 : at + 2].strip():
            parts.append(text[begins:at])
            begins = at + 1
        at = _phrase_end(text, at) + 1
    parts.append(text[begins:])
    return [part.strip() for part in parts if part.strip()]


def _phrase_end(text: str, at: int) -> int:
    """Where the phrase ends that begins at ``at``; there, where none does."""
    if text[at - 1 : at].isalnum():  # ``don't``
        return at
    try:
        return find_end(text, at) or at
    except QueryError:  # never closed: reported when the query is parsed
        return at
