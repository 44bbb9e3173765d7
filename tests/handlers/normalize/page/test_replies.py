"""The two lines of a reply above its own text. All texts are invented."""

from collections.abc import Sequence

import pytest

from handlers.normalize.page import copies, parts, replies
from handlers.normalize.post.lines import Line

FERRY = ["The ferry leaves at nine.", "It comes back at ten.", "It comes back at ten."]
ANSWERED = FERRY[0][:16]
ANSWER = ["No, it leaves at ten.", "Ask the crew.", "Ask the crew."]


def join(*pages: Sequence[str]) -> list[list[tuple[int | None, int, int]]]:
    """Where each reading's reply begins, its head and its end, for each part."""
    made = [
        parts.Part(start=0, end=len(page), lines=[Line(text=text) for text in page])
        for page in pages
    ]
    found = [copies.explain(copies.Stretch(lines=page)) for page in pages]
    joined = replies.join(made, found)
    return [[(one.start, one.head, one.end) for one in readings] for readings in joined]


REPLY = [[(None, 0, 3), (3, 5, 8)]]
POSTS = [[(None, 0, 3), (None, 3, 4), (None, 4, 5), (None, 5, 8)]]


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("The Town Crier", "The ferry leaves at nine.", REPLY),
        ("The Town Crier", ANSWERED, REPLY),
        ("The Town Crier", ANSWERED[:15] + "…", POSTS),
        ("The Town Crier", ANSWERED + "…", REPLY),
        ("The Town Crier", ANSWERED + "...", REPLY),
        ("The Town Crier", ANSWERED + " …", REPLY),
        ("The Town Crier", "The  ferry\xa0leaves at nine", REPLY),
        ("The Town Crier", "The ferry left at nine", POSTS),
        ("The Town Crier", "The ferry leaves at nine. It comes back", REPLY),
        ("The Town Crier", "ferry leaves at nine", POSTS),
        ("The Town Crier.", ANSWERED, POSTS),
        ("#TownCrier", ANSWERED, POSTS),
        ("T" * 64, ANSWERED, REPLY),
        ("T" * 65, ANSWERED, POSTS),
    ],
)
def test_a_reply_is_a_name_and_how_another_post_begins(
    name: str, words: str, expected: list[list[tuple[int | None, int, int]]]
) -> None:
    assert join([*FERRY, name, words, *ANSWER]) == expected


CRIER = ["The Town Crier", ANSWERED]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ([*FERRY, *CRIER], [(None, 0, 3), (None, 3, 4), (None, 4, 5)]),
        ([*FERRY, *CRIER, "Yes."], [(None, 0, 3), (3, 5, 6)]),
        ([*FERRY, "An old line", *CRIER, "Yes."], [(None, 0, 3), (None, 3, 4), (4, 6, 7)]),
        ([*FERRY, *CRIER, "Yes.", *FERRY], [(None, 0, 3), (3, 5, 6), (None, 6, 9)]),
        ([*FERRY, "example.org", *CRIER, *ANSWER], [(None, 0, 4), (4, 6, 9)]),
        ([*FERRY, "example.org", "A title", *CRIER, *ANSWER], [(None, 0, 5), (5, 7, 10)]),
        ([*FERRY, "example.org", "A title", "Why", *CRIER, *ANSWER], [(None, 0, 6), (6, 8, 11)]),
        ([*CRIER, *ANSWER, *FERRY], [(0, 2, 5), (None, 5, 8)]),
        # Right below a copy a name begins a reply as well.
        (
            [*FERRY, "example.org", *FERRY, FERRY[2], *CRIER, FERRY[2]],
            [(None, 0, 3), (3, 5, 8), (8, 10, 11)],
        ),
        # A name that one reply shows is one above other words too.
        (
            [*FERRY, *CRIER, *ANSWER, "The Town Crier", "words of an older page", *ANSWER],
            [(None, 0, 3), (3, 5, 8), (8, 10, 13)],
        ),
        # The words of a post alone are no other post; those of two are.
        (["The Town Crier", FERRY[0], *ANSWER], [(None, 0, 1), (None, 1, 2), (None, 2, 5)]),
        (
            ["The Town Crier", FERRY[0], *ANSWER, "And again:", FERRY[0], "Row.", "Row."],
            [(0, 2, 5), (None, 5, 6), (None, 6, 9)],
        ),
    ],
)
def test_where_replies_begin_and_other_posts_end(
    page: list[str], expected: list[tuple[int | None, int, int]]
) -> None:
    assert join(page) == [expected]


def test_a_reply_answers_a_post_of_another_part() -> None:
    assert join(FERRY, ["A line of old.", *CRIER, *ANSWER]) == [
        [(None, 0, 3)],
        [(None, 0, 1), (1, 3, 6)],
    ]
