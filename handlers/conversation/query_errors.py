"""Parses a query that a person typed: gives the query, or the message that says what is wrong."""

from datetime import UTC, datetime, tzinfo

from handlers.render.answers.queries import SUGGESTION, as_written, query_problem
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from handlers.times.since import cut_since
from handlers.times.spans import cut_span
from storage.errors import QueryError
from storage.query.reading import doubts, syntax
from storage.query.reading.syntax import Query

_WORDS_OF_DATE = 3
"""A date has up to three words: ``1 December 2026``."""


def read_query(
    text: str, words: Words, example: str, *, now: datetime | None = None, zone: tzinfo = UTC
) -> Query | Message:
    """The query, or the answer if it cannot be parsed; ``example`` is the template of a query that
    can.

    ``now`` and ``zone`` give relative dates such as ``after:7d`` their meaning; without them, for
    stored queries, only full dates are accepted.
    """
    if len(text) > syntax.MOST_CHARACTERS:
        return Message(fill(words.query_long, length=len(text), limit=syntax.MOST_CHARACTERS))
    try:
        return syntax.parse(text, now=now, zone=zone)
    except QueryError as error:
        meant = _with_date(text, error, now, zone) if now else None
        return query_problem(text, meant or error, words, example)


def _with_date(text: str, error: QueryError, now: datetime, zone: tzinfo) -> QueryError | None:
    """The error for a date written as people write it (``after:1 December``), with the query as it
    must be written; None for any other error."""
    name, colon, behind = text[error.column :].partition(":")
    if not colon or not error.what.endswith("is no date"):
        return None
    words = behind.split()
    for count in range(min(_WORDS_OF_DATE, len(words)), 0, -1):
        written = " ".join(words[:count])
        before, start = cut_since(written, now=now, zone=zone)
        if start is None or before or cut_span(written)[1] is not None:
            continue
        day = f"{name}:{start.astimezone(zone):%Y-%m-%d}"
        meant = " ".join([*text[: error.column].split(), day, *words[count:]])
        try:
            syntax.parse(meant, now=now, zone=zone)
        except QueryError:
            return None
        return QueryError(error.what, column=error.column, hint=f"{SUGGESTION}{meant}")
    return None


def doubt(
    text: str, words: Words, command: str, *, now: datetime | None = None, zone: tzinfo = UTC
) -> RichText | None:
    """A note on a query that was parsed but may mean something else, with the command for that;
    None if there is nothing to say."""
    said = querying_words(words.language)
    if (meant := doubts.with_operators(text, now=now, zone=zone)) is not None:
        return fill(said.small_operator, command=code(f"{command} {meant}"))
    if (meant := doubts.with_any(text, now=now, zone=zone)) is not None:
        return fill(said.all_of_list, command=code(f"{command} {meant}"))
    return None


def dates_refused(query: Query, words: Words) -> RichText:
    """Why a stored query must not end before a date."""
    dates = " ".join(date for date in query.dates if not date.startswith("after:"))
    shown = code(as_written(dates, query.written))
    return fill(querying_words(words.language).no_dates, dates=shown)
