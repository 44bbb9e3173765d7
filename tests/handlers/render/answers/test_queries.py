"""A query that can't be read, with a caret below the place."""

import pytest

from handlers.render.answers.queries import caret, query_problem
from handlers.texts.languages import words_of
from storage.errors import QueryError
from storage.query.reading.syntax import parse


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


def test_a_query_that_was_meant_is_there_to_copy() -> None:
    error = QueryError("the bracket is not closed", hint="did you mean: (oil)")
    message = query_problem("(oil", error, words_of("en"), "/alert {words}")
    assert message.text.text == (
        "I can't read this query: the bracket is not closed.\n(oil\n^\nDid you mean /alert (oil)?"
    )
    assert message.text.spans[-1].kind == "code"


@pytest.mark.parametrize(("length", "has_button"), [(1, True), (55, True), (56, False)])
def test_what_was_meant_is_a_button_where_it_fits_into_one(length: int, has_button: bool) -> None:
    meant = "x" * length
    error = QueryError("the bracket is not closed", hint=f"did you mean: {meant}")
    keyboard = query_problem("(", error, words_of("en"), "/alert {words}").keyboard
    data = [button.data for row in keyboard for button in row]
    assert data == ([f"rn|alert|{meant}"] if has_button else [])


BROKEN = [
    "(oil",
    "oil)",
    '"oil',
    '""',
    "a -",
    "",
    "-oil",
    "oil OR",
    "oil AND",
    "NOT",
    "NEAR/3",
    "oil NEAR/99 gas",
    "oil NEAR/3 has:photo",
    "oil NEAR 5 gas",
    "[oil OR gas]",
    "oil~2",
    "!oil gas",
    "!oil",
    "wom?n",
    "w?n",
    "#tag*",
    "#tag-more",
    "=word*",
    "lang:zz",
    "lang:ua",
    "title:oil*",
    "- -",
    "oil NEAR/2 gas NEAR/2 coal",
    "ab*",
    "o*il",
    '"sanc* x"',
    "foo:bar",
    "lang:xx1",
    "channel:",
    "has:zzz",
    "after:zz",
    "after:7d",
    "after:2024-01-01 OR oil",
    "!!!",
    "link:example",
    "oil in:title",
    "oil in:zzz",
    "in:text",
    "in:",
    "-in:text oil",
    "=a-b",
    "()",
    "(" * 20 + "oil",
    " ".join(f"w{number}" for number in range(50)),
    "x" * 600,
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_is_said_in_russian(text: str) -> None:
    words = words_of("ru")
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert words.problem(error.what) != error.what
    suggested = error.hint.startswith("did you mean: ")
    assert not error.hint or suggested or words.problem(error.hint) != error.hint


def test_a_problem_says_what_where_and_an_example() -> None:
    error = QueryError("the bracket is never closed", column=0, hint="add )")
    message = query_problem("(oil", error, words_of("en"), "/search {words}")
    assert message.text.text == (
        "I can't read this query: the bracket is never closed; add ).\n"
        "(oil\n^\nFor example: /search oil price"
    )
