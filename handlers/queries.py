"""Reading the query that a person wrote: the query, or the message that says what is wrong."""

from storage.query.syntax import Query

from handlers.render.messages import Message
from handlers.render.queries import query_problem
from handlers.render.rich import fill
from handlers.texts.words import Words
from storage.errors import QueryError
from storage.query import syntax

LONGEST = 500
"""Characters: more than anyone types, less than would cost a search its time."""


def read_query(text: str, words: Words, example: str) -> Query | Message:
    """The query, or what to answer when it can't be read; ``example`` is one that can."""
    if len(text) > LONGEST:
        return Message(fill(words.query_long, length=len(text), limit=LONGEST))
    try:
        return syntax.parse(text)
    except QueryError as error:
        return query_problem(text, error, words, example)
