"""A query that can't be read, with a caret below the place."""

import pytest

from handlers.render.queries import caret, query_problem
from handlers.texts.languages import words_of
from storage.errors import QueryError


@pytest.mark.parametrize(
    ("text", "column", "shown"),
    [
        ("(oil", 0, "(oil\n^"),
        ("oil (gas", 4, "oil (gas\n    ^"),
        ("oil", 3, "oil\n   ^"),
        ("oil", 99, "oil\n   ^"),
        ("oil", -1, "oil\n^"),
        ("oil\n(gas", 4, "oil (gas\n    ^"),
        ("", 0, "\n^"),
        ("a" * 40 + "(" + "b" * 40, 40, f"…{'a' * 30}({'b' * 29}…\n{' ' * 31}^"),
    ],
)
def test_the_caret_stands_below_the_column(text: str, column: int, shown: str) -> None:
    made = caret(text, column)
    assert made.text == shown
    assert [span.kind for span in made.spans] == ["pre"]


def test_a_problem_says_what_where_and_an_example() -> None:
    error = QueryError("the bracket is never closed", column=0, hint="add )")
    message = query_problem("(oil", error, words_of("en"), "/search oil")
    assert message.text.text == (
        "I can't read this query: the bracket is never closed; add ).\n"
        "(oil\n^\nFor example: /search oil"
    )
