"""Reading the query that a person wrote: the query, or the message that says what is wrong."""

from datetime import UTC, datetime, tzinfo

from handlers.render.answers.queries import as_written, query_problem
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from storage.errors import QueryError
from storage.query.reading import doubts, syntax
from storage.query.reading.syntax import Query


def read_query(
    text: str, words: Words, example: str, *, now: datetime | None = None, zone: tzinfo = UTC
) -> Query | Message:
    """The query, or what to answer when it can't be read; ``example`` is a template of
    one that can.

    ``now`` and ``zone`` give dates such as ``after:7d`` their meaning; without them, in a query
    that is kept, only full dates are read.
    """
    if len(text) > syntax.MOST_CHARACTERS:
        return Message(fill(words.query_long, length=len(text), limit=syntax.MOST_CHARACTERS))
    try:
        return syntax.parse(text, now=now, zone=zone)
    except QueryError as error:
        return query_problem(text, error, words, example)


def doubt(
    text: str, words: Words, command: str, *, now: datetime | None = None, zone: tzinfo = UTC
) -> RichText | None:
    """What to say of a query that was read and may mean something else, with the command that
    asks for that; None where there is nothing to say."""
    said = querying_words(words.language)
    if (meant := doubts.with_operators(text, now=now, zone=zone)) is not None:
        return fill(said.small_operator, command=code(f"{command} {meant}"))
    if (meant := doubts.with_any(text, now=now, zone=zone)) is not None:
        return fill(said.all_of_list, command=code(f"{command} {meant}"))
    return None


def dates_refused(query: Query, words: Words) -> RichText:
    """Why a query that is kept may not end before a date."""
    dates = " ".join(date for date in query.dates if not date.startswith("after:"))
    shown = code(as_written(dates, query.written))
    return fill(querying_words(words.language).no_dates, dates=shown)
